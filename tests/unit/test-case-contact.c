/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The people of a case, and the language that staff note for them.
 */
#include "lib/lab.h"

static const char *const roles[] = { "program-manager", NULL };
static const CaseActor manager = { "pat.manager@office.example", "Pat", true, roles, ASSURE_TOKEN };

static void
open_case (Lab *lab)
{
  lab_open (lab, lab_program (), "application", "2027-03-15T16:00:00Z");
  g_ptr_array_set_size (lab->c->contacts, 0);
  g_ptr_array_add (lab->c->contacts, case_contact_new ("ana@salud.example", "Ana", "", ""));
  g_ptr_array_add (lab->c->contacts, case_contact_new ("bob@salud.example", "Bob", "", "en"));
}

static const char *
language_of (const Lab *lab, const char *email)
{
  return case_contact (lab->c, email)->language;
}

static void
staff_note_the_language_of_one_or_all (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  lab_do (&lab,
          &(CaseEvent){
            .name = "language", .actor = &manager, .value = "es", .element = "ANA@salud.example" });
  g_assert_cmpstr (language_of (&lab, "ana@salud.example"), ==, "es");
  g_assert_cmpstr (language_of (&lab, "bob@salud.example"), ==, "en");
  g_assert_cmpuint (lab_count (&lab, CHANGE_LANGUAGE, "ana@salud.example"), ==, 1);
  g_assert_cmpuint (lab_count (&lab, CHANGE_LANGUAGE, "bob@salud.example"), ==, 0);
  lab_do (&lab, &(CaseEvent){ .name = "language", .actor = &manager, .value = "Spanish" });
  g_assert_cmpstr (language_of (&lab, "bob@salud.example"), ==, "es");
}

static void
what_is_no_language_or_nobody_is_refused (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  lab_refused (&lab, &(CaseEvent){ .name = "language", .actor = &manager, .value = "Klingon" },
               "is not a language of the program");
  lab_refused (
    &lab,
    &(CaseEvent){
      .name = "language", .actor = &manager, .value = "es", .element = "eve@salud.example" },
    "is not one of the people of this case");
}

static void
a_child_has_the_people_of_its_parent (void)
{
  g_auto (Lab) lab = { 0 };
  CaseChange change = { .kind = CHANGE_OPEN, .name = (char *) "change" };
  g_autoptr (GError) error = NULL;

  open_case (&lab);
  g_autoptr (Case) child = case_child (lab.program, lab.c, &change, lab.now, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (child->contacts->len, ==, 2);
  g_assert_cmpstr (case_contact (child, "bob@salud.example")->language, ==, "en");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/case-contact/language", staff_note_the_language_of_one_or_all);
  g_test_add_func ("/case-contact/refused", what_is_no_language_or_nobody_is_refused);
  g_test_add_func ("/case-contact/child", a_child_has_the_people_of_its_parent);
  return g_test_run ();
}
