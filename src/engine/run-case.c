/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail from outside in a case: documents, words, and words that are events ("SUBMIT"); one answer
 * to each mail.
 */
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "engine/run.h"

typedef struct {
  Run *run;
  const Program *program;
  Case *c;                    /* the copy that changes */
  DocumentReading *documents;
  GPtrArray *changes;
  GPtrArray *problems;        /* char * */
  CaseActor actor;
  char *text;                 /* its writer's own words */
  char *word;                 /* event of a word written alone on a line, or of a form; or NULL */
  const ProgramForm *form;    /* that form, and */
  FormReading *filled;        /* what stands in it; or NULL */
  bool further;               /* it opens a case of its own, beside this one */
  bool refused, unmet;        /* the word could not happen; because a guard does not hold */
  bool incomplete;            /* the form lacks something */
} Submission;

void
run_take_signatures (const GPtrArray *evidence, gint64 message, GPtrArray *documents)
{
  for (guint i = 0; evidence != NULL && i < documents->len; i++)
    {
      CaseDocument *document = documents->pdata[i];
      const Evidence *e =
        document->message == message ? evidence_about (evidence, document->part) : NULL;

      if (e == NULL)
        continue;
      case_signature_clear (&document->signature);
      document->signature =
        (CaseSignature){ g_strdup (verdict_name (e->verdict)), evidence_signers (e),
                         evidence_fingerprints (e),
                         g_strdup (e->reasons->len > 0 ? e->reasons->pdata[0] : ""), NULL };
    }
}

bool
run_has_unknown_signer (const Program *program, const Case *c, gint64 message)
{
  const ProgramEdition *edition = program_edition (program, c->edition);

  for (guint i = 0; edition != NULL && i < c->documents->len; i++)
    {
      const CaseDocument *file = c->documents->pdata[i];
      const ProgramDocument *document = file->message == message && file->status == DOCUMENT_CURRENT
                                          ? program_document (edition, file->element, file->name)
                                          : NULL;

      if (document != NULL && case_signature_waits (c, document, file))
        return true;
    }
  return false;
}

/* "SUBMIT", "**submit**.", "Submit!" alone on a line; "Status?" asks, but "Submit?" asks something
 * else. */
static char *
bare_word (const char *line)
{
  g_autofree char *copy = g_strdup (line);
  char *p = copy;

  while (*p != '\0' && !g_ascii_isalpha (*p))
    {
      if ((guchar) *p >= 0x80 || g_ascii_isdigit (*p))
        return NULL;
      p++;
    }
  gsize n = strcspn (p, " \t.!,;:*_\"'?");
  if (strchr (p + n, '?') != NULL && !(n == 6 && g_ascii_strncasecmp (p, "status", n) == 0))
    return NULL;
  if (n == 0 || strspn (p + n, " \t.!,;:*_\"'?") != strlen (p + n))
    return NULL;
  return g_ascii_strdown (p, (gssize) n);
}

/* What somebody else wrote decides nothing, even where nothing else stands in the mail.  A form
 * does: who filled it in is not asked. */
static bool
is_forward (const Message *m)
{
  return m->forwarded_from->len > 0 && message_passes_on (m);
}

static char *
find_word (const Program *program, const Case *c, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *word = bare_word (*line);
      char *event =
        word != NULL && strcmp (word, "status") != 0 ? case_word_event (program, c, word) : NULL;

      if (event != NULL || g_strcmp0 (word, "status") == 0)
        return event != NULL ? event : g_steal_pointer (&word);
    }
  return NULL;
}

static bool
takes_form (const Submission *s, const ProgramForm *form)
{
  g_autofree char *event = g_strconcat ("form ", form->name, NULL);

  return case_knows (s->program, s->c, event);
}

static bool
takes_form_or_opens (const ProgramForm *form, gconstpointer data)
{
  return (form->member && form->opens != NULL) || takes_form (data, form);
}

/* A form that such a case takes, filled in by the message: its event counts for more than a word
 * does. */
static void
find_form (Submission *s)
{
  const FormContext context = { s->run->at, s->program, s->c, s->run->office->options };

  s->filled = form_find (s->run->message, &context, takes_form_or_opens, s);
  if (s->filled == NULL)
    return;
  s->form = s->filled->form;
  s->further = !takes_form (s, s->form);
  g_free (s->word);
  s->word = g_strconcat ("form ", s->form->name, NULL);
}

static bool
step (Submission *s, const char *name, GError **error)
{
  CaseEvent event = { .name = name, .actor = &s->actor, .text = s->text,
                      .documents = s->documents->documents, .message = s->run->message_id,
                      .values = s->filled != NULL ? s->filled->values : NULL };

  return case_step (s->program, s->c, &event, s->run->at, s->changes, error);
}

/* What came is recorded in any state that takes it; a state that does not is a person's
 * business. */
