/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * qecpd: runs an office.  In the foreground, for a service manager; two workers under one
 * supervisor, or one pass with
 * --once.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "engine/worker.h"

enum { EXIT_STORE = 3, EXIT_CALL = 2, SILENCE_S = 900, RESTART_S = 2 };

typedef bool (*Work) (const char *config, int kick, int heartbeat, GError **error);

typedef struct {
  const char *name;
  Work work;
  pid_t pid;
  int kick;          /* its end of the pipe between the two */
  int beat[2];
  gint64 heard_ms;   /* last heartbeat */
  gint64 start_ms;   /* earliest next start */
} Child;

static int
exit_status (const GError *error)
{
  fprintf (stderr, "qecpd: %s\n", error->message);
  return g_error_matches (error, QEC_ERROR, QEC_ERROR_CONFIG) ? EXIT_CALL : EXIT_STORE;
}

static int
once (const char *config, bool deliver)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Office) office = office_run (config, true, &error);
  bool good;

  if (office == NULL || !office_reload (office, clock_now (), &error)
      || !worker_once (office, clock_now (), deliver, &good, &error))
    return exit_status (error);
  return good ? 0 : EXIT_STORE;
}

static void
run_child (const Child *child, const char *config)
{
  g_autoptr (GError) error = NULL;

  /* A worker does not outlive its supervisor. */
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  prctl (PR_SET_NAME, child->name);
  close (child->beat[0]);
  _exit (child->work (config, child->kick, child->beat[1], &error) ? 0 : exit_status (error));
}

static bool
start (Child *child, const char *config)
{
  if (pipe2 (child->beat, O_CLOEXEC | O_NONBLOCK) != 0)
    return false;
  child->pid = fork ();
  if (child->pid == 0)
    run_child (child, config);
  close (child->beat[1]);
  child->heard_ms = clock_monotonic_ms ();
  log_event (LOG_NOTICE, "worker.started", LOG_STR ("worker", child->name),
             LOG_INT ("pid", child->pid));
  return child->pid > 0;
}

/* A worker that ended is started again after a while; one whose configuration is wrong ends us. */
static int
reap (Child *children, guint n)
{
  int status;
  pid_t pid;

  while ((pid = waitpid (-1, &status, WNOHANG)) > 0)
    for (guint i = 0; i < n; i++)
      {
        if (children[i].pid != pid)
          continue;
        children[i].pid = 0;
        bool asked = WIFEXITED (status) && WEXITSTATUS (status) == 0;
        children[i].start_ms = clock_monotonic_ms () + (asked ? 0 : 1000 * RESTART_S);
        close (children[i].beat[0]);
        log_event (
          worker_stop || asked ? LOG_NOTICE : LOG_ERR, "worker.ended",
          LOG_STR ("worker", children[i].name),
          LOG_INT ("status", WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status)));
        if (WIFEXITED (status)
            && (WEXITSTATUS (status) == EXIT_CALL || WEXITSTATUS (status) == EXIT_STORE))
          return WEXITSTATUS (status);
      }
  return 0;
}

static void
listen_to (Child *children, guint n)
{
  struct pollfd fds[2];
  char bytes[64];

  for (guint i = 0; i < n; i++)
    fds[i] = (struct pollfd){ children[i].pid > 0 ? children[i].beat[0] : -1, POLLIN, 0 };
  if (poll (fds, n, 1000) <= 0)
    return;
  for (guint i = 0; i < n; i++)
    if ((fds[i].revents & POLLIN) != 0 && read (fds[i].fd, bytes, sizeof bytes) > 0)
      children[i].heard_ms = clock_monotonic_ms ();
}

/* A worker that says nothing for minutes hangs: it is killed, and the mail it had in hand is still
 * in the mailbox. */
static bool
all_alive (Child *children, guint n)
{
  bool alive = true;

  for (guint i = 0; i < n; i++)
    if (children[i].pid > 0 && clock_monotonic_ms () - children[i].heard_ms > 1000 * SILENCE_S)
      {
        log_event (LOG_CRIT, "worker.silent", LOG_STR ("worker", children[i].name));
        kill (children[i].pid, SIGKILL);
        alive = false;
      }
  return alive;
}

static void
signal_all (const Child *children, guint n, int number)
{
  for (guint i = 0; i < n; i++)
    if (children[i].pid > 0)
      kill (children[i].pid, number);
}

