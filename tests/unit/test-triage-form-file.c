/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forms that come as files: the same reading as lines, and a precise answer to everything that is
 * wrong with one.
 */
#include "triage/triage-form-private.h"

#include "base/words.h"
#include "lib/lab.h"

static const char form_text[] =
  "form \"report\" { title = \"Annual report\" edition = \"2027\" blanks = { "
  "\"forms/annual-report.xlsx\" }\n"
  " field \"organization\" { label = \"Organization\" required = true tab = \"Background\" equals "
  "= \"organization\" }\n"
  " field \"year\" { label = \"Report year\" kind = number required = true tab = \"Background\" "
  "equals = \"case report-year\" }\n"
  " field \"claims\" { label = \"Number of claims\" kind = number required = true tab = \"Claims\" "
  "min = 0 }\n"
  " field \"share\" { label = \"Market share\" kind = number tab = \"Claims\" min = 0 max = 100 "
  "hint = \"percent\" }\n"
  " field \"planned\" { label = \"Planned release\" kind = date tab = \"Claims\" not-before = "
  "\"today\" }\n"
  " field \"done\" { label = \"Release finished\" kind = date tab = \"Claims\" not-before = "
  "\"field planned\" }\n"
  " field \"data\" { label = \"Data requested\" tab = \"Claims\" choices = { \"regional\", "
  "\"national\" } }\n"
  " field \"phone\" { label = \"Contact phone\" kind = phone tab = \"Background\" }\n"
  " field \"address\" { label = \"Address\" kind = block tab = \"Background\" }\n"
  " field \"others\" { label = \"Other organizations\" kind = parties tab = \"Background\" } }\n";

static Program *
report_program (void)
{
  g_autofree char *rules = g_strdup_printf (
    "program \"T\" { title = \"T\" time-zone = \"America/New_York\" owner = \"staff\" }\n"
    "role \"client\" { title = \"Client\" kind = outside }\nrole \"staff\" { title = \"Staff\" "
    "kind = staff }\n"
    "edition \"e\" { title = \"E\" findings = { yes } passing = { yes }\n"
    " element \"A\" { title = \"A\" group = \"g\" document \"a\" { title = \"A\" names = { \"a*\" "
    "} } } }\n"
    "case-type \"t\" { title = \"T\" prefix = \"TT\" initial = \"one\" edition = \"e\" state "
    "\"one\" { title = \"One\" final = true } }\n"
    "%s",
    form_text);
  const char *const names[] = { "program.conf", NULL };
  GBytes *bytes[] = { g_bytes_new (rules, strlen (rules)) };
  g_autoptr (GError) error = NULL;
  Program *program = program_read_files (names, bytes, &case_vocabulary, &error);

  g_bytes_unref (bytes[0]);
  g_assert_no_error (error);
  return program;
}

/* --- messages with files --------------------------------------------------------------- */

static Message *
mail_of (const char *text)
{
  Message *m = message_new ();

  g_free (m->text);
  m->text = g_strdup (text);
  return m;
}

static Document *
attach (Message *m, const char *name, DocumentKind kind)
{
  MessagePart *part = g_new0 (MessagePart, 1);

  part->name = g_strdup (name);
  part->document = document_new (kind);
  g_ptr_array_add (m->parts, part);
  return part->document;
}

/* CELLS: "Sheet|label|kind|value" a line, kind one of t n d f e; "Sheet!" begins a hidden sheet. */
static void
fill_sheets (Document *document, const char *cells)
{
  g_auto (GStrv) lines = g_strsplit (cells, "\n", -1);
  DocumentSheet *sheet = NULL;
  guint row = 0;

  for (char **line = lines; *line != NULL && **line != '\0'; line++)
    {
      g_auto (GStrv) parts = g_strsplit (*line, "|", 4);
      DocumentCellKind kind = parts[2][0] == 'n'   ? CELL_NUMBER
                              : parts[2][0] == 'd' ? CELL_DATE
                              : parts[2][0] == 'e' ? CELL_ERROR
                                                   : CELL_TEXT;
      bool hidden = g_str_has_suffix (parts[0], "!");

      if (hidden)
        parts[0][strlen (parts[0]) - 1] = '\0';
      if (sheet == NULL || strcmp (sheet->name, parts[0]) != 0)
        {
          sheet = document_add_sheet (document, parts[0]);
          row = 0;
        }
      sheet->hidden = hidden;
      document_add_cell (sheet, ++row, 1, CELL_TEXT, parts[1]);
      if (parts[3][0] != '\0' || parts[2][0] == 'f')
        document_add_cell (sheet, row, 2, kind, parts[3])->formula = parts[2][0] == 'f';
    }
}

