/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One pass over the bytes of a message: gmime finds the structure, the walk below counts, decodes and collects.
 *
 * The message is read from its file as it is needed, so memory stays flat.  A limit that is reached is a defect,
 * and what lies behind it is left out: any bytes give facts.
 */
#include "config.h"

#include <errno.h>
#include <libxml/parser.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message/message-private.h"

#define CHUNK 65536
#define SNIFF_BYTES 8192
/* gmime builds an object for each boundary and header line before we can count: what is beyond any use is cut off
 * before it sees it. */
#define BOUNDARIES_A_PART 60
#define MAX_HEADER_BLOCK (1024 * 1024)

/* A subtree's readable text. */
typedef struct {
  GString *text;
  bool html;        /* it came from HTML */
} Body;

void
reader_limits_resolve (const ReaderLimits *limits, ReaderLimits *r)
{
  static const ReaderLimits none = { 0 };

  *r = limits != NULL ? *limits : none;
  r->max_depth = r->max_depth != 0 ? r->max_depth : 32;
  r->max_parts = r->max_parts != 0 ? r->max_parts : 1000;
  r->max_headers = r->max_headers != 0 ? r->max_headers : 2000;
  r->max_decoded = r->max_decoded != 0 ? r->max_decoded : 256 * 1024 * 1024;
  r->max_text = r->max_text != 0 ? r->max_text : 2 * 1024 * 1024;
  r->seconds = r->seconds != 0 ? r->seconds : 20;
  r->memory = r->memory != 0 ? r->memory : 512 * 1024 * 1024;
}

void
parse_defect (Parse *parse, const char *where, const char *what)
{
  GPtrArray *defects = parse->message->defects;
  g_autofree char *key = g_strconcat (where, "\n", what, NULL);
  MessageDefect *d;

  if (defects->len >= MAX_DEFECTS || !g_hash_table_add (parse->seen_defects, g_steal_pointer (&key)))
    return;
  d = g_new0 (MessageDefect, 1);
  d->where = g_strdup (where);
  d->what = g_strdup (what);
  g_ptr_array_add (defects, d);
}

static void
part_defect (Parse *parse, const char *path, const char *what)
{
  g_autofree char *where = g_strconcat ("part ", path, NULL);

  parse_defect (parse, where, what);
}

