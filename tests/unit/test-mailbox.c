/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mailbox/mailbox.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

typedef struct {
  char *path;
  Mailbox *mailbox;
} Fixture;

static void
reopen (Fixture *f)
{
  const MailboxOptions options
    = { .kind = MAILBOX_MAILDIR, .path = f->path, .filed = "Filed", .held = "Cases/Held" };

  mailbox_free (f->mailbox);
  f->mailbox = mailbox_new ("test", &options);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("qecp-XXXXXX", NULL);

  f->path = g_build_filename (dir, "maildir", NULL);
  f->mailbox = NULL;
  reopen (f);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *dir = g_path_get_dirname (f->path);

  mailbox_free (f->mailbox);
  remove_all (dir);
  g_free (f->path);
}

static void
put (const Fixture *f, const char *name, const char *text)
{
  g_autofree char *file = g_build_filename (f->path, name, NULL);

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
}

static bool
exists (const Fixture *f, const char *name)
{
  g_autofree char *file = g_build_filename (f->path, name, NULL);

  return g_file_test (file, G_FILE_TEST_EXISTS);
}

static GArray *
list (const Fixture *f)
{
  g_autoptr (GError) error = NULL;
  GArray *items = mailbox_list (f->mailbox, &error);

  g_assert_no_error (error);
  return items;
}

static const MailboxItem *
at (const GArray *items, guint i)
{
  g_assert_cmpuint (i, <, items->len);
  return &g_array_index (items, MailboxItem, i);
}

/* A sink that writes "UID=bytes;", and "!" where it abandons. */
static bool
text_begin (gpointer data, const MailboxItem *item, GError **error)
{
  g_string_append_printf (data, "%u=", item->uid);
  return true;
}

static bool
text_bytes (gpointer data, const guint8 *bytes, gsize n, GError **error)
{
  if (memmem (bytes, n, "poison", 6) != NULL)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT, "poisoned");
      return false;
    }
  g_string_append_len (data, (const char *) bytes, (gssize) n);
  return true;
}

static bool
text_end (gpointer data, const MailboxItem *item, GError **error)
{
  g_string_append_c (data, ';');
  return true;
}

static void
text_abandon (gpointer data)
{
  g_string_append_c (data, '!');
}

static const MailboxSink text_sink = { text_begin, text_bytes, text_end, text_abandon };

static char *
fetch (const Fixture *f, const GArray *items, GError **error)
{
  GString *text = g_string_new (NULL);

  mailbox_fetch (f->mailbox, (const MailboxItem *) items->data, items->len, &text_sink, text,
                 error);
  return g_string_free (text, FALSE);
}

static bool
move (const Fixture *f, const MailboxItem *item, MailboxTarget target)
{
  return mailbox_move (f->mailbox, item->uidvalidity, &item->uid, 1, target, NULL);
}

static void
missing_folders_are_made (Fixture *f, gconstpointer data)
{
  g_autoptr (GArray) items = list (f);

  g_assert_cmpuint (items->len, ==, 0);
  g_assert_true (exists (f, "new") && exists (f, "cur") && exists (f, "tmp"));
}

static void
uids_follow_the_order_of_names (Fixture *f, gconstpointer data)
{
  g_array_unref (list (f));
  put (f, "new/300.c", "third");
  put (f, "cur/200.b:2,S", "two");
  put (f, "new/100.a", "first");
  put (f, "new/.hidden", "no");
  g_autoptr (GArray) items = list (f);
  g_autofree char *text = fetch (f, items, NULL);

  g_assert_cmpuint (items->len, ==, 3);
  g_assert_cmpstr (text, ==, "1=first;2=two;3=third;");
  g_assert_cmpuint (at (items, 1)->size, ==, 3);
  g_assert_cmpint (at (items, 1)->received_at, >, 0);
}

static void
uids_stay_when_opened_again (Fixture *f, gconstpointer data)
{
  g_array_unref (list (f));
  put (f, "new/200.b", "b");
  g_autoptr (GArray) before = list (f);

  put (f, "new/100.a", "came later, sorts first");
  reopen (f);
  g_autoptr (GArray) after = list (f);

  g_assert_cmpuint (at (after, 0)->uid, ==, at (before, 0)->uid);
  g_assert_cmpuint (at (after, 0)->uidvalidity, ==, at (before, 0)->uidvalidity);
  g_assert_cmpuint (at (after, 0)->size, ==, 1);
  g_assert_cmpuint (at (after, 1)->uid, ==, 2);
}

