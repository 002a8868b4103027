/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A mailbox: where mail waits for us.  One interface, two kinds: an IMAP folder (libetpan over
 * our own GnuTLS driver) and a Maildir.
 *
 * A message is named by (UIDVALIDITY, UID) within its mailbox, never by a sequence number (RFC
 * 9051, 2.3.1.1).  Fetching never sets \Seen (BODY.PEEK[]).  What was stored is moved away with
 * MOVE (RFC 6851), or COPY + STORE + UID EXPUNGE (RFC 4315); a plain EXPUNGE is never sent.
 * Every command has a deadline; after a failure the connection is dropped and the next call
 * connects anew.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum { MAILBOX_MAILDIR, MAILBOX_IMAP } MailboxKind;
typedef enum { MAILBOX_TLS_IMPLICIT, MAILBOX_TLS_STARTTLS, MAILBOX_TLS_NONE } MailboxTls;
typedef enum { MAILBOX_AUTH_LOGIN, MAILBOX_AUTH_PLAIN, MAILBOX_AUTH_XOAUTH2 } MailboxAuth;

/* Borrowed text must outlive the Mailbox. */
typedef struct {
  MailboxKind kind;
  const char *path;           /* Maildir: the folder with cur, new, tmp; made when missing */
  const char *host, *folder;  /* IMAP; folder "INBOX" */
  int port;
  MailboxTls tls;             /* NONE is refused unless HOST is a loopback address */
  const char *ca_file;        /* PEM; NULL: the system's */
  MailboxAuth auth;
  const char *user;
  const char *secret_file;    /* LOGIN, PLAIN: first line is the password */
  const char *token_command;  /* XOAUTH2: prints a token; no shell; run before each login */
  const char *filed, *held;   /* folders to move to; created when missing ("Filed", "Held") */
  guint timeout_s;            /* deadline of one command */
} MailboxOptions;

typedef struct {
  guint32 uidvalidity, uid;
  gint64 received_at;  /* INTERNALDATE; Maildir: the file's modification time */
  guint64 size;        /* RFC822.SIZE; what is really there decides */
} MailboxItem;

/* Takes the bytes of messages, one message at a time.  Only end() says that a message came
 * whole; when bytes() fails, abandon() follows so that the sink can clean up, as it does when
 * the connection breaks. */
typedef struct {
  bool (*begin) (gpointer data, const MailboxItem *item, GError **error);
  bool (*bytes) (gpointer data, const guint8 *bytes, gsize n, GError **error);
  bool (*end) (gpointer data, const MailboxItem *item, GError **error);
  void (*abandon) (gpointer data); /* after begin, instead of end: the message did not come whole */
} MailboxSink;

typedef enum { MAILBOX_TO_FILED, MAILBOX_TO_HELD } MailboxTarget;

typedef struct Mailbox Mailbox;

/* Does not connect yet. */
Mailbox *mailbox_new (const char *name, const MailboxOptions *options);
/* The same to look into only (mailbox_list(), mailbox_fetch(), mailbox_fetch_header()): nothing in
 * it changes, no flag and no list of UIDs, so that those of a Maildir are good for this Mailbox
 * alone.  What waits, or the folder that messages were moved to; one that is not there has none. */
typedef enum { MAILBOX_WAITING, MAILBOX_FILED, MAILBOX_HELD } MailboxFolder;
Mailbox *mailbox_new_to_look (const char *name, const MailboxOptions *options,
                              MailboxFolder folder);
void mailbox_free (Mailbox *mailbox);
const char *mailbox_name (const Mailbox *mailbox);

/* What waits in the mailbox, in UID order; a GArray of MailboxItem, to be unreffed.  Connects
 * when needed.  A message marked \Deleted does not wait: it was moved already by a server that
 * can neither MOVE nor UID EXPUNGE, or somebody else threw it away.
 * TRANSIENT: try again later; CONFIG: password, certificate or folder need an administrator. */
GArray *mailbox_list (Mailbox *mailbox, GError **error);

/* Give the bytes of ITEMS to SINK, in UID order, in FETCHes of at most 100 messages and 8 MB; a
 * message over 8 MB comes in partial fetches, so that memory stays flat.  (Within one FETCH the
 * server chooses the order; every known one goes by UID.)  Left out without an error: a message
 * that vanished meanwhile, one of another UIDVALIDITY, a file that may not be read, and one
 * announced with a size but delivered without a byte (it is there at the next pass).
 * Stops at the first error of SINK and hands it on. */
bool mailbox_fetch (Mailbox *mailbox, const MailboxItem *items, guint n, const MailboxSink *sink,
                    gpointer data, GError **error);

/* Give only ITEM's header to SINK (at most 1 MiB, the empty line at its end included): for a
 * message that is too large to be read.  The connection may be dropped to spare us the rest. */
bool mailbox_fetch_header (Mailbox *mailbox, const MailboxItem *item, const MailboxSink *sink,
                           gpointer data, GError **error);

/* Move messages away.  One that is gone already is no error; when the mailbox has another
 * UIDVALIDITY by now, all of them are gone and nothing is touched: the same UIDs would name
 * other messages. */
bool mailbox_move (Mailbox *mailbox, guint32 uidvalidity, const guint32 *uids, guint n,
                   MailboxTarget target, GError **error);

/* Begin to watch for new mail: IDLE (RFC 2177), inotify.  *FD is readable when something
 * happened, or -1 when the server cannot tell (poll then).  It may wake for nothing.  FD stays
 * ours.  End with mailbox_unwatch() before any other call, and at the latest after 25 minutes. */
bool mailbox_watch (Mailbox *mailbox, int *fd, GError **error);
bool mailbox_unwatch (Mailbox *mailbox, GError **error);

/* Log out and drop the connection; the next call connects again. */
void mailbox_close (Mailbox *mailbox);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mailbox, mailbox_free)