static bool
take_in (Submission *s, GError **error)
{
  bool files = s->documents->documents->len > 0;
  g_autofree char *text = g_strstrip (g_strdup (s->text));
  bool empty = text[0] == '\0' && !files;

  return step (s, files || empty || s->word != NULL ? "documents" : "message", error);
}

/* The word's event on a copy: a refusal leaves everything before it in force. */
static bool
try_word (Submission *s, GError **error)
{
  g_autoptr (GError) inner = NULL;
  Case *before = case_copy (s->c);
  guint n = s->changes->len;

  if (step (s, s->word, &inner))
    {
      case_free (before);
      return true;
    }
  case_free (s->c);
  s->c = before;
  g_ptr_array_set_size (s->changes, (gint) n);
  if (!g_error_matches (inner, QEC_ERROR, QEC_ERROR_PERMANENT))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  s->refused = true;
  g_autoptr (GPtrArray) obstacles = case_obstacles (s->program, s->c, s->word, s->run->at);
  s->unmet = obstacles->len > 0;
  /* What a form would have brought is not in the case: only the step knows what stood in the way of
   * it. */
  if (s->form != NULL && case_transition (s->program, s->c, s->word, s->run->at) != NULL)
    g_ptr_array_add (s->problems, g_strdup (inner->message));
  else if (!s->unmet && case_transition (s->program, s->c, s->word, s->run->at) == NULL)
    g_ptr_array_add (s->problems, words_say ("It does not belong to the step your case is at."));
  else if (!s->unmet)
    g_ptr_array_add (s->problems, g_strdup (inner->message));
  else
    for (guint i = 0; i < obstacles->len; i++)
      g_ptr_array_add (s->problems, g_strdup (obstacles->pdata[i]));
  return true;
}

/* A form with gaps changes nothing: its sender is told, and gets it back with what was filled
 * in. */
static bool
answer_incomplete (Submission *s, OutboxNotice *notice, GError **error)
{
  g_autofree char *blank = program_form_lines (s->form, s->filled->values);

  notice->problems = s->filled->problems;
  notice->form = blank;
  notice->asked = s->form;
  return outbox_write (s->run->txn, notice, "form-incomplete", s->run->identity->address,
                       notice->sender_name, error);
}

/* What is sent when the word could not happen: "submit-refused" where something is missing and the
 * definition has words for it. */
static bool
answer_refused (Submission *s, OutboxNotice *notice, GError **error)
{
  const Identity *sender = s->run->identity;
  const char *last = strrchr (s->word, ' '), *word = last != NULL ? last + 1 : s->word;
  g_autofree char *own = g_strconcat (word, "-refused", NULL);
  g_autofree char *upper = s->form == NULL ? g_ascii_strup (word, -1) : NULL;
  const char *name = s->unmet && program_notice (s->program, own) != NULL ? own : "word-refused";

  notice->outcome = upper;
  return outbox_write (s->run->txn, notice, name, sender->address, notice->sender_name, error);
}

/* A case that takes no mail any more, or not this: the sender is answered, and a person decides. */
static bool
hold_and_acknowledge (Submission *s, const char *why, GError **error)
{
  OutboxNotice notice = run_notice (s->run, s->program, s->c);
  g_autofree char *closed =
    g_strdup_printf ("case %s is closed (%s): a person must answer", s->c->ref, s->c->state);

  return outbox_notice (s->run->txn, &notice, "acknowledgement", error)
         && run_hold (s->run, s->c->id, s->c->open ? why : closed, error);
}

static bool
only_outside (const Program *program, const char *name)
{
  const ProgramNotice *def = program_notice (program, name);

  for (char **to = def != NULL ? def->to : NULL; to != NULL && *to != NULL; to++)
    if (strcmp (*to, "sender") != 0 && strcmp (*to, "applicant") != 0)
      return false;
  return def != NULL;
}

/* One mail, one answer: when the word has an answer of its own, the receipt before it is not
 * sent. */
static void
drop_receipt (Submission *s, guint before_word)
{
  bool answered = s->refused || s->incomplete || s->word == NULL || strcmp (s->word, "status") == 0;

  for (guint i = before_word; i < s->changes->len; i++)
    {
      const CaseChange *change = s->changes->pdata[i];

      answered |= change->kind == CHANGE_NOTICE && only_outside (s->program, change->name);
    }
  for (guint i = 0; answered && i < before_word;)
    {
      const CaseChange *change = s->changes->pdata[i];

      if (change->kind == CHANGE_NOTICE && only_outside (s->program, change->name))
        {
          g_ptr_array_remove_index (s->changes, i);
          before_word--;
        }
      else
        i++;
    }
}

GArray *
run_questions (const DocumentReading *documents)
{
  GArray *questions = g_array_new (FALSE, FALSE, sizeof (OutboxQuestion));

  for (guint i = 0; i < documents->questions->len; i++)
    {
      const DocumentQuestion *q = documents->questions->pdata[i];
      OutboxQuestion one = { q->file, q->question };

      g_array_append_val (questions, one);
    }
  return questions;
}

