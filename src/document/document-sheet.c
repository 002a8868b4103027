/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cells of one sheet and the strings they share: ECMA-376 part 1, 18.3 and 18.4.
 */
#include "document/document-private.h"

#include <math.h>
#include <string.h>

/* --- shared strings -------------------------------------------------------------- */

typedef struct {
  GPtrArray *strings;
  GString *text;
  gsize kept;
  bool in_text, phonetic;
  DocumentFlaw stop;
} Strings;

static void
string_start (const char *element, const char **attributes, gpointer data)
{
  Strings *s = data;

  if (strcmp (element, "si") == 0)
    g_string_truncate (s->text, 0);
  else if (strcmp (element, "rPh") == 0)
    s->phonetic = true;
  s->in_text = strcmp (element, "t") == 0;
}

static void
string_end (const char *element, gpointer data)
{
  Strings *s = data;

  s->in_text = false;
  if (strcmp (element, "rPh") == 0)
    s->phonetic = false;
  if (strcmp (element, "si") != 0)
    return;
  s->kept += s->text->len;
  if (s->strings->len >= MAX_STRINGS || s->kept > MAX_EXPANDED / 4)
    s->stop = FLAW_TOO_LARGE;
  else
    g_ptr_array_add (s->strings, g_strdup (s->text->str));
}

static void
string_text (const char *text, gsize n, gpointer data)
{
  Strings *s = data;

  if (!s->in_text || s->phonetic)
    return;
  if (s->text->len + n > MAX_VALUE)
    s->stop = FLAW_TOO_LARGE;
  else
    g_string_append_len (s->text, text, (gssize) n);
}

GPtrArray *
document_strings_read (DocumentZip *zip, const char *name, DocumentFlaw *flaw)
{
  static const DocumentXml xml = { string_start, string_end, string_text };
  g_autoptr (GString) text = g_string_new (NULL);
  Strings s = { .strings = g_ptr_array_new_with_free_func (g_free), .text = text };

  document_xml_read (zip, name, &xml, &s, &s.stop, flaw);
  return s.strings;
}

/* --- cells ------------------------------------------------------------------------- */

typedef struct {
  DocumentBook *book;
  DocumentSheet *sheet;
  guint *flaws;
  guint row, column;      /* of the cell that is open, or the last one */
  char type[16];
  guint style;
  bool formula, in_value, phonetic;
  GString *text;
  DocumentFlaw stop;
} Cells;

/* "B4"; without one, cells follow each other.  They stand in order, and no place twice. */
static void
place_cell (Cells *c, const char *reference)
{
  guint column = 0, row;

  if (reference == NULL)
    {
      c->column++;
      return;
    }
  for (; g_ascii_isalpha (*reference) && column <= MAX_COLUMN; reference++)
    column = column * 26 + (guint) (g_ascii_toupper (*reference) - 'A') + 1;
  row = document_number (reference);
  if (row < c->row || (row == c->row && column <= c->column) || row == 0)
    c->stop = FLAW_DAMAGED;
  c->column = column;
  c->row = row;
}

static void
cell_start (const char *element, const char **attributes, gpointer data)
{
  Cells *c = data;

  if (strcmp (element, "row") == 0)
    {
      guint row = document_number (document_xml_attribute (attributes, "r"));

      row = row != 0 ? row : c->row + 1;
      if (row <= c->row)
        c->stop = FLAW_DAMAGED;
      c->row = row;
      c->column = 0;
    }
  else if (strcmp (element, "c") == 0)
    {
      const char *type = document_xml_attribute (attributes, "t");

      place_cell (c, document_xml_attribute (attributes, "r"));
      g_strlcpy (c->type, type != NULL ? type : "n", sizeof c->type);
      c->style = document_number (document_xml_attribute (attributes, "s"));
      c->formula = false;
      g_string_truncate (c->text, 0);
    }
  else if (strcmp (element, "f") == 0)
    c->formula = true;
  else if (strcmp (element, "rPh") == 0)
    c->phonetic = true;
  c->in_value = strcmp (element, "v") == 0 || strcmp (element, "t") == 0;
  if (c->row > MAX_ROW || c->column > MAX_COLUMN)
    c->stop = FLAW_DAMAGED;
}

