/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mistakes, and what to write instead.  A person who mistypes one letter is
 * told the word, anybody else is told all of them.
 */
#include "config/conf.h"

#include "base/error.h"
#include "base/near.h"

#define MAX_SHOWN 200 /* mistakes in one message */

void
conf_mistake (GPtrArray *mistakes, const char *file, int line, const char *format, ...)
{
  GString *text = g_string_new (file);
  va_list args;

  if (line > 0)
    g_string_append_printf (text, ":%d", line);
  g_string_append (text, ": ");
  va_start (args, format);
  g_string_append_vprintf (text, format, args);
  va_end (args);
  g_strdelimit (text->str, "\n", ' '); /* a mistake is one line, whatever it quotes */
  g_ptr_array_add (mistakes, g_string_free (text, FALSE));
}

bool
conf_no_mistakes (const GPtrArray *mistakes, GError **error)
{
  if (mistakes->len == 0)
    return true;

  GString *text = g_string_new (NULL);

  for (guint i = 0; i < mistakes->len && i < MAX_SHOWN; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (char *) mistakes->pdata[i]);
  if (mistakes->len > MAX_SHOWN)
    g_string_append_printf (text, "\nand %u more", mistakes->len - MAX_SHOWN);
  g_set_error_literal (error, QEC_ERROR, QEC_ERROR_CONFIG, text->str);
  g_string_free (text, TRUE);
  return false;
}

char *
conf_suggest (const char *word, const char *const *known)
{
  const char *nearest = near_word (word, known);

  if (nearest != NULL)
    return g_strdup_printf ("; did you mean '%s'?", nearest);
  if (known[0] == NULL)
    return g_strdup ("; there is nothing to name here yet");

  g_autofree char *all = g_strjoinv (", ", (char **) known);

  return g_strdup_printf ("; write one of: %s", all);
}
