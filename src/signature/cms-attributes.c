/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What signed attributes must be (RFC 5652, 5.3 and 11; RFC 5035): the type of the content and its
 * digest, each once and with one value; and where they name the signer's certificate, that very
 * one.
 *
 * Engines take the first of what they find, and nobody else looks at the rest.
 */
#include "signature/signature-private.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "base/ber.h"

enum { OCTETS = 0x04, OID = 0x06, SEQUENCE = 0x30, SET = 0x31, FIRST = 0xa0 };

static const guint8 content_type[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03 };
static const guint8 message_digest[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04 };
static const guint8 signing_time[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05 };
static const guint8 certificate_v1[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
                                         0x01, 0x09, 0x10, 0x02, 0x0c };
static const guint8 certificate_v2[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
                                         0x01, 0x09, 0x10, 0x02, 0x2f };
static const guint8 md5[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05 };
static const guint8 sha1[] = { 0x2b, 0x0e, 0x03, 0x02, 0x1a };
static const guint8 sha256[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01 };
static const guint8 sha384[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02 };
static const guint8 sha512[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03 };

static bool
is_bytes (const Ber *ber, const guint8 *bytes, gsize n)
{
  return ber->n == n && memcmp (ber->value, bytes, n) == 0;
}

#define IS(ber, oid) is_bytes (ber, oid, sizeof oid)

/* --- where they are --------------------------------------------------------------------------- */

/* ContentInfo { type, [0] SignedData { version, digests, { type, ... }, [0] certificates, [1]
 * lists, SET of SignerInfo } }. */
bool
cms_find_signer (const guint8 *bytes, gsize n, guint which, Ber *type, Ber *signer)
{
  Ber info, wrapped, data, content, one;
  gsize at = 0, in_wrapped = 0, in_data = 0, in_content = 0, in_set = 0;

  if (!ber_read (bytes, n, &info) || !ber_take (&info, &at, OID, &one)
      || !ber_take (&info, &at, FIRST, &wrapped)
      || !ber_take (&wrapped, &in_wrapped, SEQUENCE, &data) || !ber_next (&data, &in_data, &one)
      || !ber_take (&data, &in_data, SET, &one) || !ber_take (&data, &in_data, SEQUENCE, &content)
      || !ber_take (&content, &in_content, OID, type))
    return false;
  one = (Ber){ 0 };
  while (one.tag != SET && ber_next (&data, &in_data, &one))
    ;
  for (guint i = 0; one.tag == SET && i <= which; i++)
    if (!ber_take (&one, &in_set, SEQUENCE, signer))
      return false;
  return one.tag == SET;
}

/* --- the certificate they name ---------------------------------------------------------------- */

gnutls_digest_algorithm_t
cms_digest_of (const Ber *algorithm)
{
  Ber oid;
  gsize at = 0;

  if (!ber_take (algorithm, &at, OID, &oid))
    return GNUTLS_DIG_UNKNOWN;
  return IS (&oid, sha256)   ? GNUTLS_DIG_SHA256
         : IS (&oid, sha384) ? GNUTLS_DIG_SHA384
         : IS (&oid, sha512) ? GNUTLS_DIG_SHA512
                             : GNUTLS_DIG_UNKNOWN;
}

/* SignerInfo { version, sid, digestAlgorithm, ... } */
gnutls_digest_algorithm_t
cms_content_digest (GBytes *cms, guint which)
{
  gsize n, at = 0, in_algorithm = 0;
  const guint8 *bytes = g_bytes_get_data (cms, &n);
  Ber type, signer, one, algorithm, oid;

  if (!cms_find_signer (bytes, n, which, &type, &signer) || !ber_next (&signer, &at, &one)
      || !ber_next (&signer, &at, &one) || !ber_take (&signer, &at, SEQUENCE, &algorithm)
      || !ber_take (&algorithm, &in_algorithm, OID, &oid))
    return GNUTLS_DIG_UNKNOWN;
  return IS (&oid, md5)    ? GNUTLS_DIG_MD5
         : IS (&oid, sha1) ? GNUTLS_DIG_SHA1
                           : cms_digest_of (&algorithm);
}

