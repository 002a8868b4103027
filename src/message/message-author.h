/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who a signed message says it is from, in a header that every reader reads the same way.
 */
#pragma once

#include <stdbool.h>

/* Why not all readers show the one mailbox of VALUE, an unfolded From or Sender; static, or
 * NULL. */
const char *author_problem (const char *value);

/* TEXT, in UTF-8, looks like it names an address other than OWN; "": any. */
bool author_shows_other (const char *text, const char *own);
