/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a message is: each test of the table, the order they stand in, subject tags, the
 * definition's own rules.
 */
#include "triage/triage.h"

#include "lib/lab.h"
#include "lib/office.h"

#define FORM "Organization: A\nContact email: a@b.example\nContact phone: 555 555 5555\n"
#define BLANK "Organization:\nContact email:\nContact phone:\n"

static Program *program;

/* One line a message.  CASES: how many open cases the sender's organization has (1, 2, ...). */
static const struct {
  const char *name;
  Who who;
  MessageMachine machine;
  bool forged;
  gint64 token, thread, tag;
  bool tagged;
  int cases;
  bool support;
  const char *subject, *text;
  TriageIntent intent;
  gint64 case_id;
  const char *rule;
} rows[] = {
  { "our own mail", WHO_OWN, 0, 0, 1, 0, 0, 0, 0, 0, "", FORM, INTENT_IGNORE, 0, "own mail" },
  { "a delivery report", WHO_NOBODY, MACHINE_DELIVERY_REPORT, 0, 1, 0, 0, 0, 0, 0, "", "", INTENT_REPORT, 0, "delivery report" },
  { "an auto-reply in a case", WHO_MEMBER, MACHINE_AUTO_REPLY, 0, 0, 1, 0, 0, 1, 0, "", "", INTENT_IGNORE, 1, "machine" },
  { "an auto-reply of staff", WHO_STAFF, MACHINE_AUTO_REPLY, 0, 1, 0, 0, 0, 0, 0, "", "/decide approve", INTENT_IGNORE, 1, "machine" },
  { "a list", WHO_STRANGER, MACHINE_LIST, 0, 0, 0, 0, 0, 0, 0, "we want to apply", "", INTENT_IGNORE, 0, "machine" },
  { "a calendar invitation", WHO_STRANGER, MACHINE_CALENDAR, 0, 0, 0, 0, 0, 0, 0, "", "", INTENT_IGNORE, 0, "machine" },
  { "nobody", WHO_NOBODY, 0, 0, 0, 0, 0, 0, 0, 0, "we want to apply", "", INTENT_HOLD, 0, "no sender" },
  { "forged staff", WHO_STAFF, 0, true, 1, 0, 0, 0, 0, 0, "", "/decide approve", INTENT_HOLD, 0, "forged" },
  { "a forged contact", WHO_MEMBER, 0, true, 1, 0, 0, 0, 1, 0, "", "", INTENT_HOLD, 0, "forged" },
  { "staff in a thread", WHO_STAFF, 0, 0, 0, 2, 0, 0, 0, 0, "", "", INTENT_COMMAND, 2, "staff in a case" },
  { "staff by a tag", WHO_STAFF, 0, 0, 0, 0, 3, true, 0, 0, "", "", INTENT_COMMAND, 3, "staff in a case" },
  { "staff with a tag of no case", WHO_STAFF, 0, 0, 0, 0, 0, true, 0, 0, "", "", INTENT_STAFF, 0, "staff" },
  { "staff and a form", WHO_STAFF, 0, 0, 0, 0, 0, 0, 0, 0, "", FORM, INTENT_STAFF, 0, "staff" },
  { "proof before mention", WHO_STAFF, 0, 0, 1, 2, 3, true, 0, 0, "", "", INTENT_COMMAND, 1, "staff in a case" },
  { "the thread before the tag", WHO_MEMBER, 0, 0, 0, 2, 1, true, 3, 0, "", "", INTENT_SUBMISSION, 2, "contact in a case" },
  { "a contact in the thread", WHO_MEMBER, 0, 0, 0, 1, 0, 0, 1, 0, "", "", INTENT_SUBMISSION, 1, "contact in a case" },
  { "a contact with the number", WHO_MEMBER, 0, 0, 0, 0, 2, true, 2, 0, "", "", INTENT_SUBMISSION, 2, "contact in a case" },
  { "a contact in a support thread", WHO_MEMBER, 0, 0, 0, 1, 0, 0, 1, true, "", "", INTENT_SUBMISSION, 1, "contact in a case" },
  { "a contact of another case", WHO_MEMBER, 0, 0, 0, 0, 9, true, 1, 0, "", "", INTENT_HOLD, 0, "stranger to a case" },
  { "a stranger with a number", WHO_STRANGER, 0, 0, 0, 0, 1, true, 0, 0, "we want to apply", FORM, INTENT_HOLD, 0, "stranger to a case" },
  { "a stranger with a number of no case", WHO_STRANGER, 0, 0, 0, 0, 0, true, 0, 0, "", FORM, INTENT_HOLD, 0, "stranger to a case" },
  { "a stranger in a thread", WHO_STRANGER, 0, 0, 0, 1, 0, 0, 0, 0, "", "", INTENT_HOLD, 0, "stranger to a case" },
  { "a stranger's form", WHO_STRANGER, 0, 0, 0, 0, 0, 0, 0, 0, "", FORM, INTENT_FORM, 0, "form" },
  { "a contact's form", WHO_MEMBER, 0, 0, 0, 0, 0, 0, 1, 0, "", FORM, INTENT_FORM, 0, "form" },
  { "a blank form is no form", WHO_STRANGER, 0, 0, 0, 0, 0, 0, 0, 0, "how to apply", BLANK, INTENT_RULE, 0, "apply" },
  { "a contact with one case", WHO_MEMBER, 0, 0, 0, 0, 0, 0, 1, 0, "", "", INTENT_SUBMISSION, 1, "contact with one case" },
  { "a contact with two cases", WHO_MEMBER, 0, 0, 0, 0, 0, 0, 2, 0, "", "", INTENT_HOLD, 0, "nothing fits" },
  { "a contact with none open", WHO_MEMBER, 0, 0, 0, 0, 0, 0, 0, 0, "", "", INTENT_HOLD, 0, "nothing fits" },
  { "a contact who writes to support", WHO_MEMBER, 0, 0, 0, 0, 0, 0, 1, true, "", "", INTENT_RULE, 0, "support" },
  { "support before what anybody asks", WHO_STRANGER, 0, 0, 0, 0, 0, 0, 0, true, "how to apply", "", INTENT_RULE, 0, "support" },
  { "a records request to support", WHO_STRANGER, 0, 0, 0, 0, 0, 0, 0, true, "FOIA", "", INTENT_RULE, 0, "legal-press" },
  { "a privacy concern to support", WHO_STRANGER, 0, 0, 0, 0, 0, 0, 0, true, "privacy concern", "", INTENT_RULE, 0, "privacy-concern" },
  { "a contact's records request", WHO_MEMBER, 0, 0, 0, 0, 0, 0, 1, 0, "FOIA", "", INTENT_RULE, 0, "legal-press" },
  { "a records request with a number", WHO_STRANGER, 0, 0, 0, 0, 1, true, 0, 0, "FOIA", "STATUS", INTENT_RULE, 0, "legal-press" },
  { "a contact's request for their data", WHO_MEMBER, 0, 0, 0, 1, 0, 0, 1, 0, "", " My data! ", INTENT_RULE, 0, "my-data" },
  { "the same in an empty message's subject", WHO_MEMBER, 0, 0, 0, 0, 0, 0, 2, true, "MY DATA", "", INTENT_RULE, 0, "my-data" },
  { "words that do not stand alone", WHO_MEMBER, 0, 0, 0, 1, 0, 0, 1, 0, "", "My data is wrong.", INTENT_SUBMISSION, 1, "contact in a case" },
  { "a stranger's request for their data", WHO_STRANGER, 0, 0, 0, 0, 0, 0, 0, 0, "", "my data", INTENT_RULE, 0, "my-data-of-a-stranger" },
  { "words in the text", WHO_STRANGER, 0, 0, 0, 0, 0, 0, 0, 0, "Hello", "We WANT to Apply.", INTENT_RULE, 0, "apply" },
  { "words in the subject", WHO_STRANGER, 0, 0, 0, 0, 0, 0, 0, 0, "Registration", "", INTENT_RULE, 0, "apply" },
  { "a subject's word in the text", WHO_STRANGER, 0, 0, 0, 0, 0, 0, 0, 0, "", "registration", INTENT_RULE, 0, "anything-else" },
  { "the first rule that fits", WHO_STRANGER, 0, 0, 0, 0, 0, 0, 0, 0, "we want to apply", "a privacy concern", INTENT_RULE, 0, "privacy-concern" },
  { "none of them", WHO_STRANGER, 0, 0, 0, 0, 0, 0, 0, 0, "Hello", "there", INTENT_RULE, 0, "anything-else" },
};

