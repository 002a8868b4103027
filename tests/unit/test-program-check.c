/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is found in a definition as a whole; and that the two we have are clean.
 */
#include "case/case.h"
#include "lib/definition.h"

/* FIND replaced by INSTEAD gives a finding that matches WANT. */
static const struct {
  const char *name, *find, *instead, *want;
} rows[] = {
  { "unreachable", "to = \"abgeschlossen\"", "to = \"abgelehnt\"", "cases/grant.conf:*: state \"abgeschlossen\" is never reached from \"eingegangen\"; *" },
  { "dead-end", "do = { \"stop timer abrechnung\" } to = \"abgeschlossen\"", "do = { \"stop timer abrechnung\" }", "cases/grant.conf:*: nothing leads out of state \"bewilligt\"; *" },
  { "drift", "on \"timer nachforderung\" { to = \"abgelehnt\"", "on \"timer nachforderung\" { to = \"nachforderung\"", "cases/grant.conf:*: from state \"nachforderung\" the case comes back to it for ever*" },
  { "nothing-before", "state \"abgelehnt\"", "state \"leer\" { title = \"L\" waiting-on = \"leitung\" on \"decide x\" { by = { \"leitung\" } to = \"previous\" } } state \"abgelehnt\"", "cases/grant.conf:*: there is no state before \"leer\" to go back to: nothing leads to it; *" },
  { "drift-back", "state \"abgelehnt\"", "state \"a\" { title = \"A\" waiting-on = \"leitung\" on \"opened\" { to = \"b\" } } state \"b\" { title = \"B\" waiting-on = \"leitung\" on \"opened\" { to = \"previous\" } } state \"abgelehnt\"", "cases/grant.conf:*: from state \"a\" the case comes back to it for ever*" },
  { "timer-outcome", "on \"timer pruefung\" { notice = { \"vorlage\" } }", "", "cases/grant.conf:*: timer \"pruefung\" has no outcome; write on \"timer pruefung\" { ... }" },
  { "timer-start", "do = { \"start timer abrechnung\" }", "", "cases/grant.conf:*: timer \"abrechnung\" is never started; *" },
  { "timer-elsewhere", "on \"decide abgelehnt\"", "on \"timer pruefung\" { notice = { \"vorlage\" } } on \"decide abgelehnt\"", "cases/grant.conf:*: timer \"pruefung\" does not run in state \"vorlage\"; *" },
  { "timer-law", "after = \"4 weeks\" source = \"Ziel des Amtes\" pauses = true", "after = \"4 weeks\" source = \"x\" basis = law", "cases/grant.conf:*: warning: timer \"pruefung\" is said to be law*" },
  { "signal-unheard", "do = { \"stop timer abrechnung\" } to", "do = { \"stop timer abrechnung\", \"signal grant fertig\" } to", "cases/grant.conf:*: nobody hears \"signal grant fertig\"; write on \"signal fertig\" { ... } into *" },
  { "signal-unraised", "on \"decide abgelehnt\"", "on \"signal fertig\" { to = \"abgelehnt\" } on \"decide abgelehnt\"", "cases/grant.conf:*: nobody raises \"signal fertig\" in a case of type \"grant\"; *\"signal grant fertig\"*" },
  { "opens-for-ever", "on \"opened\" { do = { ", "on \"opened\" { do = { \"open grant\", ", "cases/grant.conf:*: \"opened\" of case type \"grant\" sets itself off again without end; *" },
  { "again-unsaid", "initial = \"eingegangen\"", "initial = \"eingegangen\" one-open = true", "cases/grant.conf:*: state \"eingegangen\" does not say what follows when a form comes that would open a second case*; write on \"again\"*" },
  { "again-never", "on \"decide abgelehnt\"", "on \"again\" { by = { \"verein\" } do = { \"record note\" } } on \"decide abgelehnt\"", "cases/grant.conf:*: on \"again\" never happens; write one-open = true into case type \"grant\", or remove it" },
  { "field", "\"field summe\"", "\"field bonus\"", "cases/grant.conf:*: \"field bonus\" can never hold: no form has a field 'bonus' and no action sets it" },
  { "two-people-of-role", "\"note\", \"decide\" } assurance = signed", "\"note\", \"decide\" } assurance = signed people = 2", "program.conf:*: role 'leitung' asks for two people, and only one in the roster has it" },
  { "two-people", "on \"decide abgelehnt\" {", "on \"decide abgelehnt\" { people = 2", "cases/grant.conf:*: \"decide abgelehnt\" needs two people, and only one in the roster may cause it" },
  { "right", "roles = { \"leitung\", \"sachbearbeitung\" }", "roles = { \"sachbearbeitung\" }", "cases/grant.conf:*: nobody in the roster may cause \"decide bewilligt\"; give somebody the role 'leitung'" },
  { "command", "\"note\", \"assign\", \"finding\"", "\"note\", \"assign\"", "cases/grant.conf:*: role 'sachbearbeitung' may not command \"finding\"; write \"finding\" into its commands, or take it out of by" },
  { "escalate", "roles = { \"leitung\", \"sachbearbeitung\" }", "roles = { \"sachbearbeitung\" }", "program.conf:*: nobody in the roster is told*'leitung'" },
  { "overlap", "\"*kosten*plan*\"", "\"*skizze*kosten*\"", "program.conf:*: a file \"skizze kosten\" could be document \"projektskizze\" as well as \"kostenplan\" (line *); *" },
  { "unrecognised", "names = { \"*beleg*\" } words = { \"belege\" }", "", "program.conf:*: document \"belegliste\" cannot be recognised; write names or words" },
  { "unasked", "    group = \"nachweis\"\n    on", "    on", "program.conf:*: warning: no state asks for element Nachweis*" },
};

