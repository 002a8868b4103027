/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTML to text for people and for the quote cutter.
 *
 * libxml2's HTML parser sends events and builds no tree, so depth costs nothing.  Lines are built with a quote prefix
 * for blockquotes; blocks ask for line breaks that are written only when more text follows.
 */
#include "config.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "message/message-private.h"

#define MAX_HREF 500

typedef struct {
  GString *out;
  gsize max;
  guint breaks;        /* line ends owed before the next text */
  bool space;          /* a space owed before the next text */
  bool line_empty;     /* nothing on the line but its prefix */
  guint quote;         /* depth of blockquotes */
  guint hidden;        /* depth inside of what is not shown */
  guint pre;
  guint cells;         /* cells since the row began */
  GArray *lists;       /* guint: next number, 0 for a bullet */
  GPtrArray *hrefs;    /* of open links; NULL entries for anchors */
  GArray *link_starts; /* gsize: where the link's text began */
  GQueue hidden_tags;  /* char *: elements that opened a hidden part */
  GQueue margins;      /* block kinds of open <p>: 1 or 2 line ends */
} Html;

/* --- writing ----------------------------------------------------------------- */

static void
begin_line (Html *h)
{
  for (guint i = 0; i < MIN (h->quote, MAX_QUOTE_DEPTH); i++)
    g_string_append_c (h->out, '>');
  if (h->quote > 0)
    g_string_append_c (h->out, ' ');
  h->line_empty = true;
}

static void
trim_line_end (GString *out)
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
  trim_line_end (h->out);
  for (guint i = 0; i < h->breaks; i++)
    {
      g_string_append_c (h->out, '\n');
      begin_line (h);
      if (i + 1 < h->breaks)
        trim_line_end (h->out);
    }
  h->breaks = 0;
  h->space = false;
}

static void
ask_breaks (Html *h, guint n)
{
  if (h->out->len > 0)
    h->breaks = MAX (h->breaks, n);
  h->space = false;
}

/* <br>: one line end that counts, even after another. */
static void
line_break (Html *h)
{
  if (h->out->len > 0 && h->breaks < 4)
    h->breaks++;
  h->space = false;
}

static void
put (Html *h, const char *text, gsize n)
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

static void
put_string (Html *h, const char *text)
{
  put (h, text, strlen (text));
}

static bool
is_nbsp (const char *s)
{
  return (guchar) s[0] == 0xc2 && (guchar) s[1] == 0xa0;
}

static void
put_collapsed (Html *h, const char *s, const char *end)
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
            put (h, " ", 1);
          s += 2;
          continue;
        }
      while (s < end && strchr (" \t\r\n\f", *s) == NULL && !(end - s >= 2 && is_nbsp (s)))
        s++;
      put (h, from, (gsize) (s - from));
    }
}

static void
put_preformatted (Html *h, const char *s, const char *end)
{
  while (s < end)
    {
      const char *stop = memchr (s, '\n', (gsize) (end - s));

      if (stop == NULL)
        stop = end;
      if (stop > s)
        put (h, s, (gsize) (stop - s) - (stop[-1] == '\r' ? 1 : 0));
      if (stop < end)
        line_break (h);
      s = stop + 1;
    }
}

/* --- elements ---------------------------------------------------------------- */

static const char *
attribute (const xmlChar **attributes, const char *name)
{
  for (guint i = 0; attributes != NULL && attributes[i] != NULL; i += 2)
    if (g_ascii_strcasecmp ((const char *) attributes[i], name) == 0)
      return (const char *) attributes[i + 1];
  return NULL;
}

static bool
style_has (const xmlChar **attributes, const char *what)
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
  if (style_has (attributes, "margin:0") || style_has (attributes, "margin-top:0") ||
      style_has (attributes, "margin-bottom:0"))
    return 1;
  return 2;
}

static void
open_paragraph (Html *h, const char *name, const xmlChar **attributes)
{
  guint margin = paragraph_margin (attributes);

  ask_breaks (h, margin);
  g_queue_push_tail (&h->margins, GUINT_TO_POINTER (margin));
}

