/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Moving messages away by the best means a server has, and making the folders they go to.
 *
 * MOVE (RFC 6851); else COPY, \Deleted and UID EXPUNGE (RFC 4315); else COPY and \Deleted only.
 * A plain EXPUNGE would also destroy what somebody else marked, so it is never sent.
 */
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "mailbox/mailbox-imap.h"

/* UIDs in one command: far below the line length any server takes (RFC 7162, 4). */
#define SET_MAX 200

static void
take_namespace (ImapMailbox *im, const struct mailimap_namespace_item *personal)
{
  const clist *all = personal != NULL ? personal->ns_data_list : NULL;
  clistiter *first = all != NULL ? clist_begin (all) : NULL;

  if (first == NULL)
    return;
  const struct mailimap_namespace_info *info = clist_content (first);

  im->prefix = g_strdup (info->ns_prefix);
  im->delimiter = info->ns_delimiter;
}

/* NAMESPACE (RFC 2342) says where our own folders are; LIST "" "" at least how levels are
 * separated. */
static bool
learn_namespace (ImapMailbox *im, GError **error)
{
  struct mailimap_namespace_data *namespaces = NULL;
  clist *list = NULL;

  imap_begin (im, IMAP_SMALL_ANSWER);
  if (mailimap_has_namespace (im->imap))
    {
      if (!imap_check (im, mailimap_namespace (im->imap, &namespaces), IMAP_STEP_OTHER, error))
        return false;
      if (namespaces != NULL)
        {
          take_namespace (im, namespaces->ns_personal);
          mailimap_namespace_data_free (namespaces);
        }
    }
  if (im->prefix != NULL)
    return true;
  imap_begin (im, IMAP_SMALL_ANSWER);
  if (!imap_check (im, mailimap_list (im->imap, "", "", &list), IMAP_STEP_OTHER, error))
    return false;
  const struct mailimap_mailbox_list *root
    = clist_begin (list) != NULL ? clist_content (clist_begin (list)) : NULL;

  im->prefix = g_strdup ("");
  im->delimiter = root != NULL ? root->mb_delimiter : 0;
  mailimap_list_result_free (list);
  return true;
}

char *
imap_target_folder (ImapMailbox *im, MailboxTarget target, GError **error)
{
  if (im->prefix == NULL && !learn_namespace (im, error))
    return NULL;
  g_autofree char *local = g_strdup (mailbox_target_name (&im->base, target));

  if (im->delimiter != 0)
    g_strdelimit (local, "/", im->delimiter);
  g_autofree char *encoded = imap_folder (local, error);

  if (encoded == NULL)
    return NULL;
  return g_strconcat (g_str_has_prefix (encoded, im->prefix) ? "" : im->prefix, encoded, NULL);
}

static bool
is_missing (const ImapMailbox *im)
{
  const struct mailimap_response_info *info = im->imap->imap_response_info;

  return (info != NULL && info->rsp_trycreate) || imap_answered (im, "NONEXISTENT");
}

/* Send with COPY or MOVE; a folder that is missing is made and the command repeated. */
static bool
transfer (ImapMailbox *im, int (*command) (mailimap *, struct mailimap_set *, const char *),
          struct mailimap_set *set, const char *folder, GError **error)
{
  imap_begin (im, IMAP_SMALL_ANSWER);
  int result = command (im->imap, set, folder);

  if ((result == MAILIMAP_ERROR_UID_COPY || result == MAILIMAP_ERROR_UID_MOVE) && is_missing (im))
    {
      imap_begin (im, IMAP_SMALL_ANSWER);
      if (!imap_check (im, mailimap_create (im->imap, folder), IMAP_STEP_OTHER, error))
        return false;
      log_event (LOG_NOTICE, "mailbox.folder-created", LOG_STR ("mailbox", im->base.name),
                 LOG_STR ("folder", folder));
      imap_begin (im, IMAP_SMALL_ANSWER);
      result = command (im->imap, set, folder);
    }
  return imap_check (im, result, IMAP_STEP_OTHER, error);
}

static bool
mark_deleted (ImapMailbox *im, struct mailimap_set *set, GError **error)
{
  struct mailimap_flag_list *flags = mailimap_flag_list_new_empty ();

  mailimap_flag_list_add (flags, mailimap_flag_new_deleted ());
  struct mailimap_store_att_flags *store
    = mailimap_store_att_flags_new_add_flags_silent (flags);

  imap_begin (im, IMAP_SMALL_ANSWER);
  int result = mailimap_uid_store (im->imap, set, store);

  mailimap_store_att_flags_free (store);
  return imap_check (im, result, IMAP_STEP_OTHER, error);
}

static bool
move_set (ImapMailbox *im, struct mailimap_set *set, const char *folder, GError **error)
{
  if (mailimap_has_extension (im->imap, "MOVE"))
    return transfer (im, mailimap_uid_move, set, folder, error);
  if (!transfer (im, mailimap_uid_copy, set, folder, error) || !mark_deleted (im, set, error))
    return false;
  if (!mailimap_has_uidplus (im->imap))
    return true;
  imap_begin (im, IMAP_SMALL_ANSWER);
  return imap_check (im, mailimap_uid_expunge (im->imap, set), IMAP_STEP_OTHER, error);
}

bool
imap_move (Mailbox *mailbox, guint32 uidvalidity, const guint32 *uids, guint n,
           MailboxTarget target, GError **error)
{
  ImapMailbox *im = (ImapMailbox *) mailbox;

  if (!imap_open (im, error))
    return false;
  if (im->uidvalidity != uidvalidity)
    return true;
  g_autofree char *folder = imap_target_folder (im, target, error);
  bool moved = folder != NULL;

  for (guint i = 0; moved && i < n; i += SET_MAX)
    {
      struct mailimap_set *set = mailimap_set_new_empty ();

      for (guint k = i; k < MIN (n, i + SET_MAX); k++)
        mailimap_set_add_single (set, uids[k]);
      moved = move_set (im, set, folder, error);
      mailimap_set_free (set);
    }
  return moved;
}
