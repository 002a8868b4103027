/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Can every state of a case be reached and left, and does none come back to itself by the clock alone?
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

          leads = leads || (t->to != NULL && strcmp (t->to, state->name) != 0);
        }
      if (!leads)
        program_found (
            c, state->place,
            "nothing leads out of state \"%s\"; write on \"EVENT\" { to = ... }, or final = true",
            state->name);
    }
}

/* Does the case come from STATE to GOAL with nobody doing anything?  SEEN ends the walk. */
static bool
drifts (const ProgramCaseType *type, const ProgramState *state, const ProgramState *goal,
        bool *seen)
{
  for (guint k = 0; k < state->transitions->len; k++)
    {
      const ProgramTransition *t = state->transitions->pdata[k];
      guint i = t->to != NULL && t->by[0] == NULL ? state_index (type, t->to) : type->states->len;

      if (i >= type->states->len)
        continue;
      if (type->states->pdata[i] == goal)
        return true;
      if (seen[i])
        continue;
      seen[i] = true;
      if (drifts (type, type->states->pdata[i], goal, seen))
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
        program_found (c, state->place,
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
}
