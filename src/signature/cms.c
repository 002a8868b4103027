/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a CMS signed-data structure says about itself: signers, their certificates, attributes, and
 * a timestamp on top.
 */
#include "signature/signature-private.h"

#include <gnutls/abstract.h>
#include <string.h>

#include "base/ber.h"

#define MAX_CERTIFICATES 50
#define MAX_SIGNERS 16
#define OID_MESSAGE_DIGEST "1.2.840.113549.1.9.4"
#define OID_TIMESTAMP_TOKEN "1.2.840.113549.1.9.16.2.14"

static void
certificate_free (gpointer certificate)
{
  gnutls_x509_crt_deinit (certificate);
}

static void
read_certificates (Cms *cms)
{
  int n = gnutls_pkcs7_get_crt_count (cms->pkcs7);

  for (int i = 0; i < n && i < MAX_CERTIFICATES; i++)
    {
      gnutls_datum_t der = { NULL, 0 };
      gnutls_x509_crt_t certificate;

      if (gnutls_pkcs7_get_crt_raw2 (cms->pkcs7, (unsigned) i, &der) != 0)
        continue;
      gnutls_x509_crt_init (&certificate);
      if (gnutls_x509_crt_import (certificate, &der, GNUTLS_X509_FMT_DER) == 0)
        g_ptr_array_add (cms->certificates, certificate);
      else
        gnutls_x509_crt_deinit (certificate);
      gnutls_free (der.data);
    }
}

/* ContentInfo { type, [0] SignedData { version, digestAlgorithms, { contentType, [0] content
 * OPTIONAL }, ... } }.  GnuTLS does not tell an empty content from none. */
static bool
holds_content (const guint8 *bytes, gsize n)
{
  enum { INTEGER = 0x02, OID = 0x06, SEQUENCE = 0x30, SET = 0x31, FIRST = 0xa0 };
  Ber info, type, wrapped, data, version, digests, content, inner;
  gsize in_info = 0, in_wrapped = 0, in_data = 0, in_content = 0;

  return ber_read (bytes, n, &info) && ber_take (&info, &in_info, OID, &type)
         && ber_take (&info, &in_info, FIRST, &wrapped)
         && ber_take (&wrapped, &in_wrapped, SEQUENCE, &data)
         && ber_take (&data, &in_data, INTEGER, &version)
         && ber_take (&data, &in_data, SET, &digests)
         && ber_take (&data, &in_data, SEQUENCE, &content)
         && ber_take (&content, &in_content, OID, &type)
         && ber_take (&content, &in_content, FIRST, &inner);
}

Cms *
cms_new (GBytes *bytes)
{
  gsize n;
  gnutls_datum_t der = { (unsigned char *) g_bytes_get_data (bytes, &n), 0 };
  Cms *cms = g_new0 (Cms, 1);
  int signers = 0;

  der.size = (unsigned) n;
  cms->certificates = g_ptr_array_new_with_free_func (certificate_free);
  gnutls_pkcs7_init (&cms->pkcs7);
  if (gnutls_pkcs7_import (cms->pkcs7, &der, GNUTLS_X509_FMT_DER) == 0)
    signers = gnutls_pkcs7_get_signature_count (cms->pkcs7);
  else
    signers = -1;
  if (signers < 0 || signers > MAX_SIGNERS)
    {
      cms_free (cms);
      return NULL;
    }
  cms->n_signers = (guint) signers;
  cms->has_content = holds_content (der.data, n);
  read_certificates (cms);
  return cms;
}

void
cms_free (Cms *cms)
{
  if (cms == NULL)
    return;
  gnutls_pkcs7_deinit (cms->pkcs7);
  g_ptr_array_unref (cms->certificates);
  g_free (cms);
}

GBytes *
cms_content (const Cms *cms, char **type)
{
  gnutls_datum_t content = { NULL, 0 };
  const char *oid = gnutls_pkcs7_get_embedded_data_oid (cms->pkcs7);
  GBytes *copy;

  *type = g_strdup (oid != NULL ? oid : "");
  if (gnutls_pkcs7_get_embedded_data (cms->pkcs7, 0, &content) != 0)
    return NULL;
  copy = g_bytes_new (content.data, content.size);
  gnutls_free (content.data);
  return copy;
}

/* --- signers ---------------------------------------------------------------------------------- */

