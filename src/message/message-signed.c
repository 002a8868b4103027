/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The shape of a signed message, from its raw bytes.
 *
 * The root decides: a signature that does not lie over the whole body is none.  gmime tells the
 * facts a person sees; what is cut out here is cut from the bytes themselves.
 */
#define _GNU_SOURCE
#include "config.h"

#include <string.h>

#include "base/ber.h"
#include "base/digest.h"
#include "message/message-entity.h"
#include "message/message-private.h"
#include "message/message-signed.h"

#define MAX_BOUNDARY 70 /* RFC 2046, 5.1.1 */
#define MAX_LINE 16000  /* gpg leaves out what stands behind 20000 */

MailSigned *
mail_signed_new (void)
{
  MailSigned *m = g_new0 (MailSigned, 1);

  m->from = g_ptr_array_new_with_free_func ((GDestroyNotify) message_address_free);
  m->sender = g_ptr_array_new_with_free_func ((GDestroyNotify) message_address_free);
  return m;
}

void
mail_signed_free (MailSigned *m)
{
  if (m == NULL)
    return;
  g_free (m->problem);
  g_clear_pointer (&m->signature, g_bytes_unref);
  g_ptr_array_unref (m->from);
  g_ptr_array_unref (m->sender);
  g_free (m->to);
  g_free (m->cc);
  g_free (m->subject);
  g_free (m);
}

static const char unknown_encoding[] = "how it is encoded is not known",
                  divided_twice[] = "how its signed body is divided can be read in two ways, so "
                                    "readers may be shown different things",
                  lone_return[] = "what is signed has a carriage return that ends no line, which "
                                  "not every reader shows the same way";

/* --- multipart/signed (RFC 1847) -------------------------------------------------------------- */

/* HALF_DELIMITER begins like one: readers who compare no further divide there. */
typedef enum { NO_DELIMITER, HALF_DELIMITER, DELIMITER, CLOSE_DELIMITER } Delimiter;

static Delimiter
delimiter (Span line, const char *boundary)
{
  gsize n = strlen (boundary);
  Delimiter kind = DELIMITER;

  if (line.n < n + 2 || memcmp (line.bytes, "--", 2) != 0
      || memcmp (line.bytes + 2, boundary, n) != 0)
    return NO_DELIMITER;
  line = (Span){ line.bytes + n + 2, line.n - n - 2 };
  if (line.n >= 2 && memcmp (line.bytes, "--", 2) == 0)
    {
      kind = CLOSE_DELIMITER;
      line = (Span){ line.bytes + 2, line.n - 2 };
    }
  for (gsize i = 0; i < line.n; i++)
    if (line.bytes[i] != ' ' && line.bytes[i] != '\t')
      return HALF_DELIMITER;
  return kind;
}

static bool
is_blank (Span s)
{
  for (gsize i = 0; i < s.n; i++)
    if (!g_ascii_isspace (s.bytes[i]))
      return false;
  return true;
}

/* Without the end of line before the delimiter, which belongs to it. */
static Span
part_between (Span body, gsize from, gsize to)
{
  if (to > from && body.bytes[to - 1] == '\n')
    to--;
  if (to > from && body.bytes[to - 1] == '\r')
    to--;
  return (Span){ body.bytes + from, to - from };
}

/* A carriage return by itself ends a line for some readers, and a delimiter with it. */
static bool
has_lone_return (const guint8 *from, const guint8 *to)
{
  for (; from < to && (from = memchr (from, '\r', (gsize) (to - from))) != NULL; from++)
    if (from + 1 == to || from[1] != '\n')
      return true;
  return false;
}

/* Exactly two parts, closed, and nothing behind.  NULL or why not. */
static const char *
split_signed (Span body, const char *boundary, Span parts[2])
{
  gsize at = 0, next, begin = 0;
  guint n = 0;
  Span line;

  for (; entity_line (body, at, &line, &next); at = next)
    {
      Delimiter kind = delimiter (line, boundary);

      if (kind == NO_DELIMITER)
        continue;
      if (kind == HALF_DELIMITER)
        return divided_twice;
      if (n > 0 && n <= 2)
        parts[n - 1] = part_between (body, begin, at);
      if (kind == CLOSE_DELIMITER)
        return n != 2 ? "its signed body has not exactly two parts"
               : is_blank ((Span){ body.bytes + next, body.n - next })
                 ? NULL
                 : "something follows the signed body";
      n++;
      begin = next;
    }
  return "its signed body is not closed";
}