static FormReading *
read_mail (const Program *program, const Message *m, const Case *c)
{
  FormContext context = { lab_time ("2026-11-30T10:00:00-05:00"), program, c, NULL };

  g_autoptr (GPtrArray) words = form_line_words (m->text);

  return form_read_message (program_form (program, "report"), m, words, &context);
}

static Case *
lakeside (void)
{
  Case *c = case_new ();

  g_free (c->organization_name);
  c->organization_name = g_strdup ("Lakeside Health");
  g_hash_table_insert (c->fields, g_strdup ("report-year"), g_strdup ("2027"));
  return c;
}

static void
assert_problems (const FormReading *reading, const char *wanted)
{
  g_autofree char *all = NULL;

  g_ptr_array_add (reading->problems, NULL);
  g_autofree char *said = g_strjoinv ("\n", (char **) reading->problems->pdata);
  all = words_english (said);
  g_ptr_array_set_size (reading->problems, (int) reading->problems->len - 1);
  g_assert_cmpstr (all, ==, wanted);
}

static void
assert_value (const FormReading *reading, const char *name, const char *value)
{
  g_assert_cmpstr (g_hash_table_lookup (reading->values, name), ==, value);
}

/* --- the same reading -------------------------------------------------------------------- */

#define WHOLE                                                                                      \
  "Read me|Form name|t|report\nRead me|Form edition|t|2027\nBackground|Organization:|t|Lakeside "  \
  "Health\n"                                                                                       \
  "Background|Report year|n|2027\nBackground|Contact phone|t|217 555 "                             \
  "0101\nBackground|Address|t|1 Main St\n"                                                         \
  "Claims|Number of claims|n|1234\nClaims|Market share (percent)|n|25%\nClaims|Planned "           \
  "release|d|2027-03-01\n"                                                                         \
  "Claims|Release finished|d|2027-03-02\nClaims|Data requested|t|National\n"

static void
assert_whole (const FormReading *reading)
{
  assert_problems (reading, "");
  g_assert_true (reading->there);
  assert_value (reading, "organization", "Lakeside Health");
  assert_value (reading, "year", "2027");
  assert_value (reading, "claims", "1234");
  assert_value (reading, "share", "25");
  assert_value (reading, "planned", "2027-03-01");
  assert_value (reading, "done", "2027-03-02");
  assert_value (reading, "data", "national");
  assert_value (reading, "phone", "217 555 0101");
  assert_value (reading, "address", "1 Main St");
}

static void
every_way_gives_the_same_reading (void)
{
  static const char lines[] =
    "Organization: Lakeside Health\nReport year: 2027\nNumber of claims: 1,234\nMarket share: 25 "
    "%\n"
    "Planned release: March 1, 2027\nRelease finished: 2027-03-02\nData requested: NATIONAL\n"
    "Contact phone: 217 555 0101\nAddress: 1 Main St\n";
  static const char *const fields[][2] = {
    { "organization", "Lakeside Health" }, { "year", "2027" }, { "claims", "1234" }, { "Market share", "25%" },
    { "planned", "03/01/2027" }, { "done", "2 March 2027" }, { "data", "national" }, { "phone", "217 555 0101" },
    { "address", "1 Main St" }, { "form-name", "report" }, { "form-edition", "2027" }, { "button", "x" },
  };
  g_autoptr (Program) program = report_program ();
  g_autoptr (Case) c = lakeside ();
  g_autoptr (Message) mail = mail_of (lines), pdf = mail_of ("Please find it attached."),
                      book = mail_of ("see file");
  Document *form = attach (pdf, "x.pdf", DOCUMENT_PDF);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    document_add_field (form, fields[i][0], fields[i][1]);
  fill_sheets (attach (book, "x.xlsx", DOCUMENT_WORKBOOK), WHOLE);
  g_autoptr (FormReading) by_lines = read_mail (program, mail, c);
  g_autoptr (FormReading) by_pdf = read_mail (program, pdf, c);
  g_autoptr (FormReading) by_book = read_mail (program, book, c);
  assert_whole (by_lines);
  assert_whole (by_pdf);
  assert_whole (by_book);
}