static char *
number_text (const Cells *c, double number, DocumentCellKind *kind)
{
  DocumentStyle style =
    c->style < c->book->styles->len ? c->book->styles->data[c->style] : STYLE_PLAIN;
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (style == STYLE_DATE)
    {
      char *date = document_date_of_serial (number, c->book->since_1904);

      *kind = date != NULL ? CELL_DATE : CELL_ERROR;
      return date != NULL ? date : g_strdup ("#DATE");
    }
  *kind = CELL_NUMBER;
  g_ascii_formatd (digits, sizeof digits, "%.15g", style == STYLE_PERCENT ? number * 100 : number);
  return g_strconcat (digits, style == STYLE_PERCENT ? "%" : NULL, NULL);
}

/* What stands in the cell, by its type (18.18.11); NULL: the file contradicts itself. */
static char *
cell_text (const Cells *c, DocumentCellKind *kind)
{
  char *end;

  *kind = CELL_TEXT;
  if (c->text->len == 0)
    return g_strdup ("");
  if (strcmp (c->type, "s") == 0)
    {
      guint64 index;

      return g_ascii_string_to_unsigned (c->text->str, 10, 0, G_MAXUINT, &index, NULL)
                 && index < c->book->strings->len
               ? g_strdup (c->book->strings->pdata[index])
               : NULL;
    }
  if (strcmp (c->type, "b") == 0)
    {
      *kind = CELL_YES_NO;
      return g_strdup (
        strcmp (c->text->str, "1") == 0 || g_ascii_strcasecmp (c->text->str, "true") == 0 ? "yes"
                                                                                          : "no");
    }
  if (strcmp (c->type, "d") == 0)
    {
      *kind = CELL_DATE;
      return g_strndup (c->text->str, strcspn (c->text->str, "T"));
    }
  if (strcmp (c->type, "n") != 0)
    {
      *kind = strcmp (c->type, "e") == 0 ? CELL_ERROR : CELL_TEXT;
      return g_strdup (c->text->str);
    }
  double number = g_ascii_strtod (c->text->str, &end);
  return end != c->text->str && *end == '\0' && isfinite (number) ? number_text (c, number, kind)
                                                                  : NULL;
}

static void
keep_cell (Cells *c)
{
  DocumentCellKind kind;
  g_autofree char *text = cell_text (c, &kind);

  if (text == NULL)
    {
      c->stop = FLAW_DAMAGED;
      return;
    }
  if (text[0] == '\0' && !c->formula)
    return;
  if (c->book->cells >= MAX_CELLS || strlen (text) > c->book->room)
    {
      c->stop = FLAW_TOO_LARGE;
      return;
    }
  c->book->cells++;
  c->book->room -= strlen (text);
  document_add_cell (c->sheet, c->row, c->column, kind, text)->formula = c->formula;
  if (c->formula)
    *c->flaws |= FLAW_FORMULAS;
}

static void
cell_end (const char *element, gpointer data)
{
  Cells *c = data;

  c->in_value = false;
  if (strcmp (element, "rPh") == 0)
    c->phonetic = false;
  if (strcmp (element, "c") == 0)
    keep_cell (c);
}

static void
cell_characters (const char *text, gsize n, gpointer data)
{
  Cells *c = data;

  if (!c->in_value || c->phonetic)
    return;
  if (c->text->len + n > MAX_VALUE)
    c->stop = FLAW_TOO_LARGE;
  else
    g_string_append_len (c->text, text, (gssize) n);
}

bool
document_sheet_read (DocumentZip *zip, const char *name, DocumentBook *book, DocumentSheet *sheet,
                     guint *flaws, DocumentFlaw *flaw)
{
  static const DocumentXml xml = { cell_start, cell_end, cell_characters };
  g_autoptr (GString) text = g_string_new (NULL);
  Cells c = { .book = book, .sheet = sheet, .flaws = flaws, .text = text };

  return document_xml_read (zip, name, &xml, &c, &c.stop, flaw);
}
