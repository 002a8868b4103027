/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /split: the message that a member of staff answers holds a second matter, which goes on in a case
 * of its own.
 *
 * Of a held message the whole is such a matter, of whoever wrote it.
 *
 * The new case is of the same organization, linked with the first one, and begins with what its
 * contact wrote: the words below the command, when somebody chose them, else the whole message.
 * Files that belong to it go along (run-split-files.c); the message itself stays where it is.  Its
 * dates count from the day the message came, not from the day somebody found the matter in it.
 */
#include <string.h>

#include "base/error.h"
#include "engine/engine-evidence.h"
#include "engine/run-session.h"

enum { CAUSE, DETAIL };

/* A person waits for what comes of it: what is large is read as well. */
enum { MAX_TEXT = 100000, ANY_SIZE = 0 };

const char *const split_sql[] = {
  [CAUSE] =
    "SELECT i.subject FROM outbox o JOIN input i ON i.id = o.input AND i.kind = 'message'"
    " WHERE o.message_id = :message_id AND o.rcpt = :rcpt AND o.case_id = :case_id",
  [DETAIL] =
    "SELECT detail FROM input WHERE kind = 'message' AND subject = :message ORDER BY id LIMIT 1",
  NULL
};

/* The message that the answered mail of ours was about; *ID stays when there is none. */
static bool
find_cause (const Session *s, const char *message_id, gint64 *id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (s->run->office->store, split_sql[CAUSE], error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_text (q, ":message_id", message_id);
  store_bind_text (q, ":rcpt", s->person->address);
  store_bind_int (q, ":case_id", s->c->id);
  if (!store_step (q, &row, error))
    return false;
  *id = row ? store_column_int (q, 0) : *id;
  return true;
}

/* The message of a contact that is answered; refused when that is none. */
static MessageRow *
find_message (const Session *s, GError **error)
{
  const GPtrArray *lists[] = { s->run->message->in_reply_to, s->run->message->references };
  gint64 id = 0;

  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = lists[l]->len; i > 0 && id == 0; i--)
      if (!find_cause (s, lists[l]->pdata[i - 1], &id, error))
        return NULL;
  g_autoptr (MessageRow) row =
    id != 0 ? message_row_by_id (s->run->office->store, id, error) : NULL;
  if (id != 0 && row == NULL)
    return NULL;
  if (row == NULL || case_contact (s->c, row->author) == NULL)
    {
      error_refuse (
        error, "write it in answer to our notice about the message that holds the second matter");
      return NULL;
    }
  return g_steal_pointer (&row);
}

static bool
find_text (Session *s, const Command *command, GError **error)
{
  const MessageRow *row = s->split_message;
  bool quarantined;

  if (!held_is_quarantined (s->run->office->store, row->id, &quarantined, error))
    return false;
  if (quarantined)
    return error_refuse (error, "nothing of this message may be passed on");
  s->split_text = g_strdup (command->text);
  if (s->split_text == NULL
      && !run_words_of (s->run, row->id, row->sha256, row->size, MAX_TEXT, &s->split_text, error))
    return false;
  return (s->split_text != NULL && s->split_text[0] != '\0')
         || error_refuse (
           error,
           "the message has no words that can be read: write below the command what it is about");
}

bool
session_split (Session *s, const Command *command, GError **error)
{
  const Program *today = s->run->office->definition->program;
  const char *name = command->value != NULL ? command->value : today->split_opens;
  const ProgramCaseType *type = name != NULL ? program_case_type (today, name) : NULL,
                        *here = program_case_type (s->program, s->c->type);

  if (!session_has_sure_right (s, command->name, error))
    return false;
  if (s->split_type != NULL)
    return error_refuse (error, "one message splits off one case at a time");
  if (type == NULL)
    return session_no_such_type (name != NULL ? name : "", today, error);
  if (here != NULL && here->confidential && !type->confidential)
    return error_refuse (error,
                         "this case is confidential, and so must be what is split off from it");
  if (!session_none_open (s, type, error))
    return false;
  s->split_message = find_message (s, error);
  if (s->split_message == NULL || !find_text (s, command, error))
    return false;
  s->split_files = split_files_find (s->c, s->split_message->id, NULL, command->files, error);
  if (s->split_files == NULL)
    return false;
  s->split_type = type;
  return true;
}

