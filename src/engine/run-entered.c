/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /on-behalf-of: somebody of the office enters what a contact of the case said elsewhere, by phone,
 * on paper, from another address.
 *
 * It is filed as coming from the contact, who gets the receipt, and everywhere it says who entered
 * it.  It proves nothing of the contact: no word in it is a command of theirs, no form in it is
 * theirs, no signature in it counts, and it is worth no more than a mail anybody could have
 * written.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "engine/engine-attached.h"
#include "engine/run-session.h"
#include "triage/triage-documents.h"

/* Characters of what was said. */
enum { MAX_SAID = 100000, MAX_FORWARDED = 1024 * 1024 };

static char *
known_contacts (const Case *c)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < c->contacts->len; i++)
    g_string_append_printf (all, "%s%s", i > 0 ? ", " : "",
                            ((const CaseContact *) c->contacts->pdata[i])->email);
  return g_string_free (all, FALSE);
}

/* The message that is attached whole, or NULL. */
static const MessagePart *
attached_message (const Message *m)
{
  for (guint i = 0; i < m->parts->len; i++)
    if (strcmp (((const MessagePart *) m->parts->pdata[i])->type, "message/rfc822") == 0)
      return m->parts->pdata[i];
  return NULL;
}

/* *TEXT: its words; NULL: there is none, or it cannot be read. */
static bool
attached_words (Run *run, char **text, GError **error)
{
  const MessagePart *part = attached_message (run->message);
  g_autoptr (GError) inner = NULL;
  int fd = part != NULL && run->office->reader != NULL
             ? archive_fd (run->office->archive, run->arrival->sha256, error)
             : -1;

  if (fd < 0)
    return part == NULL || run->office->reader == NULL;
  g_autoptr (GBytes) bytes =
    reader_extract (run->office->reader, fd, part->path, MAX_FORWARDED, &inner);
  close (fd);
  g_autoptr (Message) forwarded =
    bytes != NULL ? engine_read_bytes (run->office, bytes, &inner) : NULL;
  if (forwarded != NULL)
    *text = g_strdup (forwarded->new_text);
  if (inner == NULL || g_error_matches (inner, QEC_ERROR, QEC_ERROR_INVALID))
    return true;
  g_propagate_error (error, g_steal_pointer (&inner));
  return false;
}

/* What the contact said: what stands below the command, else a message that is attached, else what
 * is forwarded below. */
static bool
said (Session *s, const Command *command, GError **error)
{
  const Message *m = s->run->message;
  g_autofree char *attached = NULL;

  if (command->text == NULL && !attached_words (s->run, &attached, error))
    return false;
  const char *text = command->text != NULL ? command->text
                     : attached != NULL    ? attached
                                           : m->quoted_text;
  s->entered_text = g_strstrip (
    g_utf8_strlen (text, -1) > MAX_SAID ? g_utf8_substring (text, 0, MAX_SAID) : g_strdup (text));
  return true;
}

/* Files of the mail itself; a message that is attached to it was read for its words. */
static void
drop_message (const Message *m, GPtrArray *documents)
{
  const MessagePart *part = attached_message (m);

  for (guint i = documents->len; part != NULL && i > 0; i--)
    if (g_strcmp0 (((const CaseDocument *) documents->pdata[i - 1])->part, part->path) == 0)
      g_ptr_array_remove_index (documents, i - 1);
}

static void
note (Session *s)
{
  CaseChange *change = g_new0 (CaseChange, 1);

  change->kind = CHANGE_NOTE;
  change->name = g_strdup ("on-behalf-of");
  change->text = g_strdup_printf ("%s did not write this by mail", s->entered->email);
  change->who = g_strdup (s->person->address);
  g_ptr_array_add (s->changes, change);
}

bool
session_enter (Session *s, const Command *command, GError **error)
{
  const CaseContact *contact = case_contact (s->c, command->value);
  g_auto (GStrv) roles = program_outside_roles (s->program);

  if (!session_is_alone (s->reading, command))
    return error_refuse (error,
                         "write what they said below /on-behalf-of, and nothing else beside it");
  if (!session_is_sure (s->program, s->person, command->name, s->actor.assurance, error))
    {
      s->no_right = true;
      return false;
    }
  if (contact == NULL)
    {
      g_autofree char *known = known_contacts (s->c);

      return error_refuse (error, "%s is no contact of this case; there are: %s", command->value,
                           known);
    }
  s->entered = case_contact_copy (contact);
  if (!said (s, command, error))
    return false;
  s->documents = documents_read (s->program, s->c, s->run->message, s->run->message_id, s->run->at);
  drop_message (s->run->message, s->documents->documents);
  if (s->entered_text[0] == '\0' && s->documents->documents->len == 0)
    return error_refuse (error, "write what they said below it, or forward it, or attach it");
  const CaseActor actor = { s->entered->email, s->entered->name, false, (const char *const *) roles,
                            ASSURE_NONE };
  const CaseEvent event = { .name = s->documents->documents->len > 0 ? "documents" : "message",
                            .actor = &actor,
                            .text = s->entered_text,
                            .documents = s->documents->documents,
                            .message = s->run->message_id };
  note (s);
  return case_step (s->program, s->c, &event, s->run->at, s->changes, error);
}

void
session_entered_clear (Session *s)
{
  g_clear_pointer (&s->entered, case_contact_free);
  g_clear_pointer (&s->entered_text, g_free);
  g_clear_pointer (&s->documents, document_reading_free);
}

void
session_entered_notice (Session *s, OutboxNotice *notice, GArray *questions)
{
  for (guint i = 0; i < s->documents->questions->len; i++)
    {
      const DocumentQuestion *q = s->documents->questions->pdata[i];
      OutboxQuestion one = { q->file, q->question };

      g_array_append_val (questions, one);
    }
  notice->sender = s->entered->email;
  notice->sender_name = s->entered->name;
  notice->cause = NULL; /* the mail of the office's own person is not in the contact's thread */
  notice->language = NULL;
  notice->received = s->documents->documents;
  notice->questions = questions;
  notice->words = s->entered_text;
  notice->entered_by = s->person->name;
}
