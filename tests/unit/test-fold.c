/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Texts made comparable, and searched sparingly.
 */
#include "base/fold.h"

#include <string.h>

#include "base/marks.h"

static void
case_folds_as_the_library_says (void)
{
  static const char *const rows[] = {
    "",        "Plain",     "Größe", "STRASSE Straße", "ΑΒΓ Σίσυφος", "İstanbul ıI", "ＡＢ１",
    "Ǆ mid ǅ", "日本 A 語", "ẞ",     "a\nB\tC",        "ﬁN"
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *ours = fold_case (rows[i]), *theirs = g_utf8_casefold (rows[i], -1);

      g_assert_cmpstr (ours, ==, theirs);
    }
}

static void
every_character_folds_as_the_library_says (void)
{
  char text[7];

  for (gunichar c = 1; c <= 0x10ffff; c++)
    if (g_unichar_validate (c))
      {
        text[g_unichar_to_utf8 (c, text)] = '\0';
        g_autofree char *ours = fold_case (text), *theirs = g_utf8_casefold (text, -1);

        if (strcmp (ours, theirs) != 0)
          g_test_message ("U+%04X: \"%s\" is not \"%s\"", c, ours, theirs), g_test_fail ();
      }
}

/* What fold_words() promises, in as many words. */
static char *
words_by_the_book (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  GString *words = g_string_new (" ");

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalnum (g_utf8_get_char (p)))
      g_string_append_unichar (words, g_utf8_get_char (p));
    else if (words->str[words->len - 1] != ' ')
      g_string_append_c (words, ' ');
  if (words->str[words->len - 1] != ' ')
    g_string_append_c (words, ' ');
  return g_string_free (words, FALSE);
}

static void
random_text_folds_as_the_library_says (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261124);

  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      guint n = (guint) g_rand_int_range (rand, 0, 40);

      for (guint i = 0; i < n; i++)
        {
          gunichar c = (gunichar) g_rand_int_range (rand, 1, g_rand_boolean (rand) ? 0x80 : 0x2fff);

          if (g_unichar_validate (c))
            g_string_append_unichar (text, c);
        }
      g_autofree char *ours = fold_case (text->str), *theirs = g_utf8_casefold (text->str, -1);
      g_autofree char *our_words = fold_words (text->str),
                      *their_words = words_by_the_book (text->str);
      g_assert_cmpstr (ours, ==, theirs);
      g_assert_cmpstr (our_words, ==, their_words);
    }
}

static void
words_stand_between_blanks (void)
{
  static const char *const rows[][2] = {
    { "", " " }, { "...", " " }, { "The fees, and (costs)!", " the fees and costs " }, { "e-mail", " e mail " },
    { "Über\nuns", " über uns " }, { "a", " a " }, { "請求 書", " 請求 書 " }, { "don’t", " don t " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *words = fold_words (rows[i][0]);

      g_assert_cmpstr (words, ==, rows[i][1]);
    }
}

static void
the_first_word_ends_where_letters_end (void)
{
  static const struct {
    const char *text;
    gsize n;
    const char *word;
  } rows[] = {
    { "Organization: x", 100, "organization" }, { "", 0, "" }, { ": x", 3, "" }, { "E-mail", 6, "e" }, { "Straße 1", 9, "strasse" },
    { "組織：値", 12, "組織" }, { "cut here", 2, "cu" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *word = fold_first_word (rows[i].text, rows[i].n);

      g_assert_cmpstr (word, ==, rows[i].word);
    }
}

static void
what_stands_in_a_text_may_stand_in_it (void)
{
  Marks pairs;
  char text[200];

  for (guint round = 0; round < 2000; round++)
    {
      gsize n = (gsize) g_test_rand_int_range (0, sizeof text - 1);

      for (gsize i = 0; i < n; i++)
        text[i] = (char) g_test_rand_int_range (1, 256);
      text[n] = '\0';
      marks_of_pairs (&pairs, text);
      gsize from = (gsize) g_test_rand_int_range (0, (gint32) n + 1);
      g_autofree char *piece = g_strndup (text + from, (gsize) g_test_rand_int_range (0, 20));
      g_assert_true (marks_may_hold (&pairs, piece));
    }
  marks_of_pairs (&pairs, "we want to apply");
  g_assert_true (marks_may_hold (&pairs, "want to"));
  g_assert_false (marks_may_hold (&pairs, "freedom of information"));
  g_assert_false (marks_may_hold (&pairs, "applyx"));
  marks_of_pairs (&pairs, "");
  g_assert_true (marks_may_hold (&pairs, ""));
  g_assert_false (marks_may_hold (&pairs, "ab"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fold/case", case_folds_as_the_library_says);
  g_test_add_func ("/fold/case-every-character", every_character_folds_as_the_library_says);
  g_test_add_func ("/fold/case-random", random_text_folds_as_the_library_says);
  g_test_add_func ("/fold/words", words_stand_between_blanks);
  g_test_add_func ("/fold/first-word", the_first_word_ends_where_letters_end);
  g_test_add_func ("/fold/pairs", what_stands_in_a_text_may_stand_in_it);
  return g_test_run ();
}