void
session_split_clear (Session *s)
{
  g_clear_pointer (&s->split_message, message_row_free);
  g_clear_pointer (&s->split_text, g_free);
  g_clear_pointer (&s->split_files, split_files_free);
}

/* Both cases know each other, and who said so. */
static bool
link_both (Session *s, const Case *c, GError **error)
{
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  CaseChange *change = g_new0 (CaseChange, 1);

  change->kind = CHANGE_LINK;
  change->number = s->c->id;
  change->name = g_strdup (s->c->ref);
  change->value = g_strdup ("linked");
  change->who = g_strdup (s->person->address);
  g_ptr_array_add (changes, change);
  return run_save (s->run, c, changes, error) && run_links (s->run, c, changes, error);
}

/* What of a message becomes a case, and the number of the case it is split off from, or NULL. */
typedef struct {
  const MessageRow *row;
  const char *text, *from;
  SplitFiles *files;
} Matter;

/* What the contact wrote, and the files that go along, are the first event of C, where the state it
 * opens in takes that. */
static bool
begin_with (Run *run, const Program *program, Case *c, const CaseContact *contact,
            const Matter *matter, GPtrArray *changes, GError **error)
{
  const DocumentReading *taken = matter->files->taken;
  const GPtrArray *documents = taken != NULL && taken->documents->len > 0 ? taken->documents : NULL;
  g_auto (GStrv) roles = program_outside_roles (program);
  const CaseActor actor = { contact->email, contact->name, false, (const char *const *) roles,
                            ASSURE_NONE };
  const CaseEvent event = { .name = documents != NULL ? "documents" : "message",
                            .actor = &actor,
                            .text = matter->text,
                            .documents = documents,
                            .message = matter->row->id };

  if (matter->files->enclosed != NULL)
    case_enclose_documents (c, matter->files->enclosed, run_begins (run), changes);
  return (case_transition (program, c, event.name, run_begins (run)) == NULL
          || case_step (program, c, &event, run_begins (run), changes, error))
         && run_save (run, c, changes, error);
}

static bool
take_matter (Run *run, const Program *program, Case *c, const Matter *matter, GError **error)
{
  const MessageRow *row = matter->row;
  const CaseContact *contact = case_contact (c, row->author);
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);

  if (contact == NULL)
    return true;
  split_files_choose (matter->files, program, c, matter->text, run_begins (run));
  if (!begin_with (run, program, c, contact, matter, changes, error)
      || !split_files_move (run, matter->files, c, run->identity->address, error))
    return false;
  const DocumentReading *taken = matter->files->taken;
  g_autoptr (GArray) questions = taken != NULL ? run_questions (taken) : NULL;
  g_autofree char *files = split_files_names (matter->files);
  OutboxNotice notice = run_notice (run, program, c);
  notice.sender = contact->email;
  notice.sender_name = contact->name;
  notice.cause = NULL; /* the mail of the office's own person is not in the contact's thread */
  notice.cause_sha256 = row->sha256;
  notice.cause_size = (guint64) row->size;
  notice.language = NULL;
  notice.words = matter->text;
  notice.split_from = matter->from;
  notice.split_files = files;
  notice.received = taken != NULL ? taken->documents : NULL;
  notice.questions = questions;
  return run_notices (run, program, c, changes, &notice, error)
         && (!run_has_unknown_signer (program, c, row->id)
             || outbox_notice (run->txn, &notice, "signer-unknown", error))
         && run_spread (run, program, c, changes, error);
}

