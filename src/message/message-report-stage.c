/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * At which step of the SMTP dialogue a server refused: by the words of each system that reports, or
 * by what is known of that system.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

/* Lower case, with one blank for each run of white space: reports break their lines anywhere. */
static char *
one_line (const char *text)
{
  g_autofree char *low = g_ascii_strdown (text, -1);
  char *to = low;

  for (const char *from = low; *from != '\0'; from++)
    if (!g_ascii_isspace (*from))
      *to++ = *from;
    else if (to > low && to[-1] != ' ')
      *to++ = ' ';
  *to = '\0';
  return g_steal_pointer (&low);
}

ReportStage
report_stage (const char *text)
{
  static const struct {
    const char *mark;
    ReportStage stage;
  } marks[] = {
    { "refused to talk to me", STAGE_CONNECT }, { "after initial connection", STAGE_CONNECT },
    { "after helo", STAGE_CONNECT }, { "after ehlo", STAGE_CONNECT }, { "in reply to helo", STAGE_CONNECT },
    { "in reply to ehlo", STAGE_CONNECT }, { ">>> ehlo", STAGE_CONNECT }, { ">>> helo", STAGE_CONNECT },
    { "but my name was rejected", STAGE_CONNECT }, { "but greeting failed", STAGE_CONNECT }, { "[connect]", STAGE_CONNECT },
    { "but sender was rejected", STAGE_SENDER }, { "does not like recipient", STAGE_RECIPIENT },
    { "failed on data command", STAGE_DATA }, { "failed after i sent the message", STAGE_DATA },
    { "in reply to mail from", STAGE_SENDER }, { "after mail from", STAGE_SENDER }, { "[mail_from]", STAGE_SENDER },
    { ">>> mail from", STAGE_SENDER }, { "our mail from", STAGE_SENDER }, { "for mail command", STAGE_SENDER },
    { "smtp command mail from", STAGE_SENDER }, { "smtp:mail ", STAGE_SENDER },
    { "in reply to rcpt to", STAGE_RECIPIENT }, { "after rcpt", STAGE_RECIPIENT }, { "[rcpt_to]", STAGE_RECIPIENT },
    { ">>> rcpt to", STAGE_RECIPIENT }, { "our rcpt to", STAGE_RECIPIENT }, { "for rcpt command", STAGE_RECIPIENT },
    { "smtp command rcpt to", STAGE_RECIPIENT }, { "smtp:rcpt ", STAGE_RECIPIENT },
    { "remote smtp server has rejected address", STAGE_RECIPIENT },
    { "(state 14)", STAGE_RECIPIENT }, { "end of data", STAGE_DATA }, { "in reply to data", STAGE_DATA },
    { "after data", STAGE_DATA }, { ">>> data", STAGE_DATA }, { "our data", STAGE_DATA }, { "for text command", STAGE_DATA },
    { "after pipelined data", STAGE_DATA }, { "(state 17)", STAGE_DATA }, { "(state 18)", STAGE_DATA }, { "[data]", STAGE_DATA },
    { "smtp command data", STAGE_DATA }, { "smtp:data ", STAGE_DATA },
    { "after transmitting", STAGE_DATA }, { "smtp transmission failure has occurred", STAGE_DATA },
  };
  g_autofree char *low = one_line (text);
  const char *first = NULL;
  ReportStage stage = STAGE_UNKNOWN;

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      const char *at = strstr (low, marks[i].mark);

      if (at != NULL && (first == NULL || at < first))
        {
          first = at;
          stage = marks[i].stage;
        }
    }
  return stage;
}

static bool
holds (const char *value, const char *what)
{
  return value != NULL && strcasestr (value, what) != NULL;
}

/* Amazon SES takes a mail for its customers before it asks their rules; PowerMTA counts an answer
 * to RCPT as one about the mailbox; McAfee's gateway reports of what it could not pass on, in
 * answer to RCPT. */
ReportStage
report_stage_of_system (const Parse *parse, const char *fields, const char *block)
{
  g_autofree char *reporter = report_field (fields, "Reporting-MTA");
  g_autofree char *category = report_field (block, "X-PowerMTA-BounceCategory");
  g_autofree char *gateway = header_raw (GMIME_OBJECT (parse->mime), "X-NAI-Header");

  if (holds (reporter, "; inbound-smtp.") && holds (reporter, ".amazonaws.com"))
    return STAGE_ACCEPTED;
  return holds (category, "bad-mailbox") || holds (gateway, "mcafee") ? STAGE_RECIPIENT
                                                                      : STAGE_UNKNOWN;
}
