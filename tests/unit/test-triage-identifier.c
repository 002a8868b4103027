/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers of people: what is one, and what only looks like one.
 */
#include "triage/triage-identifier.h"

#include "lib/lab.h"
#include "lib/office.h"

static const struct { const char *name, *text, *want; } rows[] = {
  { "as it stands on the card", "Her number is 2AX3-FY7-HJ91.", "mbi" },
  { "without hyphens", "id=2AX3FY7HJ91;", "mbi" },
  { "in small letters", "2ax3-fy7-hj91", "mbi" },
  { "with spaces", "2AX3 FY7 HJ91", "mbi" },
  { "at the end of a line", "x\n2AX3-FY7-HJ91\ny", "mbi" },
  { "broken at the end of a line", "her number 2AX3-FY7-\nHJ91 is", "mbi" },
  { "broken at a space", "her number 2AX3 FY7\nHJ91 is", "mbi" },
  { "broken at a space, another space before and behind", "2AX3 \n FY7-HJ91", "mbi" },
  { "broken at an empty line", "2AX3\n\nFY7 HJ91", NULL },
  { "as a word processor keeps it on one line", "2AX3\u2011FY7\u2011HJ91", "mbi" },
  { "with dashes", "her number \u2013 2AX3\u2013FY7\u2013HJ91 \u2013 is", "mbi" },
  { "with spaces around hyphens", "2AX3 - FY7 -  HJ91", "mbi" },
  { "with spaces of a web page", "2AX3\u00a0FY7\u202fHJ91", "mbi" },
  { "with places where a line may break", "2AX3-\u00adFY7\u200b-HJ91", "mbi" },
  { "in wide letters", "\uff12\uff21\uff38\uff13\uff0dFY7-HJ91", "mbi" },
  { "the published sample with dashes", "1EG4\u2013TE5\u2013MK73", NULL },
  { "a part of an order number, with dashes", "ORD\u20112AX3\u2011FY7\u2011HJ91", NULL },
  { "words that are far apart", "2AX3     FY7 HJ91", NULL },
  { "a list", "- 2AX3\n- FY7\n- HJ91", NULL },
  { "two lines that happen to follow each other", "2AX3\nFY7\nHJ91", NULL },
  { "in brackets", "(2AX3-FY7-HJ91)", "mbi" },
  { "the published sample", "Example: 1EG4-TE5-MK73", NULL },
  { "the other published sample", "1EG4-TE5-MK72", NULL },
  { "a sample and a true one", "not 1EG4-TE5-MK73 but 2AX3-FY7-HJ91", "mbi" },
  { "with a letter that no number has", "2SX3-FY7-HJ91", NULL },
  { "with a letter that no number has, later", "2AX3-FY7-HO91", NULL },
  { "that begins with 0", "0AX3-FY7-HJ91", NULL },
  { "with a letter for a digit", "2AXA-FY7-HJ91", NULL },
  { "a part of a longer word", "X2AX3FY7HJ91", NULL },
  { "the beginning of a longer word", "2AX3FY7HJ912", NULL },
  { "a part of an order number", "ORD-2AX3-FY7-HJ91", NULL },
  { "a part of an order number, its beginning", "2AX3-FY7-HJ91-02", NULL },
  { "too short", "2AX3-FY7-HJ9", NULL },
  { "a SHA-256", "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab", NULL },
  { "nine digits and a word", "SSN: 512-34-5678", "ssn" },
  { "nine digits and words in full", "Her Social Security number is\n512345678", "ssn" },
  { "nine digits alone", "512-34-5678", NULL },
  { "nine digits far from the word",
    "SSN is a word that stands here, and a long sentence about something else follows it, until nobody thinks of it: 512-34-5678", NULL },
  { "a ZIP code near the words", "Social Security Administration, Baltimore, MD 21235-6401", NULL },
  { "the published number", "SSN 078-05-1120", NULL },
  { "a telephone number near the word", "SSN office: 703-555-0100", NULL },
  { "an old number", "HICN 512-34-5678-A", "hicn" },
  { "an old number without hyphens", "Medicare number: 512345678B", "hicn" },
  { "an old number without words", "512345678B", NULL },
  { "an amount", "The budget is 123 456 789 A year; claim number unknown", NULL },
  { "no text", "", NULL },
};

