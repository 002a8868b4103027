/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The journal: whole, in order, append-only, and every edit is found.
 */
#include "base/error.h"
#include "store/journal.h"

#include <string.h>

enum { EVENTS = 5 };

typedef struct {
  Store *store;
} Fixture;

static JsonObject *
detail (const char *value)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "what", value);
  json_object_set_int_member (object, "n", 7);
  return object;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->store = store_open (":memory:", &error);
  g_assert_no_error (error);
  g_autoptr (StoreTxn) txn = store_begin (f->store, &error);
  gint64 input = 0;
  g_assert_true (journal_input (txn, "message", 100, 7, detail ("in"), &input, &error));
  g_assert_true (journal_input (txn, "timer", 101, 1, NULL, &input, &error));
  for (int i = 0; i < EVENTS; i++)
    g_assert_true (
      journal_event (txn, input, i % 2, 200 + i, "case.note", detail ("line\n\"ü\""), &error));
  g_assert_true (store_commit (txn, &error));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  store_close (f->store);
}

static bool
run (Fixture *f, const char *sql, GError **error)
{
  g_autoptr (StoreTxn) txn = store_begin (f->store, error);
  bool good;
  {
    g_autoptr (StoreStmt) q = store_query (f->store, sql, error);

    g_assert_nonnull (q);
    good = store_run (q, error);
  }
  return good && store_commit (txn, error);
}

static void
a_whole_chain_verifies (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 n, broken;

  g_assert_true (journal_verify (f->store, &n, &broken, &error));
  g_assert_cmpint (n, ==, EVENTS);
  g_assert_cmpint (broken, ==, 0);
}

static void
an_empty_journal_verifies (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Store) store = store_open (":memory:", &error);
  gint64 n = 9, broken = 9;

  g_assert_true (journal_verify (store, &n, &broken, &error));
  g_assert_cmpint (n, ==, 0);
  g_assert_cmpint (broken, ==, 0);
}

/* Somebody with the file in hand and no respect for triggers. */
static void
any_edit_is_found (Fixture *f, gconstpointer data)
{
  static const struct { const char *name, *sql; gint64 broken; } rows[] = {
    { "another detail", "UPDATE event SET detail = '{}' WHERE id = 3", 3 },
    { "one letter", "UPDATE event SET detail = replace (detail, '7', '8') WHERE id = 1", 1 },
    { "another kind", "UPDATE event SET kind = 'case.state' WHERE id = 2", 2 },
    { "another time", "UPDATE event SET at = at + 1 WHERE id = 5", 5 },
    { "another case", "UPDATE event SET case_id = 9 WHERE id = 4", 4 },
    { "no case", "UPDATE event SET case_id = NULL WHERE id = 2", 2 },
    { "another input", "UPDATE event SET input = 1 WHERE id = 3", 3 },
    { "another hash", "UPDATE event SET hash = 'x' WHERE id = 3", 3 },
    { "a row taken out", "DELETE FROM event WHERE id = 3", 4 },
    { "the first taken out", "DELETE FROM event WHERE id = 1", 2 },
    { "a row put in", "INSERT INTO event SELECT 6, input, case_id, at, kind, detail, hash FROM event WHERE id = 5", 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      Fixture own;
      gint64 n, broken;

      g_test_message ("%s", rows[i].name);
      set_up (&own, NULL);
      g_assert_true (run (&own, "DROP TRIGGER event_is_append_only", &error));
      g_assert_true (run (&own, "DROP TRIGGER event_is_kept", &error));
      run (&own, rows[i].sql, &error);
      g_assert_no_error (error);
      g_assert_true (journal_verify (own.store, &n, &broken, &error));
      g_assert_cmpint (broken, ==, rows[i].broken);
      tear_down (&own, NULL);
    }
}

static void
the_database_itself_refuses_edits (Fixture *f, gconstpointer data)
{
  static const char *const edits[] = { "UPDATE event SET at = 0 WHERE id = 1",
                                       "DELETE FROM event WHERE id = 5", "DELETE FROM event" };

  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (run (f, edits[i], &error));
      g_assert_error (error, QEC_ERROR, QEC_ERROR_STORE);
      g_assert_nonnull (strstr (error->message, "append-only"));
    }
}

static void
rows_are_read_in_order_and_by_what_they_belong_to (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 last = 0, n = 0;

  for (;;)
    {
      g_autoptr (JournalEvent) e = journal_next_event (f->store, last, &error);

      g_assert_no_error (error);
      if (e == NULL)
        break;
      g_assert_cmpint (e->id, ==, last + 1);
      g_assert_cmpint (e->at, ==, 200 + last);
      last = e->id;
      n++;
    }
  g_assert_cmpint (n, ==, EVENTS);
  g_autoptr (GPtrArray) of_case = journal_of_case (f->store, 1, &error);
  g_autoptr (GPtrArray) of_input = journal_of_input (f->store, 2, &error);
  g_autoptr (GPtrArray) of_none = journal_of_input (f->store, 1, &error);
  g_assert_cmpuint (of_case->len, ==, 2);
  g_assert_cmpuint (of_input->len, ==, EVENTS);
  g_assert_cmpuint (of_none->len, ==, 0);
}

static void
inputs_are_found_again (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JournalInput) first = journal_next_input (f->store, 0, &error);
  g_autoptr (JournalInput) second = journal_next_input (f->store, first->id, &error);
  g_autoptr (JournalInput) none = journal_next_input (f->store, second->id, &error);
  g_autoptr (JournalInput) timer = journal_input_of (f->store, "timer", 1, &error);
  g_autoptr (JournalInput) other = journal_input_of (f->store, "timer", 7, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (first->detail, ==, "{\"what\":\"in\",\"n\":7}");
  g_assert_cmpstr (second->detail, ==, "{}");
  g_assert_null (none);
  g_assert_cmpint (timer->id, ==, second->id);
  g_assert_null (other);
}

static void
members_of_a_detail (void)
{
  static const struct { const char *text, *name, *want; } rows[] = {
    { "{\"a\":\"x\"}", "a", "x" },   { "{\"a\":7}", "a", "7" },     { "{\"a\":[1,2]}", "a", "[1,2]" },
    { "{\"a\":\"x\"}", "b", NULL },  { "[1]", "a", NULL },          { "", "a", NULL },
    { "not json", "a", NULL },       { "{\"a\":null}", "a", "null" }, { "{\"a\":true}", "a", "true" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *value = journal_member (rows[i].text, rows[i].name);

      g_assert_cmpstr (value, ==, rows[i].want);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define JOURNAL_TEST(function)                                                                     \
  g_test_add ("/journal/" #function, Fixture, NULL, set_up, function, tear_down)
  JOURNAL_TEST (a_whole_chain_verifies);
  g_test_add_func ("/journal/an_empty_journal_verifies", an_empty_journal_verifies);
  JOURNAL_TEST (any_edit_is_found);
  JOURNAL_TEST (the_database_itself_refuses_edits);
  JOURNAL_TEST (rows_are_read_in_order_and_by_what_they_belong_to);
  JOURNAL_TEST (inputs_are_found_again);
  g_test_add_func ("/journal/members_of_a_detail", members_of_a_detail);
  return g_test_run ();
}
