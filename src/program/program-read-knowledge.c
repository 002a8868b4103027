/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Knowledge articles: what is said of them beside their text, which is a template.
 */
#include "program/program-private.h"

#include <string.h>

static ProgramArticle *
read_article (ProgramReader *r, const ConfNode *node)
{
  ProgramArticle *article = g_new0 (ProgramArticle, 1);
  const char *date = conf_string (node, "review-by");
  g_autoptr (GDateTime) day = NULL;

  article->place = program_place (node);
  article->name = g_strdup (conf_title (node));
  article->title = g_strdup (conf_string (node, "title"));
  article->words = g_strdupv ((char **) conf_list (node, "words"));
  article->owner = g_strdup (conf_string (node, "owner"));
  article->review_by = g_strdup (date);
  article->sources = g_strdupv ((char **) conf_list (node, "sources"));
  program_refer (r, node, "owner", article->owner, "role", r->roles);
  g_autofree char *iso = g_strconcat (date, "T00:00:00Z", NULL);
  if (strlen (date) != 10 || (day = g_date_time_new_from_iso8601 (iso, NULL)) == NULL)
    program_mistake (r, node, "review-by", "\"%s\" is not a date; write it as \"2027-03-31\"",
                     date);
  if (article->words[0] == NULL)
    program_mistake (r, node, "words",
                     "article \"%s\" cannot be found by anybody; write words = { \"...\" }",
                     article->name);
  return article;
}

void
program_read_knowledge (ProgramReader *r)
{
  const ConfNode *node;

  r->program->articles = g_ptr_array_new_with_free_func (program_article_free);
  for (guint i = 0; (node = conf_section (r->root, "article", i)) != NULL; i++)
    g_ptr_array_add (r->program->articles, read_article (r, node));
}
