/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All SQL of the outbox.
 */
#include "outbox/outbox-private.h"

enum {
  NEXT_ID,
  ADD,
  LAST_IN_THREAD,
  COUNT_RCPT,
  COUNT_CASE,
  AT_LIMIT,
  IS_SUPPRESSED,
  SUPPRESS,
  TAKE_UP,
  DUE,
  NEXT_DUE,
  LOAD,
  BY_MESSAGE_ID,
  SET_STATUS,
  RETRY,
  SEAL,
  WITHHOLD,
  WITHHELD,
  WAITING,
  LIST_WAITING,
  LIST,
  OF_CASE,
  OF_INPUT,
  MESSAGE,
};

#define COLUMNS                                                                                    \
  "SELECT id, coalesce (case_id, 0), at, rcpt, sha256, status, notice, subject, reply, "           \
  "message_id, attempts, next_at,"                                                                 \
  " confidential, sealed, withheld FROM outbox "

const char *const outbox_sql[] = {
  [NEXT_ID] =
    "SELECT coalesce (max (id), 0) + 1 FROM outbox",
  [ADD] =
    "INSERT INTO outbox (id, case_id, input, notice, rcpt, message_id, subject, sha256, size, at, day, status,"
    " attempts, next_at, reply, confidential) VALUES (:id, :case_id, :input, :notice, :rcpt, :message_id, :subject, :sha256,"
    " :size, :at, :day, 'queued', 0, :at, '', :confidential)",
  [LAST_IN_THREAD] =
    "SELECT message_id FROM outbox WHERE case_id = :case_id AND rcpt = :rcpt ORDER BY id DESC LIMIT 1",
  [COUNT_RCPT] =
    "SELECT count (*) FROM outbox WHERE rcpt = :rcpt AND day = :day AND (:notice IS NULL OR notice = :notice)",
  [COUNT_CASE] =
    "SELECT count (*) FROM outbox WHERE case_id = :case_id AND day = :day",
  [AT_LIMIT] =
    "SELECT rcpt, count (*), max (at) FROM outbox WHERE day >= :from AND day < :to"
    " GROUP BY day, rcpt HAVING count (*) >= :limit ORDER BY day, rcpt",
  [IS_SUPPRESSED] =
    "SELECT 1 FROM suppressed WHERE rcpt = :rcpt",
  [SUPPRESS] =
    "INSERT INTO suppressed (rcpt, at, reason) VALUES (:rcpt, :at, :reason) ON CONFLICT (rcpt) DO NOTHING",
  [TAKE_UP] =
    "DELETE FROM suppressed WHERE rcpt = :rcpt",
  [DUE] =
    COLUMNS "INDEXED BY outbox_next WHERE status IN ('queued', 'deferred') AND next_at <= :now"
    " ORDER BY next_at, id LIMIT :limit",
  [NEXT_DUE] =
    "SELECT next_at FROM outbox INDEXED BY outbox_next WHERE status IN ('queued', 'deferred')"
    " AND next_at > -1 ORDER BY next_at, id LIMIT 1",
  [LOAD] =
    COLUMNS "WHERE id = :id",
  [BY_MESSAGE_ID] =
    COLUMNS "WHERE message_id = :message_id",
  [SET_STATUS] =
    "UPDATE outbox SET status = :status, attempts = attempts + 1, next_at = :next_at, reply = :reply, withheld = 0"
    " WHERE id = :id",
  [RETRY] =
    "UPDATE outbox SET next_at = :now WHERE id = :id AND status IN ('queued', 'deferred') AND next_at > :now",
  [SEAL] =
    "UPDATE outbox SET sealed = :sealed, withheld = 0 WHERE id = :id",
  [WITHHOLD] =
    "UPDATE outbox SET withheld = CASE withheld WHEN 0 THEN :now ELSE withheld END, attempts = attempts + 1,"
    " status = 'deferred', next_at = :next_at, reply = :why WHERE id = :id",
  [WITHHELD] =
    "SELECT count (*) FROM outbox INDEXED BY outbox_withheld WHERE withheld > 0 AND (:why IS NULL OR reply = :why)",
  [WAITING] =
    "SELECT count (*), coalesce (min (at), 0) FROM outbox INDEXED BY outbox_next"
    " WHERE status IN ('queued', 'deferred') AND next_at > -1",
  [LIST_WAITING] =
    COLUMNS "INDEXED BY outbox_next WHERE status IN ('queued', 'deferred') AND next_at > -1 ORDER BY next_at, id",
  [LIST] =
    COLUMNS "ORDER BY id /*scan*/",
  [OF_CASE] =
    COLUMNS "WHERE case_id = :id ORDER BY id",
  [OF_INPUT] =
    COLUMNS "WHERE input = :id ORDER BY id",
  [MESSAGE] =
    "SELECT sha256, size FROM message WHERE id = :id",
  NULL
};

