/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the pdf-*.c files only: an open document, the range rules, the walk, and the comparison
 * of two revisions.
 */
#pragma once

#include <glib.h>
#include <qpdf/qpdf-c.h>
#include <stdbool.h>

#include "document/pdf-signed.h"

#define PDF_MAX_DEPTH 100
#define PDF_MAX_OBJECTS 2000000

/* --- pdf-open.c: one document, or one revision of it, through qpdf --------------------------- */

typedef struct {
  qpdf_data q;
  const guint8 *bytes;
  gsize n;
  qpdf_error why;          /* why it cannot be opened, or what is wrong in it */
} PdfDoc;

typedef enum { PDF_OPEN, PDF_NEEDS_PASSWORD, PDF_NOT_KNOWN, PDF_NOT_READABLE } PdfOpened;

/* BYTES must outlive DOC.  Nothing is repaired.  Close it in any case. */
PdfOpened pdf_open (PdfDoc *doc, const guint8 *bytes, gsize n);
void pdf_close (PdfDoc *doc);
/* What qpdf had to complain about so far, or NULL.  Objects are read when they are asked for: ask
 * at the end. */
char *pdf_complaint (PdfDoc *doc);

/* DICT[KEY] or 0 when there is none (null counts as none); DICT may be anything. */
qpdf_oh pdf_get (const PdfDoc *doc, qpdf_oh dict, const char *key);
/* Items of an array; 0 for anything else. */
guint pdf_length (const PdfDoc *doc, qpdf_oh array);
qpdf_oh pdf_item (const PdfDoc *doc, qpdf_oh array, guint i);
bool pdf_is_name (const PdfDoc *doc, qpdf_oh object, const char *name);
/* The keys of a dictionary or of a stream's dictionary that are not null, in order; free with
 * g_ptr_array_unref(). */
GPtrArray *pdf_keys (const PdfDoc *doc, qpdf_oh dict);
/* Number and generation of an indirect object in one; 0: it is direct. */
guint64 pdf_id (const PdfDoc *doc, qpdf_oh object);
/* The object with that ID; null when there is none. */
qpdf_oh pdf_object (const PdfDoc *doc, guint64 id);
/* As valid UTF-8; "" for what is no string.  For names without the slash. */
char *pdf_text (const PdfDoc *doc, qpdf_oh object);
gint64 pdf_int (const PdfDoc *doc, qpdf_oh object, gint64 otherwise);

/* --- pdf-range.c: which bytes ----------------------------------------------------------------- */

/* What the range rules found out about one signature. */
typedef struct {
  gsize end;               /* of what it covers */
  GBytes *cms;
} PdfCut;

/* NULL: RANGE[N_RANGE] is exactly right for a file of BYTES[N] and the gap holds CONTENTS; CUT is
 * filled.  Otherwise why not, a static text. */
const char *pdf_range_check (const guint8 *bytes, gsize n, const gint64 *range, guint n_range,
                             const guint8 *contents, gsize n_contents, PdfCut *cut);
typedef struct {
  gsize end;
  gsize table;             /* where it says that its cross-reference table is */
} PdfRevision;

/* The revisions (PdfRevision) the file consists of, in order. */
GArray *pdf_revisions (const guint8 *bytes, gsize n);
/* The revision that ends at END, from 1; 0: none does. */
guint pdf_revision_at (const GArray *revisions, gsize end);

/* --- pdf-lexical.c: words and numbers (ISO 32000-2, 7.2) -------------------------------------- */

bool pdf_is_space (guint8 c);
void pdf_pass_space (const guint8 *bytes, gsize *at, gsize to);
void pdf_pass_comments (const guint8 *bytes, gsize *at, gsize to); /* and space */
/* What is asked for lies at *AT or behind space, and *AT comes to stand behind it.  A number has at
 * most ten digits; a header is "12 0 obj". */
bool pdf_pass_number (const guint8 *bytes, gsize *at, gsize to, guint64 *number);
bool pdf_pass_word (const guint8 *bytes, gsize *at, gsize to, const char *word);
bool pdf_pass_header (const guint8 *bytes, gsize *at, gsize to, guint64 *number,
                      guint64 *generation);
/* One object lies at *AT, whole before TO, and *AT comes to stand behind it and space.  False: none
 * does, or it has octets that viewers read in several ways.  The ids of what it refers to are added
 * to REFERENCES (guint64). */
bool pdf_pass_object (const guint8 *bytes, gsize *at, gsize to, GArray *references);
/* The same for a trailer, which says where the table before it is: *PREVIOUS; 0: nowhere. */
bool pdf_pass_trailer (const guint8 *bytes, gsize *at, gsize to, GArray *references,
                       guint64 *previous);

/* --- pdf-table.c, pdf-pack.c, pdf-appended.c: what was appended ------------------------------- */

typedef struct {
  guint64 number, generation;
  guint64 place;           /* in the file */
} PdfEntry;

typedef struct {
  guint64 number, stream, index; /* which object of an object stream */
} PdfPacked;

