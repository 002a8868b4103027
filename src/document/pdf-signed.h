/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The signatures of a PDF document, as far as its structure tells: which bytes each one covers,
 * what it says about itself, and what was changed after it (ISO 32000-2, 12.8).  Whether the
 * cryptography holds is not asked here.
 *
 * Runs inside the reader process.  What is not fully understood is said so, and is never a good
 * answer.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* What DocMDP allows after a signature (ISO 32000-2, table 257). */
typedef enum {
  PDF_PERMIT_UNSAID = 0,   /* no certification: further signatures only */
  PDF_PERMIT_NOTHING = 1,
  PDF_PERMIT_FORMS = 2,    /* fill in forms, sign */
  PDF_PERMIT_NOTES = 3,    /* and annotate */
} PdfPermit;

typedef struct {
  char *what;              /* "page 2: contents changed" */
  bool allowed;
} PdfChange;

typedef struct {
  char *field;             /* full name of the signature field; "" when no field has it */
  char *subfilter;         /* "ETSI.CAdES.detached"; "" when it says none */
  char *name, *reason, *location; /* claims of the signature dictionary */
  gint64 claimed_at;       /* its /M; 0: none */
  gint64 range[4];         /* /ByteRange; zeros when there are not four numbers */
  guint revision;          /* 1 is the first of the file */
  bool whole;              /* it covers the file to its last octet */
  bool certifies;          /* the document's certification */
  PdfPermit permit;        /* what may be changed after it */
  char *broken;            /* why its structure is none; NULL: it is as it must be */
  char *unknown;           /* why nothing can be said about it; NULL */
  GPtrArray *later;        /* PdfChange: what differs between the revision it covers and the file */
  GBytes *cms;             /* exactly one BER value; NULL when broken or unknown */
} PdfSignature;

typedef struct {
  char *unreadable;        /* why the file cannot be read as PDF; NULL */
  char *unsupported;       /* why it is read but nothing is said about it: encrypted, damaged in
                            * places, ...; NULL */
  guint revisions;
  GPtrArray *signatures;   /* PdfSignature, by the end of what they cover */
  GPtrArray *notes;        /* char *: scripts, hidden and optional content, overlays, embedded
                            * files */
} PdfSigned;

#define PDF_MAX_SIGNATURES 64
#define PDF_MAX_CMS (256 * 1024)
#define PDF_MAX_CHANGES 100   /* named after one signature */

/* BYTES[N] is the file.  Always an answer. */
PdfSigned *pdf_signed_read (const guint8 *bytes, gsize n);

PdfSigned *pdf_signed_new (void);
PdfSignature *pdf_signature_new (void);
void pdf_change_free (PdfChange *change);
void pdf_signature_free (PdfSignature *signature);
void pdf_signed_free (PdfSigned *signed_pdf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PdfSigned, pdf_signed_free)