void
outbox_item_free (OutboxItem *item)
{
  if (item == NULL)
    return;
  g_free (item->rcpt);
  g_free (item->sha256);
  g_free (item->status);
  g_free (item->notice);
  g_free (item->subject);
  g_free (item->reply);
  g_free (item->message_id);
  g_free (item->confidential);
  g_free (item->sealed);
  g_free (item);
}

static OutboxItem *
item_of_row (StoreStmt *q)
{
  OutboxItem *item = g_new0 (OutboxItem, 1);

  item->id = store_column_int (q, 0);
  item->case_id = store_column_int (q, 1);
  item->at = store_column_int (q, 2);
  item->rcpt = g_strdup (store_column_text (q, 3));
  item->sha256 = g_strdup (store_column_text (q, 4));
  item->status = g_strdup (store_column_text (q, 5));
  item->notice = g_strdup (store_column_text (q, 6));
  item->subject = g_strdup (store_column_text (q, 7));
  item->reply = g_strdup (store_column_text (q, 8));
  item->message_id = g_strdup (store_column_text (q, 9));
  item->attempts = (int) store_column_int (q, 10);
  item->next_at = store_column_int (q, 11);
  item->confidential = g_strdup (store_column_text (q, 12));
  item->sealed = g_strdup (store_column_text (q, 13));
  item->withheld = store_column_int (q, 14);
  return item;
}

static void
take_item (StoreStmt *q, gpointer list)
{
  g_ptr_array_add (list, item_of_row (q));
}

/* All rows of a query that has its parameters. */
static GPtrArray *
items (StoreStmt *q, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) outbox_item_free);

  return store_each (q, take_item, list, error) ? g_steal_pointer (&list) : NULL;
}

static OutboxItem *
one_item (StoreStmt *q, GError **error)
{
  bool row;

  return store_step (q, &row, error) && row ? item_of_row (q) : NULL;
}

bool
outbox_next_id (Store *store, gint64 *id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_sql[NEXT_ID], error);
  bool row;

  if (q == NULL || !store_step (q, &row, error))
    return false;
  *id = store_column_int (q, 0);
  return true;
}

bool
outbox_add (StoreTxn *txn, const OutboxItem *item, gint64 input, gint64 size, int day,
            GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), outbox_sql[ADD], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":id", item->id);
  store_bind_id (q, ":case_id", item->case_id);
  store_bind_int (q, ":input", input);
  store_bind_text (q, ":notice", item->notice);
  store_bind_text (q, ":rcpt", item->rcpt);
  store_bind_text (q, ":message_id", item->message_id);
  store_bind_text (q, ":subject", item->subject);
  store_bind_text (q, ":sha256", item->sha256);
  store_bind_int (q, ":size", size);
  store_bind_int (q, ":at", item->at);
  store_bind_int (q, ":day", day);
  store_bind_text (q, ":confidential", item->confidential);
  return store_run (q, error);
}

char *
outbox_last_in_thread (Store *store, gint64 case_id, const char *rcpt, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_sql[LAST_IN_THREAD], error);
  bool row;

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":case_id", case_id);
  store_bind_text (q, ":rcpt", rcpt);
  return store_step (q, &row, error) && row ? g_strdup (store_column_text (q, 0)) : NULL;
}

static bool
count (StoreStmt *q, gint64 *n, GError **error)
{
  bool row;

  if (!store_step (q, &row, error))
    return false;
  *n = row ? store_column_int (q, 0) : 0;
  return true;
}

bool
outbox_count_day (Store *store, const char *rcpt, const char *notice, gint64 case_id, int day,
                  gint64 *to_rcpt, gint64 *in_case, GError **error)
{
  g_autoptr (StoreStmt) by_rcpt = store_query (store, outbox_sql[COUNT_RCPT], error);
  g_autoptr (StoreStmt) by_case =
    by_rcpt != NULL ? store_query (store, outbox_sql[COUNT_CASE], error) : NULL;

  if (by_case == NULL)
    return false;
  store_bind_text (by_rcpt, ":rcpt", rcpt);
  store_bind_int (by_rcpt, ":day", day);
  if (notice != NULL)
    store_bind_text (by_rcpt, ":notice", notice);
  else
    store_bind_null (by_rcpt, ":notice");
  store_bind_int (by_case, ":case_id", case_id);
  store_bind_int (by_case, ":day", day);
  return count (by_rcpt, to_rcpt, error) && count (by_case, in_case, error);
}

bool
outbox_message (Store *store, gint64 message, char **sha256, gint64 *size, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_sql[MESSAGE], error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_int (q, ":id", message);
  if (!store_step (q, &row, error))
    return false;
  *sha256 = row ? g_strdup (store_column_text (q, 0)) : NULL;
  *size = row ? store_column_int (q, 1) : 0;
  return true;
}

bool
outbox_is_suppressed (Store *store, const char *rcpt, bool *is, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_sql[IS_SUPPRESSED], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":rcpt", rcpt);
  return store_step (q, is, error);
}

