/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verdict on a signed message: layer by layer from the root, and then whether the signer is the
 * sender.
 *
 * Only signatures of the outermost layer speak for the sender: anybody can put somebody else's
 * signed mail inside of his own.
 */
#define _GNU_SOURCE
#include "signature/signature-private.h"

#include <string.h>
#include <unistd.h>

#include "base/ber.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/memory-file.h"
#include "message/message-author.h"

#define MAX_LAYERS 4
#define MAX_SIGNERS 8
/* How far the message's date may be from the time of signing: clocks differ, and mail is signed
 * when it is sent. */
#define MAX_APART (24 * 60 * 60)

typedef struct {
  Verifier *v;
  Reader *reader;
  gint64 now;
  Verification *result;
  MailSigned *outer; /* the message as it came */
  MailSigned *shown; /* whose headers count: protected ones, or OUTER */
} Pass;

/* --- what was signed, as a file --------------------------------------------------------------- */

/* CRLF line ends, which is what was signed (RFC 8551, 3.1.1; RFC 3156, 5). */
static GBytes *
canonical (const guint8 *bytes, gsize n)
{
  GByteArray *out = g_byte_array_sized_new ((guint) MIN (n + n / 16 + 64, G_MAXUINT));

  for (gsize at = 0; at < n;)
    {
      const guint8 *end = memchr (bytes + at, '\n', n - at);
      gsize line = (end != NULL ? (gsize) (end - bytes) : n) - at;

      g_byte_array_append (out, bytes + at, (guint) line);
      if (end == NULL)
        break;
      if (line == 0 || bytes[at + line - 1] != '\r')
        g_byte_array_append (out, (const guint8 *) "\r", 1);
      g_byte_array_append (out, (const guint8 *) "\n", 1);
      at += line + 1;
    }
  return g_byte_array_free_to_bytes (out);
}

static GBytes *
payload (int fd, const MailSigned *m)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new_from_fd (fd, FALSE, NULL);

  if (file == NULL || m->payload > g_mapped_file_get_length (file)
      || m->n_payload > g_mapped_file_get_length (file) - m->payload)
    return NULL;
  return canonical ((const guint8 *) g_mapped_file_get_contents (file) + m->payload, m->n_payload);
}

/* The same for the same words, however they are wrapped: not every signature is over the ends of
 * lines, blanks before them, and empty lines at the end. */
static void
sum_up (GBytes *content, char sha256[65])
{
  gsize n, at = 0, empty = 0;
  const char *bytes = g_bytes_get_data (content, &n);
  Digest sum;

  digest_begin (&sum);
  while (at < n)
    {
      const char *line = bytes + at, *end = memchr (line, '\n', n - at);
      gsize length = (gsize) ((end != NULL ? end : bytes + n) - line);

      at += length + 1;
      while (length > 0 && g_ascii_isspace (line[length - 1]))
        length--;
      for (; length > 0 && empty > 0; empty--)
        digest_add (&sum, "\n", 1);
      digest_add (&sum, line, length);
      empty++;
    }
  digest_end (&sum, sha256);
}

/* --- one layer -------------------------------------------------------------------------------- */

static void
verify_smime (Pass *p, const MailSigned *m, const Covered *data, GPtrArray *to, GBytes **plain)
{
  const CmsCase c = {
    .cms = m->signature, .data = data, .max_signers = MAX_SIGNERS, .now = p->now, .own_time = true
  };
  gsize n;
  const guint8 *bytes = g_bytes_get_data (m->signature, &n);
  Ber ber;

  /* Exactly one value: what an encoding or a mail system added behind it is not for gpgsm to
   * see. */
  if (!ber_read (bytes, n, &ber) || ber.whole != n)
    {
      Signature *s = signature_new ();

      signature_say (s, VERDICT_INVALID,
                     "its signature is no signed data, or something follows it");
      g_ptr_array_add (to, s);
      return;
    }
  verify_cms (p->v, &c, to, plain);
}

static SignedKind
kind_of (MailShape shape)
{
  switch (shape)
    {
    case MAIL_SMIME:
    case MAIL_SMIME_OPAQUE:
      return SIGNED_SMIME;
    case MAIL_OPENPGP:
    case MAIL_OPENPGP_INLINE:
      return SIGNED_OPENPGP;
    default:
      return SIGNED_NONE;
    }
}

/* A signature does not say what it is over: what somebody signed as something else must not be
 * shown as a mail.  A PDF may begin with the header of one. */
