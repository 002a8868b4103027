/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Timers of a case begin, come due and end: with a state, an action, a date that is known, or the
 * clock.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-timers.h"

static CaseTimer *
add (CaseStep *step, const ProgramTimer *def, const char *reminder, gint64 about, gint64 parent,
     const char *state, gint64 start, const char *span, gint64 due, const char *why)
{
  CaseTimer *timer = g_new0 (CaseTimer, 1);

  timer->n = ++step->c->serial;
  timer->name = g_strdup (def->name);
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
  change->name = g_strdup (def->id);
  change->value = g_strdup (program_timer_basis (def));
  change->text = g_strdup (def->source);
  return timer;
}

/* --- starting -------------------------------------------------------------- */

/* DUE: of the timer, as counted. */
void
case_timer_remind (CaseStep *step, const ProgramTimer *def, const CaseTimer *parent, gint64 due)
{
  gint64 n = parent->n, start = parent->start, about = parent->about;
  g_autofree char *state = g_strdup (parent->state);

  for (guint i = 0; i < def->reminders->len; i++)
    {
      const ProgramReminder *reminder = def->reminders->pdata[i];
      gint64 from = reminder->anchor == REMIND_FROM_START ? start : due;
      g_autofree char *span = span_format (reminder->span), *why = NULL;
      gint64 at = calendar_add (step->program->calendar, from, reminder->span, &why);

      /* A window as short as the reminder: it would come at once, or on the evening of the same
       * day. */
      if (at > step->now
          && calendar_day_number (step->program->calendar, at)
               != calendar_day_number (step->program->calendar, step->now))
        add (step, def, reminder->notice, about, n, state, from, span, at, why);
    }
}

bool
case_timer_start (CaseStep *step, const ProgramTimer *def, gint64 about, gint64 due,
                  const char *why, const char *state)
{
  gint64 start = case_timer_start_of (step, def), counted = due;
  g_autofree char *computed = NULL, *span = due == 0 ? span_format (def->after) : g_strdup ("");

  if (start == 0)
    return false;
  if (due == 0)
    {
      due = case_timer_count (step, def, start, span, &counted, &computed);
      why = computed;
    }
  case_timer_remind (step, def, add (step, def, "", about, 0, state, start, span, due, why),
                     counted);
  if (about == 0)
    case_timers_follow (step, FROM_TIMER, def->name);
  return true;
}

/* The name of the state that the timer ends with, "" for one of the case type. */
static const char *
bound_to (const CaseStep *step, const ProgramTimer *def)
{
  return g_ptr_array_find (step->state->timers, def, NULL) ? step->state->name : "";
}

static void
follow (CaseStep *step, const GPtrArray *defs, TimerFrom from, const char *name)
{
  for (guint i = 0; i < defs->len; i++)
    {
      const ProgramTimer *def = defs->pdata[i];
      bool ran = case_timer_running (step, def->name) != NULL;

      if (def->from != from || strcmp (def->from_name, name) != 0)
        continue;
      case_timer_stop (step, def->name, 0);
      if (def->on_entry || ran)
        case_timer_start (step, def, 0, 0, NULL, bound_to (step, def));
    }
}

void
case_timers_follow (CaseStep *step, TimerFrom from, const char *name)
{
  follow (step, step->state->timers, from, name);
  follow (step, step->type->timers, from, name);
}

void
case_timer_end (CaseStep *step, CaseTimer *timer, TimerStatus status)
{
  CaseChange *change = case_change (step, CHANGE_TIMER_STATUS);

  timer->status = status;
  change->number = timer->n;
  change->name = g_strdup (case_timer_status_name (status));
  change->value = g_strdup (timer->name);
  change->at = timer->due;
}

/* Timers that no longer run leave the Case; the database keeps them. */
void
case_timers_drop_ended (Case *c)
{
  for (guint i = c->timers->len; i > 0; i--)
    if (((const CaseTimer *) c->timers->pdata[i - 1])->status != TIMER_RUNNING)
      g_ptr_array_remove_index (c->timers, i - 1);
}

/* What was counted from a timer that no longer runs and never came due has no date any more. */
static void
stop_followers (CaseStep *step, const GPtrArray *defs, const char *name)
{
  for (guint i = 0; i < defs->len; i++)
    {
      const ProgramTimer *def = defs->pdata[i];

      if (def->from == FROM_TIMER && strcmp (def->from_name, name) == 0)
        case_timer_stop (step, def->name, 0);
    }
}

