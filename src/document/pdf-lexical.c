/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words and numbers of a PDF file (ISO 32000-2, 7.2), and where one object ends by them alone: so
 * that it can be told whether what one viewer reads up to here another one reads further.
 */
#include <string.h>

#include "document/pdf-private.h"

typedef struct {
  const guint8 *bytes;
  gsize at, to;
  guint depth;        /* of what is open */
  guint64 numbers[2]; /* the last words, as far as they are nothing but digits */
  guint n_numbers;
  GArray *references; /* guint64: ids of what is referred to */
} Words;

static bool
is_delimiter (guint8 c)
{
  return c != '\0' && strchr ("()<>[]{}/%", c) != NULL;
}

/* --- words and numbers ------------------------------------------------------------------------ */

bool
pdf_is_space (guint8 c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\0';
}

void
pdf_pass_space (const guint8 *bytes, gsize *at, gsize to)
{
  while (*at < to && pdf_is_space (bytes[*at]))
    ++*at;
}

void
pdf_pass_comments (const guint8 *bytes, gsize *at, gsize to)
{
  for (pdf_pass_space (bytes, at, to); *at < to && bytes[*at] == '%';
       pdf_pass_space (bytes, at, to))
    while (*at < to && bytes[*at] != '\r' && bytes[*at] != '\n')
      ++*at;
}

bool
pdf_pass_number (const guint8 *bytes, gsize *at, gsize to, guint64 *number)
{
  enum { DIGITS = 10 };
  gsize from;

  pdf_pass_space (bytes, at, to);
  from = *at;
  for (*number = 0; *at < to && *at - from < DIGITS && g_ascii_isdigit (bytes[*at]); ++*at)
    *number = *number * 10 + (guint64) (bytes[*at] - '0');
  return *at > from;
}

bool
pdf_pass_word (const guint8 *bytes, gsize *at, gsize to, const char *word)
{
  gsize n = strlen (word);

  pdf_pass_space (bytes, at, to);
  if (to - *at < n || memcmp (bytes + *at, word, n) != 0)
    return false;
  *at += n;
  return true;
}

bool
pdf_pass_header (const guint8 *bytes, gsize *at, gsize to, guint64 *number, guint64 *generation)
{
  return pdf_pass_number (bytes, at, to, number) && pdf_pass_number (bytes, at, to, generation)
         && pdf_pass_word (bytes, at, to, "obj");
}

/* --- one object ------------------------------------------------------------------------------- */

static void
skip (Words *w)
{
  pdf_pass_comments (w->bytes, &w->at, w->to);
}

static bool
pass_string (Words *w)
{
  guint open = 0;

  for (; w->at < w->to; w->at++)
    {
      guint8 c = w->bytes[w->at];

      if (c == '\\')
        w->at++;
      else if (c == '(')
        open++;
      else if (c == ')' && --open == 0)
        return w->at++, true;
    }
  return false;
}

static bool
pass_hexadecimal (Words *w)
{
  for (w->at++; w->at < w->to; w->at++)
    if (w->bytes[w->at] == '>')
      return w->at++, true;
    else if (!g_ascii_isxdigit (w->bytes[w->at]) && !pdf_is_space (w->bytes[w->at]))
      return false;
  return false;
}

/* A name, a number or a word.  Octets that some take for space, and others for a letter, are in
 * none. */
static bool
pass_regular (Words *w)
{
  gsize from = w->at;

  if (w->bytes[w->at] == '/')
    w->at++;
  for (; w->at < w->to; w->at++)
    {
      guint8 c = w->bytes[w->at];

      if (pdf_is_space (c) || is_delimiter (c))
        break;
      if (c < ' ' || c == 0x7f)
        return false;
    }
  return w->at > from;
}

static bool
is_at (const Words *w, const char *what)
{
  gsize n = strlen (what);

  return w->to - w->at >= n && memcmp (w->bytes + w->at, what, n) == 0;
}

