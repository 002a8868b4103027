/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Adding to a date, with the calculation in words.  GDate knows the lengths of months.
 */
#include "calendar/calendar-private.h"
#include "base/words.h"

#define MAX_CLOSED_RUN                                                                             \
  3660 /* days in a row; a calendar that never opens is a mistake, not a loop */
#define MAX_DAYS_NAMED 12
#define MAX_SPAN       60000000 /* of any unit; a century of minutes */

static Day
next_business_day (const Calendar *calendar, Day day, int step)
{
  for (int i = 0; i < MAX_CLOSED_RUN; i++)
    {
      day = day_within_range ((gint64) day + step);
      if (day_is_business (calendar, day))
        break;
    }
  return day;
}

/* The business day that START belongs to. */
static Day
counted_from (const Calendar *calendar, gint64 start, Day *local)
{
  int second;

  *local = calendar_local_day (calendar, start, &second);
  if (day_is_business (calendar, *local) && second <= day_closing_minute (calendar, *local) * 60)
    return *local;
  return next_business_day (calendar, *local, 1);
}

gint64
calendar_opening (const Calendar *calendar, gint64 at)
{
  Day local, day = counted_from (calendar, at, &local);

  return MAX (at, day_at (calendar, day, calendar->opens));
}

static Day
add_months (Day day, gint64 n)
{
  GDate date;
  gint64 room = (CALENDAR_LAST_YEAR - CALENDAR_FIRST_YEAR) * 12;

  n = CLAMP (n, -room, room);
  g_date_clear (&date, 1);
  g_date_set_julian (&date, day);
  if (n < 0 && g_date_get_year (&date) * 12 + n < CALENDAR_FIRST_YEAR * 12)
    return day_within_range (0);
  if (n < 0)
    g_date_subtract_months (&date, (guint) -n);
  else
    g_date_add_months (&date, (guint) n);
  return day_within_range (g_date_get_julian (&date));
}

/* "Thu 26 Nov", with its year unless that is YEAR; to be said again in other languages
 * (base/words.h). */
static char *
said_day (const Calendar *calendar, Day day, int year)
{
  g_autoptr (GString) english = g_string_new (NULL);

  append_day (english, day, year);
  return words_when (english->str, CALENDAR_SHORT, day_at (calendar, day, MINUTES_A_DAY / 2));
}

/* FORMAT takes both texts. */
static void
append_said (GString *why, const char *format, const char *text, const char *name)
{
  g_autofree char *said = words_say_list (format, (const char *const[]){ text, name, NULL });

  g_string_append (why, said);
}

/* "10 business days from Mon 23 Nov 2026": the opening words of every explanation. */
static GString *
begin_why (const Calendar *calendar, Span span, Day from)
{
  g_autofree char *length = span_say ((Span){ ABS (span.n), span.unit }),
                  *day = said_day (calendar, from, 0);
  GString *why = g_string_new (NULL);

  append_said (why, span.n < 0 ? "%s before %s" : "%s from %s", length, day);
  return why;
}

static void
append_skipped (GString *why, const Calendar *calendar, Day from, Day to)
{
  int year = day_date (from).year, n = 0;

  for (Day day = MIN (from, to); day <= MAX (from, to); day++)
    {
      const char *name = day_closed_by (calendar, day);

      if (name == NULL || day_weekday (day) > G_DATE_FRIDAY || ++n > MAX_DAYS_NAMED)
        continue;
      g_autofree char *closed = said_day (calendar, day, year), *term = words_term (name);
      append_said (why, n == 1 ? ", not counting %s (%s)" : ", %s (%s)", closed, term);
    }
  g_autofree char *more =
    n > MAX_DAYS_NAMED ? words_say (" and %d more closed days", n - MAX_DAYS_NAMED) : NULL;
  g_string_append (why, more != NULL ? more : "");
}

