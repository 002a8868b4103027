/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which articles fit: by name, by phrase, by full text; and that nobody is sent what only shares
 * common words.
 */
#include "knowledge/knowledge.h"

#include "base/fold.h"
#include "lib/lab.h"

static Program *program;
static TemplateSet *templates;

static const char *
first (const GArray *fits)
{
  return fits->len > 0 ? g_array_index (fits, KnowledgeFit, 0).article->name : "";
}

static void
a_topic_is_found (void)
{
  static const struct { const char *topic, *article, *why; } rows[] = {
    { "phases", "phases", "its name" },
    { "  Data-Use-Agreement", "data-use-agreement", "its name" },
    { "anual report", "annual-report", "nearly its name" },
    { "budgte-and-fee", "budget-and-fee", "nearly its name" },
    { "DUA", "data-use-agreement", "dua" },
    { "re\303\251 breach", "incidents", "breach" },
    { "screen readers", "accessibility", "full text" },
    { "stakeholders consultation", "measures", "full text" },
    { "qwertz", "", "" },
    { "", "", "" },
    { "\" * ^ : -", "", "" },
    { "!!", "", "" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (Knowledge) knowledge = knowledge_new (program, templates, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GArray) fits = knowledge_about (knowledge, rows[i].topic, 3, &error);

      g_assert_no_error (error);
      g_test_message ("%s", rows[i].topic);
      g_assert_cmpstr (first (fits), ==, rows[i].article);
      g_assert_cmpuint (fits->len, <=, 3);
      if (fits->len > 0)
        g_assert_cmpstr (g_array_index (fits, KnowledgeFit, 0).why, ==, rows[i].why);
    }
}

static GArray *
fitting (Knowledge *knowledge, const char *subject, const char *text, guint limit)
{
  g_autofree char *subject_words = fold_words (subject), *words = fold_words (text);

  return knowledge_fitting (knowledge, subject_words, words, limit);
}

static void
only_a_phrase_makes_an_article_fit (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Knowledge) knowledge = knowledge_new (program, templates, &error);
  g_autoptr (GArray) none =
    fitting (knowledge, "Lunch", "Shall we meet at noon and talk about the game?", 3);
  g_autoptr (GArray) two =
    fitting (knowledge, "Question", "What is the fee, and who signs the letter of\ncommitment?", 3);
  g_autoptr (GArray) one = fitting (knowledge, "", "fee feet fee dua", 1);

  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (two->len, ==, 2);
  /* Three words together say more than one. */
  g_assert_cmpstr (first (two), ==, "letter-of-commitment");
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpstr (first (one), ==, "budget-and-fee");
}

static void
every_article_is_found_by_its_phrases (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Knowledge) knowledge = knowledge_new (program, templates, &error);

  for (guint i = 0; i < program->articles->len; i++)
    {
      const ProgramArticle *article = program->articles->pdata[i];

      for (char **word = article->words; *word != NULL; word++)
        {
          g_autoptr (GArray) fits = knowledge_about (knowledge, *word, 3, &error);
          bool found = false;

          g_assert_no_error (error);
          for (guint k = 0; k < fits->len; k++)
            found |= g_array_index (fits, KnowledgeFit, k).article == article;
          g_test_message ("%s: %s", article->name, *word);
          g_assert_true (found);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *folder = lab_file ("templates");
  g_autoptr (GError) error = NULL;

  program = lab_program ();
  templates = template_set_read (folder, NULL, &error);
  g_assert_no_error (error);
  g_test_add_func ("/knowledge/topic", a_topic_is_found);
  g_test_add_func ("/knowledge/fitting", only_a_phrase_makes_an_article_fit);
  g_test_add_func ("/knowledge/phrases", every_article_is_found_by_its_phrases);
  int result = g_test_run ();
  template_set_free (templates);
  program_free (program);
  return result;
}
