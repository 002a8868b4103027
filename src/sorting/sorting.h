/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sorting: what a message probably is, by the definition's phrases and by the mail that people
 * sorted before.
 *
 * There is nothing to train and nothing hidden: a guess names the phrases it found and the message
 * it is most like.  The points of likeness are BM25, as SQLite's FTS5 counts it, over what people
 * sorted.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "program/program.h"
#include "store/store.h"

typedef struct Sorting Sorting;

typedef struct {
  const ProgramCategory *category;
  gint64 points;
  char *why; /* for staff: "\"less data\", \"data supplier\"; like message 41" */
} SortingGuess;

typedef struct {
  GArray *guesses; /* SortingGuess, best first, at most two; may be empty */
  bool sure;       /* the first is far enough before the other */
} SortingResult;

/* The phrases of PROGRAM, which must outlive it. */
Sorting *sorting_new (const Program *program);
void sorting_free (Sorting *sorting);

/* What a message with SUBJECT and new TEXT is, both as words (fold_words()).  NULL with *ERROR: the
 * store could not be asked. */
SortingResult *sorting_guess (const Sorting *sorting, Store *store, const char *subject,
                              const char *text, GError **error);
void sorting_result_free (SortingResult *result);

/* BY (an address) says at AT, with journal input INPUT, that MESSAGE is of CATEGORY; what was said
 * of it before does not count any more. */
bool sorting_learn (StoreTxn *txn, gint64 input, gint64 message, const char *category,
                    const char *by, gint64 at, const char *subject, const char *text,
                    GError **error);

extern const char *const sorting_sql[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sorting, sorting_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SortingResult, sorting_result_free)