void
case_timer_stop (CaseStep *step, const char *name, gint64 about)
{
  bool ran = about == 0 && case_timer_running (step, name) != NULL;

  for (guint i = 0; i < step->c->timers->len; i++)
    {
      CaseTimer *timer = step->c->timers->pdata[i];

      if (strcmp (timer->name, name) == 0 && (about == 0 || timer->about == about))
        case_timer_end (step, timer, TIMER_STOPPED);
    }
  case_timers_drop_ended (step->c);
  if (!ran)
    return;
  stop_followers (step, step->state->timers, name);
  stop_followers (step, step->type->timers, name);
}

bool
case_timer_fire (CaseStep *step, gint64 n, GError **error)
{
  CaseTimer *timer = (CaseTimer *) case_timer (step->c, n);

  if (timer == NULL || timer->status != TIMER_RUNNING)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT,
                   "case %s: its timer %" G_GINT64_FORMAT " no longer runs", step->c->ref, n);
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
  case_timer_end (step, timer, TIMER_FIRED);
  case_timers_drop_ended (step->c);
  return true;
}

void
case_fire_in_vain (Case *c, const CaseTimer *timer, const char *why, GPtrArray *changes)
{
  CaseStep step = { .c = c, .changes = changes };
  CaseTimer *running = (CaseTimer *) case_timer (c, timer->n);

  if (running != NULL)
    case_timer_end (&step, running, TIMER_FIRED);
  CaseChange *note = case_change (&step, CHANGE_NOTE);
  note->name = g_strconcat ("timer ", timer->name, NULL);
  note->text = g_strdup (why);
  case_timers_drop_ended (c);
}

void
case_timers_leave (CaseStep *step, const ProgramState *from, const ProgramState *to)
{
  bool outside = case_waits_outside (step, to);
  g_autoptr (GPtrArray) ended = g_ptr_array_new ();

  for (guint i = 0; i < step->c->timers->len; i++)
    {
      CaseTimer *timer = step->c->timers->pdata[i];

      if (timer->status != TIMER_RUNNING)
        continue;
      if (!to->final && strcmp (timer->state, from->name) != 0)
        case_timer_pause_or_resume (step, timer, outside);
      else
        {
          case_timer_end (step, timer, TIMER_STOPPED);
          if (timer->parent == 0 && timer->about == 0)
            g_ptr_array_add (ended, (gpointer) program_timer (step->type, from, timer->name));
        }
    }
  case_timers_drop_ended (step->c);
  for (guint i = 0; i < ended->len; i++)
    if (ended->pdata[i] != NULL)
      stop_followers (step, step->type->timers, ((const ProgramTimer *) ended->pdata[i])->name);
}

void
case_timers_enter (CaseStep *step, const ProgramState *to)
{
  for (guint i = 0; i < to->timers->len; i++)
    {
      const ProgramTimer *def = to->timers->pdata[i];

      if (def->on_entry)
        case_timer_start (step, def, 0, 0, NULL, to->name);
    }
}

void
case_timers_begin (CaseStep *step)
{
  for (guint i = 0; i < step->type->timers->len; i++)
    {
      const ProgramTimer *def = step->type->timers->pdata[i];

      if (def->from == FROM_FIELD && def->on_entry && case_timer_running (step, def->name) == NULL)
        case_timer_start (step, def, 0, 0, NULL, "");
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
      case_timer_start (step, def, 0, 0, NULL, bound_to (step, def));
    }
}

/* --- actions --------------------------------------------------------------- */

bool
case_start_timer (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const char *name = case_value (term, 0);
  const ProgramTimer *def = program_timer (step->type, step->state, name);

  if (def == NULL)
    return case_refuse (error, "is not a timer here", name, "");
  case_timer_stop (step, name, 0);
  /* One that begins by itself does so once what it is counted from is known. */
  return case_timer_start (step, def, 0, 0, NULL, "") || def->on_entry
         || case_refuse (error, "cannot be counted: not known yet is", def->title,
                         def->from == FROM_FIELD ? case_label (step, def->from_name)
                                                 : def->from_name);
}

bool
case_stop_timer (CaseStep *step, const ProgramTerm *term, GError **error)
{
  case_timer_stop (step, case_value (term, 0), 0);
  return true;
}
