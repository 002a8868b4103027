/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Many phrases, looked for in a text at once: one pass over its words, however many phrases there
 * are.
 *
 * Words and phrases are compared without case and without the marks between them (fold_words()).
 */
#pragma once

#include <glib.h>

typedef struct Phrases Phrases;

typedef struct {
  const char *text; /* as it was written; lives as long as whoever gave it */
  guint owner;      /* the number that came with it */
  guint words;      /* how many it has */
} Phrase;

Phrases *phrases_new (void);
void phrases_free (Phrases *phrases);
/* TEXT must outlive them.  One that is nothing but marks is left out. */
void phrases_add (Phrases *phrases, const char *text, guint owner);

guint phrases_length (const Phrases *phrases);
const Phrase *phrases_get (const Phrases *phrases, guint i);
/* How often each stands in WORDS (of fold_words()), in the order they were added.  The caller's. */
guint *phrases_count (const Phrases *phrases, const char *words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Phrases, phrases_free)
