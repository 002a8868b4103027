/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How well the definition's rules sort what people write: tests/data/triage, category by category.
 *
 * A rule that answers by itself is sure of itself; a message left to a person is unsure, which is never wrong.  The figures
 * are printed (--verbose); the floors stand just under what is reached.  Those held back were never looked at for a rule.
 * Whoever is certified has a record, and writes as one of its people; who complains or asks for files does not.
 */
#include "triage/triage.h"

#include <string.h>

#include "base/digest.h"
#include "lib/lab.h"
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
is_held_back (const char *subject)
{
  char sum[65];

  digest_of (subject, (gssize) strlen (subject), sum);
  return sum[0] >= '0' && sum[0] <= '4';
}

/* LABELS "exit reapplication": either is right. */
static bool
is_among (const char *labels, const char *categories)
{
  g_auto (GStrv) words = g_strsplit (labels, " ", -1);

  for (char **word = words; *word != NULL; word++)
    {
      g_autofree char *padded = g_strdup_printf (" %s ", *word);

      if (strstr (categories, padded) != NULL)
        return true;
    }
  return false;
}

static bool
is_of_an_entity (const char *labels)
{
  return !is_among (labels, " complaint legal-press provider-correction ");
}

static void
sort_one (bool certified, const char *labels, const char *subject, const char *text, Tally tallies[2])
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
  Tally *tally = &tallies[is_held_back (subject)];

  tally->all++;
  if (categories == NULL)
    return;
  if (is_among (labels, categories))
    tally->right++;
  else
    {
      tally->wrong++;
      g_test_message ("taken for %s, is %s: %s", d->rule, labels, subject);
    }
}

static void
sort_file (bool certified, const char *path, Tally tallies[2])
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_auto (GStrv) blocks = g_strsplit (text, "=== ", -1);
  for (char **block = blocks + 1; *block != NULL; block++)
    {
      g_auto (GStrv) parts = g_strsplit (*block, "\n", 3);

      g_assert_cmpuint (g_strv_length (parts), ==, 3);
      g_assert_true (g_str_has_prefix (parts[1], "Subject: "));
      sort_one (certified, parts[0], parts[1] + strlen ("Subject: "), parts[2], tallies);
    }
}

static void
rules_that_are_sure_are_right (void)
{
  static const struct {
    const char *name;
    bool certified;
  } files[] = { { "first-contact.txt", false }, { "certified.txt", true }, { "hard.txt", false } };
  Tally tallies[2] = { { 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_build_filename ("tests/data/triage", files[i].name, NULL);
      g_autofree char *path = lab_file (name);

      sort_file (files[i].certified, path, tallies);
    }
  for (guint i = 0; i < 2; i++)
    g_test_message ("%s: %u messages, %u sorted rightly, %u wrongly, %u left to a person", i == 0 ? "open" : "held back",
                    tallies[i].all, tallies[i].right, tallies[i].wrong,
                    tallies[i].all - tallies[i].right - tallies[i].wrong);
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
