/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fetching: small messages many at a time, large ones in pieces.
 */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "mailbox/mailbox-imap-response.h"

#define BATCH_MESSAGES 100
#define BATCH_BYTES ((guint64) 8 * 1024 * 1024)
#define CHUNK ((guint32) 1024 * 1024)

/* Room for what servers say besides, and for messages larger than announced. */
#define SLACK ((gsize) 64 * 1024 * 1024)

/* How a FETCH ended.  When the sink failed, its error is the one to tell, and the rest of the
 * answer is still on its way: the connection is of no more use. */
static bool
hand_on (ImapMailbox *im, bool fetched, GError **why, GError **of_sink, GError **error)
{
  if (*of_sink == NULL && fetched)
    return true;
  if (*of_sink != NULL)
    imap_drop (im);
  GError **telling = *of_sink != NULL ? of_sink : why;

  g_propagate_error (error, g_steal_pointer (telling));
  return false;
}

/* What one FETCH asks for, and to whom it goes. */
typedef struct {
  ImapMailbox *im;
  const MailboxItem *items;
  guint n;
  bool *given;
  const MailboxSink *sink;
  gpointer data;
  GError *error; /* of the sink */
} Batch;

static void
log_left_out (ImapMailbox *im, const MailboxItem *item, guint64 got)
{
  log_event (LOG_WARNING, got == 0 ? "mailbox.empty" : "mailbox.incomplete",
             LOG_STR ("mailbox", im->base.name), LOG_INT ("uid", item->uid),
             LOG_INT ("announced", item->size), LOG_INT ("got", got));
}

/* Servers may send any message's FETCH at any time (RFC 9051, 7): only what was asked for
 * counts, and only once. */
static void
on_message (struct mailimap_msg_att *att, void *context)
{
  Batch *batch = context;
  Fetched f = imap_read_response (att);
  const MailboxItem key = { .uid = f.uid };
  const MailboxItem *item
    = bsearch (&key, batch->items, batch->n, sizeof key, mailbox_item_compare);

  if (batch->error != NULL || item == NULL || !f.has_body || batch->given[item - batch->items])
    return;
  batch->given[item - batch->items] = true;
  if (f.length == 0 && item->size > 0)
    {
      log_left_out (batch->im, item, 0);
      return;
    }
  gint64 start = clock_monotonic_ms ();

  mailbox_check_size (&batch->im->base, item, f.length);
  if (!mailbox_give (batch->sink, batch->data, item, f.body, f.length, &batch->error))
    wire_stop (batch->im->wire, "stopped");
  wire_extend (batch->im->wire, clock_monotonic_ms () - start);
}

static void
add_to_set (struct mailimap_set *set, guint32 first, guint32 last)
{
  if (first == last)
    mailimap_set_add_single (set, first);
  else
    mailimap_set_add_interval (set, first, last);
}

static bool
fetch_batch (Batch *batch, GError **error)
{
  struct mailimap_set *set = mailimap_set_new_empty ();
  g_autofree bool *given = g_new0 (bool, batch->n);
  gsize bytes = 0;
  guint first = 0;

  batch->given = given;
  for (guint i = 0; i < batch->n; i++)
    {
      bytes += batch->items[i].size;
      if (i + 1 < batch->n && batch->items[i + 1].uid == batch->items[i].uid + 1)
        continue;
      add_to_set (set, batch->items[first].uid, batch->items[i].uid);
      first = i + 1;
    }
  struct mailimap_fetch_att *const atts[]
    = { mailimap_fetch_att_new_uid (),
        mailimap_fetch_att_new_body_peek_section (mailimap_section_new (NULL)), NULL };

  imap_begin (batch->im, bytes + SLACK);
  g_autoptr (GError) why = NULL;
  bool fetched = imap_uid_fetch (batch->im, set, atts, on_message, batch, &why);

  return hand_on (batch->im, fetched, &why, &batch->error, error);
}

/* A large message, a piece at a time. */
typedef struct {
  ImapMailbox *im;
  const MailboxItem *item;
  const MailboxSink *sink;
  gpointer data;
  bool begun;
  guint64 offset;
  bool answered;  /* this piece came */
  gsize got;      /* its bytes */
  GError *error;  /* of the sink, or about the piece */
} Large;

