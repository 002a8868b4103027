/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small set of numbers that several things share: whoever asks it first is spared most searches.
 * That a number is missing is certain; that it is there means that a look is worth while.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum { MARKS = 4096 };

typedef struct {
  guint64 bits[MARKS / 64];
} Marks;

static inline void
marks_set (Marks *marks, guint number)
{
  marks->bits[number % MARKS / 64] |= G_GUINT64_CONSTANT (1) << number % 64;
}

static inline bool
marks_has (const Marks *marks, guint number)
{
  return (marks->bits[number % MARKS / 64] >> number % 64 & 1) != 0;
}

/* The pairs of neighbouring octets of TEXT. */
void marks_of_pairs (Marks *marks, const char *text);
/* Whether PHRASE may stand in the text that MARKS are of. */
bool marks_may_hold (const Marks *marks, const char *phrase);
