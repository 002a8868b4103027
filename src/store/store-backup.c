/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A whole database, copied while it is in use and put back in its place.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "store/store-private.h"

enum { PAGES = 512, PAUSE_US = 20 * 1000, PATIENCE_US = 10 * 1000 * 1000 };

static bool
copy_pages (Store *to, sqlite3_backup *backup, StoreProgress progress, gpointer data,
            GError **error)
{
  for (int waited = 0;;)
    {
      int rc = sqlite3_backup_step (backup, PAGES);
      gint64 of = sqlite3_backup_pagecount (backup);

      if (progress != NULL && of > 0)
        progress (of - sqlite3_backup_remaining (backup), of, data);
      fault_point ("backup.pages");
      if (rc == SQLITE_DONE)
        return true;
      if ((rc & 0xff) == SQLITE_BUSY && waited < PATIENCE_US)
        {
          g_usleep (PAUSE_US);
          waited += PAUSE_US;
        }
      else if (rc != SQLITE_OK)
        {
          g_set_error (error, QEC_ERROR,
                       (rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_FULL
                         ? QEC_ERROR_TRANSIENT
                         : QEC_ERROR_STORE,
                       "cannot copy the database: %s", sqlite3_errstr (rc));
          return false;
        }
    }
}

/* One transaction over all steps: what is copied is one moment of the database, and a writer makes
 * none of them begin anew. */
static bool
copy_all (Store *from, Store *to, StoreProgress progress, gpointer data, GError **error)
{
  if (!store_execute (from, "BEGIN; SELECT count (*) FROM sqlite_schema", error))
    return false;
  sqlite3_backup *backup = sqlite3_backup_init (to->db, "main", from->db, "main");
  bool good = backup != NULL
                ? copy_pages (to, backup, progress, data, error)
                : store_set_error (to, SQLITE_ERROR, "cannot copy the database", error);
  int rc = backup != NULL ? sqlite3_backup_finish (backup) : SQLITE_OK;

  sqlite3_exec (from->db, "COMMIT", NULL, NULL, NULL);
  return good && (rc == SQLITE_OK || store_set_error (to, rc, "cannot copy the database", error));
}

bool
store_backup (Store *store, const char *path, StoreProgress progress, gpointer data, GError **error)
{
  g_assert (store->depth == 0);
  g_autoptr (Store) to = store_open_raw (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);

  /* Without a log beside it, so that the copy is one file. */
  return to != NULL && store_execute (to, "PRAGMA synchronous = FULL", error)
         && copy_all (store, to, progress, data, error)
         && store_execute (to, "PRAGMA journal_mode = DELETE", error);
}

Store *
store_open_copy (const char *path, GError **error)
{
  g_autoptr (Store) store = store_open_raw (path, SQLITE_OPEN_READONLY, error);

  if (store == NULL)
    return NULL;
  if (!store_is_ours (store, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  return g_steal_pointer (&store);
}

bool
store_is_sound (Store *store, GError **error)
{
  static const char sql[] = "PRAGMA quick_check (1)";
  g_autoptr (StoreStmt) q = store_query (store, sql, error);
  bool row;

  if (q == NULL || !store_step (q, &row, error))
    return false;
  if (row && strcmp (store_column_text (q, 0), "ok") == 0)
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_STORE, "the database is damaged: %s",
               row ? store_column_text (q, 0) : "no answer");
  return false;
}

/* Nobody else has the database open; its log is written back into it and gone. */
static bool
take_alone (const char *path, GError **error)
{
  g_autoptr (Store) store = store_open_raw (path, SQLITE_OPEN_READWRITE, error);

  return store != NULL
         && store_execute (
           store,
           "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT; PRAGMA journal_mode = DELETE",
           error);
}

static bool
sync_folder_of (const char *path, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path);
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool good = fd >= 0 && fsync (fd) == 0;

  if (!good)
    g_set_error (error, QEC_ERROR, QEC_ERROR_STORE, "cannot sync %s: %s", dir, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return good;
}

bool
store_replace (const char *path, const char *copy, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !take_alone (path, error))
    {
      g_prefix_error (error, "%s: is the office running? ", path);
      return false;
    }
  fault_point ("restore.alone");
  if (g_rename (copy, path) != 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_STORE, "cannot name %s: %s", path,
                   g_strerror (errno));
      return false;
    }
  fault_point ("restore.replaced");
  return sync_folder_of (path, error);
}

/* What SQLite writes beside a database. */
static const char *const companions[] = { "", "-wal", "-shm", "-journal" };

bool
store_is_free (const char *path, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (companions); i++)
    {
      g_autofree char *file = g_strconcat (path, companions[i], NULL);

      if (!g_file_test (file, G_FILE_TEST_EXISTS))
        continue;
      g_set_error (
        error, QEC_ERROR, QEC_ERROR_CONFIG,
        i == 0 ? "%s: there is a database" : "%s: it belongs to a database that was there", file);
      return false;
    }
  return true;
}

void
store_remove (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (companions); i++)
    {
      g_autofree char *file = g_strconcat (path, companions[i], NULL);

      g_unlink (file);
    }
}

static bool
sync_file (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  bool good = fd >= 0 && fsync (fd) == 0;

  if (!good)
    g_set_error (error, QEC_ERROR, QEC_ERROR_STORE, "cannot sync %s: %s", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return good;
}

/* In one step, and never in the place of what somebody put there meanwhile. */
static bool
rename_onto_nothing (const char *from, const char *to, GError **error)
{
  int result = renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);

  if (result != 0 && (errno == EINVAL || errno == ENOSYS)) /* a file system that cannot */
    result = link (from, to) == 0 ? g_unlink (from) : -1;
  if (result != 0)
    g_set_error (error, QEC_ERROR, errno == EEXIST ? QEC_ERROR_CONFIG : QEC_ERROR_STORE,
                 "cannot name %s: %s", to, g_strerror (errno));
  return result == 0;
}

bool
store_place (const char *path, const char *draft, GError **error)
{
  if (!take_alone (draft, error) || !sync_file (draft, error) || !store_is_free (path, error))
    return false;
  fault_point ("rebuild.alone");
  if (!rename_onto_nothing (draft, path, error))
    return false;
  fault_point ("rebuild.placed");
  return sync_folder_of (path, error);
}
