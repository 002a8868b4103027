/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The outbox: mail we owe, one row a recipient, with its final bytes and Message-ID fixed when the
 * row is made.
 *
 * outbox_notice() renders a notice of the definition for its audience; outbox_write() one mail to
 * one person.  Both pass one gate: never to ourselves, never to an address that fails for good,
 * never more than the quotas allow.  What the gate refuses is written to the journal with the
 * reason.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "base/token.h"
#include "case/case.h"
#include "config/options.h"
#include "message/compose.h"
#include "message/message.h"
#include "program/program.h"
#include "store/archive.h"
#include "store/store.h"
#include "template/template.h"

/* One line of a transcript: what was asked, what became of it. */
typedef struct {
  const char *command, *result;
} OutboxLine;

/* A file and what we would like to know about it. */
typedef struct {
  const char *file, *question;
} OutboxQuestion;

/* What a form that came again says otherwise than the case; NULL: nothing. */
typedef struct {
  const char *label, *now, *was;
} OutboxDifference;

/* A knowledge article people are told of. */
typedef struct {
  const char *name, *title;
} OutboxArticle;

/* What a message may be, for staff. */
typedef struct {
  const char *category, *title, *why;
} OutboxGuess;

/* A line of a digest: a case, or a date in it. */
typedef struct {
  const Case *c;
  const Program *program;         /* the rules it runs by */
  const char *what;               /* what is due, or NULL */
  gint64 at;                      /* when; of a case: since when it is in its state */
  const char *note;               /* what its reader wanted to be reminded of, or NULL */
} OutboxEntry;

/* What happened in a case while its reader was away. */
typedef struct {
  const Case *c;
  const Program *program;
  guint received, written;        /* messages from outside; of the office's own people */
  bool moved;                     /* it got into its state meanwhile */
} OutboxMeanwhile;

typedef struct {
  GArray *cases, *soon, *over;    /* OutboxEntry: open cases, dates that are near, dates that
                                   * passed */
  GArray *meanwhile;              /* OutboxMeanwhile: the reader is back; NULL */
  const char *stood_in;           /* who stood in, or NULL */
} OutboxDigest;

/* Mail that waits for a person. */
typedef struct {
  const char *sender, *subject, *reason;
  gint64 at, due;                 /* since when; by when somebody deals with it, or 0 */
} OutboxWaiting;

/* An address that got all the mails it may get on a day: nothing more went there, which is how a
 * loop ends. */
typedef struct {
  char *rcpt;
  gint64 n, at;                   /* how many; when the last one was written */
} OutboxAtLimit;

/* A message that was looked for and found. */
typedef struct {
  char *ref, *sender, *subject, *line; /* its case, or ""; a line of it, or NULL */
  gint64 at;
} OutboxFound;

/* Somebody who got a copy of a message and is not known in its case. */
typedef struct {
  char *name, *email;
  bool elsewhere;                 /* not at the sender's domain */
} OutboxOutsider;

/* What somebody had not seen when they wrote. */
typedef struct {
  char *address, *who;            /* who wrote it, and their name */
  char *what, *words;             /* its subject; NULL: nothing of it may be shown, or can be */
  gint64 at;
  bool passed_on;                 /* its words went to the applicant */
} OutboxCrossed;

/* What is recorded about a person as one of the people of an organization. */
typedef struct {
  char *organization, *name, *phone, *cases;
  char *language;                 /* title, or "" */
  char *source;                   /* where it comes from, a sentence */
  gint64 since;                   /* or 0 */
} OutboxOwn;

