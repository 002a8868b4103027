/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parameters of Content-Type and Content-Disposition: RFC 2231 (continuations, charsets), RFC 2047
 * where it does not belong, raw 8-bit text, and mixtures of all of them in one name.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

#define MAX_PIECES 100

typedef struct {
  char *value;      /* as it stands */
  bool encoded;     /* name*...*= : percent-encoded */
} Piece;

typedef struct {
  Piece pieces[MAX_PIECES];
  guint n;
  Piece whole, extended;   /* name= and name*= */
} Pieces;

static const char *
skip_space (const char *s)
{
  while (*s != '\0' && (g_ascii_isspace (*s)))
    s++;
  return s;
}

static const char *
read_quoted (const char *s, GString *value)
{
  for (s++; *s != '\0' && *s != '"'; s++)
    {
      /* Windows paths come with single backslashes: only a quote or a backslash is taken as
       * escaped. */
      if (*s == '\\' && (s[1] == '"' || s[1] == '\\'))
        s++;
      g_string_append_c (value, *s);
    }
  return *s == '"' ? s + 1 : s;
}

/* Unquoted values may hold spaces in the wild; the semicolon is what ends them. */
static const char *
read_value (const char *s, char **value)
{
  g_autoptr (GString) out = g_string_new (NULL);

  s = skip_space (s);
  if (*s == '"')
    {
      s = read_quoted (s, out);
      s += strcspn (s, ";");
    }
  else
    {
      const char *end = s + strcspn (s, ";");

      g_string_append_len (out, s, end - s);
      g_strchomp (out->str);
      s = end;
    }
  *value = g_strdup (out->str);
  return s;
}

static void
keep (Piece *piece, char *value, bool encoded)
{
  if (piece->value != NULL)
    g_free (value);
  else
    *piece = (Piece){ value, encoded };
}

static void
file_piece (Pieces *pieces, const char *suffix, gsize n, char *value)
{
  guint64 number;
  char *end = NULL;

  if (n == 0)
    {
      keep (&pieces->whole, value, false);
      return;
    }
  if (n == 1 && *suffix == '*')
    {
      keep (&pieces->extended, value, true);
      return;
    }
  number = g_ascii_isdigit (suffix[1]) ? g_ascii_strtoull (suffix + 1, &end, 10) : MAX_PIECES;
  if (*suffix != '*' || number >= MAX_PIECES)
    {
      g_free (value);
      return;
    }
  keep (&pieces->pieces[number], value, end < suffix + n && *end == '*');
  pieces->n = MAX (pieces->n, number + 1);
}

static void
collect (const char *raw, const char *name, Pieces *pieces)
{
  const char *s = raw + strcspn (raw, ";");
  gsize length = strlen (name);

  while (*s == ';')
    {
      const char *key, *end;

      s = skip_space (s + 1);
      key = s;
      s += strcspn (s, "=;");
      end = s;
      while (end > key && g_ascii_isspace (end[-1]))
        end--;
      if (*s != '=')
        continue;
      char *value;
      s = read_value (s + 1, &value);
      if ((gsize) (end - key) >= length && g_ascii_strncasecmp (key, name, length) == 0 &&
          (end - key == (gssize) length || key[length] == '*'))
        file_piece (pieces, key + length, (gsize) (end - key) - length, value);
      else
        g_free (value);
    }
}

static void
append_percent (GByteArray *out, const char *s)
{
  for (; *s != '\0'; s++)
    {
      guint8 c = (guint8) *s;

      if (c == '%' && g_ascii_isxdigit (s[1]) && g_ascii_isxdigit (s[2]))
        {
          c = (guint8) (g_ascii_xdigit_value (s[1]) * 16 + g_ascii_xdigit_value (s[2]));
          s += 2;
        }
      g_byte_array_append (out, &c, 1);
    }
}

/* "charset'language'rest": gives REST and the charset, or the whole when the quotes are missing. */
static const char *
split_charset (const char *value, char *charset, gsize size)
{
  const char *first = strchr (value, '\'');
  const char *second = first != NULL ? strchr (first + 1, '\'') : NULL;

  *charset = '\0';
  if (second == NULL || first - value >= (gssize) size)
    return value;
  memcpy (charset, value, (gsize) (first - value));
  charset[first - value] = '\0';
  return second + 1;
}

/* Percent-encoded pieces are joined as bytes before they are converted: characters are split over
 * pieces too. */
static char *
join_extended (const Piece *pieces, guint n, guint *flaws)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  char charset[48] = "";
  const char *used;
  bool damaged, any_encoded = false;
  g_autofree char *text = NULL;

  for (guint i = 0; i < n; i++)
    {
      const char *value = pieces[i].value;

      if (value == NULL)
        break;
      if (i == 0 && pieces[i].encoded)
        value = split_charset (value, charset, sizeof charset);
      any_encoded = any_encoded || pieces[i].encoded;
      if (pieces[i].encoded)
        append_percent (bytes, value);
      else
        g_byte_array_append (bytes, (const guint8 *) value, strlen (value));
    }
  text =
    charset_decode (*charset != '\0' ? charset : NULL, bytes->data, bytes->len, &used, &damaged);
  if (damaged)
    *flaws |= HEADER_BAD_WORD;
  /* Some senders continue an RFC 2047 word over RFC 2231 pieces. */
  if (strstr (text, "=?") != NULL)
    {
      guint inner;
      char *decoded = header_decode (text, &inner);

      *flaws |= HEADER_BAD_WORD | inner;
      return decoded;
    }
  if (!any_encoded && strcmp (used, "us-ascii") != 0)
    *flaws |= HEADER_RAW_8BIT;
  return g_steal_pointer (&text);
}

static char *
plain_value (const char *value, guint *flaws)
{
  guint inner;
  char *text = header_decode (value, &inner);

  *flaws |= inner;
  if (strstr (value, "=?") != NULL)
    *flaws |= HEADER_BAD_WORD;
  /* "Bericht%20final.pdf" without the asterisk: decoded only when nothing else can be meant. */
  if (strstr (text, "%20") != NULL && strchr (text, ' ') == NULL)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      append_percent (bytes, text);
      if (memchr (bytes->data, 0, bytes->len) == NULL &&
          g_utf8_validate ((const char *) bytes->data, bytes->len, NULL))
        {
          g_free (text);
          text = g_strndup ((const char *) bytes->data, bytes->len);
        }
    }
  return text;
}

char *
param_decode (const char *raw, const char *name, guint *flaws)
{
  g_autofree char *value = header_unfold (raw);
  Pieces pieces = { 0 };
  char *text = NULL;

  *flaws = HEADER_OK;
  collect (value, name, &pieces);
  if (pieces.extended.value != NULL)
    text = join_extended (&pieces.extended, 1, flaws);
  else if (pieces.n > 0 && pieces.pieces[0].value != NULL)
    text = join_extended (pieces.pieces, pieces.n, flaws);
  else if (pieces.whole.value != NULL)
    text = plain_value (pieces.whole.value, flaws);
  g_free (pieces.whole.value);
  g_free (pieces.extended.value);
  for (guint i = 0; i < pieces.n; i++)
    g_free (pieces.pieces[i].value);
  return text;
}
