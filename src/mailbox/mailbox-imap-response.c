/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libetpan hands over each FETCH response as it comes (and then forgets it), so that memory holds
 * one message and not a batch.
 */
#include "mailbox/mailbox-imap-response.h"

static gint64
date_time (const struct mailimap_date_time *d)
{
  g_autoptr (GDateTime) local
    = d == NULL ? NULL
                : g_date_time_new_utc (d->dt_year, d->dt_month, d->dt_day, d->dt_hour, d->dt_min,
                                       d->dt_sec);
  gint64 zone_s = d == NULL ? 0 : (d->dt_zone / 100 * 60 + d->dt_zone % 100) * 60; /* +hhmm */

  return local == NULL ? 0 : g_date_time_to_unix (local) - zone_s;
}

static void
read_static (const struct mailimap_msg_att_static *att, Fetched *f)
{
  const struct mailimap_msg_att_body_section *body;

  switch (att->att_type)
    {
    case MAILIMAP_MSG_ATT_UID:
      f->uid = att->att_data.att_uid;
      break;
    case MAILIMAP_MSG_ATT_RFC822_SIZE:
      f->size = att->att_data.att_rfc822_size;
      f->has_size = true;
      break;
    case MAILIMAP_MSG_ATT_INTERNALDATE:
      f->date = date_time (att->att_data.att_internal_date);
      break;
    case MAILIMAP_MSG_ATT_BODY_SECTION:
      body = att->att_data.att_body_section;
      f->has_body = body->sec_section == NULL || body->sec_section->sec_spec == NULL;
      f->body = (const guint8 *) body->sec_body_part;
      f->length = body->sec_body_part != NULL ? body->sec_length : 0;
      f->origin = body->sec_origin_octet;
      break;
    default:
      break;
    }
}

static void
read_flags (const struct mailimap_msg_att_dynamic *att, Fetched *f)
{
  if (att == NULL || att->att_list == NULL)
    return;
  for (clistiter *i = clist_begin (att->att_list); i != NULL; i = clist_next (i))
    {
      const struct mailimap_flag_fetch *flag = clist_content (i);

      if (flag->fl_type == MAILIMAP_FLAG_FETCH_OTHER && flag->fl_flag != NULL
          && flag->fl_flag->fl_type == MAILIMAP_FLAG_DELETED)
        f->deleted = true;
    }
}

Fetched
imap_read_response (const struct mailimap_msg_att *att)
{
  Fetched f = { 0 };

  for (clistiter *i = clist_begin (att->att_list); i != NULL; i = clist_next (i))
    {
      const struct mailimap_msg_att_item *item = clist_content (i);

      if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC)
        read_static (item->att_data.att_static, &f);
      else if (item->att_type == MAILIMAP_MSG_ATT_ITEM_DYNAMIC)
        read_flags (item->att_data.att_dyn, &f);
    }
  return f;
}

static void
no_progress (size_t current, size_t maximum, void *context)
{
}

bool
imap_uid_fetch (ImapMailbox *im, struct mailimap_set *set,
                struct mailimap_fetch_att *const *atts, mailimap_msg_att_handler *handler,
                gpointer context, GError **error)
{
  struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty ();
  clist *others = NULL;

  for (; *atts != NULL; atts++)
    mailimap_fetch_type_new_fetch_att_list_add (type, *atts);
  mailimap_set_msg_att_handler (im->imap, handler, context);
  /* Without a progress callback libetpan never calls the handler and keeps it all. */
  mailimap_set_progress_callback (im->imap, no_progress, no_progress, NULL);
  int result = mailimap_uid_fetch (im->imap, set, type, &others);

  mailimap_set_msg_att_handler (im->imap, NULL, NULL);
  mailimap_fetch_type_free (type);
  mailimap_set_free (set);
  if (result == MAILIMAP_NO_ERROR)
    mailimap_fetch_list_free (others);
  if (result == MAILIMAP_ERROR_UID_FETCH && imap_answered (im, "EXPUNGEISSUED"))
    return true;
  return imap_check (im, result, IMAP_STEP_OTHER, error);
}
