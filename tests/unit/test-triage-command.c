/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What staff write: every command in its right and wrong forms, with and without words.
 */
#include "triage/triage-command.h"

#include <string.h>

static Calendar *calendar;

/* One line each: what is written, and what the only command in it says; ERROR: a part of why it is
 * refused. */
static const struct { const char *text, *event, *element, *value, *words, *error; } rows[] = {
  { "/finding 1.2 met", "finding", "1.2", "met", NULL, NULL },
  { "  /Finding  1.2\tMET  ", "finding", "1.2", "met", NULL, NULL },
  { "/finding 1.2 met\nThe budget\nhas it.", "finding", "1.2", "met", "The budget\nhas it.", NULL },
  { "/finding 1.2", NULL, NULL, NULL, NULL, "one finding (/finding ELEMENT FINDING)" },
  { "/finding 1.2 not met", NULL, NULL, NULL, NULL, "one finding" },
  { "/clarify 1.3\nSince when?", "clarify", "1.3", NULL, "Since when?", NULL },
  { "/clarify 1.3 due 10bd\nSince when?", "clarify", "1.3", NULL, "Since when?", NULL },
  { "/clarify 1.3 by 10 business days\nSince when?", "clarify", "1.3", NULL, "Since when?", NULL },
  { "/clarify 1.3 due 2026-12-04\n\nSince when?\n\n", "clarify", "1.3", NULL, "Since when?", NULL },
  { "/clarify 1.3", NULL, NULL, NULL, NULL, "needs the question" },
  { "/clarify 1.3\n \n", NULL, NULL, NULL, NULL, "needs the question" },
  { "/clarify\nSince when?", NULL, NULL, NULL, NULL, "write the element" },
  { "/clarify 1.3 due\nx", NULL, NULL, NULL, NULL, "write a time after 'due'" },
  { "/clarify 1.3 due soon\nx", NULL, NULL, NULL, NULL, "'soon' is not a time" },
  { "/clarify 1.3 due -5bd\nx", NULL, NULL, NULL, NULL, "must lie ahead" },
  { "/clarify 1.3 Since when?", NULL, NULL, NULL, NULL, "only 'due' and a time" },
  { "/extend 1.3 5bd", "extend", "1.3", NULL, NULL, NULL },
  { "/extend 1.3 December 4, 2026", "extend", "1.3", NULL, NULL, NULL },
  { "/extend 1.3", NULL, NULL, NULL, NULL, "by how long" },
  { "/extend 1.3 0d", NULL, NULL, NULL, NULL, "must lie ahead" },
  { "/extend 1.3 02/30/2026", NULL, NULL, NULL, NULL, "is not a time" },
  { "/assign Anna@office.example", "assign", NULL, "anna@office.example", NULL, NULL },
  { "/assign", NULL, NULL, NULL, NULL, "one address" },
  { "/assign anna please", NULL, NULL, NULL, NULL, "one address" },
  { "/assign anna\nplease", NULL, NULL, NULL, NULL, "takes no text below it" },
  { "/note", "note", NULL, NULL, NULL, NULL },
  { "/note called Ada\nat noon", "note", NULL, NULL, "called Ada\nat noon", NULL },
  { "/remind 10bd ask Ada\nfor the budget", "remind", NULL, NULL, "ask Ada\nfor the budget", NULL },
  { "/remind December 4, 2026 ask Ada", "remind", NULL, NULL, "ask Ada", NULL },
  { "/remind 2 weeks", "remind", NULL, NULL, NULL, NULL },
  { "/remind OFF", "remind", NULL, "off", NULL, NULL },
  { "/remind off please", NULL, NULL, NULL, NULL, "write when" },
  { "/remind", NULL, NULL, NULL, NULL, "write when" },
  { "/remind -3d", NULL, NULL, NULL, NULL, "must lie ahead" },
  { "/remind soon", NULL, NULL, NULL, NULL, "write when" },
  { "/link inq-2026-0004", "link", NULL, NULL, NULL, NULL },
  { "/link INQ-2026-0004 off", "link", NULL, "off", NULL, NULL },
  { "/link INQ-2026-0004 of", NULL, NULL, NULL, NULL, "the number of the other case" },
  { "/link", NULL, NULL, NULL, NULL, "the number of the other case" },
  { "/close answered\non the phone", "close", NULL, NULL, "answered\non the phone", NULL },
  { "/search budget of acme", "search", NULL, "budget of acme", NULL, NULL },
  { "/search", NULL, NULL, NULL, NULL, "write the words" },
  { "/merge app-2026-0001", "merge", NULL, NULL, NULL, NULL },
  { "/merge APP-2026-0001 off", NULL, NULL, NULL, NULL, "the number of the case that goes on" },
  { "/on-behalf-of Jane@Acme.example\nShe called.", "on-behalf-of", NULL, "jane@acme.example", "She called.", NULL },
  { "/on-behalf-of Jane", NULL, NULL, NULL, NULL, "the address of a contact" },
  { "/split", "split", NULL, NULL, NULL, NULL },
  { "/split Complaint\nThey quote us.", "split", NULL, "complaint", "They quote us.", NULL },
  { "/split a b", NULL, NULL, NULL, NULL, "the kind of case alone" },
  { "/split change: letter.pdf, list of measures.xlsx\nThe second matter.", "split", NULL, "change", "The second matter.", NULL },
  { "/split change:", NULL, NULL, NULL, NULL, "the names of the files" },
  { "/split a b: letter.pdf", NULL, NULL, NULL, NULL, "the kind of case alone" },
  { "/ask-contact Jim@Acme.example Jim Doe", "ask-contact", "jim@acme.example", "Jim Doe", NULL, NULL },
  { "/ask-contact jim@acme.example", "ask-contact", "jim@acme.example", "", NULL, NULL },
  { "/ask-contact Jim", NULL, NULL, NULL, NULL, "write an address" },
  { "/clsoe", NULL, NULL, NULL, NULL, "did you mean '/close'?" },
  { "/asign anna", NULL, NULL, NULL, NULL, "did you mean '/assign'?" },
  { "/recommend Approve", "recommend approve", NULL, "approve", NULL, NULL },
  { "/recommend", NULL, NULL, NULL, NULL, "one word" },
  { "/decide approve-conditional\nBecause.", "decide approve-conditional", NULL, "approve-conditional", "Because.", NULL },
  { "/decide approve now", NULL, NULL, NULL, NULL, "one word" },
  { "/party Bolt Analytics access data analytics", "party", "access", "Bolt Analytics", "data analytics", NULL },
  { "/party Bolt NO-ACCESS from 2026-12-01", "party", "no-access", "Bolt", NULL, NULL },
  { "/party Bolt access from soon", NULL, NULL, NULL, NULL, "after 'from' stands a date" },
  { "/party Bolt access until", NULL, NULL, NULL, NULL, "after 'until' stands a date" },
  { "/party End Point access", "party", "access", "End Point", NULL, NULL },
  { "/party end Bolt Analytics 2027-06-30", "party", "end", "Bolt Analytics", NULL, NULL },
  { "/party end Bolt", "party", "end", "Bolt", NULL, NULL },
  { "/party end", NULL, NULL, NULL, NULL, "then its last day" },
  { "/party Bolt", NULL, NULL, NULL, NULL, "then access or no-access" },
  { "/mark signed 2026-12-04 of Bolt Analytics", "mark signed", NULL, "signed", NULL, NULL },
  { "/mark signed of Bolt", "mark signed", NULL, "signed", NULL, NULL },
  { "/mark signed of", NULL, NULL, NULL, NULL, "organization's name after 'of'" },
  { "/mark signed someday of Bolt", NULL, NULL, NULL, NULL, "'someday' is not a date" },
  { "/status", "status", NULL, NULL, NULL, NULL },
  { "/status now", NULL, NULL, NULL, NULL, "nothing can stand after it" },
  { "/roster add Ann@office.example Ann Author reviewer", "roster", "ann@office.example", "add", "Ann Author reviewer", NULL },
  { "/roster leave ann@office.example", "roster", "ann@office.example", "leave", NULL, NULL },
  { "/office Program@Office.example", "office", NULL, "program@office.example", NULL, NULL },
  { "/office", NULL, NULL, NULL, NULL, "write the address of the office" },
  { "/office program@", NULL, NULL, NULL, NULL, "write the address of the office" },
  { "/away 2026-12-01 until 2026-12-11 deputy robin", "away", NULL, NULL, "robin", NULL },
  { "/away from December 1, 2026 to 12/11/2026 deputy: Robin@Office.example", "away", NULL, NULL, "robin@office.example", NULL },
  { "/away 2026-12-01 2026-12-11", "away", NULL, NULL, NULL, NULL },
  { "/away until 2026-12-11", "away", NULL, NULL, NULL, NULL },
  { "/away", NULL, NULL, NULL, NULL, "after 'until'" },
  { "/away until soon", NULL, NULL, NULL, NULL, "'soon' is not a date" },
  { "/away until 2026-12-11 deputy", NULL, NULL, NULL, NULL, "one person of the office" },
  { "/roster away ann@office.example until 2026-12-11 robin@office.example", "roster", "ann@office.example", "away", "robin@office.example", NULL },
  { "/help", "help", NULL, NULL, NULL, NULL },
  { "/frobnicate", NULL, NULL, NULL, NULL, "there is no command '/frobnicate'" },
  { "/", NULL, NULL, NULL, NULL, "there is no command" },
  { "//note x", NULL, NULL, NULL, NULL, "there is no command" },
  { "/ decide approve", "decide approve", NULL, "approve", NULL, NULL },
  { "/1.2 met", NULL, NULL, NULL, NULL, "there is no command '/1.2'" },
  { "/\303\274ber", NULL, NULL, NULL, NULL, "there is no command" },
  { "finding 1.2 met", NULL, NULL, NULL, NULL, "without its '/'" },
  { "\n\nDecide approve\nThank you", NULL, NULL, NULL, NULL, "without its '/'" },
  { "\\decide approve", NULL, NULL, NULL, NULL, "commands begin with '/'" },
  { "!note x", NULL, NULL, NULL, NULL, "commands begin with '/'" },
  { ":help", NULL, NULL, NULL, NULL, "commands begin with '/'" },
};

