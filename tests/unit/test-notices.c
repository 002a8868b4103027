/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every notice of templates/ with everything filled in, with rows of empty texts, and with
 * nothing.  With a folder as argument it also writes the full ones there, to be looked at.
 */
#include "template/template.h"

#include <string.h>

typedef enum { FULL, EMPTY_ROWS, NOTHING } Sample;

typedef struct {
  const char *name, *value;
} Text;

typedef struct {
  const char *list;
  Text fields[9];
} Row;

#define ALWAYS_SET 9 /* the first of these are never empty */

static const Text texts[] = {
  { "program_title", "CMS Qualified Entity Certification Program" },
  { "program_name", "QECP" },
  { "address", "qecp@certify.example" },
  { "support_address", "support@certify.example" },
  { "today", "Sunday, November 22, 2026" },
  { "sender", "eve@elsewhere.example" },
  { "message_subject", "A question about the fee" },
  { "received_on", "Saturday, November 21, 2026" },
  { "case_ref", "APP-2026-0001" }, { "sender_name", "Eve Example" }, { "joined_ref", "APP-2026-0003" },
  { "case_title", "Application for certification" },
  { "state_title", "Preparing Phase 1" },
  { "element", "1.3" }, { "element_title", "Experience" },
  { "edition_title", "QECP Program Guide, elements 1.1 to 3.3" },
  { "state_left", "Decision on Phase 1" },
  { "waiting_on", "Program manager" },
  { "unsigned", "yes" },
  { "next_step", "Send the missing documents, then write SUBMIT on a line of its own." },
  { "organization", "Lakeside Health Data *Collaborative*" },
  { "recipient_name", "Ada Example" },
  { "manager_name", "Sam Rivera" },
  { "manager_address", "sam_rivera@certify.example" },
  { "sender_name", "Jane Smith" }, { "sender_phone", "+1 703 555 0199" },
  { "entered_by", "Sam Rivera" }, { "also", "Privacy and security officer" }, { "rights", "yes" }, { "kept", "12" },
  { "manager_away", "Fri 11 Dec 2026" },
  { "deputy_name", "Robin Reviewer" },
  { "instead_of", "Sam Rivera" },
  { "instead_until", "Fri 11 Dec 2026" },
  { "stood_in", "Robin Reviewer" },
  { "due", "Monday, December 7, 2026, 5:00 p.m. Eastern Time" },
  { "due_short", "Mon Dec 7, 2026" },
  { "due_why", "10 business days from Mon 23 Nov 2026, not counting Thu 26 Nov (Thanksgiving Day)" },
  { "due_basis", "program target" },
  { "due_source", "Letter of Commitment 2024" },
  { "due_rule", "T14" },
  { "due_calendar", "America/New_York 0123456789ab" },
  { "due_note", "The clock stands still while we wait for you." },
  { "reason", "The budget does not name the cost of the Medicare data." },
  { "outcome", "2 done, 1 refused" },
  { "categories", "inquiry, registration, spam" },
  { "understood", "a change of contact" },
  { "several", "yes" },
  { "quarantine", "yes" },
  { "sorted", "sure" },
  { "failed_address", "old_contact@lakeside.example" },
  { "failed_subject", "[APP-2026-0001] Please answer our questions by Mon Dec 7, 2026" },
  { "next_name", "Ada Example" }, { "next_address", "ada_example@lakeside.example" }, { "sent_again", "yes" }, { "address_stays", "" },
  { "split_files", "budget.pdf" },
  { "empty", "yes" },
  { "answered", "A question about the fee" },
  { "case_closed", "" },
  { "goes_on", "" },
  { "invitation", "yes" },
  { "forwarded", "Tom, how long does the data take?" },
  { "outdated", "2" },
  { "split_from", "APP-2026-0004" },
  { "crossed_at", "Friday, November 20, 2026, 4:02 PM EST" },
  { "first_to", "old_contact@lakeside.example" }, { "first_on", "Nov 20, 2026" },
  { "organization_phone", "+1 703 555 0100" },
};