static bool
names_smime (const char *type)
{
  return strcmp (type, "application/pkcs7-signature") == 0
         || strcmp (type, "application/x-pkcs7-signature") == 0;
}

/* What a reader who decodes nothing finds in the body, too. */
static char *
plain_boundary (const Entity *e)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "'()+_,-./:=? ";
  g_autofree char *boundary = entity_written_parameter (e, "boundary");
  gsize n = boundary != NULL ? strlen (boundary) : 0;

  return n > 0 && n <= MAX_BOUNDARY && strspn (boundary, letters) == n && boundary[0] != ' '
             && boundary[n - 1] != ' ' && strstr (boundary, "=?") == NULL
             && memmem (e->head.bytes, e->head.n, boundary, n) != NULL /* not folded */
           ? g_steal_pointer (&boundary)
           : NULL;
}

/* Why PART is not what a mail program signed for OpenPGP; NULL.  The words of a signed text fit as
 * a part, too, and then their first lines are headers that nobody is shown. */
static const char *
why_no_part (Span part)
{
  Entity e;
  const char *why = NULL;

  entity_read (part, &e);
  if (e.head.n > 0 && e.type_raw[0] == '\0')
    why = "what was signed is words by themselves, of which readers do not show the first";
  /* gpg may leave them out of what it looks at. */
  else if (has_lone_return (part.bytes, part.bytes + part.n))
    why = lone_return;
  entity_clear (&e);
  return why;
}

static const char *
read_signed (const Entity *e, const guint8 *file, MailSigned *m)
{
  g_autofree char *boundary = plain_boundary (e);
  g_autofree char *said = entity_written_parameter (e, "protocol");
  g_autofree char *protocol = g_ascii_strdown (said != NULL ? said : "", -1);
  Span parts[2];
  Entity signature;
  const char *why = NULL;

  m->shape = strcmp (protocol, "application/pgp-signature") == 0 ? MAIL_OPENPGP : MAIL_SMIME;
  if (e->encoding[0] != '\0' && strcmp (e->encoding, "7bit") != 0
      && strcmp (e->encoding, "8bit") != 0 && strcmp (e->encoding, "binary") != 0)
    return "its signed body is said to be encoded, which it cannot be";
  if (!entity_has_plain_type (e) || entity_says_twice (e, "boundary")
      || entity_says_twice (e, "protocol"))
    return divided_twice;
  if (boundary == NULL)
    return "its signed body has no boundary that every reader understands";
  why = split_signed (e->body, boundary, parts);
  if (why == NULL
      && (has_lone_return (e->body.bytes, parts[0].bytes)
          || has_lone_return (parts[0].bytes + parts[0].n, e->body.bytes + e->body.n)))
    why = divided_twice;
  if (why != NULL)
    return why;
  entity_read (parts[1], &signature);
  if (!(m->shape == MAIL_OPENPGP ? strcmp (signature.type, protocol) == 0
                                 : names_smime (signature.type) && names_smime (protocol)))
    why = "its signature is not of the kind it says";
  else if (signature.problem != NULL)
    why = signature.problem;
  else if (!entity_is_known_encoding (&signature))
    why = unknown_encoding;
  else if (entity_goes_on_behind_padding (&signature))
    why = "something follows the signature";
  else
    m->signature = entity_body (&signature);
  if (m->signature != NULL && g_bytes_get_size (m->signature) > MAIL_MAX_SIGNATURE)
    {
      g_clear_pointer (&m->signature, g_bytes_unref);
      why = "its signature is larger than any";
    }
  if (why == NULL && m->shape == MAIL_OPENPGP)
    why = why_no_part (parts[0]);
  m->payload = (guint64) (parts[0].bytes - file);
  m->n_payload = parts[0].n;
  entity_clear (&signature);
  return why;
}

/* --- application/pkcs7-mime (RFC 8551) -------------------------------------------------------- */

