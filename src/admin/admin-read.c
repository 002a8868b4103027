/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp read`: one message through the real reader process, shown to a person or a script.
 */
#include "config.h"

#include "admin/admin-read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "message/reader.h"

/* Standard input may be a pipe; the reader wants a file it can move in. */
static int
spool (int from)
{
  g_autofree char *buffer = g_malloc (65536);
  int fd = memfd_create ("message", MFD_CLOEXEC);
  gssize got;

  while (fd >= 0 && (got = read (from, buffer, 65536)) != 0)
    {
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0 || write (fd, buffer, (gsize) got) != got)
        {
          close (fd);
          return -1;
        }
    }
  return fd;
}

int
admin_open_message (const char *file)
{
  struct stat st;
  int fd, spooled;

  if (strcmp (file, "-") == 0)
    return spool (STDIN_FILENO);
  fd = open (file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0 || fstat (fd, &st) != 0 || S_ISREG (st.st_mode))
    return fd;
  if (S_ISDIR (st.st_mode))
    {
      close (fd);
      errno = EISDIR;
      return -1;
    }
  spooled = spool (fd);
  close (fd);
  return spooled;
}

/* Even a message its reader died of has a document: its hash, its size, and what happened. */
static Message *
unreadable_message (const GError *why)
{
  Message *m = message_new ();
  MessageDefect *defect = g_new0 (MessageDefect, 1);

  defect->where = g_strdup ("message");
  defect->what = g_strdup (why->message);
  g_ptr_array_add (m->defects, defect);
  return m;
}

static void
measure (int fd, Message *m)
{
  Digest digest;
  g_autofree guint8 *buffer = g_malloc (65536);
  gssize got;

  m->size = 0;
  digest_begin (&digest);
  lseek (fd, 0, SEEK_SET);
  while ((got = read (fd, buffer, 65536)) > 0)
    {
      digest_add (&digest, buffer, (gsize) got);
      m->size += (guint64) got;
    }
  digest_end (&digest, m->sha256);
}

static void
print_message (const Message *m, bool json)
{
  g_autofree char *text = NULL;

  if (json)
    {
      g_autoptr (JsonNode) node = message_to_json (m);

      text = json_to_string (node, TRUE);
      puts (text);
    }
  else
    {
      text = message_to_text (m);
      fputs (text, stdout);
    }
}

static int
read_file (const char *file, bool json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Reader) reader = NULL;
  g_autoptr (Message) message = NULL;
  int fd = admin_open_message (file);

  if (fd < 0)
    {
      fprintf (stderr, "qecp read: %s: %s\n", file, g_strerror (errno));
      return 2;
    }
  reader = reader_new (NULL, &error);
  message = reader != NULL ? reader_read (reader, fd, &error) : NULL;
  if (message == NULL && g_error_matches (error, QEC_ERROR, QEC_ERROR_INVALID))
    message = unreadable_message (error);
  if (message != NULL)
    measure (fd, message);
  close (fd);
  if (message == NULL)
    {
      fprintf (stderr, "qecp read: %s: %s\n", file, error->message);
      return 2;
    }
  print_message (message, json);
  return fflush (stdout) == 0 ? 0 : 3;
}

int
admin_read (int argc, char **argv)
{
  gboolean json = FALSE;
  g_auto (GStrv) files = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry options[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON document", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, "FILE" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (
    context, "Show what the reader makes of a message.  - reads standard input.");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "qecp read: %s\n", error->message);
      return 2;
    }
  if (files == NULL || g_strv_length (files) != 1)
    {
      fprintf (stderr, "qecp read: give one FILE, or - for standard input\n");
      return 2;
    }
  return read_file (files[0], json);
}
