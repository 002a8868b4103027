/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forms as they come back: whatever a mail program or a person made of them.
 */
#include "triage/triage-form-private.h"

#include "base/words.h"
#include "lib/lab.h"

static Program *program;

static FormReading *
read_lines (const ProgramForm *form, const char *text)
{
  FormContext context = { lab_time ("2026-11-23T10:00:00-05:00"), program, NULL, NULL };

  g_autoptr (GPtrArray) words = form_line_words (text);
  FormReading *reading = form_read (form, text, &context);

  g_assert_true (form_may_be_there (form, words) || !reading->there);
  return reading;
}

/* name: a problem or value expected; the others are those of the plain form. */
static const char *const fields[] = { "organization",
                                      "organization-address",
                                      "organization-phone",
                                      "first-name",
                                      "last-name",
                                      "email",
                                      "phone",
                                      "quasi-qe" };
static const char *const values[] = { "Lakeside Health", "1 Main St, Springfield, IL 62701",
                                      "+1 217 555 0100", "Ada",
                                      "Byron",           "ada@lakeside.example",
                                      "217 555 0101",    "no" };

#define PLAIN \
  "Organization: Lakeside Health\nOrganization address: 1 Main St, Springfield, IL 62701\n" \
  "Organization phone: +1 217 555 0100\nContact first name: Ada\nContact last name: Byron\n" \
  "Contact email: ada@lakeside.example\nContact phone: 217 555 0101\nQuasi qualified entity: no\n"
#define QUOTED                                                                                     \
  "> Organization (legal name): Lakeside Health\n> Organization address (street, city, State, "    \
  "ZIP): 1 Main St,\n"                                                                             \
  ">   Springfield, IL 62701\n> Organization phone: +1 217 555 0100\n> Contact first name: Ada\n"  \
  "> Contact last name: Byron\n> Contact email: ada@lakeside.example\n> Contact phone: 217 555 "   \
  "0101\n"                                                                                         \
  "> Quasi qualified entity (yes or no; yes only for a QCDR): no\n"
#define BLANK_QUOTED                                                                               \
  "> Organization (legal name):\n> Organization address (street, city, State, ZIP):\n> "           \
  "Organization phone:\n"                                                                          \
  "> Contact first name:\n> Contact last name:\n> Contact email:\n> Contact phone:\n"              \
  "> Quasi qualified entity (yes or no; yes only for a QCDR):\n"
#define BLANK                                                                                      \
  "Organization (legal name):\nOrganization address (street, city, State, ZIP):\nOrganization "    \
  "phone:\n"                                                                                       \
  "Contact first name:\nContact last name:\nContact email:\nContact phone:\n"                      \
  "Quasi qualified entity (yes or no; yes only for a QCDR):\n"

