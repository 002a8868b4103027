/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program definition as data: looking things up.
 */
#include "program/program-private.h"

#include <string.h>

#include "base/fold.h"

/* --- words ----------------------------------------------------------------- */

const char *
program_basis_name (TimerBasis basis)
{
  static const char *const names[] = { "target", "commitment", "form", "law" };

  return names[basis];
}

const char *
program_timer_basis (const ProgramTimer *timer)
{
  return timer == NULL     ? ""
         : timer->verified ? program_basis_name (timer->basis)
                           : "program default";
}

const char *
program_assurance_name (Assurance assurance)
{
  static const char *const names[] = { "none", "token", "authenticated", "signed" };

  return names[assurance];
}

const char *
program_confidence_name (Confidence confidence)
{
  static const char *const names[] = { "no", "wanted", "required" };

  return names[confidence];
}

/* --- look-ups -------------------------------------------------------------- */

/* Every one of these structs begins with its name. */
static gconstpointer
find (const GPtrArray *array, const char *name)
{
  for (guint i = 0; name != NULL && array != NULL && i < array->len; i++)
    if (strcmp (*(char *const *) array->pdata[i], name) == 0)
      return array->pdata[i];
  return NULL;
}

G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramRole, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramPerson, address) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramEdition, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramElement, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramDocument, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramCaseType, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramState, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramTransition, event) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramTimer, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramCaseField, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramField, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramForm, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramNotice, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ProgramLanguage, tag) == 0);

const ProgramRole *
program_role (const Program *program, const char *name)
{
  return find (program->roles, name);
}

const ProgramPerson *
program_person (const Program *program, const char *address)
{
  g_autofree char *lower = address != NULL ? g_ascii_strdown (address, -1) : NULL;

  return find (program->people, lower);
}

bool
program_person_has_role (const ProgramPerson *person, const char *role)
{
  return g_strv_contains ((const char *const *) person->roles, role);
}

const char **
program_roles_with (const Program *program, const char *command)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < program->roles->len; i++)
    {
      const ProgramRole *role = program->roles->pdata[i];

      if (role->commands != NULL && g_strv_contains ((const char *const *) role->commands, command))
        g_ptr_array_add (names, role->name);
    }
  g_ptr_array_add (names, NULL);
  return (const char **) g_ptr_array_free (names, FALSE);
}

const ProgramRole *
program_right (const Program *program, const char *const *roles, const char *command,
               Assurance have)
{
  const ProgramRole *right = NULL;

  for (guint i = 0; i < program->roles->len; i++)
    {
      const ProgramRole *role = program->roles->pdata[i];

      if (role->commands != NULL && g_strv_contains (roles, role->name)
          && g_strv_contains ((const char *const *) role->commands, command)
          && role->assurance <= have && (right == NULL || role->people < right->people))
        right = role;
    }
  return right;
}

bool
program_has_people (const Program *program, const char *role)
{
  for (guint i = 0; i < program->people->len; i++)
    if (program_person_has_role (program->people->pdata[i], role))
      return true;
  return false;
}

char **
program_outside_roles (const Program *program)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < program->roles->len; i++)
    {
      const ProgramRole *role = program->roles->pdata[i];

      if (role->kind == ROLE_OUTSIDE)
        g_ptr_array_add (names, g_strdup (role->name));
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}

const ProgramEdition *
program_edition (const Program *program, const char *name)
{
  return find (program->editions, name);
}

const ProgramElement *
program_element (const ProgramEdition *edition, const char *name)
{
  return find (edition->elements, name);
}

const ProgramDocument *
program_document (const ProgramEdition *edition, const char *element, const char *name)
{
  const ProgramElement *e = program_element (edition, element);

  return e != NULL ? find (e->documents, name) : NULL;
}

const ProgramCaseType *
program_case_type (const Program *program, const char *name)
{
  return find (program->case_types, name);
}

const ProgramCaseType *
program_case_type_by_prefix (const Program *program, const char *prefix)
{
  for (guint i = 0; i < program->case_types->len; i++)
    {
      const ProgramCaseType *type = program->case_types->pdata[i];

      if (g_ascii_strcasecmp (type->prefix, prefix) == 0)
        return type;
    }
  return NULL;
}

const ProgramState *
program_state (const ProgramCaseType *type, const char *name)
{
  return find (type->states, name);
}

/* The next of EVENT in TRANSITIONS after PREVIOUS (NULL: the first of all); CLOSED: among those
 * that closed cases have. */
