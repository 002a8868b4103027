/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A winmail.dat opens into parts like those of any other message: its attachments with their names,
 * its text, and messages inside it with theirs.
 *
 * What it holds is numbered below it: the first of part 2 is 2.1.  Its own text counts only where
 * the mail has no other.
 */
#include "config.h"

#include <string.h>

#include "document/tnef.h"
#include "message/message-private.h"

#define MAX_TNEF_DEPTH 8
#define NAMELESS "Untitled Attachment"   /* what Outlook calls it */

static BodyText open_tnef (Parse *parse, const char *path, GBytes *bytes, guint depth);

static char *
decode_bytes (const char *charset, const char *bytes, gsize n)
{
  const char *used;
  bool damaged;

  return charset_decode (charset != NULL && *charset != '\0' ? charset : NULL,
                         (const guint8 *) bytes, n, &used, &damaged);
}

char *
message_rtf_to_text (const char *rtf, gsize n, gsize max, bool *html)
{
  return rtf_to_text (rtf, n, max, decode_bytes, html);
}

/* NULL: not there. */
static char *
decode_tnef (const TnefText *text)
{
  gsize n = 0;
  const char *bytes = text->bytes != NULL ? g_bytes_get_data (text->bytes, &n) : NULL;

  return bytes != NULL && n > 0 ? decode_bytes (text->charset, bytes, n) : NULL;
}

static MessagePart *
add_part (Parse *parse, const char *path, const char *type, const char *name,
          const char *disposition, GBytes *bytes)
{
  MessagePart *p = g_new0 (MessagePart, 1);
  gsize n = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &n) : NULL;
  g_autoptr (GMimeStream) stream =
    data != NULL ? g_mime_stream_mem_new_with_buffer (data, n) : NULL;
  Content content;

  p->path = g_strdup (path);
  p->type = clean_line (type, -1);
  p->name = clean_file_name (name);
  p->disposition = g_strdup (disposition);
  p->charset = g_strdup ("");
  p->from_tnef = true;
  g_ptr_array_add (parse->message->parts, p);
  read_content (parse, path, stream, 0, &content);
  part_fill (p, &content);
  g_byte_array_unref (content.kept);
  return p;
}

/* Whether there is room for one more part; its path is the caller's. */
static char *
next_path (Parse *parse, const char *path, guint *n)
{
  if (parse->message->parts->len >= parse->limits.max_parts)
    {
      part_left_out (parse, "", "more parts than are read");
      return NULL;
    }
  return g_strdup_printf ("%s.%u", path, ++*n);
}

static void
add_attachment (Parse *parse, const char *path, const TnefAttachment *a, guint depth)
{
  g_autofree char *name = decode_tnef (&a->name);
  g_autofree char *claimed = decode_tnef (&a->type);
  g_autofree char *type =
    claimed != NULL && strchr (claimed, '/') != NULL ? g_ascii_strdown (claimed, -1) : NULL;
  const char *kind = a->is_message  ? "application/ms-tnef"
                     : type != NULL ? type
                                    : "application/octet-stream";

  add_part (parse, path, kind, name != NULL && *name != '\0' ? name : NAMELESS, "attachment",
            a->content);
  if (a->is_message && depth < MAX_TNEF_DEPTH)
    {
      BodyText inner = open_tnef (parse, path, a->content, depth + 1);

      body_clear (&inner); /* the words of an attached message are not the sender's */
    }
  else if (a->is_message)
    part_left_out (parse, path, "messages nested deeper than is read");
}

/* The text as people read it, of whichever form there is; NULL: none. */
static char *
body_of (Parse *parse, const Tnef *tnef, const char **type, const char **name, GBytes **bytes,
         bool *html)
{
  g_autofree char *source = decode_tnef (&tnef->html);
  gsize n;

  *html = true;
  *type = "text/html";
  *name = "body.html";
  *bytes = tnef->html.bytes;
  if (source == NULL && tnef->rtf != NULL)
    {
      const char *rtf = g_bytes_get_data (tnef->rtf, &n);

      *type = "application/rtf";
      *name = "body.rtf";
      *bytes = tnef->rtf;
      source = message_rtf_to_text (rtf, n, parse->limits.max_text * 2, html);
    }
  if (source == NULL)
    {
      *html = false;
      *type = "text/plain";
      *name = "body.txt";
      *bytes = tnef->text.bytes;
      source = decode_tnef (&tnef->text);
    }
  if (source == NULL || !*html)
    return g_steal_pointer (&source);
  return html_to_text (source, strlen (source), parse->limits.max_text);
}

static BodyText
add_body (Parse *parse, const char *path, const Tnef *tnef, guint *n)
{
  const char *type, *name;
  GBytes *bytes;
  BodyText body = { NULL, false };
  g_autofree char *text = body_of (parse, tnef, &type, &name, &bytes, &body.html);
  g_autofree char *child = text != NULL ? next_path (parse, path, n) : NULL;

  if (child == NULL)
    return body;
  add_part (parse, child, type, name, "inline", bytes);
  g_autofree char *clean = clean_text (text, -1);
  body.text = g_string_new (clean);
  return body;
}

static BodyText
open_tnef (Parse *parse, const char *path, GBytes *bytes, guint depth)
{
  g_autoptr (Tnef) tnef = tnef_read (bytes);
  BodyText body;
  guint n = 0;

  if (tnef->damaged)
    part_defect (parse, path, "this winmail.dat is damaged; what could be read is here");
  if (tnef->too_much)
    part_left_out (parse, path, "this winmail.dat holds more than is read");
  body = add_body (parse, path, tnef, &n);
  for (guint i = 0; i < tnef->attachments->len; i++)
    {
      g_autofree char *child = next_path (parse, path, &n);

      if (child == NULL)
        break;
      add_attachment (parse, child, tnef->attachments->pdata[i], depth);
    }
  return body;
}

BodyText
tnef_parts (Parse *parse, const char *path, const Content *content)
{
  g_autoptr (GBytes) bytes = g_bytes_new (content->kept->data, content->kept->len);

  if (content->size > content->kept->len)
    part_defect (parse, path, "this winmail.dat is larger than is read");
  return open_tnef (parse, path, bytes, 1);
}
