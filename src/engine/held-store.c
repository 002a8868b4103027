/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All SQL about messages that wait for a person.
 */
#include "engine/run.h"

enum { ADD, WAITING, BY_ID, OF_AUTHOR, NOTICED, SETTLE, NEXT, TOLD, MOVED, QUARANTINED, SORTED };

#define COLUMNS                                                                                    \
  "SELECT h.id, h.message, coalesce (h.case_id, 0), h.at, h.reason, m.author,"                     \
  " CASE WHEN h.quarantine THEN '' ELSE m.subject END, h.due, h.next, h.quarantine, h.category,"   \
  " h.item, h.settled_by"

const char *const held_sql[] = {
  [ADD] =
    "INSERT INTO held (message, case_id, at, reason, status, due, next, quarantine, item)"
    " VALUES (:message, :case_id, :at, :reason, 'waiting', :due, :next, :quarantine, :item)",
  [WAITING] =
    COLUMNS " FROM held h JOIN message m ON m.id = h.message WHERE h.status = 'waiting' ORDER BY h.id /*scan*/",
  [BY_ID] =
    COLUMNS " FROM held h JOIN message m ON m.id = h.message WHERE h.id = :id",
  /* CROSS JOIN: few messages of one author, and not everything that waits. */
  [OF_AUTHOR] =
    "SELECT 1 FROM message m CROSS JOIN held h ON h.message = m.id WHERE m.author = :author AND m.id <> :but"
    " AND h.status = 'waiting' AND h.item = :item LIMIT 1",
  /* The notice went out with the message, when its time was half or wholly over, or when somebody sorted it. */
  [NOTICED] =
    COLUMNS " FROM outbox o JOIN input i ON i.id = o.input"
    " JOIN held h ON (i.kind = 'message' AND o.notice = :notice AND h.message = i.subject)"
    " OR (i.kind = 'held' AND h.id = i.subject)"
    " OR (o.notice = 'held-sorted' AND h.message = (SELECT s.message FROM sorted s WHERE s.input = i.id)) JOIN message m ON m.id = h.message WHERE o.message_id = :key",
  [SETTLE] =
    "UPDATE held INDEXED BY held_by_message SET status = 'settled', settled_by = :by"
    " WHERE status = 'waiting' AND message IN (SELECT id FROM message WHERE author = :author) AND item = :item",
  [NEXT] =
    "SELECT id, next FROM held INDEXED BY held_next WHERE status = 'waiting' AND next > 0 ORDER BY next, id LIMIT 1",
  [TOLD] =
    "UPDATE held SET next = :next WHERE id = :id",
  [MOVED] =
    "UPDATE held SET due = :due, next = :next WHERE id = :id",
  [QUARANTINED] =
    "SELECT 1 FROM held WHERE message = :message AND quarantine <> 0",
  [SORTED] =
    "UPDATE held SET category = :category WHERE message = :message",
  NULL
};

void
held_row_free (HeldRow *row)
{
  if (row == NULL)
    return;
  g_free (row->reason);
  g_free (row->author);
  g_free (row->subject);
  g_free (row->category);
  g_free (row->item);
  g_free (row->settled_by);
  g_free (row);
}

bool
held_add (StoreTxn *txn, const HeldRow *held, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), held_sql[ADD], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":message", held->message);
  store_bind_id (q, ":case_id", held->case_id);
  store_bind_int (q, ":at", held->at);
  store_bind_text (q, ":reason", held->reason);
  store_bind_int (q, ":due", held->due);
  store_bind_int (q, ":next", held->next);
  store_bind_int (q, ":quarantine", held->quarantine);
  store_bind_text (q, ":item", held->item);
  return store_run (q, error);
}

static HeldRow *
held_of_row (StoreStmt *q)
{
  HeldRow *held = g_new0 (HeldRow, 1);

  held->id = store_column_int (q, 0);
  held->message = store_column_int (q, 1);
  held->case_id = store_column_int (q, 2);
  held->at = store_column_int (q, 3);
  held->reason = g_strdup (store_column_text (q, 4));
  held->author = g_strdup (store_column_text (q, 5));
  held->subject = g_strdup (store_column_text (q, 6));
  held->due = store_column_int (q, 7);
  held->next = store_column_int (q, 8);
  held->quarantine = store_column_int (q, 9) != 0;
  held->category = g_strdup (store_column_text (q, 10));
  held->item = g_strdup (store_column_text (q, 11));
  held->settled_by = g_strdup (store_column_text (q, 12));
  return held;
}

HeldRow *
held_of_notice (Store *store, const char *message_id, const char *notice, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, held_sql[NOTICED], error);
  bool row;

  if (q == NULL)
    return NULL;
  store_bind_text (q, ":key", message_id);
  store_bind_text (q, ":notice", notice);
  return store_step (q, &row, error) && row ? held_of_row (q) : NULL;
}

bool
held_settle (StoreTxn *txn, const char *author, const char *item, const char *by, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), held_sql[SETTLE], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":author", author);
  store_bind_text (q, ":item", item);
  store_bind_text (q, ":by", by);
  return store_run (q, error);
}

static void
take_held (StoreStmt *q, gpointer rows)
{
  g_ptr_array_add (rows, held_of_row (q));
}

GPtrArray *
held_waiting (Store *store, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) held_row_free);
  g_autoptr (StoreStmt) q = store_query (store, held_sql[WAITING], error);

  return q != NULL && store_each (q, take_held, rows, error) ? g_steal_pointer (&rows) : NULL;
}

bool
held_has_author (Store *store, const char *author, gint64 but, const char *item, bool *has,
                 GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, held_sql[OF_AUTHOR], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":author", author);
  store_bind_int (q, ":but", but);
  store_bind_text (q, ":item", item);
  return store_step (q, has, error);
}

HeldRow *
held_by_id (Store *store, gint64 id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, held_sql[BY_ID], error);
  bool row;

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":id", id);
  return store_step (q, &row, error) && row ? held_of_row (q) : NULL;
}

bool
held_next (Store *store, gint64 *id, gint64 *at, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, held_sql[NEXT], error);
  bool row = false;

  *id = 0;
  *at = G_MAXINT64;
  if (q == NULL || !store_step (q, &row, error))
    return false;
  if (row)
    {
      *id = store_column_int (q, 0);
      *at = store_column_int (q, 1);
    }
  return true;
}

bool
held_told (StoreTxn *txn, gint64 id, gint64 next, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), held_sql[TOLD], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":id", id);
  store_bind_int (q, ":next", next);
  return store_run (q, error);
}

bool
held_moved (StoreTxn *txn, gint64 id, gint64 due, gint64 next, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), held_sql[MOVED], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":id", id);
  store_bind_int (q, ":due", due);
  store_bind_int (q, ":next", next);
  return store_run (q, error);
}

bool
held_is_quarantined (Store *store, gint64 message, bool *is, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, held_sql[QUARANTINED], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":message", message);
  return store_step (q, is, error);
}

bool
held_sorted (StoreTxn *txn, gint64 message, const char *category, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), held_sql[SORTED], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":message", message);
  store_bind_text (q, ":category", category);
  return store_run (q, error);
}
