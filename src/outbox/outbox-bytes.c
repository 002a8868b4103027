/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the bytes of our own mail are: a row beside the outbox, so that writing one costs no file,
 * and no fsync but that of the commit; a file of the archive when it is large, as with what
 * somebody sent attached.
 */
#include "outbox/outbox-private.h"

#include <string.h>

#include "base/digest.h"

enum { LARGEST_ROW = 64 * 1024 };

enum { ADD, GET, EACH };

const char *const outbox_bytes_sql[] = {
  [ADD] =
    "INSERT INTO mail_bytes (id, bytes) VALUES (:id, :bytes)",
  [GET] =
    "SELECT bytes FROM mail_bytes WHERE id = :id",
  [EACH] =
    "SELECT b.bytes, o.sha256, o.id FROM mail_bytes b JOIN outbox o ON o.id = b.id ORDER BY b.id /*scan*/",
  NULL
};

static bool
is_row (const GBytes *bytes)
{
  return g_bytes_get_size ((GBytes *) bytes) <= LARGEST_ROW;
}

bool
outbox_bytes_name (Archive *archive, GBytes *bytes, char sha256[65], GError **error)
{
  if (!is_row (bytes))
    return archive_put (archive, bytes, sha256, error);
  digest_of (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), sha256);
  return true;
}

bool
outbox_bytes_add (StoreTxn *txn, gint64 id, GBytes *bytes, GError **error)
{
  g_autoptr (StoreStmt) q =
    is_row (bytes) ? store_query (store_of (txn), outbox_bytes_sql[ADD], error) : NULL;

  if (q == NULL)
    return !is_row (bytes);
  store_bind_int (q, ":id", id);
  store_bind_bytes (q, ":bytes", bytes);
  return store_run (q, error);
}

bool
outbox_row_bytes (Store *store, gint64 id, GBytes **bytes, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_bytes_sql[GET], error);
  bool row;

  *bytes = NULL;
  if (q == NULL)
    return false;
  store_bind_int (q, ":id", id);
  if (!store_step (q, &row, error))
    return false;
  if (row)
    *bytes = store_column_bytes (q, 0);
  return true;
}

GBytes *
outbox_bytes (Store *store, const Archive *archive, const OutboxItem *item, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (!outbox_row_bytes (store, item->id, &bytes, error))
    return NULL;
  return bytes != NULL ? g_steal_pointer (&bytes) : archive_get (archive, item->sha256, error);
}

static void
check_row (StoreStmt *q, gpointer findings)
{
  g_autoptr (GBytes) bytes = store_column_bytes (q, 0);
  char sha256[65];

  digest_of (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), sha256);
  if (strcmp (sha256, store_column_text (q, 1)) != 0)
    g_ptr_array_add (findings,
                     g_strdup_printf ("outbox: the bytes of mail %" G_GINT64_FORMAT
                                      " have the hash %s, not %s",
                                      store_column_int (q, 2), sha256, store_column_text (q, 1)));
}

bool
outbox_bytes_verify (Store *store, GPtrArray *findings, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_bytes_sql[EACH], error);

  return q != NULL && store_each (q, check_row, findings, error);
}
