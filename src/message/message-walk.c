/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The walk over the parts: each leaf is recorded (message-walk-part.c), and the readable text of
 * the whole is put together (message-walk-text.c).
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

static BodyText walk (Parse *parse, GMimeObject *object, const char *path, guint depth,
                      GPtrArray *boundaries);

static bool
count_part (Parse *parse)
{
  if (parse->message->parts->len < parse->limits.max_parts)
    return true;
  part_left_out (parse, "", "more parts than are read");
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

/* By type or by name: on its way the type gets lost. */
static bool
may_be_tnef (const MessagePart *p)
{
  return g_str_has_suffix (p->type, "/ms-tnef") || g_str_has_suffix (p->type, "/vnd.ms-tnef") ||
         g_ascii_strcasecmp (p->name, "winmail.dat") == 0;
}

static bool
is_opaque (const MessagePart *p)
{
  return g_str_equal (p->type, "application/pkcs7-mime")
         || g_str_equal (p->type, "application/x-pkcs7-mime");
}

/* What is signed stands below PATH like the child of a multipart. */
static BodyText
walk_opaque (Parse *parse, MessagePart *p, const char *path, const Content *content, guint depth)
{
  g_autoptr (GBytes) inner = opaque_content (content->kept->data, content->kept->len);
  g_autofree char *child_path = g_strconcat (path, ".1", NULL);
  g_autoptr (GPtrArray) boundaries = g_ptr_array_new ();
  GMimeStream *outer = parse->stream;
  BodyText body = { NULL, false };

  if (inner != NULL && depth >= parse->limits.max_depth)
    part_left_out (parse, path, "parts nested deeper than is read");
  if (inner == NULL || depth >= parse->limits.max_depth)
    return body;
  g_free (p->sniffed);
  p->sniffed = g_strdup ("application/pkcs7-mime");
  /* Where an attached message ends is looked for in the stream that is read. */
  parse->stream =
    g_mime_stream_mem_new_with_buffer (g_bytes_get_data (inner, NULL), g_bytes_get_size (inner));
  fields_shorten (parse);
  g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (parse->stream);
  g_mime_parser_set_persist_stream (parser, TRUE);
  g_autoptr (GMimeObject) object = g_mime_parser_construct_part (parser, parse->options);
  if (object != NULL)
    body = walk (parse, object, child_path, depth + 1, boundaries);
  g_object_unref (parse->stream);
  parse->stream = outer;
  return body;
}

/* How many bytes of a leaf are wanted in one piece. */
static gsize
keep_of (const Parse *parse, const MessagePart *p, bool text)
{
  if (text)
    return parse->limits.max_text * 2;
  if (may_be_tnef (p) || is_opaque (p))
    return MAX_ENVELOPE;
  return parse->contents != NULL ? DOCUMENT_MAX_SIZE : 256 * 1024;
}

/* What part P, the last one found, holds is wanted again when it is a document. */
static void
keep_document (Parse *parse, const MessagePart *p, const Content *content)
{
  guint at = parse->message->parts->len - 1;

  if (parse->contents == NULL || p->size == 0 || p->size != content->kept->len
      || message_document_kind (p) == DOCUMENT_NONE)
    return;
  g_ptr_array_set_size (parse->contents, (int) at + 1);
  parse->contents->pdata[at] = g_byte_array_free_to_bytes (g_byte_array_ref (content->kept));
}

/* TEXT (taken over) counts where nothing else speaks, so it waits. */
static void
keep_other_text (Parse *parse, GString *text)
{
  if (parse->other_text == NULL)
    parse->other_text = text;
  else if (text != NULL)
    g_string_free (text, TRUE);
}

static BodyText
walk_leaf (Parse *parse, GMimeObject *object, const char *path, guint depth)
{
  BodyText body = { NULL, false };
  MessagePart *p = part_new (parse, path, object);
  bool text = g_str_equal (p->type, "text/plain") || g_str_equal (p->type, "text/html") ||
              g_str_equal (p->type, "text/enriched") || g_str_equal (p->type, "text");
  g_autoptr (GMimeStream) stream =
    GMIME_IS_PART (object) ? decoded_stream (GMIME_PART (object)) : NULL;
  Content content;

  read_content (parse, path, stream, keep_of (parse, p, text), &content);
  part_fill (p, &content);
  keep_document (parse, p, &content);
  if (part_has_disposition (object, "reaction")
      || g_str_equal (p->type, "text/vnd.google.email-reaction+json"))
    parse->has_reaction = true;
  if (text && *p->name == '\0' && !part_has_disposition (object, "attachment") &&
      !part_has_disposition (object, "reaction"))
    {
      body.html = g_str_equal (p->type, "text/html");
      body.text = body_read (parse, path, object, &content, body.html, p);
    }
  else if (text)
    aside_text (parse, object, content.kept);
  else if (message_document_kind (p) == DOCUMENT_NONE)
    aside_file (parse, object, content.kept);
  part_note (parse, object, p, &content);
  if (may_be_tnef (p) && g_str_equal (p->sniffed, "application/vnd.ms-tnef"))
    keep_other_text (parse, tnef_parts (parse, path, &content).text);
  else if (is_opaque (p))
    body = walk_opaque (parse, p, path, &content, depth);
  else if (g_str_equal (p->type, "text/calendar"))
    {
      g_autofree char *ics = body_decode (parse, path, object, &content, false, p);
      g_autofree char *clean = clean_text (ics, -1);

      keep_other_text (parse, calendar_text (clean));
    }
  g_byte_array_unref (content.kept);
  return body;
}

static BodyText
walk_message (Parse *parse, GMimeObject *object, const char *path, const GPtrArray *boundaries)
{
  MessagePart *p = part_new (parse, path, object);
  g_autoptr (GMimeStream) stream = embedded_stream (parse, object, boundaries);
  Content content;

  read_content (parse, path, stream, 256 * 1024, &content);
  part_fill (p, &content);
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
  if (!part_has_disposition (object, "inline"))
    {
      g_free (p->disposition);
      p->disposition = g_strdup ("attachment");
    }
  part_note (parse, object, p, &content);
  forward_attached (parse, g_mime_message_part_get_message (GMIME_MESSAGE_PART (object)));
  aside_message (parse, GMIME_MESSAGE_PART (object), 0);
  g_byte_array_unref (content.kept);
  return (BodyText){ NULL, false };
}

/* A multipart in which no part was found still has what was written where parts should be. */
static BodyText
walk_preface (Parse *parse, GMimeMultipart *multipart, const char *path)
{
  const char *prologue = g_mime_multipart_get_prologue (multipart);
  BodyText body = { NULL, false };

  part_defect (parse, path, "a multipart without parts");
  if (prologue != NULL && !body_is_blank (prologue))
    {
      g_autoptr (GMimeStream) stream =
        g_mime_stream_mem_new_with_buffer (prologue, strlen (prologue));

      body.text = loose_text (parse, path, stream);
    }
  return body;
}

/* Which children of a multipart speak: of related and signed the first, of a report the
 * explanation. */
static bool
child_speaks (const char *subtype, int i)
{
  if (g_ascii_strcasecmp (subtype, "related") == 0 || g_ascii_strcasecmp (subtype, "signed") == 0 ||
      g_ascii_strcasecmp (subtype, "report") == 0 || g_ascii_strcasecmp (subtype, "encrypted") == 0)
    return i == 0;
  return true;
}

static BodyText
walk_multipart (Parse *parse, GMimeObject *object, const char *path, guint depth,
                GPtrArray *boundaries)
{
  GMimeMultipart *multipart = GMIME_MULTIPART (object);
  const char *subtype =
    g_mime_content_type_get_media_subtype (g_mime_object_get_content_type (object));
  /* Not g_mime_multipart_get_boundary(): that makes one up where there is none, and writes the
   * field anew, which with some names of parameters does not end. */
  const char *boundary = g_mime_object_get_content_type_parameter (object, "boundary");
  bool alternative = subtype != NULL && g_ascii_strcasecmp (subtype, "alternative") == 0;
  int n = g_mime_multipart_get_count (multipart);
  BodyText body = { NULL, false };

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
      part_left_out (parse, path, "parts nested deeper than is read");
      return body;
    }
  if (boundary != NULL)
    g_ptr_array_add (boundaries, (char *) boundary);
  for (int i = 0; i < n && count_part (parse); i++)
    {
      g_autofree char *child_path =
        *path != '\0' ? g_strdup_printf ("%s.%d", path, i + 1) : g_strdup_printf ("%d", i + 1);
      BodyText child =
        walk (parse, g_mime_multipart_get_part (multipart, i), child_path, depth + 1, boundaries);

      if (alternative)
        body_choose (parse, &body, child);
      else if (child_speaks (subtype, i))
        body_append (parse, &body, child);
      else
        body_aside (parse, &child);
    }
  if (boundary != NULL)
    g_ptr_array_set_size (boundaries, (int) boundaries->len - 1);
  return body;
}

