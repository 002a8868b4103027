/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Actions: what a transition does besides changing the state, each a row of one table; and the closed vocabulary.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-private.h"

static bool
refuse (GError **error, const char *format, const char *a, const char *b)
{
  g_autofree char *message = g_strdup_printf ("%s %s %s", a, format, b);

  g_set_error_literal (error, QEC_ERROR, QEC_ERROR_PERMANENT, g_strstrip (message));
  return false;
}

static const char *
who (const CaseStep *step)
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

/* The person of ROLE who holds the fewest open cases; the roster's order decides between equals. */
static bool
assign (CaseStep *step, const char *role, GError **error)
{
  const ProgramPerson *best = NULL;
  int least = G_MAXINT;

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
reassign (CaseStep *step, const char *argument, GError **error)
{
  const char *address = step->event->value;
  const ProgramPerson *person = address != NULL ? program_person (step->program, address) : NULL;

  if (person == NULL)
    return refuse (error, "is not in the roster", address != NULL ? address : "nobody", "");
  if (step->program->owner != NULL && !program_person_has_role (person, step->program->owner))
    return refuse (error, "does not have the role", person->address, step->program->owner);
  set_owner (step, person->address);
  return true;
}

static bool
start_timer (CaseStep *step, const char *name, GError **error)
{
  const ProgramTimer *def = program_timer (step->type, step->state, name);

  if (def == NULL)
    return refuse (error, "is not a timer here", name, "");
  case_timer_stop (step, name, 0);
  case_timer_start (step, def, step->now, 0, 0, NULL, "");
  return true;
}

static bool
stop_timer (CaseStep *step, const char *name, GError **error)
{
  case_timer_stop (step, name, 0);
  return true;
}

static bool
set_field (CaseStep *step, const char *argument, GError **error)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", 2);
  CaseChange *change = case_change (step, CHANGE_FIELD);
  const char *value = words[1] != NULL ? words[1] : step->event->value != NULL ? step->event->value : "";

  g_hash_table_insert (step->c->fields, g_strdup (words[0]), g_strdup (value));
  change->name = g_strdup (words[0]);
  change->value = g_strdup (value);
  return true;
}

static const ProgramElement *
element_here (const CaseStep *step, GError **error)
{
  const char *name = step->event->element;
  const ProgramElement *element = name != NULL ? program_element (step->edition, name) : NULL;

  if (element != NULL && (step->state->group == NULL || g_strcmp0 (element->group, step->state->group) == 0))
    return element;
  g_autoptr (GString) known = g_string_new (NULL);
  for (guint i = 0; i < step->edition->elements->len; i++)
    {
      const ProgramElement *other = step->edition->elements->pdata[i];

      if (g_strcmp0 (other->group, step->state->group) == 0)
        g_string_append_printf (known, "%s%s", known->len > 0 ? ", " : "", other->name);
    }
  refuse (error, "is not an element under review here; there are:", name != NULL ? name : "''", known->str);
  return NULL;
}

static gint
by_element (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const CaseFinding *const *) a)->element, (*(const CaseFinding *const *) b)->element);
}

static bool
record_finding (CaseStep *step, const char *argument, GError **error)
{
  const ProgramElement *element = element_here (step, error);
  const CaseEvent *event = step->event;

  if (element == NULL)
    return false;
  if (event->value == NULL || !g_strv_contains ((const char *const *) step->edition->findings, event->value))
    {
      g_autofree char *known = g_strjoinv (", ", step->edition->findings);

      return refuse (error, "is not a finding; there are:", event->value != NULL ? event->value : "''", known);
    }
  for (guint i = 0; i < step->c->findings->len; i++)
    if (strcmp (((const CaseFinding *) step->c->findings->pdata[i])->element, element->name) == 0)
      g_ptr_array_remove_index (step->c->findings, i--);

  CaseFinding *finding = g_new0 (CaseFinding, 1);
  finding->element = g_strdup (element->name);
  finding->value = g_strdup (event->value);
  finding->by = g_strdup (who (step));
  finding->at = step->now;
  g_ptr_array_add (step->c->findings, finding);
  g_ptr_array_sort (step->c->findings, by_element);

  CaseChange *change = case_change (step, CHANGE_FINDING);
  change->name = g_strdup (element->name);
  change->value = g_strdup (event->value);
  change->text = g_strdup (event->text);
  change->who = g_strdup (who (step));
  return true;
}

