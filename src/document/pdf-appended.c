/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was appended to a signed PDF is revisions, each with a table of its own that lists every
 * object once: anything else some viewers see and others do not.
 */
#include "document/pdf-private.h"

static void
refuse (PdfSignature *s, char *what)
{
  PdfChange *change = g_new0 (PdfChange, 1);

  change->what = what;
  g_ptr_array_add (s->later, change);
}

/* The numbers that the cross-reference stream of the revision lists; its dictionary is the
 * trailer. */
static GArray *
stream_spans (const PdfDoc *doc, const PdfRevision *revision)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (PdfSpan));
  PdfDoc then;

  if (pdf_open (&then, doc->bytes, revision->end) == PDF_OPEN)
    {
      qpdf_oh index = pdf_get (&then, qpdf_get_trailer (then.q), "/Index");

      for (guint i = 0; i + 1 < pdf_length (&then, index); i += 2)
        {
          const PdfSpan one = { (guint64) pdf_int (&then, pdf_item (&then, index, i), 0),
                                (guint64) pdf_int (&then, pdf_item (&then, index, i + 1), 0) };

          g_array_append_val (spans, one);
        }
    }
  pdf_close (&then);
  return spans;
}

/* Of two entries for one object some viewers take the first, some the last. */
static bool
lists_twice (const PdfDoc *doc, const PdfRevision *revision)
{
  g_autoptr (GArray) spans = pdf_table_spans (doc->bytes, doc->n, revision->table);

  if (spans == NULL)
    spans = stream_spans (doc, revision);
  return !pdf_spans_apart (spans);
}

void
pdf_check_appended (const PdfDoc *doc, const GArray *revisions, PdfSignature *s)
{
  const PdfRevision *all = (const PdfRevision *) (void *) revisions->data;
  guint n = revisions->len, i = s->revision;

  while (i < n && all[i].table >= all[i - 1].end && !lists_twice (doc, &all[i]))
    i++;
  if (i < n && all[i].table >= all[i - 1].end)
    refuse (s, g_strdup_printf ("revision %u lists an object twice", i + 1));
  else if (i < n)
    refuse (s, g_strdup_printf ("revision %u lists nothing, and names an older table", i + 1));
  if (all[n - 1].end != doc->n)
    refuse (s, g_strdup_printf ("%" G_GSIZE_FORMAT " octets follow the end of the last revision",
                                doc->n - all[n - 1].end));
}
