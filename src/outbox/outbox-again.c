/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Notices that go to the next contact should they not arrive (if-it-fails = next-contact): what
 * they said is kept, so that they can be written once more, with that contact's name, language and
 * tokens and the dates as they are by then.
 */
#include "outbox/outbox-private.h"

#include <string.h>

enum { KEEP, FIRST, FIND, HAS, UNREACHED, FAILED_TO, WRITTEN };

const char *const outbox_again_sql[] = {
  [KEEP] =
    "INSERT INTO outbox_again (outbox, first, at, about, element, words, first_to, first_at, state)"
    " VALUES (:outbox, :first, :at, :about, :element, :words, :first_to, :first_at, :state)",
  [FIRST] =
    "SELECT coalesce (min (a.first), 0) FROM outbox o INDEXED BY outbox_by_input JOIN outbox_again a ON a.outbox = o.id"
    " WHERE o.input = :input AND o.case_id = :case_id AND o.notice = :notice AND a.about = :about AND a.element = :element",
  [FIND] =
    "SELECT first, at, about, element, words, first_to, first_at, state FROM outbox_again WHERE outbox = :outbox",
  [HAS] =
    "SELECT 1 FROM outbox_again a INDEXED BY outbox_again_by_first JOIN outbox o ON o.id = a.outbox"
    " WHERE a.first = :first AND o.rcpt = :rcpt AND (:arrived = 0 OR o.status <> 'failed')",
  [UNREACHED] =
    "SELECT min (o.id) FROM cases c JOIN outbox o ON o.case_id = c.id AND o.status = 'failed'"
    " JOIN outbox_again a ON a.outbox = o.id WHERE c.organization = :organization"
    " AND NOT EXISTS (SELECT 1 FROM outbox_again b JOIN outbox p ON p.id = b.outbox WHERE b.first = a.first AND p.status <> 'failed')"
    " GROUP BY a.first ORDER BY 1",
  [FAILED_TO] =
    "SELECT max (o.id) FROM contact k CROSS JOIN cases c ON c.organization = k.organization"
    " CROSS JOIN outbox o INDEXED BY outbox_by_case_rcpt ON o.case_id = c.id AND o.rcpt = :rcpt AND o.status = 'failed'"
    " CROSS JOIN outbox_again a ON a.outbox = o.id WHERE k.email = :rcpt AND NOT EXISTS (SELECT 1 FROM outbox_again b"
    " JOIN outbox p ON p.id = b.outbox WHERE b.first = a.first AND p.rcpt = :rcpt AND p.status <> 'failed')"
    " GROUP BY a.first ORDER BY 1",
  [WRITTEN] =
    "SELECT o.subject FROM outbox o INDEXED BY outbox_by_input JOIN outbox_again a ON a.outbox = o.id"
    " WHERE o.input = :input AND o.rcpt = :rcpt ORDER BY o.id",
  NULL
};

void
outbox_again_clear (OutboxAgain *again)
{
  g_free (again->element);
  g_free (again->words);
  g_free (again->first_to);
  g_free (again->state);
}

bool
outbox_again_first (Store *store, const OutboxSame *same, gint64 *first, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_again_sql[FIRST], error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_int (q, ":input", same->input);
  store_bind_int (q, ":case_id", same->case_id);
  store_bind_text (q, ":notice", same->notice);
  store_bind_int (q, ":about", same->about);
  store_bind_text (q, ":element", same->element);
  if (!store_step (q, &row, error))
    return false;
  *first = store_column_int (q, 0);
  return true;
}

bool
outbox_again_keep (StoreTxn *txn, const OutboxNotice *n, const ProgramNotice *def,
                   const OutboxItem *item, GError **error)
{
  gint64 first = n->again;
  const OutboxSame same = { n->input, item->case_id, n->clarification, item->notice,
                            n->element != NULL ? n->element : "" };

  if (def == NULL || !def->next_contact || n->c == NULL || n->staff)
    return true;
  if (first == 0 && !outbox_again_first (store_of (txn), &same, &first, error))
    return false;
  g_autoptr (StoreStmt) q = store_query (store_of (txn), outbox_again_sql[KEEP], error);
  if (q == NULL)
    return false;
  store_bind_int (q, ":outbox", item->id);
  store_bind_int (q, ":first", first != 0 ? first : item->id);
  store_bind_int (q, ":at", n->at);
  store_bind_int (q, ":about", n->clarification);
  store_bind_text (q, ":element", n->element != NULL ? n->element : "");
  store_bind_text (q, ":words", n->words != NULL ? n->words : "");
  store_bind_text (q, ":first_to", n->first_to != NULL ? n->first_to : "");
  store_bind_int (q, ":first_at", n->first_at);
  store_bind_text (q, ":state", n->c->state);
  return store_run (q, error);
}

/* *AGAIN.first 0: ITEM is none that goes to anybody else. */
static bool
find_again (Store *store, const OutboxItem *item, OutboxAgain *again, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_again_sql[FIND], error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_int (q, ":outbox", item->id);
  if (!store_step (q, &row, error))
    return false;
  if (!row)
    return true;
  const char *words = store_column_text (q, 4), *first_to = store_column_text (q, 5);
  *again = (OutboxAgain){ store_column_int (q, 0),
                          store_column_int (q, 1),
                          store_column_int (q, 2),
                          first_to[0] != '\0' ? store_column_int (q, 6) : item->at,
                          g_strdup (store_column_text (q, 3)),
                          words[0] != '\0' ? g_strdup (words) : NULL,
                          g_strdup (first_to[0] != '\0' ? first_to : item->rcpt),
                          g_strdup (store_column_text (q, 7)) };
  return true;
}