static const char *
why_no_mail (const MailSigned *m, GBytes *content)
{
  enum { MAX_FRONT = 1024 }; /* where readers of PDF look for its first words */
  static const guint8 id_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01 };
  static const char begin[] = "%PDF-", range[] = "/ByteRange";
  gsize n;
  const void *bytes = g_bytes_get_data (m->signature, &n);
  Ber type, signer;

  if (kind_of (m->shape) != SIGNED_SMIME)
    return NULL;
  if (cms_find_signer (bytes, n, 0, &type, &signer)
      && (type.n != sizeof id_data || memcmp (type.value, id_data, type.n) != 0))
    return "what was signed is said to be something else than a mail";
  bytes = content != NULL ? g_bytes_get_data (content, &n) : NULL;
  return bytes != NULL && memmem (bytes, MIN (n, MAX_FRONT), begin, strlen (begin)) != NULL
             && memmem (bytes, n, range, strlen (range)) != NULL
           ? "what was signed is a PDF document, and no mail"
           : NULL;
}

/* The file of what this layer signed, for the next one; -1: none. */
static int
verify_layer (Pass *p, int fd, const MailSigned *m, guint layer)
{
  GPtrArray *signatures = p->result->signatures;
  guint first = signatures->len;
  bool detached = m->shape == MAIL_SMIME || m->shape == MAIL_OPENPGP;
  g_autoptr (GBytes) content = detached ? payload (fd, m) : NULL;
  const Covered all = content != NULL ? covered_all (content) : (Covered){ 0 };
  const Covered *data = content != NULL ? &all : NULL;

  if (detached && data == NULL)
    verification_say (p->result, VERDICT_ERROR, "what is signed cannot be read");
  else if (kind_of (m->shape) == SIGNED_SMIME)
    verify_smime (p, m, data, signatures, detached ? NULL : &content);
  else
    verify_openpgp (p->v, m->signature, data, p->now, signatures, detached ? NULL : &content);
  const char *why = why_no_mail (m, content);
  for (guint i = first; i < signatures->len; i++)
    {
      Signature *s = signatures->pdata[i];

      if (why != NULL)
        signature_say (s, VERDICT_INVALID, "%s", why);
      g_free (s->field);
      s->field = g_strdup_printf ("%u", layer);
      s->covers_whole = layer == 1 && m->problem == NULL;
      if (content != NULL)
        sum_up (content, s->content);
    }
  return (detached || m->shape == MAIL_SMIME_OPAQUE) && content != NULL ? memory_file (content)
                                                                        : -1;
}

static const char *
why_not_signed (const MailSigned *m)
{
  switch (m->shape)
    {
    case MAIL_ENCRYPTED:
      return "it is encrypted, or something else that is no signed data";
    case MAIL_SIGNED_IN_PART:
      return "a signature covers only a part of the message, not the whole body";
    default:
      return "it has no signature";
    }
}

/* --- layers ----------------------------------------------------------------------------------- */

static void
look_at_root (Pass *p, const MailSigned *m)
{
  p->result->kind = kind_of (m->shape);
  if (m->shape == MAIL_ENCRYPTED)
    verification_say (p->result, VERDICT_UNSUPPORTED, "%s", why_not_signed (m));
  else if (m->shape == MAIL_SIGNED_IN_PART)
    verification_say (p->result, VERDICT_INVALID, "%s", why_not_signed (m));
  else if (m->shape != MAIL_UNSIGNED && m->problem != NULL)
    verification_say (p->result, VERDICT_INVALID, "%s", m->problem);
  p->result->covers_whole =
    p->result->kind != SIGNED_NONE && m->problem == NULL && m->signature != NULL;
}

/* FD is taken over.  What lies in a signed part further inside (a mail that is forwarded) is
 * content, and no layer. */
static void
walk_layers (Pass *p, int fd)
{
  g_autoptr (GError) error = NULL;

  for (guint layer = 1; fd >= 0; layer++)
    {
      g_autoptr (MailSigned) m = reader_read_signed (p->reader, fd, &error);
      int next = -1;

      if (m == NULL)
        verification_say (p->result, VERDICT_ERROR, "the message cannot be read: %s",
                          error->message);
      else if (layer == 1)
        look_at_root (p, m);
      else if (m->shape == MAIL_ENCRYPTED)
        verification_say (p->result, VERDICT_UNSUPPORTED, "inside: %s", why_not_signed (m));
      if (m != NULL && m->signature != NULL && layer > MAX_LAYERS)
        verification_say (p->result, VERDICT_UNSUPPORTED,
                          "more signatures lie inside of each other than are looked at");
      else if (m != NULL && m->signature != NULL)
        {
          if (layer > 1 && m->problem != NULL)
            verification_say (p->result, VERDICT_INVALID, "inside: %s", m->problem);
          next = verify_layer (p, fd, m, layer);
        }
      close (fd);
      fd = next;
      if (m != NULL && layer == 1)
        p->outer = p->shown = g_steal_pointer (&m);
      else if (m != NULL && m->protects_headers && m->from->len > 0)
        {
          if (p->shown != p->outer)
            mail_signed_free (p->shown);
          p->shown = g_steal_pointer (&m);
        }
    }
}