static const struct { const char *name, *text; } whole[] = {
  { "plain", PLAIN },
  { "words around it", "Hello,\nhere is the form.\n\n" PLAIN "\nKind regards\nAda Byron\n" },
  { "filled in inside the quotation", QUOTED },
  { "above the quoted blank form", PLAIN "\nOn Monday the office wrote:\n" BLANK_QUOTED },
  { "below the quoted blank form", BLANK_QUOTED "\nPlease find it here:\n\n" PLAIN },
  { "above the blank form as Outlook leaves it", PLAIN "\n________\nFrom: QECP\nSent: Monday\nTo: Ada\n" BLANK },
  { "above an older filled form that is quoted", PLAIN "\n> Organization: Old Name\n> Contact phone: 555 0199 000\n" },
  { "lines in another order",
    "Quasi QE: no\nPhone: 217 555 0101\nE-mail: ada@lakeside.example\nSurname: Byron\nFirst name: Ada\n"
    "Main phone: +1 217 555 0100\nMailing address: 1 Main St, Springfield, IL 62701\nCompany name: Lakeside Health\n" },
  { "a table as text",
    "| Organization | Lakeside Health |\n| Organization address | 1 Main St, Springfield, IL 62701 |\n"
    "| Organization phone | +1 217 555 0100 |\n| Contact first name | Ada |\n| Contact last name | Byron |\n"
    "| Contact email | ada@lakeside.example |\n| Contact phone | 217 555 0101 |\n| Quasi qualified entity | no |\n" },
  { "a table with tabs",
    "Organization\tLakeside Health\nOrganization address\t1 Main St, Springfield, IL 62701\n"
    "Organization phone\t+1 217 555 0100\nContact first name\tAda\nContact last name\tByron\n"
    "Contact email\tada@lakeside.example\nContact phone\t217 555 0101\nQuasi qualified entity\tno\n" },
  { "bold labels and list marks",
    "- **Organization:** Lakeside Health\n- **Organization address**: 1 Main St, Springfield, IL 62701\n"
    "* *Organization phone*: +1 217 555 0100\n* Contact first name: *Ada*\n* Contact last name: __Byron__\n"
    "# Contact email: ada@lakeside.example\nContact phone: 217 555 0101\n**Quasi qualified entity (yes or no)**: **no**\n" },
  { "the value on the next line",
    "Organization:\nLakeside Health\n\nOrganization address:\n1 Main St\nSpringfield, IL 62701\n\nOrganization phone:\n\n"
    "+1 217 555 0100\nContact first name:\nAda\nContact last name:\nByron\nContact email:\nada@lakeside.example\n"
    "Contact phone:\n217 555 0101\nQuasi qualified entity:\nno\n" },
  { "the value below each quoted label",
    "> Organization (legal name):\nLakeside Health\n> Organization address:\n1 Main St\nSpringfield, IL 62701\n\n"
    "> Organization phone:\n\n+1 217 555 0100\n\n> Contact first name:\nAda\n> Contact last name:\nByron\n"
    "> Contact email:\nada@lakeside.example\n> Contact phone:\n217 555 0101\n> Quasi qualified entity (yes or no):\nno\n" },
  { "an address of several lines",
    "Organization: Lakeside Health\nOrganization address: 1 Main St\n  Springfield, IL 62701\n\nOrganization phone: "
    "+1 217 555 0100\nContact first name: Ada\nContact last name: Byron\nContact email: ada@lakeside.example\n"
    "Contact phone: 217 555 0101\nQuasi qualified entity: no\n" },
  { "full-width colons and other spelling",
    "ORGANISATION\357\274\232Lakeside Health\norganization  address = 1 Main St, Springfield, IL 62701\n"
    "Organization phone\357\274\232 +1 217 555 0100\nFIRST NAME: Ada\nlast name: Byron\nE-Mail address: "
    "<ADA@lakeside.example>\nTel: 217 555 0101\nQuasi-QE (yes/no): No, we are not.\n" },
  { "Outlook's doubled address", "Organization: Lakeside Health\nOrganization address: 1 Main St, Springfield, IL 62701\n"
    "Organization phone: +1 217 555 0100\nContact first name: Ada\nContact last name: Byron\n"
    "Contact email: ada@lakeside.example<mailto:ada@lakeside.example>\nContact phone: 217 555 0101\n"
    "Quasi qualified entity: N\n" },
  { "the same twice", PLAIN PLAIN },
  { "the same address of several lines twice",
    "Organization address: 1 Main St\nSpringfield, IL 62701\n\n" "Organization address: 1 Main St\nSpringfield, IL 62701\n"
    "Organization: Lakeside Health\nOrganization phone: +1 217 555 0100\nContact first name: Ada\n"
    "Contact last name: Byron\nContact email: ada@lakeside.example\nContact phone: 217 555 0101\n"
    "Quasi qualified entity: no\n" },
  { "dots to fill in", "Organization ......: Lakeside Health\n" PLAIN },
};

