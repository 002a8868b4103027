/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail that a machine wrote: one table, the first row that matches decides and says why.
 *
 * To answer a machine is how loops begin, to miss a person is how submissions are lost.  So each
 * row rests on a header or a shape that people's mail programs do not write.
 * X-Auto-Response-Suppress is no row: it is a wish of the sender's system about answers, and
 * Exchange sets it on people's mail.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

static const char *
raw_header (const Parse *parse, const char *name)
{
  GMimeHeader *h = g_mime_header_list_get_header (
    g_mime_object_get_header_list (GMIME_OBJECT (parse->mime)), name);
  const char *raw = h != NULL ? g_mime_header_get_raw_value (h) : NULL;

  return raw;
}

/* The first word of a header, lower case: "auto-replied" of "auto-replied (vacation)".  NULL: no
 * such header. */
static char *
first_word (const Parse *parse, const char *name)
{
  const char *raw = raw_header (parse, name);
  g_autofree char *value = raw != NULL ? header_unfold (raw) : NULL;

  return value != NULL ? g_ascii_strdown (value, (gssize) strcspn (value, " \t;(")) : NULL;
}

static bool
header_is (const Parse *parse, const char *name, const char *value)
{
  g_autofree char *word = first_word (parse, name);

  return word != NULL && g_str_equal (word, value);
}

static bool
has_header (const Parse *parse, const char *name)
{
  return raw_header (parse, name) != NULL;
}

static bool
is_null_sender (const Parse *parse)
{
  return parse->message->return_path != NULL && *parse->message->return_path == '\0';
}

/* MAILER-DAEMON or postmaster, in the address or in its name. */
static bool
from_mail_system (const Parse *parse)
{
  static const char *const names[] = {
    "mailer-daemon",        "mailerdaemon",      "postmaster",
    "post_master",          "mail-daemon",       "mail delivery",
    "mail deliver system",  "maildelivery",      "mailer daemon",
    "microsoft exchange",   "microsoftexchange", "mail administrator",
    "system administrator", "mail system",       "mmdf"
  };
  const MessageAddress *author = message_author (parse->message);

  if (author == NULL)
    {
      /* "MAILER-DAEMON <>" is no address. */
      const char *raw = raw_header (parse, "From");

      return raw != NULL && strcasestr (raw, "mailer-daemon") != NULL;
    }
  g_autofree char *address = g_utf8_strdown (author->address, -1),
                  *name = g_utf8_strdown (author->name, -1);
  return quote_starts_any (address, names, G_N_ELEMENTS (names))
         || quote_starts_any (name, names, G_N_ELEMENTS (names));
}

/* --- tests: each looks at one fact ------------------------------------------------------- */

static bool
is_feedback_report (Parse *parse)
{
  return g_strcmp0 (parse->report_type, "feedback-report") == 0 || parse->feedback_text->len > 0;
}

/* The Junk Mail Reporting Program of Outlook.com sends the mail complained about without RFC 5965's
 * fields. */
static bool
is_jmrp_report (Parse *parse)
{
  const MessageAddress *author = message_author (parse->message);

  return author != NULL && g_ascii_strcasecmp (author->address, "staff@hotmail.com") == 0 &&
         g_ascii_strncasecmp (parse->message->subject, "complaint about message", 23) == 0;
}

static bool
is_ses_complaint (Parse *parse)
{
  bool complaint;

  return report_ses (parse, &complaint) && complaint;
}

static bool
is_ses_report (Parse *parse)
{
  bool complaint;

  return report_ses (parse, &complaint) && !complaint;
}

static bool
is_read_receipt (Parse *parse)
{
  return g_strcmp0 (parse->report_type, "disposition-notification") == 0
         || (parse->status_text->len > 0
             && strcasestr (parse->status_text->str, "disposition:") != NULL
             && strcasestr (parse->status_text->str, "final-recipient:") != NULL
             && strcasestr (parse->status_text->str, "status:") == NULL);
}

