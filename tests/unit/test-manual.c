/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The manual pages and the completion name what the tables have: every option with its default,
 * every verb.
 */
#include <glib.h>
#include <string.h>

#include "admin/admin.h"
#include "config/options.h"

static char *
read_source (const char *name)
{
  const char *top = g_getenv ("top_srcdir");
  g_autofree char *path = g_build_filename (top != NULL ? top : ".", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* The lines from ".Ss SECTION" to the next heading. */
static char *
part (const char *page, const char *section)
{
  g_autofree char *head = g_strdup_printf ("\n.Ss %s\n", section);
  const char *start = strstr (page, head), *end;

  g_assert_nonnull (start);
  start += strlen (head);
  end = strstr (start, "\n.S");
  return g_strndup (start, end != NULL ? (gsize) (end - start) : strlen (start));
}

/* From the line of OPTION to the next option's. */
static char *
entry (const char *text, const char *option)
{
  g_autofree char *head = g_strdup_printf (".It Ic %s = ", option);
  const char *start = strstr (text, head);

  if (start == NULL)
    g_error ("%s is not in the manual page", option);
  const char *end = strstr (start + 1, ".It Ic ");
  return g_strndup (start, end != NULL ? (gsize) (end - start) : strlen (start));
}

static void
check_option (const ConfOption *option, const char *text)
{
  g_autofree char *said = entry (text, option->name);

  if (option->fallback != NULL && option->fallback[0] != '\0')
    {
      g_autofree char *wanted = g_strdup_printf ("Default:\n.Li %s .", option->fallback);

      if (strstr (said, wanted) == NULL)
        g_error ("%s: the manual page does not say the default %s", option->name, option->fallback);
    }
  if (option->words != NULL)
    {
      g_auto (GStrv) words = g_strsplit (option->words, "|", -1);
      g_autofree char *all = g_strjoinv (" | ", words);

      if (strstr (said, all) == NULL)
        g_error ("%s: the manual page does not say %s", option->name, all);
    }
  if (option->required && strstr (said, "Required.") == NULL)
    g_error ("%s: the manual page does not say that it is required", option->name);
}

static guint
count (const char *text, const char *what)
{
  guint n = 0;

  while ((text = strstr (text, what)) != NULL)
    {
      n++;
      text += strlen (what);
    }
  return n;
}

static void
every_option_is_in_its_manual_page (void)
{
  g_autofree char *page = read_source ("src/qecp.conf.5");

  for (const ConfOption *section = options_schema; section->name != NULL; section++)
    {
      g_autofree char *text = part (page, section->name);
      guint n = 0;

      g_assert_cmpint (section->kind, ==, CONF_SECTION);
      for (const ConfOption *option = section->section; option->name != NULL; option++, n++)
        check_option (option, text);
      g_assert_cmpuint (count (text, ".It Ic "), ==, n);
    }
}

static void
every_verb_is_in_its_manual_page (void)
{
  g_autofree char *page = read_source ("src/qecp.8");

  for (const AdminVerb *verb = admin_verbs; verb->name != NULL; verb++)
    {
      g_autofree char *line = g_strdup_printf ("\n.It Ic %s", verb->name);

      if (strstr (page, line) == NULL)
        g_error ("%s is not in qecp.8", verb->name);
    }
}

static void
every_verb_is_completed (void)
{
  g_autofree char *script = read_source ("contrib/qecp.bash");

  for (const AdminVerb *verb = admin_verbs; verb->name != NULL; verb++)
    {
      g_autofree char *pattern = g_strdup_printf ("'--config [^']*\\b%s\\b[^']*'", verb->name);

      if (!g_regex_match_simple (pattern, script, 0, 0))
        g_error ("%s is not in contrib/qecp.bash", verb->name);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/manual/every-option-is-in-its-manual-page",
                   every_option_is_in_its_manual_page);
  g_test_add_func ("/manual/every-verb-is-in-its-manual-page", every_verb_is_in_its_manual_page);
  g_test_add_func ("/manual/every-verb-is-completed", every_verb_is_completed);
  return g_test_run ();
}
