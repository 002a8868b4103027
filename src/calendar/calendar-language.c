/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How dates are written for people, a row a language.  Another language is another row.
 */
#include "calendar/calendar-private.h"

#include <string.h>

static const CalendarLanguage languages[] = {
  { "en",
    { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", NULL },
    { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", NULL },
    { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December", NULL },
    { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", NULL },
    "%W, %M %d, %y, %i %z", "%w %d %m %y", false, { { NULL, NULL } } },
  { "de",
    { "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag", NULL },
    { "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So", NULL },
    { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
      "Dezember", NULL },
    { "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sep.", "Okt.", "Nov.", "Dez.", NULL },
    "%W, %d. %M %y, %h Uhr %z", "%w, %d. %m %y", true, { { "CET", "MEZ" }, { "CEST", "MESZ" }, { NULL, NULL } } },
  { "es",
    { "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo", NULL },
    { "lun", "mar", "mié", "jue", "vie", "sáb", "dom", NULL },
    { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
      "diciembre", NULL },
    { "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic", NULL },
    "%W, %d de %M de %y, %h %z", "%w %d %m %y", false, { { NULL, NULL } } },
};

const CalendarLanguage *
calendar_language (const char *tag)
{
  gsize n = tag != NULL ? strcspn (tag, "-_") : 0;

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (strlen (languages[i].code) == n && g_ascii_strncasecmp (languages[i].code, tag, n) == 0)
      return &languages[i];
  return &languages[0];
}

static void
append_zone (GString *text, const CalendarLanguage *language, const char *zone)
{
  for (guint i = 0; language->zones[i][0] != NULL; i++)
    if (strcmp (language->zones[i][0], zone) == 0)
      zone = language->zones[i][1];
  g_string_append (text, zone);
}

void
calendar_write (GString *text, const CalendarLanguage *language, const char *format, Day day,
                int minutes, const char *zone)
{
  Date date = day_date (day);

  for (const char *p = format; *p != '\0'; p++)
    switch (*p == '%' ? *++p : '\0')
      {
      case 'W':
        g_string_append (text, language->weekdays[day_weekday (day) - 1]);
        break;
      case 'w':
        g_string_append (text, language->short_weekdays[day_weekday (day) - 1]);
        break;
      case 'M':
        g_string_append (text, language->months[date.month - 1]);
        break;
      case 'm':
        g_string_append (text, language->short_months[date.month - 1]);
        break;
      case 'd':
        g_string_append_printf (text, "%d", date.day);
        break;
      case 'y':
        g_string_append_printf (text, "%d", date.year);
        break;
      case 'h':
        g_string_append_printf (text, "%d:%02d", minutes / 60 % 24, minutes % 60);
        break;
      case 'i':
        append_clock (text, minutes);
        break;
      case 'z':
        append_zone (text, language, zone);
        break;
      default:
        g_string_append_c (text, *p);
      }
}
