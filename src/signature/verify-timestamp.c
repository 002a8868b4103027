/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A timestamp (RFC 3161): a signed statement that something with this hash existed at that time.
 *
 * It is a signed-data of its own with a TSTInfo inside: it is verified like any other, and then the
 * hash in it must be the hash of what it is said to be about.
 */
#include "signature/signature-private.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "base/ber.h"

#define OID_TST_INFO "1.2.840.113549.1.9.16.1.4"
enum {
  TAG_INTEGER = 0x02,
  TAG_OCTETS = 0x04,
  TAG_OID = 0x06,
  TAG_TIME = 0x18,
  TAG_SEQUENCE = 0x30
};

void
imprints_of_bytes (const void *bytes, gsize n, Imprints *to)
{
  gnutls_hash_fast (GNUTLS_DIG_SHA256, bytes, n, to->sha256);
  gnutls_hash_fast (GNUTLS_DIG_SHA384, bytes, n, to->sha384);
  gnutls_hash_fast (GNUTLS_DIG_SHA512, bytes, n, to->sha512);
}

static void
hash_pieces (gnutls_digest_algorithm_t algorithm, GBytes *pieces[2], guint8 *to)
{
  gnutls_hash_hd_t hash = NULL;
  gsize n;

  gnutls_hash_init (&hash, algorithm);
  for (guint i = 0; i < 2; i++)
    {
      const void *bytes = g_bytes_get_data (pieces[i], &n);

      gnutls_hash (hash, bytes, n);
    }
  gnutls_hash_deinit (hash, to);
}

bool
imprints_of_covered (const Covered *c, Imprints *to)
{
  GBytes *pieces[2];

  if (!covered_pieces (c, pieces))
    return false;
  hash_pieces (GNUTLS_DIG_SHA256, pieces, to->sha256);
  hash_pieces (GNUTLS_DIG_SHA384, pieces, to->sha384);
  hash_pieces (GNUTLS_DIG_SHA512, pieces, to->sha512);
  for (guint i = 0; i < 2; i++)
    g_bytes_unref (pieces[i]);
  return true;
}

/* "20261122100000Z", seconds with a fraction perhaps; 0 when it is none. */
static gint64
time_of (const Ber *ber)
{
  int part[6], width[] = { 4, 2, 2, 2, 2, 2 };
  const guint8 *p = ber->value;

  if (ber->n < 15 || ber->value[ber->n - 1] != 'Z')
    return 0;
  for (guint i = 0; i < 6; i++)
    {
      part[i] = 0;
      for (int k = 0; k < width[i]; k++, p++)
        if (g_ascii_isdigit (*p))
          part[i] = part[i] * 10 + (*p - '0');
        else
          return 0;
    }
  g_autoptr (GDateTime) at =
    g_date_time_new_utc (part[0], part[1], part[2], part[3], part[4], part[5]);
  return at != NULL ? g_date_time_to_unix (at) : 0;
}

static const guint8 *
imprint_for (const Ber *oid, const Imprints *imprints, gsize *n)
{
  static const guint8 sha2[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02 };

  if (oid->n != sizeof sha2 + 1 || memcmp (oid->value, sha2, sizeof sha2) != 0)
    return NULL;
  switch (oid->value[sizeof sha2])
    {
    case 1:
      *n = sizeof imprints->sha256;
      return imprints->sha256;
    case 2:
      *n = sizeof imprints->sha384;
      return imprints->sha384;
    case 3:
      *n = sizeof imprints->sha512;
      return imprints->sha512;
    default:
      return NULL;
    }
}

/* TSTInfo ::= SEQUENCE { version, policy, messageImprint { { algorithm, ... }, hash },
 * serialNumber, genTime, ... } */
static gint64
read_info (GBytes *content, const Imprints *imprints, Signature *s)
{
  gsize n, at = 0, in_imprint = 0, in_algorithm = 0, wanted = 0;
  const guint8 *bytes = g_bytes_get_data (content, &n), *hash;
  Ber info, version, policy, imprint, algorithm, oid, digest, serial, when;
  gint64 time = 0;

  if (!ber_read (bytes, n, &info) || info.tag != TAG_SEQUENCE || info.whole != n
      || !ber_take (&info, &at, TAG_INTEGER, &version) || !ber_take (&info, &at, TAG_OID, &policy)
      || !ber_take (&info, &at, TAG_SEQUENCE, &imprint)
      || !ber_take (&imprint, &in_imprint, TAG_SEQUENCE, &algorithm)
      || !ber_take (&algorithm, &in_algorithm, TAG_OID, &oid)
      || !ber_take (&imprint, &in_imprint, TAG_OCTETS, &digest)
      || !ber_take (&info, &at, TAG_INTEGER, &serial) || !ber_take (&info, &at, TAG_TIME, &when)
      || (time = time_of (&when)) == 0)
    {
      signature_say (s, VERDICT_UNSUPPORTED, "the timestamp cannot be read");
      return 0;
    }
  hash = imprint_for (&oid, imprints, &wanted);
  if (hash == NULL)
    signature_say (s, VERDICT_WEAK, "the timestamp uses a hash that is too weak or not known");
  else if (digest.n != wanted || memcmp (digest.value, hash, wanted) != 0)
    signature_say (s, VERDICT_INVALID, "the timestamp is about something else");
  return time;
}

void
verify_timestamp (Verifier *v, GBytes *token, const Imprints *imprints, gint64 proved, gint64 now,
                  Signature *s)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) signature_free);
  g_autofree char *type = NULL;
  Cms *cms = cms_new (token);
  g_autoptr (GBytes) content = cms != NULL ? cms_content (cms, &type) : NULL;
  const CmsCase c = {
    .cms = token, .max_signers = 1, .proved = proved, .now = now, .purpose = PURPOSE_TIMESTAMP
  };
  gint64 time = 0;

  cms_free (cms);
  if (content == NULL || !g_str_equal (type, OID_TST_INFO))
    {
      signature_say (s, VERDICT_UNSUPPORTED, "the timestamp cannot be read");
      return;
    }
  time = read_info (content, imprints, s);
  verify_cms (v, &c, found, NULL);
  Signature *t = found->pdata[0];
  for (guint i = 0; i < t->reasons->len; i++)
    signature_note (s, "timestamp: %s", (char *) t->reasons->pdata[i]);
  s->verdict = MIN (s->verdict, t->verdict);
  Signer signer = s->signer;
  s->signer = t->signer;
  t->signer = signer;
  g_free (s->digest);
  s->digest = g_strdup (t->digest);
  s->signed_at = time;
  s->signed_at_source = time != 0 ? TIME_STAMPED : TIME_NONE;
}
