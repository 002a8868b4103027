/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the outbox share.
 */
#pragma once

#include "outbox/outbox.h"

/* How a mail in one language says things (outbox-language.c). */
typedef struct {
  const Calendar *calendar;
  const char *lang;
  const Words *words;   /* of LANG; NULL: as the definition has it, and sentences in English */
} OutboxVoice;

OutboxVoice outbox_voice (const OutboxNotice *notice, const char *lang);
char *outbox_moment (const OutboxVoice *voice, gint64 at); /* "Friday, December 4, 2026, 5:00 PM
                                                            * EST" */
char *outbox_day (const OutboxVoice *voice, gint64 at);    /* "Fri 4 Dec 2026" */
/* A sentence (base/words.h); a word or title of the definition. */
char *outbox_say (const OutboxVoice *voice, const char *sentence);
const char *outbox_term (const OutboxVoice *voice, const char *text);

/* What the template NAME can ask for (NULL: everything a template may name), for one recipient, in
 * LANG. */
TemplateFields *outbox_fields (const OutboxNotice *notice, const ProgramNotice *def,
                               const char *name, const char *rcpt_name, const char *lang);
/* The language RCPT reads (outbox-language.c), into *LANG; NULL: nobody said, so the program's.
 * Free with g_free(). */
bool outbox_language (Store *store, const OutboxNotice *notice, const char *rcpt, char **lang,
                      GError **error);
/* outbox-digest.c: the lists of a digest. */
void outbox_digest_fields (const OutboxNotice *notice, TemplateFields *fields);
/* outbox-party.c: who works with the organization of a case of TYPE (may be NULL), and what is kept
 * of each. */
void outbox_party_fields (const OutboxVoice *voice, const OutboxNotice *notice,
                          const ProgramCaseType *type, TemplateFields *fields);
/* The timer whose date goes along with a notice, or NULL. */
const CaseTimer *outbox_timer (const OutboxNotice *notice, const ProgramNotice *def);

/* NAME, which is DEF (may be NULL), to one person; through the gate. */
bool outbox_write_as (StoreTxn *txn, const OutboxNotice *notice, const ProgramNotice *def,
                      const char *name, const char *to, const char *rcpt_name, GError **error);
/* outbox-people.c.  DONE: addresses that got it, which grows.  To a role, as outbox_write_role()
 * says. */
bool outbox_write_to_role (StoreTxn *txn, const OutboxNotice *notice, const ProgramNotice *def,
                           const char *name, const char *role, GHashTable *done, GError **error);
/* To ADDRESS, somebody's of the office; when they are away, to who stands in as well, or to whoever
 * is told of what nobody owns. */
bool outbox_write_person (StoreTxn *txn, const OutboxNotice *notice, const ProgramNotice *def,
                          const char *name, const char *address, GHashTable *done, GError **error);

/* The form a notice asks for, or NULL. */
const ProgramForm *outbox_form (const OutboxNotice *notice, const ProgramNotice *def);

/* NULL: may be sent; else why not. *FAILED when the database did. */
const char *outbox_gate (Store *store, const OutboxNotice *notice, const char *name,
                         const char *rcpt, GError **error, bool *failed);

/* Store level. */
bool outbox_next_id (Store *store, gint64 *id, GError **error);
/* The name of BYTES, its SHA-256; where they are large, they are in the archive under it then. */
bool outbox_bytes_name (Archive *archive, GBytes *bytes, char sha256[65], GError **error);
/* Those of mail ID, whose row in the outbox is there; nothing when they are in the archive. */
bool outbox_bytes_add (StoreTxn *txn, gint64 id, GBytes *bytes, GError **error);
bool outbox_add (StoreTxn *txn, const OutboxItem *item, gint64 input, gint64 size, int day,
                 GError **error);
bool outbox_count_day (Store *store, const char *rcpt, const char *notice, gint64 case_id, int day,
                       gint64 *to_rcpt, gint64 *in_case, GError **error);
/* Archive name and size of a stored message; *SHA256 NULL when there is none. */
bool outbox_message (Store *store, gint64 message, char **sha256, gint64 *size, GError **error);
/* outbox-again.c: what a notice said, as far as it takes to write it once more. */
typedef struct {
  gint64 first, at, about, first_at;
  char *element, *words, *first_to; /* or NULL */
  char *state;                      /* of the case then; "": not kept */
} OutboxAgain;

void outbox_again_clear (OutboxAgain *again);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OutboxAgain, outbox_again_clear)

/* What mails that tell the same have in common. */
typedef struct {
  gint64 input, case_id, about;
  const char *notice, *element;
} OutboxSame;

/* The mail that told it first; *FIRST 0: there is none yet. */
bool outbox_again_first (Store *store, const OutboxSame *same, gint64 *first, GError **error);
/* NAME, as AGAIN says, goes TO a contact of NOTICE's case, if it still stands and they do not have
 * it (ANEW: what failed there counts for nothing); *SENT tells. */
bool outbox_send_kept (StoreTxn *txn, const OutboxNotice *notice, const OutboxAgain *again,
                       const char *name, const CaseContact *to, bool anew, bool *sent,
                       GError **error);
/* outbox-missed.c: RCPT is not written NAME, because mail there failed for good. */
bool outbox_missed_keep (StoreTxn *txn, const OutboxNotice *notice, const ProgramNotice *def,
                         const char *name, const char *rcpt, GError **error);
#define GATE_FAILED "mail to this address failed for good"

/* outbox-again.c: ITEM, which says NOTICE, may have to be written once more; nobody of the
 * organization gets DEF's mail: staff are told. */
bool outbox_again_keep (StoreTxn *txn, const OutboxNotice *notice, const ProgramNotice *def,
                        const OutboxItem *item, GError **error);
bool outbox_nobody_reached (StoreTxn *txn, const OutboxNotice *notice, const ProgramNotice *def,
                            GError **error);
