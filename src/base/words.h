/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences for people, said in the language of whoever reads them.
 *
 * A sentence is made in English, where it comes up, and remembers how it was made: its pattern and
 * what stands in it go along inside the text, between marks that no text from outside holds
 * (control characters).  words_english() is what records get, words_in() says it again by a
 * catalogue.  Such texts may be joined and stand in each other, like any text; one without marks is
 * the same in every language.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* FORMAT knows %s and %d.  All of these are freed with g_free(). */
char *words_say (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* The same of a FORMAT out of a table, with %s alone; ARGUMENTS end with NULL. */
char *words_say_list (const char *format, const char *const *arguments);
/* A word or title of the definition, which the catalogue may have as a whole. */
char *words_term (const char *text);
/* The moment AT, which is ENGLISH in the records; STYLE tells words_in()'s WHEN how to write it. */
char *words_when (const char *english, char style, gint64 at);

char *words_english (const char *text);

/* A catalogue: English -> another language, in the format of gettext (msgid, msgstr), so that
 * translators have tools for it. */
typedef struct Words Words;

/* Refused with FILE and line (QEC_ERROR_CONFIG): no catalogue, one sentence twice, or a translation
 * with other arguments than its sentence; those may change places ("%2$s %1$s").  What is empty or
 * "fuzzy" is not there. */
Words *words_read (const char *file, const char *text, GError **error);
void words_free (Words *words);
/* The translation of ENGLISH, a word or a pattern, borrowed; NULL: there is none, or WORDS is
 * NULL. */
const char *words_find (const Words *words, const char *english);
/* All that is translated, sorted; borrowed, but the list is freed with g_list_free(). */
GList *words_list (const Words *words);

typedef char *(*WordsWhen) (char style, gint64 at, gpointer data);
/* TEXT by WORDS, what is not in it in English; moments as WHEN writes them, or NULL. */
char *words_in (const Words *words, const char *text, WordsWhen when, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Words, words_free)
