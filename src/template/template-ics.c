/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A date that matters as a calendar entry (RFC 5545): many people live by their calendar, not by
 * their mail.
 */
#include "template/template-internal.h"

#include <string.h>

#define FOLD_OCTETS   75          /* RFC 5545, 3.1, without the line end */
#define EVENT_SECONDS (30 * 60)   /* the entry ends at the due time; it needs some height */

/* Fold without splitting a UTF-8 character; the space that begins the next line counts. */
static void
append_folded (GString *out, const char *line)
{
  gsize column = 0;

  for (const char *p = line; *p != '\0';)
    {
      gsize octets = g_utf8_next_char (p) - p;

      if (column + octets > FOLD_OCTETS)
        {
          g_string_append (out, "\r\n ");
          column = 1;
        }
      g_string_append_len (out, p, octets);
      column += octets;
      p += octets;
    }
  g_string_append (out, "\r\n");
}

/* A TEXT value (3.3.11). */
static char *
escape (const char *text)
{
  g_autofree char *clean = template_clean (text != NULL ? text : "", true);
  GString *out = g_string_new (NULL);

  for (const char *p = clean; *p != '\0'; p++)
    if (*p == '\n')
      g_string_append (out, "\\n");
    else if (*p == '\t')
      g_string_append_c (out, ' ');
    else
      {
        if (strchr ("\\;,", *p) != NULL)
          g_string_append_c (out, '\\');
        g_string_append_c (out, *p);
      }
  return g_string_free (out, FALSE);
}

static void
append_text (GString *out, const char *name, const char *value)
{
  g_autofree char *escaped = escape (value);
  g_autofree char *line = g_strdup_printf ("%s:%s", name, escaped);

  append_folded (out, line);
}

static void
append_time (GString *out, const char *name, gint64 at)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (at);
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y%m%dT%H%M%SZ") : NULL;

  if (text != NULL)
    g_string_append_printf (out, "%s:%s\r\n", name, text);
}

static void
append_alarm (GString *out, int days, const char *summary)
{
  g_string_append (out, "BEGIN:VALARM\r\nACTION:DISPLAY\r\n");
  append_text (out, "DESCRIPTION", summary);
  g_string_append_printf (out, "TRIGGER;RELATED=END:-P%dD\r\nEND:VALARM\r\n", days);
}

char *
template_ics (const char *uid, int sequence, gint64 now, gint64 due, const char *summary,
              const char *description, const int *alarms_days, bool cancelled)
{
  GString *out = g_string_new ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//qecp//EN\r\n");

  g_string_append_printf (out, "METHOD:%s\r\nBEGIN:VEVENT\r\n", cancelled ? "CANCEL" : "PUBLISH");
  append_text (out, "UID", uid);
  g_string_append_printf (out, "SEQUENCE:%d\r\n", sequence);
  append_time (out, "DTSTAMP", now);
  append_time (out, "DTSTART", due - EVENT_SECONDS);
  append_time (out, "DTEND", due);
  append_text (out, "SUMMARY", summary);
  if (description != NULL && *description != '\0')
    append_text (out, "DESCRIPTION", description);
  g_string_append_printf (out, "STATUS:%s\r\nTRANSP:TRANSPARENT\r\n",
                          cancelled ? "CANCELLED" : "CONFIRMED");
  for (const int *days = alarms_days; !cancelled && days != NULL && *days > 0; days++)
    append_alarm (out, *days, summary);
  g_string_append (out, "END:VEVENT\r\nEND:VCALENDAR\r\n");
  return g_string_free (out, FALSE);
}
