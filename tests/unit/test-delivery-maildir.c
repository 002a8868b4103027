/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "delivery/delivery.h"

typedef struct {
  char *directory, *maildir;
  Delivery *delivery;
  GString *results;
} Fixture;

static void
note (gint64 id, const DeliveryResult *result, gpointer data)
{
  g_string_append_printf (data, "%d:%d ", (int) id, result->status);
  g_assert_true (g_utf8_validate (result->reply, -1, NULL));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->directory = g_dir_make_tmp ("qecp-maildir-XXXXXX", NULL);
  f->maildir = g_build_filename (f->directory, "out", NULL);
  f->delivery =
    delivery_new (&(DeliveryOptions){ .kind = DELIVERY_MAILDIR, .path = f->maildir }, NULL);
  f->results = g_string_new (NULL);
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
  delivery_free (f->delivery);
  remove_tree (f->directory);
  g_string_free (f->results, TRUE);
  g_free (f->directory);
  g_free (f->maildir);
}

static char *
write_mail (Fixture *f, const char *name, const char *text, gssize length)
{
  char *path = g_build_filename (f->directory, name, NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
  return path;
}

/* The one file in PART whose name has "I<id>P"; its contents, or NULL. */
static char *
delivered (Fixture *f, const char *part, gint64 id)
{
  g_autofree char *path = g_build_filename (f->maildir, part, NULL);
  g_autofree char *mark = g_strdup_printf (".I%d" "P", (int) id);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  char *text = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (strstr (name, mark) != NULL)
      {
        g_autofree char *file = g_build_filename (path, name, NULL);
        g_assert_null (text);
        g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
      }
  return text;
}

static void
mails_arrive_as_they_are (Fixture *f, gconstpointer data)
{
  static const char text[] = "Subject: x\r\n\r\n.\r\n..dots\r\ncaf\xe9\r\n";
  g_autofree char *path = write_mail (f, "a.eml", text, -1);
  const DeliveryItem items[] = { { 41, "", "a@example.org", path },
                                 { 42, "", "b@example.org", path } };

  g_assert_true (delivery_send (f->delivery, items, 2, note, f->results, NULL));
  g_assert_cmpstr (f->results->str, ==, "41:0 42:0 ");
  g_autofree char *a = delivered (f, "new", 41), *b = delivered (f, "new", 42),
                  *tmp = delivered (f, "tmp", 41);
  g_assert_cmpstr (a, ==, text);
  g_assert_cmpstr (b, ==, text);
  g_assert_null (tmp);
}

static void
one_bad_mail_harms_no_other (Fixture *f, gconstpointer data)
{
  g_autofree char *good = write_mail (f, "a.eml", "S: x\r\n\r\nx\r\n", -1);
  g_autofree char *bare = write_mail (f, "b.eml", "S: x\r\n\r\nx\n.\r\n", -1);
  g_autofree char *cr = write_mail (f, "c.eml", "S: x\r\n\r\nx\rx\r\n", -1);
  g_autofree char *last = write_mail (f, "d.eml", "S: x\r\n\r\nx\r", -1);
  const DeliveryItem items[] = { { 1, "", "a@example.org", bare },
                                 { 2, "", "a@example.org", cr },
                                 { 3, "", "a@example.org", last },
                                 { 4, "", "a@example.org", "/nowhere" },
                                 { 5, "", "a@example.org", good } };

  g_assert_true (delivery_send (f->delivery, items, G_N_ELEMENTS (items), note, f->results, NULL));
  g_assert_cmpstr (f->results->str, ==, "1:2 2:2 3:2 4:2 5:0 ");
}

static void
a_large_mail_arrives_whole (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("Subject: x\r\n\r\n");

  for (int i = 0; i < 50000; i++) /* so that a CRLF falls on each side of every buffer's end */
    g_string_append_printf (text, "line %d\r\n", i);
  g_autofree char *path = write_mail (f, "a.eml", text->str, (gssize) text->len);
  const DeliveryItem item = { 7, "", "a@example.org", path };

  g_assert_true (delivery_send (f->delivery, &item, 1, note, f->results, NULL));
  g_autofree char *got = delivered (f, "new", 7);
  g_assert_cmpstr (got, ==, text->str);
}

static void
a_maildir_that_cannot_be_written_blocks (Fixture *f, gconstpointer data)
{
  g_autofree char *path = write_mail (f, "a.eml", "S: x\r\n\r\nx\r\n", -1);
  g_autofree char *file = write_mail (f, "out", "a file where the Maildir should be", -1);
  const DeliveryItem item = { 7, "", "a@example.org", path };

  g_assert_cmpstr (file, ==, f->maildir);
  g_assert_true (delivery_send (f->delivery, &item, 1, note, f->results, NULL));
  g_assert_cmpstr (f->results->str, ==, "7:3 ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test)                                                                            \
  g_test_add ("/delivery/maildir/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("as-it-is", mails_arrive_as_they_are);
  ADD ("one-bad", one_bad_mail_harms_no_other);
  ADD ("large", a_large_mail_arrives_whole);
  ADD ("blocked", a_maildir_that_cannot_be_written_blocks);
  return g_test_run ();
}