static void
flags_do_not_make_another_message (Fixture *f, gconstpointer data)
{
  g_array_unref (list (f));
  put (f, "new/100.a", "a");
  g_autoptr (GArray) before = list (f);
  g_autofree char *old_name = g_build_filename (f->path, "new/100.a", NULL);
  g_autofree char *new_name = g_build_filename (f->path, "cur/100.a:2,S", NULL);

  g_rename (old_name, new_name);
  g_autofree char *text = fetch (f, before, NULL); /* found where it is now */

  g_assert_cmpstr (text, ==, "1=a;");
  g_assert_true (move (f, at (before, 0), MAILBOX_TO_FILED));
  g_assert_true (exists (f, ".Filed/cur/100.a:2,S"));
}

static void
a_torn_list_is_mended (Fixture *f, gconstpointer data)
{
  g_array_unref (list (f));
  put (f, "new/100.a", "a");
  g_autoptr (GArray) before = list (f);
  g_autofree char *torn
    = g_strdup_printf ("qecp-uidlist 1 %u 1\n1 100.a\n2 20", at (before, 0)->uidvalidity);

  put (f, "qecp-uidlist", torn);
  put (f, "new/200.b", "b");
  reopen (f);
  g_array_unref (list (f));
  reopen (f);
  g_autoptr (GArray) after = list (f);

  g_assert_cmpuint (after->len, ==, 2);
  g_assert_cmpuint (at (after, 0)->uidvalidity, ==, at (before, 0)->uidvalidity);
  g_assert_cmpuint (at (after, 1)->uid, ==, 2);
}

static void
a_lost_list_gives_another_uidvalidity (Fixture *f, gconstpointer data)
{
  g_array_unref (list (f));
  put (f, "new/100.a", "a");
  g_autoptr (GArray) before = list (f);
  g_autofree char *broken
    = g_strdup_printf ("qecp-uidlist 1 %u 9\n7 x\nnonsense\n", at (before, 0)->uidvalidity);

  put (f, "qecp-uidlist", broken);
  reopen (f);
  g_autoptr (GArray) after = list (f);
  g_autofree char *text = fetch (f, before, NULL);

  g_assert_cmpuint (at (after, 0)->uidvalidity, >, at (before, 0)->uidvalidity);
  g_assert_cmpstr (text, ==, ""); /* an old name names nothing */
  g_assert_true (move (f, at (before, 0), MAILBOX_TO_FILED));
  g_assert_true (exists (f, "new/100.a"));
}

static void
moving_takes_it_out_of_the_list (Fixture *f, gconstpointer data)
{
  g_array_unref (list (f));
  put (f, "new/100.a", "a");
  put (f, "new/200.b", "b");
  g_autoptr (GArray) items = list (f);

  g_assert_true (move (f, at (items, 0), MAILBOX_TO_FILED));
  g_assert_true (move (f, at (items, 1), MAILBOX_TO_HELD));
  g_assert_true (exists (f, ".Filed/new/100.a") && exists (f, ".Filed/maildirfolder"));
  g_assert_true (exists (f, ".Cases.Held/new/200.b"));
  g_assert_true (move (f, at (items, 0), MAILBOX_TO_FILED)); /* gone already */
  g_autoptr (GArray) after = list (f);

  g_assert_cmpuint (after->len, ==, 0);
}

