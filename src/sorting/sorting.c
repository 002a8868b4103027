/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sorting/sorting.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/phrases.h"

/* Words asked for of a message; sorted messages that may say what it is like; phrases that a guess
 * names. */
enum { MOST_WORDS = 40, SHORTEST_WORD = 3, NEIGHBOURS = 8, PHRASES_NAMED = 3, GUESSES = 2 };

/* How often a phrase counts that somebody repeats; what standing in the subject makes of it. */
enum { MOST_REPEATS = 2, SUBJECT_TIMES = 3 };

/* Points are counted in thousandths, so that no sum depends on its order. */
#define POINT 1000

enum { ANY, LIKE, FORGET, SORT, SORT_TEXT };

const char *const sorting_sql[] = {
  [ANY] =
    "SELECT 1 FROM sorted LIMIT 1 /*scan*/",
  /* Words of a subject say more. */
  [LIKE] =
    "SELECT s.message, s.category, cast (-1000 * bm25 (sorted_text, 2.0, 1.0) AS INTEGER) FROM sorted_text"
    " JOIN sorted s ON s.input = (SELECT max (input) FROM sorted WHERE message = sorted_text.rowid)"
    " WHERE sorted_text MATCH :words"
    " ORDER BY bm25 (sorted_text, 2.0, 1.0), s.message LIMIT :limit",
  [FORGET] =
    "DELETE FROM sorted_text WHERE rowid = :message",
  [SORT] =
    "INSERT INTO sorted (input, message, category, by, at) VALUES (:input, :message, :category, :by, :at)",
  [SORT_TEXT] =
    "INSERT INTO sorted_text (rowid, subject, body) VALUES (:message, :subject, :body)",
  NULL
};

struct Sorting {
  const Program *program;
  Phrases *phrases; /* their owner: place in the program's list */
};

/* What speaks for one category. */
typedef struct {
  guint place;
  gint64 points;
  guint named;
  bool all; /* one of its phrases is all that is said */
  GString *why;
  gint64 like; /* the most similar message; 0: none */
} Tally;

Sorting *
sorting_new (const Program *program)
{
  Sorting *sorting = g_new0 (Sorting, 1);

  sorting->program = program;
  sorting->phrases = phrases_new ();
  for (guint i = 0; i < program->categories->len; i++)
    for (char **word = ((const ProgramCategory *) program->categories->pdata[i])->words;
         *word != NULL; word++)
      phrases_add (sorting->phrases, *word, i);
  return sorting;
}

void
sorting_free (Sorting *sorting)
{
  if (sorting == NULL)
    return;
  phrases_free (sorting->phrases);
  g_free (sorting);
}

void
sorting_result_free (SortingResult *result)
{
  if (result == NULL)
    return;
  for (guint i = 0; i < result->guesses->len; i++)
    g_free (g_array_index (result->guesses, SortingGuess, i).why);
  g_array_unref (result->guesses);
  g_free (result);
}

/* Of what fold_words() made. */
static guint
count_words (const char *text)
{
  guint blanks = 0;

  for (; *text != '\0'; text++)
    blanks += *text == ' ';
  return blanks > 1 ? blanks - 1 : 0;
}

/* Each further word of a phrase says half as much as its first: "end of our term" is surer than
 * "term", not four times as sure. The subject is what the writer takes the matter to be.  Who
 * repeats a word is not more right for it: a long mail does not win. */
static void
count_phrases (const Sorting *sorting, const char *subject, const char *text, Tally *tallies)
{
  g_autofree guint *in_subject = phrases_count (sorting->phrases, subject);
  g_autofree guint *in_text = phrases_count (sorting->phrases, text);
  gint64 half = (gint64) sorting->program->sorting.phrase * POINT / 2;
  guint words = count_words (text), length = phrases_length (sorting->phrases);

  for (guint i = 0; i < length; i++)
    {
      guint n = MIN (in_subject[i] + in_text[i], MOST_REPEATS);

      if (n == 0)
        continue;
      const Phrase *phrase = phrases_get (sorting->phrases, i);
      Tally *tally = &tallies[phrase->owner];

      tally->all |= in_text[i] > 0 && phrase->words == words;
      tally->points += half * (phrase->words + 1) * n * (in_subject[i] > 0 ? SUBJECT_TIMES : 1);
      if (tally->named++ < PHRASES_NAMED)
        g_string_append_printf (tally->why, "%s\"%s\"", tally->why->len > 0 ? ", " : "",
                                phrase->text);
    }
}

