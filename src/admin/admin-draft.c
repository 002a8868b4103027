/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A folder that is there whole or not at all: it is made under another name, which says that it is
 * not finished.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "admin/admin-files.h"
#include "base/error.h"
#include "base/fault.h"

/* Only a folder with it in it is one of ours, and may be removed. */
#define MARK ".qecp-incomplete"

static bool
failed (const char *doing, const char *path, GError **error)
{
  g_set_error (error, QEC_ERROR,
               errno == ENOSPC || errno == EDQUOT ? QEC_ERROR_TRANSIENT : QEC_ERROR_STORE,
               "cannot %s %s: %s", doing, path, g_strerror (errno));
  return false;
}

static bool
refuse (GError **error, const char *path, const char *why)
{
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s: %s", path, why);
  return false;
}

static bool
is_empty (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  return dir != NULL && g_dir_read_name (dir) == NULL;
}

static char *
mark_of (const FilesDraft *draft)
{
  return g_build_filename (draft->incomplete, MARK, NULL);
}

/* Nobody else is at work on it, and nobody will begin. */
static bool
take_lock (FilesDraft *draft, GError **error)
{
  g_autofree char *mark = mark_of (draft);

  draft->lock = open (mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (draft->lock < 0)
    return failed ("write", mark, error);
  if (flock (draft->lock, LOCK_EX | LOCK_NB) == 0)
    return true;
  close (draft->lock);
  draft->lock = -1;
  g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "%s: another one is being made",
               draft->incomplete);
  return false;
}

static void
remove_all_but_mark (const FilesDraft *draft)
{
  g_autoptr (GDir) dir = g_dir_open (draft->incomplete, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (draft->incomplete, name, NULL);

      if (strcmp (name, MARK) != 0)
        files_remove (path);
    }
}

bool
files_draft_begin (FilesDraft *draft, const char *path, GError **error)
{
  *draft = (FilesDraft){ g_canonicalize_filename (path, NULL), NULL, -1 };
  draft->incomplete = g_strconcat (draft->path, ".incomplete", NULL);
  if (g_file_test (draft->path, G_FILE_TEST_EXISTS) && !is_empty (draft->path))
    return refuse (error, path, "it is there already; name a folder that is not");
  g_autofree char *mark = mark_of (draft);
  if (g_file_test (draft->incomplete, G_FILE_TEST_EXISTS) && !is_empty (draft->incomplete)
      && !g_file_test (mark, G_FILE_TEST_EXISTS))
    return refuse (error, draft->incomplete, "it is in the way, and not ours to remove");
  if (g_mkdir_with_parents (draft->incomplete, 0700) != 0)
    return failed ("make", draft->incomplete, error);
  if (!take_lock (draft, error))
    return false;
  remove_all_but_mark (draft);
  return true;
}

bool
files_draft_finish (FilesDraft *draft, GError **error)
{
  g_autofree char *mark = g_build_filename (draft->path, MARK, NULL),
                  *parent = g_path_get_dirname (draft->path);

  if (!files_sync (draft->incomplete, error))
    return false;
  fault_point ("draft.synced");
  /* An empty folder that has the name gives way.  The mark goes last: whoever finds it here finds a
   * whole folder. */
  if (g_rename (draft->incomplete, draft->path) != 0)
    return failed ("name", draft->path, error);
  g_clear_pointer (&draft->incomplete, g_free);
  fault_point ("draft.named");
  if (g_unlink (mark) != 0)
    return failed ("remove", mark, error);
  return files_sync (parent, error);
}

void
files_draft_clear (FilesDraft *draft)
{
  if (draft->lock >= 0 && draft->incomplete != NULL)
    files_remove (draft->incomplete);
  if (draft->lock >= 0)
    close (draft->lock);
  draft->lock = -1;
  g_clear_pointer (&draft->path, g_free);
  g_clear_pointer (&draft->incomplete, g_free);
}
