/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lines of a text made from HTML: line breaks and spaces are owed until more text follows, and
 * quotation has its prefix on each line.
 */
#include "config.h"

#include <string.h>

#include "message/message-html.h"

static void
begin_line (Html *h)
{
  for (guint i = 0; i < MIN (h->quote, MAX_QUOTE_DEPTH); i++)
    g_string_append_c (h->out, '>');
  if (h->quote > 0)
    g_string_append_c (h->out, ' ');
  h->line_empty = true;
}

void
html_trim_line_end (GString *out)
{
  while (out->len > 0 && (out->str[out->len - 1] == ' ' || out->str[out->len - 1] == '\t'))
    g_string_truncate (out, out->len - 1);
}

static void
pay_breaks (Html *h)
{
  if (h->out->len == 0)
    {
      begin_line (h);
      h->breaks = 0;
    }
  if (h->breaks == 0)
    return;
  html_trim_line_end (h->out);
  for (guint i = 0; i < h->breaks; i++)
    {
      g_string_append_c (h->out, '\n');
      begin_line (h);
      if (i + 1 < h->breaks)
        html_trim_line_end (h->out);
    }
  h->breaks = 0;
  h->space = false;
}

void
html_ask_breaks (Html *h, guint n)
{
  if (h->out->len > 0)
    h->breaks = MAX (h->breaks, n);
  h->space = false;
}

void
html_line_break (Html *h)
{
  if (h->out->len > 0 && h->breaks < 4)
    h->breaks++;
  h->space = false;
}

void
html_put (Html *h, const char *text, gsize n)
{
  if (h->out->len >= h->max)
    return;
  pay_breaks (h);
  if (h->space && !h->line_empty)
    g_string_append_c (h->out, ' ');
  h->space = false;
  g_string_append_len (h->out, text, (gssize) n);
  h->line_empty = false;
}

void
html_put_string (Html *h, const char *text)
{
  html_put (h, text, strlen (text));
}

static bool
is_nbsp (const char *s)
{
  return (guchar) s[0] == 0xc2 && (guchar) s[1] == 0xa0;
}

void
html_put_collapsed (Html *h, const char *s, const char *end)
{
  while (s < end)
    {
      const char *from = s;

      if (strchr (" \t\r\n\f", *s) != NULL)
        {
          h->space = true;
          s++;
          continue;
        }
      if (end - s >= 2 && is_nbsp (s))
        {
          /* A line of &nbsp; is how editors write an empty line. */
          if (h->breaks > 0 || h->line_empty || h->out->len == 0)
            h->space = true;
          else
            html_put (h, " ", 1);
          s += 2;
          continue;
        }
      while (s < end && strchr (" \t\r\n\f", *s) == NULL && !(end - s >= 2 && is_nbsp (s)))
        s++;
      html_put (h, from, (gsize) (s - from));
    }
}

void
html_put_preformatted (Html *h, const char *s, const char *end)
{
  while (s < end)
    {
      const char *stop = memchr (s, '\n', (gsize) (end - s));

      if (stop == NULL)
        stop = end;
      if (stop > s)
        html_put (h, s, (gsize) (stop - s) - (stop[-1] == '\r' ? 1 : 0));
      if (stop < end)
        html_line_break (h);
      s = stop + 1;
    }
}
