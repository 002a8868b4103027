/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small process that ends engines which do not answer, and cleans up after an office that was
 * killed.
 *
 * GPGME talks to gpgsm in calls that block without any deadline before its own loop begins, so a
 * gpgsm that hangs would hang us.  Nothing in this process can interrupt that, but the end of gpgsm
 * does.
 */
#define _GNU_SOURCE
#include "config.h"

#include "signature/signature-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct Watch {
  pid_t pid;
  int pipe;
};

/* --- the process ------------------------------------------------------------------------------ */

/* gpg or gpgsm of HOME, or a script around it; with ALL its agent, too, which answers both. */
static bool
is_engine (const char *pid, const char *home, bool all)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "cmdline", NULL);
  g_autofree char *line = NULL;
  gsize n = 0;

  if (!g_ascii_isdigit (pid[0]) || !g_file_get_contents (path, &line, &n, NULL) || n == 0)
    return false;
  g_autofree char *name = g_path_get_basename (line);
  return (all || !g_str_equal (name, "gpg-agent"))
         && memmem (line, n, home, strlen (home) + 1) != NULL;
}

static void
end_engines (const char *home, bool all)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *pid;

  while (processes != NULL && (pid = g_dir_read_name (processes)) != NULL)
    if (is_engine (pid, home, all))
      kill ((pid_t) atoi (pid), SIGKILL);
}

/* Each number read is how many seconds from now on engines have; 0: they are done.
 *
 * Until that is said, they are ended again and again: one may not have been there yet.  And from
 * the second time on their agent is, too: it may have come from an engine, hold the other end of
 * the line, and so keep our side waiting. */
G_NORETURN static void
be_watch (int from, const char *home)
{
  guint8 seconds = 0;
  bool again = false;

  prctl (PR_SET_NAME, "qecp-watch");
  signal (SIGINT, SIG_IGN); /* it has to outlive the office for a moment */
  signal (SIGTERM, SIG_IGN);
  for (;;)
    {
      struct pollfd p = { from, POLLIN, 0 };
      int ready = poll (&p, 1, seconds != 0 ? seconds * 1000 : -1);

      if (ready == 0)
        {
          end_engines (home, again);
          again = true;
          seconds = 1;
        }
      else if (ready > 0 && read (from, &seconds, 1) <= 0)
        {
          end_engines (home, true);
          key_home_erase (home);
          _exit (0);
        }
      else if (ready > 0)
        again = false;
    }
}

/* --- ours ------------------------------------------------------------------------------------- */

Watch *
watch_new (const char *home)
{
  Watch *w = g_new0 (Watch, 1);
  int pair[2];

  w->pipe = -1;
  if (pipe2 (pair, O_CLOEXEC) != 0)
    return w;
  w->pid = fork ();
  if (w->pid == 0)
    {
      if (dup2 (pair[0], STDIN_FILENO) < 0)
        _exit (1);
      close_range (STDERR_FILENO + 1, ~0U, 0);
      be_watch (STDIN_FILENO, home);
    }
  close (pair[0]);
  w->pipe = pair[1];
  return w;
}

void
watch_free (Watch *w)
{
  if (w == NULL)
    return;
  /* Before it can see the end of the pipe: the home is not its to remove while we live. */
  if (w->pid > 0)
    {
      kill (w->pid, SIGKILL);
      while (waitpid (w->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    }
  if (w->pipe >= 0)
    close (w->pipe);
  g_free (w);
}

void
watch_over (Watch *w, guint seconds)
{
  guint8 octet = (guint8) MIN (seconds, 255);

  while (w->pipe >= 0 && write (w->pipe, &octet, 1) < 0 && errno == EINTR)
    ;
}
