/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What asks for a knowledge article, and what only looks like it.
 */
#include "triage/triage.h"

static const struct {
  const char *subject, *text, *topic;
} rows[] = {
  { "", "help", "" },
  { "", "HELP\n", "" },
  { "x", "Help: fees", "fees" },
  { "x", "  **help data-use-agreement**  ", "data-use-agreement" },
  { "x", "help with the letter of commitment?", "letter of commitment" },
  { "Help privacy", "", "privacy" },
  { "Re: AW: help privacy", "  \n", "privacy" },
  { "help privacy", "Dear office, where are my documents?", NULL },
  { "", "", NULL },
  { "", "helpful", NULL },
  { "", "Please help", NULL },
  { "", "help\nfees", NULL },
  { "", "Help! We cannot open the form that you sent us, what now?", NULL },
  { "", "/help", NULL },
};

static void
only_a_request_alone_asks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *topic = triage_topic (rows[i].subject, rows[i].text);

      g_test_message ("%s | %s", rows[i].subject, rows[i].text);
      g_assert_cmpstr (topic, ==, rows[i].topic);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/triage/topic", only_a_request_alone_asks);
  return g_test_run ();
}
