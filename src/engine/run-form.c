/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A filled form that opens a case: organization, contacts, the case, and what its opening sets off.
 */
#include <string.h>

#include "engine/run.h"
#include "store/journal.h"

typedef struct {
  Run *run;
  const Program *program;
  const ProgramForm *form;
  GHashTable *values;
} Registration;

/* The value of the field that maps to TARGET ("organization.name"), or "". */
static const char *
mapped (const Registration *r, const char *target)
{
  for (guint i = 0; i < r->form->fields->len; i++)
    {
      const ProgramField *field = r->form->fields->pdata[i];
      const char *value;

      if (g_strcmp0 (field->maps, target) == 0 && (value = g_hash_table_lookup (r->values, field->name)) != NULL)
        return value;
    }
  return "";
}

static char *
contact_name (const Registration *r)
{
  const char *whole = mapped (r, "contact.name");
  g_autofree char *both = g_strjoin (" ", mapped (r, "contact.first-name"), mapped (r, "contact.last-name"), NULL);

  return whole[0] != '\0' ? g_strdup (whole) : g_strdup (g_strstrip (both));
}

/* An open case of the type in which either address is a contact already; *ID 0: none. */
static bool
existing (const Registration *r, const char *type, gint64 *id, GError **error)
{
  const char *emails[] = { r->run->identity->address, mapped (r, "contact.email") };

  *id = 0;
  for (guint e = 0; e < G_N_ELEMENTS (emails) && *id == 0; e++)
    {
      g_autoptr (GArray) cases = case_of_contact (r->run->office->store, emails[e], true, error);

      if (cases == NULL)
        return false;
      for (guint i = 0; i < cases->len && *id == 0; i++)
        {
          g_autoptr (Case) c = case_load (r->run->office->store, g_array_index (cases, gint64, i), error);

          if (c == NULL)
            return false;
          if (strcmp (c->type, type) == 0)
            *id = c->id;
        }
    }
  return true;
}

static bool
add_people (const Registration *r, gint64 *organization, GError **error)
{
  StoreTxn *txn = r->run->txn;
  const char *email = mapped (r, "contact.email"), *sender = r->run->identity->address;
  g_autofree char *name = contact_name (r);

  if (!case_add_organization (txn, mapped (r, "organization.name"), mapped (r, "organization.address"),
                              mapped (r, "organization.phone"), organization, error)
      || !case_add_contact (txn, *organization, email[0] != '\0' ? email : sender, name, mapped (r, "contact.phone"),
                            error))
    return false;
  /* Who sent the form is part of the conversation, even when somebody else is to be the contact. */
  return email[0] == '\0' || g_ascii_strcasecmp (email, sender) == 0
         || case_add_contact (txn, *organization, sender, r->run->identity->name, "", error);
}

static bool
say_opened (const Registration *r, const Case *c, GError **error)
{
  JsonObject *detail = json_object_new ();

  json_object_set_string_member (detail, "ref", c->ref);
  json_object_set_string_member (detail, "type", c->type);
  json_object_set_string_member (detail, "edition", c->edition);
  json_object_set_string_member (detail, "definition", c->definition);
  json_object_set_string_member (detail, "organization", mapped (r, "organization.name"));
  return journal_event (r->run->txn, r->run->input, c->id, r->run->at, "case.opened", detail, error);
}

/* Form fields that are no property of organization or contact are fields of the case. */
static void
add_fields (const Registration *r, Case *c, GPtrArray *changes)
{
  for (guint i = 0; i < r->form->fields->len; i++)
    {
      const ProgramField *field = r->form->fields->pdata[i];
      const char *value = field->maps == NULL ? g_hash_table_lookup (r->values, field->name) : NULL;

      if (value == NULL)
        continue;
      CaseChange *change = g_new0 (CaseChange, 1);
      change->kind = CHANGE_FIELD;
      change->name = g_strdup (field->name);
      change->value = g_strdup (value);
      g_ptr_array_add (changes, change);
      g_hash_table_insert (c->fields, g_strdup (field->name), g_strdup (value));
    }
}

static Case *
make_case (const Registration *r, const ProgramCaseType *type, GError **error)
{
  g_autoptr (Case) fresh = case_new ();

  if (!add_people (r, &fresh->organization, error))
    return NULL;
  fresh->type = g_strdup (type->name);
  fresh->definition = g_strdup (r->run->office->definition->version);
  fresh->edition = g_strdup (type->edition);
  fresh->state = g_strdup (type->initial);
  fresh->opened_at = r->run->at;
  if (!case_insert (r->run->txn, fresh, type->prefix, calendar_year (r->program->calendar, r->run->at), error)
      || !say_opened (r, fresh, error))
    return NULL;
  return case_load (r->run->office->store, fresh->id, error);
}

static bool
open_case (const Registration *r, const ProgramCaseType *type, GError **error)
{
  Run *run = r->run;
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  g_autoptr (GHashTable) loads = case_loads (run->office->store, error);
  g_autoptr (Case) c = loads != NULL ? make_case (r, type, error) : NULL;
  CaseEvent event = { .name = "opened", .load = loads, .message = run->message_id };

  if (c == NULL)
    return false;
  add_fields (r, c, changes);
  run->case_id = c->id;
  run_outcome (run, OUTCOME_ANSWERED, "opened a case");
  if (!case_begin (r->program, c, &event, run->at, changes, error) || !run_save (run, c, changes, error))
    return false;
  OutboxNotice notice = run_notice (run, r->program, c);
  return run_notices (run, r->program, c, changes, &notice, error);
}

static bool
answer_existing (Run *run, gint64 id, GError **error)
{
  g_autoptr (Case) c = case_load (run->office->store, id, error);
  const Program *program = c != NULL ? office_program (run->office, c->definition, error) : NULL;

  if (program == NULL)
    return false;
  OutboxNotice notice = run_notice (run, program, c);
  run->case_id = id;
  run_outcome (run, OUTCOME_ANSWERED, "there is a case already");
  /* Only somebody who belongs to the case is told about it. */
  if (case_contact (c, run->identity->address) != NULL)
    return outbox_write (run->txn, &notice, "registration-exists", run->identity->address, run->identity->name,
                         error);
  run->case_id = 0;
  notice.c = NULL;
  return outbox_write (run->txn, &notice, "ack-stranger", run->identity->address, run->identity->name, error)
         && run_hold (run, 0, "a registration names a contact who has an open case; the sender does not belong to it",
                      error);
}

bool
run_form (Run *run, const ProgramForm *form, const FormReading *reading, GError **error)
{
  const Program *program = run->office->definition->program;
  const ProgramCaseType *type = program_case_type (program, form->opens);
  Registration r = { run, program, form, reading->values };
  gint64 id;

  if (reading->problems->len > 0)
    {
      OutboxNotice notice = run_notice (run, program, NULL);
      g_autofree char *blank = program_form_lines (form, reading->values);

      notice.problems = reading->problems;
      notice.form = blank;
      notice.asked = form;
      run_outcome (run, OUTCOME_ANSWERED, "the form was not complete");
      return outbox_write (run->txn, &notice, "form-incomplete", run->identity->address, run->identity->name, error);
    }
  if (!existing (&r, type->name, &id, error))
    return false;
  return id != 0 ? answer_existing (run, id, error) : open_case (&r, type, error);
}
