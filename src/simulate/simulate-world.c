/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens to a case: the pure step on a copy, as in the office, and everything that follows
 * from its changes.
 */
#include "simulate/simulate-private.h"

#include <string.h>

#include "base/error.h"

const ProgramState *
sim_state (const SimCase *s)
{
  return program_state (s->type, s->c->state);
}

SimSide
sim_waits_for (const SimWorld *w, const ProgramState *state)
{
  const ProgramRole *role =
    state->waiting_on != NULL ? program_role (w->program, state->waiting_on) : NULL;

  return role != NULL && role->kind == ROLE_OUTSIDE ? OUTSIDE : STAFF;
}

void
sim_entity_free (gpointer data)
{
  SimEntity *entity = data;

  g_free (entity->name);
  g_free (entity->email);
  g_ptr_array_unref (entity->cases);
  g_free (entity);
}

void
sim_case_free (gpointer data)
{
  SimCase *s = data;

  case_free (s->c);
  g_hash_table_unref (s->done);
  g_hash_table_unref (s->done_here);
  g_hash_table_unref (s->clocks);
  g_free (s);
}

/* --- clocks ------------------------------------------------------------------ */

static void
clock_started (SimWorld *w, SimCase *s, const CaseTimer *timer)
{
  const ProgramState *state =
    timer->state[0] != '\0' ? program_state (s->type, timer->state) : sim_state (s);
  const ProgramTimer *def = timer->parent == 0 ? program_timer (s->type, state, timer->name) : NULL;

  if (def == NULL)
    return;
  g_hash_table_insert (s->clocks, g_memdup2 (&timer->n, sizeof timer->n), (gpointer) def);
  sim_count_timer (w->figures, def, TIMER_COUNT_STARTED);
}

static void
clock_changed (SimWorld *w, SimCase *s, const CaseChange *change)
{
  const ProgramTimer *def = g_hash_table_lookup (s->clocks, &change->number);

  if (def == NULL)
    return;
  if (strcmp (change->name, case_timer_status_name (TIMER_STOPPED)) == 0)
    sim_count_timer (w->figures, def, TIMER_COUNT_IN_TIME);
  if (strcmp (change->name, case_timer_status_name (TIMER_STOPPED)) == 0
      || strcmp (change->name, case_timer_status_name (TIMER_FIRED)) == 0)
    g_hash_table_remove (s->clocks, &change->number);
}

/* No clock goes without a word, and none that is law stands still. */
static void
check_clocks (SimWorld *w, const SimCase *s)
{
  guint running = 0;

  for (guint i = 0; i < s->c->timers->len; i++)
    {
      const CaseTimer *timer = s->c->timers->pdata[i];
      const ProgramTimer *def = g_hash_table_lookup (s->clocks, &timer->n);

      running += def != NULL;
      if (def != NULL && def->basis == BASIS_LAW && timer->paused != 0)
        sim_defect (w->figures, "%s: timer \"%s\" is law and stands still", s->c->ref, timer->name);
    }
  if (running != g_hash_table_size (s->clocks))
    sim_defect (w->figures, "%s: a timer was lost in state \"%s\"", s->c->ref, s->c->state);
}

/* --- what follows from a step -------------------------------------------------- */

static bool
goes_outside (const SimWorld *w, const char *notice)
{
  const ProgramNotice *def = program_notice (w->program, notice);

  for (char **to = def != NULL ? def->to : NULL; to != NULL && *to != NULL; to++)
    if (strcmp (*to, "applicant") == 0 || g_strv_contains (w->outside, *to))
      return true;
  return false;
}

static void
changed_state (SimWorld *w, SimCase *s, const CaseChange *change)
{
  sim_count_stay (w->figures, program_state (s->type, change->value), w->now - s->entered);
  sim_count_entered (w->figures, program_state (s->type, change->name));
  s->entered = w->now;
  g_hash_table_remove_all (s->done_here);
}

/* True when the state is another one. */
static bool
follow (SimWorld *w, SimCase *s, const GPtrArray *changes)
{
  bool moved = false, written = false;

  for (guint i = 0; i < changes->len; i++)
    {
      const CaseChange *change = changes->pdata[i];

      if (change->kind == CHANGE_STATE)
        {
          changed_state (w, s, change);
          moved = true;
        }
      else if (change->kind == CHANGE_TIMER)
        clock_started (w, s, change->timer);
      else if (change->kind == CHANGE_TIMER_STATUS)
        clock_changed (w, s, change);
      else if (change->kind == CHANGE_NOTICE)
        {
          sim_count_notice (w->figures, change->name);
          written |= goes_outside (w, change->name);
        }
    }
  check_clocks (w, s);
  sim_plan_timer (w, s);
  if (!s->c->open)
    sim_plan_nothing (w, s);
  else if (moved)
    sim_plan_state (w, s);
  else if (written && sim_waits_for (w, sim_state (s)) == OUTSIDE)
    sim_plan_reminded (w, s);
  return moved;
}

/* The last answer raises an event of its own, which no caller names. */
static void
count_answered (SimWorld *w, const SimCase *s, const ProgramState *before, const GPtrArray *changes)
{
  const ProgramTransition *t = program_transition (s->type, before, "answered");

  for (guint i = 0; t != NULL && i < changes->len; i++)
    {
      const CaseChange *change = changes->pdata[i];

      if (change->kind == CHANGE_CLARIFICATION && strcmp (change->name, "answered") == 0
          && case_open_clarifications (s->c) == 0)
        {
          sim_count_taken (w->figures, t);
          return;
        }
    }
}

static void
break_down (SimWorld *w, SimCase *s, const char *event, const GError *error)
{
  sim_defect (w->figures, "%s in state \"%s\", event \"%s\": %s", s->c->ref, s->c->state, event,
              error->message);
  s->broken = true;
  sim_plan_nothing (w, s);
}