static int
wind_down (Child *children, guint n, int status)
{
  sd_notify (0, "STOPPING=1");
  signal_all (children, n, SIGTERM);
  for (gint64 end = clock_monotonic_ms () + 60000; clock_monotonic_ms () < end;)
    {
      bool any = false;

      for (guint i = 0; i < n; i++)
        any |= children[i].pid > 0;
      if (!any)
        return status;
      listen_to (children, n);
      worker_stop = 1;
      reap (children, n);
    }
  signal_all (children, n, SIGKILL);
  return status;
}

static int
check (const char *config)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Office) office = office_run (config, false, &error);

  if (office == NULL || !office_reload (office, clock_now (), &error))
    {
      log_event (LOG_ERR, "configuration.refused", LOG_STR ("why", error->message));
      return exit_status (error);
    }
  log_event (LOG_NOTICE, "configuration.in-force",
             LOG_STR ("definition", office->definition->version));
  return 0;
}

/* Configuration, database and definition are looked at before anything runs in the background; in a
 * process of its own, so that the supervisor stays small. */
static int
check_first (const char *config)
{
  int status;
  pid_t pid = fork ();

  if (pid == 0)
    _exit (check (config));
  if (pid < 0)
    return EXIT_STORE;
  while (waitpid (pid, &status, 0) != pid)
    if (errno != EINTR)
      return EXIT_STORE;
  return WIFEXITED (status) ? WEXITSTATUS (status) : EXIT_STORE;
}

/* Configuration, rules, templates and roster anew: workers that begin again have them all.  With a
 * mistake in any of them everything stays as it was. */
static void
reload (const Child *children, guint n, const char *config)
{
  if (check_first (config) == 0)
    signal_all (children, n, SIGTERM);
}

static int
supervise (const char *config)
{
  int kick[2];

  if (pipe2 (kick, O_CLOEXEC | O_NONBLOCK) != 0)
    return EXIT_STORE;
  Child children[] = { { .name = "intake", .work = worker_intake, .kick = kick[1] },
                       { .name = "delivery", .work = worker_delivery, .kick = kick[0] } };
  const guint n = G_N_ELEMENTS (children);
  int status = 0;

  for (guint i = 0; i < n; i++)
    if (!start (&children[i], config))
      status = EXIT_STORE;
  sd_notify (0, "READY=1");
  while (!worker_stop && status == 0)
    {
      listen_to (children, n);
      if (worker_reload)
        {
          worker_reload = 0;
          reload (children, n, config);
        }
      status = reap (children, n);
      for (guint i = 0; i < n && status == 0; i++)
        if (children[i].pid <= 0 && !worker_stop && clock_monotonic_ms () >= children[i].start_ms)
          start (&children[i], config);
      if (all_alive (children, n))
        sd_notify (0, "WATCHDOG=1");
    }
  return wind_down (children, n, status);
}

int
main (int argc, char **argv)
{
  g_autofree char *config = NULL, *now = NULL;
  gboolean one_pass = FALSE, no_delivery = FALSE, version = FALSE;
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &config, "The office's configuration (qecp.conf)", "FILE" },
    { "once", 0, 0, G_OPTION_ARG_NONE, &one_pass, "One pass over mailboxes, clock and outbox, then exit", NULL },
    { "no-delivery", 0, 0, G_OPTION_ARG_NONE, &no_delivery, "With --once: leave the outbox alone", NULL },
    { "now", 0, 0, G_OPTION_ARG_STRING, &now, "With --once: the time to believe in", "TIME" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, "Show the version", NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- run a certification office");
  g_autoptr (GError) error = NULL;
  gint64 at;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc > 1)
    {
      fprintf (stderr, "qecpd: %s; see --help\n",
               error != NULL ? error->message : "too many arguments");
      return EXIT_CALL;
    }
  if (version)
    return printf ("qecpd %s\n", PACKAGE_VERSION) < 0;
  if (now != NULL && (!one_pass || !clock_parse (now, &at, &error)))
    {
      fprintf (stderr, "qecpd: %s\n", error != NULL ? error->message : "--now goes with --once");
      return EXIT_CALL;
    }
  if (now != NULL)
    clock_pretend (at);
  const char *file = config != NULL ? config : "qecp.conf";
  worker_signals ();
  if (one_pass)
    return once (file, !no_delivery);
  int status = check_first (file);
  return status != 0 ? status : supervise (file);
}
