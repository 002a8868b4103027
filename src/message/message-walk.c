/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The walk over the parts: each leaf is recorded, and the readable text of the whole is put together.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

/* A subtree's readable text. */
typedef struct {
  GString *text;
  bool html;        /* it came from HTML */
} Body;

/* --- text -------------------------------------------------------------------------- */

/* windows-1252 or utf-16 text may hide behind "text/plain"; whatever it was, this is text. */
static char *
decode_text (Parse *parse, const char *path, GMimeObject *object, const Content *content, bool html,
             MessagePart *facts)
{
  g_autofree char *type = header_raw (object, "Content-Type");
  guint flaws;
  g_autofree char *charset = type != NULL ? param_decode (type, "charset", &flaws) : NULL;
  const char *used;
  bool damaged;
  g_autofree char *utf8 = charset_decode (charset, content->kept->data, content->kept->len, &used, &damaged);

  if (damaged)
    part_defect (parse, path, "text is not what its charset says");
  else if ((charset == NULL || g_ascii_strcasecmp (charset, "us-ascii") == 0) && strcmp (used, "us-ascii") != 0 && !html)
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

static GString *
readable_text (Parse *parse, const char *path, GMimeObject *object, const Content *content, bool html,
               MessagePart *facts)
{
  g_autofree char *utf8 = decode_text (parse, path, object, content, html, facts);
  bool delsp;

  if (content->size > content->kept->len)
    part_defect (parse, path, "more text than is kept");
  if (html)
    {
      g_autofree char *text = html_to_text (utf8, strlen (utf8), parse->limits.max_text);

      parse->has_html = true;
      return take_string (clean_text (text, -1));
    }
  g_autofree char *clean = clean_text (utf8, -1);
  if (is_flowed (object, &delsp))
    return take_string (flowed_to_text (clean, delsp));
  return g_string_new (clean);
}

/* --- the walk ------------------------------------------------------------------------ */

static Body walk (Parse *parse, GMimeObject *object, const char *path, guint depth, GPtrArray *boundaries,
                  const char *parent_subtype);

static char *
file_name (Parse *parse, const char *path, GMimeObject *object)
{
  static const char *const places[][2] = { { "Content-Disposition", "filename" }, { "Content-Type", "name" } };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *raw = header_raw (object, places[i][0]);
      guint flaws = HEADER_OK;
      g_autofree char *name = raw != NULL ? param_decode (raw, places[i][1], &flaws) : NULL;
      g_autofree char *clean = name != NULL ? clean_file_name (name) : NULL;

      if (flaws != HEADER_OK)
        part_defect (parse, path, "the file name is encoded wrongly");
      if (clean != NULL && *clean != '\0')
        {
          if (strpbrk (name, "/\\") != NULL)
            part_defect (parse, path, "the file name holds a path");
          return g_steal_pointer (&clean);
        }
    }
  return g_strdup ("");
}

static char *
disposition_of (GMimeObject *object, const char *name, bool text)
{
  g_autofree char *raw = header_raw (object, "Content-Disposition");
  g_autofree char *value = raw != NULL ? header_unfold (raw) : NULL;
  gsize n = value != NULL ? strcspn (value, "; \t") : 0;

  if (n > 0 && g_ascii_strncasecmp (value, "inline", n) == 0)
    return g_strdup ("inline");
  if (n > 0)
    return g_strdup ("attachment"); /* RFC 2183 2.8: unknown ones are attachments */
  return g_strdup (text && *name == '\0' ? "inline" : "attachment");
}

static char *
lower_type (GMimeObject *object)
{
  g_autofree char *type = g_mime_content_type_get_mime_type (g_mime_object_get_content_type (object));
  g_autofree char *lower = g_ascii_strdown (type != NULL ? type : "application/octet-stream", -1);

  return clean_line (lower, -1);
}

