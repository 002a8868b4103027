/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences that can be said again in another language, and the catalogues they are said by.
 */
#include "base/words.h"

#include <string.h>

#include "base/error.h"

static const char catalogue[] =
  "# A comment\n"
  "msgid \"\"\n"
  "msgstr \"Language: es\\n\"\n"
  "\n"
  "msgid \"%s is missing.\"\n"
  "msgstr \"Falta %s.\"\n"
  "\n"
  "msgid \"Budget\"\n"
  "msgstr \"Presupuesto\"\n"
  "\n"
  "#, fuzzy\n"
  "msgid \"Letter\"\n"
  "msgstr \"Cartel\"\n"
  "\n"
  "msgid \"%s of %s, %d days\"\n"
  "msgstr \"\"\n"
  "\"%3$d días: %2$s\"\n"
  "\" (%1$s)\"\n"
  "msgid \"Nobody said this yet\"\n"
  "msgstr \"\"\n"
  "msgid \"a \\\"quoted\\\" one\"\n"
  "msgstr \"una \\\"entre comillas\\\"\"\n";

static Words *
read_catalogue (void)
{
  g_autoptr (GError) error = NULL;
  Words *words = words_read ("es/words.po", catalogue, &error);

  g_assert_no_error (error);
  return words;
}

static void
check (const Words *words, char *text, const char *english, const char *other)
{
  g_autofree char *made = text, *one = words_english (made),
                  *two = words_in (words, made, NULL, NULL);

  g_assert_cmpstr (one, ==, english);
  g_assert_cmpstr (two, ==, other);
}

static void
a_sentence_is_said_again (void)
{
  g_autoptr (Words) words = read_catalogue ();
  g_autofree char *budget = words_term ("Budget"), *letter = words_term ("Letter");
  g_autofree char *inner = words_say ("%s is missing.", budget);

  check (words, words_say ("%s is missing.", "Budget"), "Budget is missing.", "Falta Budget.");
  check (words, words_say ("%s is missing.", budget), "Budget is missing.", "Falta Presupuesto.");
  check (words, words_say ("%s is missing.", letter), "Letter is missing.", "Falta Letter.");
  check (words, words_say ("%s of %s, %d days", budget, "Ana", 3), "Budget of Ana, 3 days",
         "3 días: Ana (Presupuesto)");
  check (words, words_say ("%s of %s, %d days", inner, "", -1), "Budget is missing. of , -1 days",
         "-1 días:  (Falta Presupuesto.)");
  check (words, words_say ("no one knows %s", inner), "no one knows Budget is missing.",
         "no one knows Falta Presupuesto.");
  check (words, words_say ("a \"quoted\" one"), "a \"quoted\" one", "una \"entre comillas\"");
  check (words, words_say ("100%% of %s", "it"), "100% of it", "100% of it");
  check (words, g_strconcat ("(", inner, "; ", budget, ")", NULL), "(Budget is missing.; Budget)",
         "(Falta Presupuesto.; Presupuesto)");
  check (words, g_strdup ("Budget"), "Budget", "Budget");
  check (words, words_say_list ("%s is missing.", (const char *const[]){ "x", NULL }),
         "x is missing.", "Falta x.");
  g_assert_null (words_english (NULL));
}

static char *
tell (char style, gint64 at, gpointer data)
{
  return style == 'x' ? NULL : g_strdup_printf ("%s%c%d", (char *) data, style, (int) at);
}

static void
a_moment_is_written_by_whoever_knows_how (void)
{
  g_autofree char *when = words_when ("Mon 1 Mar", 'd', 86400),
                  *other = words_when ("Tue", 'x', -5);
  g_autofree char *text = words_say ("%s, %s", when, other);
  g_autofree char *english = words_english (text),
                  *told = words_in (NULL, text, tell, (gpointer) "at ");

  g_assert_cmpstr (english, ==, "Mon 1 Mar, Tue");
  g_assert_cmpstr (told, ==, "at d86400, Tue");
}

/* Whoever writes marks into a value gains nothing: they are taken away. */
static void
marks_from_outside_mean_nothing (void)
{
  static const char *const values[] = { "\x1d",
                                        "\x1e",
                                        "\x1f",
                                        "a\x1f"
                                        "b",
                                        "\x1e"
                                        "tBudget",
                                        "\x1d\x1e" };
  g_autoptr (Words) words = read_catalogue ();

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *text = words_say ("%s of %s, %d days", values[i], "Ana", 1),
                      *said = words_english (text);

      g_test_message ("row %u", i);
      g_assert_true (g_str_has_suffix (said, " of Ana, 1 days"));
      g_assert_null (strpbrk (said, "\x1d\x1e\x1f"));
    }
  /* And what was cut off in the middle is read to its end. */
  g_autofree char *whole = words_say ("%s is missing.", "x");
  for (gsize n = 1; n <= strlen (whole); n++)
    {
      g_autofree char *cut = g_strndup (whole, n), *said = words_in (words, cut, NULL, NULL);

      g_assert_nonnull (said);
    }
}

static void
a_catalogue_is_checked (void)
{
  static const struct { const char *text, *says; } rows[] = {
    { "msgid \"a %s\"\nmsgstr \"b\"\n", "other arguments" },
    { "msgid \"a\"\nmsgstr \"b %s\"\n", "other arguments" },
    { "msgid \"a %s %s\"\nmsgstr \"b %1$s %1$s\"\n", "other arguments" },
    { "msgid \"a %s\"\nmsgstr \"b %2$s\"\n", "other arguments" },
    { "msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"\n", "twice" },
    { "msgstr \"b\"\n", ":1: there is no msgid" },
    { "\nhello\n", ":2: write msgid" },
    { "msgid \"a\nmsgstr \"b\"\n", ":1: write msgid" },
    { "\"b\"\n", ":1: write msgid" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("row %u", i);
      g_assert_null (words_read ("es/words.po", rows[i].text, &error));
      g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
      g_assert_nonnull (strstr (error->message, "words es/words.po:"));
      if (strstr (error->message, rows[i].says) == NULL)
        g_error ("%s", error->message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base-words/said-again", a_sentence_is_said_again);
  g_test_add_func ("/base-words/moments", a_moment_is_written_by_whoever_knows_how);
  g_test_add_func ("/base-words/marks", marks_from_outside_mean_nothing);
  g_test_add_func ("/base-words/catalogue", a_catalogue_is_checked);
  return g_test_run ();
}
