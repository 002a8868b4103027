/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Headers as they come: unfolding, RFC 2047 in all its broken forms, addresses, message identifiers, dates.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

/* A value on one line: a line break before white space goes, any other control character becomes a space. */
char *
header_unfold (const char *raw)
{
  GString *out = g_string_sized_new (strlen (raw));

  for (const char *s = raw; *s != '\0'; s++)
    {
      if ((*s == '\r' && s[1] == '\n') || ((*s == '\r' || *s == '\n') && (s[1] == ' ' || s[1] == '\t')))
        continue;
      g_string_append_c (out, (guchar) *s < 0x20 && *s != '\033' ? ' ' : *s);
    }
  return g_strstrip (g_string_free (out, FALSE));
}

/* The first header NAME of OBJECT as it stands, or NULL. */
char *
header_raw (GMimeObject *object, const char *name)
{
  GMimeHeader *header = g_mime_header_list_get_header (g_mime_object_get_header_list (object), name);
  const char *raw = header != NULL ? g_mime_header_get_raw_value (header) : NULL;

  return g_strdup (raw);
}

/* --- RFC 2047 -------------------------------------------------------------- */

typedef struct {
  char charset[48];
  GByteArray *bytes;
  const char *end;    /* behind "?=" */
  bool bad;
} EncodedWord;

static int
hex_digit (char c)
{
  return g_ascii_xdigit_value (c);
}

static void
decode_q (const char *s, const char *end, GByteArray *out, bool *bad)
{
  for (; s < end; s++)
    {
      guint8 c = (guint8) *s;

      if (c == '_')
        c = ' ';
      else if (c == '=' && end - s >= 3 && hex_digit (s[1]) >= 0 && hex_digit (s[2]) >= 0)
        {
          c = (guint8) (hex_digit (s[1]) * 16 + hex_digit (s[2]));
          s += 2;
        }
      else if (c == '=')
        *bad = true;
      g_byte_array_append (out, &c, 1);
    }
}

static void
decode_b (const char *s, const char *end, GByteArray *out, bool *bad)
{
  gsize n = (gsize) (end - s);
  gint state = 0;
  guint save = 0;
  g_autofree guint8 *buffer = g_malloc (n / 4 * 3 + 6);
  gsize got = g_base64_decode_step (s, n, buffer, &state, &save);

  if (state != 0)
    {
      /* Missing padding: it is still clear what was meant. */
      got += g_base64_decode_step ("===", (gsize) (4 - ABS (state)) & 3, buffer + got, &state, &save);
      *bad = true;
    }
  g_byte_array_append (out, buffer, got);
}

/* Where the text of an encoded word ends: at "?=", but a Q text may hold an unencoded "?" before "=21". */
static const char *
word_end (const char *text, char encoding)
{
  const char *end = strstr (text, "?=");

  while (end != NULL && encoding == 'Q' && hex_digit (end[2]) >= 0 && hex_digit (end[3]) >= 0)
    {
      const char *next = strstr (end + 2, "?=");

      if (next == NULL || strcspn (end, " \t") < (gsize) (next - end))
        break;
      end = next;
    }
  return end;
}

/* One encoded word at S ("=?charset?x?text?="): false when it is none. */
static bool
encoded_word (const char *s, EncodedWord *word)
{
  const char *charset = s + 2;
  const char *mark = strchr (charset, '?');
  const char *text, *end;
  char encoding;
  gsize n;

  if (mark == NULL || mark == charset || mark - charset >= (gssize) sizeof word->charset)
    return false;
  n = (gsize) (mark - charset);
  if (strcspn (charset, " \t\"<>@") < n)
    return false;
  memcpy (word->charset, charset, n);
  word->charset[n] = '\0';
  if (strchr (word->charset, '*') != NULL) /* RFC 2231 language */
    *strchr (word->charset, '*') = '\0';
  encoding = g_ascii_toupper (mark[1]);
  if ((encoding != 'Q' && encoding != 'B') || mark[2] != '?')
    return false;
  text = mark + 3;
  end = word_end (text, encoding);
  if (end == NULL)
    return false;
  word->bad = false;
  word->bytes = g_byte_array_new ();
  if (encoding == 'Q')
    decode_q (text, end, word->bytes, &word->bad);
  else
    decode_b (text, end, word->bytes, &word->bad);
  word->end = end + 2;
  return true;
}

static void
flush_words (GString *out, GByteArray *bytes, const char *charset, guint *flaws)
{
  const char *used;
  bool damaged;
  g_autofree char *text = NULL;

  if (bytes->len == 0)
    return;
  text = charset_decode (charset, bytes->data, bytes->len, &used, &damaged);
  if (damaged)
    *flaws |= HEADER_BAD_WORD;
  g_string_append (out, text);
  g_byte_array_set_size (bytes, 0);
}