/* What the cross-reference table of one revision lists, or its cross-reference stream. */
typedef struct {
  bool read;               /* all of it */
  bool twice;              /* an object in two places */
  GArray *entries, *packed; /* PdfEntry, PdfPacked */
  gsize end;               /* of a table, where its trailer begins; 0: it is a stream */
  guint64 previous;        /* where it says that the table before it is; 0: it says nothing, and
                            * lists all there is */
  GArray *references;      /* guint64: ids of what its trailer names */
} PdfTable;

void pdf_table_read (const PdfDoc *doc, const PdfRevision *revision, PdfTable *table);
void pdf_table_clear (PdfTable *table);
/* Object NUMBER is a stream of objects, read in one way only, and every row of TABLE that names it
 * names what is there; COMPLETE: and no other object is.  REFERENCES as for pdf_pass_object(). */
bool pdf_pack_fits (const PdfDoc *doc, guint64 number, const PdfTable *table, bool complete,
                    GArray *references);

/* pdf-appended.c: what is wrong with what follows the revision that S covers becomes a change of S
 * that is not allowed.  S is not broken. */
void pdf_check_appended (const PdfDoc *doc, const GArray *revisions, PdfSignature *s);

/* --- pdf-walk.c: where signatures and fields are ---------------------------------------------- */

typedef struct {
  qpdf_oh dict;            /* the field, or the widget of a field without kids */
  guint64 id;
  char *name;
  char *type;              /* "Sig", "Tx", ...; "" */
  qpdf_oh value, text;     /* /V and /DA, inherited; 0 */
  bool terminal;           /* it has no named kids */
} PdfField;

/* Every field of the form and every widget of the pages, each once; PdfField.  *TOO_DEEP: not all
 * of them. */
GPtrArray *pdf_fields (const PdfDoc *doc, bool *too_deep);
/* The pages in order: qpdf_oh. */
GArray *pdf_pages (const PdfDoc *doc, bool *too_deep);
/* Dictionaries with a /ByteRange, by object number; and what a reader of the document should know,
 * into NOTES. */
GArray *pdf_scan (const PdfDoc *doc, GPtrArray *notes, bool *too_many);

/* --- pdf-same.c, pdf-compare*.c: two revisions ------------------------------------------------ */

/* Values of the same meaning at every depth.  Of objects in COMPARED (ids; or NULL) it is enough
 * that both are the same object. MET (or NULL) keeps what was compared already: share it only where
 * every "no" is reported as a change that is not allowed. */
bool pdf_same (const PdfDoc *then, qpdf_oh a, const PdfDoc *now, qpdf_oh b, GHashTable *compared,
               GHashTable *met);

/* The same for what a dictionary has at KEY. */
bool pdf_same_at (const char *key, const PdfDoc *then, qpdf_oh a, const PdfDoc *now, qpdf_oh b,
                  GHashTable *compared, GHashTable *met);

/* Fields that a signature locks (FieldMDP). */
typedef struct {
  bool any;                /* there is a lock */
  bool all_but;            /* NAMES are the ones that may change */
  GPtrArray *names;        /* char * */
} PdfLock;

typedef struct {
  const PdfDoc *then, *now;
  PdfSignature *signature; /* the one that covers THEN; gets the changes */
  const PdfLock *lock;
  GHashTable *compared;    /* ids of the objects that have a comparison of their own */
  GHashTable *met;
  GPtrArray *fields_then, *fields_now; /* PdfField */
  GHashTable *new_widgets; /* ids of widgets of new signature fields that were judged already */
} PdfCompare;

/* What differs between the revision SIGNATURE covers and the whole file, into signature->later,
 * each judged by signature->permit and LOCK.  Default is: not allowed. */
void pdf_compare (const PdfDoc *then, const PdfDoc *now, const PdfLock *lock,
                  PdfSignature *signature);
/* WHAT is taken.  Of more than PDF_MAX_CHANGES only whether they are allowed is kept. */
void pdf_add_change (PdfSignature *s, bool allowed, char *what);
void pdf_changed (PdfCompare *c, bool allowed, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* All keys of A and B but those in EXCEPT (ends with NULL); every difference is reported as not
 * allowed. */
void pdf_compare_keys (PdfCompare *c, qpdf_oh a, qpdf_oh b, const char *const *except,
                       const char *what);
void pdf_compare_form (PdfCompare *c, qpdf_oh a, qpdf_oh b);
/* pdf-compare-look.c: its appearances, all that it has, leave the page as it is. */
bool pdf_draws_nothing (const PdfDoc *doc, qpdf_oh annotation);
/* They draw nothing beside the annotation, in any viewer. */
bool pdf_draws_inside (const PdfDoc *doc, qpdf_oh annotation);
/* TEXT says how text is written (/DA): with it viewers make appearances themselves. */
bool pdf_writes_inside (const PdfDoc *doc, qpdf_oh text);
/* The /DR of the form, and how its text looks where no field says (/DA). */
void pdf_compare_resources (PdfCompare *c, qpdf_oh a, qpdf_oh b);
void pdf_compare_text (PdfCompare *c, qpdf_oh a, qpdf_oh b);
