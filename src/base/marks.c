/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/marks.h"

#include <string.h>

static guint
pair (const char *text)
{
  return (guint) (guchar) text[0] << 5 ^ (guchar) text[1];
}

void
marks_of_pairs (Marks *marks, const char *text)
{
  memset (marks, 0, sizeof *marks);
  for (; text[0] != '\0' && text[1] != '\0'; text++)
    marks_set (marks, pair (text));
}

bool
marks_may_hold (const Marks *marks, const char *phrase)
{
  for (; phrase[0] != '\0' && phrase[1] != '\0'; phrase++)
    if (!marks_has (marks, pair (phrase)))
      return false;
  return true;
}
