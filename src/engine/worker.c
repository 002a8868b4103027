/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What both loops share: signals, back-off, what ends a process and what does not; and the single
 * pass.
 */
#include "config.h"

#include "engine/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "engine/worker-private.h"

volatile int worker_stop, worker_reload;

static int wake[2] = { -1, -1 };

static void
on_stop (int signal_number)
{
  worker_stop = 1;
  if (wake[1] >= 0 && write (wake[1], "", 1) < 0)
    return; /* full: it is readable already */
}

int
worker_wake_fd (void)
{
  return wake[0];
}

static void
on_reload (int signal_number)
{
  worker_reload = 1;
}

void
worker_signals (void)
{
  struct sigaction stop = { .sa_handler = on_stop }, reload = { .sa_handler = on_reload },
                   ignore = { .sa_handler = SIG_IGN };

  if (wake[0] < 0 && pipe2 (wake, O_CLOEXEC | O_NONBLOCK) != 0)
    wake[0] = wake[1] = -1;
  sigaction (SIGTERM, &stop, NULL);
  sigaction (SIGINT, &stop, NULL);
  sigaction (SIGHUP, &reload, NULL);
  sigaction (SIGPIPE, &ignore, NULL);
  sigaction (SIGXFSZ, &ignore, NULL);
}

const char *
worker_error_name (const GError *error)
{
  static const char *const names[] = { "transient", "permanent", "invalid", "config", "store" };

  return error->domain == QEC_ERROR && (guint) error->code < G_N_ELEMENTS (names)
           ? names[error->code]
           : "other";
}

bool
worker_is_fatal (const GError *error)
{
  return g_error_matches (error, QEC_ERROR, QEC_ERROR_STORE);
}

void
worker_log_error (const char *event, const char *what, const GError *error)
{
  log_event (g_error_matches (error, QEC_ERROR, QEC_ERROR_TRANSIENT) ? LOG_WARNING : LOG_ERR, event,
             LOG_STR ("what", what), LOG_STR ("code", worker_error_name (error)),
             LOG_STR ("why", error->message));
}

void
worker_beat (int heartbeat)
{
  enum { BEAT_MS = 1000 };
  static gint64 last_ms = -BEAT_MS;
  gint64 now_ms = clock_monotonic_ms ();

  if (heartbeat < 0 || now_ms - last_ms < BEAT_MS)
    return;
  last_ms = now_ms;
  if (write (heartbeat, "", 1) < 0 && errno == EPIPE)
    worker_stop = 1;
}

static bool
not_stopped (gpointer data)
{
  return !worker_stop;
}

bool
worker_once (Office *office, gint64 now, bool deliver, bool *good, GError **error)
{
  g_autoptr (Delivery) delivery = engine_delivery (&office->options->delivery, error);
  guint n;

  office->go_on = not_stopped;
  *good = true;
  if (delivery == NULL || !engine_calendar (office, now, error))
    return false;
  for (guint i = 0; i < office->options->mailboxes->len && !worker_stop; i++)
    {
      const OptionsMailbox *o = office->options->mailboxes->pdata[i];
      g_autoptr (Mailbox) mailbox = engine_mailbox (o);
      g_autoptr (GError) inner = NULL;

      if (engine_look (office, mailbox, now, &n, &inner))
        continue;
      if (worker_is_fatal (inner))
        {
          g_propagate_error (error, g_steal_pointer (&inner));
          return false;
        }
      worker_log_error ("mailbox.failed", o->name, inner);
      *good = false;
    }
  n = 0;
  /* Without having seen the mail, nobody is declared late. */
  if (*good && !worker_stop && !engine_clock (office, now, now, &n, error))
    return false;
  return worker_stop || !deliver || engine_deliver (office, delivery, now, &n, error);
}
