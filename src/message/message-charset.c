/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes to UTF-8, always: as claimed, else as detected, else windows-1252; what cannot be read is
 * U+FFFD.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "message/message-private.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Names that mean something larger in practice (WHATWG Encoding) or that iconv does not know. */
static const struct {
  const char *claimed, *means;
} aliases[] = {
  { "iso-8859-1", "windows-1252" },
  { "iso8859-1", "windows-1252" },
  { "iso_8859-1", "windows-1252" },
  { "latin1", "windows-1252" },
  { "latin-1", "windows-1252" },
  { "cp1252", "windows-1252" },
  { "cp-1252", "windows-1252" },
  { "ansi", "windows-1252" },
  { "x-ansi", "windows-1252" },
  { "iso-8859-8-i", "iso-8859-8" },
  { "iso-8859-8-e", "iso-8859-8" },
  { "iso-8859-9", "windows-1254" },
  { "tis-620", "windows-874" },
  { "iso-8859-11", "windows-874" },
  { "gb2312", "gb18030" },
  { "gbk", "gb18030" },
  { "x-gbk", "gb18030" },
  { "gb_2312-80", "gb18030" },
  { "euc-cn", "gb18030" },
  { "euc-kr", "cp949" },
  { "ks_c_5601-1987", "cp949" },
  { "ks_c_5601", "cp949" },
  { "ksc5601", "cp949" },
  { "shift_jis", "cp932" },
  { "shift-jis", "cp932" },
  { "sjis", "cp932" },
  { "x-sjis", "cp932" },
  { "windows-31j", "cp932" },
  { "big5", "big5-hkscs" },
  { "x-big5", "big5-hkscs" },
  { "unicode-1-1-utf-7", "utf-7" },
  { "utf8", "utf-8" },
  { "utf_8", "utf-8" },
  { "unicode-1-1-utf-8", "utf-8" },
  { "x-utf-8", "utf-8" },
  { "utf-16", "utf-16" },
  { "x-mac-roman", "macintosh" },
  { "x-mac-cyrillic", "mac-cyrillic" },
};

/* Opened once before the sandbox closes, so that glibc has their modules loaded. */
static const char *const preloaded[] = {
  "windows-1252",
};

void
charset_preload (void)
{
  static GIConv kept[G_N_ELEMENTS (preloaded)];

  for (guint i = 0; i < G_N_ELEMENTS (preloaded); i++)
    {
      if (kept[i] != NULL && kept[i] != (GIConv) -1)
        continue;
      kept[i] = g_iconv_open ("UTF-8", preloaded[i]);
    }
}

static bool
looks_undeclared (const char *claimed)
{
  static const char *const nothing[] = { "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit",
                                         "unknown", "x-unknown", "default", "default_charset",
                                         "8bit", "7bit", "binary", "iso-8859-1-unknown", "none",
                                         "x-user-defined", "_autodetect_all", "utf-8lias" };

  if (claimed == NULL || *claimed == '\0')
    return true;
  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    if (g_ascii_strcasecmp (claimed, nothing[i]) == 0)
      return true;
  return false;
}

static const char *
meant (const char *claimed)
{
  /* "utf-8//IGNORE" would be an instruction to iconv. */
  if (strpbrk (claimed, "/,") != NULL || strlen (claimed) > 40)
    return "unknown";
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (g_ascii_strcasecmp (claimed, aliases[i].claimed) == 0)
      return aliases[i].means;
  return claimed;
}

bool
charset_is_ascii (const guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (bytes[i] >= 0x80)
      return false;
  return true;
}

static bool
has_escape (const guint8 *bytes, gsize n, const char *sequence)
{
  return memmem (bytes, n, sequence, strlen (sequence)) != NULL;
}

static const char *
detect (const guint8 *bytes, gsize n)
{
  if (n >= 3 && memcmp (bytes, "\xef\xbb\xbf", 3) == 0)
    return "utf-8";
  if (n >= 2 && (memcmp (bytes, "\xff\xfe", 2) == 0 || memcmp (bytes, "\xfe\xff", 2) == 0))
    return "utf-16";
  if (charset_is_ascii (bytes, n))
    {
      if (has_escape (bytes, n, "\033$)C"))
        return "iso-2022-kr";
      if (has_escape (bytes, n, "\033$B") || has_escape (bytes, n, "\033$@"))
        return "iso-2022-jp";
      return "us-ascii";
    }
  if (g_utf8_validate ((const char *) bytes, n, NULL) || memchr (bytes, 0, n) != NULL)
    return "utf-8";
  return "windows-1252";
}

