/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Can every document be recognised, as that one only, and does a state ask for each element?
 */
#include "program/program-private.h"

#include <string.h>

#include "base/fold.h"

/* As file names are compared: without case, '_' and '-' as space. */
static char *
fold_name (const char *name)
{
  char *folded = fold_case (name);

  return g_strdelimit (folded, "_-", ' ');
}

/* A file that GLOB could mean: its stars stand for nothing. */
static char *
sample_name (const char *glob)
{
  g_auto (GStrv) parts = g_strsplit (glob, "*", -1);
  g_autofree char *joined = g_strjoinv (" ", parts);
  g_autofree char *sample = fold_name (g_strstrip (joined));

  g_strdelimit (sample, "?", 'x');
  return g_steal_pointer (&sample);
}

static bool
claims (const ProgramDocument *document, const char *sample)
{
  for (char **glob = document->names; *glob != NULL; glob++)
    {
      g_autofree char *folded = fold_name (*glob);

      if (g_pattern_match_simple (folded, sample))
        return true;
    }
  return false;
}

static bool
share_type (const ProgramDocument *a, const ProgramDocument *b)
{
  if (a->types[0] == NULL || b->types[0] == NULL)
    return true;
  for (char **type = a->types; *type != NULL; type++)
    if (g_strv_contains ((const char *const *) b->types, *type))
      return true;
  return false;
}

static void
check_overlap (ProgramCheck *c, const ProgramDocument *a, const ProgramDocument *b)
{
  if (!share_type (a, b))
    return;
  for (char **glob = a->names; *glob != NULL; glob++)
    {
      g_autofree char *sample = sample_name (*glob);

      if (*sample != '\0' && claims (b, sample))
        {
          program_found (
            c, b->place,
            "a file \"%s\" could be document \"%s\" as well as \"%s\" (line %d); make the "
            "names of one narrower",
            sample, b->name, a->name, a->place.line);
          return;
        }
    }
}

static void
check_document (ProgramCheck *c, const ProgramDocument *document)
{
  if (document->names[0] == NULL && document->words[0] == NULL)
    program_found (c, document->place, "document \"%s\" cannot be recognised; write names or words",
                   document->name);
}

static bool
is_default (const Program *program, const ProgramEdition *edition)
{
  for (guint i = 0; i < program->case_types->len; i++)
    if (g_strcmp0 (((const ProgramCaseType *) program->case_types->pdata[i])->edition,
                   edition->name)
        == 0)
      return true;
  return false;
}

/* An edition that no case type has by itself is chosen for one: any may be meant. */
static bool
is_asked (const Program *program, const ProgramEdition *edition, const char *group)
{
  bool chosen = !is_default (program, edition);

  for (guint i = 0; i < program->case_types->len; i++)
    {
      const ProgramCaseType *type = program->case_types->pdata[i];
      bool has = type->edition != NULL && (chosen || strcmp (type->edition, edition->name) == 0);

      for (guint k = 0; has && k < type->states->len; k++)
        if (g_strcmp0 (((const ProgramState *) type->states->pdata[k])->group, group) == 0)
          return true;
    }
  return false;
}

void
program_check_edition (ProgramCheck *c, const ProgramEdition *edition)
{
  g_autoptr (GPtrArray) documents = g_ptr_array_new ();
  g_autoptr (GHashTable) unasked =
      g_hash_table_new (g_str_hash, g_str_equal); /* groups: said once */

  for (guint i = 0; i < edition->elements->len; i++)
    {
      const ProgramElement *element = edition->elements->pdata[i];

      if (!is_asked (c->program, edition, element->group)
          && g_hash_table_add (unasked, element->group))
        program_found (c, element->place,
                       "warning: no state asks for element %s: none has group = \"%s\"",
                       element->name, element->group);
      for (guint k = 0; k < element->documents->len; k++)
        g_ptr_array_add (documents, element->documents->pdata[k]);
    }
  for (guint i = 0; i < documents->len; i++)
    {
      check_document (c, documents->pdata[i]);
      for (guint k = 0; k < documents->len; k++)
        if (k != i)
          check_overlap (c, documents->pdata[i], documents->pdata[k]);
    }
}
