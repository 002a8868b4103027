/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verb `qecp read` as a program of its own, for tests of the reader.
 */
#include "admin/admin-read.h"

int
main (int argc, char **argv)
{
  return admin_read (argc, argv);
}
