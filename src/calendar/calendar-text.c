/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dates as people write and read them, in the calendar's language whatever the locale; what goes
 * into the records is English.
 */
#include "calendar/calendar-private.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/words.h"

#define MAX_DATE_TEXT 64

static int
name_number (const char *const *names, const char *word)
{
  gsize n = strlen (word);

  if (n > 0 && word[n - 1] == '.')
    n--;
  for (int i = 0; n >= 3 && names[i] != NULL; i++)
    if (n <= strlen (names[i]) && g_ascii_strncasecmp (names[i], word, n) == 0)
      return i + 1;
  return 0;
}

int
month_number (const char *word)
{
  return name_number (calendar_language (NULL)->months, word);
}

int
weekday_number (const char *word)
{
  return name_number (calendar_language (NULL)->weekdays, word);
}

void
append_day (GString *text, Day day, int year)
{
  bool other = day_date (day).year != year;

  calendar_write (text, calendar_language (NULL), other ? "%w %d %m %y" : "%w %d %m", day, 0, "");
}

void
append_clock (GString *text, int minutes)
{
  int hour = minutes / 60 % 24;

  g_string_append_printf (text, "%d:%02d %s", hour % 12 == 0 ? 12 : hour % 12, minutes % 60,
                          hour < 12 ? "AM" : "PM");
}

char *
calendar_long_in (const Calendar *calendar, const char *tag, gint64 at)
{
  const CalendarLanguage *language = tag != NULL ? calendar_language (tag) : calendar->language;
  int second, interval = g_time_zone_find_interval (calendar->zone, G_TIME_TYPE_UNIVERSAL, at);
  Day day = calendar_local_day (calendar, at, &second);
  GString *text = g_string_new (NULL);

  calendar_write (text, language, language->long_format, day, second / 60,
                  g_time_zone_get_abbreviation (calendar->zone, interval));
  return g_string_free (text, FALSE);
}

char *
calendar_short_in (const Calendar *calendar, const char *tag, gint64 at)
{
  const CalendarLanguage *language = tag != NULL ? calendar_language (tag) : calendar->language;
  GString *text = g_string_new (NULL);

  calendar_write (text, language, language->short_format, calendar_local_day (calendar, at, NULL),
                  0, "");
  return g_string_free (text, FALSE);
}

char *
calendar_long (const Calendar *calendar, gint64 at)
{
  return calendar_long_in (calendar, NULL, at);
}

char *
calendar_short (const Calendar *calendar, gint64 at)
{
  return calendar_short_in (calendar, NULL, at);
}

char *
calendar_say (const Calendar *calendar, gint64 at)
{
  g_autofree char *written = calendar_short (calendar, at);

  return words_when (written, CALENDAR_SHORT, at);
}

static bool
is_year (int year)
{
  return year >= 1900 && year <= 2199;
}

/* TEXT is read to its end by FORMAT, which has three numbers. */
static bool
three_numbers (const char *text, const char *format, int *a, int *b, int *c)
{
  char end;

  /* Digits and separators only: scanf would take blanks and signs. */
  if (strspn (text, "0123456789-/.") != strlen (text))
    return false;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return sscanf (text, format, a, b, c, &end) == 3;
#pragma GCC diagnostic pop
}

/* A number in a date in words: "4", "4th", "4.". */
static bool
plain_number (const char *word, int *number)
{
  gsize n = strspn (word, "0123456789");

  if (n < 1 || n > 4
      || (word[n] != '\0'
          && (n > 2
              || !g_strv_contains ((const char *const[]){ "st", "nd", "rd", "th", ".", NULL },
                                   word + n))))
    return false;
  *number = atoi (word);
  return true;
}

/* The number WORD is in one of two lists of names, or 0. */
static int
either (const char *const *names, const char *const *english, const char *word)
{
  int number = name_number (names, word);

  return number != 0 ? number : name_number (english, word);
}

