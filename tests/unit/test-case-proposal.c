/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two people: who counts as a second one, what counts as the same command, and until when.
 */
#include "lib/lab.h"

#include <string.h>

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
  lab_open (
    lab,
    lab_small_program ("state \"one\" { title = \"One\" waiting-on = staff group = \"g\""
                       " on \"decide yes\" { by = { staff } people = 2 second-within = \"2 days\" "
                       "do = { \"set answer yes\" } to = \"two\" }"
                       " on \"finding\" { by = { staff } people = 2 do = { \"record finding\" } }"
                       " on \"note\" { by = { staff } do = { \"record note\" } }"
                       " on \"mark away\" { by = { staff } to = \"three\" } }"
                       " state \"three\" { title = \"Three\" waiting-on = staff group = \"g\" on "
                       "\"mark back\" { by = { staff } to = \"one\" } }"
                       " state \"two\" { title = \"Two\" final = true }"),
    "t", "2027-03-15T16:00:00Z");
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
  lab_refused (&lab, &(CaseEvent){ .name = "decide yes", .actor = &ann_at_home, .value = "yes" },
               "1 of 2");
  g_assert_cmpuint (lab.c->proposals->len, ==, 1);
  decide (&lab, &bob, "other words");
  lab_refused (&lab, &(CaseEvent){ .name = "decide yes", .actor = &key_of_bob, .value = "yes" },
               "1 of 2");
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
  g_assert_false (case_withdraw_proposals (
    lab.program, lab.c, &(CaseEvent){ .name = "x", .actor = &bob }, lab.now, lab.changes, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_PERMANENT);
  g_assert_true (case_withdraw_proposals (
    lab.program, lab.c, &(CaseEvent){ .name = "x", .actor = &ann }, lab.now, lab.changes, NULL));
  decide (&lab, &bob, NULL);
  g_assert_cmpstr (lab.c->state, ==, "one");
}

static guint
n_lapsed (const Lab *lab)
{
  guint n = 0;

  for (guint i = 0; i < lab->changes->len; i++)
    {
      const CaseChange *change = lab->changes->pdata[i];

      n += change->kind == CHANGE_PROPOSAL && strcmp (change->value, "lapsed") == 0 ? 1 : 0;
    }
  return n;
}

static void
it_does_not_outlive_its_state (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  decide (&lab, &ann, NULL);
  lab_do (&lab, &(CaseEvent){ .name = "mark away", .actor = &bob });
  g_assert_cmpuint (lab.c->proposals->len, ==, 0);
  g_assert_cmpuint (n_lapsed (&lab), ==, 1);
  lab_do (&lab, &(CaseEvent){ .name = "mark back", .actor = &bob });
  decide (&lab, &bob, NULL);
  g_assert_cmpstr (lab.c->state, ==, "one");
}

static void
when_its_time_is_over_it_is_gone (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  decide (&lab, &ann, NULL);
  case_lapse_proposal (lab.c, ((CaseProposal *) lab.c->proposals->pdata[0])->n, lab.changes);
  g_assert_cmpuint (n_lapsed (&lab), ==, 1);
  decide (&lab, &bob, NULL);
  g_assert_cmpstr (lab.c->state, ==, "one");
}

/* What one says of 1.1 has nothing to do with what another one says of 1.2. */
static void
several_things_are_proposed_beside_each_other (void)
{
  g_auto (Lab) lab = { 0 };
  const CaseEvent first = { .name = "finding", .actor = &ann, .element = "A", .value = "yes" };
  const CaseEvent otherwise = { .name = "finding", .actor = &ann, .element = "A", .value = "no" };
  const CaseEvent agreed = { .name = "finding", .actor = &bob, .element = "A", .value = "yes" };

  open_case (&lab);
  decide (&lab, &ann, NULL);
  lab_do (&lab, &first);
  lab_do (&lab, &otherwise);
  g_assert_cmpuint (lab.c->proposals->len, ==, 3);
  lab_do (&lab, &agreed);
  g_assert_cmpuint (lab.c->proposals->len, ==, 2);
  g_assert_cmpuint (lab.c->findings->len, ==, 1);
}

/* The role asks for two, the transition does not; whoever has another role that does not ask for it
 * acts alone, and ends what waits. */
static void
a_role_may_ask_for_two (void)
{
  static const char *const both[] = { "staff", "head", NULL };
  static const CaseActor head = { "bob@office.example", "Bob", true, both, ASSURE_TOKEN };
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  ProgramRole *staff = (ProgramRole *) program_role (lab.program, "staff"),
              *second = g_new0 (ProgramRole, 1);
  staff->people = 2;
  staff->second_within = (Span){ 2, SPAN_DAYS };
  *second = (ProgramRole){
    .name = g_strdup ("head"), .title = g_strdup ("Head"), .kind = ROLE_STAFF, .people = 1
  };
  g_ptr_array_add (lab.program->roles, second);
  const ProgramTransition *t = case_transition (lab.program, lab.c, "mark away", lab.now);
  g_strfreev (t->by);
  ((ProgramTransition *) t)->by = g_strdupv ((char **) both);

  lab_do (&lab, &(CaseEvent){ .name = "mark away", .actor = &ann });
  g_assert_cmpstr (lab.c->state, ==, "one");
  g_assert_cmpuint (lab.c->proposals->len, ==, 1);
  lab_do (&lab, &(CaseEvent){ .name = "mark away", .actor = &head });
  g_assert_cmpstr (lab.c->state, ==, "three");
  g_assert_cmpuint (lab.c->proposals->len, ==, 0);
  lab_do (&lab, &(CaseEvent){ .name = "mark back", .actor = &ann });
  lab_refused (&lab, &(CaseEvent){ .name = "mark back", .actor = &ann_at_home }, "1 of 2");
  lab_do (&lab, &(CaseEvent){ .name = "mark back", .actor = &bob });
  g_assert_cmpstr (lab.c->state, ==, "one");
  lab_do (&lab, &(CaseEvent){ .name = "mark away", .actor = &head });
  g_assert_cmpstr (lab.c->state, ==, "three");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/case-proposal/the-second-person-makes-it-happen",
                   the_second_person_makes_it_happen);
  g_test_add_func ("/case-proposal/the-same-person-does-not-count-under-any-address",
                   the_same_person_does_not_count_under_any_address);
  g_test_add_func ("/case-proposal/other-words-are-another-proposal",
                   other_words_are_another_proposal);
  g_test_add_func ("/case-proposal/it-ends-with-its-time-its-state-and-the-right",
                   it_ends_with_its_time_its_state_and_the_right);
  g_test_add_func ("/case-proposal/it-can-be-taken-back-by-who-made-it",
                   it_can_be_taken_back_by_who_made_it);
  g_test_add_func ("/case-proposal/it-does-not-outlive-its-state", it_does_not_outlive_its_state);
  g_test_add_func ("/case-proposal/when-its-time-is-over-it-is-gone",
                   when_its_time_is_over_it_is_gone);
  g_test_add_func ("/case-proposal/several-things-are-proposed-beside-each-other",
                   several_things_are_proposed_beside_each_other);
  g_test_add_func ("/case-proposal/a-role-may-ask-for-two", a_role_may_ask_for_two);
  return g_test_run ();
}