static const char *
read_opaque (const Entity *e, MailSigned *m)
{
  static const guint8 signed_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 };
  g_autoptr (GBytes) body = entity_body (e);
  gsize n, at = 0;
  const guint8 *bytes = g_bytes_get_data (body, &n);
  Ber info, type;

  if (!ber_read (bytes, n, &info) || !ber_take (&info, &at, 0x06, &type))
    {
      m->shape = MAIL_SMIME_OPAQUE;
      return "what it holds is no signed data";
    }
  m->shape = type.n == sizeof signed_data && memcmp (type.value, signed_data, type.n) == 0
               ? MAIL_SMIME_OPAQUE
               : MAIL_ENCRYPTED;
  if (m->shape == MAIL_SMIME_OPAQUE && n > MAIL_MAX_OPAQUE)
    return "it is larger than is looked at";
  if (m->shape == MAIL_SMIME_OPAQUE)
    m->signature = g_bytes_new (bytes, info.whole);
  return !entity_is_known_encoding (e) ? unknown_encoding
         : info.whole != n || entity_goes_on_behind_padding (e)
           ? "something follows the signed data"
         /* gpgsm may find there what no reader shows. */
         : m->shape == MAIL_SMIME_OPAQUE && !opaque_is_whole (bytes, info.whole)
           ? "what is signed inside of it cannot be read"
           : NULL;
}

/* --- text with an OpenPGP signature inside (RFC 9580, 7) -------------------------------------- */

/* TEXT begins a line of BODY. */
static const char *
line_that_begins (const char *body, gsize n, const char *text)
{
  gsize length = strlen (text);
  const char *at = n > 0 ? memmem (body, n, text, length) : NULL;

  while (at != NULL && at != body && at[-1] != '\n')
    at = memmem (at + 1, n - (gsize) (at + 1 - body), text, length);
  return at;
}

/* The character set stands outside of what is signed: it must be read by everybody, and must not
 * make other letters of TEXT. */
static bool
keeps_letters (const Entity *e, const char *text, gsize n)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                " !\"#$%&'()*+,-./:;<=>?@[]^_`{|} +AC8- &AC8- ~{A!~}";
  g_autofree char *charset = entity_written_parameter (e, "charset");
  g_autofree char *decoded = entity_parameter (e, "charset");
  const char *used;
  bool unknown, damaged;

  if (!entity_has_plain_type (e) || entity_says_twice (e, "charset")
      || g_strcmp0 (charset, decoded) != 0)
    return false;
  g_autofree char *probe =
    charset_decode (charset, (const guint8 *) letters, strlen (letters), &used, &unknown);
  if (unknown || !g_str_equal (probe, letters))
    return false;
  g_free (charset_decode (charset, (const guint8 *) text, n, &used, &damaged));
  if (damaged)
    return false;
  /* What can be read as UTF-8 was signed as UTF-8, and anything else in one way only. */
  return g_ascii_strcasecmp (used, "utf-8") == 0 || g_ascii_strcasecmp (used, "utf8") == 0
         || charset_is_ascii ((const guint8 *) text, n)
         || (g_ascii_strcasecmp (used, "windows-1252") == 0
             && !g_utf8_validate (text, (gssize) n, NULL));
}

/* Why gpg does not look at TEXT as readers show it; NULL.  One carriage return too many comes of
 * ends of lines that were made twice. */
static const char *
why_not_looked_at (const char *text, gsize n)
{
  gsize line = 0;

  for (gsize i = 0; i < n; i++)
    {
      const char *behind = text + i + 1, *end = text + n;

      line = text[i] == '\n' ? 0 : line + 1;
      if (line > MAX_LINE)
        return "what is signed has a line that is longer than is looked at";
      if (text[i] == '\r' && !(behind < end && behind[0] == '\n')
          && !(behind + 1 < end && behind[0] == '\r' && behind[1] == '\n'))
        return lone_return;
    }
  return NULL;
}

/* Readers join lines that flow where they end in a blank, and blanks there are not signed.  "-- "
 * above a signature stands alone. */
static bool
joins_lines (const Entity *e, const InlineSigned *s)
{
  g_autofree char *format = entity_parameter (e, "format");
  const Span words = { (const guint8 *) s->words, s->n_words };
  Span line;

  if (format == NULL || g_ascii_strcasecmp (format, "flowed") != 0)
    return false;
  for (gsize at = 0, next; entity_line (words, at, &line, &next); at = next)
    if (line.n > 0 && line.bytes[line.n - 1] == ' '
        && !(line.n == 5 && memcmp (line.bytes, "- -- ", 5) == 0))
      return true;
  return false;
}

