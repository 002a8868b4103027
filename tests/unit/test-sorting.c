/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How well mail is sorted that no rule decides: tests/data/triage, with two thirds of it sorted by
 * people before.
 *
 * The third that is held back decides; the figures are printed (--verbose), the floors stand just
 * under what is reached. One that is sure and wrong is what must not be: under 2 in 100.
 */
#include "sorting/sorting.h"

#include "base/fold.h"
#include "lib/lab.h"
#include "lib/labelled.h"
#include "store/journal.h"

typedef struct {
  const Program *program;
  const Sorting *sorting;
  Store *store;
  StoreTxn *txn;
  gint64 n;
  guint all, two, first, sure, wrong; /* of those held back */
  guint shy, rightly;                 /* unsure: of what the first guess had right; of what it
                                       * had wrong, or nobody could tell */
  GHashTable *rows;                   /* first label -> Row */
} Room;

/* A category's figures. */
typedef struct {
  guint all, first, two, sure, wrong;
} Row;

static gint64
add_message (Room *room, const char *subject)
{
  static const char sql[] = "INSERT INTO message (sha256, size, received_at, message_id, likeness, "
                            "author, subject, outcome, reason, rule)"
                            " VALUES (:sha256, 1, 0, '', '', '', :subject, 'held', '', '')";
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreStmt) q = store_query (room->store, sql, &error);
  g_autofree char *sha256 = g_strdup_printf ("%064" G_GINT64_FORMAT, ++room->n);

  g_assert_no_error (error);
  store_bind_text (q, ":sha256", sha256);
  store_bind_text (q, ":subject", subject);
  g_assert_true (store_run (q, &error));
  return room->n;
}

static void
learn (Room *room, const char *category, const char *subject, const char *text)
{
  g_autoptr (GError) error = NULL;
  gint64 message = add_message (room, subject), input;

  g_assert_true (journal_input (room->txn, "message", 0, message, NULL, &input, &error));
  g_assert_true (sorting_learn (room->txn, input, message, category, "lee.lead@office.example", 0,
                                subject, text, &error));
  g_assert_no_error (error);
}

/* Of two labels either is right, so nobody can learn from it; and nobody files as "unsure". */
static void
learn_one (bool certified, const char *labels, const char *subject, const char *text, gpointer data)
{
  Room *room = data;

  if (!labelled_is_held_back (subject) && program_category (room->program, labels) != NULL)
    learn (room, labels, subject, text);
}

static Row *
row_of (Room *room, const char *labels)
{
  g_autofree char *name = g_strndup (labels, strcspn (labels, " "));
  Row *row = g_hash_table_lookup (room->rows, name);

  if (row == NULL)
    g_hash_table_insert (room->rows, g_steal_pointer (&name), row = g_new0 (Row, 1));
  return row;
}

/* Where it is not sure a person looks: that is right when the first guess would have been wrong. */
static void
count (Room *room, const char *labels, bool first, bool two, bool sure)
{
  Row *row = row_of (room, labels);

  room->all++, row->all++;
  room->first += first, row->first += first;
  room->two += two, row->two += two;
  room->sure += sure, row->sure += sure;
  room->wrong += sure && !first, row->wrong += sure && !first;
  room->shy += !sure && first;
  room->rightly += !sure && !first;
}

static void
guess_one (bool certified, const char *labels, const char *subject, const char *text, gpointer data)
{
  Room *room = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *subject_words = fold_words (subject), *words = fold_words (text);

  if (!labelled_is_held_back (subject))
    return;
  g_autoptr (SortingResult) result =
    sorting_guess (room->sorting, room->store, subject_words, words, &error);
  g_assert_no_error (error);
  bool first_is = false, two = false;
  for (guint i = 0; i < result->guesses->len; i++)
    {
      const SortingGuess *guess = &g_array_index (result->guesses, SortingGuess, i);
      g_autofree char *padded = g_strdup_printf (" %s ", guess->category->name);
      bool right = labelled_is_among (labels, padded);

      two |= right;
      first_is |= right && i == 0;
      if (i == 0 && result->sure && !right)
        g_test_message ("taken for %s (%s), is %s: %s", guess->category->name, guess->why, labels,
                        subject);
    }
  count (room, labels, first_is, two, result->sure && result->guesses->len > 0);
}

