/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "calendar/calendar.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/words.h"
#include "lib/lab.h"

static const struct {
  const char *name, *rule;
  int first_year;
} federal_rules[] = {
  { "New Year's Day", "01-01", 0 },
  { "Birthday of Martin Luther King, Jr.", "3rd Monday of January", 1986 },
  { "Washington's Birthday", "3rd Monday of February", 0 },
  { "Memorial Day", "last Monday of May", 0 },
  { "Juneteenth National Independence Day", "06-19", 2021 },
  { "Independence Day", "07-04", 0 },
  { "Labor Day", "1st Monday of September", 0 },
  { "Columbus Day", "2nd Monday of October", 0 },
  { "Veterans Day", "11-11", 0 },
  { "Thanksgiving Day", "4th Thursday of November", 0 },
  { "Christmas Day", "12-25", 0 },
};

static Calendar *
federal (void)
{
  Calendar *calendar = calendar_new ("America/New_York", 8 * 60 + 30, 17 * 60, NULL);

  g_assert_nonnull (calendar);
  g_assert_true (calendar_set_shift (calendar, "nearest", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (federal_rules); i++)
    g_assert_true (calendar_add_holiday (calendar, federal_rules[i].name, federal_rules[i].rule,
                                         federal_rules[i].first_year, 0, NULL));
  return calendar;
}

static Calendar *
german (void)
{
  static const char *const rules[][2] = {
    { "Neujahr", "01-01" }, { "Karfreitag", "easter -2" }, { "Ostermontag", "easter +1" },
    { "Tag der Arbeit", "05-01" }, { "Christi Himmelfahrt", "easter +39" },
    { "Pfingstmontag", "easter +50" }, { "Tag der Deutschen Einheit", "10-03" },
    { "Erster Weihnachtstag", "12-25" }, { "Zweiter Weihnachtstag", "12-26" },
  };
  Calendar *calendar = calendar_new ("Europe/Berlin", 9 * 60, 18 * 60, NULL);

  g_assert_nonnull (calendar);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    g_assert_true (calendar_add_holiday (calendar, rules[i][0], rules[i][1], 0, 0, NULL));
  return calendar;
}

static gint64
at (const char *text)
{
  gint64 seconds;

  g_assert_true (clock_parse (text, &seconds, NULL));
  return seconds;
}

static void
assert_dates (const Calendar *calendar, int year, const char *want)
{
  g_auto (GStrv) list = calendar_holidays (calendar, year);
  g_autoptr (GString) dates = g_string_new (NULL);

  for (char **line = list; *line != NULL; line++)
    g_string_append_printf (dates, "%s%.5s", dates->len > 0 ? " " : "", *line + 5);
  g_assert_cmpstr (dates->str, ==, want);
}

static void
federal_holidays_are_observed (void)
{
  /* OPM's published lists; 2025 to 2030 as in the program's own table; from 2031 on by the days'
   * definitions. */
  static const struct {
    int year;
    const char *dates;
  } rows[] = {
    { 2010, "01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25 12-24 12-31" },
    { 2011, "01-17 02-21 05-30 07-04 09-05 10-10 11-11 11-24 12-26" },
    { 2012, "01-02 01-16 02-20 05-28 07-04 09-03 10-08 11-12 11-22 12-25" },
    { 2013, "01-01 01-21 02-18 05-27 07-04 09-02 10-14 11-11 11-28 12-25" },
    { 2014, "01-01 01-20 02-17 05-26 07-04 09-01 10-13 11-11 11-27 12-25" },
    { 2015, "01-01 01-19 02-16 05-25 07-03 09-07 10-12 11-11 11-26 12-25" },
    { 2016, "01-01 01-18 02-15 05-30 07-04 09-05 10-10 11-11 11-24 12-26" },
    { 2017, "01-02 01-16 02-20 05-29 07-04 09-04 10-09 11-10 11-23 12-25" },
    { 2018, "01-01 01-15 02-19 05-28 07-04 09-03 10-08 11-12 11-22 12-25" },
    { 2019, "01-01 01-21 02-18 05-27 07-04 09-02 10-14 11-11 11-28 12-25" },
    { 2020, "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25" },
    { 2021, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31" },
    { 2022, "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26" },
    { 2023, "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25" },
    { 2024, "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25" },
    { 2025, "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25" },
    { 2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25" },
    { 2027, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31" },
    { 2028, "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25" },
    { 2029, "01-01 01-15 02-19 05-28 06-19 07-04 09-03 10-08 11-12 11-22 12-25" },
    { 2030, "01-01 01-21 02-18 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25" },
    { 2031, "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25" },
    { 2032, "01-01 01-19 02-16 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31" },
    { 2033, "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26" },
    { 2034, "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25" },
    { 2035, "01-01 01-15 02-19 05-28 06-19 07-04 09-03 10-08 11-12 11-22 12-25" },
  };
  g_autoptr (Calendar) calendar = federal ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_dates (calendar, rows[i].year, rows[i].dates);
  g_assert_cmpstr (calendar_holiday_name (calendar, 2027, 12, 31), ==, "New Year's Day");
  g_assert_null (calendar_holiday_name (calendar, 2028, 1, 1));
  g_assert_false (calendar_is_business_day (calendar, 2028, 1, 1));
}

/* 5 U.S.C. 6103 day by day, without a word of the rules: where in its month a Monday or Thursday
 * must lie, and the fixed dates with what their neighbours are. */
static bool
is_fixed (GDateTime *day)
{
  static const int dates[][3] = {
    { 1, 1, 0 }, { 6, 19, 2021 }, { 7, 4, 0 }, { 11, 11, 0 }, { 12, 25, 0 }
  };

  for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
    if (g_date_time_get_month (day) == dates[i][0]
        && g_date_time_get_day_of_month (day) == dates[i][1]
        && g_date_time_get_year (day) >= dates[i][2])
      return true;
  return false;
}

static bool
is_observed (GDateTime *day)
{
  static const int weeks[][4] = { /* month, weekday, first and last day */
                                  { 1, 1, 15, 21 }, { 2, 1, 15, 21 }, { 5, 1, 25, 31 },
                                  { 9, 1, 1, 7 },   { 10, 1, 8, 14 }, { 11, 4, 22, 28 }
  };
  g_autoptr (GDateTime) before = g_date_time_add_days (day, -1),
                        after = g_date_time_add_days (day, 1);
  int weekday = g_date_time_get_day_of_week (day);

  for (guint i = 0; i < G_N_ELEMENTS (weeks); i++)
    if (g_date_time_get_month (day) == weeks[i][0] && weekday == weeks[i][1]
        && g_date_time_get_day_of_month (day) >= weeks[i][2]
        && g_date_time_get_day_of_month (day) <= weeks[i][3])
      return true;
  return weekday <= 5
         && (is_fixed (day) || (weekday == 5 && is_fixed (after))
             || (weekday == 1 && is_fixed (before)));
}

static void
the_programs_own_calendar_is_the_federal_one (void)
{
  g_autoptr (Program) program = lab_program ();
  g_autoptr (GDateTime) first = g_date_time_new_utc (2010, 1, 1, 0, 0, 0);

  for (int i = 0; i < 26 * 366; i++)
    {
      g_autoptr (GDateTime) day = g_date_time_add_days (first, i);
      int year = g_date_time_get_year (day), month = g_date_time_get_month (day),
          n = g_date_time_get_day_of_month (day);
      bool open = g_date_time_get_day_of_week (day) <= 5 && !is_observed (day);

      if (year > 2035)
        break;
      if (calendar_is_business_day (program->calendar, year, month, n) != open)
        g_error ("%04d-%02d-%02d should be %s", year, month, n, open ? "open" : "closed");
    }
}

static void
german_holidays_are_not_moved (void)
{
  g_autoptr (Calendar) calendar = german ();
  g_auto (GStrv) list = calendar_holidays (calendar, 2026);

  g_assert_cmpstr (list[1], ==, "2026-04-03 Karfreitag");
  assert_dates (calendar, 2024, "01-01 03-29 04-01 05-01 05-09 05-20 10-03 12-25 12-26");
  assert_dates (calendar, 2025, "01-01 04-18 04-21 05-01 05-29 06-09 10-03 12-25 12-26");
  assert_dates (calendar, 2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26");
  assert_dates (calendar, 2027, "01-01 03-26 03-29 05-01 05-06 05-17 10-03 12-25 12-26");
  /* The latest and the earliest Easter of the century's first half; two holidays on one day. */
  assert_dates (calendar, 2038, "01-01 04-23 04-26 05-01 06-03 06-14 10-03 12-25 12-26");
  assert_dates (calendar, 2008, "01-01 03-21 03-24 05-01 05-12 10-03 12-25 12-26");
}

typedef struct {
  const char *start, *span, *want, *why;
} AddRow;

static void
assert_added (const Calendar *calendar, const AddRow *row)
{
  g_autofree char *why = NULL, *got = NULL, *want = NULL;
  Span span;

  g_assert_true (span_parse (row->span, &span, NULL));
  got = clock_format (calendar_add (calendar, at (row->start), span, &why));
  want = clock_format (at (row->want));
  g_test_message ("%s + %s: %s", row->start, row->span, why);
  g_assert_cmpstr (got, ==, want);
  if (row->why != NULL)
    {
      g_autofree char *english = words_english (why);

      g_assert_cmpstr (english, ==, row->why);
    }
  g_assert_cmpint (calendar_add (calendar, at (row->start), span, NULL), ==, at (row->want));
}

static void
business_days_are_counted (void)
{
  static const AddRow rows[] = {
    /* The program's own examples. */
    { "2026-07-03T10:00:00-04:00", "1 business day", "2026-07-07T17:00:00-04:00",
      "1 business day from Mon 6 Jul 2026, the business day after Fri 3 Jul 2026, "
      "not counting Fri 3 Jul (Independence Day)" },
    { "2026-11-25T16:00:00-05:00", "1 business day", "2026-11-27T17:00:00-05:00",
      "1 business day from Wed 25 Nov 2026, not counting Thu 26 Nov (Thanksgiving Day)" },
    { "2027-12-30T12:00:00-05:00", "1 business day", "2028-01-03T17:00:00-05:00",
      "1 business day from Thu 30 Dec 2027, not counting Fri 31 Dec (New Year's Day)" },
    { "2026-11-23T09:00:00-05:00", "10 business days", "2026-12-08T17:00:00-05:00",
      "10 business days from Mon 23 Nov 2026, not counting Thu 26 Nov (Thanksgiving Day)" },
    /* The edges of the business hours. */
    { "2026-07-07T08:29:59-04:00", "1bd", "2026-07-08T17:00:00-04:00",
      "1 business day from Tue 7 Jul 2026" },
    { "2026-07-07T08:30:00-04:00", "1bd", "2026-07-08T17:00:00-04:00", NULL },
    { "2026-07-07T17:00:00-04:00", "1bd", "2026-07-08T17:00:00-04:00", NULL },
    { "2026-07-07T17:00:01-04:00", "1bd", "2026-07-09T17:00:00-04:00",
      "1 business day from Wed 8 Jul 2026, the business day after the close of Tue 7 Jul 2026" },
    { "2026-07-11T12:00:00-04:00", "1bd", "2026-07-14T17:00:00-04:00",
      "1 business day from Mon 13 Jul 2026, the business day after Sat 11 Jul 2026" },
    { "2026-07-11T12:00:00-04:00", "0 business days", "2026-07-13T17:00:00-04:00", NULL },
    /* Late evening in Washington is the next day in UTC. */
    { "2026-07-08T01:00:00Z", "1bd", "2026-07-09T17:00:00-04:00", NULL },
    /* Backwards: reminders before a due date. */
    { "2026-12-04T17:00:00-05:00", "-5 business days", "2026-11-27T17:00:00-05:00",
      "5 business days before Fri 4 Dec 2026" },
    { "2026-12-04T17:00:00-05:00", "-6 business days", "2026-11-25T17:00:00-05:00",
      "6 business days before Fri 4 Dec 2026, not counting Thu 26 Nov (Thanksgiving Day)" },
    { "2026-11-22T17:00:00-05:00", "-1 business day", "2026-11-20T17:00:00-05:00",
      "1 business day before Mon 23 Nov 2026, the business day after Sun 22 Nov 2026" },
    /* Across the year, named with its year when it is another one. */
    { "2026-12-30T12:00:00-05:00", "3bd", "2027-01-05T17:00:00-05:00",
      "3 business days from Wed 30 Dec 2026, not counting Fri 1 Jan 2027 (New Year's Day)" },
  };
  g_autoptr (Calendar) calendar = federal ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_added (calendar, &rows[i]);
}

static void
calendar_days_and_months_are_added (void)
{
  static const AddRow rows[] = {
    { "2027-08-31T17:00:00-04:00", "-6 months", "2027-02-28T17:00:00-05:00",
      "6 months before Tue 31 Aug 2027, at the end of the shorter month; "
      "Sun 28 Feb 2027 is not a business day, and the date stays" },
    { "2027-08-31T17:00:00-04:00", "6 months", "2028-02-29T17:00:00-05:00",
      "6 months from Tue 31 Aug 2027, at the end of the shorter month" },
    { "2028-02-29T12:00:00-05:00", "3 years", "2031-02-28T17:00:00-05:00",
      "3 years from Tue 29 Feb 2028, at the end of the shorter month" },
    { "2028-02-29T12:00:00-05:00", "-12 months", "2027-02-28T17:00:00-05:00", NULL },
    { "2027-01-31T12:00:00-05:00", "1 month", "2027-02-28T17:00:00-05:00", NULL },
    { "2026-09-01T12:00:00-04:00", "3 years", "2029-09-01T17:00:00-04:00", NULL },
    { "2026-09-27T12:00:00-04:00", "60 days", "2026-11-26T17:00:00-05:00",
      "60 days from Sun 27 Sep 2026; Thu 26 Nov 2026 is not a business day (Thanksgiving Day), and the date stays" },
    { "2026-11-23T23:59:59-05:00", "2 weeks", "2026-12-07T17:00:00-05:00",
      "14 days from Mon 23 Nov 2026" },
    { "2026-11-23T00:00:00-05:00", "-90 days", "2026-08-25T17:00:00-04:00", NULL },
    { "2026-11-23T15:00:00-05:00", "1 hour", "2026-11-23T16:00:00-05:00",
      "1 hour from Monday, November 23, 2026, 3:00 PM EST" },
  };
  g_autoptr (Calendar) calendar = federal ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_added (calendar, &rows[i]);
}

/* The program's worked rules: each date from the one before. */
static void
dates_follow_from_dates (void)
{
  static const AddRow rows[] = {
    /* The last day on which reports can go to providers, twelve months after the data came and sixty days before. */
    { "2026-03-15T10:00:00-04:00", "12 months", "2027-03-15T17:00:00-04:00", NULL },
    { "2027-03-15T17:00:00-04:00", "-60 days", "2027-01-14T17:00:00-05:00", NULL },
    /* Sent on day S: public on S + 60 at the earliest, S being day 0. */
    { "2027-01-14T09:00:00-05:00", "60 days", "2027-03-15T17:00:00-04:00", NULL },
    /* A decision within thirty days of submission, and thirty more; calendar days are not rolled forward. */
    { "2026-11-25T16:59:00-05:00", "30 days", "2026-12-25T17:00:00-05:00",
      "30 days from Wed 25 Nov 2026; Fri 25 Dec 2026 is not a business day (Christmas Day), and the date stays" },
    { "2026-12-25T17:00:00-05:00", "30 days", "2027-01-24T17:00:00-05:00", NULL },
    /* Three years, and six months before their end; a leap day ends with its month. */
    { "2024-08-31T12:00:00-04:00", "3 years", "2027-08-31T17:00:00-04:00", NULL },
    { "2027-08-31T17:00:00-04:00", "-6 months", "2027-02-28T17:00:00-05:00", NULL },
    { "2028-08-31T17:00:00-04:00", "-6 months", "2028-02-29T17:00:00-05:00", NULL },
    /* One hour, over the end of the day and of the year. */
    { "2026-12-31T23:30:00-05:00", "1 hour", "2027-01-01T00:30:00-05:00", NULL },
    /* The New Year's Day of 2028 is the last day of 2027: nobody works between the thirtieth and the third. */
    { "2027-12-30T17:00:00-05:00", "1bd", "2028-01-03T17:00:00-05:00", NULL },
    { "2027-12-30T17:00:01-05:00", "1bd", "2028-01-04T17:00:00-05:00", NULL },
    { "2027-12-31T12:00:00-05:00", "1bd", "2028-01-04T17:00:00-05:00", NULL },
    { "2028-01-03T17:00:00-05:00", "-1bd", "2027-12-30T17:00:00-05:00", NULL },
  };
  g_autoptr (Calendar) calendar = federal ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_added (calendar, &rows[i]);
}

static void
clocks_may_change (void)
{
  static const AddRow rows[] = {
    /* 8 March 2026: 2:00 becomes 3:00.  1 November 2026: 2:00 becomes 1:00. */
    { "2026-03-06T16:00:00-05:00", "1bd", "2026-03-09T17:00:00-04:00", NULL },
    { "2026-03-07T12:00:00-05:00", "1 day", "2026-03-08T17:00:00-04:00", NULL },
    { "2026-10-30T16:00:00-04:00", "1bd", "2026-11-02T17:00:00-05:00", NULL },
    { "2026-10-31T12:00:00-04:00", "1 day", "2026-11-01T17:00:00-05:00", NULL },
    { "2026-03-08T01:30:00-05:00", "1 hour", "2026-03-08T03:30:00-04:00", NULL },
    { "2026-11-01T01:30:00-04:00", "1 hour", "2026-11-01T01:30:00-05:00", NULL },
    { "2026-11-01T00:30:00-04:00", "24 hours", "2026-11-01T23:30:00-05:00", NULL },
    /* The last second in time on the Friday before, and the first one late, by the clocks of both sides. */
    { "2026-03-06T22:00:00Z", "1bd", "2026-03-09T21:00:00Z", NULL },
    { "2026-03-06T22:00:01Z", "1bd", "2026-03-10T21:00:00Z", NULL },
    { "2026-10-30T21:00:00Z", "1bd", "2026-11-02T22:00:00Z", NULL },
    { "2026-10-30T21:00:01Z", "1bd", "2026-11-03T22:00:00Z", NULL },
    { "2026-03-09T21:00:00Z", "-1bd", "2026-03-06T22:00:00Z", NULL },
    { "2026-11-02T17:00:00-05:00", "-1 day", "2026-11-01T17:00:00-05:00", NULL },
  };
  g_autoptr (Calendar) calendar = federal ();
  g_autoptr (Calendar) night = calendar_new ("America/New_York", 0, 2 * 60 + 30, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_added (calendar, &rows[i]);
  /* A close that the clocks skip is moved out of the gap; one at midnight is the next day's first
   * second. */
  g_assert_cmpint (calendar_close_of (night, 2026, 3, 8), ==, at ("2026-03-08T03:00:00-04:00"));
  g_autoptr (Calendar) all_day = calendar_new ("America/New_York", 0, 24 * 60, NULL);
  g_assert_cmpint (calendar_close_of (all_day, 2026, 3, 7), ==, at ("2026-03-08T00:00:00-05:00"));
}

static void
berlin_counts_its_own_days (void)
{
  static const AddRow rows[] = {
    { "2026-04-02T10:00:00+02:00", "1bd", "2026-04-07T18:00:00+02:00",
      "1 business day from Thu 2 Apr 2026, not counting Fri 3 Apr (Karfreitag), "
      "Mon 6 Apr (Ostermontag)" },
    { "2026-10-02T10:00:00+02:00", "1bd", "2026-10-05T18:00:00+02:00",
      "1 business day from Fri 2 Oct 2026" },
    { "2026-03-27T10:00:00+01:00", "1bd", "2026-03-30T18:00:00+02:00", NULL },
  };
  g_autoptr (Calendar) calendar = german ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_added (calendar, &rows[i]);
}

static void
closures_and_half_days_count (void)
{
  static const AddRow rows[] = {
    { "2026-12-23T12:00:00-05:00", "1bd", "2026-12-24T13:00:00-05:00",
      "1 business day from Wed 23 Dec 2026, closing at 1:00 PM (Christmas Eve)" },
    { "2026-12-24T13:00:00-05:00", "1bd", "2026-12-28T17:00:00-05:00", NULL },
    { "2026-12-24T13:00:01-05:00", "1bd", "2026-12-29T17:00:00-05:00",
      "1 business day from Mon 28 Dec 2026, the business day after the close of Thu 24 Dec 2026, "
      "not counting Fri 25 Dec (Christmas Day)" },
    { "2026-01-23T12:00:00-05:00", "1bd", "2026-01-27T17:00:00-05:00",
      "1 business day from Fri 23 Jan 2026, not counting Mon 26 Jan (Snow)" },
  };
  g_autoptr (Calendar) calendar = federal ();
  g_autofree char *before = g_strdup (calendar_version (calendar));

  g_assert_cmpint (
    calendar_add (calendar, at (rows[3].start), (Span){ 1, SPAN_BUSINESS_DAYS }, NULL), ==,
    at ("2026-01-26T17:00:00-05:00"));
  g_assert_true (calendar_add_closure (calendar, "2026-12-24", "Christmas Eve", 13 * 60, NULL));
  g_assert_true (calendar_add_closure (calendar, "2026-01-26", "Snow", 0, NULL));
  g_assert_true (calendar_add_closure (calendar, "2026-12-25", "Also closed", 0, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_added (calendar, &rows[i]);
  g_assert_cmpstr (calendar_version (calendar), !=, before);
  g_assert_true (calendar_is_business_day (calendar, 2026, 12, 24));
  g_assert_null (calendar_holiday_name (calendar, 2026, 12, 24));
  g_assert_cmpstr (calendar_holiday_name (calendar, 2026, 12, 25), ==, "Christmas Day");

  g_auto (GStrv) list = calendar_holidays (calendar, 2026);
  g_assert_true (g_strv_contains ((const char *const *) list,
                                  "2026-12-24 Christmas Eve (until 1:00 PM)"));
}

static void
a_rule_may_end (void)
{
  g_autoptr (Calendar) calendar = calendar_new ("America/New_York", 540, 1020, NULL);

  g_assert_true (calendar_set_shift (calendar, "nearest", NULL));
  g_assert_true (calendar_add_holiday (calendar, "X", "01-01", 2011, 2022, NULL));
  g_assert_true (calendar_add_holiday (calendar, "Y", "5th Monday of March", 0, 0, NULL));
  g_assert_true (calendar_add_holiday (calendar, "Z", "02-29", 0, 0, NULL));
  assert_dates (calendar, 2010, "03-29 12-31"); /* for 2011 */
  assert_dates (calendar, 2021, "01-01 03-29 12-31"); /* for 2022 */
  assert_dates (calendar, 2023, "");
  assert_dates (calendar, 2032, "03-01 03-29"); /* 29 February is a Sunday */
}

static void
a_calendar_that_never_opens_ends (void)
{
  g_autoptr (Calendar) calendar = calendar_new ("UTC", 540, 1020, NULL);

  for (int month = 1; month <= 12; month++)
    for (int day = 1; day <= 31; day++)
      {
        g_autofree char *rule = g_strdup_printf ("%02d-%02d", month, day);
        calendar_add_holiday (calendar, "closed", rule, 0, 0, NULL);
      }
  g_autofree char *why = NULL;
  calendar_add (calendar, at ("2026-01-01T00:00:00Z"), (Span){ 5, SPAN_BUSINESS_DAYS }, &why);
  g_assert_cmpuint (strlen (why), <, 1000);
  /* Nor do the ends of time. */
  calendar_add (calendar, G_MAXINT64, (Span){ G_MAXINT, SPAN_YEARS }, NULL);
  calendar_add (calendar, G_MININT64, (Span){ G_MININT, SPAN_MONTHS }, NULL);
  calendar_add (calendar, G_MININT64, (Span){ G_MININT, SPAN_DAYS }, NULL);
}

static void
business_days_between_are_counted (void)
{
  g_autoptr (Calendar) calendar = federal ();
  gint64 wednesday = at ("2026-11-25T09:00:00-05:00"), monday = at ("2026-11-30T09:00:00-05:00");

  g_assert_cmpint (calendar_business_days_between (calendar, wednesday, monday), ==, 2);
  g_assert_cmpint (calendar_business_days_between (calendar, monday, wednesday), ==, -2);
  g_assert_cmpint (calendar_business_days_between (calendar, monday, monday), ==, 0);
  g_assert_cmpint (calendar_business_days_between (calendar, at ("2026-01-01T12:00:00-05:00"),
                                                   at ("2026-12-31T12:00:00-05:00")), ==, 250);
}

static void
dates_are_read (void)
{
  static const struct {
    const char *text, *want; /* due date, or the start of the refusal */
  } rows[] = {
    { "2026-12-04", "20261204" }, { "12/04/2026", "20261204" }, { "12/4/2026", "20261204" },
    { "4 December 2026", "20261204" }, { "December 4, 2026", "20261204" },
    { "Dec. 4, 2026", "20261204" }, { " 4 dec 2026 ", "20261204" }, { "4th December 2026", "20261204" },
    { "Friday, December 4, 2026", "20261204" }, { "Fri 4 Dec 2026", "20261204" },
    { "29 February 2028", "20280229" },
    { "03/04/27", "'03/04/27' can be misread: write 2027-03-04 or 2027-04-03" },
    { "13/04/2026", "'13/04/2026' can be misread: write 2026-04-13" },
    { "04.12.2026", "'04.12.2026' can be misread: write 2026-04-12 or 2026-12-04" },
    { "04-12-2026", "'04-12-2026' can be misread: write 2026-04-12 or 2026-12-04" },
    { "2026/12/04", "'2026/12/04' can be misread: write 2026-12-04" },
    { "31/12/26", "'31/12/26' can be misread: write 2026-12-31" },
    { "Thursday, December 4, 2026",
      "'Thursday, December 4, 2026' cannot be: that day is a Friday; write 2026-12-04 if it is meant" },
    { "29 February 2027", "'29 February 2027' is not a date: write it as in 2026-12-04 or December 4, 2026" },
    { "4 December 26", "'4 December 26' is not a date" },
    { "2026-13-01", "'2026-13-01' is not a date" }, { "02/30/2026", "'02/30/2026' is not a date" },
    { "1026-12-04", "'1026-12-04' is not a date" }, { "", "'' is not a date" },
    { "next Friday", "'next Friday' is not a date" }, { "December 4", "'December 4' is not a date" },
    { "4 4 2026", "'4 4 2026' can be misread: write 2026-04-04" },
    { "2026-12-04x", "'2026-12-04x' is not a date" }, { "+026-12-04", "'+026-12-04' is not a date" },
    { "99999999999999/1/2026", "'99999999999999/1/2026' is not a date" },
  };
  g_autoptr (Calendar) calendar = federal ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 due = -1;

      if (calendar_parse_date (calendar, rows[i].text, &due, &error))
        {
          g_autofree char *day = g_strdup_printf ("%d", calendar_day_number (calendar, due));
          g_assert_cmpstr (day, ==, rows[i].want);
          continue;
        }
      g_assert_error (error, QEC_ERROR, QEC_ERROR_INVALID);
      g_assert_cmpint (due, ==, -1);
      if (!g_str_has_prefix (error->message, rows[i].want))
        g_assert_cmpstr (error->message, ==, rows[i].want);
    }
}

static void
spans_are_read (void)
{
  static const struct {
    const char *text;
    int n;
    SpanUnit unit;
    const char *written; /* NULL: refused */
  } rows[] = {
    { "10 business days", 10, SPAN_BUSINESS_DAYS, "10 business days" },
    { "10bd", 10, SPAN_BUSINESS_DAYS, "10 business days" },
    { "1 Business  Day", 1, SPAN_BUSINESS_DAYS, "1 business day" },
    { "90 days", 90, SPAN_DAYS, "90 days" }, { "90d", 90, SPAN_DAYS, "90 days" },
    { "1 day", 1, SPAN_DAYS, "1 day" }, { "30 calendar days", 30, SPAN_DAYS, "30 days" },
    { "6 months", 6, SPAN_MONTHS, "6 months" }, { "3 years", 3, SPAN_YEARS, "3 years" },
    { "1 hour", 1, SPAN_HOURS, "1 hour" }, { "2 weeks", 14, SPAN_DAYS, "14 days" },
    { "15 min", 15, SPAN_MINUTES, "15 minutes" }, { "-6 months", -6, SPAN_MONTHS, "-6 months" },
    { "- 1 bd", -1, SPAN_BUSINESS_DAYS, NULL }, { "+7 days", 7, SPAN_DAYS, "7 days" },
    { "0 days", 0, SPAN_DAYS, "0 days" }, { "", 0, 0, NULL }, { "days", 0, 0, NULL },
    { "10", 0, 0, NULL }, { "1.5 hours", 0, 0, NULL }, { "10 fortnights", 0, 0, NULL },
    { "5m", 0, 0, NULL }, { "99999999999 days", 0, 0, NULL }, { "101 years", 0, 0, NULL },
    { "--1 day", 0, 0, NULL }, { "1 day ago", 0, 0, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      Span span = { -77, SPAN_MONTHS };

      if (rows[i].written == NULL)
        {
          g_assert_false (span_parse (rows[i].text, &span, &error));
          g_assert_error (error, QEC_ERROR, QEC_ERROR_INVALID);
          g_assert_cmpint (span.n, ==, -77);
          continue;
        }
      g_assert_true (span_parse (rows[i].text, &span, &error));
      g_assert_cmpint (span.n, ==, rows[i].n);
      g_assert_cmpint (span.unit, ==, rows[i].unit);
      g_autofree char *written = span_format (span);
      g_assert_cmpstr (written, ==, rows[i].written);
    }
}

static void
dates_are_written (void)
{
  g_autoptr (Calendar) calendar = federal ();
  gint64 close = calendar_close_of (calendar, 2026, 12, 4);
  g_autofree char *text = calendar_long (calendar, close),
                  *brief = calendar_short (calendar, close);
  g_autofree char *night = calendar_long (calendar, at ("2026-07-04T04:05:59Z"));
  g_autofree char *noon = calendar_long (calendar, at ("2026-07-04T16:00:00Z"));

  g_assert_cmpstr (text, ==, "Friday, December 4, 2026, 5:00 PM EST");
  g_assert_cmpstr (brief, ==, "Fri 4 Dec 2026");
  g_assert_cmpstr (night, ==, "Saturday, July 4, 2026, 12:05 AM EDT");
  g_assert_cmpstr (noon, ==, "Saturday, July 4, 2026, 12:00 PM EDT");
  g_assert_cmpint (calendar_year (calendar, at ("2027-01-01T04:59:59Z")), ==, 2026);
  g_assert_cmpint (calendar_day_number (calendar, at ("2027-01-01T04:59:59Z")), ==, 20261231);
}

static void
dates_are_written_in_the_programs_language (void)
{
  static const struct {
    const char *tag, *at, *full, *brief;
  } rows[] = {
    { "de", "2026-12-04T17:00:00+01:00", "Freitag, 4. Dezember 2026, 17:00 Uhr MEZ", "Fr, 4. Dez. 2026" },
    { "de-AT", "2027-03-01T08:05:00+01:00", "Montag, 1. März 2027, 8:05 Uhr MEZ", "Mo, 1. März 2027" },
    { "DE", "2026-07-04T00:00:00+02:00", "Samstag, 4. Juli 2026, 0:00 Uhr MESZ", "Sa, 4. Juli 2026" },
    { "es", "2026-12-02T17:00:00+01:00", "miércoles, 2 de diciembre de 2026, 17:00 CET", "mié 2 dic 2026" },
    { "xx", "2026-12-04T17:00:00+01:00", "Friday, December 4, 2026, 5:00 PM CET", "Fri 4 Dec 2026" },
  };
  g_autoptr (Calendar) calendar = german ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      calendar_set_language (calendar, rows[i].tag);
      g_autofree char *full = calendar_long (calendar, at (rows[i].at)),
                      *brief = calendar_short (calendar, at (rows[i].at));

      g_assert_cmpstr (full, ==, rows[i].full);
      g_assert_cmpstr (brief, ==, rows[i].brief);
    }
}

static void
dates_are_read_in_the_programs_language (void)
{
  static const struct {
    const char *text;
    int day; /* 0: refused */
  } rows[] = {
    { "4. Dezember 2026", 20261204 }, { "Freitag, 4. Dezember 2026", 20261204 }, { "04.12.2026", 20261204 },
    { "4.12.2026", 20261204 }, { "1. März 2027", 20270301 }, { "1 Mär 2027", 20270301 }, { "2026-12-04", 20261204 },
    { "4 December 2026", 20261204 }, { "31.02.2026", 0 }, { "Montag, 4. Dezember 2026", 0 }, { "4.12.26", 0 },
  };
  g_autoptr (Calendar) calendar = german (), english = federal ();
  gint64 due;

  calendar_set_language (calendar, "de");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      bool good = calendar_parse_date (calendar, rows[i].text, &due, NULL);

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (good ? calendar_day_number (calendar, due) : 0, ==, rows[i].day);
    }
  g_assert_false (calendar_parse_date (english, "04.12.2026", &due, NULL));
  g_assert_false (calendar_parse_date (english, "4. Dezember 2026", &due, NULL));
}

static void
mistakes_are_refused (void)
{
  static const char *const zones[] = {
    "Nowhere/Town",           "",    "/etc/localtime", "../../etc/passwd", "+05:00",
    "EST5EDT,M3.2.0,M11.1.0", ":UTC"
  };
  static const char *const rules[] = { "13-01",
                                       "02-30",
                                       "1-1",
                                       "6th Monday of May",
                                       "3rd Mon of Mai",
                                       "first Monday of May",
                                       "easter 1",
                                       "easter +",
                                       "easter +400",
                                       "easter ++1",
                                       "",
                                       "12-25 ",
                                       "Monday" };
  static const char *const days[] = { "2026-02-29", "24.12.2026", "2026-1-1", "" };
  g_autoptr (Calendar) calendar = federal ();

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", zones[i]);
      g_assert_null (calendar_new (zones[i], 540, 1020, &error));
      g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", rules[i]);
      g_assert_false (calendar_add_holiday (calendar, "x", rules[i], 0, 0, &error));
      g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
    }
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    g_assert_false (calendar_add_closure (calendar, days[i], "x", 0, NULL));
  g_assert_false (calendar_add_closure (calendar, "2026-12-24", "x", 60, NULL));
  g_assert_false (calendar_set_shift (calendar, "forward", NULL));
  g_assert_null (calendar_new ("UTC", 1020, 540, NULL));
  g_assert_false (calendar_is_business_day (calendar, 2026, 2, 30));
}

static void
the_version_follows_every_change (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (Calendar) a = calendar_new ("UTC", 540, 1020, NULL);
  g_autoptr (Calendar) b = calendar_new ("UTC", 541, 1020, NULL);
  g_autoptr (Calendar) c = calendar_new ("Europe/Berlin", 540, 1020, NULL);

  g_assert_true (g_hash_table_add (seen, g_strdup (calendar_version (a))));
  g_assert_true (g_hash_table_add (seen, g_strdup (calendar_version (b))));
  g_assert_true (g_hash_table_add (seen, g_strdup (calendar_version (c))));
  calendar_set_shift (a, "nearest", NULL);
  g_assert_true (g_hash_table_add (seen, g_strdup (calendar_version (a))));
  calendar_add_holiday (a, "x", "01-01", 0, 0, NULL);
  g_assert_true (g_hash_table_add (seen, g_strdup (calendar_version (a))));
  calendar_add_closure (a, "2026-01-02", "x", 0, NULL);
  g_assert_true (g_hash_table_add (seen, g_strdup (calendar_version (a))));
}

/* --- the time-zone database ------------------------------------------------- */

/* The version of a calendar of New York when its file in the database is that of ZONE, of a release
 * called RELEASE. */
static char *
version_with (const char *zone, const char *release)
{
  g_autofree char *dir = g_dir_make_tmp ("qecp-zone-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (dir, "America", NULL),
                  *file = g_build_filename (folder, "New_York", NULL);
  g_autofree char *said = g_build_filename (dir, "tzdata.zi", NULL);
  g_autofree char *from = g_build_filename ("/usr/share/zoneinfo", zone, NULL), *bytes = NULL;
  g_autofree char *line =
    g_strdup_printf ("# version %s\n# This zic input file is in the public domain.\n", release);
  g_autofree char *before = g_strdup (g_getenv ("TZDIR"));
  gsize n = 0;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_get_contents (from, &bytes, &n, NULL)
                 && g_file_set_contents (file, bytes, (gssize) n, NULL)
                 && g_file_set_contents (said, line, -1, NULL));
  g_setenv ("TZDIR", dir, TRUE);
  g_autoptr (Calendar) calendar = calendar_new ("America/New_York", 540, 1020, NULL);
  g_assert_nonnull (calendar);
  char *version = g_strdup (calendar_version (calendar));
  if (before != NULL)
    g_setenv ("TZDIR", before, TRUE);
  else
    g_unsetenv ("TZDIR");
  g_remove (file);
  g_remove (said);
  g_rmdir (folder);
  g_rmdir (dir);
  return version;
}

static void
a_release_that_moves_no_date_is_the_same_version (void)
{
  g_autofree char *one = version_with ("America/New_York", "2025b"),
                  *two = version_with ("America/New_York", "2026z");
  g_autofree char *past =
    version_with ("America/Detroit", "2026z"); /* another past, the same clocks since 1975 */
  g_autofree char *other = version_with ("America/Chicago", "2026z");
  g_autofree char *without = version_with ("America/Panama", "2026z"); /* no summer time any more */

  g_assert_cmpstr (one, ==, two);
  g_assert_cmpstr (one, ==, past);
  g_assert_cmpstr (one, !=, other);
  g_assert_cmpstr (one, !=, without);
}

static void
a_million_dates_are_quick (void)
{
  g_autoptr (Calendar) calendar = federal ();
  gint64 start = at ("2026-01-05T10:00:00-05:00"), sum = 0;

  if (!g_test_perf ())
    {
      g_test_skip ("timing: run with -m perf");
      return;
    }
  g_test_timer_start ();
  for (int i = 0; i < 1000000; i++)
    sum += calendar_add (calendar, start + i * 137, (Span){ 10, SPAN_BUSINESS_DAYS }, NULL);
  g_assert_cmpint (sum, >, 0);
  g_test_minimized_result (g_test_timer_elapsed (), "a million due dates");
}

/* Rounds at 7:30 of working days and of Mondays: over a weekend, a holiday, a change of the
 * clocks. */
static void
rounds_come_on_open_days (void)
{
  enum { WORKING_DAYS = 0x1f, MONDAYS = 1 };
  static const struct {
    guint weekdays;
    const char *after, *next;
  } rows[] = {
    { WORKING_DAYS, "2026-11-24T07:00:00-05:00", "2026-11-24T07:30:00-05:00" },
    { WORKING_DAYS, "2026-11-24T07:30:00-05:00", "2026-11-25T07:30:00-05:00" },
    { WORKING_DAYS, "2026-11-25T12:00:00-05:00", "2026-11-27T07:30:00-05:00" }, /* Thanksgiving */
    { WORKING_DAYS, "2026-11-27T08:00:00-05:00", "2026-11-30T07:30:00-05:00" },
    { MONDAYS, "2026-09-01T12:00:00-04:00", "2026-09-08T07:30:00-04:00" },      /* Labor Day: made up for on Tuesday, */
    { MONDAYS, "2026-09-08T07:30:00-04:00", "2026-09-14T07:30:00-04:00" },      /* once */
    { MONDAYS, "2026-09-07T23:00:00-04:00", "2026-09-08T07:30:00-04:00" },
    { MONDAYS, "2026-10-27T12:00:00-04:00", "2026-11-02T07:30:00-05:00" },      /* clocks went back */
    { 1 << 5, "2026-11-23T12:00:00-05:00", "2026-11-30T07:30:00-05:00" },       /* Saturdays: on Monday */
  };
  g_autoptr (Calendar) calendar = federal ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *next = clock_format (
        calendar_next_round (calendar, at (rows[i].after), rows[i].weekdays, 7 * 60 + 30));
      g_autofree char *want = clock_format (at (rows[i].next));

      g_assert_cmpstr (next, ==, want);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calendar/federal-holidays", federal_holidays_are_observed);
  g_test_add_func ("/calendar/own-calendar", the_programs_own_calendar_is_the_federal_one);
  g_test_add_func ("/calendar/german-holidays", german_holidays_are_not_moved);
  g_test_add_func ("/calendar/business-days", business_days_are_counted);
  g_test_add_func ("/calendar/days-and-months", calendar_days_and_months_are_added);
  g_test_add_func ("/calendar/dates-from-dates", dates_follow_from_dates);
  g_test_add_func ("/calendar/clock-changes", clocks_may_change);
  g_test_add_func ("/calendar/berlin", berlin_counts_its_own_days);
  g_test_add_func ("/calendar/closures", closures_and_half_days_count);
  g_test_add_func ("/calendar/first-and-last-year", a_rule_may_end);
  g_test_add_func ("/calendar/never-open", a_calendar_that_never_opens_ends);
  g_test_add_func ("/calendar/between", business_days_between_are_counted);
  g_test_add_func ("/calendar/rounds", rounds_come_on_open_days);
  g_test_add_func ("/calendar/read-dates", dates_are_read);
  g_test_add_func ("/calendar/read-spans", spans_are_read);
  g_test_add_func ("/calendar/write-dates", dates_are_written);
  g_test_add_func ("/calendar/write-in-a-language", dates_are_written_in_the_programs_language);
  g_test_add_func ("/calendar/read-in-a-language", dates_are_read_in_the_programs_language);
  g_test_add_func ("/calendar/mistakes", mistakes_are_refused);
  g_test_add_func ("/calendar/version", the_version_follows_every_change);
  g_test_add_func ("/calendar/quick", a_million_dates_are_quick);
  g_test_add_func ("/calendar/a-release-that-moves-no-date-is-the-same-version",
                   a_release_that_moves_no_date_is_the_same_version);
  return g_test_run ();
}
