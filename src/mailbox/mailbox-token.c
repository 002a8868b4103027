/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tokens for XOAUTH2 come from the administrator's own command, because each provider has its
 * own way to renew them.  It is given no more time than an IMAP command.
 */
#include "mailbox/mailbox-token.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

/* Ten times what providers issue. */
#define TOKEN_MAX 20000

#define EXIT_POLL_US 5000

/* In a process group of its own it can be killed with all it started. */
static void
own_group (gpointer data)
{
  setpgid (0, 0);
}

/* What the command prints, until it closes its output; NULL after DEADLINE or TOKEN_MAX. */
static GString *
read_all (int fd, gint64 deadline)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];

  while (text->len <= TOKEN_MAX)
    {
      struct pollfd pfd = { fd, POLLIN, 0 };
      gint64 left = deadline - clock_monotonic_ms ();

      if (left <= 0)
        return NULL;
      if (poll (&pfd, 1, (int) MIN (left, G_MAXINT)) <= 0)
        continue;
      ssize_t n = read (fd, buffer, sizeof buffer);

      if (n == 0)
        return g_steal_pointer (&text);
      if (n < 0 && errno != EINTR)
        return NULL;
      if (n > 0)
        g_string_append_len (text, buffer, n);
    }
  return NULL;
}

/* Did it end by itself and well?  Past DEADLINE it is killed. */
static bool
reap (GPid pid, gint64 deadline)
{
  int status = -1;
  pid_t done;

  while ((done = waitpid (pid, &status, WNOHANG)) == 0 || (done < 0 && errno == EINTR))
    {
      if (clock_monotonic_ms () >= deadline)
        kill (-pid, SIGKILL);
      g_usleep (EXIT_POLL_US);
    }
  return done == pid && WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

static bool
is_token (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      return false;
  return text[0] != '\0';
}

char *
mailbox_token (const char *command, guint timeout_s, GError **error)
{
  gint64 deadline = clock_monotonic_ms () + (gint64) timeout_s * 1000;
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) why = NULL;
  GPid pid;
  int out;

  if (!g_shell_parse_argv (command, NULL, &argv, &why)
      || !g_spawn_async_with_pipes (NULL, argv, NULL,
                                    G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, own_group,
                                    NULL, &pid, NULL, &out, NULL, &why))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "token command: %s", why->message);
      return NULL;
    }
  g_autoptr (GString) text = read_all (out, deadline);

  close (out);
  bool ended_well = reap (pid, text != NULL ? deadline : 0);

  if (ended_well && text != NULL && is_token (g_strstrip (text->str)))
    return g_strdup (text->str);
  g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "token command: %s",
               text == NULL ? "not done before the deadline, or too much output"
               : ended_well ? "it printed no token"
                            : "it failed");
  return NULL;
}
