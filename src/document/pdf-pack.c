/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Streams of objects (ISO 32000-2, 7.5.7), whose head says which objects they hold and where.  Some
 * viewers find an object by its number there, some by its index, and some read on to where the next
 * one begins: here all of that has to be the same.
 */
#include <stdlib.h>
#include <string.h>

#include "document/pdf-private.h"

typedef struct {
  guint64 number, place;
} Packed;

/* What the stream says it holds, in order, each whole before the next; NULL: viewers may read it in
 * several ways. */
static GArray *
read_packed (const guint8 *bytes, gsize n, guint64 count, guint64 first, GArray *references)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Packed));
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL);
  gsize at = 0;

  if (first > n || count > n)
    return NULL;
  for (guint64 i = 0; i < count; i++)
    {
      Packed one;

      if (!pdf_pass_number (bytes, &at, (gsize) first, &one.number)
          || !pdf_pass_number (bytes, &at, (gsize) first, &one.place)
          || !g_hash_table_add (numbers, GUINT_TO_POINTER (one.number)) || one.place > n - first)
        return NULL;
      g_array_append_val (all, one);
    }
  for (guint i = 0; i < all->len; i++)
    {
      gsize begin = (gsize) (first + g_array_index (all, Packed, i).place),
            end = i + 1 < all->len ? (gsize) (first + g_array_index (all, Packed, i + 1).place) : n;

      if (end < begin || !pdf_pass_object (bytes, &begin, end, references) || begin != end)
        return NULL;
    }
  return g_steal_pointer (&all);
}

static bool
rows_fit (const PdfTable *table, guint64 stream, const GArray *held, bool complete)
{
  guint rows = 0;

  for (guint i = 0; i < table->packed->len; i++)
    {
      const PdfPacked *row = &g_array_index (table->packed, PdfPacked, i);

      if (row->stream != stream)
        continue;
      if (row->index >= held->len || g_array_index (held, Packed, row->index).number != row->number)
        return false;
      rows++;
    }
  return !complete || rows == held->len;
}

/* It says what it is in its own dictionary and in no words that only some viewers know: others read
 * /F for /Filter, and /DP for /DecodeParms. */
static bool
is_plain (const PdfDoc *doc, qpdf_oh stream)
{
  static const char *const known[] = { "/Type",   "/N",           "/First",   "/Length",
                                       "/Filter", "/DecodeParms", "/Extends", NULL };
  g_autoptr (GPtrArray) keys = pdf_keys (doc, stream);

  for (guint i = 0; i < keys->len; i++)
    if (!g_strv_contains (known, keys->pdata[i])
        || (strcmp (keys->pdata[i], "/Length") != 0 && strcmp (keys->pdata[i], "/Extends") != 0
            && pdf_id (doc, pdf_get (doc, stream, keys->pdata[i])) != 0))
      return false;
  return true;
}

bool
pdf_pack_fits (const PdfDoc *doc, guint64 number, const PdfTable *table, bool complete,
               GArray *references)
{
  qpdf_oh stream = number <= G_MAXINT32 ? pdf_object (doc, number << 16) : 0;
  unsigned char *bytes = NULL;
  size_t n = 0;
  g_autoptr (GArray) held = NULL;

  if (stream != 0 && qpdf_oh_is_stream (doc->q, stream) && is_plain (doc, stream)
      && (qpdf_oh_get_stream_data (doc->q, stream, qpdf_dl_generalized, NULL, &bytes, &n)
          & QPDF_ERRORS)
           == 0)
    held = read_packed (bytes, n, (guint64) pdf_int (doc, pdf_get (doc, stream, "/N"), -1),
                        (guint64) pdf_int (doc, pdf_get (doc, stream, "/First"), -1), references);
  free (bytes);
  return held != NULL && rows_fit (table, number, held, complete);
}