/* For whoever asks: make triage-figures. */
static void
print_table (const Room *room)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (room->rows), (GCompareFunc) strcmp);

  g_test_message ("%-20s %8s %5s %5s %5s %5s", "category", "messages", "first", "two", "sure",
                  "wrong");
  for (GList *name = names; name != NULL; name = name->next)
    {
      const Row *row = g_hash_table_lookup (room->rows, name->data);

      g_test_message ("%-20s %8u %5u %5u %5u %5u", (char *) name->data, row->all, row->first,
                      row->two, row->sure, row->wrong);
    }
  g_test_message ("%-20s %8u %5u %5u %5u %5u", "all held back", room->all, room->first, room->two,
                  room->sure, room->wrong);
  g_test_message (
    "not sure of %u: rightly %u (its guess is wrong, or nobody could tell), too shy %u",
    room->shy + room->rightly, room->rightly, room->shy);
}

static void
room_open (Room *room, Program *program)
{
  g_autoptr (GError) error = NULL;

  room->program = program;
  room->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  room->sorting = sorting_new (program);
  room->store = store_open (":memory:", &error);
  g_assert_no_error (error);
  room->txn = store_begin (room->store, &error);
  g_assert_no_error (error);
}

static void
room_close (Room *room)
{
  store_txn_free (room->txn);
  store_close (room->store);
  g_hash_table_unref (room->rows);
  sorting_free ((Sorting *) room->sorting);
}

static void
what_was_sorted_sorts_what_comes (void)
{
  g_autoptr (Program) program = lab_program ();
  Room room = { 0 };

  room_open (&room, program);
  labelled_each (learn_one, &room);
  labelled_each (guess_one, &room);
  print_table (&room);
  g_assert_cmpuint (room.all, >=, 80);
  g_assert_cmpuint (room.first * 100, >=, room.all * 70);
  g_assert_cmpuint (room.two * 100, >=, room.all * 75);
  g_assert_cmpuint (room.sure * 100, >=, room.all * 28);
  g_assert_cmpuint (room.wrong * 100, <, room.all * 2);
  room_close (&room);
}

static SortingResult *
guess (Room *room, const char *subject, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *subject_words = fold_words (subject), *words = fold_words (text);
  SortingResult *result = sorting_guess (room->sorting, room->store, subject_words, words, &error);

  g_assert_no_error (error);
  return result;
}

static const char *
first (const SortingResult *result)
{
  return result->guesses->len > 0 ? g_array_index (result->guesses, SortingGuess, 0).category->name
                                  : "";
}

static void
the_last_word_about_a_message_counts (void)
{
  static const char subject[] = "Zephyr quux", text[] = "The zephyr of the quux has a frob.";
  g_autoptr (Program) program = lab_program ();
  g_autoptr (GError) error = NULL;
  Room room = { 0 };
  gint64 input;

  room_open (&room, program);
  /* Nothing is known, and nothing is guessed. */
  g_autoptr (SortingResult) before = guess (&room, subject, text);
  g_assert_cmpuint (before->guesses->len, ==, 0);
  g_assert_false (before->sure);
  learn (&room, "exit", subject, text);
  for (guint i = 0; i < 6;
       i++) /* what everybody writes says nothing, so somebody must write something else */
    learn (&room, "complaint", "Another matter", "Nothing of it is alike");
  g_autoptr (SortingResult) once = guess (&room, subject, text);
  g_assert_cmpstr (first (once), ==, "exit");
  g_assert_nonnull (strstr (g_array_index (once->guesses, SortingGuess, 0).why, "like message 1"));

  g_assert_true (journal_input (room.txn, "message", 1, 1, NULL, &input, &error));
  g_assert_true (sorting_learn (room.txn, input, 1, "incident", "lee.lead@office.example", 1,
                                subject, text, &error));
  g_autoptr (SortingResult) twice = guess (&room, subject, text);
  g_assert_cmpstr (first (twice), ==, "incident");
  room_close (&room);
}

