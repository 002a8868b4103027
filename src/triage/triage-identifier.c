/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers that must not come by mail, found by patterns of the definition.
 *
 * A pattern says each place: '9' a digit, '1' a digit but 0, 'A' a letter of the identifier's
 * alphabet, 'X' such a letter or a digit, '-' a hyphen with spaces around it, of which each may be
 * left out; a line may break there.  A match stands alone: no letter or digit goes before or after
 * it.
 */
#include "triage/triage-identifier.h"

#include <string.h>

/* Where words that go with an identifier may stand: characters before and after it. */
enum { NEAR_BEFORE = 80, NEAR_AFTER = 40, MAX_FOUND = 64 };

enum { DIGIT = 1, NOT_ZERO = 2, LETTER = 4 };

/* A pattern made ready: for each of its places the kinds of character that fit. */
typedef struct {
  guint8 kinds[256];        /* of each character */
  guint8 wanted[MAX_FOUND]; /* of each place; 0: a hyphen or space that may be left out */
  gsize places;
  char **near;                /* of the identifier, which outlives this */
  const char *const *samples; /* likewise */
} Pattern;

static void
pattern_init (Pattern *pattern, const ProgramIdentifier *i)
{
  memset (pattern, 0, sizeof *pattern);
  pattern->near = i->near;
  pattern->samples = (const char *const *) i->samples;
  for (char digit = '0'; digit <= '9'; digit++)
    pattern->kinds[(guchar) digit] = digit > '0' ? DIGIT | NOT_ZERO : DIGIT;
  for (const char *c = i->letters; *c != '\0'; c++)
    if (g_ascii_isalpha (*c))
      pattern->kinds[(guchar) g_ascii_toupper (*c)] =
        pattern->kinds[(guchar) g_ascii_tolower (*c)] = LETTER;
  for (const char *p = i->pattern; *p != '\0' && pattern->places < MAX_FOUND; p++)
    pattern->wanted[pattern->places++] = *p == '-'   ? 0
                                         : *p == '9' ? DIGIT
                                         : *p == '1' ? NOT_ZERO
                                         : *p == 'A' ? LETTER
                                                     : DIGIT | LETTER;
}

/* Letters, digits, hyphens and spaces as a keyboard has them, for those that word processors and
 * web pages put in their place; 0: it is not seen. */
static gunichar
as_typed (gunichar c)
{
  GUnicodeType type = c >= 0x80 ? g_unichar_type (c) : G_UNICODE_LOWERCASE_LETTER;

  if (c == 0xad || type == G_UNICODE_FORMAT)
    return 0;
  if (c >= 0xff01 && c <= 0xff5e)
    return c - 0xff01 + '!';
  return type == G_UNICODE_DASH_PUNCTUATION || c == 0x2212 ? '-'
         : type == G_UNICODE_SPACE_SEPARATOR               ? ' '
                                                           : c;
}

/* NULL: TEXT needs no change.  What is met in mail of such begins with one of these octets. */
static char *
text_as_typed (const char *text)
{
  const char *first = strpbrk (text, "\xc2\xe2\xe3\xef");

  if (first == NULL)
    return NULL;
  GString *typed = g_string_new_len (text, first - text);
  for (const char *s = first; *s != '\0'; s = g_utf8_next_char (s))
    {
      gunichar c = as_typed (g_utf8_get_char (s));

      if (c != 0)
        g_string_append_unichar (typed, c);
    }
  return g_string_free (typed, FALSE);
}

/* What stands in the place of a hyphen.  A line may break behind one, and *BROKEN says whether it
 * did at a space: once it may, oftener they are lines of their own. */
static gsize
separator (const char *at, bool *broken)
{
  enum { MAX_SPACES = 2 };
  gsize n = strspn (at, " "), behind;
  bool hyphen = at[n] == '-', breaks = at[n] == '\n' && !*broken;

  if (n > MAX_SPACES || (!hyphen && !breaks))
    return n > MAX_SPACES ? 0 : n;
  *broken = *broken || breaks;
  n++;
  behind = hyphen && at[n] == '\n' ? 1 : strspn (at + n, " ");
  return n + (behind > MAX_SPACES ? 0 : behind);
}

/* Digits go before the hyphen at place K and behind it. */
static bool
is_between_digits (const Pattern *pattern, gsize k)
{
  return k > 0 && k + 1 < pattern->places
         && ((pattern->wanted[k - 1] | pattern->wanted[k + 1]) & LETTER) == 0;
}

/* How long the match at AT is, 0: none; FOUND gets it in capitals, without separators. */
static gsize
match (const Pattern *pattern, const char *at, char found[MAX_FOUND + 1])
{
  gsize n = 0, out = 0, between = 0, separated = 0;
  bool broken = false;

  for (gsize k = 0; k < pattern->places; k++)
    {
      if (pattern->wanted[k] == 0)
        {
          gsize apart = separator (at + n, &broken);

          between += is_between_digits (pattern, k);
          separated += is_between_digits (pattern, k) && apart > 0;
          n += apart;
        }
      else if ((pattern->kinds[(guchar) at[n]] & pattern->wanted[k]) == 0)
        return 0;
      else
        found[out++] = g_ascii_toupper (at[n++]);
    }
  found[out] = '\0';
  /* Groups of digits are all apart, or none is: "21235-6401" is a ZIP code. */
  return separated == 0 || separated == between ? n : 0;
}

