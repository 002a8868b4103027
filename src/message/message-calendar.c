/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invitations and their answers (RFC 5545, RFC 6047): what kind they are, and what they say in
 * words.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

void
calendar_note (Parse *parse, GMimeObject *object, const Content *content)
{
  g_autofree char *raw = header_raw (object, "Content-Type");
  guint flaws;
  g_autofree char *method = raw != NULL ? param_decode (raw, "method", &flaws) : NULL;

  if (method == NULL)
    {
      /* Of an empty part nothing is kept, and g_strndup() makes NULL of that. */
      g_autofree char *text = g_strndup ((const char *) content->kept->data, content->kept->len);
      const char *line = text != NULL ? strstr (text, "\nMETHOD:") : NULL;

      if (line != NULL)
        method = g_strndup (line + 8, strcspn (line + 8, "\r\n"));
    }
  if (method != NULL && parse->calendar_method == NULL)
    parse->calendar_method = g_ascii_strup (method, -1);
}

/* A long line goes on behind a line end and a blank (RFC 5545 3.1). */
static char *
unfold (const char *ics)
{
  GString *out = g_string_sized_new (strlen (ics));

  for (const char *s = ics; *s != '\0'; s++)
    if (s[0] == '\n' && (s[1] == ' ' || s[1] == '\t'))
      s++;
    else if (*s != '\r')
      g_string_append_c (out, *s);
  return g_string_free (out, FALSE);
}

/* "\n", "\," and the like are what they stand for. */
static char *
plain_value (const char *value, gsize n)
{
  GString *out = g_string_sized_new (n);

  for (gsize i = 0; i < n; i++)
    if (value[i] == '\\' && i + 1 < n)
      {
        i++;
        g_string_append_c (out, value[i] == 'n' || value[i] == 'N' ? '\n' : value[i]);
      }
    else
      g_string_append_c (out, value[i]);
  return g_string_free (out, FALSE);
}

/* "20261124T100000Z" as "2026-11-24 10:00 UTC"; anything else stays as it is. */
static char *
readable_time (const char *value, const char *parameters, gsize n)
{
  const char *zone = memmem (parameters, n, "TZID=", 5);
  bool clock = strlen (value) >= 15 && value[8] == 'T';

  if (strspn (value, "0123456789") != 8)
    return g_strdup (value);
  if (!clock)
    return g_strdup_printf ("%.4s-%.2s-%.2s", value, value + 4, value + 6);
  return g_strdup_printf (
    "%.4s-%.2s-%.2s %.2s:%.2s%s%.*s", value, value + 4, value + 6, value + 9, value + 11,
    value[15] == 'Z' ? " UTC"
    : zone != NULL   ? " "
                     : "",
    zone != NULL ? (int) strcspn (zone + 5, ";:\n") : 0, zone != NULL ? zone + 5 : "");
}

/* The first property NAME of EVENT; NULL when it is not there. */
static char *
property (const char *event, const char *name)
{
  gsize length = strlen (name);
  bool time = g_str_has_prefix (name, "DT");

  for (const char *line = event; line != NULL;)
    {
      const char *end = strchrnul (line, '\n');

      if (g_ascii_strncasecmp (line, name, length) == 0
          && (line[length] == ':' || line[length] == ';'))
        {
          const char *colon = memchr (line, ':', (gsize) (end - line));

          if (colon == NULL)
            return NULL;
          g_autofree char *value = plain_value (colon + 1, (gsize) (end - colon - 1));
          return time ? readable_time (value, line, (gsize) (colon - line))
                      : g_steal_pointer (&value);
        }
      line = *end != '\0' ? end + 1 : NULL;
    }
  return NULL;
}

GString *
calendar_text (const char *ics)
{
  static const struct {
    const char *name, *label;
  } rows[] = {
    { "SUMMARY", "Calendar entry: " }, { "DTSTART", "Begins: " }, { "DTEND", "Ends: " }, { "DUE", "Due: " }, { "LOCATION", "Where: " },
    { "COMMENT", "About: " }, { "DESCRIPTION", "About: " },
  };
  g_autofree char *plain = unfold (ics);
  const char *event = strstr (plain, "BEGIN:VEVENT");
  GString *text = g_string_new (NULL);

  event = event != NULL ? event : strstr (plain, "BEGIN:VTODO");
  for (guint i = 0; event != NULL && i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *value = property (event, rows[i].name);

      if (value == NULL || body_is_blank (value))
        continue;
      /* One line each: what an entry says is no word to us, and words stand on lines of their
       * own. */
      g_strdelimit (value, "\n", ' ');
      g_string_append_printf (text, "%s%s\n", rows[i].label, value);
    }
  if (text->len > 0)
    return text;
  g_string_free (text, TRUE);
  return NULL;
}
