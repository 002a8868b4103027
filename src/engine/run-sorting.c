/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a message that waits for a person probably is, and what that person says it is.
 */
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "engine/run.h"
#include "message/reader.h"
#include "store/journal.h"

static const Sorting *
sorting_of (Run *run)
{
  Definition *definition = run->office->definition;

  if (definition->sorting == NULL)
    definition->sorting = sorting_new (definition->program);
  return definition->sorting;
}

/* What is beyond doubt, because a rule says it. */
static SortingResult *
by_rule (const ProgramTriageRule *rule, const ProgramCategory *category)
{
  SortingResult *result = g_new0 (SortingResult, 1);
  SortingGuess guess = { category, 0, g_strdup_printf ("rule %s", rule->name) };

  result->guesses = g_array_new (FALSE, FALSE, sizeof guess);
  g_array_append_val (result->guesses, guess);
  result->sure = true;
  return result;
}

static bool
note (Run *run, GError **error)
{
  const GArray *guesses = run->sorting->guesses;
  JsonObject *detail = json_object_new ();
  JsonArray *array = json_array_new ();

  json_object_set_int_member (detail, "message", run->message_id);
  json_object_set_boolean_member (detail, "sure", run->sorting->sure);
  for (guint i = 0; i < guesses->len; i++)
    {
      const SortingGuess *guess = &g_array_index (guesses, SortingGuess, i);
      g_autofree char *line = g_strdup_printf ("%s (%" G_GINT64_FORMAT " points): %s",
                                               guess->category->name, guess->points, guess->why);

      json_array_add_string_element (array, line);
    }
  json_object_set_array_member (detail, "guesses", array);
  return journal_event (run->txn, run->input, 0, run->at, "message.guessed", detail, error);
}

const char *
run_own_subject (const Run *run)
{
  const Message *m = run->message;
  bool ours = run->identity->answers && triage_bare_subject (m->subject) != m->subject;

  return ours ? " " : message_words (m)->subject;
}

bool
run_sort (Run *run, const ProgramTriageRule *rule, GError **error)
{
  const Program *program = run->office->definition->program;
  const ProgramCategory *known =
    rule != NULL && rule->category != NULL ? program_category (program, rule->category) : NULL;

  if (run->sorting != NULL || program->categories->len == 0 || run->message == NULL
      || run->quarantine)
    return true;
  run->sorting = known != NULL
                   ? by_rule (rule, known)
                   : sorting_guess (sorting_of (run), run->office->store, run_own_subject (run),
                                    message_words (run->message)->text, error);
  return run->sorting != NULL && (run->sorting->guesses->len == 0 || note (run, error));
}

const ProgramCategory *
run_sorted (const Run *run)
{
  const SortingResult *result = run->sorting;

  return result != NULL && result->sure && result->guesses->len > 0
           ? g_array_index (result->guesses, SortingGuess, 0).category : NULL;
}

const char *
run_sorted_role (const Run *run, const ProgramCategory *category)
{
  const Program *program = run->office->definition->program;
  bool owned =
    category != NULL && category->owner != NULL && program_has_people (program, category->owner);

  return owned ? category->owner : program->escalate;
}

/* The title of ROLE, where somebody else than READER'S has it. */
static const char *
title_of (const Program *program, const char *role, const char *readers)
{
  const ProgramRole *one =
    role != NULL && strcmp (role, readers) != 0 && program_has_people (program, role)
      ? program_role (program, role)
      : NULL;

  return one != NULL ? one->title : NULL;
}

bool
run_tell_role (Run *run, OutboxNotice *notice, const char *name, const ProgramCategory *category,
               const ProgramPerson *knows, GError **error)
{
  const char *role = run_sorted_role (run, category),
             *copy = category != NULL ? category->copy : NULL;

  notice->also = title_of (notice->program, copy, role);
  if ((knows == NULL || !program_person_has_role (knows, role))
      && !outbox_write_role (run->txn, notice, name, role, error))
    return false;
  if (notice->also == NULL || (knows != NULL && program_person_has_role (knows, copy)))
    return true;
  notice->also = title_of (notice->program, role, copy);
  return outbox_write_role (run->txn, notice, name, copy, error);
}

GArray *
run_guesses (const Run *run)
{
  GArray *guesses = g_array_new (FALSE, FALSE, sizeof (OutboxGuess));

  for (guint i = 0; run->sorting != NULL && i < run->sorting->guesses->len; i++)
    {
      const SortingGuess *guess = &g_array_index (run->sorting->guesses, SortingGuess, i);
      OutboxGuess one = { guess->category->name, guess->category->title, guess->why };

      g_array_append_val (guesses, one);
    }
  return guesses;
}

/* The facts of a message that was taken in before. */
static Message *
read_again (Run *run, gint64 id, GError **error)
{
  g_autoptr (MessageRow) row = message_row_by_id (run->office->store, id, error);
  int fd = row != NULL ? archive_fd (run->office->archive, row->sha256, error) : -1;

  if (fd < 0)
    return NULL;
  Message *message = reader_read (run->office->reader, fd, error);
  close (fd);
  return message;
}

bool
run_sorted_by_hand (Run *run, const HeldRow *held, const ProgramCategory *category, char **words,
                    GError **error)
{
  g_autoptr (Message) message = read_again (run, held->message, error);
  JsonObject *detail;

  if (message == NULL)
    return false;
  *words = g_strdup (message->new_text);
  detail = json_object_new ();
  json_object_set_int_member (detail, "message", held->message);
  json_object_set_string_member (detail, "category", category->name);
  json_object_set_string_member (detail, "by", run->identity->address);
  return held_sorted (run->txn, held->message, category->name, error)
         && journal_event (run->txn, run->input, held->case_id, run->at, "message.sorted", detail,
                           error)
         && sorting_learn (run->txn, run->input, held->message, category->name,
                           run->identity->address, run->at, message->subject, message->new_text,
                           error);
}
