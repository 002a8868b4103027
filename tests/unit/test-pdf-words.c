/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words on the pages of PDF files: where one ends, what a code means, and what nobody can tell.
 */
#include "config.h"

#include <string.h>

#include "document/pdf-content.h"

/* --- files of one page ------------------------------------------------------------------------ */

static void
add_object (GString *pdf, GArray *places, const char *text)
{
  g_array_append_val (places, pdf->len);
  g_string_append_printf (pdf, "%u 0 obj\n%s\nendobj\n", places->len, text);
}

static void
add_stream (GString *pdf, GArray *places, const char *dictionary, const char *data)
{
  g_autofree char *text = g_strdup_printf (
    "<<%s/Length %" G_GSIZE_FORMAT ">>\nstream\n%s\nendstream", dictionary, strlen (data), data);

  add_object (pdf, places, text);
}

#define CMAP                                                                                       \
  "1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfchar <0001> <0032> endbfchar "   \
  "2 beginbfrange <0010> <0029> <0041> <0030> <0031> [<0066> <00660069>] endbfrange"

/* Fonts: /F Helvetica, /G composite with a map, /H without, /S embedded with its own codes, /D with
 * names of its own; form /X. */
static GString *
file_with (const char *content, const char *form)
{
  GString *pdf = g_string_new ("%PDF-1.4\n");
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize xref;

  add_object (pdf, places, "<</Type/Catalog/Pages 2 0 R>>");
  add_object (pdf, places,
              "<</Type/Pages/Kids[3 0 R]/Count 1/Resources<</XObject<</X 6 0 R>>/Font<</F 7 0 R/G "
              "8 0 R/H 9 0 R/S 10 0 R/D 11 0 R>>>>>>");
  add_object (pdf, places,
              "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 "
              "R/Annots[<</Type/Annot/Subtype/Text/Contents(a note)>>]>>");
  add_stream (pdf, places, "", content);
  add_stream (pdf, places, "", CMAP);
  add_stream (pdf, places, "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Matrix[1 0 0 1 0 -50]", form);
  add_object (pdf, places,
              "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/FirstChar "
              "32/Widths[278]/FontDescriptor<</MissingWidth 550>>>>");
  add_object (pdf, places,
              "<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 5 0 "
              "R/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/DW 600>>]>>");
  add_object (pdf, places,
              "<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/"
              "CIDFontType2/DW 600>>]>>");
  add_object (
    pdf, places,
    "<</Type/Font/Subtype/TrueType/FontDescriptor<</Flags 4/FontFile2 5 0 R/MissingWidth 600>>>>");
  add_object (pdf, places,
              "<</Type/Font/Subtype/Type1/Encoding<</Differences[1/two/A/X/uni0033/hyphen/endash "
              "33/a.alt]>>/FontDescriptor<</MissingWidth 600>>>>");
  xref = pdf->len;
  g_string_append_printf (pdf, "xref\n0 %u\n0000000000 65535 f \n", places->len + 1);
  for (guint i = 0; i < places->len; i++)
    g_string_append_printf (pdf, "%010" G_GSIZE_FORMAT " 00000 n \n",
                            g_array_index (places, gsize, i));
  g_string_append_printf (
    pdf, "trailer\n<</Size %u/Root 1 0 R>>\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n",
    places->len + 1, xref);
  return pdf;
}

static Document *
read_page (const char *content, const char *form)
{
  GString *pdf = file_with (content, form);
  Document *document = document_read_pdf ((const guint8 *) pdf->str, pdf->len);

  g_string_free (pdf, TRUE);
  return document;
}

