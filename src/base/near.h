/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The word somebody meant who mistyped one.
 */
#pragma once

/* The one of KNOWN (ends with NULL) that WORD is nearly, but for a letter or two; NULL: none is
 * near. */
const char *near_word (const char *word, const char *const *known);
