/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forms attached to a message: which parts are read as documents, and their facts on the way out of
 * the child that read them.
 *
 * The child of the message reads them after it has told the message's facts.  One that kills its
 * reader costs its own facts only: what has not been read then gets a child of its own.  What
 * arrives is checked like everything a child says (message-facts.c).
 */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "message/message-private.h"
#include "message/reader-private.h"

#define FACTS "(usbusa(uu)a(ss)a(sba(uuubs)))"

/* Stretches of pages; a reader tells of no more. */
enum { MAX_UNREAD = 1000 };

static bool
is_named (const MessagePart *part, const char *const *endings)
{
  const char *dot = strrchr (part->name, '.');

  for (; dot != NULL && *endings != NULL; endings++)
    if (g_ascii_strcasecmp (dot + 1, *endings) == 0)
      return true;
  return false;
}

/* By content, and by name where content does not tell or is not what the name promises. */
DocumentKind
message_document_kind (const MessagePart *part)
{
  static const char *const pdf[] = { "pdf", NULL }, *const csv[] = { "csv", "tsv", NULL };
  static const char *const workbook[] = {
    "xlsx", "xlsm", "xlsb", "xls", "xltx", "xltm", "ods", NULL
  };

  if (g_str_equal (part->sniffed, "application/pdf"))
    return DOCUMENT_PDF;
  if (strstr (part->sniffed, "spreadsheet") != NULL || is_named (part, workbook))
    return DOCUMENT_WORKBOOK;
  if (g_str_equal (part->sniffed, "text/plain"))
    return is_named (part, csv) || g_str_equal (part->type, "text/csv") ? DOCUMENT_CSV
                                                                        : DOCUMENT_NONE;
  return is_named (part, pdf) ? DOCUMENT_PDF : DOCUMENT_NONE;
}

/* --- in the child ------------------------------------------------------------------- */

Document *
message_read_document (DocumentKind kind, GBytes *bytes)
{
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);
  const char *used;
  bool damaged;

  if (kind == DOCUMENT_PDF)
    return document_read_pdf (data, n);
  if (kind == DOCUMENT_WORKBOOK)
    return document_read_workbook (data, n);
  g_autofree char *text = charset_decode (NULL, data, n, &used, &damaged);
  return document_read_csv (text);
}

static GVariant *
sheet_out (const DocumentSheet *sheet)
{
  GVariantBuilder cells;
  g_autofree char *name = clean_line (sheet->name, -1);

  g_variant_builder_init (&cells, G_VARIANT_TYPE ("a(uuubs)"));
  for (guint i = 0; i < sheet->cells->len; i++)
    {
      const DocumentCell *cell = sheet->cells->pdata[i];
      g_autofree char *text = clean_text (cell->text, -1);

      g_variant_builder_add (&cells, "(uuubs)", cell->row, cell->column, (guint) cell->kind,
                             (gboolean) cell->formula, text);
    }
  return g_variant_new ("(sba(uuubs))", name, (gboolean) sheet->hidden, &cells);
}

GVariant *
message_document_to_variant (const Document *document)
{
  GVariantBuilder unread, fields, sheets;
  g_autofree char *title = clean_line (document->title, -1),
                  *text = clean_text (document->text, -1);

  g_variant_builder_init (&unread, G_VARIANT_TYPE ("a(uu)"));
  for (guint i = 0; i < document->unread->len; i++)
    {
      const DocumentPages *pages = &g_array_index (document->unread, DocumentPages, i);

      g_variant_builder_add (&unread, "(uu)", pages->first, pages->last);
    }
  g_variant_builder_init (&fields, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < document->fields->len; i++)
    {
      const DocumentField *field = document->fields->pdata[i];
      g_autofree char *name = clean_line (field->name, -1), *value = clean_text (field->value, -1);

      g_variant_builder_add (&fields, "(ss)", name, value);
    }
  g_variant_builder_init (&sheets, G_VARIANT_TYPE ("a(sba(uuubs))"));
  for (guint i = 0; i < document->sheets->len; i++)
    g_variant_builder_add_value (&sheets, sheet_out (document->sheets->pdata[i]));
  return g_variant_ref_sink (
    g_variant_new (FACTS, document->flaws, title, (gboolean) document->is_signed,
                   (guint) document->text_state, text, &unread, &fields, &sheets));
}

/* --- in the office ------------------------------------------------------------------- */

static bool
unread_in (GVariantIter *unread, Document *document)
{
  guint first, last, before = 0;

  while (g_variant_iter_next (unread, "(uu)", &first, &last))
    {
      if (first <= before || last < first || document->unread->len >= MAX_UNREAD)
        return false;
      document_add_unread (document, first, last);
      before = last;
    }
  return true;
}

