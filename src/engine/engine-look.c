/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One look at a mailbox: fetch into the archive, take each message in, then tell the server where
 * it goes.
 */
#include <string.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "engine/engine-group.h"
#include "engine/run.h"

/* Messages are moved in groups: after a crash at most so many are looked at again, and none is
 * filed twice. */
enum { MOVE_GROUP = 100 };

typedef struct {
  Office *office;
  Mailbox *mailbox;
  Group *group;
  guint n;
  bool header_only;
  GArray *moves[2];          /* guint32 UIDs, by MailboxTarget */
  guint32 uidvalidity;
} Look;

static MailboxOptions
options_of (const OptionsMailbox *o)
{
  return (MailboxOptions){
    .kind = strcmp (o->kind, "imap") == 0 ? MAILBOX_IMAP : MAILBOX_MAILDIR,
    .path = o->path, .host = o->host, .folder = o->folder, .port = o->port,
    .tls = strcmp (o->tls, "starttls") == 0 ? MAILBOX_TLS_STARTTLS
           : strcmp (o->tls, "none") == 0 ? MAILBOX_TLS_NONE : MAILBOX_TLS_IMPLICIT,
    .ca_file = o->ca_file,
    .auth = strcmp (o->auth, "xoauth2") == 0 ? MAILBOX_AUTH_XOAUTH2
            : strcmp (o->auth, "plain") == 0 ? MAILBOX_AUTH_PLAIN : MAILBOX_AUTH_LOGIN,
    .user = o->user, .secret_file = o->secret_file, .token_command = o->token_command,
    .filed = o->filed, .held = o->held, .timeout_s = (guint) o->timeout,
  };
}

Mailbox *
engine_mailbox (const OptionsMailbox *o)
{
  const MailboxOptions options = options_of (o);

  return mailbox_new (o->name, &options);
}

Mailbox *
engine_mailbox_to_look (const OptionsMailbox *o, MailboxFolder folder)
{
  const MailboxOptions options = options_of (o);

  return mailbox_new_to_look (o->name, &options, folder);
}

static bool
note_moved (Look *look, const GArray *uids, GError **error)
{
  g_autoptr (StoreTxn) txn = store_begin (look->office->store, error);

  if (txn == NULL)
    return false;
  for (guint i = 0; i < uids->len; i++)
    if (!placement_moved (txn, mailbox_name (look->mailbox), look->uidvalidity,
                          g_array_index (uids, guint32, i), error))
      return false;
  return store_commit (txn, error);
}

static bool
move_all (Look *look, MailboxTarget target, GError **error)
{
  GArray *uids = look->moves[target];

  if (uids->len == 0)
    return true;
  fault_point ("look.before-move");
  if (!mailbox_move (look->mailbox, look->uidvalidity, (const guint32 *) (gpointer) uids->data,
                     uids->len, target, error))
    return false;
  fault_point ("look.moved");
  bool good = note_moved (look, uids, error);
  g_array_set_size (uids, 0);
  return good;
}

/* What was taken in and does not wait any more was moved by a pass that died before it could say
 * so, or by hand. */
static bool
note_gone (Look *look, GError **error)
{
  const char *name = mailbox_name (look->mailbox);
  bool any;

  if (!placement_any_to_move (look->office->store, name, &any, error))
    return false;
  if (!any)
    return true;
  g_autoptr (StoreTxn) txn = store_begin (look->office->store, error);
  return txn != NULL && placement_all_moved (txn, name, error) && store_commit (txn, error);
}

static void
taken (gpointer data, const EngineArrival *arrival, const EngineTaken *what)
{
  Look *look = data;

  g_array_append_val (look->moves[what->target], arrival->uid);
  look->n++;
}

/* What is committed but not moved yet is known by its place and moved the next time. */
static bool
commit (Look *look, GError **error)
{
  Office *office = look->office;

  if (!group_commit (look->group, taken, look, error))
    return false;
  if (office->go_on == NULL || office->go_on (office->go_on_data))
    return true;
  g_set_error_literal (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "asked to stop");
  return false;
}

static bool
begin (gpointer data, const MailboxItem *item, GError **error)
{
  Look *look = data;

  return (!group_is_full (look->group) || commit (look, error))
         && archive_begin (look->office->archive, error);
}

static bool
bytes (gpointer data, const guint8 *some, gsize n, GError **error)
{
  Look *look = data;

  return archive_write (look->office->archive, some, n, error);
}

