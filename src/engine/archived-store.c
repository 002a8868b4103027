/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What of the archive the database speaks of.
 */
#include "engine/office.h"

enum { NAMES };

const char *const archived_sql[] = {
  [NAMES] =
    "SELECT sha256 FROM message UNION SELECT sha256 FROM outbox WHERE id NOT IN (SELECT id FROM mail_bytes) UNION SELECT sealed FROM outbox"
    " WHERE sealed NOT IN ('', sha256)"
    " UNION SELECT sha256 FROM definition_file /*scan*/",
  NULL
};

static void
take_name (StoreStmt *q, gpointer names)
{
  g_ptr_array_add (names, g_strdup (store_column_text (q, 0)));
}

GPtrArray *
archived_names (Store *store, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (StoreStmt) q = store_query (store, archived_sql[NAMES], error);

  return q != NULL && store_each (q, take_name, names, error) ? g_steal_pointer (&names) : NULL;
}