static void
clarification_changed (CaseStep *step, const CaseClarification *clarification, const char *what)
{
  CaseChange *change = case_change (step, CHANGE_CLARIFICATION);

  change->number = clarification->n;
  change->name = g_strdup (what);
  change->value = g_strdup (clarification->element);
  change->text = g_strdup (clarification->text);
  change->who = g_strdup (who (step));
  change->at = clarification->due;
}

/* The due date a person set, and how it came about; 0 when they left it to the rule. */
static gint64
chosen_due (const CaseStep *step, char **why)
{
  const CaseEvent *event = step->event;

  if (event->span != NULL)
    return calendar_add (step->program->calendar, step->now, *event->span, why);
  if (event->due != 0)
    *why = g_strdup_printf ("set by %s", event->actor != NULL && event->actor->name != NULL
                                           ? event->actor->name : who (step));
  return event->due;
}

static void
watch_clarification (CaseStep *step, const ProgramTimer *def, CaseClarification *clarification, gint64 due,
                     const char *why)
{
  case_timer_stop (step, def->name, clarification->n);
  guint before = step->c->timers->len;
  case_timer_start (step, def, step->now, clarification->n, due, why, "");
  clarification->due = ((const CaseTimer *) step->c->timers->pdata[before])->due;
}

static bool
open_clarification (CaseStep *step, const char *argument, GError **error)
{
  const ProgramElement *element = element_here (step, error);
  const ProgramTimer *def = program_timer (step->type, step->state, argument);
  g_autofree char *why = NULL;
  gint64 due;

  if (element == NULL)
    return false;
  if (def == NULL)
    return refuse (error, "is not a timer here", argument, "");
  if (step->event->text == NULL || step->event->text[0] == '\0')
    return refuse (error, "needs the question below it, in words the applicant can act on", "a clarification", "");
  due = chosen_due (step, &why);
  if (due != 0 && due <= step->now)
    return refuse (error, "lies in the past", "the due date", "");

  CaseClarification *clarification = g_new0 (CaseClarification, 1);
  clarification->n = ++step->c->serial;
  clarification->element = g_strdup (element->name);
  clarification->text = g_strdup (step->event->text);
  clarification->by = g_strdup (who (step));
  clarification->at = step->now;
  clarification->open = true;
  g_ptr_array_add (step->c->clarifications, clarification);
  watch_clarification (step, def, clarification, due, why);
  clarification_changed (step, clarification, "opened");
  return true;
}

/* Whether TEXT names ELEMENT as a word of its own: "1.3" is not in "11.3", "1.31" or "1.3.5". */
static bool
names_element (const char *text, const char *element)
{
  gsize n = strlen (element);

  for (const char *p = text; (p = strstr (p, element)) != NULL; p++)
    {
      bool before = p > text && (g_ascii_isalnum (p[-1]) || (p[-1] == '.' && p - 1 > text && g_ascii_isalnum (p[-2])));
      bool after = g_ascii_isalnum (p[n]) || (p[n] == '.' && g_ascii_isalnum (p[n + 1]));

      if (!before && !after)
        return true;
    }
  return false;
}

static bool
says_nothing (const CaseEvent *event)
{
  const char *p = event->text != NULL ? event->text : "";

  while (g_ascii_isspace (*p))
    p++;
  return *p == '\0' && (event->documents == NULL || event->documents->len == 0);
}

/* Which open questions a message answers: the one it names or brings a document for; the only one there is. */
static bool
is_answered (const CaseStep *step, const CaseClarification *clarification)
{
  const CaseEvent *event = step->event;

  if (says_nothing (event))
    return false;
  if (case_open_clarifications (step->c) == 1)
    return true;
  for (guint i = 0; event->documents != NULL && i < event->documents->len; i++)
    if (strcmp (((const CaseDocument *) event->documents->pdata[i])->element, clarification->element) == 0)
      return true;
  return event->text != NULL && names_element (event->text, clarification->element);
}

