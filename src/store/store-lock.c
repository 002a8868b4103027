/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who works with a database for long, and who puts one in its place: they exclude each other.  The
 * lock is a file of its own, so that it holds as well where there is no database, and ends with
 * whoever has it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "store/store.h"

struct StoreLock {
  int fd;
};

StoreLock *
store_lock (const char *path, bool alone, GError **error)
{
  g_autofree char *file = g_strconcat (path, ".lock", NULL);
  g_autoptr (StoreLock) lock = g_new0 (StoreLock, 1);

  lock->fd = open (file, O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
  if (lock->fd < 0)
    {
      g_set_error (error, QEC_ERROR,
                   errno == ENOSPC || errno == EDQUOT ? QEC_ERROR_TRANSIENT : QEC_ERROR_STORE,
                   "cannot open %s: %s", file, g_strerror (errno));
      return NULL;
    }
  if (flock (lock->fd, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
    return g_steal_pointer (&lock);
  g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT,
               alone ? "%s: the office is running; stop qecpd first"
                     : "%s: the database is being made again by qecp rebuild",
               path);
  return NULL;
}

void
store_lock_free (StoreLock *lock)
{
  if (lock == NULL)
    return;
  if (lock->fd >= 0)
    close (lock->fd);
  g_free (lock);
}