/* "Friday, December 4, 2026" and the like; *WEEKDAY is 0 when none is written. */
static bool
parse_words (const CalendarLanguage *own, const char *text, Date *date, int *weekday)
{
  const CalendarLanguage *english = calendar_language (NULL);
  g_auto (GStrv) words = g_strsplit_set (text, " ,\t", -1);
  int number[2], n = 0, month = 0;

  *weekday = 0;
  for (char **word = words; *word != NULL; word++)
    {
      if (**word == '\0')
        continue;
      int day = either (own->weekdays, english->weekdays, *word),
          name = either (own->months, english->months, *word);

      if (n == 0 && month == 0 && *weekday == 0 && day != 0)
        *weekday = day;
      else if (n < 2 && month == 0 && name != 0)
        month = name;
      else if (n == 2 || !plain_number (*word, &number[n++]))
        return false;
    }
  if (n != 2 || month == 0)
    return false;
  *date = (Date){ number[1], month, number[0] };
  return true;
}

static bool
parse_numbers (const CalendarLanguage *language, const char *text, Date *date)
{
  int a, b, c;

  if (strlen (text) == 10 && three_numbers (text, "%4d-%2d-%2d%c", &a, &b, &c))
    *date = (Date){ a, b, c };
  else if (three_numbers (text, "%2d/%2d/%4d%c", &a, &b, &c))
    *date = (Date){ c, a, b };
  else if (language->dotted && three_numbers (text, "%2d.%2d.%4d%c", &a, &b, &c))
    *date = (Date){ c, b, a };
  else
    return false;
  return true;
}

/* Another order or a short year: say each date it may mean. */
static void
refuse (const char *text, GError **error)
{
  static const char *const orders[] = { "mdy", "dmy", "ymd" };
  g_autoptr (GString) readings = g_string_new (NULL);
  int n[3];
  char sep[2], end;

  if (g_utf8_strlen (text, -1) <= MAX_DATE_TEXT
      && strspn (text, "0123456789-/. ") == strlen (text)
      && sscanf (text, "%4d%c%2d%c%4d%c", &n[0], &sep[0], &n[1], &sep[1], &n[2], &end) == 5)
    for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
      {
        int year = n[strchr (orders[i], 'y') - orders[i]];
        int month = n[strchr (orders[i], 'm') - orders[i]],
            day = n[strchr (orders[i], 'd') - orders[i]];
        g_autofree char *reading = NULL;

        if (year >= 0 && year < 100 && orders[i][0] != 'y')
          year += 2000;
        if (!is_year (year) || !day_exists (year, month, day))
          continue;
        reading = g_strdup_printf ("%04d-%02d-%02d", year, month, day);
        if (strstr (readings->str, reading) == NULL)
          g_string_append_printf (readings, "%s%s", readings->len > 0 ? " or " : "", reading);
      }
  if (readings->len > 0)
    g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "'%s' can be misread: write %s", text,
                 readings->str);
  else
    {
      g_autofree char *start =
        g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_DATE_TEXT));

      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
                   "'%s' is not a date: write it as in 2026-12-04 or December 4, 2026", start);
    }
}

bool
calendar_parse_date (const Calendar *calendar, const char *text, gint64 *due, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_utf8_make_valid (text, -1));
  int weekday = 0;
  Date date;

  if (strlen (trimmed) > MAX_DATE_TEXT
      || (!parse_numbers (calendar->language, trimmed, &date)
          && !parse_words (calendar->language, trimmed, &date, &weekday))
      || !is_year (date.year) || !day_exists (date.year, date.month, date.day))
    {
      refuse (trimmed, error);
      return false;
    }
  int is = day_weekday (day_from (date.year, date.month, date.day));

  if (weekday != 0 && weekday != is)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
                   "'%s' cannot be: that day is a %s; write %04d-%02d-%02d if it is meant", trimmed,
                   calendar_language (NULL)->weekdays[is - 1], date.year, date.month, date.day);
      return false;
    }
  *due = calendar_close_of (calendar, date.year, date.month, date.day);
  return true;
}
