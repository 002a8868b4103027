/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a backup is worth, before anything of it is used.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "admin/admin-manifest.h"

/* Every file of the backup in DIR is there and has its hash, and the database in it is ours, sound,
 * and ends where MANIFEST says. INVALID with the name of each file that is not. */
bool restore_check_backup (const char *dir, const Manifest *manifest, GError **error);
/* Say so; the exit status. */
int restore_print_checked (const char *dir, const Manifest *manifest, bool json);
