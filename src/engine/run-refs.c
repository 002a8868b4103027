/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cases a message refers to: by its thread, by the address or Message-ID we made for its
 * sender, by a number in its subject, by the conversation its mail program says it belongs to.
 */
#include "engine/run.h"

/* The case a message belongs to, whether we got it or sent it; *ID stays when there is none. */
static bool
case_of_message_id (Store *store, const char *message_id, gint64 *id, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (MessageRow) row = message_row_by_message_id (store, message_id, &inner);
  g_autoptr (OutboxItem) item =
    row == NULL && inner == NULL ? outbox_by_message_id (store, message_id, &inner) : NULL;

  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  *id = row != NULL ? row->case_id : item != NULL ? item->case_id : *id;
  return true;
}

/* A case some message this one refers to belongs to. */
static bool
look_up_thread (Run *run, TriageFacts *facts, GError **error)
{
  const GPtrArray *lists[] = { run->message->in_reply_to, run->message->references };
  Store *store = run->office->store;

  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = lists[l]->len; i > 0 && facts->thread_case == 0; i--)
      if (!case_of_message_id (store, lists[l]->pdata[i - 1], &facts->thread_case, error))
        return false;
  return true;
}

static bool
look_up_refs (Run *run, TriageFacts *facts, GError **error)
{
  g_autofree char *tag = triage_subject_tag (facts->program, run->message->subject);
  const char *refs[] = { run->identity->token_ref, tag };
  gint64 *targets[] = { &facts->token_case, &facts->tag_case };

  facts->token_case = run->identity->token_case;
  token_check_conversation (run->office->key, run->message->conversation,
                            &facts->conversation_case);
  facts->tag = tag != NULL;
  for (guint i = 0; i < G_N_ELEMENTS (refs); i++)
    {
      gint64 id = 0;

      if (refs[i] != NULL && !case_id_of (run->office->store, refs[i], &id, error))
        return false;
      if (*targets[i] == 0)
        *targets[i] = id;
    }
  return true;
}

/* What still comes for a case that was joined with another one goes there. */
static bool
follow_joined (Run *run, TriageFacts *facts, GError **error)
{
  gint64 *cases[] = { &facts->token_case, &facts->thread_case, &facts->tag_case,
                      &facts->conversation_case };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (*cases[i] != 0 && !case_goes_on_in (run->office->store, cases[i], error))
      return false;
  return true;
}

bool
run_refs (Run *run, TriageFacts *facts, GError **error)
{
  return look_up_thread (run, facts, error) && look_up_refs (run, facts, error)
         && follow_joined (run, facts, error);
}
