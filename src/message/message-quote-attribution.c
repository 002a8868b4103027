/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "On Monday, Somebody wrote:": the line above a quotation that says whose words follow.
 *
 * It may run over several lines, in any language, and with or without a verb; how sure it is
 * depends on whether it names an address or an exact time.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

#define MAX_ATTRIBUTION_LINES 4
#define MAX_ATTRIBUTION 400

static const char *const verbs[] = {
  "wrote", "writes", "schrieb", "a écrit", "escribió", "escribio", "ha scritto", "escreveu", "schreef",
  "skrev", "napisał", "napisała", "napisał(a)", "pisze", "napsal", "napísal", "написал", "написала", "пишет",
  "писал", "пише", "kirjoitti", "írta", "yazdı", "a scris", "написа", "rašė", "rakstīja", "kirjutas",
  "је написао", "je napisao", "έγραψε", "写道", "寫道", "さんは書きました", "작성", "a dit",
};

/* How the line of an attribution begins when it does not begin with a name or a number. */
static const char *const openers[] = {
  "on ", "am ", "le ", "el ", "il ", "em ", "op ", "den ", "dnia ", "w dniu ", "dne ", "в ", "на ", "a ", "at ",
  "in ", "vom ", "från ", "pada ", "tarihinde", "от ",
};

static bool
has_digit (const char *s)
{
  return strpbrk (s, "0123456789") != NULL;
}

/* hh:mm, hh.mm or hh h mm, and a year: the sort of time a program writes. */
static bool
has_exact_time (const char *s)
{
  bool time = false, year = false;

  for (const char *c = s; *c != '\0'; c++)
    {
      if (!g_ascii_isdigit (*c))
        continue;
      gsize n = strspn (c, "0123456789");
      if ((n == 1 || n == 2) && (c[n] == ':' || c[n] == '.') && g_ascii_isdigit (c[n + 1])
          && g_ascii_isdigit (c[n + 2]))
        time = true;
      if (n == 4 && (*c == '1' || *c == '2'))
        year = true;
      c += n - 1;
    }
  return time && year;
}

static bool
ends_like_attribution (const char *s)
{
  gsize n = strlen (s);

  while (n > 0 && strchr (" \t*_", s[n - 1]) != NULL)
    n--;
  return (n > 0 && s[n - 1] == ':') || (n >= 3 && memcmp (s + n - 3, "：", 3) == 0);
}

static bool
is_attribution (const char *text, bool *strong)
{
  g_autofree char *low = quote_lower (text, strlen (text));
  const char *s = quote_skip_marks (low);
  const char *at = strchr (s, '@');

  /* "2017-02-05 13:29 GMT+02:00 Name <address>:" needs no verb. */
  if (!quote_holds_any (s, verbs, G_N_ELEMENTS (verbs)) &&
      !(g_ascii_isdigit (*s) && at != NULL && has_exact_time (s) && strstr (s, ">:") != NULL))
    return false;
  *strong = at != NULL || has_exact_time (s);
  if (at != NULL)
    return true;
  return has_digit (s)
         && (quote_starts_any (s, openers, G_N_ELEMENTS (openers)) || g_ascii_isdigit (*s)
             || has_exact_time (s));
}

/* "2013/7/20 Somebody <a@b>" above a quotation: Gmail's old form without a verb. */
static bool
is_bare_attribution (const QuoteLine *line)
{
  return line->n > 12 && line->n < 200 && g_ascii_isdigit (line->s[0])
         && strspn (line->s, "0123456789/-") >= 8 && line->s[line->n - 1] == '>'
         && memchr (line->s, '@', line->n) != NULL;
}

guint
quote_attribution (const QuoteLines *all, guint i, bool *strong)
{
  g_autoptr (GString) joined = g_string_new (NULL);
  guint taken = 0;

  *strong = false;
  if (is_bare_attribution (&all->lines[i]))
    return 1;
  for (guint k = i;
       k < all->n && k < i + MAX_ATTRIBUTION_LINES + 3 && taken < MAX_ATTRIBUTION_LINES + 1; k++)
    {
      const QuoteLine *line = &all->lines[k];

      if (quote_line_is_empty (line))
        {
          if (k + 1 < all->n && k > i && all->lines[k + 1].n > 0 && all->lines[k + 1].s[0] == '<')
            continue;
          return 0;
        }
      /* "> wrote:" can be the rest of an address that was wrapped; other quoted lines end the
       * search. */
      if (k > i && quote_line_is_quote (line) && !(line->n < 40 && line->s[line->n - 1] == ':'))
        return 0;
      if (joined->len + line->n > MAX_ATTRIBUTION)
        return 0;
      if (joined->len > 0)
        g_string_append_c (joined, ' ');
      g_string_append_len (joined, line->s, (gssize) line->n);
      taken++;
      if (ends_like_attribution (joined->str))
        return is_attribution (joined->str, strong) ? k - i + 1 : 0;
    }
  return 0;
}
