/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where on the pages of a PDF words stand: their content, notes, and what those look like; and
 * which pages show what was not read.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/pdf-words.h"

enum {
  MAX_PAGES = 500, MAX_NOTES = 2000,
  FEW_LETTERS = 60,          /* what a scanner writes on its picture of a page, or who numbers
                              * such pages */
  MANY_CURVES = 40,          /* more than a frame or a line of a signature has */
  UNKNOWN_IN_WORD = 2,       /* one alone is a bullet or a tick */
};

/* Pages inherit what they draw with (7.7.3.4). */
static qpdf_oh
resources_of (qpdf_data q, qpdf_oh page)
{
  qpdf_oh found = pdf_key (q, page, "/Resources");

  for (guint i = 0; found == 0 && page != 0 && i < 32; i++)
    {
      page = pdf_key (q, page, "/Parent");
      found = pdf_key (q, page, "/Resources");
    }
  return found;
}

/* Streams of one page are one (7.8.2). */
static void
add_stream (PdfWords *w, qpdf_oh stream, GByteArray *content)
{
  gsize n;
  guint8 *bytes = pdf_stream_bytes (w->q, stream, &n);

  if (bytes == NULL)
    pdf_words_leave_out (w);
  w->cut |= w->content + content->len + n > PDF_MAX_CONTENT;
  if (bytes != NULL && !w->cut)
    {
      g_byte_array_append (content, bytes, (guint) n);
      g_byte_array_append (content, (const guint8 *) "\n", 1);
    }
  free (bytes);
}

static void
read_page (PdfWords *w, qpdf_oh page)
{
  const PdfState state = { .ctm = pdf_identity, .scale = 1 };
  qpdf_oh contents = pdf_key (w->q, page, "/Contents");
  g_autoptr (GByteArray) content = g_byte_array_new ();

  if (contents != 0 && qpdf_oh_is_array (w->q, contents))
    for (int i = 0; i < qpdf_oh_get_array_n_items (w->q, contents) && !w->cut; i++)
      add_stream (w, qpdf_oh_get_array_item (w->q, contents, i), content);
  else if (contents != 0 && qpdf_oh_is_stream (w->q, contents))
    add_stream (w, contents, content);
  w->has_end = false;
  pdf_words_separate (w, '\n');
  pdf_words_read (w, content->data, content->len, resources_of (w->q, page), &state, 0);
}

/* What a note, stamp or field looks like on the page (12.5.5). */
static void
read_appearance (PdfWords *w, qpdf_oh note, qpdf_oh page)
{
  const PdfState state = { .ctm = pdf_identity, .scale = 1 };
  qpdf_oh normal = pdf_key (w->q, pdf_key (w->q, note, "/AP"), "/N");
  gsize n;

  if (normal == 0 || !qpdf_oh_is_stream (w->q, normal))
    return;
  qpdf_oh own = pdf_key (w->q, qpdf_oh_get_dict (w->q, normal), "/Resources");
  guint8 *bytes = pdf_stream_bytes (w->q, normal, &n);
  if (bytes == NULL)
    pdf_words_leave_out (w);
  w->has_end = false;
  pdf_words_separate (w, '\n');
  pdf_words_read (w, bytes, n, own != 0 ? own : resources_of (w->q, page), &state, 1);
  free (bytes);
}

/* What is written on the page in a note, or beside it. */
static void
read_notes (PdfWords *w, qpdf_oh page)
{
  qpdf_oh notes = pdf_key (w->q, page, "/Annots");

  for (int i = 0;
       notes != 0 && qpdf_oh_is_array (w->q, notes) && i < qpdf_oh_get_array_n_items (w->q, notes);
       i++)
    {
      qpdf_oh note = qpdf_oh_get_array_item (w->q, notes, i),
              text = pdf_key (w->q, note, "/Contents");

      if (++w->notes > MAX_NOTES || w->cut)
        return;
      read_appearance (w, note, page);
      if (text == 0 || !qpdf_oh_is_string (w->q, text))
        continue;
      pdf_words_separate (w, '\n');
      pdf_words_append (w, qpdf_oh_get_utf8_value (w->q, text));
      w->any = true;
    }
}

/* --- what was not read ------------------------------------------------------------------------ */