static BodyText
walk (Parse *parse, GMimeObject *object, const char *path, guint depth, GPtrArray *boundaries)
{
  const char *leaf_path = *path != '\0' ? path : "1";

  if (!count_part (parse))
    return (BodyText){ NULL, false };
  count_headers (parse, object);
  if (GMIME_IS_MULTIPART (object))
    return walk_multipart (parse, object, path, depth, boundaries);
  if (GMIME_IS_MESSAGE_PART (object))
    return walk_message (parse, object, leaf_path, boundaries);
  return walk_leaf (parse, object, leaf_path, depth);
}

void
body_facts (Parse *parse)
{
  g_autoptr (GPtrArray) boundaries = g_ptr_array_new ();
  GMimeObject *root = g_mime_message_get_mime_part (parse->mime);
  BodyText body = { NULL, false };

  if (root != NULL)
    body = walk (parse, root, "", 0, boundaries);
  else
    parse_defect (parse, "message", "no body");
  if (parse->other_text != NULL && (body.text == NULL || body_is_blank (body.text->str)))
    {
      body_clear (&body);
      body.text = g_steal_pointer (&parse->other_text);
    }
  if (body.text != NULL)
    take_text (parse, body.text);
  body = (BodyText){ g_steal_pointer (&parse->other_text), false };
  body_aside (parse, &body);
  g_free (parse->message->aside);
  parse->message->aside = g_string_free (g_steal_pointer (&parse->aside), FALSE);
}
