/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The index is an FTS5 table in memory: some dozens of articles, built in a millisecond when first asked.
 */
#include "knowledge/knowledge.h"

#include <string.h>

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
};

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
  g_autoptr (StoreStmt) make = txn != NULL ? store_query (knowledge->index, knowledge_sql[MAKE], error) : NULL;

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
  g_free (knowledge);
}

/* TEXT without case, its words parted by single blanks and with one at both ends: " the fees and costs ". */
static char *
flatten (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  GString *flat = g_string_new (" ");

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isalnum (c))
        g_string_append_unichar (flat, c);
      else if (flat->str[flat->len - 1] != ' ')
        g_string_append_c (flat, ' ');
    }
  if (flat->str[flat->len - 1] != ' ')
    g_string_append_c (flat, ' ');
  return g_string_free (flat, FALSE);
}

/* How often the flat PHRASE stands in the flat TEXT; the blank that ends one may begin the next. */
static guint
count (const char *text, const char *phrase)
{
  guint n = 0;

  for (const char *p = text; (p = strstr (p, phrase)) != NULL; p += strlen (phrase) - 1)
    n++;
  return n;
}

static guint
count_words (const char *flat)
{
  guint n = 0;

  for (const char *p = flat + 1; *p != '\0'; p++)
    n += *p == ' ';
  return n;
}

typedef struct {
  KnowledgeFit fit;
  guint score, order;
} Scored;

/* A phrase of several words says more than one word, one in the subject more than one in the text. */
static Scored
score (const ProgramArticle *article, guint order, const char *subject, const char *text)
{
  Scored scored = { .fit = { article, NULL }, .order = order };
  guint best = 0;

  for (char **word = article->words; *word != NULL; word++)
    {
      g_autofree char *phrase = flatten (*word);
      guint words = count_words (phrase);

      if (words == 0) /* nothing but marks */
        continue;
      guint points = words * words * (MIN (count (text, phrase), 3) + 3 * MIN (count (subject, phrase), 1));

      scored.score += points;
      if (points > best)
        {
          best = points;
          scored.fit.why = *word;
        }
    }
  return scored;
}

static int
better (gconstpointer a, gconstpointer b)
{
  const Scored *x = a, *y = b;

  return x->score != y->score ? (x->score < y->score ? 1 : -1) : (x->order > y->order) - (x->order < y->order);
}

GArray *
knowledge_fitting (Knowledge *knowledge, const char *subject, const char *text, guint limit)
{
  g_autofree char *flat_subject = flatten (subject), *flat_text = flatten (text);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Scored));
  GArray *fits = g_array_new (FALSE, FALSE, sizeof (KnowledgeFit));

  for (guint i = 0; i < knowledge->program->articles->len; i++)
    {
      Scored scored = score (knowledge->program->articles->pdata[i], i, flat_subject, flat_text);

      if (scored.score > 0)
        g_array_append_val (all, scored);
    }
  g_array_sort (all, better);
  for (guint i = 0; i < MIN (all->len, limit); i++)
    g_array_append_val (fits, g_array_index (all, Scored, i).fit);
  return fits;
}

/* An FTS5 query for any of the words of TOPIC, or NULL. */
static char *
query (const char *topic)
{
  g_autofree char *flat = flatten (topic);
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
  g_autoptr (StoreStmt) q = any != NULL ? store_query (knowledge->index, knowledge_sql[RANK], error) : NULL;
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

GArray *
knowledge_about (Knowledge *knowledge, const char *topic, guint limit, GError **error)
{
  g_autofree char *name = g_ascii_strdown (topic, -1);
  const ProgramArticle *named = program_article (knowledge->program, g_strstrip (name));
  g_autoptr (GArray) fits = g_array_new (FALSE, FALSE, sizeof (KnowledgeFit));
  g_autoptr (GArray) phrased = knowledge_fitting (knowledge, topic, "", limit);

  if (named != NULL && limit > 0)
    g_array_append_val (fits, ((KnowledgeFit){ named, "its name" }));
  for (guint i = 0; i < phrased->len && fits->len < limit; i++)
    if (!has (fits, g_array_index (phrased, KnowledgeFit, i).article))
      g_array_append_val (fits, g_array_index (phrased, KnowledgeFit, i));
  /* By full text something is always near; it is the last resort, not company for a good answer. */
  return fits->len > 0 || add_ranked (knowledge, topic, limit, fits, error) ? g_steal_pointer (&fits) : NULL;
}
