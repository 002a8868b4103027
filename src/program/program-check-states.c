/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Can every state of a case be reached and left, and does none come back to itself by the clock
 * alone?
 */
#include "program/program-private.h"

#include <string.h>

static guint
state_index (const ProgramCaseType *type, const char *name)
{
  guint index = 0;

  while (index < type->states->len
         && strcmp (((const ProgramState *) type->states->pdata[index])->name, name) != 0)
    index++;
  return index;
}

static void
reach (const ProgramCaseType *type, const char *name, bool *reached)
{
  guint i = state_index (type, name);

  if (i >= type->states->len || reached[i])
    return;
  reached[i] = true;

  const ProgramState *state = type->states->pdata[i];

  for (guint k = 0; k < state->transitions->len; k++)
    {
      const ProgramTransition *t = state->transitions->pdata[k];

      if (t->to != NULL)
        reach (type, t->to, reached);
    }
  for (guint k = 0; !state->final && k < type->transitions->len; k++)
    {
      const ProgramTransition *t = type->transitions->pdata[k];

      if (t->to != NULL && program_transition (type, state, t->event) == t)
        reach (type, t->to, reached);
    }
}

static void
check_reachable (ProgramCheck *c, const ProgramCaseType *type)
{
  g_autofree bool *reached = g_new0 (bool, type->states->len + 1);

  reach (type, type->initial, reached);
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];

      if (!reached[i])
        program_found (
            c, state->place,
            "state \"%s\" is never reached from \"%s\"; write to = \"%s\" somewhere, or remove it",
            state->name, type->initial, state->name);
    }
}

/* Something leads from another state to STATE, so that there can be a state before it. */
static bool
has_state_before (const ProgramCaseType *type, const ProgramState *state)
{
  for (guint i = 0; i < type->states->len; i++)
    if (type->states->pdata[i] != state && program_leads (type, type->states->pdata[i], state))
      return true;
  return false;
}

static bool
goes_back (const ProgramTransition *t)
{
  return g_strcmp0 (t->to, PROGRAM_PREVIOUS) == 0;
}

static void
check_back (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
            const ProgramTransition *t, gpointer data)
{
  if (state != NULL && goes_back (t) && !has_state_before (type, state))
    program_found (c, t->place,
                   "there is no state before \"%s\" to go back to: nothing leads to it; write the "
                   "name of a state "
                   "as to",
                   state->name);
}

/* What holds for every state (a withdrawal) does not count as a way on. */
static void
check_dead_ends (ProgramCheck *c, const ProgramCaseType *type)
{
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];
      bool leads = state->final;

      for (guint k = 0; k < state->transitions->len; k++)
        {
          const ProgramTransition *t = state->transitions->pdata[k];

          leads = leads || (t->to != NULL && strcmp (t->to, state->name) != 0
                            && (!goes_back (t) || has_state_before (type, state)));
        }
      if (!leads)
        program_found (
            c, state->place,
            "nothing leads out of state \"%s\"; write on \"EVENT\" { to = ... }, or final = true",
            state->name);
    }
}

/* Signals come from elsewhere, where somebody did something, or a clock that waits. */
static bool
comes_by_itself (const ProgramTransition *t)
{
  return t->by[0] == NULL && !g_str_has_prefix (t->event, "signal ");
}

/* Whether the case may come from STATE straight to TO with nobody doing anything. */
static bool
slips (const ProgramCaseType *type, const ProgramState *state, const ProgramState *to)
{
  for (guint k = 0; k < state->transitions->len; k++)
    {
      const ProgramTransition *t = state->transitions->pdata[k];

      if (!comes_by_itself (t) || t->to == NULL)
        continue;
      if (goes_back (t) ? to != state && program_leads (type, to, state)
                        : strcmp (t->to, to->name) == 0)
        return true;
    }
  return false;
}

/* The same by way of others.  SEEN ends the walk. */
static bool
drifts (const ProgramCaseType *type, const ProgramState *state, const ProgramState *goal,
        bool *seen)
{
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *next = type->states->pdata[i];

      if (seen[i] || !slips (type, state, next))
        continue;
      seen[i] = true;
      if (next == goal || drifts (type, next, goal, seen))
        return true;
    }
  return false;
}

static void
check_drift (ProgramCheck *c, const ProgramCaseType *type)
{
  for (guint i = 0; i < type->states->len; i++)
    {
      g_autofree bool *seen = g_new0 (bool, type->states->len + 1);
      const ProgramState *state = type->states->pdata[i];

      if (drifts (type, state, state, seen))
        program_found (
          c, state->place,
          "from state \"%s\" the case comes back to it for ever with nobody doing anything; "
          "let one of its timers lead elsewhere",
          state->name);
    }
}

void
program_check_states (ProgramCheck *c, const ProgramCaseType *type)
{
  check_reachable (c, type);
  check_dead_ends (c, type);
  check_drift (c, type);
  program_each_transition (c, type, check_back, NULL);
}