static const Row rows[] = {
  { "received", { { "element", "1.1" }, { "party", "" }, { "document_title", "Letter of Commitment" },
                  { "file_name", "letter_v2.pdf" }, { "version", "2" }, { "date", "Nov 22, 2026" } } },
  { "received", { { "element", "1.2" }, { "party", "Bolt Analytics" }, { "document_title", "Budget" },
                  { "file_name", "budget.xlsx" }, { "version", "1" }, { "date", "Nov 22, 2026" } } },
  { "unclear", { { "file_name", "scan_0001.pdf" },
                 { "question", "Is this the incorporation document or the license? Reply \"1.1 incorporation\" or \"1.1 license\"." } } },
  { "missing", { { "element", "1.4" }, { "party", "Bolt Analytics" }, { "element_title", "Claims data" },
                 { "document_title", "Data Source Attestation" }, { "why", "" },
                 { "hint", "Use the outline data-source-attestation.txt. Sign it and send it as a PDF" } } },
  { "missing", { { "element", "1.1" }, { "party", "" }, { "element_title", "Entity" }, { "document_title", "Letter of Commitment" },
                 { "hint", "" }, { "why", "letter_v2.pdf is on file but carries no electronic signature of the Authorized official" } } },
  { "elements", { { "name", "1.1" }, { "title", "Entity" },
                  { "help", "Show who you are and that your leaders commit to the program." }, { "finding", "met" } } },
  { "elements", { { "name", "1.2" }, { "title", "Financial Resources" },
                  { "help", "Show that you can pay for the data and the reports." }, { "finding", "" } } },
  { "findings", { { "element", "1.1" }, { "title", "Entity" }, { "finding", "met" } } },
  { "findings", { { "element", "1.2" }, { "title", "Financial Resources" }, { "finding", "not met" } } },
  { "dates", { { "what", "Send your Phase 1 documents" }, { "when", "Monday, December 7, 2026, 5:00 p.m. Eastern Time" },
               { "why", "10 business days from Mon 23 Nov 2026" }, { "basis", "commitment" },
               { "source", "Letter of Commitment 2024" }, { "rule", "T14" } } },
  { "moved", { { "what", "Our review" }, { "was", "Monday, December 7, 2026, 5:00 PM EST" },
               { "when", "Tuesday, December 8, 2026, 5:00 PM EST" }, { "why", "10 business days from Mon 23 Nov 2026" },
               { "basis", "target" }, { "source", "Letter of Commitment 2024" }, { "rule", "T14" },
               { "calendar", "America/New_York 0123456789ab" } } },
  { "found", { { "ref", "APP-2026-0004" }, { "date", "Nov 20, 2026" }, { "sender", "ada@lakeside.example" },
               { "subject", "Our budget" }, { "line", "The budget of next year is attached" } } },
  { "own", { { "organization", "Lakeside *Health*" }, { "name", "Ada_Example" }, { "phone", "+1 703 555 0101" }, { "language", "Spanish" },
             { "cases", "APP-2026-0001, QE-2026-0001" }, { "since", "Mon 23 Nov 2026" }, { "source", "your message of Mon 23 Nov 2026: Re: Register" } } },
  { "copied", { { "address", "rival_one@competitor.example" }, { "name", "Rival *One*" } } },
  { "outsiders", { { "name", "Bob *Poe*" }, { "email", "bob_poe@rival.example" }, { "elsewhere", "yes" } } },
  { "unread", { { "file_name", "budget_v2 *final*.pdf" }, { "pages", "3-5, 9" }, { "several", "yes" }, { "why", "" } } },
  { "unread", { { "file_name", "letter.pdf" }, { "pages", "2" }, { "several", "" }, { "why", "" } } },
  { "unread", { { "file_name", "old_list.xls" }, { "pages", "" }, { "several", "" }, { "why", "it is a spreadsheet, but no .xlsx workbook" } } },
  { "crossed", { { "who", "Jane Doe" }, { "when", "Friday, November 20, 2026, 4:02 PM EST" }, { "what", "Re: our budget_v2" },
                 { "words", "We have *changed* it" } } },
  { "links", { { "ref", "INQ-2026-0003" }, { "title", "Question" }, { "state", "Question asked" } } },
  { "fields", { { "name", "recommendation" }, { "value", "approve" } } },
  { "parties", { { "name", "Bolt Analytics" }, { "role", "data analytics" }, { "access", "yes" } } },
  { "parties", { { "name", "Copper Print" }, { "role", "printing of reports" }, { "access", "" } } },
  { "contacts", { { "name", "Jane Doe" }, { "email", "jane@acme.example" }, { "phone", "" } } },
  { "unreachable", { { "name", "John Doe" }, { "email", "john_doe@acme.example" }, { "phone", "+1 703 555 0102" } } },
  { "party_fields", { { "what", "Data Use Agreement executed" }, { "party", "Acme" }, { "value", "Fri 4 Dec 2026" } } },
  { "party_fields", { { "what", "Data Use Agreement executed" }, { "party", "Bolt Analytics" }, { "value", "" } } },
  { "differences", { { "what", "Contractors that hold Medicare data" }, { "now", "Number Works LLC" }, { "was", "none" } } },
  { "problems", { { "text", "Email of the contact: \"ada at lakeside\" is not an email address." } } },
  { "history", { { "date", "Nov 20, 2026" }, { "what", "Registered by Ada Example" } } },
  { "went", { { "subject", "[APP-2026-0004] A question about your budget" } } },
  { "lines", { { "command", "/finding 1.1 met" }, { "result", "done" } } },
  { "lines", { { "command", "/decide approve" }, { "result", "refused: only an approver may decide" } } },
  { "our_turn", { { "ref", "APP-2026-0004" }, { "organization", "Lakeside Health" }, { "title", "Application" },
                  { "state", "Phase 1 review" }, { "since", "Nov 20, 2026" } } },
  { "their_turn", { { "ref", "APP-2026-0007" }, { "organization", "Hillside Research" }, { "title", "Application" },
                    { "state", "Preparing Phase 1" }, { "since", "Nov 9, 2026" } } },
  { "soon", { { "ref", "APP-2026-0004" }, { "organization", "Lakeside Health" }, { "title", "Application" },
              { "what", "Review of Phase 1" }, { "note", "look at the budget" }, { "when", "Monday, December 7, 2026, 5:00 p.m. Eastern Time" } } },
  { "over", { { "ref", "APP-2026-0002" }, { "organization", "Seaside Quality Institute" }, { "title", "Application" },
              { "what", "Review of Phase 2" }, { "note", "" }, { "when", "Friday, November 20, 2026, 5:00 p.m. Eastern Time" } } },
  { "meanwhile", { { "ref", "APP-2026-0003" }, { "organization", "Bolt Analytics" }, { "title", "Application" }, { "received", "2" },
                   { "written", "1" }, { "state", "Phase 1 review" }, { "moved", "Tue 1 Dec 2026" } } },
  { "waiting", { { "sender", "sam@else.example" }, { "subject", "A question about the fee" },
                 { "reason", "Mail to the support mailbox" }, { "since", "Tuesday, November 24, 2026, 4:00 PM EST" },
                 { "by", "Wednesday, November 25, 2026, 5:00 PM EST" }, { "late", "yes" } } },
  { "at_limit", { { "address", "robot@else.example" }, { "count", "20" }, { "day", "Tue 1 Dec 2026" } } },
  { "guesses", { { "category", "exit" }, { "title", "a wish to leave the program" }, { "why", "\"withdraw\"; like message 41" } } },
  { "articles", { { "name", "data-use-agreement" }, { "title", "Data use agreement, and getting the data" } } },
  { "commands", { { "syntax", "/finding ELEMENT met|not-met [TEXT]" }, { "help", "record what you found" } } },
};