static void
the_most_certain_test_decides (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Message) m = office_mail ("a@b.example", rows[i].subject, rows[i].text);
      g_autoptr (GArray) cases = g_array_new (FALSE, FALSE, sizeof (gint64));
      Identity id = { .who = rows[i].who,
                      .address = (char *) "a@b.example",
                      .forged = rows[i].forged };

      m->machine = rows[i].machine;
      for (gint64 n = 1; n <= rows[i].cases; n++)
        g_array_append_val (cases, n);
      TriageFacts facts = { .program = program,
                            .message = m,
                            .identity = &id,
                            .mailbox = rows[i].support ? "support" : "program",
                            .token_case = rows[i].token,
                            .thread_case = rows[i].thread,
                            .tag_case = rows[i].tag,
                            .tag = rows[i].tagged,
                            .member_cases = cases,
                            .member_all = cases,
                            .support = rows[i].support };
      g_autoptr (Decision) d = triage_decide (&facts);

      g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (d->rule, ==, rows[i].rule);
      g_assert_cmpint (d->intent, ==, rows[i].intent);
      g_assert_cmpint (d->case_id, ==, rows[i].case_id);
      g_assert_true ((d->reading != NULL) == (rows[i].intent == INTENT_FORM));
      g_assert_true ((d->data != NULL) == (rows[i].intent == INTENT_RULE));
      if (rows[i].intent == INTENT_HOLD)
        g_assert_nonnull (d->reason);
      const char *last = d->trail->pdata[d->trail->len - 1];
      g_assert_true (g_str_has_suffix (last, ": yes"));
      for (guint t = 0; t + 1 < d->trail->len; t++)
        g_assert_true (g_str_has_suffix (d->trail->pdata[t],
                                         rows[i].intent == INTENT_RULE
                                             && g_str_has_prefix (d->trail->pdata[t], "rule ")
                                             && t + 2 == d->trail->len
                                           ? ": yes"
                                           : ": no"));
    }
}

