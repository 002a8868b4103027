/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One pass over the bytes of a message: gmime finds the structure, the walk below counts, decodes
 * and collects.
 *
 * The message is read from its file as it is needed, so memory stays flat.  A limit that is reached
 * is a defect, and what lies behind it is left out: any bytes give facts.
 */
#include "config.h"

#include <errno.h>
#include <libxml/parser.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message/message-private.h"

/* gmime builds an object for each boundary and header line before we can count: what is beyond any
 * use is cut off before it sees it. */
#define BOUNDARIES_A_PART 60
#define MAX_HEADER_BLOCK (1024 * 1024)

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

  if (defects->len >= MAX_DEFECTS
      || !g_hash_table_add (parse->seen_defects, g_steal_pointer (&key)))
    return;
  d = g_new0 (MessageDefect, 1);
  d->where = g_strdup (where);
  d->what = g_strdup (what);
  g_ptr_array_add (defects, d);
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

/* Measure the whole, and find where it stops making sense to look for parts. */
static Scan
scan (Parse *parse)
{
  Scan s = { 0, G_MAXUINT64 };
  char buffer[READ_CHUNK];
  guint64 boundaries = 0, header_line = 0;
  bool in_header = true;
  char last = '\n', before_last = 0;
  gssize got;

  while ((got = g_mime_stream_read (parse->stream, buffer, READ_CHUNK)) > 0)
    {
      for (gssize i = 0; i < got && s.cut == G_MAXUINT64; i++)
        {
          /* Only how a line begins and where it ends matters. */
          if (last != '\n' && before_last != '\n')
            {
              const char *end = memchr (buffer + i, '\n', (gsize) (got - i));

              if (end == NULL)
                break;
              i = end - buffer;
            }
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
  parse->message->size = s.size;
  if (s.cut < s.size)
    part_left_out (parse, "", "more structure than is read; the rest is left out");
  else
    s.cut = s.size;
  return s;
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
      if (!GMIME_IS_MULTIPART (object)
          || g_mime_multipart_get_count (GMIME_MULTIPART (object)) == 0)
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
  fields_shorten (parse);
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
  forward_facts (parse);
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
      /* A read of 4 KiB with a seek before it, for every block and again for every part, costs more
       * than to map it. */
      parse->stream = g_mime_stream_mmap_new (fd, PROT_READ, MAP_PRIVATE);
      if (parse->stream == NULL)
        parse->stream = g_mime_stream_fs_new (fd); /* an empty file */
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
  if (parse->other_text != NULL)
    g_string_free (parse->other_text, TRUE);
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
message_parse_with_documents (int fd, const ReaderLimits *limits, GPtrArray *contents)
{
  Parse parse;

  lseek (fd, 0, SEEK_SET);
  parse_init (&parse, fd, limits);
  parse.contents = contents;
  parse_stream (&parse);
  g_ptr_array_set_size (contents, (int) parse.message->parts->len);
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
message_extract_fd (int fd, const ReaderLimits *limits, const char *path, guint64 max,
                    bool *too_large)
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
  document_preload ();
}

void
message_warm_up (void)
{
  static const char sample[] =
    "Return-Path: <a@b>\r\nFrom: =?utf-8?q?=C3=84?= <a@b>\r\nTo: a@b\r\nSubject: "
    "=?iso-8859-1?q?=FC?=\r\n"
    "Date: Sun, 22 Nov 2026 10:00:00 +0000\r\nMessage-ID: <a@b>\r\nReferences: <b@b>\r\n"
    "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; "
    "boundary=a\r\n\r\n"
    "--a\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: "
    "quoted-printable\r\n\r\n"
    "=C3=BC \r\nOn 1 Jan 2026 10:00, A <a@b> wrote:\r\n> b\r\n--a\r\nContent-Type: text/html; "
    "charset=windows-1252\r\n\r\n"
    "<p>\xfc</p>\r\n--a--\r\n--m\r\nContent-Type: application/pdf; name*=utf-8''%C3%BC.pdf\r\n"
    "Content-Disposition: attachment\r\nContent-Transfer-Encoding: "
    "base64\r\n\r\nJVBERi0=\r\n--m\r\n"
    "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nx\r\n--m--\r\n";
  g_autoptr (Message) m = message_parse_bytes ((const guint8 *) sample, sizeof sample - 1, NULL);
  g_autoptr (GVariant) facts = message_to_variant (m);

  g_variant_get_data (facts);
}
