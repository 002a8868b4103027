/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Run COMMAND (words as a shell would split them, but no shell) and give the token it prints,
 * without white space around it.  CONFIG: there is no such command; TRANSIENT: it failed, said
 * nothing usable, or was not done after TIMEOUT_S, when it is killed with its children.  Free
 * with g_free(). */
char *mailbox_token (const char *command, guint timeout_s, GError **error);
