/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads case types: fields, states and transitions; timers have a file of their own.
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
add_fields (const ConfNode *node, GPtrArray *names, GPtrArray *dates)
{
  const ConfNode *field;

  for (guint i = 0; (field = conf_section (node, "field", i)) != NULL; i++)
    {
      g_ptr_array_add (names, (gpointer) conf_title (field));
      if (program_read_kind (conf_string (field, "kind")) == FIELD_DATE)
        g_ptr_array_add (dates, (gpointer) conf_title (field));
    }
}

/* What is declared, and what the forms that open such a case, or come in one, ask. */
static void
scope_fields (ProgramScope *scope, const ConfNode *root, const ConfNode *type)
{
  GPtrArray *names = g_ptr_array_new (), *dates = g_ptr_array_new ();
  const ConfNode *form;

  add_fields (type, names, dates);
  for (guint i = 0; (form = conf_section (root, "form", i)) != NULL; i++)
    {
      const char *opens = conf_string (form, "opens");

      if (opens == NULL || strcmp (opens, conf_title (type)) == 0)
        add_fields (form, names, dates);
    }
  scope->fields = steal_names (names);
  scope->dates = steal_names (dates);
  if (conf_n_sections (type, "field") == 0)
    g_clear_pointer (&scope->fields, g_free);
}

static void
scope_fill (ProgramScope *scope, const ConfNode *root, const ConfNode *type,
            const ProgramEdition *edition)
{
  GPtrArray *timers = g_ptr_array_new ();
  const ConfNode *state;

  add_titles (timers, type, "timer");
  if (conf_n_sections (root, EVERY_CASE) > 0)
    add_titles (timers, conf_section (root, EVERY_CASE, 0), "timer");
  for (guint i = 0; (state = conf_section (type, "state", i)) != NULL; i++)
    add_titles (timers, state, "timer");
  scope->timers = steal_names (timers);
  scope->states = program_titles (type, "state");
  if (edition != NULL || !conf_is_set (type, "edition"))
    scope_edition (scope, edition);
  scope_fields (scope, root, type);
}

