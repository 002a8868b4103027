/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens to a clarification: it is opened, answered and extended, and a timer watches it.
 */
#include <string.h>

#include "case/case-private.h"

void
case_clarification_changed (CaseStep *step, const CaseClarification *clarification,
                            const char *what)
{
  CaseChange *change = case_change (step, CHANGE_CLARIFICATION);

  change->number = clarification->n;
  change->name = g_strdup (what);
  change->value = g_strdup (clarification->element);
  change->text = g_strdup (clarification->text);
  change->who = g_strdup (case_who (step));
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
    *why = words_say ("set by %s", event->actor != NULL && event->actor->name != NULL
                                           ? event->actor->name : case_who (step));
  return event->due;
}

static void
watch_clarification (CaseStep *step, const ProgramTimer *def, CaseClarification *clarification,
                     gint64 due, const char *why)
{
  case_timer_stop (step, def->name, clarification->n);
  guint before = step->c->timers->len;
  case_timer_start (step, def, clarification->n, due, why, "");
  clarification->due = ((const CaseTimer *) step->c->timers->pdata[before])->due;
}

bool
case_open_clarification (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const ProgramElement *element = case_element_here (step, error);
  const ProgramTimer *def = program_timer (step->type, step->state, case_value (term, 0));
  g_autofree char *why = NULL;
  gint64 due;

  if (element == NULL)
    return false;
  if (def == NULL)
    return case_refuse (error, "is not a timer here", case_value (term, 0), "");
  if (step->event->text == NULL || step->event->text[0] == '\0')
    return case_refuse (error, "needs the question below it, in words the applicant can act on",
                        "a clarification", "");
  due = chosen_due (step, &why);
  if (due != 0 && due <= step->now)
    return case_refuse (error, "lies in the past", "the due date", "");

  CaseClarification *clarification = g_new0 (CaseClarification, 1);
  clarification->n = ++step->c->serial;
  clarification->element = g_strdup (element->name);
  clarification->text = g_strdup (step->event->text);
  clarification->by = g_strdup (case_who (step));
  clarification->at = step->now;
  clarification->open = true;
  g_ptr_array_add (step->c->clarifications, clarification);
  watch_clarification (step, def, clarification, due, why);
  case_clarification_changed (step, clarification, "opened");
  return true;
}

/* Whether TEXT names ELEMENT as a word of its own: "A.3" is not in "BA.3", "A.31" or "A.3.5". */
static bool
names_element (const char *text, const char *element)
{
  gsize n = strlen (element);

  for (const char *p = text; (p = strstr (p, element)) != NULL; p++)
    {
      bool before =
        p > text
        && (g_ascii_isalnum (p[-1]) || (p[-1] == '.' && p - 1 > text && g_ascii_isalnum (p[-2])));
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

/* Which open questions a message answers: the one it names or brings a document for; the only one
 * there is. */
static bool
is_answered (const CaseStep *step, const CaseClarification *clarification)
{
  const CaseEvent *event = step->event;

  if (says_nothing (event))
    return false;
  if (case_open_clarifications (step->c) == 1)
    return true;
  for (guint i = 0; event->documents != NULL && i < event->documents->len; i++)
    if (strcmp (((const CaseDocument *) event->documents->pdata[i])->element,
                clarification->element)
        == 0)
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

bool
case_answer_clarification (CaseStep *step, const ProgramTerm *term, GError **error)
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
      case_clarification_changed (step, clarification, "answered");
      stop_watching (step, clarification->n);
    }
  step->answered = answered->len > 0 && case_open_clarifications (step->c) == 0;
  return true;
}

bool
case_extend_clarification (CaseStep *step, const ProgramTerm *term, GError **error)
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
    return case_refuse (error, "has no open clarification",
                        step->event->element != NULL ? step->event->element : "it", "");
  /* An extension counts from the old due date, so that nobody loses by asking early. */
  if (step->event->span != NULL)
    due =
      calendar_add (step->program->calendar, MAX (found->due, step->now), *step->event->span, &why);
  else
    due = chosen_due (step, &why);
  if (due <= found->due)
    return case_refuse (error, "must be later than the present one", "the new due date", "");
  /* After the due time no timer runs any more: the action's own takes over again. */
  const ProgramTimer *def = watching (step, found->n);
  if (def == NULL)
    def = program_timer (step->type, step->state, case_value (term, 0));
  if (def == NULL)
    return case_refuse (error, "is not a timer here", case_value (term, 0), "");
  found->extended++;
  watch_clarification (step, def, found, due, why);
  case_clarification_changed (step, found, "extended");
  return true;
}
