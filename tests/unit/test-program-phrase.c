/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Phrases of guards, actions and events: which row one is, what it names, and what is said about
 * one that cannot be read.
 */
#include "case/case.h"
#include "case/case-private.h"
#include "lib/definition.h"

/* The grants program with ON in every state, and fields of its own. */
static Program *
program_with (const char *on, GError **error)
{
  g_auto (Definition) d = definition_read ();
  g_autofree char *more = g_strdup_printf (
    "%s\n  field \"base\" { label = \"Base\" kind = date }"
    " field \"due\" { label = \"Due\" kind = date } field \"note\" { label = \"Note\" }\n"
    "  on \"withdraw\"",
    on);
  char place[64];

  definition_change (&d, "on \"withdraw\"", more, place);
  return definition_program (&d, true, error);
}

/* The one term of the transition for "mark x". */
static const ProgramTerm *
term_of (const Program *program, bool guard)
{
  const ProgramCaseType *type = program_case_type (program, "grant");
  const ProgramTransition *t = program_transition (type, type->states->pdata[0], "mark x");
  const GPtrArray *terms = guard ? t->needs : t->actions;

  g_assert_cmpuint (terms->len, ==, 1);
  return terms->pdata[0];
}

static char *
transition_with (const char *phrase, bool guard)
{
  return guard ? g_strdup_printf (
           "on \"mark x\" { by = { \"leitung\" } needs = { \"%s\" } do = { \"record note\" } }",
           phrase)
               : g_strdup_printf ("on \"mark x\" { by = { \"leitung\" } do = { \"%s\" } }", phrase);
}

/* VALUES: what the phrase names, joined by '|'. */
static const struct {
  const char *phrase, *shape, *values, *span;
  bool guard;
} good[] = {
  { "documents complete",        "documents complete GROUP", "", NULL, true },
  { "documents complete antrag", "documents complete GROUP", "antrag", NULL, true },
  { "no unclear document",       "no unclear document", "", NULL, true },
  { "extensions below 2",        "extensions below NUMBER", "2", NULL, true },
  { "field note",                "field FIELD", "note", NULL, true },
  { "field note two words",      "field FIELD TEXT", "note|two words", NULL, true },
  { "date base reached",         "date DATE reached", "base", NULL, true },
  { "date base at least 10 business days after due", "date DATE at least SPAN after DAY",
    "base|10 business days|due", "10 business days", true },
  { "date base at least 2 months before today", "date DATE at least SPAN before DAY", "base|2 months|today", "2 months", true },
  { "case grant in vorlage bewilligt", "case CASE-TYPE in STATES", "grant|vorlage bewilligt", NULL, true },
  { "timer abrechnung runs",     "timer TIMER runs", "abrechnung", NULL, true },
  { "date base",                 "date DATE", "base", NULL, false },
  { "date due from base plus 60 days", "date DATE from DAY plus SPAN", "due|base|60 days", "60 days", false },
  { "date due from today minus 1 year", "date DATE from DAY minus SPAN", "due|today|1 year", "1 year", false },
  { "date due from base next 03-31", "date DATE from DAY next MONTH-DAY", "due|base|03-31", NULL, false },
  { "set note all the rest of it", "set FIELD TEXT", "note|all the rest of it", NULL, false },
  { "extend timer abrechnung 2 weeks", "extend timer TIMER SPAN", "abrechnung|2 weeks", "14 days", false },
  { "signal grant paid",         "signal CASE-TYPE WORD", "grant|paid", NULL, false },
  { "signal parent paid",        "signal parent WORD", "paid", NULL, false },
};

static void
a_phrase_is_the_row_whose_shape_it_has (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *on = transition_with (good[i].phrase, good[i].guard);
  g_autoptr (GError) error = NULL;
  g_autoptr (Program) program = program_with (on, &error);

  g_assert_no_error (error);
  const ProgramTerm *term = term_of (program, good[i].guard);
  const ProgramWord *table = good[i].guard ? case_guard_words : case_action_words;
  g_autofree char *shape = program_word_shape (&table[term->index]),
                  *values = g_strjoinv ("|", term->values);
  g_autofree char *span = term->span.n != 0 ? span_format (term->span) : NULL;
  g_assert_cmpstr (shape, ==, good[i].shape);
  g_assert_cmpstr (values, ==, good[i].values);
  g_assert_cmpstr (span, ==, good[i].span);
  g_assert_true (term->related == g_str_has_prefix (good[i].phrase, "case ")
                 || g_str_has_prefix (good[i].phrase, "signal "));
}

static const struct {
  const char *phrase, *mistake;
  bool guard;
} refused[] = {
  { "documents complet",         "'documents complet' is no guard; *did you mean 'documents complete'?", true },
  { "documents complete antrags", "there is no group 'antrags'; did you mean 'antrag'?", true },
  { "extensions below",          "'extensions below' is not complete; write extensions below NUMBER", true },
  { "extensions below two",      "'two' is no number; write such as 1", true },
  { "no unclear document here",  "'no unclear document here' says too much; write no unclear document", true },
  { "field bonus",               "there is no field 'bonus'; write one of*", true },
  { "date note reached",         "there is no date 'note'; write one of*", true },
  { "date base at least soon after due", "'soon' is not a span of time: *", true },
  { "date base at least 0 days after due", "a span must be longer than nothing", true },
  { "date base at last 2 days after due", "'date base at last 2 days after due' does not read so; write date DATE reached, or *", true },
  { "case grant in vorlag",      "there is no state 'vorlag'; did you mean 'vorlage'?", true },
  { "timer abrechnung run",      "'timer abrechnung run' does not read so; write timer TIMER runs", true },
  { "date due from base next 3-31",  "'3-31' is no day of the year; write month and day such as 03-31", false },
  { "date due from base next 13-01", "'13-01' is no day of the year; *", false },
  { "date due from base next 00-10", "'00-10' is no day of the year; *", false },
  { "date due from base next 04-31", "'04-31' is no day of the year; *", false },
  { "date due from base next 2027-03-31", "'2027-03-31' is no day of the year; *", false },
  { "date due from base next 02-29", "not every year has a 29 February; write 02-28 or 03-01", false },
  { "date due from base next",   "'date due from base next' does not read so; write date DATE, or *", false },
  { "date due from yesterday next 03-31", "there is no date 'yesterday'; *", false },
  { "start timer",               "'start timer' is not complete; write start timer TIMER", false },
  { "open clarificaton x",       "'open clarificaton x' is no action; *", false },
};

static void
what_cannot_be_read_is_explained (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *on = transition_with (refused[i].phrase, refused[i].guard);
  g_autoptr (GError) error = NULL;
  g_autoptr (Program) program = program_with (on, &error);
  g_autofree char *pattern = g_strdup_printf ("cases/grant.conf:*: %s", refused[i].mistake);

  g_assert_null (program);
  g_assert_nonnull (error);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("'%s' is not '%s'", error->message, pattern);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *path = g_strdup_printf ("/program-phrase/read/%s", good[i].phrase);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), a_phrase_is_the_row_whose_shape_it_has);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strdup_printf ("/program-phrase/refused/%s", refused[i].phrase);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), what_cannot_be_read_is_explained);
    }
  return g_test_run ();
}
