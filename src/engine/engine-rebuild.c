/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lost database from the mail store: every message once more at the time the mail server accepted
 * it, the clock in between at its own, and nothing of what follows from them is sent again.
 */
#include "engine/engine-rebuild.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "engine/run.h"

/* Messages of a transaction: beyond some dozens it gets no faster. */
enum { COMMIT_GROUP = 32, DUE = 64 };

typedef struct {
  Office *office;
  const GPtrArray *from;   /* OptionsMailbox */
  KeptMail *mail;
  GPtrArray *unindexed;    /* Unindexed, of this transaction */
  gint64 now, time;        /* now; how far the office has come */
  RebuildProgress progress;
  EngineRebuilt *result;
} Rebuild;

/* What the index for searches does not have yet. */
typedef struct {
  gint64 id;
  Message *message;
} Unindexed;

static void
unindexed_free (gpointer data)
{
  Unindexed *one = data;

  message_free (one->message);
  g_free (one);
}

static void
rebuild_clear (Rebuild *r)
{
  g_clear_pointer (&r->mail, kept_mail_free);
  g_clear_pointer (&r->unindexed, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rebuild, rebuild_clear)

void
engine_rebuilt_clear (EngineRebuilt *rebuilt)
{
  g_clear_pointer (&rebuilt->findings, g_ptr_array_unref);
}

/* --- what is not sent again ------------------------------------------------------------------- */

/* All that waits in the outbox: what has just happened made it. */
static bool
regard_as_sent (Rebuild *r, GError **error)
{
  for (;;)
    {
      g_autoptr (GPtrArray) due = outbox_due (r->office->store, G_MAXINT64, DUE, error);

      if (due == NULL || due->len == 0)
        return due != NULL;
      for (guint i = 0; i < due->len; i++)
        if (!engine_sent_before (r->office, ((const OutboxItem *) due->pdata[i])->id, r->time,
                                 error))
          return false;
      r->result->mails += due->len;
    }
}

/* --- and once more ---------------------------------------------------------------------------- */

/* What was due before BEFORE, each at its time. */
static bool
run_clock (Rebuild *r, gint64 before, GError **error)
{
  for (;;)
    {
      gint64 due;
      guint n = 0;

      if (!engine_clock_next (r->office, r->time, &due, error))
        return false;
      if (due >= before)
        return true;
      r->time = MAX (r->time, due);
      if (!engine_clock (r->office, due + 1, r->time, &n, error) || !regard_as_sent (r, error))
        return false;
      if (n > 0)
        continue;
      g_set_error (error, QEC_ERROR, QEC_ERROR_STORE,
                   "the clock does not get over %" G_GINT64_FORMAT, due);
      return false;
    }
}

/* The words of messages before this one; a savepoint makes the index write out what it has, so not
 * one at a time. */
static bool
index_words (Rebuild *r, GError **error)
{
  g_autoptr (StoreTxn) txn = store_begin (r->office->store, error);

  if (txn == NULL)
    return false;
  for (guint i = 0; i < r->unindexed->len; i++)
    {
      const Unindexed *one = r->unindexed->pdata[i];

      if (!message_row_index (txn, one->id, one->message, error))
        return false;
    }
  g_ptr_array_set_size (r->unindexed, 0);
  return store_commit (txn, error);
}

static void
keep_words (Rebuild *r, EngineFacts *facts, const EngineTaken *taken)
{
  if (taken->message == 0 || facts->message == NULL || taken->quarantine)
    return;
  Unindexed *one = g_new0 (Unindexed, 1);
  one->id = taken->message;
  one->message = g_steal_pointer (&facts->message);
  g_ptr_array_add (r->unindexed, one);
}

/* A mail of ours that M refers to is known (*FOUND), was surely sent to its author and did not come
 * out again (*LOST), or may be one. */
static bool
look_at_references (Rebuild *r, const Message *m, bool *found, bool *lost, bool *unknown,
                    GError **error)
{
  const GPtrArray *lists[] = { m->in_reply_to, m->references };
  const MessageAddress *author = message_author (m);
  Office *office = r->office;

  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = 0; i < lists[l]->len; i++)
      {
        const char *id = lists[l]->pdata[i];
        g_autoptr (GError) inner = NULL;
        gint64 case_id;

        if (!token_is_ours (id, office->options->domain))
          continue;
        g_autoptr (OutboxItem) item = outbox_by_message_id (office->store, id, &inner);
        if (inner != NULL)
          {
            g_propagate_error (error, g_steal_pointer (&inner));
            return false;
          }
        bool proven = author != NULL
                      && token_check_message_id (office->key, id, author->address,
                                                 office->options->domain, &case_id);
        *found |= item != NULL;
        *lost |= item == NULL && proven;
        *unknown |= item == NULL && !proven;
      }
  return true;
}

