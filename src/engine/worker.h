/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two loops of a running office: intake (mailboxes to cases) and delivery (outbox to SMTP).
 *
 * They are separate processes with separate credentials and share only the database, so that a slow
 * SMTP server never delays intake.  A byte in the kick pipe tells delivery that the outbox has
 * grown.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "engine/engine.h"

/* Set by signal handlers: stop after the message in hand; read the configuration again. */
extern volatile int worker_stop, worker_reload;

/* SIGTERM, SIGINT and SIGHUP set them; SIGPIPE is ignored, and SIGXFSZ: a file that may not grow is
 * a full disk, not the end. */
void worker_signals (void);

/* Readable as soon as a signal came, for poll(): a signal just before it is not slept over. */
int worker_wake_fd (void);

/* Run until worker_stop.  KICK is the pipe's end to write (intake) or read (delivery), HEARTBEAT
 * gets a byte a turn.  False with STORE or CONFIG errors only: everything else is logged and tried
 * again. */
bool worker_intake (const char *config, int kick, int heartbeat, GError **error);
bool worker_delivery (const char *config, int kick, int heartbeat, GError **error);

/* One pass of both in this process: every mailbox looked at, the clock, and if DELIVER every mail
 * due tried.  *GOOD: nothing failed. */
bool worker_once (Office *office, gint64 now, bool deliver, bool *good, GError **error);
