/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages that wait together, taken in with one commit.
 *
 * A commit costs more than what it commits: the disk is waited for, and the same pages of the
 * database are written again and again.  So messages are read one by one as they come, and then all
 * are acted on in one transaction; the archive is waited for once, too.  Within it each is undone
 * or kept alone.  Nothing waits for a group to fill: its owner commits when no other message is at
 * hand.
 */
#pragma once

#include "engine/engine.h"

typedef struct Group Group;

Group *group_new (Office *office, gint64 now);
void group_free (Group *group); /* what was not committed is still in its mailbox */

/* Read the message now; act on it with group_commit(). */
bool group_add (Group *group, const EngineArrival *arrival, GError **error);
/* Whether it is time to commit: enough messages, enough memory, or the first one has waited long
 * enough. */
bool group_is_full (const Group *group);

/* Called for each message once it is durable, in the order they came. */
typedef void (*GroupTaken) (gpointer data, const EngineArrival *arrival, const EngineTaken *taken);

/* Act on all in one transaction, each after the timers that were due before it, and begin anew.  On
 * an error what came before the message that met it is committed all the same; the rest is
 * forgotten, and still in its mailbox. */
bool group_commit (Group *group, GroupTaken done, gpointer data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Group, group_free)
