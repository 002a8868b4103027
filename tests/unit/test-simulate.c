/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Years in seconds: the figures repeat, and what must be seen in them is seen.
 */
#include "lib/lab.h"
#include "simulate/simulate.h"

/* A program with one case type; CASES is its inside. */
static Program *
small (const char *cases)
{
  static const char head[] =
    "program \"T\" { title = \"T\" time-zone = \"America/New_York\" owner = \"staff\" }\n"
    "role \"client\" { title = \"Client\" kind = outside }\n"
    "role \"staff\" { title = \"Staff\" kind = staff }\n"
    "role \"chief\" { title = \"Chief\" kind = staff }\n"
    "edition \"e\" { title = \"E\" findings = { yes, no } passing = { yes }\n"
    " element \"A\" { title = \"Aa\" group = \"g\" document \"a\" { title = \"Aaa\" required = "
    "true names = { \"*a*\" } } } }\n"
    "notice \"n\" { to = { applicant } }\n"
    "form \"f\" { title = \"F\" opens = \"t\" field \"since\" { label = \"Since\" kind = date "
    "required = true } }\n";
  g_autofree char *text = g_strdup_printf (
    "%scase-type \"t\" { title = \"T\" prefix = \"TT\" initial = \"one\" edition = \"e\"\n"
    "%s\n state \"end\" { title = \"End\" final = true } }\n",
    head, cases);
  static const char roster[] =
    "person \"s@office.example\" { name = \"S\" roles = { \"staff\" } }\n";
  const char *const names[] = { "program.conf", "roster.conf", NULL };
  GBytes *bytes[] = { g_bytes_new (text, strlen (text)),
                      g_bytes_new_static (roster, sizeof roster - 1) };
  g_autoptr (GError) error = NULL;
  Program *program = program_read_files (names, bytes, &case_vocabulary, &error);

  g_bytes_unref (bytes[0]);
  g_bytes_unref (bytes[1]);
  g_assert_no_error (error);
  return program;
}

static SimulateReport *
run (const Program *program, guint32 seed, int years, int entities)
{
  SimulateOptions options = { .seed = seed, .years = years, .entities = entities,
                              .start = lab_time ("2027-01-01T22:00:00Z") };
  g_autoptr (GError) error = NULL;
  SimulateReport *report = simulate_run (program, &options, &error);

  g_assert_no_error (error);
  return report;
}

static const SimulateTimer *
timer_of (const SimulateReport *r, const char *name)
{
  for (guint i = 0; i < r->timers->len; i++)
    if (strcmp (g_array_index (r->timers, SimulateTimer, i).timer->name, name) == 0)
      return &g_array_index (r->timers, SimulateTimer, i);
  g_error ("no timer %s", name);
}

static const SimulateState *
state_of (const SimulateReport *r, const char *name)
{
  for (guint i = 0; i < r->states->len; i++)
    if (strcmp (g_array_index (r->states, SimulateState, i).state->name, name) == 0)
      return &g_array_index (r->states, SimulateState, i);
  g_error ("no state %s", name);
}

/* Everything in it, as text. */
static char *
tell (const SimulateReport *r)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%u %u\n", r->events, r->refused);
  for (guint i = 0; i < r->states->len; i++)
    {
      const SimulateState *s = &g_array_index (r->states, SimulateState, i);
      g_string_append_printf (out, "%s %u %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                              s->state->name, s->entered, s->now, s->median, s->p90);
    }
  for (guint i = 0; i < r->timers->len; i++)
    {
      const SimulateTimer *t = &g_array_index (r->timers, SimulateTimer, i);
      g_string_append_printf (out, "%s %u %u %u %u\n", t->timer->name, t->started, t->in_time,
                              t->acted, t->missed);
    }
  for (guint i = 0; i < r->notices->len; i++)
    g_string_append_printf (out, "%u\n", g_array_index (r->notices, SimulateNotice, i).sent);
  return g_string_free (out, FALSE);
}

static void
the_same_seed_gives_the_same_figures (void)
{
  g_autoptr (Program) program = lab_program ();
  g_autoptr (SimulateReport) a = run (program, 7, 2, 20), b = run (program, 7, 2, 20),
                             c = run (program, 8, 2, 20);
  g_autofree char *ta = tell (a), *tb = tell (b), *tc = tell (c);

  g_assert_cmpstr (ta, ==, tb);
  g_assert_cmpstr (ta, !=, tc);
}

