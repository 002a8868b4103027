/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mails that are attached, read as the mails they are: what files in them say has come by mail,
 * too.
 *
 * One level of them: of deeper ones the reader has the text (message/message-aside.c).
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory-file.h"
#include "engine/engine-attached.h"

enum { MAX_MAILS = 5, MAX_SIZE = 32 * 1024 * 1024 };

static bool
is_mail (const MessagePart *part)
{
  gsize n = strlen (part->name);

  return strcmp (part->type, "message/rfc822") == 0
         || (n > 4 && g_ascii_strcasecmp (part->name + n - 4, ".eml") == 0);
}

Message *
engine_read_bytes (Office *office, GBytes *bytes, GError **error)
{
  int fd = memory_file (bytes);

  if (fd < 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "a file in memory: %s",
                   g_strerror (errno));
      return NULL;
    }
  Message *m = reader_read (office->reader, fd, error);
  close (fd);
  return m;
}

static Message *
read_part (Office *office, const MessagePart *part, int fd, GError **error)
{
  g_autoptr (GBytes) bytes = reader_extract (office->reader, fd, part->path, MAX_SIZE, error);

  return bytes != NULL ? engine_read_bytes (office, bytes, error) : NULL;
}

bool
engine_read_attached (Office *office, Message *m, int fd, GError **error)
{
  g_autoptr (GError) inner = NULL;
  guint n = 0;

  /* What machines send back is mail of ours. */
  for (guint i = 0; m->machine == MACHINE_NONE && i < m->parts->len && n < MAX_MAILS; i++)
    {
      MessagePart *part = m->parts->pdata[i];

      if (!is_mail (part) || part->size == 0)
        continue;
      n++;
      part->mail = read_part (office, part, fd, &inner);
      if (inner != NULL && !g_error_matches (inner, QEC_ERROR, QEC_ERROR_INVALID))
        {
          g_propagate_error (error, g_steal_pointer (&inner));
          return false;
        }
      g_clear_error (&inner);
    }
  return true;
}
