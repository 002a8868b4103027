/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mails that are attached, read as the mails they are.
 */
#pragma once

#include "engine/engine.h"

/* The mail in BYTES. */
Message *engine_read_bytes (Office *office, GBytes *bytes, GError **error);
/* Mails that are parts of M, which is in FD, get their facts (MessagePart.mail) where they can be
 * read.  False: try again later. */
bool engine_read_attached (Office *office, Message *m, int fd, GError **error);
