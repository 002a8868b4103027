/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which pairs of neighbouring octets stand in a text: a look that spares most searches of it.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
  guint64 bits[64]; /* several pairs share one */
} Pairs;

void pairs_of (Pairs *pairs, const char *text);
/* Whether PHRASE may stand in the text; false is certain. */
bool pairs_may_hold (const Pairs *pairs, const char *phrase);
