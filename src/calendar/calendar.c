/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The calendar itself: making it, its days and the local time.  GDate counts the days; GTimeZone
 * knows what the clocks say.
 */
#include "calendar/calendar.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/error.h"
#include "calendar/calendar-private.h"

#define UNIX_EPOCH      719163 /* 1 January 1970 as a Day */

bool
day_exists (int year, int month, int day)
{
  return year >= CALENDAR_FIRST_YEAR - 1 && year <= CALENDAR_LAST_YEAR + 1 && month >= 1
         && month <= 12 && day >= 1 && day <= 31
         && g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year);
}

Day
day_from (int year, int month, int day)
{
  GDate date;

  g_assert (day_exists (year, month, day));
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return g_date_get_julian (&date);
}

Date
day_date (Day day)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, day);
  return (Date){ g_date_get_year (&date), (int) g_date_get_month (&date), g_date_get_day (&date) };
}

int
day_weekday (Day day)
{
  return (int) ((day - 1) % 7) + 1;
}

static void
holiday_free (gpointer data)
{
  Holiday *holiday = data;

  g_free (holiday->name);
  g_free (holiday->text);
  g_free (holiday);
}

static void
closure_free (gpointer data)
{
  Closure *closure = data;

  g_free (closure->name);
  g_free (closure);
}

static void
forget (Calendar *calendar)
{
  calendar->cache->last = NULL;
  g_hash_table_remove_all (calendar->cache->years);
  g_clear_pointer (&calendar->cache->version, g_free);
}

/* A name as in the database: GLib would also take paths, offsets and POSIX rules. */
static GTimeZone *
find_zone (const char *name)
{
  if (!g_ascii_isalpha (name[0]) || strstr (name, "..") != NULL || strchr (name, ',') != NULL)
    return NULL;
  return g_time_zone_new_identifier (name);
}

Calendar *
calendar_new (const char *zone, int opens, int closes, GError **error)
{
  g_autoptr (GTimeZone) found = find_zone (zone);

  if (found == NULL)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
                   "'%s' is not a time zone: write it as in America/New_York", zone);
      return NULL;
    }
  if (opens < 0 || opens >= closes || closes > MINUTES_A_DAY)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
                   "business hours must open before they close");
      return NULL;
    }
  Calendar *calendar = g_new0 (Calendar, 1);

  calendar->language = calendar_language (NULL);
  calendar->zone = g_steal_pointer (&found);
  calendar->zone_name = g_strdup (zone);
  calendar->opens = opens;
  calendar->closes = closes;
  calendar->holidays = g_ptr_array_new_with_free_func (holiday_free);
  calendar->closures = g_ptr_array_new_with_free_func (closure_free);
  calendar->cache = g_new0 (CalendarCache, 1);
  calendar->cache->years = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return calendar;
}

void
calendar_free (Calendar *calendar)
{
  if (calendar == NULL)
    return;
  g_time_zone_unref (calendar->zone);
  g_free (calendar->zone_name);
  g_ptr_array_unref (calendar->holidays);
  g_ptr_array_unref (calendar->closures);
  g_hash_table_unref (calendar->cache->years);
  g_free (calendar->cache->version);
  g_free (calendar->cache);
  g_free (calendar);
}

Calendar *
calendar_copy (const Calendar *from)
{
  Calendar *to = calendar_new (from->zone_name, from->opens, from->closes, NULL);

  to->language = from->language;
  to->nearest = from->nearest;
  for (guint i = 0; i < from->holidays->len; i++)
    {
      const Holiday *h = from->holidays->pdata[i];
      Holiday *copy = g_memdup2 (h, sizeof *h);

      copy->name = g_strdup (h->name);
      copy->text = g_strdup (h->text);
      g_ptr_array_add (to->holidays, copy);
    }
  for (guint i = 0; i < from->closures->len; i++)
    {
      const Closure *c = from->closures->pdata[i];
      Closure *copy = g_memdup2 (c, sizeof *c);

      copy->name = g_strdup (c->name);
      g_ptr_array_add (to->closures, copy);
    }
  return to;
}

void
calendar_set_language (Calendar *calendar, const char *tag)
{
  calendar->language = calendar_language (tag);
}