static void
each_command_is_read_or_refused_with_its_right_form (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (CommandReading) reading = commands_read (rows[i].text, calendar);

      g_test_message ("%s", rows[i].text);
      g_assert_cmpuint (reading->commands->len, ==, 1);
      const Command *c = reading->commands->pdata[0];
      g_assert_true (reading->refused == (rows[i].error != NULL));
      g_assert_cmpstr (reading->words, ==, "");
      if (rows[i].error != NULL)
        {
          g_assert_nonnull (c->error);
          g_assert_nonnull (strstr (c->error, rows[i].error));
          continue;
        }
      g_assert_cmpstr (c->error, ==, NULL);
      g_assert_cmpstr (c->event, ==, rows[i].event);
      g_assert_cmpstr (c->element, ==, rows[i].element);
      g_assert_cmpstr (c->value, ==, rows[i].value);
      g_assert_cmpstr (c->text, ==, rows[i].words);
    }
}

static void
due_dates_are_spans_or_the_close_of_a_day (void)
{
  g_autoptr (CommandReading) span = commands_read ("/extend 1.3 2 weeks", calendar);
  g_autoptr (CommandReading) date = commands_read ("/extend 1.3 2026-12-04", calendar);
  const Command *a = span->commands->pdata[0], *b = date->commands->pdata[0];

  g_assert_true (a->has_span && a->due == 0);
  g_assert_cmpint (a->span.n, ==, 14);
  g_assert_cmpint (a->span.unit, ==, SPAN_DAYS);
  g_assert_false (b->has_span);
  g_assert_cmpint (b->due, ==, calendar_close_of (calendar, 2026, 12, 4));
}

