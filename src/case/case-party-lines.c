/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parties as people write them into a form: a line each, "Name; role; access yes or no".
 */
#include <string.h>

#include "base/words.h"
#include "case/case.h"

/* What a line says of access, as people put it. */
static const struct {
  const char *words;
  bool access;
} accesses[] = {
  { "yes", true }, { "no", false }, { "access", true }, { "no access", false }, { "with access", true }, { "without access", false },
  { "access yes", true }, { "access no", false }, { "access: yes", true }, { "access: no", false }, { "y", true }, { "n", false },
};

static const char *const nobody[] = {
  "none", "no", "n/a", "na", "nobody", "-", "no other organizations", NULL
};

enum { MAX_PARTIES = 100, LONGEST_NAME = 200 };

static bool
read_access (const char *text, bool *access)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);

  for (guint i = 0; i < G_N_ELEMENTS (accesses); i++)
    if (strcmp (accesses[i].words, lower) == 0)
      {
        *access = accesses[i].access;
        return true;
      }
  return false;
}

/* The line without what marks it as one of a list. */
static char *
bare (const char *line)
{
  while (g_ascii_isspace (*line))
    line++;
  const char *p = line;
  if (*p == '-' || *p == '*')
    p++;
  else
    {
      while (g_ascii_isdigit (*p))
        p++;
      p = p > line && (*p == '.' || *p == ')') ? p + 1 : line;
    }
  return g_strstrip (g_strdup (p == line || *p == ' ' || *p == '\t' ? p : line));
}

static void
complain (GPtrArray *problems, const char *line, const char *what)
{
  g_autofree char *shown =
    g_utf8_strlen (line, -1) > 80 ? g_utf8_substring (line, 0, 80) : g_strdup (line);
  g_autofree char *said = words_term (what);

  g_ptr_array_add (problems, words_say ("\"%s\" %s", shown, said));
}

static const CaseParty *
find (const GPtrArray *parties, const char *name)
{
  for (guint i = 0; i < parties->len; i++)
    if (g_ascii_strcasecmp (((const CaseParty *) parties->pdata[i])->name, name) == 0)
      return parties->pdata[i];
  return NULL;
}

static void
add (GPtrArray *parties, const char *line, const char *name, const char *role, bool access,
     GPtrArray *problems)
{
  const CaseParty *earlier = find (parties, name);

  if (earlier == NULL && parties->len >= MAX_PARTIES)
    complain (problems, line, "is one organization too many: 100 are taken");
  else if (earlier == NULL)
    g_ptr_array_add (parties, case_party_new (name, role, access));
  else if (earlier->access != access)
    complain (problems, line,
              earlier->access
                ? "is there twice, first with access yes, then no. Which one is right?"
                : "is there twice, first with access no, then yes. Which one is right?");
}

static void
read_line (const char *line, GPtrArray *parties, GPtrArray *problems)
{
  g_auto (GStrv) parts = g_strsplit (line, ";", -1);
  guint n = g_strv_length (parts);
  bool access;

  for (char **part = parts; *part != NULL; part++)
    g_strstrip (*part);
  while (n > 3 && parts[n - 1][0] == '\0') /* "Name; role; yes;" */
    n--;
  if (n != 3)
    complain (problems, line,
              "does not say three things with semicolons between: name; role; access yes or no");
  else if (parts[0][0] == '\0')
    complain (problems, line, "names no organization");
  else if (g_utf8_strlen (parts[0], -1) > LONGEST_NAME)
    complain (problems, line, "has a name that is far too long");
  else if (parts[1][0] == '\0')
    complain (problems, line,
              "does not say what the organization does: name; role; access yes or no");
  else if (!read_access (parts[2], &access))
    complain (
      problems, line,
      "does not say whether the organization has access to the data: end the line with yes or no");
  else
    add (parties, line, parts[0], parts[1], access, problems);
}

GPtrArray *
case_parties_read (const char *text, GPtrArray *problems)
{
  GPtrArray *parties = g_ptr_array_new_with_free_func (case_party_free);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint none = 0;

  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *words = bare (*line), *lower = g_utf8_strdown (words, -1);

      if (g_str_has_suffix (lower, "."))
        lower[strlen (lower) - 1] = '\0';
      if (g_strv_contains (nobody, lower))
        none++;
      else if (words[0] != '\0')
        read_line (words, parties, problems);
    }
  if (none > 0 && parties->len > 0)
    g_ptr_array_add (
      problems, words_say ("It says that there are none, and names some. Which one is right?"));
  return parties;
}

char *
case_parties_text (const GPtrArray *parties)
{
  GString *text = g_string_new (parties->len == 0 ? "none" : NULL);

  for (guint i = 0; i < parties->len; i++)
    {
      const CaseParty *party = parties->pdata[i];

      g_string_append_printf (text, "%s%s; %s; %s", i > 0 ? "\n" : "", party->name, party->role,
                              party->access ? "yes" : "no");
    }
  return g_string_free (text, FALSE);
}
