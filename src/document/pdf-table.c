/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a cross-reference table or stream lists (ISO 32000-2, 7.5.4 and 7.5.8), read by ourselves:
 * qpdf tells what it made of all tables of a file, not what one of them says.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "document/pdf-private.h"

enum { WORD = 3 /* "obj" */ };

/* The numbers FROM, FROM + 1, ... are listed. */
typedef struct {
  guint64 from, n;
} Span;

typedef struct {
  const guint8 *bytes;
  gsize n, at;
} Input;

static void
skip_space (Input *in)
{
  while (in->at < in->n && pdf_is_space (in->bytes[in->at]))
    in->at++;
}

static bool
take_number (Input *in, guint64 *number)
{
  gsize from;

  skip_space (in);
  from = in->at;
  for (*number = 0; in->at < in->n && in->at - from < 10 && g_ascii_isdigit (in->bytes[in->at]);)
    *number = *number * 10 + (guint64) (in->bytes[in->at++] - '0');
  return in->at > from;
}

static bool
take_word (Input *in, const char *word)
{
  gsize n = strlen (word);

  skip_space (in);
  if (in->n - in->at < n || memcmp (in->bytes + in->at, word, n) != 0)
    return false;
  in->at += n;
  return true;
}

/* "12 0 obj" */
static bool
take_header (Input *in, guint64 *number)
{
  guint64 generation;

  return take_number (in, number) && take_number (in, &generation) && take_word (in, "obj");
}

/* --- a table ---------------------------------------------------------------------------------- */

static void
add_place (PdfTable *table, guint64 place)
{
  gsize at = (gsize) place;

  g_array_append_val (table->words, at);
}

