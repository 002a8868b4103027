/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content-addressed files: <dir>/ab/abcdef... .  A file that is there already, and whole, is not
 * written again, so the same attachment sent ten times costs one file.
 */
#define _GNU_SOURCE /* syncfs */
#include "store/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/fault.h"

/* Files from which on the whole file system is asked to be durable, rather than each of them and
 * its folder: one wait, not two for each. */
enum { MANY = 8 };

/* A file that a power cut could still take. */
typedef struct {
  char *path;
  bool made; /* by us; else it was there */
} Unsynced;

struct Archive {
  char *dir;
  char *tmp; /* path of the file being written */
  int fd;    /* of it, or -1 */
  Digest sum;
  guint64 size;
  bool made[256]; /* folders that are known to be there, by their two digits */
  GArray *unsynced; /* Unsynced */
};

static void
unsynced_clear (gpointer data)
{
  g_free (((Unsynced *) data)->path);
}

static bool
failed (const char *doing, const char *path, GError **error)
{
  int e = errno;

  /* A full disk passes when somebody makes room: nothing was lost, the mail is still in its
   * mailbox. */
  g_set_error (error, QEC_ERROR,
               e == ENOSPC || e == EDQUOT || e == EFBIG ? QEC_ERROR_TRANSIENT : QEC_ERROR_STORE,
               "%s %s: %s", doing, path, g_strerror (e));
  return false;
}

static void
remove_leftovers (const char *tmp_dir)
{
  g_autoptr (GDir) dir = g_dir_open (tmp_dir, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (tmp_dir, name, NULL);
      struct stat st;

      /* Another process of the same office may be writing right now. */
      if (g_stat (path, &st) == 0 && st.st_mtime < g_get_real_time () / G_USEC_PER_SEC - 3600)
        g_unlink (path);
    }
}

Archive *
archive_open (const char *dir, GError **error)
{
  g_autofree char *tmp = g_build_filename (dir, "tmp", NULL);

  if (g_mkdir_with_parents (tmp, 0700) != 0)
    {
      failed ("cannot make", tmp, error);
      return NULL;
    }
  remove_leftovers (tmp);
  Archive *archive = g_new0 (Archive, 1);
  archive->dir = g_strdup (dir);
  archive->fd = -1;
  archive->unsynced = g_array_new (FALSE, FALSE, sizeof (Unsynced));
  g_array_set_clear_func (archive->unsynced, unsynced_clear);
  return archive;
}

void
archive_free (Archive *archive)
{
  if (archive == NULL)
    return;
  archive_abandon (archive);
  g_array_unref (archive->unsynced);
  g_free (archive->dir);
  g_free (archive);
}

bool
archive_is_empty (const Archive *archive)
{
  g_autoptr (GDir) dir = g_dir_open (archive->dir, 0, NULL);
  const char *name = NULL;

  do
    name = dir != NULL ? g_dir_read_name (dir) : NULL;
  while (name != NULL && strcmp (name, "tmp") == 0);
  return name == NULL;
}

char *
archive_path (const Archive *archive, const char *sha256)
{
  g_assert (strlen (sha256) == 64);
  return g_strdup_printf ("%s/%.2s/%s", archive->dir, sha256, sha256);
}

bool
archive_begin (Archive *archive, GError **error)
{
  g_assert (archive->fd < 0);
  archive->tmp = g_strdup_printf ("%s/tmp/%d.XXXXXX", archive->dir, (int) getpid ());
  archive->fd = g_mkstemp_full (archive->tmp, O_WRONLY | O_CLOEXEC, 0600);
  if (archive->fd < 0)
    {
      failed ("cannot write", archive->tmp, error);
      g_clear_pointer (&archive->tmp, g_free);
      return false;
    }
  digest_begin (&archive->sum);
  archive->size = 0;
  return true;
}

bool
archive_write (Archive *archive, const void *bytes, gsize n, GError **error)
{
  const char *p = bytes;

  digest_add (&archive->sum, bytes, n);
  archive->size += n;
  while (n > 0)
    {
      ssize_t done = write (archive->fd, p, n);

      if (done < 0 && errno == EINTR)
        continue;
      if (done < 0)
        return failed ("cannot write", archive->tmp, error);
      p += done;
      n -= done;
    }
  return true;
}

void
archive_abandon (Archive *archive)
{
  if (archive->fd < 0)
    return;
  close (archive->fd);
  archive->fd = -1;
  if (archive->tmp != NULL)
    g_unlink (archive->tmp);
  g_clear_pointer (&archive->tmp, g_free);
}

static bool
name_file (Archive *archive, const char *path, GError **error)
{
  fault_point ("archive.written");
  if (g_rename (archive->tmp, path) != 0)
    return failed ("cannot name", path, error);
  g_clear_pointer (&archive->tmp, g_free); /* nothing to remove */
  fault_point ("archive.named");
  return true;
}

