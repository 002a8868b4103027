/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases that are made, and what one case of an organization sets off in the others.
 */
#include <string.h>

#include "base/error.h"
#include "engine/run.h"
#include "store/journal.h"

/* Cases may open cases, and signals raise signals; rules in which that never ends are refused. */
enum { MAX_DEPTH = 8 };

Case *
run_load (Run *run, gint64 id, const Program **program, GError **error)
{
  g_autoptr (Case) c = case_load (run->office->store, id, error);

  *program = c != NULL ? office_program (run->office, c->definition, error) : NULL;
  if (*program == NULL)
    return NULL;
  const ProgramCaseType *type = program_case_type (*program, c->type);
  if (type != NULL && type->related && !case_load_related (run->office->store, c, error))
    return NULL;
  return g_steal_pointer (&c);
}

/* --- a new case ------------------------------------------------------------ */

static bool
say_opened (Run *run, const Case *c, GError **error)
{
  JsonObject *detail = json_object_new ();

  json_object_set_string_member (detail, "ref", c->ref);
  json_object_set_string_member (detail, "type", c->type);
  json_object_set_string_member (detail, "edition", c->edition);
  json_object_set_string_member (detail, "definition", c->definition);
  json_object_set_string_member (detail, "organization", c->organization_name);
  if (c->parent != 0)
    json_object_set_int_member (detail, "parent", c->parent);
  return journal_event (run->txn, run->input, c->id, run->at, "case.opened", detail, error);
}

/* FRESH with a number of its own, as it is in the database. */
static Case *
add_case (Run *run, const Program *program, Case *fresh, GError **error)
{
  const ProgramCaseType *type = program_case_type (program, fresh->type);
  const Program *by;

  if (!case_insert (run->txn, fresh, type->prefix, calendar_year (program->calendar, run->at),
                    error))
    return NULL;
  g_autoptr (Case) c = run_load (run, fresh->id, &by, error);
  return c != NULL && say_opened (run, c, error) ? g_steal_pointer (&c) : NULL;
}

static void
take_field (Case *c, const char *name, const char *value, GPtrArray *changes)
{
  CaseChange *change = g_new0 (CaseChange, 1);

  change->kind = CHANGE_FIELD;
  change->name = g_strdup (name);
  change->value = g_strdup (value);
  g_ptr_array_add (changes, change);
  g_hash_table_insert (c->fields, g_strdup (name), g_strdup (value));
}

gint64
run_begins (const Run *run)
{
  return run->since != 0 ? run->since : run->at;
}

Case *
run_begin (Run *run, const Program *program, Case *fresh, const char *const *fields,
           const char *words, GError **error)
{
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  g_autoptr (GHashTable) loads = case_loads (run->office->store, error);
  CaseEvent event = { .name = "opened",
                      .load = loads,
                      .message = run->message_id,
                      .text = words,
                      .holder = fresh->owner };

  g_autoptr (Case) c = loads != NULL ? add_case (run, program, fresh, error) : NULL;
  if (c == NULL)
    return NULL;
  for (; *fields != NULL; fields++)
    take_field (c, *fields, g_hash_table_lookup (fresh->fields, *fields), changes);
  if (!case_begin (program, c, &event, run_begins (run), changes, error)
      || !run_save (run, c, changes, error))
    return NULL;
  OutboxNotice notice = run_notice (run, program, c);
  if (!run_notices (run, program, c, changes, &notice, error)
      || !run_spread (run, program, c, changes, error))
    return NULL;
  return g_steal_pointer (&c);
}

/* Today's rules have the type; else those of the case that opens it do. */
static const Program *
program_for (Run *run, const Program *program, const Case *c, const char *type,
             const char **version)
{
  const Definition *today = run->office->definition;
  bool known = program_case_type (today->program, type) != NULL;

  *version = known ? today->version : c->definition;
  return known ? today->program : program;
}

Case *
run_open_child (Run *run, const Program *program, const Case *c, const CaseChange *change,
                GError **error)
{
  const char *version;
  const Program *rules = program_for (run, program, c, change->name, &version);
  g_autoptr (Case) child = case_child (rules, c, change, run_begins (run), error);
  const ProgramCaseType *type = child != NULL ? program_case_type (rules, child->type) : NULL;
  g_autoptr (GPtrArray) carried = g_ptr_array_new ();

  if (child == NULL)
    return NULL;
  g_free (child->definition);
  child->definition = g_strdup (version);
  for (guint i = 0; i < type->fields->len; i++)
    {
      const ProgramCaseField *field = type->fields->pdata[i];

      if (g_hash_table_contains (child->fields, field->name))
        g_ptr_array_add (carried, field->name);
    }
  g_ptr_array_add (carried, NULL);
  return run_begin (run, rules, child, (const char *const *) carried->pdata, change->text, error);
}

static bool
open_child (Run *run, const Program *program, const Case *c, const CaseChange *change,
            GError **error)
{
  g_autoptr (Case) begun = run_open_child (run, program, c, change, error);

  return begun != NULL;
}

/* --- for whoever wrote ----------------------------------------------------- */

