/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a PDF: find the signatures, compare the revisions, send the answer on its journey.
 * A signature that is not broken covers what the rules say.
 */
#include "config.h"

#include <string.h>

#include "document/pdf-private.h"
#include "message/message-private.h"
#include "message/reader-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The numbers of a byte range in front, a file behind. */
static void
try_ranges (const guint8 *data, gsize size)
{
  gint64 range[5];
  PdfCut cut = { 0 };
  gsize n_contents;

  if (size <= sizeof range)
    return;
  memcpy (range, data, sizeof range);
  data += sizeof range;
  size -= sizeof range;
  n_contents = MIN (size, (gsize) data[0] * 4);
  for (guint n = 0; n <= 5; n++)
    {
      const char *why = pdf_range_check (data, size, range, n, data, n_contents, &cut);

      g_assert_true (why != NULL || (n == 4 && cut.end <= size && range[0] == 0));
      g_clear_pointer (&cut.cms, g_bytes_unref);
    }
}

static void
check (const PdfSigned *all, gsize size)
{
  for (guint i = 0; i < all->signatures->len; i++)
    {
      const PdfSignature *s = all->signatures->pdata[i];

      if (s->broken != NULL)
        continue;
      g_assert_true (s->range[0] == 0 && s->range[1] > 0 && s->range[2] > s->range[1]
                     && s->range[3] > 0);
      g_assert_true ((guint64) s->range[2] + (guint64) s->range[3] <= size);
      g_assert_true (s->cms != NULL || s->unknown != NULL);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (PdfSigned) all = pdf_signed_read (data, size);
  g_autoptr (GVariant) facts = pdf_signed_to_variant (all);
  g_autoptr (GError) error = NULL;
  g_autoptr (PdfSigned) back = pdf_signed_from_variant (facts, size, &error);

  g_assert_no_error (error);
  check (back, size);
  try_ranges (data, size);
  return 0;
}
