/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which document a file is: by a line, by its name, by its content; and what is asked when that
 * does not decide.
 */
#include "triage/triage-documents.h"

#include "base/words.h"
#include "lib/lab.h"

static Program *program;

typedef struct {
  const char *name, *text, *file, *sniffed, *want; /* "1.1/letter-of-commitment", or "" for
                                                    * unclear */
  const char *question;                             /* a part of it; NULL: none */
} Row;

#define PDF "application/pdf"
#define XLS "application/vnd.ms-excel"

static const Row rows[] = {
  { "a name that fits one pattern", "", "Letter_of_Commitment_signed.pdf", PDF, "1.1/letter-of-commitment", NULL },
  { "an abbreviation as a word", "", "LOC.pdf", PDF, "1.1/letter-of-commitment", NULL },
  { "the same letters inside a word", "", "location.pdf", PDF, "", "Which document is this?" },
  { "a budget may be a sheet", "", "Budget 2026.xlsx", XLS, "1.2/business-model-budget", NULL },
  { "a letter may not", "", "commitment-letter.xls", XLS, "", "Letter of Commitment must be " },
  { "a name that fits two patterns", "", "articles of budget.pdf", PDF, "", "Is this 1.1 Incorporation documents or 1.2" },
  { "no pattern at all", "", "scan0001.pdf", PDF, "", "such as \"1.1 letter of commitment: scan0001.pdf\"" },
  { "a line decides", "1.1 letter: scan0001.pdf", "scan0001.pdf", PDF, "1.1/letter-of-commitment", NULL },
  { "a line is stronger than the name", "1.1 incorporation: budget.pdf", "budget.pdf", PDF, "1.1/incorporation", NULL },
  { "an element with one document needs no word", "1.2: scan.pdf", "scan.pdf", PDF, "1.2/business-model-budget", NULL },
  { "an element with several asks which", "1.1: scan.pdf", "scan.pdf", PDF, "", "Is this 1.1 Letter of Commitment, 1.1" },
  { "the file name helps the line", "1.1: charter.pdf", "charter.pdf", PDF, "1.1/incorporation", NULL },
  { "a word of no document asks which", "1.1 document: scan.pdf", "scan.pdf", PDF, "", "Is this 1.1" },
  { "the title is a word", "1.1 Letter of Commitment: scan.pdf", "scan.pdf", PDF, "1.1/letter-of-commitment", NULL },
  { "the beginning of a title too", "1.1 list of contractors: scan.pdf", "scan.pdf", PDF, "1.1/partners", NULL },
  { "the word element, other marks, quotes", "> - Element 1.2 budget = \"Scan.PDF\"", "scan.pdf", PDF,
    "1.2/business-model-budget", NULL },
  { "several files in a line", "1.2 budget: a.pdf, scan.pdf; b.pdf", "scan.pdf", PDF, "1.2/business-model-budget", NULL },
  { "a comma in the file's name", "1.2 budget: Smith, Inc. plan.pdf", "Smith, Inc. plan.pdf", PDF,
    "1.2/business-model-budget", NULL },
  { "an element there is not", "9.9 budget: scan.pdf", "scan.pdf", PDF, "", "Which document is this?" },
  { "a line about another file", "1.1 letter: other.pdf", "scan.pdf", PDF, "", "Which document is this?" },
  { "a line against the type", "1.1 letter: scan.xls", "scan.xls", XLS, "", "Letter of Commitment must be " },
  { "a document of a later phase is filed there", "", "DSR.docx", "application/msword", "2.1/data-security-review", NULL },
  { "letters beyond ASCII", "1.1 letter: Zusage \303\234bersicht.pdf", "ZUSAGE \303\274bersicht.pdf", PDF,
    "1.1/letter-of-commitment", NULL },
};

static MessagePart *
add_part (Message *m, const char *name, const char *type, const char *disposition, guint64 size)
{
  MessagePart *part = g_new0 (MessagePart, 1);

  part->path = g_strdup ("2");
  part->type = g_strdup (type);
  part->sniffed = g_strdup (type);
  part->name = g_strdup (name);
  part->disposition = g_strdup (disposition);
  part->charset = g_strdup ("");
  part->size = size;
  g_strlcpy (part->sha256, "abc", sizeof part->sha256);
  g_ptr_array_add (m->parts, part);
  return part;
}

static Message *
mail (const char *text)
{
  Message *m = message_new ();

  g_free (m->new_text);
  m->new_text = g_strdup (text);
  return m;
}

static Case *
in_phase1 (void)
{
  Case *c = case_new ();

  c->type = g_strdup ("application");
  c->state = g_strdup ("phase1-preparation");
  c->edition = g_strdup ("2020");
  return c;
}

