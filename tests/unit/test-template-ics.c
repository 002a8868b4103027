/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "template/template.h"

#include <string.h>

#define NOW 1795352400 /* 2026-11-22T13:00:00Z */
#define DUE 1796342340 /* 2026-12-03T23:59:00Z */

/* The lines as a reader sees them; each physical line is at most 75 octets and whole UTF-8. */
static char *
unfold (const char *ics)
{
  g_auto (GStrv) lines = g_strsplit (ics, "\r\n", -1);
  GString *out = g_string_new (NULL);

  for (char **line = lines; *line != NULL; line++)
    {
      g_assert_cmpuint (strlen (*line), <=, 75);
      g_assert_true (g_utf8_validate (*line, -1, NULL));
      g_assert_null (strpbrk (*line, "\r\n"));
      if (**line == ' ')
        g_string_append (out, *line + 1);
      else
        g_string_append_printf (out, "%s%s", out->len > 0 ? "\n" : "", *line);
    }
  return g_string_free (out, FALSE);
}

static void
an_entry_says_when_and_reminds (void)
{
  g_autofree char *ics = template_ics ("app-2026-0001@qecp.example", 2, NOW, DUE, "Send budget",
                                       "What we need", (int[]){ 7, 1, 0 }, false);
  g_autofree char *lines = unfold (ics);

  g_assert_cmpstr (
    lines, ==,
    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//qecp//EN\nMETHOD:PUBLISH\nBEGIN:VEVENT\n"
    "UID:app-2026-0001@qecp.example\nSEQUENCE:2\nDTSTAMP:20261122T130000Z\n"
    "DTSTART:20261203T232900Z\nDTEND:20261203T235900Z\nSUMMARY:Send budget\n"
    "DESCRIPTION:What we need\nSTATUS:CONFIRMED\nTRANSP:TRANSPARENT\n"
    "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Send budget\n"
    "TRIGGER;RELATED=END:-P7D\nEND:VALARM\n"
    "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Send budget\n"
    "TRIGGER;RELATED=END:-P1D\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n");
}

static void
text_is_escaped (void)
{
  static const struct {
    const char *text, *want;
  } rows[] = {
    { "a,b;c\\d", "SUMMARY:a\\,b\\;c\\\\d\n" },
    { "one\r\ntwo\nthree", "SUMMARY:one\\ntwo\\nthree\n" },
    { "x\nEND:VEVENT", "SUMMARY:x\\nEND:VEVENT\n" },
    { "bell\a tab\t.", "SUMMARY:bell  tab .\n" },
    { "quote \" colon:", "SUMMARY:quote \" colon:\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *ics = template_ics ("u", 0, NOW, DUE, rows[i].text, NULL, NULL, false);
      g_autofree char *lines = unfold (ics);

      g_assert_nonnull (strstr (lines, rows[i].want));
      g_assert_null (strstr (strstr (lines, "\nEND:VEVENT\n") + 1, "\nEND:VEVENT\n"));
    }
}

static void
folding_never_splits_a_character (void)
{
  for (int lead = 0; lead < 80; lead++)
    {
      g_autofree char *start = g_strnfill (lead, 'a');
      g_autofree char *text = g_strconcat (start, "éé東京東京東京𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞", NULL);
      g_autofree char *want = g_strdup_printf ("SUMMARY:%s\n", text);
      g_autofree char *ics = template_ics ("u", 0, NOW, DUE, text, NULL, NULL, false);
      g_autofree char *lines = unfold (ics);

      g_assert_nonnull (strstr (lines, want));
    }
}

static void
a_cancelled_entry_goes_away (void)
{
  g_autofree char *ics = template_ics ("u", 3, NOW, DUE, "S", "", (int[]){ 1, 0 }, true);

  g_assert_nonnull (strstr (ics, "METHOD:CANCEL\r\n"));
  g_assert_nonnull (strstr (ics, "STATUS:CANCELLED\r\n"));
  g_assert_nonnull (strstr (ics, "SEQUENCE:3\r\n"));
  g_assert_null (strstr (ics, "VALARM"));
  g_assert_null (strstr (ics, "DESCRIPTION"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ics/an-entry", an_entry_says_when_and_reminds);
  g_test_add_func ("/ics/escaped", text_is_escaped);
  g_test_add_func ("/ics/folded", folding_never_splits_a_character);
  g_test_add_func ("/ics/cancelled", a_cancelled_entry_goes_away);
  return g_test_run ();
}
