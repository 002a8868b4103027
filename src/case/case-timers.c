/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Timers of a case: dates the clock will bring back, each with the rule and the calculation that led to it.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-private.h"

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

/* --- what a date comes from ------------------------------------------------ */

const ProgramTimer *
case_timer_rule (const Program *program, const Case *c, const CaseTimer *timer)
{
  const ProgramCaseType *type = program_case_type (program, c->type);
  const ProgramState *state = type != NULL ? program_state (type, timer->state[0] != '\0' ? timer->state : c->state) : NULL;

  return type != NULL ? program_timer (type, state, timer->name) : NULL;
}

/* The running timer NAME itself, not a reminder of it nor one that watches a clarification. */
static CaseTimer *
running (const CaseStep *step, const char *name)
{
  for (guint i = 0; i < step->c->timers->len; i++)
    {
      CaseTimer *timer = step->c->timers->pdata[i];

      if (timer->status == TIMER_RUNNING && timer->parent == 0 && timer->about == 0 && strcmp (timer->name, name) == 0)
        return timer;
    }
  return NULL;
}

/* What DEF is counted from; 0: not known yet. */
static gint64
start_of (const CaseStep *step, const ProgramTimer *def)
{
  const CaseTimer *other;

  if (def->from == FROM_FIELD)
    return case_date (step->program, step->c, def->from_name);
  if (def->from == FROM_START)
    return step->now;
  other = running (step, def->from_name);
  return other != NULL ? other->due : 0;
}

static void
append (char **why, const char *before, const char *text)
{
  char *longer = g_strconcat (*why, before, text, NULL);

  g_free (*why);
  *why = longer;
}

/* START and the spans, one after the other: an extension is a span of its own ("30 days + 30 days").  0: none is there. */
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
        append (why, "; extended: ", one);
    }
  return due;
}

/* The due time and how it comes about.  What is counted from a date may be over before it is known: then it is due now. */
static gint64
due_of (const CaseStep *step, const ProgramTimer *def, gint64 start, const char *spans, gint64 *counted, char **why)
{
  gint64 due = *counted = count (step->program->calendar, start, spans, why);

  if (due == 0 || def == NULL || def->from == FROM_START)
    return due;
  const ProgramTimer *other = def->from == FROM_TIMER ? program_timer (step->type, step->state, def->from_name) : NULL;
  append (why, "; counted from: ", def->from == FROM_FIELD ? case_label (step, def->from_name)
                                   : other != NULL ? other->title : def->from_name);
  if (due >= step->now)
    return due;
  g_autofree char *day = calendar_short (step->program->calendar, due);
  append (why, "; that day had passed: ", day);
  return step->now;
}

/* --- starting -------------------------------------------------------------- */

/* DUE: of the timer, as counted. */
static void
add_reminders (CaseStep *step, const ProgramTimer *def, const CaseTimer *parent, gint64 due)
{
  gint64 n = parent->n, start = parent->start, about = parent->about;
  g_autofree char *state = g_strdup (parent->state);

  for (guint i = 0; i < def->reminders->len; i++)
    {
      const ProgramReminder *reminder = def->reminders->pdata[i];
      gint64 from = reminder->anchor == REMIND_FROM_START ? start : due;
      g_autofree char *span = span_format (reminder->span), *why = NULL;
      gint64 at = calendar_add (step->program->calendar, from, reminder->span, &why);

      /* A window as short as the reminder: it would come at once, or on the evening of the same day. */
      if (at > step->now
          && calendar_day_number (step->program->calendar, at) != calendar_day_number (step->program->calendar, step->now))
        add (step, def, reminder->notice, about, n, state, from, span, at, why);
    }
}

