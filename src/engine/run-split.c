/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /split: the message that a member of staff answers holds a second matter, which goes on in a case of its own.
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

/* What the contact wrote is the case's first event, where the state it opens in takes it. */
static bool
take_message (Session *s, const Program *program, Case *c, GError **error)
{
  const CaseContact *contact = case_contact (c, s->split_message->author);
  g_auto (GStrv) roles = program_outside_roles (program);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);

  if (contact == NULL || case_transition (program, c, "message", s->run->at) == NULL)
    return true;
  const CaseActor actor = { contact->email, contact->name, false, (const char *const *) roles, ASSURE_NONE };
  const CaseEvent event = { .name = "message", .actor = &actor, .text = s->split_text, .message = s->split_message->id };
  if (!case_step (program, c, &event, s->run->at, changes, error) || !run_save (s->run, c, changes, error))
    return false;
  OutboxNotice notice = run_notice (s->run, program, c);
  notice.sender = contact->email;
  notice.sender_name = contact->name;
  notice.cause = NULL; /* the mail of the office's own person is not in the contact's thread */
  notice.cause_sha256 = s->split_message->sha256;
  notice.cause_size = (guint64) s->split_message->size;
  notice.language = NULL;
  notice.words = s->split_text;
  notice.split_from = s->c->ref;
  return run_notices (s->run, program, c, changes, &notice, error) && run_spread (s->run, program, c, changes, error);
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
  if (c == NULL || !take_message (s, program, c, error))
    return false;
  say_where (s, c);
  return true;
}
