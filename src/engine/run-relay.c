/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words of staff on their way to the applicant, with the files that came with them.
 */
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "engine/run.h"

/* Attachments of one relayed mail. */
enum { MAX_RELAYED = 20 };

static void
free_attachment (gpointer data)
{
  ComposeAttachment *attachment = data;

  g_bytes_unref (attachment->bytes);
}

/* The files a member of staff attached: they go to the applicant with the words. */
static GArray *
attachments_of (Run *run, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (ComposeAttachment));
  int fd = archive_fd (run->office->archive, run->arrival->sha256, error);

  if (fd < 0)
    return NULL;
  g_array_set_clear_func (list, free_attachment);
  for (guint i = 0; i < run->message->parts->len && list->len < MAX_RELAYED; i++)
    {
      const MessagePart *part = run->message->parts->pdata[i];
      g_autoptr (GError) inner = NULL;

      if (part->name[0] == '\0' || strcmp (part->disposition, "attachment") != 0
          || message_part_is_envelope (part) || run->office->reader == NULL)
        continue;
      GBytes *bytes = reader_extract (run->office->reader, fd, part->path,
                                      (guint64) run->office->options->max_attach, &inner);
      ComposeAttachment attachment = { part->name, part->sniffed, bytes };
      if (bytes != NULL)
        g_array_append_val (list, attachment);
      else
        log_event (LOG_WARNING, "relay.attachment-left-out", LOG_INT ("message", run->message_id));
    }
  close (fd);
  return g_steal_pointer (&list);
}

bool
run_relay (Run *run, const Program *program, const Case *c, const char *words, GPtrArray *refused,
           GError **error)
{
  OutboxNotice notice = run_notice (run, program, c);
  g_autoptr (GArray) attachments = attachments_of (run, error);

  if (attachments == NULL)
    return false;
  notice.cause = NULL; /* the staff member's own mail is not the applicant's thread */
  notice.sender = NULL;
  notice.words = words;
  notice.person = true;
  notice.refused = refused;
  notice.attachments = (const ComposeAttachment *) (gpointer) attachments->data;
  notice.n_attachments = attachments->len;
  return outbox_notice (run->txn, &notice, "relay", error);
}