static void
a_file_is_recognized_or_one_question_settles_it (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Message) m = mail (rows[i].text);
      g_autoptr (Case) c = in_phase1 ();

      g_test_message ("%s", rows[i].name);
      add_part (m, rows[i].file, rows[i].sniffed, "attachment", 10);
      g_autoptr (DocumentReading) reading = documents_read (program, c, m, 7, 0);
      g_assert_cmpuint (reading->documents->len, ==, 1);
      const CaseDocument *d = reading->documents->pdata[0];
      g_autofree char *have =
        d->element[0] != '\0' ? g_strconcat (d->element, "/", d->name, NULL) : g_strdup ("");
      g_assert_cmpstr (have, ==, rows[i].want);
      g_assert_cmpint (d->status, ==,
                       rows[i].want[0] != '\0' ? DOCUMENT_CURRENT : DOCUMENT_UNCLEAR);
      g_assert_cmpstr (d->file, ==, rows[i].file);
      g_assert_cmpint (d->message, ==, 7);
      g_assert_cmpint (d->n, ==, 0);
      g_assert_cmpuint (reading->questions->len, ==, rows[i].question != NULL);
      if (rows[i].question != NULL)
        {
          const DocumentQuestion *q = reading->questions->pdata[0];

          g_test_message ("%s", q->question);
          g_autofree char *english = words_english (q->question);
          g_assert_nonnull (strstr (english, rows[i].question));
        }
    }
}

static void
what_is_part_of_the_letter_is_no_document (void)
{
  static const struct { const char *name, *type, *disposition; bool is; } parts[] = {
    { "logo.png", "image/png", "inline", false },        { "scan.png", "image/png", "attachment", true },
    { "", "text/plain", "inline", false },               { "notes.txt", "text/plain", "inline", true },
    { "", "text/html", "inline", false },                { "smime.p7s", "application/pkcs7-signature", "attachment", false },
    { "x.asc", "application/pgp-signature", "attachment", false }, { "i.ics", "text/calendar", "attachment", false },
    { "", "application/pdf", "attachment", true },       { "old.eml", "message/rfc822", "attachment", true },
  };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (Message) m = mail ("");
      g_autoptr (Case) c = in_phase1 ();

      g_test_message ("%s %s %s", parts[i].name, parts[i].type, parts[i].disposition);
      add_part (m, parts[i].name, parts[i].type, parts[i].disposition, 10);
      g_autoptr (DocumentReading) reading = documents_read (program, c, m, 7, 0);
      g_assert_cmpuint (reading->documents->len, ==, parts[i].is);
    }
}

static void
an_empty_file_is_asked_for_again_and_not_filed (void)
{
  g_autoptr (Message) m = mail ("1.1 letter: letter.pdf");
  g_autoptr (Case) c = in_phase1 ();

  add_part (m, "letter.pdf", PDF, "attachment", 0);
  g_autoptr (DocumentReading) reading = documents_read (program, c, m, 7, 0);
  g_assert_cmpuint (reading->documents->len, ==, 0);
  g_assert_cmpuint (reading->questions->len, ==, 1);
}

static void
add_unclear (Case *c, gint64 n, const char *file)
{
  g_autoptr (GPtrArray) list = lab_file_of ("", "", file, DOCUMENT_UNCLEAR);
  CaseDocument *d = g_ptr_array_steal_index (list, 0);

  d->n = n;
  g_ptr_array_add (c->documents, d);
}

static void
a_line_settles_a_file_that_came_earlier (void)
{
  g_autoptr (Message) m = mail ("1.1 letter: scan.pdf\n1.1: b.pdf\n1.2: gone.pdf");
  g_autoptr (Case) c = in_phase1 ();

  add_unclear (c, 4, "Scan.pdf");
  add_unclear (c, 5, "b.pdf");
  add_unclear (c, 6, "Scan.pdf"); /* one line, one file */
  g_autoptr (DocumentReading) reading = documents_read (program, c, m, 9, 0);
  g_assert_cmpuint (reading->documents->len, ==, 1);
  const CaseDocument *d = reading->documents->pdata[0];
  g_assert_cmpint (d->n, ==, 4);
  g_assert_cmpint (d->message, ==, 7); /* where the file is */
  g_assert_cmpstr (d->name, ==, "letter-of-commitment");
  g_assert_cmpuint (reading->questions->len, ==, 1);
}

static void
a_case_of_another_definition_gets_no_guesses (void)
{
  g_autoptr (Message) m = mail ("");
  g_autoptr (Case) c = in_phase1 ();

  g_free (c->edition);
  c->edition = g_strdup ("gone");
  add_part (m, "budget.pdf", PDF, "attachment", 10);
  g_autoptr (DocumentReading) reading = documents_read (program, c, m, 7, 0);
  g_assert_cmpuint (reading->documents->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  program = lab_program ();
  g_test_add_func ("/triage-documents/recognized-or-asked",
                   a_file_is_recognized_or_one_question_settles_it);
  g_test_add_func ("/triage-documents/part-of-the-letter",
                   what_is_part_of_the_letter_is_no_document);
  g_test_add_func ("/triage-documents/empty", an_empty_file_is_asked_for_again_and_not_filed);
  g_test_add_func ("/triage-documents/settled", a_line_settles_a_file_that_came_earlier);
  g_test_add_func ("/triage-documents/no-edition", a_case_of_another_definition_gets_no_guesses);
  int result = g_test_run ();
  program_free (program);
  return result;
}