/* What a notice may speak of; borrowed, NULL or 0 where there is nothing. */
typedef struct {
  const Program *program;
  const TemplateSet *templates;
  const Options *options;
  const OfficeKey *key;
  Archive *archive;
  GHashTable *files;              /* name in the definition -> SHA-256 in the archive */
  gint64 input;
  gint64 at, now;                 /* the time the cause counts as; the real time */
  const char *origin;             /* SHA-256 of the message that led to it; NULL: none did, AT
                                   * did */
  const Case *c;
  const Message *cause;           /* the message that led to it */
  const char *cause_sha256;
  guint64 cause_size;
  const char *sender, *sender_name;
  const char *entered_by;         /* name of who of the office entered it for the sender; or NULL */
  const ProgramPerson *instead_of; /* who is away, and the mail goes to who stands in for them;
                                    * or NULL */
  const char *language;           /* the sender surely writes */
  const GPtrArray *received;      /* CaseDocument that came with it */
  const GArray *questions;        /* OutboxQuestion */
  const GPtrArray *problems;      /* char * */
  const GArray *lines;            /* OutboxLine */
  const char *outcome, *words, *reason, *form, *element;
  const ProgramForm *asked;       /* the form it asks for, unless the notice names one */
  gint64 clarification;           /* CaseClarification.n it is about */
  const CaseTimer *timer;         /* the timer that came due */
  const GPtrArray *moved;         /* CaseChange: among them CHANGE_TIMER_MOVED, of dates that are
                                   * others now */
  const OutboxDigest *digest;
  const GArray *waiting;          /* OutboxWaiting */
  const GPtrArray *at_limit;      /* OutboxAtLimit */
  const GArray *differences;      /* OutboxDifference */
  const GArray *found;            /* OutboxFound */
  const char *split_from;         /* number of the case whose message holds it, too; or NULL */
  const char *split_files;        /* names of files of that message that belong to C now, with
                                   * commas; or NULL */
  const GArray *outsiders;        /* OutboxOutsider */
  const GArray *crossed;          /* OutboxCrossed: what the sender had not seen */
  const OutboxCrossed *first_crossed; /* what the recipient wrote, when the sender had not seen
                                       * it; or NULL */
  const GArray *articles;         /* OutboxArticle: that may answer what was asked */
  const GArray *guesses;          /* OutboxGuess: what the message may be */
  bool sorted;                    /* the first of them is sure */
  const GArray *own;              /* OutboxOwn: about its reader */
  guint kept;                     /* messages of its reader that are kept */
  const char *to_role;            /* who has it gets the notice besides its own audience; or NULL */
  const char *also;               /* title of the role whose people got the same mail, too; or
                                   * NULL */
  bool rights;                    /* it says where else one can complain */
  bool goes_on;                   /* its sender answers a mail of ours that only they got, about
                                   * no case */
  const char *answers, *answered; /* Message-ID and subject of the recipient's mail that a person
                                   * answers; or NULL */
  bool invitation;                /* the message is one, of a calendar */
  bool several;                   /* its reader takes part in several cases, and did not say
                                   * which is meant */
  const char *understood;         /* what we took the message for, for its sender; or NULL */
  const GArray *commands;         /* OutboxLine: what a member of staff may write, and its help */
  const ComposeAttachment *attachments; /* a person's files, passed on */
  guint n_attachments;
  bool quarantine;                /* nothing of what caused it may go along */
  bool staff;                     /* set by the outbox itself: it goes to somebody of the office */
  bool confidential;              /* set by the outbox itself: the case is, so nobody's words go
                                   * along */
  bool person;                    /* a person's words, not an automaton's */
  const GPtrArray *unreachable;   /* CaseContact: no mail reaches them */
  const CaseContact *next_contact; /* who was asked about them; or NULL */
  const char *failed_subject;     /* of the mail that did not arrive */
  bool sent_again;                /* it went to that contact, too */
  bool address_stays;             /* only that mail did not arrive: its address is written to as
                                   * before */
  gint64 again;                   /* outbox.id of the first mail that told the same; 0: this one
                                   * does */
  const GPtrArray *went;          /* char *: subjects of what was written to an address that
                                   * works again */
  guint outdated;                 /* how much of what it did not get is outdated */
  const char *first_to;           /* address it went to first, and did not arrive; or NULL */
  gint64 first_at;                /* when */
  GPtrArray *refused;             /* gets a char * for each recipient the gate kept from it, and
                                   * why; NULL: not asked */
} OutboxNotice;

