/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Message identifiers: what a thread hangs on, taken from headers however they are written.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

void
message_ids_add (GPtrArray *ids, const char *s, gsize n)
{
  g_autofree char *valid = g_strndup (s, n);
  g_autofree char *clean = clean_line (valid, -1);
  g_autoptr (GString) id = g_string_new (NULL);

  for (const char *c = clean; *c != '\0'; c++)
    if (*c != ' ' && *c != '<' && *c != '>')
      g_string_append_c (id, *c);
  if (id->len == 0 || id->len > 998)
    return;
  for (guint i = 0; i < ids->len; i++)
    if (strcmp (g_ptr_array_index (ids, i), id->str) == 0)
      return;
  /* The first names the thread, the last the message answered: of too many, the middle goes. */
  if (ids->len >= MAX_IDS)
    g_ptr_array_remove_index (ids, 1);
  g_ptr_array_add (ids, g_strdup (id->str));
}

/* "<...>" forms; without any, words that hold an "@". */
void
message_ids_scan (const char *raw, GPtrArray *ids)
{
  g_autofree char *value = header_unfold (raw);
  const char *s = value;
  bool found = false;

  while ((s = strchr (s, '<')) != NULL)
    {
      const char *end = strpbrk (s + 1, "<>");

      if (end == NULL || *end == '<')
        {
          if (end == NULL)
            break;
          s = end;
          continue;
        }
      message_ids_add (ids, s + 1, (gsize) (end - s - 1));
      found = true;
      s = end + 1;
    }
  if (found)
    return;
  g_auto (GStrv) words = g_strsplit_set (value, " \t,;<>\"", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (strchr (words[i], '@') != NULL)
      message_ids_add (ids, words[i], strlen (words[i]));
}
