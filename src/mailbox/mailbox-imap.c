/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The IMAP session from the connection to the selected folder, and its end.
 */
#include "mailbox/mailbox-imap.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"

/* To say goodbye is a courtesy. */
#define LOGOUT_TIMEOUT_S 2

void
imap_begin (ImapMailbox *im, gsize answer)
{
  wire_allow (im->wire, im->base.options.timeout_s, answer);
}

void
imap_drop (ImapMailbox *im)
{
  if (im->imap == NULL)
    return;
  if (im->imap->imap_stream != NULL)
    mailstream_close (im->imap->imap_stream);
  im->imap->imap_stream = NULL; /* else mailimap_free() would log out and wait for the answer */
  mailimap_free (im->imap);
  im->imap = NULL;
  im->wire = NULL;
  im->selected = im->idling = im->missing = false;
  g_clear_pointer (&im->prefix, g_free);
}

/* What a server says it can do may change with TLS and with the login: nothing it said before
 * is kept. */
static bool
read_capabilities (ImapMailbox *im, GError **error)
{
  struct mailimap_connection_info *info = im->imap->imap_connection_info;
  struct mailimap_capability_data *capabilities = NULL;

  if (info != NULL && info->imap_capability != NULL)
    {
      mailimap_capability_data_free (info->imap_capability);
      info->imap_capability = NULL;
    }
  imap_begin (im, IMAP_SMALL_ANSWER);
  if (!imap_check (im, mailimap_capability (im->imap, &capabilities), IMAP_STEP_OTHER, error))
    return false;
  mailimap_capability_data_free (capabilities);
  return true;
}

static bool
refuse (ImapMailbox *im, QecErrorCode code, const char *why, GError **error)
{
  g_set_error (error, QEC_ERROR, code, "%s: %s", im->base.options.host, why);
  return false;
}

/* What came in clear after the answer to STARTTLS would be taken for an answer given under TLS
 * (CVE-2020-15953): bytes in libetpan's buffer are refused here, bytes still in the
 * socket are no handshake. */
static bool
start_tls (ImapMailbox *im, GError **error)
{
  if (!read_capabilities (im, error))
    return false;
  if (!mailimap_has_extension (im->imap, "STARTTLS"))
    return refuse (im, QEC_ERROR_CONFIG, "the server does not offer STARTTLS", error);
  imap_begin (im, IMAP_SMALL_ANSWER);
  int result = mailimap_starttls (im->imap);

  if (im->imap->imap_stream->read_buffer_len > 0) /* Debian's libetpan calls it a refusal */
    return refuse (im, QEC_ERROR_TRANSIENT, "text in clear follows the answer to STARTTLS", error);
  return imap_check (im, result, IMAP_STEP_STARTTLS, error)
         && wire_start_tls (im->wire, im->base.options.ca_file, error);
}

/* A greeting that says "already logged in" would leave STARTTLS out (RFC 9051, 7.1.4). */
static bool
greet (ImapMailbox *im, int result, GError **error)
{
  const MailboxOptions *o = &im->base.options;

  if (!imap_check (im, result, IMAP_STEP_OTHER, error))
    return false;
  if (result == MAILIMAP_NO_ERROR_AUTHENTICATED && o->tls != MAILBOX_TLS_IMPLICIT)
    return refuse (im, QEC_ERROR_TRANSIENT, "the server wants no login before TLS", error);
  if (o->tls == MAILBOX_TLS_STARTTLS && !start_tls (im, error))
    return false;
  return read_capabilities (im, error)
         && (result == MAILIMAP_NO_ERROR_AUTHENTICATED || imap_login (im, error))
         && read_capabilities (im, error);
}

static bool
connect_now (ImapMailbox *im, GError **error)
{
  const MailboxOptions *o = &im->base.options;
  g_autoptr (Wire) wire = wire_connect (o->host, o->port, o->tls == MAILBOX_TLS_NONE,
                                        o->timeout_s, error);

  if (wire == NULL
      || (o->tls == MAILBOX_TLS_IMPLICIT && !wire_start_tls (wire, o->ca_file, error)))
    return false;
  im->imap = mailimap_new (0, NULL);
  im->wire = g_steal_pointer (&wire);
  imap_begin (im, IMAP_SMALL_ANSWER);
  return greet (im, mailimap_connect (im->imap, wire_stream (im->wire)), error);
}