/* Send notice NAME of the definition to its audience. */
bool outbox_notice (StoreTxn *txn, const OutboxNotice *notice, const char *name, GError **error);
/* Send template NAME to one person. */
bool outbox_write (StoreTxn *txn, const OutboxNotice *notice, const char *name, const char *rcpt,
                   const char *rcpt_name, GError **error);
/* To everybody who has ROLE: in place of who is away to who stands in.  When nobody is left, to all
 * who have it, and so that somebody sees it now to whoever is told of what nobody owns; when they
 * are away as well, to everybody who is here. */
bool outbox_write_role (StoreTxn *txn, const OutboxNotice *notice, const char *name,
                        const char *role, GError **error);
/* The same to everybody who has one of ROLES, each once, and never to BUT (address), under whatever
 * address. */
bool outbox_write_others (StoreTxn *txn, const OutboxNotice *notice, const char *name,
                          const char *const *roles, const char *but, GError **error);
/* To somebody of the office; when they are away to who stands in as well. */
bool outbox_write_member (StoreTxn *txn, const OutboxNotice *notice, const char *name,
                          const char *address, GError **error);

/* Message-ID of the last mail to RCPT about the case, or NULL without error. */
char *outbox_last_in_thread (Store *store, gint64 case_id, const char *rcpt, GError **error);

/* A row as delivery needs it. */
typedef struct {
  gint64 id, case_id, at;
  char *rcpt, *sha256, *status, *notice, *subject, *reply, *message_id;
  int attempts;
  gint64 next_at;
  char *confidential;             /* "no", "wanted", "required" */
  char *sealed;                   /* its bytes as they leave, signed or encrypted; "": as they
                                   * were rendered */
  gint64 withheld;                /* since when it is kept back because it could not be sealed;
                                   * 0: it is not */
} OutboxItem;

void outbox_item_free (OutboxItem *item);
/* Rows due at NOW, oldest first, at most LIMIT: GPtrArray of OutboxItem. */
GPtrArray *outbox_due (Store *store, gint64 now, int limit, GError **error);
/* When the next row is due, 0 when none waits. */
bool outbox_next_due (Store *store, gint64 *at, GError **error);
OutboxItem *outbox_load (Store *store, gint64 id, GError **error);
/* The bytes of ITEM as it was rendered; NULL with *ERROR. */
GBytes *outbox_bytes (Store *store, const Archive *archive, const OutboxItem *item, GError **error);
/* The same of mail ID where they are in the database; *BYTES is NULL where they are a file of the
 * archive. */
bool outbox_row_bytes (Store *store, gint64 id, GBytes **bytes, GError **error);
/* Appends a sentence to FINDINGS (char *) for each row whose bytes are not what its hash says. */
bool outbox_bytes_verify (Store *store, GPtrArray *findings, GError **error);
OutboxItem *outbox_by_message_id (Store *store, const char *message_id, GError **error);
/* What became of a try.  NEXT_AT 0: final. */
bool outbox_set_status (StoreTxn *txn, gint64 id, const char *status, gint64 next_at,
                        const char *reply, GError **error);
/* If it waits, it is due at NOW.  When it is tried is no state of any case: no event, and nothing
 * that replay compares. */
bool outbox_retry (StoreTxn *txn, gint64 id, gint64 now, GError **error);
/* It leaves with the bytes SEALED; it cannot leave, as WHY says, and is tried again at NEXT_AT. */
bool outbox_seal (StoreTxn *txn, gint64 id, const char *sealed, GError **error);
bool outbox_withhold (StoreTxn *txn, gint64 id, gint64 now, gint64 next_at, const char *why,
                      GError **error);
/* How many are kept back; because of WHY, unless that is NULL. */
bool outbox_count_withheld (Store *store, const char *why, gint64 *n, GError **error);
/* Whether mail to RCPT (lower case) is given up. */
bool outbox_is_suppressed (Store *store, const char *rcpt, bool *is, GError **error);
/* The first contact of C that mail reaches, as far as we know, and not EXCEPT (an address, or
 * NULL); *NEXT NULL: nobody.  Borrowed from C. */
