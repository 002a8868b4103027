/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail of ours as bytes.  gmime encodes and folds; what is chosen here is the shape, and that the
 * same mail has the same bytes whenever it is made: replay compares them.
 */
#include "config.h"

#include "message/compose.h"

#include <string.h>

#include "base/digest.h"
#include "base/error.h"
#include "message/gmime-auto.h"

#define MAX_LINE 998 /* RFC 5322 2.1.1 */

/* --- what may become a header ------------------------------------------------------- */

static bool
refuse (GError **error, const char *what, const char *why)
{
  g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "%s %s", what, why);
  return false;
}

static bool
one_line (const char *what, const char *value, GError **error)
{
  if (value == NULL)
    return true;
  if (!g_utf8_validate (value, -1, NULL))
    return refuse (error, what, "is not UTF-8");
  for (const char *s = value; *s != '\0'; s++)
    if ((guchar) *s < 0x20 || *s == 0x7f)
      return refuse (error, what, "holds a control character");
  return true;
}

/* One token that goes in angle brackets or stands alone. */
static bool
one_token (const char *what, const char *value, GError **error)
{
  if (value == NULL)
    return true;
  if (*value == '\0' || strlen (value) > 900 || strpbrk (value, " <>,;\"()\\") != NULL)
    return refuse (error, what, "is not one word");
  for (const char *s = value; *s != '\0'; s++)
    if ((guchar) *s <= 0x20 || (guchar) *s >= 0x7f)
      return refuse (error, what, "holds a character that does not belong there");
  return true;
}

/* The address with its domain in ASCII (RFC 5891), or NULL.  A local part beyond ASCII would need
 * SMTPUTF8. */
static char *
plain_address (const char *what, const char *address, GError **error)
{
  const char *at = address != NULL ? strrchr (address, '@') : NULL;
  g_autofree char *local = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *whole = NULL;

  if (at == NULL || at == address || at[1] == '\0' || strlen (address) > 320)
    {
      refuse (error, what, "is not one address");
      return NULL;
    }
  local = g_strndup (address, (gsize) (at - address));
  domain = g_utf8_validate (at + 1, -1, NULL) ? g_hostname_to_ascii (at + 1) : NULL;
  if (domain == NULL || strpbrk (local, "@[]:") != NULL || strpbrk (domain, "@[]:_!%&/'") != NULL)
    {
      refuse (error, what, "is not one address");
      return NULL;
    }
  whole = g_strdup_printf ("%s@%s", local, domain);
  return one_token (what, whole, error) ? g_steal_pointer (&whole) : NULL;
}

static bool
check_words (const ComposeMail *mail, GError **error)
{
  if (!one_line ("the sender's name", mail->from_name, error)
      || !one_line ("the recipient's name", mail->to_name, error)
      || !one_line ("the subject", mail->subject, error)
      || !one_token ("the message identifier", mail->message_id, error)
      || !one_token ("the identifier answered", mail->in_reply_to, error)
      || !one_token ("Auto-Submitted", mail->auto_submitted, error)
      || !one_token ("the language", mail->language, error)
      || !one_line ("the case", mail->case_ref, error))
    return false;
  for (guint i = 0; mail->references != NULL && mail->references[i] != NULL; i++)
    if (!one_token ("a reference", mail->references[i], error))
      return false;
  for (guint i = 0; i < mail->n_attachments; i++)
    if (!one_line ("an attachment's name", mail->attachments[i].name, error) ||
        !one_line ("an attachment's type", mail->attachments[i].type, error))
      return false;
  if (mail->message_id == NULL || mail->text == NULL || !g_utf8_validate (mail->text, -1, NULL) ||
      (mail->html != NULL && !g_utf8_validate (mail->html, -1, NULL)) ||
      (mail->ics != NULL && !g_utf8_validate (mail->ics, -1, NULL)))
    return refuse (error, "the mail", "lacks its identifier or its text, or they are not UTF-8");
  return true;
}

/* --- parts ------------------------------------------------------------------------------ */

typedef struct {
  bool eight_bit, long_line, fragile;
} Shape;

