/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads case types: states, transitions and timers.
 */
#include "program/program-private.h"

#include <string.h>

/* --- what a phrase may refer to -------------------------------------------- */

static void
add_titles (GPtrArray *names, const ConfNode *node, const char *section)
{
  const ConfNode *inner;

  for (guint i = 0; (inner = conf_section (node, section, i)) != NULL; i++)
    g_ptr_array_add (names, (gpointer) conf_title (inner));
}

static const char **
steal_names (GPtrArray *names)
{
  g_ptr_array_add (names, NULL);
  return (const char **) g_ptr_array_free (names, FALSE);
}

/* An edition that does not exist is one mistake: what it would have held is not asked. */
static void
scope_edition (ProgramScope *scope, const ProgramEdition *edition)
{
  GPtrArray *groups = g_ptr_array_new (), *elements = g_ptr_array_new (),
            *documents = g_ptr_array_new ();

  for (guint i = 0; edition != NULL && i < edition->elements->len; i++)
    {
      const ProgramElement *element = edition->elements->pdata[i];

      g_ptr_array_add (elements, element->name);
      if (!g_ptr_array_find_with_equal_func (groups, element->group, g_str_equal, NULL))
        g_ptr_array_add (groups, element->group);
      for (guint j = 0; j < element->documents->len; j++)
        g_ptr_array_add (documents, ((ProgramDocument *) element->documents->pdata[j])->name);
    }
  scope->groups = steal_names (groups);
  scope->elements = steal_names (elements);
  scope->documents = steal_names (documents);
}

static void
scope_fill (ProgramScope *scope, const ConfNode *type, const ProgramEdition *edition)
{
  GPtrArray *timers = g_ptr_array_new ();
  const ConfNode *state;

  add_titles (timers, type, "timer");
  for (guint i = 0; (state = conf_section (type, "state", i)) != NULL; i++)
    add_titles (timers, state, "timer");
  scope->timers = steal_names (timers);
  scope->states = program_titles (type, "state");
  if (edition != NULL || !conf_is_set (type, "edition"))
    scope_edition (scope, edition);
}

static void
scope_clear (ProgramScope *scope)
{
  g_free (scope->states);
  g_free (scope->timers);
  g_free (scope->groups);
  g_free (scope->elements);
  g_free (scope->documents);
}

/* --- timers ---------------------------------------------------------------- */

/* False, with the mistake said, unless TEXT is a span of some length. */
static bool
read_span (ProgramReader *r, const ConfNode *node, const char *option, const char *text, Span *span)
{
  g_autoptr (GError) error = NULL;

  if (!span_parse (text, span, &error))
    program_mistake (r, node, option, "%s", error->message);
  else if (span->n <= 0)
    program_mistake (r, node, option, "\"%s\" is no time ahead; write such as \"10 business days\"",
                     text);
  else
    return true;
  return false;
}

static void
read_reminders (ProgramReader *r, const ConfNode *node, GPtrArray *reminders)
{
  const char *notice = conf_title (node);

  program_refer (r, node, NULL, notice, "notice", r->notices);
  for (const char *const *before = conf_list (node, "before"); *before != NULL; before++)
    {
      Span span;

      if (!read_span (r, node, "before", *before, &span))
        continue;
      ProgramReminder *reminder = g_new0 (ProgramReminder, 1);
      reminder->notice = g_strdup (notice);
      reminder->before = span;
      g_ptr_array_add (reminders, reminder);
    }
}

static TimerBasis
read_basis (const char *word)
{
  TimerBasis basis = BASIS_TARGET;

  while (basis < BASIS_LAW && g_strcmp0 (program_basis_name (basis), word) != 0)
    basis++;
  return basis;
}

