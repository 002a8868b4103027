/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One message through the stages, in one transaction.
 */
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "engine/engine-attached.h"
#include "engine/engine-evidence.h"
#include "engine/run.h"
#include "store/journal.h"
#include "triage/triage-language.h"

static const char *const outcomes[] = { "filed", "answered", "held" };

/* What a person would call the same mail, whichever way it came: two copies differ only in trace
 * headers. */
static char *
likeness (const Message *m)
{
  char sha256[65];
  Digest sum;
  const MessageAddress *author = message_author (m);
  g_autofree char *head =
    g_strdup_printf ("%s\n%s\n%" G_GINT64_FORMAT "\n%s\n", m->message_id,
                     author != NULL ? author->address : "", m->date, m->subject);

  digest_begin (&sum);
  digest_add (&sum, head, strlen (head));
  digest_add (&sum, m->text, strlen (m->text));
  for (guint i = 0; i < m->parts->len; i++)
    digest_add (&sum, ((const MessagePart *) m->parts->pdata[i])->sha256, 64);
  digest_end (&sum, sha256);
  return g_strdup (sha256);
}

void
engine_facts_clear (EngineFacts *facts)
{
  g_clear_pointer (&facts->message, message_free);
  g_clear_pointer (&facts->unreadable, g_free);
  g_clear_pointer (&facts->evidence, g_ptr_array_unref);
}

static void
observe (Office *office, const EngineArrival *arrival, int fd, EngineFacts *facts, gint64 now)
{
  facts->auth = identity_authentication (facts->message, office->options);
  if (!arrival->header_only)
    facts->evidence = engine_evidence (office, facts->message, arrival->sha256, fd, now);
  /* Messages of a group wait for each other; their documents need not lie in memory meanwhile. */
  for (guint i = 0; i < facts->message->parts->len; i++)
    message_part_drop_content (facts->message->parts->pdata[i]);
}

bool
engine_read (Office *office, const EngineArrival *arrival, EngineFacts *facts, gint64 now,
             GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (MessageRow) known = message_row_by_sha256 (office->store, arrival->sha256, &inner);
  int fd =
    known == NULL && inner == NULL ? archive_fd (office->archive, arrival->sha256, &inner) : -1;

  if (known != NULL)
    return true;
  if (fd >= 0)
    {
      facts->message = facts->observed ? reader_read (office->reader, fd, &inner)
                                       : reader_read_with_signatures (office->reader, fd, &inner);
      if (facts->message != NULL && !facts->observed)
        observe (office, arrival, fd, facts, now);
      if (facts->message != NULL && !engine_read_attached (office, facts->message, fd, &inner))
        g_clear_pointer (&facts->message, message_free);
      close (fd);
    }
  if (facts->message != NULL)
    return true;
  if (fd < 0 || !g_error_matches (inner, QEC_ERROR, QEC_ERROR_INVALID))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  facts->unreadable = g_strdup (inner->message);
  return true;
}

/* Whoever of the office looks after all CASES; run->keeper stays NULL where that is not one
 * person. */
static bool
find_keeper (Run *run, const GArray *cases, GError **error)
{
  g_autofree char *owner = NULL;

  for (guint i = 0; i < cases->len; i++)
    {
      g_autoptr (Case) c = case_load (run->office->store, g_array_index (cases, gint64, i), error);

      if (c == NULL)
        return false;
      if (c->owner == NULL || (owner != NULL && g_ascii_strcasecmp (owner, c->owner) != 0))
        return true;
      g_free (owner);
      owner = g_strdup (c->owner);
    }
  if (owner != NULL && program_person (run->office->definition->program, owner) != NULL)
    run->keeper = g_steal_pointer (&owner);
  return true;
}

static bool
hold_and_answer (Run *run, const Decision *decision, const GArray *cases, GError **error)
{
  const Program *program = run->office->definition->program;
  OutboxNotice notice = run_notice (run, program, NULL);

  notice.several = decision->several;
  if (decision->several && !find_keeper (run, cases, error))
    return false;
  if (run->identity->who != WHO_NOBODY && !run->identity->forged
      && !outbox_write (run->txn, &notice, "ack-stranger", run->identity->address,
                        run->identity->name, error))
    return false;
  return run_hold (run, 0, decision->reason, error);
}