static void
close_paragraph (Html *h, const char *name)
{
  guint margin = GPOINTER_TO_UINT (g_queue_pop_tail (&h->margins));

  /* An empty paragraph is a blank line. */
  ask_breaks (h, margin != 0 ? margin : 1);
}

/* The line Outlook draws above the message answered; in text it has always been this row of underscores. */
static void
open_div (Html *h, const char *name, const xmlChar **attributes)
{
  ask_breaks (h, 1);
  if (style_has (attributes, "border:none;border-top:solid") || style_has (attributes, "border-top:solid#b5c4df") ||
      style_has (attributes, "border-top:solid#e1e1e1"))
    {
      ask_breaks (h, 2);
      put_string (h, "________________________________");
      ask_breaks (h, 1);
    }
}

static void
block (Html *h, const char *name, const xmlChar **attributes)
{
  ask_breaks (h, 1);
}

static void
close_block (Html *h, const char *name)
{
  ask_breaks (h, 1);
}

static void
spaced_block (Html *h, const char *name, const xmlChar **attributes)
{
  ask_breaks (h, 2);
}

static void
close_spaced_block (Html *h, const char *name)
{
  ask_breaks (h, 2);
}

static void
open_quote (Html *h, const char *name, const xmlChar **attributes)
{
  ask_breaks (h, 1);
  h->quote++;
}

static void
close_quote (Html *h, const char *name)
{
  if (h->quote > 0)
    h->quote--;
  ask_breaks (h, 1);
}

static void
open_list (Html *h, const char *name, const xmlChar **attributes)
{
  guint next = g_str_equal (name, "ol") ? 1 : 0;

  ask_breaks (h, 1);
  g_array_append_val (h->lists, next);
}

static void
close_list (Html *h, const char *name)
{
  if (h->lists->len > 0)
    g_array_set_size (h->lists, h->lists->len - 1);
  ask_breaks (h, 1);
}

static void
open_item (Html *h, const char *name, const xmlChar **attributes)
{
  guint depth = MIN (h->lists->len, 8);
  guint *next = h->lists->len > 0 ? &g_array_index (h->lists, guint, h->lists->len - 1) : NULL;
  g_autofree char *mark = NULL;

  ask_breaks (h, 1);
  if (next != NULL && *next > 0)
    mark = g_strdup_printf ("%*s%u.", depth > 1 ? (int) (depth - 1) * 2 : 0, "", (*next)++);
  else
    mark = g_strdup_printf ("%*s-", depth > 1 ? (int) (depth - 1) * 2 : 0, "");
  put_string (h, mark);
  h->space = true;
}

static void
open_row (Html *h, const char *name, const xmlChar **attributes)
{
  ask_breaks (h, 1);
  h->cells = 0;
}

static void
open_cell (Html *h, const char *name, const xmlChar **attributes)
{
  if (h->cells++ > 0 && h->breaks == 0 && !h->line_empty)
    {
      trim_line_end (h->out);
      g_string_append_c (h->out, '\t');
      h->space = false;
    }
}

static void
open_break (Html *h, const char *name, const xmlChar **attributes)
{
  line_break (h);
}

static void
open_rule (Html *h, const char *name, const xmlChar **attributes)
{
  ask_breaks (h, 1);
  put_string (h, "________________________________");
  ask_breaks (h, 1);
}

static void
open_pre (Html *h, const char *name, const xmlChar **attributes)
{
  ask_breaks (h, 2);
  h->pre++;
}

static void
close_pre (Html *h, const char *name)
{
  if (h->pre > 0)
    h->pre--;
  ask_breaks (h, 2);
}

static void
open_link (Html *h, const char *name, const xmlChar **attributes)
{
  const char *href = attribute (attributes, "href");
  gsize start = h->out->len;

  if (href != NULL && (strlen (href) > MAX_HREF || (g_ascii_strncasecmp (href, "http://", 7) != 0 &&
                                                    g_ascii_strncasecmp (href, "https://", 8) != 0)))
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
  put_string (h, text);
}