static MessagePart *
part_new (Parse *parse, const char *path, GMimeObject *object)
{
  MessagePart *p = g_new0 (MessagePart, 1);
  g_autofree char *content_type = header_raw (object, "Content-Type");
  guint flaws;
  g_autofree char *charset = content_type != NULL ? param_decode (content_type, "charset", &flaws) : NULL;
  g_autofree char *clean = clean_line (charset != NULL ? charset : "", -1);

  p->path = g_strdup (path);
  p->type = lower_type (object);
  p->name = file_name (parse, path, object);
  p->disposition = disposition_of (object, p->name, g_str_has_prefix (p->type, "text/"));
  p->charset = g_ascii_strdown (clean, -1);
  g_ptr_array_add (parse->message->parts, p);
  return p;
}

static void
fill_part (MessagePart *p, const Content *content)
{
  p->size = content->size;
  memcpy (p->sha256, content->sha256, 65);
  p->sniffed = g_strdup (sniff_type (content->head, content->head_n, content->size));
}

static bool
has_disposition (GMimeObject *object, const char *what)
{
  g_autofree char *raw = header_raw (object, "Content-Disposition");
  g_autofree char *value = raw != NULL ? header_unfold (raw) : NULL;

  return value != NULL && g_ascii_strncasecmp (value, what, strlen (what)) == 0;
}

static void
note_calendar (Parse *parse, GMimeObject *object, const Content *content)
{
  g_autofree char *raw = header_raw (object, "Content-Type");
  guint flaws;
  g_autofree char *method = raw != NULL ? param_decode (raw, "method", &flaws) : NULL;

  if (method == NULL)
    {
      g_autofree char *text = g_strndup ((const char *) content->kept->data, content->kept->len);
      const char *line = strstr (text, "\nMETHOD:");

      if (line != NULL)
        method = g_strndup (line + 8, strcspn (line + 8, "\r\n"));
    }
  if (method != NULL && parse->calendar_method == NULL)
    parse->calendar_method = g_ascii_strup (method, -1);
}

static void
note_text (GString *to, const Content *content)
{
  const char *used;
  bool damaged;
  g_autofree char *utf8 = charset_decode (NULL, content->kept->data, MIN (content->kept->len, 256 * 1024), &used, &damaged);

  g_string_append (to, utf8);
  g_string_append_c (to, '\n');
}

/* What machine-readable parts say is kept for message-machine.c. */
static void
note_leaf (Parse *parse, GMimeObject *object, const MessagePart *p, const Content *content)
{
  if (g_str_equal (p->type, "message/delivery-status") || g_str_equal (p->type, "message/global-delivery-status") ||
      g_str_equal (p->type, "message/disposition-notification"))
    note_text (parse->status_text, content);
  else if (g_str_equal (p->type, "message/feedback-report"))
    note_text (parse->feedback_text, content);
  else if (g_str_equal (p->type, "text/rfc822-headers") || g_str_equal (p->type, "message/rfc822-headers") ||
           g_str_equal (p->type, "message/rfc822") || g_str_equal (p->type, "message/global") ||
           g_str_equal (p->type, "message/global-headers"))
    {
      if (parse->original_text->len == 0)
        note_text (parse->original_text, content);
    }
  else if (g_str_equal (p->type, "text/calendar"))
    note_calendar (parse, object, content);
}

static bool
count_part (Parse *parse)
{
  if (parse->message->parts->len < parse->limits.max_parts)
    return true;
  parse_defect (parse, "message", "more parts than are read");
  return false;
}

static void
count_headers (Parse *parse, GMimeObject *object)
{
  if (object == g_mime_message_get_mime_part (parse->mime))
    return; /* they were counted as the message's own */
  parse->headers += (guint) g_mime_header_list_get_count (g_mime_object_get_header_list (object));
  if (parse->headers > parse->limits.max_headers)
    parse_defect (parse, "message", "more headers than are read");
}

