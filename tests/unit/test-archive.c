/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The archive: content under its hash, once, whole or not at all.
 */
#include "store/archive.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "base/digest.h"
#include "base/error.h"

#define HELLO                                                                                      \
  "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" /* SHA-256 of "hello" */

typedef struct {
  char *dir;
  Archive *archive;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *tmp = g_dir_make_tmp ("test-archive-XXXXXX", NULL);

  f->dir = g_build_filename (tmp, "a", NULL);
  f->archive = archive_open (f->dir, &error);
  g_assert_no_error (error);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *parent = g_path_get_dirname (f->dir);

  archive_free (f->archive);
  remove_tree (parent);
  g_free (f->dir);
}

static guint
files_in_tmp (const Fixture *f)
{
  g_autofree char *tmp = g_build_filename (f->dir, "tmp", NULL);
  g_autoptr (GDir) dir = g_dir_open (tmp, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
put_hello (Fixture *f, char sha256[65])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);

  g_assert_true (archive_put (f->archive, bytes, sha256, &error));
  g_assert_no_error (error);
}

static void
content_is_found_under_its_hash (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char sha256[65];

  put_hello (f, sha256);
  g_assert_cmpstr (sha256, ==, HELLO);
  g_autoptr (GBytes) back = archive_get (f->archive, HELLO, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (back, NULL), g_bytes_get_size (back), "hello", 5);
  g_assert_true (archive_verify (f->archive, HELLO, &error));
  int fd = archive_fd (f->archive, HELLO, &error);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  g_assert_cmpuint (files_in_tmp (f), ==, 0);
}

static void
pieces_make_the_same_file (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char sha256[65];
  guint64 size = 0;

  g_assert_true (archive_begin (f->archive, &error));
  g_assert_true (archive_write (f->archive, "he", 2, &error));
  g_assert_true (archive_write (f->archive, "", 0, &error));
  g_assert_true (archive_write (f->archive, "llo", 3, &error));
  g_assert_true (archive_end (f->archive, sha256, &size, &error));
  g_assert_cmpstr (sha256, ==, HELLO);
  g_assert_cmpuint (size, ==, 5);
}