/* The timer that watches clarification N, or NULL. */
static const ProgramTimer *
watching (const CaseStep *step, gint64 n)
{
  for (guint i = 0; i < step->c->timers->len; i++)
    {
      const CaseTimer *timer = step->c->timers->pdata[i];

      if (timer->about == n)
        return program_timer (step->type, step->state, timer->name);
    }
  return NULL;
}

static void
stop_watching (CaseStep *step, gint64 n)
{
  const ProgramTimer *def = watching (step, n);

  if (def != NULL)
    case_timer_stop (step, def->name, n);
}

static bool
answer_clarification (CaseStep *step, const char *argument, GError **error)
{
  g_autoptr (GPtrArray) answered = g_ptr_array_new ();

  for (guint i = 0; i < step->c->clarifications->len; i++)
    {
      CaseClarification *clarification = step->c->clarifications->pdata[i];

      if (clarification->open && is_answered (step, clarification))
        g_ptr_array_add (answered, clarification);
    }
  for (guint i = 0; i < answered->len; i++)
    {
      CaseClarification *clarification = answered->pdata[i];

      clarification->open = false;
      clarification_changed (step, clarification, "answered");
      stop_watching (step, clarification->n);
    }
  step->answered = answered->len > 0 && case_open_clarifications (step->c) == 0;
  return true;
}

static bool
extend_clarification (CaseStep *step, const char *argument, GError **error)
{
  CaseClarification *found = NULL;
  g_autofree char *why = NULL;
  gint64 due;

  for (guint i = 0; i < step->c->clarifications->len; i++)
    {
      CaseClarification *clarification = step->c->clarifications->pdata[i];

      if (clarification->open && g_strcmp0 (clarification->element, step->event->element) == 0)
        found = clarification;
    }
  if (found == NULL)
    return refuse (error, "has no open clarification", step->event->element != NULL ? step->event->element : "it", "");
  /* An extension counts from the old due date, so that nobody loses by asking early. */
  if (step->event->span != NULL)
    due = calendar_add (step->program->calendar, MAX (found->due, step->now), *step->event->span, &why);
  else
    due = chosen_due (step, &why);
  if (due <= found->due)
    return refuse (error, "must be later than the present one", "the new due date", "");
  /* After the due time no timer runs any more: the action's own takes over again. */
  const ProgramTimer *def = watching (step, found->n);
  if (def == NULL)
    def = program_timer (step->type, step->state, argument);
  if (def == NULL)
    return refuse (error, "is not a timer here", argument, "");
  found->extended++;
  watch_clarification (step, def, found, due, why);
  clarification_changed (step, found, "extended");
  return true;
}

static void
supersede (CaseStep *step, CaseDocument *fresh)
{
  fresh->version = 1;
  for (guint i = 0; i < step->c->documents->len; i++)
    {
      CaseDocument *old = step->c->documents->pdata[i];

      /* Two files of one mail are two pieces of a document, not two versions. */
      if (old == fresh || (old->message == fresh->message && old->message != 0) || strcmp (old->element, fresh->element) != 0 || strcmp (old->name, fresh->name) != 0
          || old->status == DOCUMENT_UNCLEAR || old->status == DOCUMENT_SETTLED)
        continue;
      fresh->version = MAX (fresh->version, old->version + 1);
      if (old->status != DOCUMENT_CURRENT)
        continue;
      old->status = DOCUMENT_SUPERSEDED;
      CaseChange *change = case_change (step, CHANGE_DOCUMENT_STATUS);
      change->number = old->n;
      change->name = g_strdup (old->element);
      change->value = g_strdup (old->name);
      change->text = g_strdup (case_document_status_name (old->status));
    }
}

/* A file named in an answer to "what is this?": the unclear row is settled and the document is filed. */
static void
settle (CaseStep *step, const CaseDocument *answer)
{
  for (guint i = 0; i < step->c->documents->len; i++)
    {
      CaseDocument *unclear = step->c->documents->pdata[i];

      if (unclear->n != answer->n || unclear->status != DOCUMENT_UNCLEAR)
        continue;
      unclear->status = DOCUMENT_SETTLED;
      CaseChange *change = case_change (step, CHANGE_DOCUMENT_STATUS);
      change->number = unclear->n;
      change->name = g_strdup ("");
      change->value = g_strdup ("");
      change->text = g_strdup (case_document_status_name (unclear->status));
    }
}