static void
all_three_together_agree_or_are_shown (void)
{
  g_autoptr (Program) program = report_program ();
  g_autoptr (Case) c = lakeside ();
  g_autoptr (Message) m = mail_of (
    "> Report year: 1999\nReport year: 2027\nNumber of claims: 1,234\nContact phone: 217-555-0101\n"
    "Address: 2 Main St\n");
  Document *pdf = attach (m, "report.pdf", DOCUMENT_PDF);

  document_add_field (pdf, "form-name", "report");
  document_add_field (pdf, "claims", "1300");
  document_add_field (pdf, "address", "1 Main St\n");
  fill_sheets (attach (m, "report.xlsx", DOCUMENT_WORKBOOK), WHOLE);
  g_autoptr (FormReading) reading = read_mail (program, m, c);
  assert_problems (
    reading,
    "Number of claims is \"1234\" in your message and \"1300\" in report.pdf. Which one is right?\n"
    "Address is \"2 Main St\" in your message and \"1 Main St\" in report.pdf. Which one is "
    "right?\n"
    "Address is \"2 Main St\" in your message and \"1 Main St\" in report.xlsx. Which one is "
    "right?");
  assert_value (reading, "claims", NULL);
  assert_value (reading, "address", NULL);
  assert_value (reading, "year", "2027");
  assert_value (reading, "phone", "217-555-0101");
}

/* --- organizations, one a line ---------------------------------------------------------------- */

static void
lines_of_organizations_stay_lines (void)
{
  static const char want[] = "Bolt, Inc.; analytics; yes\nCopper; printing, mailing; no";
  g_autoptr (Program) program = report_program ();
  g_autoptr (Case) c = lakeside ();
  g_autoptr (Message) mail = mail_of (
    "Organization: Lakeside Health\nReport year: 2027\nNumber of claims: 1,234\n"
    "Address: 1 Main St,\nSpringfield\nOther organizations:\n- Bolt, Inc.; analytics; yes\n"
    "- Copper; printing, mailing; no access\n");
  g_autoptr (Message) files = mail_of ("see files");
  Document *pdf = attach (files, "x.pdf", DOCUMENT_PDF);

  document_add_field (pdf, "form-name", "report");
  document_add_field (pdf, "others",
                      "Bolt, Inc.; analytics; access yes\n\nCopper; printing, mailing; n");
  fill_sheets (attach (files, "x.xlsx", DOCUMENT_WORKBOOK),
               "Read me|Form name|t|report\nBackground|Organization|t|Lakeside Health\n"
               "Background|Report year|n|2027\nBackground|Other organizations|t|Bolt, Inc.; "
               "analytics; yes\nClaims|Number of claims|n|1234\n");
  g_autoptr (FormReading) by_lines = read_mail (program, mail, c);
  assert_problems (by_lines, "");
  assert_value (by_lines, "others", want);
  assert_value (by_lines, "address", "1 Main St, Springfield");
  g_autoptr (FormReading) by_files = read_mail (program, files, c);
  g_assert_cmpuint (by_files->problems->len, ==, 1);
  g_autofree char *said = words_english (by_files->problems->pdata[0]);
  g_assert_true (g_str_has_prefix (said, "Other organizations is \"Bolt, Inc.; analytics; yes"));
  g_assert_true (g_str_has_suffix (said, "in x.xlsx. Which one is right?"));
}

static void
organizations_that_contradict_the_record_are_asked_about (void)
{
  static const char text[] =
    "Organization: Lakeside Health\nReport year: 2027\nNumber of claims: 1,234\n"
    "Other organizations:\nlakeside health; lead; yes\nBolt; analytics; no\nDash; advice; no\n";
  g_autoptr (Program) program = report_program ();
  g_autoptr (Case) c = lakeside ();
  g_autoptr (Message) mail = mail_of (text);

  g_ptr_array_add (c->parties, case_party_new ("Bolt", "data", true));
  g_autoptr (FormReading) reading = read_mail (program, mail, c);
  assert_problems (
    reading,
    "\"lakeside health\" is your own organization: leave it out. \"Bolt\" is recorded here with "
    "access, and your "
    "line says no. If that changed, ask your program manager to record it (Other organizations).");
  assert_value (reading, "others", NULL);
}