static void
moving_overwrites_nothing (Fixture *f, gconstpointer data)
{
  g_array_unref (list (f));
  put (f, "new/100.a", "one");
  g_autoptr (GArray) first = list (f);

  g_assert_true (move (f, at (first, 0), MAILBOX_TO_FILED));
  put (f, ".Filed/new/100.a", "kept");
  put (f, "new/100.a", "another");
  g_autoptr (GArray) second = list (f);
  g_autofree char *kept = NULL;
  g_autofree char *file = g_build_filename (f->path, ".Filed/new/100.a", NULL);
  g_autofree char *apart = g_strdup_printf (".Filed/new/100.a.%u.%u", at (second, 0)->uidvalidity,
                                            at (second, 0)->uid);

  g_assert_true (move (f, at (second, 0), MAILBOX_TO_FILED));
  g_assert_true (g_file_get_contents (file, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "kept");
  g_assert_true (exists (f, apart));
}

static void
a_vanished_message_is_left_out (Fixture *f, gconstpointer data)
{
  g_array_unref (list (f));
  put (f, "new/100.a", "a");
  put (f, "new/200.b", "b");
  g_autoptr (GArray) items = list (f);
  g_autofree char *file = g_build_filename (f->path, "new/100.a", NULL);

  g_remove (file);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = fetch (f, items, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "2=b;");
}

static void
an_unreadable_message_is_left_out (Fixture *f, gconstpointer data)
{
  g_array_unref (list (f));
  put (f, "new/100.a", "a");
  put (f, "new/200.b", "b");
  put (f, "new/:2,S", "nameless");
  g_autoptr (GArray) items = list (f);
  g_autofree char *file = g_build_filename (f->path, "new/100.a", NULL);
  g_autoptr (GError) error = NULL;

  g_remove (file);
  g_assert_cmpint (symlink ("200.b", file), ==, 0); /* root reads everything but this */
  g_autofree char *text = fetch (f, items, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "2=b;");
}

static void
an_error_of_the_sink_stops (Fixture *f, gconstpointer data)
{
  g_array_unref (list (f));
  put (f, "new/100.a", "a");
  put (f, "new/200.b", "poison");
  put (f, "new/300.c", "c");
  g_autoptr (GArray) items = list (f);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = fetch (f, items, &error);

  g_assert_error (error, QEC_ERROR, QEC_ERROR_PERMANENT);
  g_assert_cmpstr (text, ==, "1=a;2=!");
}

static bool
is_ready (int fd, int ms)
{
  struct pollfd pfd = { fd, POLLIN, 0 };

  return poll (&pfd, 1, ms) == 1;
}

static void
watching_wakes (Fixture *f, gconstpointer data)
{
  int fd = -1;

  g_array_unref (list (f));
  g_assert_true (mailbox_watch (f->mailbox, &fd, NULL));
  g_assert_false (is_ready (fd, 0));
  put (f, "new/100.a", "a");
  g_assert_true (is_ready (fd, 2000));
  g_assert_true (mailbox_unwatch (f->mailbox, NULL));
  g_assert_true (mailbox_watch (f->mailbox, &fd, NULL)); /* came before, was never listed */
  g_assert_true (is_ready (fd, 0));
  g_assert_true (mailbox_unwatch (f->mailbox, NULL));
}

static void
a_bad_folder_name_is_configuration (Fixture *f, gconstpointer data)
{
  const MailboxOptions options
    = { .kind = MAILBOX_MAILDIR, .path = f->path, .filed = "../other", .held = "Held" };
  g_autoptr (Mailbox) mailbox = mailbox_new ("test", &options);
  g_autoptr (GError) error = NULL;
  guint32 uid = 1;

  g_array_unref (mailbox_list (mailbox, NULL));
  put (f, "new/100.a", "a");
  g_autoptr (GArray) one = mailbox_list (mailbox, NULL);

  g_assert_false (mailbox_move (mailbox, at (one, 0)->uidvalidity, &uid, 1, MAILBOX_TO_FILED,
                                &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
}

/* Quadratic work would take minutes here. */
static void
many_files_cost_one_look (Fixture *f, gconstpointer data)
{
  const guint n = 20000;
  gint64 start = clock_monotonic_ms ();

  g_array_unref (list (f));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/new/%u.x", f->path, 1000000 + i);
      FILE *file = fopen (name, "w");

      g_assert_nonnull (file);
      fclose (file);
    }
  g_autoptr (GArray) items = list (f);

  g_assert_cmpuint (items->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_true (move (f, at (items, i), MAILBOX_TO_FILED));
  g_autoptr (GArray) after = list (f); /* the list of UIDs is compacted here */

  g_assert_cmpuint (after->len, ==, 0);
  put (f, "new/last", "x");
  reopen (f);
  g_autoptr (GArray) last = list (f);

  g_assert_cmpuint (at (last, 0)->uid, ==, n + 1); /* no UID is used again */
  g_assert_cmpint (clock_monotonic_ms () - start, <, 60000);
}

#define TEST(path_, function) \
  g_test_add ("/mailbox/" path_, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("missing-folders-are-made", missing_folders_are_made);
  TEST ("order-of-names", uids_follow_the_order_of_names);
  TEST ("uids-stay", uids_stay_when_opened_again);
  TEST ("flags", flags_do_not_make_another_message);
  TEST ("torn-list", a_torn_list_is_mended);
  TEST ("lost-list", a_lost_list_gives_another_uidvalidity);
  TEST ("move", moving_takes_it_out_of_the_list);
  TEST ("move-overwrites-nothing", moving_overwrites_nothing);
  TEST ("vanished", a_vanished_message_is_left_out);
  TEST ("unreadable", an_unreadable_message_is_left_out);
  TEST ("sink-error", an_error_of_the_sink_stops);
  TEST ("watch", watching_wakes);
  TEST ("bad-folder-name", a_bad_folder_name_is_configuration);
  TEST ("many", many_files_cost_one_look);
  return g_test_run ();
}