static bool
sync_with (int (*sync) (int fd), const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  bool good = fd >= 0 && sync (fd) == 0;

  if (!good)
    failed ("cannot sync", path, error);
  if (fd >= 0)
    close (fd);
  return good;
}

static bool
sync_folder (const char *path, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path);

  return sync_with (fsync, dir, error);
}

/* A new folder is durable only when its parent's list of names is. */
static bool
make_folder (Archive *archive, const char *sha256, const char *path, GError **error)
{
  bool *made =
    &archive->made[16 * g_ascii_xdigit_value (sha256[0]) + g_ascii_xdigit_value (sha256[1])];
  g_autofree char *dir = *made ? NULL : g_path_get_dirname (path);

  if (*made)
    return true;
  if (g_mkdir (dir, 0700) != 0 ? errno != EEXIST : !sync_folder (dir, error))
    return error != NULL && *error != NULL ? false : failed ("cannot make", dir, error);
  *made = true;
  return true;
}

bool
archive_end (Archive *archive, char sha256[65], guint64 *size, GError **error)
{
  digest_end (&archive->sum, sha256);
  if (size != NULL)
    *size = archive->size;

  Unsynced file = { archive_path (archive, sha256), false };
  file.made = access (file.path, F_OK) != 0 || !archive_verify (archive, sha256, NULL);
  bool good =
    !file.made
    || (make_folder (archive, sha256, file.path, error) && name_file (archive, file.path, error));
  archive_abandon (archive);
  if (good)
    g_array_append_val (archive->unsynced, file);
  else
    g_free (file.path);
  return good;
}

static bool
sync_all (const Archive *archive, GError **error)
{
  const GArray *files = archive->unsynced;
  bool good = true;

  if (files->len >= MANY)
    return sync_with (syncfs, archive->dir, error);
  for (guint i = 0; i < files->len && good; i++)
    {
      const char *path = g_array_index (files, Unsynced, i).path;

      good = sync_with (fdatasync, path, error) && sync_folder (path, error);
    }
  return good;
}

/* Hardly anybody looks at a message again once it is dealt with: its pages are better given to the
 * next one.  Where memory is counted, for a service or a virtual machine, ours stays flat. */
static void
leave_cache (const Archive *archive)
{
  for (guint i = 0; i < archive->unsynced->len; i++)
    {
      int fd = open (g_array_index (archive->unsynced, Unsynced, i).path, O_RDONLY | O_CLOEXEC);

      if (fd < 0)
        continue;
      posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED);
      close (fd);
    }
}

static bool
settle (Archive *archive, bool good)
{
  /* What the kernel could not write once, it may call written the next time it is asked. */
  for (guint i = 0; i < archive->unsynced->len && !good; i++)
    if (g_array_index (archive->unsynced, Unsynced, i).made)
      g_unlink (g_array_index (archive->unsynced, Unsynced, i).path);
  g_array_set_size (archive->unsynced, 0);
  fault_point ("archive.synced");
  return good;
}

bool
archive_sync (Archive *archive, GError **error)
{
  bool good = sync_all (archive, error);

  leave_cache (archive);
  return settle (archive, good);
}

bool
archive_put (Archive *archive, GBytes *bytes, char sha256[65], GError **error)
{
  gsize n;
  const void *data = g_bytes_get_data (bytes, &n);

  if (!archive_begin (archive, error))
    return false;
  if (!archive_write (archive, data, n, error))
    {
      archive_abandon (archive);
      return false;
    }
  /* Mostly somebody waits to read it, so it stays in the cache. */
  return archive_end (archive, sha256, NULL, error) && settle (archive, sync_all (archive, error));
}

int
archive_fd (const Archive *archive, const char *sha256, GError **error)
{
  g_autofree char *path = archive_path (archive, sha256);
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    failed ("cannot read", path, error);
  return fd;
}

GBytes *
archive_get (const Archive *archive, const char *sha256, GError **error)
{
  g_autofree char *path = archive_path (archive, sha256);
  g_autoptr (GError) inner = NULL;
  char *data;
  gsize n;

  if (!g_file_get_contents (path, &data, &n, &inner))
    {
      g_set_error_literal (error, QEC_ERROR, QEC_ERROR_STORE, inner->message);
      return NULL;
    }
  return g_bytes_new_take (data, n);
}

bool
archive_verify (const Archive *archive, const char *sha256, GError **error)
{
  g_autoptr (GBytes) bytes = archive_get (archive, sha256, error);

  if (bytes == NULL)
    return false;
  char sum[65];
  digest_of (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), sum);
  if (strcmp (sum, sha256) == 0)
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_STORE, "%s: its content has the hash %s", sha256, sum);
  return false;
}