/* --- what is wrong with a workbook ------------------------------------------------------------ */

#define HUNDRED                                                                                    \
  "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234" \
  "567890"

/* OLD in the whole workbook becomes NEW; ("": NEW is added). */
static const struct { const char *what, *old, *new, *problems; } books[] = {
  { "wrong year", "Report year|n|2027", "Report year|n|2026",
    "\"2026\" does not belong to this case, which is about \"2027\" (Report year, r.xlsx Background!B2)." },
  { "wrong organization", "t|Lakeside Health", "t|Seaside Health",
    "\"Seaside Health\" does not belong to this case, which is about \"Lakeside Health\" (Organization, r.xlsx Background!B1)." },
  { "the same organization, written otherwise", "t|Lakeside Health", "t|LAKESIDE  health", "" },
  { "another edition", "edition|t|2027", "edition|t|2026",
    "r.xlsx is edition 2026 of the form; we need edition 2027. Fill in the blank form we attach." },
  { "text in a number cell", "claims|n|1234", "claims|t|about 1000",
    "\"about 1000\" is not a number such as 1,250 or 12.5 (Number of claims, r.xlsx Claims!B1)." },
  { "a novel in a number cell", "claims|n|1234", "claims|t|" HUNDRED HUNDRED HUNDRED,
    "The answer is far too long (Number of claims, r.xlsx Claims!B1)." },
  { "a number as text", "claims|n|1234", "claims|t|1,234", "" },
  { "a decimal comma", "claims|n|1234", "claims|t|12,5",
    "\"12,5\" is not a number such as 1,250 or 12.5 (Number of claims, r.xlsx Claims!B1)." },
  { "a formula", "claims|n|1234", "claims|f|1234",
    "There is a formula where an answer belongs; write the number itself (Number of claims, r.xlsx Claims!B1)." },
  { "an error", "claims|n|1234", "claims|e|#REF!",
    "There is the error #REF! where an answer belongs; write the answer (Number of claims, r.xlsx Claims!B1)." },
  { "a date for a number", "claims|n|1234", "claims|d|1903-05-18",
    "There is a date, 1903-05-18, where a number belongs; format the cell as a number (Number of claims, r.xlsx Claims!B1)." },
  { "less than nothing", "claims|n|1234", "claims|n|-5", "\"-5\" is less than 0 (Number of claims, r.xlsx Claims!B1)." },
  { "more than all", "n|25%", "n|250%", "\"250\" is more than 100 (Market share, r.xlsx Claims!B2)." },
  { "none of the choices", "t|National", "t|galactic",
    "\"galactic\" is not one of: regional, national (Data requested, r.xlsx Claims!B5)." },
  { "a date that can be misread", "d|2027-03-01", "t|03/04/27",
    "'03/04/27' can be misread: write 2027-03-04 or 2027-04-03 (Planned release, r.xlsx Claims!B3)." },
  { "a day in the past", "d|2027-03-01", "d|2026-11-29", "\"2026-11-29\" is before today, 2026-11-30 (Planned release)." },
  { "today is not past", "d|2027-03-01", "d|2026-11-30", "" },
  { "an end before its beginning", "d|2027-03-02", "d|2027-02-28",
    "\"2027-02-28\" is before Planned release, 2027-03-01 (Release finished)." },
  { "a required cell left empty", "claims|n|1234", "claims|n|", "Number of claims is missing." },
  { "two answers", "Claims|Market", "Claims|Number of claims|n|99\nClaims|Market",
    "Number of claims was given twice: \"1234\" and \"99\". Which one is right?" },
  { "a tab too many", "", "Notes|Something|t|else\n",
    "r.xlsx has the tab \"Notes\", which is not part of the form. Write what we need to know into the form, and delete the tab." },
  { "a hidden tab", "", "Secret!|Something|t|else\n", "r.xlsx has the hidden tab \"Secret\". Show it or delete it." },
  { "a tab with another name", "Claims|", "Sheet 3|", "" },
};

