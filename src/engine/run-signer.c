/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A certificate is retired in a message that belongs to no case: whoever left, or lost their key,
 * signs for nobody any more, be a case of theirs open or not.
 *
 * It happens in one case of each organization that they sign for, by the rules of that case: the
 * one where they were introduced, unless it goes by rules that do not know of it.  All of it
 * happens or nothing.
 */
#include <string.h>

#include "base/error.h"
#include "engine/run-session.h"

#define ONLY "a message that retires a certificate holds nothing else"

/* What becomes of one organization's. */
typedef struct {
  Case *c;                 /* with what it changes */
  const Program *program;  /* it goes by */
  const char *organization;
  GPtrArray *changes;
} Place;

typedef struct {
  Run *run;
  const Command *command;
  CaseActor actor;
  GPtrArray *rows;         /* SignerRow */
  GPtrArray *places;       /* Place */
} Retiring;

static void
place_free (gpointer data)
{
  Place *place = data;

  case_free (place->c);
  g_ptr_array_unref (place->changes);
  g_free (place);
}

static CaseEvent
event_of (const Retiring *r)
{
  return (CaseEvent){ .name = r->command->event,
                      .actor = &r->actor,
                      .value = r->command->value,
                      .text = r->command->text,
                      .message = r->run->message_id };
}

/* Where it can happen; NULL with no error: nowhere. */
static Case *
find_case (const Retiring *r, const SignerRow *row, const Program **program, GError **error)
{
  g_autoptr (GArray) cases = signer_cases (r->run->office->store, row, error);

  for (guint i = 0; cases != NULL && i < cases->len; i++)
    {
      g_autoptr (Case) c = run_load (r->run, g_array_index (cases, gint64, i), program, error);

      if (c == NULL)
        return NULL;
      if (case_transition (*program, c, r->command->event, r->run->at) != NULL)
        return g_steal_pointer (&c);
    }
  return NULL;
}

static bool
is_planned (const Retiring *r, const SignerRow *row)
{
  for (guint i = 0; i < r->places->len; i++)
    if (strcmp (((const Place *) r->places->pdata[i])->organization, row->organization) == 0)
      return true;
  return false;
}

static bool
plan_one (Retiring *r, const SignerRow *row, GError **error)
{
  g_autoptr (GError) inner = NULL;
  const Program *program;
  const CaseEvent event = event_of (r);
  Case *c = find_case (r, row, &program, &inner);

  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  if (c == NULL)
    return error_refuse (error,
                         "no case of %s goes by rules that know of it: write it in an open one",
                         row->organization);
  Place *place = g_new (Place, 1);
  *place = (Place){ c, program, row->organization,
                    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free) };
  g_ptr_array_add (r->places, place);
  return case_step (program, c, &event, r->run->at, place->changes, error);
}

static bool
plan_all (Retiring *r, GError **error)
{
  for (guint i = 0; i < r->rows->len; i++)
    {
      const SignerRow *row = r->rows->pdata[i];

      if (row->retired == 0 && case_signer_is (row->name, row->fingerprint, r->command->value)
          && !is_planned (r, row) && !plan_one (r, row, error))
        return false;
    }
  return r->places->len > 0
         || error_refuse (error, "%s is no signer whom we know", r->command->value);
}

static bool
waits (const Place *place)
{
  for (guint i = 0; i < place->changes->len; i++)
    {
      const CaseChange *change = place->changes->pdata[i];

      if (change->kind == CHANGE_PROPOSAL && strcmp (change->value, "open") == 0)
        return true;
    }
  return false;
}

/* What it says of each organization.  g_free(). */
static char *
say (const Retiring *r)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < r->places->len; i++)
    {
      const Place *place = r->places->pdata[i];

      g_string_append_printf (text, "%s%s for %s (%s)", i > 0 ? "; " : "",
                              waits (place) ? "1 of 2, another person has to write the same,"
                                            : "done",
                              place->organization, place->c->ref);
    }
  return g_string_free (text, FALSE);
}

static bool
save_all (Retiring *r, GError **error)
{
  for (guint i = 0; i < r->places->len; i++)
    {
      Place *place = r->places->pdata[i];
      OutboxNotice notice = run_notice (r->run, place->program, place->c);

      if (!run_save (r->run, place->c, place->changes, error)
          || !run_notices (r->run, place->program, place->c, place->changes, &notice, error))
        return false;
    }
  return true;
}

/* Why it cannot be, or *DONE: what happened (both g_free()). */
static bool
plan (Retiring *r, const CommandReading *reading, const char *not_signed, bool *no_right,
      char **why, char **done, GError **error)
{
  g_autoptr (GError) inner = NULL;

  *no_right = !session_is_sure (r->run->office->definition->program, r->run->identity->person,
                                r->command->name, r->actor.assurance, &inner);
  if (r->command->error != NULL)
    *why = g_strdup_printf ("not understood: %s", r->command->error);
  else if (!session_is_alone (reading, r->command))
    *why = g_strdup (ONLY);
  else if (!*no_right && plan_all (r, &inner))
    *done = say (r);
  else if (g_error_matches (inner, QEC_ERROR, QEC_ERROR_PERMANENT))
    *why = not_signed != NULL ? g_strdup_printf ("%s; %s", inner->message, not_signed)
                              : g_strdup (inner->message);
  else
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  return true;
}

bool
run_retire_signer (Run *run, const CommandReading *reading, const Command *command, GError **error)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (command_result_free);
  g_autoptr (GPtrArray) rows = signer_rows (run->office->store, error);
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (place_free);
  g_autofree char *not_signed = NULL, *why = NULL, *done = NULL;
  Retiring r = { .run = run,
                 .command = command,
                 .rows = rows,
                 .places = places,
                 .actor = { run->identity->address, run->identity->person->name, true,
                            (const char *const *) run->identity->person->roles,
                            run->identity->assurance } };
  bool no_right;

  if (rows == NULL
      || !run_assurance (run, run->office->definition->program, NULL, &r.actor.assurance,
                         &not_signed, error)
      || !plan (&r, reading, not_signed, &no_right, &why, &done, error)
      || (done != NULL && !save_all (&r, error)))
    return false;
  for (guint i = 0; i < reading->commands->len; i++)
    {
      const Command *one = reading->commands->pdata[i];

      command_result_add (results, done != NULL,
                          g_strdup (one != command ? (done != NULL ? "done" : ONLY)
                                    : done != NULL ? done
                                                   : why));
    }
  return run_transcript (run, reading, results, done != NULL, "done", ONLY, no_right, error);
}
