/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a definition and its templates say about each other, on the grants program and a few
 * templates.
 */
#include "admin/admin-check.h"
#include "lib/definition.h"
#include "outbox/outbox.h"

static GPtrArray *
check (const char *find, const char *instead, const char *file, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_auto (Definition) d = definition_read ();
  GPtrArray *findings = g_ptr_array_new_with_free_func (g_free);
  const char *names[] = { file, NULL }, *texts[] = { text, NULL };
  char place[64];

  if (find != NULL)
    definition_change (&d, find, instead, place);
  g_autoptr (Program) program = definition_program (&d, true, &error);
  g_assert_no_error (error);
  g_autoptr (TemplateSet) set = template_set_new (names, texts, program->language, &error);
  g_assert_no_error (error);
  admin_check_mail (program, set, "templates", findings);
  return findings;
}

static void
assert_found (const GPtrArray *findings, const char *pattern)
{
  for (guint i = 0; i < findings->len; i++)
    if (g_pattern_match_simple (pattern, findings->pdata[i]))
      return;
  for (guint i = 0; i < findings->len; i++)
    g_test_message ("%s", (char *) findings->pdata[i]);
  g_error ("not found: %s", pattern);
}

static void
a_good_pair_has_no_finding (void)
{
  g_autoptr (GPtrArray) findings =
    check (NULL, NULL, "eingang.md", "Subject: Eingang\n\n{{organization}}\n");

  for (guint i = 0; i < findings->len; i++)
    g_error ("%s", (char *) findings->pdata[i]);
}

static void
a_field_nobody_knows_is_found (void)
{
  g_autoptr (GPtrArray) findings =
    check (NULL, NULL, "eingang.md",
           "Subject: {{case_ref}}\n\nHallo\n{{if organisation}}x{{end}}\n{{dates}}\n");

  assert_found (
    findings,
    "templates/eingang.md:4: there is no field 'organisation'; did you mean 'organization'?");
  assert_found (findings, "templates/eingang.md:5: 'dates' is not used as what it is: *");
  g_assert_cmpuint (findings->len, ==, 2);
}

static void
a_notice_nothing_sends_is_found (void)
{
  g_autoptr (GPtrArray) findings =
    check ("notice \"eingang\" {", "notice \"nie\" { to = { applicant } }\nnotice \"eingang\" {",
           "eingang.md", "Subject: x\n\ny\n");

  assert_found (findings, "program.conf:*: warning: nothing ever sends notice \"nie\"; *");
}

static void
a_notice_of_the_office_itself_must_be_there (void)
{
  g_autoptr (GPtrArray) findings =
    check ("notice \"transcript\"", "notice \"protokoll\"", "eingang.md", "Subject: x\n\ny\n");

  assert_found (
    findings,
    "program.conf:*: the office sends notice \"transcript\" by itself, and there is none; "
    "write notice \"transcript\" { to = { ... } }");
}

static void
a_template_nothing_uses_is_found (void)
{
  g_autoptr (GPtrArray) findings = check (NULL, NULL, "alt.md", "Subject: x\n\ny\n");

  assert_found (findings, "templates/alt.md:1: warning: no notice \"alt\" uses this template; *");
}

static void
a_blank_form_that_is_not_there_is_found (void)
{
  g_autoptr (GPtrArray) findings =
    check ("title = \"Antrag\"", "title = \"Antrag\" blanks = { \"forms/antrag.pdf\" }",
           "eingang.md", "Subject: x\n\ny\n");

  assert_found (findings, "program.conf:*: there is no file templates/forms/antrag.pdf to attach; "
                          "contrib/make-forms makes it");
}

/* Whoever may write in a language gets the program's own where nobody translated: a line tells how
 * much that is. */
static void
what_is_not_translated_is_told (void)
{
  g_autoptr (GPtrArray) findings =
    check ("notice \"eingang\" {", "language \"es\" { title = \"Spanisch\" }\nnotice \"eingang\" {",
           "eingang.md", "Subject: Eingang\n\n{{organization}}\n");

  assert_found (findings, "program.conf:*: warning: 1 of 1 notices to people outside have no "
                          "template in es/ and go out in the "
                          "program's own language: eingang");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/admin-check/good", a_good_pair_has_no_finding);
  g_test_add_func ("/admin-check/languages", what_is_not_translated_is_told);
  g_test_add_func ("/admin-check/field", a_field_nobody_knows_is_found);
  g_test_add_func ("/admin-check/unsent", a_notice_nothing_sends_is_found);
  g_test_add_func ("/admin-check/own", a_notice_of_the_office_itself_must_be_there);
  g_test_add_func ("/admin-check/unused", a_template_nothing_uses_is_found);
  g_test_add_func ("/admin-check/blank", a_blank_form_that_is_not_there_is_found);
  return g_test_run ();
}
