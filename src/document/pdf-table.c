/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a cross-reference table or stream lists (ISO 32000-2, 7.5.4 and 7.5.8), read by ourselves:
 * qpdf tells what it made of all tables of a file, not what one of them says.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "document/pdf-private.h"

/* The numbers FROM, FROM + 1, ... are listed. */
typedef struct {
  guint64 from, n;
} Span;

typedef struct {
  const guint8 *bytes;
  gsize n, at;
} Input;

/* --- a table ---------------------------------------------------------------------------------- */

static void
add_entry (PdfTable *table, guint64 number, guint64 generation, guint64 place)
{
  const PdfEntry one = { number, generation, place };

  g_array_append_val (table->entries, one);
}

static bool
pass_digits (Input *in, gsize n, guint64 *number)
{
  gsize from = in->at;

  return in->at < in->n && g_ascii_isdigit (in->bytes[in->at])
         && pdf_pass_number (in->bytes, &in->at, in->n, number) && (n == 0 || in->at - from == n);
}

static bool
pass_octet (Input *in, char c)
{
  return in->at < in->n && in->bytes[in->at] == (guint8) c && (in->at++, true);
}

static bool
pass_line_end (Input *in)
{
  bool is_return = pass_octet (in, '\r');

  return pass_octet (in, '\n') || is_return;
}

/* Some viewers read a row as words, and some as twenty octets: it has to be both. */
static bool
read_row (Input *in, guint64 number, PdfTable *table)
{
  enum { PLACE = 10, GENERATION = 5, ROW = 20 };
  gsize end = in->at + ROW;
  guint64 place, generation;

  if (!pass_digits (in, PLACE, &place) || !pass_octet (in, ' ')
      || !pass_digits (in, GENERATION, &generation) || !pass_octet (in, ' '))
    return false;
  if (pass_octet (in, 'n'))
    add_entry (table, number, generation, place);
  else if (!pass_octet (in, 'f'))
    return false;
  pass_octet (in, ' ');
  return pass_line_end (in) && in->at == end;
}

/* "12 3" in a line of its own, and its rows. */
static bool
read_span (Input *in, PdfTable *table, GArray *spans)
{
  Span one;

  if (!pass_digits (in, 0, &one.from) || !pass_octet (in, ' ') || !pass_digits (in, 0, &one.n))
    return false;
  pass_octet (in, ' ');
  if (!pass_line_end (in) || (one.n == 0 && one.from > 0))
    return false;
  g_array_append_val (spans, one);
  for (guint64 i = 0; i < one.n; i++)
    if (!read_row (in, one.from + i, table))
      return false;
  return true;
}

/* False: IN is at no table. */
static bool
read_table (Input *in, PdfTable *table, GArray *spans)
{
  if (!pdf_pass_word (in->bytes, &in->at, in->n, "xref"))
    return false;
  table->read = true;
  pdf_pass_space (in->bytes, &in->at, in->n);
  while (table->read && in->at < in->n && g_ascii_isdigit (in->bytes[in->at]))
    table->read = read_span (in, table, spans);
  pdf_pass_space (in->bytes, &in->at, in->n);
  table->end = in->at;
  return true;
}

/* Behind the table.  No other table may stand beside it (/XRefStm): some viewers read one, some the
 * other. */
static void
read_trailer (Input *in, PdfTable *table)
{
  static const char besides[] = "/XRefStm";

  table->read = table->read
                && memmem (in->bytes + in->at, in->n - in->at, besides, sizeof besides - 1) == NULL
                && pdf_pass_word (in->bytes, &in->at, in->n, "trailer")
                && pdf_pass_trailer (in->bytes, &in->at, in->n, table->references, &table->previous)
                && pdf_pass_word (in->bytes, &in->at, in->n, "startxref");
}

/* --- a stream --------------------------------------------------------------------------------- */

/* The fields of an entry: their widths, and where the data is. */
typedef struct {
  gint64 width[3];
  Input data;
} Entries;

static guint64
take_field (Entries *e, guint which, guint64 otherwise)
{
  guint64 value = 0;

  if (e->width[which] == 0)
    return otherwise;
  for (gint64 i = 0; i < e->width[which]; i++)
    value = value << 8 | e->data.bytes[e->data.at++];
  return value;
}

static void
take_entry (Entries *e, guint64 number, PdfTable *table)
{
  enum { FREE, IN_FILE, IN_STREAM };
  guint64 type = take_field (e, 0, IN_FILE), second = take_field (e, 1, 0),
          third = take_field (e, 2, 0);
  const PdfPacked packed = { number, second, third };

  if (type == IN_FILE)
    add_entry (table, number, third, second);
  else if (type == IN_STREAM)
    g_array_append_val (table->packed, packed);
  else if (type != FREE)
    table->read = false;
}

