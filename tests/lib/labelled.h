/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The messages of tests/data/triage, each with what a person who knows the program would file it
 * as.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "base/digest.h"
#include "lib/lab.h"

/* Never looked at when rules are written. */
static inline bool
labelled_is_held_back (const char *subject)
{
  char sum[65];

  digest_of (subject, (gssize) strlen (subject), sum);
  return sum[0] >= '0' && sum[0] <= '4';
}

/* LABELS "exit reapplication": either is right.  CATEGORIES has a blank at both ends. */
static inline bool
labelled_is_among (const char *labels, const char *categories)
{
  g_auto (GStrv) words = g_strsplit (labels, " ", -1);

  for (char **word = words; *word != NULL; word++)
    {
      g_autofree char *padded = g_strdup_printf (" %s ", *word);

      if (strstr (categories, padded) != NULL)
        return true;
    }
  return false;
}

typedef void (*LabelledEach) (bool certified, const char *labels, const char *subject,
                              const char *text, gpointer data);

static inline void
labelled_file (const char *file, bool certified, LabelledEach each, gpointer data)
{
  g_autofree char *name = g_build_filename ("tests/data/triage", file, NULL),
                  *path = lab_file (name), *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_auto (GStrv) blocks = g_strsplit (text, "=== ", -1);
  for (char **block = blocks + 1; *block != NULL; block++)
    {
      g_auto (GStrv) parts = g_strsplit (*block, "\n", 3);

      g_assert_cmpuint (g_strv_length (parts), ==, 3);
      g_assert_true (g_str_has_prefix (parts[1], "Subject: "));
      each (certified, parts[0], parts[1] + strlen ("Subject: "), parts[2], data);
    }
}

/* CERTIFIED: the writer's organization is, unless the labels say otherwise. */
static inline void
labelled_each (LabelledEach each, gpointer data)
{
  labelled_file ("first-contact.txt", false, each, data);
  labelled_file ("certified.txt", true, each, data);
  labelled_file ("hard.txt", false, each, data);
}
