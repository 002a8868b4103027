/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Staff answer a notice about a held message: their words go to its sender under the program's
 * address, or /done settles it without an answer.
 */
#include <string.h>

#include "base/error.h"
#include "engine/run.h"
#include "store/journal.h"
#include "triage/triage-command.h"

/* The mail that is answered was sent to whoever answers it. */
static bool
was_asked (Run *run, const char *message_id, bool *asked, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (OutboxItem) item = outbox_by_message_id (run->office->store, message_id, &inner);

  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  *asked = item != NULL && g_ascii_strcasecmp (item->rcpt, run->identity->address) == 0;
  return true;
}

static HeldRow *
answered (Run *run, bool *asked, GError **error)
{
  const GPtrArray *lists[] = { run->message->in_reply_to, run->message->references };
  g_autoptr (GError) inner = NULL;
  HeldRow *held = NULL;

  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = lists[l]->len; i > 0 && held == NULL && inner == NULL; i--)
      {
        held = held_of_notice (run->office->store, lists[l]->pdata[i - 1], "held-notice", &inner);
        if (held != NULL && !was_asked (run, lists[l]->pdata[i - 1], asked, &inner))
          g_clear_pointer (&held, held_row_free);
      }
  if (inner != NULL)
    g_propagate_error (error, g_steal_pointer (&inner));
  return held;
}

/* Who was ASKED may answer, and who may pass words on in a case may do so here, as sure as that
 * role asks for. */
static bool
may_answer (const Run *run, const Program *program, bool asked)
{
  for (char **name = run->identity->person->roles; name != NULL && *name != NULL; name++)
    {
      const ProgramRole *role = program_role (program, *name);

      if (role != NULL && role->commands != NULL
          && (asked || g_strv_contains ((const char *const *) role->commands, "relay"))
          && run->identity->assurance >= role->assurance)
        return true;
    }
  return false;
}

static const Command *
first_of (const CommandReading *reading)
{
  return reading->commands->len > 0 ? reading->commands->pdata[0] : NULL;
}

static bool
is_named (const Command *command, const char *name)
{
  return command != NULL && strcmp (command->name, name) == 0;
}

/* "/done", or "/close" with a reason: nobody needs to answer. */
static bool
settles (const Command *command)
{
  return is_named (command, "done") || is_named (command, "close");
}

/* What the answer says the message is; NULL: nothing, or no category of ours. */
static const ProgramCategory *
category_of (const Program *program, const CommandReading *reading)
{
  const Command *first = first_of (reading);

  return is_named (first, "route") && first->value != NULL
           ? program_category (program, first->value)
           : NULL;
}

static char *
no_such_category (const Program *program, const char *name)
{
  g_autofree char *names = program_category_names (program);

  return g_strdup_printf ("nothing was done: '%s' is no category; there are: %s", name, names);
}

static bool
is_settled (const HeldRow *held)
{
  return held->settled_by[0] != '\0';
}

/* Who dealt with HELD before; borrowed. */
static const char *
settler (const Run *run, const Program *program, const HeldRow *held)
{
  const ProgramPerson *person = program_person (program, held->settled_by);

  if (g_ascii_strcasecmp (held->settled_by, run->identity->address) == 0)
    return "you";
  return person != NULL ? person->name : held->settled_by;
}

/* What is wrong with the answer, or NULL. */
static char *
objection (const Run *run, const Program *program, const HeldRow *held, bool asked,
           const CommandReading *reading)
{
  const Command *first = first_of (reading);

  if (!may_answer (run, program, asked))
    return g_strdup ("nothing was done: none of your roles may answer held messages");
  if (is_named (first, "split") && is_settled (held))
    return g_strdup_printf ("nothing was done: %s had dealt with the message before",
                            settler (run, program, held));
  if (reading->refused || reading->commands->len > 1
      || (first != NULL && !settles (first) && !is_named (first, "route")
          && !is_named (first, "split")))
    return g_strdup ("nothing was done: here you can write words for the sender, /route CATEGORY, "
                     "/split TYPE, /close REASON, or /done alone");
  if (is_named (first, "split") && reading->words[0] != '\0')
    return g_strdup ("nothing was done: write words for the sender, or /split, not both: they get "
                     "our notice about the case");
  if (is_named (first, "close") && reading->words[0] != '\0')
    return g_strdup (
      "nothing was done: write words for the sender, or /close with a reason, not both");
  if (is_named (first, "route") && held->quarantine)
    return g_strdup ("nothing was done: nothing of this message may be kept for comparison; answer "
                     "it, or write /done");
  if (is_named (first, "route") && category_of (program, reading) == NULL)
    return no_such_category (program, first->value != NULL ? first->value : "");
  if (first == NULL && reading->words[0] == '\0')
    return g_strdup ("nothing was done: there were no words in your answer; write what the sender "
                     "is to read, or /close REASON, or /done, and it waits until then");
  return NULL;
}

static bool
settle (Run *run, const HeldRow *held, bool with_words, const char *reason, GError **error)
{
  JsonObject *detail = json_object_new ();

  json_object_set_int_member (detail, "message", held->message);
  json_object_set_string_member (detail, "by", run->identity->address);
  json_object_set_string_member (detail, "what",
                                 with_words ? "answered" : "settled without an answer");
  if (reason != NULL)
    json_object_set_string_member (detail, "reason", reason);
  return journal_event (run->txn, run->input, held->case_id, run->at, "held.settled", detail, error)
         && held_settle (run->txn, held->author, held->item, run->identity->address, error);
}

