/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dates as the program counts them: its time zone, its business hours, its
 * holidays by rule and its listed closures.
 *
 * A holiday rule is one of
 *   "MM-DD"                        a fixed date
 *   "Nth WEEKDAY of MONTH"         "3rd Monday of January", "last Monday of May"
 *   "easter +N" / "easter -N"      days from (western) Easter Sunday
 * with an optional first and last year (of the day itself, not of the day it is
 * observed on), and is moved when it falls on a weekend
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

/* ZONE is an IANA name; OPENS and CLOSES are minutes after midnight, local, and both belong to the
 * business hours: what arrives at the stroke of CLOSES is in time.  An unknown zone is refused, as
 * is every malformed rule, date or shift below (QEC_ERROR_CONFIG). */
Calendar *calendar_new (const char *zone, int opens, int closes, GError **error);
void calendar_free (Calendar *calendar);
Calendar *calendar_copy (const Calendar *calendar);

/* What happens to a holiday on a Saturday or a Sunday: "none" (the default) or "nearest". */
bool calendar_set_shift (Calendar *calendar, const char *shift, GError **error);

/* The language dates are written in for people, and may be read in besides English: a tag such as
 * "de" or "es-US"; English for those nobody has taught us.  The calculations of due dates go into
 * the records and stay English. */
void calendar_set_language (Calendar *calendar, const char *tag);

/* NAME is for people ("Juneteenth").  FIRST_YEAR/LAST_YEAR 0 = always. */
bool calendar_add_holiday (Calendar *calendar, const char *name, const char *rule, int first_year,
                           int last_year, GError **error);
/* One closed day "YYYY-MM-DD"; HALF: open until CLOSES_AT minutes only (0 = closed all day). */
bool calendar_add_closure (Calendar *calendar, const char *date, const char *name, int closes_at,
                           GError **error);

/* A short text that changes whenever any date could come out differently: hours, holidays,
 * closures, the zone and when its clocks change; another release of tzdata with the same clocks is
 * the same version.  Borrowed. */
const char *calendar_version (const Calendar *calendar);

/* A span of time as people write it in rules and commands: "10 business days", "10bd", "90 days",
 * "90d", "6 months", "3 years", "1 hour", "2 weeks"; a leading "-" makes it negative. */
typedef enum {
  SPAN_MINUTES,
  SPAN_HOURS,
  SPAN_DAYS,
  SPAN_BUSINESS_DAYS,
  SPAN_MONTHS,
  SPAN_YEARS
} SpanUnit;
typedef struct { int n; SpanUnit unit; } Span;

/* A span of more than some 100 years is refused like other nonsense (QEC_ERROR_INVALID). */
bool span_parse (const char *text, Span *span, GError **error);
char *span_format (Span span); /* "10 business days"; free with g_free() */
char *span_say (Span span);    /* the same, to be said again in other languages (base/words.h) */

/* START + SPAN.  Days, business days, months and years end at close of business of the day
 * reached (months clamp to the month's end: 31 August - 6 months = 28 February); minutes and
 * hours are elapsed time.  Business days: a start outside business hours counts as the next opening
 * (the same day's, before it opens); then N further business days, back from there when N is
 * negative. Calendar days are not rolled forward.  *WHY, unless NULL, gets the calculation in
 * words, for people (base/words.h; g_free()); weekends go without saying: "10 business days from
 * Mon 23 Nov 2026, not counting Thu 26 Nov (Thanksgiving Day)". A time beyond the years 1600 to
 * 9000 is taken as the end of that range. */
gint64 calendar_add (const Calendar *calendar, gint64 start, Span span, char **why);

/* AT itself within business hours, else the next opening after it. */
gint64 calendar_opening (const Calendar *calendar, gint64 at);

/* The close of business on the next MONTH-DAY of any year that is later than the local day of
 * AFTER.  The date must exist in every year: not 29 February. */
gint64 calendar_next (const Calendar *calendar, gint64 after, int month, int day);

/* The first time after AFTER that is MINUTES after midnight on a business day of WEEKDAYS (bit 0 is
 * Monday).  What falls on a closed day is made up for on the next open one.  G_MAXINT64: the office
 * is closed for a year. */
gint64 calendar_next_round (const Calendar *calendar, gint64 after, guint weekdays, int minutes);

/* A half day is a business day.  A date that does not exist is not. */
bool calendar_is_business_day (const Calendar *calendar, int year, int month, int day);
/* The holiday or closure that closes the day; NULL on others, half days and ordinary weekends. */
const char *calendar_holiday_name (const Calendar *calendar, int year, int month, int day);
/* Business days D with START < D <= END by local date (negative when END is before START). */
int calendar_business_days_between (const Calendar *calendar, gint64 start, gint64 end);

/* The close of business on a local date: what "due on that date" means.  A closed day closes at
 * the ordinary hour.  The date must exist. */
gint64 calendar_close_of (const Calendar *calendar, int year, int month, int day);
/* The same of a local date as calendar_day_number() counts it. */
gint64 calendar_close_of_day (const Calendar *calendar, int day_number);
/* Read "2026-12-04", "12/04/2026" (month first), "4 December 2026", "December 4, 2026", with or
 * without the day of the week, as a due date (close of business); also "4. Dezember 2026" and
 * "04.12.2026" where that is the language.  A two-digit year, another order or a wrong day of the
 * week is refused (QEC_ERROR_INVALID), saying what to write. */
bool calendar_parse_date (const Calendar *calendar, const char *text, gint64 *due, GError **error);

/* For people: "Friday, December 4, 2026, 5:00 PM EST", "Freitag, 4. Dezember 2026, 17:00 Uhr MEZ".
 * Short: "Fri 4 Dec 2026", "Fr, 4. Dez. 2026".  g_free(). */
char *calendar_long (const Calendar *calendar, gint64 at);
char *calendar_short (const Calendar *calendar, gint64 at);
/* The same in the language with that tag; NULL: the calendar's own. */
char *calendar_long_in (const Calendar *calendar, const char *tag, gint64 at);
char *calendar_short_in (const Calendar *calendar, const char *tag, gint64 at);
/* How a moment of words_when() is written: words_in() hands these on. */
enum { CALENDAR_SHORT = 'd', CALENDAR_LONG = 'l' };
/* AT as calendar_short() writes it, to be said again in other languages. */
char *calendar_say (const Calendar *calendar, gint64 at);
int calendar_year (const Calendar *calendar, gint64 at);
/* Local date as YYYYMMDD, for counting by day. */
int calendar_day_number (const Calendar *calendar, gint64 at);
/* Local date as "YYYY-MM-DD", for fields that hold one.  g_free(). */
char *calendar_day_text (const Calendar *calendar, gint64 at);
/* Observed holidays and closures of YEAR as "YYYY-MM-DD name", half days with "(until 1:00 PM)",
 * sorted; NULL-terminated, g_strfreev(). */
char **calendar_holidays (const Calendar *calendar, int year);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Calendar, calendar_free)
