/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What waits: for a person (held), for the network (outbox).
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "engine/run.h"

static void
add (GPtrArray *cells, char *text)
{
  g_ptr_array_add (cells, text);
}

static JsonObject *
add_object (JsonArray *array)
{
  JsonObject *object = json_object_new ();

  json_array_add_object_element (array, object);
  return object;
}

static bool
begin (int *argc, char ***argv, const char *arguments, const char *summary, const char *config, gboolean *json,
       Office **office, int *status)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, json, "One JSON document", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;

  if (!admin_options (argc, argv, entries, arguments, summary, status))
    return false;
  *office = admin_office (config, false, &error);
  if (*office == NULL)
    *status = admin_error (error);
  return *office != NULL;
}

int
admin_held (int argc, char **argv, const char *config)
{
  static const char *const head[] = { "SINCE", "MESSAGE", "FROM", "WHY" };
  g_autoptr (Office) office = NULL;
  g_autoptr (GError) error = NULL;
  gboolean json = FALSE;
  int status;

  if (!begin (&argc, &argv, "- what waits for a person", "Exit status 1: something is held.", config, &json, &office,
              &status))
    return status;
  g_autoptr (GPtrArray) rows = held_waiting (office->store, &error);
  if (rows == NULL)
    return admin_error (error);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonArray) array = json_array_new ();
  for (guint i = 0; i < rows->len; i++)
    {
      const HeldRow *row = rows->pdata[i];
      g_autofree char *since = clock_format (row->at);
      JsonObject *object = add_object (array);

      json_object_set_int_member (object, "message", row->message);
      json_object_set_string_member (object, "since", since);
      json_object_set_string_member (object, "from", row->author);
      json_object_set_string_member (object, "subject", row->subject);
      json_object_set_string_member (object, "reason", row->reason);
      add (cells, g_strdup (since));
      add (cells, g_strdup_printf ("%" G_GINT64_FORMAT, row->message));
      add (cells, g_strdup (row->author));
      add (cells, g_strdup (row->reason));
    }
  admin_print_list (array, json, head, G_N_ELEMENTS (head), cells, "Nothing is held.");
  return rows->len > 0 ? ADMIN_NO : ADMIN_YES;
}

int
admin_outbox (int argc, char **argv, const char *config)
{
  static const char *const head[] = { "ID", "STATUS", "TRIES", "NEXT", "TO", "NOTICE", "LAST REPLY" };
  g_autoptr (Office) office = NULL;
  g_autoptr (GError) error = NULL;
  gboolean json = FALSE;
  int status;

  if (!begin (&argc, &argv, "- what waits for the network", NULL, config, &json, &office, &status))
    return status;
  g_autoptr (GPtrArray) rows = outbox_list (office->store, true, &error);
  if (rows == NULL)
    return admin_error (error);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonArray) array = json_array_new ();
  for (guint i = 0; i < rows->len; i++)
    {
      const OutboxItem *row = rows->pdata[i];
      g_autofree char *next = clock_format (row->next_at);
      JsonObject *object = add_object (array);

      json_object_set_int_member (object, "id", row->id);
      json_object_set_string_member (object, "status", row->withheld != 0 ? "withheld" : row->status);
      json_object_set_string_member (object, "sha256", row->sha256);
      json_object_set_string_member (object, "sealed", row->sealed);
      json_object_set_int_member (object, "attempts", row->attempts);
      json_object_set_string_member (object, "next", next);
      json_object_set_string_member (object, "rcpt", row->rcpt);
      json_object_set_string_member (object, "notice", row->notice);
      json_object_set_string_member (object, "reply", row->reply);
      add (cells, g_strdup_printf ("%" G_GINT64_FORMAT, row->id));
      add (cells, g_strdup (row->withheld != 0 ? "withheld" : row->status));
      add (cells, g_strdup_printf ("%d", row->attempts));
      add (cells, g_strdup (next));
      add (cells, g_strdup (row->rcpt));
      add (cells, g_strdup (row->notice));
      add (cells, g_strdup (row->reply));
    }
  admin_print_list (array, json, head, G_N_ELEMENTS (head), cells, "Nothing waits in the outbox.");
  return ADMIN_YES;
}
