/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail from staff in a case: words for the applicant, commands; all of it happens or nothing, and
 * the answer says which.
 */
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "engine/run-session.h"
#include "triage/triage-command.h"

/* Words before the first command: allowed by the definition's event "relay". */
static bool
step_relay (Session *s, bool *all, GError **error)
{
  CaseEvent event = {
    .name = "relay", .actor = &s->actor, .text = s->reading->words, .message = s->run->message_id
  };
  g_autoptr (GError) inner = NULL;

  const ProgramCaseType *type = program_case_type (s->program, s->c->type);

  if (!*all || s->reading->words[0] == '\0')
    return true;
  if (s->proposed)
    g_set_error_literal (
      &inner, QEC_ERROR, QEC_ERROR_PERMANENT,
      "a command beside them waits for a second person: send them when it has happened");
  else if (type != NULL && type->confidential)
    g_set_error_literal (
      &inner, QEC_ERROR, QEC_ERROR_PERMANENT,
      "the case is confidential: speak to the people, and write /note for its history");
  else if (session_step (s, &event, "relay", &inner))
    return true;
  if (!g_error_matches (inner, QEC_ERROR, QEC_ERROR_PERMANENT))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  *all = false;
  command_result_add (s->results, false,
                      g_strdup_printf ("your words were not passed on: %s", inner->message));
  return true;
}

void
command_result_add (GPtrArray *results, bool done, char *text)
{
  CommandResult *result = g_new (CommandResult, 1);

  *result = (CommandResult){ text, done };
  g_ptr_array_add (results, result);
}

void
command_result_free (gpointer data)
{
  CommandResult *result = data;

  g_free (result->text);
  g_free (result);
}

GArray *
command_result_lines (const CommandReading *reading, const GPtrArray *results, bool all)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (OutboxLine));

  for (guint i = 0; i < results->len; i++)
    {
      const Command *command = i < reading->commands->len ? reading->commands->pdata[i] : NULL;
      const CommandResult *result = results->pdata[i];
      OutboxLine line = { command != NULL ? command->line : "",
                          !all && result->done ? "not done, because another line could not be done"
                                               : result->text };

      g_array_append_val (lines, line);
    }
  return lines;
}

/* Somebody asked for what is not theirs: it is refused, logged, and the lead is told, with the
 * lines of NOTICE. */
static bool
tell_of_no_right (Run *run, OutboxNotice *notice, GError **error)
{
  log_event (LOG_WARNING, "command.refused", LOG_INT ("message", run->message_id),
             LOG_INT ("case", notice->c != NULL ? notice->c->id : 0),
             LOG_PERSON ("by", run->identity->address));
  notice->reason = run->identity->why;
  notice->words = run->message->new_text;
  return outbox_write_role (run->txn, notice, "command-refused-alert", notice->program->escalate,
                            error);
}

bool
run_transcript (Run *run, const CommandReading *reading, const GPtrArray *results, bool all,
                const char *done, const char *no_words, bool no_right, GError **error)
{
  const Program *program = run->office->definition->program;
  OutboxNotice notice = run_notice (run, program, NULL);
  g_autoptr (GArray) lines = command_result_lines (reading, results, all);
  OutboxLine words = { "(your words)", no_words };

  if (reading->words[0] != '\0')
    g_array_append_val (lines, words);
  notice.lines = lines;
  notice.outcome = all ? done : "nothing was done";
  run_outcome (run, OUTCOME_ANSWERED, all ? done : "refused: nothing of it was done");
  if (!outbox_write (run->txn, &notice, "transcript", run->identity->address, run->identity->name,
                     error))
    return false;
  return !no_right || tell_of_no_right (run, &notice, error);
}

