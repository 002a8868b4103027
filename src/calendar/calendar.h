/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dates as the program counts them: its time zone, its business hours, its
 * holidays by rule and its listed closures.
 *
 * A holiday rule is one of
 *   "MM-DD"                        a fixed date
 *   "Nth WEEKDAY of MONTH"         "3rd Monday of January", "last Monday of May"
 *   "easter +N" / "easter -N"      days from (western) Easter Sunday
 * with an optional first and last year, and is moved when it falls on a weekend
 * according to the calendar's weekend shift ("none", "nearest": Saturday to the
 * Friday before, Sunday to the Monday after; 5 U.S.C. 6103(b), E.O. 11582).  A shift
 * may cross the year: the observed holidays of a year include those of the next.
 *
 * Due dates fall at the close of business of their day.  Everything here is a
 * pure function of the calendar; nothing asks for the present time.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Calendar Calendar;

/* ZONE is an IANA name; OPENS and CLOSES are minutes after midnight, local.
 * An unknown zone is refused (QEC_ERROR_CONFIG). */
Calendar *calendar_new (const char *zone, int opens, int closes, GError **error);
void calendar_free (Calendar *calendar);

/* Weekend days are Saturday and Sunday unless said otherwise: a set of "Saturday"... */
bool calendar_set_shift (Calendar *calendar, const char *shift, GError **error);

/* NAME is for people ("Juneteenth").  FIRST_YEAR/LAST_YEAR 0 = always. */
bool calendar_add_holiday (Calendar *calendar, const char *name, const char *rule, int first_year,
                           int last_year, GError **error);
/* One closed day "YYYY-MM-DD"; HALF: open until CLOSES_AT minutes only (0 = closed all day). */
bool calendar_add_closure (Calendar *calendar, const char *date, const char *name, int closes_at,
                           GError **error);

/* A short text that changes whenever any date could come out differently: zone, tzdata
 * version as far as known, rules, closures.  Borrowed. */
const char *calendar_version (const Calendar *calendar);

/* A span of time as people write it in rules and commands: "10 business days", "10bd", "90 days",
 * "90d", "6 months", "3 years", "1 hour", "2 weeks"; a leading "-" makes it negative. */
typedef enum { SPAN_MINUTES, SPAN_HOURS, SPAN_DAYS, SPAN_BUSINESS_DAYS, SPAN_MONTHS, SPAN_YEARS } SpanUnit;
typedef struct { int n; SpanUnit unit; } Span;

bool span_parse (const char *text, Span *span, GError **error);
char *span_format (Span span); /* "10 business days"; free with g_free() */

/* START + SPAN.  Days, business days, months and years end at close of business of the day
 * reached (months clamp to the month's end: 31 August - 6 months = 28 February); minutes and
 * hours are elapsed time.  Business days: a start outside business hours counts as the opening of
 * the next business day; then N further business days.  Calendar days are not rolled
 * forward.  *WHY, unless NULL, gets the calculation in words, for people:
 * "10 business days from Mon 23 Nov 2026, not counting Thu 26 Nov (Thanksgiving Day)". */
gint64 calendar_add (const Calendar *calendar, gint64 start, Span span, char **why);

bool calendar_is_business_day (const Calendar *calendar, int year, int month, int day);
const char *calendar_holiday_name (const Calendar *calendar, int year, int month, int day); /* or NULL */
/* Business days D with START < D <= END by local date (negative when END is before START). */
int calendar_business_days_between (const Calendar *calendar, gint64 start, gint64 end);

/* The close of business on a local date: what "due on that date" means.  A closed day closes at
 * the ordinary hour. */
gint64 calendar_close_of (const Calendar *calendar, int year, int month, int day);
/* Read "2026-12-04", "12/04/2026", "4 December 2026", "December 4, 2026" as a due date (close of
 * business).  A two-digit year or an ambiguous order is refused, saying what to write. */
bool calendar_parse_date (const Calendar *calendar, const char *text, gint64 *due, GError **error);

/* For people: "Friday, December 4, 2026, 5:00 PM EST".  Short: "Fri 4 Dec 2026".  g_free(). */
char *calendar_long (const Calendar *calendar, gint64 at);
char *calendar_short (const Calendar *calendar, gint64 at);
int calendar_year (const Calendar *calendar, gint64 at);
/* Local date as YYYYMMDD, for counting by day. */
int calendar_day_number (const Calendar *calendar, gint64 at);
/* Observed holidays of YEAR as "YYYY-MM-DD name", sorted; NULL-terminated, g_strfreev(). */
char **calendar_holidays (const Calendar *calendar, int year);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Calendar, calendar_free)
