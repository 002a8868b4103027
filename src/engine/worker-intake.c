/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Intake: look at every mailbox, let the clock run, wait for something to happen.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "case/case-store.h"
#include "engine/worker-private.h"

/* IDLE is begun anew well before servers end it (RFC 2177: 29 minutes); back-off never exceeds some
 * minutes. */
enum { MAX_WATCH_S = 20 * 60, MAX_BACK_OFF_S = 300, HEARTBEAT_S = 20, CLOCK_PAUSE_S = 10 };

typedef struct {
  Mailbox *mailbox;
  const OptionsMailbox *options;
  int failures;            /* in a row */
  gint64 retry_at;         /* monotonic ms */
  gint64 good_at;          /* last successful look */
  bool alarmed, watching;
  int fd;
} Slot;

typedef struct {
  Office *office;
  Slot *slots;
  guint n;
  int kick, heartbeat;
  bool clock_failed;       /* the last time */
} Intake;

/* There may be something to deliver. */
static void
kick (const Intake *intake)
{
  if (intake->kick >= 0 && write (intake->kick, "", 1) < 0 && errno == EPIPE)
    worker_stop = 1;
}

static bool
go_on (gpointer data)
{
  const Intake *intake = data;

  worker_beat (intake->heartbeat);
  kick (intake); /* its answers need not wait for the messages behind it */
  return !worker_stop;
}

static void
failed (Slot *slot, const GError *error)
{
  gint64 wait = 1 << MIN (slot->failures, 8);

  slot->failures++;
  slot->retry_at = clock_monotonic_ms () + 1000 * MIN (wait, MAX_BACK_OFF_S);
  mailbox_close (slot->mailbox);
  worker_log_error ("mailbox.failed", slot->options->name, error);
}

/* Nobody has looked into the mailbox for too long: the administrator must know, once. */
static void
alarm_if_silent (Intake *intake, Slot *slot, gint64 now)
{
  gint64 silent = now - slot->good_at;

  if (slot->alarmed || silent < 60 * (gint64) intake->office->options->alarm_minutes)
    return;
  slot->alarmed = true;
  log_event (LOG_CRIT, "mailbox.alarm", LOG_STR ("mailbox", slot->options->name),
             LOG_INT ("minutes", silent / 60));
  g_autoptr (GError) error = NULL;
  if (!engine_alarm (intake->office, slot->options->name, silent / 60, now, &error))
    worker_log_error ("mailbox.alarm-unsaid", slot->options->name, error);
  else
    kick (intake);
}

/* A database somebody else keeps, or a disk without room, passes; true then. */
static bool
can_go_on (const char *event, const char *what, GError *problem, GError **error)
{
  if (worker_is_fatal (problem))
    {
      g_propagate_error (error, g_error_copy (problem));
      return false;
    }
  worker_log_error (event, what, problem);
  return true;
}

static bool
note_good (Intake *intake, Slot *slot, gint64 now, GError **error)
{
  g_autofree char *name = g_strdup_printf ("looked:%s", slot->options->name);
  g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, now);
  bool due = now - slot->good_at >= 60 || slot->alarmed || slot->failures > 0;

  slot->failures = 0;
  slot->retry_at = 0;
  if (slot->alarmed)
    log_event (LOG_NOTICE, "mailbox.alarm-over", LOG_STR ("mailbox", slot->options->name));
  slot->alarmed = false;
  if (!due)
    return true;
  slot->good_at = now;
  g_autoptr (GError) inner = NULL;
  g_autoptr (StoreTxn) txn = store_begin (intake->office->store, &inner);
  return (txn != NULL && office_set_fact (txn, name, value, &inner) && store_commit (txn, &inner))
         || can_go_on ("mailbox.not-noted", slot->options->name, inner, error);
}

/* False only when the worker cannot go on. */
static bool
look (Intake *intake, Slot *slot, GError **error)
{
  g_autoptr (GError) inner = NULL;
  gint64 now = clock_now ();
  guint n = 0;

  if (clock_monotonic_ms () < slot->retry_at)
    {
      alarm_if_silent (intake, slot, now);
      return true;
    }
  if (engine_look (intake->office, slot->mailbox, now, &n, &inner))
    return note_good (intake, slot, now, error);
  if (n > 0)
    kick (intake);
  if (worker_stop)
    return true;
  if (worker_is_fatal (inner))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  failed (slot, inner);
  alarm_if_silent (intake, slot, now);
  return true;
}

