/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Notices that were not written because mail to their reader had failed for good: kept until mail
 * reaches them again.
 */
#include "outbox/outbox-private.h"

#include <string.h>

enum { ADD, OF, FORGET };

const char *const outbox_missed_sql[] = {
  [ADD] =
    "INSERT INTO missed (rcpt, case_id, input, notice, at, about, element, words, state)"
    " VALUES (:rcpt, :case_id, :input, :notice, :at, :about, :element, :words, :state)",
  [OF] =
    "SELECT case_id, input, notice, at, about, element, words, state FROM missed WHERE rcpt = :rcpt ORDER BY id",
  [FORGET] =
    "DELETE FROM missed WHERE rcpt = :rcpt",
  NULL
};

bool
outbox_missed_keep (StoreTxn *txn, const OutboxNotice *n, const ProgramNotice *def,
                    const char *name, const char *rcpt, GError **error)
{
  if (def == NULL || !def->next_contact || n->c == NULL || n->staff
      || case_contact (n->c, rcpt) == NULL)
    return true;
  g_autoptr (StoreStmt) q = store_query (store_of (txn), outbox_missed_sql[ADD], error);
  if (q == NULL)
    return false;
  store_bind_text (q, ":rcpt", rcpt);
  store_bind_int (q, ":case_id", n->c->id);
  store_bind_int (q, ":input", n->input);
  store_bind_text (q, ":notice", name);
  store_bind_int (q, ":at", n->at);
  store_bind_int (q, ":about", n->clarification);
  store_bind_text (q, ":element", n->element != NULL ? n->element : "");
  store_bind_text (q, ":words", n->words != NULL ? n->words : "");
  store_bind_text (q, ":state", n->c->state);
  return store_run (q, error);
}

void
outbox_missed_free (gpointer data)
{
  OutboxMissed *missed = data;

  g_free (missed->notice);
  g_free (missed->element);
  g_free (missed->words);
  g_free (missed->state);
  g_free (missed);
}

static void
take_missed (StoreStmt *q, gpointer all)
{
  OutboxMissed *missed = g_new0 (OutboxMissed, 1);

  missed->case_id = store_column_int (q, 0);
  missed->input = store_column_int (q, 1);
  missed->notice = g_strdup (store_column_text (q, 2));
  missed->at = store_column_int (q, 3);
  missed->about = store_column_int (q, 4);
  missed->element = g_strdup (store_column_text (q, 5));
  missed->words = g_strdup (store_column_text (q, 6));
  missed->state = g_strdup (store_column_text (q, 7));
  g_ptr_array_add (all, missed);
}

GPtrArray *
outbox_missed (Store *store, const char *rcpt, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_missed_sql[OF], error);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (outbox_missed_free);

  if (q == NULL)
    return NULL;
  store_bind_text (q, ":rcpt", rcpt);
  return store_each (q, take_missed, all, error) ? g_steal_pointer (&all) : NULL;
}

bool
outbox_missed_forget (StoreTxn *txn, const char *rcpt, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), outbox_missed_sql[FORGET], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":rcpt", rcpt);
  return store_run (q, error);
}

bool
outbox_send_missed (StoreTxn *txn, const OutboxNotice *notice, const OutboxMissed *missed,
                    const CaseContact *to, bool *sent, GError **error)
{
  const OutboxSame same = { missed->input, missed->case_id, missed->about, missed->notice,
                            missed->element };
  OutboxAgain again = { .at = missed->at,
                        .about = missed->about,
                        .first_at = missed->at,
                        .element = missed->element,
                        .words = missed->words[0] != '\0' ? missed->words : NULL,
                        .first_to = to->email,
                        .state = missed->state };

  return outbox_again_first (store_of (txn), &same, &again.first, error)
         && outbox_send_kept (txn, notice, &again, missed->notice, to, true, sent, error);
}
