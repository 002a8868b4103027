/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looking into a Maildir, and finding a message there again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "mailbox/mailbox-maildir.h"

/* In the order a message moves, so that none is missed. */
static const char *const subs[] = { "new", "cur" };

void
maildir_file_free (gpointer data)
{
  File *file = data;

  if (file == NULL)
    return;
  g_free (file->base);
  g_free (file->name);
  g_free (file);
}

bool
maildir_set_error (const char *path, GError **error)
{
  QecErrorCode code = errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EMFILE
                        ? QEC_ERROR_TRANSIENT
                        : QEC_ERROR_CONFIG;

  g_set_error (error, QEC_ERROR, code, "%s: %s", path, g_strerror (errno));
  return false;
}

bool
maildir_make_folder (const char *path, GError **error)
{
  static const char *const parts[] = { "tmp", "new", "cur" };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *part = g_build_filename (path, parts[i], NULL);

      if (g_mkdir_with_parents (part, 0700) < 0)
        return maildir_set_error (part, error);
    }
  return true;
}

char *
maildir_target (const MaildirMailbox *md, MailboxTarget target, GError **error)
{
  const char *name = mailbox_target_name (&md->base, target);

  if (name == NULL || name[0] == '\0' || name[0] == '.' || name[0] == '/')
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "'%s' is no name for a folder",
                   name != NULL ? name : "");
      return NULL;
    }
  g_autofree char *dotted = g_strdelimit (g_strconcat (".", name, NULL), "/", '.');
  return g_build_filename (md->base.options.path, dotted, NULL);
}

/* The folder that is looked into. */
static const char *
folder_of (const MaildirMailbox *md)
{
  return md->path != NULL ? md->path : md->base.options.path;
}

/* A name with a line's end in it, or nothing before the flags, cannot be in the list, and no
 * delivery makes one. */
static File *
look_at (int dir, const char *sub, const char *name)
{
  struct stat st;

  if (name[0] == '.' || name[0] == ':' || strchr (name, '\n') != NULL
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

bool
maildir_read_sub (MaildirMailbox *md, const char *sub, GPtrArray *found, GError **error)
{
  g_autofree char *path = g_build_filename (folder_of (md), sub, NULL);
  DIR *dir = opendir (path);
  const struct dirent *entry;

  if (dir == NULL)
    return (md->base.look_only && errno == ENOENT) || maildir_set_error (path, error);
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

/* Give each file its UID, in the order of names, which for most deliveries is that of time.  A
 * file in both folders (it moved while we looked) is taken where it was seen last. */
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
  return md->base.look_only
         || (uidlist_save (md->uids, error) && uidlist_compact (md->uids, live, error));
}

/* Nothing is made where we only look. */
static bool
prepare_folder (MaildirMailbox *md, GError **error)
{
  MailboxTarget target;

  if (!md->base.look_only)
    return maildir_make_folder (md->base.options.path, error);
  if (md->path == NULL && mailbox_looks_into (&md->base, &target))
    return (md->path = maildir_target (md, target, error)) != NULL;
  return true;
}

bool
maildir_scan (MaildirMailbox *md, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (maildir_file_free);

  if (!prepare_folder (md, error))
    return false;
  if (md->uids == NULL)
    md->uids = uidlist_open (folder_of (md), clock_now (), error);
  if (md->uids == NULL)
    return false;
  for (gsize i = 0; i < G_N_ELEMENTS (subs); i++)
    if (!maildir_read_sub (md, subs[i], found, error))
      return false;
  if (number_files (md, found, error))
    return true;
  g_hash_table_remove_all (md->files); /* UIDs that were not saved are not to be told */
  g_clear_pointer (&md->uids, uidlist_free);
  return false;
}

bool
maildir_open_once (MaildirMailbox *md, GError **error)
{
  return md->uids != NULL || maildir_scan (md, error);
}

static char *
path_of (MaildirMailbox *md, guint32 uid)
{
  const File *file = g_hash_table_lookup (md->files, GUINT_TO_POINTER (uid));

  return file == NULL
           ? NULL
           : g_build_filename (folder_of (md), file->sub, file->name, NULL);
}

char *
maildir_locate (MaildirMailbox *md, guint32 uid, bool *looked, GError **error)
{
  g_autofree char *path = path_of (md, uid);

  if (path != NULL && access (path, F_OK) == 0)
    return g_steal_pointer (&path);
  if (*looked)
    return NULL;
  *looked = true;
  if (!maildir_scan (md, error))
    return NULL;
  return path_of (md, uid);
}
