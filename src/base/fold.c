/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fold.h"

#include <stdbool.h>
#include <string.h>

#define IS_ASCII(c) ((guchar) (c) < 0x80)

/* Characters that fold to themselves and are common enough to be asked for: Latin-1 in small
 * letters and its marks, Cyrillic in small letters, scripts without case, punctuation,
 * pictographs. */
static bool
is_folded (gunichar c)
{
  return (c >= 0xe0 && c <= 0xff) || (c >= 0xa0 && c <= 0xbf && c != 0xb5)
         || (c >= 0x430 && c <= 0x45f) || (c >= 0x591 && c <= 0x109f)
         || (c >= 0x2000 && c <= 0x2125) || (c >= 0x2e80 && c <= 0xa63f)
         || (c >= 0xac00 && c <= 0xd7ff) || (c >= 0x1f300 && c <= 0x1faff);
}

static const char *
end_of_ascii (const char *text)
{
  while (*text != '\0' && IS_ASCII (*text))
    text++;
  return text;
}

static void
append_ascii (GString *out, const char *text, gsize n)
{
  gsize from = out->len;

  g_string_set_size (out, from + n);
  for (char *c = out->str + from; n > 0; c++, text++, n--)
    *c = (char) (*text >= 'A' && *text <= 'Z' ? *text | 0x20 : *text);
}

/* Of characters beyond ASCII. */
static const char *
end_of_folded (const char *text, bool folded)
{
  while (!IS_ASCII (*text) && is_folded (g_utf8_get_char (text)) == folded)
    text = g_utf8_next_char (text);
  return text;
}

char *
fold_case (const char *text)
{
  const char *ascii = end_of_ascii (text);

  if (*ascii == '\0')
    return g_ascii_strdown (text, ascii - text);
  GString *out = g_string_sized_new (strlen (text));

  while (*text != '\0')
    {
      const char *end = end_of_ascii (text);

      append_ascii (out, text, (gsize) (end - text));
      text = end;
      end = end_of_folded (text, true);
      g_string_append_len (out, text, end - text);
      text = end;
      end = end_of_folded (text, false);
      if (end > text)
        {
          g_autofree char *folded = g_utf8_casefold (text, end - text);

          g_string_append (out, folded);
        }
      text = end;
    }
  return g_string_free (out, FALSE);
}

/* One blank, however much stands between two words. */
static void
end_word (GString *words)
{
  if (words->str[words->len - 1] != ' ')
    g_string_append_c (words, ' ');
}

/* What an ASCII character is in a word; a blank where it is in none. */
static const char in_word[] =
  "                                "
  "                0123456789      "
  " abcdefghijklmnopqrstuvwxyz     "
  " abcdefghijklmnopqrstuvwxyz     ";

/* Each character becomes one at most, written in place. */
static void
add_ascii (GString *words, const char *text, gsize n)
{
  gsize from = words->len;

  g_string_set_size (words, from + n);
  char *out = words->str + from;
  for (gsize i = 0; i < n; i++)
    {
      char c = in_word[(guchar) text[i]];

      /* A blank after a blank is written over by what follows. */
      *out = c;
      out += c != ' ' || out[-1] != ' ';
    }
  g_string_truncate (words, (gsize) (out - words->str));
}

static void
add_folded (GString *words, const char *text, const char *end)
{
  for (const char *run = text; text < end; run = text = g_utf8_next_char (text))
    {
      while (text < end && g_unichar_isalnum (g_utf8_get_char (text)))
        text = g_utf8_next_char (text);
      g_string_append_len (words, run, text - run);
      if (text == end)
        break;
      end_word (words);
    }
}

/* The characters beyond ASCII that TEXT begins with; where they end. */
static const char *
add_others (GString *words, const char *text)
{
  const char *end = end_of_folded (text, true);

  add_folded (words, text, end);
  text = end;
  end = end_of_folded (text, false);
  if (end > text)
    {
      g_autofree char *folded = g_utf8_casefold (text, end - text);

      add_folded (words, folded, folded + strlen (folded));
    }
  return end;
}

char *
fold_words (const char *text)
{
  GString *words = g_string_sized_new (strlen (text) + 2);

  g_string_append_c (words, ' ');
  while (*text != '\0')
    {
      const char *end = end_of_ascii (text);

      add_ascii (words, text, (gsize) (end - text));
      text = add_others (words, end);
    }
  end_word (words);
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
