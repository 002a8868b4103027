/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What each element of HTML does to the text: a table, and the functions it names.
 *
 * An element without a row has no effect but that of what stands in it.
 */
#include "config.h"

#include <string.h>

#include "message/message-html.h"

#define MAX_HREF 500

static const char *
attribute (const xmlChar **attributes, const char *name)
{
  for (guint i = 0; attributes != NULL && attributes[i] != NULL; i += 2)
    if (g_ascii_strcasecmp ((const char *) attributes[i], name) == 0)
      return (const char *) attributes[i + 1];
  return NULL;
}

bool
html_style_has (const xmlChar **attributes, const char *what)
{
  const char *style = attribute (attributes, "style");
  g_autoptr (GString) tight = NULL;

  if (style == NULL)
    return false;
  tight = g_string_new (NULL);
  for (; *style != '\0'; style++)
    if (!g_ascii_isspace (*style))
      g_string_append_c (tight, g_ascii_tolower (*style));
  return strstr (tight->str, what) != NULL;
}

/* Outlook's paragraphs are lines: their style sheet gives them no margin. */
static guint
paragraph_margin (const xmlChar **attributes)
{
  const char *class = attribute (attributes, "class");

  if (class != NULL && (g_str_has_prefix (class, "Mso") || g_str_has_prefix (class, "xmso") ||
                        g_str_has_prefix (class, "x_Mso") || strstr (class, "MsoNormal") != NULL))
    return 1;
  if (html_style_has (attributes, "margin:0") || html_style_has (attributes, "margin-top:0") ||
      html_style_has (attributes, "margin-bottom:0"))
    return 1;
  return 2;
}

static void
open_paragraph (Html *h, const char *name, const xmlChar **attributes)
{
  guint margin = paragraph_margin (attributes);

  html_ask_breaks (h, margin);
  g_queue_push_tail (&h->margins, GUINT_TO_POINTER (margin));
}

static void
close_paragraph (Html *h, const char *name)
{
  guint margin = GPOINTER_TO_UINT (g_queue_pop_tail (&h->margins));

  /* An empty paragraph is a blank line. */
  html_ask_breaks (h, margin != 0 ? margin : 1);
}

/* The line Outlook draws above the message answered; in text it has always been this row of
 * underscores. */
static void
open_div (Html *h, const char *name, const xmlChar **attributes)
{
  html_ask_breaks (h, 1);
  if (html_style_has (attributes, "border:none;border-top:solid")
      || html_style_has (attributes, "border-top:solid#b5c4df")
      || html_style_has (attributes, "border-top:solid#e1e1e1"))
    {
      html_ask_breaks (h, 2);
      html_put_string (h, "________________________________");
      html_ask_breaks (h, 1);
    }
}

static void
block (Html *h, const char *name, const xmlChar **attributes)
{
  html_ask_breaks (h, 1);
}

static void
close_block (Html *h, const char *name)
{
  html_ask_breaks (h, 1);
}

static void
spaced_block (Html *h, const char *name, const xmlChar **attributes)
{
  html_ask_breaks (h, 2);
}

static void
close_spaced_block (Html *h, const char *name)
{
  html_ask_breaks (h, 2);
}

static void
open_quote (Html *h, const char *name, const xmlChar **attributes)
{
  html_ask_breaks (h, 1);
  h->quote++;
}

static void
close_quote (Html *h, const char *name)
{
  if (h->quote > 0)
    h->quote--;
  html_ask_breaks (h, 1);
}

static void
open_list (Html *h, const char *name, const xmlChar **attributes)
{
  guint next = g_str_equal (name, "ol") ? 1 : 0;

  html_ask_breaks (h, 1);
  g_array_append_val (h->lists, next);
}

static void
close_list (Html *h, const char *name)
{
  if (h->lists->len > 0)
    g_array_set_size (h->lists, h->lists->len - 1);
  html_ask_breaks (h, 1);
}

static void
open_item (Html *h, const char *name, const xmlChar **attributes)
{
  guint depth = MIN (h->lists->len, 8);
  guint *next = h->lists->len > 0 ? &g_array_index (h->lists, guint, h->lists->len - 1) : NULL;
  g_autofree char *mark = NULL;

  html_ask_breaks (h, 1);
  if (next != NULL && *next > 0)
    mark = g_strdup_printf ("%*s%u.", depth > 1 ? (int) (depth - 1) * 2 : 0, "", (*next)++);
  else
    mark = g_strdup_printf ("%*s-", depth > 1 ? (int) (depth - 1) * 2 : 0, "");
  html_put_string (h, mark);
  h->space = true;
}

static void
open_row (Html *h, const char *name, const xmlChar **attributes)
{
  html_ask_breaks (h, 1);
  h->cells = 0;
}

