/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RSASSA-PSS in CMS (RFC 4056): the one kind of signature whose hash and salt stand in parameters.
 *
 * GnuTLS takes SHA-256 for granted when it reads CMS, gpgsm 2.2 a salt as long as the hash; so the
 * parameters are read here, and GnuTLS checks the signature by them.  They are what RFC 4055 asks
 * for: the mask is made with the hash of the signature, which is the hash of the content.
 */
#include "signature/signature-private.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <string.h>

#include "base/ber.h"

enum {
  INTEGER = 0x02,
  OCTETS = 0x04,
  OID = 0x06,
  SEQUENCE = 0x30,
  SET = 0x31,
  FIRST = 0xa0,
  SECOND = 0xa1,
  THIRD = 0xa2,
  FOURTH = 0xa3
};

enum { DEFAULT_SALT = 20, MAX_SALT = 1024, MAX_HASH = 64 };

static const guint8 pss[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a };
static const guint8 mgf1[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08 };

static bool
is_oid (const Ber *ber, const guint8 *bytes, gsize n)
{
  return ber->n == n && memcmp (ber->value, bytes, n) == 0;
}

/* One of the parameters, [n] { VALUE } with TAG [n]: *THERE tells whether it is, or its default
 * counts.  False: it cannot be read. */
static bool
parameter (const Ber *parameters, gsize *at, guint8 tag, guint8 inner, Ber *value, bool *there)
{
  Ber wrapped;
  gsize in_wrapped = 0;

  *there = ber_take (parameters, at, tag, &wrapped);
  return !*there || (ber_take (&wrapped, &in_wrapped, inner, value) && in_wrapped == wrapped.n);
}

static bool
small_number (const Ber *value, guint *number)
{
  guint n = 0;

  if (value->n == 0 || value->n > 4 || (value->value[0] & 0x80) != 0)
    return false;
  for (gsize i = 0; i < value->n; i++)
    n = n << 8 | value->value[i];
  *number = n;
  return true;
}

/* RSASSA-PSS-params ::= SEQUENCE { [0] hash DEFAULT sha1, [1] mask DEFAULT mgf1SHA1, [2] salt
 * DEFAULT 20, [3] trailer DEFAULT 1 } */
static bool
read_parameters (const Ber *parameters, CmsPss *p)
{
  Ber hash, mask, salt, trailer, oid, mask_hash;
  gsize at = 0, in_mask = 0;
  guint one = 1;
  bool has_hash, has_mask, has_salt, has_trailer;

  if (!parameter (parameters, &at, FIRST, SEQUENCE, &hash, &has_hash)
      || !parameter (parameters, &at, SECOND, SEQUENCE, &mask, &has_mask)
      || !parameter (parameters, &at, THIRD, INTEGER, &salt, &has_salt)
      || !parameter (parameters, &at, FOURTH, INTEGER, &trailer, &has_trailer)
      || at != parameters->n)
    return false;
  if (has_mask
      && (!ber_take (&mask, &in_mask, OID, &oid) || !is_oid (&oid, mgf1, sizeof mgf1)
          || !ber_take (&mask, &in_mask, SEQUENCE, &mask_hash)))
    return false;
  p->hash = has_hash ? cms_digest_of (&hash) : GNUTLS_DIG_SHA1;
  p->mask = has_mask ? cms_digest_of (&mask_hash) : GNUTLS_DIG_SHA1;
  p->salt = DEFAULT_SALT;
  return (!has_salt || small_number (&salt, &p->salt))
         && (!has_trailer || small_number (&trailer, &one)) && one == 1 && p->salt <= MAX_SALT;
}

bool
cms_pss_read (GBytes *cms, guint which, CmsPss *p)
{
  gsize n, at = 0, in_algorithm = 0;
  const guint8 *bytes = g_bytes_get_data (cms, &n);
  Ber type, signer, one, algorithm, oid, parameters;

  memset (p, 0, sizeof *p);
  /* Version, who it is, digest algorithm, [0] attributes, signature algorithm, signature. */
  if (!cms_find_signer (bytes, n, which, &type, &signer) || !ber_next (&signer, &at, &one)
      || !ber_next (&signer, &at, &one) || !ber_take (&signer, &at, SEQUENCE, &one))
    return false;
  p->content_hash = cms_digest_of (&one);
  ber_take (&signer, &at, FIRST, &p->attributes);
  if (!ber_take (&signer, &at, SEQUENCE, &algorithm)
      || !ber_take (&algorithm, &in_algorithm, OID, &oid) || !is_oid (&oid, pss, sizeof pss))
    return false;
  p->read = ber_take (&algorithm, &in_algorithm, SEQUENCE, &parameters)
            && read_parameters (&parameters, p) && ber_take (&signer, &at, OCTETS, &p->signature);
  return true;
}

