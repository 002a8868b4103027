/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The only place that asks the system what time it is.  Everything else is
 * told, as NOW: seconds since 1970-01-01T00:00:00Z, UTC.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

gint64 clock_now (void);

/* Monotonic milliseconds, for deadlines and back-off only. */
gint64 clock_monotonic_ms (void);

/* From here on clock_now() answers AT: for `--now` (demonstrations, tests). */
void clock_pretend (gint64 at);

/* Read an RFC 3339 time ("2026-11-22T10:00:00-05:00", "...Z") or unix seconds. */
bool clock_parse (const char *text, gint64 *at, GError **error);

/* AT as RFC 3339 in UTC: "2026-11-22T15:00:00Z".  Free with g_free(). */
char *clock_format (gint64 at);