static const char words[] =
  "Hello,\n\nplease tell us:\n1. Who supplies the claims data?\n2. For which years?\n\n"
  "Thank you\nSam";
static const char form[] =
  "Organization name: \nContact person: \nEmail: \nPhone (you may leave this empty): \n"
  "Kinds of claims data you hold, and for which states and years, in a few words: \n";

static void
add_documents (TemplateFields *row, Sample sample)
{
  template_fields_set_list (row, "documents");
  for (int i = 0; i < 2; i++)
    {
      TemplateFields *document = template_fields_add_row (row, "documents");

      template_fields_set (document, "title", sample == FULL ? "Letter of Commitment" : "");
      template_fields_set (document, "required", sample == FULL && i == 0 ? "yes" : "");
      template_fields_set (document, "hint", sample == FULL ? "Signed by a senior executive" : "");
    }
}

static TemplateFields *
sample_fields (Sample sample)
{
  TemplateFields *fields = template_fields_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    template_fields_set (fields, texts[i].name,
                         sample == FULL || i < ALWAYS_SET ? texts[i].value : "");
  template_fields_set_block (fields, "words", sample == FULL ? words : "");
  template_fields_set_block (fields, "question", sample == FULL ? words : "");
  template_fields_set_literal (fields, "form", sample == FULL ? form : "");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      template_fields_set_list (fields, rows[i].list);
      if (sample == NOTHING)
        continue;
      TemplateFields *row = template_fields_add_row (fields, rows[i].list);

      for (const Text *text = rows[i].fields; text->name != NULL; text++)
        template_fields_set (row, text->name, sample == FULL ? text->value : "");
      if (strcmp (rows[i].list, "elements") == 0)
        add_documents (row, sample);
    }
  return fields;
}

static void
check_line (const char *name, const char *line, const char *next)
{
  if (strstr (form, line) == NULL && g_utf8_strlen (line, -1) > 72)
    g_error ("%s: longer than 72 columns: %s", name, line);
  if (strpbrk (line, "\\`") != NULL || strstr (line, "**") != NULL || strstr (line, "{{") != NULL)
    g_error ("%s: markup is left: %s", name, line);
  if (g_str_has_suffix (line, " .") || strstr (line, "..") != NULL || strstr (line, " ,") != NULL)
    g_error ("%s: punctuation: %s", name, line);
  if (*line == '\0' && next != NULL && *next == '\0')
    g_error ("%s: two empty lines", name);
}

