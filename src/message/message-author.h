/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who a signed message says it is from, in a header that every reader reads the same way.
 */
#pragma once

/* Why not all readers show the one mailbox of VALUE, an unfolded From or Sender; static, or
 * NULL. */
const char *author_problem (const char *value);
