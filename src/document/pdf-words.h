/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is known while the words of a PDF are read, page by page (pdf-pages.c), stream by stream
 * (pdf-words.c).
 */
#pragma once

#include "document/pdf-content.h"

enum { PDF_MAX_CONTENT = 24 * 1024 * 1024 /* bytes of all content, expanded */ };

typedef struct {
  double a, b, c, d, e, f;
} PdfMatrix;

extern const PdfMatrix pdf_identity;

/* The graphics state, as far as text needs it (8.4.1, 9.3). */
typedef struct {
  PdfMatrix ctm;
  const PdfFont *font;
  double size, char_space, word_space, scale, leading;
} PdfState;

/* What is known of the page at hand, to tell whether what is seen on it was read (pdf-pages.c). */
typedef struct {
  gsize from;                /* where its words begin in the text */
  double pictures;           /* the area that pictures take on it */
  guint curves;              /* that are drawn: so are letters which are none any more */
  bool lost;                 /* something of it was left out, or has no font */
} PdfPage;

typedef struct {
  qpdf_data q;
  GString *text;
  GHashTable *fonts;         /* object number -> PdfFont */
  GPtrArray *direct;         /* PdfFont of dictionaries that have none */
  gsize content, tokens;
  guint forms, notes;
  bool any, unknown;         /* words were read; there are some that nobody can tell */
  bool gap, cut;             /* something was left out; it was enough, and nothing more is read */
  PdfPage page;
  bool has_end;              /* the last piece ended at X, Y */
  double x, y;
} PdfWords;

/* The value of NAME in DICTIONARY; 0: it has none, or is no dictionary. */
qpdf_oh pdf_key (qpdf_data q, qpdf_oh dictionary, const char *name);
void pdf_words_append (PdfWords *w, const char *text);
/* WITH a blank or a line end, once however often it is said. */
void pdf_words_separate (PdfWords *w, char with);
/* Something is not read. */
void pdf_words_leave_out (PdfWords *w);
/* The words of one content stream, drawn with RESOURCES from STATE on; DEPTH forms are around
 * it. */
void pdf_words_read (PdfWords *w, const guint8 *bytes, gsize n, qpdf_oh resources,
                     const PdfState *state, guint depth);