static bool
is_delivery_report (Parse *parse)
{
  return g_strcmp0 (parse->report_type, "delivery-status") == 0
         || (parse->status_text->len > 0
             && strcasestr (parse->status_text->str, "final-recipient:") != NULL
             && strcasestr (parse->status_text->str, "disposition:") == NULL
             && parse->report_type != NULL);
}

static bool
has_failed_recipients (Parse *parse)
{
  return has_header (parse, "X-Failed-Recipients");
}

static bool
has_report_subject (const Parse *parse)
{
  static const char *const subjects[] = {
    "undeliver", "delivery status", "delayed mail", "delivery fail", "delivery error", "delivery delay", "failure notice",
    "failure deliver", "returned mail", "mail delivery", "mail could not", "mail failed", "delivery has failed",
    "delivery notification", "delivery report", "mail system error", "could not send message", "unzustellbar",
    "warning: message", "warning: could not send", "mail failure", "non remis", "no se puede entregar",
    "delivery problem", "dsn: failed", "undelivered", "returned to sender", "returning to sender", "returning message",
    "message delivery", "delivery incomplete", "user unknown", "user does not exist", "unable to deliver", "nondeliverable",
    "not delivered", "delivery attempt", "email failure", "message could not", "there was an error sending",
    "недоставл", "не доставлен", "onbestelbaar", "échec de la remise", "échec de remise", "mancata consegna",
    "não entregue", "kunde inte levereras", "配信不能", "配信エラー", "退信", "无法投递",
  };
  g_autofree char *subject = g_utf8_strdown (parse->message->subject, -1);

  return quote_holds_any (subject, subjects, G_N_ELEMENTS (subjects));
}

/* The text of a report under a subject that says nothing. */
static bool
has_report_text (const Parse *parse)
{
  static const char *const phrases[] = {
    "could not be delivered to", "was undeliverable", "was not delivered to", "could not deliver", "unable to deliver",
    "failed recipient", "error message below", "failed addresses follow", "had delivery errors", "delivery errors ---",
    "had permanent fatal errors", "had permanent delivery errors", "following address failed", "delivery to the following",
    "didn't reach the following", "did not reach the following", "cannot be delivered to",
  };
  g_autofree char *text =
    g_utf8_strdown (parse->message->text, (gssize) strnlen (parse->message->text, 4096));

  return quote_holds_any (text, phrases, G_N_ELEMENTS (phrases));
}

/* A mail system's name and words of its trade: each alone is not enough. */
static bool
is_free_form_report (Parse *parse)
{
  if (!from_mail_system (parse) && !is_null_sender (parse))
    return false;
  if (!has_report_subject (parse) && !has_report_text (parse) && parse->status_text->len == 0)
    return false;
  /* A mail system that says so in its subject need not name anybody. */
  return report_facts (parse, false) || (from_mail_system (parse) && has_report_subject (parse));
}

/* "👍 Jane Doe reacted to your message": Outlook and Gmail for those whose program knows no
 * reactions.  Nothing else may stand there. */
static bool
is_reaction_in_words (const char *text)
{
  static const char *const phrases[] = { " reacted to your message",
                                         " liked your message",
                                         " loved your message",
                                         " reacted via gmail",
                                         " hat auf ihre nachricht reagiert",
                                         " gefällt ihre nachricht",
                                         " a réagi à votre message",
                                         " a aimé votre message" };
  gsize n = strcspn (text, "\n");
  g_autofree char *first = g_utf8_strdown (text, (gssize) n);

  return n < 160 && body_is_blank (text + n)
         && quote_holds_any (first, phrases, G_N_ELEMENTS (phrases));
}

static bool
is_reaction (Parse *parse)
{
  return parse->has_reaction || is_reaction_in_words (parse->message->new_text);
}

static bool
is_calendar_answer (Parse *parse)
{
  return g_strcmp0 (parse->calendar_method, "REPLY") == 0;
}

