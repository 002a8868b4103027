/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Waiting for mail with IDLE (RFC 2177).
 */
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "mailbox/mailbox-imap.h"

/* All that may pile up while nobody reads. */
#define IDLE_ANSWER ((gsize) 16 * 1024 * 1024)

/* libetpan throws away what comes between IDLE and "+", so that news is asked for first. */
static bool
ask_for_news (ImapMailbox *im, bool *news, GError **error)
{
  im->imap->imap_selection_info->sel_has_exists = 0;
  imap_begin (im, IMAP_SMALL_ANSWER);
  if (!imap_check (im, mailimap_noop (im->imap), IMAP_STEP_OTHER, error))
    return false;
  *news = im->imap->imap_selection_info->sel_has_exists;
  return true;
}

/* A server may announce IDLE and refuse it: libetpan calls that a parse error. */
static bool
begin_idle (ImapMailbox *im, int *fd, GError **error)
{
  imap_begin (im, IMAP_SMALL_ANSWER);
  int result = mailimap_idle (im->imap);

  if (result == MAILIMAP_ERROR_PARSE && im->wire->failed == NULL)
    {
      log_event (LOG_NOTICE, "mailbox.idle-refused", LOG_STR ("mailbox", im->base.name));
      im->idle_refused = true;
      imap_drop (im);
      *fd = -1;
      return true;
    }
  if (!imap_check (im, result, IMAP_STEP_OTHER, error))
    return false;
  im->idling = true;
  *fd = im->wire->fd;
  return true;
}

/* What is read already, by TLS or by libetpan, makes no descriptor readable. */
static bool
is_buffered (const ImapMailbox *im)
{
  return im->imap->imap_stream->read_buffer_len > 0 || wire_pending (im->wire)
         || im->imap->imap_selection_info->sel_has_exists;
}

bool
imap_watch (Mailbox *mailbox, int *fd, GError **error)
{
  ImapMailbox *im = (ImapMailbox *) mailbox;
  bool news = false;

  if (im->idle_refused)
    {
      *fd = -1;
      return true;
    }
  if (!imap_open (im, error) || !ask_for_news (im, &news, error))
    return false;
  if (!mailimap_has_idle (im->imap))
    {
      *fd = -1;
      return true;
    }
  if (!news && !begin_idle (im, fd, error))
    return false;
  if (news || (im->idling && is_buffered (im)))
    *fd = im->ready_fd = mailbox_ready_fd ();
  return true;
}

bool
imap_unwatch (Mailbox *mailbox, GError **error)
{
  ImapMailbox *im = (ImapMailbox *) mailbox;

  if (im->ready_fd >= 0)
    close (im->ready_fd);
  im->ready_fd = -1;
  if (!im->idling)
    return true;
  im->idling = false;
  imap_begin (im, IDLE_ANSWER);
  return imap_check (im, mailimap_idle_done (im->imap), IMAP_STEP_OTHER, error);
}
