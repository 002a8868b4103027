/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A case read whole out of the database.
 */
#include "case/case-store.h"

#include <string.h>

enum {
  LOAD,
  FIELDS,
  CONTACTS,
  DOCUMENTS,
  FINDINGS,
  CLARIFICATIONS,
  SIGNERS,
  PARTIES,
  PROPOSALS,
  TIMERS,
  ALL_TIMERS,
  RELATED,
  LINKS
};

const char *const case_load_sql[] = {
  [LOAD] =
    "SELECT c.id, c.ref, c.type, c.definition, c.edition, c.state, c.state_since, c.opened_at, c.owner, c.open,"
    " c.serial, c.organization, o.name, c.parent, c.previous, c.joined, coalesce (j.ref, ''), o.phone FROM cases c"
    " JOIN organization o ON o.id = c.organization LEFT JOIN cases j ON j.id = c.joined WHERE c.id = :id",
  [FIELDS] =
    "SELECT name, value FROM case_field WHERE case_id = :id",
  [CONTACTS] =
    "SELECT k.email, k.name, k.phone, k.language FROM contact k JOIN cases c ON c.organization = k.organization"
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
    "SELECT s.role, s.fingerprint, s.name, s.by, s.at, s.retired, s.retired_by FROM cases c JOIN signer s ON s.organization = c.organization"
    " WHERE c.id = :id ORDER BY s.role, s.fingerprint",
  [PROPOSALS] =
    "SELECT n, what, text, by, at, due FROM proposal WHERE case_id = :id AND status = 'open' ORDER BY n",
  [PARTIES] =
    "SELECT p.name, p.role, p.access, p.since, p.until FROM cases c JOIN party p ON p.organization = c.organization"
    " WHERE c.id = :id ORDER BY p.name",
  [TIMERS] =
    "SELECT n, name, about, reminder, parent, state, start, span, due, why, calendar, paused, status, who, text FROM timer"
    " WHERE case_id = :id AND status = 'running' ORDER BY n",
  [ALL_TIMERS] =
    "SELECT n, name, about, reminder, parent, state, start, span, due, why, calendar, paused, status, who, text FROM timer"
    " WHERE case_id = :id ORDER BY n",
  [RELATED] =
    "SELECT id, parent, ref, type, state, open FROM cases WHERE organization = :organization AND id <> :id ORDER BY id",
  [LINKS] =
    "SELECT c.id, c.parent, c.ref, c.type, c.state, c.open FROM case_link l JOIN cases c ON c.id = l.other"
    " WHERE l.case_id = :id ORDER BY c.id",
  NULL
};

static StoreStmt *
query_by_id (Store *store, int sql, gint64 id, GError **error)
{
  StoreStmt *q = store_query (store, case_load_sql[sql], error);

  if (q != NULL)
    store_bind_int (q, ":id", id);
  return q;
}

/* --- one row of a list, into a Case ---------------------------------------------------- */

static void
take_field (StoreStmt *q, gpointer data)
{
  Case *c = data;

  g_hash_table_insert (c->fields, g_strdup (store_column_text (q, 0)),
                       g_strdup (store_column_text (q, 1)));
}

static void
take_contact (StoreStmt *q, gpointer data)
{
  Case *c = data;

  g_ptr_array_add (c->contacts,
                   case_contact_new (store_column_text (q, 0), store_column_text (q, 1),
                                     store_column_text (q, 2), store_column_text (q, 3)));
}

static void
take_signer (StoreStmt *q, gpointer data)
{
  const CaseSigner s = { (char *) store_column_text (q, 0), (char *) store_column_text (q, 1),
                         (char *) store_column_text (q, 2), (char *) store_column_text (q, 3),
                         store_column_int (q, 4),           store_column_int (q, 5),
                         (char *) store_column_text (q, 6) };

  g_ptr_array_add (((Case *) data)->signers, case_signer_copy (&s));
}

static void
take_document (StoreStmt *q, gpointer data)
{
  Case *c = data;
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
  document->signature =
    (CaseSignature){ g_strdup (store_column_text (q, 12)), g_strdup (store_column_text (q, 13)),
                     g_strdup (store_column_text (q, 14)), g_strdup (store_column_text (q, 15)),
                     g_strdup (store_column_text (q, 16)) };
  document->party = g_strdup (store_column_text (q, 17));
  g_ptr_array_add (c->documents, document);
}

