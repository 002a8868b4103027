/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way of a message through the stages, and the only place that knows their order.
 *
 * Each function here is one input: it runs in one transaction that holds the input, its events, every row that changed and
 * every answer.  Replay calls the same functions with the inputs of the journal.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "delivery/delivery.h"
#include "engine/office.h"
#include "mailbox/mailbox.h"

/* A message that lies in the archive. */
typedef struct {
  const char *sha256;
  guint64 size;            /* as the mailbox says */
  const char *mailbox;
  guint32 uidvalidity, uid;
  gint64 received_at;      /* when our mail server accepted it */
  bool header_only;        /* too large: only its header was fetched */
} EngineArrival;

/* Take one message in at NOW.  A second placement of bytes we have is only noted.  *TARGET says where the mailbox should
 * move it.  TRANSIENT: nothing happened, try again later. */
bool engine_message (Office *office, const EngineArrival *arrival, gint64 now, MailboxTarget *target, GError **error);

/* Fire every timer due before BEFORE, in order of due time, as at its due time; NOW is the real time.  *N counts. */
bool engine_clock (Office *office, gint64 before, gint64 now, guint *n, GError **error);
/* Fire one. */
bool engine_timer (Office *office, gint64 case_id, gint64 n, gint64 due, gint64 now, GError **error);

/* What became of a try to deliver. */
bool engine_delivered (Office *office, gint64 outbox, const DeliveryResult *result, gint64 now, GError **error);

/* MAILBOX could not be read for MINUTES: journal it and tell the administrator. */
bool engine_alarm (Office *office, const char *mailbox, gint64 minutes, gint64 now, GError **error);

/* One look at a mailbox: everything in it is taken in and moved.  *N counts new messages. */
bool engine_look (Office *office, Mailbox *mailbox, gint64 now, guint *n, GError **error);
/* One round of the outbox: every row due is tried once.  *N counts tries. */
bool engine_deliver (Office *office, Delivery *delivery, gint64 now, guint *n, GError **error);

/* The mailboxes and the way out, as configured. */
Mailbox *engine_mailbox (const OptionsMailbox *options);
Delivery *engine_delivery (const OptionsDelivery *options, GError **error);

/* Feed the journal's inputs to the same code in an empty database and compare every event.  *DIFFERENCE gets the first that
 * differs, in words, or NULL.  PROGRESS may be NULL. */
bool engine_replay (Office *office, gint64 *n_inputs, gint64 *n_events, char **difference,
                    void (*progress) (gint64 done, gpointer data), gpointer data, GError **error);
