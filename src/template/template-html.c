/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTML part: a whole document that a screen reader, a phone and a dark screen can read, and
 * that loads nothing.  WCAG 2.2 AA: language, title, one heading of level 1, header cells with
 * scope, text that flows at any width, colours with a contrast above 4.5:1 in both schemes.
 */
#include "template/template-internal.h"

#include <string.h>

static const char style[] =
  ":root{color-scheme:light dark}"
  "body{margin:0;background:#fff;color:#1b1b1b;"
  "font:1rem/1.6 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
  "-webkit-text-size-adjust:100%;overflow-wrap:break-word}"
  "main{max-width:42rem;margin:0 auto;padding:1.25rem 1rem 2.5rem}"
  "h1{font-size:1.5rem;line-height:1.3;margin:0 0 1rem}"
  "h2{font-size:1.2rem;line-height:1.3;margin:1.75rem 0 .5rem}"
  "h3{font-size:1.05rem;margin:1.25rem 0 .5rem}"
  "p,ul,ol,table,pre,blockquote{margin:0 0 1rem}"
  "ul,ol{padding-left:1.5rem}li{margin:.25rem 0}li>p{margin:0 0 .5rem}"
  "a{color:#005ea2;text-decoration:underline}"
  "table{border-collapse:collapse;width:100%}"
  "th,td{border:1px solid #71767a;padding:.4rem .6rem;text-align:left;vertical-align:top}"
  "th,td{overflow-wrap:anywhere}th{background:#f0f0f0}"
  "pre,code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.95rem}"
  "pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f0f0f0;border:1px solid #71767a;"
  "border-radius:4px;padding:.75rem}"
  "blockquote>:last-child{margin-bottom:0}"
  "blockquote{border-left:4px solid #71767a;padding:.2rem 0 .2rem 1rem;margin-left:0}"
  "hr{border:0;border-top:1px solid #71767a;margin:1.75rem 0 1rem}"
  "@media (prefers-color-scheme:dark){"
  "body{background:#1b1b1b;color:#f0f0f0}"
  "a{color:#8cc1ff}"
  "th,pre{background:#2d2e2f}"
  "th,td,pre{border-color:#8d9297}blockquote,hr{border-color:#8d9297}}";

static bool
reads_from_right (const char *lang)
{
  static const char *const langs[] = { "ar", "fa", "he", "ps", "ur", "yi", NULL };

  return g_strv_contains (langs, lang);
}

/* cmark escapes '<' in text, so that "<th" can only be its own header cell. */
static void
append_with_scope (GString *out, const char *html)
{
  const char *p = html, *cell;

  while ((cell = strstr (p, "<th")) != NULL)
    {
      g_string_append_len (out, p, cell + 3 - p);
      p = cell + 3;
      if (*p == '>' || *p == ' ')
        g_string_append (out, " scope=\"col\"");
    }
  g_string_append (out, p);
}

char *
template_html (cmark_node *document, const char *lang, const char *title)
{
  g_autofree char *name = g_markup_escape_text (title, -1);
  g_autoptr (GString) out = g_string_sized_new (4096);
  char *body = cmark_render_html (document, CMARK_OPT_TABLE_PREFER_STYLE_ATTRIBUTES, NULL);

  g_string_append_printf (out,
                          "<!DOCTYPE html>\n<html lang=\"%s\"%s>\n<head>\n"
                          "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                          "content=\"width=device-width, initial-scale=1\">\n"
                          "<meta name=\"color-scheme\" content=\"light dark\">\n"
                          "<title>%s</title>\n<style>%s</style>\n</head>\n"
                          "<body>\n<main>\n<h1>%s</h1>\n",
                          lang, reads_from_right (lang) ? " dir=\"rtl\"" : "", name, style, name);
  append_with_scope (out, body);
  g_string_append (out, "</main>\n</body>\n</html>\n");
  free (body);
  return g_string_free (g_steal_pointer (&out), FALSE);
}
