/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A Maildir as a mailbox: files in new/ and cur/, UIDs from a list beside them, and Maildir++
 * subfolders (.Filed, .Held) to move to.
 *
 * What was seen is kept in memory, so that a look at one message is no search: moving 20,000 messages one at a
 * time reads the folder once.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "mailbox/mailbox-private.h"
#include "mailbox/mailbox-uidlist.h"

#define PIECE (64 * 1024)

typedef struct {
  Mailbox base;
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

static const char *const subs[] = { "new", "cur" }; /* in the order a message moves: none is missed */

static void
file_free (gpointer data)
{
  File *file = data;

  g_free (file->base);
  g_free (file->name);
  g_free (file);
}

static bool
set_error (const char *path, GError **error)
{
  QecErrorCode code = errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EMFILE
                        ? QEC_ERROR_TRANSIENT
                        : QEC_ERROR_CONFIG;

  g_set_error (error, QEC_ERROR, code, "%s: %s", path, g_strerror (errno));
  return false;
}

static bool
make_folder (const char *path, GError **error)
{
  static const char *const parts[] = { "tmp", "new", "cur" };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *part = g_build_filename (path, parts[i], NULL);

      if (g_mkdir_with_parents (part, 0700) < 0)
        return set_error (part, error);
    }
  return true;
}

/* A name with a line's end in it cannot be in the list, and no delivery makes one. */
static File *
look_at (int dir, const char *sub, const char *name)
{
  struct stat st;

  if (name[0] == '.' || strchr (name, '\n') != NULL
      || fstatat (dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG (st.st_mode))
    return NULL;
  File *file = g_new0 (File, 1);

  file->base = g_strndup (name, strcspn (name, ":"));
  file->name = g_strdup (name);
  file->sub = sub;
  file->received_at = st.st_mtime;
  file->size = (guint64) st.st_size;
  return file;
}

static bool
read_sub (MaildirMailbox *md, const char *sub, GPtrArray *found, GError **error)
{
  g_autofree char *path = g_build_filename (md->base.options.path, sub, NULL);
  DIR *dir = opendir (path);
  const struct dirent *entry;

  if (dir == NULL)
    return set_error (path, error);
  while ((entry = readdir (dir)) != NULL)
    {
      File *file = look_at (dirfd (dir), sub, entry->d_name);

      if (file != NULL)
        g_ptr_array_add (found, file);
    }
  closedir (dir);
  return true;
}

static int
compare_base (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const File *const *) a)->base, (*(const File *const *) b)->base);
}

/* Give each file its UID, in the order of names, which for most deliveries is that of time.  A file in
 * both folders (it moved while we looked) is taken where it was seen last. */
static bool
number_files (MaildirMailbox *md, GPtrArray *found, GError **error)
{
  g_autoptr (GHashTable) live = g_hash_table_new (g_str_hash, g_str_equal);

  g_ptr_array_sort (found, compare_base); /* is stable */
  g_hash_table_remove_all (md->files);
  for (guint i = 0; i < found->len; i++)
    {
      File *file = found->pdata[i];
      guint32 uid = uidlist_uid (md->uids, file->base);

      found->pdata[i] = NULL;
      g_hash_table_remove (live, file->base);
      g_hash_table_insert (md->files, GUINT_TO_POINTER (uid), file);
      g_hash_table_add (live, file->base);
    }
  return uidlist_save (md->uids, error) && uidlist_compact (md->uids, live, error);
}

static void
free_found (gpointer data)
{
  if (data != NULL)
    file_free (data);
}

static bool
scan (MaildirMailbox *md, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (free_found);

  if (!make_folder (md->base.options.path, error))
    return false;
  if (md->uids == NULL)
    md->uids = uidlist_open (md->base.options.path, clock_now (), error);
  if (md->uids == NULL)
    return false;
  for (gsize i = 0; i < G_N_ELEMENTS (subs); i++)
    if (!read_sub (md, subs[i], found, error))
      return false;
  if (number_files (md, found, error))
    return true;
  g_hash_table_remove_all (md->files); /* UIDs that were not saved are not to be told */
  g_clear_pointer (&md->uids, uidlist_free);
  return false;
}

static bool
open_once (MaildirMailbox *md, GError **error)
{
  return md->uids != NULL || scan (md, error);
}

static GArray *
maildir_list (Mailbox *mailbox, GError **error)
{
  MaildirMailbox *md = (MaildirMailbox *) mailbox;
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (MailboxItem));
  GHashTableIter i;
  gpointer uid, value;

  if (!scan (md, error))
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

static char *
path_of (MaildirMailbox *md, guint32 uid)
{
  const File *file = g_hash_table_lookup (md->files, GUINT_TO_POINTER (uid));

  return file == NULL
           ? NULL
           : g_build_filename (md->base.options.path, file->sub, file->name, NULL);
}

