/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the files of document/ only: limits, and the steps of reading a workbook.
 */
#pragma once

#include "document/document.h"

/* What a form of an office never has more of; beyond it a file is FLAW_TOO_LARGE. */
#define MAX_FORM_FIELDS 2000
#define MAX_FORM_DEPTH 32
#define MAX_FORM_WIDGETS 20000         /* looked at for values and scripts, in all */
#define MAX_VALUE (64 * 1024)          /* bytes of one field or cell */
#define MAX_VALUES (4 * 1024 * 1024)   /* bytes of all of them together */
#define MAX_SHEETS 100
#define MAX_CELLS 50000
#define MAX_ROW 1048576                /* ECMA-376: the last row and column there can be */
#define MAX_COLUMN 16384
#define MAX_ZIP_ENTRIES 2000
#define MAX_EXPANDED (64 * 1024 * 1024) /* bytes of all that is read out of a zip */
#define MAX_CLAIMED (256 * 1024 * 1024) /* bytes a zip may say that all of it expands to */
#define MAX_STRINGS 200000             /* shared strings, styles */
#define MAX_XML_DEPTH 64

/* It has FLAW, and nothing that was read of it counts. */
void document_forget (Document *document, DocumentFlaw flaw);

/* document-zip.c: the members of a zip in memory, within the limits.  Names are compared without
 * case, as OPC wants. */
typedef struct DocumentZip DocumentZip;
/* NULL: *FLAW says why. */
DocumentZip *document_zip_open (const guint8 *bytes, gsize n, DocumentFlaw *flaw);
void document_zip_close (DocumentZip *zip);
/* Whether some member's name ends in SUFFIX. */
bool document_zip_has (const DocumentZip *zip, const char *suffix);
/* Hand the member called NAME to TAKE piece by piece until it returns false.  False: *FLAW says
 * why, or is 0 when there is no such member or TAKE wanted no more. */
bool document_zip_read (DocumentZip *zip, const char *name,
                        bool (*take) (const guint8 *bytes, gsize n, gpointer data), gpointer data,
                        DocumentFlaw *flaw);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocumentZip, document_zip_close)

/* document-xml.c: one member as a stream of elements, without name spaces' prefixes.  ATTRIBUTES is
 * name, value, ..., NULL. */
typedef struct {
  void (*start) (const char *element, const char **attributes, gpointer data);
  void (*end) (const char *element, gpointer data);
  void (*text) (const char *text, gsize n, gpointer data);
} DocumentXml;
/* False: *FLAW says why, 0 when there is no such member.  A callback stops the reading by setting
 * *STOP (a flaw). */
bool document_xml_read (DocumentZip *zip, const char *name, const DocumentXml *xml, gpointer data,
                        const DocumentFlaw *stop, DocumentFlaw *flaw);
/* NULL when there is none. */
const char *document_xml_attribute (const char **attributes, const char *name);
/* 0 when TEXT (may be NULL) is no number. */
guint document_number (const char *text);

/* document-styles.c: what a cell's style makes of its number. */
typedef enum { STYLE_PLAIN, STYLE_DATE, STYLE_PERCENT } DocumentStyle;
DocumentStyle document_style_of_format (const char *format);
/* The styles of a workbook, by index, as bytes (DocumentStyle); empty when it has none. */
GByteArray *document_styles_read (DocumentZip *zip, const char *name, DocumentFlaw *flaw);
/* "2027-03-01", "2027-03-01 14:30"; NULL when SERIAL is no day between 1900 and 9999. */
char *document_date_of_serial (double serial, bool since_1904);

/* document-sheet.c */
typedef struct {
  GPtrArray *strings;       /* char *: shared strings */
  const GByteArray *styles;
  bool since_1904;
  gsize room;               /* bytes that may still be kept */
  guint cells;              /* kept so far, in all sheets */
} DocumentBook;
GPtrArray *document_strings_read (DocumentZip *zip, const char *name, DocumentFlaw *flaw);
bool document_sheet_read (DocumentZip *zip, const char *name, DocumentBook *book,
                          DocumentSheet *sheet, guint *flaws, DocumentFlaw *flaw);
