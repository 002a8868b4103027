/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mistakes, and what to write instead.  A person who mistypes one letter is
 * told the word, anybody else is told all of them.
 */
#include "config/conf.h"

#include "base/error.h"

#include <string.h>

#define MAX_SHOWN 200 /* mistakes in one message */
#define MAX_WORD 48   /* bytes compared */

void
conf_mistake (GPtrArray *mistakes, const char *file, int line, const char *format, ...)
{
  GString *text = g_string_new (file);
  va_list args;

  if (line > 0)
    g_string_append_printf (text, ":%d", line);
  g_string_append (text, ": ");
  va_start (args, format);
  g_string_append_vprintf (text, format, args);
  va_end (args);
  g_strdelimit (text->str, "\n", ' '); /* a mistake is one line, whatever it quotes */
  g_ptr_array_add (mistakes, g_string_free (text, FALSE));
}

bool
conf_no_mistakes (const GPtrArray *mistakes, GError **error)
{
  if (mistakes->len == 0)
    return true;

  GString *text = g_string_new (NULL);

  for (guint i = 0; i < mistakes->len && i < MAX_SHOWN; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (char *) mistakes->pdata[i]);
  if (mistakes->len > MAX_SHOWN)
    g_string_append_printf (text, "\nand %u more", mistakes->len - MAX_SHOWN);
  g_set_error_literal (error, QEC_ERROR, QEC_ERROR_CONFIG, text->str);
  g_string_free (text, TRUE);
  return false;
}

/* Letters to change, add or leave out to come from A to B. */
static guint
distance (const char *a, const char *b)
{
  gsize m = MIN (strlen (a), MAX_WORD), n = MIN (strlen (b), MAX_WORD);
  guint row[MAX_WORD + 1];

  for (gsize j = 0; j <= n; j++)
    row[j] = j;
  for (gsize i = 1; i <= m; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (gsize j = 1; j <= n; j++)
        {
          bool same = g_ascii_tolower (a[i - 1]) == g_ascii_tolower (b[j - 1]);
          guint best = MIN (MIN (row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));

          diagonal = row[j];
          row[j] = best;
        }
    }
  return row[n];
}

char *
conf_suggest (const char *word, const char *const *known)
{
  const char *nearest = NULL;
  guint best = strlen (word) < 4 ? 2 : 3; /* must be below */

  for (guint i = 0; known[i] != NULL; i++)
    {
      guint d = distance (word, known[i]);

      if (d < best)
        {
          best = d;
          nearest = known[i];
        }
    }
  if (nearest != NULL)
    return g_strdup_printf ("; did you mean '%s'?", nearest);
  if (known[0] == NULL)
    return g_strdup ("; there is nothing to name here yet");

  g_autofree char *all = g_strjoinv (", ", (char **) known);

  return g_strdup_printf ("; write one of: %s", all);
}