static bool
has_template (const char *name, gpointer data)
{
  return g_strcmp0 (name, data) != 0; /* all but one */
}

static bool
is_found (const GPtrArray *findings, const char *pattern)
{
  for (guint i = 0; i < findings->len; i++)
    if (g_pattern_match_simple (pattern, findings->pdata[i]))
      return true;
  return false;
}

static void
it_is_found (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_auto (Definition) d = definition_read ();
  char place[64];

  definition_change (&d, rows[i].find, rows[i].instead, place);
  g_autoptr (Program) program = definition_program (&d, true, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) findings = program_check (program, NULL, NULL);

  if (!is_found (findings, rows[i].want))
    {
      for (guint k = 0; k < findings->len; k++)
        g_test_message ("%s", (char *) findings->pdata[k]);
      g_error ("not found: %s", rows[i].want);
    }
  g_assert_true (program_finding_is_warning (findings->pdata[0])
                 == (strstr (rows[i].want, ": warning: ") != NULL));
}

static void
a_missing_template_is_found (void)
{
  g_auto (Definition) d = definition_read ();
  g_autoptr (Program) program = definition_program (&d, true, NULL);
  g_autoptr (GPtrArray) findings = program_check (program, has_template, (gpointer) "vorlage");

  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_true (is_found (
    findings, "program.conf:*: notice \"vorlage\" has no template; write templates/vorlage.md"));
}

static void
without_a_roster_there_is_only_a_warning (void)
{
  g_auto (Definition) d = definition_read ();
  g_autoptr (Program) program = definition_program (&d, false, NULL);
  g_autoptr (GPtrArray) findings = program_check (program, NULL, NULL);

  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_true (program_finding_is_warning (findings->pdata[0]));
}

static void
a_text_about_warnings_is_no_warning (void)
{
  g_assert_true (program_finding_is_warning ("a:1: warning: x"));
  g_assert_false (program_finding_is_warning ("a:1: the notice warning: x"));
  g_assert_false (program_finding_is_warning ("x"));
}

static void
the_grants_program_is_clean (void)
{
  g_auto (Definition) d = definition_read ();
  g_autoptr (Program) program = definition_program (&d, true, NULL);
  g_autoptr (GPtrArray) findings = program_check (program, NULL, NULL);

  g_assert_cmpuint (findings->len, ==, 0);
}

static void
a_category_nobody_looks_after_is_found (void)
{
  g_auto (Definition) d = definition_read ();
  char place[64];

  definition_change (&d, "case-type \"grant\"",
                     "sorting { } category \"presse\" { title = \"Presse\" owner = \"leitung\" } "
                     "case-type \"grant\"",
                     place);
  definition_change (&d, "roles = { \"leitung\", \"sachbearbeitung\" }",
                     "roles = { \"sachbearbeitung\" }", place);
  g_autoptr (Program) program = definition_program (&d, true, NULL);
  g_autoptr (GPtrArray) findings = program_check (program, NULL, NULL);
  bool found = false;

  for (guint i = 0; i < findings->len; i++)
    found |= strstr (findings->pdata[i], "nobody in the roster looks after mail of category "
                                         "\"presse\"; give somebody the role 'leitung'")
             != NULL;
  g_assert_true (found);
}

