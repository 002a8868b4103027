/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The commands of people at their desk: reminders, and cases that have to do with each other.
 */
#include <string.h>

#include "base/error.h"
#include "triage/triage-command-private.h"

/* Words of a time: "10 business days", "December 4, 2026". */
enum { MAX_TIME = 4 };

/* How many of the N words are a time; 0: none of them. */
static guint
read_time (Command *command, char **arguments, guint n, const Calendar *calendar)
{
  for (guint to = MIN (n, MAX_TIME); to > 0; to--)
    {
      g_autofree char *text = command_join (arguments, 0, to);

      command->has_span = span_parse (text, &command->span, NULL);
      if (command->has_span || calendar_parse_date (calendar, text, &command->due, NULL))
        return to;
    }
  return 0;
}

/* "/remind 10bd ask for the budget", "/remind 2026-12-31", "/remind off" */
bool
command_read_remind (Command *command, char **arguments, guint n, const Calendar *calendar,
                     GError **error)
{
  guint used = 0;

  if (n == 1 && g_ascii_strcasecmp (arguments[0], COMMAND_OFF) == 0)
    {
      command->value = g_strdup (COMMAND_OFF);
      return true;
    }
  used = read_time (command, arguments, n, calendar);
  if (used == 0)
    return command_invalid (error,
                            "write when: 10bd (business days), 14d (days), 2026-12-31, or off");
  if (command->has_span && command->span.n <= 0)
    return command_invalid (error, "the time must lie ahead");
  command->text = used < n ? command_join (arguments, used, n) : NULL;
  return true;
}

/* "/link INQ-2026-0004", "/link INQ-2026-0004 off" */
bool
command_read_link (Command *command, char **arguments, guint n, const Calendar *calendar,
                   GError **error)
{
  bool off = n == 2 && g_ascii_strcasecmp (arguments[1], COMMAND_OFF) == 0;

  if (n != 1 && !off)
    return command_invalid (
      error, "write the number of the other case, and 'off' behind it to take that back");
  command->other = g_ascii_strup (arguments[0], -1);
  command->value = off ? g_strdup (COMMAND_OFF) : NULL;
  return true;
}

/* "/search budget of acme" */
bool
command_read_search (Command *command, char **arguments, guint n, const Calendar *calendar,
                     GError **error)
{
  if (n == 0)
    return command_invalid (error, "write the words to look for");
  command->value = command_join (arguments, 0, n);
  return true;
}

/* "/on-behalf-of jane@acme.example" */
bool
command_read_behalf (Command *command, char **arguments, guint n, const Calendar *calendar,
                     GError **error)
{
  if (n != 1 || !command_is_address (arguments[0]))
    return command_invalid (error, "write the address of a contact of the case");
  command->value = g_ascii_strdown (arguments[0], -1);
  return true;
}

/* "/merge APP-2026-0001" */
bool
command_read_merge (Command *command, char **arguments, guint n, const Calendar *calendar,
                    GError **error)
{
  if (n != 1)
    return command_invalid (error, "write the number of the case that goes on");
  command->other = g_ascii_strup (arguments[0], -1);
  return true;
}

/* "/split", "/split complaint", "/split complaint: letter.pdf, list.xlsx" */
bool
command_read_split (Command *command, char **arguments, guint n, const Calendar *calendar,
                    GError **error)
{
  g_autofree char *all = command_join (arguments, 0, n);
  char *colon = strchr (all, ':');
  g_autofree char *type =
    g_strstrip (colon != NULL ? g_strndup (all, (gsize) (colon - all)) : g_strdup (all));

  if (strchr (type, ' ') != NULL)
    return command_invalid (
      error, "write the kind of case alone; what of the message it is about stands below");
  command->files = colon != NULL ? g_strstrip (g_strdup (colon + 1)) : NULL;
  if (colon != NULL && command->files[0] == '\0')
    return command_invalid (error, "write the names of the files behind the colon");
  command->value = type[0] != '\0' ? g_ascii_strdown (type, -1) : NULL;
  return true;
}
