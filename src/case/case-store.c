/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All SQL about cases.
 */
#include "case/case-store.h"

#include <string.h>

#include "base/error.h"
#include "case/case-record.h"

enum {
  LOAD, FIND, FIELDS, CONTACTS, DOCUMENTS, FINDINGS, CLARIFICATIONS, SIGNERS, PARTIES, TIMERS, ALL_TIMERS, OF_CONTACT,
  OF_CONTACT_OPEN, IS_CONTACT, ADD_ORGANIZATION, ADD_CONTACT, LAST_NUMBER, INSERT, LOADS, NEXT_TIMER, EACH, EACH_OPEN, RELATED
};

const char *const case_sql[] = {
  [LOAD] =
    "SELECT c.id, c.ref, c.type, c.definition, c.edition, c.state, c.state_since, c.opened_at, c.owner, c.open,"
    " c.serial, c.organization, o.name, c.parent, c.previous FROM cases c JOIN organization o ON o.id = c.organization WHERE c.id = :id",
  [FIND] =
    "SELECT id FROM cases WHERE ref = :ref",
  [FIELDS] =
    "SELECT name, value FROM case_field WHERE case_id = :id",
  [CONTACTS] =
    "SELECT k.email, k.name, k.phone FROM contact k JOIN cases c ON c.organization = k.organization"
    " WHERE c.id = :id ORDER BY k.id",
  [DOCUMENTS] =
    "SELECT n, element, name, file, type, size, sha256, message, part, at, version, status,"
    " verdict, signer, fingerprints, why, accepted, party FROM document"
    " WHERE case_id = :id ORDER BY n",
  [FINDINGS] =
    "SELECT element, value, by, at FROM finding WHERE case_id = :id ORDER BY element",
  [CLARIFICATIONS] =
    "SELECT n, element, text, by, at, due, extended, status FROM clarification WHERE case_id = :id ORDER BY n",
  [SIGNERS] =
    "SELECT s.role, s.fingerprint, s.name, s.by, s.at FROM cases c JOIN signer s ON s.organization = c.organization"
    " WHERE c.id = :id ORDER BY s.role, s.fingerprint",
  [PARTIES] =
    "SELECT name, role, access FROM party WHERE case_id = :id ORDER BY name",
  [TIMERS] =
    "SELECT n, name, about, reminder, parent, state, start, span, due, why, calendar, paused, status FROM timer"
    " WHERE case_id = :id AND status = 'running' ORDER BY n",
  [ALL_TIMERS] =
    "SELECT n, name, about, reminder, parent, state, start, span, due, why, calendar, paused, status FROM timer"
    " WHERE case_id = :id ORDER BY n",
  [OF_CONTACT] =
    "SELECT c.id FROM contact k JOIN cases c ON c.organization = k.organization WHERE k.email = :email"
    " ORDER BY c.id",
  [OF_CONTACT_OPEN] =
    "SELECT c.id FROM contact k JOIN cases c ON c.organization = k.organization AND c.open = 1"
    " WHERE k.email = :email ORDER BY c.id",
  [IS_CONTACT] =
    "SELECT 1 FROM contact WHERE email = :email LIMIT 1",
  [ADD_ORGANIZATION] =
    "INSERT INTO organization (name, address, phone) VALUES (:name, :address, :phone)",
  [ADD_CONTACT] =
    "INSERT INTO contact (organization, email, name, phone) VALUES (:organization, :email, :name, :phone)",
  [LAST_NUMBER] =
    "SELECT coalesce (max (number), 0) FROM cases WHERE prefix = :prefix AND year = :year",
  [INSERT] =
    "INSERT INTO cases (ref, type, year, number, prefix, organization, definition, edition, state, state_since,"
    " opened_at, owner, open, serial, parent) VALUES (:ref, :type, :year, :number, :prefix, :organization, :definition,"
    " :edition, :state, :at, :at, '', 1, 0, :parent)",
  [LOADS] =
    "SELECT owner, count (*) FROM cases INDEXED BY case_by_owner WHERE open = 1 GROUP BY owner /*scan*/",
  [NEXT_TIMER] =
    "SELECT due, case_id, n FROM timer INDEXED BY timer_due WHERE status = 'running' AND paused = 0"
    " AND due <= :now ORDER BY due, case_id, n LIMIT 1",
  [EACH] =
    "SELECT id FROM cases ORDER BY id /*scan*/",
  [EACH_OPEN] =
    "SELECT id FROM cases WHERE open = 1 ORDER BY id /*scan*/",
  [RELATED] =
    "SELECT id, parent, ref, type, state, open FROM cases WHERE organization = :organization AND id <> :id ORDER BY id",
  NULL
};

static StoreStmt *
query_by_id (Store *store, int sql, gint64 id, GError **error)
{
  StoreStmt *q = store_query (store, case_sql[sql], error);

  if (q != NULL)
    store_bind_int (q, ":id", id);
  return q;
}

/* One row of a list as a value for a Case. */
typedef void (*TakeRow) (Case *c, StoreStmt *q);

