/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words in RTF, as far as mail uses it: text with its paragraphs, or the HTML that Outlook
 * wrapped in it (MS-OXRTFEX).  Fonts, pictures and everything else that is no word is left out.
 */
#include "config.h"

#include <string.h>

#include "document/tnef.h"

#define MAX_GROUPS 100
#define MAX_WORD 32

typedef struct {
  bool skip;        /* no text of the message */
  bool tag;         /* wrapped HTML */
  bool hidden;      /* what stands in for wrapped HTML: \htmlrtf */
  guint unicode;    /* characters that stand behind each \u for readers without it */
} Group;

typedef struct {
  const char *s, *end;
  Group groups[MAX_GROUPS];
  guint depth;      /* of the group that is read; may be above MAX_GROUPS: then nothing is text */
  bool html;
  bool starred;     /* "\*": the destination that comes may be left out by who does not know it */
  guint pass;       /* characters still to pass over, behind a \u */
  char charset[16];
  GString *bytes;   /* of CHARSET, not yet decoded */
  GString *out;
  gsize max;
  gunichar2 high;   /* first half of a character in two */
  RtfDecode decode;
} Rtf;

static Group *
group (Rtf *r)
{
  return &r->groups[MIN (r->depth, MAX_GROUPS - 1)];
}

static bool
is_text (Rtf *r)
{
  const Group *g = group (r);

  return !g->skip && r->depth < MAX_GROUPS && (g->tag || !(r->html && g->hidden));
}

static void
flush (Rtf *r)
{
  if (r->bytes->len == 0)
    return;
  g_autofree char *text = r->decode (r->charset, r->bytes->str, r->bytes->len);
  g_string_append (r->out, text);
  g_string_truncate (r->bytes, 0);
}

static void
add_byte (Rtf *r, char c)
{
  if (r->pass > 0)
    r->pass--;
  else if (is_text (r) && c != '\0')
    g_string_append_c (r->bytes, c);
}

static void
add_text (Rtf *r, const char *text)
{
  flush (r);
  if (is_text (r))
    g_string_append (r->out, text);
}

static void
add_unicode (Rtf *r, int number)
{
  gunichar2 unit = (gunichar2) number;
  gunichar c = unit;

  flush (r);
  r->pass = group (r)->unicode;
  if (unit >= 0xd800 && unit < 0xdc00)
    {
      r->high = unit;
      return;
    }
  if (unit >= 0xdc00 && unit < 0xe000)
    c = r->high != 0 ? 0x10000 + ((gunichar) (r->high - 0xd800) << 10) + (unit - 0xdc00u) : 0xfffd;
  r->high = 0;
  if (is_text (r) && c != 0)
    g_string_append_unichar (r->out, c);
}

/* Groups whose text is none of the message's. */
static bool
is_other_destination (const char *word)
{
  static const char *const words[] = {
    "fonttbl", "colortbl", "stylesheet", "info",      "pict",      "object",    "header",
    "footer",  "headerl",  "headerr",    "footerl",   "footerr",   "listtable", "listoverridetable",
    "filetbl", "revtbl",   "generator",  "themedata", "datastore", "fldinst"
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (word, words[i]) == 0)
      return true;
  return false;
}

