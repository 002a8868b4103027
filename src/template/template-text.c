/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The text part: a Markdown document as a person would type it in a mail.
 *
 * Each block becomes lines of its own; a container then puts its marker or indentation before
 * the lines of what it holds.
 */
#include "template/template-internal.h"

#include <string.h>

#define DEPTH_MAX   16 /* containers inside containers; templates have two or three */
#define COLUMNS_MIN 20 /* however deep, a line keeps this much */

static char *blocks (cmark_node *parent, int columns, int depth, bool tight);

/* --- widths and wrapping --------------------------------------------------------- */

static int
char_width (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

static int
width_of (const char *text, gsize length)
{
  int width = 0;

  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    width += char_width (g_utf8_get_char (p));
  return width;
}

/* The end of the next word at P: up to a space, or, so that text without spaces (Chinese,
 * Japanese) wraps too, after a wide character. */
static const char *
word_end (const char *p)
{
  while (*p != '\0' && *p != ' ' && *p != '\t')
    {
      bool wide = g_unichar_iswide (g_utf8_get_char (p));

      p = g_utf8_next_char (p);
      gunichar next = g_utf8_get_char (p);

      if (wide && !g_unichar_iszerowidth (next) && !g_unichar_ispunct (next))
        break;
    }
  return p;
}

static void
wrap_line (GString *out, const char *line, int columns)
{
  int column = 0;
  const char *p = line;

  while (*p != '\0')
    {
      gsize spaces = strspn (p, " \t");
      const char *word = p + spaces, *end = word_end (word);
      int width = width_of (word, end - word);

      if (end == word)
        break;
      if (column > 0 && column + (spaces > 0) + width > columns)
        {
          g_string_append_c (out, '\n');
          column = 0;
        }
      else if (column > 0 && spaces > 0)
        {
          g_string_append_c (out, ' ');
          column++;
        }
      g_string_append_len (out, word, end - word);
      column += width;
      p = end;
    }
}

/* TEXT has its hard breaks as '\n'. */
static char *
wrap (const char *text, int columns)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *out = g_string_new (NULL);

  for (char **line = lines; *line != NULL; line++)
    {
      if (line != lines)
        g_string_append_c (out, '\n');
      wrap_line (out, *line, columns);
    }
  return g_string_free (out, FALSE);
}

/* LINES with FIRST before the first and REST before the others; no blanks at line ends. */
static char *
indent (const char *text, const char *first, const char *rest)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *out = g_string_new (NULL);

  for (char **line = lines; *line != NULL; line++)
    {
      if (line != lines)
        g_string_append_c (out, '\n');
      g_string_append (out, line == lines ? first : rest);
      g_string_append (out, *line);
      while (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate (out, out->len - 1);
    }
  return g_string_free (out, FALSE);
}

/* --- inlines ----------------------------------------------------------------------- */

/* The address is said once: not again when the text already is it. */
static void
append_url (GString *out, gsize start, const char *url)
{
  const char *shown = g_str_has_prefix (url, "mailto:") ? url + strlen ("mailto:") : url;

  if (out->len == start)
    g_string_append (out, shown);
  else if (*shown != '\0' && strcmp (out->str + start, shown) != 0 &&
           strcmp (out->str + start, url) != 0)
    g_string_append_printf (out, " (%s)", shown);
}

static char *
inline_text (cmark_node *block)
{
  GString *out = g_string_new (NULL);
  cmark_iter *iter = cmark_iter_new (block);
  cmark_event_type event;
  gsize link = 0;

  while ((event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    {
      cmark_node *node = cmark_iter_get_node (iter);
      cmark_node_type type = cmark_node_get_type (node);

      if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
        g_string_append (out, cmark_node_get_literal (node));
      else if (type == CMARK_NODE_SOFTBREAK)
        g_string_append_c (out, ' ');
      else if (type == CMARK_NODE_LINEBREAK)
        g_string_append_c (out, '\n');
      else if (type == CMARK_NODE_LINK && event == CMARK_EVENT_ENTER)
        link = out->len;
      else if (type == CMARK_NODE_LINK)
        append_url (out, link, cmark_node_get_url (node));
    }
  cmark_iter_free (iter);
  return g_string_free (out, FALSE);
}

static char *
heading (cmark_node *node, int columns)
{
  g_autofree char *text = inline_text (node);
  g_autofree char *lines = wrap (text, columns);
  g_auto (GStrv) each = g_strsplit (lines, "\n", -1);
  int widest = 0;

  if (cmark_node_get_heading_level (node) > 2)
    return g_steal_pointer (&lines);
  for (char **line = each; *line != NULL; line++)
    widest = MAX (widest, width_of (*line, strlen (*line)));
  g_autofree char *rule = g_strnfill (MIN (widest, columns), '-');

  return g_strdup_printf ("%s\n%s", lines, rule);
}

/* --- lists --------------------------------------------------------------------------- */

static char *
item_marker (cmark_node *list, int index)
{
  if (cmark_node_get_list_type (list) != CMARK_ORDERED_LIST)
    return g_strdup ("- ");
  return g_strdup_printf ("%d. ", cmark_node_get_list_start (list) + index);
}

static char *
list (cmark_node *node, int columns, int depth)
{
  bool tight = cmark_node_get_list_tight (node);
  GString *out = g_string_new (NULL);
  int index = 0;

  for (cmark_node *item = cmark_node_first_child (node); item != NULL;
       item = cmark_node_next (item), index++)
    {
      g_autofree char *marker = item_marker (node, index);
      g_autofree char *rest = g_strnfill (strlen (marker), ' ');
      g_autofree char *text = blocks (item, columns - (int) strlen (marker), depth + 1, tight);
      g_autofree char *lines = indent (text, marker, rest);

      if (index > 0)
        g_string_append (out, tight ? "\n" : "\n\n");
      g_string_append (out, lines);
    }
  return g_string_free (out, FALSE);
}

/* --- tables ---------------------------------------------------------------------------- */

static GPtrArray *
row_cells (cmark_node *row)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);

  for (cmark_node *cell = cmark_node_first_child (row); cell != NULL; cell = cmark_node_next (cell))
    g_ptr_array_add (cells, g_strstrip (g_strdelimit (inline_text (cell), "\n", ' ')));
  return cells;
}

