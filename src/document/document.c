/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Documents as plain data: making and freeing them, and their words.
 */
#include "document/document-private.h"

const DocumentFlawRow document_flaws[] = {
  { FLAW_DAMAGED, "damaged", true, "its structure is broken" },
  { FLAW_ENCRYPTED, "encrypted", true, "it is protected with a password" },
  { FLAW_TOO_LARGE, "too-large", true, "it is, or expands to, more than is read" },
  { FLAW_NOT_READ, "not-read", true, "reading it took more time or memory than is given" },
  { FLAW_NO_FIELDS, "no-fields", false, "it has no form fields: none were made, or it was flattened or printed" },
  { FLAW_XFA_ONLY, "xfa-only", true, "it is an XFA form, which only one vendor's reader can show" },
  { FLAW_SCRIPTS, "scripts", false, "it holds scripts" },
  { FLAW_MACROS, "macros", false, "it holds macros" },
  { FLAW_OTHER_FORMAT, "other-format", true, "it is a spreadsheet, but no .xlsx workbook" },
  { FLAW_HIDDEN_SHEETS, "hidden-sheets", false, "it has hidden sheets" },
  { FLAW_FORMULAS, "formulas", false, "it has cells with formulas" },
  { 0 }
};

static const char *const kind_names[] = {
  [DOCUMENT_NONE] = "none", [DOCUMENT_PDF] = "pdf", [DOCUMENT_WORKBOOK] = "workbook", [DOCUMENT_CSV] = "csv",
};

static const char *const cell_kind_names[] = {
  [CELL_TEXT] = "text", [CELL_NUMBER] = "number", [CELL_DATE] = "date", [CELL_YES_NO] = "yes-no", [CELL_ERROR] = "error",
};

static void
field_free (gpointer data)
{
  DocumentField *field = data;

  g_free (field->name);
  g_free (field->value);
  g_free (field);
}

static void
cell_free (gpointer data)
{
  DocumentCell *cell = data;

  g_free (cell->text);
  g_free (cell);
}

static void
sheet_free (gpointer data)
{
  DocumentSheet *sheet = data;

  g_free (sheet->name);
  g_ptr_array_unref (sheet->cells);
  g_free (sheet);
}

Document *
document_new (DocumentKind kind)
{
  Document *d = g_new0 (Document, 1);

  d->kind = kind;
  d->title = g_strdup ("");
  d->text = g_strdup ("");
  d->unread = g_array_new (FALSE, FALSE, sizeof (DocumentPages));
  d->fields = g_ptr_array_new_with_free_func (field_free);
  d->sheets = g_ptr_array_new_with_free_func (sheet_free);
  return d;
}

void
document_free (Document *document)
{
  if (document == NULL)
    return;
  g_free (document->title);
  g_free (document->text);
  g_array_unref (document->unread);
  g_ptr_array_unref (document->fields);
  g_ptr_array_unref (document->sheets);
  g_free (document);
}

DocumentField *
document_add_field (Document *document, const char *name, const char *value)
{
  DocumentField *field = g_new0 (DocumentField, 1);

  field->name = g_strdup (name);
  field->value = g_strdup (value);
  g_ptr_array_add (document->fields, field);
  return field;
}

DocumentSheet *
document_add_sheet (Document *document, const char *name)
{
  DocumentSheet *sheet = g_new0 (DocumentSheet, 1);

  sheet->name = g_strdup (name);
  sheet->cells = g_ptr_array_new_with_free_func (cell_free);
  g_ptr_array_add (document->sheets, sheet);
  return sheet;
}

DocumentCell *
document_add_cell (DocumentSheet *sheet, guint row, guint column, DocumentCellKind kind,
                   const char *text)
{
  DocumentCell *cell = g_new0 (DocumentCell, 1);

  cell->row = row;
  cell->column = column;
  cell->kind = kind;
  cell->text = g_strdup (text);
  g_ptr_array_add (sheet->cells, cell);
  return cell;
}

void
document_add_unread (Document *document, guint first, guint last)
{
  GArray *all = document->unread;
  DocumentPages *before = all->len > 0 ? &g_array_index (all, DocumentPages, all->len - 1) : NULL;

  if (before != NULL && before->last + 1 == first)
    before->last = last;
  else
    g_array_append_vals (all, &(DocumentPages){ first, last }, 1);
}

static guint
fatal_flaws (void)
{
  guint all = 0;

  for (const DocumentFlawRow *row = document_flaws; row->name != NULL; row++)
    all |= row->fatal ? row->flaw : 0;
  return all;
}

void
document_forget (Document *document, DocumentFlaw flaw)
{
  document->flaws = (document->flaws & fatal_flaws ()) | flaw;
  g_ptr_array_set_size (document->fields, 0);
  g_ptr_array_set_size (document->sheets, 0);
}

const char *
document_kind_name (DocumentKind kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kind_names), "none");
  return kind_names[kind];
}

const char *
document_text_name (DocumentText state)
{
  static const char *const names[] = {
    [DOCUMENT_TEXT_UNREADABLE] = "unreadable", [DOCUMENT_TEXT_PARTLY] = "partly", [DOCUMENT_TEXT_READ] = "read", [DOCUMENT_TEXT_NONE] = "none",
  };

  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (names), "unreadable");
  return names[state];
}

const char *
document_cell_kind_name (DocumentCellKind kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (cell_kind_names), "text");
  return cell_kind_names[kind];
}

bool
document_is_unread (const Document *document)
{
  return (document->flaws & fatal_flaws ()) != 0;
}

const char *
document_why_unread (const Document *document)
{
  for (const DocumentFlawRow *row = document_flaws; row->name != NULL; row++)
    if (row->fatal && (document->flaws & row->flaw) != 0)
      return row->help;
  return NULL;
}

char *
document_unread_pages (const Document *document)
{
  GString *pages;

  if (document->unread->len == 0)
    return NULL;
  pages = g_string_new (NULL);
  for (guint i = 0; i < document->unread->len; i++)
    {
      const DocumentPages *one = &g_array_index (document->unread, DocumentPages, i);

      g_string_append_printf (pages, "%s%u", i > 0 ? ", " : "", one->first);
      if (one->last > one->first)
        g_string_append_printf (pages, "-%u", one->last);
    }
  return g_string_free (pages, FALSE);
}

char *
document_cell_place (const DocumentCell *cell)
{
  char letters[8];
  gsize at = sizeof letters - 1;

  letters[at] = '\0';
  for (guint n = cell->column; n > 0 && at > 0; n = (n - 1) / 26)
    letters[--at] = (char) ('A' + (n - 1) % 26);
  return g_strdup_printf ("%s%u", letters + at, cell->row);
}