/* What a power cut may leave: the name, and not what it promises. */
static void
a_damaged_file_is_written_again (Fixture *f, gconstpointer data)
{
  g_autofree char *path = archive_path (f->archive, HELLO);
  g_autoptr (GError) error = NULL;
  char sha256[65];

  put_hello (f, sha256);
  g_assert_true (g_file_set_contents (path, "hel", 3, NULL));
  g_assert_false (archive_verify (f->archive, HELLO, NULL));
  put_hello (f, sha256);
  g_assert_true (archive_verify (f->archive, HELLO, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (files_in_tmp (f), ==, 0);
}

/* Write the numbers up to N, a file each, and let them be durable together. */
static bool
end_many (Fixture *f, guint n, const char *lost, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      char sha256[65];

      g_assert_true (archive_begin (f->archive, NULL));
      g_assert_true (archive_write (f->archive, text, strlen (text), NULL));
      g_assert_true (archive_end (f->archive, sha256, NULL, NULL));
    }
  if (lost != NULL)
    g_assert_cmpint (g_unlink (lost), ==, 0);
  return archive_sync (f->archive, error);
}

static void
many_files_are_durable_together (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (end_many (f, 3, NULL, &error));
  g_assert_true (end_many (f, 300, NULL, &error));
  g_assert_true (archive_sync (f->archive, &error)); /* nothing is left to do */
  g_assert_no_error (error);
  g_assert_cmpuint (files_in_tmp (f), ==, 0);
}

static void
what_cannot_be_made_durable_is_gone (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char sha256[65], zero[65], one[65];

  put_hello (f, sha256);
  digest_of ("0", 1, zero);
  digest_of ("1", 1, one);
  g_autofree char *lost = archive_path (f->archive, one);
  g_assert_false (end_many (f, 3, lost, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_STORE);
  g_assert_false (archive_verify (f->archive, zero, NULL));
  g_assert_true (archive_verify (f->archive, HELLO, NULL));
  g_assert_true (end_many (f, 3, NULL, NULL));
  g_assert_true (archive_verify (f->archive, zero, NULL));
}

static guint
open_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* A database that cannot be written to keeps many waiting, look after look. */
static void
what_waits_to_be_durable_holds_no_descriptor (Fixture *f, gconstpointer data)
{
  guint before = open_descriptors ();
  char sha256[65];

  for (guint i = 0; i < 100; i++)
    {
      g_assert_true (archive_begin (f->archive, NULL));
      g_assert_true (archive_write (f->archive, &i, sizeof i, NULL));
      g_assert_true (archive_end (f->archive, sha256, NULL, NULL));
    }
  g_assert_cmpuint (open_descriptors (), ==, before);
  g_assert_true (archive_sync (f->archive, NULL));
  g_assert_cmpuint (open_descriptors (), ==, before);
}

static void
the_same_content_is_written_once (Fixture *f, gconstpointer data)
{
  g_autofree char *path = archive_path (f->archive, HELLO);
  struct stat first, second;
  char sha256[65];

  put_hello (f, sha256);
  g_assert_cmpint (g_stat (path, &first), ==, 0);
  put_hello (f, sha256);
  g_assert_cmpint (g_stat (path, &second), ==, 0);
  g_assert_cmpuint (first.st_ino, ==, second.st_ino);
  g_assert_cmpuint (first.st_mode & 0777, ==, 0600);
  g_assert_cmpuint (files_in_tmp (f), ==, 0);
}

static void
what_is_abandoned_leaves_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  archive_abandon (f->archive); /* nothing begun: nothing happens */
  g_assert_true (archive_begin (f->archive, &error));
  g_assert_true (archive_write (f->archive, "hello", 5, &error));
  g_assert_cmpuint (files_in_tmp (f), ==, 1);
  archive_abandon (f->archive);
  g_assert_cmpuint (files_in_tmp (f), ==, 0);
  g_assert_null (archive_get (f->archive, HELLO, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_STORE);
}

static void
a_changed_file_is_found (Fixture *f, gconstpointer data)
{
  g_autofree char *path = archive_path (f->archive, HELLO);
  g_autoptr (GError) error = NULL;
  char sha256[65];

  put_hello (f, sha256);
  g_assert_true (g_file_set_contents (path, "hallo", -1, NULL));
  g_assert_false (archive_verify (f->archive, HELLO, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_STORE);
  g_clear_error (&error);
  g_unlink (path);
  g_assert_false (archive_verify (f->archive, HELLO, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_STORE);
  g_clear_error (&error);
  g_assert_cmpint (archive_fd (f->archive, HELLO, &error), ==, -1);
  g_assert_error (error, QEC_ERROR, QEC_ERROR_STORE);
}

static void
only_old_leftovers_are_removed (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *fresh = g_build_filename (f->dir, "tmp", "1.fresh", NULL);
  g_autofree char *old = g_build_filename (f->dir, "tmp", "1.old", NULL);
  const struct utimbuf long_ago = { 1, 1 };

  g_assert_true (g_file_set_contents (fresh, "x", -1, NULL));
  g_assert_true (g_file_set_contents (old, "x", -1, NULL));
  g_assert_cmpint (utime (old, &long_ago), ==, 0);
  g_autoptr (Archive) again = archive_open (f->dir, &error);
  g_assert_no_error (error);
  g_assert_nonnull (again);
  g_assert_true (g_file_test (fresh, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
}

static void
a_folder_that_cannot_be_made_is_an_error (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (archive_open ("/proc/nowhere", &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_STORE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ARCHIVE_TEST(function)                                                                     \
  g_test_add ("/archive/" #function, Fixture, NULL, set_up, function, tear_down)
  ARCHIVE_TEST (content_is_found_under_its_hash);
  ARCHIVE_TEST (pieces_make_the_same_file);
  ARCHIVE_TEST (a_damaged_file_is_written_again);
  ARCHIVE_TEST (many_files_are_durable_together);
  ARCHIVE_TEST (what_cannot_be_made_durable_is_gone);
  ARCHIVE_TEST (what_waits_to_be_durable_holds_no_descriptor);
  ARCHIVE_TEST (the_same_content_is_written_once);
  ARCHIVE_TEST (what_is_abandoned_leaves_nothing);
  ARCHIVE_TEST (a_changed_file_is_found);
  ARCHIVE_TEST (only_old_leftovers_are_removed);
  ARCHIVE_TEST (a_folder_that_cannot_be_made_is_an_error);
  return g_test_run ();
}
