/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Amazon SES reports by JSON in a mail of its notification service: bounces, complaints,
 * deliveries, each with a list of recipients.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

#define MAX_JSON (256 * 1024)
#define MAX_JSON_DEPTH 40   /* the parser goes as deep as the text */

static const char *
string_of (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : "";
}

static JsonObject *
object_of (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
array_of (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* The document in TEXT.  Lines too long for mail were broken as "!", LF, blank on the way. */
static char *
json_text (const char *text)
{
  const char *end = strstr (text, "\n--\n");
  g_autofree char *whole = g_strndup (text, end != NULL ? (gsize) (end - text) : strlen (text));
  g_auto (GStrv) pieces = g_strsplit (whole, "!\n ", -1);
  int depth = 0;

  for (const char *c = whole; *c != '\0'; c++)
    {
      depth += *c == '{' || *c == '[' ? 1 : *c == '}' || *c == ']' ? -1 : 0;
      if (depth > MAX_JSON_DEPTH)
        return NULL;
    }
  return g_strjoinv ("", pieces);
}

static void
add_bounces (Parse *parse, JsonArray *recipients)
{
  for (guint i = 0; recipients != NULL && i < json_array_get_length (recipients); i++)
    {
      JsonNode *node = json_array_get_element (recipients, i);
      JsonObject *r = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *recipient = clean_line (string_of (r, "emailAddress"), -1);
      g_autofree char *answer = clean_line (string_of (r, "diagnosticCode"), -1);
      ReportClaim claim = { recipient, string_of (r, "action"), string_of (r, "status"), answer,
                            "" };

      report_add (parse, &claim);
    }
}

static void
add_deliveries (Parse *parse, JsonObject *delivery)
{
  JsonArray *recipients = array_of (delivery, "recipients");
  g_autofree char *answer = clean_line (string_of (delivery, "smtpResponse"), -1);

  for (guint i = 0; recipients != NULL && i < json_array_get_length (recipients); i++)
    {
      JsonNode *node = json_array_get_element (recipients, i);
      bool text = json_node_get_value_type (node) == G_TYPE_STRING;
      g_autofree char *recipient = clean_line (text ? json_node_get_string (node) : "", -1);
      ReportClaim claim = { recipient, "delivered", NULL, answer, "" };

      report_add (parse, &claim);
    }
}

static void
add_complaints (Parse *parse, JsonArray *recipients)
{
  for (guint i = 0; recipients != NULL && i < json_array_get_length (recipients); i++)
    {
      JsonNode *node = json_array_get_element (recipients, i);
      JsonObject *r = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *recipient = clean_line (string_of (r, "emailAddress"), -1);

      report_add_person (parse, recipient, "feedback");
    }
}

bool
report_ses (Parse *parse, bool *complaint)
{
  const MessageAddress *author = message_author (parse->message);
  const char *text = parse->message->text;
  g_autoptr (JsonParser) parser = NULL;
  g_autofree char *json = NULL;
  JsonObject *root;
  const char *type;

  *complaint = false;
  if (author == NULL || !g_str_has_suffix (author->address, "@sns.amazonaws.com") || *text != '{' ||
      strlen (text) > MAX_JSON || (json = json_text (text)) == NULL)
    return false;
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, json, -1, NULL)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return false;
  root = json_node_get_object (json_parser_get_root (parser));
  type = string_of (root, "notificationType");
  g_ptr_array_set_size (parse->message->reports, 0);
  *complaint = g_str_equal (type, "Complaint");
  if (*complaint)
    add_complaints (parse, array_of (object_of (root, "complaint"), "complainedRecipients"));
  else if (g_str_equal (type, "Bounce"))
    add_bounces (parse, array_of (object_of (root, "bounce"), "bouncedRecipients"));
  else if (g_str_equal (type, "Delivery"))
    add_deliveries (parse, object_of (root, "delivery"));
  return parse->message->reports->len > 0;
}
