/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A day the office is closed, or another one open: dates that were counted with the calendar before
 * are counted again, and by when held mail is dealt with.
 *
 * Each case with a date that moves is an input of its own, so that no case waits for others, and a
 * pass that dies goes on where it was: what was counted again does not move a second time.
 */
#include <string.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "engine/run.h"
#include "store/journal.h"

#define NOTICE "date-moved"
#define FACT   "calendar"

/* A reminder that comes on another day moves nobody's date. */
static bool
any_moved (const GPtrArray *changes, const char *what)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const CaseChange *change = changes->pdata[i];

      if (change->kind == CHANGE_TIMER_MOVED && change->timer->parent == 0
          && strcmp (change->name, what) == 0)
        return true;
    }
  return false;
}

/* Where the definition has words for it; an older one may lack them. */
bool
run_tell_moved (Run *run, const Program *program, const Case *c, const GPtrArray *changes,
                const char *what, GError **error)
{
  const Program *today = run->office->definition->program;
  const Program *by = program_notice (program, NOTICE) != NULL ? program : today;
  OutboxNotice notice = run_notice (run, by, c);

  notice.moved = changes;
  notice.outcome = what;
  return !any_moved (changes, what) || program_notice (by, NOTICE) == NULL
         || outbox_notice (run->txn, &notice, NOTICE, error);
}

static bool
save (Run *run, const Program *program, const Case *c, const GPtrArray *changes, GError **error)
{
  JsonObject *said = json_object_new ();

  json_object_set_string_member (said, "calendar", calendar_version (program->calendar));
  if (!office_affirm (run->office, run->txn, run->now, error))
    {
      json_object_unref (said);
      return false;
    }
  return journal_input (run->txn, "calendar", run->at, c->id, said, &run->input, error)
         && run_save (run, c, changes, error)
         && run_tell_moved (run, program, c, changes, "calendar", error);
}

bool
engine_recount (Office *office, gint64 case_id, gint64 now, GError **error)
{
  g_autoptr (Case) c = case_load (office->store, case_id, error);
  const Program *program = c != NULL ? office_program (office, c->definition, error) : NULL;
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);

  if (program == NULL)
    return false;
  case_recount (program, c, now, changes);
  if (changes->len == 0)
    return true;
  g_autoptr (StoreTxn) txn = store_begin (office->store, error);
  Run run = { .office = office, .txn = txn, .at = now, .now = now };
  if (txn == NULL || !save (&run, program, c, changes, error))
    return false;
  fault_point ("calendar.before-commit");
  if (!store_commit (txn, error))
    return false;
  fault_point ("calendar.committed");
  log_event (LOG_NOTICE, "calendar.recounted", LOG_INT ("case", case_id),
             LOG_INT ("changes", changes->len));
  return true;
}

typedef struct {
  Office *office;
  gint64 now;
} Recount;

/* A case whose own definition is in trouble does not keep the others from their dates. */
static bool
each (Store *store, gint64 id, gpointer data, GError **error)
{
  const Recount *recount = data;
  g_autoptr (GError) inner = NULL;

  if (engine_recount (recount->office, id, recount->now, &inner))
    return true;
  if (!g_error_matches (inner, QEC_ERROR, QEC_ERROR_CONFIG)
      && !g_error_matches (inner, QEC_ERROR, QEC_ERROR_INVALID))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  log_event (LOG_ERR, "calendar.trouble", LOG_INT ("case", id), LOG_STR ("why", inner->message));
  return true;
}

static bool
recount_held (Office *office, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) waiting = held_waiting (office->store, error);
  bool good = waiting != NULL;

  for (guint i = 0; good && i < waiting->len; i++)
    good = engine_held_recount (office, ((const HeldRow *) waiting->pdata[i])->id, now, error);
  return good;
}

bool
engine_calendar (Office *office, gint64 now, GError **error)
{
  const char *version = calendar_version (office->definition->program->calendar);
  g_autoptr (GError) inner = NULL;
  g_autofree char *last = office_fact (office->store, FACT, &inner);
  Recount recount = { office, now };

  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  if (g_strcmp0 (last, version) == 0)
    return true;
  if (!case_each_open (office->store, each, &recount, error) || !recount_held (office, now, error))
    return false;
  g_autoptr (StoreTxn) txn = store_begin (office->store, error);
  return txn != NULL && office_set_fact (txn, FACT, version, error) && store_commit (txn, error);
}
