/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bytes of one part: decoded, counted, hashed, and kept as far as they are wanted.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

#include "base/digest.h"

void
part_defect (Parse *parse, const char *path, const char *what)
{
  g_autofree char *where = g_strconcat ("part ", path, NULL);

  parse_defect (parse, where, what);
}

void
part_left_out (Parse *parse, const char *path, const char *what)
{
  parse->message->partial = true;
  if (*path != '\0')
    part_defect (parse, path, what);
  else
    parse_defect (parse, "message", what);
}

void
read_content (Parse *parse, const char *path, GMimeStream *stream, gsize keep, Content *content)
{
  Digest digest;
  char buffer[READ_CHUNK];
  bool wanted = parse->wanted != NULL && g_str_equal (parse->wanted, path);
  gint64 length = stream != NULL ? g_mime_stream_length (stream) : 0;
  gssize got;

  digest_begin (&digest);
  memset (content, 0, sizeof *content);
  /* Encoded it is longer; what is not used of it is never touched. */
  content->kept = g_byte_array_sized_new ((guint) CLAMP (length, 0, (gint64) MIN (keep, G_MAXINT)));
  if (wanted && parse->extracted == NULL)
    parse->extracted = g_byte_array_new ();
  while (stream != NULL && (got = g_mime_stream_read (stream, buffer, READ_CHUNK)) > 0)
    {
      if (parse->decoded + (guint64) got > parse->limits.max_decoded)
        {
          part_defect (parse, path, "more content than is read");
          parse->too_large = parse->too_large || wanted;
          break;
        }
      parse->decoded += (guint64) got;
      content->size += (guint64) got;
      digest_add (&digest, buffer, (gsize) got);
      if (content->head_n < SNIFF_BYTES)
        {
          gsize n = MIN ((gsize) got, SNIFF_BYTES - content->head_n);

          memcpy (content->head + content->head_n, buffer, n);
          content->head_n += n;
        }
      if (content->kept->len < keep)
        g_byte_array_append (content->kept, (const guint8 *) buffer,
                             (guint) MIN ((gsize) got, keep - content->kept->len));
      if (wanted && content->size > parse->extract_max)
        parse->too_large = true;
      else if (wanted)
        g_byte_array_append (parse->extracted, (const guint8 *) buffer, (guint) got);
    }
  digest_end (&digest, content->sha256);
}

/* The decoding stream of a leaf; NULL when it has no content. */
GMimeStream *
decoded_stream (GMimePart *part)
{
  GMimeDataWrapper *wrapper = g_mime_part_get_content (part);
  GMimeContentEncoding encoding;
  GMimeStream *raw, *filtered;

  if (wrapper == NULL || (raw = g_mime_data_wrapper_get_stream (wrapper)) == NULL)
    return NULL;
  g_mime_stream_reset (raw);
  encoding = g_mime_data_wrapper_get_encoding (wrapper);
  if (encoding != GMIME_CONTENT_ENCODING_BASE64
      && encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
      && encoding != GMIME_CONTENT_ENCODING_UUENCODE)
    return g_object_ref (raw);
  filtered = g_mime_stream_filter_new (raw);
  GMimeFilter *filter = encoding == GMIME_CONTENT_ENCODING_BASE64
                          ? base64_filter_new ()
                          : g_mime_filter_basic_new (encoding, FALSE);
  g_mime_stream_filter_add (GMIME_STREAM_FILTER (filtered), filter);
  g_object_unref (filter);
  return filtered;
}

/* --- an attached message's own bytes ---------------------------------------------- */

/* gmime does not keep where an attached message ends, so its end is looked for again: the line of
 * any enclosing boundary, or the end of the file. */
static bool
is_boundary (const char *line, gsize n, const GPtrArray *boundaries)
{
  while (n > 0 && strchr (" \t\r\n", line[n - 1]) != NULL)
    n--;
  if (n < 3 || line[0] != '-' || line[1] != '-')
    return false;
  for (guint i = 0; i < boundaries->len; i++)
    {
      const char *b = g_ptr_array_index (boundaries, i);
      gsize length = strlen (b);

      if (n - 2 >= length && memcmp (line + 2, b, length) == 0 &&
          (n - 2 == length || (n - 4 == length && memcmp (line + 2 + length, "--", 2) == 0)))
        return true;
    }
  return false;
}

static gint64
embedded_end (Parse *parse, gint64 start, const GPtrArray *boundaries)
{
  g_autoptr (GMimeStream) rest = g_mime_stream_substream (parse->stream, start, -1);
  GMimeStream *lines = g_mime_stream_buffer_new (rest, GMIME_STREAM_BUFFER_BLOCK_READ);
  char line[1024];
  gint64 at = start;
  gint64 line_end = 0;     /* length of the line end before this line */
  bool at_start = true;
  gssize got;

  while ((got = g_mime_stream_buffer_gets (lines, line, sizeof line)) > 0)
    {
      if (at_start && is_boundary (line, (gsize) got, boundaries))
        {
          at -= line_end;
          break;
        }
      at_start = line[got - 1] == '\n';
      line_end = at_start ? (got > 1 && line[got - 2] == '\r' ? 2 : 1) : 0;
      at += got;
    }
  g_object_unref (lines);
  return MAX (at, start);
}

/* Where the header block that holds OFFSET ends: behind its empty line. */
static gint64
behind_headers (Parse *parse, gint64 offset)
{
  g_autoptr (GMimeStream) rest = g_mime_stream_substream (parse->stream, offset, -1);
  GMimeStream *lines = g_mime_stream_buffer_new (rest, GMIME_STREAM_BUFFER_BLOCK_READ);
  char line[1024];
  gint64 at = offset;
  bool at_start = false;
  gssize got;

  while ((got = g_mime_stream_buffer_gets (lines, line, sizeof line)) > 0)
    {
      at += got;
      if (at_start && (line[0] == '\n' || (line[0] == '\r' && got > 1 && line[1] == '\n')))
        break;
      at_start = line[got - 1] == '\n';
    }
  g_object_unref (lines);
  return at;
}

/* The bytes of an attached message, whether or not gmime can make sense of them. */
GMimeStream *
embedded_stream (Parse *parse, GMimeObject *part, const GPtrArray *boundaries)
{
  GMimeHeaderList *headers = g_mime_object_get_header_list (part);
  int n = g_mime_header_list_get_count (headers);
  gint64 offset =
    n > 0 ? g_mime_header_get_offset (g_mime_header_list_get_header_at (headers, n - 1)) : -1;
  GMimeMessage *inner = g_mime_message_part_get_message (GMIME_MESSAGE_PART (part));
  GMimeStream *memory;
  gint64 start;

  if (offset >= 0)
    {
      start = behind_headers (parse, offset);
      return g_mime_stream_substream (parse->stream, start,
                                      embedded_end (parse, start, boundaries));
    }
  /* A part of multipart/digest needs no header of its own. */
  if (inner == NULL)
    return NULL;
  memory = g_mime_stream_mem_new ();
  g_mime_object_write_to_stream (GMIME_OBJECT (inner), NULL, memory);
  g_mime_stream_reset (memory);
  return memory;
}
