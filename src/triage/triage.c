/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tests of triage as a table, most certain first.
 */
#include "triage/triage.h"
#include "triage/triage-identifier.h"

#include <string.h>

typedef enum { NO, YES } Verdict;

typedef struct {
  const char *name;
  Verdict (*test) (const TriageFacts *facts, Decision *decision);
  const char *help;
} Test;

char *
triage_subject_tag (const Program *program, const char *subject)
{
  static GRegex *regex; /* compiling costs more than all the matching of a message */
  g_autoptr (GMatchInfo) match = NULL;

  if (regex == NULL)
    regex = g_regex_new ("\\b([A-Z]{2,8})-(\\d{4})-(\\d{4,})\\b", G_REGEX_CASELESS, 0, NULL);
  for (g_regex_match (regex, subject, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *whole = g_match_info_fetch (match, 0),
                      *prefix = g_match_info_fetch (match, 1);
      g_autofree char *upper = g_ascii_strup (prefix, -1);

      if (program_case_type_by_prefix (program, upper) != NULL)
        return g_ascii_strup (whole, -1);
    }
  return NULL;
}

static Verdict
decide (Decision *decision, TriageIntent intent, gint64 case_id)
{
  decision->intent = intent;
  decision->case_id = case_id;
  return YES;
}

static Verdict
hold (Decision *decision, const char *reason)
{
  decision->reason = reason;
  return decide (decision, INTENT_HOLD, 0);
}

static Verdict
is_own (const TriageFacts *f, Decision *d)
{
  return f->identity->who == WHO_OWN ? decide (d, INTENT_IGNORE, 0) : NO;
}

static Verdict
is_report (const TriageFacts *f, Decision *d)
{
  return f->message->machine == MACHINE_DELIVERY_REPORT ? decide (d, INTENT_REPORT, 0) : NO;
}

static Verdict
is_machine (const TriageFacts *f, Decision *d)
{
  gint64 about = f->token_case != 0 ? f->token_case : f->thread_case;

  return f->message->machine != MACHINE_NONE ? decide (d, INTENT_IGNORE, about) : NO;
}

static Verdict
is_nobody (const TriageFacts *f, Decision *d)
{
  return f->identity->who == WHO_NOBODY ? hold (d, "there is no sender to answer") : NO;
}

static Verdict
is_forged (const TriageFacts *f, Decision *d)
{
  return f->identity->forged
           ? hold (d, "our mail server says that the sender's address is forged (dmarc=fail)") : NO;
}

static bool
among (const GArray *cases, gint64 id)
{
  for (guint i = 0; cases != NULL && i < cases->len; i++)
    if (g_array_index (cases, gint64, i) == id)
      return true;
  return false;
}

/* The case a message is about by what it refers to: proof before mention, and a conversation, which
 * goes along when mail is forwarded, only for those who belong to its case. */
static gint64
referred (const TriageFacts *f)
{
  gint64 mentioned = f->token_case != 0    ? f->token_case
                     : f->thread_case != 0 ? f->thread_case
                                           : f->tag_case;
  bool theirs = f->identity->who == WHO_STAFF || among (f->member_all, f->conversation_case);

  return mentioned != 0 || f->tag || !theirs ? mentioned : f->conversation_case;
}

static Verdict
is_staff_in_case (const TriageFacts *f, Decision *d)
{
  gint64 id = referred (f);

  return f->identity->who == WHO_STAFF && id != 0 ? decide (d, INTENT_COMMAND, id) : NO;
}

static Verdict
is_staff (const TriageFacts *f, Decision *d)
{
  return f->identity->who == WHO_STAFF ? decide (d, INTENT_STAFF, 0) : NO;
}

/* A picture or a file that came without words: its name in the subject asks for nothing that an
 * article answers. */
static bool
is_file_alone (const Message *m)
{
  g_autofree char *text = g_strstrip (g_strdup (m->new_text));
  bool file = false;

  for (guint i = 0; i < m->parts->len; i++)
    file |= !g_str_has_prefix (((const MessagePart *) m->parts->pdata[i])->type, "text/");
  return file && text[0] == '\0';
}

/* Staff's "/help" is a command; what they write in words is for people. */
static Verdict
is_topic (const TriageFacts *f, Decision *d)
{
  d->topic = f->program->articles->len > 0 && !is_file_alone (f->message)
               ? triage_topic (f->message->subject, f->message->new_text)
               : NULL;
  return d->topic != NULL ? decide (d, INTENT_TOPIC, 0) : NO;
}

static Verdict
is_about_article (const TriageFacts *f, Decision *d)
{
  g_autofree char *text = g_strstrip (g_strdup (f->message->new_text));
  g_autofree char *said = NULL;

  if (f->article == NULL || !form_is_yes_no (text, &said))
    return NO;
  d->helped = strcmp (said, "yes") == 0;
  return decide (d, INTENT_ARTICLE, 0);
}

static Verdict
decide_by (Decision *d, const ProgramTriageRule *rule)
{
  d->data = rule;
  d->rule = rule->name;
  d->reason = rule->reason;
  return decide (d, INTENT_RULE, 0);
}

/* What fold_case() made, as a phrase that stands alone is compared. */
static char *
bare (const char *folded)
{
  const char *start = folded + strspn (folded, " \t\n\v\f\r");
  gsize n = strlen (start);

  while (n > 0 && g_ascii_isspace (start[n - 1]))
    n--;
  while (n > 0 && strchr (".!?:\"'*", start[n - 1]) != NULL)
    n--;
  gsize quotes = MIN (strspn (start, "\"'*"), n);
  return g_strndup (start + quotes, n - quotes);
}

/* Words that stand alone are meant for the machine, in whatever thread; an empty message may say
 * them in its subject. */
static Verdict
is_alone (const TriageFacts *f, Decision *d)
{
  const MessageWords *words = message_words (f->message);
  g_autofree char *text = bare (words->folded_text);
  g_autofree char *said = text[0] != '\0' ? g_steal_pointer (&text) : bare (words->folded_subject);

  for (guint i = 0; i < f->program->triage->len; i++)
    {
      const ProgramTriageRule *rule = f->program->triage->pdata[i];
      bool theirs =
        rule->from == NULL || strcmp (rule->from, identity_who_name (f->identity->who)) == 0;

      if (theirs && rule->alone != NULL
          && g_strv_contains ((const char *const *) rule->alone, said))
        return decide_by (d, rule);
    }
  return NO;
}

/* Whether one who writes with the facts DATA may open a case with FORM. */
static bool
may_open (const ProgramForm *form, gconstpointer data)
{
  const TriageFacts *f = data;

  return form->opens != NULL && (form->stranger || f->identity->who == WHO_MEMBER);
}

static Verdict
is_form (const TriageFacts *f, Decision *d)
{
  FormContext context = { f->at, f->program, NULL, f->options };

  d->reading = form_find (f->message, &context, may_open, f);
  d->form = d->reading != NULL ? d->reading->form : NULL;
  return d->form != NULL ? decide (d, INTENT_FORM, 0) : NO;
}

/* PAIRS are those of FOLDED. */
static bool
has_phrase (char **phrases, const char *folded, const Marks *pairs)
{
  for (char **phrase = phrases; phrase != NULL && *phrase != NULL; phrase++)
    if (marks_may_hold (pairs, *phrase) && strstr (folded, *phrase) != NULL)
      return true;
  return false;
}

static bool
has_phrases (const ProgramTriageRule *rule)
{
  return (rule->subject != NULL && rule->subject[0] != NULL)
         || (rule->words != NULL && rule->words[0] != NULL);
}

static bool
has_identifiers (const ProgramTriageRule *rule)
{
  return rule->identifiers != NULL && rule->identifiers[0] != NULL;
}

static bool
rule_fits (const ProgramTriageRule *rule, const TriageFacts *f)
{
  const MessageWords *said = message_words (f->message);

  if (rule->mailbox != NULL && strcmp (rule->mailbox, f->mailbox) != 0)
    return false;
  if (rule->from != NULL && strcmp (rule->from, identity_who_name (f->identity->who)) != 0)
    return false;
  if (!has_phrases (rule))
    return rule->alone == NULL || rule->alone[0] == NULL;
  return has_phrase (rule->subject, said->folded_subject, &said->subject_pairs)
         || has_phrase (rule->words, said->folded_subject, &said->subject_pairs)
         || has_phrase (rule->words, said->folded_text, &said->text_pairs);
}

/* The first rule that fits, of those that COUNT. */
static const ProgramTriageRule *
first_rule (const TriageFacts *f,
            bool (*counts) (const ProgramTriageRule *rule, const TriageFacts *f))
{
  for (guint i = 0; i < f->program->triage->len; i++)
    {
      const ProgramTriageRule *rule = f->program->triage->pdata[i];

      if (counts (rule, f) && rule_fits (rule, f))
        return rule;
    }
  return NULL;
}

static bool
is_beside_case (const ProgramTriageRule *rule, const TriageFacts *f)
{
  return rule->beside_case;
}

static Verdict
submit (const TriageFacts *f, Decision *d, gint64 id)
{
  d->beside = first_rule (f, is_beside_case);
  return decide (d, INTENT_SUBMISSION, id);
}

static Verdict
is_member_in_case (const TriageFacts *f, Decision *d)
{
  gint64 id = referred (f);

  return f->identity->who == WHO_MEMBER && id != 0 && among (f->member_all, id) ? submit (f, d, id)
                                                                                : NO;
}

/* Says beyond doubt what a message of anybody is, whatever it refers to: where it is no business of
 * the machine's, a case number in it does not make it one. */
static bool
is_of_anybody (const ProgramTriageRule *rule, const TriageFacts *f)
{
  return rule->from == NULL && rule->category != NULL && has_phrases (rule);
}

/* A number anybody can know is no way into a case. */
static Verdict
is_foreign_to_case (const TriageFacts *f, Decision *d)
{
  const ProgramTriageRule *rule;

  if (!f->tag && referred (f) == 0)
    return NO;
  rule = first_rule (f, is_of_anybody);
  return rule != NULL ? decide_by (d, rule)
                      : hold (d, "the sender refers to a case but is not known in it");
}

static Verdict
is_rule (const TriageFacts *f, Decision *d)
{
  for (guint i = 0; i < f->program->triage->len; i++)
    {
      const ProgramTriageRule *rule = f->program->triage->pdata[i];
      bool fits = !has_identifiers (rule) && rule_fits (rule, f);

      g_ptr_array_add (d->trail, g_strdup_printf ("rule %s: %s", rule->name, fits ? "yes" : "no"));
      if (fits)
        return decide_by (d, rule);
    }
  return NO;
}

static bool
finds_identifier (const ProgramTriageRule *rule, const TriageFacts *f)
{
  return has_identifiers (rule)
         && triage_identifier (f->program, rule->identifiers, f->message) != NULL;
}

/* Numbers of people came: whoever wrote, and to whatever it refers, nothing of it goes further. */
static Verdict
is_identifier (const TriageFacts *f, Decision *d)
{
  const ProgramTriageRule *rule = first_rule (f, finds_identifier);

  d->quarantine = rule != NULL;
  return rule != NULL ? decide_by (d, rule) : NO;
}

static bool
brings_files (const Message *m)
{
  bool brings = false;

  for (guint i = 0; !brings && i < m->parts->len; i++)
    brings = ((const MessagePart *) m->parts->pdata[i])->name[0] != '\0';
  return brings;
}

/* Words that open a case of their own do so for somebody who has another one, too; and where a rule
 * is about words of members, or says beyond doubt what a message of anybody is, a mail without
 * files gets its answer rather than lying in that case. */
static bool
goes_before_the_case (const ProgramTriageRule *rule, const TriageFacts *f)
{
  bool for_them = rule->from != NULL ? strcmp (rule->from, "member") == 0 : rule->category != NULL;

  return has_phrases (rule) && (rule->open != NULL || (for_them && !brings_files (f->message)));
}

static Verdict
is_contact_rule (const TriageFacts *f, Decision *d)
{
  const ProgramTriageRule *rule =
    f->identity->who == WHO_MEMBER ? first_rule (f, goes_before_the_case) : NULL;

  return rule != NULL ? decide_by (d, rule) : NO;
}

static Verdict
is_member_with_one_case (const TriageFacts *f, Decision *d)
{
  return f->identity->who == WHO_MEMBER && f->member_cases->len == 1 && !f->support
           ? submit (f, d, g_array_index (f->member_cases, gint64, 0)) : NO;
}

static Verdict
is_anything (const TriageFacts *f, Decision *d)
{
  d->several = f->identity->who == WHO_MEMBER;
  return hold (d, d->several ? "the sender has several cases and names none of them"
                             : "no rule says what this is");
}

static const Test tests[] = {
  { "own mail", is_own, "the author is one of our own addresses" },
  { "delivery report", is_report, "a mail system reports about a mail of ours" },
  { "machine", is_machine, "a machine wrote it: auto-reply, list, receipt, calendar" },
  { "no sender", is_nobody, "no author, or several" },
  { "forged", is_forged, "our own mail server says the author is forged" },
  { "identifier", is_identifier, "a number of a person stands in it that must not come by mail" },
  { "staff in a case", is_staff_in_case, "the author is in the roster and the message refers to a case" },
  { "staff", is_staff, "the author is in the roster" },
  { "help", is_topic, "the message asks for a knowledge article" },
  { "answer about an article", is_about_article, "it answers a knowledge article with yes or no" },
  { "words alone", is_alone, "the message says nothing but words that a rule wants to stand alone" },
  { "contact in a case", is_member_in_case, "the author is a contact of the case the message refers to" },
  { "stranger to a case", is_foreign_to_case, "the message refers to a case the author does not belong to" },
  { "form", is_form, "the text, or a file with it, is a filled form that opens a case" },
  { "rule for contacts", is_contact_rule, "a contact's words are those of a rule that opens a case, or is for contacts alone" },
  { "contact with one case", is_member_with_one_case, "the author's organization has exactly one open case" },
  { "rules", is_rule, "the definition's own rules, in order" },
  { "nothing fits", is_anything, "a person must look" },
};

Decision *
triage_decide (const TriageFacts *facts)
{
  Decision *decision = g_new0 (Decision, 1);

  decision->trail = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      Verdict verdict = tests[i].test (facts, decision);

      g_ptr_array_add (decision->trail,
                       g_strdup_printf ("%s: %s", tests[i].name, verdict == YES ? "yes" : "no"));
      if (verdict == NO)
        continue;
      if (decision->rule == NULL)
        decision->rule = tests[i].name;
      break;
    }
  return decision;
}

void
decision_free (Decision *decision)
{
  if (decision == NULL)
    return;
  form_reading_free (decision->reading);
  g_free (decision->topic);
  g_ptr_array_unref (decision->trail);
  g_free (decision);
}
