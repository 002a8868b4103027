/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers that must not come by mail, found by patterns of the definition.
 *
 * A pattern says each place: '9' a digit, '1' a digit but 0, 'A' a letter of the identifier's
 * alphabet, 'X' such a letter or a digit, '-' a hyphen with spaces around it, of which each may be
 * left out; a line may break there.  '?' at its end: the last place may be left out.  A match
 * stands alone: no letter or digit goes before or after it, but the identifier's own name, and a
 * word behind a hyphen.
 */
#include "triage/triage-identifier.h"

#include <string.h>

/* Where words that go with an identifier may stand: characters before and after it. */
enum { NEAR_BEFORE = 80, NEAR_AFTER = 40, MAX_FOUND = 64 };

/* A line may end in a hyphen or space, and a quotation begins the next one with such marks. */
enum { MAX_SPACES = 2, MAX_MARKS = 20 };

enum { DIGIT = 1, NOT_ZERO = 2, LETTER = 4 };

/* A pattern made ready: for each of its places the kinds of character that fit. */
typedef struct {
  guint8 kinds[256];        /* of each character */
  guint8 wanted[MAX_FOUND]; /* of each place; 0: a hyphen or space that may be left out */
  gsize places;
  gsize digits;               /* so many places, from the first, are none of letters */
  bool may_end;               /* the last place may be left out */
  bool dots;                  /* they separate, too: other words tell that it is one */
  char **near;                /* of I */
  const ProgramIdentifier *i; /* outlives this */
} Pattern;

