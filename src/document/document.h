/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a file attached to a mail says as a form: the fields of a PDF form, the cells of a workbook.
 *
 * Bytes go in, plain data comes out; nobody outside document/ sees PDF, zip or XML.  The bytes are
 * hostile: these functions run in a child of the reader (message/reader.h) and stop at named
 * limits.  They are total: any bytes give a Document, and what kept it from being read, or makes it
 * doubtful, is a flaw of it.  Text is valid UTF-8 and nothing more: whoever takes it further cleans
 * it.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Which reader: by what the bytes are and what the file is called. */
typedef enum { DOCUMENT_NONE, DOCUMENT_PDF, DOCUMENT_WORKBOOK, DOCUMENT_CSV } DocumentKind;

/* Bits of Document.flaws; document_flaws lists them with their names. */
typedef enum {
  FLAW_DAMAGED = 1 << 0,        /* the structure is broken: nothing of it is believed */
  FLAW_ENCRYPTED = 1 << 1,      /* it opens with a password only */
  FLAW_TOO_LARGE = 1 << 2,      /* it is, or expands to, more than is read */
  FLAW_NOT_READ = 1 << 3,       /* its reader died or took too long */
  FLAW_NO_FIELDS = 1 << 4,      /* PDF: no form, or a flattened or printed one */
  FLAW_XFA_ONLY = 1 << 5,       /* PDF: a form for one vendor's reader only */
  FLAW_SCRIPTS = 1 << 6,        /* PDF: it runs code, so what was seen need not be what is stored */
  FLAW_MACROS = 1 << 7,         /* workbook: it holds macros */
  FLAW_OTHER_FORMAT = 1 << 8,   /* workbook: .xls, .xlsb, .ods: not .xlsx */
  FLAW_HIDDEN_SHEETS = 1 << 9,  /* workbook: sheets that its reader does not see */
  FLAW_FORMULAS = 1 << 10,      /* workbook: cells that are computed, not written */
} DocumentFlaw;

typedef struct {
  DocumentFlaw flaw;
  const char *name;             /* "no-fields" */
  bool fatal;                   /* nothing was read */
  const char *help;             /* one sentence for people */
} DocumentFlawRow;

extern const DocumentFlawRow document_flaws[]; /* ends with { 0 } */

typedef struct {
  char *name;                   /* full name: "applicant.phone" */
  char *value;                  /* "" when nothing is filled in; several choices joined by ", " */
} DocumentField;

typedef enum { CELL_TEXT, CELL_NUMBER, CELL_DATE, CELL_YES_NO, CELL_ERROR } DocumentCellKind;

typedef struct {
  guint row, column;            /* from 1 */
  DocumentCellKind kind;
  bool formula;
  char *text;                   /* numbers with '.' and as shown in percent: "25%"; dates
                                 * "2027-03-01"; "yes" or "no" */
} DocumentCell;

typedef struct {
  char *name;                   /* "" in a .csv */
  bool hidden;
  GPtrArray *cells;             /* DocumentCell, not empty, in rows */
} DocumentSheet;

/* How much of the words on the pages of a PDF could be read.  Pictures of words are none. */
typedef enum {
  DOCUMENT_TEXT_UNREADABLE,     /* nothing: the file, or all of its fonts, do not say what stands
                                 * there */
  DOCUMENT_TEXT_PARTLY,
  DOCUMENT_TEXT_READ,
  DOCUMENT_TEXT_NONE,           /* there are no words on them */
} DocumentText;

typedef struct {
  guint first, last;            /* from 1 */
} DocumentPages;

typedef struct {
  DocumentKind kind;
  guint flaws;                  /* DocumentFlaw */
  char *title;                  /* of a PDF; "" when there is none */
  bool is_signed;               /* PDF: it holds what looks like a signature; nothing is said for
                                 * it */
  DocumentText text_state;      /* of a PDF; what the fields say is no part of it */
  char *text;                   /* those words, in the order in which they are drawn; "" */
  GArray *unread;               /* DocumentPages of a PDF, in order: what can be seen there was
                                 * not read, or not all of it */
  GPtrArray *fields;            /* DocumentField, in order; of a PDF */
  GPtrArray *sheets;            /* DocumentSheet, in order; of a workbook */
} Document;

Document *document_new (DocumentKind kind);
void document_free (Document *document);
/* They take over nothing and return what they added. */
DocumentField *document_add_field (Document *document, const char *name, const char *value);
DocumentSheet *document_add_sheet (Document *document, const char *name);
void document_add_unread (Document *document, guint first, guint last);
DocumentCell *document_add_cell (DocumentSheet *sheet, guint row, guint column,
                                 DocumentCellKind kind, const char *text);

const char *document_text_name (DocumentText state);
const char *document_kind_name (DocumentKind kind);      /* "pdf", "workbook", "csv" */
const char *document_cell_kind_name (DocumentCellKind kind);
/* Whether a flaw kept it from being read. */
bool document_is_unread (const Document *document);
/* Why it was not read, one sentence; NULL: it was. */
const char *document_why_unread (const Document *document);
/* "3-5, 9": the pages of it that may show what was not read; NULL: none.  g_free(). */
char *document_unread_pages (const Document *document);
/* "B4" */
char *document_cell_place (const DocumentCell *cell);

/* The whole of one file.  CSV wants valid UTF-8, ended by NUL. */
Document *document_read_pdf (const guint8 *bytes, gsize n);
Document *document_read_workbook (const guint8 *bytes, gsize n);
Document *document_read_csv (const char *text);

/* The words of a letter (.docx, .odt), as much as can be read, valid UTF-8; NULL when it is no zip.
 * g_free(). */
char *document_zip_words (const guint8 *bytes, gsize n);

/* Load what reading needs later, while files can still be opened. */
void document_preload (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Document, document_free)
