/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Marks: BEGIN, what kind it is, its pattern, each argument behind a PART, END.  Arguments may hold
 * such texts again.
 */
#include "base/words.h"

#include <string.h>

#define BEGIN '\x1e'
#define PART  '\x1f'
#define END   '\x1d'

enum { SENTENCE = 's', TERM = 't', MOMENT = 'm' };

/* --- making --------------------------------------------------------------------------------- */

static bool
is_mark (char c)
{
  return c == BEGIN || c == PART || c == END;
}

static bool
is_balanced (const char *text)
{
  int depth = 0;

  for (; *text != '\0'; text++)
    {
      if (*text == PART && depth == 0)
        return false;
      depth += *text == BEGIN ? 1 : *text == END ? -1 : 0;
      if (depth < 0)
        return false;
    }
  return depth == 0;
}

/* Only what was made here may hold marks. */
static void
append (GString *out, const char *text)
{
  bool sound = is_balanced (text);

  for (; *text != '\0'; text++)
    if (sound || !is_mark (*text))
      g_string_append_c (out, *text);
}

static GString *
begin (char kind, const char *text)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%c%c", BEGIN, kind);
  append (out, text);
  return out;
}

static void
add_part (GString *out, const char *text)
{
  g_string_append_c (out, PART);
  append (out, text != NULL ? text : "");
}

static char *
end (GString *out)
{
  g_string_append_c (out, END);
  return g_string_free (out, FALSE);
}

char *
words_say (const char *format, ...)
{
  GString *out = begin (SENTENCE, format);
  va_list args;

  va_start (args, format);
  for (const char *p = strchr (format, '%'); p != NULL; p = strchr (p + 2, '%'))
    if (p[1] == 's')
      add_part (out, va_arg (args, const char *));
    else if (p[1] == 'd')
      {
        g_autofree char *number = g_strdup_printf ("%d", va_arg (args, int));

        add_part (out, number);
      }
    else
      g_assert (p[1] == '%');
  va_end (args);
  return end (out);
}

char *
words_say_list (const char *format, const char *const *arguments)
{
  GString *out = begin (SENTENCE, format);

  for (; *arguments != NULL; arguments++)
    add_part (out, *arguments);
  return end (out);
}

char *
words_term (const char *text)
{
  return text != NULL ? end (begin (TERM, text)) : NULL;
}

char *
words_when (const char *english, char style, gint64 at)
{
  GString *out = begin (MOMENT, english);
  g_autofree char *when = g_strdup_printf ("%c%" G_GINT64_FORMAT, style, at);

  add_part (out, when);
  return end (out);
}

/* --- saying it again -------------------------------------------------------------------------- */

typedef struct {
  const Words *words;
  WordsWhen when;
  gpointer data;
} Reader;

static void say (const Reader *reader, const char *text, gsize n, GString *out);

/* Where the marked text that begins at P (behind its BEGIN) ends; its parts go to PARTS as begin
 * and length. */
typedef struct {
  const char *start;
  gsize n;
} Part;

static const char *
split (const char *p, const char *limit, GArray *parts)
{
  Part part = { p, 0 };
  int depth = 0;

  for (; p < limit && (depth > 0 || *p != END); p++)
    {
      depth += *p == BEGIN ? 1 : *p == END ? -1 : 0;
      if (depth > 0 || *p != PART)
        continue;
      part.n = p - part.start;
      g_array_append_val (parts, part);
      part.start = p + 1;
    }
  part.n = p - part.start;
  g_array_append_val (parts, part);
  return p;
}

static void
fill (const Reader *reader, const char *pattern, const GArray *parts, GString *out)
{
  guint next = 1;

  for (const char *p = pattern; *p != '\0'; p++)
    {
      gsize digits = *p == '%' ? strspn (p + 1, "0123456789") : 0;
      bool numbered = digits > 0 && p[1 + digits] == '$';
      guint place = numbered ? (guint) strtoul (p + 1, NULL, 10) : next;
      const char *kind = p + 1 + (numbered ? digits + 1 : 0);

      if (*p != '%' || (*kind != 's' && *kind != 'd'))
        {
          g_string_append_c (out, *p);
          p += *p == '%' && p[1] == '%';
          continue;
        }
      if (place < parts->len)
        {
          const Part *part = &g_array_index (parts, Part, place);

          say (reader, part->start, part->n, out);
        }
      next += !numbered;
      p = kind;
    }
}

static void
say_moment (const Reader *reader, const char *english, const GArray *parts, GString *out)
{
  const Part *when = parts->len == 2 ? &g_array_index (parts, Part, 1) : NULL;
  g_autofree char *told =
    reader->when != NULL && when != NULL && when->n > 1
      ? reader->when (when->start[0], g_ascii_strtoll (when->start + 1, NULL, 10), reader->data)
      : NULL;

  g_string_append (out, told != NULL ? told : english);
}

static void
say_marked (const Reader *reader, const GArray *parts, GString *out)
{
  const Part *first = &g_array_index (parts, Part, 0);
  g_autofree char *pattern = g_strndup (first->start + 1, first->n > 0 ? first->n - 1 : 0);
  const char *translated = words_find (reader->words, pattern);

  if (first->n > 0 && first->start[0] == MOMENT)
    say_moment (reader, pattern, parts, out);
  else if (first->n > 0 && first->start[0] == SENTENCE)
    fill (reader, translated != NULL ? translated : pattern, parts, out);
  else
    g_string_append (out, translated != NULL ? translated : pattern);
}

static void
say (const Reader *reader, const char *text, gsize n, GString *out)
{
  const char *limit = text + n;

  for (const char *p = text; p < limit; p++)
    {
      if (*p != BEGIN)
        {
          g_string_append_c (out, *p);
          continue;
        }
      g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (Part));

      p = split (p + 1, limit, parts);
      say_marked (reader, parts, out);
    }
}

char *
words_in (const Words *words, const char *text, WordsWhen when, gpointer data)
{
  const Reader reader = { words, when, data };
  GString *out;

  if (text == NULL || strchr (text, BEGIN) == NULL)
    return g_strdup (text);
  out = g_string_new (NULL);
  say (&reader, text, strlen (text), out);
  return g_string_free (out, FALSE);
}

char *
words_english (const char *text)
{
  return words_in (NULL, text, NULL, NULL);
}