/* Words that stand for characters. */
static const char *
word_text (const char *word)
{
  static const struct {
    const char *word, *text;
  } rows[] = {
    { "par", "\n" }, { "line", "\n" }, { "row", "\n" }, { "sect", "\n" }, { "page", "\n" }, { "tab", "\t" }, { "cell", "\t" },
    { "emdash", "—" }, { "endash", "–" }, { "bullet", "•" }, { "lquote", "‘" }, { "rquote", "’" }, { "ldblquote", "“" },
    { "rdblquote", "”" }, { "emspace", " " }, { "enspace", " " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (strcmp (word, rows[i].word) == 0)
      return rows[i].text;
  return NULL;
}

static void
control_word (Rtf *r, const char *word, bool has_number, int number)
{
  const char *text = word_text (word);
  bool starred = r->starred;

  r->starred = false;
  if (text != NULL)
    add_text (r, text);
  else if (strcmp (word, "u") == 0 && has_number)
    add_unicode (r, number);
  else if (strcmp (word, "uc") == 0 && has_number)
    group (r)->unicode = (guint) CLAMP (number, 0, 16);
  else if (strcmp (word, "ansicpg") == 0 && has_number && number > 0 && number < 65536)
    g_snprintf (r->charset, sizeof r->charset,
                number >= 1250 && number <= 1258 ? "windows-%d" : "cp%d", number);
  else if (strcmp (word, "fromhtml") == 0)
    r->html = true;
  else if (strcmp (word, "htmlrtf") == 0)
    {
      flush (r);
      group (r)->hidden = !has_number || number != 0;
    }
  else if (strcmp (word, "htmltag") == 0 && r->html)
    group (r)->tag = true;
  else if (starred || is_other_destination (word))
    {
      flush (r);
      group (r)->skip = true;
    }
}

static void
read_word (Rtf *r)
{
  char word[MAX_WORD + 1] = "";
  gsize n = 0;
  bool has_number;
  int number = 0;

  for (; r->s < r->end && g_ascii_isalpha (*r->s); r->s++)
    if (n < MAX_WORD)
      word[n++] = *r->s;
  bool negative = r->s + 1 < r->end && *r->s == '-' && g_ascii_isdigit (r->s[1]);
  r->s += negative;
  has_number = r->s < r->end && g_ascii_isdigit (*r->s);
  for (; r->s < r->end && g_ascii_isdigit (*r->s); r->s++)
    number = number < 10000000 ? number * 10 + (*r->s - '0') : number;
  if (r->s < r->end && *r->s == ' ')
    r->s++;
  control_word (r, word, has_number, negative ? -number : number);
}

/* Behind a backslash. */
static void
read_control (Rtf *r)
{
  char c = r->s < r->end ? *r->s : '\0';

  if (g_ascii_isalpha (c))
    {
      read_word (r);
      return;
    }
  r->s++;
  if (c == '\'' && r->end - r->s >= 2 && g_ascii_isxdigit (r->s[0]) && g_ascii_isxdigit (r->s[1]))
    {
      add_byte (r, (char) (g_ascii_xdigit_value (r->s[0]) * 16 + g_ascii_xdigit_value (r->s[1])));
      r->s += 2;
    }
  else if (c == '\\' || c == '{' || c == '}')
    add_byte (r, c);
  else if (c == '~')
    add_text (r, " ");
  else if (c == '\n' || c == '\r')
    add_text (r, "\n");
  else if (c == '*')
    r->starred = true;
}

static void
read_group (Rtf *r, char bracket)
{
  flush (r);
  r->pass = 0;
  r->starred = false;
  if (bracket == '{')
    {
      r->depth++;
      if (r->depth < MAX_GROUPS)
        r->groups[r->depth] = r->groups[r->depth - 1];
    }
  else if (r->depth > 0)
    r->depth--;
}

char *
rtf_to_text (const char *rtf, gsize n, gsize max, RtfDecode decode, bool *html)
{
  const char *start = n > 0 ? rtf : ""; /* no bytes may come as NULL */
  Rtf r = { .s = start, .end = start + n, .charset = "windows-1252", .decode = decode, .max = max };

  r.groups[0].unicode = 1;
  r.bytes = g_string_new (NULL);
  r.out = g_string_new (NULL);
  while (r.s < r.end && r.out->len + r.bytes->len < r.max)
    {
      char c = *r.s++;

      if (c == '{' || c == '}')
        read_group (&r, c);
      else if (c == '\\')
        read_control (&r);
      else if (c != '\r' && c != '\n')
        add_byte (&r, c);
    }
  flush (&r);
  g_string_free (r.bytes, TRUE);
  *html = r.html;
  return g_string_free (r.out, FALSE);
}
