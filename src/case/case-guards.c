/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Guards: what must hold before a transition, each a row of one table.
 */
#include <string.h>

#include "case/case-private.h"

bool
case_is_asked (const Case *c, const ProgramElement *element)
{
  const char *space = element->unless != NULL ? strchr (element->unless, ' ') : NULL;

  if (space == NULL)
    return true;
  g_autofree char *field = g_strndup (element->unless, space - element->unless);
  return g_strcmp0 (g_hash_table_lookup (c->fields, field), space + 1) != 0;
}

GArray *
case_missing (const Program *program, const Case *c, const char *group)
{
  GArray *missing = g_array_new (FALSE, FALSE, sizeof (CaseMissing));
  const ProgramEdition *edition = program_edition (program, c->edition);

  for (guint i = 0; edition != NULL && group != NULL && i < edition->elements->len; i++)
    {
      const ProgramElement *element = edition->elements->pdata[i];

      if (g_strcmp0 (element->group, group) != 0 || !case_is_asked (c, element))
        continue;
      for (guint j = 0; j < element->documents->len; j++)
        {
          const ProgramDocument *document = element->documents->pdata[j];

          if (document->required && case_current_document (c, element->name, document->name) == NULL)
            g_array_append_val (missing, ((CaseMissing){ element, document }));
        }
    }
  return missing;
}

static bool
documents_complete (const CaseStep *step, const char *argument, GPtrArray *obstacles)
{
  g_autoptr (GArray) missing = case_missing (step->program, step->c, case_group (step, argument));

  for (guint i = 0; i < missing->len; i++)
    {
      const CaseMissing *m = &g_array_index (missing, CaseMissing, i);

      g_ptr_array_add (obstacles, g_strdup_printf ("%s %s: %s is missing", m->element->name,
                                                   m->element->title, m->document->title));
    }
  return missing->len == 0;
}

static bool
no_unclear_document (const CaseStep *step, const char *argument, GPtrArray *obstacles)
{
  bool good = true;

  for (guint i = 0; i < step->c->documents->len; i++)
    {
      const CaseDocument *document = step->c->documents->pdata[i];

      if (document->status != DOCUMENT_UNCLEAR)
        continue;
      g_ptr_array_add (obstacles, g_strdup_printf ("it is not clear what %s is", document->file));
      good = false;
    }
  return good;
}

typedef bool (*FindingTest) (const CaseStep *step, const CaseFinding *finding);

static bool
each_finding (const CaseStep *step, const char *argument, FindingTest test, const char *what,
              GPtrArray *obstacles)
{
  const char *group = case_group (step, argument);
  bool good = true;

  for (guint i = 0; group != NULL && i < step->edition->elements->len; i++)
    {
      const ProgramElement *element = step->edition->elements->pdata[i];
      const CaseFinding *finding = case_finding (step->c, element->name);

      if (g_strcmp0 (element->group, group) != 0 || !case_is_asked (step->c, element) || test (step, finding))
        continue;
      g_ptr_array_add (obstacles, g_strdup_printf ("%s %s %s", element->name, element->title, what));
      good = false;
    }
  return good;
}

static bool
is_made (const CaseStep *step, const CaseFinding *finding)
{
  return finding != NULL;
}

static bool
is_passing (const CaseStep *step, const CaseFinding *finding)
{
  return finding != NULL
         && g_strv_contains ((const char *const *) step->edition->passing, finding->value);
}

static bool
findings_complete (const CaseStep *step, const char *argument, GPtrArray *obstacles)
{
  return each_finding (step, argument, is_made, "has no finding yet", obstacles);
}

static bool
findings_passing (const CaseStep *step, const char *argument, GPtrArray *obstacles)
{
  return each_finding (step, argument, is_passing, "has no passing finding", obstacles);
}

static bool
no_open_clarification (const CaseStep *step, const char *argument, GPtrArray *obstacles)
{
  bool good = true;

  for (guint i = 0; i < step->c->clarifications->len; i++)
    {
      const CaseClarification *clarification = step->c->clarifications->pdata[i];

      if (!clarification->open)
        continue;
      g_ptr_array_add (obstacles, g_strdup_printf ("the clarification about %s is still open",
                                                   clarification->element));
      good = false;
    }
  return good;
}

static bool
extensions_below (const CaseStep *step, const char *argument, GPtrArray *obstacles)
{
  int limit = atoi (argument);

  for (guint i = 0; step->event != NULL && i < step->c->clarifications->len; i++)
    {
      const CaseClarification *clarification = step->c->clarifications->pdata[i];

      if (clarification->open && g_strcmp0 (clarification->element, step->event->element) == 0
          && clarification->extended >= limit)
        {
          g_ptr_array_add (obstacles, g_strdup_printf ("the clarification about %s was extended %d times; "
                                                       "%d is the limit",
                                                       clarification->element, clarification->extended,
                                                       limit));
          return false;
        }
    }
  return true;
}

static bool
field_is (const CaseStep *step, const char *argument, GPtrArray *obstacles)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", 2);
  const char *have = words[0] != NULL ? g_hash_table_lookup (step->c->fields, words[0]) : NULL;
  bool good = have != NULL && have[0] != '\0' && (words[1] == NULL || strcmp (have, words[1]) == 0);

  if (!good)
    g_ptr_array_add (obstacles, words[1] == NULL
                                  ? g_strdup_printf ("'%s' is not known yet", argument)
                                  : g_strdup_printf ("'%s' is not '%s'", words[0], words[1]));
  return good;
}

typedef struct {
  CaseGuardTest test;
} Guard;

/* The two tables below go together, row by row. */
const ProgramWord case_guard_words[] = {
  { "documents complete",    "group",  true,  "every required document of the group (or the state's) is on file" },
  { "no unclear document",   NULL,     false, "for every file received it is clear which document it is" },
  { "findings complete",     "group",  true,  "every element of the group has a finding" },
  { "findings passing",      "group",  true,  "every element of the group has a finding that lets it pass" },
  { "no open clarification", NULL,     false, "no question to the applicant is open" },
  { "extensions below",      "number", false, "the element's open clarification was extended fewer times than this" },
  { "field is",              "field text", false, "the field has the value named after it" },
  { "field",                 "field",  false, "the field is known" },
  { NULL },
};

static const Guard guards[] = {
  { documents_complete }, { no_unclear_document }, { findings_complete }, { findings_passing },
  { no_open_clarification }, { extensions_below }, { field_is }, { field_is },
};

G_STATIC_ASSERT (G_N_ELEMENTS (guards) == G_N_ELEMENTS (case_guard_words) - 1);

bool
case_guard_holds (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  return guards[term->index].test (step, term->argument, obstacles);
}
