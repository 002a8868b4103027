/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks at a definition as a whole, before it is used: can every state be reached
 * and left, does every clock lead somewhere, is everything there that is named.
 *
 * States, timers, signals and documents have files of their own beside this one; here are fields
 * and roles.
 */
#include "program/program-private.h"

#include <string.h>

#include "base/fold.h"

void
program_found (ProgramCheck *c, ProgramPlace place, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  conf_mistake (c->findings, place.file, place.line, "%s", text);
}

bool
program_finding_is_warning (const char *finding)
{
  const char *text = strstr (finding, ": ");

  return text != NULL && g_str_has_prefix (text, ": warning: ");
}

void
program_each_transition (ProgramCheck *c, const ProgramCaseType *type, ProgramVisit visit,
                         gpointer data)
{
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];

      for (guint j = 0; j < state->transitions->len; j++)
        visit (c, type, state, state->transitions->pdata[j], data);
    }
  for (guint j = 0; j < type->transitions->len; j++)
    visit (c, type, NULL, type->transitions->pdata[j], data);
}

/* --- fields ---------------------------------------------------------------- */

static void
note_set (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
          const ProgramTransition *t, gpointer data)
{
  for (guint i = 0; i < t->actions->len; i++)
    {
      const ProgramTerm *term = t->actions->pdata[i];

      if ((g_str_has_prefix (term->word, "set ") || g_str_has_prefix (term->word, "date ")
           || g_str_has_prefix (term->word, "year "))
          && term->values[0] != NULL)
        g_hash_table_add (data, g_strdup (term->values[0]));
    }
}

static void
check_field_use (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
                 const ProgramTransition *t, gpointer data)
{
  for (guint i = 0; i < t->needs->len + t->when->len; i++)
    {
      const ProgramTerm *term =
        i < t->needs->len ? t->needs->pdata[i] : t->when->pdata[i - t->needs->len];

      if (g_str_has_prefix (term->word, "field ") && !g_hash_table_contains (data, term->values[0]))
        program_found (c, t->place,
                       "\"%s\" can never hold: no form has a field '%s' and no action sets it",
                       term->word, term->values[0]);
    }
}

static void
check_fields (ProgramCheck *c, const ProgramCaseType *type)
{
  g_autoptr (GHashTable) fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < type->fields->len; i++)
    g_hash_table_add (fields, g_strdup (((const ProgramCaseField *) type->fields->pdata[i])->name));
  for (guint i = 0; i < c->program->forms->len; i++)
    {
      const ProgramForm *form = c->program->forms->pdata[i];

      for (guint k = 0; k < form->fields->len; k++)
        g_hash_table_add (fields, g_strdup (((const ProgramField *) form->fields->pdata[k])->name));
    }
  program_each_transition (c, type, note_set, fields);
  program_each_transition (c, type, check_field_use, fields);
}

static bool
asks_for (const ProgramForm *form, const char *name)
{
  for (guint i = 0; i < form->fields->len; i++)
    if (strcmp (((const ProgramField *) form->fields->pdata[i])->name, name) == 0)
      return true;
  return false;
}

/* A notice shows fields that there are, in some case type or form. */
static void
check_shown (ProgramCheck *c, const ProgramNotice *notice)
{
  for (char **name = notice->fields; *name != NULL; name++)
    {
      bool known = false;

      for (guint i = 0; !known && i < c->program->case_types->len; i++)
        known = program_case_field (c->program->case_types->pdata[i], *name) != NULL;
      for (guint i = 0; !known && i < c->program->forms->len; i++)
        known = asks_for (c->program->forms->pdata[i], *name);
      if (!known)
        program_found (
          c, notice->place,
          "notice \"%s\" shows the field '%s', which no case type and no form has; write one that "
          "is there",
          notice->name, *name);
    }
}

/* --- one case at a time ---------------------------------------------------- */

static void
check_again (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
             const ProgramTransition *t, gpointer data)
{
  if (strcmp (t->event, "again") == 0 && !type->one_open)
    program_found (
      c, t->place,
      "on \"again\" never happens; write one-open = true into case type \"%s\", or remove it",
      type->name);
}

static void
check_one_open (ProgramCheck *c, const ProgramCaseType *type)
{
  for (guint i = 0; type->one_open && i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];

      if (!state->final && program_transition (type, state, "again") == NULL)
        program_found (c, state->place,
                       "state \"%s\" does not say what follows when a form comes that would open a "
                       "second case of "
                       "the type; write on \"again\" { ... }, or take one-open away",
                       state->name);
    }
  program_each_transition (c, type, check_again, NULL);
}

/* --- roles ----------------------------------------------------------------- */

/* The first of ROLES when nobody has any of them; NULL when somebody
 * has, or one is an outside role. */
static const char *
nobody (const Program *program, char *const *roles)
{
  for (guint i = 0; roles[i] != NULL; i++)
    {
      const ProgramRole *role = program_role (program, roles[i]);

      if (role != NULL && (role->kind == ROLE_OUTSIDE || program_has_people (program, roles[i])))
        return NULL;
    }
  return roles[0];
}