static void
the_programs_own_rules_have_no_defect (void)
{
  g_autoptr (Program) program = lab_program ();
  g_autoptr (SimulateReport) r = run (program, 1, 6, 60);

  for (guint i = 0; i < r->defects->len; i++)
    g_test_message ("%s", (char *) r->defects->pdata[i]);
  g_assert_cmpuint (r->defects->len, ==, 0);
  g_assert_cmpuint (r->stuck->len, ==, 0);
  g_assert_cmpuint (r->events, >, 500);
}

static guint
opened (const SimulateReport *r, const char *type)
{
  for (guint i = 0; i < r->types->len; i++)
    if (strcmp (g_array_index (r->types, SimulateType, i).type->name, type) == 0)
      return g_array_index (r->types, SimulateType, i).opened;
  g_error ("there is no case type %s", type);
}

/* An approval opens a record, a record opens an exit, and what only members may send comes in. */
static void
cases_of_one_organization_are_followed (void)
{
  g_autoptr (Program) program = lab_program ();
  g_autoptr (SimulateReport) r = run (program, 1, 6, 120);

  g_assert_cmpuint (opened (r, "entity"), >, 0);
  g_assert_cmpuint (opened (r, "entity"), <=, opened (r, "application"));
  g_assert_cmpuint (opened (r, "exit"), >, 0);
  g_assert_cmpuint (opened (r, "change"), >, 0);
}

/* A law clock that only writes a letter is missed; one that moves the case is not. */
static void
a_law_clock_is_missed_or_acts (void)
{
  static const char cases[] = "state \"one\" { title = \"One\" waiting-on = \"chief\"\n"
                              " on \"decide yes\" { by = { chief } to = \"end\" }\n"
                              " on \"timer x\" { %s }\n"
                              " timer \"x\" { title = \"X\" after = \"30 days\" basis = law source "
                              "= \"s\" verified = true } }";
  g_autofree char *told = g_strdup_printf (cases, "notice = { \"n\" }"),
                  *acted = g_strdup_printf (cases, "to = \"end\"");
  g_autoptr (Program) a = small (told), b = small (acted);
  g_autoptr (SimulateReport) ra = run (a, 1, 2, 10), rb = run (b, 1, 2, 10);

  g_assert_cmpuint (timer_of (ra, "x")->missed, ==, 10);
  g_assert_cmpuint (simulate_law_missed (ra), ==, 10);
  g_assert_cmpuint (timer_of (rb, "x")->acted, ==, 10);
  g_assert_cmpuint (simulate_law_missed (rb), ==, 0);
  g_assert_cmpuint (state_of (rb, "end")->now, ==, 10);
  /* All stayed exactly as long as the rule says: to the close of the thirtieth day. */
  g_assert_cmpint (state_of (rb, "one")->median / 86400, ==, 30);
}

/* A guard keeps the clock's transition from happening: it has come all the same. */
static void
a_clock_that_a_guard_stops_is_missed (void)
{
  g_autoptr (Program) program =
    small ("state \"one\" { title = \"One\" waiting-on = \"chief\" group = \"g\"\n"
           " on \"decide yes\" { by = { chief } to = \"end\" }\n"
           " on \"timer x\" { needs = { \"documents complete\" } to = \"end\" }\n"
           " timer \"x\" { title = \"X\" after = \"3 days\" source = \"s\" } }");
  g_autoptr (SimulateReport) r = run (program, 1, 1, 5);

  g_assert_cmpuint (timer_of (r, "x")->missed, ==, 5);
  g_assert_cmpuint (r->defects->len, ==, 0);
}

