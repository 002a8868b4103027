/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delivery reports: who did not get what, and why.  RFC 3464 fields first
 * (message-report-fields.c); without them, what stands in the text (message-report-text.c).
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

char *
report_original_id (const Parse *parse)
{
  g_autofree char *value = report_field (parse->original_text->str, "Message-ID");
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  /* Where the returned mail is no part of its own, its headers stand below the words of the
   * report. */
  if (value == NULL)
    value = report_field (parse->message->text, "Message-ID");
  if (value != NULL)
    message_ids_scan (value, ids);
  return g_strdup (ids->len > 0 ? g_ptr_array_index (ids, 0) : "");
}

static const char *
known_action (const char *action, const char *status)
{
  static const char *const actions[] = { "failed", "delayed", "delivered", "relayed", "expanded" };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (action != NULL && g_ascii_strncasecmp (action, actions[i], strlen (actions[i])) == 0)
      return actions[i];
  /* Postfix reports a probe that went well as "deliverable". */
  return *status == '2' || (action != NULL && g_ascii_strcasecmp (action, "deliverable") == 0)
           ? "delivered"
           : "failed";
}

/* The field is the last word of the system that gives up; "5.0.0" is none, and an answer's own
 * number is more exact. */
static char *
best_status (const ReportClaim *claim)
{
  const char *const sources[] = { claim->answer, claim->status != NULL ? claim->status : "",
                                  claim->words };
  char *best = g_strdup ("");

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_autofree char *status = report_find_status (sources[i]);

      if (*status == '\0' || (*best != '\0' && g_str_has_suffix (status, ".0.0")))
        continue;
      if (*best == '\0' || (g_str_has_suffix (best, ".0.0") && *status == *best))
        {
          g_free (best);
          best = g_steal_pointer (&status);
        }
    }
  return best;
}

/* A code of another class than the status is about another attempt. */
static char *
best_reply_code (const ReportClaim *claim, const char *status)
{
  char *code = report_find_reply_code (claim->answer);

  if (*code == '\0')
    {
      g_free (code);
      code = report_find_reply_code (claim->words);
    }
  if (*status != '\0' && *code != *status)
    *code = '\0';
  return code;
}

static const char *
reason_of (const ReportClaim *claim, const char *action, const char *status)
{
  const char *reason;
  bool given_up = g_str_equal (action, "failed");
  ReportStage stage = report_stage (claim->words);

  if (!given_up && !g_str_equal (action, "delayed"))
    return "delivered";
  reason = report_reason (status, claim->answer, claim->words,
                          stage != STAGE_UNKNOWN ? stage : claim->stage);
  /* What is still tried has not failed, whatever the last answer was. */
  if (!given_up && (*reason == '\0' || report_is_hard ("failed", reason)))
    return "expired";
  /* SendGrid and others name what happened as an action of their own. */
  if (*reason == '\0' && claim->action != NULL
      && g_ascii_strcasecmp (claim->action, "expired") == 0)
    return "expired";
  return reason;
}

void
report_add (Parse *parse, const ReportClaim *claim)
{
  MessageReport *r;

  if (parse->message->reports->len >= MAX_REPORTS)
    {
      parse_defect (parse, "message", "more reported recipients than are read");
      return;
    }
  r = g_new0 (MessageReport, 1);
  r->recipient = address_normalise (claim->recipient);
  r->status = best_status (claim);
  r->action = g_strdup (known_action (claim->action, r->status));
  r->reply_code = best_reply_code (claim, r->status);
  r->reason = g_strdup (reason_of (claim, r->action, r->status));
  r->hard = report_is_hard (r->action, r->reason);
  r->original_message_id = report_original_id (parse);
  g_ptr_array_add (parse->message->reports, r);
}

/* Fills the reports.  CERTAIN: it is a report, whatever is found; otherwise false means that it
 * does not look like one. */
bool
report_facts (Parse *parse, bool certain)
{
  GPtrArray *reports = parse->message->reports;
  const char *text = parse->message->text;
  g_autofree char *words = report_words (text);

  report_fields (parse, parse->status_text->str, words);
  /* Where the structure is broken or there is none, the fields stand in the text, or in the report
   * that came back. */
  if (reports->len == 0 && strcasestr (text, "final-recipient:") != NULL)
    report_fields (parse, text, words);
  if (reports->len == 0)
    report_text_facts (parse, words);
  if (reports->len == 0 && strcasestr (parse->original_text->str, "final-recipient:") != NULL)
    report_fields (parse, parse->original_text->str, words);
  if (reports->len == 0)
    report_original_recipients (parse, words);
  return certain || reports->len > 0;
}
