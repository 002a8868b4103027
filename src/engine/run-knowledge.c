/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Knowledge articles by mail: somebody asks for a topic, somebody says whether an article
 * helped. */
#include <string.h>

#include "base/error.h"
#include "engine/run.h"
#include "knowledge/knowledge.h"
#include "store/journal.h"

/* Articles offered beside the one that is sent, or in an acknowledgement. */
enum { OFFERED = 3 };

enum { SENT, ANSWERED, LIST };

const char *const article_sql[] = {
  [SENT] =
    "INSERT INTO article (name, sent, yes, no) VALUES (:name, 1, 0, 0) ON CONFLICT (name) DO UPDATE SET sent = sent + 1",
  [ANSWERED] =
    "INSERT INTO article (name, sent, yes, no) VALUES (:name, 0, :yes, :no)"
    " ON CONFLICT (name) DO UPDATE SET yes = yes + :yes, no = no + :no",
  [LIST] =
    "SELECT name, sent, yes, no FROM article ORDER BY name /*scan*/",
  NULL
};

static Knowledge *
knowledge_of (Run *run, GError **error)
{
  Definition *definition = run->office->definition;

  if (definition->knowledge == NULL)
    definition->knowledge = knowledge_new (definition->program, definition->templates, error);
  return definition->knowledge;
}

/* FITS from the second on, as a notice tells of them. */
static GArray *
offers (const GArray *fits, guint from)
{
  GArray *articles = g_array_new (FALSE, FALSE, sizeof (OutboxArticle));

  for (guint i = from; i < fits->len; i++)
    {
      const ProgramArticle *article = g_array_index (fits, KnowledgeFit, i).article;
      OutboxArticle one = { article->name, article->title };

      g_array_append_val (articles, one);
    }
  return articles;
}

GArray *
run_articles (Run *run, GError **error)
{
  const Message *m = run->message;
  Knowledge *knowledge = m != NULL ? knowledge_of (run, error) : NULL;

  if (knowledge == NULL)
    return m == NULL ? g_array_new (FALSE, FALSE, sizeof (OutboxArticle)) : NULL;
  g_autoptr (GArray) fits =
    knowledge_fitting (knowledge, run_own_subject (run), message_words (m)->text, OFFERED);
  return offers (fits, 0);
}

static bool
count (Run *run, int sql, const char *name, bool helped, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (run->office->store, article_sql[sql], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":name", name);
  if (sql == ANSWERED)
    {
      store_bind_int (q, ":yes", helped);
      store_bind_int (q, ":no", !helped);
    }
  return store_run (q, error);
}

static bool
note (Run *run, const char *kind, const char *name, const char *why, GError **error)
{
  JsonObject *detail = json_object_new ();

  json_object_set_string_member (detail, "article", name);
  json_object_set_string_member (detail, "why", why);
  return journal_event (run->txn, run->input, 0, run->at, kind, detail, error);
}

/* Everything there is, for somebody who does not know what to ask for. */
static bool
send_topics (Run *run, OutboxNotice *notice, const char *topic, GError **error)
{
  const GPtrArray *all = notice->program->articles;
  g_autoptr (GArray) articles = g_array_new (FALSE, FALSE, sizeof (OutboxArticle));

  for (guint i = 0; i < all->len; i++)
    {
      const ProgramArticle *article = all->pdata[i];
      OutboxArticle one = { article->name, article->title };

      g_array_append_val (articles, one);
    }
  notice->articles = articles;
  notice->reason = topic;
  return outbox_notice (run->txn, notice, "help-topics", error);
}

bool
run_topic (Run *run, const char *topic, GError **error)
{
  OutboxNotice notice = run_notice (run, run->office->definition->program, NULL);
  Knowledge *knowledge = knowledge_of (run, error);
  g_autoptr (GArray) fits =
    knowledge != NULL ? knowledge_about (knowledge, topic, 1 + OFFERED, error) : NULL;

  if (fits == NULL)
    return false;
  run_outcome (run, OUTCOME_ANSWERED, fits->len > 0 ? "a knowledge article" : "the list of topics");
  if (fits->len == 0)
    return send_topics (run, &notice, topic, error);
  const KnowledgeFit *best = &g_array_index (fits, KnowledgeFit, 0);
  g_autofree char *template = g_strconcat (KNOWLEDGE_FOLDER, best->article->name, NULL);
  g_autoptr (GArray) others = offers (fits, 1);
  notice.articles = others;
  return note (run, "article.sent", best->article->name, best->why, error)
         && count (run, SENT, best->article->name, false, error)
         && outbox_write (run->txn, &notice, template, run->identity->address, run->identity->name,
                          error);
}

bool
run_article (Run *run, const ProgramArticle *article, bool helped, GError **error)
{
  const Program *program = run->office->definition->program;
  OutboxNotice notice = run_notice (run, program, NULL);
  g_autofree char *reason = g_strdup_printf (
    "the article '%s' did not answer the question: please read and answer", article->name);

  run_outcome (run, OUTCOME_FILED, "the article answered the question");
  if (!note (run, "article.answered", article->name, helped ? "yes" : "no", error)
      || !count (run, ANSWERED, article->name, helped, error))
    return false;
  /* Who says no is owed a person's answer; who says yes wants no more mail. */
  return helped
         || (outbox_notice (run->txn, &notice, "acknowledgement", error)
             && run_hold (run, 0, reason, error));
}

bool
run_article_of (Run *run, const ProgramArticle **article, GError **error)
{
  const GPtrArray *ids = run->message->in_reply_to;
  g_autoptr (GError) inner = NULL;

  *article = NULL;
  for (guint i = ids->len; i > 0 && *article == NULL && inner == NULL; i--)
    {
      g_autoptr (OutboxItem) item =
        outbox_by_message_id (run->office->store, ids->pdata[i - 1], &inner);

      /* A copy somebody else was sent is not for them to rate. */
      if (item != NULL && g_str_has_prefix (item->notice, KNOWLEDGE_FOLDER)
          && g_ascii_strcasecmp (item->rcpt, run->identity->address) == 0)
        *article = program_article (run->office->definition->program,
                                    item->notice + strlen (KNOWLEDGE_FOLDER));
    }
  if (inner != NULL)
    g_propagate_error (error, g_steal_pointer (&inner));
  return error == NULL || *error == NULL;
}

void
article_count_free (gpointer data)
{
  ArticleCount *count_of = data;

  g_free (count_of->name);
  g_free (count_of);
}

static void
take_count (StoreStmt *q, gpointer rows)
{
  ArticleCount *one = g_new0 (ArticleCount, 1);

  one->name = g_strdup (store_column_text (q, 0));
  one->sent = store_column_int (q, 1);
  one->yes = store_column_int (q, 2);
  one->no = store_column_int (q, 3);
  g_ptr_array_add (rows, one);
}

GPtrArray *
article_counts (Store *store, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, article_sql[LIST], error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (article_count_free);

  return q != NULL && store_each (q, take_count, rows, error) ? g_steal_pointer (&rows) : NULL;
}