/* The clock waits for mailboxes that cannot be read, but not for ever. */
static bool
run_clock (Intake *intake, gint64 started, GError **error)
{
  g_autoptr (GError) inner = NULL;
  gint64 before = started;
  guint n = 0;

  for (guint i = 0; i < intake->n; i++)
    if (intake->slots[i].failures > 0)
      before = MIN (before, started - 60 * (gint64) intake->office->options->clock_grace_minutes);
  bool good = engine_clock (intake->office, before, started, &n, &inner);
  if (n > 0)
    kick (intake);
  intake->clock_failed = !good;
  return good || can_go_on ("clock.interrupted", "timers", inner, error);
}

static int
seconds_to_wait (Intake *intake)
{
  gint64 now = clock_now (), due = 0, wait = MAX_WATCH_S;

  for (guint i = 0; i < intake->n; i++)
    {
      const Slot *slot = &intake->slots[i];
      gint64 retry = (slot->retry_at - clock_monotonic_ms ()) / 1000 + 1;

      if (slot->failures > 0)
        wait = MIN (wait, MAX (retry, 1));
      else if (!slot->watching || slot->fd < 0)
        wait = MIN (wait, intake->office->options->poll_seconds);
    }
  if (engine_clock_next (intake->office, now, &due, NULL) && due != G_MAXINT64)
    wait = CLAMP (due - now + 1, intake->clock_failed ? MIN (CLOCK_PAUSE_S, wait) : 1, wait);
  return (int) wait;
}

static void
watch (Intake *intake)
{
  for (guint i = 0; i < intake->n; i++)
    {
      Slot *slot = &intake->slots[i];
      g_autoptr (GError) error = NULL;

      slot->fd = -1;
      slot->watching = slot->failures == 0 && mailbox_watch (slot->mailbox, &slot->fd, &error);
      if (error != NULL)
        failed (slot, error);
    }
}

static void
unwatch (Intake *intake)
{
  for (guint i = 0; i < intake->n; i++)
    {
      Slot *slot = &intake->slots[i];
      g_autoptr (GError) error = NULL;

      if (slot->watching && !mailbox_unwatch (slot->mailbox, &error))
        failed (slot, error);
      slot->watching = false;
    }
}

static void
wait_for_mail (Intake *intake)
{
  g_autofree struct pollfd *fds = g_new0 (struct pollfd, intake->n + 1);

  watch (intake);
  gint64 end = clock_monotonic_ms () + 1000 * (gint64) seconds_to_wait (intake);
  for (guint i = 0; i < intake->n; i++)
    fds[i] = (struct pollfd){ intake->slots[i].fd, POLLIN, 0 };
  fds[intake->n] = (struct pollfd){ worker_wake_fd (), POLLIN, 0 };
  for (;;)
    {
      gint64 left = end - clock_monotonic_ms ();

      worker_beat (intake->heartbeat);
      if (worker_stop || left <= 0
          || poll (fds, intake->n + 1, (int) MIN (left, 1000 * HEARTBEAT_S)) != 0)
        break;
    }
  unwatch (intake);
}

static bool
turn (Intake *intake, GError **error)
{
  gint64 started = clock_now ();

  for (guint i = 0; i < intake->n && !worker_stop; i++)
    {
      worker_beat (intake->heartbeat);
      if (!look (intake, &intake->slots[i], error))
        return false;
    }
  return worker_stop || run_clock (intake, started, error);
}

bool
worker_intake (const char *config, int kick, int heartbeat, GError **error)
{
  g_autoptr (Office) office = office_run (config, true, error);

  if (office == NULL || !office_reload (office, clock_now (), error)
      || !engine_calendar (office, clock_now (), error))
    return false;
  Intake intake = {
    .office = office, .n = office->options->mailboxes->len, .kick = kick, .heartbeat = heartbeat
  };
  office->go_on = go_on;
  office->go_on_data = &intake;
  g_autofree Slot *slots = intake.slots = g_new0 (Slot, intake.n);
  for (guint i = 0; i < intake.n; i++)
    {
      slots[i].options = office->options->mailboxes->pdata[i];
      slots[i].mailbox = engine_mailbox (slots[i].options);
      slots[i].good_at = clock_now ();
    }
  bool good = true;
  while (good && !worker_stop)
    {
      good = turn (&intake, error);
      if (good && !worker_stop)
        wait_for_mail (&intake);
    }
  for (guint i = 0; i < intake.n; i++)
    mailbox_free (slots[i].mailbox);
  return good;
}
