/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The calendar becomes another one: which dates of a case move, what is said of them, and what
 * stays.
 */
#include "base/words.h"
#include "lib/lab.h"

#define START "2027-03-15T16:00:00Z" /* noon of a Monday, in the office's zone */

/* A case with TIMERS, whose events do nothing; the fields "base" is a Monday. */
static void
open_with (Lab *lab, const char *timers)
{
  g_autofree char *text = g_strdup_printf ("field \"base\" { label = \"Base\" kind = date }"
                                           " state \"one\" { title = \"One\" waiting-on = staff %s"
                                           " on \"note\" { by = { staff } do = { \"date base\" } } "
                                           "on \"clarify\" { by = { staff } to = \"away\" } }"
                                           " state \"away\" { title = \"Away\" waiting-on = client "
                                           "on \"note\" { by = { staff } to = \"one\" } }",
                                           timers);
  static const char *const roles[] = { "staff", NULL };
  static const CaseActor staff = { "s@office.example", "S", true, roles, ASSURE_TOKEN };

  lab_open (lab, lab_small_program (text), "t", START);
  lab_say (lab, &staff, "note");
}

static void
close_on (Lab *lab, const char *day)
{
  g_autoptr (GError) error = NULL;

  calendar_add_closure (lab->program->calendar, day, "Snow", 0, &error);
  g_assert_no_error (error);
}

static bool
recount (Lab *lab)
{
  g_ptr_array_set_size (lab->changes, 0);
  return case_recount (lab->program, lab->c, lab->now, lab->changes);
}

static char *
due_day (const Lab *lab, const char *timer)
{
  return calendar_short (lab->program->calendar, lab_timer (lab->c, timer)->due);
}

static const char on_x[] = " on \"timer x\" { notice = { n } } on \"timer y\" { notice = { n } }";

static const struct {
  const char *name, *timer, *before, *after; /* AFTER NULL: it stays */
} rows[] = {
  { "business-days",          "timer \"x\" { title = \"X\" after = \"5 business days\" }", "Mon 22 Mar 2027", "Tue 23 Mar 2027" },
  { "business-days-of-law",   "timer \"x\" { title = \"X\" after = \"5 business days\" basis = law source = \"s\" verified = true }",
    "Mon 22 Mar 2027", "Tue 23 Mar 2027" },
  { "before-the-closed-day",  "timer \"x\" { title = \"X\" after = \"2 business days\" }", "Wed 17 Mar 2027", NULL },
  { "calendar-days",          "timer \"x\" { title = \"X\" after = \"10 days\" }", "Thu 25 Mar 2027", NULL },
  { "months",                 "timer \"x\" { title = \"X\" after = \"1 month\" basis = law source = \"s\" verified = true }",
    "Thu 15 Apr 2027", NULL },
  { "hours",                  "timer \"x\" { title = \"X\" after = \"100 hours\" }", "Fri 19 Mar 2027", NULL },
  { "from-a-field",           "timer \"x\" { title = \"X\" from = \"field base\" after = \"4 business days\" }", "Fri 19 Mar 2027", "Mon 22 Mar 2027" },
};

static void
one_closed_day (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *timers =
    g_strconcat (rows[i].timer, on_x, " timer \"y\" { title = \"Y\" after = \"900 days\" }", NULL);
  g_auto (Lab) lab = { 0 };

  open_with (&lab, timers);
  g_autofree char *before = due_day (&lab, "x"),
                  *version = g_strdup (lab_timer (lab.c, "x")->calendar);
  gint64 was = lab_timer (lab.c, "x")->due, n = lab_timer (lab.c, "x")->n;
  g_assert_cmpstr (before, ==, rows[i].before);
  g_assert_false (recount (&lab)); /* the same calendar */
  close_on (&lab, "2027-03-18");
  g_assert_true (recount (&lab) == (rows[i].after != NULL));

  g_autofree char *after = due_day (&lab, "x");
  const CaseTimer *timer = lab_timer (lab.c, "x");
  g_assert_cmpstr (after, ==, rows[i].after != NULL ? rows[i].after : rows[i].before);
  g_assert_cmpuint (lab_count (&lab, CHANGE_TIMER_MOVED, NULL), ==, rows[i].after != NULL);
  g_assert_cmpint (timer->n, ==, n); /* it is the same timer, never stopped */
  if (rows[i].after == NULL)
    {
      g_assert_cmpuint (lab.changes->len, ==, 0);
      g_assert_cmpstr (timer->calendar, ==, version);
      return;
    }
  const CaseChange *change = lab.changes->pdata[0];
  g_assert_cmpstr (change->name, ==, "calendar");
  g_assert_cmpint (change->at, ==, was);
  g_autofree char *english = words_english (change->timer->why);
  g_assert_nonnull (strstr (english, "not counting Thu 18 Mar (Snow)"));
  g_assert_cmpstr (timer->calendar, ==, calendar_version (lab.program->calendar));
  g_assert_cmpstr (timer->calendar, !=, version);
  g_assert_false (recount (&lab)); /* once is enough */
}