static void
flush_raw (GString *out, const char *s, const char *end, guint *flaws)
{
  const char *used;
  bool damaged;
  g_autofree char *text = charset_decode (NULL, (const guint8 *) s, (gsize) (end - s), &used, &damaged);

  if (strcmp (used, "us-ascii") != 0)
    *flaws |= HEADER_RAW_8BIT;
  g_string_append (out, text);
}

/* Adjacent words of one charset are joined before they are converted: senders split multibyte characters. */
static const char *
decode_run (GString *out, const char *s, EncodedWord *word, guint *flaws)
{
  g_autoptr (GByteArray) run = g_byte_array_new ();
  char charset[sizeof word->charset];

  strcpy (charset, word->charset);
  for (;;)
    {
      if (g_ascii_strcasecmp (charset, word->charset) != 0)
        {
          flush_words (out, run, charset, flaws);
          strcpy (charset, word->charset);
        }
      g_byte_array_append (run, word->bytes->data, word->bytes->len);
      g_byte_array_unref (word->bytes);
      if (word->bad)
        *flaws |= HEADER_BAD_WORD;
      s = word->end;

      const char *next = s + strspn (s, " \t\r\n");
      if (strncmp (next, "=?", 2) != 0 || !encoded_word (next, word))
        break;
      if (next == s)
        *flaws |= HEADER_BAD_WORD;
    }
  flush_words (out, run, charset, flaws);
  return s;
}

char *
header_decode (const char *raw, guint *flaws)
{
  g_autofree char *value = header_unfold (raw);
  g_autoptr (GString) out = g_string_new (NULL);
  const char *plain = value;
  const char *s = value;

  *flaws = HEADER_OK;
  while ((s = strstr (s, "=?")) != NULL)
    {
      EncodedWord word;

      if (!encoded_word (s, &word))
        {
          s += 2;
          continue;
        }
      flush_raw (out, plain, s, flaws);
      plain = s = decode_run (out, s, &word, flaws);
    }
  flush_raw (out, plain, plain + strlen (plain), flaws);
  return clean_line (out->str, (gssize) out->len);
}

/* --- addresses --------------------------------------------------------------- */

/* Only the domain: the local part belongs to its host (RFC 5321 2.4). */
char *
address_normalise (const char *address)
{
  char *clean = clean_line (address, -1);
  char *at = strrchr (clean, '@');

  if (at != NULL)
    for (char *c = at; *c != '\0'; c++)
      *c = g_ascii_tolower (*c);
  return clean;
}

static char *
display_name (const char *name)
{
  guint flaws;

  if (name == NULL)
    return g_strdup ("");
  /* gmime leaves words in quotes, and broken ones, as they were. */
  if (strstr (name, "=?") != NULL)
    return header_decode (name, &flaws);
  return clean_line (name, -1);
}

/* gmime shows "xn--" domains in Unicode; here an address stays as its sender wrote it (ACE). */
static void
add_mailbox (InternetAddress *one, bool ace, GPtrArray *to)
{
  InternetAddressMailbox *mailbox = INTERNET_ADDRESS_MAILBOX (one);
  const char *raw = ace ? internet_address_mailbox_get_idn_addr (mailbox) : internet_address_mailbox_get_addr (mailbox);
  MessageAddress *a;

  if (raw == NULL)
    return;
  a = g_new0 (MessageAddress, 1);
  a->name = display_name (internet_address_get_name (one));
  a->address = address_normalise (raw);
  if (*a->address == '\0' && *a->name == '\0')
    message_address_free (a);
  else
    g_ptr_array_add (to, a);
}

static void
add_list (Parse *parse, const char *where, InternetAddressList *list, bool ace, GPtrArray *to, guint depth)
{
  int n = internet_address_list_length (list);

  for (int i = 0; i < n; i++)
    {
      InternetAddress *one = internet_address_list_get_address (list, i);

      if (to->len >= MAX_ADDRESSES)
        {
          parse_defect (parse, where, "more addresses than are read");
          return;
        }
      if (INTERNET_ADDRESS_IS_MAILBOX (one))
        add_mailbox (one, ace, to);
      else if (INTERNET_ADDRESS_IS_GROUP (one) && depth < 4)
        {
          InternetAddressList *members = internet_address_group_get_members (INTERNET_ADDRESS_GROUP (one));

          if (g_str_equal (where, "header From"))
            parse_defect (parse, where, "a group instead of an address");
          if (members != NULL)
            add_list (parse, where, members, ace, to, depth + 1);
        }
    }
}

