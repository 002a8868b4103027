/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The clock of what waits for a person: the office is told again when half of the promised time has
 * passed and it is open, and when it is over.  Only a person's answer, or /done, stops it.
 */
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "engine/run.h"
#include "store/journal.h"

/* When half of the time until DUE is over and somebody is there to read of it. */
static gint64
half_of (const Program *program, const HeldRow *held, gint64 due)
{
  gint64 half = calendar_opening (program->calendar, held->at + (due - held->at) / 2);

  return MIN (half, due);
}

/* When staff are told next, after AT. */
static gint64
next_of (const Program *program, const HeldRow *held, gint64 at)
{
  gint64 half = half_of (program, held, held->due);

  if (held->due == 0)
    return 0;
  if (at < half && program->held.half != NULL)
    return half;
  return at < held->due && program->held.over != NULL ? held->due : 0;
}

/* An item has one clock. */
bool
run_held_add (Run *run, gint64 case_id, const char *reason, const char *item, bool first,
              GError **error)
{
  const Program *program = run->office->definition->program;
  HeldRow held = { .message = run->message_id,
                   .case_id = case_id,
                   .at = run->at,
                   .reason = (char *) reason,
                   .item = (char *) item,
                   .quarantine = run->quarantine };

  if (first && program->held.within.n > 0)
    held.due = calendar_add (program->calendar, run->at, program->held.within, NULL);
  held.next = next_of (program, &held, run->at);
  return held_add (run->txn, &held, error);
}

static bool
tell (Run *run, const HeldRow *held, bool mail, GError **error)
{
  const Program *program = run->office->definition->program;
  bool over = run->at >= held->due;
  const char *name = over ? program->held.over : program->held.half;
  const ProgramCategory *category = program_category (program, held->category);
  JsonObject *detail = json_object_new ();
  OutboxNotice notice = run_notice (run, program, NULL);
  OutboxWaiting waiting = { held->author, held->subject, held->reason, held->at, held->due };
  g_autoptr (GArray) one = g_array_new (FALSE, FALSE, sizeof waiting);

  g_array_append_val (one, waiting);
  notice.waiting = one;
  notice.to_role = over && category != NULL ? category->copy : NULL;
  json_object_set_int_member (detail, "message", held->message);
  return journal_event (run->txn, run->input, held->case_id, run->at,
                        over ? "held.over" : "held.half", detail, error)
         && held_told (run->txn, held->id, next_of (program, held, run->at), error)
         && (name == NULL || !mail || outbox_notice (run->txn, &notice, name, error));
}

static bool
tell_again (Run *run, const char *trouble, gpointer held, GError **error)
{
  if (!office_affirm (run->office, run->txn, run->now, error))
    return false;
  JsonObject *said = json_object_new ();
  json_object_set_int_member (said, "now", run->now);
  return journal_input (run->txn, "held", run->at, ((const HeldRow *) held)->id, said, &run->input,
                        error)
         && tell (run, held, trouble == NULL, error);
}

static HeldRow *
load (Office *office, gint64 id, GError **error)
{
  g_autoptr (GError) inner = NULL;
  HeldRow *held = held_by_id (office->store, id, &inner);

  if (held == NULL && inner == NULL)
    g_set_error (error, QEC_ERROR, QEC_ERROR_STORE,
                 "nothing is held under number %" G_GINT64_FORMAT, id);
  else if (inner != NULL)
    g_propagate_error (error, g_steal_pointer (&inner));
  return held;
}

bool
engine_held (Office *office, gint64 id, gint64 at, gint64 now, GError **error)
{
  g_autoptr (HeldRow) held = load (office, id, error);
  Run run = { .office = office, .at = at, .now = now };

  if (held == NULL || !run_attempt (&run, "held", tell_again, held, error))
    return false;
  log_event (LOG_NOTICE, "held.told", LOG_INT ("held", id),
             LOG_STR ("what", at >= held->due ? "over" : "half"));
  return true;
}

/* --- another calendar ------------------------------------------------------ */

/* When staff are told next of HELD, which was due at another time and is now at DUE: what was told
 * at half time is not told again, and what would have been over already is told at once. */
static gint64
next_when_moved (const Program *program, const HeldRow *held, gint64 due, gint64 now)
{
  gint64 half = half_of (program, held, due);
  bool half_told = held->next == held->due;

  if (!half_told && program->held.half != NULL && now < half)
    return half;
  return program->held.over != NULL ? MAX (due, now) : 0;
}

static bool
move (Run *run, const HeldRow *held, gint64 due, GError **error)
{
  const Program *program = run->office->definition->program;
  JsonObject *said = json_object_new (), *detail = json_object_new ();

  json_object_set_string_member (said, "calendar", calendar_version (program->calendar));
  json_object_set_int_member (detail, "message", held->message);
  json_object_set_int_member (detail, "was", held->due);
  json_object_set_int_member (detail, "due", due);
  if (!journal_input (run->txn, "held-calendar", run->at, held->id, said, &run->input, error))
    {
      json_object_unref (detail);
      return false;
    }
  return journal_event (run->txn, run->input, held->case_id, run->at, "held.moved", detail, error)
         && held_moved (run->txn, held->id, due, next_when_moved (program, held, due, run->at),
                        error);
}

bool
engine_held_recount (Office *office, gint64 id, gint64 now, GError **error)
{
  const Program *program = office->definition->program;
  g_autoptr (HeldRow) held = load (office, id, error);

  if (held == NULL)
    return false;
  gint64 due = held->due > now && program->held.within.n > 0
                 ? calendar_add (program->calendar, held->at, program->held.within, NULL)
                 : held->due;
  if (due == held->due)
    return true;
  g_autoptr (StoreTxn) txn = store_begin (office->store, error);
  Run run = { .office = office, .txn = txn, .at = now, .now = now };
  if (txn == NULL || !office_affirm (office, txn, now, error) || !move (&run, held, due, error)
      || !store_commit (txn, error))
    return false;
  log_event (LOG_NOTICE, "held.moved", LOG_INT ("held", id));
  return true;
}
