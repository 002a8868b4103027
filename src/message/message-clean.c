/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The last step of all text on its way to the facts: valid UTF-8, NFC, no control characters.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

/* UAX #15, Stream-Safe Text: canonical ordering takes quadratic time on long runs of marks, so a
 * run is broken. */
#define MAX_MARKS 30
#define GRAPHEME_JOINER 0x034f

static bool
is_control (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff
         || (c >= 0xfff9 && c <= 0xfffb) || (c & 0xfffe) == 0xfffe;
}

/* UAX #9: they can make "fdp.exe" look like "exe.pdf". */
static bool
is_bidi_control (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f
         || c == 0x061c;
}

static bool
is_plain_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text < 0x20 || (guchar) *text >= 0x7f)
      return false;
  return true;
}

/* What most text in the world is written with, of the characters that are their own normal form and
 * join with nothing before them (Unicode, NFC_Quick_Check=Yes and combining class 0). */
static bool
is_settled (gunichar c)
{
  return c < 0x300 || (c >= 0x388 && c <= 0x482) || (c >= 0x621 && c <= 0x64a)
         || (c >= 0x2010 && c <= 0x2027) || (c >= 0x20a0 && c <= 0x20c0) || c == 0x2122
         || (c >= 0x3000 && c <= 0x3029) || (c >= 0x3041 && c <= 0x3096)
         || (c >= 0x30a0 && c <= 0x30ff) || (c >= 0x4e00 && c <= 0x9fff)
         || (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xff01 && c <= 0xffef)
         || (c >= 0x1f300 && c <= 0x1faff) || c == 0xfffd;
}

static bool
is_nfc (const GString *text)
{
  for (const char *s = text->str; *s != '\0'; s = g_utf8_next_char (s))
    if ((guchar) *s >= 0xcc && !is_settled (g_utf8_get_char (s)))
      return false;
  return true;
}

static char *
to_nfc (GString *text)
{
  if (is_nfc (text))
    return g_string_free (text, FALSE);

  char *nfc = g_utf8_normalize (text->str, text->len, G_NORMALIZE_NFC);

  g_string_free (text, TRUE);
  return nfc != NULL ? nfc : g_strdup ("");
}

/* How many characters from S on are printable ASCII: most of most text, which needs no look at
 * each. */
static gsize
plain_run (const char *s)
{
  const char *end = s;

  while (*end >= 0x20 && *end < 0x7f)
    end++;
  return (gsize) (end - s);
}

/* The same of what else needs no look: neither removed nor changed, whatever stands before it. */
static gsize
settled_run (const char *s)
{
  const char *end = s;

  while ((guchar) *end >= 0x80)
    {
      gunichar c = g_utf8_get_char (end);

      if (!is_settled (c) || is_control (c))
        break;
      end = g_utf8_next_char (end);
    }
  return (gsize) (end - s);
}

static void
append_counting_marks (GString *out, gunichar c, guint *marks)
{
  *marks = c >= 0x300 && g_unichar_combining_class (c) != 0 ? *marks + 1 : 0;
  if (*marks > MAX_MARKS)
    {
      g_string_append_unichar (out, GRAPHEME_JOINER);
      *marks = 1;
    }
  g_string_append_unichar (out, c);
}

static char *
cut_at_character (char *text, gsize max)
{
  if (strlen (text) > max)
    {
      const char *end = g_utf8_find_prev_char (text, text + max + 1);
      text[end != NULL ? end - text : 0] = '\0';
    }
  return text;
}

/* White space of every kind becomes one space; the ends are trimmed. */
char *
clean_whole_line (const char *text, gssize n)
{
  g_autofree char *valid = g_utf8_make_valid (text, n);
  GString *out = g_string_sized_new (strlen (valid));
  guint marks = 0;

  for (const char *s = valid; *s != '\0'; s = g_utf8_next_char (s))
    {
      gunichar c = g_utf8_get_char (s);

      if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0x2028 || c == 0x2029)
        {
          if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c (out, ' ');
          marks = 0;
        }
      else if (!is_control (c))
        append_counting_marks (out, c, &marks);
    }
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  return is_plain_ascii (out->str) ? g_string_free (out, FALSE) : to_nfc (out);
}

