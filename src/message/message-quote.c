/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sender's own words, apart from what they quote and sign with.
 *
 * Only what is surely quotation or signature is cut; whatever is not sure stays.  Each line gets a
 * kind (message-quote-line.c), then one pass from the top decides.  No line is lost: what is not in
 * the one text is in the other.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

#define MAX_SIGNATURE_LINES 30
#define MAX_LOOSE_SIGNATURE_LINES 10

typedef struct {
  const QuoteLines *all;
  guint own;           /* own lines so far */
  bool attributed;     /* an attribution was seen: quoted lines are quotation */
  bool passes_on;      /* words of another begin, and none of the sender's own stand above */
  guint last_own;      /* last line that may be the sender's own words */
  guint below;         /* the first quotation below own words begins here; 0: none does */
} Pass;

static guint
next_filled (const QuoteLines *all, guint i)
{
  while (i < all->n && all->lines[i].kind == LINE_EMPTY)
    i++;
  return i;
}

static guint
cut (Pass *p, guint from, guint to)
{
  for (guint i = from; i < to && i < p->all->n; i++)
    p->all->lines[i].cut = true;
  return to;
}

/* Words above a quotation that say: what I answer stands in it. */
static bool
announces_answers (const Pass *p, guint i)
{
  static const char *const words[] = {
    "in red", "in blue", "in green", "in bold", "in caps", "in color", "in colour", "inline", "in-line", "in line with your",
    "answers below", "answer below", "answered below", "responses below", "response below", "comments below",
    "comment below", "replies below", "see below", "find below", "my answers", "within your", "in rot", "in blau",
    "in grün", "siehe unten", "unten im text", "antworten unten", "im text unten", "en rouge", "en bleu", "en vert",
    "ci-dessous", "en rojo", "en azul", "más abajo", "in rosso", "in blu", "di seguito", "in rood", "hieronder",
    "em vermelho", "abaixo", "czerwon", "красным", "ниже",
  };

  for (guint k = 0; k < i; k++)
    {
      const QuoteLine *line = &p->all->lines[k];

      if (line->kind != LINE_TEXT || line->cut)
        continue;
      g_autofree char *low = quote_lower (line->s, line->n);
      if (quote_holds_any (low, words, G_N_ELEMENTS (words)))
        return true;
    }
  return false;
}

/* All from HEAD on is quotation, which begins at BODY.  Answers that only a colour marked are in it
 * for good, so where they are announced every word stays, marked as the quotation it mostly is. */
static guint
cut_rest (Pass *p, guint head, guint body)
{
  const QuoteLines *all = p->all;

  if (!announces_answers (p, head))
    return cut (p, head, all->n);
  for (guint i = cut (p, head, body); i < all->n; i++)
    all->lines[i].mixed = true;
  return all->n;
}

/* Behind an attribution other marks than ">" can quote: "| " and initials ("Jo> "). */
static bool
quotes_loosely (const QuoteLine *line)
{
  gsize word = 0;

  if (line->n > 0 && line->s[0] == '|')
    return true;
  while (word < line->n && word < 14 && g_ascii_isalpha (line->s[word]))
    word++;
  return word > 0 && word < line->n && line->s[word] == '>';
}

static guint
cut_quotation (Pass *p, guint i)
{
  const QuoteLines *all = p->all;

  while (i < all->n)
    {
      guint filled = next_filled (all, i);

      if (filled >= all->n
          || (all->lines[filled].kind != LINE_QUOTE && !quotes_loosely (&all->lines[filled])))
        break;
      i = cut (p, i, filled + 1);
    }
  return i;
}

static guint
pass_attribution (Pass *p, guint i)
{
  const QuoteLine *line = &p->all->lines[i];
  guint after = i + line->span;
  guint filled = next_filled (p->all, after);

  /* Yahoo moves in what it quotes, and marks none of it: marks in there are of the text itself. */
  if (line->strong && p->own > 0 && line->s[0] == ' ')
    return cut_rest (p, i, after);
  if (filled < p->all->n
      && (p->all->lines[filled].kind == LINE_QUOTE || quotes_loosely (&p->all->lines[filled])))
    {
      p->attributed = true;
      p->below = p->below == 0 && p->own > 0 ? after : p->below;
      cut (p, i, after);
      return cut_quotation (p, after);
    }
  p->passes_on |= line->strong && p->own == 0;
  if (line->strong && (p->own > 0 || filled >= p->all->n))
    return cut_rest (p, i, after);
  if (line->strong)
    return cut (p, i, after);
  p->own++;
  return after;
}

/* What another wrote begins here; without own words above, it is what the mail is about. */
static guint
pass_headers (Pass *p, guint i)
{
  guint end = i + p->all->lines[i].span;

  if (p->own > 0)
    return cut_rest (p, i, end);
  p->passes_on = true;
  if (p->all->lines[i].kind == LINE_DELIMITER)
    {
      guint filled = next_filled (p->all, end);

      if (filled < p->all->n && p->all->lines[filled].kind == LINE_HEADERS)
        end = filled + p->all->lines[filled].span;
    }
  return cut (p, i, end);
}

static guint
pass_quote (Pass *p, guint i)
{
  if (p->attributed || (p->own > 0 && i > p->last_own))
    return cut_quotation (p, i);
  return i + 1;
}

