/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From an expanded template to a Markdown document: values of several lines are laid out here,
 * because only now it is known whether they stand in a list or a quotation.
 */
#include "template/template-internal.h"

#include <cmark-gfm-core-extensions.h>
#include <string.h>

/* What every line after the first needs in front, so that it stays in the containers of LINE. */
static char *
continuation (const char *line)
{
  GString *out = g_string_new (NULL);
  const char *p = line;

  for (;;)
    {
      gsize marker = strspn (p, "0123456789");

      if (*p == ' ' || *p == '>')
        g_string_append_c (out, *p++);
      else if (strchr ("-*+", *p) != NULL && *p != '\0' && p[1] == ' ')
        {
          g_string_append (out, "  ");
          p += 2;
        }
      else if (marker > 0 && (p[marker] == '.' || p[marker] == ')') && p[marker + 1] == ' ')
        {
          for (gsize i = 0; i < marker + 2; i++)
            g_string_append_c (out, ' ');
          p += marker + 2;
        }
      else
        return g_string_free (out, FALSE);
    }
}

static gsize
longest_fence (const char *text, gsize length)
{
  gsize longest = 0, run = 0;

  for (gsize i = 0; i < length; i++)
    {
      run = text[i] == '`' ? run + 1 : 0;
      longest = MAX (longest, run);
    }
  return longest;
}

static void
append_fence (GString *out, gsize length)
{
  for (gsize i = 0; i < length; i++)
    g_string_append_c (out, '`');
}

/* TEXT lies between two literal marks: a fence that is longer than any inside cannot be closed
 * by it. */
static void
append_literal (GString *out, const char *text, gsize length, const char *prefix, bool begun)
{
  gsize fence = MAX (longest_fence (text, length) + 1, 3);

  if (begun)
    g_string_append_printf (out, "\n%s\n%s", prefix, prefix);
  append_fence (out, fence);
  g_string_append_printf (out, "\n%s", prefix);
  for (gsize i = 0; i < length; i++)
    if (text[i] == MARK_LINE)
      g_string_append_printf (out, "\n%s", prefix);
    else
      g_string_append_c (out, text[i]);
  g_string_append_printf (out, "\n%s", prefix);
  append_fence (out, fence);
}

static void
append_line_end (GString *out, const char *prefix, bool empty_before, bool empty_after)
{
  if (empty_before || empty_after)
    g_string_append_printf (out, "\n%s", prefix); /* parts paragraphs */
  else
    g_string_append_printf (out, "\\\n%s", prefix);
}

static void
append_marked (GString *out, const char *line)
{
  g_autofree char *prefix = continuation (line);
  bool single = *line == '|' || *line == '#'; /* a table row and a heading have one line */
  gsize lead = strlen (prefix);
  const char *p = line;

  while (*p != '\0')
    {
      const char *end = *p == MARK_LITERAL ? strchr (p + 1, MARK_LITERAL) : NULL;

      if (end != NULL && !single)
        {
          append_literal (out, p + 1, end - p - 1, prefix, (gsize) (p - line) > lead);
          p = end + 1;
          if (*p != '\0')
            g_string_append_printf (out, "\n%s", prefix);
        }
      else if (*p == MARK_LITERAL || (*p == MARK_LINE && single))
        {
          g_string_append_c (out, ' ');
          p++;
        }
      else if (*p == MARK_LINE)
        {
          append_line_end (out, prefix, p == line || p[-1] == MARK_LINE, p[1] == MARK_LINE);
          p++;
        }
      else
        g_string_append_c (out, *p++);
    }
}

char *
template_lines (const char *expanded)
{
  g_auto (GStrv) lines = g_strsplit (expanded, "\n", -1);
  g_autoptr (GString) out = g_string_sized_new (strlen (expanded) + 64);

  for (char **line = lines; *line != NULL; line++)
    {
      if (strchr (*line, MARK_LINE) == NULL && strchr (*line, MARK_LITERAL) == NULL)
        g_string_append (out, *line);
      else
        append_marked (out, *line);
      g_string_append_c (out, '\n');
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
template_unescape (const char *expanded)
{
  g_autoptr (GString) out = g_string_sized_new (strlen (expanded));
  bool space = false;

  for (const char *p = expanded; *p != '\0'; p++)
    {
      if (*p == '\\' && g_ascii_ispunct (p[1]))
        p++;
      if (g_ascii_isspace (*p) || g_ascii_iscntrl (*p))
        space = true;
      else
        {
          if (space && out->len > 0)
            g_string_append_c (out, ' ');
          space = false;
          g_string_append_c (out, *p);
        }
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* --- the document --------------------------------------------------------------- */

static void
drop (cmark_node *node)
{
  cmark_node_unlink (node);
  cmark_node_free (node);
}

/* An image loads something from elsewhere: its description stands for it. */
static void
replace_image (cmark_node *image)
{
  cmark_node *child;

  while ((child = cmark_node_first_child (image)) != NULL)
    cmark_node_insert_before (image, child);
  drop (image);
}

static void
simplify (cmark_node *document)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  cmark_iter *iter = cmark_iter_new (document);
  cmark_event_type event;

  while ((event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    {
      cmark_node *node = cmark_iter_get_node (iter);
      cmark_node_type type = cmark_node_get_type (node);

      if (type == CMARK_NODE_HEADING && cmark_node_get_heading_level (node) == 1)
        cmark_node_set_heading_level (node, 2); /* the title is the one heading of level 1 */
      if ((type == CMARK_NODE_IMAGE && event == CMARK_EVENT_EXIT) ||
          (event == CMARK_EVENT_ENTER &&
           (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE)))
        g_ptr_array_add (found, node);
    }
  cmark_iter_free (iter);
  for (guint i = 0; i < found->len; i++)
    {
      cmark_node *node = g_ptr_array_index (found, i);

      if (cmark_node_get_type (node) == CMARK_NODE_IMAGE)
        replace_image (node);
      else
        drop (node);
    }
}

cmark_node *
template_parse (const char *markdown)
{
  static gsize registered;

  if (g_once_init_enter (&registered))
    {
      cmark_gfm_core_extensions_ensure_registered ();
      g_once_init_leave (&registered, 1);
    }
  cmark_parser *parser = cmark_parser_new (CMARK_OPT_DEFAULT);
  cmark_syntax_extension *table = cmark_find_syntax_extension ("table");

  g_assert (table != NULL);
  cmark_parser_attach_syntax_extension (parser, table);
  cmark_parser_feed (parser, markdown, strlen (markdown));
  cmark_node *document = cmark_parser_finish (parser);

  cmark_parser_free (parser);
  simplify (document);
  return document;
}
