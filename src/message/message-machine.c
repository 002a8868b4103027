/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "message/message-private.h"

void
machine_facts (Parse *parse)
{
}
