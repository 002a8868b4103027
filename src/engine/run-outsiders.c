/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * People to whom a contact's mail went besides us, and whom nobody knows in the case: where no
 * notice about the mail says so anyway, whoever holds the case is told of each once, with the
 * command that makes them a contact.  The office itself never writes to them: they may be the boss,
 * or a competitor.
 */
#include <string.h>

#include "engine/run.h"
#include "store/journal.h"

#define NOTICE "outsiders-copied"
/* The part of a template that does the same. */
#define PART "copied"

enum { ADD, KNOWN };

/* Told of at once. */
enum { MAX_OUTSIDERS = 10 };

const char *const outsider_sql[] = {
  [ADD] =
    "INSERT INTO outsider (case_id, email, message) VALUES (:case_id, :email, :message)",
  [KNOWN] =
    "SELECT 1 FROM outsider WHERE case_id = :case_id AND email = :email",
  NULL
};

static void
outsider_clear (gpointer data)
{
  OutboxOutsider *outsider = data;

  g_free (outsider->name);
  g_free (outsider->email);
}

static bool
is_known (Run *run, const Case *c, const char *email, bool *known, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (run->office->store, outsider_sql[KNOWN], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":case_id", c->id);
  store_bind_text (q, ":email", email);
  return store_step (q, known, error);
}

static bool
keep (Run *run, const Case *c, const char *email, GError **error)
{
  JsonObject *detail = json_object_new ();

  json_object_set_int_member (detail, "message", run->message_id);
  json_object_set_string_member (detail, "address", email);
  if (!journal_event (run->txn, run->input, c->id, run->at, "case.outsider", detail, error))
    return false;
  g_autoptr (StoreStmt) q = store_query (run->office->store, outsider_sql[ADD], error);
  if (q == NULL)
    return false;
  store_bind_int (q, ":case_id", c->id);
  store_bind_text (q, ":email", email);
  store_bind_int (q, ":message", run->message_id);
  return store_run (q, error);
}

/* The domain of EMAIL is not the sender's. */
static bool
is_elsewhere (const Run *run, const char *email)
{
  return g_strcmp0 (strrchr (email, '@'), strrchr (run->identity->address, '@')) != 0;
}

/* EMAIL is neither ours nor anybody's of the office. */
static bool
is_outside (const Run *run, const char *email)
{
  return strchr (email, '@') != NULL && !options_is_own (run->office->options, email)
         && program_person (run->office->definition->program, email) == NULL;
}

/* Most mail goes to us alone, and then there is no need to read its case. */
static bool
names_anybody (const Run *run)
{
  const GPtrArray *lists[] = { run->message->to, run->message->cc };

  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = 0; i < lists[l]->len; i++)
      {
        const MessageAddress *to = lists[l]->pdata[i];
        g_autofree char *email = g_ascii_strdown (to->address, -1);

        if (is_outside (run, email))
          return true;
      }
  return false;
}

/* Those of LIST who are new go into OUTSIDERS. */
static bool
gather (Run *run, const Case *c, const GPtrArray *list, GArray *outsiders, GError **error)
{
  for (guint i = 0; i < list->len && outsiders->len < MAX_OUTSIDERS; i++)
    {
      const MessageAddress *to = list->pdata[i];
      g_autofree char *email = g_ascii_strdown (to->address, -1);
      bool known;

      if (!is_outside (run, email) || case_contact (c, email) != NULL)
        continue;
      if (!is_known (run, c, email, &known, error) || (!known && !keep (run, c, email, error)))
        return false;
      if (known)
        continue;
      OutboxOutsider one = { g_strdup (to->name), NULL, is_elsewhere (run, email) };
      one.email = g_steal_pointer (&email);
      g_array_append_val (outsiders, one);
    }
  return true;
}

bool
run_outsiders (Run *run, GError **error)
{
  g_autoptr (GArray) outsiders = g_array_new (FALSE, FALSE, sizeof (OutboxOutsider));
  const Program *program;

  if (run->case_id == 0 || run->message->machine != MACHINE_NONE || !names_anybody (run))
    return true;
  g_autoptr (Case) c = run_load (run, run->case_id, &program, error);
  if (c == NULL)
    return false;
  g_array_set_clear_func (outsiders, outsider_clear);
  if (case_contact (c, run->identity->address) == NULL || program_notice (program, NOTICE) == NULL)
    return true;
  if (!gather (run, c, run->message->to, outsiders, error)
      || !gather (run, c, run->message->cc, outsiders, error))
    return false;
  if (outsiders->len == 0)
    return true;
  OutboxNotice notice = run_notice (run, program, c);
  bool told;

  notice.outsiders = outsiders;
  return run_tells (run, program, PART, &told, error)
         && (told || outbox_notice (run->txn, &notice, NOTICE, error));
}