static void
scope_clear (ProgramScope *scope)
{
  g_free (scope->states);
  g_free (scope->timers);
  g_free (scope->groups);
  g_free (scope->elements);
  g_free (scope->documents);
  g_free (scope->fields);
  g_free (scope->dates);
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

static void
read_people (ProgramReader *r, const ConfNode *node, ProgramTransition *t)
{
  t->people = (guint) conf_int (node, "people");
  program_read_second (r, node, &t->second_within);
  if (t->people > 1 && strcmp (t->event, "relay") == 0)
    program_mistake (r, node, "people",
                     "words for the applicant cannot be proposed to a second person");
  for (char **by = t->by; t->people > 1 && *by != NULL; by++)
    {
      const ProgramRole *role = program_role (r->program, *by);

      if (role != NULL && role->kind != ROLE_STAFF)
        program_mistake (r, node, "people",
                         "'%s' is an outside role; two people are asked for of the office only",
                         *by);
    }
}

/* A closed case waits for nothing, and stays closed. */
static void
check_closed (ProgramReader *r, const ConfNode *node, const ProgramTransition *t)
{
  if (t->closed && t->to != NULL)
    program_mistake (r, node, "closed",
                     "what moves a case cannot happen to a closed one; remove closed, or to");
  for (char **action = (char **) conf_list (node, "do"); t->closed && *action != NULL; action++)
    if (g_str_has_prefix (*action, "start ") || g_str_has_prefix (*action, "remind ")
        || g_str_has_prefix (*action, "open "))
      program_mistake (r, node, "closed", "'%s' cannot happen in a closed case; remove closed",
                       *action);
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
  t->closed = conf_bool (node, "closed");
  read_people (r, node, t);
  t->when = read_terms (r, node, "when", r->words->guards, "guard", scope);
  t->needs = read_terms (r, node, "needs", r->words->guards, "guard", scope);
  t->actions = read_terms (r, node, "do", r->words->actions, "action", scope);
  t->to = g_strdup (conf_string (node, "to"));
  t->notices = g_strdupv ((char **) conf_list (node, "notice"));
  if (event != NULL)
    check_by (r, node, &r->words->events[event->index]);
  program_refer_all (r, node, "by", "role", r->roles);
  check_closed (r, node, t);
  if (g_strcmp0 (t->to, PROGRAM_PREVIOUS) != 0)
    program_refer (r, node, "to", t->to, "state", scope->states);
  program_refer_all (r, node, "notice", "notice", r->notices);
  if (t->to == NULL && t->notices[0] == NULL && t->actions->len == 0
      && conf_list (node, "do")[0] == NULL
      && (event == NULL || !r->words->events[event->index].does))
    program_mistake (r, node, NULL, "'%s' does nothing; write to, do or notice", t->event);
  program_term_free (event);
  return t;
}

/* Behind one that is always taken, another for the same event never is. */
static void
check_when (ProgramReader *r, const ConfNode *on, const ProgramTransition *t,
            const GPtrArray *before)
{
  for (guint i = 0; i < before->len; i++)
    {
      const ProgramTransition *earlier = before->pdata[i];

      if (strcmp (earlier->event, t->event) == 0 && earlier->when->len == 0
          && conf_list (on, "when")[0] == NULL)
        program_mistake (
          r, on, NULL,
          "on \"%s\" is here a second time (first on line %d); put both into one, or write "
          "when = { ... } into the first",
          t->event, earlier->place.line);
      else if (strcmp (earlier->event, t->event) == 0 && earlier->when->len == 0)
        program_mistake (
          r, on, "when",
          "on \"%s\" is never taken: the one on line %d has no when and comes first; "
          "put this one before it",
          t->event, earlier->place.line);
      else
        continue;
      return;
    }
}

static GPtrArray *
read_transitions (ProgramReader *r, const ConfNode *node, const ProgramScope *scope)
{
  GPtrArray *transitions = g_ptr_array_new_with_free_func (program_transition_free);
  const ConfNode *on;

  for (guint i = 0; (on = conf_section (node, "on", i)) != NULL; i++)
    {
      ProgramTransition *t = read_transition (r, on, scope);

      check_when (r, on, t, transitions);
      g_ptr_array_add (transitions, t);
    }
  return transitions;
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
  state->timers = program_read_timers (r, node, true, scope);
  program_refer (r, node, "waiting-on", state->waiting_on, "role", r->roles);
  program_refer (r, node, "group", state->group, "group", scope->groups);
  check_final (r, node, state);
  if (strcmp (state->name, PROGRAM_PREVIOUS) == 0)
    program_mistake (r, node, NULL,
                     "no state can be called \"" PROGRAM_PREVIOUS "\": to = \"" PROGRAM_PREVIOUS
                     "\" means the one before the present one; write another name");
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

static bool
any_about_others (const GPtrArray *guards)
{
  for (guint i = 0; i < guards->len; i++)
    if (((const ProgramTerm *) guards->pdata[i])->related)
      return true;
  return false;
}

static bool
asks_about_others (const ProgramCaseType *type)
{
  for (guint s = 0; s <= type->states->len; s++)
    {
      const GPtrArray *list = s < type->states->len
                                ? ((const ProgramState *) type->states->pdata[s])->transitions
                                : type->transitions;

      for (guint i = 0; i < list->len; i++)
        {
          const ProgramTransition *t = list->pdata[i];

          if (any_about_others (t->when) || any_about_others (t->needs))
            return true;
        }
    }
  return false;
}

static GPtrArray *
read_fields (ProgramReader *r, const ConfNode *node)
{
  GPtrArray *fields = g_ptr_array_new_with_free_func (program_case_field_free);
  const ConfNode *field;

  for (guint i = 0; (field = conf_section (node, "field", i)) != NULL; i++)
    {
      ProgramCaseField *one = g_new0 (ProgramCaseField, 1);

      one->place = program_place (field);
      one->name = g_strdup (conf_title (field));
      one->label = g_strdup (conf_string (field, "label"));
      one->kind = program_read_kind (conf_string (field, "kind"));
      one->carry = conf_bool (field, "carry");
      one->per_party = strcmp (conf_string (field, "per"), "party") == 0;
      if (one->per_party && one->kind != FIELD_DATE)
        program_mistake (
          r, field, "per",
          "only a date can be kept per party, because /mark says it; write kind = date");
      if (strpbrk (one->name, " \t") != NULL)
        program_mistake (r, field, NULL, "\"%s\" is no name of a field; write it without blanks",
                         one->name);
      g_ptr_array_add (fields, one);
    }
  return fields;
}

/* What is said of every case holds where the type says nothing else of the event. */
static void
add_everywhere (ProgramReader *r, ProgramCaseType *type, const ProgramScope *scope)
{
  const ConfNode *node = conf_section (r->root, EVERY_CASE, 0);
  guint before = r->mistakes->len;

  if (node == NULL || r->everywhere_is_wrong)
    return;
  g_ptr_array_extend_and_steal (type->transitions, read_transitions (r, node, scope));
  g_ptr_array_extend_and_steal (type->timers, program_read_timers (r, node, false, scope));
  r->everywhere_is_wrong = r->mistakes->len > before; /* said once, and not again of each type */
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
  scope_fill (&scope, r->root, node,
              type->edition != NULL ? program_edition (r->program, type->edition) : NULL);
  check_prefix (r, node, type->prefix);
  program_refer (r, node, "initial", type->initial, "state", scope.states);
  program_refer (r, node, "edition", type->edition, "edition", r->editions);
  type->fields = read_fields (r, node);
  type->states = g_ptr_array_new_with_free_func (program_state_free);
  for (guint i = 0; (state = conf_section (node, "state", i)) != NULL; i++)
    g_ptr_array_add (type->states, read_state (r, state, &scope));
  type->transitions = read_transitions (r, node, &scope);
  type->timers = program_read_timers (r, node, false, &scope);
  add_everywhere (r, type, &scope);
  program_check_from (r, type);
  type->one_open = conf_bool (node, "one-open");
  type->confidential = conf_bool (node, "confidential");
  type->related = asks_about_others (type);
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
