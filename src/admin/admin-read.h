/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp read`: what the reader makes of a message.
 */
#pragma once

/* `qecp read [--json] FILE|-`: prints the facts and returns the exit status: 0, or 2 with one line on stderr
 * when the file cannot be read or the call is wrong.  Whatever the file holds, it is no error. */
int admin_read (int argc, char **argv);
