/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answers that cross: what came into a case, or went out of it in somebody's own words, shortly
 * before a message that does not refer to it, so that whoever wrote had not seen it.
 *
 * Nothing is held back for it: the message counts as any other, and who wrote, or who reads, is
 * told of what was missed.  How long before is "shortly", the program says
 * (answers-cross-within). */
#include <string.h>

#include "engine/run.h"

enum { SEEN, LAST, CAME, WENT };

/* Of a message: at most so many, and so many characters of each. */
enum { MAX_CROSSED = 5, WORDS_SHOWN = 2000 };

/* The columns that both lists have. */
#define COLUMNS "m.id, m.author, m.sha256, m.size, "

const char *const crossing_sql[] = {
  [SEEN] =
    "SELECT id, input FROM outbox WHERE message_id = :message_id AND rcpt = :rcpt AND case_id = :case_id",
  [LAST] =
    "SELECT coalesce (max (id), 0) FROM message INDEXED BY message_by_case WHERE case_id = :case_id AND id < :message AND author = :author",
  [CAME] =
    "SELECT " COLUMNS "m.received_at, m.subject, EXISTS (SELECT 1 FROM outbox o WHERE o.input = i.id AND o.case_id = :case_id AND o.notice = 'relay')"
    " FROM message m INDEXED BY message_by_case JOIN input i ON i.kind = 'message' AND i.subject = m.id"
    " WHERE m.case_id = :case_id AND m.id > :last AND m.id < :message AND m.received_at >= :since AND m.author <> :author AND i.id > :seen"
    " AND m.rule NOT IN ('machine', 'own mail', 'delivery report', 'copy')"
    " AND coalesce ((SELECT min (o.notice = 'status') FROM outbox o WHERE o.input = i.id), 0) = 0" /* who only asked where the case stands said nothing */
    " ORDER BY m.id LIMIT :limit",
  [WENT] =
    "SELECT " COLUMNS "o.at, o.subject, 1 FROM outbox o INDEXED BY outbox_by_case_rcpt LEFT JOIN outbox_again a ON a.outbox = o.id"
    " JOIN input i ON i.id = o.input AND i.kind = 'message' JOIN message m ON m.id = i.subject"
    " WHERE o.case_id = :case_id AND o.rcpt = :rcpt AND o.id > :seen AND o.at >= :since"
    " AND (o.notice = 'relay' OR coalesce (a.about, 0) > 0) ORDER BY o.id LIMIT :limit",
  NULL
};

static void
crossed_clear (gpointer data)
{
  OutboxCrossed *crossed = data;

  g_free (crossed->address);
  g_free (crossed->who);
  g_free (crossed->what);
  g_free (crossed->words);
}

/* The newest mail of ours about the case that the message refers to, and what caused it; 0:
 * none. */
static bool
find_seen (Run *run, gint64 case_id, gint64 *outbox, gint64 *input, GError **error)
{
  const GPtrArray *lists[] = { run->message->in_reply_to, run->message->references };

  *outbox = *input = 0;
  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = 0; i < lists[l]->len; i++)
      {
        g_autoptr (StoreStmt) q = store_query (run->office->store, crossing_sql[SEEN], error);
        bool row;

        if (q == NULL)
          return false;
        store_bind_text (q, ":message_id", lists[l]->pdata[i]);
        store_bind_text (q, ":rcpt", run->identity->address);
        store_bind_int (q, ":case_id", case_id);
        if (!store_step (q, &row, error))
          return false;
        if (row && store_column_int (q, 0) > *outbox)
          {
            *outbox = store_column_int (q, 0);
            *input = store_column_int (q, 1);
          }
      }
  return true;
}

/* What its author wrote into the case before: with the answer to that they were told of what had
 * come until then. */
