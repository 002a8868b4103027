/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes as a file.
 */
#define _GNU_SOURCE
#include "base/memory-file.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

int
memory_file (GBytes *bytes)
{
  gsize n;
  const char *data = g_bytes_get_data (bytes, &n);
  int fd = memfd_create ("bytes", MFD_CLOEXEC);

  while (fd >= 0 && n > 0)
    {
      gssize done = write (fd, data, n);

      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        {
          int why = errno;

          close (fd);
          errno = why;
          return -1;
        }
      data += done;
      n -= (gsize) done;
    }
  if (fd >= 0)
    lseek (fd, 0, SEEK_SET);
  return fd;
}
