/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cases of an office: found, numbered, written, listed.  Reading one whole is case-load.c's.
 */
#include "case/case-store.h"

#include <string.h>

#include "base/error.h"
#include "case/case-record.h"

/* Cases joined one after the other; none is joined with one that is closed, so there is no
 * circle. */
enum { MAX_JOINED = 100 };

enum {
  FIND,
  OF_CONTACT,
  OF_CONTACT_OPEN,
  IS_CONTACT,
  LANGUAGE_OF,
  ADD_ORGANIZATION,
  ADD_CONTACT,
  LAST_NUMBER,
  INSERT,
  OF_OWNER,
  LOADS,
  NEXT_TIMER,
  EACH,
  EACH_OPEN,
  JOINED
};

const char *const case_sql[] = {
  [FIND] =
    "SELECT id FROM cases WHERE ref = :ref",
  [OF_CONTACT] =
    "SELECT c.id FROM contact k JOIN cases c ON c.organization = k.organization WHERE k.email = :email"
    " ORDER BY c.id",
  [OF_CONTACT_OPEN] =
    "SELECT c.id FROM contact k JOIN cases c ON c.organization = k.organization AND c.open = 1"
    " WHERE k.email = :email ORDER BY c.id",
  [IS_CONTACT] =
    "SELECT 1 FROM contact WHERE email = :email LIMIT 1",
  [LANGUAGE_OF] =
    "SELECT language FROM contact INDEXED BY contact_by_email WHERE email = :email AND language <> '' ORDER BY id DESC LIMIT 1",
  [ADD_ORGANIZATION] =
    "INSERT INTO organization (name, address, phone) VALUES (:name, :address, :phone)",
  [ADD_CONTACT] =
    "INSERT INTO contact (organization, email, name, phone, language)"
    " VALUES (:organization, :email, :name, :phone, :language)",
  [LAST_NUMBER] =
    "SELECT coalesce (max (number), 0) FROM cases WHERE prefix = :prefix AND year = :year",
  [INSERT] =
    "INSERT INTO cases (ref, type, year, number, prefix, organization, definition, edition, state, state_since,"
    " opened_at, owner, open, serial, parent) VALUES (:ref, :type, :year, :number, :prefix, :organization, :definition,"
    " :edition, :state, :at, :at, '', 1, 0, :parent)",
  [OF_OWNER] =
    "SELECT id FROM cases INDEXED BY case_by_owner WHERE owner = :owner AND open = 1 ORDER BY id",
  [LOADS] =
    "SELECT owner, count (*) FROM cases INDEXED BY case_by_owner WHERE open = 1 GROUP BY owner /*scan*/",
  [NEXT_TIMER] =
    "SELECT due, case_id, n FROM timer INDEXED BY timer_due WHERE status = 'running' AND paused = 0"
    " AND due <= :now ORDER BY due, case_id, n LIMIT 1",
  [EACH] =
    "SELECT id FROM cases ORDER BY id /*scan*/",
  [EACH_OPEN] =
    "SELECT id FROM cases WHERE open = 1 ORDER BY id /*scan*/",
  [JOINED] =
    "SELECT joined FROM cases WHERE id = :id",
  NULL
};

bool
case_id_of (Store *store, const char *ref, gint64 *id, GError **error)
{
  g_autofree char *upper = g_ascii_strup (ref, -1);
  g_autoptr (StoreStmt) q = store_query (store, case_sql[FIND], error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_text (q, ":ref", upper);
  if (!store_step (q, &row, error))
    return false;
  *id = row ? store_column_int (q, 0) : 0;
  return true;
}

Case *
case_find (Store *store, const char *ref, GError **error)
{
  gint64 id;

  return case_id_of (store, ref, &id, error) && id != 0 ? case_load (store, id, error) : NULL;
}

static StoreStmt *
query_by_email (Store *store, int sql, const char *email, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (email, -1);
  StoreStmt *q = store_query (store, case_sql[sql], error);

  if (q != NULL)
    store_bind_text (q, ":email", lower);
  return q;
}

GArray *
case_of_contact (Store *store, const char *email, bool open_only, GError **error)
{
  g_autoptr (StoreStmt) q =
    query_by_email (store, open_only ? OF_CONTACT_OPEN : OF_CONTACT, email, error);

  return q != NULL ? store_ids (q, error) : NULL;
}

bool
case_is_contact (Store *store, const char *email, bool *is, GError **error)
{
  g_autoptr (StoreStmt) q = query_by_email (store, IS_CONTACT, email, error);

  return q != NULL && store_step (q, is, error);
}

bool
case_add_organization (StoreTxn *txn, const char *name, const char *address, const char *phone,
                       gint64 *id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), case_sql[ADD_ORGANIZATION], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":name", name);
  store_bind_text (q, ":address", address);
  store_bind_text (q, ":phone", phone);
  if (!store_run (q, error))
    return false;
  *id = store_last_id (txn);
  return true;
}

bool
case_add_contact (StoreTxn *txn, gint64 organization, const char *email, const char *name,
                  const char *phone, const char *language, GError **error)
{
  g_autoptr (StoreStmt) q = query_by_email (store_of (txn), ADD_CONTACT, email, error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":organization", organization);
  store_bind_text (q, ":name", name);
  store_bind_text (q, ":phone", phone);
  store_bind_text (q, ":language", language);
  return store_run (q, error);
}