/* ARRIVED: what failed there counts for nothing. */
static bool
has_it (Store *store, gint64 first, const char *email, bool arrived, bool *has, GError **error)
{
  g_autofree char *rcpt = g_ascii_strdown (email, -1);
  g_autoptr (StoreStmt) q = store_query (store, outbox_again_sql[HAS], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":first", first);
  store_bind_text (q, ":rcpt", rcpt);
  store_bind_int (q, ":arrived", arrived);
  return store_step (q, has, error);
}

/* A question that is answered, a date that no longer runs, or a decision that another one followed,
 * is nobody's business any more. */
static bool
still_stands (const OutboxNotice *n, const ProgramNotice *def, const char *state)
{
  const CaseClarification *k = case_clarification ((Case *) n->c, n->clarification);

  if (n->clarification != 0 && (k == NULL || !k->open))
    return false;
  if (def->calendar != NULL)
    return n->c->open && outbox_timer (n, def) != NULL;
  return n->clarification != 0 ? n->c->open
         : state[0] == '\0'    ? n->c->open
                               : strcmp (n->c->state, state) == 0;
}

bool
outbox_send_kept (StoreTxn *txn, const OutboxNotice *notice, const OutboxAgain *again,
                  const char *name, const CaseContact *to, bool anew, bool *sent, GError **error)
{
  const ProgramNotice *def = program_notice (notice->program, name);
  OutboxNotice n = *notice;
  bool has = false;

  *sent = false;
  n.again = again->first;
  n.at = again->at;
  n.clarification = again->about;
  n.element = again->element != NULL && again->element[0] != '\0' ? again->element : NULL;
  n.words = again->words;
  n.first_to = again->first_to;
  n.first_at = again->first_at;
  n.cause = NULL;
  n.sender = n.sender_name = NULL;

  if (def == NULL || !still_stands (&n, def, again->state))
    return true;
  if (again->first != 0 && !has_it (store_of (txn), again->first, to->email, anew, &has, error))
    return false;
  g_autofree char *rcpt = g_ascii_strdown (to->email, -1);
  gint64 before, after;
  return has
         || (outbox_next_id (store_of (txn), &before, error)
             && outbox_write_as (txn, &n, def, name, rcpt, to->name, error)
             && outbox_next_id (store_of (txn), &after, error) && (*sent = after > before, true));
}

bool
outbox_send_again (StoreTxn *txn, const OutboxNotice *notice, const OutboxItem *item,
                   const CaseContact *to, bool anew, bool *sent, GError **error)
{
  g_auto (OutboxAgain) again = { 0 };

  *sent = false;
  return find_again (store_of (txn), item, &again, error)
         && (again.first == 0
             || outbox_send_kept (txn, notice, &again, item->notice, to, anew, sent, error));
}

GArray *
outbox_failed_to (Store *store, const char *rcpt, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_again_sql[FAILED_TO], error);

  if (q == NULL)
    return NULL;
  store_bind_text (q, ":rcpt", rcpt);
  return store_ids (q, error);
}

static void
take_subject (StoreStmt *q, gpointer subjects)
{
  g_ptr_array_add (subjects, g_strdup (store_column_text (q, 0)));
}

GPtrArray *
outbox_written_again (Store *store, gint64 input, const char *rcpt, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_again_sql[WRITTEN], error);
  g_autoptr (GPtrArray) subjects = g_ptr_array_new_with_free_func (g_free);

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":input", input);
  store_bind_text (q, ":rcpt", rcpt);
  return store_each (q, take_subject, subjects, error) ? g_steal_pointer (&subjects) : NULL;
}

GArray *
outbox_unreached (Store *store, gint64 organization, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, outbox_again_sql[UNREACHED], error);

  if (q == NULL)
    return NULL;
  store_bind_int (q, ":organization", organization);
  return store_ids (q, error);
}

bool
outbox_next_contact (Store *store, const Case *c, const char *except, const CaseContact **next,
                     GError **error)
{
  *next = NULL;
  for (guint i = 0; i < c->contacts->len && *next == NULL; i++)
    {
      const CaseContact *contact = c->contacts->pdata[i];
      g_autofree char *rcpt = g_ascii_strdown (contact->email, -1);
      bool failed;

      if (!outbox_is_suppressed (store, rcpt, &failed, error))
        return false;
      *next = failed || g_strcmp0 (rcpt, except) == 0 ? NULL : contact;
    }
  return true;
}

bool
outbox_nobody_reached (StoreTxn *txn, const OutboxNotice *notice, const ProgramNotice *def,
                       GError **error)
{
  const CaseContact *next;
  OutboxNotice n = *notice;

  if (def == NULL || !def->next_contact || n.c == NULL || n.c->contacts->len == 0
      || program_notice (n.program, "nobody-reached") == NULL)
    return true;
  if (!outbox_next_contact (store_of (txn), n.c, NULL, &next, error))
    return false;
  n.cause = NULL;
  n.sender = n.sender_name = NULL;
  n.words = NULL;
  return next != NULL || outbox_notice (txn, &n, "nobody-reached", error);
}
