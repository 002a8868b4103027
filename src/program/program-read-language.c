/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the languages that people may write in.
 */
#include "program/program-private.h"

#include <string.h>

#include "base/fold.h"

static char **
fold_all (const char *const *words)
{
  char **folded = g_new0 (char *, g_strv_length ((char **) words) + 1);

  for (guint i = 0; words[i] != NULL; i++)
    folded[i] = fold_words (words[i]);
  return folded;
}

static ProgramLanguage *
read_language (ProgramReader *r, const ConfNode *node)
{
  ProgramLanguage *language = g_new0 (ProgramLanguage, 1);
  const char *tag = conf_title (node);
  gsize n = strspn (tag, "abcdefghijklmnopqrstuvwxyz");

  language->place = program_place (node);
  language->tag = g_strdup (tag);
  language->title = g_strdup (conf_string (node, "title"));
  language->names = g_strdupv ((char **) conf_list (node, "names"));
  language->words = fold_all (conf_list (node, "words"));
  /* It is the name of a folder of templates, too. */
  if ((n != 2 && n != 3) || tag[n] != '\0')
    program_mistake (
      r, node, NULL,
      "\"%s\" is no language; write its tag of two or three small letters, such as \"es\"", tag);
  return language;
}

/* What two languages are called by says nothing. */
static void
check_names (ProgramReader *r, const ConfNode *node, const ProgramLanguage *language)
{
  const ProgramLanguage *other = program_language (r->program, language->title);

  for (char **name = language->names; other == NULL && *name != NULL; name++)
    other = program_language (r->program, *name);
  if (other != NULL)
    program_mistake (r, node, NULL, "language \"%s\" is called so, too; give them other names",
                     other->tag);
}

void
program_read_languages (ProgramReader *r)
{
  const ConfNode *node;

  r->program->languages = g_ptr_array_new_with_free_func (program_language_free);
  for (guint i = 0; (node = conf_section (r->root, "language", i)) != NULL; i++)
    {
      ProgramLanguage *language = read_language (r, node);

      check_names (r, node, language);
      g_ptr_array_add (r->program->languages, language);
    }
}
