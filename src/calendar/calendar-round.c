/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rounds: what is done at an hour of certain days of the week, as far as the office is open.
 */
#include "calendar/calendar-private.h"

/* No round is missed for longer than this: an office that is closed a whole year has none. */
enum { DAYS_A_WEEK = 7, LONGEST = 370 };

gint64
calendar_next_round (const Calendar *calendar, gint64 after, guint weekdays, int minutes)
{
  /* A round that falls on a closed day is made up for on the next open one: begin where one may
   * still be owed. */
  Day day =
    day_within_range ((gint64) calendar_local_day (calendar, after, NULL) - 2 * DAYS_A_WEEK);
  bool owed = false;

  for (guint i = 0; i < LONGEST; i++, day++)
    {
      owed = owed || (weekdays & 1U << (day_weekday (day) - 1)) != 0;
      if (!owed || !day_is_business (calendar, day))
        continue;
      gint64 at = day_at (calendar, day, minutes);
      if (at > after)
        return at;
      owed = false;
    }
  return G_MAXINT64;
}
