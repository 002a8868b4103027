/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every statement of every module compiles against the schema, and none reads a whole table unless
 * it says so.
 */
#include <string.h>

#include "case/case-record.h"
#include "case/case-store.h"
#include "engine/definition.h"
#include "engine/office.h"
#include "engine/roster-proposal.h"
#include "engine/roster.h"
#include "engine/run.h"
#include "outbox/outbox.h"
#include "sorting/sorting.h"
#include "store/journal.h"
#include "store/store.h"

static const struct {
  const char *name;
  const char *const *sql;
} modules[] = {
  { "case", case_sql }, { "case-load", case_load_sql },       { "case-record", case_record_sql }, { "case-record-timer", case_record_timer_sql }, { "case-record-link", case_record_link_sql }, { "search", search_sql }, { "crossing", crossing_sql }, { "outsider", outsider_sql }, { "split", split_sql }, { "definition", definition_sql },
  { "journal", journal_sql }, { "message", message_sql },         { "office", office_sql },
  { "outbox", outbox_sql }, { "outbox-bytes", outbox_bytes_sql }, { "outbox-again", outbox_again_sql }, { "outbox-missed", outbox_missed_sql },   { "article", article_sql }, { "signed", signed_sql }, { "signer", signer_sql }, { "roster", roster_sql },
  { "roster-proposal", roster_proposal_sql },
  { "held", held_sql }, { "own-data", own_data_sql },       { "sorting", sorting_sql }, { "archived", archived_sql },
};

/* FTS5 says after the colon by what it looks up: "M" words, "=" a row. */
static bool
looks_up_words (const char *plan)
{
  const char *index = strstr (plan, "VIRTUAL TABLE INDEX ");
  const char *how = index != NULL ? strchr (index, ':') : NULL;

  return how != NULL && how[1] != '\0';
}

/* "SCAN x" is a whole table or a whole index, in order or not; so is an index of which a mere
 * status is looked up. */
static bool
reads_all (Store *store, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *explain = g_strconcat ("EXPLAIN QUERY PLAN ", sql, NULL);
  StoreStmt *q = store_query (store, explain, &error);
  bool row, all = false;

  g_assert_no_error (error);
  while (store_step (q, &row, &error) && row)
    {
      const char *plan = store_column_text (q, 3);

      all |= g_str_has_prefix (plan, "SCAN ") && strstr (plan, "CONSTANT ROW") == NULL
             && !looks_up_words (plan);
      all |= strstr (plan, "(status=?)") != NULL;
      if (strstr (sql, "/*scan*/") == NULL && (all || strstr (plan, "TEMP B-TREE") != NULL))
        g_test_message ("%s: %s", plan, sql);
    }
  g_assert_no_error (error);
  store_stmt_done (q);
  store_forget (store, explain);
  return all;
}

static void
every_statement_compiles_and_scans_only_where_it_says_so (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Store) store = store_open (":memory:", &error);

  g_assert_no_error (error);
  for (guint m = 0; m < G_N_ELEMENTS (modules); m++)
    for (const char *const *sql = modules[m].sql; *sql != NULL; sql++)
      {
        bool marked = strstr (*sql, "/*scan*/") != NULL;

        if (reads_all (store, *sql) == marked)
          continue;
        g_test_message ("%s: %s: %s", modules[m].name,
                        marked ? "marked, but does not scan" : "scans", *sql);
        g_test_fail ();
      }
}

static void
every_table_is_strict (void)
{
  static const char sql[] =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0"
    " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'message_text%'";
  g_autoptr (GError) error = NULL;
  g_autoptr (Store) store = store_open (":memory:", &error);
  g_assert_no_error (error);
  g_autoptr (StoreStmt) q = store_query (store, sql, &error);
  bool row;

  g_assert_no_error (error);
  while (store_step (q, &row, &error) && row)
    g_test_message ("not strict: %s", store_column_text (q, 0)), g_test_fail ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/compiles-and-scans-only-where-it-says-so",
                   every_statement_compiles_and_scans_only_where_it_says_so);
  g_test_add_func ("/sql/tables-are-strict", every_table_is_strict);
  return g_test_run ();
}