static void
address_header (Parse *parse, const char *where, const char *raw, GPtrArray *to)
{
  g_autofree char *unfolded = header_unfold (raw);
  const char *used;
  bool damaged;
  g_autofree char *utf8 = charset_decode (NULL, (const guint8 *) unfolded, strlen (unfolded), &used, &damaged);
  InternetAddressList *list;
  guint before = to->len;

  if (strcmp (used, "us-ascii") != 0)
    parse_defect (parse, where, "8-bit characters without encoding");
  if (*utf8 == '\0')
    {
      parse_defect (parse, where, "empty");
      return;
    }
  list = internet_address_list_parse (parse->options, utf8);
  if (list != NULL)
    {
      add_list (parse, where, list, strstr (utf8, "xn--") != NULL, to, 0);
      g_object_unref (list);
    }
  if (to->len == before && strchr (utf8, ':') == NULL)
    parse_defect (parse, where, "no address can be read");
  for (guint i = before; i < to->len; i++)
    if (strchr (((MessageAddress *) g_ptr_array_index (to, i))->address, '@') == NULL)
      parse_defect (parse, where, "an address without a domain");
}

/* --- message identifiers ------------------------------------------------------- */

static void
add_id (GPtrArray *ids, const char *s, gsize n)
{
  g_autofree char *valid = g_strndup (s, n);
  g_autofree char *clean = clean_line (valid, -1);
  g_autoptr (GString) id = g_string_new (NULL);

  for (const char *c = clean; *c != '\0'; c++)
    if (*c != ' ' && *c != '<' && *c != '>')
      g_string_append_c (id, *c);
  if (id->len == 0 || id->len > 998)
    return;
  for (guint i = 0; i < ids->len; i++)
    if (strcmp (g_ptr_array_index (ids, i), id->str) == 0)
      return;
  /* The first names the thread, the last the message answered: of too many, the middle goes. */
  if (ids->len >= MAX_IDS)
    g_ptr_array_remove_index (ids, 1);
  g_ptr_array_add (ids, g_strdup (id->str));
}

/* "<...>" forms; without any, words that hold an "@". */
void
message_ids_scan (const char *raw, GPtrArray *ids)
{
  g_autofree char *value = header_unfold (raw);
  const char *s = value;
  bool found = false;

  while ((s = strchr (s, '<')) != NULL)
    {
      const char *end = strpbrk (s + 1, "<>");

      if (end == NULL || *end == '<')
        {
          if (end == NULL)
            break;
          s = end;
          continue;
        }
      add_id (ids, s + 1, (gsize) (end - s - 1));
      found = true;
      s = end + 1;
    }
  if (found)
    return;
  g_auto (GStrv) words = g_strsplit_set (value, " \t,;<>\"", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (strchr (words[i], '@') != NULL)
      add_id (ids, words[i], strlen (words[i]));
}

/* --- the header of the message ------------------------------------------------- */

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
      add_id (ids, whole, strlen (whole));
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

static void
from_header (Parse *parse, const char *where, const char *raw)
{
  address_header (parse, where, raw, parse->message->from);
}

static void
sender_header (Parse *parse, const char *where, const char *raw)
{
  address_header (parse, where, raw, parse->message->sender);
}

static void
reply_to_header (Parse *parse, const char *where, const char *raw)
{
  address_header (parse, where, raw, parse->message->reply_to);
}

static void
to_header (Parse *parse, const char *where, const char *raw)
{
  address_header (parse, where, raw, parse->message->to);
}

static void
cc_header (Parse *parse, const char *where, const char *raw)
{
  address_header (parse, where, raw, parse->message->cc);
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

static void
auth_results_header (Parse *parse, const char *where, const char *raw)
{
  g_autofree char *value = header_unfold (raw);

  if (parse->message->auth_results->len < MAX_IDS)
    g_ptr_array_add (parse->message->auth_results, clean_line (value, -1));
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
  { "Return-Path", "header Return-Path", return_path_header, true },
  { "Delivered-To", "header Delivered-To", delivered_to_header, true },
  { "X-Original-To", "header X-Original-To", delivered_to_header, true },
  { "Envelope-To", "header Envelope-To", delivered_to_header, true },
  { "Authentication-Results", "header Authentication-Results", auth_results_header, true },
  { "Received", "header Received", received_header, true },
};

/* Of a header that may stand once, the first is taken: it is what most readers show. */
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
      else
        headers[i].read (parse, headers[i].where, raw != NULL ? raw : "");
      return;
    }
}

void
header_facts (Parse *parse)
{
  GMimeHeaderList *list = g_mime_object_get_header_list (GMIME_OBJECT (parse->mime));
  guint seen[G_N_ELEMENTS (headers)] = { 0 };
  int n = g_mime_header_list_get_count (list);

  for (int i = 0; i < n; i++)
    {
      if (++parse->headers > parse->limits.max_headers)
        {
          parse_defect (parse, "message", "more headers than are read");
          break;
        }
      one_header (parse, g_mime_header_list_get_header_at (list, i), seen);
    }
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    if (headers[i].needed && seen[i] == 0)
      parse_defect (parse, headers[i].where, "missing");
  if (parse->message->from->len > 1 && seen[1] == 0)
    parse_defect (parse, "header From", "several authors without a Sender");
}