bool
case_timer_start (CaseStep *step, const ProgramTimer *def, gint64 about, gint64 due, const char *why, const char *state)
{
  gint64 start = start_of (step, def), counted = due;
  g_autofree char *computed = NULL, *span = due == 0 ? span_format (def->after) : g_strdup ("");

  if (start == 0)
    return false;
  if (due == 0)
    {
      due = due_of (step, def, start, span, &counted, &computed);
      why = computed;
    }
  add_reminders (step, def, add (step, def, "", about, 0, state, start, span, due, why), counted);
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
      bool ran = running (step, def->name) != NULL;

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
  bool ran = about == 0 && running (step, name) != NULL;

  for (guint i = 0; i < step->c->timers->len; i++)
    {
      CaseTimer *timer = step->c->timers->pdata[i];

      if (strcmp (timer->name, name) == 0 && (about == 0 || timer->about == about))
        set_status (step, timer, TIMER_STOPPED);
    }
  drop_ended (step->c);
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

/* The time the applicant had the ball does not count: the start moves by it, and with it the due time. */
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
  gint64 due = due_of (step, timer->parent == 0 ? def : NULL, timer->start, timer->span, &counted, &why);
  if (due != 0)
    {
      g_free (timer->why);
      timer->why = g_steal_pointer (&why);
      timer->due = due;
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
    resume (step, timer, def);
}

void
case_timers_leave (CaseStep *step, const ProgramState *from, const ProgramState *to)
{
  bool outside = waits_outside (step, to);
  g_autoptr (GPtrArray) ended = g_ptr_array_new ();

  for (guint i = 0; i < step->c->timers->len; i++)
    {
      CaseTimer *timer = step->c->timers->pdata[i];

      if (timer->status != TIMER_RUNNING)
        continue;
      if (!to->final && strcmp (timer->state, from->name) != 0)
        pause_or_resume (step, timer, outside);
      else
        {
          set_status (step, timer, TIMER_STOPPED);
          if (timer->parent == 0 && timer->about == 0)
            g_ptr_array_add (ended, (gpointer) program_timer (step->type, from, timer->name));
        }
    }
  drop_ended (step->c);
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

      if (def->from == FROM_FIELD && def->on_entry && running (step, def->name) == NULL)
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
                         def->from == FROM_FIELD ? case_label (step, def->from_name) : def->from_name);
}

bool
case_stop_timer (CaseStep *step, const ProgramTerm *term, GError **error)
{
  case_timer_stop (step, case_value (term, 0), 0);
  return true;
}

static void
stop_reminders (CaseStep *step, gint64 parent)
{
  for (guint i = 0; i < step->c->timers->len; i++)
    {
      CaseTimer *timer = step->c->timers->pdata[i];

      if (timer->parent == parent && timer->status == TIMER_RUNNING)
        set_status (step, timer, TIMER_STOPPED);
    }
  drop_ended (step->c);
}

/* TIMER is due at another time than WAS, because of WHAT; its reminders and what is counted from it go along. */
static void
moved (CaseStep *step, const ProgramTimer *def, CaseTimer *timer, gint64 was, gint64 counted, const char *what)
{
  CaseChange *change = case_change (step, CHANGE_TIMER_MOVED);

  g_free (timer->calendar);
  timer->calendar = g_strdup (calendar_version (step->program->calendar));
  change->timer = case_timer_copy (timer);
  change->number = timer->n;
  change->name = g_strdup (what);
  change->who = g_strdup (step->event != NULL ? case_who (step) : "");
  change->text = g_strdup (step->event != NULL ? step->event->text : NULL);
  change->at = was;
  stop_reminders (step, timer->n);
  add_reminders (step, def, timer, counted);
  if (timer->about == 0)
    case_timers_follow (step, FROM_TIMER, def->name);
}

bool
case_extend_timer (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const char *name = case_value (term, 0);
  CaseTimer *timer = running (step, name);
  const ProgramTimer *def = program_timer (step->type, step->state, name);
  g_autofree char *more = span_format (term->span), *why = NULL;
  gint64 was, counted;

  if (timer == NULL || def == NULL)
    return case_refuse (error, "does not run, so it cannot be extended", def != NULL ? def->title : name, "");
  was = timer->due;
  append (&timer->span, " + ", more);
  timer->due = due_of (step, def, timer->start, timer->span, &counted, &why);
  g_free (timer->why);
  timer->why = g_steal_pointer (&why);
  moved (step, def, timer, was, counted, "extended");
  return true;
}
