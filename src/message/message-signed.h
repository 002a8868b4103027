/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a message is signed, by its structure alone: where what is signed lies, the signature, and
 * the headers a reader is shown.
 *
 * Everything is read from the raw bytes, because that is what was signed (RFC 8551, RFC 3156). Runs
 * inside the reader process.  What could be read in two ways is a problem, and never a good
 * answer. */
#pragma once

#include "message/message.h"

typedef enum {
  MAIL_UNSIGNED,
  MAIL_SMIME,          /* multipart/signed with a CMS signature */
  MAIL_SMIME_OPAQUE,   /* application/pkcs7-mime that holds what it signs */
  MAIL_OPENPGP,        /* multipart/signed with an OpenPGP signature */
  MAIL_OPENPGP_INLINE, /* a text that is one signed text from its first line to its last */
  MAIL_ENCRYPTED,
  MAIL_SIGNED_IN_PART, /* signatures somewhere inside, but not at the root */
} MailShape;

typedef struct {
  MailShape shape;
  char *problem;           /* why it cannot be relied on; NULL: nothing */
  guint64 payload, n_payload; /* SMIME, OPENPGP: what is signed, in the file, line ends as they
                               * came */
  GBytes *signature;       /* the signature, or the whole signed structure or text; NULL when
                            * there is none */
  bool protects_headers;   /* the headers of this entity are meant to be shown (RFC 9788) */
  GPtrArray *from, *sender; /* MessageAddress */
  char *to, *cc, *subject; /* in words; "" */
  gint64 date;             /* 0 */
} MailSigned;

#define MAIL_MAX_SIGNATURE (256 * 1024)
#define MAIL_MAX_OPAQUE (64 * 1024 * 1024)

/* BYTES[N] is a message, or the entity inside of a signature.  Always an answer. */
MailSigned *mail_signed_read (const guint8 *bytes, gsize n);
MailSigned *mail_signed_new (void);
void mail_signed_free (MailSigned *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MailSigned, mail_signed_free)
