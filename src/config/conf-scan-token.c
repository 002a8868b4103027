/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From bytes to tokens, each with its line.  Comments are blanked out, and so is, once it was said,
 * what libconfuse would replace from the environment or would not understand.
 */
#include "config/conf-private.h"

#include <string.h>

bool
conf_scan_stop (ConfScanner *s, int line, const char *format, ...)
{
  va_list args;

  if (!s->scan->broken)
    {
      va_start (args, format);
      g_autofree char *text = g_strdup_vprintf (format, args);
      va_end (args);
      conf_mistake (s->mistakes, s->file, line, "%s", text);
    }
  s->scan->broken = true;
  return false;
}

void
conf_scan_make_text (const char *file, GString *text, GPtrArray *mistakes)
{
  int line = 1, said = 0;

  for (gsize i = 0; i < text->len;)
    {
      unsigned char c = text->str[i];

      if (c >= 0x20 && c < 0x7f) /* most of most files */
        {
          i++;
          continue;
        }
      gunichar u = g_utf8_get_char_validated (text->str + i, text->len - i);
      bool bad_utf8 = c == 0 || (gint32) u < 0;
      bool return_ = c == '\r' && text->str[i + 1] == '\n';
      bool control = !bad_utf8 && !return_ && g_unichar_iscntrl (u) && c != '\n' && c != '\t';

      if ((bad_utf8 || control) && said != line)
        conf_mistake (mistakes, file, said = line,
                      bad_utf8 ? "this line is not UTF-8 text; save the file as UTF-8"
                               : "a control character (0x%02x); remove it",
                      c);
      gsize width = bad_utf8 ? 1 : g_utf8_skip[c];
      if (bad_utf8 || control || return_)
        memset (text->str + i, ' ', width);
      line += c == '\n';
      i += width;
    }
}

void
conf_scan_blank (ConfScanner *s, gsize from, gsize to)
{
  for (gsize i = from; i < to; i++)
    if (s->text[i] != '\n')
      s->text[i] = ' ';
}

static bool
starts (const ConfScanner *s, const char *what)
{
  return s->at + strlen (what) <= s->size && strncmp (s->text + s->at, what, strlen (what)) == 0;
}

static bool
skip_comment (ConfScanner *s)
{
  gsize from = s->at;

  if (starts (s, "/*"))
    {
      int line = s->line;

      for (s->at += 2; s->at < s->size && !starts (s, "*/"); s->at++)
        s->line += s->text[s->at] == '\n';
      if (s->at >= s->size)
        return conf_scan_stop (s, line, "this comment does not end; write */ after it");
      s->at += 2;
    }
  else
    while (s->at < s->size && s->text[s->at] != '\n')
      s->at++;
  conf_scan_blank (s, from, s->at);
  return true;
}

static bool
skip_space (ConfScanner *s)
{
  while (s->at < s->size)
    {
      char c = s->text[s->at];

      if (c == '#' || starts (s, "//") || starts (s, "/*"))
        {
          if (!skip_comment (s))
            return false;
          continue;
        }
      if (c != ' ' && c != '\t' && c != '\n')
        break;
      s->line += c == '\n';
      s->at++;
    }
  return true;
}

/* After a backslash: what may follow it. */
static void
check_escape (ConfScanner *s, char quote)
{
  char c = s->at + 1 < s->size ? s->text[s->at + 1] : '\0';

  if (quote == '\'' || c == '\0' || strchr ("\"\\nt$\n", c) != NULL)
    return;
  conf_mistake (s->mistakes, s->file, s->line,
                "a backslash before '%c' means nothing here; write \\\\ for a backslash",
                g_ascii_isprint (c) ? c : '?');
  s->text[s->at] = ' ';
}

static void
check_dollar (ConfScanner *s)
{
  if (!starts (s, "${"))
    return;
  conf_mistake (s->mistakes, s->file, s->line,
                "'${' would be replaced from the environment; write \\${ for the characters");
  s->text[s->at] = ' ';
}

static ConfToken
scan_string (ConfScanner *s)
{
  char quote = s->text[s->at++];
  gsize from = s->at;

  for (; s->at < s->size && s->text[s->at] != quote; s->at++)
    {
      if (s->text[s->at] == '\\')
        {
          check_escape (s, quote);
          if (s->text[s->at] == '\\' && s->at + 1 < s->size)
            s->at++;
        }
      else if (quote == '"')
        check_dollar (s);
      s->line += s->text[s->at] == '\n';
    }
  if (s->at >= s->size)
    return conf_scan_stop (s, s->start_line, "this text does not end; write %c after it", quote),
           TOKEN_BAD;
  if (s->at - from > CONF_MAX_STRING)
    return conf_scan_stop (s, s->start_line, "this text is too long; write at most %d bytes",
                           CONF_MAX_STRING),
           TOKEN_BAD;
  s->word = g_strndup (s->text + from, s->at - from);
  s->at++;
  return TOKEN_STRING;
}

static bool
is_bare (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("_.:@%-", c) != NULL);
}

static ConfToken
scan_bare (ConfScanner *s)
{
  while (s->at < s->size && is_bare (s->text[s->at]))
    s->at++;
  if (s->at == s->start)
    {
      int width = g_utf8_skip[(unsigned char) s->text[s->at]];

      return conf_scan_stop (s, s->line, "'%.*s' cannot stand here; put text in double quotes",
                             width, s->text + s->at),
             TOKEN_BAD;
    }
  if (s->at - s->start > CONF_MAX_STRING)
    return conf_scan_stop (s, s->line, "this word is too long; write at most %d bytes",
                           CONF_MAX_STRING),
           TOKEN_BAD;
  s->word = g_strndup (s->text + s->start, s->at - s->start);
  return TOKEN_WORD;
}

ConfToken
conf_scan_next (ConfScanner *s)
{
  g_clear_pointer (&s->word, g_free);
  if (!skip_space (s))
    return TOKEN_BAD;
  s->start = s->at;
  s->start_line = s->line;
  if (s->at >= s->size)
    return TOKEN_END;

  char c = s->text[s->at];

  if (c == '"' || c == '\'')
    return scan_string (s);
  if (starts (s, "+="))
    {
      s->at += 2;
      return TOKEN_PLUS;
    }
  if (strchr ("{}()=,", c) != NULL)
    {
      s->at++;
      return c;
    }
  return scan_bare (s);
}

const char *
conf_token_name (const ConfScanner *s, ConfToken token, char buffer[4])
{
  switch (token)
    {
    case TOKEN_END: return "the end of the file";
    case TOKEN_WORD:
    case TOKEN_STRING: return s->word;
    case TOKEN_PLUS: return "+=";
    default:
      buffer[0] = token;
      buffer[1] = '\0';
      return buffer;
    }
}