static bool
act (Run *run, const Decision *decision, const TriageFacts *facts, GError **error)
{
  bool settled = false;

  switch (decision->intent)
    {
    case INTENT_IGNORE:
      run->case_id = decision->case_id;
      run_outcome (run, OUTCOME_FILED,
                   run->message->machine != MACHINE_NONE ? run->message->machine_why : "our own");
      return run->message->machine != MACHINE_INVITATION || run->identity->forged
             || run_invitation (run, decision, facts, error);
    case INTENT_REPORT:
      return run_report (run, error);
    case INTENT_COMMAND:
      return run_command (run, decision->case_id, error);
    case INTENT_STAFF:
      return run_held (run, &settled, error) && (settled || run_staff (run, error));
    case INTENT_SUBMISSION:
      return run_submission_beside (run, decision->case_id, decision->beside, error);
    case INTENT_FORM:
      return run_form (run, decision->form, decision->reading, 0, error);
    case INTENT_TOPIC:
      return run_topic (run, decision->topic, error);
    case INTENT_ARTICLE:
      return run_article (run, facts->article, decision->helped, error);
    case INTENT_RULE:
      return run_rule (run, decision->data, error);
    case INTENT_HOLD:
      return hold_and_answer (run, decision, facts->member_cases, error);
    }
  g_assert_not_reached ();
}

/* What signatures were worth; the input has it all. */
static bool
record_evidence (Run *run, GError **error)
{
  for (guint i = 0; run->evidence != NULL && i < run->evidence->len; i++)
    {
      const Evidence *e = run->evidence->pdata[i];
      g_autofree char *what = evidence_text (e);
      JsonObject *detail = json_object_new ();

      json_object_set_string_member (detail, "part", e->part);
      json_object_set_string_member (detail, "sha256", e->sha256);
      json_object_set_string_member (detail, "verdict", verdict_name (e->verdict));
      json_object_set_string_member (detail, "signature", what);
      if (!journal_event (run->txn, run->input, run->case_id, run->at, "signature", detail, error))
        return false;
    }
  return true;
}

/* The journal's line about a message: what it was, who, what decided. */
static bool
record (Run *run, const char *rule, const GPtrArray *trail, GError **error)
{
  JsonObject *detail = json_object_new ();

  json_object_set_int_member (detail, "message", run->message_id);
  json_object_set_string_member (detail, "sha256", run->arrival->sha256);
  json_object_set_string_member (detail, "outcome", outcomes[run->outcome]);
  json_object_set_string_member (detail, "reason", run->reason != NULL ? run->reason : "");
  json_object_set_string_member (detail, "rule", rule);
  if (run->identity != NULL)
    {
      json_object_set_string_member (detail, "from", run->identity->address);
      json_object_set_string_member (detail, "who", identity_who_name (run->identity->who));
      json_object_set_string_member (detail, "assurance",
                                     program_assurance_name (run->identity->assurance));
      json_object_set_string_member (detail, "evidence", run->identity->why);
    }
  if (trail != NULL)
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < trail->len; i++)
        json_array_add_string_element (array, trail->pdata[i]);
      json_object_set_array_member (detail, "trail", array);
    }
  return record_evidence (run, error)
         && journal_event (run->txn, run->input, run->case_id, run->at, "message", detail, error)
         && message_row_set (run->txn, run->message_id, outcomes[run->outcome], run->reason, rule,
                             run->case_id, error);
}

static bool
decide (Run *run, GError **error)
{
  Office *office = run->office;
  const MessageAddress *author = message_author (run->message);
  const OptionsMailbox *first = office->options->mailboxes->pdata[0];
  bool is_contact = false;
  TriageFacts facts = { .program = office->definition->program, .options = office->options,
                        .message = run->message, .mailbox = run->arrival->mailbox, .at = run->at,
                        .support = strcmp (first->name, run->arrival->mailbox) != 0 };

  if (author != NULL && !case_is_contact (office->store, author->address, &is_contact, error))
    return false;
  run->identity =
    identity_of (run->message, run->auth, facts.program, office->options, office->key, is_contact);
  facts.identity = run->identity;
  g_autoptr (GArray) open = case_of_contact (office->store, run->identity->address, true, error);
  g_autoptr (GArray) all =
    open != NULL ? case_of_contact (office->store, run->identity->address, false, error) : NULL;
  if (all == NULL || !run_sender_works (run, open->len > 0 ? open : all, error)
      || !run_refs (run, &facts, error) || !run_article_of (run, &facts.article, error))
    return false;
  facts.member_cases = open;
  facts.member_all = all;
  g_autoptr (Decision) decision = triage_decide (&facts);
  run->quarantine = decision->quarantine;
  if (run->quarantine && run->identity->person == NULL)
    run->identity->name[0] = '\0'; /* the number may stand there */
  return act (run, decision, &facts, error) && run_outsiders (run, error) && run_unread (run, error)
         && record (run, decision->rule, decision->trail, error);
}