static void
who_waits_for_nobody_is_stuck (void)
{
  g_autoptr (Program) nobody = small ("state \"one\" { title = \"One\" waiting-on = \"chief\"\n"
                                      " on \"decide yes\" { by = { chief } to = \"end\" } }");
  g_autoptr (Program) nothing =
    small ("state \"one\" { title = \"One\" waiting-on = \"staff\"\n"
           " on \"message\" { by = { client } to = \"end\" needs = { \"field never\" } } }");
  g_autoptr (SimulateReport) a = run (nobody, 1, 1, 5), b = run (nothing, 1, 1, 5);

  g_assert_cmpuint (a->stuck->len, ==, 5);
  g_assert_cmpstr (((SimulateStuck *) a->stuck->pdata[0])->ref, ==, "TT-2027-0001");
  g_assert_cmpstr (((SimulateStuck *) a->stuck->pdata[0])->why, ==,
                   "nobody has the role 'chief', and no clock runs");
  g_assert_cmpstr (((SimulateStuck *) b->stuck->pdata[0])->why, ==,
                   "'staff' can do nothing there, and no clock runs");
  g_assert_cmpuint (a->unused->len, ==, 1);
  g_assert_true (g_str_has_suffix (a->unused->pdata[0],
                                   ": warning: nothing ever took \"decide yes\" in state \"one\""));
}

/* Documents, questions, findings and a decision: people find the whole way by themselves. */
static void
people_find_their_way (void)
{
  g_autoptr (Program) program = small (
    "state \"one\" { title = \"One\" waiting-on = \"client\" group = \"g\"\n"
    " on \"documents\" { by = { client } do = { \"record documents\" } }\n"
    " on \"submit\" { by = { client } needs = { \"documents complete\" } to = \"two\" } }\n"
    "state \"two\" { title = \"Two\" waiting-on = \"staff\" group = \"g\"\n"
    " on \"finding\" { by = { staff } do = { \"record finding\" } }\n"
    " on \"clarify\" { by = { staff } do = { \"open clarification q\" } to = \"three\" }\n"
    " on \"decide yes\" { by = { staff } needs = { \"findings passing\" } to = \"end\" } }\n"
    "state \"three\" { title = \"Three\" waiting-on = \"client\" group = \"g\"\n"
    " on \"message\" { by = { client } do = { \"answer clarification\" } }\n"
    " on \"answered\" { to = \"two\" } }\n"
    "on \"timer q\" { notice = { \"n\" } }\n"
    "timer \"q\" { title = \"Q\" after = \"10 business days\" source = \"s\" }");
  g_autoptr (SimulateReport) r = run (program, 3, 4, 40);

  g_assert_cmpuint (state_of (r, "end")->now, >, 25);
  g_assert_cmpuint (r->unused->len, ==, 0);
  g_assert_cmpuint (timer_of (r, "q")->in_time, >, timer_of (r, "q")->missed);
}

static void
a_program_nobody_can_enter_is_refused (void)
{
  g_autoptr (Program) program = lab_small_program ("state \"one\" { title = \"O\" final = true }");
  SimulateOptions options = {
    .seed = 1, .years = 1, .entities = 1, .start = lab_time ("2027-01-01T22:00:00Z")
  };
  g_autoptr (GError) error = NULL;

  g_assert_null (simulate_run (program, &options, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_INVALID);
}

/* Six years of the program that is shipped: whatever people do, each law clock leads to
 * something. */
static void
the_shipped_program_misses_no_law_clock (void)
{
  g_autoptr (Program) program = lab_program ();

  for (guint32 seed = 1; seed <= 2; seed++)
    {
      g_autoptr (SimulateReport) r = run (program, seed, 6, 500);

      g_assert_cmpuint (simulate_law_missed (r), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulate/the-same-seed-gives-the-same-figures",
                   the_same_seed_gives_the_same_figures);
  g_test_add_func ("/simulate/the-programs-own-rules-have-no-defect",
                   the_programs_own_rules_have_no_defect);
  g_test_add_func ("/simulate/cases-of-one-organization-are-followed",
                   cases_of_one_organization_are_followed);
  g_test_add_func ("/simulate/a-law-clock-is-missed-or-acts", a_law_clock_is_missed_or_acts);
  g_test_add_func ("/simulate/the-shipped-program-misses-no-law-clock",
                   the_shipped_program_misses_no_law_clock);
  g_test_add_func ("/simulate/a-clock-that-a-guard-stops-is-missed",
                   a_clock_that_a_guard_stops_is_missed);
  g_test_add_func ("/simulate/who-waits-for-nobody-is-stuck", who_waits_for_nobody_is_stuck);
  g_test_add_func ("/simulate/people-find-their-way", people_find_their_way);
  g_test_add_func ("/simulate/a-program-nobody-can-enter-is-refused",
                   a_program_nobody_can_enter_is_refused);
  return g_test_run ();
}
