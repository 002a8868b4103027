/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A zip of files that we made ourselves.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Write PATH, which is replaced in one step and durable: file NAMES[i] below DIR becomes the entry
 * PREFIX/NAMES[i] of the time AT. TRANSIENT, STORE: it could not be written; then there is
 * nothing. */
bool zip_write (const char *path, const char *dir, const char *prefix, const GPtrArray *names,
                gint64 at, GError **error);
