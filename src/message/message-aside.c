/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Texts that are not the sender's words: files, and mails that are attached.  They answer nothing,
 * but what stands in them has come by mail.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

static GByteArray *
bytes_of (const Parse *parse, GMimePart *part)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autoptr (GMimeStream) stream = decoded_stream (part);
  char buffer[READ_CHUNK];
  gssize got;

  while (stream != NULL && bytes->len < parse->limits.max_text
         && (got = g_mime_stream_read (stream, buffer, READ_CHUNK)) > 0)
    g_byte_array_append (bytes, (const guint8 *) buffer, (guint) got);
  return bytes;
}

void
aside_text (Parse *parse, GMimeObject *object, const GByteArray *bytes)
{
  bool html = g_mime_content_type_is_type (g_mime_object_get_content_type (object), "text", "html");
  g_autofree char *type = header_raw (object, "Content-Type");
  guint flaws;
  g_autofree char *charset = type != NULL ? param_decode (type, "charset", &flaws) : NULL;
  const char *used;
  bool damaged;
  gsize n = MIN (bytes->len, parse->limits.max_text * 2);
  g_autofree char *utf8 = charset_decode (charset, bytes->data, n, &used, &damaged);
  g_autofree char *words = html ? html_to_text (utf8, strlen (utf8), parse->limits.max_text) : NULL;
  g_autofree char *clean = clean_text (words != NULL ? words : utf8, -1);
  BodyText body = { g_string_new (clean), html };

  body_aside (parse, &body);
}

static void
aside_words (Parse *parse, const char *words)
{
  BodyText body = { g_string_new (words), false };

  body_aside (parse, &body);
}

/* The words of a letter; NULL: it is none. */
static char *
words_of (const Parse *parse, const char *sniffed, const GByteArray *bytes)
{
  static const char *const zips[] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text", "application/zip", NULL
  };
  gsize max = parse->limits.max_text;
  bool html;

  if (g_strv_contains (zips, sniffed))
    return document_zip_words (bytes->data, bytes->len);
  if (strcmp (sniffed, "application/rtf") != 0)
    return NULL;
  g_autofree char *words =
    message_rtf_to_text ((const char *) bytes->data, bytes->len, max * 2, &html);
  return words != NULL && html ? html_to_text (words, strlen (words), max)
                               : g_steal_pointer (&words);
}

/* Files are text whatever they are called: JSON, XML, a log, the source of a mail. */
void
aside_file (Parse *parse, GMimeObject *object, const GByteArray *bytes)
{
  const char *sniffed = sniff_type (bytes->data, MIN (bytes->len, SNIFF_BYTES), bytes->len);
  g_autofree char *words = words_of (parse, sniffed, bytes);
  g_autofree char *clean = words != NULL ? clean_text (words, -1) : NULL;

  if (clean != NULL)
    aside_words (parse, clean);
  else if (g_str_has_prefix (sniffed, "text/"))
    aside_text (parse, object, bytes);
}

static void
aside_part (Parse *parse, GMimeObject *object)
{
  const char *raw = g_mime_part_get_filename (GMIME_PART (object));
  g_autofree char *name = raw != NULL ? clean_file_name (raw) : NULL;
  g_autoptr (GByteArray) bytes = bytes_of (parse, GMIME_PART (object));

  if (name != NULL)
    aside_words (parse, name);
  if (g_mime_content_type_is_type (g_mime_object_get_content_type (object), "text", "*"))
    aside_text (parse, object, bytes);
  else
    aside_file (parse, object, bytes);
}

/* The texts in OBJECT. */
static void
put_aside (Parse *parse, GMimeObject *object, guint depth)
{
  GMimeContentType *type = object != NULL ? g_mime_object_get_content_type (object) : NULL;
  int n = GMIME_IS_MULTIPART (object) ? g_mime_multipart_get_count (GMIME_MULTIPART (object)) : 0;

  if (type == NULL || depth > parse->limits.max_depth
      || (parse->aside != NULL && parse->aside->len >= parse->limits.max_text))
    return;
  for (int i = 0; i < n; i++)
    put_aside (parse, g_mime_multipart_get_part (GMIME_MULTIPART (object), i), depth + 1);
  if (GMIME_IS_MESSAGE_PART (object))
    aside_message (parse, GMIME_MESSAGE_PART (object), depth + 1);
  else if (GMIME_IS_PART (object))
    aside_part (parse, object);
}

void
aside_message (Parse *parse, GMimeMessagePart *part, guint depth)
{
  GMimeMessage *inner = g_mime_message_part_get_message (part);
  g_autofree char *raw = inner != NULL ? header_raw (GMIME_OBJECT (inner), "Subject") : NULL;
  guint flaws;
  g_autofree char *subject = raw != NULL ? header_decode (raw, &flaws) : NULL;

  if (subject != NULL)
    aside_words (parse, subject);
  if (inner != NULL)
    put_aside (parse, g_mime_message_get_mime_part (inner), depth);
}
