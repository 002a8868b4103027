/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTML to text for people and for the quote cutter.
 *
 * libxml2's HTML parser sends events and builds no tree, so depth costs nothing.  What is shown
 * goes to the elements (message-html-elements.c), and they write lines (message-html-lines.c).
 */
#include "config.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "message/message-html.h"

static const char *const never_shown[] = { "style",    "script", "head", "title", "template",
                                           "noscript", "object", "svg",  "select" };

static bool
is_hidden (const char *name, const xmlChar **attributes)
{
  for (guint i = 0; i < G_N_ELEMENTS (never_shown); i++)
    if (g_str_equal (name, never_shown[i]))
      return true;
  return html_style_has (attributes, "display:none") || html_style_has (attributes, "mso-hide:all");
}

static bool
has_no_content (const char *name)
{
  static const char *const empty[] = { "br",    "hr",  "img",  "meta", "link",
                                       "input", "col", "base", "area" };

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
  html_open_element (h, name, attributes);
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
  html_close_element (h, name);
}

static void
on_characters (void *data, const xmlChar *text, int n)
{
  Html *h = data;
  const char *s = (const char *) text;

  if (h->hidden > 0 || h->out->len >= h->max)
    return;
  if (h->pre > 0)
    html_put_preformatted (h, s, s + n);
  else
    html_put_collapsed (h, s, s + n);
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
  htmlParserCtxtPtr ctxt =
    htmlCreatePushParserCtxt (&handler, &h, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);

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
  html_trim_line_end (h.out);
  g_string_append_c (h.out, '\n');
  g_array_unref (h.lists);
  g_ptr_array_unref (h.hrefs);
  g_array_unref (h.link_starts);
  g_queue_clear_full (&h.hidden_tags, g_free);
  g_queue_clear (&h.margins);
  return g_string_free (h.out, FALSE);
}