static GArray *
transcript_lines (const Session *s, bool all)
{
  GArray *lines = command_result_lines (s->reading, s->results, all);

  if (s->reading->words[0] != '\0')
    {
      OutboxLine line = { "(your words)", all ? "passed on to the applicant" : "not passed on" };

      g_array_append_val (lines, line);
    }
  for (guint i = 0; i < s->refused->len; i++)
    {
      OutboxLine line = { "(but)", s->refused->pdata[i] };

      g_array_append_val (lines, line);
    }
  return lines;
}

/* Commands that everybody of the office may write. */
static bool
needs_no_right (const char *command)
{
  static const char *const commands[] = {
    "help", "status", "case", "office", "away", "back", "withdraw-proposal", NULL
  };

  return g_strv_contains (commands, command);
}

static bool
send_help (Run *run, const Program *program, const Case *c, GError **error)
{
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (OutboxLine));
  OutboxNotice notice = run_notice (run, program, c);

  for (const CommandHelp *help = command_help (); help->name != NULL; help++)
    {
      OutboxLine line = { help->syntax, help->help };

      if (needs_no_right (help->name)
          || session_may_command (program, run->identity->person, help->name))
        g_array_append_val (lines, line);
    }
  notice.commands = lines;
  return outbox_write (run->txn, &notice, "command-help", run->identity->address,
                       run->identity->name, error);
}

static bool
send_transcript (Session *s, bool all, GError **error)
{
  Run *run = s->run;
  OutboxNotice notice = run_notice (run, s->program, s->c);
  g_autoptr (GArray) lines = transcript_lines (s, all);

  notice.lines = lines;
  notice.crossed = s->crossed;
  notice.outcome = !all          ? "nothing was done"
                   : s->proposed ? "1 of 2, a second person is needed"
                                 : "done";
  if (s->search != NULL && all)
    return run_search (run, s->program, s->search, error);
  if (s->help && lines->len == 1)
    return send_help (run, s->program, s->c, error);
  if (s->status && lines->len == 1)
    return outbox_write (run->txn, &notice, "status", run->identity->address, run->identity->name,
                         error);
  return outbox_write (run->txn, &notice, "transcript", run->identity->address, run->identity->name,
                       error);
}

static bool
alert (Session *s, GError **error)
{
  Run *run = s->run;
  OutboxNotice notice = run_notice (run, s->program, s->c);
  g_autoptr (GArray) lines = transcript_lines (s, false);

  notice.lines = lines;
  return tell_of_no_right (run, &notice, error);
}

/* The words above the commands, to the applicant. */
static bool
pass_on (Session *s, GError **error)
{
  const char *words = s->reading->words;

  return words[0] == '\0'
         || (run_relay (s->run, s->program, s->c, words, s->refused, error)
             && run_tell_crossed (s->run, s->program, s->c, s->crossed, words, error));
}

static bool
proceed (Session *s, const Case *before, GError **error)
{
  const Program *program = s->program;
  bool all;

  if (!session_do_all (s, &all, error) || !step_relay (s, &all, error))
    return false;
  if (all)
    {
      g_autoptr (GArray) questions = g_array_new (FALSE, FALSE, sizeof (OutboxQuestion));
      OutboxNotice notice = run_notice (s->run, s->program, s->c);

      notice.refused = s->refused;
      if (s->entered != NULL)
        session_entered_notice (s, &notice, questions);
      if (!run_save (s->run, s->c, s->changes, error)
          || !run_links (s->run, s->c, s->changes, error)
          || !run_notices (s->run, s->program, s->c, s->changes, &notice, error)
          || !run_contacts (s->run, s->c, s->changes, error)
          || !run_tell_moved (s->run, s->program, s->c, s->changes, "definition", error)
          || !pass_on (s, error) || !run_spread (s->run, s->program, s->c, s->changes, error)
          || !session_split_do (s, error))
        return false;
    }
  else
    {
      case_free (s->c);
      s->c = case_copy (before);
      s->program = program;
    }
  g_autofree char *entered =
    s->entered != NULL
      ? g_strdup_printf ("filed as from %s, entered by %s", s->entered->email, s->person->address)
      : NULL;
  run_outcome (s->run, OUTCOME_ANSWERED,
               !all              ? "refused: nothing of it was done"
               : entered != NULL ? entered
                                 : "done");
  return send_transcript (s, all, error) && (!s->no_right || alert (s, error));
}