static void
open_image (Html *h, const char *name, const xmlChar **attributes)
{
  const char *alt = attribute (attributes, "alt");

  if (alt != NULL && *alt != '\0' && strlen (alt) < 200)
    {
      put (h, "[", 1);
      put_collapsed (h, alt, alt + strlen (alt));
      h->space = false;
      put (h, "]", 1);
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

static const char *const never_shown[] = { "style", "script", "head", "title", "template", "noscript",
                                           "object", "svg", "select" };

static bool
is_hidden (const char *name, const xmlChar **attributes)
{
  for (guint i = 0; i < G_N_ELEMENTS (never_shown); i++)
    if (g_str_equal (name, never_shown[i]))
      return true;
  return style_has (attributes, "display:none") || style_has (attributes, "mso-hide:all");
}

static bool
has_no_content (const char *name)
{
  static const char *const empty[] = { "br", "hr", "img", "meta", "link", "input", "col", "base", "area" };

  for (guint i = 0; i < G_N_ELEMENTS (empty); i++)
    if (g_str_equal (name, empty[i]))
      return true;
  return false;
}

static void
on_open (void *data, const xmlChar *element, const xmlChar **attributes)
{
  Html *h = data;
  const char *name = (const char *) element;

  if (h->hidden > 0)
    {
      if (g_str_equal (name, g_queue_peek_tail (&h->hidden_tags)))
        h->hidden++;
      return;
    }
  if (h->out->len >= h->max)
    return;
  if (is_hidden (name, attributes))
    {
      if (!has_no_content (name))
        {
          h->hidden = 1;
          g_queue_push_tail (&h->hidden_tags, g_strdup (name));
        }
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    if (g_str_equal (name, elements[i].name))
      elements[i].open (h, name, attributes);
}

static void
on_close (void *data, const xmlChar *element)
{
  Html *h = data;
  const char *name = (const char *) element;

  if (h->hidden > 0)
    {
      if (g_str_equal (name, g_queue_peek_tail (&h->hidden_tags)) && --h->hidden == 0)
        g_free (g_queue_pop_tail (&h->hidden_tags));
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    if (elements[i].close != NULL && g_str_equal (name, elements[i].name))
      elements[i].close (h, name);
}

static void
on_characters (void *data, const xmlChar *text, int n)
{
  Html *h = data;
  const char *s = (const char *) text;

  if (h->hidden > 0 || h->out->len >= h->max)
    return;
  if (h->pre > 0)
    put_preformatted (h, s, s + n);
  else
    put_collapsed (h, s, s + n);
}

static void
on_message (void *data, const char *format, ...)
{
}

/* HTML is valid UTF-8; what its own <meta> says about charsets is void. */
char *
html_to_text (const char *html, gsize n, gsize max)
{
  xmlSAXHandler handler = {
    .startElement = on_open,
    .endElement = on_close,
    .characters = on_characters,
    .ignorableWhitespace = on_characters,
    .warning = on_message,
    .error = on_message,
    .fatalError = on_message,
  };
  Html h = {
    .out = g_string_new (NULL),
    .max = max,
    .lists = g_array_new (FALSE, FALSE, sizeof (guint)),
    .hrefs = g_ptr_array_new_with_free_func (g_free),
    .link_starts = g_array_new (FALSE, FALSE, sizeof (gsize)),
  };
  htmlParserCtxtPtr ctxt = htmlCreatePushParserCtxt (&handler, &h, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);

  if (ctxt != NULL)
    {
      htmlCtxtUseOptions (ctxt, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                  HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
      for (gsize done = 0; done < n && h.out->len < max; done += 65536)
        htmlParseChunk (ctxt, html + done, (int) MIN (65536, n - done), 0);
      htmlParseChunk (ctxt, "", 0, 1);
      if (ctxt->myDoc != NULL)
        xmlFreeDoc (ctxt->myDoc);
      htmlFreeParserCtxt (ctxt);
    }
  trim_line_end (h.out);
  g_string_append_c (h.out, '\n');
  g_array_unref (h.lists);
  g_ptr_array_unref (h.hrefs);
  g_array_unref (h.link_starts);
  g_queue_clear_full (&h.hidden_tags, g_free);
  g_queue_clear (&h.margins);
  return g_string_free (h.out, FALSE);
}
