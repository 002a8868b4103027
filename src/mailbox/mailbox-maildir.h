/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is in a Maildir, as it was last seen.
 *
 * It is kept in memory, so that a look at one message is no search: moving 20,000 messages one at
 * a time reads the folder once.
 */
#pragma once

#include "mailbox/mailbox-private.h"
#include "mailbox/mailbox-uidlist.h"

typedef struct {
  Mailbox base;
  char *path;        /* of the folder looked into, when it is not that of the mailbox; or NULL */
  UidList *uids;     /* NULL: not read yet */
  GHashTable *files; /* GUINT_TO_POINTER (uid) -> File */
  int inotify_fd, ready_fd;
} MaildirMailbox;

typedef struct {
  char *base;       /* the name up to ':', which readers never change */
  char *name;       /* with the flags */
  const char *sub;  /* "new" or "cur" */
  gint64 received_at;
  guint64 size;
} File;

void maildir_file_free (gpointer data);

/* errno about PATH, as an error: false. */
bool maildir_set_error (const char *path, GError **error);

/* ".Filed" for "Filed", ".Cases.Held" for "Cases/Held" (Maildir++), below the mailbox; to be freed.
 * It need not be there. */
char *maildir_target (const MaildirMailbox *md, MailboxTarget target, GError **error);

/* Make PATH and its tmp, new and cur, as far as they are missing. */
bool maildir_make_folder (const char *path, GError **error);

/* Add what is in the subfolder SUB to FOUND, an array of File. */
bool maildir_read_sub (MaildirMailbox *md, const char *sub, GPtrArray *found, GError **error);

/* See anew what is there; every file has a durable UID then. */
bool maildir_scan (MaildirMailbox *md, GError **error);

/* See what is there, unless it was seen before. */
bool maildir_open_once (MaildirMailbox *md, GError **error);

/* Where UID is, or NULL with no error set when it is gone.  Another reader may have given the
 * file flags and thereby a new name: when it is not where it was, look again, but only once for
 * all messages of a call. */
char *maildir_locate (MaildirMailbox *md, guint32 uid, bool *looked, GError **error);
