/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Due dates that become others: the clock stands still while the applicant has the ball, a person
 * extends, the calendar is another.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-timers.h"

/* --- standing still -------------------------------------------------------- */

bool
case_waits_outside (const CaseStep *step, const ProgramState *state)
{
  const ProgramRole *role =
    state->waiting_on != NULL ? program_role (step->program, state->waiting_on) : NULL;

  return role != NULL && role->kind == ROLE_OUTSIDE;
}

static void
move_due (CaseStep *step, CaseTimer *timer, const char *what)
{
  CaseChange *change = case_change (step, CHANGE_TIMER_STATUS);

  change->number = timer->n;
  change->name = g_strdup (what);
  change->value = g_strdup (timer->name);
  change->text = g_strdup (timer->why);
  change->at = timer->due;
}

static bool
is_from_start (const ProgramTimer *def, const CaseTimer *reminder)
{
  for (guint i = 0; i < def->reminders->len; i++)
    {
      const ProgramReminder *one = def->reminders->pdata[i];
      g_autofree char *span = span_format (one->span);

      if (strcmp (one->notice, reminder->reminder) == 0 && strcmp (span, reminder->span) == 0)
        return one->anchor == REMIND_FROM_START;
    }
  return false;
}

/* The time the applicant had the ball does not count: the start moves by it, and with it the due
 * time. */
static void
resume (CaseStep *step, CaseTimer *timer, const ProgramTimer *def)
{
  const CaseTimer *parent = timer->parent != 0 ? case_timer (step->c, timer->parent) : NULL;
  g_autofree char *why = NULL;
  gint64 counted;

  if (parent == NULL)
    timer->start += step->now - timer->paused;
  else
    timer->start = is_from_start (def, timer) ? parent->start : parent->due;
  timer->paused = 0;
  gint64 due = case_timer_count (step, timer->parent == 0 ? def : NULL, timer->start, timer->span,
                                 &counted, &why);
  if (due != 0)
    {
      g_free (timer->why);
      timer->why = g_steal_pointer (&why);
      timer->due = due;
    }
  move_due (step, timer, "resumed");
}

void
case_timer_pause_or_resume (CaseStep *step, CaseTimer *timer, bool outside)
{
  const ProgramTimer *def = program_timer (step->type, step->state, timer->name);

  if (def == NULL || !def->pauses)
    return;
  if (outside && timer->paused == 0)
    {
      timer->paused = step->now;
      move_due (step, timer, "paused");
    }
  else if (!outside && timer->paused != 0)
    resume (step, timer, def);
}

/* --- becoming another ------------------------------------------------------ */

static void
stop_reminders (CaseStep *step, gint64 parent)
{
  for (guint i = 0; i < step->c->timers->len; i++)
    {
      CaseTimer *timer = step->c->timers->pdata[i];

      if (timer->parent == parent && timer->status == TIMER_RUNNING)
        case_timer_end (step, timer, TIMER_STOPPED);
    }
  case_timers_drop_ended (step->c);
}

/* TIMER is due at another time than WAS, because of WHAT. */
static void
say_moved (CaseStep *step, CaseTimer *timer, gint64 was, const char *what)
{
  CaseChange *change = case_change (step, CHANGE_TIMER_MOVED);

  g_free (timer->calendar);
  timer->calendar = g_strdup (calendar_version (step->program->calendar));
  change->timer = case_timer_copy (timer);
  change->number = timer->n;
  change->name = g_strdup (what);
  change->who = g_strdup (case_who (step));
  change->text = g_strdup (step->event->text);
  change->at = was;
}

/* The same with its reminders, and what is counted from it. */
static void
moved (CaseStep *step, const ProgramTimer *def, CaseTimer *timer, gint64 was, gint64 counted,
       const char *what)
{
  say_moved (step, timer, was, what);
  stop_reminders (step, timer->n);
  case_timer_remind (step, def, timer, counted);
  if (timer->about == 0)
    case_timers_follow (step, FROM_TIMER, def->name);
}

