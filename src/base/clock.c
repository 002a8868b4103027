/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Time as the system tells it, or as a test pretends it to be.
 */
#include "base/clock.h"

#include "base/error.h"

static bool pretending;
static gint64 pretended;

gint64
clock_now (void)
{
  return pretending ? pretended : g_get_real_time () / G_USEC_PER_SEC;
}

gint64
clock_monotonic_ms (void)
{
  return g_get_monotonic_time () / 1000;
}

void
clock_pretend (gint64 at)
{
  pretending = true;
  pretended = at;
}

bool
clock_parse (const char *text, gint64 *at, GError **error)
{
  guint64 seconds;

  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &seconds, NULL))
    {
      *at = (gint64) seconds;
      return true;
    }
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  if (time == NULL)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
                   "'%s' is not a time such as 2026-11-22T10:00:00-05:00", text);
      return false;
    }
  *at = g_date_time_to_unix (time);
  return true;
}

char *
clock_format (gint64 at)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (at);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("-");
}
