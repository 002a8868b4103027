/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How the knowledge articles fare: sent, helped, failed, and when each is to be looked at again.
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "engine/run.h"

static const ArticleCount *
count_of (const GPtrArray *counts, const char *name)
{
  static const ArticleCount none;

  for (guint i = 0; i < counts->len; i++)
    if (strcmp (((const ArticleCount *) counts->pdata[i])->name, name) == 0)
      return counts->pdata[i];
  return &none;
}

/* Review dates are days of the program's calendar; a day more or less is nobody's harm, so UTC will
 * do. */
static bool
is_overdue (const ProgramArticle *article, gint64 now)
{
  g_autofree char *today = clock_format (now);

  return strncmp (today, article->review_by, strlen (article->review_by)) > 0;
}

static void
add_row (GPtrArray *cells, const ProgramArticle *article, const ArticleCount *count, bool overdue)
{
  g_ptr_array_add (cells, g_strdup (article->name));
  g_ptr_array_add (cells, g_strdup_printf ("%" G_GINT64_FORMAT, count->sent));
  g_ptr_array_add (cells, g_strdup_printf ("%" G_GINT64_FORMAT, count->yes));
  g_ptr_array_add (cells, g_strdup_printf ("%" G_GINT64_FORMAT, count->no));
  g_ptr_array_add (cells, g_strdup_printf ("%s%s", article->review_by, overdue ? " (past)" : ""));
  g_ptr_array_add (cells, g_strdup (article->owner));
  g_ptr_array_add (cells, g_strdup (article->title));
}

static void
add_object (JsonArray *array, const ProgramArticle *article, const ArticleCount *count,
            bool overdue)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "article", article->name);
  json_object_set_string_member (object, "title", article->title);
  json_object_set_string_member (object, "owner", article->owner);
  json_object_set_string_member (object, "review_by", article->review_by);
  json_object_set_boolean_member (object, "review_overdue", overdue);
  json_object_set_int_member (object, "sent", count->sent);
  json_object_set_int_member (object, "yes", count->yes);
  json_object_set_int_member (object, "no", count->no);
  json_array_add_object_element (array, object);
}

int
admin_knowledge (int argc, char **argv, const char *config)
{
  static const char *const head[] = {
    "ARTICLE", "SENT", "YES", "NO", "REVIEW BY", "OWNER", "TITLE"
  };
  g_autoptr (Office) office = NULL;
  g_autoptr (GError) error = NULL;
  gboolean json = FALSE;
  bool any = false;
  int status;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL },
    { NULL }
  };

  if (!admin_options (&argc, &argv, entries, "- how the knowledge articles fare",
                      "Exit status 1: an article should have been looked at again.", &status))
    return status;
  if ((office = admin_office (config, false, &error)) == NULL)
    return admin_error (error);
  g_autoptr (GPtrArray) counts = article_counts (office->store, &error);
  if (counts == NULL)
    return admin_error (error);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonArray) array = json_array_new ();
  const GPtrArray *articles = office->definition->program->articles;
  for (guint i = 0; i < articles->len; i++)
    {
      const ProgramArticle *article = articles->pdata[i];
      const ArticleCount *count = count_of (counts, article->name);
      bool overdue = is_overdue (article, clock_now ());

      any |= overdue;
      add_row (cells, article, count, overdue);
      add_object (array, article, count, overdue);
    }
  admin_print_list (array, json, head, G_N_ELEMENTS (head), cells, "There are no articles.");
  return any ? ADMIN_NO : ADMIN_YES;
}
