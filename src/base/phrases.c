/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/phrases.h"

#include <string.h>

#include "base/fold.h"
#include "base/marks.h"

typedef struct {
  Phrase phrase;
  char *flat; /* fold_words() of it, without the blank before */
  gsize n;    /* octets of that */
} Entry;

struct Phrases {
  GArray *entries;      /* Entry */
  GHashTable *by_first; /* first word -> GArray of guint, places in entries */
  Marks firsts;         /* of the first words: most words of a text have none of these */
};

/* A mark of the word of N octets, at least one. */
static guint
mark_of (const char *word, gsize n)
{
  return (guint) (guchar) word[0] << 5 ^ (guint) (guchar) word[n - 1] << 2 ^ (guint) n;
}

static void
entry_clear (gpointer entry)
{
  g_free (((Entry *) entry)->flat);
}

Phrases *
phrases_new (void)
{
  Phrases *phrases = g_new0 (Phrases, 1);

  phrases->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (phrases->entries, entry_clear);
  phrases->by_first =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  return phrases;
}

void
phrases_free (Phrases *phrases)
{
  if (phrases == NULL)
    return;
  g_array_unref (phrases->entries);
  g_hash_table_unref (phrases->by_first);
  g_free (phrases);
}

static guint
count_words (const char *flat)
{
  guint n = 0;

  for (; *flat != '\0'; flat++)
    n += *flat == ' ';
  return n;
}

void
phrases_add (Phrases *phrases, const char *text, guint owner)
{
  g_autofree char *flat = fold_words (text);
  Entry entry = { .phrase = { text, owner, count_words (flat + 1) } };
  guint place = phrases->entries->len;

  if (entry.phrase.words == 0)
    return;
  entry.flat = g_strdup (flat + 1);
  entry.n = strlen (entry.flat);
  g_array_append_val (phrases->entries, entry);

  gsize n = strcspn (entry.flat, " ");
  g_autofree char *first = g_strndup (entry.flat, n);
  marks_set (&phrases->firsts, mark_of (first, n));
  GArray *places = g_hash_table_lookup (phrases->by_first, first);
  if (places == NULL)
    {
      places = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (phrases->by_first, g_steal_pointer (&first), places);
    }
  g_array_append_val (places, place);
}

guint
phrases_length (const Phrases *phrases)
{
  return phrases->entries->len;
}

const Phrase *
phrases_get (const Phrases *phrases, guint i)
{
  return &g_array_index (phrases->entries, Entry, i).phrase;
}

guint *
phrases_count (const Phrases *phrases, const char *words)
{
  guint *counts = g_new0 (guint, phrases->entries->len + 1);
  g_autofree char *flat = g_strdup (words); /* each word is ended for a moment */

  for (char *word = flat + 1, *end; (end = strchr (word, ' ')) != NULL; word = end + 1)
    {
      if (end == word || !marks_has (&phrases->firsts, mark_of (word, (gsize) (end - word))))
        continue;
      *end = '\0';
      const GArray *places = g_hash_table_lookup (phrases->by_first, word);
      *end = ' ';
      for (guint i = 0; places != NULL && i < places->len; i++)
        {
          guint place = g_array_index (places, guint, i);
          const Entry *entry = &g_array_index (phrases->entries, Entry, place);

          counts[place] += strncmp (word, entry->flat, entry->n) == 0;
        }
    }
  return counts;
}
