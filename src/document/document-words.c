/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of a letter: a document of Word (ECMA-376) or OpenDocument, which is a zip of XML.
 *
 * They are looked through for what must not come by mail, and nothing more: where they stand, and
 * what is a heading, is not asked.
 */
#include "document/document-private.h"

#include <string.h>

typedef struct {
  GString *text;
  DocumentFlaw stop;
} Words;

static void
on_start (const char *element, const char **attributes, gpointer data)
{
  static const char *const blanks[] = { "tab", "s", "br", "line-break", "cr", NULL };
  Words *w = data;

  if (g_strv_contains (blanks, element))
    g_string_append_c (w->text, ' ');
}

static void
on_end (const char *element, gpointer data)
{
  Words *w = data;

  if (strcmp (element, "p") == 0 || strcmp (element, "h") == 0)
    g_string_append_c (w->text, '\n');
}

static void
on_text (const char *text, gsize n, gpointer data)
{
  Words *w = data;

  g_string_append_len (w->text, text, (gssize) n);
  if (w->text->len > MAX_VALUES)
    w->stop = FLAW_TOO_LARGE;
}

char *
document_zip_words (const guint8 *bytes, gsize n)
{
  static const char *const members[] = {
    "word/document.xml", "word/header1.xml",  "word/header2.xml", "word/header3.xml",
    "word/footer1.xml",  "word/footer2.xml",  "word/footer3.xml", "word/footnotes.xml",
    "word/endnotes.xml", "word/comments.xml", "content.xml",      "styles.xml",
  };
  static const DocumentXml xml = { on_start, on_end, on_text };
  DocumentFlaw flaw;
  g_autoptr (DocumentZip) zip = document_zip_open (bytes, n, &flaw);
  Words w = { zip != NULL ? g_string_new (NULL) : NULL, 0 };

  if (zip == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (members) && w.stop == 0; i++)
    document_xml_read (zip, members[i], &xml, &w, &w.stop, &flaw);
  return g_string_free (w.text, FALSE);
}
