/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fields of a case and the dates among them: set, computed, compared, brought by an event; and the
 * state a case came from.
 */
#include "base/words.h"
#include "lib/lab.h"

#define FIELDS                                                                                     \
  "field \"base\" { label = \"Base day\" kind = date } field \"due\" { label = \"Due day\" kind "  \
  "= date }"                                                                                       \
  " field \"count\" { label = \"Count\" kind = number } field \"ready\" { label = \"Ready\" kind " \
  "= yes-no }"

/* A case whose one state has ON, at noon of 15 March 2027 in the office's zone. */
static void
open_with (Lab *lab, const char *on)
{
  g_autofree char *text =
    g_strdup_printf (FIELDS " state \"one\" { title = \"One\" waiting-on = staff %s }", on);

  lab_open (lab, lab_small_program (text), "t", "2027-03-15T16:00:00Z");
}

static const char *const staff_roles[] = { "staff", NULL };
static const CaseActor staff = { "s@office.example", "S", true, staff_roles, ASSURE_TOKEN };

static void
set (Lab *lab, const char *field, const char *value)
{
  g_hash_table_insert (lab->c->fields, g_strdup (field), g_strdup (value));
}

static const char *
field (const Lab *lab, const char *name)
{
  return g_hash_table_lookup (lab->c->fields, name);
}

/* --- computed ------------------------------------------------------------------ */

static const struct {
  const char *name, *base, *action, *want;
} computed[] = {
  { "plus",                 "2027-03-01", "date due from base plus 60 days", "2027-04-30" },
  { "minus",                "2027-08-31", "date due from base minus 6 months", "2027-02-28" },
  { "plus-business-days",   "2027-03-05", "date due from base plus 1 business day", "2027-03-08" },
  { "from-today",           "2027-01-01", "date due from today plus 1 day", "2027-03-16" },
  { "next-is-this-year",    "2027-03-01", "date due from base next 03-31", "2027-03-31" },
  { "next-is-strictly-later", "2027-03-31", "date due from base next 03-31", "2028-03-31" },
  { "next-is-the-day-after", "2027-03-30", "date due from base next 03-31", "2027-03-31" },
  { "next-over-the-year",   "2027-12-31", "date due from base next 01-01", "2028-01-01" },
  { "next-from-today",      "2027-01-01", "date due from today next 03-15", "2028-03-15" },
  { "next-from-a-leap-day", "2028-02-29", "date due from base next 02-28", "2029-02-28" },
  { "today",                "2027-01-01", "date due", "2027-03-15" },
  { "year",                 "2026-12-31", "year due of base", "2026" },
};

static void
it_is_computed (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *on =
    g_strdup_printf ("on \"note\" { by = { staff } do = { \"%s\" } }", computed[i].action);
  g_auto (Lab) lab = { 0 };

  open_with (&lab, on);
  set (&lab, "base", computed[i].base);
  lab_say (&lab, &staff, "note");
  g_assert_cmpstr (field (&lab, "due"), ==, computed[i].want);
  g_assert_cmpuint (lab_count (&lab, CHANGE_FIELD, "due"), ==, 1);
}

static void
what_is_counted_from_must_be_known (void)
{
  static const char *const actions[] = { "date due from base plus 1 day",
                                         "date due from base next 03-31", "year due of base" };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autofree char *on =
        g_strdup_printf ("on \"note\" { by = { staff } do = { \"%s\" } }", actions[i]);
      g_auto (Lab) lab = { 0 };

      open_with (&lab, on);
      lab_refused (&lab, &(CaseEvent){ .name = "note", .actor = &staff },
                   "Base day is not known yet");
      g_assert_null (field (&lab, "due"));
    }
}

static void
a_date_named_is_the_one_of_the_command (void)
{
  g_auto (Lab) lab = { 0 };

  open_with (&lab, "on \"mark sent\" { by = { staff } do = { \"date base\", \"clear due\" } }");
  set (&lab, "due", "2027-01-01");
  lab_do (&lab, &(CaseEvent){ .name = "mark sent",
                              .actor = &staff,
                              .date = lab_time ("2027-02-03T22:00:00Z") });
  g_assert_cmpstr (field (&lab, "base"), ==, "2027-02-03");
  g_assert_cmpstr (field (&lab, "due"), ==, "");
}

/* --- compared ------------------------------------------------------------------ */

static const struct {
  const char *name, *base, *guard, *obstacle; /* NULL: it holds */
} compared[] = {
  { "reached-today",     "2027-03-15", "date base reached", NULL },
  { "not-reached",       "2027-03-16", "date base reached", "'Base day' is Tue 16 Mar 2027, which has not come yet" },
  { "unknown",           NULL,         "date base reached", "'Base day' is not known yet" },
  { "after-just",        "2027-05-14", "date base at least 60 days after today", NULL },
  { "after-a-day-short", "2027-05-13", "date base at least 60 days after today",
    "'Base day' is Thu 13 May 2027; at least 60 days after today (Mon 15 Mar 2027) means Fri 14 May 2027 or later" },
  { "before-just",       "2027-03-05", "date base at least 10 days before today", NULL },
  { "before-a-day-short", "2027-03-06", "date base at least 10 days before today",
    "'Base day' is Sat 6 Mar 2027; at least 10 days before today (Mon 15 Mar 2027) means Fri 5 Mar 2027 or earlier" },
  { "other-unknown",     "2027-03-06", "date base at least 10 days after due", "'Due day' is not known yet" },
};

