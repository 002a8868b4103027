/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whom staff introduced as signing for an organization, with the message that did it.
 */
#include "engine/run.h"

enum { SIGNERS, CASES };

const char *const signer_sql[] = {
  [SIGNERS] =
    "SELECT o.name, s.role, s.fingerprint, s.name, s.by, s.at, s.retired, s.retired_by, o.id,"
    " coalesce ((SELECT i.subject FROM cases c JOIN event e INDEXED BY event_by_case ON e.case_id = c.id"
    " JOIN input i ON i.id = e.input WHERE c.organization = s.organization AND e.kind = 'case.signer'"
    " AND json_extract (e.detail, '$.fingerprint') = s.fingerprint AND i.kind = 'message'"
    " ORDER BY e.id DESC LIMIT 1), 0)"
    " FROM signer s JOIN organization o ON o.id = s.organization ORDER BY s.at, s.fingerprint /*scan*/",
  [CASES] =
    "SELECT id FROM cases WHERE organization = :organization ORDER BY EXISTS (SELECT 1 FROM event e INDEXED BY event_by_case"
    " WHERE e.case_id = cases.id AND e.kind = 'case.signer' AND json_extract (e.detail, '$.fingerprint') = :fingerprint) DESC, open DESC, id DESC",
  NULL
};

void
signer_row_free (gpointer data)
{
  SignerRow *row = data;

  g_free (row->organization);
  g_free (row->role);
  g_free (row->fingerprint);
  g_free (row->name);
  g_free (row->by);
  g_free (row->retired_by);
  g_free (row);
}

static void
take_row (StoreStmt *q, gpointer list)
{
  SignerRow *row = g_new0 (SignerRow, 1);

  *row = (SignerRow){ g_strdup (store_column_text (q, 0)),
                      g_strdup (store_column_text (q, 1)),
                      g_strdup (store_column_text (q, 2)),
                      g_strdup (store_column_text (q, 3)),
                      g_strdup (store_column_text (q, 4)),
                      store_column_int (q, 5),
                      store_column_int (q, 9),
                      store_column_int (q, 6),
                      store_column_int (q, 8),
                      g_strdup (store_column_text (q, 7)) };
  g_ptr_array_add (list, row);
}

GPtrArray *
signer_rows (Store *store, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (signer_row_free);
  g_autoptr (StoreStmt) q = store_query (store, signer_sql[SIGNERS], error);

  return q != NULL && store_each (q, take_row, list, error) ? g_steal_pointer (&list) : NULL;
}

GArray *
signer_cases (Store *store, const SignerRow *row, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, signer_sql[CASES], error);

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":organization", row->organization_id);
  store_bind_text (q, ":fingerprint", row->fingerprint);
  return store_ids (q, error);
}
