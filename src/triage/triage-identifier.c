/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers that must not come by mail, found by patterns of the definition.
 *
 * A pattern says each place: '9' a digit, '1' a digit but 0, 'A' a letter of the identifier's alphabet, 'X' such a letter or a digit,
 * '-' a hyphen or space that may be left out.  A match stands alone: no letter or digit goes before or after it.
 */
#include "triage/triage-identifier.h"

#include <string.h>

/* Where words that go with an identifier may stand: characters before and after it. */
enum { NEAR_BEFORE = 80, NEAR_AFTER = 40, MAX_FOUND = 64 };

static bool
fits (const ProgramIdentifier *i, char place, char ch)
{
  bool letter = g_ascii_isalpha (ch) && strchr (i->letters, g_ascii_toupper (ch)) != NULL;

  switch (place)
    {
    case '9':
      return g_ascii_isdigit (ch);
    case '1':
      return ch >= '1' && ch <= '9';
    case 'A':
      return letter;
    default:
      return letter || g_ascii_isdigit (ch);
    }
}

/* How long the match at AT is, 0: none; FOUND gets it in capitals, without separators. */
static gsize
match (const ProgramIdentifier *i, const char *at, char found[MAX_FOUND])
{
  gsize n = 0, out = 0;

  for (const char *p = i->pattern; *p != '\0'; p++)
    {
      if (*p == '-')
        {
          n += at[n] == '-' || at[n] == ' ';
          continue;
        }
      if (!fits (i, *p, at[n]) || out + 1 >= MAX_FOUND)
        return 0;
      found[out++] = g_ascii_toupper (at[n++]);
    }
  found[out] = '\0';
  return n;
}

static bool
stands_alone (const char *text, const char *at, gsize n)
{
  bool before = at > text && (g_ascii_isalnum (at[-1]) || (at[-1] == '-' && at - text > 1 && g_ascii_isalnum (at[-2])));
  bool after = g_ascii_isalnum (at[n]) || (at[n] == '-' && g_ascii_isalnum (at[n + 1]));

  return !before && !after;
}

/* No word is asked for, or one stands beside the match. */
static bool
has_context (const ProgramIdentifier *i, const char *text, const char *at, gsize n)
{
  const char *from = at - MIN ((gsize) (at - text), NEAR_BEFORE);
  g_autofree char *around = g_ascii_strdown (from, (gssize) ((gsize) (at - from) + n + strnlen (at + n, NEAR_AFTER)));

  for (char **word = i->near; *word != NULL; word++)
    if (strstr (around, *word) != NULL)
      return true;
  return i->near[0] == NULL;
}

bool
triage_identifier_in (const ProgramIdentifier *i, const char *text)
{
  char found[MAX_FOUND];

  for (const char *at = text; *at != '\0'; at++)
    {
      gsize n = g_ascii_isalnum (*at) ? match (i, at, found) : 0;

      if (n > 0 && stands_alone (text, at, n) && !g_strv_contains ((const char *const *) i->samples, found)
          && has_context (i, text, at, n))
        return true;
    }
  return false;
}

/* A table names its columns once, so its words count for all its cells. */
static bool
in_sheet (const ProgramIdentifier *i, const DocumentSheet *sheet)
{
  g_autofree char *text = NULL;
  GString *words = g_string_new (NULL);
  ProgramIdentifier bare = *i;
  static char *nothing[] = { NULL };
  bool found = false;

  for (guint k = 0; k < sheet->cells->len; k++)
    g_string_append_printf (words, "%s\n", ((const DocumentCell *) sheet->cells->pdata[k])->text);
  text = g_ascii_strdown (words->str, -1);
  for (char **word = i->near; *word != NULL && bare.near == i->near; word++)
    if (strstr (text, *word) != NULL)
      bare.near = nothing;
  for (guint k = 0; !found && k < sheet->cells->len; k++)
    found = triage_identifier_in (&bare, ((const DocumentCell *) sheet->cells->pdata[k])->text);
  g_string_free (words, TRUE);
  return found;
}

static bool
in_document (const ProgramIdentifier *i, const Document *document)
{
  if (triage_identifier_in (i, document->title))
    return true;
  for (guint k = 0; k < document->fields->len; k++)
    {
      const DocumentField *field = document->fields->pdata[k];
      g_autofree char *line = g_strdup_printf ("%s: %s", field->name, field->value);

      if (triage_identifier_in (i, line))
        return true;
    }
  for (guint k = 0; k < document->sheets->len; k++)
    if (in_sheet (i, document->sheets->pdata[k]))
      return true;
  return false;
}

static bool
in_message (const ProgramIdentifier *i, const Message *m)
{
  if (triage_identifier_in (i, m->subject) || triage_identifier_in (i, m->text))
    return true;
  for (guint k = 0; k < m->parts->len; k++)
    {
      const MessagePart *part = m->parts->pdata[k];

      if (triage_identifier_in (i, part->name) || (part->document != NULL && in_document (i, part->document)))
        return true;
    }
  return false;
}

const ProgramIdentifier *
triage_identifier (const Program *program, char *const *names, const Message *message)
{
  for (guint k = 0; k < program->identifiers->len; k++)
    {
      const ProgramIdentifier *i = program->identifiers->pdata[k];

      if (g_strv_contains ((const char *const *) names, i->name) && in_message (i, message))
        return i;
    }
  return NULL;
}
