/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a signature is over, which is mostly a document with a gap: it is never copied together
 * where an engine or a hash can take it piece by piece.
 */
#include "signature/signature-private.h"

#include <errno.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

Covered
covered_all (GBytes *bytes)
{
  return (Covered){ bytes, -1, { 0, (gint64) g_bytes_get_size (bytes), 0, 0 } };
}

gint64
covered_size (const Covered *c)
{
  return c->range[1] + c->range[3];
}

bool
covered_pieces (const Covered *c, GBytes *pieces[2])
{
  g_autoptr (GMappedFile) file =
    c->bytes == NULL ? g_mapped_file_new_from_fd (c->fd, FALSE, NULL) : NULL;
  g_autoptr (GBytes) all = file != NULL       ? g_mapped_file_get_bytes (file)
                           : c->bytes != NULL ? g_bytes_ref (c->bytes)
                                              : NULL;
  gint64 n = all != NULL ? (gint64) g_bytes_get_size (all) : -1;

  for (guint i = 0; i < 2; i++)
    if (c->range[2 * i] < 0 || c->range[2 * i] > n || c->range[2 * i + 1] < 0
        || c->range[2 * i + 1] > n - c->range[2 * i])
      return false;
  for (guint i = 0; i < 2; i++)
    pieces[i] = g_bytes_new_from_bytes (all, (gsize) c->range[2 * i], (gsize) c->range[2 * i + 1]);
  return true;
}

GBytes *
covered_join (const Covered *c)
{
  GBytes *pieces[2];
  gsize n[2];

  if (!covered_pieces (c, pieces))
    return NULL;
  g_autoptr (GBytes) first = pieces[0];
  g_autoptr (GBytes) second = pieces[1];
  const void *start[2] = { g_bytes_get_data (first, &n[0]), g_bytes_get_data (second, &n[1]) };
  if (n[1] == 0)
    return g_steal_pointer (&first);
  char *joined = g_malloc (n[0] + n[1]);
  for (gsize i = 0, at = 0; i < 2; at += n[i++])
    if (n[i] > 0)
      memcpy (joined + at, start[i], n[i]);
  return g_bytes_new_take (joined, n[0] + n[1]);
}

bool
covered_pour (const Covered *c, gint64 *done, int pipe)
{
  while (*done < covered_size (c))
    {
      bool second = *done >= c->range[1];
      off_t at = second ? c->range[2] + (*done - c->range[1]) : c->range[0] + *done;
      gsize left = (gsize) (second ? covered_size (c) : c->range[1]) - (gsize) *done, n = 0;
      const char *bytes = c->bytes != NULL ? g_bytes_get_data (c->bytes, &n) : NULL;
      gssize poured = c->bytes == NULL         ? sendfile (pipe, c->fd, &at, left)
                      : left + (gsize) at <= n ? write (pipe, bytes + at, left)
                                               : 0;

      if (poured < 0 && errno == EINTR)
        continue;
      if (poured < 0 && errno == EAGAIN)
        return true;
      if (poured < 0 && errno == EPIPE)
        poured = covered_size (c) - *done;
      if (poured <= 0)
        return false;
      *done += poured;
    }
  return true;
}
