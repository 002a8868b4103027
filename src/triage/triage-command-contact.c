/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The commands about people who speak for an organization.
 */
#include "triage/triage-command-private.h"

#include <string.h>

bool
command_is_address (const char *word)
{
  const char *at = strchr (word, '@');

  return at != NULL && at > word && at[1] != '\0' && strchr (at + 1, '@') == NULL
         && strpbrk (word, "<>,;\"()[]") == NULL;
}

/* "/contact jim@acme.example Jim Doe"; "/contact end jane@acme.example" */
bool
command_read_contact (Command *command, char **arguments, guint n, const Calendar *calendar,
                      GError **error)
{
  bool end = n > 0 && g_ascii_strcasecmp (arguments[0], "end") == 0;

  if (end ? n != 2 || !command_is_address (arguments[1])
          : n == 0 || !command_is_address (arguments[0]))
    return command_invalid (error, "write an address, then the person's name; or 'end' and the "
                                   "address of who speaks for them no longer");
  command->element = g_ascii_strdown (arguments[end ? 1 : 0], -1);
  command->value = end ? NULL : command_join (arguments, 1, n);
  return true;
}

/* "/ask-contact jim@acme.example Jim Doe" */
bool
command_read_ask_contact (Command *command, char **arguments, guint n, const Calendar *calendar,
                          GError **error)
{
  if (n == 0 || !command_is_address (arguments[0]))
    return command_invalid (error, "write an address, then the person's name");
  command->element = g_ascii_strdown (arguments[0], -1);
  command->value = command_join (arguments, 1, n);
  return true;
}

/* "/language es jane@acme.example" */
bool
command_read_language (Command *command, char **arguments, guint n, const Calendar *calendar,
                       GError **error)
{
  if (n != 1 && n != 2)
    return command_invalid (
      error, "write the language, and the address of a contact if it is not for all of them");
  command->value = g_strdup (arguments[0]);
  command->element = n == 2 ? g_ascii_strdown (arguments[1], -1) : NULL;
  return true;
}
