/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "message/message-private.h"

void
quote_split (const char *text, char **new_text, char **quoted_text)
{
  *new_text = g_strdup (text);
  *quoted_text = g_strdup ("");
}
