/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Timers of a case: dates the clock will bring back, each with the rule and the calculation that led to it.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-private.h"

static CaseTimer *
add (CaseStep *step, const char *name, const char *reminder, gint64 about, gint64 parent,
     const char *state, gint64 start, const char *span, gint64 due, const char *why)
{
  CaseTimer *timer = g_new0 (CaseTimer, 1);

  timer->n = ++step->c->serial;
  timer->name = g_strdup (name);
  timer->reminder = g_strdup (reminder);
  timer->about = about;
  timer->parent = parent;
  timer->state = g_strdup (state);
  timer->start = start;
  timer->due = due;
  timer->span = g_strdup (span);
  timer->why = g_strdup (why);
  timer->calendar = g_strdup (calendar_version (step->program->calendar));
  timer->status = TIMER_RUNNING;
  g_ptr_array_add (step->c->timers, timer);

  CaseChange *change = case_change (step, CHANGE_TIMER);
  change->number = timer->n;
  change->timer = case_timer_copy (timer);
  return timer;
}

static Span
backwards (Span span)
{
  return (Span){ -span.n, span.unit };
}

static void
add_reminders (CaseStep *step, const ProgramTimer *def, const CaseTimer *parent)
{
  gint64 n = parent->n, due = parent->due, about = parent->about;
  g_autofree char *state = g_strdup (parent->state);

  for (guint i = 0; i < def->reminders->len; i++)
    {
      const ProgramReminder *reminder = def->reminders->pdata[i];
      Span before = backwards (reminder->before);
      g_autofree char *span = span_format (before), *why = NULL;
      gint64 at = calendar_add (step->program->calendar, due, before, &why);

      /* A window as short as the reminder: it would come at once, or on the evening of the same day. */
      if (at > step->now
          && calendar_day_number (step->program->calendar, at) != calendar_day_number (step->program->calendar, step->now))
        add (step, def->name, reminder->notice, about, n, state, due, span, at, why);
    }
}

void
case_timer_start (CaseStep *step, const ProgramTimer *def, gint64 start, gint64 about, gint64 due,
                  const char *why, const char *state)
{
  g_autofree char *computed = NULL, *span = NULL;

  if (due == 0)
    {
      due = calendar_add (step->program->calendar, start, def->after, &computed);
      span = span_format (def->after);
      why = computed;
    }
  add_reminders (step, def, add (step, def->name, "", about, 0, state, start,
                                 span != NULL ? span : "", due, why));
}

static void
set_status (CaseStep *step, CaseTimer *timer, TimerStatus status)
{
  CaseChange *change = case_change (step, CHANGE_TIMER_STATUS);

  timer->status = status;
  change->number = timer->n;
  change->name = g_strdup (case_timer_status_name (status));
  change->value = g_strdup (timer->name);
  change->at = timer->due;
}

/* Timers that no longer run leave the Case; the database keeps them. */
static void
drop_ended (Case *c)
{
  for (guint i = c->timers->len; i > 0; i--)
    if (((const CaseTimer *) c->timers->pdata[i - 1])->status != TIMER_RUNNING)
      g_ptr_array_remove_index (c->timers, i - 1);
}

void
case_timer_stop (CaseStep *step, const char *name, gint64 about)
{
  for (guint i = 0; i < step->c->timers->len; i++)
    {
      CaseTimer *timer = step->c->timers->pdata[i];

      if (strcmp (timer->name, name) == 0 && (about == 0 || timer->about == about))
        set_status (step, timer, TIMER_STOPPED);
    }
  drop_ended (step->c);
}

bool
case_timer_fire (CaseStep *step, gint64 n, GError **error)
{
  CaseTimer *timer = (CaseTimer *) case_timer (step->c, n);

  if (timer == NULL || timer->status != TIMER_RUNNING)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT, "case %s: its timer %" G_GINT64_FORMAT " no longer runs",
                   step->c->ref, n);
      return false;
    }
  if (timer->reminder[0] != '\0')
    {
      CaseChange *change = case_change (step, CHANGE_NOTICE);

      change->name = g_strdup (timer->reminder);
      change->value = g_strdup (timer->name);
      change->number = timer->about;
      change->at = timer->parent;
    }
  set_status (step, timer, TIMER_FIRED);
  drop_ended (step->c);
  return true;
}

void
case_fire_in_vain (Case *c, const CaseTimer *timer, const char *why, GPtrArray *changes)
{
  CaseStep step = { .c = c, .changes = changes };
  CaseTimer *running = (CaseTimer *) case_timer (c, timer->n);

  if (running != NULL)
    set_status (&step, running, TIMER_FIRED);
  CaseChange *note = case_change (&step, CHANGE_NOTE);
  note->name = g_strconcat ("timer ", timer->name, NULL);
  note->text = g_strdup (why);
  drop_ended (c);
}

static bool
waits_outside (const CaseStep *step, const ProgramState *state)
{
  const ProgramRole *role = state->waiting_on != NULL ? program_role (step->program, state->waiting_on) : NULL;

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

/* The time the applicant had the ball does not count: the start moves by it, and with it the due time. */
static void
resume (CaseStep *step, CaseTimer *timer)
{
  const Calendar *calendar = step->program->calendar;
  Span span;

  if (timer->parent == 0)
    timer->start += step->now - timer->paused;
  else
    {
      const CaseTimer *parent = case_timer (step->c, timer->parent);

      timer->start = parent != NULL ? parent->due : timer->start;
    }
  timer->paused = 0;
  if (span_parse (timer->span, &span, NULL))
    {
      g_free (timer->why);
      timer->due = calendar_add (calendar, timer->start, span, &timer->why);
    }
  move_due (step, timer, "resumed");
}

static void
pause_or_resume (CaseStep *step, CaseTimer *timer, bool outside)
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
    resume (step, timer);
}

void
case_timers_leave (CaseStep *step, const ProgramState *from, const ProgramState *to)
{
  bool outside = waits_outside (step, to);

  for (guint i = 0; i < step->c->timers->len; i++)
    {
      CaseTimer *timer = step->c->timers->pdata[i];

      if (timer->status != TIMER_RUNNING)
        continue;
      if (to->final || strcmp (timer->state, from->name) == 0)
        set_status (step, timer, TIMER_STOPPED);
      else
        pause_or_resume (step, timer, outside);
    }
  drop_ended (step->c);
}

void
case_timers_enter (CaseStep *step, const ProgramState *to)
{
  for (guint i = 0; i < to->timers->len; i++)
    {
      const ProgramTimer *def = to->timers->pdata[i];

      if (def->on_entry)
        case_timer_start (step, def, step->now, 0, 0, NULL, to->name);
    }
}

void
case_timers_touch (CaseStep *step)
{
  g_autoptr (GPtrArray) again = g_ptr_array_new ();

  for (guint i = 0; i < step->c->timers->len; i++)
    {
      const CaseTimer *timer = step->c->timers->pdata[i];
      const ProgramTimer *def = program_timer (step->type, step->state, timer->name);

      if (def != NULL && def->restarts && timer->parent == 0)
        g_ptr_array_add (again, (gpointer) def);
    }
  for (guint i = 0; i < again->len; i++)
    {
      const ProgramTimer *def = again->pdata[i];

      case_timer_stop (step, def->name, 0);
      case_timer_start (step, def, step->now, 0, 0, NULL,
                        g_ptr_array_find (step->state->timers, def, NULL) ? step->state->name : "");
    }
}
