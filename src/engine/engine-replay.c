/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Replay: the journal's inputs through the same code into an empty database; every event must come
 * out the same, byte for byte, hash chain included.
 */
#include <string.h>

#include "base/error.h"
#include "engine/engine-evidence.h"
#include "engine/engine-seal.h"
#include "engine/run.h"
#include "store/journal.h"

/* Take the text of a JSON member as a number. */
static gint64
number (const char *detail, const char *name)
{
  g_autofree char *text = journal_member (detail, name);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static bool
replay_definition (Office *copy, const Office *office, const JournalInput *input, GError **error)
{
  g_autofree char *version = journal_member (input->detail, "version");
  Definition *definition = definition_load (office->store, office->archive, version, error);

  return definition != NULL && office_adopt (copy, definition, input->at, error);
}

/* Somebody may look for words later. */
static bool
index_text (Office *copy, const EngineFacts *facts, const EngineTaken *taken, GError **error)
{
  if (taken->message == 0 || facts->message == NULL || taken->quarantine)
    return true;
  g_autoptr (StoreTxn) txn = store_begin (copy->store, error);
  return txn != NULL && message_row_index (txn, taken->message, facts->message, error)
         && store_commit (txn, error);
}

static bool
replay_message (Office *copy, const Office *office, const JournalInput *input, GError **error)
{
  g_autoptr (MessageRow) row = message_row_by_id (office->store, input->subject, error);
  g_autofree char *mailbox = journal_member (input->detail, "mailbox"),
                  *folder = journal_member (input->detail, "folder");
  g_autofree char *header_only = journal_member (input->detail, "header-only");
  g_autofree char *auth = journal_member (input->detail, "authentication");
  g_autofree char *auth_why = journal_member (input->detail, "authentication-why");
  g_auto (EngineFacts) facts = { .auth = mail_auth_again (auth, auth_why),
                                 .evidence = engine_evidence_again (input->detail),
                                 .observed = true };
  g_auto (EngineTaken) taken = { 0 };

  if (row == NULL)
    return false;
  EngineArrival arrival = { row->sha256,
                            (guint64) number (input->detail, "size"),
                            mailbox,
                            (guint32) number (input->detail, "uidvalidity"),
                            (guint32) number (input->detail, "uid"),
                            input->at,
                            g_strcmp0 (header_only, "true") == 0,
                            folder };
  return engine_message (copy, &arrival, &facts, number (input->detail, "now"), &taken, error)
         && index_text (copy, &facts, &taken, error);
}

static bool
replay_delivery (Office *copy, const JournalInput *input, GError **error)
{
  static const char *const names[] = { "accepted", "deferred", "failed", "blocked" };
  g_autofree char *status = journal_member (input->detail, "status");
  g_autofree char *enhanced = journal_member (input->detail, "enhanced");
  g_autofree char *reply = journal_member (input->detail, "reply");
  g_autofree char *step = journal_member (input->detail, "step");
  DeliveryResult result = { .code = (int) number (input->detail, "code"),
                            .step = step,
                            .reply = reply };

  g_strlcpy (result.enhanced, enhanced != NULL ? enhanced : "", sizeof result.enhanced);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i], status) == 0)
      result.status = i;
  return engine_delivered (copy, input->subject, &result, input->at, error);
}

static bool
replay_seal (Office *copy, const JournalInput *input, GError **error)
{
  g_autofree char *sha256 = journal_member (input->detail, "sha256"),
                  *is_signed = journal_member (input->detail, "signed");
  g_autofree char *key = journal_member (input->detail, "encrypted-for"),
                  *why = journal_member (input->detail, "why");
  const EngineSealed sealed = { sha256 != NULL ? sha256 : "", g_strcmp0 (is_signed, "true") == 0,
                                key != NULL ? key : "", why != NULL ? why : "" };

  return engine_sealed (copy, input->subject, &sealed, input->at, error);
}

static bool
replay_key (Office *copy, const JournalInput *input, GError **error)
{
  g_autofree char *fingerprint = journal_member (input->detail, "key"),
                  *step = journal_member (input->detail, "step");
  g_autofree char *required = journal_member (input->detail, "required");
  const EngineKey key = { fingerprint != NULL ? fingerprint : "", step != NULL ? step : "",
                          number (input->detail, "until"), g_strcmp0 (required, "true") == 0 };

  return engine_key (copy, &key, input->at, error);
}

