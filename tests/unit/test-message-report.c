/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

static Message *
parse (const char *text)
{
  return message_parse_bytes ((const guint8 *) text, strlen (text), NULL);
}

static const MessageReport *
report (const Message *m, guint i)
{
  g_assert_cmpuint (m->reports->len, >, i);
  return g_ptr_array_index (m->reports, i);
}

static void
check_table (const ReportWords *rows, guint n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < n; i++)
    {
      g_auto (GStrv) phrases = g_strsplit (rows[i].phrases, "|", -1);

      g_test_message ("%s: %s", rows[i].reason, rows[i].phrases);
      g_assert_cmpuint (strlen (rows[i].reason), >, 0);
      for (guint k = 0; phrases[k] != NULL; k++)
        {
          g_autofree char *low = g_utf8_strdown (phrases[k], -1);

          g_test_message ("%s", phrases[k]);
          g_assert_cmpuint (strlen (phrases[k]), >, 2);
          g_assert_cmpstr (phrases[k], ==, low);
          g_assert_false (g_str_has_prefix (low, "*") || g_str_has_suffix (low, "*")
                          || g_str_has_prefix (low, " "));
          g_assert_true (g_hash_table_add (seen, g_steal_pointer (&low)));
        }
    }
}

static void
no_phrase_stands_twice (void)
{
  check_table (report_words_strong, report_words_strong_n);
  check_table (report_words_weak, report_words_weak_n);
}

static void
a_reason_is_what_is_said_then_the_number_then_the_step (void)
{
  static const struct {
    const char *name, *status, *answer, *words, *want;
  } rows[] = {
    { "said", "5.0.0", "550 <a@b.org>: User unknown", "in reply to RCPT TO command", "userunknown" },
    { "said, and nobody knows when", "5.0.0", "550 <a@b.org>: User unknown", "", "filtered" },
    { "said, with a number for it", "5.1.0", "550 5.1.0 <a@b.org>: User unknown", "", "userunknown" },
    { "said by an SMTP server", "5.0.0", "smtp; 550 there is no such user", "", "filtered" },
    { "known to the reporter", "5.0.0", "X-Directory; no such user in our directory", "", "userunknown" },
    { "known to the reporter in words", "", "", "There is no such user here.", "userunknown" },
    { "repeated by the reporter", "", "", "a@b.org [User unknown]", "filtered" },
    { "a line breaks in the step", "5.0.0", "550 no such user", "(in reply to\n    RCPT TO\n command)", "userunknown" },
    { "the step in brackets", "5.2.1", "550 5.2.1 no such user", "550 5.2.1 no such user\n[RCPT_TO]", "userunknown" },
    { "the step before a host", "5.3.0", "553 5.3.0 no such user", "SMTP:RCPT host 192.0.2.9: 553 5.3.0 no such user", "userunknown" },
    { "a rejected address", "5.0.0", "smtp;550 no such user", "Reason: Remote SMTP server has rejected address", "userunknown" },
    { "a failed transmission", "5.0.0", "smtp;550 no such user", "Reason: SMTP transmission failure has occurred", "filtered" },
    { "the directory at the edge", "5.4.1", "550 5.4.1 Recipient address rejected: Access denied", "", "userunknown" },
    { "an address is no word", "5.1.1", "550 5.1.1 <mailbox.full@virus.org>... nobody", "", "userunknown" },
    { "said beats the number", "5.1.1", "550 5.1.1 <a@b.org> Mailbox full", "", "mailboxfull" },
    { "only the number", "5.2.2", "550 5.2.2 <a@b.org> zzz", "", "mailboxfull" },
    { "a gap", "", "550 user a@b.org at this place is not found", "after RCPT TO:<a@b.org>", "userunknown" },
    { "the gap ends", "",
      "550 user and much more is said here than anybody wants to read, and still more, and then more, not found", "", "onhold" },
    { "lines of one answer", "5.7.1", "550-5.7.1 has a low 550 5.7.1 reputation", "", "badreputation" },
    { "a host is none", "", "550 example.org does not exist", "", "hostunknown" },
    { "the greeting", "4.0.0", "554 no", "refused to talk to me: 554 no", "blocked" },
    { "of the sender", "5.1.8", "553 5.1.8 Domain does not exist", "(in reply to MAIL FROM command)", "rejected" },
    { "after the data", "5.0.0", "550 user unknown", "(in reply to end of DATA command)", "filtered" },
    { "after the data, by number", "5.1.1", "550 5.1.1 user unknown", "(in reply to end of DATA command)", "userunknown" },
    { "limit of a mailbox", "5.2.3", "552 5.2.3 message size exceeds limit", "", "exceedlimit" },
    { "the report's words", "", "", "Their mailbox is full.", "mailboxfull" },
    { "nothing", "", "", "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (
        report_reason (rows[i].status, rows[i].answer, rows[i].words, report_stage (rows[i].words)),
        ==, rows[i].want);
    }
}

