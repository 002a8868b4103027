/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /search: messages in which words stand, for somebody of the office, by mail.
 *
 * What it finds leaves the office, so it is held to what may leave it: nothing of a confidential
 * case, by the rules the case runs by or by today's; nothing that is quarantined (that is in no
 * index); of mail that belongs to no case only what strangers wrote, and only for who may answer
 * it.
 */
#define _GNU_SOURCE
#include <string.h>

#include "base/fold.h"
#include "engine/run-session.h"

enum { FIND };

/* Rows are looked at in portions, because most of one portion may be hidden from the reader. */
enum { MAX_FOUND = 20, MAX_WORDS = 10, PORTION = 100, MAX_LOOKED_AT = 2000, LINE_SHOWN = 160 };

const char *const search_sql[] = {
  [FIND] =
    "SELECT m.id, m.received_at, m.size, m.sha256, m.author, m.subject, coalesce (m.case_id, 0), coalesce (c.ref, ''), coalesce (c.type, ''),"
    " coalesce (c.definition, '') FROM message_text JOIN message m ON m.id = message_text.rowid LEFT JOIN cases c ON c.id = m.case_id"
    " WHERE message_text MATCH :words AND message_text.rowid < :before ORDER BY message_text.rowid DESC LIMIT :limit",
  NULL
};

typedef struct {
  gint64 id, at, size, case_id;
  char *sha256, *author, *subject, *ref, *type, *definition;
} Hit;

typedef struct {
  Run *run;
  const Program *program;    /* whose roles count */
  const ProgramPerson *person;
  char **words;              /* without case */
  GArray *found;             /* OutboxFound */
  guint looked_at;
  bool more;
} Search;

static void
hit_free (gpointer data)
{
  Hit *hit = data;

  g_free (hit->sha256);
  g_free (hit->author);
  g_free (hit->subject);
  g_free (hit->ref);
  g_free (hit->type);
  g_free (hit->definition);
  g_free (hit);
}

static void
found_clear (gpointer data)
{
  OutboxFound *found = data;

  g_free (found->ref);
  g_free (found->sender);
  g_free (found->subject);
  g_free (found->line);
}

static void
take_hit (StoreStmt *q, gpointer hits)
{
  Hit *hit = g_new0 (Hit, 1);

  hit->id = store_column_int (q, 0);
  hit->at = store_column_int (q, 1);
  hit->size = store_column_int (q, 2);
  hit->sha256 = g_strdup (store_column_text (q, 3));
  hit->author = g_strdup (store_column_text (q, 4));
  hit->subject = g_strdup (store_column_text (q, 5));
  hit->case_id = store_column_int (q, 6);
  hit->ref = g_strdup (store_column_text (q, 7));
  hit->type = g_strdup (store_column_text (q, 8));
  hit->definition = g_strdup (store_column_text (q, 9));
  g_ptr_array_add (hits, hit);
}

/* Each word as the beginning of one, in quotes: nothing somebody writes is a word of the index's
 * own language. */
static char *
query_of (char **words)
{
  GString *query = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    g_string_append_printf (query, "%s\"%s\"*", query->len > 0 ? " " : "", *word);
  return g_string_free (query, FALSE);
}

