/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A Maildir as a mailbox: files in new/ and cur/, UIDs from a list beside them, and Maildir++
 * subfolders (.Filed, .Held) to move to.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "mailbox/mailbox-maildir.h"

#define PIECE (64 * 1024)

static GArray *
maildir_list (Mailbox *mailbox, GError **error)
{
  MaildirMailbox *md = (MaildirMailbox *) mailbox;
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (MailboxItem));
  GHashTableIter i;
  gpointer uid, value;

  if (!maildir_scan (md, error))
    return NULL;
  g_hash_table_iter_init (&i, md->files);
  while (g_hash_table_iter_next (&i, &uid, &value))
    {
      const File *file = value;
      MailboxItem item = { uidlist_validity (md->uids), GPOINTER_TO_UINT (uid), file->received_at,
                           file->size };

      g_array_append_val (items, item);
    }
  return g_steal_pointer (&items);
}

static bool
give_file (MaildirMailbox *md, int fd, const MailboxItem *item, const MailboxSink *sink,
           gpointer data, GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE);
  guint64 got = 0;
  ssize_t n;

  if (!sink->begin (data, item, error))
    return false;
  while ((n = read (fd, piece, PIECE)) > 0 || (n < 0 && errno == EINTR))
    {
      if (n > 0 && !mailbox_give_bytes (sink, data, piece, (gsize) n, error))
        return false;
      got += (guint64) MAX (n, 0);
    }
  if (n < 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "reading message %u: %s", item->uid,
                   g_strerror (errno));
      sink->abandon (data);
      return false;
    }
  mailbox_check_size (&md->base, item, got);
  return sink->end (data, item, error);
}

/* One file that may not be read is no reason to stop: the others can. */
static bool
not_opened (MaildirMailbox *md, const MailboxItem *item, const char *path, GError **error)
{
  if (errno == EACCES || errno == EPERM || errno == ELOOP)
    {
      log_event (LOG_WARNING, "mailbox.unreadable", LOG_STR ("mailbox", md->base.name),
                 LOG_INT ("uid", item->uid));
      return true;
    }
  return errno == ENOENT || maildir_set_error (path, error);
}

static bool
give_message (MaildirMailbox *md, const MailboxItem *item, const MailboxSink *sink, gpointer data,
              bool *looked, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *path = maildir_locate (md, item->uid, looked, &why);

  if (path == NULL)
    {
      bool gone = why == NULL;

      if (!gone)
        g_propagate_error (error, g_steal_pointer (&why));
      return gone;
    }
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

  if (fd < 0)
    return not_opened (md, item, path, error);
  bool given = give_file (md, fd, item, sink, data, error);

  close (fd);
  return given;
}

static bool
maildir_fetch (Mailbox *mailbox, const MailboxItem *items, guint n, const MailboxSink *sink,
               gpointer data, GError **error)
{
  MaildirMailbox *md = (MaildirMailbox *) mailbox;
  bool looked = md->uids == NULL;

  if (!maildir_open_once (md, error))
    return false;
  for (guint i = 0; i < n; i++)
    if (items[i].uidvalidity == uidlist_validity (md->uids)
        && !give_message (md, &items[i], sink, data, &looked, error))
      return false;
  return true;
}

/* It is made when it is missing. */
static char *
target_path (MaildirMailbox *md, MailboxTarget target, GError **error)
{
  const char *name = mailbox_target_name (&md->base, target);
  g_autofree char *path = maildir_target (md, target, error);
  g_autofree char *mark = path != NULL ? g_build_filename (path, "maildirfolder", NULL) : NULL;

  if (path == NULL)
    return NULL;
  if (access (mark, F_OK) == 0)
    return g_steal_pointer (&path);
  if (!maildir_make_folder (path, error))
    return NULL;
  if (!g_file_set_contents (mark, "", 0, NULL))
    {
      maildir_set_error (mark, error);
      return NULL;
    }
  log_event (LOG_NOTICE, "mailbox.folder-created", LOG_STR ("mailbox", md->base.name),
             LOG_STR ("folder", name));
  return g_steal_pointer (&path);
}

static int
rename_onto_nothing (const char *from, const char *to)
{
  int result = renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);

  if (result == 0 || (errno != EINVAL && errno != ENOSYS))
    return result;
  if (access (to, F_OK) < 0) /* a file system that cannot do it in one step */
    return rename (from, to);
  errno = EEXIST;
  return -1;
}