static bool
answer (Submission *s, GError **error)
{
  Run *run = s->run;

  /* Whoever asks where the case stands, or wants to go on, is told every question that is open. */
  if (s->word != NULL)
    documents_ask_again (s->program, s->c, s->run->at, s->documents);
  g_autoptr (GArray) questions = run_questions (s->documents),
                     crossed = run_crossed (run, s->program, s->c, false, error);
  OutboxNotice notice = run_notice (run, s->program, s->c);

  if (crossed == NULL)
    return false;
  notice.crossed = crossed;
  notice.received = s->documents->documents;
  notice.questions = questions;
  notice.problems = s->problems;
  notice.words = s->text;
  if (!run_notices (run, s->program, s->c, s->changes, &notice, error)
      || (run_has_unknown_signer (s->program, s->c, run->message_id)
          && !outbox_notice (run->txn, &notice, "signer-unknown", error)))
    return false;
  if (s->incomplete)
    return answer_incomplete (s, &notice, error);
  if (s->refused)
    return answer_refused (s, &notice, error);
  return g_strcmp0 (s->word, "status") != 0
         || outbox_write (run->txn, &notice, "status", run->identity->address, notice.sender_name,
                          error);
}

static bool
proceed (Submission *s, GError **error)
{
  g_autoptr (GError) inner = NULL;
  bool status = g_strcmp0 (s->word, "status") == 0;
  guint before_word;

  /* A word alone is its own event: "SUBMIT" is no answer to a question. */
  if ((s->word == NULL || s->documents->documents->len > 0) && !take_in (s, &inner))
    {
      if (!g_error_matches (inner, QEC_ERROR, QEC_ERROR_PERMANENT))
        {
          g_propagate_error (error, g_steal_pointer (&inner));
          return false;
        }
      return hold_and_acknowledge (s, inner->message, error);
    }
  before_word = s->changes->len;
  s->incomplete = s->form != NULL && s->filled->problems->len > 0;
  if (s->word != NULL && !status && !s->incomplete && !try_word (s, error))
    return false;
  if (s->word != NULL || (s->run->answered && s->documents->documents->len == 0))
    drop_receipt (s, before_word);
  run_outcome (s->run, OUTCOME_FILED,
               s->incomplete ? "filed; the form was not complete"
               : s->refused  ? "filed; the word could not happen"
                             : "filed in the case");
  return run_save (s->run, s->c, s->changes, error) && answer (s, error)
         && run_contacts (s->run, s->c, s->changes, error)
         && run_spread (s->run, s->program, s->c, s->changes, error);
}

bool
run_submission (Run *run, gint64 case_id, GError **error)
{
  const Program *program;
  g_autoptr (Case) c = run_load (run, case_id, &program, error);

  if (c == NULL)
    return false;
  g_auto (GStrv) roles = program_outside_roles (program);
  g_autoptr (DocumentReading) documents =
    documents_read (program, c, run->message, run->message_id, run->at);
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  run_take_signatures (run->evidence, run->message_id, documents->documents);
  g_autofree char *text = triage_words (run->message);
  Submission s = { .run = run,
                   .text = text,
                   .program = program,
                   .c = case_copy (c),
                   .documents = documents,
                   .changes = changes,
                   .problems = problems,
                   .word = is_forward (run->message) ? NULL : find_word (program, c, text),
                   .actor = { run->identity->address, run->identity->name, false,
                              (const char *const *) roles, run->identity->assurance } };

  run->case_id = case_id;
  find_form (&s);
  bool good = s.further ? run_form (run, s.form, s.filled, case_id, error) : proceed (&s, error);
  case_free (s.c);
  form_reading_free (s.filled);
  g_free (s.word);
  return good;
}

/* RULE's answer, and its item for a person. */
static bool
hold_beside (Run *run, const ProgramTriageRule *rule, GError **error)
{
  const Program *today = run->office->definition->program;
  g_autoptr (Case) c = case_load (run->office->store, run->case_id, error);

  if (c == NULL)
    return false;
  g_autofree char *reason = g_strdup_printf (
    "%s. It was written in case %s, and is filed there, too", rule->reason, c->ref);
  OutboxNotice notice = run_notice (run, today, c);
  return (rule->answer == NULL || outbox_notice (run->txn, &notice, rule->answer, error))
         && run_hold (run, run->case_id, reason, error);
}

bool
run_submission_beside (Run *run, gint64 case_id, const ProgramTriageRule *rule, GError **error)
{
  if (rule == NULL)
    return run_submission (run, case_id, error);
  run->answered = rule->answer != NULL;
  /* What it is decides who is told, if the case does not take it, too. */
  if (!run_sort (run, rule, error) || !run_submission (run, case_id, error))
    return false;
  return run->outcome == OUTCOME_HELD || hold_beside (run, rule, error);
}