static void
what_is_wrong_with_a_workbook_is_said (void)
{
  g_autoptr (Program) program = report_program ();
  g_autoptr (Case) c = lakeside ();

  for (guint i = 0; i < G_N_ELEMENTS (books); i++)
    {
      g_autoptr (Message) m = mail_of ("see the file");
      bool more = books[i].old[0] == '\0';
      g_auto (GStrv) parts = g_strsplit (WHOLE, more ? "\n\n" : books[i].old, -1);
      g_autofree char *cells =
        more ? g_strconcat (WHOLE, books[i].new, NULL) : g_strjoinv (books[i].new, parts);

      g_test_message ("%s", books[i].what);
      g_assert_cmpstr (cells, !=, WHOLE);
      fill_sheets (attach (m, "r.xlsx", DOCUMENT_WORKBOOK), cells);
      g_autoptr (FormReading) reading = read_mail (program, m, c);
      g_assert_true (reading->there);
      assert_problems (reading, books[i].problems);
    }
}

static void
a_missing_tab_is_named (void)
{
  g_autoptr (Program) program = report_program ();
  g_autoptr (Message) m = mail_of ("");

  fill_sheets (
    attach (m, "r.xlsx", DOCUMENT_WORKBOOK),
    "Read me|Form name|t|report\nBackground|Organization|t|X\nBackground|Report year|n|2027\n");
  g_autoptr (FormReading) reading = read_mail (program, m, NULL);
  assert_problems (reading, "r.xlsx has no tab \"Claims\" (Number of claims). Use the workbook we "
                            "attach, with all its tabs.\n"
                            "Number of claims is missing.");
}

/* --- files that cannot be taken --------------------------------------------------------------- */

static const struct { const char *file; DocumentKind kind; guint flaws; const char *says; } refused[] = {
  { "annual-report.pdf", DOCUMENT_PDF, FLAW_NO_FIELDS, "has no form fields any more: it was printed to PDF, scanned or flattened. Fill in" },
  { "Annual_Report (signed) 2.pdf", DOCUMENT_PDF, FLAW_NO_FIELDS, "has no form fields any more" },
  { "report.pdf", DOCUMENT_PDF, FLAW_ENCRYPTED, "is protected with a password, so that we cannot read it. Save it without a password" },
  { "report.pdf", DOCUMENT_PDF, FLAW_XFA_ONLY, "is an XFA form" },
  { "report.pdf", DOCUMENT_PDF, FLAW_DAMAGED, "is damaged" },
  { "report.xls", DOCUMENT_WORKBOOK, FLAW_OTHER_FORMAT, "is not an .xlsx workbook. Save it as .xlsx" },
  { "report.xlsx", DOCUMENT_WORKBOOK, FLAW_TOO_LARGE, "is larger than we can read" },
  { "report.xlsx", DOCUMENT_WORKBOOK, FLAW_NOT_READ, "could not be read" },
};

static void
a_form_that_cannot_be_taken_is_answered_with_the_remedy (void)
{
  g_autoptr (Program) program = report_program ();

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (Message) m = mail_of ("Here is our report.");

      attach (m, refused[i].file, refused[i].kind)->flaws = refused[i].flaws;
      g_autoptr (FormReading) reading = read_mail (program, m, NULL);
      g_test_message ("%s: %s", refused[i].file, refused[i].says);
      g_assert_true (reading->there);
      g_assert_cmpuint (reading->n_files, ==, 1);
      g_autofree char *english = words_english (reading->problems->pdata[0]);
      g_assert_true (g_str_has_prefix (english, refused[i].file));
      g_assert_nonnull (strstr (english, refused[i].says));
      g_assert_nonnull (strstr (english, "or write your answers in your reply"));
    }
}

