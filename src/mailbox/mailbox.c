/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One interface for both kinds of mailbox: it dispatches, and does what must be the same for
 * both. */
#include "mailbox/mailbox.h"

#include <string.h>
#include <sys/eventfd.h>

#include "base/error.h"
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

Mailbox *
mailbox_new_to_look (const char *name, const MailboxOptions *options, MailboxFolder folder)
{
  Mailbox *mailbox = mailbox_new (name, options);

  mailbox->look_only = true;
  mailbox->folder = folder;
  return mailbox;
}

bool
mailbox_looks_into (const Mailbox *mailbox, MailboxTarget *target)
{
  if (!mailbox->look_only || mailbox->folder == MAILBOX_WAITING)
    return false;
  *target = mailbox->folder == MAILBOX_FILED ? MAILBOX_TO_FILED : MAILBOX_TO_HELD;
  return true;
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

#define MAX_HEADER ((guint) 1024 * 1024)

/* Collects until the header's end and then refuses the rest. */
typedef struct {
  GByteArray *head;
  bool whole;
} HeaderSink;

static bool
header_begin (gpointer data, const MailboxItem *item, GError **error)
{
  g_byte_array_set_size (((HeaderSink *) data)->head, 0);
  return true;
}

static bool
header_bytes (gpointer data, const guint8 *bytes, gsize n, GError **error)
{
  HeaderSink *header = data;
  GByteArray *head = header->head;

  g_byte_array_append (head, bytes, (guint) MIN (n, MAX_HEADER - head->len));
  for (guint i = 1; i < head->len && !header->whole; i++)
    if (head->data[i] == '\n'
        && (head->data[i - 1] == '\n'
            || (i > 1 && head->data[i - 1] == '\r' && head->data[i - 2] == '\n')))
      {
        g_byte_array_set_size (head, i + 1);
        header->whole = true;
      }
  if (!header->whole && head->len < MAX_HEADER)
    return true;
  header->whole = true;
  g_set_error_literal (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "the header is enough");
  return false;
}

static bool
header_end (gpointer data, const MailboxItem *item, GError **error)
{
  ((HeaderSink *) data)->whole = true;
  return true;
}

static void
header_abandon (gpointer data)
{
}

bool
mailbox_fetch_header (Mailbox *mailbox, const MailboxItem *item, const MailboxSink *sink,
                      gpointer data, GError **error)
{
  static const MailboxSink collect = { header_begin, header_bytes, header_end, header_abandon };
  g_autoptr (GByteArray) head = g_byte_array_new ();
  HeaderSink header = { head, false };
  g_autoptr (GError) inner = NULL;

  if (!mailbox_fetch (mailbox, item, 1, &collect, &header, &inner) && !header.whole)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  return !header.whole || mailbox_give (sink, data, item, head->data, head->len, error);
}

bool
mailbox_move (Mailbox *mailbox, guint32 uidvalidity, const guint32 *uids, guint n,
              MailboxTarget target, GError **error)
{
  g_assert (!mailbox->look_only);
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
