/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The catalogues that are delivered: every sentence that people outside read is in them, and they
 * hold none that is gone.
 */
#include "base/words.h"

#include "lib/lab.h"
#include "template/template.h"

static const char *const folders[] = { "src/calendar", "src/case", "src/triage", "src/outbox",
                                       "src/engine" };

static TemplateSet *
read_set (void)
{
  g_autofree char *dir = lab_file ("templates");
  g_autoptr (GError) error = NULL;
  TemplateSet *set = template_set_read (dir, NULL, &error);

  g_assert_no_error (error);
  return set;
}

/* The patterns that words_say() and its like are called with in the file, joined where C joins
 * them; findings have theirs as an argument. */
static void
add_patterns (const char *path, GPtrArray *all)
{
  static const char call[] = "(?:words_say \\(|append_said \\(\\s*why,|append \\(\\s*why,|is_\\w+,|[?:])"
                             "\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*)+)(?=[,):;])";
  g_autoptr (GRegex) regex = g_regex_new (call, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *source = NULL;

  g_assert_true (g_file_get_contents (path, &source, NULL, NULL));
  for (g_regex_match (regex, source, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *literal = g_match_info_fetch (match, 1);
      g_autoptr (GRegex) joint = g_regex_new ("(?<!\\\\)\"\\s*\"", 0, 0, NULL);
      g_autofree char *joined =
        g_regex_replace_literal (joint, g_strstrip (literal), -1, 0, "", 0, NULL);

      if (strlen (joined) < strlen ("\"x\""))
        continue;
      joined[strlen (joined) - 1] = '\0';
      g_ptr_array_add (all, g_strcompress (joined + 1));
    }
}

static GPtrArray *
patterns (void)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = lab_file (folders[i]);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char *name;

      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);
          g_autofree char *source = NULL;

          if (g_str_has_suffix (name, ".c") && g_file_get_contents (path, &source, NULL, NULL)
              && strstr (source, "words_say") != NULL)
            add_patterns (path, all);
        }
    }
  return all;
}

static void
every_sentence_is_translated (void)
{
  g_autoptr (TemplateSet) set = read_set ();
  g_auto (GStrv) languages = template_set_languages (set);
  g_autoptr (GPtrArray) all = patterns ();

  g_assert_cmpuint (all->len, >=, 50);
  g_assert_nonnull (languages[0]);
  for (char **lang = languages; *lang != NULL; lang++)
    for (guint i = 0; i < all->len; i++)
      if (strchr (all->pdata[i], '%') != NULL
          && words_find (template_set_words (set, *lang), all->pdata[i]) == NULL)
        g_error ("%s/words.po does not have: %s", *lang, (char *) all->pdata[i]);
}

/* What the program never says needs no translation: it was said once, or is misspelt. */
static void
no_sentence_is_of_yesterday (void)
{
  g_autoptr (TemplateSet) set = read_set ();
  g_auto (GStrv) languages = template_set_languages (set);
  g_autoptr (GPtrArray) all = patterns ();

  for (char **lang = languages; *lang != NULL; lang++)
    {
      g_autoptr (GList) known = words_list (template_set_words (set, *lang));

      for (const GList *one = known; one != NULL; one = one->next)
        if (strstr (one->data, "%s") != NULL
            && !g_ptr_array_find_with_equal_func (all, one->data, g_str_equal, NULL))
          g_error ("%s/words.po has what nobody says: %s", *lang, (char *) one->data);
    }
}

static void
titles_of (const Program *program, GPtrArray *titles)
{
  const ProgramCaseType *type = program_case_type (program, "application");
  const ProgramEdition *edition = program_edition (program, type->edition);

  g_ptr_array_add (titles, type->title);
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];

      g_ptr_array_add (titles, state->title);
      if (state->next_step != NULL)
        g_ptr_array_add (titles, state->next_step);
    }
  for (guint i = 0; i < edition->elements->len; i++)
    {
      const ProgramElement *element = edition->elements->pdata[i];

      g_ptr_array_add (titles, element->title);
      g_ptr_array_add (titles, element->help);
      for (guint k = 0; k < element->documents->len; k++)
        g_ptr_array_add (titles, ((const ProgramDocument *) element->documents->pdata[k])->title);
    }
  for (guint i = 0; i < program->categories->len; i++)
    g_ptr_array_add (titles, ((const ProgramCategory *) program->categories->pdata[i])->title);
  for (guint i = 0; i < program_form (program, "registration")->fields->len; i++)
    g_ptr_array_add (
      titles,
      ((const ProgramField *) program_form (program, "registration")->fields->pdata[i])->label);
}

/* Words of the definition: all of an application, its form and its edition. */
static void
the_way_of_an_applicant_is_translated (void)
{
  g_autoptr (Program) program = lab_program ();
  g_autoptr (TemplateSet) set = read_set ();
  g_autoptr (GPtrArray) titles = g_ptr_array_new ();

  titles_of (program, titles);
  for (guint i = 0; i < titles->len; i++)
    if (words_find (template_set_words (set, "es"), titles->pdata[i]) == NULL)
      g_error ("es/words.po does not have: %s", (char *) titles->pdata[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/translations/sentences", every_sentence_is_translated);
  g_test_add_func ("/translations/of-yesterday", no_sentence_is_of_yesterday);
  g_test_add_func ("/translations/definition", the_way_of_an_applicant_is_translated);
  return g_test_run ();
}
