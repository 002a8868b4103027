/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any text as what a member of staff wrote: what is refused says why, and no words are lost or made
 * up.
 */
#include <string.h>

#include "triage/triage-command.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const Calendar *
calendar (void)
{
  static Calendar *the;

  if (the == NULL)
    the = calendar_new ("America/New_York", 9 * 60, 17 * 60, NULL);
  return the;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_utf8_make_valid ((const char *) data, (gssize) size);
  g_autoptr (CommandReading) reading = commands_read (text, calendar ());
  bool wrong = false;

  g_assert_true (g_utf8_validate (reading->words, -1, NULL));
  g_assert_cmpuint (strlen (reading->words), <=, strlen (text));
  for (guint i = 0; i < reading->commands->len; i++)
    {
      const Command *command = reading->commands->pdata[i];

      wrong |= command->error != NULL;
      g_assert_nonnull (command->line);
      g_assert_true (command->error != NULL || command->event != NULL);
      g_assert_true (command->error != NULL || !command->has_span || command->span.n > 0);
      g_assert_true (command->text == NULL || g_utf8_validate (command->text, -1, NULL));
    }
  g_assert_true (reading->refused == wrong);
  /* What opens with a slash is never somebody else's mail. */
  g_assert_true (reading->words[0] != '/' || reading->refused);
  return 0;
}