/* The line of the transcript says where it goes on. */
static void
say_where (Session *s, const Case *c)
{
  g_autofree char *files = split_files_said (s->split_files);

  for (guint i = 0; i < s->reading->commands->len && i < s->results->len; i++)
    {
      CommandResult *result = s->results->pdata[i];

      if (strcmp (((const Command *) s->reading->commands->pdata[i])->name, "split") != 0)
        continue;
      g_free (result->text);
      result->text = g_strdup_printf ("done: it goes on in %s%s", c->ref, files);
    }
}

bool
session_split_do (Session *s, GError **error)
{
  CaseChange change = { .kind = CHANGE_OPEN,
                        .name = s->split_type != NULL ? s->split_type->name : NULL };
  const Program *program;

  if (s->split_type == NULL)
    return true;
  s->run->since = s->split_message->received_at;
  g_autoptr (Case) begun = run_open_child (s->run, s->program, s->c, &change, error);
  if (begun == NULL || !link_both (s, begun, error))
    return false;
  g_autoptr (Case) c = run_load (s->run, begun->id, &program, error);
  const Matter matter = { s->split_message, s->split_text, s->c->ref, s->split_files };
  if (c == NULL || !take_matter (s->run, program, c, &matter, error))
    return false;
  say_where (s, c);
  return true;
}

/* --- a held message --------------------------------------------------------------------------- */

/* The case that everything of AUTHOR's organization hangs on: the first open one, else the first;
 * *HOME NULL: nobody knows them, or for which organization they write. */
static bool
find_home (Run *run, const char *author, Case **home, GError **error)
{
  g_autoptr (GArray) all = case_of_contact (run->office->store, author, false, error);
  g_autoptr (Case) found = NULL;

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      g_autoptr (Case) c = case_load (run->office->store, g_array_index (all, gint64, i), error);

      if (c == NULL)
        return false;
      if (found != NULL && found->organization != c->organization)
        return true;
      if (found == NULL || (c->open && !found->open))
        {
          case_free (found);
          found = g_steal_pointer (&c);
        }
    }
  *home = g_steal_pointer (&found);
  return all != NULL;
}

/* Why no case of TYPE may be opened for HOME with the message; NULL: it may. */
static bool
objection (Run *run, const ProgramCaseType *type, const HeldRow *held, const Case *home,
           const char *text, char **why, GError **error)
{
  gint64 open = 0;
  bool more;

  /* What of one person waits is dealt with together (held_settle()). */
  if (!held_has_author (run->office->store, held->author, held->message, held->item, &more, error))
    return false;
  if (more)
    *why = g_strdup ("other messages of this person wait with it, and would be lost: answer, and "
                     "open a case by hand");
  else if (held->quarantine)
    *why = g_strdup ("nothing of this message may be passed on");
  else if (home == NULL)
    *why = g_strdup_printf (
      "%s speaks for no organization that we know, or for several: answer, or /close",
      held->author);
  else if (text == NULL || text[0] == '\0')
    *why = g_strdup (
      "the message has no words that can be read: write below the command what it is about");
  else if (!run_open_one (run, type->name, home->id, &open, error))
    return false;
  else if (open != 0)
    *why = g_strdup ("the organization has an open case of that kind");
  return true;
}

static char *
first_of (const char *words)
{
  return g_strstrip (g_utf8_substring (words, 0, MIN (MAX_TEXT, g_utf8_strlen (words, -1))));
}

