/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Texts made comparable: without case (Unicode, full case folding), and as words.
 *
 * Nearly all text is ASCII, which needs no table; every message passes here several times.
 */
#pragma once

#include <glib.h>

/* As g_utf8_casefold().  The caller's. */
char *fold_case (const char *text);
/* TEXT (UTF-8) without case, its words of letters and digits parted by single blanks and with one
 * at both ends: " the fees and costs ".  The caller's. */
char *fold_words (const char *text);
/* The letters and digits TEXT begins with, N octets at most, without case; "" when it begins with
 * something else.  The caller's. */
char *fold_first_word (const char *text, gsize n);
