/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as the content of a page, with fonts of all kinds whose ToUnicode map they are as
 * well. */
#include "config.h"

#include <string.h>

#include "document/pdf-content.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
add_stream (GString *pdf, guint object, const char *dictionary, const guint8 *data, gsize size)
{
  g_string_append_printf (pdf, "%u 0 obj\n<<%s/Length %" G_GSIZE_FORMAT ">>\nstream\n", object,
                          dictionary, size);
  g_string_append_len (pdf, (const char *) data, (gssize) size);
  g_string_append (pdf, "\nendstream\nendobj\n");
}

/* qpdf repairs what stands around it: there is no table of the objects. */
static GString *
page_with (const guint8 *data, gsize size)
{
  GString *pdf = g_string_new (
    "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 "
    "R]/Count 1>>\nendobj\n"
    "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 "
    "0 R>>/Font<</F 6 0 R/G 7 0 R/H 8 0 R>>>>>>\nendobj\n"
    "6 0 "
    "obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[65/A/one/uni0042/"
    "x.y]>>/Widths[500 600]/FirstChar 65>>\nendobj\n"
    "7 0 obj\n<</Type/Font/Subtype/Type0/ToUnicode 4 0 R/DescendantFonts[<</Type/Font/DW "
    "500/W[1[500 600]7 9 400]>>]>>\nendobj\n"
    "8 0 obj\n<</Type/Font/Subtype/Type3/FontMatrix[.01 0 0 .01 0 0]/ToUnicode 4 0 R>>\nendobj\n");

  add_stream (pdf, 4, "", data, size);
  add_stream (pdf, 5,
              "/Type/XObject/Subtype/Form/Matrix[1 0 0 1 5 5]/Resources<</XObject<</X 5 0 "
              "R>>/Font<</F 6 0 R>>>>",
              data, size);
  g_string_append (pdf, "trailer\n<</Size 9/Root 1 0 R>>\n%%EOF\n");
  return pdf;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  PdfLexer lexer;
  gsize n = 0;

  pdf_lexer_init (&lexer, data, size);
  while (pdf_lexer_next (&lexer).kind != PDF_END)
    {
      g_assert_true (lexer.at <= lexer.end);
      g_assert_cmpuint (++n, <=, size);
    }
  pdf_lexer_clear (&lexer);
  g_autoptr (PdfCmap) cmap = pdf_cmap_read (data, size);
  g_assert_cmpuint (cmap->width, <=, 2);
  GString *pdf = page_with (data, MIN (size, 4096));
  g_autoptr (Document) document = document_read_pdf ((const guint8 *) pdf->str, pdf->len);
  g_assert_true (g_utf8_validate (document->text, -1, NULL));
  g_string_free (pdf, TRUE);
  return 0;
}