static bool
open_with (Run *run, const Case *home, const ProgramCaseType *type, const Matter *matter,
           char **result, GError **error)
{
  const CaseChange change = { .kind = CHANGE_OPEN, .name = type->name };
  const Program *program = office_program (run->office, home->definition, error);
  const MessageRow *row = matter->row;

  run->since = row->received_at;
  g_autoptr (Case) begun =
    program != NULL ? run_open_child (run, program, home, &change, error) : NULL;
  g_autoptr (Case) c = begun != NULL ? run_load (run, begun->id, &program, error) : NULL;

  if (c == NULL || !take_matter (run, program, c, matter, error)
      || (matter->files->from == NULL
          && !message_row_set (run->txn, row->id, row->outcome, row->reason, row->rule, c->id,
                               error)))
    return false;
  g_autofree char *files = split_files_said (matter->files);
  *result = g_strdup_printf ("it goes on in %s%s; the message no longer waits", c->ref, files);
  return true;
}

/* What was found of the signatures on FILES of message ROW when it came; files that a case has keep
 * what it knows. */
static bool
take_evidence (Run *run, const MessageRow *row, SplitFiles *files, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (run->office->store, split_sql[DETAIL], error);
  bool found;

  if (q == NULL)
    return false;
  store_bind_int (q, ":message", row->id);
  if (!store_step (q, &found, error))
    return false;
  g_autoptr (GPtrArray) evidence = found ? engine_evidence_again (store_column_text (q, 0)) : NULL;
  run_take_signatures (evidence, row->id, files->files);
  return true;
}

/* The files of message ROW, that waits, as the case it was also filed in has them, or as it has
 * them itself; NULL: M lacks them (QEC_ERROR_PERMANENT). */
static SplitFiles *
files_of_held (Run *run, const HeldRow *held, const MessageRow *row, const Message *m,
               const char *names, GError **error)
{
  g_autoptr (Case) from =
    held->case_id != 0 ? case_load (run->office->store, held->case_id, error) : NULL;
  g_autoptr (SplitFiles) files =
    held->case_id == 0 || from != NULL ? split_files_find (from, row->id, m, names, error) : NULL;

  if (files == NULL || (files->from == NULL && !take_evidence (run, row, files, error)))
    return NULL;
  return g_steal_pointer (&files);
}

bool
run_split_held (Run *run, const HeldRow *held, const Command *command, bool *opened, char **result,
                GError **error)
{
  const Program *today = run->office->definition->program;
  const char *name = command->value != NULL ? command->value : today->split_opens;
  const ProgramCaseType *type = name != NULL ? program_case_type (today, name) : NULL;
  g_autoptr (MessageRow) row = message_row_by_id (run->office->store, held->message, error);
  g_autoptr (GError) refused = NULL;
  g_autoptr (Message) m = NULL;
  g_autoptr (SplitFiles) files = NULL;
  g_autofree char *why = NULL;
  g_autoptr (Case) home = NULL;

  *opened = false;
  if (row == NULL
      || (!held->quarantine && !run_read_again (run->office, row->sha256, ANY_SIZE, &m, error))
      || !find_home (run, held->author, &home, error))
    return false;
  g_autofree char *text =
    command->text != NULL || m == NULL ? g_strdup (command->text) : first_of (m->new_text);
  if (type == NULL)
    session_no_such_type (name != NULL ? name : "", today, &refused);
  else if (!session_is_sure (today, run->identity->person, command->name, run->identity->assurance,
                             &refused))
    ;
  else if (!objection (run, type, held, home, text, &why, error))
    return false;
  else if (why == NULL && m == NULL)
    why = g_strdup ("the message cannot be read, and nobody knows what files it has: answer, and "
                    "open a case by hand");
  else if (why == NULL)
    files = files_of_held (run, held, row, m, command->files, &refused);
  if (refused != NULL && !g_error_matches (refused, QEC_ERROR, QEC_ERROR_PERMANENT))
    {
      g_propagate_error (error, g_steal_pointer (&refused));
      return false;
    }
  if (refused != NULL || why != NULL)
    {
      *result = g_strdup_printf ("nothing was done: %s", refused != NULL ? refused->message : why);
      return true;
    }
  const Matter matter = { row, text, NULL, files };
  *opened = true;
  return open_with (run, home, type, &matter, result, error);
}
