/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Encoded words in headers: RFC 2047 in all its broken forms, and text that should have been
 * encoded.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

typedef struct {
  char charset[48];
  GByteArray *bytes;
  const char *end;    /* behind "?=" */
  bool bad;
} EncodedWord;

static int
hex_digit (char c)
{
  return g_ascii_xdigit_value (c);
}

static void
decode_q (const char *s, const char *end, GByteArray *out, bool *bad)
{
  for (; s < end; s++)
    {
      guint8 c = (guint8) *s;

      if (c == '_')
        c = ' ';
      else if (c == '=' && end - s >= 3 && hex_digit (s[1]) >= 0 && hex_digit (s[2]) >= 0)
        {
          c = (guint8) (hex_digit (s[1]) * 16 + hex_digit (s[2]));
          s += 2;
        }
      else if (c == '=')
        *bad = true;
      g_byte_array_append (out, &c, 1);
    }
}

static void
decode_b (const char *s, const char *end, GByteArray *out, bool *bad)
{
  gsize n = (gsize) (end - s);
  gint state = 0;
  guint save = 0;
  g_autofree guint8 *buffer = g_malloc (n / 4 * 3 + 6);
  gsize got = g_base64_decode_step (s, n, buffer, &state, &save);

  if (state != 0)
    {
      /* Missing padding: it is still clear what was meant. */
      got +=
        g_base64_decode_step ("===", (gsize) (4 - ABS (state)) & 3, buffer + got, &state, &save);
      *bad = true;
    }
  g_byte_array_append (out, buffer, got);
}

/* Where the text of an encoded word ends: at "?=", but a Q text may hold an unencoded "?" before
 * "=21". */
static const char *
word_end (const char *text, char encoding)
{
  const char *end = strstr (text, "?=");

  while (end != NULL && encoding == 'Q' && hex_digit (end[2]) >= 0 && hex_digit (end[3]) >= 0)
    {
      const char *next = strstr (end + 2, "?=");

      if (next == NULL || strcspn (end, " \t") < (gsize) (next - end))
        break;
      end = next;
    }
  return end;
}

/* One encoded word at S ("=?charset?x?text?="): false when it is none. */
static bool
encoded_word (const char *s, EncodedWord *word)
{
  const char *charset = s + 2;
  const char *mark = strchr (charset, '?');
  const char *text, *end;
  char encoding;
  gsize n;

  if (mark == NULL || mark == charset || mark - charset >= (gssize) sizeof word->charset)
    return false;
  n = (gsize) (mark - charset);
  if (strcspn (charset, " \t\"<>@") < n)
    return false;
  memcpy (word->charset, charset, n);
  word->charset[n] = '\0';
  if (strchr (word->charset, '*') != NULL) /* RFC 2231 language */
    *strchr (word->charset, '*') = '\0';
  encoding = g_ascii_toupper (mark[1]);
  if ((encoding != 'Q' && encoding != 'B') || mark[2] != '?')
    return false;
  text = mark + 3;
  end = word_end (text, encoding);
  if (end == NULL)
    return false;
  word->bad = false;
  word->bytes = g_byte_array_new ();
  if (encoding == 'Q')
    decode_q (text, end, word->bytes, &word->bad);
  else
    decode_b (text, end, word->bytes, &word->bad);
  word->end = end + 2;
  return true;
}

static void
flush_words (GString *out, GByteArray *bytes, const char *charset, guint *flaws)
{
  const char *used;
  bool damaged;
  g_autofree char *text = NULL;

  if (bytes->len == 0)
    return;
  text = charset_decode (charset, bytes->data, bytes->len, &used, &damaged);
  if (damaged)
    *flaws |= HEADER_BAD_WORD;
  g_string_append (out, text);
  g_byte_array_set_size (bytes, 0);
}

static void
flush_raw (GString *out, const char *s, const char *end, guint *flaws)
{
  const char *used;
  bool damaged;
  g_autofree char *text =
    charset_decode (NULL, (const guint8 *) s, (gsize) (end - s), &used, &damaged);

  if (strcmp (used, "us-ascii") != 0)
    *flaws |= HEADER_RAW_8BIT;
  g_string_append (out, text);
}

/* Adjacent words of one charset are joined before they are converted: senders split multibyte
 * characters. */
static const char *
decode_run (GString *out, const char *s, EncodedWord *word, guint *flaws)
{
  g_autoptr (GByteArray) run = g_byte_array_new ();
  char charset[sizeof word->charset];

  g_strlcpy (charset, word->charset, sizeof charset);
  for (;;)
    {
      if (g_ascii_strcasecmp (charset, word->charset) != 0)
        {
          flush_words (out, run, charset, flaws);
          g_strlcpy (charset, word->charset, sizeof charset);
        }
      g_byte_array_append (run, word->bytes->data, word->bytes->len);
      g_byte_array_unref (word->bytes);
      if (word->bad)
        *flaws |= HEADER_BAD_WORD;
      s = word->end;

      const char *next = s + strspn (s, " \t\r\n");
      if (strncmp (next, "=?", 2) != 0 || !encoded_word (next, word))
        break;
      if (next == s)
        *flaws |= HEADER_BAD_WORD;
    }
  flush_words (out, run, charset, flaws);
  return s;
}

char *
header_decode (const char *raw, guint *flaws)
{
  g_autofree char *value = header_unfold (raw);
  g_autoptr (GString) out = g_string_new (NULL);
  const char *plain = value;
  const char *s = value;

  *flaws = HEADER_OK;
  while ((s = strstr (s, "=?")) != NULL)
    {
      EncodedWord word;

      if (!encoded_word (s, &word))
        {
          s += 2;
          continue;
        }
      flush_raw (out, plain, s, flaws);
      plain = s = decode_run (out, s, &word, flaws);
    }
  flush_raw (out, plain, plain + strlen (plain), flaws);
  return clean_line (out->str, (gssize) out->len);
}

char *
header_join_words (const char *raw)
{
  GString *out = g_string_new (NULL);
  const char *plain = raw, *s = raw;

  while ((s = strstr (s, "=?")) != NULL)
    {
      EncodedWord word;
      guint flaws = HEADER_OK;
      g_autoptr (GString) text = g_string_new (NULL);

      if (!encoded_word (s, &word))
        {
          s += 2;
          continue;
        }
      const char *first = word.end, *end = decode_run (text, s, &word, &flaws);
      g_autofree char *base64 = g_base64_encode ((const guchar *) text->str, text->len);
      g_string_append_len (out, plain, s - plain);
      if (end == first)
        g_string_append_len (out, s, end - s);
      else
        g_string_append_printf (out, "=?utf-8?B?%s?=", base64);
      plain = s = end;
    }
  g_string_append (out, plain);
  return g_string_free (out, FALSE);
}