/* Whether the messages are all there shows in what they answer. */
static bool
check_answer (Rebuild *r, const Message *m, const KeptMessage *k, GError **error)
{
  bool found = false, lost = false, unknown = false;

  if (!look_at_references (r, m, &found, &lost, &unknown, error))
    return false;
  r->result->unknown += unknown && !found && !lost && m->machine == MACHINE_NONE;
  r->result->lost += lost;
  if (!lost || r->result->lost > REBUILT_SHOWN)
    return true;
  const OptionsMailbox *o = r->from->pdata[k->mailbox];
  g_autofree char *at = clock_format (k->item.received_at);
  g_ptr_array_add (
    r->result->findings,
    g_strdup_printf (
      "%s/%s, UID %u of %s: it answers a mail of this office that did not come out again", o->name,
      kept_folder (o, k->folder), k->item.uid, at));
  return true;
}

static void
count (EngineRebuilt *result, const EngineTaken *taken)
{
  if (taken->message == 0)
    result->copies++;
  else if (strcmp (taken->outcome, "held") == 0)
    result->held++;
  else if (strcmp (taken->outcome, "answered") == 0)
    result->answered++;
  else
    result->filed++;
}

static bool
take_in (Rebuild *r, const KeptMessage *k, GError **error)
{
  const OptionsMailbox *o = r->from->pdata[k->mailbox];
  gint64 at = MAX (r->time, MIN (k->item.received_at, r->now));
  EngineArrival arrival = { k->sha256,   k->size, o->name,        k->item.uidvalidity,
                            k->item.uid, at,      k->header_only, kept_folder (o, k->folder) };
  g_auto (EngineFacts) facts = { 0 };
  g_auto (EngineTaken) taken = { 0 };

  if (!engine_read (r->office, &arrival, &facts, at, error)
      || (facts.message != NULL && run_asks_search (facts.message) && !index_words (r, error))
      || !run_clock (r, at, error))
    return false;
  r->time = at;
  if ((facts.message != NULL && !check_answer (r, facts.message, k, error))
      || !engine_message (r->office, &arrival, &facts, at, &taken, error)
      || !regard_as_sent (r, error))
    return false;
  count (r->result, &taken);
  keep_words (r, &facts, &taken);
  return true;
}

static bool
take_in_some (Rebuild *r, guint from, guint n, GError **error)
{
  g_autoptr (StoreTxn) txn = store_begin (r->office->store, error);

  if (txn == NULL)
    return false;
  for (guint i = from; i < from + n; i++)
    if (!take_in (r, &g_array_index (r->mail->kept, KeptMessage, i), error))
      return false;
  if (!index_words (r, error))
    return false;
  fault_point ("rebuild.before-commit");
  return store_commit (txn, error);
}

/* Since a message waits nobody looked any more: what was due later is still to be sent. */
static bool
run_to_the_end (Rebuild *r, gint64 until, GError **error)
{
  g_autoptr (StoreTxn) txn = store_begin (r->office->store, error);
  gint64 end = MIN (MIN (until, r->now), r->mail->first_waiting), before = r->result->mails;

  r->result->last = r->time;
  if (txn == NULL || !run_clock (r, end, error))
    return false;
  r->result->uncertain = r->result->mails - before;
  r->result->until = MAX (end, r->time);
  return store_commit (txn, error);
}

static bool
live_again (Rebuild *r, gint64 until, GError **error)
{
  guint all = r->mail->kept->len;

  for (guint i = 0; i < all && r->time <= 0; i++)
    r->time = MIN (g_array_index (r->mail->kept, KeptMessage, i).item.received_at, r->now);
  if (r->time <= 0)
    r->time = r->now;
  r->result->first = r->time;
  if (!office_reload (r->office, r->time, error) || !engine_calendar (r->office, r->time, error))
    return false;
  for (guint i = 0; i < all; i += COMMIT_GROUP)
    {
      if (r->progress != NULL)
        r->progress ("rebuilding", i, all);
      if (!take_in_some (r, i, MIN (COMMIT_GROUP, all - i), error))
        return false;
    }
  return run_to_the_end (r, until, error);
}

bool
engine_rebuild (Office *office, const GPtrArray *from, gint64 until, gint64 now,
                RebuildProgress progress, EngineRebuilt *rebuilt, GError **error)
{
  g_auto (Rebuild)
    r = { .office = office, .from = from, .now = now, .progress = progress, .result = rebuilt };

  *rebuilt = (EngineRebuilt){ .findings = g_ptr_array_new_with_free_func (g_free) };
  r.unindexed = g_ptr_array_new_with_free_func (unindexed_free);
  r.mail = kept_fetch (office, from, progress, error);
  if (r.mail == NULL)
    return false;
  rebuilt->waiting = r.mail->waiting;
  g_ptr_array_extend_and_steal (rebuilt->findings, g_steal_pointer (&r.mail->findings));
  if (r.mail->kept->len > 0)
    return live_again (&r, until, error);
  g_set_error_literal (
    error, QEC_ERROR, QEC_ERROR_INVALID,
    "no message lies in the folders for filed and held mail: there is nothing to rebuild");
  return false;
}