char *
cms_pss_name (const CmsPss *p)
{
  const char *hash = gnutls_digest_get_name (p->hash), *mask = gnutls_digest_get_name (p->mask);

  if (!p->read)
    return g_strdup ("RSA-PSS with parameters that cannot be read");
  return g_strdup_printf ("RSA-PSS with %s, whose mask is made with %s",
                          hash != NULL ? hash : "a hash that is not known here",
                          mask != NULL ? mask : "a hash that is not known here");
}

/* --- checking --------------------------------------------------------------------------------- */

/* A key may be for RSA-PSS only, and then say with what (RFC 4055, 1.2 and 3.3). */
static bool
key_allows (gnutls_pubkey_t key, const CmsPss *p)
{
  gnutls_x509_spki_t own;
  gnutls_digest_algorithm_t hash = GNUTLS_DIG_UNKNOWN;
  unsigned salt = 0;
  bool allows = true;

  if (gnutls_pubkey_get_pk_algorithm (key, NULL) != GNUTLS_PK_RSA_PSS)
    return true;
  gnutls_x509_spki_init (&own);
  if (gnutls_pubkey_get_spki (key, own, 0) == 0
      && gnutls_x509_spki_get_rsa_pss_params (own, &hash, &salt) == 0)
    allows = hash == GNUTLS_DIG_UNKNOWN || (hash == p->hash && salt <= p->salt);
  gnutls_x509_spki_deinit (own);
  return allows;
}

static int
check_with (gnutls_pubkey_t key, const CmsPss *p, const gnutls_datum_t *what)
{
  gnutls_x509_spki_t spki;
  gnutls_datum_t signature = { (unsigned char *) p->signature.value, (unsigned) p->signature.n };

  gnutls_x509_spki_init (&spki);
  gnutls_x509_spki_set_rsa_pss_params (spki, p->hash, p->salt);
  int e = gnutls_pubkey_set_spki (key, spki, 0);
  gnutls_x509_spki_deinit (spki);
  return e != 0 ? e
                : gnutls_pubkey_verify_data2 (key, gnutls_pk_to_sign (GNUTLS_PK_RSA_PSS, p->hash),
                                              GNUTLS_VERIFY_ALLOW_BROKEN, what, &signature);
}

/* What is signed is the attributes as a SET of their own, in DER (RFC 5652, 5.4). */
static GByteArray *
signed_set (const Ber *attributes)
{
  GByteArray *set = g_byte_array_new ();
  guint8 head[1 + 1 + sizeof (gsize)] = { SET };
  guint octets = 0;

  for (gsize left = attributes->n; attributes->n > 0x7f && left > 0; left >>= 8)
    octets++;
  head[1] = (guint8) (octets > 0 ? 0x80 | octets : attributes->n);
  for (guint i = 0; i < octets; i++)
    head[2 + i] = (guint8) (attributes->n >> 8 * (octets - 1 - i));
  g_byte_array_append (set, head, 2 + octets);
  g_byte_array_append (set, attributes->value, (guint) attributes->n);
  return set;
}

static int
check_attributes (gnutls_x509_crt_t leaf, const CmsPss *p)
{
  g_autoptr (GByteArray) set = signed_set (&p->attributes);
  gnutls_pubkey_t key;
  const gnutls_datum_t what = { set->data, set->len };
  gnutls_pubkey_init (&key);
  int e = gnutls_pubkey_import_x509 (key, leaf, 0);
  if (e == 0)
    e = key_allows (key, p) ? check_with (key, p, &what) : GNUTLS_E_CONSTRAINT_ERROR;
  gnutls_pubkey_deinit (key);
  return e;
}

static bool
fits_content (const CmsPss *p, GBytes *content)
{
  guint8 own[MAX_HASH];
  gsize n = 0;
  const void *bytes = content != NULL ? g_bytes_get_data (content, &n) : NULL;
  Ber digest;

  return cms_attributes_digest (&p->attributes, &digest)
         && gnutls_hash_fast (p->content_hash, bytes, n, own) == 0
         && is_oid (&digest, own, gnutls_hash_get_len (p->content_hash));
}

int
cms_pss_check (const CmsPss *p, gnutls_x509_crt_t leaf, GBytes *content)
{
  if (!p->read || p->hash == GNUTLS_DIG_UNKNOWN || p->mask != p->hash || p->content_hash != p->hash
      || p->attributes.whole == 0
      || gnutls_pk_to_sign (GNUTLS_PK_RSA_PSS, p->hash) == GNUTLS_SIGN_UNKNOWN)
    return GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM;
  return fits_content (p, content) ? check_attributes (leaf, p) : GNUTLS_E_PK_SIG_VERIFY_FAILED;
}