static void
append_half_day (GString *why, const Calendar *calendar, Day day)
{
  int closes_at;
  const char *name = day_half_by (calendar, day, &closes_at);

  if (name == NULL)
    return;
  g_autoptr (GString) clock = g_string_new (NULL);
  append_clock (clock, closes_at);
  g_autofree char *term = words_term (name);
  append_said (why, ", closing at %s (%s)", clock->str, term);
}

static gint64
add_business_days (const Calendar *calendar, gint64 start, Span span, char **why)
{
  Day local, from = counted_from (calendar, start, &local), day = from;

  for (int i = 0; i < ABS (span.n); i++)
    day = next_business_day (calendar, day, span.n < 0 ? -1 : 1);
  if (why != NULL)
    {
      GString *text = begin_why (calendar, span, from);
      g_autofree char *came = said_day (calendar, local, 0);
      g_autofree char *after = day_is_business (calendar, local)
                                 ? words_say (", the business day after the close of %s", came)
                                 : words_say (", the business day after %s", came);

      if (from != local)
        g_string_append (text, after);
      append_skipped (text, calendar, span.n < 0 ? from : local, day);
      append_half_day (text, calendar, day);
      *why = g_string_free (text, FALSE);
    }
  return day_close (calendar, day);
}

/* Days, months and years land where they land; a due date on a closed day says so. */
static gint64
add_calendar_days (const Calendar *calendar, gint64 start, Span span, char **why)
{
  Day from = calendar_local_day (calendar, start, NULL), day;

  if (span.unit == SPAN_DAYS)
    day = day_within_range ((gint64) from + span.n);
  else
    day = add_months (from, (gint64) span.n * (span.unit == SPAN_YEARS ? 12 : 1));
  if (why != NULL)
    {
      GString *text = begin_why (calendar, span, from);
      const char *name = day_closed_by (calendar, day);

      if (span.unit != SPAN_DAYS && day_date (day).day < day_date (from).day)
        {
          g_autofree char *shorter = words_say (", at the end of the shorter month");

          g_string_append (text, shorter);
        }
      append_half_day (text, calendar, day);
      if (!day_is_business (calendar, day))
        {
          g_autofree char *ends = said_day (calendar, day, 0), *term = words_term (name);
          g_autofree char *closed =
            name != NULL
              ? words_say ("; %s is not a business day (%s), and the date stays", ends, term)
              : words_say ("; %s is not a business day, and the date stays", ends);

          g_string_append (text, closed);
        }
      *why = g_string_free (text, FALSE);
    }
  return day_close (calendar, day);
}

static gint64
add_elapsed (const Calendar *calendar, gint64 start, Span span, char **why)
{
  if (why != NULL)
    {
      g_autofree char *length = span_say ((Span){ ABS (span.n), span.unit }),
                      *written = calendar_long (calendar, start);
      g_autofree char *from = words_when (written, CALENDAR_LONG, start);

      *why = span.n < 0 ? words_say ("%s before %s", length, from)
                        : words_say ("%s from %s", length, from);
    }
  return time_within_range (start) + (gint64) span.n * (span.unit == SPAN_HOURS ? 3600 : 60);
}

gint64
calendar_add (const Calendar *calendar, gint64 start, Span span, char **why)
{
  span.n = CLAMP (span.n, -MAX_SPAN, MAX_SPAN);
  switch (span.unit)
    {
    case SPAN_MINUTES:
    case SPAN_HOURS:
      return add_elapsed (calendar, start, span, why);
    case SPAN_BUSINESS_DAYS:
      return add_business_days (calendar, start, span, why);
    case SPAN_DAYS:
    case SPAN_MONTHS:
    case SPAN_YEARS:
      return add_calendar_days (calendar, start, span, why);
    }
  g_assert_not_reached ();
}

gint64
calendar_next (const Calendar *calendar, gint64 after, int month, int day)
{
  Day from = calendar_local_day (calendar, after, NULL);
  int year = day_date (from).year;

  if (day_from (year, month, day) <= from)
    year++;
  return day_close (calendar, day_within_range (day_from (year, month, day)));
}
