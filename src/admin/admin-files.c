/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Copying, hashing and walking files.
 */
#include "config.h"

#include "admin/admin-files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"

enum { CHUNK = 1 << 16 };

static bool
failed (const char *doing, const char *path, GError **error)
{
  int e = errno;

  g_set_error (error, QEC_ERROR,
               e == ENOSPC || e == EDQUOT || e == EFBIG ? QEC_ERROR_TRANSIENT : QEC_ERROR_STORE,
               "cannot %s %s: %s", doing, path, g_strerror (e));
  return false;
}

bool
files_make_folder_of (const char *path, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path);

  return g_mkdir_with_parents (dir, 0700) == 0 || failed ("make", dir, error);
}

static bool
write_all (int fd, const char *bytes, gsize n)
{
  while (n > 0)
    {
      ssize_t done = write (fd, bytes, n);

      if (done < 0 && errno == EINTR)
        continue;
      if (done < 0)
        return false;
      bytes += done;
      n -= (gsize) done;
    }
  return true;
}

/* Read IN to its end: into OUT, unless that is -1, and into the hash. */
static bool
pass_on (int in, const char *from, int out, const char *to, char sha256[65], guint64 *size,
         GError **error)
{
  g_autofree char *bytes = g_malloc (CHUNK);
  guint64 n = 0;
  Digest sum;

  digest_begin (&sum);
  for (;;)
    {
      ssize_t got = read (in, bytes, CHUNK);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return failed ("read", from, error);
      if (got == 0)
        break;
      digest_add (&sum, bytes, (gsize) got);
      n += (guint64) got;
      if (out >= 0 && !write_all (out, bytes, (gsize) got))
        return failed ("write", to, error);
    }
  digest_end (&sum, sha256);
  if (size != NULL)
    *size = n;
  return true;
}

static int
make_file (const char *path, mode_t mode, GError **error)
{
  if (!files_make_folder_of (path, error))
    return -1;
  g_unlink (path); /* it may be a hard link to another one's file */
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0)
    failed ("write", path, error);
  return fd;
}

static bool
close_file (int fd, const char *path, bool good, GError **error)
{
  bool closed = close (fd) == 0;

  return good && (closed || failed ("write", path, error));
}

bool
files_copy (const char *from, const char *to, char sha256[65], guint64 *size, GError **error)
{
  int in = open (from, O_RDONLY | O_CLOEXEC), out;
  struct stat st;

  if (in < 0 || fstat (in, &st) != 0)
    {
      failed ("read", from, error);
      if (in >= 0)
        close (in);
      return false;
    }
  out = make_file (to, st.st_mode & 0777, error);
  bool good = out >= 0 && pass_on (in, from, out, to, sha256, size, error);
  close (in);
  return out >= 0 && close_file (out, to, good, error);
}

bool
files_write (const char *path, const char *bytes, gsize n, GError **error)
{
  int fd = make_file (path, 0600, error);

  if (fd < 0)
    return false;
  bool good = write_all (fd, bytes, n) || failed ("write", path, error);
  return close_file (fd, path, good, error);
}

bool
files_hash (const char *path, char sha256[65], guint64 *size, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return failed ("read", path, error);
  bool good = pass_on (fd, path, -1, NULL, sha256, size, error);
  close (fd);
  return good;
}

static bool
add_below (const char *dir, const char *prefix, GPtrArray *names, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (GDir) list = g_dir_open (dir, 0, &inner);
  const char *name;

  if (list == NULL)
    {
      g_set_error_literal (error, QEC_ERROR, QEC_ERROR_STORE, inner->message);
      return false;
    }
  while ((name = g_dir_read_name (list)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL),
                      *full = g_strconcat (prefix, name, NULL);
      g_autofree char *below = g_strconcat (full, "/", NULL);

      if (name[0] == '.' || g_str_has_suffix (name, "~"))
        continue;
      if (!g_file_test (path, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (names, g_steal_pointer (&full));
      else if (!add_below (path, below, names, error))
        return false;
    }
  return true;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
files_below (const char *dir, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (g_file_test (dir, G_FILE_TEST_EXISTS) && !add_below (dir, "", names, error))
    return NULL;
  g_ptr_array_sort (names, by_name);
  return g_steal_pointer (&names);
}

bool
files_sync (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  bool good = fd >= 0 && syncfs (fd) == 0 && fsync (fd) == 0;

  if (!good)
    failed ("sync", path, error);
  if (fd >= 0)
    close (fd);
  return good;
}

void
files_remove (const char *dir)
{
  g_autoptr (GDir) list =
    g_file_test (dir, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (dir, 0, NULL);
  const char *name;

  while (list != NULL && (name = g_dir_read_name (list)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      files_remove (path);
    }
  g_remove (dir);
}
