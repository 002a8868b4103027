/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /split: the message that a member of staff answers holds a second matter, which goes on in a case of its own.
 *
 * Of a held message the whole is such a matter, of whoever wrote it.
 *
 * The new case is of the same organization, linked with the first one, and begins with what its contact wrote: the words below the command, when
 * somebody chose them, else the whole message.  The message itself, with its files, stays where it is.
 */
#include <string.h>

#include "base/error.h"
#include "engine/run-session.h"

enum { CAUSE };

enum { MAX_TEXT = 100000 };

const char *const split_sql[] = {
  [CAUSE] =
    "SELECT i.subject FROM outbox o JOIN input i ON i.id = o.input AND i.kind = 'message'"
    " WHERE o.message_id = :message_id AND o.rcpt = :rcpt AND o.case_id = :case_id",
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
  g_autoptr (MessageRow) row = id != 0 ? message_row_by_id (s->run->office->store, id, error) : NULL;
  if (id != 0 && row == NULL)
    return NULL;
  if (row == NULL || case_contact (s->c, row->author) == NULL)
    {
      error_refuse (error, "write it in answer to our notice about the message that holds the second matter");
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
  if (s->split_text == NULL && !run_words_of (s->run, row->id, row->sha256, row->size, MAX_TEXT, &s->split_text, error))
    return false;
  return (s->split_text != NULL && s->split_text[0] != '\0')
         || error_refuse (error, "the message has no words that can be read: write below the command what it is about");
}

bool
session_split (Session *s, const Command *command, GError **error)
{
  const Program *today = s->run->office->definition->program;
  const char *name = command->value != NULL ? command->value : today->split_opens;
  const ProgramCaseType *type = name != NULL ? program_case_type (today, name) : NULL, *here = program_case_type (s->program, s->c->type);

  if (!session_has_sure_right (s, command->name, error))
    return false;
  if (s->split_type != NULL)
    return error_refuse (error, "one message splits off one case at a time");
  if (type == NULL)
    return session_no_such_type (name != NULL ? name : "", today, error);
  if (here != NULL && here->confidential && !type->confidential)
    return error_refuse (error, "this case is confidential, and so must be what is split off from it");
  if (!session_none_open (s, type, error))
    return false;
  s->split_message = find_message (s, error);
  if (s->split_message == NULL || !find_text (s, command, error))
    return false;
  s->split_type = type;
  return true;
}

void
session_split_clear (Session *s)
{
  g_clear_pointer (&s->split_message, message_row_free);
  g_clear_pointer (&s->split_text, g_free);
}

/* Both cases know each other, and who said so. */
static bool
link_both (Session *s, const Case *c, GError **error)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  CaseChange *change = g_new0 (CaseChange, 1);

  change->kind = CHANGE_LINK;
  change->number = s->c->id;
  change->name = g_strdup (s->c->ref);
  change->value = g_strdup ("linked");
  change->who = g_strdup (s->person->address);
  g_ptr_array_add (changes, change);
  return run_save (s->run, c, changes, error) && run_links (s->run, c, changes, error);
}

/* What the contact wrote, TEXT of the message ROW, is the case's first event, where the state it opens in takes it.  FROM: the number of the case it
 * was split off from, or NULL. */
static bool
take_message (Run *run, const Program *program, Case *c, const MessageRow *row, const char *text, const char *from, GError **error)
{
  const CaseContact *contact = case_contact (c, row->author);
  g_auto (GStrv) roles = program_outside_roles (program);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);

  if (contact == NULL || case_transition (program, c, "message", run->at) == NULL)
    return true;
  const CaseActor actor = { contact->email, contact->name, false, (const char *const *) roles, ASSURE_NONE };
  const CaseEvent event = { .name = "message", .actor = &actor, .text = text, .message = row->id };
  if (!case_step (program, c, &event, run->at, changes, error) || !run_save (run, c, changes, error))
    return false;
  OutboxNotice notice = run_notice (run, program, c);
  notice.sender = contact->email;
  notice.sender_name = contact->name;
  notice.cause = NULL; /* the mail of the office's own person is not in the contact's thread */
  notice.cause_sha256 = row->sha256;
  notice.cause_size = (guint64) row->size;
  notice.language = NULL;
  notice.words = text;
  notice.split_from = from;
  return run_notices (run, program, c, changes, &notice, error) && run_spread (run, program, c, changes, error);
}

