/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Categories: what a message can be, by the words of the people who sort them.
 */
#include "program/program-private.h"

static ProgramCategory *
read_category (ProgramReader *r, const ConfNode *node)
{
  ProgramCategory *category = g_new0 (ProgramCategory, 1);

  category->place = program_place (node);
  category->name = g_strdup (conf_title (node));
  category->title = g_strdup (conf_string (node, "title"));
  category->owner = g_strdup (conf_string (node, "owner"));
  category->copy = g_strdup (conf_string (node, "copy"));
  category->words = g_strdupv ((char **) conf_list (node, "words"));
  category->ends = conf_bool (node, "ends");
  category->rights = conf_bool (node, "rights");
  program_refer (r, node, "owner", category->owner, "role", r->roles);
  program_refer (r, node, "copy", category->copy, "role", r->roles);
  return category;
}

void
program_read_sorting (ProgramReader *r)
{
  const ConfNode *node = conf_section (r->root, "sorting", 1);
  g_autofree const char **categories = program_titles (r->root, "category");

  if (node != NULL)
    program_mistake (r, node, NULL, "this is a second section sorting; keep one");
  node = conf_section (r->root, "sorting", 0);
  if (node != NULL)
    r->program->sorting =
      (ProgramSorting){ (guint) conf_int (node, "phrase"), (guint) conf_int (node, "least"),
                        (guint) conf_int (node, "margin") };
  r->program->categories = g_ptr_array_new_with_free_func (program_category_free);
  for (guint i = 0; (node = conf_section (r->root, "category", i)) != NULL; i++)
    g_ptr_array_add (r->program->categories, read_category (r, node));
  if (r->program->categories->len > 0 && r->program->sorting.margin == 0)
    program_mistake (r, conf_section (r->root, "category", 0), NULL,
                     "there are categories, but nothing says when one is sure; write sorting { }");
  for (guint i = 0; (node = conf_section (r->root, "rule", i)) != NULL; i++)
    program_refer (r, node, "category", conf_string (node, "category"), "category", categories);
}
