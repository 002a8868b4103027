/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The clock as a source of events: timers, held mail, proposals and digests, in the order of their
 * times, each as at its time, however late we come.
 */
#include <string.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "engine/roster-proposal.h"
#include "engine/run.h"
#include "store/journal.h"

static CaseTimer *
copy_timer (const Case *c, gint64 n)
{
  g_autoptr (Case) copy = case_copy (c);

  for (guint i = 0; i < copy->timers->len; i++)
    if (((const CaseTimer *) copy->timers->pdata[i])->n == n)
      return g_ptr_array_steal_index (copy->timers, i);
  return NULL;
}

/* The timer has fired, and why nothing else came of it stands in the case's history: one notice
 * that cannot be written must not stop the clock for everybody. */
static bool
fire_in_vain (Run *run, Case *c, const CaseTimer *timer, const char *why, GError **error)
{
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);

  case_fire_in_vain (c, timer, why, changes);
  return run_save (run, c, changes, error);
}

static bool
fire (Run *run, Case *c, const CaseTimer *timer, GError **error)
{
  const Program *program = office_program (run->office, c->definition, error);
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  g_autofree char *name = g_strdup_printf ("timer %s", timer->name);
  g_autoptr (Case) after = case_copy (c);
  CaseEvent event = { .name = name, .timer = timer };
  g_autoptr (GError) inner = NULL;

  if (program == NULL)
    return false;
  const ProgramCaseType *type = program_case_type (program, c->type);
  if (type != NULL && type->related && !case_load_related (run->office->store, after, error))
    return false;
  if (case_step (program, after, &event, run->at, changes, &inner))
    {
      OutboxNotice notice = run_notice (run, program, after);

      notice.timer = timer;
      return run_save (run, after, changes, error)
             && run_notices (run, program, after, changes, &notice, error)
             && run_spread (run, program, after, changes, error);
    }
  /* A guard that does not hold keeps the case where it is; the timer has fired all the same. */
  if (g_error_matches (inner, QEC_ERROR, QEC_ERROR_PERMANENT))
    return fire_in_vain (run, c, timer, inner->message, error);
  g_propagate_error (error, g_steal_pointer (&inner));
  return false;
}

typedef struct {
  gint64 case_id;
  const CaseTimer *timer;
} Firing;

static bool
fire_timer (Run *run, const char *trouble, gpointer data, GError **error)
{
  const Firing *f = data;
  g_autoptr (Case) c =
    case_load (run->office->store, f->case_id, error); /* as nothing was done to it yet */

  if (c == NULL || !office_affirm (run->office, run->txn, run->now, error))
    return false;
  JsonObject *said = json_object_new ();
  json_object_set_int_member (said, "timer", f->timer->n);
  json_object_set_int_member (said, "now", run->now);
  return journal_input (run->txn, "timer", run->at, c->id, said, &run->input, error)
         && (trouble != NULL ? fire_in_vain (run, c, f->timer, trouble, error)
                             : fire (run, c, f->timer, error));
}

bool
engine_timer (Office *office, gint64 case_id, gint64 n, gint64 due, gint64 now, GError **error)
{
  g_autoptr (Case) c = case_load (office->store, case_id, error);

  if (c == NULL)
    return false;
  CaseTimer *timer = copy_timer (c, n);
  if (timer == NULL)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_STORE,
                   "case %s has no running timer %" G_GINT64_FORMAT, c->ref, n);
      return false;
    }
  Run run = { .office = office, .at = due, .now = now };
  Firing firing = { case_id, timer };
  bool good = run_attempt (&run, "timer", fire_timer, &firing, error);
  if (good)
    log_event (LOG_NOTICE, "timer.fired", LOG_INT ("case", case_id), LOG_STR ("timer", timer->name),
               LOG_STR ("reminder", timer->reminder));
  case_timer_free (timer);
  return good;
}

/* --- what comes next ------------------------------------------------------------------ */

/* The earliest of all that comes by itself. */
typedef struct {
  gint64 at;              /* G_MAXINT64: nothing */
  gint64 case_id, timer;  /* a timer, or */
  gint64 held;            /* held mail, or */
  gint64 proposal;        /* of the case, or of the roster when that is 0; or */
  EngineDigest digest;    /* a digest, or its name is NULL */
} Next;

static bool
find_next (Office *office, gint64 before, gint64 now, Next *next, GError **error)
{
  g_autoptr (GError) inner = NULL;
  EngineDigest digest;
  gint64 held, at, case_id, proposal;

  *next = (Next){ .at = G_MAXINT64 };
  if (case_next_timer (office->store, before - 1, &next->case_id, &next->timer, &at, &inner))
    next->at = at;
  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  if (!held_next (office->store, &held, &at, error))
    return false;
  if (at < next->at)
    *next = (Next){ .at = at, .held = held };
  if (!proposal_next (office->store, &case_id, &proposal, &at, error))
    return false;
  if (at < next->at)
    *next = (Next){ .at = at, .case_id = case_id, .proposal = proposal };
  if (!engine_next_digest (office, before, now, &digest, error))
    return false;
  if (digest.at < next->at)
    *next = (Next){ .at = digest.at, .digest = digest };
  return true;
}

static bool
fire_next (Office *office, const Next *next, gint64 now, GError **error)
{
  if (next->digest.name != NULL)
    return engine_digest (office, &next->digest, now, error);
  if (next->held != 0)
    return engine_held (office, next->held, next->at, now, error);
  if (next->proposal != 0)
    return engine_proposal (office, next->case_id, next->proposal, next->at, now, error);
  return engine_timer (office, next->case_id, next->timer, next->at, now, error);
}

bool
engine_clock (Office *office, gint64 before, gint64 now, guint *n, GError **error)
{
  Next next;

  for (;;)
    {
      if (!find_next (office, before, now, &next, error))
        return false;
      if (next.at >= before)
        return true;
      if (!fire_next (office, &next, now, error))
        return false;
      (*n)++;
    }
}

bool
engine_clock_next (Office *office, gint64 now, gint64 *due, GError **error)
{
  EngineDigest digest;
  gint64 timer, held, proposal, id, n;

  if (!case_next_due (office->store, &timer, error) || !held_next (office->store, &id, &held, error)
      || !proposal_next (office->store, &id, &n, &proposal, error)
      || !engine_next_digest (office, 0, now, &digest, error))
    return false;
  *due = MIN (MIN (timer != 0 ? timer : G_MAXINT64, held), MIN (proposal, digest.at));
  return true;
}