/* FRAGILE: a line that transports change ("From ", trailing white space) or a control character. */
static Shape
shape_of (const char *s, gsize n)
{
  Shape shape = { false, false, false };
  gsize line = 0;

  for (gsize i = 0; i < n; i++)
    {
      guchar c = (guchar) s[i];

      shape.eight_bit |= c >= 0x80;
      shape.fragile |= (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f;
      if (c == '\n')
        {
          shape.fragile |= line > 0 && (s[i - 1] == ' ' || s[i - 1] == '\t');
          line = 0;
          continue;
        }
      if (line == 0 && n - i >= 5 && strncmp (s + i, "From ", 5) == 0)
        shape.fragile = true;
      shape.long_line |= ++line > MAX_LINE - 2;
    }
  return shape;
}

static char *
with_lf (const char *text)
{
  GString *out = g_string_sized_new (strlen (text));

  for (const char *s = text, *end; *s != '\0'; s = end)
    {
      end = s + strcspn (s, "\r");
      g_string_append_len (out, s, end - s);
      if (*end == '\0')
        break;
      g_string_append_c (out, '\n');
      end += end[1] == '\n' ? 2 : 1;
    }
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}

static void
set_content (GMimePart *part, const void *data, gsize n, GMimeContentEncoding encoding)
{
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer (data, n);
  GMimeDataWrapper *wrapper =
    g_mime_data_wrapper_new_with_stream (stream, GMIME_CONTENT_ENCODING_DEFAULT);

  g_mime_part_set_content (part, wrapper);
  g_mime_part_set_content_encoding (part, encoding);
  g_object_unref (wrapper);
  g_object_unref (stream);
}

static GMimeObject *
text_part (const char *subtype, const char *text)
{
  GMimePart *part = g_mime_part_new_with_type ("text", subtype);
  g_autofree char *lf = with_lf (text);
  Shape shape = shape_of (lf, strlen (lf));
  bool plain = !shape.eight_bit && !shape.long_line && !shape.fragile;

  g_mime_object_set_content_type_parameter (GMIME_OBJECT (part), "charset", "utf-8");
  if (strcmp (subtype, "calendar") == 0)
    g_mime_object_set_content_type_parameter (GMIME_OBJECT (part), "method", "PUBLISH");
  set_content (part, lf, strlen (lf),
               plain ? GMIME_CONTENT_ENCODING_7BIT : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  return GMIME_OBJECT (part);
}

/* RFC 2046 5.2.1: a message may be attached as it is only, so one with overlong lines becomes a
 * plain file. */
static GMimeObject *
attachment_part (const ComposeAttachment *a)
{
  gsize n;
  const char *data = g_bytes_get_data (a->bytes, &n);
  Shape shape = shape_of (data, n);
  bool message = strcmp (a->type, "message/rfc822") == 0;
  bool as_it_is = message && !shape.long_line && memchr (data, 0, n) == NULL;
  GMimeContentType *type =
    g_mime_content_type_parse (NULL, message && !as_it_is ? "application/octet-stream" : a->type);
  GMimePart *part = g_mime_part_new ();

  g_mime_object_set_content_type (GMIME_OBJECT (part), type);
  g_object_unref (type);
  g_mime_object_set_disposition (GMIME_OBJECT (part), GMIME_DISPOSITION_ATTACHMENT);
  if (a->name != NULL && *a->name != '\0')
    g_mime_part_set_filename (part, a->name);
  if (as_it_is)
    {
      g_autofree char *text = g_strndup (data, n);
      g_autofree char *lf = with_lf (text);

      set_content (part, lf, strlen (lf),
                   shape.eight_bit ? GMIME_CONTENT_ENCODING_8BIT : GMIME_CONTENT_ENCODING_7BIT);
    }
  else
    set_content (part, data, n, GMIME_CONTENT_ENCODING_BASE64);
  return GMIME_OBJECT (part);
}

/* A boundary that no text holds by chance and that is the same each time.  Made here, because
 * g_mime_multipart_new() asks the kernel for random numbers first. */
static GMimeMultipart *
multipart (const char *subtype, const char *message_id)
{
  GMimeMultipart *m = g_object_new (GMIME_TYPE_MULTIPART, NULL);
  GMimeContentType *type = g_mime_content_type_new ("multipart", subtype);
  g_autofree char *seed = g_strdup_printf ("%s %s", subtype, message_id);
  char hash[65];

  digest_of (seed, -1, hash);
  g_autofree char *boundary = g_strdup_printf ("=_%.40s", hash);

  g_mime_content_type_set_parameter (type, "boundary", boundary);
  g_mime_object_set_content_type (GMIME_OBJECT (m), type);
  g_object_unref (type);
  return m;
}

static void
add_part (GMimeMultipart *to, GMimeObject *part)
{
  g_mime_multipart_add (to, part);
  g_object_unref (part);
}

static GMimeObject *
body_part (const ComposeMail *mail)
{
  GMimeMultipart *alternative, *mixed;
  GMimeObject *body;

  if (mail->html == NULL && mail->ics == NULL)
    body = text_part ("plain", mail->text);
  else
    {
      alternative = multipart ("alternative", mail->message_id);
      add_part (alternative, text_part ("plain", mail->text));
      if (mail->html != NULL)
        add_part (alternative, text_part ("html", mail->html));
      if (mail->ics != NULL)
        add_part (alternative, text_part ("calendar", mail->ics));
      body = GMIME_OBJECT (alternative);
    }
  if (mail->n_attachments == 0)
    return body;
  mixed = multipart ("mixed", mail->message_id);
  add_part (mixed, body);
  for (guint i = 0; i < mail->n_attachments; i++)
    add_part (mixed, attachment_part (&mail->attachments[i]));
  return GMIME_OBJECT (mixed);
}

/* --- headers ------------------------------------------------------------------------------ */

static bool
set_addresses (GMimeMessage *m, const ComposeMail *mail, GError **error)
{
  g_autofree char *from = plain_address ("the sender's address", mail->from_address, error);
  g_autofree char *to =
    from != NULL ? plain_address ("the recipient's address", mail->to_address, error) : NULL;
  g_autofree char *reply_to = NULL;

  if (to == NULL)
    return false;
  g_mime_message_add_mailbox (m, GMIME_ADDRESS_TYPE_FROM, mail->from_name, from);
  g_mime_message_add_mailbox (m, GMIME_ADDRESS_TYPE_TO, mail->to_name, to);
  if (mail->reply_to == NULL)
    return true;
  reply_to = plain_address ("the address for answers", mail->reply_to, error);
  if (reply_to == NULL)
    return false;
  g_mime_message_add_mailbox (m, GMIME_ADDRESS_TYPE_REPLY_TO, NULL, reply_to);
  return true;
}

static void
set_threading (GMimeMessage *m, const ComposeMail *mail)
{
  g_autoptr (GString) references = g_string_new (NULL);

  g_mime_message_set_message_id (m, mail->message_id);
  if (mail->in_reply_to != NULL)
    {
      g_autofree char *id = g_strdup_printf ("<%s>", mail->in_reply_to);

      g_mime_object_set_header (GMIME_OBJECT (m), "In-Reply-To", id, NULL);
    }
  for (guint i = 0; mail->references != NULL && mail->references[i] != NULL; i++)
    g_string_append_printf (references, "%s<%s>", i > 0 ? " " : "", mail->references[i]);
  if (references->len > 0)
    g_mime_object_set_header (GMIME_OBJECT (m), "References", references->str, NULL);
  if (mail->conversation != NULL)
    g_mime_object_set_header (GMIME_OBJECT (m), "Thread-Index", mail->conversation, NULL);
}

static void
set_date (GMimeMessage *m, const ComposeMail *mail)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (mail->date);
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (mail->date_offset * 60);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;

  if (local != NULL)
    g_mime_message_set_date (m, local);
}

static void
set_marks (GMimeMessage *m, const ComposeMail *mail)
{
  GMimeObject *o = GMIME_OBJECT (m);

  if (mail->auto_submitted != NULL)
    {
      g_mime_object_set_header (o, "Auto-Submitted", mail->auto_submitted, NULL);
      g_mime_object_set_header (o, "X-Auto-Response-Suppress", "All", NULL);
    }
  if (mail->language != NULL)
    g_mime_object_set_header (o, "Content-Language", mail->language, NULL);
  if (mail->case_ref != NULL)
    g_mime_object_set_header (o, "X-Case", mail->case_ref, "utf-8");
  g_mime_object_set_header (o, "MIME-Version", "1.0", NULL);
}

static GBytes *
to_bytes (GMimeMessage *m)
{
  GMimeFormatOptions *format = g_mime_format_options_new ();
  GMimeStream *stream = g_mime_stream_mem_new ();
  GByteArray *bytes = g_byte_array_new ();

  g_mime_stream_mem_set_byte_array (GMIME_STREAM_MEM (stream), bytes);
  g_mime_stream_mem_set_owner (GMIME_STREAM_MEM (stream), FALSE);
  g_mime_format_options_set_newline_format (format, GMIME_NEWLINE_FORMAT_DOS);
  g_mime_format_options_set_param_encoding_method (format, GMIME_PARAM_ENCODING_METHOD_RFC2231);
  g_mime_object_write_to_stream (GMIME_OBJECT (m), format, stream);
  g_object_unref (stream);
  g_mime_format_options_free (format);
  return g_byte_array_free_to_bytes (bytes);
}

GBytes *
compose_mail (const ComposeMail *mail, GError **error)
{
  g_autoptr (GMimeMessage) m = NULL;
  g_autoptr (GMimeObject) body = NULL;

  g_mime_init ();
  if (!check_words (mail, error))
    return NULL;
  m = g_mime_message_new (TRUE);
  if (!set_addresses (m, mail, error))
    return NULL;
  g_mime_message_set_subject (m, mail->subject != NULL ? mail->subject : "", "utf-8");
  set_date (m, mail);
  set_threading (m, mail);
  set_marks (m, mail);
  body = body_part (mail);
  g_mime_message_set_mime_part (m, body);
  return to_bytes (m);
}