static void
parties_and_their_days_are_read (void)
{
  g_autoptr (CommandReading) mark =
    commands_read ("/mark signed 2026-12-04 of Bolt Analytics", calendar);
  g_autoptr (CommandReading) party =
    commands_read ("/party Bolt access from 2026-12-01 until December 4, 2027 analytics", calendar);
  g_autoptr (CommandReading) end = commands_read ("/party end Bolt 2027-06-30", calendar);
  const Command *a = mark->commands->pdata[0], *b = party->commands->pdata[0],
                *c = end->commands->pdata[0];

  g_assert_cmpstr (a->party, ==, "Bolt Analytics");
  g_assert_cmpint (a->date, ==, calendar_close_of (calendar, 2026, 12, 4));
  g_assert_cmpstr (b->since, ==, "2026-12-01");
  g_assert_cmpstr (b->error, !=, NULL); /* a day is one word */
  g_assert_cmpstr (c->until, ==, "2027-06-30");
}

static const struct { const char *name, *text, *words; guint commands; bool refused; } mails[] = {
  { "words alone are for the applicant", "Dear Ada,\n\nthank you.", "Dear Ada,\n\nthank you.", 0, false },
  { "words before commands are for the applicant", "Thank you.\n\n/note x\n/finding 1.2 met", "Thank you.", 2, false },
  { "words below a command are its own", "/note\nThank you.", "", 1, false },
  { "one wrong command refuses the mail", "Thank you.\n/finding 1.2 met\n/nonsense", "Thank you.", 2, true },
  { "a slash inside words is none", "See and/or 1/2.\nA/B", "See and/or 1/2.\nA/B", 0, false },
  { "a slash and a number later in the text is none", "Pages:\n/2 of 5", "Pages:\n/2 of 5", 0, false },
  { "a slash, a space and a command later is one", "Thank you.\n/ decide approve", "Thank you.", 1, false },
  { "a command's name may begin a sentence", "Note that the budget of 2026 is not complete yet.",
    "Note that the budget of 2026 is not complete yet.", 0, false },
  { "a command's name later in the text is a word", "Dear Ada,\ndecide approve", "Dear Ada,\ndecide approve", 0, false },
  { "nothing at all", "", "", 0, false },
  { "white space", " \n\t\n", "", 0, false },
  { "quotation marks make no command", "> /decide approve", "> /decide approve", 0, false },
};

