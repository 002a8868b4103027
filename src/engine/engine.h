/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way of a message through the stages, and the only place that knows their order.
 *
 * Each function here is one input: it runs in one transaction that holds the input, its events,
 * every row that changed and every answer.  Messages that wait together share an outer one
 * (engine-group.c).  Replay calls the same functions with the inputs of the journal.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "delivery/delivery.h"
#include "engine/office.h"
#include "identity/evidence.h"
#include "identity/identity.h"
#include "mailbox/mailbox.h"

/* A message that lies in the archive. */
typedef struct {
  const char *sha256;
  guint64 size;            /* as the mailbox says */
  const char *mailbox;
  guint32 uidvalidity, uid;
  gint64 received_at;      /* when our mail server accepted it */
  bool header_only;        /* too large: only its header was fetched */
  const char *folder;      /* it was found in, of those that messages are moved to (UIDs are that
                            * folder's); NULL: where mail waits */
} EngineArrival;

/* What the reader made of it: the facts, or why there are none.  Neither: it was not asked yet, or
 * there is no need. And what was observed that day and is not observed again by replay. */
typedef struct {
  Message *message;
  char *unreadable;
  MailAuth auth;
  GPtrArray *evidence;     /* Evidence; NULL: nothing is signed */
  bool observed;           /* AUTH and EVIDENCE came out of the journal */
} EngineFacts;

void engine_facts_clear (EngineFacts *facts);
/* Ask the reader, and judge signatures as of NOW, unless the bytes are known.  TRANSIENT: it could
 * not be asked, try again later. */
bool engine_read (Office *office, const EngineArrival *arrival, EngineFacts *facts, gint64 now,
                  GError **error);

/* What became of a message. */
typedef struct {
  MailboxTarget target;    /* where the mailbox should move it */
  gint64 message;          /* its row; 0 when only a second place of known bytes was noted */
  gint64 case_id;
  const char *outcome;
  char *from;
  bool quarantine;         /* nothing of it may be found again by its words */
} EngineTaken;

void engine_taken_clear (EngineTaken *taken);
/* Take one message in at NOW.  FACTS as engine_read() left them, or empty; then it is asked.  A
 * second placement of bytes we have is only noted.  The search index is for group_commit() to
 * write.  TRANSIENT: nothing happened, try again later. */
bool engine_message (Office *office, const EngineArrival *arrival, EngineFacts *facts, gint64 now,
                     EngineTaken *taken, GError **error);
/* Say so in the log, once it is durable. */
void engine_log_taken (const EngineTaken *taken);

/* Count the dates of case CASE_ID again, with the calendar in force at NOW.  No input when none is
 * another one. */
bool engine_recount (Office *office, gint64 case_id, gint64 now, GError **error);
/* The same for every open case, when the calendar is another than the last time; to be called
 * before the clock runs. */
bool engine_calendar (Office *office, gint64 now, GError **error);

/* Fire every timer due before BEFORE, in order of due time, as at its due time; NOW is the real
 * time.  *N counts. */
bool engine_clock (Office *office, gint64 before, gint64 now, guint *n, GError **error);
/* When there is something to fire next; G_MAXINT64: never. */
bool engine_clock_next (Office *office, gint64 now, gint64 *due, GError **error);
/* Digest NAME of the time AT; the one before it was of SINCE. */
typedef struct {
  const char *name;               /* borrowed */
  gint64 at, since;
} EngineDigest;

/* Fire one timer; tell of a held message again (AT: half of its time, or its end); write a
 * digest. */
bool engine_held (Office *office, gint64 id, gint64 at, gint64 now, GError **error);
/* The calendar is another one: count again by when held message ID is dealt with, unless that time
 * has come. */
bool engine_held_recount (Office *office, gint64 id, gint64 now, GError **error);
/* Proposal N of a case, or (CASE_ID 0) of the roster, is over. */
bool engine_proposal (Office *office, gint64 case_id, gint64 n, gint64 due, gint64 now,
                      GError **error);
bool engine_digest (Office *office, const EngineDigest *digest, gint64 now, GError **error);
/* The digest that comes next, the latest of each that lies before BEFORE; its time G_MAXINT64:
 * none. */
bool engine_next_digest (Office *office, gint64 before, gint64 now, EngineDigest *digest,
                         GError **error);
bool engine_timer (Office *office, gint64 case_id, gint64 n, gint64 due, gint64 now,
                   GError **error);

/* What became of a try to deliver. */
bool engine_delivered (Office *office, gint64 outbox, const DeliveryResult *result, gint64 now,
                       GError **error);

/* Mail OUTBOX was sent by an office whose database was lost: it is not sent again. */
bool engine_sent_before (Office *office, gint64 outbox, gint64 at, GError **error);

/* MAILBOX could not be read for MINUTES: journal it and tell the administrator. */
bool engine_alarm (Office *office, const char *mailbox, gint64 minutes, gint64 now, GError **error);

/* One look at a mailbox: everything in it is taken in and moved.  *N counts new messages. */
bool engine_look (Office *office, Mailbox *mailbox, gint64 now, guint *n, GError **error);
/* One round of the outbox: every row due is tried once.  *N counts tries. */
bool engine_deliver (Office *office, Delivery *delivery, gint64 now, guint *n, GError **error);

/* The mailboxes and the way out, as configured. */
Mailbox *engine_mailbox (const OptionsMailbox *options);
Mailbox *engine_mailbox_to_look (const OptionsMailbox *options, MailboxFolder folder);
Delivery *engine_delivery (const OptionsDelivery *options, GError **error);

/* Feed the journal's inputs to the same code in an empty database and compare every event.
 * *DIFFERENCE gets the first that differs, in words, or NULL.  PROGRESS may be NULL. */
bool engine_replay (Office *office, gint64 *n_inputs, gint64 *n_events, char **difference,
                    void (*progress) (gint64 done, gpointer data), gpointer data, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EngineFacts, engine_facts_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EngineTaken, engine_taken_clear)
