/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command by which somebody of the office is away for a time: from when, until when, who stands
 * in.
 */
#include <string.h>

#include "base/error.h"
#include "triage/triage-command-private.h"

/* WORD is one of WORDS, with or without a colon behind it. */
static bool
is_one_of (const char *word, const char *const *words)
{
  gsize n = strlen (word) - (g_str_has_suffix (word, ":") ? 1 : 0);

  for (; *words != NULL; words++)
    if (strlen (*words) == n && g_ascii_strncasecmp (word, *words, n) == 0)
      return true;
  return false;
}

/* The words FROM to TO as a day, "2026-12-01". */
static bool
read_day (char **arguments, guint from, guint to, const Calendar *calendar, char **day,
          GError **error)
{
  g_autofree char *text = command_join (arguments, from, to);
  gint64 at;

  if (!calendar_parse_date (calendar, text, &at, NULL))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
                   "'%s' is not a date; write such as 2026-12-31", text);
      return false;
    }
  *day = calendar_day_text (calendar, at);
  return true;
}

/* "2026-12-01 until 2026-12-11 deputy robin", "until December 11, 2026", "2026-12-01 2026-12-11
 * robin@office.example" */
bool
command_read_away (Command *command, char **arguments, guint n, const Calendar *calendar,
                   GError **error)
{
  static const char *const from[] = { "from", NULL }, *const until[] = { "until",   "to", "till",
                                                                         "through", "-",  NULL },
                           *const deputy[] = { "deputy", NULL };
  guint begin = n > 0 && is_one_of (arguments[0], from) ? 1 : 0, middle = begin, end = begin;

  while (end < n && !is_one_of (arguments[end], deputy) && strchr (arguments[end], '@') == NULL)
    end++;
  guint person = end < n && is_one_of (arguments[end], deputy) ? end + 1 : end;
  if (end < n && person + 1 != n)
    return command_invalid (error, "after 'deputy' stands one person of the office");
  command->text = person < n ? g_ascii_strdown (arguments[person], -1) : NULL;
  while (middle < end && !is_one_of (arguments[middle], until))
    middle++;
  if (middle == end && end == begin + 2) /* "2026-12-01 2026-12-11" */
    return read_day (arguments, begin, begin + 1, calendar, &command->since, error)
           && read_day (arguments, begin + 1, end, calendar, &command->until, error);
  if (middle + 1 >= end)
    return command_invalid (error, "write your last day away after 'until'");
  return (middle == begin || read_day (arguments, begin, middle, calendar, &command->since, error))
         && read_day (arguments, middle + 1, end, calendar, &command->until, error);
}

/* "/roster role ann@office.example +approver"; "/roster away ann@office.example until
 * 2026-12-11" */
bool
command_read_roster (Command *command, char **arguments, guint n, const Calendar *calendar,
                     GError **error)
{
  static const struct {
    const char *action;
    guint least, most;
  } actions[] = { { "add", 4, G_MAXUINT },
                  { "role", 3, G_MAXUINT },
                  { "leave", 2, 2 },
                  { "away", 4, 10 },
                  { "back", 2, 2 } };

  for (guint i = 0; n > 1 && i < G_N_ELEMENTS (actions); i++)
    if (g_ascii_strcasecmp (arguments[0], actions[i].action) == 0 && n >= actions[i].least
        && n <= actions[i].most && command_is_address (arguments[1]))
      {
        command->value = g_strdup (actions[i].action);
        command->element = g_ascii_strdown (arguments[1], -1);
        if (strcmp (actions[i].action, "away") == 0)
          return command_read_away (command, arguments + 2, n - 2, calendar, error);
        command->text = n > 2 ? g_strjoinv (" ", arguments + 2) : NULL;
        return true;
      }
  return command_invalid (
    error, "write add, role, leave, away or back, then an address, then what belongs to it");
}
