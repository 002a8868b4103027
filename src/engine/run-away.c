/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who works here is away for a time, and who stands in.
 *
 * People say so themselves, in mail that our own mail server vouches for: whoever could say it in
 * their name could turn their mail to somebody else.  It ends by itself.  A deputy gets what would
 * go to them, and acts by roles of their own.
 */
#include <string.h>

#include "base/error.h"
#include "engine/run-session.h"

#define ONLY "say that you are away, or back, in a message that holds nothing else"

static gint64
day_of (const Program *program, gint64 at)
{
  return calendar_day_number (program->calendar, at);
}

/* "2026-12-01" as 20261201. */
static gint64
day_number (const char *day)
{
  g_auto (GStrv) parts = g_strsplit (day, "-", 3);
  g_autofree char *joined = g_strjoinv ("", parts);

  return g_ascii_strtoll (joined, NULL, 10);
}

static char *
say_day (const Program *program, gint64 day)
{
  return calendar_short (program->calendar, calendar_close_of_day (program->calendar, (int) day));
}

/* Of the roles of WHO those that DEPUTY lacks, "a, b"; NULL: none. */
static char *
lacking (const ProgramPerson *who, const ProgramPerson *deputy)
{
  g_autoptr (GPtrArray) roles = g_ptr_array_new ();

  for (char **role = who->roles; *role != NULL; role++)
    if (!program_person_has_role (deputy, *role))
      g_ptr_array_add (roles, *role);
  if (roles->len == 0)
    return NULL;
  g_ptr_array_add (roles, NULL);
  return g_strjoinv (", ", (char **) roles->pdata);
}

static char *
what_it_means (const Program *program, const ProgramPerson *who, const ProgramPerson *deputy,
               gint64 since, gint64 until)
{
  g_autofree char *first = say_day (program, since), *last = say_day (program, until),
                  *roles = deputy != NULL ? lacking (who, deputy) : NULL;
  g_autofree char *days = since == until ? g_strdup_printf ("away on %s", first)
                                         : g_strdup_printf ("away from %s until %s", first, last);

  if (deputy == NULL)
    return g_strdup_printf ("done: %s; nobody stands in, so others who may act are told", days);
  if (roles == NULL)
    return g_strdup_printf ("done: %s; %s stands in", days, deputy->name);
  return g_strdup_printf (
    "done: %s; %s stands in, and is told, but cannot act as %s: only who has that role can", days,
    deputy->name, roles);
}

static bool
read_away (Run *run, const ProgramPerson *who, const Command *command, RosterRow *row,
           char **result, GError **error)
{
  const Program *program = run->office->definition->program;
  const ProgramPerson *deputy = session_person (program, command->text);

  row->since = command->since != NULL ? day_number (command->since) : day_of (program, run->at);
  row->until = day_number (command->until);
  if (row->until < row->since)
    return error_refuse (error, "the last day lies before the first");
  if (row->until < day_of (program, run->at))
    return error_refuse (error, "that time is over");
  if (command->text != NULL && deputy == NULL)
    return error_refuse (error, "'%s' is nobody of the roster", command->text);
  if (deputy == who)
    return error_refuse (error, "who stands in must be somebody else");
  row->deputy = g_strdup (deputy != NULL ? deputy->address : "");
  *result = what_it_means (program, who, deputy, row->since, row->until);
  return true;
}

/* Something must be there that it ends. */
static bool
read_back (Run *run, const GPtrArray *rows, RosterRow *row, char **result, GError **error)
{
  bool planned = false;

  row->since = day_of (run->office->definition->program, run->at);
  row->deputy = g_strdup ("");
  bool away = roster_absence (rows, row->address, row->since) != NULL;
  for (guint i = 0; i < rows->len && !away; i++)
    {
      const RosterRow *other = rows->pdata[i];

      planned |= strcmp (other->address, row->address) == 0 && other->since > row->since
                 && roster_absence (rows, row->address, other->since) == other;
    }
  if (!away && !planned)
    return error_refuse (error, "%s is not away", row->address);
  *result =
    g_strdup (away ? "done: here again from now on" : "done: what was planned is taken back");
  return true;
}

