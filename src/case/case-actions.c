/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Actions: what a transition does besides changing the state, each a row of one table; and the
 * closed vocabulary.
 *
 * Clarifications and documents have files of their own beside this one.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-private.h"

bool
case_refuse (GError **error, const char *format, const char *a, const char *b)
{
  g_autofree char *message = g_strdup_printf ("%s %s %s", a, format, b);

  g_set_error_literal (error, QEC_ERROR, QEC_ERROR_PERMANENT, g_strstrip (message));
  return false;
}

const char *
case_value (const ProgramTerm *term, guint n)
{
  for (guint i = 0; i < n; i++)
    if (term->values[i] == NULL)
      return NULL;
  return term->values[n];
}

const char *
case_who (const CaseStep *step)
{
  return step->event->actor != NULL ? step->event->actor->address : "";
}

static void
set_owner (CaseStep *step, const char *address)
{
  CaseChange *change = case_change (step, CHANGE_OWNER);

  g_free (step->c->owner);
  step->c->owner = g_strdup (address);
  change->value = g_strdup (address);
}

/* Whoever holds the case that opened this one; else the person of ROLE who holds the fewest open
 * cases; the roster's order decides between equals. */
static bool
assign (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const char *role = case_value (term, 0), *holder = step->event->holder;
  const ProgramPerson *best = holder != NULL ? program_person (step->program, holder) : NULL;
  int least =
    best != NULL && !best->away && program_person_has_role (best, role) ? G_MININT : G_MAXINT;

  for (guint i = 0; i < step->program->people->len; i++)
    {
      const ProgramPerson *person = step->program->people->pdata[i];
      int load = step->event->load != NULL
                   ? GPOINTER_TO_INT (g_hash_table_lookup (step->event->load, person->address))
                   : 0;

      if (person->away || !program_person_has_role (person, role) || load >= least)
        continue;
      best = person;
      least = load;
    }
  set_owner (step, best != NULL ? best->address : "");
  return true;
}

static bool
reassign (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const char *address = step->event->value;
  const ProgramPerson *person = address != NULL ? program_person (step->program, address) : NULL;

  if (person == NULL)
    return case_refuse (error, "is not in the roster", address != NULL ? address : "nobody", "");
  if (step->program->owner != NULL && !program_person_has_role (person, step->program->owner))
    return case_refuse (error, "does not have the role", person->address, step->program->owner);
  set_owner (step, person->address);
  return true;
}

const ProgramElement *
case_element_here (const CaseStep *step, GError **error)
{
  const char *name = step->event->element;
  const ProgramElement *element =
    name != NULL && step->edition != NULL ? program_element (step->edition, name) : NULL;

  if (element != NULL
      && (step->state->group == NULL || g_strcmp0 (element->group, step->state->group) == 0))
    return element;
  g_autoptr (GString) known = g_string_new (NULL);
  for (guint i = 0; step->edition != NULL && i < step->edition->elements->len; i++)
    {
      const ProgramElement *other = step->edition->elements->pdata[i];

      if (g_strcmp0 (other->group, step->state->group) == 0)
        g_string_append_printf (known, "%s%s", known->len > 0 ? ", " : "", other->name);
    }
  case_refuse (error, "is not an element under review here; there are:", name != NULL ? name : "''",
               known->str);
  return NULL;
}

static gint
by_element (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const CaseFinding *const *) a)->element,
                 (*(const CaseFinding *const *) b)->element);
}

static bool
record_finding (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const ProgramElement *element = case_element_here (step, error);
  const CaseEvent *event = step->event;

  if (element == NULL)
    return false;
  if (event->value == NULL
      || !g_strv_contains ((const char *const *) step->edition->findings, event->value))
    {
      g_autofree char *known = g_strjoinv (", ", step->edition->findings);

      return case_refuse (
        error, "is not a finding; there are:", event->value != NULL ? event->value : "''", known);
    }
  for (guint i = 0; i < step->c->findings->len; i++)
    if (strcmp (((const CaseFinding *) step->c->findings->pdata[i])->element, element->name) == 0)
      g_ptr_array_remove_index (step->c->findings, i--);

  CaseFinding *finding = g_new0 (CaseFinding, 1);
  finding->element = g_strdup (element->name);
  finding->value = g_strdup (event->value);
  finding->by = g_strdup (case_who (step));
  finding->at = step->now;
  g_ptr_array_add (step->c->findings, finding);
  g_ptr_array_sort (step->c->findings, by_element);

  CaseChange *change = case_change (step, CHANGE_FINDING);
  change->name = g_strdup (element->name);
  change->value = g_strdup (event->value);
  change->text = g_strdup (event->text);
  change->who = g_strdup (case_who (step));
  return true;
}