static ProgramTimer *
read_timer (ProgramReader *r, const ConfNode *node, bool in_state)
{
  ProgramTimer *timer = g_new0 (ProgramTimer, 1);
  const ConfNode *reminder;

  timer->place = program_place (node);
  timer->name = g_strdup (conf_title (node));
  timer->title = g_strdup (conf_string (node, "title"));
  read_span (r, node, "after", conf_string (node, "after"), &timer->after);
  timer->on_entry = conf_is_set (node, "on-entry") ? conf_bool (node, "on-entry") : in_state;
  timer->basis = read_basis (conf_string (node, "basis"));
  timer->source = g_strdup (conf_string (node, "source"));
  timer->verified = conf_bool (node, "verified");
  timer->pauses = conf_bool (node, "pauses");
  timer->restarts = conf_bool (node, "restarts");
  timer->reminders = g_ptr_array_new_with_free_func (program_reminder_free);
  if (timer->on_entry && !in_state)
    program_mistake (r, node, "on-entry",
                     "a timer outside of states is started by an action; remove on-entry, or write "
                     "the timer into a state");
  if (timer->pauses && timer->basis != BASIS_TARGET)
    program_mistake (r, node, "pauses",
                     "only a target may pause; remove pauses, or write basis = target");
  for (guint i = 0; (reminder = conf_section (node, "reminder", i)) != NULL; i++)
    read_reminders (r, reminder, timer->reminders);
  return timer;
}

/* --- transitions ----------------------------------------------------------- */

static GPtrArray *
read_terms (ProgramReader *r, const ConfNode *node, const char *option, const ProgramWord *table,
            const char *what, const ProgramScope *scope)
{
  GPtrArray *terms = g_ptr_array_new_with_free_func (program_term_free);

  for (const char *const *phrase = conf_list (node, option); *phrase != NULL; phrase++)
    {
      ProgramTerm *term = program_read_term (r, node, option, *phrase, table, what, scope);

      if (term != NULL)
        g_ptr_array_add (terms, term);
    }
  return terms;
}

/* Who may cause it must be said, unless nobody does. */
static void
check_by (ProgramReader *r, const ConfNode *node, const ProgramWord *event)
{
  bool unattended = event->unattended || g_strcmp0 (event->argument, "timer") == 0;
  bool said = conf_list (node, "by")[0] != NULL;

  if (!unattended && !said)
    program_mistake (r, node, NULL, "nobody may cause '%s'; write by = { \"ROLE\" }",
                     conf_title (node));
  if (unattended && said)
    program_mistake (r, node, "by", "'%s' happens by itself; remove by", conf_title (node));
}

static ProgramTransition *
read_transition (ProgramReader *r, const ConfNode *node, const ProgramScope *scope)
{
  ProgramTransition *t = g_new0 (ProgramTransition, 1);
  ProgramTerm *event =
      program_read_term (r, node, NULL, conf_title (node), r->words->events, "event", scope);

  t->place = program_place (node);
  t->event = g_strdup (conf_title (node));
  t->by = g_strdupv ((char **) conf_list (node, "by"));
  t->assurance = program_read_assurance (conf_string (node, "assurance"));
  t->needs = read_terms (r, node, "needs", r->words->guards, "guard", scope);
  t->actions = read_terms (r, node, "do", r->words->actions, "action", scope);
  t->to = g_strdup (conf_string (node, "to"));
  t->notices = g_strdupv ((char **) conf_list (node, "notice"));
  if (event != NULL)
    check_by (r, node, &r->words->events[event->index]);
  program_term_free (event);
  program_refer_all (r, node, "by", "role", r->roles);
  program_refer (r, node, "to", t->to, "state", scope->states);
  program_refer_all (r, node, "notice", "notice", r->notices);
  if (t->to == NULL && t->notices[0] == NULL && t->actions->len == 0
      && conf_list (node, "do")[0] == NULL)
    program_mistake (r, node, NULL, "'%s' does nothing; write to, do or notice", t->event);
  return t;
}

static GPtrArray *
read_transitions (ProgramReader *r, const ConfNode *node, const ProgramScope *scope)
{
  GPtrArray *transitions = g_ptr_array_new_with_free_func (program_transition_free);
  const ConfNode *on;

  for (guint i = 0; (on = conf_section (node, "on", i)) != NULL; i++)
    g_ptr_array_add (transitions, read_transition (r, on, scope));
  return transitions;
}