static void
take_field (Case *c, StoreStmt *q)
{
  g_hash_table_insert (c->fields, g_strdup (store_column_text (q, 0)), g_strdup (store_column_text (q, 1)));
}

static void
take_contact (Case *c, StoreStmt *q)
{
  CaseContact *contact = g_new0 (CaseContact, 1);

  contact->email = g_strdup (store_column_text (q, 0));
  contact->name = g_strdup (store_column_text (q, 1));
  contact->phone = g_strdup (store_column_text (q, 2));
  g_ptr_array_add (c->contacts, contact);
}

static void
take_signer (Case *c, StoreStmt *q)
{
  g_ptr_array_add (c->signers, case_signer_new (store_column_text (q, 0), store_column_text (q, 1), store_column_text (q, 2),
                                                store_column_text (q, 3), store_column_int (q, 4)));
}

static void
take_document (Case *c, StoreStmt *q)
{
  CaseDocument *document = g_new0 (CaseDocument, 1);

  document->n = store_column_int (q, 0);
  document->element = g_strdup (store_column_text (q, 1));
  document->name = g_strdup (store_column_text (q, 2));
  document->file = g_strdup (store_column_text (q, 3));
  document->type = g_strdup (store_column_text (q, 4));
  document->size = store_column_int (q, 5);
  document->sha256 = g_strdup (store_column_text (q, 6));
  document->message = store_column_int (q, 7);
  document->part = g_strdup (store_column_text (q, 8));
  document->at = store_column_int (q, 9);
  document->version = (int) store_column_int (q, 10);
  document->status = case_document_status (store_column_text (q, 11));
  document->signature = (CaseSignature){ g_strdup (store_column_text (q, 12)), g_strdup (store_column_text (q, 13)),
                                         g_strdup (store_column_text (q, 14)), g_strdup (store_column_text (q, 15)),
                                         g_strdup (store_column_text (q, 16)) };
  document->party = g_strdup (store_column_text (q, 17));
  g_ptr_array_add (c->documents, document);
}

static void
take_party (Case *c, StoreStmt *q)
{
  g_ptr_array_add (c->parties, case_party_new (store_column_text (q, 0), store_column_text (q, 1),
                                               store_column_int (q, 2) != 0));
}

static void
take_finding (Case *c, StoreStmt *q)
{
  CaseFinding *finding = g_new0 (CaseFinding, 1);

  finding->element = g_strdup (store_column_text (q, 0));
  finding->value = g_strdup (store_column_text (q, 1));
  finding->by = g_strdup (store_column_text (q, 2));
  finding->at = store_column_int (q, 3);
  g_ptr_array_add (c->findings, finding);
}

static void
take_clarification (Case *c, StoreStmt *q)
{
  CaseClarification *clarification = g_new0 (CaseClarification, 1);

  clarification->n = store_column_int (q, 0);
  clarification->element = g_strdup (store_column_text (q, 1));
  clarification->text = g_strdup (store_column_text (q, 2));
  clarification->by = g_strdup (store_column_text (q, 3));
  clarification->at = store_column_int (q, 4);
  clarification->due = store_column_int (q, 5);
  clarification->extended = (int) store_column_int (q, 6);
  clarification->open = strcmp (store_column_text (q, 7), "open") == 0;
  g_ptr_array_add (c->clarifications, clarification);
}

static CaseTimer *
timer_of_row (StoreStmt *q)
{
  CaseTimer *timer = g_new0 (CaseTimer, 1);
  const char *status = store_column_text (q, 12);

  timer->n = store_column_int (q, 0);
  timer->name = g_strdup (store_column_text (q, 1));
  timer->about = store_column_int (q, 2);
  timer->reminder = g_strdup (store_column_text (q, 3));
  timer->parent = store_column_int (q, 4);
  timer->state = g_strdup (store_column_text (q, 5));
  timer->start = store_column_int (q, 6);
  timer->span = g_strdup (store_column_text (q, 7));
  timer->due = store_column_int (q, 8);
  timer->why = g_strdup (store_column_text (q, 9));
  timer->calendar = g_strdup (store_column_text (q, 10));
  timer->paused = store_column_int (q, 11);
  timer->status = strcmp (status, "running") == 0 ? TIMER_RUNNING
                  : strcmp (status, "fired") == 0 ? TIMER_FIRED : TIMER_STOPPED;
  return timer;
}

static void
take_timer (Case *c, StoreStmt *q)
{
  g_ptr_array_add (c->timers, timer_of_row (q));
}

static bool
take_all (Store *store, int sql, Case *c, TakeRow take, GError **error)
{
  g_autoptr (StoreStmt) q = query_by_id (store, sql, c->id, error);
  bool row;

  if (q == NULL)
    return false;
  for (;;)
    {
      if (!store_step (q, &row, error))
        return false;
      if (!row)
        return true;
      take (c, q);
    }
}