static gint64
points (Room *room, const char *subject, const char *text)
{
  g_autoptr (SortingResult) result = guess (room, subject, text);

  g_assert_cmpstr (first (result), ==, "legal-press");
  return g_array_index (result->guesses, SortingGuess, 0).points;
}

static void
what_is_said_again_is_no_truer (void)
{
  g_autoptr (Program) program = lab_program ();
  gint64 one = program->sorting.phrase;
  Room room = { 0 };

  room_open (&room, program);
  g_assert_cmpint (points (&room, "", "subpoena"), ==, one);
  g_assert_cmpint (points (&room, "", "A subpoena. The subpoena!"), ==, 2 * one);
  g_assert_cmpint (points (&room, "", "subpoena subpoena subpoena subpoena subpoena subpoena"), ==,
                   2 * one);
  g_assert_cmpint (points (&room, "Subpoena", ""), ==, 3 * one);
  /* Its second and third words count half. */
  g_assert_cmpint (points (&room, "", "cease and desist"), ==, 2 * one);
  room_close (&room);
}

static bool
is_sure (Room *room, const char *subject, const char *text)
{
  g_autoptr (SortingResult) result = guess (room, subject, text);

  return result->sure;
}

static void
one_phrase_makes_nobody_sure (void)
{
  g_autoptr (Program) program = lab_program ();
  Room room = { 0 };

  room_open (&room, program);
  g_assert_false (is_sure (&room, "Subpoena", ""));
  g_assert_false (
    is_sure (&room, "Subpoena", "They spoke of a subpoena at the table next to ours."));
  g_assert_true (is_sure (&room, "Subpoena", "My attorney writes to you."));
  g_assert_true (is_sure (&room, "", "Cease and desist!"));
  room_close (&room);
}

static void
no_phrase_speaks_for_two_categories (void)
{
  g_autoptr (Program) program = lab_program ();
  g_autoptr (GHashTable) owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < program->categories->len; i++)
    {
      const ProgramCategory *category = program->categories->pdata[i];

      for (char **word = category->words; *word != NULL; word++)
        {
          g_autofree char *folded = fold_words (*word);
          const char *owner = g_hash_table_lookup (owners, folded);

          if (owner != NULL)
            g_test_message ("\"%s\" speaks for %s and for %s", *word, owner, category->name);
          g_assert_null (owner);
          g_hash_table_insert (owners, g_steal_pointer (&folded), category->name);
        }
    }
}

static void
odd_texts_are_guessed_without_harm (void)
{
  static const char *const rows[] = {
    "", "\"", "'; DROP TABLE sorted; --", "a OR b AND c NEAR(d)", "***", "日本語", "😀"
  };
  g_autoptr (Program) program = lab_program ();
  Room room = { 0 };

  room_open (&room, program);
  learn (&room, "exit", "x", "\"quoted\" and 日本語 and OR");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (SortingResult) result = guess (&room, rows[i], rows[i]);

      g_assert_false (result->sure);
    }
  room_close (&room);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sorting/what-was-sorted-sorts-what-comes", what_was_sorted_sorts_what_comes);
  g_test_add_func ("/sorting/last-word-counts", the_last_word_about_a_message_counts);
  g_test_add_func ("/sorting/said-again", what_is_said_again_is_no_truer);
  g_test_add_func ("/sorting/one-phrase", one_phrase_makes_nobody_sure);
  g_test_add_func ("/sorting/one-owner", no_phrase_speaks_for_two_categories);
  g_test_add_func ("/sorting/odd-texts", odd_texts_are_guessed_without_harm);
  return g_test_run ();
}