static bool
fields_in (GVariantIter *fields, Document *document)
{
  const char *name, *value;

  while (g_variant_iter_next (fields, "(&s&s)", &name, &value))
    {
      if (!text_is_clean (name, true) || !text_is_clean (value, false))
        return false;
      document_add_field (document, name, value);
    }
  return true;
}

static bool
cells_in (GVariantIter *cells, DocumentSheet *sheet)
{
  guint row, column, kind;
  gboolean formula;
  const char *text;

  while (g_variant_iter_next (cells, "(uuub&s)", &row, &column, &kind, &formula, &text))
    {
      if (row == 0 || column == 0 || kind > CELL_ERROR || !text_is_clean (text, false))
        return false;
      document_add_cell (sheet, row, column, kind, text)->formula = formula;
    }
  return true;
}

static bool
sheets_in (GVariantIter *sheets, Document *document)
{
  const char *name;
  gboolean hidden;
  GVariantIter *cells;
  bool good = true;

  while (good && g_variant_iter_next (sheets, "(&sba(uuubs))", &name, &hidden, &cells))
    {
      DocumentSheet *sheet = document_add_sheet (document, text_is_clean (name, true) ? name : "");

      sheet->hidden = hidden;
      good = text_is_clean (name, true) && cells_in (cells, sheet);
      g_variant_iter_free (cells);
    }
  return good;
}

static guint
known_flaws (void)
{
  guint all = 0;

  for (const DocumentFlawRow *row = document_flaws; row->name != NULL; row++)
    all |= row->flaw;
  return all;
}

Document *
message_document_from_bytes (DocumentKind kind, GBytes *bytes)
{
  g_autoptr (GVariant) facts =
    g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (FACTS), bytes, FALSE));
  g_autoptr (Document) document = document_new (kind);
  g_autoptr (GVariantIter) unread = NULL;
  g_autoptr (GVariantIter) fields = NULL;
  g_autoptr (GVariantIter) sheets = NULL;
  g_autofree char *title = NULL, *text = NULL;
  gboolean is_signed;
  guint text_state;

  if (!g_variant_is_normal_form (facts))
    return NULL;
  g_variant_get (facts, FACTS, &document->flaws, &title, &is_signed, &text_state, &text, &unread,
                 &fields, &sheets);
  if ((document->flaws & ~known_flaws ()) != 0 || text_state > DOCUMENT_TEXT_NONE
      || !text_is_clean (title, true) || !text_is_clean (text, false)
      || !unread_in (unread, document) || !fields_in (fields, document)
      || !sheets_in (sheets, document))
    return NULL;
  g_free (document->title);
  document->title = g_steal_pointer (&title);
  g_free (document->text);
  document->text = g_steal_pointer (&text);
  document->text_state = text_state;
  document->is_signed = is_signed;
  return g_steal_pointer (&document);
}

static Document *
unread (DocumentKind kind, DocumentFlaw flaw)
{
  Document *document = document_new (kind);

  document->flaws = flaw;
  return document;
}

static bool
read_part (Reader *reader, int fd, MessagePart *part, DocumentKind kind, GError **error)
{
  g_autoptr (GError) inner = NULL;

  if (part->size > DOCUMENT_MAX_SIZE)
    {
      part->document = unread (kind, FLAW_TOO_LARGE);
      return true;
    }
  g_autoptr (GBytes) facts =
    reader_document (reader, fd, part->path, kind, DOCUMENT_MAX_SIZE, &inner);
  if (facts == NULL && !g_error_matches (inner, QEC_ERROR, QEC_ERROR_INVALID))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  part->document = facts != NULL ? message_document_from_bytes (kind, facts) : NULL;
  if (part->document == NULL)
    part->document = unread (kind, FLAW_NOT_READ);
  return true;
}

/* What the message's own child said of it already. */
static void
take_answer (MessagePart *part, DocumentKind kind, GBytes *answer)
{
  part->document = message_document_from_bytes (kind, answer);
  if (part->document == NULL)
    part->document = unread (kind, FLAW_NOT_READ);
}

bool
message_read_documents (Reader *reader, int fd, Message *message, GHashTable *answers,
                        GError **error)
{
  guint n = 0;

  for (guint i = 0; i < message->parts->len; i++)
    {
      MessagePart *part = message->parts->pdata[i];
      DocumentKind kind = part->size > 0 ? message_document_kind (part) : DOCUMENT_NONE;
      GBytes *answer = g_hash_table_lookup (answers, GUINT_TO_POINTER (i));

      if (kind == DOCUMENT_NONE)
        continue;
      if (++n > DOCUMENT_MAX_COUNT)
        part->document = unread (kind, FLAW_NOT_READ);
      else if (answer != NULL)
        take_answer (part, kind, answer);
      else if (!read_part (reader, fd, part, kind, error))
        return false;
    }
  return true;
}
