/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who wrote what is forwarded: from attached messages, and from the header lines that Outlook,
 * Gmail, Apple and others put above the forwarded text.
 *
 * It is what the mail says and nothing more; whoever reads the fact may propose it to a person.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

#define MAX_FORWARDED 20
#define MAX_LINES_BELOW 12   /* between the words that say "forwarded" and its From line */

/* What a subject begins with when the whole mail is a forward: then header lines without a
 * delimiter are one, too. */
static bool
has_forward_subject (const char *subject)
{
  static const char *const marks[] = { "fw:", "fwd:",  "fw :",    "fwd :", "wg:",  "tr:",
                                       "rv:", "enc:",  "doorst:", "vb:",   "i:",   "vl:",
                                       "pd:", "转发:", "转发：",  "轉寄:", "[fwd:" };
  g_autofree char *low = g_utf8_strdown (subject, -1);

  return quote_starts_any (low, marks, G_N_ELEMENTS (marks));
}

/* "Begin forwarded message:", "---------- Forwarded message ---------" */
static bool
says_forwarded (const QuoteLine *line)
{
  static const char *const words[] = { "forward",      "weitergeleitet", "transféré",
                                       "reenviado",    "inoltrat",       "encaminhad",
                                       "doorgestuurd", "пересыла",       "転送",
                                       "转发" };
  g_autofree char *low =
    line->kind == LINE_DELIMITER ? quote_lower (line->s, MIN (line->n, 200)) : NULL;

  return low != NULL && quote_holds_any (low, words, G_N_ELEMENTS (words));
}

/* LINE without the marks of a quotation: old mail programs quote the header lines, too. */
static QuoteLine
unquoted (const QuoteLine *line)
{
  QuoteLine inner = *line;

  while (inner.n > 0 && strchr ("> \t", *inner.s) != NULL)
    {
      inner.s++;
      inner.n--;
    }
  return inner;
}

static void
trim (GString *s)
{
  const char *marks = " \t*_\"'<>[]()";

  while (s->len > 0 && strchr (marks, s->str[s->len - 1]) != NULL)
    g_string_truncate (s, s->len - 1);
  while (s->len > 0 && strchr (marks, *s->str) != NULL)
    g_string_erase (s, 0, 1);
}

/* "From: Jane Doe <jane@x.org>", "*Von:* Jane Doe [mailto:jane@x.org]", "From: Jane Doe
 * (jane@x.org)" */
static void
add_sender (Parse *parse, const QuoteLine *line)
{
  g_autofree char *text = g_strndup (line->s, line->n);
  const char *at = strchr (text, '@');
  const char *from = at, *to = at;
  const char *colon = strchr (text, ':');
  g_autoptr (GString) name = NULL;

  if (colon == NULL || (strstr (text, "：") != NULL && strstr (text, "：") < colon))
    colon = strstr (text, "：");
  if (at == NULL || colon == NULL || colon > at
      || parse->message->forwarded_from->len >= MAX_FORWARDED)
    return;
  while (from > colon + 1 && strchr (" \t<[(:;,\"'*", from[-1]) == NULL)
    from--;
  while (*to != '\0' && strchr (" \t>])<[(;,\"'*", *to) == NULL)
    to++;
  g_autofree char *address = g_strndup (from, (gsize) (to - from));
  if (from == at || to - at < 2)
    return;
  const char *end = strstr (text, "[mailto:");
  name = g_string_new_len (colon + 1, (end != NULL && end < from ? end : from) - colon - 1);
  trim (name);
  g_autofree char *clean = clean_line (name->str, -1);
  g_autofree char *normal = address_normalise (address);
  g_ptr_array_add (parse->message->forwarded_from, message_address_new (clean, normal));
}

/* The From line of a forward that line I announces. */
static const QuoteLine *
sender_below (const QuoteLines *all, guint i, QuoteLine *found)
{
  for (guint k = i; k < all->n && k < i + MAX_LINES_BELOW; k++)
    {
      *found = unquoted (&all->lines[k]);
      if (quote_line_names_sender (found))
        return found;
    }
  return NULL;
}

static void
inline_senders (Parse *parse)
{
  bool whole = has_forward_subject (parse->message->subject);
  QuoteLine found;
  QuoteLines all;

  if (strchr (parse->message->text, '@') == NULL)
    return; /* nobody's address */
  quote_lines_read (parse->message->text, &all);
  quote_find_kinds (&all);
  for (guint i = 0; i < all.n; i++)
    {
      bool header = whole && all.lines[i].kind == LINE_HEADERS
                    && (i == 0 || all.lines[i - 1].kind != LINE_HEADERS);

      if (!says_forwarded (&all.lines[i]) && !header)
        continue;
      if (sender_below (&all, i, &found) != NULL)
        add_sender (parse, &found);
      break; /* what follows is inside of the forward, and may be anything */
    }
  g_free (all.lines);
}

void
forward_attached (Parse *parse, GMimeMessage *inner)
{
  g_autofree char *raw = inner != NULL ? header_raw (GMIME_OBJECT (inner), "From") : NULL;

  if (raw != NULL && parse->message->forwarded_from->len < MAX_FORWARDED)
    header_addresses (parse, "forwarded From", raw, parse->message->forwarded_from);
}

void
forward_facts (Parse *parse)
{
  /* What a report brings back is our own mail. */
  if (parse->message->machine == MACHINE_DELIVERY_REPORT
      || parse->message->machine == MACHINE_FEEDBACK_REPORT
      || parse->message->machine == MACHINE_READ_RECEIPT)
    g_ptr_array_set_size (parse->message->forwarded_from, 0);
  else
    inline_senders (parse);
}
