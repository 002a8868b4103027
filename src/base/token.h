/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Proofs that only this office can make: short keyed hashes (HMAC-SHA-256) in Message-IDs and reply
 * addresses.
 *
 * Each is bound to one recipient, so that who answers with it has seen a mail that only that
 * address got.  Knowing a case's number is worth nothing without one.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct OfficeKey OfficeKey;

/* Read the key from FILE (made by office_key_create()); QEC_ERROR_CONFIG when it is not there or
 * too short. */
OfficeKey *office_key_read (const char *file, GError **error);
OfficeKey *office_key_new (const char *text);
void office_key_free (OfficeKey *key);
/* A new random key in FILE, mode 0600; refuses to replace one. */
bool office_key_create (const char *file, GError **error);
/* For hashing personal data in the log. */
const char *office_key_text (const OfficeKey *key);

/* A number for WHAT, always the same; with another key it is another. */
gint64 token_serial (const OfficeKey *key, const char *what);
/* "SERIAL.CASE.MAC@DOMAIN": the Message-ID of mail SERIAL, about case id CASE (0: none), to
 * RCPT. */
char *token_message_id (const OfficeKey *key, gint64 serial, gint64 case_id, const char *rcpt,
                        const char *domain);
/* Whether MESSAGE_ID is one we made for RCPT; *CASE_ID gets its case. */
bool token_check_message_id (const OfficeKey *key, const char *message_id, const char *rcpt,
                             const char *domain, gint64 *case_id);
/* Whether it has our form and domain, whoever it was for. */
bool token_is_ours (const char *message_id, const char *domain);

/* The extension of a reply address, "app-2026-0001.MAC": mail servers may change its case. */
char *token_extension (const OfficeKey *key, const char *ref, const char *rcpt);
/* Whether EXTENSION was made for RCPT; *REF gets the case's number in upper case. */
bool token_check_extension (const OfficeKey *key, const char *extension, const char *rcpt,
                            char **ref);

/* Bytes of an Exchange conversation's name (MS-OXOMSG, PidTagConversationIndex): the head of a time
 * and 16 of a GUID. */
#define TOKEN_CONVERSATION 22

/* "Thread-Index" of all mails about case CASE_ID, which began AT: base64.  It is bound to nobody,
 * and proves nothing. */
char *token_conversation (const OfficeKey *key, gint64 case_id, gint64 at);
/* Whether CONVERSATION is one we made; *CASE_ID gets its case. */
bool token_check_conversation (const OfficeKey *key, const char *conversation, gint64 *case_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OfficeKey, office_key_free)