/* Some multibyte sequence in it is right: then it is UTF-8 with damage and not something else. */
static bool
has_utf8_sequence (const guint8 *bytes, gsize n)
{
  guint good = 0, bad = 0;

  for (gsize i = 0; i < n; i++)
    if (bytes[i] >= 0x80)
      {
        gunichar c = g_utf8_get_char_validated ((const char *) bytes + i, n - i);

        if (c == (gunichar) -1 || c == (gunichar) -2)
          bad++;
        else
          {
            good++;
            i += g_unichar_to_utf8 (c, NULL) - 1;
          }
      }
  return good > 0 && good >= bad / 2;
}

/* NUL ends a C string: it goes. */
static void
append_without_nul (GString *out, const char *text, gsize n)
{
  while (n > 0)
    {
      gsize run = strnlen (text, n);

      g_string_append_len (out, text, (gssize) run);
      run = MIN (run + 1, n);
      text += run;
      n -= run;
    }
}

static char *
utf8_repaired (const guint8 *bytes, gsize n, bool *damaged)
{
  g_autoptr (GString) out = NULL;

  if (g_utf8_validate ((const char *) bytes, n, NULL))
    return g_strndup ((const char *) bytes, n);
  out = g_string_sized_new (n);
  append_without_nul (out, (const char *) bytes, n); /* which is no damage to the text */
  if (g_utf8_validate (out->str, out->len, NULL))
    return g_strdup (out->str);
  *damaged = true;
  return g_utf8_make_valid (out->str, out->len);
}

static char *
convert (GIConv cd, const guint8 *bytes, gsize n, bool *damaged)
{
  GString *out = g_string_sized_new (n + n / 2 + 16);
  char *in = (char *) bytes;
  gsize left = n;
  char buffer[4096];

  while (left > 0)
    {
      char *to = buffer;
      gsize room = sizeof buffer;
      gsize before = left;
      gsize rc = g_iconv (cd, &in, &left, &to, &room);

      append_without_nul (out, buffer, (gsize) (to - buffer));
      if (rc == (gsize) -1 && errno != E2BIG)
        {
          g_string_append (out, REPLACEMENT);
          *damaged = true;
          if (left > 0)
            {
              in++;
              left--;
            }
          g_iconv (cd, NULL, NULL, NULL, NULL);
        }
      else if (rc == (gsize) -1 && before == left && to == buffer)
        break;
    }
  g_iconv_close (cd);
  return g_string_free (out, FALSE);
}

char *
charset_decode (const char *claimed, const guint8 *bytes, gsize n, const char **used, bool *damaged)
{
  const char *charset;
  GIConv cd;

  *damaged = false;
  if (n == 0)
    {
      *used = "us-ascii";
      return g_strdup ("");
    }
  charset = looks_undeclared (claimed) ? detect (bytes, n) : meant (claimed);
  if (g_ascii_strcasecmp (charset, "utf-8") == 0)
    {
      if (g_utf8_validate ((const char *) bytes, n, NULL))
        {
          *used = "utf-8";
          return g_strndup ((const char *) bytes, n);
        }
      if (memchr (bytes, 0, n) == NULL && !has_utf8_sequence (bytes, n))
        {
          charset = "windows-1252";
          *damaged = true;
        }
    }
  if (g_ascii_strcasecmp (charset, "utf-8") == 0 || g_ascii_strcasecmp (charset, "us-ascii") == 0)
    {
      *used = g_ascii_strcasecmp (charset, "utf-8") == 0 ? "utf-8" : "us-ascii";
      return utf8_repaired (bytes, n, damaged);
    }
  cd = g_iconv_open ("UTF-8", charset);
  if (cd == (GIConv) -1)
    {
      charset = detect (bytes, n);
      *damaged = true;
      if (strcmp (charset, "utf-8") == 0 || strcmp (charset, "us-ascii") == 0)
        {
          *used = charset;
          return utf8_repaired (bytes, n, damaged);
        }
      cd = g_iconv_open ("UTF-8", charset);
      if (cd == (GIConv) -1)
        {
          *used = "utf-8";
          return utf8_repaired (bytes, n, damaged);
        }
    }
  *used = g_intern_string (charset);
  return convert (cd, bytes, n, damaged);
}
