/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of delivery/ share.
 */
#pragma once

#include "delivery/delivery.h"

#define MAX_REPLY 500 /* characters of a reply that are kept */

/* How far the dialogue has got: the command whose reply is awaited. */
typedef enum {
  STAGE_CONNECT, /* up to the greeting */
  STAGE_HELLO,
  STAGE_TLS,
  STAGE_AUTH,
  STAGE_MAIL,
  STAGE_RCPT,
  STAGE_DATA,
  STAGE_BODY, /* after 354: some of the mail may be with the server */
  STAGE_END,  /* all of it, with the final dot: it may have been accepted */
} Stage;

typedef struct Smtp Smtp;

struct Delivery {
  DeliveryOptions options; /* its strings are ours */
  Smtp *smtp;              /* connections, or NULL */
};

/* delivery.c: an outcome of ITEM.  REPLY is made fit to be shown. */
typedef struct {
  const DeliveryItem *items;
  guint n;
  DeliveryDone done;
  gpointer data;
} Batch;

void batch_report (const Batch *batch, const DeliveryItem *item, Stage stage, DeliveryStatus status,
                   int code, const char *enhanced, const char *reply);
/* The mail, open for reading, and its size; -1 after having reported ITEM. */
int batch_open (const Batch *batch, const DeliveryItem *item, goffset *size);

/* delivery-reply.c: the one place that decides what a reply, or none, means. */
DeliveryStatus reply_status (Stage stage, int code, const char *enhanced);
/* The step of the dialogue, as DeliveryResult names it. */
const char *reply_step (Stage stage);
DeliveryStatus reply_curl_status (int curl_code);
DeliveryStatus reply_errno_status (int errno_);
/* TEXT as one line of valid UTF-8 without control characters.  g_free(). */
char *reply_clean (const char *text);
/* The enhanced status code a reply's TEXT begins with (RFC 2034), else "". */
void reply_enhanced (const char *text, char enhanced[16]);

void maildir_send (const DeliveryOptions *options, const Batch *batch);

/* Connections are made and kept by the first call. */
void smtp_send (Delivery *delivery, const Batch *batch);
void smtp_free (Smtp *smtp);

/* The password from its file, or the token its command prints; NULL with an error for people.
 * Read at each use; secret_free() wipes it. */
char *secret_read (const DeliveryOptions *options, GError **error);
void secret_free (char *secret);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Smtp, smtp_free)
