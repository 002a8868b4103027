/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A filled form that opens a case: organization, contacts, the case, and what its opening sets
 * off. */
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

      if (g_strcmp0 (field->maps, target) == 0
          && (value = g_hash_table_lookup (r->values, field->name)) != NULL)
        return value;
    }
  return "";
}

static char *
contact_name (const Registration *r)
{
  const char *whole = mapped (r, "contact.name");
  g_autofree char *both =
    g_strjoin (" ", mapped (r, "contact.first-name"), mapped (r, "contact.last-name"), NULL);

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
          g_autoptr (Case) c =
            case_load (r->run->office->store, g_array_index (cases, gint64, i), error);

          if (c == NULL)
            return false;
          if (strcmp (c->type, type) == 0)
            *id = c->id;
        }
    }
  return true;
}

/* A contact's language as the form says it; else, of who sent the form, as the message shows it. */
static bool
add_contact (const Registration *r, gint64 organization, const char *email, const char *name,
             const char *phone, const char *language, GError **error)
{
  bool is_sender = g_ascii_strcasecmp (email, r->run->identity->address) == 0;
  const char *known = language[0] != '\0'                     ? language
                      : is_sender && r->run->language != NULL ? r->run->language
                                                              : "";
  JsonObject *detail;

  if (!case_add_contact (r->run->txn, organization, email, name, phone, known, error))
    return false;
  if (known[0] == '\0')
    return true;
  detail = json_object_new ();
  json_object_set_string_member (detail, "contact", email);
  json_object_set_string_member (detail, "language", known);
  return journal_event (r->run->txn, r->run->input, 0, r->run->at, "contact.language", detail,
                        error);
}

static bool
add_people (const Registration *r, gint64 *organization, GError **error)
{
  StoreTxn *txn = r->run->txn;
  const char *email = mapped (r, "contact.email"), *sender = r->run->identity->address;
  g_autofree char *name = contact_name (r);

  if (!case_add_organization (txn, mapped (r, "organization.name"),
                              mapped (r, "organization.address"), mapped (r, "organization.phone"),
                              organization, error)
      || !add_contact (r, *organization, email[0] != '\0' ? email : sender, name,
                       mapped (r, "contact.phone"), mapped (r, "contact.language"), error))
    return false;
  /* Who sent the form is part of the conversation, even when somebody else is to be the contact. */
  return email[0] == '\0' || g_ascii_strcasecmp (email, sender) == 0
         || add_contact (r, *organization, sender, r->run->identity->name, "", "", error);
}

/* Form fields that are no property of organization or contact are fields of the case, in the order
 * of the form. */
static GPtrArray *
add_fields (const Registration *r, Case *c)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < r->form->fields->len; i++)
    {
      const ProgramField *field = r->form->fields->pdata[i];
      const char *value = field->maps == NULL ? g_hash_table_lookup (r->values, field->name) : NULL;

      if (value == NULL)
        continue;
      g_ptr_array_add (names, field->name);
      g_hash_table_insert (c->fields, g_strdup (field->name), g_strdup (value));
    }
  g_ptr_array_add (names, NULL);
  return names;
}

/* PARENT NULL: of an organization that is not known yet. */
static bool
open_case (const Registration *r, const ProgramCaseType *type, const Case *parent, GError **error)
{
  Run *run = r->run;
  const char *edition = mapped (r, "case.edition");
  g_autoptr (Case) fresh =
    case_fresh (r->program, type->name, edition[0] != '\0' ? edition : NULL, run->at, error);

  if (fresh == NULL)
    return false;
  g_free (fresh->definition);
  fresh->definition = g_strdup (run->office->definition->version);
  fresh->parent = parent != NULL ? parent->id : 0;
  fresh->organization = parent != NULL ? parent->organization : 0;
  if (parent != NULL)
    case_hold_like (fresh, parent);
  else if (!add_people (r, &fresh->organization, error))
    return false;
  g_autoptr (GPtrArray) fields = add_fields (r, fresh);
  run_outcome (run, OUTCOME_ANSWERED, "opened a case");
  g_autoptr (Case) c =
    run_begin (run, r->program, fresh, (const char *const *) fields->pdata, NULL, error);
  if (c != NULL)
    run->case_id = c->id;
  return c != NULL;
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
    return outbox_write (run->txn, &notice, "registration-exists", run->identity->address,
                         run->identity->name, error);
  run->case_id = 0;
  notice.c = NULL;
  return outbox_write (run->txn, &notice, "ack-stranger", run->identity->address,
                       run->identity->name, error)
         && run_hold (
           run, 0,
           "a registration names a contact who has an open case; the sender does not belong to it",
           error);
}

/* A further case of an organization, beside the one called PARENT (0: its oldest open one). */
static bool
open_further (const Registration *r, const ProgramCaseType *type, gint64 parent, GError **error)
{
  const char *why = NULL;

  if (parent == 0 && !run_home (r->run, &parent, &why, error))
    return false;
  if (parent == 0)
    {
      OutboxNotice notice = run_notice (r->run, r->program, NULL);

      return outbox_write (r->run->txn, &notice, "ack-stranger", r->run->identity->address,
                           r->run->identity->name, error)
             && run_hold (r->run, 0, why, error);
    }
  g_autoptr (Case) c = case_load (r->run->office->store, parent, error);
  bool was;

  return c != NULL && run_again (r->run, r->form, r->values, c, &was, error)
         && (was || open_case (r, type, c, error));
}

bool
run_form (Run *run, const ProgramForm *form, const FormReading *reading, gint64 parent,
          GError **error)
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
      return outbox_write (run->txn, &notice, "form-incomplete", run->identity->address,
                           run->identity->name, error);
    }
  if (form->member && (!form->stranger || run->identity->who == WHO_MEMBER))
    return open_further (&r, type, parent, error);
  if (!existing (&r, type->name, &id, error))
    return false;
  return id != 0 ? answer_existing (run, id, error) : open_case (&r, type, NULL, error);
}