/* The line of the transcript says where it goes on. */
static void
say_where (Session *s, const Case *c)
{
  for (guint i = 0; i < s->reading->commands->len && i < s->results->len; i++)
    {
      CommandResult *result = s->results->pdata[i];

      if (strcmp (((const Command *) s->reading->commands->pdata[i])->name, "split") != 0)
        continue;
      g_free (result->text);
      result->text = g_strdup_printf ("done: it goes on in %s", c->ref);
    }
}

bool
session_split_do (Session *s, GError **error)
{
  CaseChange change = { .kind = CHANGE_OPEN, .name = s->split_type != NULL ? s->split_type->name : NULL };
  const Program *program;

  if (s->split_type == NULL)
    return true;
  g_autoptr (Case) begun = run_open_child (s->run, s->program, s->c, &change, error);
  if (begun == NULL || !link_both (s, begun, error))
    return false;
  g_autoptr (Case) c = run_load (s->run, begun->id, &program, error);
  if (c == NULL || !take_message (s->run, program, c, s->split_message, s->split_text, s->c->ref, error))
    return false;
  say_where (s, c);
  return true;
}

/* --- a held message --------------------------------------------------------------------------------------------------------- */

/* The case that everything of AUTHOR's organization hangs on: the first open one, else the first; *HOME NULL: nobody knows them, or for which
 * organization they write. */
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
objection (Run *run, const ProgramCaseType *type, const HeldRow *held, const Case *home, const char *text, char **why, GError **error)
{
  gint64 open = 0;
  bool more;

  /* What of one person waits is dealt with together (held_settle()). */
  if (!held_has_author (run->office->store, held->author, held->message, held->item, &more, error))
    return false;
  if (more)
    *why = g_strdup ("other messages of this person wait with it, and would be lost: answer, and open a case by hand");
  else if (held->quarantine)
    *why = g_strdup ("nothing of this message may be passed on");
  else if (home == NULL)
    *why = g_strdup_printf ("%s speaks for no organization that we know, or for several: answer, or /close", held->author);
  else if (text == NULL || text[0] == '\0')
    *why = g_strdup ("the message has no words that can be read: write below the command what it is about");
  else if (!run_open_one (run, type->name, home->id, &open, error))
    return false;
  else if (open != 0)
    *why = g_strdup ("the organization has an open case of that kind");
  return true;
}

static bool
open_with (Run *run, const Case *home, const ProgramCaseType *type, const MessageRow *row, const char *text, char **result, GError **error)
{
  const CaseChange change = { .kind = CHANGE_OPEN, .name = type->name };
  const Program *program = office_program (run->office, home->definition, error);
  g_autoptr (Case) begun = program != NULL ? run_open_child (run, program, home, &change, error) : NULL;
  g_autoptr (Case) c = begun != NULL ? run_load (run, begun->id, &program, error) : NULL;

  if (c == NULL || !take_message (run, program, c, row, text, NULL, error)
      || !message_row_set (run->txn, row->id, row->outcome, row->reason, row->rule, c->id, error))
    return false;
  *result = g_strdup_printf ("it goes on in %s; the message no longer waits", c->ref);
  return true;
}

bool
run_split_held (Run *run, const HeldRow *held, const Command *command, bool *opened, char **result, GError **error)
{
  const Program *today = run->office->definition->program;
  const char *name = command->value != NULL ? command->value : today->split_opens;
  const ProgramCaseType *type = name != NULL ? program_case_type (today, name) : NULL;
  g_autoptr (MessageRow) row = message_row_by_id (run->office->store, held->message, error);
  g_autoptr (GError) refused = NULL;
  g_autofree char *text = g_strdup (command->text), *why = NULL;
  g_autoptr (Case) home = NULL;

  *opened = false;
  if (row == NULL || (text == NULL && !run_words_of (run, row->id, row->sha256, row->size, MAX_TEXT, &text, error))
      || !find_home (run, held->author, &home, error))
    return false;
  if (type == NULL)
    session_no_such_type (name != NULL ? name : "", today, &refused);
  else if (!session_is_sure (today, run->identity->person, command->name, run->identity->assurance, &refused))
    ;
  else if (!objection (run, type, held, home, text, &why, error))
    return false;
  if (refused != NULL || why != NULL)
    {
      *result = g_strdup_printf ("nothing was done: %s", refused != NULL ? refused->message : why);
      return true;
    }
  *opened = true;
  return open_with (run, home, type, row, text, result, error);
}
