/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes as a file, for whoever reads from a descriptor.
 */
#pragma once

#include <glib.h>

/* A descriptor of a file in memory that holds BYTES, at its beginning, to be closed by the caller;
 * -1 with errno. */
int memory_file (GBytes *bytes);