bool
calendar_set_shift (Calendar *calendar, const char *shift, GError **error)
{
  bool nearest = strcmp (shift, "nearest") == 0;

  if (!nearest && strcmp (shift, "none") != 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
                   "'%s' is not a weekend shift: write none or nearest", shift);
      return false;
    }
  calendar->nearest = nearest;
  forget (calendar);
  return true;
}

bool
calendar_add_holiday (Calendar *calendar, const char *name, const char *rule, int first_year,
                      int last_year, GError **error)
{
  Rule parsed;

  if (!rule_parse (rule, &parsed))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
                   "'%s' is not a holiday rule: write it as in '07-04', '3rd Monday of January', "
                   "'last Monday of May' or 'easter +1'", rule);
      return false;
    }
  Holiday *holiday = g_new0 (Holiday, 1);

  *holiday = (Holiday){ g_strdup (name), g_strdup (rule), parsed, first_year, last_year };
  g_ptr_array_add (calendar->holidays, holiday);
  forget (calendar);
  return true;
}

bool
calendar_add_closure (Calendar *calendar, const char *date, const char *name, int closes_at,
                      GError **error)
{
  int year, month, day;
  char end;

  if (strlen (date) != 10 || strspn (date, "0123456789-") != 10
      || sscanf (date, "%4d-%2d-%2d%c", &year, &month, &day, &end) != 3
      || !day_exists (year, month, day))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "'%s' is not a date such as 2026-12-24",
                   date);
      return false;
    }
  if (closes_at != 0 && (closes_at <= calendar->opens || closes_at > MINUTES_A_DAY))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "the half day %s closes before it opens",
                   date);
      return false;
    }
  Closure *closure = g_new0 (Closure, 1);

  *closure = (Closure){ g_strdup (name), day_from (year, month, day), closes_at };
  g_ptr_array_add (calendar->closures, closure);
  forget (calendar);
  return true;
}

/* The years whose clock changes belong to the version: those a case may count in.  Beyond 2037 a
 * zone's file has no changes of its own any more, and what a new release says of the past moves no
 * date. */
enum { FIRST_ZONE_YEAR = 2000, LAST_ZONE_YEAR = 2037 };

/* The moment interval N of ZONE begins; it lies between AFTER and UNTIL. */
static gint64
begin_of (GTimeZone *zone, int n, gint64 after, gint64 until)
{
  while (until - after > 1)
    {
      gint64 middle = after + (until - after) / 2;

      if (g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, middle) >= n)
        until = middle;
      else
        after = middle;
    }
  return until;
}

/* What the clocks show and when that changes: not which release of the database says so, because
 * most releases are about other zones, and a date that stays has to keep its version. */
static void
append_zone (GString *text, GTimeZone *zone)
{
  const gint64 first = ((gint64) day_from (FIRST_ZONE_YEAR, 1, 1) - UNIX_EPOCH) * SECONDS_A_DAY;
  const gint64 last = ((gint64) day_from (LAST_ZONE_YEAR, 12, 31) - UNIX_EPOCH) * SECONDS_A_DAY;
  int n = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, first);
  const int end = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, last);
  int offset = g_time_zone_get_offset (zone, n);
  gint64 begin = first;

  g_string_append_printf (text, "%d\n", offset);
  while (n++ < end)
    {
      begin = begin_of (zone, n, begin, last);
      if (g_time_zone_get_offset (zone, n) == offset)
        continue;
      offset = g_time_zone_get_offset (zone, n);
      g_string_append_printf (text, "%" G_GINT64_FORMAT " %d\n", begin, offset);
    }
}

const char *
calendar_version (const Calendar *calendar)
{
  if (calendar->cache->version != NULL)
    return calendar->cache->version;
  g_autoptr (GString) all = g_string_new (NULL);

  g_string_printf (all, "%s %d %d %d\n", calendar->zone_name, calendar->opens, calendar->closes,
                   calendar->nearest);
  append_zone (all, calendar->zone);
  for (guint i = 0; i < calendar->holidays->len; i++)
    {
      const Holiday *h = calendar->holidays->pdata[i];
      g_string_append_printf (all, "%s %d %d %s\n", h->text, h->first_year, h->last_year, h->name);
    }
  for (guint i = 0; i < calendar->closures->len; i++)
    {
      const Closure *c = calendar->closures->pdata[i];
      g_string_append_printf (all, "%u %d %s\n", c->day, c->closes_at, c->name);
    }
  char hash[65];

  digest_of (all->str, (gssize) all->len, hash);
  calendar->cache->version = g_strdup_printf ("%s %.12s", calendar->zone_name, hash);
  return calendar->cache->version;
}

