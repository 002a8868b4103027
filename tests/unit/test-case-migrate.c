/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A case goes on by another definition: with the dates that one gives, or not at all.
 */
#include "lib/lab.h"

#define VERSION "0000000000000000000000000000000000000000000000000000000000000000"

static const char *const roles[] = { "staff", NULL };
static const CaseActor staff = { "s@office.example", "S", true, roles, ASSURE_TOKEN };

#define TYPE(STATE, TIMER)                                                                         \
  "state \"one\" { title = \"One\" waiting-on = staff on \"decide go\" { by = { staff } to = "     \
  "\"" STATE "\" } }"                                                                              \
  " state \"" STATE "\" { title = \"Two\" waiting-on = staff group = \"g\""                        \
  " on \"note\" { by = { staff } to = \"one\" } on \"extend\" { by = { staff } do = { \"extend "   \
  "timer x 2 days\" } }"                                                                           \
  " on \"timer x\" { notice = { n } } " TIMER " }"

#define TEN                                                                                        \
  "timer \"x\" { title = \"X\" after = \"10 days\" reminder \"n\" { before = \"3 days\" } }"

/* A case of TYPE ("two", TEN) in that state, since 15 March 2027. */
static void
open_case (Lab *lab)
{
  lab_open (lab, lab_small_program (TYPE ("two", TEN)), "t", "2027-03-15T16:00:00Z");
  lab_say (lab, &staff, "decide go");
}

static bool
migrate (Lab *lab, const char *type, GError **error)
{
  g_autoptr (Program) program = lab_small_program (type);
  CaseEvent event = { .name = "migrate", .actor = &staff };

  g_ptr_array_set_size (lab->changes, 0);
  return case_migrate (program, VERSION, lab->c, &event, lab->now, lab->changes, error);
}

static char *
day (const Lab *lab, gint64 at)
{
  return calendar_short (lab->program->calendar, at);
}

static const struct {
  const char *name, *type;
  const char *due;      /* of timer x, afterwards */
  guint moved, reminders;
} fits[] = {
  { "the-same",        TYPE ("two", TEN), "Thu 25 Mar 2027", 0, 1 },
  { "longer",          TYPE ("two", "timer \"x\" { title = \"X\" after = \"20 days\" reminder \"n\" { before = \"3 days\" } }"),
    "Sun 4 Apr 2027", 1, 1 },
  { "shorter",         TYPE ("two", "timer \"x\" { title = \"X\" after = \"5 days\" }"), "Sat 20 Mar 2027", 1, 0 },
  { "over-already",    TYPE ("two", "timer \"x\" { title = \"X\" after = \"1 day\" }"), "Wed 17 Mar 2027", 1, 0 },
  { "other-reminders", TYPE ("two", "timer \"x\" { title = \"X\" after = \"10 days\" reminder \"n\" { before = { \"1 day\", \"2 days\" } } }"),
    "Thu 25 Mar 2027", 0, 2 },
};

static void
it_goes_on (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  lab.now = lab_time ("2027-03-17T16:00:00Z");
  g_assert_true (migrate (&lab, fits[i].type, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (lab.c->definition, ==, VERSION);
  g_assert_cmpstr (lab.c->state, ==, "two");
  g_assert_cmpuint (lab_count (&lab, CHANGE_DEFINITION, VERSION), ==, 1);
  g_assert_cmpuint (lab_count (&lab, CHANGE_TIMER_MOVED, "definition"), ==, fits[i].moved);
  g_autofree char *due = day (&lab, lab_timer (lab.c, "x")->due);
  g_assert_cmpstr (due, ==, fits[i].due);
  g_assert_cmpuint (lab.c->timers->len, ==, 1 + fits[i].reminders);
}

static void
what_was_added_to_a_date_is_added_there_too (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  lab_say (&lab, &staff, "extend");
  g_assert_true (
    migrate (&lab, TYPE ("two", "timer \"x\" { title = \"X\" after = \"20 days\" }"), NULL));
  g_autofree char *due = day (&lab, lab_timer (lab.c, "x")->due);
  g_assert_cmpstr (due, ==, "Tue 6 Apr 2027");
  g_assert_cmpstr (lab_timer (lab.c, "x")->span, ==, "20 days + 2 days");
}

static void
where_it_may_go_back_the_state_before_must_be_there (void)
{
  g_autoptr (Program) program = lab_small_program (
    "state \"one\" { title = \"One\" waiting-on = staff on \"decide go\" { by = { staff } to = "
    "\"two\" } }"
    " state \"two\" { title = \"Two\" waiting-on = staff on \"timer x\" { to = \"previous\" } " TEN
    " }");
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  g_autoptr (GPtrArray) none = case_misfits (program, lab.c);
  g_assert_cmpuint (none->len, ==, 0);
  g_free (lab.c->previous);
  lab.c->previous = g_strdup ("gone");
  g_autoptr (GPtrArray) found = case_misfits (program, lab.c);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpstr (found->pdata[0], ==, "there is no state before this one \"gone\" any more");
}

static const struct {
  const char *name, *type, *why;
} misfits[] = {
  { "state",    TYPE ("three", TEN), "there is no state \"two\" any more" },
  { "timer",    "state \"one\" { title = \"One\" waiting-on = staff on \"decide go\" { by = { staff } to = \"two\" } }"
                " state \"two\" { title = \"Two\" waiting-on = staff }", "there is no timer \"x\" any more" },
};

static void
it_stays_as_it_is (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  g_autofree char *before = g_strdup (lab.c->definition);
  g_assert_false (migrate (&lab, misfits[i].type, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_PERMANENT);
  g_assert_nonnull (strstr (error->message, misfits[i].why));
  g_assert_cmpstr (lab.c->definition, ==, before);
  g_assert_cmpuint (lab.changes->len, ==, 0);
}

static void
once_is_enough_and_a_closed_case_rests (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  g_assert_true (migrate (&lab, TYPE ("two", TEN), NULL));
  g_assert_false (migrate (&lab, TYPE ("two", TEN), &error));
  g_assert_nonnull (strstr (error->message, "goes by today's definition already"));
  g_clear_error (&error);
  g_free (lab.c->definition);
  lab.c->definition = g_strdup ("older");
  lab.c->open = false;
  g_assert_false (migrate (&lab, TYPE ("two", TEN), &error));
  g_assert_nonnull (strstr (error->message, "is closed"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (fits); i++)
    {
      g_autofree char *path = g_strdup_printf ("/case-migrate/fits/%s", fits[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), it_goes_on);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (misfits); i++)
    {
      g_autofree char *path = g_strdup_printf ("/case-migrate/misfits/%s", misfits[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), it_stays_as_it_is);
    }
  g_test_add_func ("/case-migrate/what-was-added-to-a-date-is-added-there-too",
                   what_was_added_to_a_date_is_added_there_too);
  g_test_add_func ("/case-migrate/where-it-may-go-back-the-state-before-must-be-there",
                   where_it_may_go_back_the_state_before_must_be_there);
  g_test_add_func ("/case-migrate/once-is-enough-and-a-closed-case-rests",
                   once_is_enough_and_a_closed_case_rests);
  return g_test_run ();
}
