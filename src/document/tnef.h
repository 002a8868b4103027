/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is in a winmail.dat (MS-OXTNEF): Outlook's own envelope for text and attachments.
 *
 * Bytes go in, plain data comes out.  The bytes are hostile: every claimed length is checked
 * against what is left, counts and sizes stop at named limits, and any bytes give a Tnef.  Text
 * stays in the charset it came in; whoever takes it further decodes and cleans it.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
  GBytes *bytes;        /* NULL: not there */
  char charset[16];     /* "utf-16le", "windows-1252"; "" when it does not say */
} TnefText;

typedef struct {
  TnefText name;        /* the long one, when there are two */
  TnefText type;        /* MIME type, as claimed */
  GBytes *content;      /* NULL: none */
  bool is_message;      /* CONTENT is a winmail.dat of its own: a message was attached */
} TnefAttachment;

typedef struct {
  bool damaged;             /* a length was wrong, or it ended early: what stood before is here */
  bool too_much;            /* a limit was reached */
  TnefText subject, text, html;
  GBytes *rtf;              /* decompressed; NULL: none */
  GPtrArray *attachments;   /* TnefAttachment, in order */
} Tnef;

bool tnef_is (const guint8 *bytes, gsize n);
/* The pieces borrow BYTES, by reference. */
Tnef *tnef_read (GBytes *bytes);
void tnef_free (Tnef *tnef);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tnef, tnef_free)

/* Compressed RTF (MS-OXRTFCP) as RTF; NULL when it is damaged or expands to more than MAX bytes. */
GBytes *rtf_decompress (const guint8 *bytes, gsize n, gsize max);

/* Turns BYTES of CHARSET into UTF-8; the caller's. */
typedef char *(*RtfDecode) (const char *charset, const char *bytes, gsize n);
/* The text of RTF; *HTML when it is the HTML that was wrapped in it (MS-OXRTFEX).  At most MAX
 * bytes, UTF-8; the caller's. */
char *rtf_to_text (const char *rtf, gsize n, gsize max, RtfDecode decode, bool *html);
