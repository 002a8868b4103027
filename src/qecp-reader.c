/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The process that reads mail: started by qecpd and qecp with a socket, of no use to anybody else.
 *
 * It is apart so that it maps only what reading needs.
 */
#include "config.h"

#include "message/reader-private.h"

int
main (void)
{
  reader_main ();
}
