/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pairs.h"

#include <string.h>

/* 0 to 4095. */
static guint
number (const char *pair)
{
  return (((guint) (guchar) pair[0] << 5) ^ (guchar) pair[1]) & 4095;
}

void
pairs_of (Pairs *pairs, const char *text)
{
  memset (pairs, 0, sizeof *pairs);
  for (; text[0] != '\0' && text[1] != '\0'; text++)
    pairs->bits[number (text) / 64] |= G_GUINT64_CONSTANT (1) << number (text) % 64;
}

bool
pairs_may_hold (const Pairs *pairs, const char *phrase)
{
  for (; phrase[0] != '\0' && phrase[1] != '\0'; phrase++)
    if ((pairs->bits[number (phrase) / 64] >> number (phrase) % 64 & 1) == 0)
      return false;
  return true;
}
