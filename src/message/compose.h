/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail of ours as bytes: the same input always gives the same bytes (boundaries are derived from
 * the Message-ID), CRLF line ends, lines of at most 998 octets, headers encoded by gmime (RFC 2047,
 * 2231), text parts quoted-printable or 7bit.
 *
 *   multipart/mixed                         only when there are attachments
 *     multipart/alternative
 *       text/plain; charset=utf-8; format=flowed is not used
 *       text/html                           when html is set
 *       text/calendar; method=PUBLISH       when ics is set
 *     attachments (base64; message/rfc822 as it is)
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
  const char *name;  /* file name */
  const char *type;  /* "application/pdf", "message/rfc822", "text/plain" ... */
  GBytes *bytes;
} ComposeAttachment;

typedef struct {
  const char *from_name, *from_address;
  const char *to_name, *to_address;      /* exactly one recipient; to_name may be NULL */
  const char *reply_to;                  /* address or NULL */
  const char *subject;
  const char *message_id;                /* without angle brackets */
  const char *in_reply_to;               /* or NULL */
  const char *const *references;         /* NULL-terminated or NULL; the newest last */
  const char *conversation;              /* Thread-Index, or NULL */
  gint64 date;                           /* shown in UTC offset minutes date_offset */
  int date_offset;
  const char *auto_submitted;            /* "auto-replied", "auto-generated" or NULL for a
                                          * person's words */
  const char *language;                  /* "en" or NULL */
  const char *case_ref;                  /* for X-Case, or NULL */
  const char *text, *html, *ics;
  const ComposeAttachment *attachments;
  guint n_attachments;
} ComposeMail;

/* Also sets X-Auto-Response-Suppress: All (MS-OXCMAIL) whenever auto_submitted is set.  A header
 * value with a line break or an address that is not one address is refused (INVALID). */
GBytes *compose_mail (const ComposeMail *mail, GError **error);