/* A message whose facts nobody could find: a person opens it. */
static bool
hold_unread (Run *run, const char *reason, GError **error)
{
  return run_hold (run, 0, reason, error) && record (run, "unreadable", NULL, error);
}

/* Too large to be read, or with more in it than is read: its header tells whom to answer, and a
 * person is told. */
static bool
hold_oversize (Run *run, GError **error)
{
  const Program *program = run->office->definition->program;
  bool whole = !run->arrival->header_only;
  g_autofree char *limit = g_format_size_full ((guint64) run->office->options->max_message,
                                               G_FORMAT_SIZE_IEC_UNITS);

  run->identity =
    identity_of (run->message, run->auth, program, run->office->options, run->office->key, false);
  OutboxNotice notice = run_notice (run, program, NULL);
  notice.cause_sha256 = NULL;
  notice.reason = whole ? NULL : limit;
  if (run->message->machine == MACHINE_NONE && run->identity->who != WHO_NOBODY
      && !run->identity->forged
      && !outbox_write (run->txn, &notice, "oversize", run->identity->address, run->identity->name,
                        error))
    return false;
  return run_hold (run, 0,
                   whole ? "it has more parts, or parts nested deeper, than this office reads"
                         : "larger than this office reads",
                   error)
         && record (run, "oversize", NULL, error);
}

static bool
copy_of (Run *run, gint64 original, GError **error)
{
  g_autofree char *reason = g_strdup_printf ("a copy of message %" G_GINT64_FORMAT, original);
  g_autoptr (MessageRow) row = message_row_by_id (run->office->store, original, error);

  if (row == NULL)
    return false;
  run->case_id = row->case_id;
  run_outcome (run, OUTCOME_FILED, reason);
  return record (run, "copy", NULL, error);
}

/* Nothing of ours could deal with it, a template that does not fit say: a person is to look, and
 * the mail behind it must not wait for that.  No notice goes out: one of them may be the
 * trouble. */
static bool
hold_trouble (Run *run, const char *reason, GError **error)
{
  run_outcome (run, OUTCOME_HELD, reason);
  return run_held_add (run, 0, reason, "", true, error) && record (run, "trouble", NULL, error);
}

static void
note_language (Run *run)
{
  const ProgramLanguage *language =
    run->message != NULL ? triage_language (run->office->definition->program, run->message) : NULL;

  run->language = language != NULL ? language->tag : NULL;
}

/* Nothing is decided on half of a message, unless a machine wrote it: reports quote what they
 * report. */
static bool
is_beyond_us (const Run *run)
{
  return run->arrival->header_only
         || (run->message->partial && run->message->machine == MACHINE_NONE);
}

/* TROUBLE: what kept the first attempt from succeeding, or NULL. */
static bool
in_transaction (Run *run, const char *unreadable, const char *trouble, GError **error)
{
  const EngineArrival *a = run->arrival;
  g_autofree char *like = run->message != NULL ? likeness (run->message) : g_strdup (a->sha256);
  gint64 original = 0;
  JsonObject *said = json_object_new ();

  json_object_set_string_member (said, "mailbox", a->mailbox);
  if (a->folder != NULL)
    json_object_set_string_member (said, "folder", a->folder);
  json_object_set_int_member (said, "uidvalidity", a->uidvalidity);
  json_object_set_int_member (said, "uid", a->uid);
  json_object_set_int_member (said, "size", (gint64) a->size);
  json_object_set_int_member (said, "now", run->now);
  json_object_set_boolean_member (said, "header-only", a->header_only);
  if (run->auth.why != NULL)
    {
      json_object_set_string_member (said, "authentication", mail_auth_name (run->auth.verdict));
      json_object_set_string_member (said, "authentication-why", run->auth.why);
    }
  engine_evidence_keep (run->evidence, said);
  note_language (run);
  if (!office_affirm (run->office, run->txn, run->now, error)
      || !message_row_like (run->office->store, like, &original, error)
      || !message_row_add (run->txn, a, run->message, like, run->at, &run->message_id, error))
    {
      json_object_unref (said);
      return false;
    }
  if (!journal_input (run->txn, "message", run->at, run->message_id, said, &run->input, error))
    return false;
  bool good = trouble != NULL ? hold_trouble (run, trouble, error)
              : unreadable != NULL ? hold_unread (run, unreadable, error)
              : original != 0 && !a->header_only ? copy_of (run, original, error)
              : is_beyond_us (run) ? hold_oversize (run, error) : decide (run, error);
  return good;
}

