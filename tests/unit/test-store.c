/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The store: schema versions, transactions, statements.
 */
#include "store/store.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "store/store-migrations.h"

typedef struct {
  char *dir, *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp ("test-store-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "x.db", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  static const char *const endings[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (f->path, endings[i], NULL);
      g_unlink (name);
    }
  g_rmdir (f->dir);
  g_free (f->dir);
  g_free (f->path);
}

static void
by_hand (const Fixture *f, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static gint64
number (Store *store, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreStmt) q = store_query (store, sql, &error);
  bool row;

  g_assert_no_error (error);
  g_assert_true (store_step (q, &row, &error) && row);
  return store_column_int (q, 0);
}

static void
a_new_database_gets_the_whole_schema (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Store) store = store_open (f->path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (number (store, "PRAGMA user_version"), ==, store_n_migrations);
  g_assert_cmpint (number (store, "PRAGMA application_id"), ==, 0x71656370);
  g_assert_cmpint (number (store, "PRAGMA foreign_keys"), ==, 1);
  g_assert_cmpint (number (store, "PRAGMA synchronous"), ==, 2);
}

static void
opening_again_changes_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (Store) store = store_open (f->path, &error);

      g_assert_no_error (error);
      g_assert_cmpint (number (store, "SELECT count (*) FROM office"), ==, i);
      g_autoptr (StoreTxn) txn = store_begin (store, &error);
      g_autoptr (StoreStmt) q =
        store_query (store, "INSERT OR REPLACE INTO office VALUES ('a', 'b')", &error);
      g_assert_true (store_run (q, &error) && store_commit (txn, &error));
    }
}

