/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inputs and the hash-chained events they led to.
 */
#include "store/journal.h"

#include <string.h>

#include "base/digest.h"
#include "base/error.h"

enum { ADD_INPUT, ADD_EVENT, LAST_HASH, NEXT_INPUT, NEXT_EVENT, OF_CASE, OF_INPUT, INPUT_OF };

const char *const journal_sql[] = {
  [ADD_INPUT] =
    "INSERT INTO input (kind, at, subject, detail) VALUES (:kind, :at, :subject, :detail)",
  [ADD_EVENT] =
    "INSERT INTO event (id, input, case_id, at, kind, detail, hash)"
    " VALUES (:id, :input, :case_id, :at, :kind, :detail, :hash)",
  [LAST_HASH] =
    "SELECT id, hash FROM event ORDER BY id DESC LIMIT 1 /*scan*/",
  [NEXT_INPUT] =
    "SELECT id, kind, at, subject, detail FROM input WHERE id > :id ORDER BY id LIMIT 1",
  [NEXT_EVENT] =
    "SELECT id, input, coalesce (case_id, 0), at, kind, detail, hash FROM event"
    " WHERE id > :id ORDER BY id LIMIT 1",
  [OF_CASE] =
    "SELECT id, input, coalesce (case_id, 0), at, kind, detail, hash FROM event"
    " WHERE case_id = :id ORDER BY id",
  [OF_INPUT] =
    "SELECT id, input, coalesce (case_id, 0), at, kind, detail, hash FROM event"
    " WHERE input = :id ORDER BY id",
  [INPUT_OF] =
    "SELECT id, kind, at, subject, detail FROM input WHERE kind = :kind AND subject = :subject"
    " ORDER BY id LIMIT 1",
  NULL
};

void
journal_input_free (JournalInput *input)
{
  if (input == NULL)
    return;
  g_free (input->kind);
  g_free (input->detail);
  g_free (input);
}

void
journal_event_free (JournalEvent *event)
{
  if (event == NULL)
    return;
  g_free (event->kind);
  g_free (event->detail);
  g_free (event->hash);
  g_free (event);
}

char *
journal_text (JsonObject *object)
{
  if (object == NULL)
    return g_strdup ("{}");
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return json_to_string (node, FALSE);
}

char *
journal_member (const char *detail, const char *name)
{
  g_autoptr (JsonNode) node = json_from_string (detail, NULL);
  JsonObject *object =
    node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *member = object != NULL ? json_object_get_member (object, name) : NULL;

  if (member == NULL)
    return NULL;
  if (json_node_get_value_type (member) == G_TYPE_STRING)
    return json_node_dup_string (member);
  return json_to_string (member, FALSE);
}

bool
journal_input (StoreTxn *txn, const char *kind, gint64 at, gint64 subject, JsonObject *detail,
               gint64 *id, GError **error)
{
  g_autofree char *text = journal_text (detail);
  g_autoptr (StoreStmt) q = store_query (store_of (txn), journal_sql[ADD_INPUT], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":kind", kind);
  store_bind_int (q, ":at", at);
  store_bind_int (q, ":subject", subject);
  store_bind_text (q, ":detail", text);
  if (!store_run (q, error))
    return false;
  *id = store_last_id (txn);
  return true;
}

static char *
chain (const char *before, gint64 id, gint64 input, gint64 case_id, gint64 at, const char *kind,
       const char *detail)
{
  g_autofree char *row = g_strdup_printf ("%s\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT
                                          "\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n%s\n%s",
                                          before, id, input, case_id, at, kind, detail);
  char hash[65];

  digest_of (row, -1, hash);
  return g_strdup (hash);
}

bool
journal_head (Store *store, gint64 *id, char **hash, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, journal_sql[LAST_HASH], error);
  bool row;

  if (q == NULL || !store_step (q, &row, error))
    return false;
  *id = row ? store_column_int (q, 0) : 0;
  *hash = g_strdup (row ? store_column_text (q, 1) : "");
  return true;
}

