/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What waits: for a person (held), for the network (outbox); what waits for the network is tried
 * now when somebody says so.
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin-held.h"
#include "admin/admin.h"
#include "base/clock.h"
#include "base/error.h"
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

static int
list_held (Office *office, bool json)
{
  static const char *const head[] = { "SINCE", "MESSAGE", "FROM", "WHY" };
  g_autoptr (GError) error = NULL;
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
admin_held (int argc, char **argv, const char *config)
{
  gboolean json = FALSE;
  char *as = NULL;
  const GOptionEntry entries[] = {
    { "as", 0, 0, G_OPTION_ARG_STRING, &as, "release, refile: whose answer it is, one who was asked about the message", "ADDRESS" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!admin_options (&argc, &argv, entries,
                      "[release MESSAGE | refile MESSAGE CATEGORY] - what waits for a person",
                      "release settles all that waits of the message's sender, refile says what "
                      "the message is.  Both write the mail that\n"
                      "ADDRESS would (/done, /route CATEGORY) and hand it to the program's "
                      "mailbox; the office answers ADDRESS.\n"
                      "Exit status 1 of the list: something is held.",
                      &status))
    return status;
  g_autofree char *mine = as;
  bool release = argc == 3 && strcmp (argv[1], "release") == 0,
       refile = argc == 4 && strcmp (argv[1], "refile") == 0;
  if (argc != 1 && !release && !refile)
    {
      fprintf (stderr, "qecp: write held, held release MESSAGE --as ADDRESS or held refile MESSAGE "
                       "CATEGORY --as ADDRESS\n");
      return ADMIN_CALL;
    }
  g_autoptr (Office) office = admin_office (config, false, &error);
  if (office == NULL)
    return admin_error (error);
  return argc > 1 ? admin_held_answer (office, argv + 1, mine, json) : list_held (office, json);
}

static int
list_outbox (Office *office, bool json)
{
  static const char *const head[] = {
    "ID", "STATUS", "TRIES", "NEXT", "TO", "NOTICE", "LAST REPLY"
  };
  g_autoptr (GError) error = NULL;
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
      json_object_set_string_member (object, "status",
                                     row->withheld != 0 ? "withheld" : row->status);
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

static bool
retry_rows (Office *office, const GPtrArray *rows, GError **error)
{
  g_autoptr (StoreTxn) txn = store_begin (office->store, error);

  if (txn == NULL)
    return false;
  for (guint i = 0; i < rows->len; i++)
    if (!outbox_retry (txn, ((const OutboxItem *) rows->pdata[i])->id, clock_now (), error))
      return false;
  return store_commit (txn, error);
}

/* The mail that TEXT names, when it waits. */
static GPtrArray *
named_row (Office *office, const char *text, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) outbox_item_free);
  guint64 id = 0;
  OutboxItem *item = g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &id, NULL)
                       ? outbox_load (office->store, (gint64) id, error)
                       : NULL;

  if (item == NULL)
    {
      if (error != NULL && *error == NULL)
        error_refuse (error, "there is no mail '%s'; qecp outbox lists what waits", text);
      return NULL;
    }
  g_ptr_array_add (rows, item);
  if (strcmp (item->status, "queued") == 0 || strcmp (item->status, "deferred") == 0)
    return g_steal_pointer (&rows);
  error_refuse (error, "mail %s does not wait: it was %s", text, item->status);
  return NULL;
}

static int
retry (Office *office, const char *id, bool json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
    id != NULL ? named_row (office, id, &error) : outbox_list (office->store, true, &error);

  if (rows == NULL || !retry_rows (office, rows, &error))
    return admin_error (error);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();
  json_object_set_array_member (object, "retried", array);
  json_node_take_object (node, object);
  for (guint i = 0; i < rows->len; i++)
    json_array_add_int_element (array, ((const OutboxItem *) rows->pdata[i])->id);
  if (json)
    admin_print_json (node);
  else if (rows->len == 0)
    puts ("Nothing waits in the outbox.");
  else
    printf ("%u %s tried as soon as qecpd looks, within half a minute.\n", rows->len,
            rows->len == 1 ? "mail is" : "mails are");
  return ADMIN_YES;
}

int
admin_outbox (int argc, char **argv, const char *config)
{
  gboolean json = FALSE, all = FALSE;
  const GOptionEntry entries[] = {
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, "retry: every mail that waits", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!admin_options (&argc, &argv, entries,
                      "[retry ID | retry --all] - what waits for the network",
                      "retry makes a mail due now, instead of when its time has come.  What failed "
                      "for good is not tried again.",
                      &status))
    return status;
  bool again = argc > 1 && strcmp (argv[1], "retry") == 0;
  if (again ? argc != (all ? 2 : 3) : argc != 1 || all)
    {
      fprintf (stderr, "qecp: write outbox, outbox retry ID or outbox retry --all\n");
      return ADMIN_CALL;
    }
  g_autoptr (Office) office = admin_office (config, false, &error);
  if (office == NULL)
    return admin_error (error);
  return again ? retry (office, all ? NULL : argv[2], json) : list_outbox (office, json);
}