static guint
pass_signature (Pass *p, guint i)
{
  const QuoteLines *all = p->all;
  guint limit = all->lines[i].n == 3 ? MAX_SIGNATURE_LINES : MAX_LOOSE_SIGNATURE_LINES;
  guint end = i + 1, filled = 0;

  for (; end < all->n; end++)
    {
      QuoteLineKind kind = all->lines[end].kind;

      if (kind == LINE_QUOTE || kind == LINE_ATTRIBUTION || kind == LINE_DELIMITER
          || kind == LINE_HEADERS)
        break;
      filled += kind != LINE_EMPTY;
      if (filled > limit || end - i > 10 * MAX_SIGNATURE_LINES)
        {
          filled = limit + 1;
          break;
        }
    }
  if (p->own == 0 || filled > limit)
    {
      p->own++;
      return i + 1;
    }
  return cut (p, i, end);
}

static bool
is_row_above_headers (const Pass *p, guint i)
{
  guint filled = next_filled (p->all, i + 1);

  return quote_line_is_row (&p->all->lines[i], 8) && filled < p->all->n
         && p->all->lines[filled].kind == LINE_HEADERS;
}

static guint
pass_device (Pass *p, guint i)
{
  guint end = i;

  while (end < p->all->n
         && (p->all->lines[end].kind == LINE_EMPTY || p->all->lines[end].kind == LINE_DEVICE))
    end++;
  if (end < p->all->n
      && ((p->all->lines[end].kind == LINE_TEXT && !is_row_above_headers (p, end))
          || (p->all->lines[end].kind == LINE_QUOTE && !p->attributed && end < p->last_own)))
    {
      p->own += end - i;
      return end;
    }
  return cut (p, i, end);
}

static guint
pass_row (Pass *p, guint i)
{
  return is_row_above_headers (p, i) ? cut (p, i, next_filled (p->all, i + 1)) : 0;
}

static void
decide (Pass *p)
{
  const QuoteLines *all = p->all;

  for (guint i = 0; i < all->n;)
    {
      guint next = 0;

      switch (all->lines[i].kind)
        {
        case LINE_ATTRIBUTION:
          i = pass_attribution (p, i);
          break;
        case LINE_DELIMITER:
        case LINE_HEADERS:
          i = pass_headers (p, i);
          break;
        case LINE_QUOTE:
          i = pass_quote (p, i);
          break;
        case LINE_SIGNATURE:
          i = pass_signature (p, i);
          break;
        case LINE_DEVICE:
          i = pass_device (p, i);
          break;
        case LINE_EMPTY:
          i++;
          break;
        case LINE_TEXT:
          if ((next = pass_row (p, i)) > 0)
            i = next;
          else
            {
              p->own++;
              i++;
            }
          break;
        }
    }
}

/* Signatures below a quotation are not own words either. */
static guint
find_last_own (const QuoteLines *all)
{
  guint last = 0;

  for (guint i = 0; i < all->n; i++)
    {
      if (all->lines[i].kind == LINE_SIGNATURE && all->n - i <= MAX_LOOSE_SIGNATURE_LINES)
        break;
      if (all->lines[i].kind == LINE_TEXT)
        last = i;
    }
  return last;
}

static char *
collect (const QuoteLines *all, bool cut_ones)
{
  GString *out = g_string_new (NULL);
  gsize first = 0;

  for (guint i = 0; i < all->n; i++)
    if (all->lines[i].cut == cut_ones)
      {
        if (all->lines[i].mixed)
          g_string_append (out, "> ");
        g_string_append_len (out, all->lines[i].s, (gssize) all->lines[i].n);
        g_string_append_c (out, '\n');
      }
  /* Empty lines at both ends; white space before the first word stays (it may be a listing). */
  while (out->len > 0 && strchr (" \t\n", out->str[out->len - 1]) != NULL)
    g_string_truncate (out, out->len - 1);
  for (gsize blank = 0; blank < out->len; blank++)
    {
      if (out->str[blank] == '\n')
        first = blank + 1;
      else if (strchr (" \t", out->str[blank]) == NULL)
        break;
    }
  g_string_erase (out, 0, (gssize) first);
  return g_string_free (out, FALSE);
}

/* Where a program marks nothing, marks that the other one wrote look like its own, and what follows
 * like an answer: words may be that, commands are not. */
static bool
has_command_below (const Pass *p)
{
  for (guint i = p->below; p->below > 0 && i < p->all->n; i++)
    {
      const QuoteLine *line = &p->all->lines[i];
      gsize k = 0;

      while (k < line->n && g_ascii_isspace (line->s[k]))
        k++;
      if (line->kind == LINE_TEXT && !line->cut && k < line->n && line->s[k] == '/')
        return true;
    }
  return false;
}

static void
read_all (const char *text, QuoteLines *all, Pass *p)
{
  *p = (Pass){ .all = all };
  quote_lines_read (text, all);
  quote_find_kinds (all);
  p->last_own = find_last_own (all);
  decide (p);
  p->passes_on |= has_command_below (p);
}

void
quote_split (const char *text, char **new_text, char **quoted_text)
{
  QuoteLines all;
  Pass p;

  read_all (text, &all, &p);
  *new_text = collect (&all, false);
  *quoted_text = collect (&all, true);
  g_free (all.lines);
}

bool
message_passes_on (const Message *m)
{
  g_autofree char *words = inline_words (m->text);
  QuoteLines all;
  Pass p;

  read_all (words != NULL ? words : m->text, &all, &p);
  g_free (all.lines);
  return p.passes_on;
}