static bool
find_last (Run *run, gint64 case_id, gint64 *last, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (run->office->store, crossing_sql[LAST], error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_int (q, ":case_id", case_id);
  store_bind_int (q, ":message", run->message_id);
  store_bind_text (q, ":author", run->identity->address);
  if (!store_step (q, &row, error))
    return false;
  *last = store_column_int (q, 0);
  return true;
}

/* --- what was missed -------------------------------------------------------------------------- */

typedef struct {
  gint64 message, size;
  char *sha256;
} Source;

static void
source_clear (gpointer data)
{
  g_free (((Source *) data)->sha256);
}

/* What the two lists are filled from. */
typedef struct {
  const Program *program;
  const Case *c;
  GArray *crossed;  /* OutboxCrossed */
  GArray *sources;  /* Source, one for each of them */
} Missed;

static void
take (StoreStmt *q, gpointer data)
{
  Missed *missed = data;
  const char *author = store_column_text (q, 1);
  const ProgramPerson *person = program_person (missed->program, author);
  const CaseContact *contact = case_contact (missed->c, author);
  const char *name = person != NULL                                ? person->name
                     : contact != NULL && contact->name[0] != '\0' ? contact->name
                                                                   : author;
  Source source = { store_column_int (q, 0), store_column_int (q, 3),
                    g_strdup (store_column_text (q, 2)) };
  OutboxCrossed one = { g_strdup (author),
                        g_strdup (name),
                        g_strdup (store_column_text (q, 5)),
                        NULL,
                        store_column_int (q, 4),
                        store_column_int (q, 6) != 0 };

  g_array_append_val (missed->sources, source);
  g_array_append_val (missed->crossed, one);
}

static bool
look_up (Run *run, bool staff, Missed *missed, GError **error)
{
  const Program *today = run->office->definition->program;
  Span back = { -today->crossing.n, today->crossing.unit };
  gint64 outbox, input, last = 0, id = missed->c->id;

  if (!find_seen (run, id, &outbox, &input, error) || (staff && !find_last (run, id, &last, error)))
    return false;
  g_autoptr (StoreStmt) q =
    store_query (run->office->store, crossing_sql[staff ? CAME : WENT], error);
  if (q == NULL)
    return false;
  store_bind_int (q, ":case_id", id);
  store_bind_int (q, ":seen", staff ? input : outbox);
  store_bind_int (q, ":since", calendar_add (today->calendar, run->at, back, NULL));
  store_bind_int (q, ":limit", MAX_CROSSED);
  if (staff)
    {
      store_bind_int (q, ":last", last);
      store_bind_int (q, ":message", run->message_id);
      store_bind_text (q, ":author", run->identity->address);
    }
  else
    store_bind_text (q, ":rcpt", run->identity->address);
  return store_each (q, take, missed, error);
}

GArray *
run_crossed (Run *run, const Program *program, const Case *c, bool staff, GError **error)
{
  g_autoptr (GArray) crossed = g_array_new (FALSE, FALSE, sizeof (OutboxCrossed)),
                     sources = g_array_new (FALSE, FALSE, sizeof (Source));
  Missed missed = { program, c, crossed, sources };

  g_array_set_clear_func (crossed, crossed_clear);
  g_array_set_clear_func (sources, source_clear);
  if (run->office->definition->program->crossing.n == 0)
    return g_steal_pointer (&crossed);
  if (!look_up (run, staff, &missed, error))
    return NULL;
  for (guint i = 0; i < crossed->len; i++)
    {
      const Source *source = &g_array_index (sources, Source, i);

      if (!run_words_of (run, source->message, source->sha256, source->size, WORDS_SHOWN,
                         &g_array_index (crossed, OutboxCrossed, i).words, error))
        return NULL;
    }
  return g_steal_pointer (&crossed);
}

/* --- two of the office ------------------------------------------------------------------------ */

bool
run_tell_crossed (Run *run, const Program *program, const Case *c, const GArray *crossed,
                  const char *words, GError **error)
{
  OutboxNotice notice = run_notice (run, program, c);
  g_autoptr (GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);

  if (program_notice (program, CROSSED_NOTICE) == NULL)
    return true;
  notice.cause = NULL;
  notice.words = words;
  for (guint i = crossed->len; i > 0; i--) /* of several by one person, the newest */
    {
      const OutboxCrossed *one = &g_array_index (crossed, OutboxCrossed, i - 1);
      const ProgramPerson *person = one->passed_on ? program_person (program, one->address) : NULL;

      notice.first_crossed = one;
      if (person != NULL && g_hash_table_add (told, one->address)
          && !outbox_write (run->txn, &notice, CROSSED_NOTICE, person->address, person->name,
                            error))
        return false;
    }
  return true;
}
