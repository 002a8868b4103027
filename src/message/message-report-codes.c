/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The numbers in what a server answered: RFC 5321's reply codes and RFC 3463's enhanced status
 * codes.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

static bool
is_boundary (char c)
{
  return !g_ascii_isalnum (c) && c != '.' && c != '-' && c != '@' && c != '_';
}

/* The length of "5.1.1" with class 2, 4 or 5 at S, which stands alone; 0 when there is none. */
static gsize
status_at (const char *s)
{
  gsize subject, detail;

  if ((*s != '2' && *s != '4' && *s != '5') || s[1] != '.')
    return 0;
  subject = strspn (s + 2, "0123456789");
  if (subject == 0 || subject > 3 || s[2 + subject] != '.')
    return 0;
  detail = strspn (s + 3 + subject, "0123456789");
  if (detail == 0 || detail > 3 || g_ascii_isalnum (s[3 + subject + detail]) ||
      (s[3 + subject + detail] == '.' && g_ascii_isdigit (s[4 + subject + detail])))
    return 0;
  return 3 + subject + detail;
}

/* The codes that RFC 5321, 4954, 3207, 7504 and 1846 give a meaning; "522" is no reply. */
static bool
is_reply_code (const char *s)
{
  static const char codes[] = "250 251 421 450 451 452 454 455 500 501 502 503 504 521 523 525 530 "
                              "534 535 538 541 550 551 552 "
                              "553 554 555 556 ";
  char code[5] = "";

  if (strspn (s, "0123456789") < 3)
    return false;
  memcpy (code, s, 3);
  code[3] = ' ';
  return strstr (codes, code) != NULL;
}

/* A reply code at S, which stands behind what can stand before one and is followed by what can
 * follow one. */
static bool
reply_code_at (const char *text, const char *s)
{
  if ((*s != '2' && *s != '4' && *s != '5') || !is_reply_code (s))
    return false;
  if (s > text && strchr (" \t\n:;(['\"<>#=", s[-1]) == NULL)
    return false;
  if (*s == '2' && !(s[3] == ' ' && status_at (s + 4) > 0)) /* "250 recipients" is none */
    return false;
  return s[3] == '\0' || strchr (" -\n'\",:;)=", s[3]) != NULL;
}

/* The status behind a reply code is the server's own; any other may be the reporter's idea. */
char *
report_find_status (const char *text)
{
  const char *first = NULL;
  gsize n;

  for (const char *s = text; *s != '\0'; s++)
    {
      if (reply_code_at (text, s) && (n = status_at (s + 3 + strspn (s + 3, " -'"))) > 0)
        return g_strndup (s + 3 + strspn (s + 3, " -'"), n);
      if (first == NULL && (s == text || is_boundary (s[-1])) && status_at (s) > 0)
        first = s;
    }
  return first != NULL ? g_strndup (first, status_at (first)) : g_strdup ("");
}

char *
report_find_reply_code (const char *text)
{
  for (const char *s = text; *s != '\0'; s++)
    if (reply_code_at (text, s))
      return g_strndup (s, 3);
  return g_strdup ("");
}
