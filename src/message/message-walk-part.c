/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The facts of one part: its name, type and disposition, and what machine-readable parts say.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

static char *
file_name (Parse *parse, const char *path, GMimeObject *object)
{
  static const char *const places[][2] = { { "Content-Disposition", "filename" },
                                           { "Content-Type", "name" } };

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
  g_autofree char *type =
    g_mime_content_type_get_mime_type (g_mime_object_get_content_type (object));
  g_autofree char *lower = g_ascii_strdown (type != NULL ? type : "application/octet-stream", -1);

  return clean_line (lower, -1);
}

MessagePart *
part_new (Parse *parse, const char *path, GMimeObject *object)
{
  MessagePart *p = g_new0 (MessagePart, 1);
  g_autofree char *content_type = header_raw (object, "Content-Type");
  guint flaws;
  g_autofree char *charset =
    content_type != NULL ? param_decode (content_type, "charset", &flaws) : NULL;
  g_autofree char *clean = clean_line (charset != NULL ? charset : "", -1);

  p->path = g_strdup (path);
  p->type = lower_type (object);
  p->name = file_name (parse, path, object);
  p->disposition = disposition_of (object, p->name, g_str_has_prefix (p->type, "text/"));
  p->charset = g_ascii_strdown (clean, -1);
  g_ptr_array_add (parse->message->parts, p);
  return p;
}

void
part_fill (MessagePart *p, const Content *content)
{
  p->size = content->size;
  memcpy (p->sha256, content->sha256, 65);
  p->sniffed = g_strdup (sniff_type (content->head, content->head_n, content->size));
}

bool
part_has_disposition (GMimeObject *object, const char *what)
{
  g_autofree char *raw = header_raw (object, "Content-Disposition");
  g_autofree char *value = raw != NULL ? header_unfold (raw) : NULL;

  return value != NULL && g_ascii_strncasecmp (value, what, strlen (what)) == 0;
}

static void
note_text (GString *to, const Content *content)
{
  const char *used;
  bool damaged;
  g_autofree char *utf8 = charset_decode (NULL, content->kept->data,
                                          MIN (content->kept->len, 256 * 1024), &used, &damaged);

  g_string_append (to, utf8);
  g_string_append_c (to, '\n');
}

void
part_note (Parse *parse, GMimeObject *object, const MessagePart *p, const Content *content)
{
  if (g_str_equal (p->type, "message/delivery-status")
      || g_str_equal (p->type, "message/global-delivery-status")
      || g_str_equal (p->type, "message/disposition-notification"))
    note_text (parse->status_text, content);
  else if (g_str_equal (p->type, "message/feedback-report"))
    note_text (parse->feedback_text, content);
  else if (g_str_equal (p->type, "text/rfc822-headers")
           || g_str_equal (p->type, "message/rfc822-headers")
           || g_str_equal (p->type, "message/rfc822") || g_str_equal (p->type, "message/global")
           || g_str_equal (p->type, "message/global-headers"))
    {
      if (parse->original_text->len == 0)
        note_text (parse->original_text, content);
    }
  else if (g_str_equal (p->type, "text/calendar"))
    calendar_note (parse, object, content);
}
