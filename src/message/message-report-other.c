/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What machines report besides failed deliveries: complaints about a mail of ours (RFC 5965), and
 * that somebody is away.
 *
 * Both are one row a person, like a delivery report, so that whoever looks for "who" and "why"
 * finds them in one place. Neither is ever "hard": the mail was delivered.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

void
report_add_person (Parse *parse, const char *address, const char *reason)
{
  MessageReport *r;

  if (parse->message->reports->len >= MAX_REPORTS)
    return;
  r = g_new0 (MessageReport, 1);
  r->recipient = address_normalise (address);
  r->action = g_strdup ("delivered");
  r->status = g_strdup ("");
  r->reply_code = g_strdup ("");
  r->reason = g_strdup (reason);
  r->original_message_id = report_original_id (parse);
  g_ptr_array_add (parse->message->reports, r);
}

/* Every field NAME of TEXT that holds an address. */
static void
add_fields (Parse *parse, const char *text, const char *name)
{
  for (const char *line = text; line != NULL;)
    {
      if (g_ascii_strncasecmp (line, name, strlen (name)) == 0)
        {
          g_autofree char *value = report_field (line, name);
          g_autofree char *address = value != NULL ? report_typed_value (value) : NULL;

          if (address != NULL && strchr (address, '@') != NULL)
            report_add_person (parse, address, "feedback");
        }
      line = strchr (line, '\n');
      line = line != NULL ? line + 1 : NULL;
    }
}

void
report_feedback (Parse *parse)
{
  GPtrArray *reports = parse->message->reports;
  const char *fields = parse->feedback_text->str;

  add_fields (parse, fields, "Original-Rcpt-To");
  if (reports->len == 0)
    add_fields (parse, fields, "Removal-Recipient");
  if (reports->len == 0)
    add_fields (parse, parse->original_text->str, "X-HmXmrOriginalRecipient");
  if (reports->len == 0)
    add_fields (parse, parse->original_text->str, "To");
  /* Most providers leave out who complained; that somebody did stays said. */
  if (reports->len == 0)
    report_add_person (parse, "", "feedback");
}

void
report_absence (Parse *parse)
{
  const MessageAddress *author = message_author (parse->message);

  if (author != NULL)
    report_add_person (parse, author->address, "vacation");
}
