/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages that were taken in before, read once more for their words: what is kept of them is their
 * bytes.
 */
#include <unistd.h>

#include "base/error.h"
#include "engine/run.h"

enum { MAX_READ = 1024 * 1024 }; /* what is larger would be waited for */

bool
run_read_again (const Office *office, const char *sha256, gint64 size, Message **message,
                GError **error)
{
  g_autoptr (GError) inner = NULL;

  *message = NULL;
  if (size > MAX_READ || office->reader == NULL)
    return true;
  int fd = archive_fd (office->archive, sha256, error);
  if (fd < 0)
    return false;
  *message = reader_read (office->reader, fd, &inner);
  close (fd);
  if (*message != NULL || g_error_matches (inner, QEC_ERROR, QEC_ERROR_INVALID))
    return true;
  g_propagate_error (error, g_steal_pointer (&inner));
  return false;
}

bool
run_words_of (Run *run, gint64 message, const char *sha256, gint64 size, int limit, char **words,
              GError **error)
{
  g_autoptr (Message) m = NULL;
  bool quarantined;

  if (!held_is_quarantined (run->office->store, message, &quarantined, error)
      || (!quarantined && !run_read_again (run->office, sha256, size, &m, error)))
    return false;
  if (m != NULL)
    *words =
      g_strstrip (g_utf8_substring (m->new_text, 0, MIN (limit, g_utf8_strlen (m->new_text, -1))));
  return true;
}
