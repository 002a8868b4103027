/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files about IMAP share: the session, and how each of its commands begins and ends.
 *
 *   imap_begin (im, IMAP_SMALL_ANSWER);
 *   if (!imap_check (im, mailimap_noop (im->imap), IMAP_STEP_OTHER, error))
 *     return false;
 */
#pragma once

#include "mailbox/mailbox-private.h"
#include "mailbox/mailbox-wire.h"

typedef struct {
  Mailbox base;
  mailimap *imap;      /* NULL: not connected */
  Wire *wire;          /* owned by IMAP's stream */
  guint32 uidvalidity; /* of the selected folder */
  char *prefix;        /* of our own namespace; NULL: not asked yet */
  char delimiter;      /* between levels of folders; 0: there are no levels */
  bool selected;
  bool missing;        /* the folder to look into; then nothing is selected */
  bool idle_refused;   /* the server announces IDLE and then refuses it */
  bool idling;
  int ready_fd;        /* given out by watch() instead of the socket, or -1 */
} ImapMailbox;

#define IMAP_SMALL_ANSWER ((gsize) 1024 * 1024)

/* What was asked for, as far as it decides what a refusal without a code means. */
typedef enum { IMAP_STEP_LOGIN, IMAP_STEP_SELECT, IMAP_STEP_STARTTLS, IMAP_STEP_OTHER } ImapStep;

/* Be connected, logged in, with the folder selected. */
bool imap_open (ImapMailbox *im, GError **error);

/* Select the folder (again): the way to learn its UIDVALIDITY and number of messages. */
bool imap_select (ImapMailbox *im, GError **error);

/* Let go of the connection without a word. */
void imap_drop (ImapMailbox *im);

/* A command begins: its deadline, and the bytes its answer may have. */
void imap_begin (ImapMailbox *im, gsize answer);

/* RESULT of a command: true when the server did it.  A refusal leaves the connection usable,
 * everything else drops it. */
bool imap_check (ImapMailbox *im, int result, ImapStep step, GError **error);

/* The response code of the last answer (RFC 5530), such as "EXPUNGEISSUED"? */
bool imap_answered (const ImapMailbox *im, const char *code);

/* A folder's name as the protocol writes it (RFC 3501, 5.1.3).  Free with g_free(). */
char *imap_folder (const char *name, GError **error);

/* The folder messages are moved to, as the protocol writes it: "Filed" may be "INBOX.Filed" to the
 * server; '/' in our configuration is its separator of levels.  Free with g_free(). */
char *imap_target_folder (ImapMailbox *im, MailboxTarget target, GError **error);

bool imap_login (ImapMailbox *im, GError **error);

GArray *imap_list (Mailbox *mailbox, GError **error);
bool imap_fetch (Mailbox *mailbox, const MailboxItem *items, guint n, const MailboxSink *sink,
                 gpointer data, GError **error);
bool imap_move (Mailbox *mailbox, guint32 uidvalidity, const guint32 *uids, guint n,
                MailboxTarget target, GError **error);
bool imap_watch (Mailbox *mailbox, int *fd, GError **error);
bool imap_unwatch (Mailbox *mailbox, GError **error);