bool
journal_event (StoreTxn *txn, gint64 input, gint64 case_id, gint64 at, const char *kind,
               JsonObject *detail, GError **error)
{
  g_autofree char *text = journal_text (detail);
  g_autofree char *before = NULL;
  gint64 id;

  if (!journal_head (store_of (txn), &id, &before, error))
    return false;
  g_autofree char *hash = chain (before, id + 1, input, case_id, at, kind, text);
  g_autoptr (StoreStmt) q = store_query (store_of (txn), journal_sql[ADD_EVENT], error);
  if (q == NULL)
    return false;
  store_bind_int (q, ":id", id + 1);
  store_bind_int (q, ":input", input);
  store_bind_id (q, ":case_id", case_id);
  store_bind_int (q, ":at", at);
  store_bind_text (q, ":kind", kind);
  store_bind_text (q, ":detail", text);
  store_bind_text (q, ":hash", hash);
  return store_run (q, error);
}

static JournalInput *
input_of_row (StoreStmt *q)
{
  JournalInput *input = g_new0 (JournalInput, 1);

  input->id = store_column_int (q, 0);
  input->kind = g_strdup (store_column_text (q, 1));
  input->at = store_column_int (q, 2);
  input->subject = store_column_int (q, 3);
  input->detail = g_strdup (store_column_text (q, 4));
  return input;
}

static JournalEvent *
event_of_row (StoreStmt *q)
{
  JournalEvent *event = g_new0 (JournalEvent, 1);

  event->id = store_column_int (q, 0);
  event->input = store_column_int (q, 1);
  event->case_id = store_column_int (q, 2);
  event->at = store_column_int (q, 3);
  event->kind = g_strdup (store_column_text (q, 4));
  event->detail = g_strdup (store_column_text (q, 5));
  event->hash = g_strdup (store_column_text (q, 6));
  return event;
}

JournalInput *
journal_next_input (Store *store, gint64 id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, journal_sql[NEXT_INPUT], error);
  bool row;

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":id", id);
  return store_step (q, &row, error) && row ? input_of_row (q) : NULL;
}

JournalEvent *
journal_next_event (Store *store, gint64 id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, journal_sql[NEXT_EVENT], error);
  bool row;

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":id", id);
  return store_step (q, &row, error) && row ? event_of_row (q) : NULL;
}

JournalInput *
journal_input_of (Store *store, const char *kind, gint64 subject, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, journal_sql[INPUT_OF], error);
  bool row;

  if (q == NULL)
    return NULL;
  store_bind_text (q, ":kind", kind);
  store_bind_int (q, ":subject", subject);
  return store_step (q, &row, error) && row ? input_of_row (q) : NULL;
}

static void
take_event (StoreStmt *q, gpointer list)
{
  g_ptr_array_add (list, event_of_row (q));
}

static GPtrArray *
events (Store *store, int sql, gint64 id, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) journal_event_free);
  g_autoptr (StoreStmt) q = store_query (store, journal_sql[sql], error);

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":id", id);
  return store_each (q, take_event, list, error) ? g_steal_pointer (&list) : NULL;
}

GPtrArray *
journal_of_case (Store *store, gint64 case_id, GError **error)
{
  return events (store, OF_CASE, case_id, error);
}

GPtrArray *
journal_of_input (Store *store, gint64 input, GError **error)
{
  return events (store, OF_INPUT, input, error);
}

bool
journal_verify (Store *store, gint64 *n, gint64 *broken, GError **error)
{
  g_autofree char *before = g_strdup ("");
  g_autoptr (GError) inner = NULL;
  gint64 id = 0;

  *n = *broken = 0;
  for (;;)
    {
      g_autoptr (JournalEvent) e = journal_next_event (store, id, &inner);

      if (inner != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&inner));
          return false;
        }
      if (e == NULL)
        return true;
      g_autofree char *hash =
        chain (before, id + 1, e->input, e->case_id, e->at, e->kind, e->detail);
      if (e->id != id + 1 || strcmp (hash, e->hash) != 0)
        {
          *broken = e->id;
          return true;
        }
      g_free (before);
      before = g_strdup (e->hash);
      id = e->id;
      (*n)++;
    }
}