/* An FTS5 query for any of the first different words; NULL: there are none. */
static char *
query (const char *subject, const char *text)
{
  g_autofree char *both = g_strconcat (subject, text, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GString *any = g_string_new (NULL);
  char *rest = both;

  for (char *word; g_hash_table_size (seen) < MOST_WORDS && (word = strsep (&rest, " ")) != NULL;)
    if (g_utf8_strlen (word, -1) >= SHORTEST_WORD && g_hash_table_add (seen, word))
      g_string_append_printf (any, "%s\"%s\"", any->len > 0 ? " OR " : "", word);
  return g_string_free (any, any->len == 0);
}

static void
count_neighbour (const Sorting *sorting, StoreStmt *q, Tally *tallies)
{
  const GPtrArray *categories = sorting->program->categories;
  const char *name = store_column_text (q, 1);

  for (guint i = 0; i < categories->len; i++)
    if (strcmp (((const ProgramCategory *) categories->pdata[i])->name, name) == 0)
      {
        tallies[i].points += store_column_int (q, 2);
        if (tallies[i].like == 0)
          tallies[i].like = store_column_int (q, 0);
      }
}

/* Whether anything was sorted by hand yet. */
static bool
has_neighbours (Store *store, bool *has, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, sorting_sql[ANY], error);

  return q != NULL && store_step (q, has, error);
}

static bool
count_neighbours (const Sorting *sorting, Store *store, const char *subject, const char *text,
                  Tally *tallies, GError **error)
{
  bool has;

  if (!has_neighbours (store, &has, error))
    return false;
  g_autofree char *words = has ? query (subject, text) : NULL;
  g_autoptr (StoreStmt) q = words != NULL ? store_query (store, sorting_sql[LIKE], error) : NULL;
  bool row = true;

  if (q == NULL)
    return words == NULL;
  store_bind_text (q, ":words", words);
  store_bind_int (q, ":limit", NEIGHBOURS);
  while (row)
    {
      if (!store_step (q, &row, error))
        return false;
      if (row)
        count_neighbour (sorting, q, tallies);
    }
  return true;
}

static int
better (gconstpointer a, gconstpointer b)
{
  const Tally *x = a, *y = b;

  return x->points != y->points ? (x->points < y->points ? 1 : -1)
                                : (x->place > y->place) - (x->place < y->place);
}

static SortingResult *
result_of (const Sorting *sorting, Tally *tallies, guint n)
{
  SortingResult *result = g_new0 (SortingResult, 1);
  const ProgramSorting *rule = &sorting->program->sorting;

  result->guesses = g_array_new (FALSE, FALSE, sizeof (SortingGuess));
  qsort (tallies, n, sizeof *tallies, better);
  for (guint i = 0; i < MIN (n, GUESSES) && tallies[i].points >= POINT; i++)
    {
      SortingGuess guess = { sorting->program->categories->pdata[tallies[i].place],
                             tallies[i].points / POINT, NULL };

      if (tallies[i].like != 0)
        g_string_append_printf (tallies[i].why, "%slike message %" G_GINT64_FORMAT,
                                tallies[i].why->len > 0 ? "; " : "", tallies[i].like);
      guess.why = g_strdup (tallies[i].why->str);
      g_array_append_val (result->guesses, guess);
    }
  /* One phrase makes nobody sure, wherever it stands, unless it is all that is said: it may be said
   * of anything. */
  result->sure = n > 0 && (tallies[0].named > 1 || tallies[0].all)
                 && tallies[0].points >= (gint64) rule->least * POINT
                 && (n == 1 || tallies[0].points >= rule->margin * tallies[1].points);
  return result;
}

SortingResult *
sorting_guess (const Sorting *sorting, Store *store, const char *subject, const char *text,
               GError **error)
{
  guint n = sorting->program->categories->len;
  g_autofree Tally *tallies = g_new0 (Tally, n + 1);
  SortingResult *result = NULL;

  for (guint i = 0; i < n; i++)
    tallies[i] = (Tally){ .place = i, .why = g_string_new (NULL) };
  count_phrases (sorting, subject, text, tallies);
  if (count_neighbours (sorting, store, subject, text, tallies, error))
    result = result_of (sorting, tallies, n);
  for (guint i = 0; i < n; i++)
    g_string_free (tallies[i].why, TRUE);
  return result;
}

bool
sorting_learn (StoreTxn *txn, gint64 input, gint64 message, const char *category, const char *by,
               gint64 at, const char *subject, const char *text, GError **error)
{
  Store *store = store_of (txn);
  g_autoptr (StoreStmt) forget = store_query (store, sorting_sql[FORGET], error);
  g_autoptr (StoreStmt) sorted =
    forget != NULL ? store_query (store, sorting_sql[SORT], error) : NULL;
  g_autoptr (StoreStmt) words =
    sorted != NULL ? store_query (store, sorting_sql[SORT_TEXT], error) : NULL;

  if (words == NULL)
    return false;
  store_bind_int (forget, ":message", message);
  store_bind_int (sorted, ":input", input);
  store_bind_int (sorted, ":message", message);
  store_bind_text (sorted, ":category", category);
  store_bind_text (sorted, ":by", by);
  store_bind_int (sorted, ":at", at);
  store_bind_int (words, ":message", message);
  store_bind_text (words, ":subject", subject);
  store_bind_text (words, ":body", text);
  return store_run (forget, error) && store_run (sorted, error) && store_run (words, error);
}