static void
macros_and_scripts_are_refused_whatever_the_file_is_called (void)
{
  g_autoptr (Program) program = report_program ();
  g_autoptr (Message) book = mail_of (""), pdf = mail_of ("");
  Document *xlsm = attach (book, "ar-2027.xlsm", DOCUMENT_WORKBOOK),
           *form = attach (pdf, "ar-2027.pdf", DOCUMENT_PDF);

  fill_sheets (xlsm, WHOLE);
  xlsm->flaws = FLAW_MACROS;
  document_add_field (form, "form-name", "report");
  document_add_field (form, "claims", "1234");
  form->flaws = FLAW_SCRIPTS;
  g_autoptr (FormReading) macros = read_mail (program, book, NULL),
                          scripts = read_mail (program, pdf, NULL);
  g_autofree char *macro = words_english (macros->problems->pdata[0]),
                  *script = words_english (scripts->problems->pdata[0]);
  g_assert_nonnull (
    strstr (macro, "ar-2027.xlsm contains macros, which we do not accept. Save it as .xlsx"));
  g_assert_nonnull (
    strstr (script, "ar-2027.pdf contains scripts (JavaScript), which we do not accept."));
  assert_value (macros, "claims", NULL);
  assert_value (scripts, "claims", NULL);
}

static void
other_files_are_no_forms (void)
{
  g_autoptr (Program) program = report_program ();
  g_autoptr (Message) m = mail_of ("Here is our letter.");
  Document *other = attach (m, "other.pdf", DOCUMENT_PDF);

  attach (m, "letter.pdf", DOCUMENT_PDF)->flaws = FLAW_NO_FIELDS;
  attach (m, "annual report on bees.pdf", DOCUMENT_PDF)->flaws = FLAW_NO_FIELDS;
  fill_sheets (attach (m, "budget.xlsx", DOCUMENT_WORKBOOK),
               "S|Rent|n|5\nS|Organization|t|We\nS|Sum|f|5\n");
  document_add_field (other, "form-name", "registration");
  document_add_field (other, "organization", "We");
  document_add_field (other, "year", "2027");
  document_add_field (other, "claims", "2027");
  g_autoptr (FormReading) reading = read_mail (program, m, NULL);
  g_assert_null (reading);
}

/* As many rows as the reader lets through, all beginning like labels: looked at outside of the
 * reader, so it must be quick. */
static void
a_huge_workbook_takes_no_time (void)
{
  g_autoptr (Program) program = report_program ();
  g_autoptr (Message) m = mail_of ("");
  Document *book = attach (m, "r.xlsx", DOCUMENT_WORKBOOK);
  gint64 start = g_get_monotonic_time ();

  for (guint s = 0; s < 100; s++)
    {
      g_autofree char *name = g_strdup_printf ("Sheet %u", s);
      DocumentSheet *sheet = document_add_sheet (book, name);

      for (guint row = 1; row <= 500; row++)
        document_add_cell (sheet, row, 1, CELL_TEXT, "Number of claimz");
    }
  g_autoptr (FormReading) reading = read_mail (program, m, NULL);
  g_assert_null (reading);
  g_test_message ("%.3f s", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

static void
a_blank_form_is_there_and_says_nothing (void)
{
  g_autoptr (Program) program = report_program ();
  g_autoptr (Message) m = mail_of ("What do I do with this?");
  Document *blank = attach (m, "annual-report.pdf", DOCUMENT_PDF);

  document_add_field (blank, "form-name", "report");
  document_add_field (blank, "claims", "");
  g_autoptr (FormReading) reading = read_mail (program, m, NULL);
  g_assert_true (reading->there);
  g_assert_cmpuint (reading->n_values + reading->n_files, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form-file/same-reading", every_way_gives_the_same_reading);
  g_test_add_func ("/form-file/together", all_three_together_agree_or_are_shown);
  g_test_add_func ("/form-file/lines-of-organizations-stay-lines",
                   lines_of_organizations_stay_lines);
  g_test_add_func ("/form-file/organizations-that-contradict-the-record",
                   organizations_that_contradict_the_record_are_asked_about);
  g_test_add_func ("/form-file/wrong-workbook", what_is_wrong_with_a_workbook_is_said);
  g_test_add_func ("/form-file/missing-tab", a_missing_tab_is_named);
  g_test_add_func ("/form-file/cannot-be-taken",
                   a_form_that_cannot_be_taken_is_answered_with_the_remedy);
  g_test_add_func ("/form-file/macros-and-scripts",
                   macros_and_scripts_are_refused_whatever_the_file_is_called);
  g_test_add_func ("/form-file/other-files", other_files_are_no_forms);
  g_test_add_func ("/form-file/huge", a_huge_workbook_takes_no_time);
  g_test_add_func ("/form-file/blank", a_blank_form_is_there_and_says_nothing);
  return g_test_run ();
}