static Body
walk_leaf (Parse *parse, GMimeObject *object, const char *path, const char *parent_subtype)
{
  Body body = { NULL, false };
  MessagePart *p = part_new (parse, path, object);
  bool text = g_str_equal (p->type, "text/plain") || g_str_equal (p->type, "text/html") ||
              g_str_equal (p->type, "text/enriched") || g_str_equal (p->type, "text");
  g_autoptr (GMimeStream) stream = GMIME_IS_PART (object) ? decoded_stream (GMIME_PART (object)) : NULL;
  gsize keep = text ? parse->limits.max_text * 2 : 256 * 1024;
  Content content;

  read_content (parse, path, stream, keep, &content);
  fill_part (p, &content);
  if (has_disposition (object, "reaction"))
    parse->has_reaction = true;
  if (text && *p->name == '\0' && !has_disposition (object, "attachment") && !has_disposition (object, "reaction"))
    {
      body.html = g_str_equal (p->type, "text/html");
      body.text = readable_text (parse, path, object, &content, body.html, p);
    }
  note_leaf (parse, object, p, &content);
  g_byte_array_unref (content.kept);
  return body;
}

static Body
walk_message (Parse *parse, GMimeObject *object, const char *path, const GPtrArray *boundaries)
{
  MessagePart *p = part_new (parse, path, object);
  g_autoptr (GMimeStream) stream = embedded_stream (parse, object, boundaries);
  Content content;

  read_content (parse, path, stream, 256 * 1024, &content);
  fill_part (p, &content);
  if (*p->name == '\0')
    {
      GMimeMessage *inner = g_mime_message_part_get_message (GMIME_MESSAGE_PART (object));
      g_autofree char *raw = inner != NULL ? header_raw (GMIME_OBJECT (inner), "Subject") : NULL;
      guint flaws;
      g_autofree char *subject = raw != NULL ? header_decode (raw, &flaws) : NULL;

      if (subject != NULL && *subject != '\0')
        {
          g_autofree char *name = g_strconcat (subject, ".eml", NULL);

          for (char *c = name; *c != '\0'; c++)
            if (*c == '/' || *c == '\\')
              *c = '_';
          g_free (p->name);
          p->name = clean_file_name (name);
        }
    }
  if (!has_disposition (object, "inline"))
    {
      g_free (p->disposition);
      p->disposition = g_strdup ("attachment");
    }
  note_leaf (parse, object, p, &content);
  g_byte_array_unref (content.kept);
  return (Body){ NULL, false };
}

static bool
is_blank (const char *text)
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

static void
body_clear (Body *body)
{
  if (body->text != NULL)
    g_string_free (body->text, TRUE);
  body->text = NULL;
}

/* Plain text, unless it is no answer to what the HTML says. */
static void
choose_alternative (Body *best, Body next)
{
  bool better;

  if (next.text == NULL)
    return;
  if (best->text == NULL)
    better = true;
  else if (is_blank (best->text->str))
    better = !is_blank (next.text->str);
  else if (best->html && !next.html)
    better = !is_blank (next.text->str) && !is_placeholder (next.text->str);
  else
    better = !best->html && next.html && is_placeholder (best->text->str) && !is_blank (next.text->str);
  if (!better)
    {
      body_clear (&next);
      return;
    }
  body_clear (best);
  *best = next;
}

static void
append_body (Parse *parse, Body *to, Body next)
{
  if (next.text == NULL)
    return;
  if (to->text == NULL || is_blank (to->text->str))
    {
      body_clear (to);
      *to = next;
      return;
    }
  if (to->text->len < parse->limits.max_text && !is_blank (next.text->str))
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
  fill_part (p, &content);
  g_ptr_array_add (parse->message->parts, p);
  g_autofree char *utf8 = charset_decode (NULL, content.kept->data, content.kept->len, &used, &damaged);
  p->charset = g_strdup (used);
  g_byte_array_unref (content.kept);
  return take_string (clean_text (utf8, -1));
}

/* A multipart in which no part was found still has what was written where parts should be. */
static Body
walk_preface (Parse *parse, GMimeMultipart *multipart, const char *path)
{
  const char *prologue = g_mime_multipart_get_prologue (multipart);
  Body body = { NULL, false };

  part_defect (parse, path, "a multipart without parts");
  if (prologue != NULL && !is_blank (prologue))
    {
      g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (prologue, strlen (prologue));

      body.text = loose_text (parse, path, stream);
    }
  return body;
}

