/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One interface for both kinds of mailbox: it dispatches, and does what must be the same for both.
 */
#include "mailbox/mailbox.h"

#include <sys/eventfd.h>

#include "base/log.h"
#include "mailbox/mailbox-private.h"

Mailbox *
mailbox_new (const char *name, const MailboxOptions *options)
{
  Mailbox *mailbox
    = options->kind == MAILBOX_IMAP ? mailbox_imap_new () : mailbox_maildir_new ();

  mailbox->name = g_strdup (name);
  mailbox->options = *options;
  return mailbox;
}

void
mailbox_free (Mailbox *mailbox)
{
  if (mailbox == NULL)
    return;
  mailbox->driver->close (mailbox);
  g_free (mailbox->name);
  mailbox->driver->free (mailbox);
}

const char *
mailbox_name (const Mailbox *mailbox)
{
  return mailbox->name;
}

const char *
mailbox_target_name (const Mailbox *mailbox, MailboxTarget target)
{
  return target == MAILBOX_TO_FILED ? mailbox->options.filed : mailbox->options.held;
}

int
mailbox_item_compare (gconstpointer a, gconstpointer b)
{
  guint32 x = ((const MailboxItem *) a)->uid, y = ((const MailboxItem *) b)->uid;

  return x < y ? -1 : x > y;
}

/* A UID twice would be a message given twice. */
static void
sort_once (GArray *items)
{
  guint kept = 0;

  g_array_sort (items, mailbox_item_compare);
  for (guint i = 0; i < items->len; i++)
    {
      MailboxItem item = g_array_index (items, MailboxItem, i);

      if (kept == 0 || g_array_index (items, MailboxItem, kept - 1).uid != item.uid)
        g_array_index (items, MailboxItem, kept++) = item;
    }
  g_array_set_size (items, kept);
}

GArray *
mailbox_list (Mailbox *mailbox, GError **error)
{
  GArray *items = mailbox->driver->list (mailbox, error);

  if (items != NULL)
    sort_once (items);
  return items;
}

bool
mailbox_fetch (Mailbox *mailbox, const MailboxItem *items, guint n, const MailboxSink *sink,
               gpointer data, GError **error)
{
  g_autoptr (GArray) sorted = g_array_new (FALSE, FALSE, sizeof (MailboxItem));

  g_array_append_vals (sorted, items, n);
  sort_once (sorted);
  return sorted->len == 0
         || mailbox->driver->fetch (mailbox, (const MailboxItem *) sorted->data, sorted->len, sink,
                                    data, error);
}

bool
mailbox_move (Mailbox *mailbox, guint32 uidvalidity, const guint32 *uids, guint n,
              MailboxTarget target, GError **error)
{
  return n == 0 || mailbox->driver->move (mailbox, uidvalidity, uids, n, target, error);
}

bool
mailbox_watch (Mailbox *mailbox, int *fd, GError **error)
{
  return mailbox->driver->watch (mailbox, fd, error);
}

bool
mailbox_unwatch (Mailbox *mailbox, GError **error)
{
  return mailbox->driver->unwatch (mailbox, error);
}

void
mailbox_close (Mailbox *mailbox)
{
  mailbox->driver->close (mailbox);
}

bool
mailbox_give_bytes (const MailboxSink *sink, gpointer data, const guint8 *bytes, gsize n,
                    GError **error)
{
  if (n == 0 || sink->bytes (data, bytes, n, error))
    return true;
  sink->abandon (data);
  return false;
}

bool
mailbox_give (const MailboxSink *sink, gpointer data, const MailboxItem *item, const guint8 *bytes,
              gsize n, GError **error)
{
  return sink->begin (data, item, error) && mailbox_give_bytes (sink, data, bytes, n, error)
         && sink->end (data, item, error);
}

void
mailbox_check_size (const Mailbox *mailbox, const MailboxItem *item, guint64 got)
{
  if (got != item->size)
    log_event (LOG_NOTICE, "mailbox.size-differs", LOG_STR ("mailbox", mailbox->name),
               LOG_INT ("uid", item->uid), LOG_INT ("announced", item->size),
               LOG_INT ("got", got));
}

int
mailbox_ready_fd (void)
{
  return eventfd (1, EFD_CLOEXEC | EFD_NONBLOCK);
}
