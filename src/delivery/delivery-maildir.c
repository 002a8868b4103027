/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delivery into a Maildir: for demonstrations, for tests, and for a system mailer that watches one.
 * The mail is written as it is; nothing is added.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "delivery/delivery-private.h"

static bool
make_maildir (const char *path)
{
  static const char *const parts[] = { "tmp", "new", "cur" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *part = g_build_filename (path, parts[i], NULL);

      if (g_mkdir_with_parents (part, 0700) != 0)
        return false;
    }
  return true;
}

static bool
write_all (int fd, const char *buffer, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, buffer, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return false;
      buffer += n;
      length -= (gsize) n;
    }
  return true;
}

static bool
copy (int from, const char *path)
{
  g_autofree char *buffer = g_malloc (64 * 1024);
  int to = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  gssize n = 0;

  if (to < 0)
    return false;
  while ((n = read (from, buffer, 64 * 1024)) > 0)
    if (!write_all (to, buffer, (gsize) n))
      {
        n = -1;
        break;
      }
  bool ok = n == 0 && fsync (to) == 0;

  return close (to) == 0 && ok;
}

/* A name is in the directory only when the directory itself is on the disk. */
static bool
sync_directory (const char *path)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool ok = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return ok;
}

/* The name begins with the time, as other programs expect, and holds the item's id, so a repeat
 * shows. */
static char *
unique_name (gint64 id)
{
  static guint count;

  return g_strdup_printf ("%" G_GINT64_FORMAT ".I%" G_GINT64_FORMAT "P%dQ%u.qecp", clock_now (), id,
                          (int) getpid (), ++count);
}

static bool
deliver (const char *maildir, const DeliveryItem *item, int fd)
{
  g_autofree char *name = unique_name (item->id);
  g_autofree char *tmp = g_build_filename (maildir, "tmp", name, NULL);
  g_autofree char *new_ = g_build_filename (maildir, "new", name, NULL);
  g_autofree char *directory = g_build_filename (maildir, "new", NULL);

  bool good = copy (fd, tmp);

  fault_point ("delivery.written");
  if (good && rename (tmp, new_) == 0)
    {
      fault_point ("delivery.named");
      return sync_directory (directory);
    }
  int saved = errno;

  if (saved != EEXIST)
    g_unlink (tmp);
  errno = saved;
  return false;
}

void
maildir_send (const DeliveryOptions *options, const Batch *batch)
{
  for (guint i = 0; i < batch->n; i++)
    {
      const DeliveryItem *item = &batch->items[i];
      goffset size;
      int fd = batch_open (batch, item, &size);

      if (fd < 0)
        continue;
      if (make_maildir (options->path) && deliver (options->path, item, fd))
        batch_report (batch, item, STAGE_CONNECT, DELIVERY_ACCEPTED, 0, "", "in the Maildir");
      else
        {
          /* ENOENT is the mail's elsewhere; here the Maildir went away and may come back. */
          DeliveryStatus status = errno == ENOENT ? DELIVERY_DEFERRED : reply_errno_status (errno);
          g_autofree char *why =
            g_strdup_printf ("cannot write the Maildir: %s", g_strerror (errno));

          batch_report (batch, item, STAGE_CONNECT, status, 0, "", why);
        }
      close (fd);
    }
}
