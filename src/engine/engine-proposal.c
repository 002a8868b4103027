/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The time of a proposal is over: it counts no more, and who made it is told.
 */
#include <string.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "engine/roster-proposal.h"
#include "engine/run.h"
#include "engine/run-session.h"
#include "store/journal.h"

/* TELL false: the mail about it cannot be written. */
static bool
lapse_in_case (Run *run, gint64 case_id, gint64 n, bool tell, GError **error)
{
  const Program *program;
  g_autoptr (Case) c = run_load (run, case_id, &program, error);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);

  if (c == NULL)
    return false;
  case_lapse_proposal (c, n, changes);
  if (!run_save (run, c, changes, error))
    return false;
  OutboxNotice notice = run_notice (run, program, c);
  return !tell || run_notices (run, program, c, changes, &notice, error);
}

static bool
lapse_of_roster (Run *run, gint64 n, bool tell, GError **error)
{
  g_autoptr (GPtrArray) open = roster_proposals (run->office->store, error);

  for (guint i = 0; open != NULL && i < open->len; i++)
    if (((const RosterProposal *) open->pdata[i])->n == n)
      return run_roster_lapse (run, open->pdata[i], tell, error);
  return open != NULL;
}

static bool
in_transaction (Run *run, gint64 case_id, gint64 n, bool tell, GError **error)
{
  JsonObject *said;

  if (!office_affirm (run->office, run->txn, run->now, error))
    return false;
  said = json_object_new ();
  json_object_set_int_member (said, "proposal", n);
  json_object_set_int_member (said, "now", run->now);
  return journal_input (run->txn, "proposal", run->at, case_id, said, &run->input, error)
         && (case_id != 0 ? lapse_in_case (run, case_id, n, tell, error) : lapse_of_roster (run, n, tell, error));
}

bool
engine_proposal (Office *office, gint64 case_id, gint64 n, gint64 due, gint64 now, GError **error)
{
  Run run = { .office = office, .txn = store_begin (office->store, error), .at = due, .now = now };
  g_autoptr (GError) inner = NULL;
  bool good = run.txn != NULL && in_transaction (&run, case_id, n, true, &inner);

  /* A mail that our own definition cannot write must not stop the clock. */
  if (g_error_matches (inner, QEC_ERROR, QEC_ERROR_CONFIG) || g_error_matches (inner, QEC_ERROR, QEC_ERROR_INVALID))
    {
      log_event (LOG_ERR, "proposal.trouble", LOG_INT ("case", case_id), LOG_STR ("why", inner->message));
      store_txn_free (run.txn);
      run.txn = store_begin (office->store, error);
      good = run.txn != NULL && in_transaction (&run, case_id, n, false, error);
    }
  else if (inner != NULL)
    g_propagate_error (error, g_steal_pointer (&inner));
  fault_point ("proposal.before-commit");
  good = good && store_commit (run.txn, error);
  g_clear_pointer (&run.txn, store_txn_free);
  if (good)
    log_event (LOG_NOTICE, "proposal.lapsed", LOG_INT ("case", case_id), LOG_INT ("proposal", n));
  return good;
}