static const ProgramTransition *
next_of (const GPtrArray *transitions, const char *event, const ProgramTransition *previous,
         bool closed)
{
  bool passed = previous == NULL;

  for (guint i = 0; i < transitions->len; i++)
    {
      const ProgramTransition *t = transitions->pdata[i];

      if (passed && strcmp (t->event, event) == 0 && (t->closed || !closed))
        return t;
      passed = passed || t == previous;
    }
  return NULL;
}

const ProgramTransition *
program_transition (const ProgramCaseType *type, const ProgramState *state, const char *event)
{
  const ProgramTransition *own = find (state->transitions, event);

  return own != NULL ? own : next_of (type->transitions, event, NULL, state->final);
}

const ProgramTransition *
program_next_transition (const ProgramCaseType *type, const ProgramState *state,
                         const ProgramTransition *previous)
{
  bool own = g_ptr_array_find (state->transitions, previous, NULL);
  const ProgramTransition *next = next_of (own ? state->transitions : type->transitions,
                                           previous->event, previous, !own && state->final);

  return next != NULL || !own ? next
                              : next_of (type->transitions, previous->event, NULL, state->final);
}

const ProgramTimer *
program_timer (const ProgramCaseType *type, const ProgramState *state, const char *name)
{
  const ProgramTimer *own = state != NULL ? find (state->timers, name) : NULL;

  return own != NULL ? own : find (type->timers, name);
}

const ProgramCaseField *
program_case_field (const ProgramCaseType *type, const char *name)
{
  return find (type->fields, name);
}

static const ProgramField *
field_of_a_form (const Program *program, const char *name)
{
  const ProgramField *field = NULL;

  for (guint i = 0; field == NULL && i < program->forms->len; i++)
    field = find (((const ProgramForm *) program->forms->pdata[i])->fields, name);
  return field;
}

const char *
program_field_label (const Program *program, const ProgramCaseType *type, const char *name)
{
  const ProgramCaseField *declared = type != NULL ? program_case_field (type, name) : NULL;
  const ProgramField *field = declared == NULL ? field_of_a_form (program, name) : NULL;

  return declared != NULL ? declared->label : field != NULL ? field->label : name;
}

FieldKind
program_field_kind (const Program *program, const ProgramCaseType *type, const char *name)
{
  const ProgramCaseField *declared = type != NULL ? program_case_field (type, name) : NULL;
  const ProgramField *field = declared == NULL ? field_of_a_form (program, name) : NULL;

  return declared != NULL ? declared->kind : field != NULL ? field->kind : FIELD_TEXT;
}

static bool
is_called (const ProgramLanguage *language, const char *folded)
{
  g_autofree char *title = fold_words (language->title);
  bool is = strcmp (title, folded) == 0;

  for (char **name = language->names; !is && *name != NULL; name++)
    {
      g_autofree char *other = fold_words (*name);

      is = strcmp (other, folded) == 0;
    }
  return is;
}

const ProgramLanguage *
program_language (const Program *program, const char *text)
{
  g_autofree char *tag = g_ascii_strdown (text, (gssize) strcspn (text, "-_")),
                  *folded = fold_words (text);
  const ProgramLanguage *language = find (program->languages, tag);

  for (guint i = 0; language == NULL && i < program->languages->len; i++)
    if (is_called (program->languages->pdata[i], folded))
      language = program->languages->pdata[i];
  return language;
}

const ProgramForm *
program_form (const Program *program, const char *name)
{
  return find (program->forms, name);
}

const ProgramField *
program_form_field (const ProgramForm *form, const char *name)
{
  for (guint i = 0; i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];

      if (strcmp (field->name, name) == 0)
        return field;
    }
  return NULL;
}

const ProgramNotice *
program_notice (const Program *program, const char *name)
{
  return find (program->notices, name);
}

const ProgramArticle *
program_article (const Program *program, const char *name)
{
  return find (program->articles, name);
}

const ProgramCategory *
program_category (const Program *program, const char *name)
{
  return find (program->categories, name);
}

char *
program_category_names (const Program *program)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < program->categories->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            ((const ProgramCategory *) program->categories->pdata[i])->name);
  return g_string_free (names, FALSE);
}

static bool
leads (const GPtrArray *transitions, const ProgramState *to)
{
  for (guint i = 0; i < transitions->len; i++)
    if (g_strcmp0 (((const ProgramTransition *) transitions->pdata[i])->to, to->name) == 0)
      return true;
  return false;
}

bool
program_leads (const ProgramCaseType *type, const ProgramState *from, const ProgramState *to)
{
  return leads (from->transitions, to) || (!from->final && leads (type->transitions, to));
}