static void
open_cell (Html *h, const char *name, const xmlChar **attributes)
{
  if (h->cells++ > 0 && h->breaks == 0 && !h->line_empty)
    {
      html_trim_line_end (h->out);
      g_string_append_c (h->out, '\t');
      h->space = false;
    }
}

static void
open_break (Html *h, const char *name, const xmlChar **attributes)
{
  html_line_break (h);
}

static void
open_rule (Html *h, const char *name, const xmlChar **attributes)
{
  html_ask_breaks (h, 1);
  html_put_string (h, "________________________________");
  html_ask_breaks (h, 1);
}

static void
open_pre (Html *h, const char *name, const xmlChar **attributes)
{
  html_ask_breaks (h, 2);
  h->pre++;
}

static void
close_pre (Html *h, const char *name)
{
  if (h->pre > 0)
    h->pre--;
  html_ask_breaks (h, 2);
}

static void
open_link (Html *h, const char *name, const xmlChar **attributes)
{
  const char *href = attribute (attributes, "href");
  gsize start = h->out->len;

  if (href != NULL
      && (strlen (href) > MAX_HREF
          || (g_ascii_strncasecmp (href, "http://", 7) != 0
              && g_ascii_strncasecmp (href, "https://", 8) != 0)))
    href = NULL;
  g_ptr_array_add (h->hrefs, g_strdup (href));
  g_array_append_val (h->link_starts, start);
}

static const char *
without_scheme (const char *url)
{
  if (g_ascii_strncasecmp (url, "http://", 7) == 0)
    return url + 7;
  return g_ascii_strncasecmp (url, "https://", 8) == 0 ? url + 8 : url;
}

static void
close_link (Html *h, const char *name)
{
  guint n = h->hrefs->len;
  g_autofree char *href = n > 0 ? g_ptr_array_steal_index (h->hrefs, n - 1) : NULL;
  gsize start;

  if (n == 0)
    return;
  start = g_array_index (h->link_starts, gsize, n - 1);
  g_array_set_size (h->link_starts, n - 1);
  if (href == NULL || start >= h->out->len)
    return;
  /* "www.example.org" as the text of its own link needs no repetition. */
  g_autofree char *host = g_strdup (without_scheme (href));
  if (g_str_has_suffix (host, "/"))
    host[strlen (host) - 1] = '\0';
  if (strstr (h->out->str + start, host) != NULL)
    return;
  h->space = true;
  g_autofree char *text = g_strdup_printf ("(%s)", href);
  html_put_string (h, text);
}

static void
open_image (Html *h, const char *name, const xmlChar **attributes)
{
  const char *alt = attribute (attributes, "alt");

  if (alt != NULL && *alt != '\0' && strlen (alt) < 200)
    {
      html_put (h, "[", 1);
      html_put_collapsed (h, alt, alt + strlen (alt));
      h->space = false;
      html_put (h, "]", 1);
    }
}

typedef void (*OpenElement) (Html *h, const char *name, const xmlChar **attributes);
typedef void (*CloseElement) (Html *h, const char *name);

static const struct {
  const char *name;
  OpenElement open;
  CloseElement close;
} elements[] = {
  { "p", open_paragraph, close_paragraph },
  { "div", open_div, close_block },
  { "br", open_break, NULL },
  { "a", open_link, close_link },
  { "blockquote", open_quote, close_quote },
  { "ul", open_list, close_list },
  { "ol", open_list, close_list },
  { "dir", open_list, close_list },
  { "menu", open_list, close_list },
  { "li", open_item, close_block },
  { "tr", open_row, close_block },
  { "td", open_cell, NULL },
  { "th", open_cell, NULL },
  { "table", block, close_block },
  { "hr", open_rule, NULL },
  { "pre", open_pre, close_pre },
  { "img", open_image, NULL },
  { "h1", spaced_block, close_spaced_block },
  { "h2", spaced_block, close_spaced_block },
  { "h3", spaced_block, close_spaced_block },
  { "h4", spaced_block, close_spaced_block },
  { "h5", spaced_block, close_spaced_block },
  { "h6", spaced_block, close_spaced_block },
  { "dl", block, close_block },
  { "dt", block, close_block },
  { "dd", block, close_block },
  { "center", block, close_block },
  { "section", block, close_block },
  { "article", block, close_block },
  { "header", block, close_block },
  { "footer", block, close_block },
  { "address", block, close_block },
  { "fieldset", block, close_block },
  { "form", block, close_block },
};

void
html_open_element (Html *h, const char *name, const xmlChar **attributes)
{
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    if (g_str_equal (name, elements[i].name))
      elements[i].open (h, name, attributes);
}

void
html_close_element (Html *h, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    if (elements[i].close != NULL && g_str_equal (name, elements[i].name))
      elements[i].close (h, name);
}