bool
run_command (Run *run, gint64 case_id, GError **error)
{
  const Program *program;
  g_autoptr (Case) before = run_load (run, case_id, &program, error);

  if (before == NULL)
    return false;
  g_autoptr (CommandReading) reading = commands_of (run->message, program->calendar);
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (command_result_free);
  g_autoptr (GPtrArray) refused = g_ptr_array_new_with_free_func (g_free);
  Session s = { .run = run,
                .program = program,
                .person = run->identity->person,
                .c = case_copy (before),
                .reading = reading,
                .changes = changes,
                .results = results,
                .refused = refused,
                .actor = { run->identity->address, run->identity->person->name, true,
                           (const char *const *) run->identity->person->roles,
                           run->identity->assurance } };

  run->case_id = case_id;
  if (!run_assurance (run, program, before, &s.actor.assurance, &s.not_signed, error))
    {
      case_free (s.c);
      return false;
    }
  if (reading->commands->len == 0 && reading->words[0] == '\0')
    {
      command_result_add (
        s.results, false,
        g_strdup (message_passes_on (run->message)
                    ? "what another wrote is not yours: write above it what is to be done"
                    : "there were neither words nor commands in your message"));
      reading->refused = true;
    }
  s.crossed = run_crossed (run, program, before, true, error);
  bool good = s.crossed != NULL && proceed (&s, before, error);
  case_free (s.c);
  g_clear_pointer (&s.crossed, g_array_unref);
  g_free (s.not_signed);
  session_entered_clear (&s);
  session_split_clear (&s);
  return good;
}

static const Command *
command_of (const CommandReading *reading, const char *name)
{
  for (guint i = 0; i < reading->commands->len; i++)
    if (strcmp (((const Command *) reading->commands->pdata[i])->name, name) == 0)
      return reading->commands->pdata[i];
  return NULL;
}

static bool
has_command (const CommandReading *reading, const char *name)
{
  return command_of (reading, name) != NULL;
}

bool
run_staff (Run *run, GError **error)
{
  const Program *program = run->office->definition->program;
  g_autoptr (CommandReading) reading = commands_of (run->message, program->calendar);
  const Command *first = reading->commands->len > 0 ? reading->commands->pdata[0] : NULL;
  OutboxNotice notice = run_notice (run, program, NULL);
  const ProgramCaseType *type = program->case_types->len > 0 ? program->case_types->pdata[0] : NULL;
  g_autofree char *result = g_strdup_printf (
    "nothing was done: answer in a case's thread, or put its number into the "
    "subject, such as [%s-%d-0001]",
    type != NULL ? type->prefix : "CASE", calendar_year (program->calendar, run->at));
  OutboxLine line = { first != NULL ? first->line : "(your words)", result };
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (OutboxLine));

  if (has_command (reading, "roster"))
    return run_roster (run, reading, error);
  if (has_command (reading, "withdraw-proposal"))
    return run_roster_withdraw (run, reading, error);
  if (has_command (reading, "away") || has_command (reading, "back"))
    return run_away (run, reading, error);
  if (has_command (reading, "search"))
    return run_search_alone (run, reading, error);
  if (has_command (reading, "retire-signer"))
    return run_retire_signer (run, reading, command_of (reading, "retire-signer"), error);
  run_outcome (run, OUTCOME_ANSWERED, "staff mail that names no case");
  if (first != NULL && strcmp (first->name, "help") == 0)
    return send_help (run, program, NULL, error);
  g_array_append_val (lines, line);
  notice.lines = lines;
  notice.outcome = "nothing was done";
  return outbox_write (run->txn, &notice, "transcript", run->identity->address, run->identity->name,
                       error);
}
