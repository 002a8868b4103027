/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An answer of somebody of the office, written and handed to the office's own mailbox by a verb.
 */
#include "admin/admin-answer.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "admin/admin-files.h"
#include "base/clock.h"
#include "base/error.h"
#include "engine/engine.h"

typedef struct {
  Office *office;
  const AdminAnswer *answer;
  const char *id;          /* its Message-ID */
} Letter;

static char *
compose (const Letter *a)
{
  const OptionsMailbox *program = a->office->options->mailboxes->pdata[0];
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (clock_now ());
  /* Not g_date_time_format(): that has the names of the locale. */
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autofree char *date = g_strdup_printf (
    "%d %s %d %02d:%02d:%02d +0000", g_date_time_get_day_of_month (now),
    months[g_date_time_get_month (now) - 1], g_date_time_get_year (now), g_date_time_get_hour (now),
    g_date_time_get_minute (now), g_date_time_get_second (now));
  return g_strdup_printf (
    "From: %s\r\nTo: %s\r\nSubject: Re: %s\r\nDate: %s\r\nMessage-ID: <%s>\r\nIn-Reply-To: <%s>\r\n"
    "References: <%s>\r\nUser-Agent: qecp\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
    "charset=us-ascii\r\n\r\n%s\r\n",
    a->answer->as, program->address, a->answer->subject, date, a->id, a->answer->asked,
    a->answer->asked, a->answer->line);
}

static bool
into_maildir (const Letter *a, const char *path, const char *mail, GError **error)
{
  g_autofree char *draft = g_strdup_printf ("%s/tmp/%s", path, a->id),
                  *there = g_strdup_printf ("%s/new/%s", path, a->id);
  struct utimbuf at = { clock_now (), clock_now () };

  if (!files_write (draft, mail, strlen (mail), error) || !files_make_folder_of (there, error))
    return false;
  g_utime (draft, &at);
  if (files_sync (draft, error) && g_rename (draft, there) == 0)
    return true;
  g_unlink (draft);
  if (error != NULL && *error == NULL)
    g_set_error (error, QEC_ERROR, QEC_ERROR_STORE, "cannot write %s", there);
  return false;
}

static void
take_result (gint64 id, const DeliveryResult *result, gpointer data)
{
  GError **error = data;

  if (result->status != DELIVERY_ACCEPTED)
    g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT,
                 "the mail server did not take the answer: %s",
                 result->reply != NULL ? result->reply : "");
}

static bool
by_server (const Letter *a, const char *mail, GError **error)
{
  const OptionsMailbox *program = a->office->options->mailboxes->pdata[0];
  g_autoptr (Delivery) delivery = engine_delivery (&a->office->options->delivery, error);
  g_autoptr (GBytes) bytes = g_bytes_new_static (mail, strlen (mail));
  DeliveryItem item = { 1, program->address, program->address, NULL, bytes };
  g_autoptr (GError) result = NULL;

  if (delivery == NULL)
    return false;
  bool good = delivery_send (delivery, &item, 1, take_result, &result, error);
  if (result != NULL)
    g_propagate_error (error, g_steal_pointer (&result));
  return good && (error == NULL || *error == NULL);
}

bool
admin_answer (Office *office, const AdminAnswer *answer, char **id, GError **error)
{
  const Options *o = office->options;
  const OptionsMailbox *program = o->mailboxes->pdata[0];
  g_autofree char *uuid = g_uuid_string_random (),
                  *own = g_strdup_printf ("%s@%s", uuid, o->domain);
  const Letter letter = { office, answer, own };
  g_autofree char *mail = compose (&letter);
  bool good;

  if (strcmp (program->kind, "maildir") == 0)
    good = into_maildir (&letter, program->path, mail, error);
  else if (strcmp (o->delivery.kind, "maildir") == 0)
    good = error_refuse (error, "%s: mail that leaves goes into a folder, so none gets to %s",
                         o->file, program->address);
  else
    good = by_server (&letter, mail, error);
  if (good)
    *id = g_steal_pointer (&own);
  return good;
}
