/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The floor under any intake: read each message of a Maildir, hash it, parse it and decode every part with gmime, write a
 * copy and fsync it.  No database, no sandbox, no decisions.
 *
 *   bench-floor MAILDIR OUTDIR
 */
#include <fcntl.h>
#include <gmime/gmime.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <unistd.h>

static void
decode (GMimeObject *parent, GMimeObject *part, gpointer data)
{
  if (!GMIME_IS_PART (part))
    return;
  GMimeDataWrapper *content = g_mime_part_get_content (GMIME_PART (part));
  GMimeStream *null = g_mime_stream_null_new ();

  if (content != NULL)
    g_mime_data_wrapper_write_to_stream (content, null);
  g_object_unref (null);
}

static void
copy (const char *path, const char *bytes, gsize n)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

  if (fd < 0 || write (fd, bytes, n) != (ssize_t) n || fsync (fd) != 0)
    perror (path);
  close (fd);
}

static void
one (const char *path, const char *target)
{
  g_autofree char *bytes = NULL;
  gsize n;
  struct sha256_ctx sum;
  guint8 hash[SHA256_DIGEST_SIZE];

  if (!g_file_get_contents (path, &bytes, &n, NULL))
    return;
  sha256_init (&sum);
  sha256_update (&sum, n, (const guint8 *) bytes);
  sha256_digest (&sum, sizeof hash, hash);

  GMimeStream *stream = g_mime_stream_fs_open (path, O_RDONLY, 0, NULL);
  GMimeParser *parser = g_mime_parser_new_with_stream (stream);
  GMimeMessage *message = g_mime_parser_construct_message (parser, NULL);
  if (message != NULL)
    {
      g_mime_message_foreach (message, decode, NULL);
      g_object_unref (message);
    }
  g_object_unref (parser);
  g_object_unref (stream);
  copy (target, bytes, n);
}

int
main (int argc, char **argv)
{
  g_autofree char *dir = argc == 3 ? g_build_filename (argv[1], "new", NULL) : NULL;
  g_autoptr (GDir) list = dir != NULL ? g_dir_open (dir, 0, NULL) : NULL;
  const char *name;

  if (list == NULL)
    return fprintf (stderr, "usage: bench-floor MAILDIR OUTDIR\n"), 2;
  g_mime_init ();
  while ((name = g_dir_read_name (list)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL), *target = g_build_filename (argv[2], name, NULL);

      one (path, target);
    }
  return 0;
}