static char *all[] = { (char *) "mbi", (char *) "hicn", (char *) "ssn", NULL };

static void
numbers_of_people_are_told_from_look_alikes (void)
{
  g_autoptr (Program) program = lab_program ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Message) m = office_mail ("ada@x.example", "Hello", rows[i].text);
      const ProgramIdentifier *found = triage_identifier (program, all, m);

      g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (found != NULL ? found->name : NULL, ==, rows[i].want);
    }
}

static void
add_part (Message *m, const char *name, Document *document)
{
  MessagePart *part = g_new0 (MessagePart, 1);

  part->path = g_strdup ("1.2");
  part->type = g_strdup ("");
  part->sniffed = g_strdup ("");
  part->name = g_strdup (name);
  part->disposition = g_strdup ("attachment");
  part->charset = g_strdup ("");
  part->document = document;
  g_ptr_array_add (m->parts, part);
}

static void
they_are_found_wherever_they_stand (void)
{
  g_autoptr (Program) program = lab_program ();
  g_autoptr (Message) subject = office_mail ("ada@x.example", "About 2AX3-FY7-HJ91", "Hello");
  g_autoptr (Message) file = office_mail ("ada@x.example", "", ""),
                      form = office_mail ("ada@x.example", "", "");
  g_autoptr (Message) sheet = office_mail ("ada@x.example", "", ""),
                      other = office_mail ("ada@x.example", "", "");
  g_autoptr (Message) letter = office_mail ("ada@x.example", "", ""),
                      beside = office_mail ("ada@x.example", "", "");
  Document *page = document_new (DOCUMENT_PDF);
  Document *pdf = document_new (DOCUMENT_PDF), *table = document_new (DOCUMENT_WORKBOOK),
           *prices = document_new (DOCUMENT_WORKBOOK);
  DocumentSheet *people = document_add_sheet (table, "People"),
                *list = document_add_sheet (prices, "Prices");

  g_assert_nonnull (triage_identifier (program, all, subject));
  g_free (beside->aside);
  beside->aside = g_strdup ("2AX3-FY7-HJ91");
  g_assert_nonnull (triage_identifier (program, all, beside));
  add_part (file, "2AX3FY7HJ91.pdf", NULL);
  g_assert_nonnull (triage_identifier (program, all, file));
  document_add_field (pdf, "patient.ssn", "512-34-5678");
  add_part (form, "form.pdf", pdf);
  g_assert_nonnull (triage_identifier (program, all, form));
  g_free (page->text);
  page->text = g_strdup ("Claims\nMary Sample 2AX3-FY7-HJ91");
  add_part (letter, "letter.pdf", page);
  g_assert_nonnull (triage_identifier (program, all, letter));
  /* The word stands above the column, however far. */
  document_add_cell (people, 1, 1, CELL_TEXT, "SSN");
  for (guint row = 2; row < 100; row++)
    document_add_cell (people, row, 2, CELL_TEXT, "a name");
  document_add_cell (people, 100, 1, CELL_NUMBER, "512345678");
  add_part (sheet, "people.xlsx", table);
  g_assert_nonnull (triage_identifier (program, all, sheet));
  document_add_cell (list, 1, 1, CELL_NUMBER, "512345678");
  add_part (other, "prices.xlsx", prices);
  g_assert_null (triage_identifier (program, all, other));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/triage/identifier/look-alikes", numbers_of_people_are_told_from_look_alikes);
  g_test_add_func ("/triage/identifier/places", they_are_found_wherever_they_stand);
  return g_test_run ();
}
