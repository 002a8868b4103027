/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A case looked at by another definition than the one it runs by: could it go on, and with which dates?
 */
#include "case/case.h"

static const ProgramTimer *
timer_by (const Program *program, const Case *c, const CaseTimer *timer)
{
  const ProgramCaseType *type = program_case_type (program, c->type);
  const ProgramState *state = type != NULL ? program_state (type, c->state) : NULL;

  return state != NULL ? program_timer (type, state, timer->name) : NULL;
}

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
  for (guint i = 0; i < c->timers->len; i++)
    {
      const CaseTimer *timer = c->timers->pdata[i];

      if (timer->parent == 0 && timer_by (program, c, timer) == NULL)
        add (misfits, "timer", timer->name);
    }
  return misfits;
}

gint64
case_timer_due (const Program *program, const Case *c, const CaseTimer *timer, char **why)
{
  const ProgramTimer *def = timer_by (program, c, timer);

  if (def == NULL || timer->span[0] == '\0' || timer->parent != 0)
    return 0;
  gint64 due = calendar_add (program->calendar, timer->start, def->after, why);
  /* What was added to it later is added here, too. */
  g_auto (GStrv) spans = g_strsplit (timer->span, " + ", -1);
  for (guint i = 1; i < g_strv_length (spans); i++)
    {
      Span more;

      if (span_parse (spans[i], &more, NULL))
        due = calendar_add (program->calendar, due, more, NULL);
    }
  return due;
}
