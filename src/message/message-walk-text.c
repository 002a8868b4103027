/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The readable text of parts, and of which of them the text of the whole is made.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

/* windows-1252 or utf-16 text may hide behind "text/plain"; whatever it was, this is text. */
char *
body_decode (Parse *parse, const char *path, GMimeObject *object, const Content *content, bool html,
             MessagePart *facts)
{
  g_autofree char *type = header_raw (object, "Content-Type");
  guint flaws;
  g_autofree char *charset = type != NULL ? param_decode (type, "charset", &flaws) : NULL;
  const char *used;
  bool damaged;
  g_autofree char *utf8 =
    charset_decode (charset, content->kept->data, content->kept->len, &used, &damaged);

  if (damaged)
    part_defect (parse, path, "text is not what its charset says");
  else if ((charset == NULL || g_ascii_strcasecmp (charset, "us-ascii") == 0)
           && strcmp (used, "us-ascii") != 0 && !html)
    part_defect (parse, path, "8-bit text without a charset");
  if (facts->charset[0] == '\0' || damaged)
    {
      g_free (facts->charset);
      facts->charset = g_ascii_strdown (used, -1);
    }
  return g_steal_pointer (&utf8);
}

static bool
is_flowed (GMimeObject *object, bool *delsp)
{
  g_autofree char *type = header_raw (object, "Content-Type");
  guint flaws;
  g_autofree char *format = type != NULL ? param_decode (type, "format", &flaws) : NULL;
  g_autofree char *del = type != NULL ? param_decode (type, "delsp", &flaws) : NULL;

  *delsp = del != NULL && g_ascii_strcasecmp (del, "yes") == 0;
  return format != NULL && g_ascii_strcasecmp (format, "flowed") == 0;
}

static GString *
take_string (char *text)
{
  GString *s = g_string_new (text);

  g_free (text);
  return s;
}

/* Signed text is read line by line, as it was signed: that lines flow is said outside of it. */
static bool
is_signed_text (const char *text)
{
  InlineSigned s;

  return inline_read (text, strlen (text), &s);
}

GString *
body_read (Parse *parse, const char *path, GMimeObject *object, const Content *content, bool html,
           MessagePart *facts)
{
  g_autofree char *utf8 = body_decode (parse, path, object, content, html, facts);
  bool delsp;

  if (content->size > content->kept->len)
    part_defect (parse, path, "more text than is kept");
  if (html)
    {
      g_autofree char *text = html_to_text (utf8, strlen (utf8), parse->limits.max_text);

      parse->has_html = true;
      return take_string (clean_text (text, -1));
    }
  g_autofree char *clean = clean_utf8 (utf8);
  if (is_flowed (object, &delsp) && !is_signed_text (clean))
    return take_string (flowed_to_text (clean, delsp));
  return g_string_new (clean);
}

bool
body_is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

/* "Your mail program cannot show HTML": a plain part that says nothing. */
static bool
is_placeholder (const char *text)
{
  static const char *const phrases[] = { "html", "HTML", "Html" };
  gsize n = strlen (text);

  if (n > 400)
    return false;
  for (guint i = 0; i < G_N_ELEMENTS (phrases); i++)
    {
      const char *at = strstr (text, phrases[i]);

      if (at != NULL && (strstr (text, "support") != NULL || strstr (text, "view") != NULL ||
                         strstr (text, "display") != NULL || strstr (text, "unterst") != NULL ||
                         strstr (text, "anzeigen") != NULL || strstr (text, "enabled") != NULL ||
                         strstr (text, "read this") != NULL))
        return true;
    }
  return false;
}

void
body_clear (BodyText *body)
{
  if (body->text != NULL)
    g_string_free (body->text, TRUE);
  body->text = NULL;
}

void
body_aside (Parse *parse, BodyText *body)
{
  gsize n = body->text != NULL ? body->text->len : 0;

  if (parse->aside == NULL)
    parse->aside = g_string_new (NULL);
  n = MIN (n, parse->limits.max_text - MIN (parse->aside->len, parse->limits.max_text));
  while (n > 0 && n < body->text->len && ((guchar) body->text->str[n] & 0xc0) == 0x80)
    n--;
  if (n > 0)
    {
      g_string_append_len (parse->aside, body->text->str, (gssize) n);
      g_string_append_c (parse->aside, '\n');
    }
  body_clear (body);
}

void
body_choose (Parse *parse, BodyText *best, BodyText next)
{
  bool better;

  if (next.text == NULL)
    return;
  if (best->text == NULL)
    better = true;
  else if (body_is_blank (best->text->str))
    better = !body_is_blank (next.text->str);
  else if (best->html && !next.html)
    better = !body_is_blank (next.text->str) && !is_placeholder (next.text->str);
  else
    better = !best->html && next.html && is_placeholder (best->text->str)
             && !body_is_blank (next.text->str);
  if (!better)
    {
      body_aside (parse, &next);
      return;
    }
  body_aside (parse, best);
  *best = next;
}

void
body_append (Parse *parse, BodyText *to, BodyText next)
{
  if (next.text == NULL)
    return;
  if (to->text == NULL || body_is_blank (to->text->str))
    {
      body_clear (to);
      *to = next;
      return;
    }
  if (to->text->len < parse->limits.max_text && !body_is_blank (next.text->str))
    {
      if (to->text->str[to->text->len - 1] != '\n')
        g_string_append_c (to->text, '\n');
      g_string_append_c (to->text, '\n');
      g_string_append (to->text, next.text->str);
    }
  body_clear (&next);
}

/* Text that no structure holds, as a part of its own: nothing that can be read is lost. */
GString *
loose_text (Parse *parse, const char *path, GMimeStream *stream)
{
  MessagePart *p = g_new0 (MessagePart, 1);
  const char *used;
  bool damaged;
  Content content;

  read_content (parse, path, stream, parse->limits.max_text * 2, &content);
  p->path = g_strdup (path);
  p->type = g_strdup ("text/plain");
  p->name = g_strdup ("");
  p->disposition = g_strdup ("inline");
  part_fill (p, &content);
  g_ptr_array_add (parse->message->parts, p);
  g_autofree char *utf8 =
    charset_decode (NULL, content.kept->data, content.kept->len, &used, &damaged);
  p->charset = g_strdup (used);
  g_byte_array_unref (content.kept);
  return take_string (clean_utf8 (utf8));
}

static void
limit_text (Parse *parse, GString *text)
{
  if (text->len > parse->limits.max_text)
    {
      const char *end = g_utf8_find_prev_char (text->str, text->str + parse->limits.max_text + 1);

      g_string_truncate (text, end != NULL ? (gsize) (end - text->str) : 0);
      parse_defect (parse, "message", "more text than is kept");
    }
}

void
take_text (Parse *parse, GString *text)
{
  Message *m = parse->message;
  g_autofree char *words = NULL;

  limit_text (parse, text);
  g_free (m->text);
  m->text = g_string_free (text, FALSE);
  words = inline_words (m->text);
  g_free (m->new_text);
  g_free (m->quoted_text);
  quote_split (words != NULL ? words : m->text, &m->new_text, &m->quoted_text);
}