static void
abandon (gpointer data)
{
  Look *look = data;

  archive_abandon (look->office->archive);
}

static bool
end (gpointer data, const MailboxItem *item, GError **error)
{
  Look *look = data;
  char sha256[65];
  guint64 size;

  if (!archive_end (look->office->archive, sha256, &size, error))
    return false;
  fault_point ("look.archived");
  EngineArrival arrival = { sha256,
                            look->header_only ? item->size : size,
                            mailbox_name (look->mailbox),
                            item->uidvalidity,
                            item->uid,
                            item->received_at,
                            look->header_only };
  return group_add (look->group, &arrival, error)
         && (!group_is_full (look->group) || commit (look, error));
}

static const MailboxSink sink = { begin, bytes, end, abandon };

/* Split what waits: known places only need moving; the rest is fetched, too large ones by
 * header. */
static bool
sort_out (Look *look, const GArray *items, GArray *fetch, GArray *oversize, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      const MailboxItem *item = &g_array_index (items, MailboxItem, i);
      bool known;
      MailboxTarget target;

      if (!placement_find (look->office->store, mailbox_name (look->mailbox), item->uidvalidity,
                           item->uid, &known, &target, error))
        return false;
      if (known)
        g_array_append_val (look->moves[target], item->uid);
      else
        g_array_append_vals (
          item->size > (guint64) look->office->options->max_message ? oversize : fetch, item, 1);
    }
  return true;
}

/* What came whole is taken in, whatever became of the rest. */
static bool
fetch_and_commit (Look *look, const MailboxItem *items, guint n, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  bool fetched = look->header_only
                   ? mailbox_fetch_header (look->mailbox, items, &sink, look, &trouble)
                   : mailbox_fetch (look->mailbox, items, n, &sink, look, &trouble);

  if (!commit (look, error))
    return false;
  if (!fetched)
    g_propagate_error (error, g_steal_pointer (&trouble));
  return fetched;
}

static bool
fetch_group (Look *look, const MailboxItem *items, guint n, GError **error)
{
  return fetch_and_commit (look, items, n, error) && move_all (look, MAILBOX_TO_FILED, error)
         && move_all (look, MAILBOX_TO_HELD, error);
}

static bool
fetch_all (Look *look, const GArray *items, GError **error)
{
  for (guint i = 0; i < items->len; i += MOVE_GROUP)
    if (!fetch_group (look, &g_array_index (items, MailboxItem, i),
                      MIN (MOVE_GROUP, items->len - i), error))
      return false;
  return true;
}

static bool
fetch_headers (Look *look, const GArray *items, GError **error)
{
  look->header_only = true;
  for (guint i = 0; i < items->len; i++)
    if (!fetch_and_commit (look, &g_array_index (items, MailboxItem, i), 1, error))
      return false;
  look->header_only = false;
  return move_all (look, MAILBOX_TO_FILED, error) && move_all (look, MAILBOX_TO_HELD, error);
}

static bool
look_at (Look *look, GError **error)
{
  g_autoptr (GArray) items = mailbox_list (look->mailbox, error);
  g_autoptr (GArray) fetch = g_array_new (FALSE, FALSE, sizeof (MailboxItem));
  g_autoptr (GArray) oversize = g_array_new (FALSE, FALSE, sizeof (MailboxItem));

  if (items == NULL)
    return false;
  if (items->len > 0)
    look->uidvalidity = g_array_index (items, MailboxItem, 0).uidvalidity;
  return sort_out (look, items, fetch, oversize, error) && move_all (look, MAILBOX_TO_FILED, error)
         && move_all (look, MAILBOX_TO_HELD, error) && note_gone (look, error)
         && fetch_all (look, fetch, error) && fetch_headers (look, oversize, error);
}

bool
engine_look (Office *office, Mailbox *mailbox, gint64 now, guint *n, GError **error)
{
  g_autoptr (Group) group = group_new (office, now);
  Look look = { .office = office,
                .mailbox = mailbox,
                .group = group,
                .moves = { g_array_new (FALSE, FALSE, sizeof (guint32)),
                           g_array_new (FALSE, FALSE, sizeof (guint32)) } };
  bool good = look_at (&look, error);

  g_array_unref (look.moves[0]);
  g_array_unref (look.moves[1]);
  *n = look.n;
  return good;
}
