/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A case and another definition than the one it runs by: could it go on, with which dates; and it
 * does.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-timers.h"

static void
add (GPtrArray *misfits, const char *what, const char *name)
{
  g_ptr_array_add (misfits, g_strdup_printf ("there is no %s \"%s\" any more", what, name));
}

static bool
any_goes_back (const GPtrArray *transitions)
{
  for (guint i = 0; i < transitions->len; i++)
    if (g_strcmp0 (((const ProgramTransition *) transitions->pdata[i])->to, PROGRAM_PREVIOUS) == 0)
      return true;
  return false;
}

static bool
may_go_back (const ProgramCaseType *type, const ProgramState *state)
{
  return any_goes_back (state->transitions) || any_goes_back (type->transitions);
}

/* Nobody could close an open question about an element that is not asked any more. */
static void
add_lost_questions (const Program *program, const Case *c, GPtrArray *misfits)
{
  const ProgramEdition *edition = program_edition (program, c->edition);

  for (guint i = 0; edition != NULL && i < c->clarifications->len; i++)
    {
      const CaseClarification *k = c->clarifications->pdata[i];

      if (k->open && program_element (edition, k->element) == NULL)
        add (misfits, "element of an open question,", k->element);
    }
}

GPtrArray *
case_misfits (const Program *program, const Case *c)
{
  GPtrArray *misfits = g_ptr_array_new_with_free_func (g_free);
  const ProgramCaseType *type = program_case_type (program, c->type);

  if (type == NULL)
    {
      add (misfits, "case type", c->type);
      return misfits;
    }
  if (program_edition (program, c->edition) == NULL)
    add (misfits, "edition", c->edition);
  if (program_state (type, c->state) == NULL)
    {
      add (misfits, "state", c->state);
      return misfits;
    }
  if (c->previous != NULL && program_state (type, c->previous) == NULL
      && may_go_back (type, program_state (type, c->state)))
    add (misfits, "state before this one", c->previous);
  add_lost_questions (program, c, misfits);
  for (guint i = 0; i < c->timers->len; i++)
    {
      const CaseTimer *timer = c->timers->pdata[i];

      if (timer->parent == 0 && case_timer_rule (program, c, timer) == NULL)
        add (misfits, "timer", timer->name);
    }
  return misfits;
}

/* The spans of TIMER by DEF; what was added to it later is added here, too.  Of somebody's own
 * reminder, their own. */
static char *
spans_by (const ProgramTimer *def, const CaseTimer *timer)
{
  g_autofree char *first = span_format (def->after);
  const char *more = strstr (timer->span, " + ");

  return case_timer_is_own (timer) ? g_strdup (timer->span) : g_strconcat (first, more, NULL);
}

gint64
case_timer_due (const Program *program, const Case *c, const CaseTimer *timer, char **why)
{
  CaseStep step = { .c = (Case *) c };
  const ProgramTimer *def = case_timer_rule (program, c, timer);
  g_autofree char *count = NULL;
  gint64 counted;

  if (def == NULL || timer->span[0] == '\0' || timer->parent != 0
      || !case_step_begin (&step, program, c, NULL))
    return 0;
  g_autofree char *spans = spans_by (def, timer);
  gint64 due = case_timer_count (&step, def, timer->start, spans, &counted, &count);
  if (why != NULL)
    *why = g_steal_pointer (&count);
  return due;
}

static bool
sends (const ProgramTimer *def, const CaseTimer *reminder)
{
  for (guint i = 0; i < def->reminders->len; i++)
    {
      const ProgramReminder *one = def->reminders->pdata[i];
      g_autofree char *span = span_format (one->span);

      if (strcmp (one->notice, reminder->reminder) == 0 && strcmp (span, reminder->span) == 0)
        return true;
    }
  return false;
}

/* Every reminder of TIMER that still runs is one of DEF. */
static bool
reminders_fit (const Case *c, const ProgramTimer *def, const CaseTimer *timer)
{
  for (guint i = 0; i < c->timers->len; i++)
    {
      const CaseTimer *reminder = c->timers->pdata[i];

      if (reminder->parent == timer->n && !sends (def, reminder))
        return false;
    }
  return true;
}

/* What has come due comes due by the rules it began under; what stands still is counted when it
 * goes on. */
static void
migrate_timer (CaseStep *step, CaseTimer *timer)
{
  const ProgramTimer *def = case_timer_rule (step->program, step->c, timer);
  g_autofree char *spans = NULL;

  if (def == NULL || timer->due <= step->now)
    return;
  spans = spans_by (def, timer);
  if (timer->paused != 0 && timer->span[0] != '\0')
    {
      g_free (timer->span);
      timer->span = g_steal_pointer (&spans);
    }
  else if ((timer->span[0] == '\0' || !case_timer_recount (step, def, timer, spans, "definition"))
           && !reminders_fit (step->c, def, timer))
    case_timer_remind_anew (step, def, timer);
}

static bool
refuse (const GPtrArray *misfits, GError **error)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < misfits->len; i++)
    g_string_append_printf (all, "%s%s", i > 0 ? "; " : "", (const char *) misfits->pdata[i]);
  g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT,
               "the case cannot go on by today's definition: %s", all->str);
  return false;
}

bool
case_migrate (const Program *program, const char *version, Case *c, const CaseEvent *event,
              gint64 now, GPtrArray *changes, GError **error)
{
  g_autoptr (GPtrArray) misfits = case_misfits (program, c);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  CaseStep step = { .c = c, .event = event, .now = now, .changes = changes };

  if (!c->open || strcmp (c->definition, version) == 0)
    return case_refuse (error, c->open ? "goes by today's definition already" : "is closed", c->ref,
                        "");
  if (misfits->len > 0)
    return refuse (misfits, error);
  if (!case_step_begin (&step, program, c, error))
    return false;
  CaseChange *change = case_change (&step, CHANGE_DEFINITION);
  change->name = g_strdup (version);
  change->value = g_steal_pointer (&c->definition);
  change->who = g_strdup (case_who (&step));
  c->definition = g_strdup (version);

  for (guint i = 0; i < c->timers->len; i++)
    if (((const CaseTimer *) c->timers->pdata[i])->parent == 0)
      g_array_append_val (numbers, ((const CaseTimer *) c->timers->pdata[i])->n);
  for (guint i = 0; i < numbers->len; i++)
    {
      CaseTimer *timer = (CaseTimer *) case_timer (c, g_array_index (numbers, gint64, i));

      if (timer != NULL)
        migrate_timer (&step, timer);
    }
  return true;
}