static void
a_filled_form_is_read_whatever_became_of_it (void)
{
  const ProgramForm *form = program_form (program, "registration");

  for (guint i = 0; i < G_N_ELEMENTS (whole); i++)
    {
      g_autoptr (FormReading) reading = read_lines (form, whole[i].text);

      g_test_message ("%s", whole[i].name);
      for (guint p = 0; p < reading->problems->len; p++)
        g_test_message ("problem: %s", (const char *) reading->problems->pdata[p]);
      g_assert_cmpuint (reading->problems->len, ==, 0);
      g_assert_true (reading->there);
      for (guint f = 0; f < G_N_ELEMENTS (fields); f++)
        g_assert_cmpstr (g_hash_table_lookup (reading->values, fields[f]), ==,
                         strcmp (fields[f], "quasi-qe") == 0 ? "no" : values[f]);
    }
}

/* LINE is put in front of, or INSTEAD of the line of, a plain form. */
static const struct { const char *name, *field, *line, *problem; } wrong[] = {
  { "missing", "Contact phone", "", "Contact phone is missing." },
  { "only fillers", "Contact phone", "Contact phone: ______\n", "Contact phone is missing." },
  { "no email", "Contact email", "Contact email: ada at lakeside\n", "is not an email address" },
  { "an email without a domain", "Contact email", "Contact email: ada@localhost\n", "is not an email address" },
  { "no phone", "Contact phone", "Contact phone: by mail\n", "is not a phone number" },
  { "neither yes nor no", "Quasi", "Quasi qualified entity: maybe\n", "is not yes or no" },
  { "both yes and no", "Quasi", "Quasi qualified entity: yes/no\n", "is not yes or no" },
  { "the hint left standing", "Quasi", "Quasi qualified entity: yes or no\n", "is not yes or no" },
  { "two answers", "Contact phone", "Contact phone: 217 555 0101\nContact phone: 217 555 0102\n",
    "\"217 555 0101\" and \"217 555 0102\". Which one is right?" },
};

static void
what_is_wrong_is_named_by_its_label (void)
{
  const ProgramForm *form = program_form (program, "registration");

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GString) text = g_string_new (wrong[i].line);
      g_auto (GStrv) lines = g_strsplit (PLAIN, "\n", -1);

      for (char **line = lines; *line != NULL; line++)
        if (!g_str_has_prefix (*line, wrong[i].field))
          g_string_append_printf (text, "%s\n", *line);
      g_autoptr (FormReading) reading = read_lines (form, text->str);
      g_test_message ("%s", wrong[i].name);
      g_assert_cmpuint (reading->problems->len, ==, 1);
      g_autofree char *english = words_english (reading->problems->pdata[0]);
      g_assert_nonnull (strstr (english, wrong[i].problem));
      g_assert_cmpuint (g_hash_table_size (reading->values), ==, G_N_ELEMENTS (fields) - 1);
    }
}

/* The last line stays empty, and the mail goes on: that is no answer.  One that may be one, in a
 * form filled in that way, is. */
static void
what_follows_the_form_is_no_answer (void)
{
  static const struct { const char *text, *phone, *last_name; } rows[] = {
    { "Contact first name: Ada\nContact last name: Byron\nContact email: ada@lakeside.example\nContact phone:\n\nWhere to send it\n", NULL, "Byron" },
    { "> Contact first name: Ada\n> Contact email: ada@lakeside.example\n> Contact last name:\n>\n> Where to send it\n", NULL, NULL },
    { "> Contact first name:\n> Contact phone:\n> Contact last name:\n>\n> Where to send it\n", NULL, NULL },
    { "Contact first name: Ada\nContact last name: Byron\nContact email: ada@lakeside.example\nContact phone:\n\n217 555 0101\n", "217 555 0101", "Byron" },
    { "Contact first name:\nAda\nContact email:\nada@lakeside.example\nContact phone:\n217 555 0101\nContact last name:\n\nByron\n", "217 555 0101", "Byron" },
    { "> Contact first name:\n\nAda\n\n> Contact phone:\n\n217 555 0101\n\n> Contact last name:\n\nByron\n", "217 555 0101", "Byron" },
  };
  const ProgramForm *form = program_form (program, "registration");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (FormReading) reading = read_lines (form, rows[i].text);

      g_test_message ("%s", rows[i].text);
      g_assert_cmpstr (g_hash_table_lookup (reading->values, "last-name"), ==, rows[i].last_name);
      g_assert_cmpstr (g_hash_table_lookup (reading->values, "phone"), ==, rows[i].phone);
      for (guint p = 0; p < reading->problems->len; p++)
        g_assert_null (strstr (reading->problems->pdata[p], "Where to send it"));
    }
}

