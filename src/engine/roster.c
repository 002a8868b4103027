/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Changes of the roster, for good or for days: kept in a table, laid over the people of every
 * program in use.
 *
 * Both workers have programs of their own, so each looks at the beginning of a transaction whether
 * the other changed something.
 */
#include "engine/roster.h"

#include <string.h>

enum { ADD, ALL, LAST, TOLD };

const char *const roster_sql[] = {
  [ADD] =
    "INSERT INTO roster_change (action, address, name, roles, by, message, at, since, until, deputy)"
    " VALUES (:action, :address, :name, :roles, :by, :message, :at, :since, :until, :deputy)",
  [ALL] =
    "SELECT n, action, address, name, roles, by, message, at, since, until, deputy, told FROM roster_change"
    " ORDER BY n /*scan*/",
  [LAST] = "SELECT coalesce (max (n), 0) FROM roster_change",
  [TOLD] = "UPDATE roster_change SET told = 1 WHERE n = :n",
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
  g_free (row->deputy);
  g_free (row);
}

static void
take_row (StoreStmt *q, gpointer list)
{
  RosterRow *row = g_new0 (RosterRow, 1);

  *row = (RosterRow){ store_column_int (q, 0),
                      g_strdup (store_column_text (q, 1)),
                      g_strdup (store_column_text (q, 2)),
                      g_strdup (store_column_text (q, 3)),
                      g_strdup (store_column_text (q, 4)),
                      g_strdup (store_column_text (q, 5)),
                      store_column_int (q, 6),
                      store_column_int (q, 7),
                      store_column_int (q, 8),
                      store_column_int (q, 9),
                      g_strdup (store_column_text (q, 10)),
                      store_column_int (q, 11) != 0 };
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
  store_bind_int (q, ":since", row->since);
  store_bind_int (q, ":until", row->until);
  store_bind_text (q, ":deputy", row->deputy != NULL ? row->deputy : "");
  return store_run (q, error);
}

bool
roster_told (StoreTxn *txn, gint64 n, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), roster_sql[TOLD], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", n);
  return store_run (q, error);
}

/* --- who is away ------------------------------------------------------------------------------ */

static const RosterRow *absence_of_first (const GPtrArray *rows, guint n, const char *address,
                                          gint64 day);

/* Whether the absence at INDEX is in force on DAY for all that was said in the first N of ROWS:
 * "back" ends what is in force that day; when nothing is, it takes back what was to come. */
static bool
is_in_force (const GPtrArray *rows, guint n, guint index, gint64 day)
{
  const RosterRow *row = rows->pdata[index];

  for (guint i = index + 1; i < n; i++)
    {
      const RosterRow *later = rows->pdata[i];

      if (strcmp (later->action, "back") != 0 || strcmp (later->address, row->address) != 0)
        continue;
      if (row->since <= later->since
            ? day >= later->since
            : absence_of_first (rows, i, row->address, later->since) == NULL)
        return false;
    }
  return row->since <= day && day <= row->until;
}

static const RosterRow *
absence_of_first (const GPtrArray *rows, guint n, const char *address, gint64 day)
{
  for (guint i = n; i > 0; i--)
    {
      const RosterRow *row = rows->pdata[i - 1];

      if (strcmp (row->action, "away") == 0 && strcmp (row->address, address) == 0
          && is_in_force (rows, n, i - 1, day))
        return row;
    }
  return NULL;
}

const RosterRow *
roster_absence (const GPtrArray *rows, const char *address, gint64 day)
{
  return absence_of_first (rows, rows->len, address, day);
}

bool
roster_is_back (StoreTxn *txn, const Program *program, const char *address, gint64 at,
                RosterRow **was, GError **error)
{
  g_autoptr (GPtrArray) rows = roster_rows (store_of (txn), error);
  gint64 day = calendar_day_number (program->calendar, at);

  for (guint i = rows != NULL ? rows->len : 0; i > 0; i--)
    {
      const RosterRow *row = rows->pdata[i - 1];

      if (row->told || strcmp (row->action, "away") != 0 || strcmp (row->address, address) != 0
          || row->since >= day || roster_absence (rows, address, row->since) != row
          || roster_absence (rows, address, day) != NULL)
        continue;
      if (!roster_told (txn, row->n, error))
        return false;
      if (*was == NULL)
        *was = g_ptr_array_steal_index (rows, i - 1);
    }
  return rows != NULL;
}

static bool
is_of_days (const RosterRow *row)
{
  return strcmp (row->action, "away") == 0 || strcmp (row->action, "back") == 0;
}

/* --- laid over the programs ------------------------------------------------------------------- */

static void
lay_over (Program *program, const GPtrArray *rows, gint64 day)
{
  g_autofree ProgramRosterChange *changes = g_new0 (ProgramRosterChange, 2 * rows->len + 1);
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const RosterRow *row = rows->pdata[i];

      if (!is_of_days (row))
        changes[n++] = (ProgramRosterChange){ .address = row->address,
                                              .name = row->name,
                                              .roles = row->roles,
                                              .leaves = strcmp (row->action, "leave") == 0 };
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const RosterRow *row = rows->pdata[i];

      if (strcmp (row->action, "away") == 0 && roster_absence (rows, row->address, day) == row)
        changes[n++] = (ProgramRosterChange){ .address = row->address,
                                              .away = true,
                                              .deputy = row->deputy,
                                              .away_until = calendar_close_of_day (
                                                program->calendar, (int) row->until) };
    }
  program_change_roster (program, changes, n);
}

bool
roster_apply (Office *office, Program *program, GError **error)
{
  g_autoptr (GPtrArray) rows = roster_rows (office->store, error);

  if (rows != NULL && rows->len > 0)
    lay_over (program, rows, office->roster_day);
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
roster_refresh (Office *office, gint64 now, GError **error)
{
  GHashTableIter iter;
  gpointer pinned;
  gint64 last, day = calendar_day_number (office->definition->program->calendar, now);

  if (!last_change (office->store, &last, error))
    return false;
  if (last == office->roster_n && (last == 0 || day == office->roster_day))
    return true;
  g_autoptr (GPtrArray) rows = roster_rows (office->store, error);
  if (rows == NULL)
    return false;
  lay_over (office->definition->program, rows, day);
  g_hash_table_iter_init (&iter, office->pinned);
  while (g_hash_table_iter_next (&iter, NULL, &pinned))
    lay_over (pinned, rows, day);
  office->roster_n = last;
  office->roster_day = day;
  return true;
}
