/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Comma-separated values (RFC 4180) as a workbook of one sheet; also with the separators that
 * programs of other countries write.
 */
#include "document/document-private.h"

#include <string.h>

/* "sep=;" on the first line, which some programs write; *TEXT moves behind it. */
static char
said_separator (const char **text)
{
  char separator;

  if (g_ascii_strncasecmp (*text, "sep=", 4) != 0 || strchr (",;\t", (*text)[4]) == NULL
      || (*text)[4] == '\0')
    return '\0';
  separator = (*text)[4];
  *text += 5;
  *text += **text == '\r';
  *text += **text == '\n';
  return separator;
}

/* The one that stands most often outside of quotation in the first lines. */
static char
guess_separator (const char *text)
{
  static const char separators[] = ",;\t";
  guint count[3] = { 0 }, lines = 0, best = 0;
  bool quoted = false;

  for (const char *p = text; *p != '\0' && lines < 20; p++)
    {
      const char *s = strchr (separators, *p);

      if (*p == '"')
        quoted = !quoted;
      else if (!quoted && s != NULL)
        count[s - separators]++;
      else if (!quoted && *p == '\n')
        lines++;
    }
  for (guint i = 1; i < G_N_ELEMENTS (count); i++)
    if (count[i] > count[best])
      best = i;
  return separators[best];
}

/* One value into TEXT; where it ends is returned. */
static const char *
read_value (const char *p, char separator, GString *text)
{
  g_string_truncate (text, 0);
  if (*p == '"')
    {
      for (p++; *p != '\0' && (*p != '"' || p[1] == '"'); p++)
        {
          g_string_append_c (text, *p);
          p += *p == '"';
        }
      p += *p == '"';
    }
  while (*p != '\0' && *p != separator && *p != '\n')
    g_string_append_c (text, *p++);
  return p;
}

static bool
keep (DocumentSheet *sheet, guint row, guint column, GString *text, gsize *room)
{
  g_autofree char *value = g_strstrip (g_strdup (text->str));

  if (value[0] == '\0')
    return true;
  if (text->len > MAX_VALUE || text->len > *room || sheet->cells->len >= MAX_CELLS || row > MAX_ROW
      || column > MAX_COLUMN)
    return false;
  *room -= text->len;
  document_add_cell (sheet, row, column, CELL_TEXT, value);
  return true;
}

Document *
document_read_csv (const char *text)
{
  Document *document = document_new (DOCUMENT_CSV);
  DocumentSheet *sheet = document_add_sheet (document, "");
  g_autoptr (GString) value = g_string_new (NULL);
  gsize room = MAX_VALUES;
  guint row = 1, column = 1;

  if (g_str_has_prefix (text, "\357\273\277"))
    text += 3;
  char separator = said_separator (&text);
  if (separator == '\0')
    separator = guess_separator (text);
  while (*text != '\0')
    {
      text = read_value (text, separator, value);
      if (!keep (sheet, row, column, value, &room))
        {
          document_forget (document, FLAW_TOO_LARGE);
          return document;
        }
      if (*text == '\n')
        {
          row++;
          column = 1;
        }
      else
        column++;
      text += *text != '\0';
    }
  return document;
}
