/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The due time of a timer: the rule, what it is counted from, and the calculation in words.
 */
#include <string.h>

#include "case/case-timers.h"

const ProgramTimer *
case_timer_rule (const Program *program, const Case *c, const CaseTimer *timer)
{
  const ProgramCaseType *type = program_case_type (program, c->type);
  const ProgramState *state =
    type != NULL ? program_state (type, timer->state[0] != '\0' ? timer->state : c->state) : NULL;

  return type != NULL ? program_timer (type, state, timer->name) : NULL;
}

CaseTimer *
case_timer_running (const CaseStep *step, const char *name)
{
  for (guint i = 0; i < step->c->timers->len; i++)
    {
      CaseTimer *timer = step->c->timers->pdata[i];

      if (timer->status == TIMER_RUNNING && timer->parent == 0 && timer->about == 0
          && strcmp (timer->name, name) == 0)
        return timer;
    }
  return NULL;
}

gint64
case_timer_start_of (const CaseStep *step, const ProgramTimer *def)
{
  const CaseTimer *other;

  if (def->from == FROM_FIELD)
    return case_date (step->program, step->c, def->from_name);
  if (def->from == FROM_START)
    return step->now;
  other = case_timer_running (step, def->from_name);
  return other != NULL ? other->due : 0;
}

/* FORMAT takes TEXT; its sentence goes behind what *WHY says. */
static void
append (char **why, const char *format, const char *text)
{
  g_autofree char *said = words_say_list (format, (const char *const[]){ text, NULL });
  char *longer = g_strconcat (*why, said, NULL);

  g_free (*why);
  *why = longer;
}

static gint64
count (const Calendar *calendar, gint64 start, const char *spans, char **why)
{
  g_auto (GStrv) all = g_strsplit (spans, " + ", -1);
  gint64 due = 0;

  for (guint i = 0; all[i] != NULL; i++)
    {
      g_autofree char *one = NULL;
      Span span;

      if (!span_parse (all[i], &span, NULL))
        return 0;
      due = calendar_add (calendar, i == 0 ? start : due, span, &one);
      if (i == 0)
        *why = g_steal_pointer (&one);
      else
        append (why, "; extended: %s", one);
    }
  return due;
}

gint64
case_timer_count (const CaseStep *step, const ProgramTimer *def, gint64 start, const char *spans,
                  gint64 *counted, char **why)
{
  gint64 due = *counted = count (step->program->calendar, start, spans, why);

  if (due == 0 || def == NULL)
    return due;
  const ProgramTimer *other =
    def->from == FROM_TIMER ? program_timer (step->type, step->state, def->from_name) : NULL;
  g_autofree char *from = words_term (def->from == FROM_FIELD ? case_label (step, def->from_name)
                                      : other != NULL ? other->title : def->from_name);
  if (def->from != FROM_START)
    append (why, "; counted from: %s", from);
  if (due >= step->now)
    return due;
  g_autofree char *day = calendar_say (step->program->calendar, due);
  append (why, "; that day had passed: %s", day);
  return step->now;
}
