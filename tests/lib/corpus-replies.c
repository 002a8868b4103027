/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Replies: the sender's own words apart from what they quote.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/corpus.h"

static char *
without_line_ends (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_strchomp (lines[i]);
  char *joined = g_strjoinv ("\n", lines);
  return g_strchomp (joined);
}

static bool
holds_every_word (const char *text, const char *words)
{
  g_auto (GStrv) each = g_strsplit_set (words, " \t\n", -1);

  for (guint i = 0; each[i] != NULL; i++)
    if (strstr (text, each[i]) == NULL)
      return false;
  return true;
}

void
corpus_replies (const char *corpora)
{
  g_autofree char *folder = g_build_filename (corpora, "replies", "emails", NULL);
  g_autoptr (GPtrArray) files = corpus_files (folder, ".txt");
  guint exact = 0, whole = 0;

  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *name = g_path_get_basename (g_ptr_array_index (files, i));
      g_autofree char *wanted_file = g_build_filename (corpora, "replies", "trimmed", name, NULL);
      g_autofree char *raw = NULL;
      g_autofree char *wanted = NULL;
      g_autofree char *own = NULL;
      g_autofree char *quoted = NULL;
      gsize n;

      if (!g_file_get_contents (g_ptr_array_index (files, i), &raw, &n, NULL) ||
          !g_file_get_contents (wanted_file, &wanted, NULL, NULL))
        continue;
      g_autofree char *text = clean_text (raw, (gssize) n);
      quote_split (text, &own, &quoted);
      g_autofree char *got_lines = without_line_ends (own);
      g_autofree char *wanted_lines = without_line_ends (wanted);
      exact += g_str_equal (got_lines, wanted_lines);
      if (holds_every_word (own, wanted))
        whole++;
      else
        printf ("# %s loses a word\n", name);
    }
  corpus_result (90, "own words exactly", exact, files->len);
  corpus_result (100, "no own word is lost", whole, files->len);
}