char *
clean_line (const char *text, gssize n)
{
  return cut_at_character (clean_whole_line (text, n), MAX_LINE_TEXT);
}

/* CRLF, CR and the Unicode separators become LF; form feeds too. */
char *
clean_utf8 (const char *valid)
{
  GString *out = g_string_sized_new (strlen (valid));
  guint marks = 0;
  bool settled = true;

  for (const char *s = valid; *s != '\0'; s = g_utf8_next_char (s))
    {
      gsize plain = plain_run (s), run = plain + settled_run (s + plain);

      if (run > 0)
        {
          g_string_append_len (out, s, (gssize) run);
          s += run;
          marks = 0;
          if (*s == '\0')
            break;
        }
      gunichar c = g_utf8_get_char (s);

      settled = settled && c < 0x80;
      if (c == '\r' && s[1] == '\n')
        continue;
      if (c == '\r' || c == '\n' || c == '\f' || c == 0x2028 || c == 0x2029)
        g_string_append_c (out, '\n');
      else if (c == '\t' || !is_control (c))
        append_counting_marks (out, c, &marks);
    }
  return settled ? g_string_free (out, FALSE) : to_nfc (out);
}

char *
clean_text (const char *text, gssize n)
{
  g_autofree char *valid = g_utf8_make_valid (text, n);

  return clean_utf8 (valid);
}

static const char *
last_path_element (const char *name)
{
  const char *slash = strrchr (name, '/');
  const char *backslash = strrchr (name, '\\');
  const char *last = slash > backslash ? slash : backslash;

  return last != NULL ? last + 1 : name;
}

/* A name that is safe to show and to store under: no path, no bidi or control characters, no
 * leading dots, at most 200 bytes with the extension kept. */
char *
clean_file_name (const char *name)
{
  g_autofree char *line = clean_line (name, -1);
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *s = last_path_element (line); *s != '\0'; s = g_utf8_next_char (s))
    {
      gunichar c = g_utf8_get_char (s);

      if (is_bidi_control (c) || c == 0x200b || (out->len == 0 && (c == '.' || c == ' ')))
        continue;
      if (c < 0x80 && strchr ("<>:\"|?*", (int) c) != NULL)
        c = '_';
      g_string_append_unichar (out, c);
    }
  while (out->len > 0 && (out->str[out->len - 1] == ' ' || out->str[out->len - 1] == '.'))
    g_string_truncate (out, out->len - 1);
  if (out->len > 200)
    {
      const char *dot = strrchr (out->str, '.');
      g_autofree char *end = g_strdup (dot != NULL && strlen (dot) <= 16 ? dot : "");
      const char *cut = g_utf8_find_prev_char (out->str, out->str + 200 - strlen (end) + 1);

      g_string_truncate (out, cut != NULL ? (gsize) (cut - out->str) : 0);
      g_string_append (out, end);
    }
  /* Taking characters out may have made new neighbours. */
  return g_utf8_normalize (out->str, -1, G_NORMALIZE_NFC);
}

/* By their first octet alone (RFC 3629), letters of most scripts among them. */
static bool
begins_no_control (guchar c)
{
  return (c >= 0xc3 && c <= 0xe1) || (c >= 0xe3 && c <= 0xee);
}

bool
text_is_clean (const char *text, bool one_line)
{
  for (const char *s = text + plain_run (text); *s != '\0'; s += plain_run (s))
    {
      bool layout = !one_line && (*s == '\n' || *s == '\t');

      if (!layout && !begins_no_control ((guchar) *s) && is_control (g_utf8_get_char (s)))
        return false;
      s = g_utf8_next_char (s);
    }
  return true;
}
