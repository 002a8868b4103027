/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a workbook's styles make of a number: ECMA-376 part 1, 18.8.30 and 18.8.31.  A date is
 * nothing but a number that is shown as one.
 */
#include "document/document-private.h"

#include <string.h>

#define SECONDS_A_DAY 86400
/* Day 0 is 1899-12-30; the format believes in 1900-02-29, so days before March 1900 are one
 * later. */
#define DAYS_TO_1970 25569
#define DAYS_1904 1462
#define LAST_DAY 2958465 /* 9999-12-31 */

typedef struct {
  GHashTable *formats;    /* number of a format -> its text */
  GByteArray *styles;
  bool in_cells;          /* inside cellXfs */
  DocumentFlaw stop;
} Styles;

/* Letters of dates and times outside of quotation, escapes and [colours]; a '%' makes a
 * percentage. */
DocumentStyle
document_style_of_format (const char *format)
{
  DocumentStyle style = STYLE_PLAIN;

  for (const char *p = format; *p != '\0' && *p != ';'; p++)
    {
      if (*p == '"')
        p += strcspn (p + 1, "\"") + 1;
      else if (*p == '[')
        {
          /* [h] and [mm] are elapsed time, everything else is colour, condition or locale. */
          if (strchr ("hHmMsS", p[1]) != NULL && p[1] != '\0'
              && strspn (p + 1, "hHmMsS") == strcspn (p + 1, "]"))
            return STYLE_DATE;
          p += strcspn (p, "]");
        }
      else if (*p == '\\' || *p == '_' || *p == '*')
        p += p[1] != '\0';
      else if (strchr ("yYmMdDhHsS", *p) != NULL)
        return STYLE_DATE;
      else if (*p == '%')
        style = STYLE_PERCENT;
      if (*p == '\0')
        break;
    }
  return style;
}

static DocumentStyle
built_in (guint number)
{
  if (number == 9 || number == 10)
    return STYLE_PERCENT;
  return (number >= 14 && number <= 22) || (number >= 27 && number <= 36)
             || (number >= 45 && number <= 47) || (number >= 50 && number <= 58)
           ? STYLE_DATE
           : STYLE_PLAIN;
}

static void
start (const char *element, const char **attributes, gpointer data)
{
  Styles *s = data;
  const char *format = document_xml_attribute (attributes, "formatCode");
  guint number = document_number (document_xml_attribute (attributes, "numFmtId"));

  if (strcmp (element, "cellXfs") == 0)
    s->in_cells = true;
  else if (strcmp (element, "numFmt") == 0 && format != NULL)
    g_hash_table_insert (s->formats, GUINT_TO_POINTER (number), g_strdup (format));
  else if (strcmp (element, "xf") == 0 && s->in_cells)
    {
      const char *own = g_hash_table_lookup (s->formats, GUINT_TO_POINTER (number));
      guint8 style = (guint8) (own != NULL ? document_style_of_format (own) : built_in (number));

      g_byte_array_append (s->styles, &style, 1);
    }
  if (s->styles->len > MAX_STRINGS || g_hash_table_size (s->formats) > MAX_STRINGS)
    s->stop = FLAW_TOO_LARGE;
}

static void
end (const char *element, gpointer data)
{
  Styles *s = data;

  if (strcmp (element, "cellXfs") == 0)
    s->in_cells = false;
}

GByteArray *
document_styles_read (DocumentZip *zip, const char *name, DocumentFlaw *flaw)
{
  static const DocumentXml xml = { start, end, NULL };
  g_autoptr (GHashTable) formats = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  Styles s = { formats, g_byte_array_new (), false, 0 };

  document_xml_read (zip, name, &xml, &s, &s.stop, flaw);
  return s.styles;
}

char *
document_date_of_serial (double serial, bool since_1904)
{
  double days = serial + (since_1904 ? DAYS_1904 : 0);
  gint64 seconds;

  if (!(days >= 1 && days < LAST_DAY + 1))
    return NULL;
  if (days < 61 && !since_1904)
    days += 1;
  seconds = (gint64) (days * SECONDS_A_DAY + 0.5) - (gint64) DAYS_TO_1970 * SECONDS_A_DAY;
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);
  return g_date_time_format (date, seconds % SECONDS_A_DAY == 0 ? "%Y-%m-%d" : "%Y-%m-%d %H:%M");
}
