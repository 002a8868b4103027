/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program definition as data: letting it go.
 */
#include "program/program-private.h"

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
  g_strfreev (person->certificates);
  g_free (person->deputy);
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
  g_free (document->signed_by);
  g_free (document->signature);
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
  g_clear_pointer (&form->label_words, g_hash_table_unref);
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
  g_strfreev (notice->fields);
  g_free (notice);
}

void
program_identifier_free (gpointer data)
{
  ProgramIdentifier *identifier = data;

  if (identifier == NULL)
    return;
  g_free (identifier->name);
  g_free (identifier->title);
  g_free (identifier->pattern);
  g_free (identifier->letters);
  g_strfreev (identifier->near);
  g_strfreev (identifier->names);
  g_strfreev (identifier->digests);
  g_strfreev (identifier->impossible);
  g_strfreev (identifier->samples);
  g_free (identifier);
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
  g_free (rule->category);
  g_free (rule->open);
  g_free (rule->open_stranger);
  g_free (rule->reason);
  g_strfreev (rule->identifiers);
  g_strfreev (rule->subject);
  g_strfreev (rule->words);
  g_strfreev (rule->alone);
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
program_category_free (gpointer data)
{
  ProgramCategory *category = data;

  g_free (category->copy);

  if (category == NULL)
    return;
  g_free (category->name);
  g_free (category->title);
  g_free (category->owner);
  g_strfreev (category->words);
  g_free (category);
}

void
program_digest_free (gpointer data)
{
  ProgramDigest *digest = data;

  if (digest == NULL)
    return;
  g_free (digest->name);
  g_free (digest->notice);
  g_free (digest);
}

void
program_language_free (gpointer data)
{
  ProgramLanguage *language = data;

  if (language == NULL)
    return;
  g_free (language->tag);
  g_free (language->title);
  g_strfreev (language->names);
  g_strfreev (language->words);
  g_free (language);
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
  array_free (program->languages);
  array_free (program->roles);
  array_free (program->people);
  array_free (program->roster);
  array_free (program->editions);
  array_free (program->case_types);
  array_free (program->forms);
  array_free (program->notices);
  array_free (program->identifiers);
  array_free (program->triage);
  array_free (program->articles);
  array_free (program->digests);
  array_free (program->categories);
  g_free (program->held.half);
  g_free (program->held.over);
  g_free (program->owner);
  g_free (program->escalate);
  g_free (program->split_opens);
  g_free (program);
}