bool
case_language_of (Store *store, const char *email, char **language, GError **error)
{
  g_autoptr (StoreStmt) q = query_by_email (store, LANGUAGE_OF, email, error);
  bool row;

  if (q == NULL || !store_step (q, &row, error))
    return false;
  *language = g_strdup (row ? store_column_text (q, 0) : "");
  return true;
}

static bool
next_number (Store *store, const char *prefix, int year, gint64 *number, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, case_sql[LAST_NUMBER], error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_text (q, ":prefix", prefix);
  store_bind_int (q, ":year", year);
  if (!store_step (q, &row, error))
    return false;
  *number = store_column_int (q, 0) + 1;
  return true;
}

bool
case_insert (StoreTxn *txn, Case *c, const char *prefix, int year, GError **error)
{
  gint64 number;

  if (!next_number (store_of (txn), prefix, year, &number, error))
    return false;
  g_autofree char *ref = g_strdup_printf ("%s-%d-%04" G_GINT64_FORMAT, prefix, year, number);
  g_autoptr (StoreStmt) q = store_query (store_of (txn), case_sql[INSERT], error);
  if (q == NULL)
    return false;
  store_bind_text (q, ":ref", ref);
  store_bind_text (q, ":type", c->type);
  store_bind_int (q, ":year", year);
  store_bind_int (q, ":number", number);
  store_bind_text (q, ":prefix", prefix);
  store_bind_int (q, ":organization", c->organization);
  store_bind_text (q, ":definition", c->definition);
  store_bind_text (q, ":edition", c->edition);
  store_bind_text (q, ":state", c->state);
  store_bind_int (q, ":at", c->opened_at);
  store_bind_int (q, ":parent", c->parent);
  if (!store_run (q, error))
    return false;
  c->id = store_last_id (txn);
  g_free (c->ref);
  c->ref = g_steal_pointer (&ref);
  return true;
}

bool
case_save (StoreTxn *txn, const Case *c, const GPtrArray *changes, gint64 input, gint64 now,
           GError **error)
{
  for (guint i = 0; i < changes->len; i++)
    if (!case_record (txn, c, changes->pdata[i], input, now, error))
      return false;
  return case_record_row (txn, c, error);
}

bool
case_goes_on_in (Store *store, gint64 *id, GError **error)
{
  gint64 next = *id;

  for (int n = 0; n < MAX_JOINED && next != 0; n++)
    {
      g_autoptr (StoreStmt) q = store_query (store, case_sql[JOINED], error);
      bool row;

      if (q == NULL)
        return false;
      store_bind_int (q, ":id", next);
      if (!store_step (q, &row, error))
        return false;
      *id = next;
      next = row ? store_column_int (q, 0) : 0;
    }
  return true;
}

static void
take_load (StoreStmt *q, gpointer loads)
{
  g_hash_table_insert (loads, g_strdup (store_column_text (q, 0)),
                       GINT_TO_POINTER ((int) store_column_int (q, 1)));
}

GArray *
case_of_owner (Store *store, const char *owner, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, case_sql[OF_OWNER], error);

  if (q == NULL)
    return NULL;
  store_bind_text (q, ":owner", owner);
  return store_ids (q, error);
}

GHashTable *
case_loads (Store *store, GError **error)
{
  g_autoptr (GHashTable) loads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (StoreStmt) q = store_query (store, case_sql[LOADS], error);

  return q != NULL && store_each (q, take_load, loads, error) ? g_steal_pointer (&loads) : NULL;
}

bool
case_next_timer (Store *store, gint64 now, gint64 *case_id, gint64 *n, gint64 *due, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, case_sql[NEXT_TIMER], error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_int (q, ":now", now);
  if (!store_step (q, &row, error) || !row)
    return false;
  *due = store_column_int (q, 0);
  *case_id = store_column_int (q, 1);
  *n = store_column_int (q, 2);
  return true;
}

bool
case_next_due (Store *store, gint64 *due, GError **error)
{
  g_autoptr (GError) inner = NULL;
  gint64 case_id, n;

  *due = 0;
  if (case_next_timer (store, G_MAXINT64, &case_id, &n, due, &inner) || inner == NULL)
    return true;
  g_propagate_error (error, g_steal_pointer (&inner));
  return false;
}

static bool
each_of (Store *store, int sql, CaseRow each, gpointer data, GError **error)
{
  g_autoptr (GArray) ids = NULL;
  {
    g_autoptr (StoreStmt) q = store_query (store, case_sql[sql], error);

    ids = q != NULL ? store_ids (q, error) : NULL;
  }
  if (ids == NULL)
    return false;
  for (guint i = 0; i < ids->len; i++)
    if (!each (store, g_array_index (ids, gint64, i), data, error))
      return false;
  return true;
}

bool
case_each (Store *store, CaseRow each, gpointer data, GError **error)
{
  return each_of (store, EACH, each, data, error);
}

bool
case_each_open (Store *store, CaseRow each, gpointer data, GError **error)
{
  return each_of (store, EACH_OPEN, each, data, error);
}