/* Never onto another message, although names are unique: then the UID makes it unique again. */
static int
rename_apart (MaildirMailbox *md, const char *from, const char *folder, const File *file,
              guint32 uid)
{
  g_autofree char *to = g_build_filename (folder, file->sub, file->name, NULL);

  if (rename_onto_nothing (from, to) == 0)
    return 0;
  if (errno != EEXIST)
    return -1;
  g_autofree char *name = g_strdup_printf ("%s.%u.%u%s", file->base, uidlist_validity (md->uids),
                                           uid, file->name + strlen (file->base));
  g_autofree char *other = g_build_filename (folder, file->sub, name, NULL);

  return rename_onto_nothing (from, other);
}

static bool
move_message (MaildirMailbox *md, guint32 uid, const char *folder, bool *looked, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *from = maildir_locate (md, uid, looked, &why);

  if (why != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return false;
    }
  if (from != NULL
      && rename_apart (md, from, folder, g_hash_table_lookup (md->files, GUINT_TO_POINTER (uid)),
                       uid) < 0
      && errno != ENOENT)
    return maildir_set_error (from, error);
  fault_point ("mailbox.moved-one");
  g_hash_table_remove (md->files, GUINT_TO_POINTER (uid));
  return true;
}

static bool
maildir_move (Mailbox *mailbox, guint32 uidvalidity, const guint32 *uids, guint n,
              MailboxTarget target, GError **error)
{
  MaildirMailbox *md = (MaildirMailbox *) mailbox;
  bool looked = md->uids == NULL;

  if (!maildir_open_once (md, error))
    return false;
  if (uidlist_validity (md->uids) != uidvalidity)
    return true;
  g_autofree char *folder = target_path (md, target, error);

  for (guint i = 0; folder != NULL && i < n; i++)
    if (!move_message (md, uids[i], folder, &looked, error))
      return false;
  return folder != NULL;
}

/* Did something come since the last list? */
static bool
has_news (MaildirMailbox *md, GError **error, bool *news)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (maildir_file_free);

  if (!maildir_open_once (md, error) || !maildir_read_sub (md, "new", found, error))
    return false;
  *news = false;
  for (guint i = 0; i < found->len; i++)
    *news |= !uidlist_knows (md->uids, ((const File *) found->pdata[i])->base);
  return true;
}

static void
stop_watching (MaildirMailbox *md)
{
  if (md->inotify_fd >= 0)
    close (md->inotify_fd);
  if (md->ready_fd >= 0)
    close (md->ready_fd);
  md->inotify_fd = md->ready_fd = -1;
}

/* The watch is set before the look, so that nothing comes between them. */
static bool
maildir_watch (Mailbox *mailbox, int *fd, GError **error)
{
  MaildirMailbox *md = (MaildirMailbox *) mailbox;
  g_autofree char *path = g_build_filename (mailbox->options.path, "new", NULL);
  bool news = false;

  if (!maildir_open_once (md, error))
    return false;
  md->inotify_fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
  if (md->inotify_fd < 0 || inotify_add_watch (md->inotify_fd, path, IN_MOVED_TO | IN_CREATE) < 0)
    {
      maildir_set_error (path, error);
      stop_watching (md);
      return false;
    }
  if (!has_news (md, error, &news))
    {
      stop_watching (md);
      return false;
    }
  if (news)
    md->ready_fd = mailbox_ready_fd ();
  *fd = news ? md->ready_fd : md->inotify_fd;
  return true;
}

static bool
maildir_unwatch (Mailbox *mailbox, GError **error)
{
  stop_watching ((MaildirMailbox *) mailbox);
  return true;
}

/* What is in memory stays true enough: a file that is not where it was is looked for. */
static void
maildir_close (Mailbox *mailbox)
{
  stop_watching ((MaildirMailbox *) mailbox);
}

static void
maildir_free (Mailbox *mailbox)
{
  MaildirMailbox *md = (MaildirMailbox *) mailbox;

  uidlist_free (md->uids);
  g_hash_table_unref (md->files);
  g_free (md->path);
  g_free (md);
}

static const MailboxDriver maildir_driver = {
  maildir_list,    maildir_fetch, maildir_move, maildir_watch,
  maildir_unwatch, maildir_close, maildir_free,
};

Mailbox *
mailbox_maildir_new (void)
{
  MaildirMailbox *md = g_new0 (MaildirMailbox, 1);

  md->base.driver = &maildir_driver;
  md->files = g_hash_table_new_full (NULL, NULL, NULL, maildir_file_free);
  md->inotify_fd = md->ready_fd = -1;
  return &md->base;
}
