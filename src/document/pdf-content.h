/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words drawn on the pages of a PDF: what its files share.
 */
#pragma once

#include <qpdf/qpdf-c.h>

#include "document/document-private.h"

/* --- pdf-content.c: content streams and CMaps as tokens (ISO 32000-1, 7.2) -------------------- */

typedef enum {
  PDF_END,
  PDF_NUMBER,
  PDF_STRING,
  PDF_NAME,
  PDF_ARRAY,
  PDF_ARRAY_END,
  PDF_WORD,
  PDF_OTHER
} PdfTokenKind;

typedef struct {
  PdfTokenKind kind;
  double number;
  const char *bytes;         /* of a string (what it says), name (without '/'), word or delimiter;
                              * until the next token is read, and 0 behind it */
  gsize n;
} PdfToken;

typedef struct {
  const guint8 *at, *end;
  GString *buffer;
} PdfLexer;

void pdf_lexer_init (PdfLexer *lexer, const guint8 *bytes, gsize n);
void pdf_lexer_clear (PdfLexer *lexer);
/* Total: any bytes give tokens, the last of them PDF_END. */
PdfToken pdf_lexer_next (PdfLexer *lexer);
/* After "ID": over the bytes of the image, to behind its "EI". */
void pdf_lexer_skip_image (PdfLexer *lexer);

/* --- pdf-cmap.c: a ToUnicode CMap (9.10.3) ---------------------------------------------------- */

typedef struct {
  GHashTable *texts;         /* code -> char *, UTF-8 */
  guint width;               /* bytes of a code: 1 or 2; 0: it does not say */
} PdfCmap;

PdfCmap *pdf_cmap_read (const guint8 *bytes, gsize n);
void pdf_cmap_free (PdfCmap *cmap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PdfCmap, pdf_cmap_free)

/* --- pdf-font.c ------------------------------------------------------------------------------- */

typedef struct PdfFont PdfFont;

/* FONT is a font dictionary. */
PdfFont *pdf_font_new (qpdf_data q, qpdf_oh font);
void pdf_font_free (PdfFont *font);
/* Bytes of a code. */
guint pdf_font_width_of_code (const PdfFont *font);
/* What CODE shows; NULL: nobody can tell. */
const char *pdf_font_text (const PdfFont *font, guint code);
/* How far it moves, in units of the font size. */
double pdf_font_advance (const PdfFont *font, guint code);

/* The decoded bytes of STREAM, to be freed with free(); NULL: there are none, or they may be too
 * many. */
guint8 *pdf_stream_bytes (qpdf_data q, qpdf_oh stream, gsize *n);

/* --- pdf-pages.c ------------------------------------------------------------------------------ */

/* The words on the pages of Q, as far as they can be told, into DOCUMENT. */
void pdf_read_words (qpdf_data q, Document *document);
