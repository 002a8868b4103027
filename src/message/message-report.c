/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delivery reports: who did not get what, and why.  RFC 3464 fields first; without them, what stands in the text
 * (message-report-text.c).
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

static char *
original_id (const Parse *parse)
{
  const char *text = parse->original_text->str;
  const char *at = text;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  while (at != NULL && ids->len == 0)
    {
      if (g_ascii_strncasecmp (at, "message-id:", 11) == 0)
        {
          const char *end = at + 11;

          do
            end = strchrnul (end + 1, '\n');
          while (*end != '\0' && (end[1] == ' ' || end[1] == '\t'));
          g_autofree char *value = g_strndup (at + 11, (gsize) (end - at - 11));
          message_ids_scan (value, ids);
        }
      at = strchr (at, '\n');
      at = at != NULL ? at + 1 : NULL;
    }
  return g_strdup (ids->len > 0 ? g_ptr_array_index (ids, 0) : "");
}

void
report_add (Parse *parse, const char *recipient, char *action, char *status, const char *diagnostic)
{
  MessageReport *r;

  if (parse->message->reports->len >= MAX_REPORTS)
    {
      parse_defect (parse, "message", "more reported recipients than are read");
      g_free (action);
      g_free (status);
      return;
    }
  r = g_new0 (MessageReport, 1);
  r->recipient = address_normalise (recipient);
  r->action = action;
  r->status = status;
  r->reply_code = report_find_reply_code (diagnostic);
  r->reason = g_strdup (report_reason (status, diagnostic));
  if (g_str_equal (action, "delayed") && *r->reason == '\0')
    {
      g_free (r->reason);
      r->reason = g_strdup ("expired");
    }
  if (g_str_equal (action, "delivered") || g_str_equal (action, "relayed") || g_str_equal (action, "expanded"))
    {
      g_free (r->reason);
      r->reason = g_strdup ("delivered");
    }
  r->hard = report_is_hard (r->action, r->status, r->reason);
  r->original_message_id = original_id (parse);
  g_ptr_array_add (parse->message->reports, r);
}

/* --- RFC 3464 ---------------------------------------------------------------------------------------- */

/* Field NAME of a block of header-like lines, unfolded; NULL when it is not there. */
static char *
block_field (const char *block, const char *name)
{
  gsize length = strlen (name);
  const char *at = block;

  while (at != NULL)
    {
      if (g_ascii_strncasecmp (at, name, length) == 0 && at[length] == ':')
        {
          const char *end = at + length;

          do
            end = strchrnul (end + 1, '\n');
          while (*end != '\0' && (end[1] == ' ' || end[1] == '\t'));
          g_autofree char *value = g_strndup (at + length + 1, (gsize) (end - at - length - 1));
          return clean_line (value, -1);
        }
      at = strchr (at, '\n');
      at = at != NULL ? at + 1 : NULL;
    }
  return NULL;
}

/* "rfc822; a@b" without the type and brackets. */
static char *
typed_value (const char *value)
{
  const char *s = strchr (value, ';');
  g_autofree char *inner = NULL;
  gsize n;

  s = s != NULL ? s + 1 : value;
  s += strspn (s, " <");
  n = strlen (s);
  while (n > 0 && strchr (" >", s[n - 1]) != NULL)
    n--;
  inner = g_strndup (s, n);
  return g_steal_pointer (&inner);
}

static char *
known_action (const char *action)
{
  static const char *const actions[] = { "failed", "delayed", "delivered", "relayed", "expanded" };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (action != NULL && g_ascii_strncasecmp (action, actions[i], strlen (actions[i])) == 0)
      return g_strdup (actions[i]);
  return g_strdup ("failed");
}

static void
recipient_block (Parse *parse, const char *block)
{
  g_autofree char *final = block_field (block, "Final-Recipient");
  g_autofree char *original = block_field (block, "Original-Recipient");
  g_autofree char *action = block_field (block, "Action");
  g_autofree char *status_line = block_field (block, "Status");
  g_autofree char *diagnostic = block_field (block, "Diagnostic-Code");
  g_autofree char *recipient = NULL;
  char *status;

  if (final == NULL && original == NULL)
    return;
  recipient = typed_value (final != NULL ? final : original);
  if (strchr (recipient, '@') == NULL && original != NULL)
    {
      g_free (recipient);
      recipient = typed_value (original);
    }
  status = report_find_status (status_line != NULL ? status_line : "");
  /* "5.0.0" says nothing; what the server answered often says more. */
  if (diagnostic != NULL && (*status == '\0' || g_str_has_suffix (status, ".0.0")))
    {
      g_autofree char *better = report_find_status (diagnostic);

      if (*better != '\0')
        {
          g_free (status);
          status = g_steal_pointer (&better);
        }
    }
  report_add (parse, recipient, known_action (action), status, diagnostic != NULL ? diagnostic : "");
}

static void
status_blocks (Parse *parse)
{
  g_autofree char *text = clean_text (parse->status_text->str, -1);
  char *block = text;

  while (block != NULL && *block != '\0')
    {
      char *end = strstr (block, "\n\n");

      if (end != NULL)
        *end = '\0';
      recipient_block (parse, block);
      block = end != NULL ? end + 2 + strspn (end + 2, "\n") : NULL;
    }
}

/* A report's recipients without a diagnosis: the explanation above may hold it. */
static void
improve_from_text (Parse *parse)
{
  Message *m = parse->message;

  for (guint i = 0; i < m->reports->len; i++)
    {
      MessageReport *r = g_ptr_array_index (m->reports, i);

      if (*r->reason == '\0' && !g_str_equal (r->action, "delivered"))
        {
          g_free (r->reason);
          r->reason = g_strdup (report_reason (r->status, m->text));
          r->hard = report_is_hard (r->action, r->status, r->reason);
        }
      if (*r->reply_code == '\0' && m->reports->len == 1)
        {
          g_free (r->reply_code);
          r->reply_code = report_find_reply_code (m->text);
        }
    }
}

/* Fills the reports.  CERTAIN: it is a report, whatever is found; otherwise false means that it does not look like one. */
bool
report_facts (Parse *parse, bool certain)
{
  status_blocks (parse);
  if (parse->message->reports->len > 0)
    {
      improve_from_text (parse);
      return true;
    }
  report_text_facts (parse);
  return certain || parse->message->reports->len > 0;
}
