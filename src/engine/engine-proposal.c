/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The time of a proposal is over: it counts no more, and who made it is told.
 */
#include <string.h>

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
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);

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

typedef struct {
  gint64 case_id, n;
} Lapse;

static bool
lapse (Run *run, const char *trouble, gpointer data, GError **error)
{
  const Lapse *l = data;
  JsonObject *said;

  if (!office_affirm (run->office, run->txn, run->now, error))
    return false;
  said = json_object_new ();
  json_object_set_int_member (said, "proposal", l->n);
  json_object_set_int_member (said, "now", run->now);
  return journal_input (run->txn, "proposal", run->at, l->case_id, said, &run->input, error)
         && (l->case_id != 0 ? lapse_in_case (run, l->case_id, l->n, trouble == NULL, error)
                             : lapse_of_roster (run, l->n, trouble == NULL, error));
}

bool
engine_proposal (Office *office, gint64 case_id, gint64 n, gint64 due, gint64 now, GError **error)
{
  Run run = { .office = office, .at = due, .now = now };
  Lapse l = { case_id, n };

  if (!run_attempt (&run, "proposal", lapse, &l, error))
    return false;
  log_event (LOG_NOTICE, "proposal.lapsed", LOG_INT ("case", case_id), LOG_INT ("proposal", n));
  return true;
}