/* A pause that people begin and the clock ends: the case is back where they left it. */
#define PAUSED "on \"decide pause\" { by = { \"leitung\" } to = \"pause\" }"
#define PAUSE                                                                                      \
  "state \"pause\" { title = \"Pause\" waiting-on = \"leitung\" on \"timer ende\" { to = "         \
  "\"previous\" }"                                                                                 \
  " timer \"ende\" { title = \"Ende\" after = \"1 week\" } } state \"abgelehnt\""

static void
a_pause_leads_back_and_is_drawn_so (void)
{
  g_auto (Definition) d = definition_read ();
  char place[64];

  definition_change (&d, "on \"decide abgelehnt\"", PAUSED " on \"decide abgelehnt\"", place);
  definition_change (&d, "state \"abgelehnt\"", PAUSE, place);
  g_autoptr (Program) program = definition_program (&d, true, NULL);
  g_autoptr (GPtrArray) findings = program_check (program, NULL, NULL);
  g_autofree char *dot = program_graph (program, program_case_type (program, "grant"));

  g_assert_cmpuint (findings->len, ==, 0);
  g_assert_nonnull (
    strstr (dot, "\"pause\" -> \"vorlage\" [label=\"timer ende\\l\" style=dashed];\n"));
}

static void
the_programs_own_rules_are_clean (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *rules = g_build_filename (g_getenv ("top_srcdir"), "rules", NULL);
  g_autofree char *roster = g_build_filename (rules, "roster.conf.example", NULL);
  g_autoptr (Program) program = program_read (rules, roster, &case_vocabulary, &error);

  g_assert_no_error (error);
  g_autoptr (GPtrArray) findings = program_check (program, NULL, NULL);
  for (guint i = 0; i < findings->len; i++)
    if (!program_finding_is_warning (findings->pdata[i]))
      g_error ("%s", (char *) findings->pdata[i]);
}

static void
the_graph_has_every_state_and_move (void)
{
  g_auto (Definition) d = definition_read ();
  char place[64];

  definition_change (&d, "\"Zur Entscheidung vorgelegt\"",
                     "\"Zur \\\"Entscheidung\\\" \\\\ vorgelegt\"", place);
  g_autoptr (Program) program = definition_program (&d, true, NULL);
  g_autofree char *dot = program_graph (program, program_case_type (program, "grant"));

  g_assert_true (g_str_has_prefix (dot, "digraph \"grant\" {\n"));
  g_assert_nonnull (
    strstr (dot, "\"abgelehnt\" [label=\"Abgelehnt\" fillcolor=\"#eeeeee\" peripheries=2];\n"));
  g_assert_nonnull (strstr (dot, "\"Zur \\\"Entscheidung\\\" \\\\\\nvorgelegt\\n(leitung)\""));
  g_assert_nonnull (
    strstr (dot, "\"vorlage\" -> \"bewilligt\" [label=\"decide bewilligt (leitung)\\l\"];\n"));
  g_assert_nonnull (strstr (
    dot, "\"nachforderung\" -> \"abgelehnt\" [label=\"timer nachforderung\\l\" style=dashed];\n"));
  g_assert_nonnull (strstr (dot, "\"any state\" -> \"zurueckgezogen\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/program-check/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), it_is_found);
    }
  g_test_add_func ("/program-check/a-missing-template-is-found", a_missing_template_is_found);
  g_test_add_func ("/program-check/a-category-nobody-looks-after-is-found",
                   a_category_nobody_looks_after_is_found);
  g_test_add_func ("/program-check/without-a-roster-there-is-only-a-warning",
                   without_a_roster_there_is_only_a_warning);
  g_test_add_func ("/program-check/a-text-about-warnings-is-no-warning",
                   a_text_about_warnings_is_no_warning);
  g_test_add_func ("/program-check/the-grants-program-is-clean", the_grants_program_is_clean);
  g_test_add_func ("/program-check/a-pause-leads-back-and-is-drawn-so",
                   a_pause_leads_back_and_is_drawn_so);
  g_test_add_func ("/program-check/the-programs-own-rules-are-clean",
                   the_programs_own_rules_are_clean);
  g_test_add_func ("/program-check/the-graph-has-every-state-and-move",
                   the_graph_has_every_state_and_move);
  return g_test_run ();
}