char *
imap_folder (const char *name, GError **error)
{
  g_autoptr (GError) why = NULL;
  char *encoded = g_convert (name, -1, "UTF-7-IMAP", "UTF-8", NULL, NULL, &why);

  if (encoded == NULL)
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "folder %s: %s", name, why->message);
  return encoded;
}

/* Is there a folder of that name at all?  How a server refuses to open one that is not says too
 * little. */
static bool
find_folder (ImapMailbox *im, const char *folder, bool *there, GError **error)
{
  clist *list = NULL;

  imap_begin (im, IMAP_SMALL_ANSWER);
  if (!imap_check (im, mailimap_list (im->imap, "", folder, &list), IMAP_STEP_OTHER, error))
    return false;
  *there = clist_begin (list) != NULL;
  mailimap_list_result_free (list);
  return true;
}

/* To look only: no flag changes, and whether the folder could be written to does not matter. */
static bool
examine (ImapMailbox *im, GError **error)
{
  MailboxTarget target = MAILBOX_TO_FILED;
  bool moved = mailbox_looks_into (&im->base, &target), there = true;
  g_autofree char *folder =
    moved ? imap_target_folder (im, target, error) : imap_folder (im->base.options.folder, error);

  if (folder == NULL || (moved && !find_folder (im, folder, &there, error)))
    return false;
  im->selected = im->missing = !there;
  if (!there)
    return true;
  imap_begin (im, IMAP_SMALL_ANSWER);
  if (!imap_check (im, mailimap_examine (im->imap, folder), IMAP_STEP_SELECT, error))
    return false;
  im->uidvalidity = im->imap->imap_selection_info->sel_uidvalidity;
  im->selected = true;
  return true;
}

bool
imap_select (ImapMailbox *im, GError **error)
{
  if (im->base.look_only)
    return examine (im, error);
  g_autofree char *folder = imap_folder (im->base.options.folder, error);

  if (folder == NULL)
    return false;
  im->selected = false;
  imap_begin (im, IMAP_SMALL_ANSWER);
  if (!imap_check (im, mailimap_select (im->imap, folder), IMAP_STEP_SELECT, error))
    return false;
  const struct mailimap_selection_info *info = im->imap->imap_selection_info;

  if (info->sel_uidvalidity == 0)
    return refuse (im, QEC_ERROR_CONFIG, "the folder has no UIDVALIDITY", error);
  if (info->sel_perm == MAILIMAP_MAILBOX_READONLY)
    return refuse (im, QEC_ERROR_CONFIG, "the folder can only be read", error);
  if (im->uidvalidity != 0 && im->uidvalidity != info->sel_uidvalidity)
    log_event (LOG_WARNING, "mailbox.uidvalidity-changed", LOG_STR ("mailbox", im->base.name),
               LOG_INT ("was", im->uidvalidity), LOG_INT ("is", info->sel_uidvalidity));
  im->uidvalidity = info->sel_uidvalidity;
  im->selected = true;
  return true;
}

bool
imap_open (ImapMailbox *im, GError **error)
{
  g_assert (!im->idling); /* mailbox_unwatch() comes first */
  if (im->imap != NULL && im->selected)
    return true;
  imap_drop (im);
  if (!connect_now (im, error) || !imap_select (im, error))
    {
      imap_drop (im);
      return false;
    }
  log_event (LOG_INFO, "mailbox.connected", LOG_STR ("mailbox", im->base.name),
             LOG_STR ("host", im->base.options.host), LOG_STR ("tls", wire_version (im->wire)));
  return true;
}

static void
imap_close (Mailbox *mailbox)
{
  ImapMailbox *im = (ImapMailbox *) mailbox;

  if (im->imap != NULL && !im->idling)
    {
      wire_allow (im->wire, MIN (mailbox->options.timeout_s, LOGOUT_TIMEOUT_S), IMAP_SMALL_ANSWER);
      mailimap_logout (im->imap); /* frees the stream and with it the wire */
    }
  imap_drop (im);
  if (im->ready_fd >= 0)
    close (im->ready_fd);
  im->ready_fd = -1;
}

static void
imap_free (Mailbox *mailbox)
{
  g_free (mailbox);
}

static const MailboxDriver imap_driver = {
  imap_list, imap_fetch, imap_move, imap_watch, imap_unwatch, imap_close, imap_free,
};

Mailbox *
mailbox_imap_new (void)
{
  ImapMailbox *im = g_new0 (ImapMailbox, 1);

  im->base.driver = &imap_driver;
  im->ready_fd = -1;
  return &im->base;
}
