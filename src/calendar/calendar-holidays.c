/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Holidays: from a rule to the days it is observed on, a year at a time.
 */
#include "calendar/calendar-private.h"

#include <stdio.h>
#include <string.h>

static const char *const ordinals[] = { "1st", "2nd", "3rd", "4th", "5th" };

static bool
parse_nth (const char *text, Rule *rule)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  if (g_strv_length (words) != 4 || g_ascii_strcasecmp (words[2], "of") != 0)
    return false;
  rule->kind = RULE_NTH_WEEKDAY;
  rule->nth = g_ascii_strcasecmp (words[0], "last") == 0 ? -1 : 0;
  for (guint i = 0; i < G_N_ELEMENTS (ordinals); i++)
    if (g_ascii_strcasecmp (words[0], ordinals[i]) == 0)
      rule->nth = (int) i + 1;
  rule->weekday = weekday_number (words[1]);
  rule->month = month_number (words[3]);
  return rule->nth != 0 && rule->weekday != 0 && rule->month != 0;
}

static bool
parse_easter (const char *text, Rule *rule)
{
  char sign, end;

  rule->kind = RULE_EASTER;
  rule->day = 0;
  if (g_ascii_strcasecmp (text, "easter") == 0)
    return true;
  if (g_ascii_strncasecmp (text, "easter ", 7) != 0
      || sscanf (text + 7, "%c%3d%c", &sign, &rule->day, &end) != 2 || !g_ascii_isdigit (text[8])
      || (sign != '+' && sign != '-'))
    return false;
  rule->day = sign == '-' ? -rule->day : rule->day;
  return ABS (rule->day) <= 183;
}

bool
rule_parse (const char *text, Rule *rule)
{
  char end;

  *rule = (Rule){ .kind = RULE_FIXED };
  if (g_ascii_isdigit (text[0]) && strlen (text) == 5 && text[2] == '-')
    return sscanf (text, "%2d-%2d%c", &rule->month, &rule->day, &end) == 2
           && day_exists (2000, rule->month, rule->day);
  return parse_nth (text, rule) || parse_easter (text, rule);
}

/* Western Easter: the anonymous Gregorian computus (Nature, 20 April 1876; Meeus, ch. 8). */
static Day
easter (int year)
{
  int a = year % 19, b = year / 100, c = year % 100;
  int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  int h = (19 * a + b - d - g + 15) % 30;
  int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
  int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;

  return day_from (year, n / 31, n % 31 + 1);
}

static Day
nth_weekday (const Rule *rule, int year)
{
  int last = g_date_get_days_in_month ((GDateMonth) rule->month, (GDateYear) year);
  Day from = day_from (year, rule->month, 1);
  int day = 1 + (rule->weekday - day_weekday (from) + 7) % 7;

  if (rule->nth == -1)
    day += (last - day) / 7 * 7;
  else
    day += (rule->nth - 1) * 7;
  return day <= last ? from + (Day) day - 1 : 0;
}

Day
rule_day (const Rule *rule, int year)
{
  switch (rule->kind)
    {
    case RULE_FIXED:
      return day_exists (year, rule->month, rule->day) ? day_from (year, rule->month, rule->day)
                                                       : 0;
    case RULE_NTH_WEEKDAY:
      return nth_weekday (rule, year);
    case RULE_EASTER:
      return (Day) ((int) easter (year) + rule->day);
    }
  g_assert_not_reached ();
}

static Day
shifted (const Calendar *calendar, Day day)
{
  int weekday = day_weekday (day);

  if (!calendar->nearest || weekday <= G_DATE_FRIDAY)
    return day;
  return weekday == G_DATE_SATURDAY ? day - 1 : day + 1;
}

/* The holiday of NOMINAL year may be observed in the year before or after. */
static void
mark_holiday (const Calendar *calendar, const Holiday *holiday, int nominal, Year *year)
{
  if (nominal < holiday->first_year || (holiday->last_year != 0 && nominal > holiday->last_year))
    return;
  Day day = rule_day (&holiday->rule, nominal);

  if (day == 0)
    return;
  day = shifted (calendar, day);
  if (day < year->first || day >= year->first + year->n_days)
    return;
  if (!year->days[day - year->first].closed)
    year->days[day - year->first].name = holiday->name;
  year->days[day - year->first].closed = true;
}

static Year *
work_out (const Calendar *calendar, int number)
{
  Year *year = g_new0 (Year, 1);

  year->first = day_from (number, 1, 1);
  year->n_days = g_date_is_leap_year ((GDateYear) number) ? 366 : 365;
  for (guint i = 0; i < calendar->holidays->len; i++)
    for (int nominal = number - 1; nominal <= number + 1; nominal++)
      mark_holiday (calendar, calendar->holidays->pdata[i], nominal, year);
  for (guint i = 0; i < calendar->closures->len; i++)
    {
      const Closure *closure = calendar->closures->pdata[i];

      if (closure->day < year->first || closure->day >= year->first + year->n_days
          || year->days[closure->day - year->first].closed)
        continue;
      year->days[closure->day - year->first].name = closure->name;
      year->days[closure->day - year->first].closes_at = closure->closes_at;
      year->days[closure->day - year->first].closed = closure->closes_at == 0;
    }
  return year;
}

const Year *
calendar_year_of (const Calendar *calendar, Day day)
{
  CalendarCache *cache = calendar->cache;
  const Year *year = cache->last;

  if (year != NULL && day >= year->first && day < year->first + year->n_days)
    return year;
  int number = day_date (day).year;

  year = g_hash_table_lookup (cache->years, GINT_TO_POINTER (number));
  if (year == NULL)
    {
      Year *fresh = work_out (calendar, number);

      g_hash_table_insert (cache->years, GINT_TO_POINTER (number), fresh);
      year = fresh;
    }
  cache->last = year;
  return year;
}

const char *
day_closed_by (const Calendar *calendar, Day day)
{
  const Year *year = calendar_year_of (calendar, day);

  return year->days[day - year->first].closed ? year->days[day - year->first].name : NULL;
}

const char *
day_half_by (const Calendar *calendar, Day day, int *closes_at)
{
  const Year *year = calendar_year_of (calendar, day);

  if (year->days[day - year->first].closes_at == 0)
    return NULL;
  *closes_at = year->days[day - year->first].closes_at;
  return year->days[day - year->first].name;
}

bool
day_is_business (const Calendar *calendar, Day day)
{
  return day_weekday (day) <= G_DATE_FRIDAY && day_closed_by (calendar, day) == NULL;
}

char **
calendar_holidays (const Calendar *calendar, int number)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  if (number < CALENDAR_FIRST_YEAR || number > CALENDAR_LAST_YEAR)
    return g_strv_builder_end (list);
  const Year *year = calendar_year_of (calendar, day_from (number, 1, 1));

  for (guint i = 0; i < year->n_days; i++)
    {
      if (year->days[i].name == NULL)
        continue;
      Date date = day_date (year->first + i);
      g_autoptr (GString) line = g_string_new (NULL);

      g_string_printf (line, "%04d-%02d-%02d %s", date.year, date.month, date.day,
                       year->days[i].name);
      if (!year->days[i].closed)
        {
          g_string_append (line, " (until ");
          append_clock (line, year->days[i].closes_at);
          g_string_append_c (line, ')');
        }
      g_strv_builder_add (list, line->str);
    }
  return g_strv_builder_end (list);
}
