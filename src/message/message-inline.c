/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text with an OpenPGP signature around it (RFC 9580, 7).
 *
 * gpg looks for a signature anywhere in what it is given, and skips what it does not know.  So a
 * text counts as signed only when each of its lines is known for what it is: no line of words is
 * outside of what was signed, in the frame, or among the letters of the signature.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static const char begin_words[] = "-----BEGIN PGP SIGNED MESSAGE-----",
                  begin_signature[] = "-----BEGIN PGP SIGNATURE-----",
                  end_signature[] = "-----END PGP SIGNATURE-----";

typedef struct {
  const char *at, *end;    /* of what is left */
  const char *line;        /* the line that was read last, */
  gsize n;                 /* without its end and blanks before it */
} Lines;

static bool
next (Lines *l)
{
  const char *end;

  if (l->at == l->end)
    return false;
  end = memchr (l->at, '\n', (gsize) (l->end - l->at));
  l->line = l->at;
  l->n = (gsize) ((end != NULL ? end : l->end) - l->at);
  l->at = end != NULL ? end + 1 : l->end;
  while (l->n > 0 && strchr (" \t\r", l->line[l->n - 1]) != NULL && l->line[l->n - 1] != '\0')
    l->n--;
  return true;
}

static bool
is (const Lines *l, const char *what)
{
  return l->n == strlen (what) && memcmp (l->line, what, l->n) == 0;
}

static bool
begins (const Lines *l, const char *what)
{
  return l->n >= strlen (what) && memcmp (l->line, what, strlen (what)) == 0;
}

static bool
is_of (const char *text, gsize n, const char *letters)
{
  for (gsize i = 0; i < n; i++)
    if (text[i] == '\0' || strchr (letters, text[i]) == NULL)
      return false;
  return true;
}

/* The names of hashes, up to an empty line. */
static bool
pass_hashes (Lines *l)
{
  while (next (l))
    if (l->n == 0)
      return true;
    else if (!begins (l, "Hash: ") || !is_of (l->line + 6, l->n - 6, LETTERS "-, "))
      return false;
  return false;
}

/* What programs say of themselves above a signature, up to an empty line. */
static bool
pass_remarks (Lines *l)
{
  static const char *const known[] = { "Version: ", "Comment: ", "Hash: ", "Charset: ",
                                       "MessageID: " };

  while (next (l))
    {
      bool is_known = is (l, "Comment:") || is (l, "Version:");

      if (l->n == 0)
        return true;
      for (guint i = 0; i < G_N_ELEMENTS (known); i++)
        is_known |= begins (l, known[i]);
      if (!is_known)
        return false;
    }
  return false;
}

/* The letters of the signature, a checksum that may stand below them, and the end. */
static bool
pass_signature (Lines *l)
{
  bool ended = false;

  while (next (l))
    {
      if (is (l, end_signature))
        return true;
      if (l->n > 0 && (ended || !is_of (l->line, l->n, LETTERS "+/=")))
        return false;
      ended |= l->n > 0 && l->line[0] == '=';
    }
  return false;
}

bool
inline_read (const char *text, gsize n, InlineSigned *s)
{
  Lines l = { text, text + n, NULL, 0 };

  while (next (&l) && l.n == 0)
    ;
  if (l.line == NULL || !is (&l, begin_words))
    return false;
  s->frame = l.line;
  if (!pass_hashes (&l))
    return false;
  s->words = l.at;
  /* What begins like a line of a frame stands behind "- " when it was signed. */
  while (next (&l) && !begins (&l, "-----"))
    ;
  s->n_words = (gsize) (l.line - s->words);
  if (!is (&l, begin_signature) || !pass_remarks (&l) || !pass_signature (&l))
    return false;
  s->n_frame = (gsize) (l.line + l.n - s->frame);
  while (next (&l))
    if (l.n > 0)
      return false;
  return true;
}

/* What was signed around a mail fits as words, too: its frame, the files in it, and lines that only
 * its encoding broke would be lines of the signer's. */
bool
inline_is_part (const InlineSigned *s)
{
  static const char field[] = "content-";
  Lines l = { s->words, s->words + s->n_words, NULL, 0 };

  while (next (&l) && l.n > 0)
    if (l.n >= strlen (field) && g_ascii_strncasecmp (l.line, field, strlen (field)) == 0
        && memchr (l.line, ':', l.n) != NULL)
      return true;
  return false;
}

char *
inline_words (const char *text)
{
  InlineSigned s;

  if (!inline_read (text, strlen (text), &s))
    return NULL;
  GString *words = g_string_sized_new (s.n_words);
  Lines l = { s.words, s.words + s.n_words, NULL, 0 };
  while (next (&l))
    {
      gsize escape = begins (&l, "- ") || is (&l, "-") ? 2 : 0;

      g_string_append_len (words, l.line + MIN (escape, l.n), (gssize) (l.n - MIN (escape, l.n)));
      g_string_append_c (words, '\n');
    }
  return g_string_free (words, FALSE);
}