static bool
is_invitation (Parse *parse)
{
  return g_strcmp0 (parse->calendar_method, "REQUEST") == 0
         || g_strcmp0 (parse->calendar_method, "COUNTER") == 0
         || g_strcmp0 (parse->calendar_method, "CANCEL") == 0;
}

static bool
is_auto_submitted (Parse *parse)
{
  g_autofree char *word = first_word (parse, "Auto-Submitted");

  return word != NULL && *word != '\0' && !g_str_equal (word, "no");
}

/* A header that only out-of-office programs write. */
static bool
has_vacation_header (Parse *parse)
{
  return has_header (parse, "X-Autoreply") || has_header (parse, "X-Autorespond")
         || has_header (parse, "X-Autoresponder") || has_header (parse, "X-Auto-Reply-From")
         || has_header (parse, "X-Mail-Autoreply") || has_header (parse, "X-AutoReply-From")
         || has_header (parse, "X-Vacation") || header_is (parse, "X-Apple-Action", "vacation")
         || header_is (parse, "X-Cron-Env", "vacation")
         || header_is (parse, "X-FC-MachineGenerated", "true")
         || header_is (parse, "X-POST-MessageClass", "9")
         || header_is (parse, "Delivered-To", "autoresponder")
         || header_is (parse, "Preference", "auto_reply")
         || header_is (parse, "Precedence", "auto_reply")
         || header_is (parse, "X-Precedence", "auto_reply")
         || header_is (parse, "X-Autogenerated", "reply")
         || header_is (parse, "X-Autogenerated", "forward");
}

static bool
is_exchange_out_of_office (Parse *parse)
{
  return header_is (parse, "X-MS-Exchange-Inbox-Rules-Loop", "oof")
         || (has_header (parse, "X-MS-Exchange-Generated-Message-Source")
             && strcasestr (raw_header (parse, "X-MS-Exchange-Generated-Message-Source"),
                            "mailbox rules agent")
                  != NULL);
}

/* Exchange, Lotus and Gmail without a header of their own: the answer names itself, and only these
 * words at the beginning count; "Re: Out of office" is a person's. */
static bool
has_vacation_subject (Parse *parse)
{
  static const char *const subjects[] = {
    "automatic reply:", "auto reply:", "autoreply:", "auto-reply:", "automated reply:", "out of office:", "out of office autoreply", "out of office reply", "automatische antwort", "abwesenheitsnotiz", "automatische abwesenheitsnotiz",
    "réponse automatique", "absence du bureau", "respuesta automática", "risposta automatica", "resposta automática",
    "automatisch antwoord", "autosvar:", "automatiskt svar", "automatisk svar", "automatická odpověď", "autoodpowiedź",
    "odpowiedź automatyczna", "автоответ:", "автоматический ответ", "自动回复", "自動回覆", "自動返信", "자동 회신", "otomatik yanıt",
    "automaattinen vastaus", "vacation reply", "auto response:", "autoresponse:", "auto: ", "不在通知",
  };
  static const char *const anywhere[] = {
    " is out of the office", "out of the office", "ooo:",       " ist außer haus",    "abwesend",
    " est absent",           " is away until",    "fuori sede", "fuera de la oficina"
  };
  g_autofree char *low = g_utf8_strdown (parse->message->subject, -1);

  if (quote_starts_any (low, subjects, G_N_ELEMENTS (subjects)))
    return true;
  /* "Jane Doe is out of the office (returning ...)": Lotus.  A person may open a conversation so,
   * and a person answers with "Re:". */
  return !g_str_has_prefix (low, "re:") && !g_str_has_prefix (low, "fw")
         && parse->message->in_reply_to->len > 0
         && quote_holds_any (low, anywhere, G_N_ELEMENTS (anywhere));
}