static char **
words_of (const char *text)
{
  g_autofree char *folded = fold_words (text);
  g_auto (GStrv) all = g_strsplit (folded, " ", -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  for (char **word = all; *word != NULL && words->len < MAX_WORDS; word++)
    if (**word != '\0')
      g_ptr_array_add (words, g_strdup (*word));
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_steal (words, NULL);
}

static bool
is_confidential (const Program *program, const char *type)
{
  const ProgramCaseType *def = program != NULL ? program_case_type (program, type) : NULL;

  return def == NULL || def->confidential;
}

/* Whether the reader may see it. */
static bool
may_see (const Search *s, const Hit *hit, bool *may, GError **error)
{
  const Program *today = s->run->office->definition->program;

  if (hit->case_id == 0)
    {
      *may = program_person (today, hit->author) == NULL
             && session_may_command (s->program, s->person, "relay");
      return true;
    }
  const Program *own = office_program (s->run->office, hit->definition, error);
  if (own == NULL)
    return false;
  /* A type that today's rules do not have any more is as its own say. */
  *may = !is_confidential (own, hit->type)
         && (program_case_type (today, hit->type) == NULL || !is_confidential (today, hit->type));
  return true;
}

static guint
count_words (char **words, const char *line)
{
  g_autofree char *folded = fold_case (line);
  guint n = 0;

  for (char **word = words; *word != NULL; word++)
    n += strstr (folded, *word) != NULL;
  return n;
}

/* The first line of TEXT that has most of the words, shortened; when none has any, its first. */
static char *
line_of (const Search *s, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  const char *best = NULL;
  guint most = 0;

  for (char **line = lines; *line != NULL; line++)
    {
      guint n = count_words (s->words, g_strstrip (*line));

      if (**line == '\0' || (best != NULL && n <= most))
        continue;
      best = *line;
      most = n;
    }
  return g_utf8_strlen (best != NULL ? best : "", -1) > LINE_SHOWN
           ? g_utf8_substring (best, 0, LINE_SHOWN)
           : g_strdup (best);
}

/* *LINE NULL: it cannot be read, or not in a moment. */
static bool
read_line (const Search *s, const Hit *hit, char **line, GError **error)
{
  g_autoptr (Message) m = NULL;

  *line = NULL;
  if (!run_read_again (s->run->office, hit->sha256, hit->size, &m, error))
    return false;
  g_autofree char *text = m != NULL ? message_row_text (m) : NULL;
  if (m != NULL)
    *line = line_of (s, text);
  return true;
}

static bool
look_at (Search *s, const Hit *hit, GError **error)
{
  bool may;

  if (!may_see (s, hit, &may, error))
    return false;
  if (may && s->found->len >= MAX_FOUND)
    s->more = true;
  if (!may || s->more)
    return true;
  OutboxFound found = { g_strdup (hit->ref), g_strdup (hit->author), g_strdup (hit->subject), NULL,
                        hit->at };
  bool good = read_line (s, hit, &found.line, error);
  g_array_append_val (s->found, found);
  return good;
}

static bool
look_for (Search *s, GError **error)
{
  g_autofree char *query = query_of (s->words);
  gint64 before = s->run->message_id;
  bool all = false;

  while (!all && !s->more && s->looked_at < MAX_LOOKED_AT)
    {
      g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func (hit_free);
      {
        g_autoptr (StoreStmt) q = store_query (s->run->office->store, search_sql[FIND], error);

        if (q == NULL)
          return false;
        store_bind_text (q, ":words", query);
        store_bind_int (q, ":before", before);
        store_bind_int (q, ":limit", PORTION);
        if (!store_each (q, take_hit, hits, error))
          return false;
      }
      for (guint i = 0; i < hits->len && !s->more; i++)
        if (!look_at (s, hits->pdata[i], error))
          return false;
      all = hits->len < PORTION;
      s->looked_at += hits->len;
      before = hits->len > 0 ? ((const Hit *) hits->pdata[hits->len - 1])->id : 0;
    }
  s->more |= !all;
  return true;
}

bool
run_asks_search (const Message *m)
{
  return strcasestr (m->new_text, "/search") != NULL;
}

bool
run_search (Run *run, const Program *program, const char *text, GError **error)
{
  g_auto (GStrv) words = words_of (text);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (OutboxFound));
  Search s = {
    .run = run, .program = program, .person = run->identity->person, .words = words, .found = found
  };
  OutboxNotice notice = run_notice (run, run->office->definition->program, NULL);

  g_array_set_clear_func (found, found_clear);
  if (words[0] != NULL && !look_for (&s, error))
    return false;
  notice.found = found;
  notice.outcome = s.more ? "more" : "";
  notice.words = text;
  return outbox_write (run->txn, &notice, "search-results", run->identity->address,
                       run->identity->name, error);
}

bool
run_search_alone (Run *run, const CommandReading *reading, GError **error)
{
  const Program *program = run->office->definition->program;
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (command_result_free);
  const Command *command = NULL;
  g_autofree char *not_signed = NULL, *why = NULL;
  g_autoptr (GError) inner = NULL;
  Assurance sure;

  for (guint i = 0; i < reading->commands->len; i++)
    if (strcmp (((const Command *) reading->commands->pdata[i])->name, "search") == 0)
      command = reading->commands->pdata[i];
  if (!run_assurance (run, program, NULL, &sure, &not_signed, error))
    return false;
  bool no_right = !session_is_sure (program, run->identity->person, command->name, sure, &inner);
  if (command->error != NULL)
    why = g_strdup_printf ("not understood: %s", command->error);
  else if (!session_is_alone (reading, command))
    why = g_strdup (SEARCH_ONLY);
  else if (no_right)
    why = not_signed != NULL ? g_strdup_printf ("%s; %s", inner->message, not_signed)
                             : g_strdup (inner->message);
  if (why == NULL)
    {
      run_outcome (run, OUTCOME_ANSWERED, "looked for messages");
      return run_search (run, program, command->value, error);
    }
  for (guint i = 0; i < reading->commands->len; i++)
    command_result_add (results, false,
                        g_strdup (reading->commands->pdata[i] == command ? why : SEARCH_ONLY));
  return run_transcript (run, reading, results, false, "done", SEARCH_ONLY, no_right, error);
}
