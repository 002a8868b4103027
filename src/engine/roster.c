/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Changes of the roster: kept in a table, laid over the people of every program in use.
 *
 * Both workers have programs of their own, so each looks at the beginning of a transaction whether the other changed something.
 */
#include "engine/roster.h"

#include <string.h>

enum { ADD, ALL, LAST };

const char *const roster_sql[] = {
  [ADD] =
    "INSERT INTO roster_change (action, address, name, roles, by, message, at)"
    " VALUES (:action, :address, :name, :roles, :by, :message, :at)",
  [ALL] = "SELECT n, action, address, name, roles, by, message, at FROM roster_change ORDER BY n /*scan*/",
  [LAST] = "SELECT coalesce (max (n), 0) FROM roster_change",
  NULL
};

void
roster_row_free (gpointer data)
{
  RosterRow *row = data;

  g_free (row->action);
  g_free (row->address);
  g_free (row->name);
  g_free (row->roles);
  g_free (row->by);
  g_free (row);
}

static void
take_row (StoreStmt *q, gpointer list)
{
  RosterRow *row = g_new0 (RosterRow, 1);

  *row = (RosterRow){ store_column_int (q, 0), g_strdup (store_column_text (q, 1)), g_strdup (store_column_text (q, 2)),
                      g_strdup (store_column_text (q, 3)), g_strdup (store_column_text (q, 4)), g_strdup (store_column_text (q, 5)),
                      store_column_int (q, 6), store_column_int (q, 7) };
  g_ptr_array_add (list, row);
}

GPtrArray *
roster_rows (Store *store, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (roster_row_free);
  g_autoptr (StoreStmt) q = store_query (store, roster_sql[ALL], error);

  return q != NULL && store_each (q, take_row, list, error) ? g_steal_pointer (&list) : NULL;
}

bool
roster_add (StoreTxn *txn, const RosterRow *row, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), roster_sql[ADD], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":action", row->action);
  store_bind_text (q, ":address", row->address);
  store_bind_text (q, ":name", row->name);
  store_bind_text (q, ":roles", row->roles);
  store_bind_text (q, ":by", row->by);
  store_bind_int (q, ":message", row->message);
  store_bind_int (q, ":at", row->at);
  return store_run (q, error);
}

static void
lay_over (Program *program, const GPtrArray *rows)
{
  g_autofree ProgramRosterChange *changes = g_new0 (ProgramRosterChange, rows->len + 1);

  for (guint i = 0; i < rows->len; i++)
    {
      const RosterRow *row = rows->pdata[i];

      changes[i] = (ProgramRosterChange){ row->address, row->name, row->roles, strcmp (row->action, "leave") == 0 };
    }
  program_change_roster (program, changes, rows->len);
}

bool
roster_apply (Office *office, Program *program, GError **error)
{
  g_autoptr (GPtrArray) rows = roster_rows (office->store, error);

  if (rows != NULL && rows->len > 0)
    lay_over (program, rows);
  return rows != NULL;
}

static bool
last_change (Store *store, gint64 *n, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, roster_sql[LAST], error);
  bool row;

  if (q == NULL || !store_step (q, &row, error))
    return false;
  *n = row ? store_column_int (q, 0) : 0;
  return true;
}

bool
roster_refresh (Office *office, GError **error)
{
  GHashTableIter iter;
  gpointer pinned;
  gint64 last;

  if (!last_change (office->store, &last, error))
    return false;
  if (last == office->roster_n)
    return true;
  g_autoptr (GPtrArray) rows = roster_rows (office->store, error);
  if (rows == NULL)
    return false;
  lay_over (office->definition->program, rows);
  g_hash_table_iter_init (&iter, office->pinned);
  while (g_hash_table_iter_next (&iter, NULL, &pinned))
    lay_over (pinned, rows);
  office->roster_n = last;
  return true;
}
