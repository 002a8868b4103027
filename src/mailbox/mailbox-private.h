/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the two kinds of mailbox have to offer to mailbox.c, and what they share.
 */
#pragma once

#include "mailbox/mailbox.h"

/* Each kind embeds Mailbox as its first member.  fetch() gets its items sorted by UID, each
 * once. */
typedef struct {
  GArray *(*list) (Mailbox *mailbox, GError **error);
  bool (*fetch) (Mailbox *mailbox, const MailboxItem *items, guint n, const MailboxSink *sink,
                 gpointer data, GError **error);
  bool (*move) (Mailbox *mailbox, guint32 uidvalidity, const guint32 *uids, guint n,
                MailboxTarget target, GError **error);
  bool (*watch) (Mailbox *mailbox, int *fd, GError **error);
  bool (*unwatch) (Mailbox *mailbox, GError **error);
  void (*close) (Mailbox *mailbox);
  void (*free) (Mailbox *mailbox);
} MailboxDriver;

struct Mailbox {
  const MailboxDriver *driver;
  char *name;
  MailboxOptions options;
  bool look_only;
  MailboxFolder folder; /* with LOOK_ONLY */
};

Mailbox *mailbox_imap_new (void);
Mailbox *mailbox_maildir_new (void);

/* The folder that MAILBOX looks into is one that messages were moved to: *TARGET. */
bool mailbox_looks_into (const Mailbox *mailbox, MailboxTarget *target);

/* The folder's name as it is configured. */
const char *mailbox_target_name (const Mailbox *mailbox, MailboxTarget target);

/* For g_array_sort(): by UID. */
int mailbox_item_compare (gconstpointer a, gconstpointer b);

/* One whole message that is in memory: begin, bytes, end (or abandon). */
bool mailbox_give (const MailboxSink *sink, gpointer data, const MailboxItem *item,
                   const guint8 *bytes, gsize n, GError **error);

/* Pass bytes on to a sink that has begun; when it fails, it is told to abandon. */
bool mailbox_give_bytes (const MailboxSink *sink, gpointer data, const guint8 *bytes, gsize n,
                         GError **error);

/* What is really there decides, but a difference from the announced size is worth a line. */
void mailbox_check_size (const Mailbox *mailbox, const MailboxItem *item, guint64 got);

/* A descriptor that is readable at once, for news that is known before waiting; -1 when there is
 * none left. */
int mailbox_ready_fd (void);