static const MessageReport *
report_of_fields (const char *header, const char *message, const char *recipient, Message **m)
{
  g_autofree char *text =
    g_strdup_printf ("Return-Path: <>\nFrom: postmaster@mx.org\nTo: us@office.org\nSubject: "
                     "Report\n%sMIME-Version: 1.0\n"
                     "Content-Type: multipart/report; report-type=delivery-status; "
                     "boundary=b\n\n--b\n\nIt failed.\n\n"
                     "--b\nContent-Type: message/delivery-status\n\n%s\nFinal-Recipient: rfc822; "
                     "one@d.org\nAction: failed\n%s\n--b--\n",
                     header, message, recipient);

  *m = parse (text);
  return report (*m, 0);
}

/* What a system's reports do not say, they imply by what that system is. */
static void
a_system_is_known_by_its_fields (void)
{
  static const struct {
    const char *header, *message, *recipient, *want;
  } rows[] = {
    { "", "Reporting-MTA: dns; mx.org\n", "Status: 5.2.1\nDiagnostic-Code: smtp; 550 5.2.1 no such user\n", "filtered" },
    { "", "Reporting-MTA: dns; mx.org\n", "Status: 5.2.1\nDiagnostic-Code: smtp; 550 5.2.1 no such user\n"
      "X-PowerMTA-BounceCategory: bad-mailbox\n", "userunknown" },
    { "", "Reporting-MTA: dns; mx.org\n", "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no mailbox\n", "userunknown" },
    { "", "Reporting-MTA: dns; inbound-smtp.eu-west-1.amazonaws.com\n", "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no mailbox\n",
      "filtered" },
    { "", "Reporting-MTA: dns; mx.org\n", "Diagnostic-Code: smtp; 550 no such user\n", "filtered" },
    { "X-NAI-Header: Modified by McAfee Gateway\n", "Reporting-MTA: dns; mx.org\n", "Diagnostic-Code: smtp; 550 no such user\n", "userunknown" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Message) m = NULL;
      const MessageReport *r =
        report_of_fields (rows[i].header, rows[i].message, rows[i].recipient, &m);

      g_assert_cmpstr (r->reason, ==, rows[i].want);
      g_assert_true (r->hard == g_str_equal (rows[i].want, "userunknown"));
    }
}

/* Old systems write one transcript of several dialogues. */
static void
a_transcript_is_cut_at_each_recipient (void)
{
  g_autoptr (Message) m = parse (
    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.org\nTo: us@office.org\nSubject: Returned mail\n\n"
    "   ----- Transcript of session follows -----\n"
    "While talking to mx.a.org:\n>>> DATA\n<<< 421 closing\n554 <one@a.org>... Remote protocol "
    "error\n"
    "550 b.org (smtp)... 550 Host unknown\n554 <two@b.org>... 550 Host unknown (Authoritative "
    "answer)\n"
    "While talking to mx.c.org:\n>>> RCPT To:<three@c.org>\n<<< 550 No such user.\n550 "
    "<three@c.org>... User unknown\n"
    "   ----- Unsent message follows -----\nFrom: us@office.org\nTo: one@a.org\n\nHello\n");

  g_assert_cmpuint (m->reports->len, ==, 3);
  g_assert_false (report (m, 0)->hard);
  g_assert_cmpstr (report (m, 1)->reason, ==, "hostunknown");
  g_assert_cmpstr (report (m, 1)->reply_code, ==, "550");
  g_assert_cmpstr (report (m, 2)->reason, ==, "userunknown");
}

static void
nobody_named_is_who_the_mail_below_was_for (void)
{
  g_autoptr (Message) m =
    parse ("Return-Path: <>\nFrom: MAILER-DAEMON@mx.org\nTo: us@office.org\nSubject: Returned "
           "mail: Cannot send message for 4 days\n\n"
           "   ----- Transcript of session follows -----\n421 d.org (smtp)... Deferred: Connection "
           "timed out\n"
           "   ----- Unsent message follows -----\nFrom: us@office.org\nTo: one@d.org\nSubject: "
           "Hello\n\nHello\n");

  g_assert_cmpint (m->machine, ==, MACHINE_DELIVERY_REPORT);
  g_assert_cmpstr (report (m, 0)->recipient, ==, "one@d.org");
  g_assert_cmpstr (report (m, 0)->reason, ==, "expired");
  g_assert_cmpstr (report (m, 0)->reply_code, ==, "421");
}

