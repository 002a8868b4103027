/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The header of a message as it comes: unfolding, and one row for each header that is read.
 *
 * Encoded words, addresses and message identifiers have files of their own beside this one.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

/* A value on one line: a line break before white space goes, any other control character becomes a
 * space. */
char *
header_unfold (const char *raw)
{
  GString *out = g_string_sized_new (strlen (raw));

  for (const char *s = raw; *s != '\0'; s++)
    {
      if ((*s == '\r' && s[1] == '\n')
          || ((*s == '\r' || *s == '\n') && (s[1] == ' ' || s[1] == '\t')))
        continue;
      g_string_append_c (out, (guchar) *s < 0x20 && *s != '\033' ? ' ' : *s);
    }
  return g_strstrip (g_string_free (out, FALSE));
}

/* The first header NAME of OBJECT as it stands, or NULL. */
char *
header_raw (GMimeObject *object, const char *name)
{
  GMimeHeader *header =
    g_mime_header_list_get_header (g_mime_object_get_header_list (object), name);
  const char *raw = header != NULL ? g_mime_header_get_raw_value (header) : NULL;

  return g_strdup (raw);
}

static void
subject_header (Parse *parse, const char *where, const char *raw)
{
  Message *m = parse->message;
  guint flaws;

  g_free (m->subject);
  m->subject = header_decode (raw, &flaws);
  if (flaws & HEADER_RAW_8BIT)
    parse_defect (parse, where, "8-bit characters without encoding");
  if (flaws & HEADER_BAD_WORD)
    parse_defect (parse, where, "an encoded word is broken");
}

static void
date_header (Parse *parse, const char *where, const char *raw)
{
  g_autofree char *value = header_unfold (raw);
  g_autoptr (GDateTime) date = g_mime_utils_header_decode_date (value);
  Message *m = parse->message;

  if (date == NULL)
    {
      parse_defect (parse, where, "cannot be read");
      return;
    }
  m->date = g_date_time_to_unix (date);
  m->date_offset = (int) (g_date_time_get_utc_offset (date) / G_TIME_SPAN_MINUTE);
  if (m->date_offset < -14 * 60 || m->date_offset > 14 * 60)
    parse_defect (parse, where, "no such time zone");
  if (ABS (m->date_offset) > 99 * 60)
    m->date_offset = 0;
  if (m->date < 0 || m->date > 253402300799)
    {
      parse_defect (parse, where, "outside of mail's time");
      m->date = 0;
      m->date_offset = 0;
    }
}

static void
message_id_header (Parse *parse, const char *where, const char *raw)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *whole = NULL;

  message_ids_scan (raw, ids);
  if (ids->len == 0)
    {
      whole = header_unfold (raw);
      message_ids_add (ids, whole, strlen (whole));
    }
  if (ids->len != 1 || strchr (raw, '<') == NULL)
    parse_defect (parse, where, ids->len == 0 ? "empty" : "not one identifier in angle brackets");
  if (ids->len == 0)
    return;
  g_free (parse->message->message_id);
  parse->message->message_id = g_strdup (g_ptr_array_index (ids, 0));
}

static void
in_reply_to_header (Parse *parse, const char *where, const char *raw)
{
  message_ids_scan (raw, parse->message->in_reply_to);
}

static void
references_header (Parse *parse, const char *where, const char *raw)
{
  message_ids_scan (raw, parse->message->references);
}

/* Exchange names a conversation by 22 bytes, and each reply adds five (MS-OXOMSG 2.2.1.3). */
static void
thread_index_header (Parse *parse, const char *where, const char *raw)
{
  g_autofree char *value = header_unfold (raw);
  gsize n;
  g_autofree guint8 *bytes =
    strlen (value) <= MAX_THREAD_INDEX ? g_base64_decode (value, &n) : NULL;

  if (bytes == NULL || n < THREAD_HEAD)
    return;
  g_free (parse->message->conversation);
  parse->message->conversation = g_base64_encode (bytes, THREAD_HEAD);
}

static void
from_header (Parse *parse, const char *where, const char *raw)
{
  header_addresses (parse, where, raw, parse->message->from);
}

static void
sender_header (Parse *parse, const char *where, const char *raw)
{
  header_addresses (parse, where, raw, parse->message->sender);
}

static void
reply_to_header (Parse *parse, const char *where, const char *raw)
{
  header_addresses (parse, where, raw, parse->message->reply_to);
}

static void
to_header (Parse *parse, const char *where, const char *raw)
{
  header_addresses (parse, where, raw, parse->message->to);
}

static void
cc_header (Parse *parse, const char *where, const char *raw)
{
  header_addresses (parse, where, raw, parse->message->cc);
}

/* An address as mail systems write it, with or without angle brackets. */
static char *
bare_address (const char *raw)
{
  g_autofree char *value = header_unfold (raw);
  char *open = strchr (value, '<');
  char *from = open != NULL ? open + 1 : value;
  char *close = strchr (from, '>');

  if (close != NULL)
    *close = '\0';
  return address_normalise (from);
}

static void
delivered_to_header (Parse *parse, const char *where, const char *raw)
{
  if (parse->message->delivered_to->len < MAX_IDS)
    g_ptr_array_add (parse->message->delivered_to, bare_address (raw));
}

