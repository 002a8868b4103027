/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command about organizations that work with the applicant: who, whether it has access, from
 * when, until when.
 */
#include "triage/triage-command-private.h"

#include "base/error.h"

/* WORD as the calendar writes days; NULL: it is none. */
static char *
day_of (const Calendar *calendar, const char *word)
{
  gint64 at;

  return calendar_parse_date (calendar, word, &at, NULL) ? calendar_day_text (calendar, at) : NULL;
}

/* "/party end Acme Analytics 2027-06-30" */
static bool
read_party_end (Command *command, char **arguments, guint n, const Calendar *calendar,
                GError **error)
{
  command->until = n > 2 ? day_of (calendar, arguments[n - 1]) : NULL;
  guint to = command->until != NULL ? n - 1 : n;

  if (to < 2)
    return command_invalid (error, "write the organization's name, then its last day");
  command->element = g_strdup ("end");
  command->value = command_join (arguments, 1, to);
  return true;
}

/* "from 2027-03-01" or "until 2028-03-01" at *AT, which moves behind it. */
static bool
read_day (char **arguments, guint n, guint *at, const char *word, const Calendar *calendar,
          char **day, GError **error)
{
  if (*at >= n || g_ascii_strcasecmp (arguments[*at], word) != 0)
    return true;
  *day = *at + 1 < n ? day_of (calendar, arguments[*at + 1]) : NULL;
  *at += 2;
  if (*day != NULL)
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "after '%s' stands a date such as 2026-12-31",
               word);
  return false;
}

/* "/party Acme Analytics access from 2027-03-01 contractor" */
bool
command_read_party (Command *command, char **arguments, guint n, const Calendar *calendar,
                    GError **error)
{
  guint at = 0;

  while (at < n && g_ascii_strcasecmp (arguments[at], "access") != 0
         && g_ascii_strcasecmp (arguments[at], "no-access") != 0)
    at++;
  if (at == n && n > 0 && g_ascii_strcasecmp (arguments[0], "end") == 0)
    return read_party_end (command, arguments, n, calendar, error);
  if (at == 0 || at == n)
    return command_invalid (error, "write the organization's name, then access or no-access");
  command->element = g_ascii_strdown (arguments[at], -1);
  command->value = command_join (arguments, 0, at);
  at++;
  if (!read_day (arguments, n, &at, "from", calendar, &command->since, error)
      || !read_day (arguments, n, &at, "until", calendar, &command->until, error))
    return false;
  command->text = at < n ? command_join (arguments, at, n) : NULL;
  return true;
}