static void
the_codes_are_the_servers_own (void)
{
  static const struct {
    const char *text, *status, *code;
  } rows[] = {
    { "550 5.1.1 no", "5.1.1", "550" },
    { "5.1.0 - Unknown error 550-'5.7.1 no'", "5.7.1", "550" },
    { "smtp;522 5.2.0 Over quota", "5.2.0", "" },
    { "host 1.2.5.1.1 sent 5500", "", "" },
    { "could not be found (#5.4.4)", "5.4.4", "" },
    { "250 2.1.5 Ok", "2.1.5", "250" },
    { "5", "", "" },
    { "55", "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *status = report_find_status (rows[i].text);
      g_autofree char *code = report_find_reply_code (rows[i].text);

      g_assert_cmpstr (status, ==, rows[i].status);
      g_assert_cmpstr (code, ==, rows[i].code);
    }
}

static void
free_forms_name_each_recipient (void)
{
  g_autoptr (Message) m = parse (
    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.org\nTo: us@office.org\nSubject: failure notice\n\n"
    "Hi. I was not able to deliver your message.\n\n<one@d.org>:\nRemote host said: 550 5.1.1 no "
    "such user\n\n"
    "<two@d.org>:\nRemote host said: 552 5.2.2 over quota\n\n--- Below this line is a copy of the "
    "message.\n\n"
    "To: three@d.org\nMessage-Id:\n <1@office.org>\nSubject: x\n\nMessage-ID: <2@office.org>\n");

  g_assert_cmpint (m->machine, ==, MACHINE_DELIVERY_REPORT);
  g_assert_cmpuint (m->reports->len, ==, 2);
  g_assert_cmpstr (report (m, 0)->recipient, ==, "one@d.org");
  g_assert_cmpstr (report (m, 0)->reason, ==, "userunknown");
  g_assert_true (report (m, 0)->hard);
  g_assert_cmpstr (report (m, 0)->original_message_id, ==, "1@office.org");
  g_assert_cmpstr (report (m, 1)->recipient, ==, "two@d.org");
  g_assert_cmpstr (report (m, 1)->reason, ==, "mailboxfull");
  g_assert_false (report (m, 1)->hard);
}

static void
a_report_without_names_is_about_the_returned_mail (void)
{
  g_autoptr (Message) m = parse (
    "Return-Path: <>\nFrom: postmaster@mx.org\nTo: us@office.org\nSubject: Undeliverable\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYour message was not delivered.\n--b\n"
    "Content-Type: message/rfc822\n\nTo: them@d.org\nMessage-ID: <1@office.org>\n\nx\n--b--\n");

  g_assert_cmpint (m->machine, ==, MACHINE_DELIVERY_REPORT);
  g_assert_cmpstr (report (m, 0)->recipient, ==, "them@d.org");
  g_assert_cmpstr (report (m, 0)->original_message_id, ==, "1@office.org");
}

static void
still_tried_is_not_failed (void)
{
  g_autoptr (Message) m =
    parse ("Return-Path: <>\nFrom: MAILER-DAEMON@mx\nContent-Type: multipart/report; "
           "report-type=delivery-status; boundary=b\n\n"
           "--b\n\nWait.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
           "Final-Recipient: rfc822; a@d.org\nAction: delayed\nStatus: 4.1.1\nDiagnostic-Code: "
           "smtp; 450 4.1.1 user unknown\n\n--b--\n");

  g_assert_cmpstr (report (m, 0)->action, ==, "delayed");
  g_assert_cmpstr (report (m, 0)->reason, ==, "expired");
  g_assert_false (report (m, 0)->hard);
}

static void
who_complained_and_who_is_away_is_said (void)
{
  static const struct {
    const char *mail;
    MessageMachine machine;
    const char *recipient, *reason;
  } rows[] = {
    { "From: fbl@isp.org\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nspam\n--b\n"
      "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: <a@isp.org>\n\n--b--\n",
      MACHINE_FEEDBACK_REPORT, "a@isp.org", "feedback" },
    { "From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\nContent-Type: multipart/mixed; boundary=b\n\n"
      "--b\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: a@hotmail.com\nTo: b@hotmail.com\n\nx\n--b--\n",
      MACHINE_FEEDBACK_REPORT, "a@hotmail.com", "feedback" },
    { "From: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message\n\n"
      "{\"notificationType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":[{\"emailAddr!\n ess\":\"a@d.org\"}]}}\n\n--\nx\n",
      MACHINE_FEEDBACK_REPORT, "a@d.org", "feedback" },
    { "From: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message\n\n{\"notificationType\":\"Bounce\",\"bounce\":"
      "{\"bouncedRecipients\":[{\"emailAddress\":\"a@d.org\",\"action\":\"failed\",\"status\":\"5.1.1\","
      "\"diagnosticCode\":\"smtp; 550 5.1.1 user unknown\"}]}}\n",
      MACHINE_DELIVERY_REPORT, "a@d.org", "userunknown" },
    { "From: a@d.org\nSubject: Automatic reply: x\nReturn-Path: <>\n\nI am away.\n", MACHINE_AUTO_REPLY, "a@d.org", "vacation" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Message) m = parse (rows[i].mail);

      g_test_message ("%s", rows[i].mail);
      g_assert_cmpint (m->machine, ==, rows[i].machine);
      g_assert_cmpuint (m->reports->len, ==, 1);
      g_assert_cmpstr (report (m, 0)->recipient, ==, rows[i].recipient);
      g_assert_cmpstr (report (m, 0)->reason, ==, rows[i].reason);
    }
}

static void
what_people_write_is_no_report (void)
{
  static const char *const mails[] = {
    "From: a@d.org\nReturn-Path: <a@d.org>\nSubject: Undeliverable mail\n\n<b@d.org>: user unknown, what can I do?\n",
    "From: no-reply@sns.amazonaws.com\nSubject: x\n\n{\"notificationType\": 7}\n",
    "From: a@d.org\nSubject: Fwd: Returned mail\n\nBegin forwarded message:\n> <b@d.org>... User unknown\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (mails); i++)
    {
      g_autoptr (Message) m = parse (mails[i]);

      g_assert_cmpint (m->machine, ==, MACHINE_NONE);
      g_assert_cmpuint (m->reports->len, ==, 0);
    }
}

static void
each_reason_has_words_for_people (void)
{
  const ReportWords *const lists[] = { report_words_strong, report_words_weak };
  const guint lengths[] = { report_words_strong_n, report_words_weak_n };

  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = 0; i < lengths[l]; i++)
      {
        const char *reason = lists[l][i].reason;
        bool is_failure =
          !g_str_equal (reason, "delivered") && !g_str_equal (reason, "deliverable");

        if (is_failure && reason[0] != '\0')
          g_assert_cmpstr (message_reason_words (reason), !=, message_reason_words (""));
      }
  g_assert_cmpstr (message_reason_words ("mailboxfull"), ==, "the mailbox is full");
}

static void
what_a_server_says_to_us_means_what_it_means_in_a_report (void)
{
  static const struct {
    const char *name;
    MessageRefusal refusal;
    const char *want;
    bool hard;
  } rows[] = {
    { "nobody has it", { "recipient", 550, "5.1.1", "5.1.1 no such user" }, "userunknown", true },
    { "without a number", { "recipient", 550, "", "user unknown" }, "userunknown", true },
    { "nothing is said, of the recipient", { "recipient", 550, "", "no" }, "userunknown", true },
    { "the domain takes no mail", { "recipient", 556, "5.1.10", "5.1.10 null MX" }, "notaccept", true },
    { "full", { "recipient", 552, "5.2.2", "5.2.2 mailbox full" }, "mailboxfull", false },
    { "full, without a number", { "recipient", 552, "", "Requested mail action aborted: over quota" }, "mailboxfull", false },
    { "full, when all was there", { "data", 552, "5.2.2", "5.2.2 quota exceeded" }, "mailboxfull", false },
    { "spam", { "data", 554, "5.7.1", "5.7.1 message looks like spam" }, "spamdetected", false },
    { "of the sender", { "sender", 550, "5.1.7", "5.1.7 no such user" }, "rejected", false },
    { "a mail too large", { "sender", 552, "5.3.4", "5.3.4 too big" }, "mesgtoobig", false },
    { "our own word, of no address", { "connect", 0, "5.1.3", "not an address that can be sent to" }, "userunknown", true },
    { "nobody was asked", { "connect", 0, "", "cannot read our mail" }, "", false },
    { "an older record", { "", 550, "", "user unknown" }, "filtered", false },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      bool hard;

      g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (message_refusal_reason (&rows[i].refusal, &hard), ==, rows[i].want);
      g_assert_cmpint (hard, ==, rows[i].hard);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/no-phrase-twice", no_phrase_stands_twice);
  g_test_add_func ("/report/reason", a_reason_is_what_is_said_then_the_number_then_the_step);
  g_test_add_func ("/report/codes", the_codes_are_the_servers_own);
  g_test_add_func ("/report/free-form", free_forms_name_each_recipient);
  g_test_add_func ("/report/returned-mail", a_report_without_names_is_about_the_returned_mail);
  g_test_add_func ("/report/still-tried", still_tried_is_not_failed);
  g_test_add_func ("/report/refusal", what_a_server_says_to_us_means_what_it_means_in_a_report);
  g_test_add_func ("/report/others", who_complained_and_who_is_away_is_said);
  g_test_add_func ("/report/people", what_people_write_is_no_report);
  g_test_add_func ("/report/system", a_system_is_known_by_its_fields);
  g_test_add_func ("/report/transcript", a_transcript_is_cut_at_each_recipient);
  g_test_add_func ("/report/words", each_reason_has_words_for_people);
  g_test_add_func ("/report/nobody-named", nobody_named_is_who_the_mail_below_was_for);
  return g_test_run ();
}