bool
case_extend_timer (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const char *name = case_value (term, 0);
  CaseTimer *timer = case_timer_running (step, name);
  const ProgramTimer *def = program_timer (step->type, step->state, name);
  g_autofree char *more = span_format (term->span), *why = NULL;
  gint64 was, counted;

  if (timer == NULL || def == NULL)
    return case_refuse (error, "does not run, so it cannot be extended",
                        def != NULL ? def->title : name, "");
  was = timer->due;
  g_autofree char *span = g_steal_pointer (&timer->span);
  timer->span = g_strconcat (span, " + ", more, NULL);
  timer->due = case_timer_count (step, def, timer->start, timer->span, &counted, &why);
  g_free (timer->why);
  timer->why = g_steal_pointer (&why);
  moved (step, def, timer, was, counted, "extended");
  return true;
}

/* --- another calendar ------------------------------------------------------ */

/* What the timer is counted from: a date of the case as its close of business is now; else as it
 * was. */
static gint64
start_again (const CaseStep *step, const ProgramTimer *def, const CaseTimer *timer)
{
  gint64 start = def->from == FROM_FIELD && timer->about == 0 ? case_timer_start_of (step, def) : 0;

  return start != 0 ? start : timer->start;
}

bool
case_timer_recount (CaseStep *step, const ProgramTimer *def, CaseTimer *timer, const char *spans,
                    const char *what)
{
  g_autofree char *why = NULL, *before = NULL;
  gint64 was = timer->due, counted, start = start_again (step, def, timer);
  gint64 due = case_timer_count (step, def, start, spans, &counted, &why);

  if (due == 0 || due == was)
    return false;
  timer->start = start;
  timer->due = due;
  before = g_steal_pointer (&timer->span); /* SPANS may be this */
  timer->span = g_strdup (spans);
  g_free (timer->why);
  timer->why = g_steal_pointer (&why);
  CaseClarification *watched =
    timer->about != 0 ? case_clarification (step->c, timer->about) : NULL;
  if (watched != NULL)
    {
      watched->due = due;
      case_clarification_changed (step, watched, "moved");
    }
  moved (step, def, timer, was, counted, what);
  return true;
}

void
case_timer_remind_anew (CaseStep *step, const ProgramTimer *def, CaseTimer *timer)
{
  stop_reminders (step, timer->n);
  case_timer_remind (step, def, timer, timer->due);
}

/* A reminder of a date that stays may still come on another day: the days before it are others. */
static void
recount_reminder (CaseStep *step, CaseTimer *timer)
{
  g_autofree char *why = NULL;
  Span span;

  if (!span_parse (timer->span, &span, NULL))
    return;
  gint64 was = timer->due, due = calendar_add (step->program->calendar, timer->start, span, &why);
  if (due == was || due <= step->now)
    return;
  timer->due = due;
  g_free (timer->why);
  timer->why = g_steal_pointer (&why);
  say_moved (step, timer, was, "calendar");
}

bool
case_recount (const Program *program, Case *c, gint64 now, GPtrArray *changes)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  const CaseEvent event = { .name = "calendar" };
  CaseStep step = { .c = c, .event = &event, .now = now, .changes = changes };
  bool any = false;

  if (!case_step_begin (&step, program, c, NULL))
    return false;
  for (guint i = 0; i < c->timers->len; i++)
    g_array_append_val (numbers, ((const CaseTimer *) c->timers->pdata[i])->n);
  for (guint i = 0; i < numbers->len; i++)
    {
      CaseTimer *timer = (CaseTimer *) case_timer (c, g_array_index (numbers, gint64, i));

      /* What has come due has come due; what stands still is counted when it goes on; a date that a
       * person set stays. */
      if (timer == NULL || timer->due <= now || timer->paused != 0 || timer->span[0] == '\0')
        continue;
      const ProgramTimer *def = case_timer_rule (program, c, timer);
      if (timer->parent != 0)
        recount_reminder (&step, timer);
      else if (def != NULL)
        any |= case_timer_recount (&step, def, timer, timer->span, "calendar");
    }
  return any;
}