static const struct {
  const char *name, *content, *form, *want;
  DocumentText state;
} rows[] = {
  { "a line", "BT /F 12 Tf 72 700 Td (2AX3-FY7-HJ91) Tj ET", "", "2AX3-FY7-HJ91\na note", DOCUMENT_TEXT_READ },
  { "letters placed one by one", "BT /F 10 Tf 1 0 0 1 0 0 Tm (2) Tj 1 0 0 1 5.5 0 Tm (A) Tj 1 0 0 1 11 0 Tm (X) Tj 1 0 0 1 19 0 Tm (3) Tj ET", "",
    "2AX 3\na note", DOCUMENT_TEXT_READ },
  { "pushed apart and together", "BT /F 10 Tf [(2A) 80 (X3) -300 (F) -20 (Y7)] TJ ET", "", "2AX3 FY7\na note", DOCUMENT_TEXT_READ },
  { "lines", "BT /F 10 Tf 12 TL (one) Tj T* (two) Tj (three) ' 0 0 (four) \" 0 -12 TD (five) Tj ET", "",
    "one\ntwo\nthree\nfour\nfive\na note", DOCUMENT_TEXT_READ },
  { "turned by ninety degrees", "BT /F 10 Tf 0 1 -1 0 50 50 Tm (2AX) Tj 0 1 -1 0 50 66.5 Tm (3) Tj 0 1 -1 0 80 50 Tm (on) Tj ET", "",
    "2AX3\non\na note", DOCUMENT_TEXT_READ },
  { "small letters, made large by the page", "q 100 0 0 100 0 0 cm BT /F .1 Tf (2A) Tj .11 0 Td (X3) Tj ET Q", "", "2AX3\na note", DOCUMENT_TEXT_READ },
  { "hexadecimal, with a map", "BT /G 10 Tf <0001 0010 00270001> Tj <0031> Tj ET", "", "2AX2fi\na note", DOCUMENT_TEXT_READ },
  { "names of characters", "BT /D 10 Tf (\\001\\002\\003\\004\\005\\006!) Tj ET", "", "2AX3--a\na note", DOCUMENT_TEXT_READ },
  { "without a map", "BT /H 10 Tf <00010010> Tj ET", "", "\xef\xbf\xbd\xef\xbf\xbd\na note", DOCUMENT_TEXT_PARTLY },
  { "codes of the font's own", "BT /S 10 Tf (AB) Tj /F 10 Tf 0 -20 Td (and words) Tj ET", "", "\xef\xbf\xbd\xef\xbf\xbd\nand words\na note",
    DOCUMENT_TEXT_PARTLY },
  { "a piece used by its name", "BT /F 10 Tf (above) Tj ET q /X Do Q", "BT /F 10 Tf (below) Tj ET", "above\nbelow\na note", DOCUMENT_TEXT_READ },
  { "a piece that uses itself", "/X Do", "BT /F 10 Tf (x) Tj ET /X Do", "x\nx\nx\nx\nx\nx\na note", DOCUMENT_TEXT_PARTLY },
  { "an image within", "BI /W 1 /H 1 ID (Tj\001) EI BT /F 10 Tf (after it) Tj ET", "", "after it\na note", DOCUMENT_TEXT_READ },
  { "a font that is not there", "BT /Z 10 Tf (words) Tj ET", "", "a note", DOCUMENT_TEXT_PARTLY },
  { "strings of all kinds", "BT /F 10 Tf (a\\(b\\)(c)\\\nd\\163\\t) Tj ET % (not this) Tj", "", "a(b)(c)ds \na note", DOCUMENT_TEXT_READ },
  { "a comment for no end", "% ", "", "a note", DOCUMENT_TEXT_READ },
  { "saved and given back", "BT /F 10 Tf q /H 10 Tf Q (words) Tj ET", "", "words\na note", DOCUMENT_TEXT_READ },
  { "hyphens of other kinds", "BT /F 10 Tf (2AX3\\255FY7) Tj ET", "", "2AX3-FY7\na note", DOCUMENT_TEXT_READ },
  { "cut off in a string", "BT /F 10 Tf (open", "", "a note", DOCUMENT_TEXT_READ },
};

static void
words_are_read_as_they_are_drawn (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Document) d = read_page (rows[i].content, rows[i].form);

      g_test_message ("%s", rows[i].name);
      g_assert_cmphex (d->flaws, ==, FLAW_NO_FIELDS);
      g_assert_cmpstr (d->text, ==, rows[i].want);
      g_assert_cmpint (d->text_state, ==, rows[i].state);
    }
}

/* --- pages that show more than was read ------------------------------------------------------- */

#define PICTURE "q 600 0 0 800 0 0 cm BI /W 1 /H 1 ID x EI Q "
#define LINE                                                                                       \
  "BT /F 10 Tf (A page of words, as a letter has it, and some more of them below it, and as many " \
  "again.) Tj ET "
#define CURVES "0 0 m 1 1 2 2 3 3 c 1 1 2 2 v 1 1 2 2 y "

/* The page has a note of six letters, too. */
static const struct {
  const char *name, *content;
  bool unread;
} shown[] = {
  { "words", LINE, false },
  { "a blank page", "", false },
  { "a scanned page", PICTURE, true },
  { "a scanned page, in strips", "q 600 0 0 250 0 0 cm BI /W 1 /H 1 ID x EI Q q 300 0 0 800 0 0 cm BI /W 1 /H 1 ID x EI Q ", true },
  { "a scanned page, turned", "q 0 800 -600 0 0 0 cm BI /W 1 /H 1 ID x EI Q ", true },
  { "what a scanner writes on it", PICTURE "BT /F 10 Tf (Scanned with an app) Tj ET", true },
  { "a scanned page with the words behind it", LINE PICTURE, false },
  { "a letter with a logo", "q 60 0 0 60 0 0 cm BI /W 1 /H 1 ID x EI Q " LINE, false },
  { "a short note with a logo", "q 60 0 0 60 0 0 cm BI /W 1 /H 1 ID x EI Q ", false },
  { "letters without a meaning", LINE "BT /H 10 Tf <00010010> Tj ET", true },
  { "one bullet without a meaning", LINE "BT /H 10 Tf <0001> Tj ET", false },
  { "a font that is not there", LINE "BT /Z 10 Tf (words) Tj ET", true },
  { "letters as curves beside words", LINE CURVES CURVES, false },
};

