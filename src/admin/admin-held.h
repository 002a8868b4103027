/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp held release|refile`: a person's answer to the notice about a held message, written for
 * them.
 */
#pragma once

#include <stdbool.h>

#include "engine/office.h"

/* ARGUMENTS: "release MESSAGE" or "refile MESSAGE CATEGORY", ending with NULL; AS: whose answer it
 * is.  The exit status. */
int admin_held_answer (Office *office, char **arguments, const char *as, bool json);