/* --- the sender ------------------------------------------------------------------------------- */

static bool
is_certified (const Pass *p, const char *address)
{
  for (guint i = 0; i < p->result->signatures->len; i++)
    {
      const Signature *s = p->result->signatures->pdata[i];

      if (strcmp (s->field, "1") != 0 || s->verdict <= VERDICT_INVALID)
        continue;
      for (guint k = 0; k < s->signer.emails->len; k++)
        if (g_ascii_strcasecmp (s->signer.emails->pdata[k], address) == 0)
          return true;
    }
  return false;
}

static void
check_addresses (Pass *p, const GPtrArray *addresses, const char *what)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const MessageAddress *a = addresses->pdata[i];

      if (!is_certified (p, a->address))
        {
          p->result->signer_is_sender = false;
          verification_say (p->result, VERDICT_INVALID,
                            "the signature is not made by %s, whom the message names as %s",
                            a->address, what);
        }
      /* "alice@example.org <mallory@example.net>": a reader sees the first only. */
      if (author_shows_other (a->name, a->address))
        verification_say (p->result, VERDICT_INVALID, "the name of %s shows another address: %s",
                          what, a->name);
    }
}

static void
check_sender (Pass *p)
{
  p->result->signer_is_sender = p->outer->from->len == 1;
  if (p->outer->from->len != 1)
    verification_say (p->result, VERDICT_INVALID,
                      p->outer->from->len == 0 ? "the message names no author"
                                               : "the message names several authors");
  check_addresses (p, p->outer->from, "its author");
  check_addresses (p, p->outer->sender, "its sender");
  if (p->shown != p->outer)
    {
      check_addresses (p, p->shown->from, "its author");
      check_addresses (p, p->shown->sender, "its sender");
    }
}

static void
compare_text (Pass *p, const char *what, const char *inside, const char *outside)
{
  if (strcmp (inside, outside) != 0)
    g_ptr_array_add (p->result->notes,
                     g_strdup_printf ("%s: signed is \"%s\"; the outer header says \"%s\"", what,
                                      inside, outside));
}

static void
compare_headers (Pass *p)
{
  const MessageAddress *inside = p->shown->from->pdata[0];
  const MessageAddress *outside = p->outer->from->len > 0 ? p->outer->from->pdata[0] : NULL;

  g_ptr_array_add (p->result->notes, g_strdup ("the headers are signed, too"));
  compare_text (p, "From", inside->address, outside != NULL ? outside->address : "");
  compare_text (p, "To", p->shown->to, p->outer->to);
  compare_text (p, "Cc", p->shown->cc, p->outer->cc);
  compare_text (p, "Subject", p->shown->subject, p->outer->subject);
  if (p->shown->date != p->outer->date)
    g_ptr_array_add (p->result->notes,
                     g_strdup ("Date: the signed one is another than the outer header's"));
}

/* An old signed body under a new date is not what its signer sent now. */
static void
check_date (Pass *p)
{
  for (guint i = 0; i < p->result->signatures->len; i++)
    {
      const Signature *s = p->result->signatures->pdata[i];

      if (strcmp (s->field, "1") != 0 || s->signed_at == 0)
        continue;
      if (p->outer->date == 0)
        verification_say (p->result, VERDICT_INVALID, "the message has no date that can be read");
      else if (ABS (p->outer->date - s->signed_at) > MAX_APART)
        verification_say (p->result, VERDICT_INVALID,
                          "the date of the message is far from the time it was signed");
      if (s->signed_at > p->now + MAX_APART)
        verification_say (p->result, VERDICT_INVALID, "the time it was signed is yet to come");
    }
}

Verification *
verifier_mail (Verifier *v, Reader *reader, int fd, gint64 now)
{
  Verification *result = verification_new (SIGNED_NONE);
  Pass p = { v, reader, now, result, NULL, NULL };

  walk_layers (&p, dup (fd));
  verification_sum_up (result);
  if (p.outer != NULL)
    {
      const MessageAddress *author = p.shown->from->len > 0 ? p.shown->from->pdata[0] : NULL;

      g_free (result->from);
      result->from = g_strdup (author != NULL ? author->address : "");
      if (result->signatures->len > 0)
        {
          check_sender (&p);
          check_date (&p);
        }
      else if (result->verdict == VERDICT_UNSIGNED)
        g_ptr_array_add (result->reasons, g_strdup (why_not_signed (p.outer)));
      if (p.shown != p.outer)
        {
          compare_headers (&p);
          mail_signed_free (p.shown);
        }
      mail_signed_free (p.outer);
    }
  return result;
}
