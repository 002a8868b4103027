/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp read` and `qecp verify`: what can be said of one file without an office.
 */
#pragma once

/* `qecp read [--json] FILE|-`: prints the facts and returns the exit status: 0, or 2 with one line
 * on stderr when the file cannot be read or the call is wrong.  Whatever the file holds, it is no
 * error. */
int admin_read (int argc, char **argv);

/* `qecp verify`: prints the verdict and returns the exit status: 0 valid, 1 any other verdict, 2
 * the call or a file is wrong, 3 something failed. */
int admin_verify (int argc, char **argv);

/* FILE ("-": standard input) as something the reader can move in; -1 with errno. */
int admin_open_message (const char *file);