static bool
answers_with_rights (const Program *program, const char *name)
{
  const ProgramCategory *category = program_category (program, name);

  return category != NULL && category->rights;
}

/* REFUSED gets why no mail goes there. */
static bool
pass_on (Run *run, const Program *program, const HeldRow *held, const char *words,
         GPtrArray *refused, GError **error)
{
  OutboxNotice notice = run_notice (run, program, NULL);
  g_autoptr (MessageRow) row = message_row_by_id (run->office->store, held->message, error);

  if (row == NULL)
    return false;
  notice.cause = NULL;
  notice.sender = NULL;
  notice.answers = row->message_id;
  notice.answered = triage_bare_subject (held->subject);
  notice.words = words;
  notice.person = true;
  notice.refused = refused;
  notice.rights = held->category[0] != '\0' && answers_with_rights (program, held->category);
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
  notice.outcome = strncmp (result, "nothing", 7) == 0 ? "nothing was done" : "done";
  return outbox_write (run->txn, &notice, "transcript", run->identity->address, run->identity->name,
                       error);
}

/* Who looks after such mail is told of it; whoever sorted it knows. */
static bool
tell_owner (Run *run, const Program *program, const HeldRow *held, const ProgramCategory *category,
            const char *words, GError **error)
{
  OutboxNotice notice = run_notice (run, program, NULL);
  g_autoptr (GArray) guesses = g_array_new (FALSE, FALSE, sizeof (OutboxGuess));
  g_autofree char *why = g_strdup_printf ("%s says so", run->identity->address);
  OutboxGuess one = { category->name, category->title, why };
  OutboxWaiting waiting = { held->author, held->subject, held->reason, held->at, held->due };
  g_autoptr (GArray) item = g_array_new (FALSE, FALSE, sizeof waiting);

  g_array_append_val (guesses, one);
  g_array_append_val (item, waiting);
  notice.guesses = guesses;
  notice.sorted = true;
  notice.waiting = item;
  notice.words = words;
  return run_tell_role (run, &notice, "held-sorted", category, run->identity->person, error);
}

static bool
object (Run *run, const Program *program, const char *line, const char *objection, GError **error)
{
  run_outcome (run, OUTCOME_ANSWERED, objection);
  return confirm (run, program, line, objection, error);
}

/* What the sender of a held message says to it, and what came of that.  Words that reach nobody
 * settle nothing. */
static bool
act (Run *run, const Program *program, const HeldRow *held, const CommandReading *reading,
     GError **error)
{
  g_autoptr (GPtrArray) refused = g_ptr_array_new_with_free_func (g_free);
  const ProgramCategory *category = category_of (program, reading);
  const Command *first = first_of (reading);
  const char *reason = is_named (first, "close") ? first->text : NULL;
  bool words = reading->words[0] != '\0', ends = category == NULL || category->ends || words;
  g_autofree char *line = category != NULL ? g_strconcat ("/route ", category->name, NULL)
                                           : g_strdup (words           ? "(your words)"
                                                       : first != NULL ? first->line
                                                                       : "/done");
  g_autofree char *said_there = NULL;

  if (words && !pass_on (run, program, held, reading->words, refused, error))
    return false;
  if (refused->len > 0)
    {
      g_autofree char *why = g_strdup_printf ("nothing was done: %s; the message still waits",
                                              (char *) refused->pdata[0]);

      return object (run, program, line, why, error);
    }
  g_autoptr (GString) result = g_string_new (NULL);
  if (category != NULL)
    g_string_append_printf (result, "sorted as %s; ", category->title);
  if (words)
    g_string_append (result, "your words were sent to the person who wrote; ");
  if (is_settled (held))
    g_string_append_printf (result, "%s had dealt with the message before",
                            settler (run, program, held));
  else
    g_string_append (result, ends ? "the message no longer waits"
                                  : "the message still waits for an answer");
  run_outcome (run, OUTCOME_ANSWERED, ends ? "settled a held message" : "sorted a held message");
  /* What came after it was dealt with is told of by a notice of its own, and waits on. */
  return (category == NULL || run_sorted_by_hand (run, held, category, &said_there, error))
         && (is_settled (held)
             || (ends ? settle (run, held, words, reason, error)
                      : tell_owner (run, program, held, category, said_there, error)))
         && confirm (run, program, line, result->str, error);
}

/* The message becomes a case. */
static bool
split (Run *run, const Program *program, const HeldRow *held, const Command *command,
       GError **error)
{
  g_autofree char *result = NULL;
  bool opened;

  if (!run_split_held (run, held, command, &opened, &result, error))
    return false;
  run_outcome (run, OUTCOME_ANSWERED, opened ? "opened a case with a held message" : result);
  return (!opened || settle (run, held, false, "it goes on in a case", error))
         && confirm (run, program, command->line, result, error);
}

bool
run_held (Run *run, bool *was, GError **error)
{
  const Program *program = run->office->definition->program;
  bool asked = false;
  g_autoptr (GError) inner = NULL;
  g_autoptr (HeldRow) held = answered (run, &asked, &inner);

  *was = held != NULL;
  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  if (held == NULL)
    return true;
  g_autoptr (CommandReading) reading = commands_of (run->message, program->calendar);
  g_autofree char *objected = objection (run, program, held, asked, reading);
  if (objected == NULL && is_named (first_of (reading), "split"))
    return split (run, program, held, first_of (reading), error);
  if (objected == NULL)
    return act (run, program, held, reading, error);
  return object (run, program, reading->words[0] != '\0' ? "(your words)" : "(your answer)",
                 objected, error);
}