gint64
time_within_range (gint64 at)
{
  const gint64 first = ((gint64) day_from (CALENDAR_FIRST_YEAR, 1, 2) - UNIX_EPOCH) * SECONDS_A_DAY;
  const gint64 last = ((gint64) day_from (CALENDAR_LAST_YEAR, 12, 30) - UNIX_EPOCH) * SECONDS_A_DAY;

  return CLAMP (at, first, last);
}

Day
calendar_local_day (const Calendar *calendar, gint64 at, int *second)
{
  at = time_within_range (at);
  int interval = g_time_zone_find_interval (calendar->zone, G_TIME_TYPE_UNIVERSAL, at);
  gint64 local = at + g_time_zone_get_offset (calendar->zone, interval)
                 + (gint64) UNIX_EPOCH * SECONDS_A_DAY;

  if (second != NULL)
    *second = (int) (local % SECONDS_A_DAY);
  return (Day) (local / SECONDS_A_DAY);
}

Day
day_within_range (gint64 day)
{
  return (Day) CLAMP (day, (gint64) day_from (CALENDAR_FIRST_YEAR, 1, 2),
                      (gint64) day_from (CALENDAR_LAST_YEAR, 12, 30));
}

int
day_closing_minute (const Calendar *calendar, Day day)
{
  int closes_at = calendar->closes;

  day_half_by (calendar, day, &closes_at);
  return closes_at;
}

gint64
day_close (const Calendar *calendar, Day day)
{
  return day_at (calendar, day, day_closing_minute (calendar, day));
}

gint64
day_at (const Calendar *calendar, Day day, int minutes)
{
  gint64 local = ((gint64) day - UNIX_EPOCH) * SECONDS_A_DAY + minutes * 60;
  /* A time that the clocks skip is moved past the gap. */
  int interval = g_time_zone_adjust_time (calendar->zone, G_TIME_TYPE_STANDARD, &local);

  return local - g_time_zone_get_offset (calendar->zone, interval);
}

bool
calendar_is_business_day (const Calendar *calendar, int year, int month, int day)
{
  return day_exists (year, month, day) && day_is_business (calendar, day_from (year, month, day));
}

const char *
calendar_holiday_name (const Calendar *calendar, int year, int month, int day)
{
  return day_exists (year, month, day) ? day_closed_by (calendar, day_from (year, month, day))
                                       : NULL;
}

int
calendar_business_days_between (const Calendar *calendar, gint64 start, gint64 end)
{
  Day from = calendar_local_day (calendar, start, NULL),
      to = calendar_local_day (calendar, end, NULL);
  int n = 0;

  for (Day day = MIN (from, to) + 1; day <= MAX (from, to); day++)
    n += day_is_business (calendar, day);
  return from <= to ? n : -n;
}

gint64
calendar_close_of (const Calendar *calendar, int year, int month, int day)
{
  return day_close (calendar, day_within_range (day_from (year, month, day)));
}

gint64
calendar_close_of_day (const Calendar *calendar, int day_number)
{
  return calendar_close_of (calendar, day_number / 10000, day_number / 100 % 100, day_number % 100);
}

char *
calendar_day_text (const Calendar *calendar, gint64 at)
{
  int day = calendar_day_number (calendar, at);

  return g_strdup_printf ("%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
}

int
calendar_year (const Calendar *calendar, gint64 at)
{
  return day_date (calendar_local_day (calendar, at, NULL)).year;
}

int
calendar_day_number (const Calendar *calendar, gint64 at)
{
  Date date = day_date (calendar_local_day (calendar, at, NULL));

  return date.year * 10000 + date.month * 100 + date.day;
}