/* Which children of a multipart speak: of related and signed the first, of a report the explanation. */
static bool
child_speaks (const char *subtype, int i)
{
  if (g_ascii_strcasecmp (subtype, "related") == 0 || g_ascii_strcasecmp (subtype, "signed") == 0 ||
      g_ascii_strcasecmp (subtype, "report") == 0 || g_ascii_strcasecmp (subtype, "encrypted") == 0)
    return i == 0;
  return true;
}

static Body
walk_multipart (Parse *parse, GMimeObject *object, const char *path, guint depth, GPtrArray *boundaries)
{
  GMimeMultipart *multipart = GMIME_MULTIPART (object);
  const char *subtype = g_mime_content_type_get_media_subtype (g_mime_object_get_content_type (object));
  const char *boundary = g_mime_multipart_get_boundary (multipart);
  bool alternative = subtype != NULL && g_ascii_strcasecmp (subtype, "alternative") == 0;
  int n = g_mime_multipart_get_count (multipart);
  Body body = { NULL, false };

  subtype = subtype != NULL ? subtype : "mixed";
  if (g_ascii_strcasecmp (subtype, "report") == 0 && parse->report_type == NULL)
    {
      const char *type = g_mime_object_get_content_type_parameter (object, "report-type");
      g_autofree char *clean = type != NULL ? clean_line (type, -1) : NULL;

      parse->report_type = g_ascii_strdown (clean != NULL ? clean : "", -1);
    }
  if (n == 0)
    return walk_preface (parse, multipart, *path != '\0' ? path : "1");
  if (depth >= parse->limits.max_depth)
    {
      part_defect (parse, path, "parts nested deeper than is read");
      return body;
    }
  if (boundary != NULL)
    g_ptr_array_add (boundaries, (char *) boundary);
  for (int i = 0; i < n && count_part (parse); i++)
    {
      g_autofree char *child_path = *path != '\0' ? g_strdup_printf ("%s.%d", path, i + 1) : g_strdup_printf ("%d", i + 1);
      Body child = walk (parse, g_mime_multipart_get_part (multipart, i), child_path, depth + 1, boundaries, subtype);

      if (alternative)
        choose_alternative (&body, child);
      else if (child_speaks (subtype, i))
        append_body (parse, &body, child);
      else
        body_clear (&child);
    }
  if (boundary != NULL)
    g_ptr_array_set_size (boundaries, (int) boundaries->len - 1);
  return body;
}

static Body
walk (Parse *parse, GMimeObject *object, const char *path, guint depth, GPtrArray *boundaries,
      const char *parent_subtype)
{
  const char *leaf_path = *path != '\0' ? path : "1";

  if (!count_part (parse))
    return (Body){ NULL, false };
  count_headers (parse, object);
  if (GMIME_IS_MULTIPART (object))
    return walk_multipart (parse, object, path, depth, boundaries);
  if (GMIME_IS_MESSAGE_PART (object))
    return walk_message (parse, object, leaf_path, boundaries);
  return walk_leaf (parse, object, leaf_path, parent_subtype);
}

/* --- the text of the whole ------------------------------------------------------------- */

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

  limit_text (parse, text);
  g_free (m->text);
  m->text = g_string_free (text, FALSE);
  g_free (m->new_text);
  g_free (m->quoted_text);
  quote_split (m->text, &m->new_text, &m->quoted_text);
}

void
body_facts (Parse *parse)
{
  g_autoptr (GPtrArray) boundaries = g_ptr_array_new ();
  GMimeObject *root = g_mime_message_get_mime_part (parse->mime);
  Body body = { NULL, false };

  if (root != NULL)
    body = walk (parse, root, "", 0, boundaries, NULL);
  else
    parse_defect (parse, "message", "no body");
  if (body.text != NULL)
    take_text (parse, body.text);
}
