/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One verifier for many documents, as an office has it, while the world around it fails:
 *
 *   verify-driver TRUST.pem SECONDS WORD...
 *
 * FILE.pdf or FILE.eml is verified and its verdict printed, "ms" prints how long the last one took;
 * "vanish" removes the key home, "kill" ends its gpgsm, "stop" and "continue" stop it and let it go
 * on.
 */
#define _GNU_SOURCE
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "signature/signature-private.h"

static bool
belongs (const char *pid, const char *home)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "cmdline", NULL);
  g_autofree char *line = NULL;
  gsize n;

  return g_ascii_isdigit (pid[0]) && g_file_get_contents (path, &line, &n, NULL)
         && g_strstr_len (line, (gssize) n, "gpgsm") != NULL
         && memmem (line, n, home, strlen (home)) != NULL;
}

static void
send_signal (const Verifier *v, int number)
{
  const char *home = key_home_path (v->home), *pid;
  g_autoptr (GDir) all = g_dir_open ("/proc", 0, NULL);
  guint n = 0;

  while (home != NULL && (pid = g_dir_read_name (all)) != NULL)
    if (belongs (pid, home))
      n += kill ((pid_t) atoi (pid), number) == 0;
  g_assert_cmpuint (n, >, 0);
}

static void
vanish (const Verifier *v)
{
  const char *argv[] = { "rm", "-rf", key_home_path (v->home), NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
}

static void
verify (Verifier *v, Reader *reader, const char *file)
{
  int fd = open (file, O_RDONLY | O_CLOEXEC);
  g_autoptr (Verification) result = g_str_has_suffix (file, ".pdf")
                                      ? verifier_pdf (v, reader, fd, clock_now ())
                                      : verifier_mail (v, reader, fd, clock_now ());

  puts (verdict_name (result->verdict));
  close (fd);
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (argc, >, 3);
  setvbuf (stdout, NULL, _IOLBF, 0);
  const char *trust[] = { argv[1], NULL };
  const VerifierOptions options = { trust, NULL, NULL, (guint) atoi (argv[2]) };
  g_autoptr (GError) error = NULL;
  g_autoptr (Reader) reader = reader_new (NULL, &error);
  g_autoptr (Verifier) v = verifier_new (&options, &error);
  gint64 start = 0, end = 0;

  g_assert_no_error (error);
  for (int i = 3; i < argc; i++)
    if (strcmp (argv[i], "vanish") == 0)
      vanish (v);
    else if (strcmp (argv[i], "kill") == 0)
      send_signal (v, SIGKILL);
    else if (strcmp (argv[i], "stop") == 0)
      send_signal (v, SIGSTOP);
    else if (strcmp (argv[i], "continue") == 0)
      send_signal (v, SIGCONT);
    else if (strcmp (argv[i], "ms") == 0)
      printf ("%" G_GINT64_FORMAT "\n", end - start);
    else
      {
        start = clock_monotonic_ms ();
        verify (v, reader, argv[i]);
        end = clock_monotonic_ms ();
      }
  return 0;
}
