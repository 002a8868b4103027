/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The index is an FTS5 table in memory: some dozens of articles, built in a millisecond when first
 * asked.
 */
#include "knowledge/knowledge.h"

#include <string.h>

#include "base/fold.h"
#include "base/near.h"
#include "base/phrases.h"
#include "store/store.h"

/* More words than this say no more about what is asked. */
enum { TOPIC_WORDS = 32, SHORTEST_WORD = 2 };

enum { MAKE, ADD, RANK };

const char *const knowledge_sql[] = {
  [MAKE] =
    "CREATE VIRTUAL TABLE article USING fts5 (title, words, body, tokenize = 'porter unicode61 remove_diacritics 2')",
  [ADD] =
    "INSERT INTO article (rowid, title, words, body) VALUES (:id, :title, :words, :body)",
  [RANK] =
    "SELECT rowid FROM article WHERE article MATCH :topic ORDER BY bm25 (article, 4.0, 8.0, 1.0), rowid LIMIT :limit",
  NULL
};

struct Knowledge {
  const Program *program;
  Store *index;
  Phrases *phrases; /* their owner: place in the program's list */
};

static Phrases *
phrases_of (const Program *program)
{
  Phrases *phrases = phrases_new ();

  for (guint i = 0; i < program->articles->len; i++)
    for (char **word = ((const ProgramArticle *) program->articles->pdata[i])->words; *word != NULL;
         word++)
      phrases_add (phrases, *word, i);
  return phrases;
}

static bool
add (StoreTxn *txn, const ProgramArticle *article, const char *body, gint64 id, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), knowledge_sql[ADD], error);
  g_autofree char *words = g_strjoinv ("\n", article->words);

  if (q == NULL)
    return false;
  store_bind_int (q, ":id", id);
  store_bind_text (q, ":title", article->title);
  store_bind_text (q, ":words", words);
  store_bind_text (q, ":body", body);
  return store_run (q, error);
}

static bool
fill (Knowledge *knowledge, const TemplateSet *templates, GError **error)
{
  g_autoptr (StoreTxn) txn = store_begin (knowledge->index, error);
  g_autoptr (StoreStmt) make =
    txn != NULL ? store_query (knowledge->index, knowledge_sql[MAKE], error) : NULL;

  if (make == NULL || !store_run (make, error))
    return false;
  for (guint i = 0; i < knowledge->program->articles->len; i++)
    {
      const ProgramArticle *article = knowledge->program->articles->pdata[i];
      g_autofree char *name = g_strconcat ("knowledge/", article->name, NULL);
      const char *body = template_set_source (templates, name);

      if (!add (txn, article, body != NULL ? body : "", i, error))
        return false;
    }
  return store_commit (txn, error);
}

Knowledge *
knowledge_new (const Program *program, const TemplateSet *templates, GError **error)
{
  g_autoptr (Knowledge) knowledge = g_new0 (Knowledge, 1);

  knowledge->program = program;
  knowledge->phrases = phrases_of (program);
  knowledge->index = store_open_scratch (error);
  if (knowledge->index == NULL || !fill (knowledge, templates, error))
    return NULL;
  return g_steal_pointer (&knowledge);
}

void
knowledge_free (Knowledge *knowledge)
{
  if (knowledge == NULL)
    return;
  g_clear_pointer (&knowledge->index, store_close);
  phrases_free (knowledge->phrases);
  g_free (knowledge);
}

typedef struct {
  KnowledgeFit fit;
  guint score, best, order;
} Scored;

/* A phrase of several words says more than one word, one in the subject more than one in the
 * text. */
static void
score (Scored *scored, const Phrase *phrase, guint in_subject, guint in_text)
{
  guint points = phrase->words * phrase->words * (MIN (in_text, 3) + 3 * MIN (in_subject, 1));

  scored->score += points;
  if (points > scored->best)
    {
      scored->best = points;
      scored->fit.why = phrase->text;
    }
}

static int
better (gconstpointer a, gconstpointer b)
{
  const Scored *x = a, *y = b;

  return x->score != y->score ? (x->score < y->score ? 1 : -1)
                              : (x->order > y->order) - (x->order < y->order);
}