static bool
take_piece (Large *large, const Fetched *f, GError **error)
{
  if (!large->begun && !large->sink->begin (large->data, large->item, error))
    return false;
  large->begun = true;
  if (mailbox_give_bytes (large->sink, large->data, f->body, f->length, error))
    return true;
  large->begun = false; /* it has been told to abandon */
  return false;
}

static void
on_piece (struct mailimap_msg_att *att, void *context)
{
  Large *large = context;
  Fetched f = imap_read_response (att);

  if (large->error != NULL || large->answered || f.uid != large->item->uid || !f.has_body
      || (f.origin != large->offset && f.length > 0))
    return;
  gint64 start = clock_monotonic_ms ();

  large->answered = true;
  large->got = f.length;
  if (f.length > 0 && !take_piece (large, &f, &large->error))
    wire_stop (large->im->wire, "stopped");
  wire_extend (large->im->wire, clock_monotonic_ms () - start);
}

static bool
fetch_piece (Large *large, GError **error)
{
  struct mailimap_fetch_att *const atts[]
    = { mailimap_fetch_att_new_uid (),
        mailimap_fetch_att_new_body_peek_section_partial (mailimap_section_new (NULL),
                                                          (guint32) large->offset, CHUNK),
        NULL };

  large->answered = false;
  large->got = 0;
  imap_begin (large->im, CHUNK + SLACK);
  g_autoptr (GError) why = NULL;
  bool fetched = imap_uid_fetch (large->im, mailimap_set_new_single (large->item->uid), atts,
                                 on_piece, large, &why);

  return hand_on (large->im, fetched, &why, &large->error, error);
}

/* Pieces until one comes short; a message that never ends is given up. */
static bool
fetch_pieces (Large *large, bool *whole, GError **error)
{
  guint64 limit = MIN (large->item->size + SLACK, G_MAXUINT32 - CHUNK);

  do
    {
      if (!fetch_piece (large, error))
        return false;
      large->offset += large->got;
    }
  while (large->answered && large->got == CHUNK && large->offset <= limit);
  *whole = large->answered && large->offset > 0 && large->offset <= limit;
  return true;
}

static bool
fetch_large (ImapMailbox *im, const MailboxItem *item, const MailboxSink *sink, gpointer data,
             GError **error)
{
  Large large = { .im = im, .item = item, .sink = sink, .data = data };
  bool whole = false, fetched = fetch_pieces (&large, &whole, error);

  if (fetched && whole)
    {
      mailbox_check_size (&im->base, item, large.offset);
      return sink->end (data, item, error);
    }
  if (large.begun)
    sink->abandon (data);
  if (fetched && (large.answered || large.begun))
    log_left_out (im, item, large.offset);
  return fetched;
}

/* As many of N items as make one FETCH; none when the first is a large one. */
static guint
batch_length (const MailboxItem *items, guint n)
{
  guint64 bytes = 0;
  guint i;

  for (i = 0; i < MIN (n, BATCH_MESSAGES); i++)
    {
      bytes += items[i].size;
      if (bytes > BATCH_BYTES)
        break;
    }
  return i;
}

bool
imap_fetch (Mailbox *mailbox, const MailboxItem *items, guint n, const MailboxSink *sink,
            gpointer data, GError **error)
{
  ImapMailbox *im = (ImapMailbox *) mailbox;
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (MailboxItem));

  if (!imap_open (im, error))
    return false;
  for (guint i = 0; i < n; i++)
    if (items[i].uidvalidity == im->uidvalidity)
      g_array_append_val (ours, items[i]);
  for (guint i = 0, length; i < ours->len; i += MAX (length, 1))
    {
      const MailboxItem *next = &g_array_index (ours, MailboxItem, i);

      length = batch_length (next, ours->len - i);
      Batch batch = { .im = im, .items = next, .n = length, .sink = sink, .data = data };

      if (length > 0 ? !fetch_batch (&batch, error) : !fetch_large (im, next, sink, data, error))
        return false;
    }
  return true;
}
