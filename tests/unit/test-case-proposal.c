/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two people: who counts as a second one, what counts as the same command, and until when.
 */
#include "lib/lab.h"

static const char *const roles[] = { "staff", NULL };
static const CaseActor ann = { "ann@office.example", "Ann", true, roles, ASSURE_TOKEN };
static const CaseActor bob = { "bob@office.example", "Bob", true, roles, ASSURE_TOKEN };
static const CaseActor ann_at_home = { "a@home.example", "ANN", true, roles, ASSURE_TOKEN };
static const CaseActor key_of_bob = { "robert@home.example", "Robert", true, roles, ASSURE_TOKEN };

static void
hire (Program *program, const CaseActor *actor, const char *certificate)
{
  ProgramPerson *person = g_new0 (ProgramPerson, 1);
  const char *const certificates[] = { certificate, NULL };

  person->address = g_strdup (actor->address);
  person->name = g_strdup (actor->name);
  person->roles = g_strdupv ((char **) roles);
  person->certificates = g_strdupv ((char **) certificates);
  g_ptr_array_add (program->people, person);
}

static void
open_case (Lab *lab)
{
  lab_open (lab, lab_small_program (
    "state \"one\" { title = \"One\" waiting-on = staff group = \"g\""
    " on \"decide yes\" { by = { staff } people = 2 second-within = \"2 days\" do = { \"set answer yes\" } to = \"two\" }"
    " on \"mark back\" { by = { staff } to = \"one\" } }"
    " state \"two\" { title = \"Two\" final = true }"), "t", "2027-03-15T16:00:00Z");
  hire (lab->program, &ann, NULL);
  hire (lab->program, &bob, "AB12");
  hire (lab->program, &ann_at_home, NULL);
  hire (lab->program, &key_of_bob, "ab12");
}

static void
decide (Lab *lab, const CaseActor *actor, const char *text)
{
  lab_do (lab, &(CaseEvent){ .name = "decide yes", .actor = actor, .value = "yes", .text = text });
}

static void
the_second_person_makes_it_happen (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  decide (&lab, &ann, "because");
  g_assert_cmpstr (lab.c->state, ==, "one");
  g_assert_cmpuint (lab.c->proposals->len, ==, 1);
  decide (&lab, &bob, NULL);
  g_assert_cmpstr (lab.c->state, ==, "two");
  g_assert_cmpuint (lab.c->proposals->len, ==, 0);
}

static void
the_same_person_does_not_count_under_any_address (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  decide (&lab, &ann, NULL);
  lab_refused (&lab, &(CaseEvent){ .name = "decide yes", .actor = &ann, .value = "yes" }, "1 of 2");
  lab_refused (&lab, &(CaseEvent){ .name = "decide yes", .actor = &ann_at_home, .value = "yes" }, "1 of 2");
  g_assert_cmpuint (lab.c->proposals->len, ==, 1);
  decide (&lab, &bob, "other words");
  lab_refused (&lab, &(CaseEvent){ .name = "decide yes", .actor = &key_of_bob, .value = "yes" }, "1 of 2");
  g_assert_cmpstr (lab.c->state, ==, "one");
}

static void
other_words_are_another_proposal (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  decide (&lab, &ann, "because");
  decide (&lab, &bob, "for another reason");
  g_assert_cmpstr (lab.c->state, ==, "one");
  g_assert_cmpuint (lab.c->proposals->len, ==, 1);
  g_assert_cmpstr (((CaseProposal *) lab.c->proposals->pdata[0])->by, ==, bob.address);
  decide (&lab, &ann, "for another reason");
  g_assert_cmpstr (lab.c->state, ==, "two");
}

static void
it_ends_with_its_time_its_state_and_the_right (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  decide (&lab, &ann, NULL);
  lab.now += 3 * 24 * 3600;
  decide (&lab, &bob, NULL); /* too late: Bob's own */
  g_assert_cmpstr (lab.c->state, ==, "one");
  lab.c->state_since = ++lab.now; /* it has been elsewhere meanwhile */
  decide (&lab, &ann, NULL);
  g_assert_cmpstr (lab.c->state, ==, "one");
  ProgramPerson *former = (ProgramPerson *) program_person (lab.program, ann.address);
  g_strfreev (former->roles);
  former->roles = g_new0 (char *, 1);
  decide (&lab, &bob, NULL); /* Ann, who proposed it, may not any more */
  g_assert_cmpstr (lab.c->state, ==, "one");
  decide (&lab, &ann_at_home, NULL);
  g_assert_cmpstr (lab.c->state, ==, "two");
}

static void
it_can_be_taken_back_by_who_made_it (void)
{
  g_auto (Lab) lab = { 0 };
  g_autoptr (GError) error = NULL;

  open_case (&lab);
  decide (&lab, &ann, NULL);
  g_assert_false (case_withdraw_proposals (lab.program, lab.c, &(CaseEvent){ .name = "x", .actor = &bob }, lab.now, lab.changes, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_PERMANENT);
  g_assert_true (case_withdraw_proposals (lab.program, lab.c, &(CaseEvent){ .name = "x", .actor = &ann }, lab.now, lab.changes, NULL));
  decide (&lab, &bob, NULL);
  g_assert_cmpstr (lab.c->state, ==, "one");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/case-proposal/the-second-person-makes-it-happen", the_second_person_makes_it_happen);
  g_test_add_func ("/case-proposal/the-same-person-does-not-count-under-any-address", the_same_person_does_not_count_under_any_address);
  g_test_add_func ("/case-proposal/other-words-are-another-proposal", other_words_are_another_proposal);
  g_test_add_func ("/case-proposal/it-ends-with-its-time-its-state-and-the-right", it_ends_with_its_time_its_state_and_the_right);
  g_test_add_func ("/case-proposal/it-can-be-taken-back-by-who-made-it", it_can_be_taken_back_by_who_made_it);
  return g_test_run ();
}