static bool
record_documents (CaseStep *step, const char *argument, GError **error)
{
  const GPtrArray *documents = step->event->documents;

  for (guint i = 0; documents != NULL && i < documents->len; i++)
    {
      const CaseDocument *given = documents->pdata[i];
      CaseDocument *document = case_document_copy (given);

      if (given->n != 0)
        settle (step, given);
      document->n = ++step->c->serial;
      document->at = step->now;
      document->version = 0;
      if (document->status == DOCUMENT_CURRENT)
        supersede (step, document);
      g_ptr_array_add (step->c->documents, document);
      CaseChange *change = case_change (step, CHANGE_DOCUMENT);
      change->number = document->n;
      change->document = case_document_copy (document);
    }
  return true;
}

static bool
record_note (CaseStep *step, const char *argument, GError **error)
{
  CaseChange *change = case_change (step, CHANGE_NOTE);

  change->name = g_strdup (step->event->name);
  change->text = g_strdup (step->event->text);
  change->who = g_strdup (who (step));
  return true;
}

/* The two tables go together, row by row. */
const ProgramWord case_action_words[] = {
  { "assign",               "role",  false, "give the case to the least loaded person of the role" },
  { "reassign",             NULL,    false, "give the case to the person the command names" },
  { "start timer",          "timer", false, "start the timer anew; it outlives the state" },
  { "stop timer",           "timer", false, "stop the timer and its reminders" },
  { "set",                  "field text", false, "set the field to the value named after it" },
  { "record finding",       NULL,    false, "write down the finding for the element" },
  { "open clarification",   "timer", false, "put the question to the applicant; the timer watches it" },
  { "answer clarification", NULL,    false, "close the questions this message answers; raises 'answered' after the last" },
  { "extend clarification", "timer", false, "move the due date of the element's open question" },
  { "record documents",     NULL,    false, "file the documents that came; a newer version supersedes" },
  { "record note",          NULL,    false, "write the words into the case's history" },
  { NULL },
};

static const CaseActionRun actions[] = {
  assign, reassign, start_timer, stop_timer, set_field, record_finding, open_clarification,
  answer_clarification, extend_clarification, record_documents, record_note,
};

G_STATIC_ASSERT (G_N_ELEMENTS (actions) == G_N_ELEMENTS (case_action_words) - 1);

static const ProgramWord event_words[] = {
  { "opened",    NULL,    false, "the case was made", true },
  { "documents", NULL,    false, "mail from outside brought files, or nothing at all" },
  { "message",   NULL,    false, "mail from outside brought words only" },
  { "submit",    NULL,    false, "somebody outside wrote the word alone on a line" },
  { "withdraw",  NULL,    false, "somebody outside wrote the word alone on a line" },
  { "answered",  NULL,    false, "the last open clarification was answered", true },
  { "finding",   NULL,    false, "staff: /finding ELEMENT VALUE" },
  { "clarify",   NULL,    false, "staff: /clarify ELEMENT [due DATE], the question below" },
  { "extend",    NULL,    false, "staff: /extend ELEMENT DATE" },
  { "assign",    NULL,    false, "staff: /assign PERSON" },
  { "note",      NULL,    false, "staff: /note, the words below" },
  { "relay",     NULL,    false, "staff: words for the applicant" },
  { "recommend", "text",  false, "staff: /recommend WORD" },
  { "decide",    "text",  false, "staff: /decide WORD" },
  { "timer",     "timer", false, "the timer came due" },
  { NULL },
};

static const ProgramWord audience_words[] = {
  { "applicant", NULL, false, "every contact of the case's organization" },
  { "sender",    NULL, false, "whoever wrote the message that caused it" },
  { "manager",   NULL, false, "the person who holds the case, else the role that is escalated to" },
  { NULL },
};

const ProgramVocabulary case_vocabulary = {
  case_guard_words, case_action_words, event_words, audience_words,
};

bool
case_action_run (CaseStep *step, const ProgramTerm *term, GError **error)
{
  return actions[term->index] (step, term->argument, error);
}