/* An automatic answer of somebody, as opposed to whatever else a machine sends by itself. */
static bool
is_absence (Parse *parse)
{
  return !from_mail_system (parse)
         && (header_is (parse, "Auto-Submitted", "auto-replied") || has_vacation_header (parse)
             || is_exchange_out_of_office (parse) || has_vacation_subject (parse));
}

static bool
has_null_sender (Parse *parse)
{
  return is_null_sender (parse);
}

static bool
is_list_mail (Parse *parse)
{
  return has_header (parse, "List-Id") || has_header (parse, "List-Unsubscribe")
         || has_header (parse, "List-Post") || has_header (parse, "List-Help")
         || has_header (parse, "List-Owner") || has_header (parse, "X-Mailing-List")
         || has_header (parse, "X-Loop-List") || header_is (parse, "Precedence", "list");
}

static bool
is_bulk (Parse *parse)
{
  return header_is (parse, "Precedence", "bulk") || header_is (parse, "Precedence", "junk");
}

static const struct {
  bool (*test) (Parse *parse);
  MessageMachine machine;
  const char *why;
} rows[] = {
  { is_feedback_report, MACHINE_FEEDBACK_REPORT, "multipart/report; report-type=feedback-report (RFC 5965)" },
  { is_jmrp_report, MACHINE_FEEDBACK_REPORT, "a complaint that Outlook.com passes on" },
  { is_ses_complaint, MACHINE_FEEDBACK_REPORT, "a complaint that Amazon SES passes on" },
  { is_ses_report, MACHINE_DELIVERY_REPORT, "a notification of Amazon SES" },
  { is_read_receipt, MACHINE_READ_RECEIPT, "multipart/report; report-type=disposition-notification (RFC 8098)" },
  { is_delivery_report, MACHINE_DELIVERY_REPORT, "multipart/report; report-type=delivery-status (RFC 3464)" },
  { has_failed_recipients, MACHINE_DELIVERY_REPORT, "X-Failed-Recipients" },
  { is_reaction, MACHINE_REACTION, "Content-Disposition: reaction (RFC 9078), or nothing but the words for one" },
  { has_vacation_header, MACHINE_AUTO_REPLY, "a header of an automatic answer" },
  { is_exchange_out_of_office, MACHINE_AUTO_REPLY, "a header of Exchange's out-of-office answer" },
  { is_free_form_report, MACHINE_DELIVERY_REPORT, "a mail system's own report of failed recipients" },
  { is_auto_submitted, MACHINE_AUTO_REPLY, "Auto-Submitted is not \"no\" (RFC 3834)" },
  { has_vacation_subject, MACHINE_AUTO_REPLY, "a subject of automatic answers" },
  { is_calendar_answer, MACHINE_CALENDAR, "text/calendar with the method for answers (RFC 6047)" },
  { is_invitation, MACHINE_INVITATION, "text/calendar with a method for invitations (RFC 6047)" },
  { is_list_mail, MACHINE_LIST, "List-* or Precedence: list (RFC 2369, 2919)" },
  { is_bulk, MACHINE_LIST, "Precedence: bulk or junk" },
  { has_null_sender, MACHINE_AUTO_REPLY, "Return-Path: <> (RFC 3834)" },
};

void
machine_facts (Parse *parse)
{
  Message *m = parse->message;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (!rows[i].test (parse))
        continue;
      m->machine = rows[i].machine;
      g_free (m->machine_why);
      m->machine_why = g_strdup (rows[i].why);
      break;
    }
  if (m->machine == MACHINE_DELIVERY_REPORT && m->reports->len == 0)
    report_facts (parse, true);
  else if (m->machine != MACHINE_DELIVERY_REPORT && m->machine != MACHINE_FEEDBACK_REPORT)
    g_ptr_array_set_size (m->reports, 0);
  if (m->machine == MACHINE_FEEDBACK_REPORT && m->reports->len == 0)
    report_feedback (parse);
  else if (m->machine == MACHINE_AUTO_REPLY && is_absence (parse))
    report_absence (parse);
}
