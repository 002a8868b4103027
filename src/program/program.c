/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program definition as data: looking things up, and letting them go.
 */
#include "program/program-private.h"

#include <string.h>

/* --- words ----------------------------------------------------------------- */

const char *
program_basis_name (TimerBasis basis)
{
  static const char *const names[] = { "target", "commitment", "form", "law" };

  return names[basis];
}

const char *
program_assurance_name (Assurance assurance)
{
  static const char *const names[] = { "none", "token", "authenticated", "signed" };

  return names[assurance];
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

const ProgramTransition *
program_transition (const ProgramCaseType *type, const ProgramState *state, const char *event)
{
  const ProgramTransition *own = find (state->transitions, event);

  return own != NULL || state->final ? own : find (type->transitions, event);
}

/* The next of EVENT in TRANSITIONS after PREVIOUS (NULL: the first of all). */
static const ProgramTransition *
next_of (const GPtrArray *transitions, const char *event, const ProgramTransition *previous)
{
  bool passed = previous == NULL;

  for (guint i = 0; i < transitions->len; i++)
    {
      const ProgramTransition *t = transitions->pdata[i];

      if (passed && strcmp (t->event, event) == 0)
        return t;
      passed = passed || t == previous;
    }
  return NULL;
}

const ProgramTransition *
program_next_transition (const ProgramCaseType *type, const ProgramState *state, const ProgramTransition *previous)
{
  bool own = g_ptr_array_find (state->transitions, previous, NULL);
  const ProgramTransition *next = next_of (own ? state->transitions : type->transitions, previous->event, previous);

  return next != NULL || !own || state->final ? next : find (type->transitions, previous->event);
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

const char *
program_field_label (const Program *program, const ProgramCaseType *type, const char *name)
{
  const ProgramCaseField *declared = type != NULL ? program_case_field (type, name) : NULL;
  const ProgramField *field = NULL;

  for (guint i = 0; declared == NULL && field == NULL && i < program->forms->len; i++)
    field = find (((const ProgramForm *) program->forms->pdata[i])->fields, name);
  return declared != NULL ? declared->label : field != NULL ? field->label : name;
}

const ProgramForm *
program_form (const Program *program, const char *name)
{
  return find (program->forms, name);
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

/* --- freeing --------------------------------------------------------------- */

static void
array_free (GPtrArray *array)
{
  if (array != NULL)
    g_ptr_array_unref (array);
}

void
program_term_free (gpointer data)
{
  ProgramTerm *term = data;

  if (term == NULL)
    return;
  g_free (term->word);
  g_free (term->argument);
  g_strfreev (term->values);
  g_free (term);
}

void
program_role_free (gpointer data)
{
  ProgramRole *role = data;

  if (role == NULL)
    return;
  g_free (role->name);
  g_free (role->title);
  g_strfreev (role->commands);
  g_free (role);
}

void
program_person_free (gpointer data)
{
  ProgramPerson *person = data;

  if (person == NULL)
    return;
  g_free (person->address);
  g_free (person->name);
  g_strfreev (person->roles);
  g_free (person);
}

void
program_document_free (gpointer data)
{
  ProgramDocument *document = data;

  if (document == NULL)
    return;
  g_free (document->name);
  g_free (document->title);
  g_free (document->form);
  g_free (document->hint);
  g_strfreev (document->types);
  g_strfreev (document->names);
  g_strfreev (document->words);
  g_free (document);
}

void
program_element_free (gpointer data)
{
  ProgramElement *element = data;

  if (element == NULL)
    return;
  g_free (element->name);
  g_free (element->title);
  g_free (element->group);
  g_free (element->help);
  g_free (element->unless);
  array_free (element->documents);
  g_free (element);
}

void
program_edition_free (gpointer data)
{
  ProgramEdition *edition = data;

  if (edition == NULL)
    return;
  g_free (edition->name);
  g_free (edition->title);
  g_strfreev (edition->findings);
  g_strfreev (edition->passing);
  array_free (edition->elements);
  g_free (edition);
}

void
program_reminder_free (gpointer data)
{
  ProgramReminder *reminder = data;

  if (reminder == NULL)
    return;
  g_free (reminder->notice);
  g_free (reminder);
}

void
program_timer_free (gpointer data)
{
  ProgramTimer *timer = data;

  if (timer == NULL)
    return;
  g_free (timer->name);
  g_free (timer->title);
  g_free (timer->id);
  g_free (timer->from_name);
  g_free (timer->source);
  array_free (timer->reminders);
  g_free (timer);
}

void
program_transition_free (gpointer data)
{
  ProgramTransition *transition = data;

  if (transition == NULL)
    return;
  g_free (transition->event);
  g_free (transition->to);
  g_strfreev (transition->by);
  g_strfreev (transition->notices);
  array_free (transition->when);
  array_free (transition->needs);
  array_free (transition->actions);
  g_free (transition);
}

void
program_state_free (gpointer data)
{
  ProgramState *state = data;

  if (state == NULL)
    return;
  g_free (state->name);
  g_free (state->title);
  g_free (state->help);
  g_free (state->waiting_on);
  g_free (state->group);
  g_free (state->next_step);
  array_free (state->transitions);
  array_free (state->timers);
  g_free (state);
}

void
program_case_field_free (gpointer data)
{
  ProgramCaseField *field = data;

  g_free (field->name);
  g_free (field->label);
  g_free (field);
}

void
program_case_type_free (gpointer data)
{
  ProgramCaseType *type = data;

  if (type == NULL)
    return;
  g_free (type->name);
  g_free (type->title);
  g_free (type->prefix);
  g_free (type->initial);
  g_free (type->edition);
  array_free (type->fields);
  array_free (type->states);
  array_free (type->transitions);
  array_free (type->timers);
  g_free (type);
}

void
program_field_free (gpointer data)
{
  ProgramField *field = data;

  if (field == NULL)
    return;
  g_free (field->name);
  g_free (field->label);
  g_free (field->hint);
  g_free (field->maps);
  g_free (field->tab);
  g_free (field->equals);
  g_free (field->not_before);
  g_free (field->not_after);
  g_strfreev (field->aliases);
  g_strfreev (field->choices);
  g_free (field);
}

void
program_form_free (gpointer data)
{
  ProgramForm *form = data;

  if (form == NULL)
    return;
  g_free (form->name);
  g_free (form->title);
  g_free (form->opens);
  g_free (form->event);
  g_free (form->edition);
  g_strfreev (form->blanks);
  g_strfreev (form->authority);
  array_free (form->fields);
  g_free (form);
}

void
program_notice_free (gpointer data)
{
  ProgramNotice *notice = data;

  if (notice == NULL)
    return;
  g_free (notice->name);
  g_free (notice->form);
  g_free (notice->attach);
  g_free (notice->calendar);
  g_strfreev (notice->to);
  g_free (notice);
}

void
program_rule_free (gpointer data)
{
  ProgramTriageRule *rule = data;

  if (rule == NULL)
    return;
  g_free (rule->name);
  g_free (rule->mailbox);
  g_free (rule->from);
  g_free (rule->answer);
  g_free (rule->open);
  g_free (rule->open_stranger);
  g_free (rule->reason);
  g_strfreev (rule->subject);
  g_strfreev (rule->words);
  g_free (rule);
}

void
program_article_free (gpointer data)
{
  ProgramArticle *article = data;

  if (article == NULL)
    return;
  g_free (article->name);
  g_free (article->title);
  g_strfreev (article->words);
  g_free (article->owner);
  g_free (article->review_by);
  g_strfreev (article->sources);
  g_free (article);
}

void
program_free (Program *program)
{
  if (program == NULL)
    return;
  array_free (program->files);
  g_free (program->name);
  g_free (program->title);
  g_free (program->language);
  if (program->calendar != NULL)
    calendar_free (program->calendar);
  array_free (program->roles);
  array_free (program->people);
  array_free (program->editions);
  array_free (program->case_types);
  array_free (program->forms);
  array_free (program->notices);
  array_free (program->triage);
  array_free (program->articles);
  g_free (program->owner);
  g_free (program->escalate);
  g_free (program);
}