/* --- events ---------------------------------------------------------------------- */

static bool
try_step (SimWorld *w, SimCase *s, const CaseEvent *event, GError **error)
{
  sim_relate (s);
  const ProgramTransition *transition = case_transition (w->program, s->c, event->name, w->now);
  const ProgramState *before = sim_state (s);
  g_autoptr (Case) copy = case_copy (s->c);
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);

  if (!case_step (w->program, copy, event, w->now, changes, error))
    return false;
  case_free (s->c);
  s->c = g_steal_pointer (&copy);
  sim_count_event (w->figures);
  if (transition != NULL && (event->timer == NULL || event->timer->reminder[0] == '\0'))
    sim_count_taken (w->figures, transition);
  count_answered (w, s, before, changes);
  follow (w, s, changes);
  sim_spread (w, s, changes);
  return true;
}

bool
sim_step (SimWorld *w, SimCase *s, const CaseEvent *event)
{
  g_autoptr (GError) error = NULL;

  if (try_step (w, s, event, &error))
    return true;
  if (g_error_matches (error, QEC_ERROR, QEC_ERROR_PERMANENT))
    sim_count_refused (w->figures);
  else
    break_down (w, s, event->name, error);
  return false;
}

static SimTimerCount
came_to (const ProgramTransition *transition)
{
  return transition != NULL && (transition->to != NULL || transition->actions->len > 0)
           ? TIMER_COUNT_ACTED
           : TIMER_COUNT_MISSED;
}

void
sim_fire (SimWorld *w, SimCase *s, gint64 n)
{
  g_autoptr (CaseTimer) timer = case_timer_copy (case_timer (s->c, n));
  g_autofree char *name = g_strconcat ("timer ", timer->name, NULL);
  const ProgramTimer *def = g_hash_table_lookup (s->clocks, &n);
  const ProgramTimer *reminds =
    timer->parent != 0 ? g_hash_table_lookup (s->clocks, &timer->parent) : NULL;
  sim_relate (s);
  const ProgramTransition *transition = case_transition (w->program, s->c, name, w->now);
  CaseEvent event = { .name = name, .timer = timer };
  g_autoptr (GError) error = NULL;

  if (reminds != NULL)
    sim_count_timer (w->figures, reminds, TIMER_COUNT_REMINDERS);
  if (try_step (w, s, &event, &error))
    {
      if (def != NULL)
        sim_count_timer (w->figures, def, came_to (transition));
      return;
    }
  if (!g_error_matches (error, QEC_ERROR, QEC_ERROR_PERMANENT))
    {
      break_down (w, s, name, error);
      return;
    }
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  case_fire_in_vain (s->c, timer, error->message, changes);
  if (def != NULL)
    sim_count_timer (w->figures, def, TIMER_COUNT_MISSED);
  follow (w, s, changes);
}

/* --- a new case -------------------------------------------------------------------- */

static char *
next_ref (SimWorld *w, const ProgramCaseType *type)
{
  g_autofree char *key =
    g_strdup_printf ("%s-%d", type->prefix, calendar_year (w->program->calendar, w->now));
  gint n = GPOINTER_TO_INT (g_hash_table_lookup (w->numbers, key)) + 1;
  char *ref = g_strdup_printf ("%s-%04d", key, n);

  g_hash_table_insert (w->numbers, g_steal_pointer (&key), GINT_TO_POINTER (n));
  return ref;
}

static SimCase *
add_case (SimWorld *w, SimEntity *entity, Case *c)
{
  SimCase *s = g_new0 (SimCase, 1);

  s->type = program_case_type (w->program, c->type);
  s->entity = entity;
  s->entered = w->now;
  s->done = g_hash_table_new (g_str_hash, g_str_equal);
  s->done_here = g_hash_table_new (g_str_hash, g_str_equal);
  s->clocks = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  s->c = c;
  g_free (c->ref);
  c->ref = next_ref (w, s->type);
  c->id = w->cases->len + 1;
  g_ptr_array_add (w->cases, s);
  g_ptr_array_add (entity->cases, s);
  return s;
}

void
sim_begin (SimWorld *w, SimEntity *entity, Case *c)
{
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  SimCase *s = add_case (w, entity, c);
  CaseEvent event = { .name = "opened" };
  g_autoptr (GError) error = NULL;

  sim_relate (s);
  const ProgramTransition *opened = case_transition (w->program, s->c, "opened", w->now);
  sim_count_opened (w->figures, s);
  sim_count_entered (w->figures, sim_state (s));
  if (!case_begin (w->program, s->c, &event, w->now, changes, &error))
    {
      break_down (w, s, event.name, error);
      return;
    }
  sim_count_event (w->figures);
  if (opened != NULL)
    sim_count_taken (w->figures, opened);
  if (!follow (w, s, changes) && s->c->open)
    sim_plan_state (w, s);
  sim_spread (w, s, changes);
}

void
sim_open (SimWorld *w, SimEntity *entity, const ProgramForm *form, const SimCase *parent)
{
  Case *c = case_fresh (w->program, form->opens, NULL, w->now, NULL);

  g_ptr_array_add (c->contacts, case_contact_new (entity->email, "Contact", "", ""));
  c->organization = entity->id;
  c->organization_name = g_strdup (entity->name);
  c->parent = parent != NULL ? parent->c->id : 0;
  for (guint i = 0; i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];

      if (field->maps == NULL && (field->required || sim_happens (w, entity->diligence)))
        g_hash_table_insert (c->fields, g_strdup (field->name), sim_answer (w, field));
    }
  sim_begin (w, entity, c);
}