static bool
record_note (CaseStep *step, const ProgramTerm *term, GError **error)
{
  CaseChange *change = case_change (step, CHANGE_NOTE);

  change->name = g_strdup (step->event->name);
  change->text = g_strdup (step->event->text);
  change->who = g_strdup (case_who (step));
  return true;
}

/* The two tables go together, row by row. */
const ProgramWord case_action_words[] = {
  { "assign",               "role",  false, "give the case to the least loaded person of the role, or to whoever holds the case that opened this one" },
  { "reassign",             NULL,    false, "give the case to the person the command names" },
  { "start timer",          "timer", false, "start the timer anew; it outlives the state" },
  { "stop timer",           "timer", false, "stop the timer and its reminders" },
  { "extend timer",         "timer span", false, "the timer's due date moves back by that much" },
  { "set",                  "field text", false, "set the field to the value named after it" },
  { "clear",                "field", false, "forget the field's value" },
  { "date",                 "date",  false, "the field becomes the date the command named, else today; one kept per party, of the party that it named" },
  { "date",                 "date 'from' day 'plus' span", false, "the field becomes another date (a field or today) and that much" },
  { "date",                 "date 'from' day 'minus' span", false, "the field becomes another date less that much" },
  { "date",                 "date 'from' day 'next' month-day", false,
    "the field becomes the first such day of a year that is later than another date (a field or today)" },
  { "year",                 "field 'of' day", false, "the field becomes the year of a date (a field or today)" },
  { "open",                 "case-type", false, "open a case of that type for the same organization; this one is its parent" },
  { "signal",               "case-type word", false, "raise the signal in every open case of that type of the organization" },
  { "signal parent",        "word", false, "raise the signal in the case that opened this one" },
  { "signal children",      "word", false, "raise the signal in the open cases that this one opened" },
  { "signal others",        "word", false, "raise the signal in every other open case of the organization" },
  { "record finding",       NULL,    false, "write down the finding for the element" },
  { "open clarification",   "timer", false, "put the question to the applicant; the timer watches it" },
  { "answer clarification", NULL,    false, "close the questions this message answers; raises 'answered' after the last" },
  { "extend clarification", "timer", false, "move the due date of the element's open question" },
  { "record documents",     NULL,    false, "file the documents that came; a newer version supersedes" },
  { "introduce signer",     NULL,    false, "who signed the element's documents may sign in that role from now on, with that certificate" },
  { "retire signer",        NULL,    false, "what comes signed with the certificate the command names does not count from now on" },
  { "accept signature",     NULL,    false, "the element's documents count although their signatures do not" },
  { "record party",         NULL,    false, "write down the organization the command names, whether it has access, and until when" },
  { "record language",      NULL,    false, "write down the language in which the contact the command names, or each, gets mail" },
  { "record contact",       NULL,    false, "the person the command names speaks for the organization from now on, or no longer" },
  { "propose contact",      "field field field", false,
    "the first two fields become the address and the name of whom the command names; refused unless they, with whom they replace (the third "
    "field), could become a contact" },
  { "confirm contact",      "field field field", false,
    "the person whose address and name stand in the first two fields speaks for the organization from now on; the one in the third no longer" },
  { "correct contact",      NULL,    false, "whoever sent the form has the name and the phone that it says (maps = \"contact.name\", \"contact.phone\")" },
  { "remind",               "timer", false, "start the timer as a reminder of whoever asks for it, on the day the command names; or stop those" },
  { "link",                 NULL,    false, "the case and the one the command names have to do with each other; or no longer" },
  { "join",                 NULL,    false, "the case the command names goes on in this one's place: what still comes for this one goes there" },
  { "record note",          NULL,    false, "write the words into the case's history" },
  { NULL },
};

static const CaseActionRun actions[] = {
  assign, reassign, case_start_timer, case_stop_timer, case_extend_timer, case_set_field_action, case_clear_field,
  case_date_named, case_date_plus, case_date_minus, case_date_next, case_year_of, case_open, case_signal, case_signal_parent,
  case_signal_children, case_signal_others, record_finding, case_open_clarification,
  case_answer_clarification, case_extend_clarification, case_record_documents,
  case_introduce_signer, case_retire_signer, case_accept_signature, case_record_party, case_record_language,
  case_record_contact, case_propose_contact, case_confirm_contact, case_correct_contact, case_remind, case_link, case_join,
  record_note,
};

