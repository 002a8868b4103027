/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of calendar/ share.  Inside, a date is a Day: GDate's count of days, of which
 * number 1 is Monday 1 January of the year 1.
 */
#pragma once

#include "calendar/calendar.h"

#define CALENDAR_FIRST_YEAR 1600
#define CALENDAR_LAST_YEAR  9000
#define MINUTES_A_DAY       (24 * 60)
#define SECONDS_A_DAY       (MINUTES_A_DAY * 60)

typedef guint32 Day;

typedef enum { RULE_FIXED, RULE_NTH_WEEKDAY, RULE_EASTER } RuleKind;

typedef struct {
  RuleKind kind;
  int month;
  int day;     /* fixed: of the month; easter: days from Easter Sunday */
  int nth;     /* 1..5, or -1 for the last */
  int weekday; /* 1 = Monday ... 7 = Sunday */
} Rule;

typedef struct {
  char *name;
  char *text; /* of the rule */
  Rule rule;
  int first_year, last_year;
} Holiday;

typedef struct {
  char *name;
  Day day;
  int closes_at; /* minutes; 0: closed all day */
} Closure;

/* A year worked out: what is special about each of its days. */
typedef struct {
  Day first;
  guint n_days;
  struct {
    const char *name;
    int closes_at; /* of a half day, else 0 */
    bool closed;
  } days[366];
} Year;

/* Filled while it is asked, also through a const Calendar: nothing in it can be told from
 * outside. */
typedef struct {
  GHashTable *years; /* year -> Year */
  const Year *last;  /* the one asked for last */
  char *version;
} CalendarCache;

/* How dates are written in a language.  In a format: %W weekday, %w short; %M month, %m short; %d
 * day, %y year; %h hour and minute of 24, %i of 12; %z zone. */
typedef struct {
  const char *code;          /* primary tag: "de" */
  const char *weekdays[8], *short_weekdays[8]; /* from Monday; NULL at the end */
  const char *months[13], *short_months[13];
  const char *long_format, *short_format;
  bool dotted;               /* 04.12.2026 is the fourth of December, and nothing else */
  const char *zones[4][2];   /* English abbreviation, own; ends with { NULL } */
} CalendarLanguage;

struct Calendar {
  const CalendarLanguage *language;
  GTimeZone *zone;
  char *zone_name;
  int opens, closes;
  bool nearest;        /* weekend shift */
  GPtrArray *holidays; /* Holiday */
  GPtrArray *closures; /* Closure */
  CalendarCache *cache;
};

typedef struct {
  int year, month, day;
} Date;

bool day_exists (int year, int month, int day);
Day day_from (int year, int month, int day);
Date day_date (Day day);
int day_weekday (Day day); /* 1 = Monday ... 7 = Sunday */

bool rule_parse (const char *text, Rule *rule);
/* The day RULE falls on in YEAR, before any shift; 0 when YEAR has none. */
Day rule_day (const Rule *rule, int year);
const Year *calendar_year_of (const Calendar *calendar, Day day);

/* A time or a day beyond the first and last year is taken as the end of that range. */
gint64 time_within_range (gint64 at);
Day day_within_range (gint64 day);
Day calendar_local_day (const Calendar *calendar, gint64 at, int *second);
bool day_is_business (const Calendar *calendar, Day day);
/* The holiday or closure that closes DAY, or NULL. */
const char *day_closed_by (const Calendar *calendar, Day day);
const char *day_half_by (const Calendar *calendar, Day day, int *closes_at);
int day_closing_minute (const Calendar *calendar, Day day); /* after midnight */
gint64 day_close (const Calendar *calendar, Day day);
/* MINUTES after midnight of DAY. */
gint64 day_at (const Calendar *calendar, Day day, int minutes);

/* The row for a language tag ("de-AT"); English when there is none. */
const CalendarLanguage *calendar_language (const char *tag);
void calendar_write (GString *text, const CalendarLanguage *language, const char *format, Day day,
                     int minutes, const char *zone);

/* Number of the English name that WORD is or abbreviates to three letters or more, from 1; 0 when
 * none. */
int month_number (const char *word);
int weekday_number (const char *word);
/* "Thu 26 Nov", with its year unless that is YEAR. */
void append_day (GString *text, Day day, int year);
void append_clock (GString *text, int minutes); /* "5:00 PM" */