static bool
pass_token (Words *w)
{
  guint8 c = w->bytes[w->at];

  if (is_at (w, "<<") || c == '[')
    {
      w->at += c == '[' ? 1 : 2;
      return ++w->depth <= 2 * PDF_MAX_DEPTH;
    }
  if (is_at (w, ">>") || c == ']')
    {
      w->at += c == ']' ? 1 : 2;
      return w->depth > 0 && (--w->depth, true);
    }
  if (c == '(')
    return pass_string (w);
  if (c == '<')
    return pass_hexadecimal (w);
  return (c == '/' || !is_delimiter (c)) && pass_regular (w);
}

/* The word R; before it stand the numbers of an object.  Of others (-1 0 R) some viewers make null,
 * and some end the array there. */
static bool
take_reference (Words *w)
{
  guint64 id = w->numbers[0] << 16 | w->numbers[1];
  bool is_one = w->n_numbers == 2 && w->numbers[0] > 0 && w->numbers[0] <= G_MAXINT32
                && w->numbers[1] <= G_MAXUINT16;

  w->n_numbers = 0;
  if (is_one)
    g_array_append_val (w->references, id);
  return is_one;
}

static void
take_number (Words *w, gsize from)
{
  guint64 number;

  if (!pdf_pass_number (w->bytes, &from, w->at, &number) || from != w->at)
    {
      w->n_numbers = 0;
      return;
    }
  if (w->n_numbers == 2)
    w->numbers[0] = w->numbers[1];
  w->numbers[MIN (w->n_numbers, 1)] = number;
  w->n_numbers = MIN (w->n_numbers + 1, 2);
}

/* One token, behind space and comments. */
static bool
pass_next (Words *w, gsize *from)
{
  skip (w);
  *from = w->at;
  if (w->at >= w->to || !pass_token (w))
    return false;
  if (w->at - *from == 1 && w->bytes[*from] == 'R')
    return take_reference (w);
  take_number (w, *from);
  return true;
}

/* "12 0 R" is one value. */
static void
pass_reference (Words *w)
{
  Words ahead = *w;
  gsize from;

  if (w->n_numbers == 1 && pass_next (&ahead, &from) && ahead.n_numbers == 2
      && pass_next (&ahead, &from) && ahead.bytes[from] == 'R')
    *w = ahead;
}

bool
pdf_pass_object (const guint8 *bytes, gsize *at, gsize to, GArray *references)
{
  Words w = { .bytes = bytes, .at = *at, .to = to, .references = references };
  gsize from;

  do
    if (!pass_next (&w, &from))
      return false;
  while (w.depth > 0);
  pass_reference (&w);
  skip (&w);
  *at = w.at;
  return true;
}

/* Some viewers take "/Prev 12 0 R" for 12, others for what that object is; and names of a trailer
 * are looked for as they are written. */
bool
pdf_pass_trailer (const guint8 *bytes, gsize *at, gsize to, GArray *references, guint64 *previous)
{
  static const char key[] = "/Prev";
  Words w = { .bytes = bytes, .at = *at, .to = to, .references = references };
  enum { BEFORE, AT_NUMBER, BEHIND } place = BEFORE;
  gsize from;

  *previous = 0;
  do
    {
      if (!pass_next (&w, &from) || (w.depth == 0 && bytes[from] != '>'))
        return false;
      if (bytes[from] == '/' && memchr (bytes + from, '#', w.at - from) != NULL)
        return false;
      if ((place == AT_NUMBER && (w.n_numbers != 1 || w.numbers[0] == 0))
          || (place == BEHIND && w.n_numbers != 0))
        return false;
      if (place == AT_NUMBER)
        *previous = w.numbers[0];
      place = place == AT_NUMBER ? BEHIND
              : w.depth == 1 && w.at - from == sizeof key - 1
                  && memcmp (bytes + from, key, sizeof key - 1) == 0
                ? AT_NUMBER
                : BEFORE;
    }
  while (w.depth > 0);
  skip (&w);
  *at = w.at;
  return true;
}
