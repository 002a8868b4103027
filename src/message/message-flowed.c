/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * format=flowed (RFC 3676): lines that end in a space go on in the next line of the same quote
 * depth.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

static guint
quote_depth (const char **line)
{
  guint depth = 0;

  while (**line == '>')
    {
      depth++;
      (*line)++;
    }
  if (**line == ' ') /* space-stuffing */
    (*line)++;
  return depth;
}

static void
begin_line (GString *out, guint depth)
{
  for (guint i = 0; i < MIN (depth, MAX_QUOTE_DEPTH); i++)
    g_string_append_c (out, '>');
  if (depth > 0)
    g_string_append_c (out, ' ');
}

/* TEXT has LF line ends. */
char *
flowed_to_text (const char *text, bool delsp)
{
  GString *out = g_string_sized_new (strlen (text));
  guint flowing = G_MAXUINT; /* depth of the paragraph that goes on, if any */

  for (const char *s = text; *s != '\0';)
    {
      const char *end = strchrnul (s, '\n');
      const char *line = s;
      guint depth = quote_depth (&line);
      gsize n = (gsize) (end - MIN (line, end));
      bool signature = n == 3 && strncmp (line, "-- ", 3) == 0;
      bool flows = n > 0 && line[n - 1] == ' ' && !signature;

      if (flowing != depth || signature)
        {
          if (flowing != G_MAXUINT)
            g_string_append_c (out, '\n');
          begin_line (out, depth);
        }
      g_string_append_len (out, line, (gssize) (n - (flows && delsp ? 1 : 0)));
      flowing = flows ? depth : G_MAXUINT;
      if (!flows)
        g_string_append_c (out, '\n');
      s = *end != '\0' ? end + 1 : end;
    }
  return g_string_free (out, FALSE);
}