static bool
equal_datum (const gnutls_datum_t *a, const void *bytes, gsize n)
{
  return a->size == n && n > 0 && memcmp (a->data, bytes, n) == 0;
}

/* Serial numbers with or without a leading zero octet are the same number. */
static bool
equal_serial (const gnutls_datum_t *a, const guint8 *b, gsize n)
{
  const guint8 *x = a->data;
  gsize m = a->size;

  for (; m > 1 && x[0] == 0; m--)
    x++;
  for (; n > 1 && b[0] == 0; n--)
    b++;
  return n > 0 && m == n && memcmp (x, b, n) == 0;
}

static bool
is_named_by (gnutls_x509_crt_t certificate, const gnutls_pkcs7_signature_info_st *info)
{
  gnutls_datum_t issuer = { NULL, 0 };
  guint8 bytes[256];
  gsize n = sizeof bytes;

  if (info->issuer_keyid.size > 0)
    return gnutls_x509_crt_get_subject_key_id (certificate, bytes, &n, NULL) == 0
           && equal_datum (&info->issuer_keyid, bytes, n);
  if (gnutls_x509_crt_get_raw_issuer_dn (certificate, &issuer) != 0)
    return false;
  bool fits = equal_datum (&info->issuer_dn, issuer.data, issuer.size)
              && gnutls_x509_crt_get_serial (certificate, bytes, &n) == 0
              && equal_serial (&info->signer_serial, bytes, n);
  gnutls_free (issuer.data);
  return fits;
}

static void
find_certificate (const GPtrArray *among, CmsSigner *s)
{
  for (guint i = 0; among != NULL && i < among->len; i++)
    {
      gnutls_x509_crt_t one = among->pdata[i];

      if (!is_named_by (one, &s->info))
        continue;
      if (s->certificate != NULL && !gnutls_x509_crt_equals (s->certificate, one))
        s->ambiguous = true;
      else
        s->certificate = one;
    }
}

static void
read_attributes (CmsSigner *s)
{
  gnutls_datum_t value = { NULL, 0 };
  char *oid;

  for (guint i = 0; gnutls_pkcs7_get_attr (s->info.signed_attrs, i, &oid, &value, 0) >= 0; i++)
    {
      s->has_digest |= strcmp (oid, OID_MESSAGE_DIGEST) == 0;
      gnutls_free (value.data);
    }
  for (guint i = 0; gnutls_pkcs7_get_attr (s->info.unsigned_attrs, i, &oid, &value, 0) >= 0; i++)
    {
      if (strcmp (oid, OID_TIMESTAMP_TOKEN) == 0)
        {
          s->many_timestamps = s->timestamp != NULL;
          g_clear_pointer (&s->timestamp, g_bytes_unref);
          s->timestamp = g_bytes_new (value.data, value.size);
        }
      gnutls_free (value.data);
    }
}

bool
cms_signer (const Cms *cms, guint i, const GPtrArray *others, CmsSigner *s)
{
  memset (s, 0, sizeof *s);
  if (gnutls_pkcs7_get_signature_info (cms->pkcs7, i, &s->info) != 0)
    return false;
  find_certificate (cms->certificates, s);
  if (s->certificate == NULL)
    find_certificate (others, s);
  read_attributes (s);
  s->signed_at = s->info.signing_time == (time_t) -1 ? 0 : (gint64) s->info.signing_time;
  return true;
}

void
cms_signer_clear (CmsSigner *s)
{
  gnutls_pkcs7_signature_info_deinit (&s->info);
  g_clear_pointer (&s->timestamp, g_bytes_unref);
}

int
cms_check (const Cms *cms, guint i, const CmsSigner *signer, GBytes *data)
{
  gsize n = 0;
  gnutls_datum_t content = { data != NULL ? (unsigned char *) g_bytes_get_data (data, &n) : NULL,
                             0 };

  content.size = (unsigned) n;
  /* How strong and how old it is, is asked elsewhere; the time is looked at only when the signature
   * was found good. */
  int e =
    gnutls_pkcs7_verify_direct (cms->pkcs7, signer->certificate, i, data != NULL ? &content : NULL,
                                GNUTLS_VERIFY_ALLOW_BROKEN | GNUTLS_VERIFY_DISABLE_TIME_CHECKS);
  return e == GNUTLS_E_EXPIRED ? 0 : e;
}