/* A heading with nothing below it. */
static void
check_sections (const char *name, const char *html)
{
  static const char *const bad[] = { "</h2>\n<h2>", "</h2>\n</main>", "</h3>\n<h2>", "<p></p>",
                                     "<h2></h2>", "<li></li>\n</ul>\n<ul>", "{{", NULL };

  for (const char *const *pattern = bad; *pattern != NULL; pattern++)
    if (strstr (html, *pattern) != NULL)
      g_error ("%s: '%s' in %s", name, *pattern, html);
  g_assert_nonnull (strstr (html, "<h1>"));
  g_assert_null (strstr (strstr (html, "<h1>") + 1, "<h1"));
}

static const char *out_dir;

static void
save (const char *name, const TemplateMail *mail)
{
  g_autofree char *flat = g_strdelimit (g_strdup (name), "/", '-');
  g_autofree char *stem = g_build_filename (out_dir, flat, NULL);
  g_autofree char *html = g_strconcat (stem, ".html", NULL);
  g_autofree char *plain = g_strconcat (stem, ".txt", NULL);
  g_autofree char *text = g_strdup_printf ("Subject: %s\n\n%s", mail->subject, mail->text);

  g_assert_true (g_file_set_contents (html, mail->html, -1, NULL));
  g_assert_true (g_file_set_contents (plain, text, -1, NULL));
}

static void
check_language (const char *name, const char *lang, const char *html)
{
  g_autofree char *mark = g_strdup_printf ("<html lang=\"%s\"", lang);

  if (strstr (html, mark) == NULL)
    g_error ("%s: the page does not say its language", name);
}

static void
check_notice (const TemplateSet *set, const char *name, const char *lang,
              const TemplateFields *fields, Sample sample)
{
  g_autofree char *file = lang != NULL ? g_strconcat (lang, "/", name, NULL) : g_strdup (name);
  g_autoptr (GError) error = NULL;
  g_auto (TemplateMail) mail = { 0 };
  bool ok = template_render (set, name, lang, fields, &mail, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  if (lang != NULL)
    check_language (file, lang, mail.html);
  g_auto (GStrv) lines = g_strsplit (mail.text, "\n", -1);

  for (char **line = lines; *line != NULL && sample != EMPTY_ROWS; line++)
    check_line (file, *line, line[1] != NULL && line[2] != NULL ? line[1] : NULL);
  if (sample != EMPTY_ROWS)
    check_sections (file, mail.html);
  g_assert_cmpuint (strlen (mail.subject), >, 10);
  g_assert_null (strpbrk (mail.subject, "\r\n\\{}"));
  if (out_dir != NULL && sample == FULL)
    save (file, &mail);
}

static TemplateSet *
read_set (void)
{
  g_autofree char *dir = g_build_filename (g_getenv ("top_srcdir") ?: ".", "templates", NULL);
  g_autoptr (GError) error = NULL;
  TemplateSet *set = template_set_read (dir, NULL, &error);

  g_assert_no_error (error);
  return set;
}

static void
every_notice (gconstpointer data)
{
  Sample sample = GPOINTER_TO_INT (data);
  g_autoptr (TemplateSet) set = read_set ();
  g_autoptr (TemplateFields) fields = sample_fields (sample);
  g_auto (GStrv) languages = template_set_languages (set);
  guint n = 0, translated = 0;

  for (const char *const *name = template_set_names (set); *name != NULL; name++, n++)
    {
      check_notice (set, *name, NULL, fields, sample);
      for (char **lang = languages; *lang != NULL; lang++)
        if (strcmp (template_set_language (set, *name, *lang), *lang) == 0)
          {
            check_notice (set, *name, *lang, fields, sample);
            translated++;
          }
    }
  g_assert_cmpuint (n, >=, 35);
  g_assert_cmpuint (translated, >=, 35);
}

static void
a_typical_notice_takes_little_time (void)
{
  g_autoptr (TemplateSet) set = read_set ();
  g_autoptr (TemplateFields) fields = sample_fields (FULL);
  gint64 start = g_get_monotonic_time ();

  for (int i = 0; i < 100; i++)
    {
      g_auto (TemplateMail) mail = { 0 };

      g_assert_true (template_render (set, "receipt", NULL, fields, &mail, NULL));
    }
  g_test_message ("%.3f ms a receipt", (g_get_monotonic_time () - start) / 100000.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  out_dir = argc > 1 ? argv[1] : NULL;
  g_test_add_data_func ("/notices/full", GINT_TO_POINTER (FULL), every_notice);
  g_test_add_data_func ("/notices/rows-of-nothing", GINT_TO_POINTER (EMPTY_ROWS), every_notice);
  g_test_add_data_func ("/notices/nothing", GINT_TO_POINTER (NOTHING), every_notice);
  g_test_add_func ("/notices/speed", a_typical_notice_takes_little_time);
  return g_test_run ();
}