static void
pages_that_show_more_are_named (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_autoptr (Document) d = read_page (shown[i].content, "");
      g_autofree char *pages = document_unread_pages (d);

      g_test_message ("%s", shown[i].name);
      g_assert_cmpstr (pages, ==, shown[i].unread ? "1" : NULL);
    }
}

static void
pages_are_named_in_stretches (void)
{
  g_autoptr (Document) d = document_new (DOCUMENT_PDF);

  g_assert_null (document_unread_pages (d));
  document_add_unread (d, 3, 3);
  document_add_unread (d, 4, 4);
  document_add_unread (d, 5, 5);
  document_add_unread (d, 9, 9);
  document_add_unread (d, 501, 900);
  g_autofree char *pages = document_unread_pages (d);
  g_assert_cmpstr (pages, ==, "3-5, 9, 501-900");
}

/* --- files that are not as they should be ----------------------------------------------------- */

/* A form is not believed then; what must not come by mail is found all the same. */
static void
a_damaged_file_is_looked_through (void)
{
  GString *pdf = file_with ("BT /F 12 Tf (2AX3-FY7-HJ91) Tj ET", "");
  char *xref = strstr (pdf->str, "xref\n");

  memcpy (xref, "xxxx", 4);
  g_autoptr (Document) d = document_read_pdf ((const guint8 *) pdf->str, pdf->len);
  g_assert_true (document_is_unread (d));
  g_assert_nonnull (strstr (d->text, "2AX3-FY7-HJ91"));
  g_assert_cmpint (d->text_state, ==, DOCUMENT_TEXT_PARTLY);
  g_string_free (pdf, TRUE);
}

static void
what_nobody_can_read_is_said (void)
{
  static const guint8 nothing[] = "%PDF-1.4\nnothing";
  g_autoptr (Document) broken = document_read_pdf (nothing, sizeof nothing - 1);

  g_assert_cmpint (broken->text_state, ==, DOCUMENT_TEXT_UNREADABLE);
  g_assert_cmpstr (document_why_unread (broken), ==, "its structure is broken");
  g_assert_cmpstr (broken->text, ==, "");
}

/* More than is read is said, and costs neither time nor the form. */
static void
a_page_without_end_is_cut (void)
{
  GString *content = g_string_new ("BT /F 10 Tf ");

  while (content->len < 900 * 1000)
    g_string_append (content, "(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) ' ");
  g_string_append (content, "/X Do ");
  g_autoptr (Document) d = read_page (content->str, content->str);
  g_assert_cmpint (d->text_state, ==, DOCUMENT_TEXT_PARTLY);
  g_autofree char *pages = document_unread_pages (d);
  g_assert_cmpstr (pages, ==, "1");
  g_assert_cmphex (d->flaws, ==, FLAW_NO_FIELDS);
  g_assert_cmpuint (strlen (d->text), <=, 1024 * 1024);
  g_string_free (content, TRUE);
}

static void
any_byte_may_be_another (void)
{
  GString *pdf =
    file_with ("BT /F 12 Tf (2AX3) Tj /G 1 Tf <0001> Tj ET /X Do", "BT /D 10 Tf (\\001) Tj ET");

  for (gsize at = 0; at < pdf->len; at += 3)
    {
      char was = pdf->str[at];

      pdf->str[at] = (char) (was ^ 0x11);
      g_autoptr (Document) d = document_read_pdf ((const guint8 *) pdf->str, pdf->len);
      g_assert_true (g_utf8_validate (d->text, -1, NULL));
      pdf->str[at] = was;
    }
  g_string_free (pdf, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  document_preload ();
  g_test_add_func ("/pdf-words/words-are-read-as-they-are-drawn", words_are_read_as_they_are_drawn);
  g_test_add_func ("/pdf-words/pages-that-show-more-are-named", pages_that_show_more_are_named);
  g_test_add_func ("/pdf-words/pages-are-named-in-stretches", pages_are_named_in_stretches);
  g_test_add_func ("/pdf-words/a-damaged-file-is-looked-through", a_damaged_file_is_looked_through);
  g_test_add_func ("/pdf-words/what-nobody-can-read-is-said", what_nobody_can_read_is_said);
  g_test_add_func ("/pdf-words/a-page-without-end-is-cut", a_page_without_end_is_cut);
  g_test_add_func ("/pdf-words/any-byte-may-be-another", any_byte_may_be_another);
  return g_test_run ();
}