/* Staff cause an event by the command of its first word, which their role must allow. */
static void
check_command (ProgramCheck *c, const ProgramTransition *t, const ProgramRole *role)
{
  g_autofree char *command = g_strndup (t->event, strcspn (t->event, " "));

  if (role->kind == ROLE_STAFF && !g_strv_contains ((const char *const *) role->commands, command))
    program_found (
      c, t->place,
      "role '%s' may not command \"%s\"; write \"%s\" into its commands, or take it out of by",
      role->name, t->event, command);
}

static void
check_rights (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
              const ProgramTransition *t, gpointer data)
{
  for (char **by = t->by; *by != NULL; by++)
    {
      const ProgramRole *role = program_role (c->program, *by);

      if (role != NULL)
        check_command (c, t, role);
    }
}

/* Only one human being has any of ROLES, be it under several addresses. */
static bool
has_only_one (const Program *program, char *const *roles)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < program->people->len; i++)
    {
      const ProgramPerson *person = program->people->pdata[i];

      for (char *const *role = roles; *role != NULL; role++)
        if (program_person_has_role (person, *role))
          g_hash_table_add (names, fold_case (person->name));
    }
  return g_hash_table_size (names) == 1;
}

/* Where two people are asked for, there are two. */
static void
check_two (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
           const ProgramTransition *t, gpointer data)
{
  if (t->people > 1 && has_only_one (c->program, t->by))
    program_found (c, t->place, "\"%s\" needs two people, and only one in the roster may cause it",
                   t->event);
}

static void
check_two_of_role (ProgramCheck *c, const ProgramRole *role)
{
  char *roles[] = { role->name, NULL };

  if (role->people > 1 && has_only_one (c->program, roles))
    program_found (c, role->place,
                   "role '%s' asks for two people, and only one in the roster has it", role->name);
}

static void
check_somebody (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
                const ProgramTransition *t, gpointer data)
{
  const char *role = nobody (c->program, t->by);

  if (role != NULL)
    program_found (c, t->place,
                   "nobody in the roster may cause \"%s\"; give somebody the role '%s'", t->event,
                   role);
}

static void
check_people (ProgramCheck *c)
{
  char *held[] = { c->program->owner, NULL }, *told[] = { c->program->escalate, NULL };

  if (!c->program->has_roster)
    {
      program_found (c, c->program->place,
                     "warning: there is no roster, so whether somebody has each role is not known");
      return;
    }
  for (guint i = 0; i < c->program->case_types->len; i++)
    program_each_transition (c, c->program->case_types->pdata[i], check_somebody, NULL);
  for (guint i = 0; i < c->program->case_types->len; i++)
    program_each_transition (c, c->program->case_types->pdata[i], check_two, NULL);
  for (guint i = 0; i < c->program->roles->len; i++)
    check_two_of_role (c, c->program->roles->pdata[i]);
  if (nobody (c->program, held) != NULL)
    program_found (c, c->program->place,
                   "nobody in the roster can own a case; give somebody the role '%s'", held[0]);
  if (nobody (c->program, told) != NULL && strcmp (told[0], held[0]) != 0)
    program_found (
      c, c->program->place,
      "nobody in the roster is told about what nobody owns; give somebody the role '%s'", told[0]);
  for (guint i = 0; i < c->program->categories->len; i++)
    {
      const ProgramCategory *category = c->program->categories->pdata[i];

      if (category->owner != NULL && !program_has_people (c->program, category->owner))
        program_found (
          c, category->place,
          "nobody in the roster looks after mail of category \"%s\"; give somebody the role '%s'",
          category->name, category->owner);
    }
}

/* --- all ------------------------------------------------------------------- */

GPtrArray *
program_check (const Program *program, bool (*has_template) (const char *name, gpointer data),
               gpointer data)
{
  ProgramCheck c = { program, g_ptr_array_new_with_free_func (g_free) };

  for (guint i = 0; i < program->case_types->len; i++)
    {
      const ProgramCaseType *type = program->case_types->pdata[i];

      program_check_states (&c, type);
      program_check_timers (&c, type);
      program_check_signals (&c, type);
      check_fields (&c, type);
      check_one_open (&c, type);
      program_each_transition (&c, type, check_rights, NULL);
    }
  for (guint i = 0; i < program->editions->len; i++)
    program_check_edition (&c, program->editions->pdata[i]);
  for (guint i = 0; i < program->notices->len; i++)
    check_shown (&c, program->notices->pdata[i]);
  for (guint i = 0; has_template != NULL && i < program->notices->len; i++)
    {
      const ProgramNotice *notice = program->notices->pdata[i];

      if (!has_template (notice->name, data))
        program_found (&c, notice->place, "notice \"%s\" has no template; write templates/%s.md",
                       notice->name, notice->name);
    }
  program_check_knowledge (&c, has_template, data);
  check_people (&c);
  return c.findings;
}
