/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Handing mail to a submission server (RFC 6409) with libcurl, or into a Maildir.  One item is one
 * envelope recipient.  Connections are reused, up to four run in parallel.
 *
 * This module does not decide when to try again: it says accepted, deferred or failed.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum { DELIVERY_MAILDIR, DELIVERY_SMTP } DeliveryKind;
typedef enum { DELIVERY_TLS_IMPLICIT, DELIVERY_TLS_STARTTLS, DELIVERY_TLS_NONE } DeliveryTls;

typedef struct {
  DeliveryKind kind;
  const char *path;           /* Maildir */
  const char *host;
  int port;
  DeliveryTls tls;            /* NONE is refused unless HOST is a loopback address */
  const char *ca_file;        /* PEM; NULL: the system's */
  const char *user, *secret_file, *token_command; /* AUTH when user is set; XOAUTH2 when
                                                   * token_command is */
  const char *helo;           /* our host name */
  guint parallel;             /* 1..4 connections */
  guint timeout_s;            /* for connecting, and for each reply */
} DeliveryOptions;

typedef struct {
  gint64 id;
  const char *sender;  /* envelope sender; "" is the null path */
  const char *rcpt;
  const char *path;    /* the mail as a file, CRLF line ends (others are refused: RFC 5321 2.3.8);
                        * sent as it is (curl dot-stuffs) */
  GBytes *bytes;       /* or these; the caller's */
} DeliveryItem;

typedef enum {
  DELIVERY_ACCEPTED,  /* the server took it over: 250 after the final dot */
  DELIVERY_DEFERRED,  /* 4xx, no connection, time-out: later may work.  Also after an unknown
                       * outcome (dropped after DATA): sending again keeps the Message-ID */
  DELIVERY_FAILED,    /* 5xx to this mail or recipient: the same will never work */
  DELIVERY_BLOCKED,   /* authentication, certificate, wrong configuration: no item can be sent */
} DeliveryStatus;

typedef struct {
  DeliveryStatus status;
  int code;           /* the SMTP reply, 0 when there was none */
  char enhanced[16];  /* "5.1.1" (RFC 3463) or "" */
  const char *step;   /* what the reply was to: "sender", "recipient", "data", or before that
                       * "connect"; static */
  char *reply;        /* the last reply as one line, UTF-8, no control characters; or what went
                       * wrong */
} DeliveryResult;

typedef void (*DeliveryDone) (gint64 id, const DeliveryResult *result, gpointer data);

typedef struct Delivery Delivery;

/* OPTIONS is copied.  What cannot work is refused (QEC_ERROR_CONFIG). */
Delivery *delivery_new (const DeliveryOptions *options, GError **error);
void delivery_free (Delivery *delivery);

/* Try each of ITEMS once; DONE is called once for each, as soon as its outcome is known, and not in
 * their order.  Returns when all are known.  Only a mistake of ours fails here; what the server
 * says is a result.
 *
 * After one item was BLOCKED, or no connection could be made, or the server fell silent several
 * times in a row, items that were not begun get that outcome untried: a wrong password is not tried
 * n times. */
bool delivery_send (Delivery *delivery, const DeliveryItem *items, guint n, DeliveryDone done,
                    gpointer data, GError **error);
/* Close idle connections (servers end them after minutes anyway). */
void delivery_close (Delivery *delivery);

/* What an SMTP reply to a mail or to AUTH means: CODE 0 = no reply.  ENHANCED may be NULL. */
DeliveryStatus delivery_reply_status (int code, const char *enhanced, bool at_auth);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Delivery, delivery_free)