static void
words_that_look_like_a_line_are_no_form (void)
{
  static const struct { const char *text; bool is; } rows[] = {
    { "", false },
    { "Dear all,\n\nwe have a question about fees.\n\n> Regards\n", false },
    { "Organization: we are one.\nPhone: 555 555 5555", false },
    { "We want to apply. My email is x@y.example", false },
    { BLANK, true },
    { PLAIN, true },
    { "Organization: A\nEmail: a@b.example\nPhone: 555 555 5555\n", true },
  };
  const ProgramForm *form = program_form (program, "registration");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (FormReading) reading = read_lines (form, rows[i].text);

      g_test_message ("%s", rows[i].text);
      g_assert_true (reading->there == rows[i].is);
    }
}

/* The glance before the reading spares it for letters, or it would be of no use. */
static void
a_letter_is_no_form_at_a_glance (void)
{
  g_autoptr (GPtrArray) words =
    form_line_words ("Dear all,\n\nwe have a question about fees:\n> who pays?\n\nRegards\n");

  for (guint i = 0; i < program->forms->len; i++)
    {
      const ProgramForm *form = program->forms->pdata[i];
      g_autofree char *made = program_form_lines (form, NULL), *blank = words_english (made);
      g_autoptr (GPtrArray) own = form_line_words (blank);

      g_assert_false (form_may_be_there (form, words));
      g_assert_true (form_may_be_there (form, own));
    }
}

static void
the_blank_form_keeps_what_is_known_and_reads_back (void)
{
  const ProgramForm *form = program_form (program, "registration");
  g_autoptr (FormReading) reading = read_lines (form, PLAIN);
  g_hash_table_remove (reading->values, "phone");
  g_autofree char *made = program_form_lines (form, reading->values),
                  *made_empty = program_form_lines (form, NULL);
  g_autofree char *blank = words_english (made), *empty = words_english (made_empty);
  g_autoptr (FormReading) again = read_lines (form, blank), none = read_lines (form, empty);

  g_assert_cmpuint (again->problems->len, ==, 1);
  g_autofree char *english = words_english (again->problems->pdata[0]);
  g_assert_cmpstr (english, ==, "Contact phone is missing.");
  g_assert_cmpstr (g_hash_table_lookup (again->values, "email"), ==, "ada@lakeside.example");
  g_assert_cmpuint (none->n_labels, ==, form->fields->len);
  g_assert_cmpuint (none->n_values, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  program = lab_program ();
  g_test_add_func ("/triage-form/whatever-became-of-it",
                   a_filled_form_is_read_whatever_became_of_it);
  g_test_add_func ("/triage-form/wrong-is-named", what_is_wrong_is_named_by_its_label);
  g_test_add_func ("/triage-form/what-follows", what_follows_the_form_is_no_answer);
  g_test_add_func ("/triage-form/no-form", words_that_look_like_a_line_are_no_form);
  g_test_add_func ("/form/glance", a_letter_is_no_form_at_a_glance);
  g_test_add_func ("/triage-form/blank", the_blank_form_keeps_what_is_known_and_reads_back);
  int result = g_test_run ();
  program_free (program);
  return result;
}
