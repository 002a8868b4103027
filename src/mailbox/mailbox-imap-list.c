/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What waits in an IMAP folder.
 */
#include "mailbox/mailbox-imap-response.h"

/* A line of the list is about 90 bytes. */
#define LIST_LINE 256
#define LIST_MAX ((gsize) 128 * 1024 * 1024)

typedef struct {
  guint32 uidvalidity;
  GArray *items;
} Listing;

/* A FETCH without a size is news about flags that nobody asked for. */
static void
on_listed (struct mailimap_msg_att *att, void *context)
{
  Listing *listing = context;
  Fetched f = imap_read_response (att);

  if (f.uid == 0 || !f.has_size || f.deleted)
    return;
  MailboxItem item = { listing->uidvalidity, f.uid, f.date, f.size };

  g_array_append_val (listing->items, item);
}

/* The folder is selected anew each time: that is how a new UIDVALIDITY is learnt.  A connection
 * that was kept since the last pass may be dead for long, which is no failure yet. */
static bool
select_anew (ImapMailbox *im, GError **error)
{
  g_autoptr (GError) stale = NULL;

  if (im->imap == NULL || !im->selected)
    return imap_open (im, error);
  if (imap_select (im, &stale))
    return true;
  if (im->imap == NULL)
    return imap_open (im, error);
  g_propagate_error (error, g_steal_pointer (&stale));
  return false;
}

GArray *
imap_list (Mailbox *mailbox, GError **error)
{
  ImapMailbox *im = (ImapMailbox *) mailbox;

  if (!select_anew (im, error))
    return NULL;
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (MailboxItem));
  Listing listing = { im->uidvalidity, items };

  if (im->missing)
    return g_steal_pointer (&items);
  guint32 exists = im->imap->imap_selection_info->sel_exists;

  if (exists == 0) /* some servers call 1:* of nothing a mistake */
    return g_steal_pointer (&items);
  struct mailimap_fetch_att *const atts[]
    = { mailimap_fetch_att_new_uid (), mailimap_fetch_att_new_rfc822_size (),
        mailimap_fetch_att_new_internaldate (), mailimap_fetch_att_new_flags (), NULL };

  imap_begin (im, MIN (IMAP_SMALL_ANSWER + (gsize) exists * LIST_LINE, LIST_MAX));
  if (!imap_uid_fetch (im, mailimap_set_new_interval (1, 0), atts, on_listed, &listing, error))
    return NULL;
  return g_steal_pointer (&items);
}
