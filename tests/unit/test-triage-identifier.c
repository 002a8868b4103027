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
  { "in other groups", "MBI: 2AX3-FY7H-J91", "mbi" },
  { "broken at the end of a line that is quoted", "> her MBI is 2AX3-FY7-\n> HJ91", "mbi" },
  { "broken at a space, quoted twice", ">> 2AX3 FY7\n>> HJ91", "mbi" },
  { "behind its name and a hyphen", "MBI-2AX3-FY7-HJ91", "mbi" },
  { "right behind its name", "(mbi2AX3FY7HJ91)", "mbi" },
  { "behind the end of another word", "XMBI2AX3FY7HJ91", NULL },
  { "before a hyphen and a word", "2AX3-FY7-HJ91-active", "mbi" },
  { "before a hyphen and more of a code", "2AX3-FY7-HJ91-A1B2", NULL },
  { "a part of a DOI", "doi:10.1016/2ax3fy7hj91", NULL },
  { "behind a slash", "x.example/2ax3fy7hj91", "mbi" },
  { "a commit", "commit 1ac4de5fa12", NULL },
  { "a commit in an address", "https://git.example/x/commit/1ac4de5fa12", NULL },
  { "a number of digits that a commit has, too", "member 1ac4de5fa12", "mbi" },
  { "a number behind that word", "I commit 2AX3-FY7-HJ91 to you", "mbi" },
  { "words broken at the end of a line", "Social\nSecurity number: 512-34-5678", "ssn" },
  { "words broken in a quotation", "> Social\n> Security number: 512-34-5678", "ssn" },
  { "words apart", "Social  Security number: 512-34-5678", "ssn" },
  { "many blanks between", "SSN                                                                                          512-34-5678", "ssn" },
  { "SS#", "SS# 512-34-5678", "ssn" },
  { "SS #", "SS #: 512-34-5678", "ssn" },
  { "SS No.", "SS No. 512-34-5678", "ssn" },
  { "Soc. Sec.", "Soc. Sec. No. 512-34-5678", "ssn" },
  { "S.S.N.", "S.S.N. 512-34-5678", "ssn" },
  { "with a hyphen", "social-security number 512-34-5678", "ssn" },
  { "in Spanish", "n\u00famero de seguro social 512-34-5678", "ssn" },
  { "several", "Their SSNs: 512-34-5678", "ssn" },
  { "a name of a field", "patientSSN: 512345678", "ssn" },
  { "another name of a field", "patient_ssn_1=512345678", "ssn" },
  { "a third name of a field", "SSNumber 512345678", "ssn" },
  { "right behind the word", "SSN512345678", "ssn" },
  { "behind the word and a hyphen", "SSN-512-34-5678", "ssn" },
  { "dots", "SSN 512.34.5678.", "ssn" },
  { "dots without a word", "512.34.5678", NULL },
  { "dots of something longer", "SSN host 512.34.5678.1", NULL },
  { "no such area", "SSN 000-12-3456", NULL },
  { "no such area either", "SSN 666-12-3456", NULL },
  { "a number of a taxpayer", "SSN 912-12-3456", NULL },
  { "no such group", "SSN 512-00-3456", NULL },
  { "no such serial number", "SSN 512-34-0000", NULL },
  { "what only looks like none such", "SSN 665-01-0001", "ssn" },
  { "a sum of money", "SSN costs $512345678", NULL },
  { "a sum of money, apart", "SSN costs $ 512345678", NULL },
  { "a fraction", "SSN share 0.512345678", NULL },
  { "a fraction behind", "SSN rows 512345678.25", NULL },
  { "at the end of a sentence", "The SSN is 512345678. 25 others follow", "ssn" },
  { "the word inside of ISSN", "ISSN and 512345678", NULL },
  { "the word inside of assn.", "The assn. of payers, ref 512345678", NULL },
  { "nine digits of a DOI", "SSN doi:10.1000/512345678", NULL },
  { "an old number with a suffix of two", "HICN 512-34-5678B1", "hicn" },
  { "an old number with a suffix of two behind a hyphen", "Medicare claim number 512-34-5678-C1", "hicn" },
  { "an old number with a suffix of two letters", "HICN 512345678WA", "hicn" },
  { "an old number with more than a suffix", "HICN 512345678WAB", NULL },
  { "HIC#", "HIC# 512-34-5678A", "hicn" },
  { "HIC number", "HIC number 512345678A", "hicn" },
  { "health insurance claim", "health insurance\nclaim no. 512-34-5678A", "hicn" },
  { "Medicare ID", "Medicare ID 512-34-5678A", "hicn" },
  { "Medicare #", "Medicare # 512345678A", "hicn" },
  { "in small letters, an old number", "hicn 512-34-5678-a", "hicn" },
  { "an article", "The beneficiary count was 512345678 a year ago", NULL },
  { "another short word", "The claim number 512345678 at the top", NULL },
  { "a suffix that stands apart", "HICN: 512 34 5678 A", "hicn" },
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
  g_autoptr (Message) inside = office_mail ("ada@x.example", "...", "Hello"),
                      tab = office_mail ("ada@x.example", "", ""),
                      named = office_mail ("ada@x.example", "", "");
  Document *tabs = document_new (DOCUMENT_WORKBOOK);
  Document *page = document_new (DOCUMENT_PDF);
  Document *pdf = document_new (DOCUMENT_PDF), *table = document_new (DOCUMENT_WORKBOOK),
           *prices = document_new (DOCUMENT_WORKBOOK);
  DocumentSheet *people = document_add_sheet (table, "People"),
                *list = document_add_sheet (prices, "Prices");

  g_assert_nonnull (triage_identifier (program, all, subject));
  g_free (beside->aside);
  beside->aside = g_strdup ("2AX3-FY7-HJ91");
  g_assert_nonnull (triage_identifier (program, all, beside));
  g_free (inside->protected_subject);
  inside->protected_subject = g_strdup ("About 2AX3-FY7-HJ91");
  g_assert_nonnull (triage_identifier (program, all, inside));
  document_add_sheet (tabs, "2AX3FY7HJ91");
  add_part (tab, "a.xlsx", tabs);
  g_assert_nonnull (triage_identifier (program, all, tab));
  MessageAddress *who = named->from->pdata[0];
  g_free (who->name);
  who->name = g_strdup ("2AX3FY7HJ91");
  g_assert_nonnull (triage_identifier (program, all, named));
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