static GPtrArray *
read_timers (ProgramReader *r, const ConfNode *node, bool in_state)
{
  GPtrArray *timers = g_ptr_array_new_with_free_func (program_timer_free);
  const ConfNode *timer;

  for (guint i = 0; (timer = conf_section (node, "timer", i)) != NULL; i++)
    g_ptr_array_add (timers, read_timer (r, timer, in_state));
  return timers;
}

/* --- states and types ------------------------------------------------------ */

static void
check_final (ProgramReader *r, const ConfNode *node, const ProgramState *state)
{
  if (!state->final && state->waiting_on == NULL)
    program_mistake (r, node, NULL,
                     "state \"%s\" waits for nobody; write waiting-on = ROLE, or final = true",
                     state->name);
  if (state->final && state->waiting_on != NULL)
    program_mistake (r, node, "waiting-on", "a final state waits for nobody; remove waiting-on");
  if (state->final && (state->transitions->len > 0 || state->timers->len > 0))
    program_mistake (r, node, "final",
                     "nothing can happen in a final state; remove its on and timer sections");
}

static ProgramState *
read_state (ProgramReader *r, const ConfNode *node, const ProgramScope *scope)
{
  ProgramState *state = g_new0 (ProgramState, 1);

  state->place = program_place (node);
  state->name = g_strdup (conf_title (node));
  state->title = g_strdup (conf_string (node, "title"));
  state->help = g_strdup (conf_string (node, "help"));
  state->waiting_on = g_strdup (conf_string (node, "waiting-on"));
  state->group = g_strdup (conf_string (node, "group"));
  state->final = conf_bool (node, "final");
  state->next_step = g_strdup (conf_string (node, "next-step"));
  state->transitions = read_transitions (r, node, scope);
  state->timers = read_timers (r, node, true);
  program_refer (r, node, "waiting-on", state->waiting_on, "role", r->roles);
  program_refer (r, node, "group", state->group, "group", scope->groups);
  check_final (r, node, state);
  return state;
}

static void
check_prefix (ProgramReader *r, const ConfNode *node, const char *prefix)
{
  gsize n = strspn (prefix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

  if (n == 0 || n > 8 || prefix[n] != '\0')
    program_mistake (r, node, "prefix", "\"%s\" is no prefix; write up to eight capital letters",
                     prefix);
  else if (program_case_type_by_prefix (r->program, prefix) != NULL)
    program_mistake (r, node, "prefix",
                     "another case type has the prefix \"%s\"; write a different one", prefix);
}

static ProgramCaseType *
read_case_type (ProgramReader *r, const ConfNode *node)
{
  ProgramCaseType *type = g_new0 (ProgramCaseType, 1);
  ProgramScope scope = { NULL };
  const ConfNode *state;

  type->place = program_place (node);
  type->name = g_strdup (conf_title (node));
  type->title = g_strdup (conf_string (node, "title"));
  type->prefix = g_strdup (conf_string (node, "prefix"));
  type->initial = g_strdup (conf_string (node, "initial"));
  type->edition = g_strdup (conf_string (node, "edition"));
  scope_fill (&scope, node,
              type->edition != NULL ? program_edition (r->program, type->edition) : NULL);
  check_prefix (r, node, type->prefix);
  program_refer (r, node, "initial", type->initial, "state", scope.states);
  program_refer (r, node, "edition", type->edition, "edition", r->editions);
  type->states = g_ptr_array_new_with_free_func (program_state_free);
  for (guint i = 0; (state = conf_section (node, "state", i)) != NULL; i++)
    g_ptr_array_add (type->states, read_state (r, state, &scope));
  type->transitions = read_transitions (r, node, &scope);
  type->timers = read_timers (r, node, false);
  scope_clear (&scope);
  return type;
}

void
program_read_cases (ProgramReader *r)
{
  const ConfNode *node;

  r->program->case_types = g_ptr_array_new_with_free_func (program_case_type_free);
  for (guint i = 0; (node = conf_section (r->root, "case-type", i)) != NULL; i++)
    g_ptr_array_add (r->program->case_types, read_case_type (r, node));
}