GArray *
knowledge_fitting (Knowledge *knowledge, const char *subject, const char *text, guint limit)
{
  const GPtrArray *articles = knowledge->program->articles;
  g_autofree guint *in_subject = phrases_count (knowledge->phrases, subject);
  g_autofree guint *in_text = phrases_count (knowledge->phrases, text);
  g_autofree Scored *all = g_new0 (Scored, articles->len + 1);
  GArray *fits = g_array_new (FALSE, FALSE, sizeof (KnowledgeFit));

  for (guint i = 0; i < articles->len; i++)
    all[i] = (Scored){ .fit = { articles->pdata[i], NULL }, .order = i };
  for (guint i = 0; i < phrases_length (knowledge->phrases); i++)
    {
      const Phrase *phrase = phrases_get (knowledge->phrases, i);

      score (&all[phrase->owner], phrase, in_subject[i], in_text[i]);
    }
  qsort (all, articles->len, sizeof *all, better);
  for (guint i = 0; i < MIN (articles->len, limit) && all[i].score > 0; i++)
    g_array_append_val (fits, all[i].fit);
  return fits;
}

/* An FTS5 query for any of the words of TOPIC, or NULL. */
static char *
query (const char *topic)
{
  g_autofree char *flat = fold_words (topic);
  g_auto (GStrv) words = g_strsplit (flat, " ", -1);
  GString *any = g_string_new (NULL);
  guint n = 0;

  for (char **word = words; *word != NULL && n < TOPIC_WORDS; word++)
    if (g_utf8_strlen (*word, -1) >= SHORTEST_WORD)
      g_string_append_printf (any, "%s\"%s\"", n++ > 0 ? " OR " : "", *word);
  return g_string_free (any, n == 0);
}

static bool
has (const GArray *fits, const ProgramArticle *article)
{
  for (guint i = 0; i < fits->len; i++)
    if (g_array_index (fits, KnowledgeFit, i).article == article)
      return true;
  return false;
}

static bool
add_ranked (Knowledge *knowledge, const char *topic, guint limit, GArray *fits, GError **error)
{
  g_autofree char *any = query (topic);
  g_autoptr (StoreStmt) q =
    any != NULL ? store_query (knowledge->index, knowledge_sql[RANK], error) : NULL;
  bool row = true;

  if (q == NULL)
    return any == NULL;
  store_bind_text (q, ":topic", any);
  store_bind_int (q, ":limit", limit);
  while (fits->len < limit)
    {
      if (!store_step (q, &row, error))
        return false;
      if (!row)
        break;
      const ProgramArticle *article = knowledge->program->articles->pdata[store_column_int (q, 0)];
      KnowledgeFit fit = { article, "full text" };
      if (!has (fits, article))
        g_array_append_val (fits, fit);
    }
  return true;
}

/* "anual report": the article whose name is nearly that; or NULL. */
static const ProgramArticle *
nearly_named (const Knowledge *knowledge, const char *words)
{
  const GPtrArray *all = knowledge->program->articles;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *name = g_strdelimit (g_strstrip (g_strdup (words)), " ", '-');

  for (guint i = 0; i < all->len; i++)
    g_ptr_array_add (names, ((const ProgramArticle *) all->pdata[i])->name);
  g_ptr_array_add (names, NULL);
  const char *near = near_word (name, (const char *const *) names->pdata);
  return near != NULL ? program_article (knowledge->program, near) : NULL;
}

GArray *
knowledge_about (Knowledge *knowledge, const char *topic, guint limit, GError **error)
{
  g_autofree char *name = g_ascii_strdown (topic, -1);
  const ProgramArticle *named = program_article (knowledge->program, g_strstrip (name));
  g_autoptr (GArray) fits = g_array_new (FALSE, FALSE, sizeof (KnowledgeFit));
  g_autofree char *words = fold_words (topic);
  const ProgramArticle *near = named == NULL ? nearly_named (knowledge, words) : NULL;
  g_autoptr (GArray) phrased = knowledge_fitting (knowledge, words, " ", limit);

  if (named != NULL && limit > 0)
    g_array_append_val (fits, ((KnowledgeFit){ named, "its name" }));
  else if (near != NULL && limit > 0)
    g_array_append_val (fits, ((KnowledgeFit){ near, "nearly its name" }));
  for (guint i = 0; i < phrased->len && fits->len < limit; i++)
    if (!has (fits, g_array_index (phrased, KnowledgeFit, i).article))
      g_array_append_val (fits, g_array_index (phrased, KnowledgeFit, i));
  /* By full text something is always near; it is the last resort, not company for a good answer. */
  return fits->len > 0 || add_ranked (knowledge, topic, limit, fits, error)
           ? g_steal_pointer (&fits)
           : NULL;
}