static const char *
read_inline (const Entity *e, MailSigned *m)
{
  g_autoptr (GBytes) body = entity_body (e);
  InlineSigned s;
  gsize n;
  const char *text = g_bytes_get_data (body, &n);

  if (line_that_begins (text, n, "-----BEGIN PGP SIGNED MESSAGE-----") == NULL)
    {
      if (line_that_begins (text, n, "-----BEGIN PGP MESSAGE-----") != NULL)
        m->shape = MAIL_ENCRYPTED;
      return NULL;
    }
  m->shape = MAIL_SIGNED_IN_PART;
  if (!inline_read (text, n, &s) || entity_goes_on_behind_padding (e))
    return NULL;
  m->shape = MAIL_OPENPGP_INLINE;
  if (n > MAIL_MAX_OPAQUE)
    return "it is larger than is looked at";
  m->signature = g_bytes_new (s.frame, s.n_frame);
  return !entity_is_known_encoding (e) ? unknown_encoding
         : !keeps_letters (e, text, n)
           ? "its character set can make other letters of what was signed"
         : inline_is_part (&s)
           ? "what was signed is a part of a mail, and not words: files in it would be words, too"
         : joins_lines (e, &s) ? "lines that were signed apart are joined to one"
                               : why_not_looked_at (s.words, s.n_words);
}

/* --- the message ------------------------------------------------------------------------------ */

static char *
addresses_in_words (const GPtrArray *addresses)
{
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < addresses->len; i++)
    g_string_append_printf (words, "%s%s", i > 0 ? ", " : "",
                            ((MessageAddress *) addresses->pdata[i])->address);
  return g_string_free (words, FALSE);
}

static void
take_facts (Message *facts, MailSigned *m)
{
  GPtrArray *from = m->from, *sender = m->sender;

  m->from = facts->from;
  m->sender = facts->sender;
  facts->from = from;
  facts->sender = sender;
  m->to = addresses_in_words (facts->to);
  m->cc = addresses_in_words (facts->cc);
  m->subject = g_strdup (facts->subject);
  m->date = facts->date;
}

/* Signatures that lie over something, but not over the whole. */
static bool
has_signed_part (const Message *facts)
{
  for (guint i = 0; i < facts->parts->len; i++)
    {
      const char *type = ((MessagePart *) facts->parts->pdata[i])->type;

      if (names_smime (type) || strcmp (type, "application/pgp-signature") == 0
          || strcmp (type, "application/pkcs7-mime") == 0
          || strcmp (type, "application/x-pkcs7-mime") == 0)
        return true;
    }
  return false;
}

/* What is shown was taken apart by gmime: where the signature is cut out here, it found those very
 * bytes, and behind them nothing. */
static bool
is_shown_so (const Message *facts, const Entity *e, const MailSigned *m)
{
  bool divided = m->shape == MAIL_SMIME || m->shape == MAIL_OPENPGP, found = false;
  g_autoptr (GBytes) part = divided ? g_bytes_ref (m->signature) : entity_body (e);
  gsize n;
  const void *bytes = g_bytes_get_data (part, &n);
  char sha256[65];

  digest_of (bytes != NULL ? bytes : "", (gssize) n, sha256);
  for (guint i = 0; i < facts->parts->len; i++)
    {
      const MessagePart *p = facts->parts->pdata[i];

      if (strcmp (p->path, divided ? "2" : "1") == 0)
        found = strcmp (p->sha256, sha256) == 0;
      else if (p->path[0] != '1')
        return false;
    }
  return found;
}

MailSigned *
mail_signed_read (const guint8 *bytes, gsize n)
{
  MailSigned *m = mail_signed_new ();
  g_autoptr (Message) facts = message_parse_bytes (bytes, n, NULL);
  Entity e;

  entity_read ((Span){ bytes, n }, &e);
  take_facts (facts, m);
  g_autofree char *hp = entity_parameter (&e, "hp"),
                  *v1 = entity_parameter (&e, "protected-headers");
  m->protects_headers = hp != NULL || v1 != NULL;
  const char *why = NULL;
  if (strcmp (e.type, "multipart/signed") == 0)
    why = read_signed (&e, bytes, m);
  else if (strcmp (e.type, "application/pkcs7-mime") == 0
           || strcmp (e.type, "application/x-pkcs7-mime") == 0)
    why = read_opaque (&e, m);
  else if (strcmp (e.type, "multipart/encrypted") == 0)
    m->shape = MAIL_ENCRYPTED;
  else if (strcmp (e.type, "text/plain") == 0)
    why = read_inline (&e, m);
  if (why == NULL && m->signature != NULL && !is_shown_so (facts, &e, m))
    why = "its structure can be read in two ways, so readers may be shown different things";
  if (m->shape == MAIL_UNSIGNED && has_signed_part (facts))
    m->shape = MAIL_SIGNED_IN_PART;
  m->problem = g_strdup (why != NULL ? why : e.problem);
  entity_clear (&e);
  return m;
}
