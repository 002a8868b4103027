/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The secret that AUTH needs: the first line of a file, or what a command prints (a short-lived
 * OAuth 2 token).  It is read at each use, so a changed password needs no restart, and wiped
 * after. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "delivery/delivery-private.h"

#define MAX_SECRET 16384

/* Read FD to its end, at most MAX_SECRET - 1 octets, until DEADLINE. */
static bool
read_all (int fd, char *buffer, gint64 deadline)
{
  gsize length = 0;

  for (;;)
    {
      struct pollfd wait = { fd, POLLIN, 0 };
      gint64 left = deadline - clock_monotonic_ms ();
      gssize n;

      if (left <= 0)
        {
          errno = ETIMEDOUT;
          return false;
        }
      if (poll (&wait, 1, (int) MIN (left, 1000)) == 0)
        continue;
      n = read (fd, buffer + length, MAX_SECRET - length);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return false;
      length += (gsize) n;
      if (length == MAX_SECRET)
        {
          errno = EFBIG;
          return false;
        }
      if (n == 0)
        {
          buffer[length] = '\0';
          return true;
        }
    }
}

static bool
read_file (const char *path, char *buffer, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  bool ok = fd >= 0 && read_all (fd, buffer, clock_monotonic_ms () + 10000);

  if (!ok)
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "cannot read the secret file: %s",
                 g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return ok;
}

static bool
read_command (const char *command, guint timeout_s, char *buffer, GError **error)
{
  g_auto (GStrv) argv = NULL;
  GPid pid;
  int out, status;

  if (!g_shell_parse_argv (command, NULL, &argv, NULL)
      || !g_spawn_async_with_pipes (NULL, argv, NULL,
                                    G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                    &pid, NULL, &out, NULL, NULL))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "cannot run the token command");
      return false;
    }
  bool ok = read_all (out, buffer, clock_monotonic_ms () + timeout_s * G_GINT64_CONSTANT (1000));

  if (!ok)
    kill (pid, SIGKILL);
  close (out);
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  if (!ok || !WIFEXITED (status) || WEXITSTATUS (status) != 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "the token command failed or took too long");
      return false;
    }
  return true;
}

void
secret_free (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, MAX_SECRET);
  g_free (secret);
}

char *
secret_read (const DeliveryOptions *options, GError **error)
{
  char *secret = g_malloc0 (MAX_SECRET);
  bool ok = options->token_command != NULL
                ? read_command (options->token_command, options->timeout_s, secret, error)
                : read_file (options->secret_file, secret, error);

  if (ok)
    secret[strcspn (secret, "\r\n")] = '\0';
  if (ok && secret[0] != '\0')
    return secret;
  if (ok)
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "the secret is empty");
  secret_free (secret);
  return NULL;
}
