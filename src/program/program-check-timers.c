/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Does every timer of a case begin somewhere, lead somewhere, and run where its outcome is
 * written? */
#include "program/program-private.h"

#include <string.h>

static const ProgramTransition *
own_transition (const GPtrArray *transitions, const char *event)
{
  for (guint i = 0; i < transitions->len; i++)
    if (strcmp (((const ProgramTransition *) transitions->pdata[i])->event, event) == 0)
      return transitions->pdata[i];
  return NULL;
}

static void
note_start (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
            const ProgramTransition *t, gpointer data)
{
  struct {
    const char *timer;
    bool found;
  } *want = data;

  /* Every action that names a timer alone begins it, but the one that stops it. */
  for (guint i = 0; i < t->actions->len; i++)
    {
      const ProgramTerm *term = t->actions->pdata[i];

      want->found = want->found
                    || (strcmp (term->argument, want->timer) == 0
                        && (strstr (term->word, "start ") != NULL
                            || strstr (term->word, "clarification ") != NULL
                            || g_str_has_prefix (term->word, "remind ")));
    }
}

static bool
is_started (ProgramCheck *c, const ProgramCaseType *type, const ProgramTimer *timer)
{
  struct {
    const char *timer;
    bool found;
  } want = { timer->name, timer->on_entry };

  program_each_transition (c, type, note_start, &want);
  return want.found;
}

/* STATE is NULL for a timer of the type. */
static void
check_timer (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
             const ProgramTimer *timer)
{
  g_autofree char *event = g_strconcat ("timer ", timer->name, NULL);
  bool outcome = own_transition (type->transitions, event) != NULL
                 || (state != NULL && own_transition (state->transitions, event) != NULL);

  for (guint i = 0; state == NULL && !outcome && i < type->states->len; i++)
    outcome = own_transition (((const ProgramState *) type->states->pdata[i])->transitions, event)
              != NULL;
  if (!outcome)
    program_found (c, timer->place, "timer \"%s\" has no outcome; write on \"%s\" { ... }",
                   timer->name, event);
  if (!is_started (c, type, timer))
    program_found (
      c, timer->place,
      "timer \"%s\" is never started; write do = { \"start timer %s\" } where it begins",
      timer->name, timer->name);
  if (timer->basis == BASIS_LAW && !timer->verified)
    program_found (
      c, timer->place,
      "warning: timer \"%s\" is said to be law but its source is not verified; check it and "
      "write verified = true, or basis = target",
      timer->name);
}

/* "timer NAME" must be a timer of that state or of the type. */
static void
check_timer_event (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
                   const ProgramTransition *t, gpointer data)
{
  const char *name = t->event + strlen ("timer ");
  bool runs = false;

  if (!g_str_has_prefix (t->event, "timer "))
    return;
  runs = program_timer (type, state, name) != NULL;
  for (guint i = 0; state == NULL && !runs && i < type->states->len; i++)
    runs = program_timer (type, type->states->pdata[i], name) != NULL;
  if (!runs)
    program_found (
      c, t->place,
      "timer \"%s\" does not run in state \"%s\"; write the timer into this state or outside "
      "of all states",
      name, state->name);
}

void
program_check_timers (ProgramCheck *c, const ProgramCaseType *type)
{
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];

      for (guint k = 0; k < state->timers->len; k++)
        check_timer (c, type, state, state->timers->pdata[k]);
    }
  for (guint k = 0; k < type->timers->len; k++)
    check_timer (c, type, NULL, type->timers->pdata[k]);
  program_each_transition (c, type, check_timer_event, NULL);
}