static void
it_is_compared (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *on =
    g_strdup_printf ("on \"note\" { by = { staff } needs = { \"%s\" } do = { \"record note\" } }",
                     compared[i].guard);
  g_auto (Lab) lab = { 0 };

  open_with (&lab, on);
  if (compared[i].base != NULL)
    set (&lab, "base", compared[i].base);
  g_autoptr (GPtrArray) obstacles = case_obstacles (lab.program, lab.c, "note", lab.now);
  g_assert_cmpuint (obstacles->len, ==, compared[i].obstacle != NULL);
  if (compared[i].obstacle != NULL)
    {
      g_autofree char *english = words_english (obstacles->pdata[0]);

      g_assert_cmpstr (english, ==, compared[i].obstacle);
    }
}

/* --- brought by an event ------------------------------------------------------- */

static const struct {
  const char *field, *value, *want, *refusal;
} values[] = {
  { "base",  "March 4, 2027", "2027-03-04", NULL },
  { "base",  "03/04/27",      NULL, "Base day is a date: '03/04/27' can be misread" },
  { "ready", "YES",           "yes", NULL },
  { "ready", "maybe",         NULL, "Ready is yes or no, not maybe" },
  { "count", "12.5",          "12.5", NULL },
  { "count", "a dozen",       NULL, "Count is a number such as 1200, not a dozen" },
  { "count", "",              NULL, "Count is a number" },
};

static void
staff_set_what_a_field_can_hold (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *name = g_strdup_printf ("set %s", values[i].field);
      g_autofree char *on = g_strdup_printf ("on \"%s\" { by = { staff } }", name);
      CaseEvent event = { .name = name, .actor = &staff, .value = values[i].value };
      g_auto (Lab) lab = { 0 };

      open_with (&lab, on);
      if (values[i].refusal != NULL)
        lab_refused (&lab, &event, values[i].refusal);
      else
        lab_do (&lab, &event);
      g_assert_cmpstr (field (&lab, values[i].field), ==, values[i].want);
    }
}

/* --- the state it came from ---------------------------------------------------- */

#define BACK "on \"decide resume\" { by = { staff } to = \"previous\" }"
#define TWO_WAYS_TO_HOLD                                                                           \
  "state \"one\" { title = \"One\" waiting-on = staff on \"decide go\" { by = { staff } to = "     \
  "\"two\" }"                                                                                      \
  " on \"decide hold\" { by = { staff } to = \"hold\" } }"                                         \
  "state \"two\" { title = \"Two\" waiting-on = staff on \"decide hold\" { by = { staff } to = "   \
  "\"hold\" }"                                                                                     \
  " timer \"slow\" { title = \"Slow\" after = \"10 days\" } on \"timer slow\" { notice = { n } } " \
  "}"                                                                                              \
  "state \"hold\" { title = \"On hold\" waiting-on = staff " BACK " }"

static void
a_case_goes_back_to_the_state_it_came_from (void)
{
  g_auto (Lab) lab = { 0 };

  lab_open (&lab, lab_small_program (TWO_WAYS_TO_HOLD), "t", "2027-03-15T16:00:00Z");
  g_assert_null (lab.c->previous);
  lab_say (&lab, &staff, "decide hold");
  lab_say (&lab, &staff, "decide resume");
  g_assert_cmpstr (lab.c->state, ==, "one");
  g_assert_cmpstr (lab.c->previous, ==, "hold");
  lab_say (&lab, &staff, "decide go");
  lab_say (&lab, &staff, "decide hold");
  g_assert_cmpuint (lab.c->timers->len, ==, 0);
  lab_say (&lab, &staff, "decide resume");
  g_assert_cmpstr (lab.c->state, ==, "two");
  g_assert_cmpuint (lab_count (&lab, CHANGE_STATE, "two"), ==, 1);
  /* It is entered like any state: its clock begins anew. */
  g_assert_nonnull (lab_timer (lab.c, "slow"));
}

static void
a_transition_says_where_it_leads_this_case (void)
{
  g_auto (Lab) lab = { 0 };

  lab_open (&lab, lab_small_program (TWO_WAYS_TO_HOLD), "t", "2027-03-15T16:00:00Z");
  lab_say (&lab, &staff, "decide hold");
  const ProgramTransition *back = case_transition (lab.program, lab.c, "decide resume", lab.now);
  g_assert_cmpstr (case_target (lab.program, lab.c, back)->name, ==, "one");
}

static void
where_a_case_begins_there_is_nothing_to_go_back_to (void)
{
  g_auto (Lab) lab = { 0 };

  lab_open (&lab,
            lab_small_program ("state \"one\" { title = \"One\" waiting-on = staff " BACK " }"),
            "t", "2027-03-15T16:00:00Z");
  lab_refused (&lab, &(CaseEvent){ .name = "decide resume", .actor = &staff },
               "One is where the case began: there is no state before it to go back to");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (computed); i++)
    {
      g_autofree char *path = g_strdup_printf ("/case-dates/computed/%s", computed[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), it_is_computed);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (compared); i++)
    {
      g_autofree char *path = g_strdup_printf ("/case-dates/compared/%s", compared[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), it_is_compared);
    }
  g_test_add_func ("/case-dates/what-is-counted-from-must-be-known",
                   what_is_counted_from_must_be_known);
  g_test_add_func ("/case-dates/a-date-named-is-the-one-of-the-command",
                   a_date_named_is_the_one_of_the_command);
  g_test_add_func ("/case-dates/staff-set-what-a-field-can-hold", staff_set_what_a_field_can_hold);
  g_test_add_func ("/case-dates/a-case-goes-back-to-the-state-it-came-from",
                   a_case_goes_back_to_the_state_it_came_from);
  g_test_add_func ("/case-dates/a-transition-says-where-it-leads-this-case",
                   a_transition_says_where_it_leads_this_case);
  g_test_add_func ("/case-dates/where-a-case-begins-there-is-nothing-to-go-back-to",
                   where_a_case_begins_there_is_nothing_to_go_back_to);
  return g_test_run ();
}
