/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All SQL about messages: their rows, and the places they were seen in.
 */
#include <string.h>

#include "engine/run.h"

enum {
  BY_SHA256,
  BY_ID,
  BY_MESSAGE_ID,
  LIKE,
  ADD,
  SET,
  INDEX_TEXT,
  OF_CASE,
  NEWEST,
  ADD_PLACE,
  FIND_PLACE,
  MOVED,
  SOME_TO_MOVE,
  ALL_MOVED,
};

#define COLUMNS                                                                                    \
  "SELECT id, received_at, size, coalesce (case_id, 0), sha256, message_id, author, subject, "     \
  "outcome, reason, rule"                                                                          \
  " FROM message "

const char *const message_sql[] = {
  [BY_SHA256] =
    COLUMNS "WHERE sha256 = :key",
  [BY_ID] =
    COLUMNS "WHERE id = :id",
  [BY_MESSAGE_ID] =
    COLUMNS "WHERE message_id = :key ORDER BY id DESC LIMIT 1",
  [LIKE] =
    "SELECT min (id) FROM message WHERE likeness = :key",
  [ADD] =
    "INSERT INTO message (sha256, size, received_at, message_id, likeness, author, subject, outcome, reason, rule)"
    " VALUES (:sha256, :size, :received_at, :message_id, :likeness, :author, :subject, '', '', '')",
  [SET] =
    "UPDATE message SET outcome = :outcome, reason = :reason, rule = :rule, case_id = :case_id WHERE id = :id",
  [INDEX_TEXT] =
    "INSERT INTO message_text (rowid, subject, author, body) VALUES (:id, :subject, :author, :body)",
  [OF_CASE] =
    COLUMNS "WHERE case_id = :id ORDER BY id DESC LIMIT :limit",
  [NEWEST] =
    COLUMNS "ORDER BY id DESC LIMIT :limit /*scan*/",
  [ADD_PLACE] =
    "INSERT INTO placement (mailbox, uidvalidity, uid, message, target, moved)"
    " VALUES (:mailbox, :uidvalidity, :uid, :message, :target, :moved) ON CONFLICT DO NOTHING",
  [FIND_PLACE] =
    "SELECT target FROM placement WHERE mailbox = :mailbox AND uidvalidity = :uidvalidity AND uid = :uid",
  [MOVED] =
    "UPDATE placement SET moved = 1 WHERE mailbox = :mailbox AND uidvalidity = :uidvalidity AND uid = :uid",
  [SOME_TO_MOVE] =
    "SELECT 1 FROM placement INDEXED BY placement_to_move WHERE mailbox = :mailbox AND moved = 0 LIMIT 1",
  [ALL_MOVED] =
    "UPDATE placement INDEXED BY placement_to_move SET moved = 1 WHERE mailbox = :mailbox AND moved = 0",
  NULL
};

void
message_row_free (MessageRow *row)
{
  if (row == NULL)
    return;
  g_free (row->sha256);
  g_free (row->message_id);
  g_free (row->author);
  g_free (row->subject);
  g_free (row->outcome);
  g_free (row->reason);
  g_free (row->rule);
  g_free (row);
}

static MessageRow *
row_of (StoreStmt *q)
{
  MessageRow *row = g_new0 (MessageRow, 1);

  row->id = store_column_int (q, 0);
  row->received_at = store_column_int (q, 1);
  row->size = store_column_int (q, 2);
  row->case_id = store_column_int (q, 3);
  row->sha256 = g_strdup (store_column_text (q, 4));
  row->message_id = g_strdup (store_column_text (q, 5));
  row->author = g_strdup (store_column_text (q, 6));
  row->subject = g_strdup (store_column_text (q, 7));
  row->outcome = g_strdup (store_column_text (q, 8));
  row->reason = g_strdup (store_column_text (q, 9));
  row->rule = g_strdup (store_column_text (q, 10));
  return row;
}

static MessageRow *
one_by_key (Store *store, int sql, const char *key, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, message_sql[sql], error);
  bool row;

  if (q == NULL)
    return NULL;
  store_bind_text (q, ":key", key);
  return store_step (q, &row, error) && row ? row_of (q) : NULL;
}

MessageRow *
message_row_by_sha256 (Store *store, const char *sha256, GError **error)
{
  return one_by_key (store, BY_SHA256, sha256, error);
}

MessageRow *
message_row_by_message_id (Store *store, const char *message_id, GError **error)
{
  return one_by_key (store, BY_MESSAGE_ID, message_id, error);
}

MessageRow *
message_row_by_id (Store *store, gint64 id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, message_sql[BY_ID], error);
  bool row;

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":id", id);
  return store_step (q, &row, error) && row ? row_of (q) : NULL;
}

bool
message_row_like (Store *store, const char *likeness, gint64 *id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, message_sql[LIKE], error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_text (q, ":key", likeness);
  if (!store_step (q, &row, error))
    return false;
  *id = row ? store_column_int (q, 0) : 0;
  return true;
}