static bool
replay_input (Office *copy, const Office *office, const JournalInput *input, GError **error)
{
  if (strcmp (input->kind, "definition") == 0)
    return replay_definition (copy, office, input, error);
  if (strcmp (input->kind, "message") == 0)
    return replay_message (copy, office, input, error);
  if (strcmp (input->kind, "timer") == 0)
    return engine_timer (copy, input->subject, number (input->detail, "timer"), input->at,
                         number (input->detail, "now"), error);
  if (strcmp (input->kind, "calendar") == 0)
    return engine_recount (copy, input->subject, input->at, error);
  if (strcmp (input->kind, "delivery") == 0)
    return replay_delivery (copy, input, error);
  if (strcmp (input->kind, "sent-before") == 0)
    return engine_sent_before (copy, input->subject, input->at, error);
  if (strcmp (input->kind, "seal") == 0)
    return replay_seal (copy, input, error);
  if (strcmp (input->kind, "key") == 0)
    return replay_key (copy, input, error);
  if (strcmp (input->kind, "held") == 0)
    return engine_held (copy, input->subject, input->at, number (input->detail, "now"), error);
  if (strcmp (input->kind, "held-calendar") == 0)
    return engine_held_recount (copy, input->subject, input->at, error);
  if (strcmp (input->kind, "proposal") == 0)
    return engine_proposal (copy, input->subject, number (input->detail, "proposal"), input->at,
                            number (input->detail, "now"), error);
  if (strcmp (input->kind, "digest") == 0)
    {
      g_autofree char *name = journal_member (input->detail, "digest");
      gint64 since = number (input->detail, "since");
      /* Before since was written down, nothing in a digest depended on it. */
      EngineDigest digest = { name, input->at, since != 0 ? since : input->at };

      return engine_digest (copy, &digest, number (input->detail, "now"), error);
    }
  if (strcmp (input->kind, "alarm") == 0)
    {
      g_autofree char *mailbox = journal_member (input->detail, "mailbox");

      return engine_alarm (copy, mailbox, number (input->detail, "minutes"), input->at, error);
    }
  g_set_error (error, QEC_ERROR, QEC_ERROR_STORE, "input %" G_GINT64_FORMAT ": unknown kind '%s'",
               input->id, input->kind);
  return false;
}

static char *
describe (const JournalEvent *was, const JournalEvent *is)
{
  if (was == NULL)
    return g_strdup_printf ("event %" G_GINT64_FORMAT
                            " comes out of the replay and is not in the journal: %s %s",
                            is->id, is->kind, is->detail);
  if (is == NULL)
    return g_strdup_printf ("event %" G_GINT64_FORMAT
                            " of the journal does not come out of the replay: %s %s",
                            was->id, was->kind, was->detail);
  return g_strdup_printf ("event %" G_GINT64_FORMAT " (input %" G_GINT64_FORMAT
                          ")\n  journal: %s %s\n  replay:  %s %s",
                          was->id, was->input, was->kind, was->detail, is->kind, is->detail);
}

static bool
next_event (Store *store, gint64 id, JournalEvent **event, GError **error)
{
  g_autoptr (GError) inner = NULL;

  *event = journal_next_event (store, id, &inner);
  if (inner == NULL)
    return true;
  g_propagate_error (error, g_steal_pointer (&inner));
  return false;
}

/* The events after *LAST, in both journals, up to the end of the replayed one. */
static bool
compare (const Office *office, const Office *copy, gint64 *last, bool to_end, char **difference,
         GError **error)
{
  for (;;)
    {
      g_autoptr (JournalEvent) was = NULL, is = NULL;

      if (!next_event (copy->store, *last, &is, error)
          || !next_event (office->store, *last, &was, error))
        return false;
      if (is == NULL && (was == NULL || !to_end))
        return true;
      if (was == NULL || is == NULL || strcmp (was->hash, is->hash) != 0)
        {
          *difference = describe (was, is);
          return true;
        }
      *last = is->id;
    }
}

static Office *
empty_copy (const Office *office, GError **error)
{
  g_autoptr (Office) copy = g_new0 (Office, 1);

  copy->replaying = true;
  copy->options = options_read (office->options->file, error);
  copy->key = office_key_new (office_key_text (office->key));
  copy->archive = archive_open (office->options->archive, error);
  copy->pinned =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) program_free);
  copy->store =
    copy->options != NULL && copy->archive != NULL ? store_open (":memory:", error) : NULL;
  return copy->store != NULL ? g_steal_pointer (&copy) : NULL;
}

static bool
replay_all (Office *copy, Office *office, gint64 *n_inputs, gint64 *n_events, char **difference,
            void (*progress) (gint64, gpointer), gpointer data, GError **error)
{
  gint64 id = 0;

  for (;;)
    {
      g_autoptr (GError) inner = NULL;
      g_autoptr (JournalInput) input = journal_next_input (office->store, id, &inner);

      if (inner != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&inner));
          return false;
        }
      if (input == NULL)
        return compare (office, copy, n_events, true, difference, error);
      if (!replay_input (copy, office, input, error))
        {
          g_prefix_error (error, "input %" G_GINT64_FORMAT ": ", input->id);
          return false;
        }
      if (!compare (office, copy, n_events, false, difference, error) || *difference != NULL)
        return *difference != NULL;
      id = input->id;
      ++*n_inputs;
      if (progress != NULL && *n_inputs % 100 == 0)
        progress (*n_inputs, data);
    }
}

bool
engine_replay (Office *office, gint64 *n_inputs, gint64 *n_events, char **difference,
               void (*progress) (gint64 done, gpointer data), gpointer data, GError **error)
{
  g_autoptr (Office) copy = empty_copy (office, error);

  *n_inputs = *n_events = 0;
  *difference = NULL;
  if (copy == NULL)
    return false;
  copy->reader = office->reader;
  bool good = replay_all (copy, office, n_inputs, n_events, difference, progress, data, error);
  copy->reader = NULL; /* borrowed */
  return good;
}