/* Where UID is, or NULL with no error set when it is gone.  Another reader may have given the file flags and thereby
 * a new name: when it is not where it was, look again, but only once for all messages of a call. */
static char *
locate (MaildirMailbox *md, guint32 uid, bool *looked, GError **error)
{
  g_autofree char *path = path_of (md, uid);

  if (path != NULL && access (path, F_OK) == 0)
    return g_steal_pointer (&path);
  if (*looked)
    return NULL;
  *looked = true;
  if (!scan (md, error))
    return NULL;
  return path_of (md, uid);
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

static bool
give_message (MaildirMailbox *md, const MailboxItem *item, const MailboxSink *sink, gpointer data,
              bool *looked, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *path = locate (md, item->uid, looked, &why);

  if (path == NULL)
    {
      bool gone = why == NULL;

      if (!gone)
        g_propagate_error (error, g_steal_pointer (&why));
      return gone;
    }
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

  if (fd < 0)
    return errno == ENOENT || set_error (path, error);
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

  if (!open_once (md, error))
    return false;
  for (guint i = 0; i < n; i++)
    if (items[i].uidvalidity == uidlist_validity (md->uids)
        && !give_message (md, &items[i], sink, data, &looked, error))
      return false;
  return true;
}

/* ".Filed" for "Filed", ".Cases.Held" for "Cases/Held" (Maildir++); made when missing. */
static char *
target_path (MaildirMailbox *md, MailboxTarget target, GError **error)
{
  const char *name = mailbox_target_name (&md->base, target);

  if (name == NULL || name[0] == '\0' || name[0] == '.' || name[0] == '/')
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "'%s' is no name for a folder",
                   name != NULL ? name : "");
      return NULL;
    }
  g_autofree char *dotted = g_strdelimit (g_strconcat (".", name, NULL), "/", '.');
  g_autofree char *path = g_build_filename (md->base.options.path, dotted, NULL);
  g_autofree char *mark = g_build_filename (path, "maildirfolder", NULL);

  if (access (mark, F_OK) == 0)
    return g_steal_pointer (&path);
  if (!make_folder (path, error))
    return NULL;
  if (!g_file_set_contents (mark, "", 0, NULL))
    {
      set_error (mark, error);
      return NULL;
    }
  log_event (LOG_NOTICE, "mailbox.folder-created", LOG_STR ("mailbox", md->base.name),
             LOG_STR ("folder", name));
  return g_steal_pointer (&path);
}

/* Never onto another message, although names are unique: then the UID makes it unique again. */
static int
rename_apart (MaildirMailbox *md, const char *from, const char *folder, const File *file,
              guint32 uid)
{
  g_autofree char *to = g_build_filename (folder, file->sub, file->name, NULL);

  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno == EINVAL || errno == ENOSYS) /* a file system without RENAME_NOREPLACE */
    return access (to, F_OK) == 0 ? (errno = EEXIST, -1) : rename (from, to);
  if (errno != EEXIST)
    return -1;
  g_autofree char *name = g_strdup_printf ("%s.%u.%u%s", file->base, uidlist_validity (md->uids),
                                           uid, file->name + strlen (file->base));
  g_autofree char *other = g_build_filename (folder, file->sub, name, NULL);

  return renameat2 (AT_FDCWD, from, AT_FDCWD, other, RENAME_NOREPLACE);
}

static bool
move_message (MaildirMailbox *md, guint32 uid, const char *folder, bool *looked, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *from = locate (md, uid, looked, &why);

  if (why != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return false;
    }
  if (from != NULL
      && rename_apart (md, from, folder, g_hash_table_lookup (md->files, GUINT_TO_POINTER (uid)),
                       uid) < 0
      && errno != ENOENT)
    return set_error (from, error);
  g_hash_table_remove (md->files, GUINT_TO_POINTER (uid));
  return true;
}

static bool
maildir_move (Mailbox *mailbox, guint32 uidvalidity, const guint32 *uids, guint n,
              MailboxTarget target, GError **error)
{
  MaildirMailbox *md = (MaildirMailbox *) mailbox;
  bool looked = md->uids == NULL;

  if (!open_once (md, error))
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
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (free_found);

  if (!open_once (md, error) || !read_sub (md, "new", found, error))
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

  if (!open_once (md, error))
    return false;
  md->inotify_fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
  if (md->inotify_fd < 0 || inotify_add_watch (md->inotify_fd, path, IN_MOVED_TO | IN_CREATE) < 0)
    {
      set_error (path, error);
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
  md->files = g_hash_table_new_full (NULL, NULL, NULL, file_free);
  md->inotify_fd = md->ready_fd = -1;
  return &md->base;
}
