/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The office starts the prepared process of the reader, greets it, and ends it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "message/message-private.h"
#include "message/reader-private.h"

/* Where the program is, in this order. */
static char *
find_program (void)
{
  const char *named = g_getenv ("QECP_READER");
  g_autofree char *self = named == NULL ? g_file_read_link ("/proc/self/exe", NULL) : NULL;
  g_autofree char *dir = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree char *beside = dir != NULL ? g_build_filename (dir, "qecp-reader", NULL) : NULL;

  if (named != NULL)
    return g_strdup (named);
  if (beside != NULL && access (beside, X_OK) == 0)
    return g_steal_pointer (&beside);
  return g_strdup (QECP_LIBEXECDIR "/qecp-reader");
}

/* In the new process.  A program of its own, because every message costs a fork: what is mapped is
 * copied each time, and qecpd has three times as many libraries. */
G_NORETURN static void
become_prepared_process (const char *program, pid_t office, int socket)
{
  const char *argv[] = { program, NULL };
  sigset_t none;

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != office || (socket != READER_SOCKET && dup2 (socket, READER_SOCKET) < 0)
      || fcntl (READER_SOCKET, F_SETFD, 0) != 0)
    _exit (1);
  close_range (READER_SOCKET + 1, ~0U, 0);
  setenv ("G_SLICE", "always-malloc", 1); /* or GLib's own free lists escape fill_gaps() */
  setenv ("LD_BIND_NOW", "1", 1);         /* once, and not in each child again */
  execv (program, (char *const *) argv);
  _exit (1);
}

void
reader_stop (Reader *reader)
{
  if (reader->socket >= 0)
    close (reader->socket);
  reader->socket = -1;
  reader->owed = false;
  if (reader->pid > 0)
    {
      kill (reader->pid, SIGKILL);
      while (waitpid (reader->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    }
  reader->pid = 0;
}

bool
reader_read_exactly (int fd, void *data, gsize n, gint64 deadline)
{
  char *to = data;

  while (n > 0)
    {
      struct pollfd p = { fd, POLLIN, 0 };
      gint64 left = deadline - clock_monotonic_ms ();
      int ready = left > 0 ? poll (&p, 1, (int) left) : 0;
      gssize got;

      if (ready < 0 && errno == EINTR)
        continue;
      if (ready <= 0 || (got = read (fd, to, n)) == 0 || (got < 0 && errno != EINTR))
        return false;
      if (got > 0)
        {
          to += got;
          n -= (gsize) got;
        }
    }
  return true;
}

static bool
greet (Reader *reader)
{
  ReaderHello hello = { .size = sizeof hello,
                        .version = PACKAGE_VERSION,
                        .limits = reader->limits };

  if (send (reader->socket, &hello, sizeof hello, MSG_NOSIGNAL) != sizeof hello
      || !reader_read_exactly (reader->socket, reader->shape, READER_SHAPE_SIZE,
                               clock_monotonic_ms () + 30000))
    return false;
  reader->shape[READER_SHAPE_SIZE - 1] = '\0';
  return reader->shape[0] != '\0';
}

bool
reader_start (Reader *reader, GError **error)
{
  g_autofree char *program = find_program ();
  pid_t office = getpid ();
  int pair[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "no socket for the reader: %s",
                   g_strerror (errno));
      return false;
    }
  reader->pid = fork ();
  if (reader->pid == 0)
    become_prepared_process (program, office, pair[1]);
  close (pair[1]);
  reader->socket = pair[0];
  if (reader->pid < 0)
    {
      reader->pid = 0;
      reader_stop (reader);
      g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "no process for the reader: %s",
                   g_strerror (errno));
      return false;
    }
  if (greet (reader))
    return true;
  reader_stop (reader);
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
               access (program, X_OK) != 0 ? "%s cannot be started: is qecp installed whole?"
                                           : "%s is of another version, or this system cannot "
                                             "confine it (Landlock and seccomp are required)",
               program);
  return false;
}

Reader *
reader_new (const ReaderLimits *limits, GError **error)
{
  g_autoptr (Reader) reader = g_new0 (Reader, 1);

  reader->socket = -1;
  reader_limits_resolve (limits, &reader->limits);
  if (!reader_start (reader, error))
    return NULL;
  return g_steal_pointer (&reader);
}

void
reader_free (Reader *reader)
{
  if (reader == NULL)
    return;
  reader_stop (reader);
  g_free (reader);
}

const char *
reader_sandbox (const Reader *reader)
{
  return reader->shape;
}
