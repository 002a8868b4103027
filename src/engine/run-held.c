/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Staff answer a notice about a held message: their words go to its sender under the program's address, or /done settles
 * it without an answer.
 */
#include <string.h>

#include "base/error.h"
#include "engine/run.h"
#include "store/journal.h"
#include "triage/triage-command.h"

static HeldRow *
answered (Run *run, GError **error)
{
  const GPtrArray *lists[] = { run->message->in_reply_to, run->message->references };
  g_autoptr (GError) inner = NULL;
  HeldRow *held = NULL;

  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = lists[l]->len; i > 0 && held == NULL && inner == NULL; i--)
      held = held_of_notice (run->office->store, lists[l]->pdata[i - 1], "held-notice", &inner);
  if (inner != NULL)
    g_propagate_error (error, g_steal_pointer (&inner));
  return held;
}

/* Who may pass words on in a case may do so here, as sure as that role asks for. */
static bool
may_answer (const Run *run, const Program *program)
{
  for (char **name = run->identity->person->roles; name != NULL && *name != NULL; name++)
    {
      const ProgramRole *role = program_role (program, *name);

      if (role != NULL && role->commands != NULL && g_strv_contains ((const char *const *) role->commands, "relay")
          && run->identity->assurance >= role->assurance)
        return true;
    }
  return false;
}

/* What is wrong with the answer, or NULL. */
static const char *
objection (const Run *run, const Program *program, const CommandReading *reading)
{
  const Command *first = reading->commands->len > 0 ? reading->commands->pdata[0] : NULL;

  if (!may_answer (run, program))
    return "nothing was done: none of your roles may answer held messages";
  if (reading->refused || reading->commands->len > 1 || (first != NULL && strcmp (first->name, "done") != 0))
    return "nothing was done: here you can write words for the sender, or /done alone";
  if (first == NULL && reading->words[0] == '\0')
    return "nothing was done: there were no words in your answer";
  return NULL;
}

static bool
settle (Run *run, const HeldRow *held, bool with_words, GError **error)
{
  JsonObject *detail = json_object_new ();

  json_object_set_int_member (detail, "message", held->message);
  json_object_set_string_member (detail, "by", run->identity->address);
  json_object_set_string_member (detail, "what", with_words ? "answered" : "settled without an answer");
  return journal_event (run->txn, run->input, held->case_id, run->at, "held.settled", detail, error)
         && held_settle (run->txn, held->author, error);
}

static bool
pass_on (Run *run, const Program *program, const HeldRow *held, const char *words, GError **error)
{
  OutboxNotice notice = run_notice (run, program, NULL);

  notice.cause = NULL;
  notice.sender = NULL;
  notice.words = words;
  notice.person = true;
  return outbox_write (run->txn, &notice, "relay", held->author, NULL, error);
}

static bool
confirm (Run *run, const Program *program, const char *line, const char *result, GError **error)
{
  OutboxNotice notice = run_notice (run, program, NULL);
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (OutboxLine));
  OutboxLine one = { line, result };

  g_array_append_val (lines, one);
  notice.lines = lines;
  notice.outcome = strncmp (result, "nothing", 7) == 0 ? "nothing" : "done";
  return outbox_write (run->txn, &notice, "transcript", run->identity->address, run->identity->name, error);
}

bool
run_held (Run *run, bool *was, GError **error)
{
  const Program *program = run->office->definition->program;
  g_autoptr (GError) inner = NULL;
  g_autoptr (HeldRow) held = answered (run, &inner);

  *was = held != NULL;
  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  if (held == NULL)
    return true;
  g_autoptr (CommandReading) reading = commands_read (run->message->new_text, program->calendar);
  const char *objected = objection (run, program, reading);
  bool words = reading->words[0] != '\0';
  run_outcome (run, OUTCOME_ANSWERED, objected != NULL ? objected : "settled a held message");
  if (objected != NULL)
    return confirm (run, program, words ? "(your words)" : "(your answer)", objected, error);
  return settle (run, held, words, error) && (!words || pass_on (run, program, held, reading->words, error))
         && confirm (run, program, words ? "(your words)" : "/done",
                     words ? "sent to the person who wrote; the message no longer waits" : "the message no longer waits",
                     error);
}