RosterRow *
run_away_row (Run *run, const GPtrArray *rows, const ProgramPerson *who, const char *action,
              const Command *command, char **result, GError **error)
{
  RosterRow *row = g_new0 (RosterRow, 1);

  *row = (RosterRow){ .action = g_strdup (action),
                      .address = g_strdup (who->address),
                      .name = g_strdup (who->name),
                      .roles = g_strdup (""),
                      .by = g_strdup (run->identity->address),
                      .message = run->message_id,
                      .at = run->at };
  if (strcmp (action, "away") == 0 ? read_away (run, who, command, row, result, error)
                                   : read_back (run, rows, row, result, error))
    return row;
  roster_row_free (row);
  return NULL;
}

bool
run_away_tell (Run *run, const RosterRow *row, GError **error)
{
  const Program *program = run->office->definition->program;
  const ProgramPerson *deputy =
    row->deputy != NULL && row->deputy[0] != '\0' ? program_person (program, row->deputy) : NULL;
  OutboxNotice notice = run_notice (run, program, NULL);

  if (deputy == NULL || program_notice (program, "stand-in") == NULL)
    return true;
  g_autofree char *first = say_day (program, row->since), *last = say_day (program, row->until);
  g_autofree char *days = g_strdup_printf ("%s until %s", first, last);
  notice.reason = row->name;
  notice.outcome = days;
  return outbox_write (run->txn, &notice, "stand-in", deputy->address, deputy->name, error);
}

/* Our mail server vouches for who wrote; where an office has none that says so, they answer a mail
 * that only they got. */
static bool
is_sure (Run *run, const char *action, Assurance have, GError **error)
{
  return case_is_sure (
    action, have,
    run->office->options->authserv_id[0] != '\0' ? ASSURE_AUTHENTICATED : ASSURE_TOKEN, error);
}

/* What COMMAND makes of it, or why it cannot be, into *RESULT; *ROW NULL: it changes nothing. */
static bool
plan (Run *run, const GPtrArray *rows, const Command *command, Assurance have, RosterRow **row,
      char **result)
{
  g_autoptr (GError) error = NULL;

  *row = NULL;
  if (command->error != NULL)
    *result = g_strdup_printf ("not understood: %s", command->error);
  else if (strcmp (command->name, "office") == 0)
    {
      bool own = options_is_own (run->office->options, command->value);

      *result = own ? g_strdup ("done")
                    : g_strdup_printf ("this message came in for %s", run_office_address (run));
      return own;
    }
  else if (strcmp (command->name, "away") != 0 && strcmp (command->name, "back") != 0)
    *result = g_strdup (ONLY);
  else if (!is_sure (run, command->name, have, &error)
           || (*row = run_away_row (run, rows, run->identity->person, command->name, command,
                                    result, &error))
                == NULL)
    *result = g_strdup (error->message);
  return *row != NULL;
}

bool
run_away (Run *run, const CommandReading *reading, GError **error)
{
  const Program *program = run->office->definition->program;
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (command_result_free);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (roster_row_free),
                        before = roster_rows (run->office->store, error);
  g_autofree char *not_signed = NULL;
  bool all = !reading->refused && reading->words[0] == '\0';
  Assurance have;

  if (before == NULL || !run_assurance (run, program, NULL, &have, &not_signed, error))
    return false;
  for (guint i = 0; i < reading->commands->len; i++)
    {
      RosterRow *row;
      char *result = NULL;
      bool good = plan (run, before, reading->commands->pdata[i], have, &row, &result);

      all &= good;
      command_result_add (results, good, result);
      if (row != NULL)
        g_ptr_array_add (rows, row);
    }
  for (guint i = 0; all && i < rows->len; i++)
    if (!run_roster_keep (run, rows->pdata[i], error)
        || !run_away_tell (run, rows->pdata[i], error))
      return false;
  return run_transcript (run, reading, results, all, "done", ONLY, false, error);
}