/* The value of NAME, which pages inherit, as the area of a rectangle. */
static double
area_of (qpdf_data q, qpdf_oh page)
{
  qpdf_oh box = pdf_key (q, page, "/MediaBox");
  double v[4];

  for (guint i = 0; box == 0 && page != 0 && i < 32; i++)
    {
      page = pdf_key (q, page, "/Parent");
      box = pdf_key (q, page, "/MediaBox");
    }
  if (box == 0 || !qpdf_oh_is_array (q, box) || qpdf_oh_get_array_n_items (q, box) != 4)
    return 0;
  for (int i = 0; i < 4; i++)
    if (!qpdf_oh_get_value_as_number (q, qpdf_oh_get_array_item (q, box, i), &v[i]))
      return 0;
  return fabs ((v[2] - v[0]) * (v[3] - v[1]));
}

/* How many letters TEXT has; *GARBLED: a word of it has more than one that nobody can tell. */
static guint
count_letters (const char *text, bool *garbled)
{
  guint letters = 0, unknown = 0;

  for (; *text != '\0'; text++)
    if (*text == ' ' || *text == '\n')
      unknown = 0;
    else if (g_str_has_prefix (text, "\xef\xbf\xbd"))
      {
        *garbled |= ++unknown >= UNKNOWN_IN_WORD;
        text += 2;
      }
    else
      letters += g_ascii_isalnum (*text) || ((guchar) *text & 0xc0) == 0xc0;
  return letters;
}

/* Whether something may be seen on PAGE that was not read: pictures of words, letters drawn as
 * curves, or letters without a meaning. */
static bool
shows_more (const PdfWords *w, qpdf_oh page)
{
  const PdfPage *seen = &w->page;
  bool garbled = false;
  guint letters = count_letters (w->text->str + MIN (seen->from, w->text->len), &garbled);

  if (garbled || seen->lost || w->cut)
    return true;
  if (letters == 0)
    return seen->pictures > 0 || seen->curves >= MANY_CURVES;
  return letters < FEW_LETTERS && seen->pictures > 0 && seen->pictures >= area_of (w->q, page) / 2;
}

/* Page NUMBER, from 1. */
static void
look_through (PdfWords *w, qpdf_oh page, guint number, Document *document)
{
  w->page = (PdfPage){ .from = w->text->len };
  if (qpdf_oh_is_dictionary (w->q, page))
    {
      read_page (w, page);
      read_notes (w, page);
    }
  else
    w->page.lost = true;
  if (shows_more (w, page))
    document_add_unread (document, number, number);
}

/* Hyphens and spaces of all kinds are one: what is looked for has them between its parts. */
static void
make_plain (GString *text)
{
  static const struct {
    const char *other, *plain;
  } marks[] = {
    { "\u00ad", "-" }, { "\u2010", "-" }, { "\u2011", "-" }, { "\u2012", "-" }, { "\u2013", "-" }, { "\u2212", "-" }, { "\u00a0", " " },
    { "\u2009", " " }, { "\u202f", " " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    g_string_replace (text, marks[i].other, marks[i].plain, 0);
}

void
pdf_read_words (qpdf_data q, Document *document)
{
  PdfWords w = { .q = q,
                 .text = g_string_new (NULL),
                 .fonts = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) pdf_font_free),
                 .direct = g_ptr_array_new_with_free_func ((GDestroyNotify) pdf_font_free) };
  int pages = qpdf_get_num_pages (q), i;

  g_array_set_size (document->unread, 0);
  for (i = 0; i < pages && i < MAX_PAGES && !w.cut; i++)
    look_through (&w, qpdf_get_page_n (q, (size_t) i), (guint) i + 1, document);
  w.cut |= i < pages;
  if (i < pages)
    document_add_unread (document, (guint) i + 1, (guint) pages);
  document->text_state = w.cut || w.gap || (w.unknown && w.any) ? DOCUMENT_TEXT_PARTLY
                         : w.unknown || pages < 0               ? DOCUMENT_TEXT_UNREADABLE
                         : w.any                                ? DOCUMENT_TEXT_READ
                                                                : DOCUMENT_TEXT_NONE;
  make_plain (w.text);
  g_free (document->text);
  document->text = g_utf8_make_valid (w.text->str, (gssize) w.text->len);
  g_string_free (w.text, TRUE);
  g_hash_table_unref (w.fonts);
  g_ptr_array_unref (w.direct);
}