bool
outbox_suppress (StoreTxn *txn, const char *rcpt, gint64 now, const char *reason, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (rcpt, -1);
  g_autoptr (StoreStmt) q = store_query (store_of (txn), outbox_sql[SUPPRESS], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":rcpt", lower);
  store_bind_int (q, ":at", now);
  store_bind_text (q, ":reason", reason);
  return store_run (q, error);
}

bool
outbox_take_up (StoreTxn *txn, const char *rcpt, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), outbox_sql[TAKE_UP], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":rcpt", rcpt);
  return store_run (q, error);
}

GPtrArray *
outbox_due (Store *store, gint64 now, int limit, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_sql[DUE], error);

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":now", now);
  store_bind_int (q, ":limit", limit);
  return items (q, error);
}

bool
outbox_next_due (Store *store, gint64 *at, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_sql[NEXT_DUE], error);

  return q != NULL && count (q, at, error);
}

OutboxItem *
outbox_load (Store *store, gint64 id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_sql[LOAD], error);

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":id", id);
  return one_item (q, error);
}

OutboxItem *
outbox_by_message_id (Store *store, const char *message_id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_sql[BY_MESSAGE_ID], error);

  if (q == NULL)
    return NULL;
  store_bind_text (q, ":message_id", message_id);
  return one_item (q, error);
}

bool
outbox_set_status (StoreTxn *txn, gint64 id, const char *status, gint64 next_at, const char *reply,
                   GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), outbox_sql[SET_STATUS], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":id", id);
  store_bind_text (q, ":status", status);
  store_bind_int (q, ":next_at", next_at);
  store_bind_text (q, ":reply", reply);
  return store_run (q, error);
}

bool
outbox_retry (StoreTxn *txn, gint64 id, gint64 now, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), outbox_sql[RETRY], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":id", id);
  store_bind_int (q, ":now", now);
  return store_run (q, error);
}

bool
outbox_seal (StoreTxn *txn, gint64 id, const char *sealed, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), outbox_sql[SEAL], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":id", id);
  store_bind_text (q, ":sealed", sealed);
  return store_run (q, error);
}

bool
outbox_withhold (StoreTxn *txn, gint64 id, gint64 now, gint64 next_at, const char *why,
                 GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), outbox_sql[WITHHOLD], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":id", id);
  store_bind_int (q, ":now", now);
  store_bind_int (q, ":next_at", next_at);
  store_bind_text (q, ":why", why);
  return store_run (q, error);
}

bool
outbox_count_withheld (Store *store, const char *why, gint64 *n, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_sql[WITHHELD], error);

  if (q == NULL)
    return false;
  if (why != NULL)
    store_bind_text (q, ":why", why);
  else
    store_bind_null (q, ":why");
  return count (q, n, error);
}

bool
outbox_count_waiting (Store *store, gint64 *n, gint64 *oldest, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_sql[WAITING], error);
  bool row;

  if (q == NULL || !store_step (q, &row, error))
    return false;
  *n = store_column_int (q, 0);
  *oldest = store_column_int (q, 1);
  return true;
}

static void
at_limit_free (gpointer data)
{
  OutboxAtLimit *one = data;

  g_free (one->rcpt);
  g_free (one);
}

GPtrArray *
outbox_at_limit (Store *store, const Program *program, int from, int to, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (at_limit_free);
  g_autoptr (StoreStmt) q = store_query (store, outbox_sql[AT_LIMIT], error);
  bool row = true;

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":from", from);
  store_bind_int (q, ":to", to);
  store_bind_int (q, ":limit", program->quota_address_day);
  while (row)
    {
      if (!store_step (q, &row, error))
        return NULL;
      /* Our own people get one of each kind, and a limit of their own. */
      if (!row || program_person (program, store_column_text (q, 0)) != NULL)
        continue;
      OutboxAtLimit *one = g_new0 (OutboxAtLimit, 1);
      one->rcpt = g_strdup (store_column_text (q, 0));
      one->n = store_column_int (q, 1);
      one->at = store_column_int (q, 2);
      g_ptr_array_add (list, one);
    }
  return g_steal_pointer (&list);
}

GPtrArray *
outbox_list (Store *store, bool waiting_only, GError **error)
{
  g_autoptr (StoreStmt) q =
    store_query (store, outbox_sql[waiting_only ? LIST_WAITING : LIST], error);

  return q != NULL ? items (q, error) : NULL;
}

static GPtrArray *
items_by_id (Store *store, int sql, gint64 id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_sql[sql], error);

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":id", id);
  return items (q, error);
}

GPtrArray *
outbox_of_case (Store *store, gint64 case_id, GError **error)
{
  return items_by_id (store, OF_CASE, case_id, error);
}

GPtrArray *
outbox_of_input (Store *store, gint64 input, GError **error)
{
  return items_by_id (store, OF_INPUT, input, error);
}

gint64
outbox_back_off (int attempts)
{
  static const int minutes[] = { 1, 5, 15, 30, 60, 120, 240, 480 };

  return 60 * (gint64) minutes[MIN (attempts, (int) G_N_ELEMENTS (minutes) - 1)];
}