bool
message_row_add (StoreTxn *txn, const EngineArrival *arrival, const Message *m,
                 const char *likeness, gint64 at, gint64 *id, GError **error)
{
  const MessageAddress *author = m != NULL ? message_author (m) : NULL;
  g_autofree char *address = author != NULL ? g_ascii_strdown (author->address, -1) : g_strdup ("");
  g_autoptr (StoreStmt) q = store_query (store_of (txn), message_sql[ADD], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":sha256", arrival->sha256);
  store_bind_int (q, ":size", (gint64) arrival->size);
  store_bind_int (q, ":received_at", at);
  store_bind_text (q, ":message_id", m != NULL ? m->message_id : "");
  store_bind_text (q, ":likeness", likeness);
  store_bind_text (q, ":author", address);
  store_bind_text (q, ":subject", m != NULL ? m->subject : "");
  if (!store_run (q, error))
    return false;
  *id = store_last_id (txn);
  return true;
}

bool
message_row_set (StoreTxn *txn, gint64 id, const char *outcome, const char *reason,
                 const char *rule, gint64 case_id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), message_sql[SET], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":id", id);
  store_bind_text (q, ":outcome", outcome);
  store_bind_text (q, ":reason", reason);
  store_bind_text (q, ":rule", rule);
  store_bind_id (q, ":case_id", case_id);
  return store_run (q, error);
}

char *
message_row_text (const Message *m)
{
  /* Quotations are indexed where they were written first. */
  GString *text = g_string_new (m->new_text);

  for (guint i = 0; i < m->parts->len; i++)
    {
      const char *name = ((const MessagePart *) m->parts->pdata[i])->name;

      if (name != NULL && name[0] != '\0')
        g_string_append_printf (text, "\n%s", name);
    }
  return g_string_free (text, FALSE);
}

bool
message_row_index (StoreTxn *txn, gint64 id, const Message *m, GError **error)
{
  const MessageAddress *author = message_author (m);
  g_autofree char *who =
    author != NULL ? g_strdup_printf ("%s %s", author->name, author->address) : g_strdup ("");
  g_autofree char *text = message_row_text (m);
  g_autoptr (StoreStmt) q = store_query (store_of (txn), message_sql[INDEX_TEXT], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":id", id);
  store_bind_text (q, ":subject", m->subject);
  store_bind_text (q, ":author", who);
  store_bind_text (q, ":body", text);
  return store_run (q, error);
}

static void
take_row (StoreStmt *q, gpointer rows)
{
  g_ptr_array_add (rows, row_of (q));
}

GPtrArray *
message_rows (Store *store, gint64 case_id, int limit, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) message_row_free);
  g_autoptr (StoreStmt) q =
    store_query (store, message_sql[case_id != 0 ? OF_CASE : NEWEST], error);

  if (q == NULL)
    return NULL;
  if (case_id != 0)
    store_bind_int (q, ":id", case_id);
  store_bind_int (q, ":limit", limit);
  return store_each (q, take_row, rows, error) ? g_steal_pointer (&rows) : NULL;
}

static StoreStmt *
place_query (Store *store, int sql, const char *mailbox, guint32 uidvalidity, guint32 uid,
             GError **error)
{
  StoreStmt *q = store_query (store, message_sql[sql], error);

  if (q == NULL)
    return NULL;
  store_bind_text (q, ":mailbox", mailbox);
  store_bind_int (q, ":uidvalidity", uidvalidity);
  store_bind_int (q, ":uid", uid);
  return q;
}

bool
placement_add (StoreTxn *txn, const EngineArrival *a, gint64 message, MailboxTarget target,
               GError **error)
{
  g_autofree char *place =
    a->folder != NULL ? g_strconcat (a->mailbox, "/", a->folder, NULL) : g_strdup (a->mailbox);
  g_autoptr (StoreStmt) q =
    place_query (store_of (txn), ADD_PLACE, place, a->uidvalidity, a->uid, error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":moved", a->folder != NULL);
  store_bind_int (q, ":message", message);
  store_bind_text (q, ":target", target == MAILBOX_TO_HELD ? "held" : "filed");
  return store_run (q, error);
}

bool
placement_find (Store *store, const char *mailbox, guint32 uidvalidity, guint32 uid, bool *known,
                MailboxTarget *target, GError **error)
{
  g_autoptr (StoreStmt) q = place_query (store, FIND_PLACE, mailbox, uidvalidity, uid, error);

  if (q == NULL || !store_step (q, known, error))
    return false;
  if (*known)
    *target = strcmp (store_column_text (q, 0), "held") == 0 ? MAILBOX_TO_HELD : MAILBOX_TO_FILED;
  return true;
}

bool
placement_moved (StoreTxn *txn, const char *mailbox, guint32 uidvalidity, guint32 uid,
                 GError **error)
{
  g_autoptr (StoreStmt) q = place_query (store_of (txn), MOVED, mailbox, uidvalidity, uid, error);

  return q != NULL && store_run (q, error);
}

bool
placement_any_to_move (Store *store, const char *mailbox, bool *any, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, message_sql[SOME_TO_MOVE], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":mailbox", mailbox);
  return store_step (q, any, error);
}

bool
placement_all_moved (StoreTxn *txn, const char *mailbox, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), message_sql[ALL_MOVED], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":mailbox", mailbox);
  return store_run (q, error);
}
