/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Spans of time as people write them.
 */
#include "calendar/calendar.h"

#include <string.h>

#include "base/error.h"
#include "base/words.h"

/* The first word of a unit is the one we write.  MOST is about 100 years. */
static const struct {
  SpanUnit unit;
  int times, most;
  const char *words[4];
} units[] = {
  { SPAN_MINUTES,        1, 60000000, { "minute", "minutes", "min" } },
  { SPAN_HOURS,          1, 1000000,  { "hour", "hours", "h" } },
  { SPAN_DAYS,           1, 40000,    { "day", "days", "d" } },
  { SPAN_DAYS,           1, 40000,    { "calendar day", "calendar days" } },
  { SPAN_DAYS,           7, 5000,     { "week", "weeks", "w" } },
  { SPAN_BUSINESS_DAYS,  1, 30000,    { "business day", "business days", "bd" } },
  { SPAN_BUSINESS_DAYS,  1, 30000,    { "working day", "working days" } },
  { SPAN_MONTHS,         1, 1200,     { "month", "months", "mo" } },
  { SPAN_YEARS,          1, 100,      { "year", "years", "y" } },
};

/* TEXT in lower case with single blanks. */
static char *
squeeze (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);
  GString *out = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", *word);
  g_string_ascii_down (out);
  return g_string_free (out, FALSE);
}

static bool
find_unit (const char *word, int n, Span *span)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    for (guint k = 0; k < G_N_ELEMENTS (units[i].words) && units[i].words[k] != NULL; k++)
      if (strcmp (word, units[i].words[k]) == 0 && n <= units[i].most)
        {
          *span = (Span){ n * units[i].times, units[i].unit };
          return true;
        }
  return false;
}

bool
span_parse (const char *text, Span *span, GError **error)
{
  g_autofree char *plain = squeeze (text);
  bool minus = plain[0] == '-';
  const char *number = plain + (minus || plain[0] == '+');
  const char *unit = number + strspn (number, "0123456789");
  Span read;

  if (unit == number || unit - number > 8
      || !find_unit (unit + (*unit == ' '), atoi (number), &read))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
                   "'%s' is not a span of time: write it as in '10 business days', '90 days', "
                   "'2 weeks', '6 months', '3 years' or '1 hour'", text);
      return false;
    }
  *span = (Span){ minus ? -read.n : read.n, read.unit };
  return true;
}

static const char *
unit_word (Span span)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (units[i].unit == span.unit)
      return units[i].words[ABS (span.n) == 1 ? 0 : 1];
  g_assert_not_reached ();
}

char *
span_format (Span span)
{
  return g_strdup_printf ("%d %s", span.n, unit_word (span));
}

char *
span_say (Span span)
{
  g_autofree char *unit = words_term (unit_word (span));

  return words_say ("%d %s", span.n, unit);
}
