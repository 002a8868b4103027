/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the mail store kept of an office, into its archive: a folder at a time, as mail servers give
 * it fastest, and then in order.
 */
#include "engine/engine-rebuild.h"

#include "base/fault.h"
#include "store/archive.h"

/* Messages of a FETCH. */
enum { FETCH_GROUP = 100 };

typedef struct {
  Office *office;
  const GPtrArray *from;   /* OptionsMailbox */
  KeptMail *mail;
  KeptMessage next;        /* where from */
  RebuildProgress progress;
} Fetch;

static void
tell (const Fetch *f, const char *what, gint64 done, gint64 of)
{
  if (f->progress != NULL)
    f->progress (what, done, of);
}

static bool
begin (gpointer data, const MailboxItem *item, GError **error)
{
  return archive_begin (((Fetch *) data)->office->archive, error);
}

static bool
bytes (gpointer data, const guint8 *some, gsize n, GError **error)
{
  return archive_write (((Fetch *) data)->office->archive, some, n, error);
}

static void
abandon (gpointer data)
{
  archive_abandon (((Fetch *) data)->office->archive);
}

static bool
end (gpointer data, const MailboxItem *item, GError **error)
{
  Fetch *f = data;

  if (!archive_end (f->office->archive, f->next.sha256, &f->next.size, error))
    return false;
  fault_point ("rebuild.archived");
  if (f->next.header_only)
    f->next.size = item->size;
  f->next.item = *item;
  g_array_append_val (f->mail->kept, f->next);
  return true;
}

static const MailboxSink sink = { begin, bytes, end, abandon };

/* As much of each as the daemon fetched of it. */
static bool
fetch_all (Fetch *f, Mailbox *mailbox, const GArray *items, const char *what, GError **error)
{
  g_autoptr (GArray) whole = g_array_new (FALSE, FALSE, sizeof (MailboxItem));

  for (guint i = 0; i < items->len; i++)
    {
      const MailboxItem *item = &g_array_index (items, MailboxItem, i);

      f->next.header_only = item->size > (guint64) f->office->options->max_message;
      if (!f->next.header_only)
        g_array_append_vals (whole, item, 1);
      else if (!mailbox_fetch_header (mailbox, item, &sink, f, error)
               || !archive_sync (f->office->archive, error))
        return false;
    }
  f->next.header_only = false;
  for (guint i = 0; i < whole->len; i += FETCH_GROUP)
    {
      tell (f, what, i, whole->len);
      if (!mailbox_fetch (mailbox, &g_array_index (whole, MailboxItem, i),
                          MIN (FETCH_GROUP, whole->len - i), &sink, f, error)
          || !archive_sync (f->office->archive, error))
        return false;
    }
  return true;
}

static void
note_waiting (Fetch *f, const GArray *items)
{
  f->mail->waiting += items->len;
  for (guint i = 0; i < items->len; i++)
    {
      gint64 at = g_array_index (items, MailboxItem, i).received_at;

      f->mail->first_waiting = MIN (f->mail->first_waiting, at > 0 ? at : f->mail->first_waiting);
    }
}

const char *
kept_folder (const OptionsMailbox *o, MailboxFolder folder)
{
  return folder == MAILBOX_FILED ? o->filed : folder == MAILBOX_HELD ? o->held : NULL;
}

static bool
fetch_folder (Fetch *f, guint n, MailboxFolder folder, GError **error)
{
  const OptionsMailbox *o = f->from->pdata[n];
  g_autoptr (Mailbox) mailbox = engine_mailbox_to_look (o, folder);
  g_autofree char *what = g_strdup_printf (
    "reading %s/%s", o->name, folder == MAILBOX_WAITING ? "INBOX" : kept_folder (o, folder));
  g_autoptr (GArray) items = mailbox_list (mailbox, error);
  guint before = f->mail->kept->len;

  f->next = (KeptMessage){ .mailbox = n, .folder = folder };
  if (items != NULL && folder == MAILBOX_WAITING)
    note_waiting (f, items);
  if (items == NULL || (folder != MAILBOX_WAITING && !fetch_all (f, mailbox, items, what, error)))
    {
      g_prefix_error (error, "%s: ", what);
      return false;
    }
  /* What cannot be read a mailbox leaves out. */
  if (folder != MAILBOX_WAITING && f->mail->kept->len - before < items->len)
    g_ptr_array_add (f->mail->findings,
                     g_strdup_printf ("%s/%s: %u of %u messages could not be read", o->name,
                                      kept_folder (o, folder),
                                      items->len - (f->mail->kept->len - before), items->len));
  return true;
}

/* As the mail server accepted them; in the same second as the daemon looks: mailbox by mailbox, by
 * UID. */
static int
by_time (gconstpointer a, gconstpointer b)
{
  const KeptMessage *x = a, *y = b;
  const gint64 keys[][2] = { { x->item.received_at, y->item.received_at },
                             { x->mailbox, y->mailbox },
                             { x->folder, y->folder },
                             { x->item.uid, y->item.uid } };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i][0] != keys[i][1])
      return keys[i][0] < keys[i][1] ? -1 : 1;
  return 0;
}

KeptMail *
kept_fetch (Office *office, const GPtrArray *from, RebuildProgress progress, GError **error)
{
  g_autoptr (KeptMail) mail = g_new0 (KeptMail, 1);
  Fetch f = { .office = office, .from = from, .mail = mail, .progress = progress };

  mail->kept = g_array_new (FALSE, FALSE, sizeof (KeptMessage));
  mail->findings = g_ptr_array_new_with_free_func (g_free);
  mail->first_waiting = G_MAXINT64;
  for (guint i = 0; i < from->len; i++)
    for (MailboxFolder folder = MAILBOX_WAITING; folder <= MAILBOX_HELD; folder++)
      if (!fetch_folder (&f, i, folder, error))
        return NULL;
  g_array_sort (mail->kept, by_time);
  return g_steal_pointer (&mail);
}

void
kept_mail_free (KeptMail *mail)
{
  if (mail == NULL)
    return;
  g_array_unref (mail->kept);
  g_clear_pointer (&mail->findings, g_ptr_array_unref);
  g_free (mail);
}