bool
run_home (Run *run, gint64 *id, const char **why, GError **error)
{
  g_autoptr (GArray) open =
    case_of_contact (run->office->store, run->identity->address, true, error);
  gint64 organization = 0;

  *id = 0;
  *why = "the sender belongs to no organization that has a case";
  if (open != NULL && open->len == 0)
    {
      g_array_unref (open);
      open = case_of_contact (run->office->store, run->identity->address, false, error);
    }
  for (guint i = 0; open != NULL && i < open->len; i++)
    {
      g_autoptr (Case) c = case_load (run->office->store, g_array_index (open, gint64, i), error);

      if (c == NULL)
        return false;
      if (organization != 0 && c->organization != organization)
        {
          *id = 0;
          *why = "the sender writes for several organizations and names none of their cases";
          return true;
        }
      /* What everything else of the organization hangs on: the oldest case that no other one
       * opened. */
      *id = *id == 0 || (c->parent == 0 && organization == 0) ? c->id : *id;
      organization = c->organization;
    }
  return open != NULL;
}

static bool
add_person (Run *run, Case *fresh, GError **error)
{
  const Identity *who = run->identity;
  const char *name = who->name != NULL && who->name[0] != '\0' ? who->name : who->address;

  return case_add_organization (run->txn, name, "", "", &fresh->organization, error)
         && case_add_contact (run->txn, fresh->organization, who->address, name, "",
                              run->language != NULL ? run->language : "", error);
}

bool
run_open (Run *run, const char *type, gint64 home, gint64 *id, GError **error)
{
  static const char *const none[] = { NULL };
  const Definition *today = run->office->definition;

  if (!run_open_one (run, type, home, id, error))
    return false;
  if (*id != 0)
    return run_submission (run, *id, error);
  g_autoptr (Case) fresh = case_fresh (today->program, type, NULL, run->at, error);
  g_autoptr (Case) parent =
    fresh != NULL && home != 0 ? case_load (run->office->store, home, error) : NULL;

  if (fresh == NULL || (home != 0 && parent == NULL))
    return false;
  g_free (fresh->definition);
  fresh->definition = g_strdup (today->version);
  fresh->parent = home;
  fresh->organization = parent != NULL ? parent->organization : 0;
  if (parent != NULL)
    case_hold_like (fresh, parent);
  else if (!add_person (run, fresh, error))
    return false;
  g_autoptr (Case) c = run_begin (run, today->program, fresh, none, NULL, error);
  if (c == NULL)
    return false;
  *id = c->id;
  /* The message is the case's first event, where the state it opens in takes it. */
  bool files = run->message->parts->len > 1
               && case_transition (today->program, c, "documents", run->at) != NULL;
  return (!files && case_transition (today->program, c, "message", run->at) == NULL)
         || run_submission (run, c->id, error);
}

/* --- signals --------------------------------------------------------------- */

/* A guard that does not hold keeps the other case where it is; that it was asked stands in its
 * history. */
static bool
note_refusal (Run *run, const Case *c, const char *event, const char *why, GError **error)
{
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  CaseChange *note = g_new0 (CaseChange, 1);

  note->kind = CHANGE_NOTE;
  note->name = g_strdup (event);
  note->text = g_strdup (why);
  g_ptr_array_add (changes, note);
  return run_save (run, c, changes, error);
}

static bool
hear (Run *run, gint64 id, const char *signal, GError **error)
{
  const Program *program;
  g_autoptr (Case) c = run_load (run, id, &program, error);
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  g_autofree char *name = g_strconcat ("signal ", signal, NULL);
  CaseEvent event = { .name = name, .message = run->message_id };
  g_autoptr (GError) inner = NULL;

  if (c == NULL)
    return false;
  g_autoptr (Case) after = case_copy (c);
  if (case_transition (program, c, name, run->at) == NULL)
    return true;
  if (case_step (program, after, &event, run->at, changes, &inner))
    {
      OutboxNotice notice = run_notice (run, program, after);

      return run_save (run, after, changes, error)
             && run_notices (run, program, after, changes, &notice, error)
             && run_spread (run, program, after, changes, error);
    }
  if (g_error_matches (inner, QEC_ERROR, QEC_ERROR_PERMANENT))
    return note_refusal (run, c, name, inner->message, error);
  g_propagate_error (error, g_steal_pointer (&inner));
  return false;
}

static bool
tell_others (Run *run, const Case *c, const CaseChange *change, GError **error)
{
  g_autoptr (Case) copy = case_copy (c);

  if (!case_load_related (run->office->store, copy, error))
    return false;
  for (guint i = 0; i < copy->related->len; i++)
    {
      const CaseRelative *other = copy->related->pdata[i];

      if (case_signal_reaches (c, change, other) && !hear (run, other->id, change->name, error))
        return false;
    }
  return true;
}

bool
run_spread (Run *run, const Program *program, const Case *c, const GPtrArray *changes,
            GError **error)
{
  bool good = true;

  if (run->depth >= MAX_DEPTH)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
                   "case %s: cases open cases or raise signals without end", c->ref);
      return false;
    }
  run->depth++;
  for (guint i = 0; good && i < changes->len; i++)
    {
      const CaseChange *change = changes->pdata[i];

      if (change->kind == CHANGE_OPEN)
        good = open_child (run, program, c, change, error);
      else if (change->kind == CHANGE_SIGNAL)
        good = tell_others (run, c, change, error);
    }
  run->depth--;
  return good;
}
