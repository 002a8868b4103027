/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of changes of the roster that wait for a second person; those of cases are case/'s own.
 */
#include "engine/roster-proposal.h"

enum { ADD, OPEN, END, NEXT, NEXT_OF_CASES };

const char *const roster_proposal_sql[] = {
  [ADD] =
    "INSERT INTO roster_proposal (what, by, message, at, due, status) VALUES (:what, :by, :message, :at, :due, 'open') RETURNING n",
  [OPEN] = "SELECT n, what, by, message, at, due FROM roster_proposal WHERE status = 'open' ORDER BY n /*scan*/",
  [END] = "UPDATE roster_proposal SET status = :status WHERE n = :n",
  [NEXT] =
    "SELECT 0, n, due FROM roster_proposal INDEXED BY roster_proposal_open WHERE status = 'open' AND due > 0 ORDER BY due, n LIMIT 1",
  [NEXT_OF_CASES] =
    "SELECT case_id, n, due FROM proposal INDEXED BY proposal_open WHERE status = 'open' AND due > 0 ORDER BY due, case_id, n LIMIT 1",
  NULL
};

void
roster_proposal_free (gpointer data)
{
  RosterProposal *p = data;

  if (p == NULL)
    return;
  g_free (p->what);
  g_free (p->by);
  g_free (p);
}

static void
take_row (StoreStmt *q, gpointer list)
{
  RosterProposal *p = g_new0 (RosterProposal, 1);

  *p = (RosterProposal){ store_column_int (q, 0),
                         g_strdup (store_column_text (q, 1)),
                         g_strdup (store_column_text (q, 2)),
                         store_column_int (q, 3),
                         store_column_int (q, 4),
                         store_column_int (q, 5) };
  g_ptr_array_add (list, p);
}

GPtrArray *
roster_proposals (Store *store, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (roster_proposal_free);
  g_autoptr (StoreStmt) q = store_query (store, roster_proposal_sql[OPEN], error);

  return q != NULL && store_each (q, take_row, list, error) ? g_steal_pointer (&list) : NULL;
}

bool
roster_proposal_add (StoreTxn *txn, RosterProposal *p, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), roster_proposal_sql[ADD], error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_text (q, ":what", p->what);
  store_bind_text (q, ":by", p->by);
  store_bind_int (q, ":message", p->message);
  store_bind_int (q, ":at", p->at);
  store_bind_int (q, ":due", p->due);
  if (!store_step (q, &row, error))
    return false;
  p->n = store_column_int (q, 0);
  return true;
}

bool
roster_proposal_end (StoreTxn *txn, gint64 n, const char *status, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), roster_proposal_sql[END], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":status", status);
  store_bind_int (q, ":n", n);
  return store_run (q, error);
}

bool
proposal_next (Store *store, gint64 *case_id, gint64 *n, gint64 *at, GError **error)
{
  *case_id = *n = 0;
  *at = G_MAXINT64;
  for (int which = NEXT; which <= NEXT_OF_CASES; which++)
    {
      g_autoptr (StoreStmt) q = store_query (store, roster_proposal_sql[which], error);
      bool row;

      if (q == NULL || !store_step (q, &row, error))
        return false;
      if (!row || store_column_int (q, 2) >= *at)
        continue;
      *case_id = store_column_int (q, 0);
      *n = store_column_int (q, 1);
      *at = store_column_int (q, 2);
    }
  return true;
}
