/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How far one word is from another, in letters.
 */
#include "base/near.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define MAX_WORD 48 /* bytes compared */

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

const char *
near_word (const char *word, const char *const *known)
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
  return nearest;
}
