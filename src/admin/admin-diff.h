/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp program diff`: what changes from one definition to another, and for which open cases of an
 * office.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "program/program.h"

/* BEFORE NULL: the definition in force in the office of CONFIG.  CONFIG NULL: no office, so no
 * cases are looked at.  The exit status: 0 when they are the same, 1 when they differ, 2 or 3 with
 * ERROR. */
int admin_diff (const Program *before, const Program *after, const char *config, bool json,
                GError **error);