static void
what_has_come_due_stays (void)
{
  g_autofree char *timers =
    g_strconcat ("timer \"x\" { title = \"X\" after = \"5 business days\" }", on_x,
                 " timer \"y\" { title = \"Y\" after = \"900 days\" }", NULL);
  g_auto (Lab) lab = { 0 };

  open_with (&lab, timers);
  lab.now = lab_timer (lab.c, "x")->due;
  close_on (&lab, "2027-03-18");
  g_assert_false (recount (&lab));
  g_assert_cmpuint (lab.changes->len, ==, 0);
}

static void
what_stands_still_is_counted_when_it_goes_on (void)
{
  static const char *const roles[] = { "staff", NULL };
  static const CaseActor staff = { "s@office.example", "S", true, roles, ASSURE_TOKEN };
  g_autofree char *text = g_strconcat ("state \"one\" { title = \"One\" waiting-on = staff on "
                                       "\"opened\" { do = { \"start timer x\" } }"
                                       " on \"clarify\" { by = { staff } to = \"away\" } }"
                                       "state \"away\" { title = \"Away\" waiting-on = client on "
                                       "\"note\" { by = { staff } to = \"one\" } }"
                                       "on \"timer x\" { notice = { n } } timer \"x\" { title = "
                                       "\"X\" after = \"5 business days\" pauses = true }",
                                       NULL);
  g_auto (Lab) lab = { 0 };

  lab_open (&lab, lab_small_program (text), "t", START);
  lab_say (&lab, &staff, "clarify");
  g_assert_cmpint (lab_timer (lab.c, "x")->paused, !=, 0);
  close_on (&lab, "2027-03-18");
  g_assert_false (recount (&lab));
  lab_say (&lab, &staff, "note");
  g_autofree char *due = due_day (&lab, "x");
  g_assert_cmpstr (due, ==, "Tue 23 Mar 2027");
}

static void
what_is_counted_from_a_date_that_moves_goes_along (void)
{
  g_autofree char *timers =
    g_strconcat ("timer \"x\" { title = \"X\" after = \"5 business days\" }"
                 " timer \"y\" { title = \"Y\" from = \"timer x\" after = \"10 days\" }",
                 on_x, NULL);
  g_auto (Lab) lab = { 0 };

  open_with (&lab, timers);
  close_on (&lab, "2027-03-18");
  g_assert_true (recount (&lab));
  g_autofree char *due = due_day (&lab, "y");
  g_assert_cmpstr (due, ==, "Fri 2 Apr 2027");
}

static const CaseTimer *
reminder_of (const Case *c)
{
  for (guint i = 0; i < c->timers->len; i++)
    if (((const CaseTimer *) c->timers->pdata[i])->parent != 0)
      return c->timers->pdata[i];
  return NULL;
}

static void
a_reminder_comes_earlier_where_only_its_days_are_others (void)
{
  g_autofree char *timers =
    g_strconcat ("timer \"x\" { title = \"X\" after = \"10 days\""
                 " reminder \"n\" { before = \"5 business days\" } }",
                 on_x, " timer \"y\" { title = \"Y\" after = \"900 days\" }", NULL);
  g_auto (Lab) lab = { 0 };

  open_with (&lab, timers);
  close_on (&lab, "2027-03-23");
  g_assert_false (recount (&lab)); /* nobody's date moved */
  g_assert_cmpuint (lab_count (&lab, CHANGE_TIMER_MOVED, "calendar"), ==, 1);
  g_autofree char *day = calendar_short (lab.program->calendar, reminder_of (lab.c)->due);
  g_assert_cmpstr (day, ==, "Wed 17 Mar 2027");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/case-recount/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), one_closed_day);
    }
  g_test_add_func ("/case-recount/what-has-come-due-stays", what_has_come_due_stays);
  g_test_add_func ("/case-recount/what-stands-still-is-counted-when-it-goes-on",
                   what_stands_still_is_counted_when_it_goes_on);
  g_test_add_func ("/case-recount/what-is-counted-from-a-date-that-moves-goes-along",
                   what_is_counted_from_a_date_that_moves_goes_along);
  g_test_add_func ("/case-recount/a-reminder-comes-earlier-where-only-its-days-are-others",
                   a_reminder_comes_earlier_where_only_its_days_are_others);
  return g_test_run ();
}