/* False: IN is at no table. */
static bool
read_table (Input *in, PdfTable *table, GArray *spans)
{
  guint64 place, generation;
  Span one;

  if (!take_word (in, "xref"))
    return false;
  table->read = true;
  while (table->read && take_number (in, &one.from))
    {
      table->read = take_number (in, &one.n);
      g_array_append_val (spans, one);
      for (guint64 i = 0; table->read && i < one.n; i++)
        if (!take_number (in, &place) || !take_number (in, &generation))
          table->read = false;
        else if (take_word (in, "n"))
          add_place (table, place);
        else
          table->read = take_word (in, "f");
    }
  return true;
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

static bool
read_entries (const PdfDoc *doc, qpdf_oh dict, Entries *e, PdfTable *table, GArray *spans)
{
  enum { FREE, IN_FILE, IN_STREAM };
  qpdf_oh widths = pdf_get (doc, dict, "/W"), index = pdf_get (doc, dict, "/Index");
  guint n_spans = MAX (pdf_length (doc, index) / 2, 1);
  gsize size = 0;

  if (pdf_length (doc, widths) != 3)
    return false;
  for (guint i = 0; i < 3; i++)
    {
      e->width[i] = pdf_int (doc, pdf_item (doc, widths, i), -1);
      if (e->width[i] < 0 || e->width[i] > 8)
        return false;
      size += (gsize) e->width[i];
    }
  for (guint i = 0; i < n_spans; i++)
    {
      bool whole = index == 0; /* all of them, from 0 on */
      qpdf_oh from = whole ? 0 : pdf_item (doc, index, 2 * i),
              n = whole ? pdf_get (doc, dict, "/Size") : pdf_item (doc, index, 2 * i + 1);
      Span one = { (guint64) pdf_int (doc, from, whole ? 0 : -1), (guint64) pdf_int (doc, n, -1) };

      if (size == 0 || one.from > G_MAXINT32 || one.n > (e->data.n - e->data.at) / size)
        return false;
      g_array_append_val (spans, one);
      for (guint64 k = 0; k < one.n; k++)
        {
          guint64 type = take_field (e, 0, IN_FILE), place = take_field (e, 1, 0);

          take_field (e, 2, 0);
          if (type == IN_FILE)
            add_place (table, place);
        }
    }
  return true;
}

/* The cross-reference stream at IN. */
static bool
read_stream (const PdfDoc *doc, Input *in, PdfTable *table, GArray *spans)
{
  unsigned char *bytes = NULL;
  guint64 number, place = in->at;
  qpdf_oh stream;
  size_t n;

  if (!take_header (in, &number) || number > G_MAXINT32)
    return false;
  stream = pdf_object (doc, number << 16);
  if (!pdf_is_name (doc, pdf_get (doc, stream, "/Type"), "/XRef")
      || (qpdf_oh_get_stream_data (doc->q, stream, qpdf_dl_generalized, NULL, &bytes, &n)
          & QPDF_ERRORS)
      || bytes == NULL)
    return false;
  Entries e = { { 0 }, { bytes, n, 0 } };
  add_place (table, place);
  table->read = read_entries (doc, stream, &e, table, spans);
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

static int
by_place (gconstpointer a, gconstpointer b)
{
  gsize x = *(const gsize *) a, y = *(const gsize *) b;

  return x < y ? -1 : x > y;
}

/* From where an object begins to the word "obj" of it; what is no header is left out. */
static void
find_words (GArray *places, const guint8 *bytes, gsize n)
{
  guint kept = 0;

  for (guint i = 0; i < places->len; i++)
    {
      Input in = { bytes, n, MIN (g_array_index (places, gsize, i), n) };
      guint64 number;

      if (take_header (&in, &number))
        g_array_index (places, gsize, kept++) = in.at - WORD;
    }
  g_array_set_size (places, kept);
  g_array_sort (places, by_place);
}

void
pdf_table_read (const PdfDoc *doc, const PdfRevision *revision, PdfTable *table)
{
  static const char besides[] = "/XRefStm";
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (Span));
  const guint8 *bytes = doc->bytes;
  Input in = { bytes, revision->end, MIN (revision->table, revision->end) };
  Input after = in;

  *table = (PdfTable){ .words = g_array_new (FALSE, FALSE, sizeof (gsize)) };
  if (!read_table (&after, table, spans)
      || memmem (bytes + after.at, after.n - after.at, besides, sizeof besides - 1) != NULL)
    {
      PdfDoc then;

      if (pdf_open (&then, bytes, revision->end) == PDF_OPEN)
        {
          qpdf_oh place = pdf_get (&then, qpdf_get_trailer (then.q), besides);

          in.at = (gsize) CLAMP (pdf_int (&then, place, (gint64) in.at), 0, (gint64) in.n);
          table->read = read_stream (&then, &in, table, spans);
        }
      pdf_close (&then);
    }
  table->twice = overlap (spans);
  find_words (table->words, bytes, revision->end);
}

void
pdf_table_clear (PdfTable *table)
{
  g_clear_pointer (&table->words, g_array_unref);
}

/* --- what it does not list -------------------------------------------------------------------- */

static bool
has_comment (const guint8 *bytes, gsize from, gsize end)
{
  for (gsize at = end; at > from && bytes[at - 1] != '\n' && bytes[at - 1] != '\r'; at--)
    if (bytes[at - 1] == '%')
      return true;
  return false;
}

/* A number stands before the word at AT, or a comment that may hide one. */
static bool
is_header (const guint8 *bytes, gsize from, gsize at)
{
  gsize before = at;
  bool new_line = false;

  for (; before > from && pdf_is_space (bytes[before - 1]); before--)
    new_line |= bytes[before - 1] == '\n' || bytes[before - 1] == '\r';
  return before > from
         && (g_ascii_isdigit (bytes[before - 1])
             || (new_line && has_comment (bytes, from, before)));
}

gsize
pdf_table_find_stray (const PdfTable *table, const guint8 *bytes, gsize from, gsize to)
{
  const guint8 *found;
  guint next = 0;

  for (gsize at = from; (found = memmem (bytes + at, to - at, "obj", WORD)) != NULL; at += WORD)
    {
      at = (gsize) (found - bytes);
      while (next < table->words->len && g_array_index (table->words, gsize, next) < at)
        next++;
      bool listed = next < table->words->len && g_array_index (table->words, gsize, next) == at;
      if (!listed && is_header (bytes, from, at))
        return at;
    }
  return to;
}
