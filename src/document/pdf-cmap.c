/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the codes of a font mean, as the file says itself: bfchar and bfrange.
 */
#include <string.h>

#include "document/pdf-content.h"

enum { MAX_CODES = 65536, MAX_TEXT = 64 };

void
pdf_cmap_free (PdfCmap *cmap)
{
  if (cmap == NULL)
    return;
  g_hash_table_unref (cmap->texts);
  g_free (cmap);
}

static guint
code_of (const PdfToken *token)
{
  guint code = 0;

  for (gsize i = 0; i < token->n && i < 4; i++)
    code = code << 8 | (guint8) token->bytes[i];
  return code;
}

/* UTF-16, the last unit STEP higher. */
static char *
text_of (const char *bytes, gsize n, guint step)
{
  gunichar2 units[MAX_TEXT];
  gsize m = MIN (n / 2, MAX_TEXT);

  for (gsize i = 0; i < m; i++)
    units[i] = (gunichar2) ((guint8) bytes[2 * i] << 8 | (guint8) bytes[2 * i + 1]);
  /* Some write one byte. */
  if (n == 1)
    units[m++] = (guint8) bytes[0];
  if (m > 0)
    units[m - 1] = (gunichar2) (units[m - 1] + step);
  for (gsize i = 0; i < m; i++)
    if (units[i] == 0)
      return NULL;
  return m > 0 ? g_utf16_to_utf8 (units, (glong) m, NULL, NULL, NULL) : NULL;
}

static void
set (PdfCmap *cmap, guint code, char *text)
{
  if (text != NULL && g_hash_table_size (cmap->texts) < MAX_CODES)
    g_hash_table_insert (cmap->texts, GUINT_TO_POINTER (code), text);
  else
    g_free (text);
}

/* <code> <text> ... endbfchar */
static void
read_chars (PdfCmap *cmap, PdfLexer *lexer)
{
  for (;;)
    {
      PdfToken token = pdf_lexer_next (lexer);

      if (token.kind != PDF_STRING)
        return;
      guint code = code_of (&token);
      token = pdf_lexer_next (lexer);
      if (token.kind != PDF_STRING)
        return;
      set (cmap, code, text_of (token.bytes, token.n, 0));
    }
}

/* <first> <last> <text of the first>, or [<text> ...]; ... endbfrange */
static void
read_ranges (PdfCmap *cmap, PdfLexer *lexer)
{
  for (;;)
    {
      PdfToken token = pdf_lexer_next (lexer);

      if (token.kind != PDF_STRING)
        return;
      guint first = code_of (&token);
      token = pdf_lexer_next (lexer);
      if (token.kind != PDF_STRING)
        return;
      guint last = MIN (code_of (&token), first + MAX_CODES - 1);
      token = pdf_lexer_next (lexer);
      if (token.kind == PDF_STRING)
        for (guint code = first; code <= last && g_hash_table_size (cmap->texts) < MAX_CODES;
             code++)
          set (cmap, code, text_of (token.bytes, token.n, code - first));
      else if (token.kind == PDF_ARRAY)
        for (guint code = first; (token = pdf_lexer_next (lexer)).kind == PDF_STRING; code++)
          if (code <= last)
            set (cmap, code, text_of (token.bytes, token.n, 0));
      if (token.kind != PDF_STRING && token.kind != PDF_ARRAY_END)
        return;
    }
}

static void
read_space (PdfCmap *cmap, PdfLexer *lexer)
{
  PdfToken token;

  while ((token = pdf_lexer_next (lexer)).kind == PDF_STRING)
    cmap->width = MAX (cmap->width, MIN ((guint) token.n, 2));
}

PdfCmap *
pdf_cmap_read (const guint8 *bytes, gsize n)
{
  PdfCmap *cmap = g_new0 (PdfCmap, 1);
  PdfLexer lexer;
  PdfToken token;

  cmap->texts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  pdf_lexer_init (&lexer, bytes, n);
  while ((token = pdf_lexer_next (&lexer)).kind != PDF_END)
    {
      if (token.kind != PDF_WORD)
        continue;
      if (strcmp (token.bytes, "begincodespacerange") == 0)
        read_space (cmap, &lexer);
      else if (strcmp (token.bytes, "beginbfchar") == 0)
        read_chars (cmap, &lexer);
      else if (strcmp (token.bytes, "beginbfrange") == 0)
        read_ranges (cmap, &lexer);
    }
  pdf_lexer_clear (&lexer);
  return cmap;
}
