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
  while (w->at < w->to && (pdf_is_space (w->bytes[w->at]) || w->bytes[w->at] == '%'))
    if (w->bytes[w->at] == '%')
      while (w->at < w->to && w->bytes[w->at] != '\r' && w->bytes[w->at] != '\n')
        w->at++;
    else
      w->at++;
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

/* One token; *DEPTH counts what is open. */
static bool
pass_token (Words *w, guint *depth)
{
  guint8 c = w->bytes[w->at];

  if (is_at (w, "<<") || c == '[')
    {
      w->at += c == '[' ? 1 : 2;
      return ++*depth <= 2 * PDF_MAX_DEPTH;
    }
  if (is_at (w, ">>") || c == ']')
    {
      w->at += c == ']' ? 1 : 2;
      return *depth > 0 && (--*depth, true);
    }
  if (c == '(')
    return pass_string (w);
  if (c == '<')
    return pass_hexadecimal (w);
  return (c == '/' || !is_delimiter (c)) && pass_regular (w);
}

/* "12 0 R" is one value. */
static void
pass_reference (Words *w, gsize from)
{
  Words ahead = *w;
  guint nothing = 0;

  if (!g_ascii_isdigit (w->bytes[from]))
    return;
  skip (&ahead);
  if (ahead.at >= ahead.to || !g_ascii_isdigit (ahead.bytes[ahead.at])
      || !pass_token (&ahead, &nothing))
    return;
  skip (&ahead);
  if (is_at (&ahead, "R"))
    w->at = ahead.at + 1;
}

bool
pdf_pass_object (const guint8 *bytes, gsize *at, gsize to)
{
  Words w = { bytes, *at, to };
  guint depth = 0;
  gsize from;

  do
    {
      skip (&w);
      from = w.at;
      if (w.at >= w.to || !pass_token (&w, &depth))
        return false;
    }
  while (depth > 0);
  pass_reference (&w, from);
  skip (&w);
  *at = w.at;
  return true;
}
