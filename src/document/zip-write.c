/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing a zip with libzip.
 */
#include "document/zip-write.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <time.h>
#include <unistd.h>
#include <zip.h>

#include "base/error.h"

static bool
add_file (zip_t *zip, const char *dir, const char *prefix, const char *name, gint64 at)
{
  g_autofree char *path = g_build_filename (dir, name, NULL),
                  *entry = g_strconcat (prefix, "/", name, NULL);
  zip_source_t *source = zip_source_file (zip, path, 0, -1);
  gint64 index = source != NULL ? zip_file_add (zip, entry, source, ZIP_FL_ENC_UTF_8) : -1;

  if (source != NULL && index < 0)
    zip_source_free (source);
  return index >= 0 && zip_file_set_mtime (zip, (zip_uint64_t) index, (time_t) at, 0) == 0;
}

static bool
failed (const char *path, const char *why, int system_error, GError **error)
{
  g_set_error (error, QEC_ERROR,
               system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG
                 ? QEC_ERROR_TRANSIENT
                 : QEC_ERROR_STORE,
               "cannot write %s: %s", path, why);
  return false;
}

static bool
make_durable (const char *draft, const char *path, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path);
  int fd = open (draft, O_RDONLY | O_CLOEXEC),
      folder = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool good =
    fd >= 0 && folder >= 0 && fsync (fd) == 0 && g_rename (draft, path) == 0 && fsync (folder) == 0;
  int e = errno;

  if (fd >= 0)
    close (fd);
  if (folder >= 0)
    close (folder);
  return good || failed (path, g_strerror (e), e, error);
}

bool
zip_write (const char *path, const char *dir, const char *prefix, const GPtrArray *names, gint64 at,
           GError **error)
{
  g_autofree char *draft = g_strconcat (path, ".writing", NULL);
  int code = 0;
  zip_t *zip = zip_open (draft, ZIP_CREATE | ZIP_TRUNCATE, &code);
  bool good = zip != NULL;

  if (zip == NULL)
    return failed (path, g_strerror (errno), errno, error);
  for (guint i = 0; good && i < names->len; i++)
    good = add_file (zip, dir, prefix, names->pdata[i], at);
  if (good && zip_close (zip) == 0)
    good = make_durable (draft, path, error);
  else
    {
      zip_error_t *why = zip_get_error (zip);

      failed (path, zip_error_strerror (why), zip_error_code_system (why), error);
      zip_discard (zip);
      good = false;
    }
  if (!good)
    g_unlink (draft);
  return good;
}