static void
a_mail_is_cut_into_words_and_commands (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (mails); i++)
    {
      g_autoptr (CommandReading) reading = commands_read (mails[i].text, calendar);

      g_test_message ("%s", mails[i].name);
      g_assert_cmpstr (reading->words, ==, mails[i].words);
      g_assert_cmpuint (reading->commands->len, ==, mails[i].commands);
      g_assert_true (reading->refused == mails[i].refused);
    }
}

static void
every_command_has_help_and_its_syntax_is_one (void)
{
  for (const CommandHelp *help = command_help (); help->name != NULL; help++)
    {
      g_autofree char *form = g_strdup_printf ("/%s", help->name);

      g_assert_true (g_str_has_prefix (help->syntax, form));
      g_assert_cmpstr (help->help, !=, "");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  calendar = calendar_new ("America/New_York", 9 * 60, 17 * 60, NULL);
  g_test_add_func ("/triage-command/each-command",
                   each_command_is_read_or_refused_with_its_right_form);
  g_test_add_func ("/triage-command/due-dates", due_dates_are_spans_or_the_close_of_a_day);
  g_test_add_func ("/triage-command/parties-and-their-days-are-read",
                   parties_and_their_days_are_read);
  g_test_add_func ("/triage-command/words-and-commands", a_mail_is_cut_into_words_and_commands);
  g_test_add_func ("/triage-command/help", every_command_has_help_and_its_syntax_is_one);
  int result = g_test_run ();
  calendar_free (calendar);
  return result;
}