G_STATIC_ASSERT (G_N_ELEMENTS (actions) == G_N_ELEMENTS (case_action_words) - 1);

static const ProgramWord event_words[] = {
  { "opened",    NULL,    false, "the case was made", true },
  { "documents", NULL,    false, "mail from outside brought files, or nothing at all" },
  { "message",   NULL,    false, "mail from outside brought words only" },
  { "submit",    NULL,    false, "somebody outside wrote the word alone on a line" },
  { "withdraw",  NULL,    false, "somebody outside wrote the word alone on a line" },
  { "say",       "word",  false, "somebody outside wrote that word alone on a line" },
  { "form",      "form",  false, "a complete form came in the case; its values are fields now", .does = true },
  { "again",     NULL,    false, "a form that would open a second case of a type with one-open = true came for this one" },
  { "answered",  NULL,    false, "the last open clarification was answered", true },
  { "finding",   NULL,    false, "staff: /finding ELEMENT VALUE" },
  { "clarify",   NULL,    false, "staff: /clarify ELEMENT [due DATE], the question below" },
  { "extend",    NULL,    false, "staff: /extend ELEMENT DATE" },
  { "assign",    NULL,    false, "staff: /assign PERSON" },
  { "note",      NULL,    false, "staff: /note, the words below" },
  { "introduce", NULL,    false, "staff: /introduce ELEMENT [DOCUMENT]" },
  { "retire-signer", NULL, false, "staff: /retire-signer ADDRESS or FINGERPRINT" },
  { "accept-signature", NULL, false, "staff: /accept-signature ELEMENT [DOCUMENT], the reason below" },
  { "remind",    NULL,    false, "staff: /remind DATE [TEXT], /remind off" },
  { "link",      NULL,    false, "staff: /link NUMBER [off], another case it has to do with" },
  { "close",     NULL,    false, "staff: /close [REASON]" },
  { "merge",     NULL,    false, "staff: /merge NUMBER, into another case of the organization" },
  { "relay",     NULL,    false, "staff: words for the applicant" },
  { "recommend", "text",  false, "staff: /recommend WORD" },
  { "decide",    "text",  false, "staff: /decide WORD" },
  { "mark",      "word",  false, "staff: /mark WORD [DATE], something happened outside the mail" },
  { "set",       "field", false, "staff: /set FIELD VALUE, a field the case type declares", .does = true },
  { "party",     NULL,    false, "staff: /party NAME access|no-access [from DATE] [ROLE], an organization that works with the applicant; /party end NAME [DATE]" },
  { "contact",   NULL,    false, "staff: /contact ADDRESS [NAME], who speaks for the organization; /contact end ADDRESS: no longer" },
  { "ask-contact", NULL,  false, "staff: /ask-contact ADDRESS [NAME], whether they are to speak for the organization, too" },
  { "language",  NULL,    false, "staff: /language LANGUAGE [ADDRESS], in which a contact, or each, gets mail" },
  { "signal",    "word",  false, "another case of the organization raised it", true },
  { "timer",     "timer", false, "the timer came due" },
  { NULL },
};

static const ProgramWord command_words[] = {
  { "open",      NULL,    false, "staff: /open TYPE, a further case of the organization" },
  { "split",     NULL,    false, "staff: /split [TYPE][: FILES], the second matter of a message goes on in a case of its own, with these files of it" },
  { "on-behalf-of", NULL, false, "staff: /on-behalf-of ADDRESS, what a contact said elsewhere" },
  { "search",    NULL,    false, "staff: /search WORDS, in the mail of all cases that are not confidential" },
  { "roster",    NULL,    false, "staff: /roster, the people of the office change" },
  { "migrate",   NULL,    false, "staff: /migrate, the case goes on by today's definition" },
  { NULL },
};

static const ProgramWord audience_words[] = {
  { "applicant", NULL, false, "every contact of the case's organization" },
  { "sender",    NULL, false, "whoever wrote the message that caused it" },
  { "reminded",  NULL, false, "whoever asked for the reminder that came due; when they have left, the manager" },
  { "manager",   NULL, false, "the person who holds the case, else the role that is escalated to" },
  { NULL },
};

const ProgramVocabulary case_vocabulary = {
  case_guard_words, case_action_words, event_words, audience_words, command_words,
};

bool
case_action_run (CaseStep *step, const ProgramTerm *term, GError **error)
{
  return actions[term->index] (step, term, error);
}
