/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command about people who speak for an organization.
 */
#include "triage/triage-command-private.h"

#include <string.h>

bool
command_is_address (const char *word)
{
  const char *at = strchr (word, '@');

  return at != NULL && at > word && at[1] != '\0' && strchr (at + 1, '@') == NULL && strpbrk (word, "<>,;\"()[]") == NULL;
}

/* "/contact jim@acme.example Jim Doe"; "/contact end jane@acme.example" */
bool
command_read_contact (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  bool end = n > 0 && g_ascii_strcasecmp (arguments[0], "end") == 0;

  if (end ? n != 2 || !command_is_address (arguments[1]) : n == 0 || !command_is_address (arguments[0]))
    return command_invalid (error, "write an address, then the person's name; or 'end' and the address of who speaks for them no longer");
  command->element = g_ascii_strdown (arguments[end ? 1 : 0], -1);
  command->value = end ? NULL : command_join (arguments, 1, n);
  return true;
}