static Case *
load_row (Store *store, gint64 id, GError **error)
{
  g_autoptr (StoreStmt) q = query_by_id (store, LOAD, id, error);
  bool row;

  if (q == NULL || !store_step (q, &row, error) || !row)
    return NULL;
  Case *c = case_new ();
  c->id = store_column_int (q, 0);
  c->ref = g_strdup (store_column_text (q, 1));
  c->type = g_strdup (store_column_text (q, 2));
  c->definition = g_strdup (store_column_text (q, 3));
  c->edition = g_strdup (store_column_text (q, 4));
  c->state = g_strdup (store_column_text (q, 5));
  c->state_since = store_column_int (q, 6);
  c->opened_at = store_column_int (q, 7);
  c->owner = g_strdup (store_column_text (q, 8));
  c->open = store_column_int (q, 9) != 0;
  c->serial = store_column_int (q, 10);
  c->organization = store_column_int (q, 11);
  c->organization_name = g_strdup (store_column_text (q, 12));
  c->parent = store_column_int (q, 13);
  const char *previous = store_column_text (q, 14);
  c->previous = previous[0] != '\0' ? g_strdup (previous) : NULL;
  return c;
}

Case *
case_load (Store *store, gint64 id, GError **error)
{
  static const struct { int sql; TakeRow take; } lists[] = {
    { FIELDS, take_field }, { CONTACTS, take_contact }, { DOCUMENTS, take_document },
    { FINDINGS, take_finding }, { CLARIFICATIONS, take_clarification }, { TIMERS, take_timer },
    { SIGNERS, take_signer }, { PARTIES, take_party },
  };
  g_autoptr (Case) c = load_row (store, id, error);

  for (guint i = 0; c != NULL && i < G_N_ELEMENTS (lists); i++)
    if (!take_all (store, lists[i].sql, c, lists[i].take, error))
      return NULL;
  return g_steal_pointer (&c);
}

static gint64
one_id (StoreStmt *q, GError **error)
{
  bool row;

  return store_step (q, &row, error) && row ? store_column_int (q, 0) : 0;
}

Case *
case_find (Store *store, const char *ref, GError **error)
{
  g_autofree char *upper = g_ascii_strup (ref, -1);
  gint64 id;
  {
    g_autoptr (StoreStmt) q = store_query (store, case_sql[FIND], error);

    if (q == NULL)
      return NULL;
    store_bind_text (q, ":ref", upper);
    id = one_id (q, error);
  }
  return id != 0 ? case_load (store, id, error) : NULL;
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
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (StoreStmt) q = query_by_email (store, open_only ? OF_CONTACT_OPEN : OF_CONTACT, email, error);
  bool row;

  if (q == NULL)
    return NULL;
  for (;;)
    {
      if (!store_step (q, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&ids);
      gint64 id = store_column_int (q, 0);
      g_array_append_val (ids, id);
    }
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
                  const char *phone, GError **error)
{
  g_autoptr (StoreStmt) q = query_by_email (store_of (txn), ADD_CONTACT, email, error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":organization", organization);
  store_bind_text (q, ":name", name);
  store_bind_text (q, ":phone", phone);
  return store_run (q, error);
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
case_save (StoreTxn *txn, const Case *c, const GPtrArray *changes, gint64 input, gint64 now, GError **error)
{
  for (guint i = 0; i < changes->len; i++)
    if (!case_record (txn, c, changes->pdata[i], input, now, error))
      return false;
  return case_record_row (txn, c, error);
}

GHashTable *
case_loads (Store *store, GError **error)
{
  g_autoptr (GHashTable) loads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (StoreStmt) q = store_query (store, case_sql[LOADS], error);
  bool row;

  if (q == NULL)
    return NULL;
  for (;;)
    {
      if (!store_step (q, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&loads);
      g_hash_table_insert (loads, g_strdup (store_column_text (q, 0)),
                           GINT_TO_POINTER ((int) store_column_int (q, 1)));
    }
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
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  {
    g_autoptr (StoreStmt) q = store_query (store, case_sql[sql], error);
    bool row = true;

    if (q == NULL)
      return false;
    while (row)
      {
        if (!store_step (q, &row, error))
          return false;
        gint64 id = row ? store_column_int (q, 0) : 0;
        if (row)
          g_array_append_val (ids, id);
      }
  }
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

GPtrArray *
case_all_timers (Store *store, gint64 case_id, GError **error)
{
  g_autoptr (GPtrArray) timers = g_ptr_array_new_with_free_func ((GDestroyNotify) case_timer_free);
  g_autoptr (StoreStmt) q = query_by_id (store, ALL_TIMERS, case_id, error);
  bool row;

  if (q == NULL)
    return NULL;
  for (;;)
    {
      if (!store_step (q, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&timers);
      g_ptr_array_add (timers, timer_of_row (q));
    }
}

bool
case_load_related (Store *store, Case *c, GError **error)
{
  g_autoptr (StoreStmt) q = query_by_id (store, RELATED, c->id, error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_int (q, ":organization", c->organization);
  g_ptr_array_set_size (c->related, 0);
  for (;;)
    {
      if (!store_step (q, &row, error))
        return false;
      if (!row)
        return true;
      g_ptr_array_add (c->related, case_relative_new (store_column_int (q, 0), store_column_int (q, 1),
                                                      store_column_text (q, 2), store_column_text (q, 3),
                                                      store_column_text (q, 4), store_column_int (q, 5) != 0));
    }
}
