/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How well the definition's rules sort what people write: tests/data/triage, category by category.
 *
 * A rule that answers by itself is sure of itself; a message left to a person is unsure, which is
 * never wrong.  The figures are printed (--verbose); the floors stand just under what is reached.
 * Those held back were never looked at for a rule. Whoever is certified has a record, and writes as
 * one of its people; who complains or asks for files does not.
 */
#include "triage/triage.h"

#include <string.h>

#include "lib/lab.h"
#include "lib/labelled.h"
#include "lib/office.h"

/* What a rule of the definition takes a message for; several where its answer fits each of them. */
static const struct {
  const char *rule, *categories;
} meant[] = {
  { "apply", " registration inquiry " },
  { "change", " change-notice " },
  { "complaint", " complaint provider-correction " },
  { "data-decrease", " data-decrease " },
  { "exit", " exit " },
  { "incident", " incident " },
  { "incident-of-a-stranger", " incident " },
  { "legal-press", " legal-press " },
  { "privacy-concern", " privacy-concern incident " },
};

enum { FLOOR_RIGHT = 40, CEILING_WRONG = 4 };

typedef struct {
  guint all, right, wrong;
} Tally;

static Program *program;

static const char *
categories_of (const char *rule)
{
  for (guint i = 0; i < G_N_ELEMENTS (meant); i++)
    if (strcmp (meant[i].rule, rule) == 0)
      return meant[i].categories;
  return NULL; /* left to a person */
}

static bool
is_of_an_entity (const char *labels)
{
  return !labelled_is_among (labels, " complaint legal-press provider-correction ");
}

static void
sort_one (bool certified, const char *labels, const char *subject, const char *text, gpointer data)
{
  static const gint64 record = 1;
  Who who = certified && is_of_an_entity (labels) ? WHO_MEMBER : WHO_STRANGER;
  g_autoptr (Message) m = office_mail ("somebody@else.example", subject, text);
  g_autoptr (GArray) cases = g_array_new (FALSE, FALSE, sizeof (gint64));
  Identity id = { .who = who, .address = (char *) "somebody@else.example" };
  TriageFacts facts = { .program = program, .message = m, .identity = &id, .mailbox = "program",
                        .member_cases = cases, .member_all = cases };
  if (who == WHO_MEMBER)
    g_array_append_val (cases, record);
  g_autoptr (Decision) d = triage_decide (&facts);
  const char *categories = categories_of (d->rule);
  Tally *tally = &((Tally *) data)[labelled_is_held_back (subject)];

  tally->all++;
  if (categories == NULL)
    return;
  if (labelled_is_among (labels, categories))
    tally->right++;
  else
    {
      tally->wrong++;
      g_test_message ("taken for %s, is %s: %s", d->rule, labels, subject);
    }
}

static void
rules_that_are_sure_are_right (void)
{
  Tally tallies[2] = { { 0 } };

  labelled_each (sort_one, tallies);
  for (guint i = 0; i < 2; i++)
    g_test_message ("%s: %u messages, %u sorted rightly, %u wrongly, %u left to a person",
                    i == 0 ? "open" : "held back", tallies[i].all, tallies[i].right,
                    tallies[i].wrong, tallies[i].all - tallies[i].right - tallies[i].wrong);
  g_assert_cmpuint (tallies[0].all + tallies[1].all, >=, 300);
  g_assert_cmpuint (tallies[1].all, >=, 80);
  g_assert_cmpuint (tallies[0].right + tallies[1].right, >=, FLOOR_RIGHT);
  g_assert_cmpuint (tallies[0].wrong + tallies[1].wrong, <=, CEILING_WRONG);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  program = lab_program ();
  g_test_add_func ("/triage/messages", rules_that_are_sure_are_right);
  int result = g_test_run ();
  program_free (program);
  return result;
}
