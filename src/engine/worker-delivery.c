/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delivery: try what is due, then wait for a kick or the next due time.
 */
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "engine/worker-private.h"
#include "outbox/outbox.h"

enum { HEARTBEAT_S = 20, PAUSE_AFTER_FAILURE_S = 10 };

/* Seconds until the next row is due. */
static int
seconds_to_wait (Office *office)
{
  gint64 at = 0;

  if (!outbox_next_due (office->store, &at, NULL) || at == 0)
    return HEARTBEAT_S;
  return (int) CLAMP (at - clock_now (), 1, HEARTBEAT_S);
}

static void
wait_for_kick (Office *office, int kick)
{
  struct pollfd fds[] = { { kick, POLLIN, 0 }, { worker_wake_fd (), POLLIN, 0 } };
  char bytes[256];

  if (poll (fds, G_N_ELEMENTS (fds), 1000 * seconds_to_wait (office)) <= 0 || fds[0].revents == 0)
    return;
  /* The pipe's other end is gone: intake ended, and so do we, the supervisor starts both anew. */
  if (read (kick, bytes, sizeof bytes) == 0)
    worker_stop = 1;
}

/* False only when the worker cannot go on. */
static bool
turn (Office *office, Delivery *delivery, bool *failed, GError **error)
{
  g_autoptr (GError) inner = NULL;
  guint n = 0;

  *failed = !engine_deliver (office, delivery, clock_now (), &n, &inner);
  if (!*failed)
    return true;
  if (worker_is_fatal (inner))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  worker_log_error ("delivery.interrupted", "outbox", inner);
  return true;
}

typedef struct {
  int heartbeat;
} Life;

static bool
go_on (gpointer data)
{
  const Life *life = data;

  worker_beat (life->heartbeat);
  return !worker_stop;
}

bool
worker_delivery (const char *config, int kick, int heartbeat, GError **error)
{
  g_autoptr (Office) office = office_run (config, false, error);

  if (office == NULL || !office_reload (office, clock_now (), error))
    return false;
  g_autoptr (Delivery) delivery = engine_delivery (&office->options->delivery, error);
  if (delivery == NULL)
    return false;
  Life life = { heartbeat };
  office->go_on = go_on;
  office->go_on_data = &life;
  while (!worker_stop)
    {
      bool failed;

      if (!turn (office, delivery, &failed, error))
        return false;
      go_on (&life);
      if (failed && !worker_stop)
        poll (&(struct pollfd){ worker_wake_fd (), POLLIN, 0 }, 1, 1000 * PAUSE_AFTER_FAILURE_S);
      else if (!worker_stop)
        wait_for_kick (office, kick);
    }
  return true;
}