static const char *
cell_at (GPtrArray *rows, guint row, guint column)
{
  GPtrArray *cells = g_ptr_array_index (rows, row);

  return column < cells->len ? g_ptr_array_index (cells, column) : "";
}

static void
append_padded (GString *out, const char *text, int width, bool last)
{
  g_string_append (out, text);
  for (int i = width_of (text, strlen (text)); !last && i < width + 2; i++)
    g_string_append_c (out, ' ');
}

static char *
aligned_table (GPtrArray *rows, const int *widths, guint n_columns)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint r = 0; r < rows->len; r++)
    {
      if (r > 0)
        g_string_append_c (out, '\n');
      for (guint c = 0; c < n_columns; c++)
        append_padded (out, cell_at (rows, r, c), widths[c], c + 1 == n_columns);
      if (r > 0)
        continue;
      g_string_append_c (out, '\n');
      for (guint c = 0; c < n_columns; c++)
        {
          g_autofree char *rule = g_strnfill (MAX (widths[c], 1), '-');

          append_padded (out, rule, widths[c], c + 1 == n_columns);
        }
    }
  return indent (out->str, "", "");
}

/* A table too wide for columns: each row as lines "header: value". */
static char *
labelled_table (GPtrArray *rows, guint n_columns, int columns)
{
  GString *out = g_string_new (NULL);

  for (guint r = 1; r < rows->len; r++)
    {
      if (r > 1)
        g_string_append (out, "\n\n");
      for (guint c = 0, shown = 0; c < n_columns; c++)
        {
          const char *label = cell_at (rows, 0, c), *value = cell_at (rows, r, c);

          if (*value == '\0')
            continue;
          g_autofree char *line = *label != '\0' ? g_strdup_printf ("%s: %s", label, value)
                                                 : g_strdup (value);
          g_autofree char *lines = wrap (line, columns - 2);
          g_autofree char *hanging = indent (lines, "", "  ");

          g_string_append_printf (out, "%s%s", shown++ > 0 ? "\n" : "", hanging);
        }
    }
  return g_string_free (out, FALSE);
}

static char *
table (cmark_node *node, int columns)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  for (cmark_node *row = cmark_node_first_child (node); row != NULL; row = cmark_node_next (row))
    g_ptr_array_add (rows, row_cells (row));
  if (rows->len == 0)
    return g_strdup ("");
  guint n_columns = ((GPtrArray *) g_ptr_array_index (rows, 0))->len;
  g_autofree int *widths = g_new0 (int, n_columns + 1);
  int total = -2;

  for (guint c = 0; c < n_columns; c++)
    {
      for (guint r = 0; r < rows->len; r++)
        widths[c] = MAX (widths[c], width_of (cell_at (rows, r, c), strlen (cell_at (rows, r, c))));
      total += widths[c] + 2;
    }
  return total <= columns ? aligned_table (rows, widths, n_columns)
                          : labelled_table (rows, n_columns, columns);
}

/* --- blocks ------------------------------------------------------------------------------ */

static char *
quote (cmark_node *node, int columns, int depth)
{
  g_autofree char *text = blocks (node, columns - 2, depth + 1, false);

  return indent (text, "> ", "> ");
}

static char *
paragraph (cmark_node *node, int columns)
{
  g_autofree char *text = inline_text (node);

  return wrap (text, columns);
}

static char *
block (cmark_node *node, int columns, int depth)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_PARAGRAPH)
    return paragraph (node, columns);
  if (type == CMARK_NODE_HEADING)
    return heading (node, columns);
  if (type == CMARK_NODE_LIST)
    return list (node, columns, depth);
  if (type == CMARK_NODE_BLOCK_QUOTE)
    return quote (node, columns, depth);
  if (type == CMARK_NODE_CODE_BLOCK)
    return g_strchomp (g_strdup (cmark_node_get_literal (node)));
  if (type == CMARK_NODE_THEMATIC_BREAK)
    return g_strnfill (columns, '-');
  if (strcmp (cmark_node_get_type_string (node), "table") == 0) /* an extension has no constant */
    return table (node, columns);
  return g_strdup ("");
}

static char *
blocks (cmark_node *parent, int columns, int depth, bool tight)
{
  GString *out = g_string_new (NULL);

  for (cmark_node *node = cmark_node_first_child (parent); node != NULL && depth < DEPTH_MAX;
       node = cmark_node_next (node))
    {
      g_autofree char *text = block (node, MAX (columns, COLUMNS_MIN), depth);

      if (out->len > 0)
        g_string_append (out, tight ? "\n" : "\n\n");
      g_string_append (out, text);
    }
  return g_string_free (out, FALSE);
}

char *
template_text (cmark_node *document)
{
  g_autofree char *text = blocks (document, TEMPLATE_COLUMNS, 0, false);

  return g_strconcat (text, "\n", NULL);
}