static void
a_newer_schema_is_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  by_hand (f, "PRAGMA application_id = 0x71656370; PRAGMA user_version = 9999");
  g_assert_null (store_open (f->path, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
}

static void
the_database_of_another_program_is_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  by_hand (f, "CREATE TABLE bookmarks (x)");
  g_assert_null (store_open (f->path, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  g_clear_error (&error);
  by_hand (f, "PRAGMA user_version = 1");
  g_assert_null (store_open (f->path, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
}

static void
what_is_no_database_is_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (
    f->path, "this is not a database at all, only some words of text", -1, NULL));
  g_assert_null (store_open (f->path, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_STORE);
  g_clear_error (&error);
  g_assert_null (store_open ("/nonexistent/x.db", &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_STORE);
}

/* Two workers start at the same moment on a new office. */
static void
several_may_make_the_schema_at_once (Fixture *f, gconstpointer data)
{
  enum { WORKERS = 6 };
  pid_t workers[WORKERS];

  for (int i = 0; i < WORKERS; i++)
    if ((workers[i] = fork ()) == 0)
      {
        g_autoptr (GError) error = NULL;
        Store *store = store_open (f->path, &error);

        if (store == NULL)
          g_printerr ("%s\n", error->message);
        store_close (store);
        _exit (store == NULL);
      }
  for (int i = 0; i < WORKERS; i++)
    {
      int status;

      g_assert_cmpint (waitpid (workers[i], &status, 0), ==, workers[i]);
      g_assert_cmpint (status, ==, 0);
    }
}

static void
what_is_not_committed_is_gone (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Store) store = store_open (f->path, &error);

  for (int commit = 0; commit < 2; commit++)
    {
      {
        g_autoptr (StoreTxn) txn = store_begin (store, &error);
        g_autoptr (StoreStmt) q =
          store_query (store_of (txn), "INSERT INTO office VALUES ('a', 'b')", &error);

        g_assert_true (store_run (q, &error));
        store_stmt_done (g_steal_pointer (&q));
        if (commit)
          g_assert_true (store_commit (txn, &error));
      }
      g_assert_no_error (error);
      g_assert_cmpint (number (store, "SELECT count (*) FROM office"), ==, commit);
    }
}

static void
add (StoreTxn *txn, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreStmt) q = store_query (store_of (txn), sql, &error);

  g_assert_true (q != NULL && store_run (q, &error));
}

/* Three inside one: the second is undone alone, and none is there for others before the outer one
 * is. */
static void
a_transaction_inside_another_is_a_part_of_it (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Store) store = store_open (f->path, &error);
  g_autoptr (Store) other = store_open (f->path, &error);
  static const char *const rows[] = { "INSERT INTO office VALUES ('a', '')",
                                      "INSERT INTO office VALUES ('b', '')",
                                      "INSERT INTO office VALUES ('c', '')" };

  for (int keep = 0; keep < 2; keep++)
    {
      g_autoptr (StoreTxn) outer = store_begin (store, &error);

      for (int i = 0; i < 3; i++)
        {
          g_autoptr (StoreTxn) inner = store_begin (store, &error);

          g_assert_no_error (error);
          add (inner, rows[i]);
          g_assert_true (i == 1 || store_commit (inner, &error));
        }
      g_assert_cmpint (number (store, "SELECT count (*) FROM office WHERE name IN ('a', 'c')"), ==,
                       2);
      g_assert_cmpint (number (store, "SELECT count (*) FROM office"), ==, 2);
      g_assert_cmpint (number (other, "SELECT count (*) FROM office"), ==, 0);
      g_assert_true (keep == 0 || store_commit (outer, &error));
    }
  g_assert_cmpint (number (other, "SELECT count (*) FROM office"), ==, 2);
}

static void
a_locked_database_is_a_matter_of_time (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Store) one = store_open (f->path, &error), two = store_open (f->path, &error);
  g_autoptr (StoreTxn) txn = store_begin (one, &error);

  g_assert_no_error (error);
  g_assert_nonnull (txn);
  number (two, "PRAGMA busy_timeout = 10");
  g_assert_null (store_begin (two, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT);
}

static void
a_broken_constraint_or_statement_is_an_error (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Store) store = store_open (f->path, &error);
  g_autoptr (StoreTxn) txn = store_begin (store, &error);

  g_assert_null (store_query (store, "SELECT nothing FROM nowhere", &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_STORE);
  g_clear_error (&error);
  g_autoptr (StoreStmt) q = store_query (
    store, "INSERT INTO contact (organization, email, name, phone) VALUES (99, 'a', 'b', 'c')",
    &error);
  g_assert_true (store_run (q, &error) == false || store_commit (txn, &error) == false);
  g_assert_error (error, QEC_ERROR, QEC_ERROR_STORE);
}

static void
values_come_back_as_they_went_in (Fixture *f, gconstpointer data)
{
  static const char sql[] = "SELECT :text, :int, :null IS NULL, :none = '', :id, :no_id IS NULL";
  g_autoptr (GError) error = NULL;
  g_autoptr (Store) store = store_open (":memory:", &error);
  g_autoptr (StoreStmt) q = store_query (store, sql, &error);
  bool row;

  g_assert_no_error (error);
  store_bind_text (q, ":text", "ü'; DROP TABLE office; --");
  store_bind_int (q, ":int", G_MININT64);
  store_bind_null (q, ":null");
  store_bind_text (q, ":none", NULL);
  store_bind_id (q, ":id", 7);
  store_bind_id (q, ":no_id", 0);
  g_assert_true (store_step (q, &row, &error) && row);
  g_assert_cmpstr (store_column_text (q, 0), ==, "ü'; DROP TABLE office; --");
  g_assert_cmpint (store_column_int (q, 1), ==, G_MININT64);
  for (int i = 2; i < 6; i++)
    g_assert_cmpint (store_column_int (q, i), ==, i == 4 ? 7 : 1);
}

/* What is written after its first step is not in the copy, and the copy is one file that can be put
 * in its place. */
static void
write_once (gint64 done, gint64 of, gpointer data)
{
  const Fixture *f = data;

  by_hand (f, "INSERT INTO office VALUES ('late', 'x') ON CONFLICT DO NOTHING");
}

static void
a_backup_is_one_moment_and_can_be_put_back (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strconcat (f->path, ".copy", NULL),
                  *wal = g_strconcat (path, "-wal", NULL);

  {
    g_autoptr (Store) store = store_open (f->path, &error);
    by_hand (f, "INSERT INTO office VALUES ('early', 'x')");
    g_assert_true (store_backup (store, path, write_once, f, &error));
    g_assert_false (store_replace (f->path, path, &error));
    g_assert_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT);
    g_clear_error (&error);
    g_assert_cmpint (number (store, "SELECT count (*) FROM office"), ==, 2);
  }
  {
    g_autoptr (Store) copy = store_open_copy (path, &error);
    g_assert_no_error (error);
    g_assert_true (store_is_sound (copy, &error));
    g_assert_cmpint (number (copy, "SELECT count (*) FROM office"), ==, 1);
    g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
  }
  g_assert_true (store_replace (f->path, path, &error));
  g_assert_no_error (error);
  g_autoptr (Store) back = store_open (f->path, &error);
  g_assert_cmpint (number (back, "SELECT count (*) FROM office"), ==, 1);
}

static void
a_copy_of_another_program_is_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  by_hand (f, "CREATE TABLE bookmarks (x); PRAGMA user_version = 3");
  g_assert_null (store_open_copy (f->path, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
}


int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define STORE_TEST(function)                                                                       \
  g_test_add ("/store/" #function, Fixture, NULL, set_up, function, tear_down)
  STORE_TEST (a_new_database_gets_the_whole_schema);
  STORE_TEST (opening_again_changes_nothing);
  STORE_TEST (a_newer_schema_is_refused);
  STORE_TEST (the_database_of_another_program_is_refused);
  STORE_TEST (what_is_no_database_is_refused);
  STORE_TEST (several_may_make_the_schema_at_once);
  STORE_TEST (what_is_not_committed_is_gone);
  STORE_TEST (a_transaction_inside_another_is_a_part_of_it);
  STORE_TEST (a_locked_database_is_a_matter_of_time);
  STORE_TEST (a_broken_constraint_or_statement_is_an_error);
  STORE_TEST (values_come_back_as_they_went_in);
  STORE_TEST (a_backup_is_one_moment_and_can_be_put_back);
  STORE_TEST (a_copy_of_another_program_is_refused);
  return g_test_run ();
}