/* What gmime itself notices.  Duplicate headers and charsets we judge ourselves. */
static void
on_warning (gint64 offset, GMimeParserWarning code, const char *item, gpointer data)
{
  static const struct {
    GMimeParserWarning code;
    const char *what;
  } warnings[] = {
    { GMIME_WARN_INVALID_CONTENT_TYPE, "a Content-Type cannot be read" },
    { GMIME_WARN_MALFORMED_MULTIPART, "a multipart without parts" },
    { GMIME_WARN_TRUNCATED_MESSAGE, "the message ends too early" },
    { GMIME_WARN_MALFORMED_MESSAGE, "the structure is broken" },
    { GMIME_CRIT_INVALID_HEADER_NAME, "a header line without a proper name" },
    { GMIME_CRIT_CONFLICTING_HEADER, "headers contradict each other" },
    { GMIME_CRIT_CONFLICTING_PARAMETER, "header parameters contradict each other" },
    { GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY, "a multipart without a boundary" },
    { GMIME_CRIT_NESTING_OVERFLOW, "parts nested too deep" },
    { GMIME_WARN_PART_WITHOUT_CONTENT, "a part without content" },
    { GMIME_CRIT_PART_WITHOUT_HEADERS_OR_CONTENT, "a part without headers and content" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (warnings); i++)
    if (warnings[i].code == code)
      parse_defect (data, "message", warnings[i].what);
}

/* --- before gmime ------------------------------------------------------------- */

typedef struct {
  guint64 size;
  guint64 cut;      /* bytes that gmime is given */
} Scan;

/* Hash and measure the whole, and find where it stops making sense to look for parts. */
static Scan
scan (Parse *parse)
{
  g_autoptr (GChecksum) sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  Scan s = { 0, G_MAXUINT64 };
  g_autofree char *buffer = g_malloc (CHUNK);
  guint64 boundaries = 0, header_line = 0;
  bool in_header = true;
  char last = '\n', before_last = 0;
  gssize got;

  while ((got = g_mime_stream_read (parse->stream, buffer, CHUNK)) > 0)
    {
      g_checksum_update (sha256, (const guchar *) buffer, got);
      for (gssize i = 0; i < got && s.cut == G_MAXUINT64; i++)
        {
          char c = buffer[i];

          if (c == '-' && last == '-' && before_last == '\n' &&
              ++boundaries > (guint64) BOUNDARIES_A_PART * parse->limits.max_parts + 100)
            s.cut = s.size + (guint64) i;
          if (in_header && c == '\n')
            {
              in_header = last != '\n' || s.size + (guint64) i == 0;
              if (s.size + (guint64) i < MAX_HEADER_BLOCK)
                header_line = s.size + (guint64) i + 1;
            }
          if (c == '\r')
            continue;
          before_last = last;
          last = c;
        }
      s.size += (guint64) got;
      if (in_header && s.size > MAX_HEADER_BLOCK && s.cut == G_MAXUINT64)
        s.cut = header_line > 0 ? header_line : MAX_HEADER_BLOCK;
    }
  g_strlcpy (parse->message->sha256, g_checksum_get_string (sha256), 65);
  parse->message->size = s.size;
  if (s.cut < s.size)
    parse_defect (parse, "message", "more structure than is read; the rest is left out");
  else
    s.cut = s.size;
  return s;
}

/* --- content of one part -------------------------------------------------------- */

typedef struct {
  guint64 size;
  char sha256[65];
  guint8 head[SNIFF_BYTES];
  gsize head_n;
  GByteArray *kept;     /* the bytes, when asked for, up to their limit */
} Content;

static void
read_content (Parse *parse, const char *path, GMimeStream *stream, gsize keep, Content *content)
{
  g_autoptr (GChecksum) sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *buffer = g_malloc (CHUNK);
  bool wanted = parse->wanted != NULL && g_str_equal (parse->wanted, path);
  gssize got;

  memset (content, 0, sizeof *content);
  content->kept = g_byte_array_new ();
  if (wanted && parse->extracted == NULL)
    parse->extracted = g_byte_array_new ();
  while (stream != NULL && (got = g_mime_stream_read (stream, buffer, CHUNK)) > 0)
    {
      if (parse->decoded + (guint64) got > parse->limits.max_decoded)
        {
          part_defect (parse, path, "more content than is read");
          parse->too_large = parse->too_large || wanted;
          break;
        }
      parse->decoded += (guint64) got;
      content->size += (guint64) got;
      g_checksum_update (sha256, (const guchar *) buffer, got);
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
  g_strlcpy (content->sha256, g_checksum_get_string (sha256), 65);
}

/* The decoding stream of a leaf; NULL when it has no content. */
static GMimeStream *
decoded_stream (GMimePart *part)
{
  GMimeDataWrapper *wrapper = g_mime_part_get_content (part);
  GMimeContentEncoding encoding;
  GMimeStream *raw, *filtered;

  if (wrapper == NULL || (raw = g_mime_data_wrapper_get_stream (wrapper)) == NULL)
    return NULL;
  g_mime_stream_reset (raw);
  encoding = g_mime_data_wrapper_get_encoding (wrapper);
  if (encoding != GMIME_CONTENT_ENCODING_BASE64 && encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE &&
      encoding != GMIME_CONTENT_ENCODING_UUENCODE)
    return g_object_ref (raw);
  filtered = g_mime_stream_filter_new (raw);
  GMimeFilter *filter = g_mime_filter_basic_new (encoding, FALSE);
  g_mime_stream_filter_add (GMIME_STREAM_FILTER (filtered), filter);
  g_object_unref (filter);
  return filtered;
}

/* --- an attached message's own bytes ---------------------------------------------- */

/* gmime does not keep where an attached message ends, so its end is looked for again: the line of any enclosing
 * boundary, or the end of the file. */
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
static GMimeStream *
embedded_stream (Parse *parse, GMimeObject *part, const GPtrArray *boundaries)
{
  GMimeHeaderList *headers = g_mime_object_get_header_list (part);
  int n = g_mime_header_list_get_count (headers);
  gint64 offset = n > 0 ? g_mime_header_get_offset (g_mime_header_list_get_header_at (headers, n - 1)) : -1;
  GMimeMessage *inner = g_mime_message_part_get_message (GMIME_MESSAGE_PART (part));
  GMimeStream *memory;
  gint64 start;

  if (offset >= 0)
    {
      start = behind_headers (parse, offset);
      return g_mime_stream_substream (parse->stream, start, embedded_end (parse, start, boundaries));
    }
  /* A part of multipart/digest needs no header of its own. */
  if (inner == NULL)
    return NULL;
  memory = g_mime_stream_mem_new ();
  g_mime_object_write_to_stream (GMIME_OBJECT (inner), NULL, memory);
  g_mime_stream_reset (memory);
  return memory;
}

/* --- text -------------------------------------------------------------------------- */

static char *
header_raw (GMimeObject *object, const char *name)
{
  GMimeHeader *header = g_mime_header_list_get_header (g_mime_object_get_header_list (object), name);
  const char *raw = header != NULL ? g_mime_header_get_raw_value (header) : NULL;

  return g_strdup (raw);
}

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
static GString *
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

/* --- protected headers (RFC 9788 and its draft ancestor) --------------------------------- */

static GMimeObject *
protected_payload (Parse *parse)
{
  GMimeObject *object = g_mime_message_get_mime_part (parse->mime);

  for (guint i = 0; i < 8 && object != NULL; i++)
    {
      g_autofree char *raw = header_raw (object, "Content-Type");
      guint flaws;
      g_autofree char *hp = raw != NULL ? param_decode (raw, "hp", &flaws) : NULL;
      g_autofree char *v1 = raw != NULL ? param_decode (raw, "protected-headers", &flaws) : NULL;

      if (hp != NULL || v1 != NULL)
        return object;
      if (!GMIME_IS_MULTIPART (object) || g_mime_multipart_get_count (GMIME_MULTIPART (object)) == 0)
        return NULL;
      object = g_mime_multipart_get_part (GMIME_MULTIPART (object), 0);
    }
  return NULL;
}

static void
protected_facts (Parse *parse)
{
  GMimeObject *payload = protected_payload (parse);
  g_autofree char *raw = payload != NULL ? header_raw (payload, "Subject") : NULL;
  guint flaws;

  if (payload == NULL)
    return;
  parse->message->protected_present = true;
  if (raw != NULL)
    {
      g_free (parse->message->protected_subject);
      parse->message->protected_subject = header_decode (raw, &flaws);
    }
}

/* --- all of it ---------------------------------------------------------------------------- */

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

static void
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

static void
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

static void
parse_stream (Parse *parse)
{
  Scan s = scan (parse);
  g_autoptr (GMimeStream) part = NULL;
  GMimeParser *parser;

  if (s.size == 0)
    {
      parse_defect (parse, "message", "empty");
      return;
    }
  g_mime_stream_reset (parse->stream);
  part = g_mime_stream_substream (parse->stream, 0, (gint64) s.cut);
  parser = g_mime_parser_new_with_stream (part);
  g_mime_parser_set_persist_stream (parser, TRUE);
  g_mime_parser_set_format (parser, GMIME_FORMAT_MESSAGE);
  parse->mime = g_mime_parser_construct_message (parser, parse->options);
  g_object_unref (parser);
  if (parse->mime == NULL)
    {
      parse_defect (parse, "message", "no headers can be read");
      g_mime_stream_reset (parse->stream);
      take_text (parse, loose_text (parse, "1", parse->stream));
      return;
    }
  header_facts (parse);
  body_facts (parse);
  protected_facts (parse);
  machine_facts (parse);
}

static void
parse_init (Parse *parse, int fd, const ReaderLimits *limits)
{
  static const char *fallback[] = { "utf-8", "windows-1252", NULL };

  message_preload ();
  memset (parse, 0, sizeof *parse);
  parse->message = message_new ();
  reader_limits_resolve (limits, &parse->limits);
  parse->seen_defects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  parse->options = g_mime_parser_options_new ();
  g_mime_parser_options_set_fallback_charsets (parse->options, fallback);
  g_mime_parser_options_set_allow_addresses_without_domain (parse->options, TRUE);
  g_mime_parser_options_set_warning_callback (parse->options, on_warning, parse);
  parse->status_text = g_string_new (NULL);
  parse->feedback_text = g_string_new (NULL);
  parse->original_text = g_string_new (NULL);
  if (fd >= 0)
    {
      parse->stream = g_mime_stream_fs_new (fd);
      g_mime_stream_fs_set_owner (GMIME_STREAM_FS (parse->stream), FALSE);
    }
}

static Message *
parse_finish (Parse *parse)
{
  if (parse->mime != NULL)
    g_object_unref (parse->mime);
  g_object_unref (parse->stream);
  g_mime_parser_options_free (parse->options);
  g_hash_table_unref (parse->seen_defects);
  g_free (parse->report_type);
  g_free (parse->calendar_method);
  g_string_free (parse->status_text, TRUE);
  g_string_free (parse->feedback_text, TRUE);
  g_string_free (parse->original_text, TRUE);
  return parse->message;
}

Message *
message_parse_fd (int fd, const ReaderLimits *limits)
{
  Parse parse;

  lseek (fd, 0, SEEK_SET);
  parse_init (&parse, fd, limits);
  parse_stream (&parse);
  return parse_finish (&parse);
}

Message *
message_parse_bytes (const guint8 *bytes, gsize n, const ReaderLimits *limits)
{
  Parse parse;

  parse_init (&parse, -1, limits);
  parse.stream = g_mime_stream_mem_new_with_buffer ((const char *) bytes, n);
  parse_stream (&parse);
  return parse_finish (&parse);
}

GBytes *
message_extract_fd (int fd, const ReaderLimits *limits, const char *path, guint64 max, bool *too_large)
{
  Parse parse;
  GByteArray *bytes;

  lseek (fd, 0, SEEK_SET);
  parse_init (&parse, fd, limits);
  parse.wanted = path;
  parse.extract_max = max;
  parse_stream (&parse);
  *too_large = parse.too_large;
  bytes = parse.extracted;
  message_free (parse_finish (&parse));
  if (bytes == NULL)
    return NULL;
  return g_byte_array_free_to_bytes (bytes);
}

void
message_preload (void)
{
  static bool done;

  if (done)
    return;
  done = true;
  g_mime_init ();
  charset_preload ();
  xmlInitParser ();
}

void
message_warm_up (void)
{
  static const char sample[] =
    "Return-Path: <a@b>\r\nFrom: =?utf-8?q?=C3=84?= <a@b>\r\nTo: a@b\r\nSubject: =?iso-8859-1?q?=FC?=\r\n"
    "Date: Sun, 22 Nov 2026 10:00:00 +0000\r\nMessage-ID: <a@b>\r\nReferences: <b@b>\r\n"
    "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
    "--a\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    "=C3=BC \r\nOn 1 Jan 2026 10:00, A <a@b> wrote:\r\n> b\r\n--a\r\nContent-Type: text/html; charset=windows-1252\r\n\r\n"
    "<p>\xfc</p>\r\n--a--\r\n--m\r\nContent-Type: application/pdf; name*=utf-8''%C3%BC.pdf\r\n"
    "Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--m\r\n"
    "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nx\r\n--m--\r\n";
  g_autoptr (Message) m = message_parse_bytes ((const guint8 *) sample, sizeof sample - 1, NULL);
  g_autoptr (GVariant) facts = message_to_variant (m);

  g_variant_get_data (facts);
}