/* VALUE: { { { [algorithm,] hash, ... }, ... }, ... }; the first one is the signer's. */
static void
judge_certificate (const Ber *value, gnutls_digest_algorithm_t digest, gnutls_x509_crt_t leaf,
                   Signature *s)
{
  Ber list, id, algorithm, hash;
  gsize in_value = 0, in_list = 0, in_id = 0;
  gnutls_datum_t der = { NULL, 0 };
  guint8 own[64];
  bool read =
    ber_take (value, &in_value, SEQUENCE, &list) && ber_take (&list, &in_list, SEQUENCE, &id);

  if (read && digest != GNUTLS_DIG_SHA1 && ber_take (&id, &in_id, SEQUENCE, &algorithm))
    digest = cms_digest_of (&algorithm);
  if (!read || digest == GNUTLS_DIG_UNKNOWN || !ber_take (&id, &in_id, OCTETS, &hash))
    signature_say (s, VERDICT_UNSUPPORTED, "which certificate it names cannot be read");
  else if (gnutls_x509_crt_export2 (leaf, GNUTLS_X509_FMT_DER, &der) != 0
           || gnutls_hash_fast (digest, der.data, der.size, own) != 0)
    signature_say (s, VERDICT_ERROR, "the signer's certificate cannot be read");
  else if (!is_bytes (&hash, own, gnutls_hash_get_len (digest)))
    signature_say (s, VERDICT_INVALID,
                   "it names another certificate than the one it was made with");
  gnutls_free (der.data);
}

bool
cms_attributes_digest (const Ber *attributes, Ber *digest)
{
  Ber attribute, oid, values;
  gsize at = 0;

  while (ber_next (attributes, &at, &attribute))
    {
      gsize in_attribute = 0, in_values = 0;

      if (ber_take (&attribute, &in_attribute, OID, &oid) && IS (&oid, message_digest))
        return ber_take (&attribute, &in_attribute, SET, &values)
               && ber_take (&values, &in_values, OCTETS, digest);
    }
  return false;
}

/* --- each of them ----------------------------------------------------------------------------- */

typedef struct {
  guint types, digests, times;
} Seen;

static void
judge_attribute (const Ber *attribute, const Ber *type, gnutls_x509_crt_t leaf, Seen *seen,
                 Signature *s)
{
  Ber oid, values, value, more;
  gsize at = 0, in_values = 0;

  if (!ber_take (attribute, &at, OID, &oid) || !ber_take (attribute, &at, SET, &values))
    {
      signature_say (s, VERDICT_UNSUPPORTED, "its signed attributes cannot be read");
      return;
    }
  guint *count = IS (&oid, content_type)     ? &seen->types
                 : IS (&oid, message_digest) ? &seen->digests
                 : IS (&oid, signing_time)   ? &seen->times
                                             : NULL;
  bool names = IS (&oid, certificate_v1) || IS (&oid, certificate_v2);
  if (count == NULL && !names)
    return;
  if (!ber_next (&values, &in_values, &value) || ber_next (&values, &in_values, &more))
    signature_say (s, VERDICT_INVALID, "a signed attribute has not exactly one value");
  else if (count != NULL && ++*count > 1)
    signature_say (s, VERDICT_INVALID, "a signed attribute is in it twice");
  else if (count == &seen->types && (value.tag != OID || !is_bytes (&value, type->value, type->n)))
    signature_say (s, VERDICT_INVALID, "the type of content that was signed is another one");
  else if (names)
    judge_certificate (&value, IS (&oid, certificate_v1) ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256,
                       leaf, s);
}

void
cms_attributes_judge (GBytes *cms, guint which, gnutls_x509_crt_t leaf, Signature *s)
{
  gsize n, at = 0, in_attributes = 0;
  const guint8 *bytes = g_bytes_get_data (cms, &n);
  Ber type, signer, one, attribute;
  Seen seen = { 0 };

  if (!cms_find_signer (bytes, n, which, &type, &signer))
    {
      signature_say (s, VERDICT_UNSUPPORTED, "its signed attributes cannot be found");
      return;
    }
  /* Version, who it is, digest algorithm, [0] attributes. */
  for (guint i = 0; i < 3; i++)
    if (!ber_next (&signer, &at, &one))
      return;
  if (!ber_take (&signer, &at, FIRST, &one))
    return;
  while (ber_next (&one, &in_attributes, &attribute))
    judge_attribute (&attribute, &type, leaf, &seen, s);
  if (in_attributes != one.n)
    signature_say (s, VERDICT_UNSUPPORTED, "its signed attributes cannot be read");
  if (seen.types == 0)
    signature_say (s, VERDICT_UNSUPPORTED, "the type of what it is over is not signed");
}
