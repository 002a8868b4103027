/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp explain MESSAGE`: why a message was treated as it was, from the journal.
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "engine/run.h"
#include "store/journal.h"

/* By row number, Message-ID or SHA-256. */
static MessageRow *
find (Store *store, const char *name, GError **error)
{
  guint64 id;
  g_autofree char *bare = g_strdup (name);
  gsize n = strlen (bare);

  if (n > 2 && bare[0] == '<' && bare[n - 1] == '>')
    {
      bare[n - 1] = '\0';
      return message_row_by_message_id (store, bare + 1, error);
    }
  if (strlen (name) == 64 && strspn (name, "0123456789abcdef") == 64)
    return message_row_by_sha256 (store, name, error);
  if (g_ascii_string_to_unsigned (name, 10, 1, G_MAXINT64, &id, NULL))
    return message_row_by_id (store, (gint64) id, error);
  return message_row_by_message_id (store, name, error);
}

static void
print_trail (const char *detail)
{
  g_autoptr (JsonNode) node = json_from_string (detail, NULL);
  JsonObject *object = node != NULL ? json_node_get_object (node) : NULL;
  JsonArray *trail = object != NULL && json_object_has_member (object, "trail")
                       ? json_object_get_array_member (object, "trail") : NULL;

  for (guint i = 0; trail != NULL && i < json_array_get_length (trail); i++)
    printf ("    %s\n", json_array_get_string_element (trail, i));
}

static void
print_signatures (const GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      const JournalEvent *event = events->pdata[i];
      g_autofree char *part = journal_member (event->detail, "part"),
                      *what = journal_member (event->detail, "signature");

      if (strcmp (event->kind, "signature") == 0)
        printf ("  Signature%s%s: %s\n",
                part != NULL && part[0] != '\0' ? " of part " : " of the message",
                part != NULL ? part : "", what != NULL ? what : "");
    }
}

static void
print_unread (const GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      const JournalEvent *event = events->pdata[i];
      g_autofree char *file = journal_member (event->detail, "file"),
                      *pages = journal_member (event->detail, "pages");
      g_autofree char *why = journal_member (event->detail, "why");

      if (strcmp (event->kind, "message.unread") != 0 || file == NULL)
        continue;
      if (pages != NULL)
        printf ("  Not read: page %s of %s, which shows more than text; nobody has looked there "
                "for numbers that must not come by mail\n",
                pages, file);
      else
        printf ("  Not read: %s; %s\n", file, why != NULL ? why : "");
    }
}

/* What the certificates of signed documents of MESSAGE are worth in C. */
static void
print_signers (const Case *c, gint64 message)
{
  for (guint i = 0; i < c->documents->len; i++)
    {
      const CaseDocument *file = c->documents->pdata[i];

      for (guint k = 0;
           file->message == message && file->signature.fingerprints != NULL && k < c->signers->len;
           k++)
        {
          const CaseSigner *signer = c->signers->pdata[k];
          g_autofree char *at = clock_format (signer->at),
                          *retired = clock_format (signer->retired);

          if (strstr (file->signature.fingerprints, signer->fingerprint) == NULL)
            continue;
          printf ("  Signer of %s: introduced as %s by %s, %s", file->file, signer->role,
                  signer->by, at);
          if (signer->retired != 0)
            printf ("; retired by %s, %s: what came %s", signer->retired_by, retired,
                    file->at < signer->retired ? "before, as this did, counts"
                                               : "from then on, as this did, does not count");
          putchar ('\n');
        }
    }
}

static void
print_events (const GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      const JournalEvent *event = events->pdata[i];

      if (strcmp (event->kind, "message") == 0)
        {
          g_autofree char *evidence = journal_member (event->detail, "evidence");

          print_signatures (events);
          print_unread (events);
          printf ("  Who: %s\n  Tests, in order:\n", evidence != NULL ? evidence : "not known");
          print_trail (event->detail);
        }
    }
  puts ("  What it did:");
  for (guint i = 0; i < events->len; i++)
    {
      const JournalEvent *event = events->pdata[i];

      if (strcmp (event->kind, "message") != 0 && strcmp (event->kind, "signature") != 0
          && strcmp (event->kind, "message.unread") != 0)
        printf ("    %-22s %s\n", event->kind, event->detail);
    }
}

static JsonNode *
to_json (const MessageRow *row, const GPtrArray *events)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  json_object_set_int_member (object, "message", row->id);
  json_object_set_string_member (object, "sha256", row->sha256);
  json_object_set_string_member (object, "message_id", row->message_id);
  json_object_set_string_member (object, "from", row->author);
  json_object_set_string_member (object, "outcome", row->outcome);
  json_object_set_string_member (object, "reason", row->reason);
  json_object_set_string_member (object, "rule", row->rule);
  for (guint i = 0; i < events->len; i++)
    {
      const JournalEvent *event = events->pdata[i];
      JsonObject *one = json_object_new ();

      json_object_set_int_member (one, "event", event->id);
      json_object_set_string_member (one, "kind", event->kind);
      json_object_set_member (one, "detail", json_from_string (event->detail, NULL));
      json_array_add_object_element (array, one);
    }
  json_object_set_array_member (object, "events", array);
  json_node_take_object (node, object);
  return node;
}

int
admin_explain (int argc, char **argv, const char *config)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!admin_options (&argc, &argv, entries, "MESSAGE - why a message was treated as it was",
                      "MESSAGE is its number, its Message-ID or its SHA-256.", &status))
    return status;
  if (argc != 2)
    {
      fprintf (stderr, "qecp: explain needs one message: its number, Message-ID or SHA-256\n");
      return ADMIN_CALL;
    }
  g_autoptr (Office) office = admin_office (config, false, &error);
  g_autoptr (MessageRow) row = office != NULL ? find (office->store, argv[1], &error) : NULL;
  g_autoptr (JournalInput) input =
    row != NULL ? journal_input_of (office->store, "message", row->id, &error) : NULL;
  g_autoptr (GPtrArray) events =
    input != NULL ? journal_of_input (office->store, input->id, &error) : NULL;
  if (error != NULL)
    return admin_error (error);
  if (events == NULL)
    {
      fprintf (stderr, "qecp: there is no message %s\n", argv[1]);
      return ADMIN_CALL;
    }
  if (json)
    {
      g_autoptr (JsonNode) node = to_json (row, events);

      admin_print_json (node);
      return ADMIN_YES;
    }
  g_autofree char *at = clock_format (row->received_at);
  printf ("Message %" G_GINT64_FORMAT
          "\n  From %s, received %s\n  Subject: %s\n  Outcome: %s (%s), by: %s\n",
          row->id, row->author, at, row->subject, row->outcome, row->reason, row->rule);
  if (row->case_id != 0)
    {
      g_autoptr (Case) c = case_load (office->store, row->case_id, &error);

      if (c == NULL)
        return admin_error (error);
      print_signers (c, row->id);
    }
  print_events (events);
  return ADMIN_YES;
}
