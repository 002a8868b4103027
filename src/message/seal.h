/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail of ours with a signature or encryption around it (RFC 8551, RFC 3156), its headers inside
 * (RFC 9788).
 *
 * All of it works on the bytes that compose.h made, which are left as they are: what is signed is
 * what was rendered.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* What is to be signed or encrypted of MAIL: its body, with a copy of its headers.  HIDDEN: it will
 * be encrypted, and the subject is to be read inside only. */
GBytes *seal_payload (GBytes *mail, bool hidden, GError **error);
/* PAYLOAD with its detached SIGNATURE (armored for OpenPGP, DER for S/MIME); MICALG as RFC 3156 or
 * RFC 8551 name it.  SEED makes the boundary. */
GBytes *seal_signed (GBytes *payload, bool openpgp, const char *micalg, GBytes *signature,
                     const char *seed);
/* The entity that holds CIPHER. */
GBytes *seal_encrypted (GBytes *cipher, bool openpgp, const char *seed);
/* MAIL with ENTITY (of seal_signed() or seal_encrypted()) instead of its body. */
GBytes *seal_mail (GBytes *mail, GBytes *entity, bool hidden, GError **error);
