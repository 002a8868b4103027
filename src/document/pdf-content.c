/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of content streams and CMaps as tokens.
 *
 * qpdf has one, too, but not for C; and what stands here must not stop at the first mistake, as no
 * viewer does.
 */
#include <string.h>

#include "document/pdf-content.h"

void
pdf_lexer_init (PdfLexer *lexer, const guint8 *bytes, gsize n)
{
  *lexer = (PdfLexer){ bytes, n > 0 ? bytes + n : bytes, g_string_new (NULL) };
}

void
pdf_lexer_clear (PdfLexer *lexer)
{
  g_string_free (lexer->buffer, TRUE);
}

static bool
is_space (guint8 c)
{
  return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v') || c == '\0';
}

static bool
is_delimiter (guint8 c)
{
  return strchr ("()<>[]{}/%", c) != NULL && c != '\0';
}

static void
skip_space (PdfLexer *l)
{
  while (l->at < l->end && (is_space (*l->at) || *l->at == '%'))
    {
      if (*l->at == '%')
        while (l->at < l->end && *l->at != '\n' && *l->at != '\r')
          l->at++;
      else
        l->at++;
    }
}

static PdfToken
token_of (const PdfLexer *l, PdfTokenKind kind)
{
  return (PdfToken){ .kind = kind, .bytes = l->buffer->str, .n = l->buffer->len };
}

/* Behind a backslash. */
static void
read_escape (PdfLexer *l)
{
  static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
  guint8 c = *l->at++;
  const char *known = c != '\0' ? strchr (from, c) : NULL;
  guint octal = 0, digits = 0;

  if (known != NULL)
    g_string_append_c (l->buffer, to[known - from]);
  else if (c == '\r' || c == '\n')
    l->at += c == '\r' && l->at < l->end && *l->at == '\n';
  else if (c < '0' || c > '7')
    g_string_append_c (l->buffer, (char) c);
  else
    {
      for (l->at--; l->at < l->end && digits < 3 && *l->at >= '0' && *l->at <= '7'; digits++)
        octal = octal * 8 + (guint) (*l->at++ - '0');
      g_string_append_c (l->buffer, (char) octal);
    }
}

static PdfToken
read_string (PdfLexer *l)
{
  guint depth = 1;

  for (l->at++; l->at < l->end;)
    {
      guint8 c = *l->at++;

      if (c == '\\' && l->at < l->end)
        {
          read_escape (l);
          continue;
        }
      depth += c == '(';
      depth -= c == ')';
      if (depth == 0)
        break;
      g_string_append_c (l->buffer, (char) c);
    }
  return token_of (l, PDF_STRING);
}

static PdfToken
read_hex (PdfLexer *l)
{
  int high = -1;

  for (l->at++; l->at < l->end;)
    {
      guint8 c = *l->at++;

      if (c == '>')
        break;
      int digit = g_ascii_xdigit_value ((char) c);
      if (digit < 0)
        continue;
      if (high >= 0)
        g_string_append_c (l->buffer, (char) (high * 16 + digit));
      high = high >= 0 ? -1 : digit;
    }
  if (high >= 0)
    g_string_append_c (l->buffer, (char) (high * 16));
  return token_of (l, PDF_STRING);
}

static PdfToken
read_name (PdfLexer *l)
{
  for (l->at++; l->at < l->end && !is_space (*l->at) && !is_delimiter (*l->at); l->at++)
    {
      int high = *l->at == '#' && l->end - l->at > 2 ? g_ascii_xdigit_value ((char) l->at[1]) : -1;
      int low = high >= 0 ? g_ascii_xdigit_value ((char) l->at[2]) : -1;

      g_string_append_c (l->buffer, low >= 0 ? (char) (high * 16 + low) : (char) *l->at);
      l->at += low >= 0 ? 2 : 0;
    }
  return token_of (l, PDF_NAME);
}

/* "12", "-.5", "+3."; what is none is a word. */
static bool
is_number (const char *text, double *number)
{
  const char *p = text + (*text == '-' || *text == '+');
  bool digits = false, point = false;

  for (; *p != '\0'; p++)
    {
      if (*p == '.' && !point)
        point = true;
      else if (g_ascii_isdigit (*p))
        digits = true;
      else
        return false;
    }
  *number = digits ? g_ascii_strtod (text, NULL) : 0;
  return digits;
}

static PdfToken
read_word (PdfLexer *l)
{
  while (l->at < l->end && !is_space (*l->at) && !is_delimiter (*l->at))
    g_string_append_c (l->buffer, (char) *l->at++);
  PdfToken token = token_of (l, PDF_WORD);

  if (is_number (l->buffer->str, &token.number))
    token.kind = PDF_NUMBER;
  return token;
}

PdfToken
pdf_lexer_next (PdfLexer *l)
{
  g_string_truncate (l->buffer, 0);
  skip_space (l);
  if (l->at >= l->end)
    return token_of (l, PDF_END);
  guint8 c = *l->at;

  if (c == '(')
    return read_string (l);
  if (c == '<' && (l->end - l->at < 2 || l->at[1] != '<'))
    return read_hex (l);
  if (c == '/')
    return read_name (l);
  if (!is_delimiter (c))
    return read_word (l);
  gsize n = c == '<' || (c == '>' && l->end - l->at > 1 && l->at[1] == '>') ? 2 : 1;

  g_string_append_len (l->buffer, (const char *) l->at, (gssize) n);
  l->at += n;
  return token_of (l, c == '[' ? PDF_ARRAY : c == ']' ? PDF_ARRAY_END : PDF_OTHER);
}

void
pdf_lexer_skip_image (PdfLexer *l)
{
  for (; l->end - l->at > 2; l->at++)
    if (is_space (l->at[0]) && l->at[1] == 'E' && l->at[2] == 'I'
        && (l->end - l->at == 3 || is_space (l->at[3])))
      {
        l->at += 3;
        return;
      }
  l->at = l->end;
}
