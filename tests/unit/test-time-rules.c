/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every time rule of the program stands where the table at the head of rules/program.conf says it
 * does.
 */
#include <glib.h>

#include <string.h>

#include "lib/lab.h"

enum { RULES = 35 };

static char *
text_of (const char *name)
{
  g_autofree char *below = g_build_filename ("rules", name, NULL);
  g_autofree char *path = lab_file (below);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  return text;
}

/* The file that TABLE names for rule ID. */
static char *
file_for (const char *table, const char *id)
{
  g_autofree char *pattern = g_strdup_printf ("^#.* %s  (\\S+\\.conf)", id);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return g_regex_match (regex, table, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
}

static void
each_rule_stands_where_the_table_says (void)
{
  g_autofree char *table = text_of ("program.conf");

  for (int i = 1; i <= RULES; i++)
    {
      g_autofree char *id = g_strdup_printf ("T%02d", i);
      g_autofree char *name = file_for (table, id);

      if (name == NULL)
        g_error ("rules/program.conf does not say where %s is", id);
      g_autofree char *text = text_of (name);
      if (strstr (text, id) == NULL)
        g_error ("rules/%s says nothing of %s", name, id);
    }
}

/* A timer's number, alone or one of several ("T17, T18"), belongs to the table. */
static void
each_timer_has_a_number_of_the_table (void)
{
  g_autofree char *table = text_of ("program.conf");
  g_autoptr (Program) program = lab_program ();
  guint seen = 0;

  for (guint i = 0; i < program->case_types->len; i++)
    {
      const ProgramCaseType *type = program->case_types->pdata[i];
      g_autoptr (GPtrArray) timers = g_ptr_array_new ();

      g_ptr_array_extend (timers, type->timers, NULL, NULL);
      for (guint k = 0; k < type->states->len; k++)
        g_ptr_array_extend (timers, ((const ProgramState *) type->states->pdata[k])->timers, NULL,
                            NULL);
      for (guint k = 0; k < timers->len; k++)
        {
          const ProgramTimer *timer = timers->pdata[k];
          g_auto (GStrv) ids = g_strsplit (timer->id != NULL ? timer->id : "", ", ", -1);

          for (char **id = ids; *id != NULL; id++, seen++)
            {
              g_autofree char *name = file_for (table, *id);

              if (name == NULL)
                g_error ("timer %s of %s has the number %s, which is not in the table", timer->name,
                         type->name, *id);
            }
        }
    }
  g_assert_cmpuint (seen, >, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time-rules/table", each_rule_stands_where_the_table_says);
  g_test_add_func ("/time-rules/timers", each_timer_has_a_number_of_the_table);
  return g_test_run ();
}