static bool
stands_alone (const char *text, const char *at, gsize n)
{
  bool before =
    at > text
    && (g_ascii_isalnum (at[-1]) || (at[-1] == '-' && at - text > 1 && g_ascii_isalnum (at[-2])));
  bool after = g_ascii_isalnum (at[n]) || (at[n] == '-' && g_ascii_isalnum (at[n + 1]));

  return !before && !after;
}

/* No word is asked for, or one stands beside the match. */
static bool
has_context (const Pattern *pattern, const char *text, const char *at, gsize n)
{
  const char *from = at - MIN ((gsize) (at - text), NEAR_BEFORE);

  if (pattern->near[0] == NULL)
    return true;
  g_autofree char *around =
    g_ascii_strdown (from, (gssize) ((gsize) (at - from) + n + strnlen (at + n, NEAR_AFTER)));
  for (char **word = pattern->near; *word != NULL; word++)
    if (strstr (around, *word) != NULL)
      return true;
  return false;
}

/* The next character that a match may begin with.  Most patterns begin with a digit, and most of a
 * text is none. */
static const char *
next_start (const Pattern *pattern, const char *at)
{
  if ((pattern->wanted[0] & LETTER) == 0)
    at += strcspn (at, "0123456789");
  while (*at != '\0' && (pattern->kinds[(guchar) *at] & pattern->wanted[0]) == 0)
    at++;
  return at;
}

static bool
in_typed (const Pattern *pattern, const char *text)
{
  char found[MAX_FOUND + 1];

  for (const char *at = next_start (pattern, text); *at != '\0'; at = next_start (pattern, at + 1))
    {
      bool in_word = at > text && g_ascii_isalnum (at[-1]);
      gsize n = in_word ? 0 : match (pattern, at, found);

      if (n > 0 && stands_alone (text, at, n) && !g_strv_contains (pattern->samples, found)
          && has_context (pattern, text, at, n))
        return true;
    }
  return false;
}

static bool
in_text (const Pattern *pattern, const char *text)
{
  g_autofree char *typed = text_as_typed (text);

  return in_typed (pattern, typed != NULL ? typed : text);
}

bool
triage_identifier_in (const ProgramIdentifier *identifier, const char *text)
{
  Pattern pattern;

  pattern_init (&pattern, identifier);
  return in_text (&pattern, text);
}

/* A table names its columns once, so its words count for all its cells. */
static bool
in_sheet (const Pattern *pattern, const DocumentSheet *sheet)
{
  g_autofree char *text = NULL;
  GString *words = g_string_new (NULL);
  Pattern bare = *pattern;
  static char *nothing[] = { NULL };
  bool found = false;

  for (guint k = 0; k < sheet->cells->len; k++)
    g_string_append_printf (words, "%s\n", ((const DocumentCell *) sheet->cells->pdata[k])->text);
  text = g_ascii_strdown (words->str, -1);
  for (char **word = pattern->near; *word != NULL && bare.near == pattern->near; word++)
    if (strstr (text, *word) != NULL)
      bare.near = nothing;
  for (guint k = 0; !found && k < sheet->cells->len; k++)
    found = in_text (&bare, ((const DocumentCell *) sheet->cells->pdata[k])->text);
  g_string_free (words, TRUE);
  return found;
}

static bool
in_document (const Pattern *pattern, const Document *document)
{
  if (in_text (pattern, document->title) || in_text (pattern, document->text))
    return true;
  for (guint k = 0; k < document->fields->len; k++)
    {
      const DocumentField *field = document->fields->pdata[k];
      g_autofree char *line = g_strdup_printf ("%s: %s", field->name, field->value);

      if (in_text (pattern, line))
        return true;
    }
  for (guint k = 0; k < document->sheets->len; k++)
    if (in_sheet (pattern, document->sheets->pdata[k]))
      return true;
  return false;
}

static bool
in_message (const Pattern *pattern, const Message *m)
{
  if (in_text (pattern, m->subject) || in_text (pattern, m->text) || in_text (pattern, m->aside))
    return true;
  for (guint k = 0; k < m->parts->len; k++)
    {
      const MessagePart *part = m->parts->pdata[k];

      if (in_text (pattern, part->name)
          || (part->document != NULL && in_document (pattern, part->document)))
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
      Pattern pattern;

      if (!g_strv_contains ((const char *const *) names, i->name))
        continue;
      pattern_init (&pattern, i);
      if (in_message (&pattern, message))
        return i;
    }
  return NULL;
}