static void
return_path_header (Parse *parse, const char *where, const char *raw)
{
  if (parse->message->return_path == NULL)
    parse->message->return_path = bare_address (raw);
}

/* "es-US, en;q=0.7": the first tag.  What the message is written in counts more than what its
 * writer reads. */
static void
language_header (Parse *parse, const char *where, const char *raw)
{
  g_autofree char *value = header_unfold (raw);
  const char *start = value + strspn (value, " \t");
  gsize n = strspn (start, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
  bool accepts = strcmp (where, "header Accept-Language") == 0;

  if (n < 2 || n > MAX_LANGUAGE_TAG || (accepts && parse->message->language[0] != '\0'))
    return;
  g_free (parse->message->language);
  parse->message->language = g_ascii_strdown (start, (gssize) n);
}

static void
auth_results_header (Parse *parse, const char *where, const char *raw)
{
  g_autofree char *value = header_unfold (raw);

  if (parse->message->auth_results->len < MAX_IDS)
    {
      MessageAuth *auth = g_new0 (MessageAuth, 1);

      /* Cut, it would say something else: "b.example" of "b.example.evil.example". */
      auth->value = clean_whole_line (value, -1);
      auth->received = parse->message->received->len;
      g_ptr_array_add (parse->message->auth_results, auth);
    }
}

static void
received_header (Parse *parse, const char *where, const char *raw)
{
  g_autofree char *value = header_unfold (raw);

  if (parse->message->received->len < MAX_IDS)
    g_ptr_array_add (parse->message->received, clean_line (value, -1));
}

/* MANY: may stand more than once; NEEDED: RFC 5322 or threading wants it. */
static const struct {
  const char *name, *where;
  void (*read) (Parse *parse, const char *where, const char *raw);
  bool many, needed;
} headers[] = {
  { "From", "header From", from_header, false, true },
  { "Sender", "header Sender", sender_header },
  { "Reply-To", "header Reply-To", reply_to_header },
  { "To", "header To", to_header },
  { "Cc", "header Cc", cc_header },
  { "Subject", "header Subject", subject_header },
  { "Date", "header Date", date_header, false, true },
  { "Message-ID", "header Message-ID", message_id_header, false, true },
  { "In-Reply-To", "header In-Reply-To", in_reply_to_header },
  { "References", "header References", references_header },
  { "Thread-Index", "header Thread-Index", thread_index_header },
  { "Return-Path", "header Return-Path", return_path_header, true },
  { "Delivered-To", "header Delivered-To", delivered_to_header, true },
  { "Content-Language", "header Content-Language", language_header, true },
  { "Accept-Language", "header Accept-Language", language_header, true },
  { "X-Original-To", "header X-Original-To", delivered_to_header, true },
  { "Envelope-To", "header Envelope-To", delivered_to_header, true },
  { "Authentication-Results", "header Authentication-Results", auth_results_header, true },
  { "Received", "header Received", received_header, true },
};

enum { FROM, SENDER }; /* their rows */

/* Of a header that may stand once, the first is taken: it is what most readers show.  Not of From:
 * a mail server may have checked the other one, so both are authors. */
static void
one_header (Parse *parse, GMimeHeader *header, guint seen[])
{
  const char *name = g_mime_header_get_name (header);
  const char *raw = g_mime_header_get_raw_value (header);

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (headers); i++)
    {
      if (g_ascii_strcasecmp (name, headers[i].name) != 0)
        continue;
      seen[i]++;
      if (seen[i] > 1 && !headers[i].many)
        parse_defect (parse, headers[i].where, "stands more than once");
      if (seen[i] == 1 || headers[i].many || i == FROM)
        headers[i].read (parse, headers[i].where, raw != NULL ? raw : "");
      return;
    }
}

/* A field without an address is a second author, too: nobody knows whom it shows. */
static void
add_author_nobody_knows (Message *m)
{
  MessageAddress *a = g_new0 (MessageAddress, 1);

  a->name = g_strdup ("");
  a->address = g_strdup ("");
  g_ptr_array_add (m->from, a);
}

void
header_facts (Parse *parse)
{
  GMimeHeaderList *list = g_mime_object_get_header_list (GMIME_OBJECT (parse->mime));
  guint seen[G_N_ELEMENTS (headers)] = { 0 };
  int n = g_mime_header_list_get_count (list);

  for (int i = 0; i < n; i++)
    {
      GMimeHeader *header = g_mime_header_list_get_header_at (list, i);
      const char *name = g_mime_header_get_name (header);

      if (++parse->headers == parse->limits.max_headers + 1)
        parse_defect (parse, "message", "more headers than are read");
      if (parse->headers <= parse->limits.max_headers
          || (name != NULL && g_ascii_strcasecmp (name, "From") == 0 && seen[FROM] < 2))
        one_header (parse, header, seen);
    }
  if (seen[FROM] > 1 && parse->message->from->len == 1)
    add_author_nobody_knows (parse->message);
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    if (headers[i].needed && seen[i] == 0)
      parse_defect (parse, headers[i].where, "missing");
  if (parse->message->from->len > 1 && seen[SENDER] == 0)
    parse_defect (parse, "header From", "several authors without a Sender");
}
