/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fold.h"

#include <string.h>

#define IS_ASCII(c) ((guchar) (c) < 0x80)

static void
append_ascii (GString *out, const char *text, gsize n)
{
  gsize from = out->len;

  g_string_append_len (out, text, (gssize) n);
  for (char *c = out->str + from; n > 0; c++, n--)
    *c = (char) (*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
}

char *
fold_case (const char *text)
{
  GString *out = g_string_sized_new (strlen (text));

  while (*text != '\0')
    {
      const char *end = text;

      while (*end != '\0' && IS_ASCII (*end))
        end++;
      append_ascii (out, text, (gsize) (end - text));
      text = end;
      while (*end != '\0' && !IS_ASCII (*end))
        end++;
      if (end > text)
        {
          g_autofree char *folded = g_utf8_casefold (text, end - text);

          g_string_append (out, folded);
        }
      text = end;
    }
  return g_string_free (out, FALSE);
}

char *
fold_words (const char *text)
{
  g_autofree char *folded = fold_case (text);
  GString *words = g_string_sized_new (strlen (folded) + 2);

  g_string_append_c (words, ' ');
  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    if (IS_ASCII (*p) ? g_ascii_isalnum (*p) : g_unichar_isalnum (g_utf8_get_char (p)))
      g_string_append_len (words, p, g_utf8_next_char (p) - p);
    else if (words->str[words->len - 1] != ' ')
      g_string_append_c (words, ' ');
  if (words->str[words->len - 1] != ' ')
    g_string_append_c (words, ' ');
  return g_string_free (words, FALSE);
}

char *
fold_first_word (const char *text, gsize n)
{
  const char *end = text;

  while (end < text + n && *end != '\0'
         && (IS_ASCII (*end) ? g_ascii_isalnum (*end) : g_unichar_isalnum (g_utf8_get_char (end))))
    end = g_utf8_next_char (end);
  g_autofree char *word = g_strndup (text, (gsize) (end - text));
  return fold_case (word);
}