static void
pattern_init (Pattern *pattern, const ProgramIdentifier *i)
{
  memset (pattern, 0, sizeof *pattern);
  pattern->near = i->near;
  pattern->dots = i->near[0] != NULL;
  pattern->i = i;
  for (char digit = '0'; digit <= '9'; digit++)
    pattern->kinds[(guchar) digit] = digit > '0' ? DIGIT | NOT_ZERO : DIGIT;
  for (const char *c = i->letters; *c != '\0'; c++)
    if (g_ascii_isalpha (*c))
      pattern->kinds[(guchar) g_ascii_toupper (*c)] =
        pattern->kinds[(guchar) g_ascii_tolower (*c)] = LETTER;
  for (const char *p = i->pattern; *p != '\0' && *p != '?' && pattern->places < MAX_FOUND; p++)
    pattern->wanted[pattern->places++] = *p == '-'   ? 0
                                         : *p == '9' ? DIGIT
                                         : *p == '1' ? NOT_ZERO
                                         : *p == 'A' ? LETTER
                                                     : DIGIT | LETTER;
  pattern->may_end = g_str_has_suffix (i->pattern, "?");
  while (pattern->digits < pattern->places && (pattern->wanted[pattern->digits] & LETTER) == 0)
    pattern->digits++;
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

/* How far the words of a line are from its begin, 0: too far. */
static gsize
line_begin (const char *line)
{
  gsize n = strspn (line, " >");

  return n <= (memchr (line, '>', n) != NULL ? MAX_MARKS : MAX_SPACES) ? n : 0;
}

/* What stands in the place of a hyphen.  A line may break behind one, and *BROKEN says whether it
 * did at a space: once it may, oftener they are lines of their own. */
static gsize
separator (const Pattern *pattern, const char *at, bool *broken)
{
  gsize n = strspn (at, " "), behind;
  bool hyphen = at[n] == '-', breaks = at[n] == '\n' && !*broken;

  if (pattern->dots && *at == '.')
    return 1;
  if (n > MAX_SPACES || (!hyphen && !breaks))
    return n > MAX_SPACES ? 0 : n;
  *broken = *broken || breaks;
  n++;
  if (hyphen && at[n] == '\n')
    return n + 1 + line_begin (at + n + 1);
  if (breaks)
    return n + line_begin (at + n);
  behind = strspn (at + n, " ");
  return n + (behind > MAX_SPACES ? 0 : behind);
}

/* Digits go before the hyphen at place K and behind it. */
static bool
is_between_digits (const Pattern *pattern, gsize k)
{
  return k > 0 && k + 1 < pattern->places
         && ((pattern->wanted[k - 1] | pattern->wanted[k + 1]) & LETTER) == 0;
}

/* "512345678 a year", "512345678 at": what stands apart behind digits is a word. */
static bool
is_short_word (const char *suffix, gsize n)
{
  return (n == 1 && *suffix == 'a')
         || (n == 2 && g_ascii_isalpha (suffix[0]) && g_ascii_islower (suffix[1]));
}

/* How long the match at AT is, 0: none; FOUND gets it in capitals, without separators. */
static gsize
match (const Pattern *pattern, const char *at, char found[MAX_FOUND + 1])
{
  gsize n = 0, out = 0, between = 0, separated = 0;
  const char *suffix = NULL; /* behind a space */
  bool broken = false;

  for (gsize k = 0; k < pattern->places; k++)
    {
      if (pattern->wanted[k] == 0)
        {
          gsize apart = separator (pattern, at + n, &broken);

          between += is_between_digits (pattern, k);
          separated += is_between_digits (pattern, k) && apart > 0;
          if (k + 1 == pattern->digits && apart > 0 && memchr (at + n, '-', apart) == NULL)
            suffix = at + n + apart;
          n += apart;
        }
      else if ((pattern->kinds[(guchar) at[n]] & pattern->wanted[k]) != 0)
        found[out++] = g_ascii_toupper (at[n++]);
      else if (k + 1 < pattern->places || !pattern->may_end)
        return 0;
    }
  found[out] = '\0';
  if (suffix != NULL && is_short_word (suffix, (gsize) (at + n - suffix)))
    return 0;
  /* Groups of digits are all apart, or none is: "21235-6401" is a ZIP code. */
  return separated == 0 || separated == between ? n : 0;
}

static bool
is_word_character (char c)
{
  return g_ascii_isalnum (c) || (guchar) c >= 0x80;
}

/* "MBI-2AX3FY7HJ91" */
static bool
is_named (const Pattern *pattern, const char *text, const char *at)
{
  const char *end = at - (at > text && at[-1] == '-');

  for (char **name = pattern->i->names; *name != NULL; name++)
    {
      gsize n = strlen (*name);

      if ((gsize) (end - text) >= n && g_ascii_strncasecmp (end - n, *name, n) == 0
          && ((gsize) (end - text) == n || !is_word_character (end[-(gssize) n - 1])))
        return true;
    }
  return false;
}

/* "-active": a code would have digits, too, or be shorter. */
static bool
is_word_behind (const char *hyphen)
{
  enum { SHORTEST = 3 };
  gsize n = 1;

  while (g_ascii_isalpha (hyphen[n]))
    n++;
  return *hyphen == '-' && n > SHORTEST && !g_ascii_isalnum (hyphen[n]);
}

static bool
stands_alone (const Pattern *pattern, const char *text, const char *at, gsize n)
{
  bool before =
    at > text
    && (g_ascii_isalnum (at[-1]) || (at[-1] == '-' && at - text > 1 && g_ascii_isalnum (at[-2])));
  bool after = g_ascii_isalnum (at[n]) || (at[n] == '-' && g_ascii_isalnum (at[n + 1]));

  return (!before || is_named (pattern, text, at)) && (!after || is_word_behind (at + n));
}

/* --- what something else is ------------------------------------------------------------------- */

/* "$512345678", "512345678.25" */
static bool
is_amount (const char *text, const char *at, gsize n)
{
  const char *sign = at - (at > text && at[-1] == ' ');

  return (sign > text && sign[-1] == '$')
         || (at - text > 1 && at[-1] == '.' && g_ascii_isdigit (at[-2]))
         || (at[n] == '.' && g_ascii_isdigit (at[n + 1]));
}

/* "doi:10.1016/2ax3fy7hj91": ISO 26324. */
static bool
is_in_doi (const char *text, const char *at)
{
  enum { LONGEST = 200, DIGITS = 4 };

  const char *begin = at;

  while (begin > text && at - begin < LONGEST && !g_ascii_isspace (begin[-1]))
    begin--;
  const char *doi = g_strstr_len (begin, at - begin, "10.");
  gsize n = doi != NULL ? strspn (doi + 3, "0123456789") : 0;
  return n >= DIGITS && doi[3 + n] == '/' && (doi == begin || !g_ascii_isdigit (doi[-1]));
}

/* --- words beside it -------------------------------------------------------------------------- */

/* The K-th octet of TEXT begins a word: "patientSSN" is two, and so is "SSNumber", but "SSNs" is
 * one. */
static bool
begins_word (const char *text, gsize n, gsize k)
{
  char c = text[k], before = k > 0 ? text[k - 1] : ' ', behind = k + 1 < n ? text[k + 1] : ' ';
  bool plural = behind == 's' && (k + 2 >= n || !is_word_character (text[k + 2]));

  return (g_ascii_isdigit (c) != 0) != (g_ascii_isdigit (before) != 0)
         || (g_ascii_isupper (c)
             && (g_ascii_islower (before)
                 || (g_ascii_isupper (before) && g_ascii_islower (behind) && !plural)));
}

/* The dots of "S.S.N." but the last one. */
static bool
is_inside_initials (const char *text, gsize n, gsize k)
{
  return k > 0 && g_ascii_isalpha (text[k - 1]) && (k < 2 || !is_word_character (text[k - 2]))
         && k + 1 < n && g_ascii_isalpha (text[k + 1])
         && (k + 2 >= n || !is_word_character (text[k + 2]));
}

/* TEXT as words in small letters, with one space before each and behind the last, "#" among
 * them. */
static GString *
as_words (const char *text, gsize n)
{
  GString *out = g_string_new (" ");

  for (gsize k = 0; k < n; k++)
    {
      bool apart = out->str[out->len - 1] == ' ';

      if (is_word_character (text[k]))
        {
          if (!apart && begins_word (text, n, k))
            g_string_append_c (out, ' ');
          g_string_append_c (out, g_ascii_tolower (text[k]));
        }
      else if (text[k] == '#')
        g_string_append (out, apart ? "# " : " # ");
      else if (!apart && !(text[k] == '.' && is_inside_initials (text, n, k)))
        g_string_append_c (out, ' ');
    }
  if (out->str[out->len - 1] != ' ')
    g_string_append_c (out, ' ');
  return out;
}

/* One of NEAR stands in the N octets of TEXT, or of more than one thing ("SSNs"). */
static bool
has_word (const char *const *near, const char *text, gsize n)
{
  GString *words = as_words (text, n);
  bool found = false;

  for (; *near != NULL && !found; near++)
    {
      GString *word = as_words (*near, strlen (*near));

      found = strstr (words->str, word->str) != NULL;
      g_string_overwrite (word, word->len - 1, "s ");
      found = found || strstr (words->str, word->str) != NULL;
      g_string_free (word, TRUE);
    }
  g_string_free (words, TRUE);
  return found;
}

/* So many characters before AT, several spaces and line breaks counted as one, and no half of a
 * word. */
static const char *
begin_of_nearby (const char *text, const char *at, gsize characters)
{
  const char *from = at, *least = at - MIN ((gsize) (at - text), 8 * characters);

  for (gsize n = 0; from > least && n < characters; from--)
    n += !g_ascii_isspace (from[-1]) || !g_ascii_isspace (*from);
  while (from > text && from < at && is_word_character (from[-1]) && is_word_character (*from))
    from++;
  return from;
}

/* No word is asked for, or one stands beside the match. */
static bool
has_context (const Pattern *pattern, const char *text, const char *at, gsize n)
{
  const char *from = begin_of_nearby (text, at, NEAR_BEFORE);

  return pattern->near[0] == NULL
         || has_word ((const char *const *) pattern->near, from,
                      (gsize) (at - from) + n + strnlen (at + n, NEAR_AFTER));
}

/* "commit 1ac4de5fa12" */
static bool
is_digest (const Pattern *pattern, const char *text, const char *at, gsize n)
{
  enum { CLOSE = 12 };
  const char *from = begin_of_nearby (text, at, CLOSE);

  return strspn (at, "0123456789abcdef") >= n && strcspn (at, "abcdef") < n
         && has_word ((const char *const *) pattern->i->digests, from, (gsize) (at - from));
}

/* What looks like a number of a person, and cannot be one. */
static bool
is_something_else (const Pattern *pattern, const char *found, const char *text, const char *at,
                   gsize n)
{
  if (g_strv_contains ((const char *const *) pattern->i->samples, found)
      || (pattern->dots && memchr (at, '-', n) == NULL && is_amount (text, at, n))
      || is_in_doi (text, at) || is_digest (pattern, text, at, n))
    return true;
  for (char **no = pattern->i->impossible; *no != NULL; no++)
    {
      gsize k = 0;

      while ((*no)[k] != '\0' && found[k] != '\0' && ((*no)[k] == 'X' || (*no)[k] == found[k]))
        k++;
      if ((*no)[k] == '\0')
        return true;
    }
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
      bool in_word = at > text && g_ascii_isalnum (at[-1]) && !is_named (pattern, text, at);
      gsize n = in_word ? 0 : match (pattern, at, found);

      if (n > 0 && stands_alone (pattern, text, at, n)
          && !is_something_else (pattern, found, text, at, n) && has_context (pattern, text, at, n))
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
  GString *words = g_string_new (NULL);
  Pattern bare = *pattern;
  static char *nothing[] = { NULL };
  bool found = false;

  for (guint k = 0; k < sheet->cells->len; k++)
    g_string_append_printf (words, "%s\n", ((const DocumentCell *) sheet->cells->pdata[k])->text);
  if (has_word ((const char *const *) pattern->near, words->str, words->len))
    bare.near = nothing;
  found = in_text (pattern, sheet->name);
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
  const GPtrArray *const people[] = { m->from, m->to, m->cc };

  if (in_text (pattern, m->subject) || in_text (pattern, m->protected_subject)
      || in_text (pattern, m->text) || in_text (pattern, m->aside))
    return true;
  for (guint l = 0; l < G_N_ELEMENTS (people); l++)
    for (guint k = 0; k < people[l]->len; k++)
      if (in_text (pattern, ((const MessageAddress *) people[l]->pdata[k])->name))
        return true;
  for (guint k = 0; k < m->parts->len; k++)
    {
      const MessagePart *part = m->parts->pdata[k];

      if (in_text (pattern, part->name)
          || (part->document != NULL && in_document (pattern, part->document))
          || (part->mail != NULL && in_message (pattern, part->mail)))
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