bool outbox_next_contact (Store *store, const Case *c, const char *except, const CaseContact **next,
                          GError **error);
/* ITEM, a mail about NOTICE's case, did not arrive: TO gets it, when its notice says so, what it is
 * about still stands, and they have not got it already.  *SENT tells. */
bool outbox_send_again (StoreTxn *txn, const OutboxNotice *notice, const OutboxItem *item,
                        const CaseContact *to, bool anew, bool *sent, GError **error);
/* What failed at RCPT (lower case) and was not sent there since (outbox.id), one of each that tells
 * the same. */
GArray *outbox_failed_to (Store *store, const char *rcpt, GError **error);
/* Subjects of what of all this INPUT wrote to RCPT (char *). */
GPtrArray *outbox_written_again (Store *store, gint64 input, const char *rcpt, GError **error);

/* A notice that was not written to its reader, because mail there had failed for good
 * (outbox-missed.c). */
typedef struct {
  gint64 case_id, input, at, about;
  char *notice, *element, *words, *state;
} OutboxMissed;

void outbox_missed_free (gpointer missed);
GPtrArray *outbox_missed (Store *store, const char *rcpt, GError **error);
bool outbox_missed_forget (StoreTxn *txn, const char *rcpt, GError **error);
/* It goes TO the contact after all, if it still stands; *SENT tells. */
bool outbox_send_missed (StoreTxn *txn, const OutboxNotice *notice, const OutboxMissed *missed,
                         const CaseContact *to, bool *sent, GError **error);
/* Of each such mail about open cases of ORGANIZATION that nobody got, one that failed: GArray of
 * gint64, by id. */
GArray *outbox_unreached (Store *store, gint64 organization, GError **error);
/* Do not write to RCPT any more. */
bool outbox_suppress (StoreTxn *txn, const char *rcpt, gint64 now, const char *reason,
                      GError **error);
/* Mail to RCPT (lower case) is written again. */
bool outbox_take_up (StoreTxn *txn, const char *rcpt, GError **error);
/* OutboxAtLimit of the days FROM to the one before TO (calendar_day_number), except our own
 * people's. */
GPtrArray *outbox_at_limit (Store *store, const Program *program, int from, int to, GError **error);
bool outbox_count_waiting (Store *store, gint64 *n, gint64 *oldest, GError **error);
/* The newest LIMIT rows (0: all that wait). */
GPtrArray *outbox_list (Store *store, bool waiting_only, GError **error);
GPtrArray *outbox_of_case (Store *store, gint64 case_id, GError **error);
GPtrArray *outbox_of_input (Store *store, gint64 input, GError **error);

/* Seconds until try number ATTEMPTS + 1. */
gint64 outbox_back_off (int attempts);

/* The words of templates; each row is a field that outbox-fields.c sets. */
extern const TemplateWord outbox_words[];
/* Notices that the office sends without a rule that names them; ends with { NULL }. */
typedef struct {
  const char *name;
  /* The program must have it: always, when it has knowledge articles, when documents are to be
   * signed, when a form opens further cases of an organization, when mail is sorted into
   * categories; or may leave it out. */
  enum {
    OWN_ALWAYS,
    OWN_WITH_ARTICLES,
    OWN_WITH_SIGNATURES,
    OWN_WITH_FURTHER_CASES,
    OWN_WITH_CATEGORIES,
    OWN_WITH_SEARCH,
    OWN_IF_THERE
  } when;
  bool staff;             /* whoever is answered with it is staff */
} OutboxOwnNotice;
extern const OutboxOwnNotice outbox_own_notices[];

extern const char *const outbox_sql[], *const outbox_again_sql[], *const outbox_missed_sql[],
                                                                    *const outbox_bytes_sql[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OutboxItem, outbox_item_free)
