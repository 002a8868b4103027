/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reminders that people of the office set for themselves: a clock of the case with a person and
 * their words.
 */
#include <string.h>

#include "case/case-timers.h"

/* Of one person in one case. */
enum { MAX_REMINDERS = 20 };

static bool
is_mine (const CaseStep *step, const CaseTimer *timer, const char *name)
{
  return strcmp (timer->name, name) == 0 && case_timer_is_own (timer)
         && strcmp (timer->who, case_who (step)) == 0;
}

static guint
count_mine (const CaseStep *step, const char *name)
{
  guint n = 0;

  for (guint i = 0; i < step->c->timers->len; i++)
    n += is_mine (step, step->c->timers->pdata[i], name);
  return n;
}

static bool
stop_mine (CaseStep *step, const char *name, GError **error)
{
  if (count_mine (step, name) == 0)
    return case_refuse (error, "has no reminder of yours", step->c->ref, "");
  for (guint i = 0; i < step->c->timers->len; i++)
    if (is_mine (step, step->c->timers->pdata[i], name))
      case_timer_end (step, step->c->timers->pdata[i], TIMER_STOPPED);
  case_timers_drop_ended (step->c);
  return true;
}

/* The timer that CHANGES say was started, with what makes it a reminder: the case's own row, or the
 * change's copy. */
static void
make_own (const CaseStep *step, CaseTimer *timer)
{
  const CaseEvent *event = step->event;

  timer->who = g_strdup (case_who (step));
  timer->text = g_strdup (event->text != NULL ? event->text : "");
  if (event->span == NULL)
    return;
  g_free (timer->span);
  timer->span = span_format (*event->span);
}

static gint64
due_of (const CaseStep *step, char **why)
{
  const CaseEvent *event = step->event;

  if (event->span != NULL)
    return calendar_add (step->program->calendar, step->now, *event->span, why);
  *why =
    words_say ("set by %s", event->actor != NULL && event->actor->name != NULL ? event->actor->name
                                                                               : case_who (step));
  return event->due;
}

bool
case_remind (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const char *name = case_value (term, 0);
  const ProgramTimer *def = program_timer (step->type, step->state, name);
  guint timers = step->c->timers->len, changes = step->changes->len;
  g_autofree char *why = NULL;

  if (step->event->value != NULL)
    return stop_mine (step, name, error);
  gint64 due = due_of (step, &why);
  if (def == NULL)
    return case_refuse (error, "is not a timer here", name, "");
  if (due <= step->now)
    return case_refuse (error, "lies in the past", "the day", "");
  if (count_mine (step, name) >= MAX_REMINDERS)
    return case_refuse (error, "has too many reminders of yours: write /remind off first",
                        step->c->ref, "");
  case_timer_start (step, def, 0, due, why, "");
  make_own (step, step->c->timers->pdata[timers]);
  make_own (step, ((CaseChange *) step->changes->pdata[changes])->timer);
  return true;
}