static bool
read_entries (const PdfDoc *doc, qpdf_oh dict, Entries *e, PdfTable *table, GArray *spans)
{
  static const gint64 widest[3] = { 1, 4, 2 };
  qpdf_oh widths = pdf_get (doc, dict, "/W"), index = pdf_get (doc, dict, "/Index");
  guint n_spans = MAX (pdf_length (doc, index) / 2, 1);
  gsize size = 0;

  if (pdf_length (doc, widths) != 3)
    return false;
  for (guint i = 0; i < 3; i++)
    {
      /* What is wider some viewers do not read, and look for objects themselves. */
      e->width[i] = pdf_int (doc, pdf_item (doc, widths, i), -1);
      if (e->width[i] < 0 || e->width[i] > widest[i])
        return false;
      size += (gsize) e->width[i];
    }
  for (guint i = 0; i < n_spans; i++)
    {
      bool whole = index == 0; /* all of them, from 0 on */
      qpdf_oh from = whole ? 0 : pdf_item (doc, index, 2 * i),
              n = whole ? pdf_get (doc, dict, "/Size") : pdf_item (doc, index, 2 * i + 1);
      Span one = { (guint64) pdf_int (doc, from, whole ? 0 : -1), (guint64) pdf_int (doc, n, -1) };

      if (size == 0 || one.from > G_MAXINT32 || one.n == 0
          || one.n > (e->data.n - e->data.at) / size)
        return false;
      g_array_append_val (spans, one);
      for (guint64 k = 0; k < one.n; k++)
        take_entry (e, one.from + k, table);
    }
  return true;
}

/* The cross-reference stream at IN. */
static bool
read_stream (const PdfDoc *doc, Input *in, PdfTable *table, GArray *spans)
{
  unsigned char *bytes = NULL;
  guint64 number, generation, place = in->at;
  qpdf_oh stream;
  size_t n;

  if (!pdf_pass_header (in->bytes, &in->at, in->n, &number, &generation) || number > G_MAXINT32
      || generation != 0)
    return false;
  stream = pdf_object (doc, number << 16);
  if (!pdf_is_name (doc, pdf_get (doc, stream, "/Type"), "/XRef")
      || (qpdf_oh_get_stream_data (doc->q, stream, qpdf_dl_generalized, NULL, &bytes, &n)
          & QPDF_ERRORS)
      || bytes == NULL)
    return false;
  Entries e = { { 0 }, { bytes, n, 0 } };
  qpdf_oh previous = pdf_get (doc, stream, "/Prev");
  /* "/Prev 12 0 R" some viewers take for 12. */
  table->previous = previous == 0                 ? 0
                    : pdf_id (doc, previous) == 0 ? (guint64) MAX (pdf_int (doc, previous, 0), 1)
                                                  : 1;
  add_entry (table, number, 0, place);
  table->read = true;
  if (!read_entries (doc, stream, &e, table, spans))
    table->read = false;
  free (bytes);
  return table->read;
}

/* --- both ------------------------------------------------------------------------------------- */

static int
by_start (gconstpointer a, gconstpointer b)
{
  guint64 x = ((const Span *) a)->from, y = ((const Span *) b)->from;

  return x < y ? -1 : x > y;
}

static bool
overlap (GArray *spans)
{
  guint64 end = 0;

  g_array_sort (spans, by_start);
  for (guint i = 0; i < spans->len; i++)
    {
      const Span *one = &g_array_index (spans, Span, i);

      if (one->n > 0 && one->from < end)
        return true;
      if (one->n > 0)
        end = one->from + one->n;
    }
  return false;
}

void
pdf_table_read (const PdfDoc *doc, const PdfRevision *revision, PdfTable *table)
{
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (Span));
  Input in = { doc->bytes, revision->end, MIN (revision->table, revision->end) };
  Input after = in;

  *table = (PdfTable){ .entries = g_array_new (FALSE, FALSE, sizeof (PdfEntry)),
                       .packed = g_array_new (FALSE, FALSE, sizeof (PdfPacked)),
                       .references = g_array_new (FALSE, FALSE, sizeof (guint64)) };
  if (read_table (&after, table, spans))
    read_trailer (&after, table);
  else
    {
      PdfDoc then;

      if (pdf_open (&then, doc->bytes, revision->end) == PDF_OPEN)
        table->read = read_stream (&then, &in, table, spans);
      pdf_close (&then);
    }
  table->twice = overlap (spans);
}

void
pdf_table_clear (PdfTable *table)
{
  g_clear_pointer (&table->entries, g_array_unref);
  g_clear_pointer (&table->packed, g_array_unref);
  g_clear_pointer (&table->references, g_array_unref);
}