static void
run_clear (Run *run)
{
  g_clear_pointer (&run->txn, store_txn_free);
  identity_free (run->identity);
  sorting_result_free (run->sorting);
  g_free (run->reason);
  g_free (run->keeper);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static MailboxTarget
target_of (const char *outcome)
{
  return strcmp (outcome, "held") == 0 ? MAILBOX_TO_HELD : MAILBOX_TO_FILED;
}

/* Bytes we have already: only the place is new. */
static bool
place_again (Office *office, const EngineArrival *arrival, const MessageRow *row,
             EngineTaken *taken, GError **error)
{
  g_autoptr (StoreTxn) txn = store_begin (office->store, error);

  *taken = (EngineTaken){ .target = target_of (row->outcome) };
  return txn != NULL && placement_add (txn, arrival, row->id, taken->target, error)
         && store_commit (txn, error);
}

/* Errors that would come again for this message, and only for it. */
static bool
is_of_the_message (const GError *error)
{
  return g_error_matches (error, QEC_ERROR, QEC_ERROR_CONFIG)
         || g_error_matches (error, QEC_ERROR, QEC_ERROR_PERMANENT)
         || g_error_matches (error, QEC_ERROR, QEC_ERROR_INVALID);
}

/* In a transaction that is left open; when the message itself makes it fail, in another one that
 * holds it. */
static bool
deal_with (Run *run, const char *unreadable, GError **error)
{
  g_autoptr (GError) inner = NULL;

  run->txn = store_begin (run->office->store, error);
  if (run->txn == NULL)
    return false;
  if (in_transaction (run, unreadable, NULL, &inner))
    return true;
  if (!is_of_the_message (inner))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  log_event (LOG_ERR, "message.trouble", LOG_STR ("sha256", run->arrival->sha256),
             LOG_STR ("why", inner->message));
  g_clear_pointer (&run->txn, store_txn_free);
  g_clear_pointer (&run->identity, identity_free);
  g_clear_pointer (&run->sorting, sorting_result_free);
  run->case_id = 0;
  run->txn = store_begin (run->office->store, error);
  return run->txn != NULL && in_transaction (run, NULL, inner->message, error);
}

void
engine_taken_clear (EngineTaken *taken)
{
  g_clear_pointer (&taken->from, g_free);
}

static EngineTaken
taken_of (const Run *run)
{
  return (EngineTaken){ target_of (outcomes[run->outcome]),
                        run->message_id,
                        run->case_id,
                        outcomes[run->outcome],
                        g_strdup (run->identity != NULL ? run->identity->address : ""),
                        run->quarantine };
}

bool
engine_message (Office *office, const EngineArrival *arrival, EngineFacts *facts, gint64 now,
                EngineTaken *taken, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (MessageRow) known = message_row_by_sha256 (office->store, arrival->sha256, &inner);
  g_auto (Run) run = { .office = office, .arrival = arrival, .now = now };

  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  if (known != NULL)
    return place_again (office, arrival, known, taken, error);
  if (facts->message == NULL && facts->unreadable == NULL
      && !engine_read (office, arrival, facts, now, error))
    return false;
  run.message = facts->message;
  run.auth = facts->auth;
  run.evidence = facts->evidence;
  /* A mailbox's idea of when mail arrived counts, unless it cannot be. */
  run.at = arrival->received_at > 0 && arrival->received_at <= now ? arrival->received_at : now;
  if (!deal_with (&run, facts->unreadable, error)
      || !placement_add (run.txn, arrival, run.message_id, target_of (outcomes[run.outcome]),
                         error))
    return false;
  fault_point ("message.before-commit");
  if (!store_commit (run.txn, error))
    return false;
  *taken = taken_of (&run);
  return true;
}

void
engine_log_taken (const EngineTaken *taken)
{
  if (taken->message != 0)
    log_event (LOG_NOTICE, "message.taken-in", LOG_INT ("message", taken->message),
               LOG_INT ("case", taken->case_id), LOG_STR ("outcome", taken->outcome),
               LOG_PERSON ("from", taken->from));
}
