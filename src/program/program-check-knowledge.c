/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Knowledge articles: is the text of each there, and does no phrase name two of them.
 */
#include "program/program-private.h"

#include "base/fold.h"

static void
check_words (ProgramCheck *c, const ProgramArticle *article, GHashTable *named)
{
  for (char **word = article->words; *word != NULL; word++)
    {
      char *folded = fold_case (*word);
      const ProgramArticle *other = g_hash_table_lookup (named, folded);

      if (other != NULL)
        program_found (c, article->place,
                       "\"%s\" names the article '%s' already; write another phrase", *word,
                       other->name);
      g_hash_table_insert (named, folded, (gpointer) article);
    }
}

void
program_check_knowledge (ProgramCheck *c, bool (*has_template) (const char *name, gpointer data),
                         gpointer data)
{
  g_autoptr (GHashTable) named = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < c->program->articles->len; i++)
    {
      const ProgramArticle *article = c->program->articles->pdata[i];
      g_autofree char *template = g_strconcat ("knowledge/", article->name, NULL);

      if (has_template != NULL && !has_template (template, data))
        program_found (c, article->place,
                       "article \"%s\" has no text; write it to %s.md below the templates",
                       article->name, template);
      check_words (c, article, named);
    }
}
