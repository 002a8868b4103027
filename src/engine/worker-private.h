/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the two loops share.
 */
#pragma once

#include "engine/worker.h"

const char *worker_error_name (const GError *error);
/* Only the database not being trustworthy ends a worker. */
bool worker_is_fatal (const GError *error);
/* Tells the supervisor at HEARTBEAT (-1: there is none) that this worker lives; oftener than once a
 * second would only wake it.  Without a supervisor the worker ends. */
void worker_beat (int heartbeat);
void worker_log_error (const char *event, const char *what, const GError *error);