static void
take_party (StoreStmt *q, gpointer data)
{
  Case *c = data;

  const CaseParty row = { (char *) store_column_text (q, 0), (char *) store_column_text (q, 1),
                          (char *) store_column_text (q, 3), (char *) store_column_text (q, 4),
                          store_column_int (q, 2) != 0 };

  g_ptr_array_add (c->parties, case_party_copy (&row));
}

static void
take_proposal (StoreStmt *q, gpointer data)
{
  const CaseProposal p = { store_column_int (q, 0),           (char *) store_column_text (q, 1),
                           (char *) store_column_text (q, 2), (char *) store_column_text (q, 3),
                           store_column_int (q, 4),           store_column_int (q, 5) };

  g_ptr_array_add (((Case *) data)->proposals, case_proposal_copy (&p));
}

static void
take_finding (StoreStmt *q, gpointer data)
{
  Case *c = data;
  CaseFinding *finding = g_new0 (CaseFinding, 1);

  finding->element = g_strdup (store_column_text (q, 0));
  finding->value = g_strdup (store_column_text (q, 1));
  finding->by = g_strdup (store_column_text (q, 2));
  finding->at = store_column_int (q, 3);
  g_ptr_array_add (c->findings, finding);
}

static void
take_clarification (StoreStmt *q, gpointer data)
{
  Case *c = data;
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
  timer->who = g_strdup (store_column_text (q, 13));
  timer->text = g_strdup (store_column_text (q, 14));
  timer->status = strcmp (status, "running") == 0 ? TIMER_RUNNING
                  : strcmp (status, "fired") == 0 ? TIMER_FIRED : TIMER_STOPPED;
  return timer;
}

static void
take_timer (StoreStmt *q, gpointer data)
{
  Case *c = data;

  g_ptr_array_add (c->timers, timer_of_row (q));
}

static void
add_relative (StoreStmt *q, GPtrArray *to)
{
  g_ptr_array_add (to, case_relative_new (store_column_int (q, 0), store_column_int (q, 1),
                                          store_column_text (q, 2), store_column_text (q, 3),
                                          store_column_text (q, 4), store_column_int (q, 5) != 0));
}

static void
take_link (StoreStmt *q, gpointer data)
{
  add_relative (q, ((Case *) data)->links);
}

/* --- a case ---------------------------------------------------------------------------- */

static bool
take_all (Store *store, int sql, StoreTake take, gpointer data, gint64 id, GError **error)
{
  g_autoptr (StoreStmt) q = query_by_id (store, sql, id, error);

  return q != NULL && store_each (q, take, data, error);
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
  c->joined = store_column_int (q, 15);
  c->joined_ref = c->joined != 0 ? g_strdup (store_column_text (q, 16)) : NULL;
  c->previous = previous[0] != '\0' ? g_strdup (previous) : NULL;
  c->organization_phone = g_strdup (store_column_text (q, 17));
  return c;
}

Case *
case_load (Store *store, gint64 id, GError **error)
{
  static const struct { int sql; StoreTake take; } lists[] = {
    { FIELDS, take_field }, { CONTACTS, take_contact }, { DOCUMENTS, take_document },
    { FINDINGS, take_finding }, { CLARIFICATIONS, take_clarification }, { TIMERS, take_timer },
    { SIGNERS, take_signer }, { PARTIES, take_party }, { PROPOSALS, take_proposal },
    { LINKS, take_link },
  };
  g_autoptr (Case) c = load_row (store, id, error);

  for (guint i = 0; c != NULL && i < G_N_ELEMENTS (lists); i++)
    if (!take_all (store, lists[i].sql, lists[i].take, c, id, error))
      return NULL;
  return g_steal_pointer (&c);
}

static void
take_any_timer (StoreStmt *q, gpointer timers)
{
  g_ptr_array_add (timers, timer_of_row (q));
}

GPtrArray *
case_all_timers (Store *store, gint64 case_id, GError **error)
{
  g_autoptr (GPtrArray) timers = g_ptr_array_new_with_free_func ((GDestroyNotify) case_timer_free);

  return take_all (store, ALL_TIMERS, take_any_timer, timers, case_id, error)
           ? g_steal_pointer (&timers)
           : NULL;
}

static void
take_relative (StoreStmt *q, gpointer related)
{
  add_relative (q, related);
}

bool
case_load_related (Store *store, Case *c, GError **error)
{
  g_autoptr (StoreStmt) q = query_by_id (store, RELATED, c->id, error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":organization", c->organization);
  g_ptr_array_set_size (c->related, 0);
  return store_each (q, take_relative, c->related, error);
}
