/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * FETCH responses, for listing and for fetching.
 */
#pragma once

#include "mailbox/mailbox-imap.h"

/* One FETCH response, borrowed. */
typedef struct {
  guint32 uid, size, origin;
  gint64 date;
  bool has_size, has_body, deleted;
  const guint8 *body;
  gsize length;
} Fetched;

Fetched imap_read_response (const struct mailimap_msg_att *att);

/* UID FETCH what ATTS (taken) names of SET (taken), each response to HANDLER.  A message that
 * went away in between is no failure. */
bool imap_uid_fetch (ImapMailbox *im, struct mailimap_set *set,
                     struct mailimap_fetch_att *const *atts, mailimap_msg_att_handler *handler,
                     gpointer context, GError **error);
