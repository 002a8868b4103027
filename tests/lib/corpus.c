/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How read-corpus reports, and what its parts need in common.
 */
#include "config.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/corpus.h"

static bool as_table, with_rows;
static guint test;

void
corpus_begin (bool table, bool rows)
{
  as_table = table;
  with_rows = rows;
  if (table)
    printf ("| %-36s | %-12s | %-7s | %-7s | %-7s |\n|---|---|---|---|---|\n", "figure", "agree",
            "all", "built on", "held back");
}

static double
percent (guint good, guint all)
{
  return all > 0 ? 100.0 * good / all : 0.0;
}

void
corpus_result (guint floor, const char *what, guint good, guint all)
{
  corpus_result_held (floor, what, good, all, 0, 0);
}

void
corpus_result_held (guint floor, const char *what, guint good, guint all, guint good_held,
                    guint all_held)
{
  bool ok = all > 0 && good * 100 >= all * floor;

  test++;
  if (as_table)
    {
      printf ("| %-36s | %4u of %4u | %5.1f %% |", what, good, all, percent (good, all));
      if (all_held > 0)
        printf (" %5.1f %% | %5.1f %% |\n", percent (good - good_held, all - all_held),
                percent (good_held, all_held));
      else
        printf ("         |         |\n");
      return;
    }
  printf ("%s %u - %s: %u of %u", ok ? "ok" : "not ok", test, what, good, all);
  if (all_held > 0)
    printf (" (%u of %u held back)", good_held, all_held);
  printf ("\n");
}

void
corpus_row (const char *format, ...)
{
  va_list args;

  if (!with_rows)
    return;
  printf ("# ");
  va_start (args, format);
  vprintf (format, args);
  va_end (args);
  printf ("\n");
}

void
corpus_finish (void)
{
  if (!as_table)
    printf ("1..%u\n", test);
}

bool
corpus_is_held (const char *name)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);

  return (g_ascii_xdigit_value (hash[0]) * 16 + g_ascii_xdigit_value (hash[1])) % 3 == 0;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

GPtrArray *
corpus_files (const char *folder, const char *suffix)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, suffix))
      g_ptr_array_add (files, g_build_filename (folder, name, NULL));
  if (dir != NULL)
    g_dir_close (dir);
  g_ptr_array_sort (files, by_name);
  return files;
}

Message *
corpus_read (Reader *reader, const char *file)
{
  int fd = open (file, O_RDONLY | O_CLOEXEC);
  g_autoptr (GError) error = NULL;
  Message *m = fd >= 0 ? reader_read (reader, fd, &error) : NULL;

  if (fd >= 0)
    close (fd);
  if (m == NULL)
    printf ("# %s: %s\n", file, error != NULL ? error->message : "cannot be opened");
  return m;
}

Message *
corpus_read_attached (Reader *reader, const char *type, const char *file)
{
  g_autofree char *raw = NULL;
  gsize n;

  if (!g_file_get_contents (file, &raw, &n, NULL))
    return NULL;
  g_autofree char *base64 = g_base64_encode ((const guchar *) raw, n);
  g_autofree char *mail =
    g_strconcat ("From: a@b.example\nMIME-Version: 1.0\nContent-Type: ", type,
                 "; name=a\nContent-Transfer-Encoding: base64\n\n", base64, "\n", NULL);
  int fd = memfd_create ("mail", MFD_CLOEXEC);
  Message *m = write (fd, mail, strlen (mail)) == (gssize) strlen (mail)
                 ? reader_read (reader, fd, NULL)
                 : NULL;

  close (fd);
  return m;
}
