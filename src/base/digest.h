/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SHA-256 (FIPS 180-4), by libnettle, which uses what the processor has for it: every octet of mail
 * is hashed twice, and GLib's portable GChecksum would be a third of the cost of a message.
 */
#pragma once

#include <glib.h>

/* Lives where it is declared; nothing to free. */
typedef struct {
  guint64 state[24];
} Digest;

void digest_begin (Digest *digest);
void digest_add (Digest *digest, const void *bytes, gsize n);
/* 64 hexadecimal digits and a NUL; the digest is ready for a new text. */
void digest_end (Digest *digest, char sha256[65]);

/* All at once.  N < 0: BYTES is a string. */
void digest_of (const void *bytes, gssize n, char sha256[65]);