/* It is no proof, and goes along when somebody forwards a mail. */
static void
a_conversation_is_followed_by_those_who_belong_to_it (void)
{
  static const struct {
    const char *name;
    Who who;
    gint64 tag, conversation;
    TriageIntent intent;
    gint64 case_id;
  } mails[] = {
    { "one of several cases", WHO_MEMBER, 0, 2, INTENT_SUBMISSION, 2 },
    { "a number says more", WHO_MEMBER, 1, 2, INTENT_SUBMISSION, 1 },
    { "somebody else's case", WHO_MEMBER, 0, 9, INTENT_HOLD, 0 },
    { "staff", WHO_STAFF, 0, 9, INTENT_COMMAND, 9 },
    { "a stranger to whom it was forwarded", WHO_STRANGER, 0, 9, INTENT_RULE, 0 },
  };
  g_autoptr (GArray) cases = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (gint64 n = 1; n <= 2; n++)
    g_array_append_val (cases, n);
  for (guint i = 0; i < G_N_ELEMENTS (mails); i++)
    {
      g_autoptr (Message) m = office_mail ("a@b.example", "Hello", "there");
      Identity id = { .who = mails[i].who, .address = (char *) "a@b.example" };
      TriageFacts facts = { .program = program,
                            .message = m,
                            .identity = &id,
                            .mailbox = "program",
                            .tag_case = mails[i].tag,
                            .tag = mails[i].tag != 0,
                            .conversation_case = mails[i].conversation,
                            .member_cases = cases,
                            .member_all = cases };
      g_autoptr (Decision) d = triage_decide (&facts);

      g_test_message ("%s", mails[i].name);
      g_assert_cmpint (d->intent, ==, mails[i].intent);
      g_assert_cmpint (d->case_id, ==, mails[i].case_id);
    }
}

static void
a_subjects_tag_is_a_number_of_the_program (void)
{
  static const struct { const char *subject, *want; } tags[] = {
    { "[APP-2026-0001] Documents", "APP-2026-0001" }, { "Re: [app-2026-0001] x", "APP-2026-0001" },
    { "AW: APP-2026-12345", "APP-2026-12345" },       { "RE: RE: (APP-2026-0001)", "APP-2026-0001" },
    { "INV-2026-0001, APP-2026-0002", "APP-2026-0002" }, { "APP-2026-0001 and APP-2026-0002", "APP-2026-0001" },
    { "APP-2026-001", NULL },                         { "APP-26-0001", NULL },
    { "XAPP-2026-0001", NULL },                       { "APP 2026 0001", NULL },
    { "INV-2026-0001", NULL },                        { "", NULL },
    { "APP-2026-0001x", NULL },                       { "\303\234 APP-2026-0001 \342\202\254", "APP-2026-0001" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      g_autofree char *tag = triage_subject_tag (program, tags[i].subject);

      g_test_message ("%s", tags[i].subject);
      g_assert_cmpstr (tag, ==, tags[i].want);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  program = lab_program ();
  g_test_add_func ("/triage/most-certain-first", the_most_certain_test_decides);
  g_test_add_func ("/triage/conversation", a_conversation_is_followed_by_those_who_belong_to_it);
  g_test_add_func ("/triage/subject-tag", a_subjects_tag_is_a_number_of_the_program);
  int result = g_test_run ();
  program_free (program);
  return result;
}
