/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each certificate from the signer's to a trusted root: its time, its strength, and whether it was
 * revoked (RFC 5280), because each counts at a time of its own and is a verdict of its own.  The
 * links between them: chain-path.c.
 */
#include "signature/signature-private.h"

#include <gnutls/abstract.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"

/* --- what is trusted -------------------------------------------------------------------------- */

static gboolean
same_certificate (gconstpointer a, gconstpointer b)
{
  return gnutls_x509_crt_equals ((gnutls_x509_crt_t) a, (gnutls_x509_crt_t) b) != 0;
}

static bool
add_certificates (Trust *t, const char *file, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;
  gnutls_x509_crt_t *list = NULL;
  unsigned n = 0;

  if (!g_file_get_contents (file, &text, &length, error))
    {
      (*error)->domain = QEC_ERROR;
      (*error)->code = QEC_ERROR_CONFIG;
      return false;
    }
  gnutls_datum_t pem = { (unsigned char *) text, (unsigned) length };
  gnutls_x509_crt_fmt_t format =
    strstr (text, "-----BEGIN") != NULL ? GNUTLS_X509_FMT_PEM : GNUTLS_X509_FMT_DER;
  if (gnutls_x509_crt_list_import2 (&list, &n, &pem, format, 0) < 0 || n == 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
                   "%s: there is no certificate in it; PEM is expected", file);
      return false;
    }
  /* One that is listed twice stands here once. */
  for (unsigned i = 0; i < n; i++)
    if (g_ptr_array_find_with_equal_func (t->certificates, list[i], same_certificate, NULL))
      gnutls_x509_crt_deinit (list[i]);
    else
      g_ptr_array_add (t->certificates, list[i]);
  gnutls_free (list);
  return true;
}

static bool
add_crl (Trust *t, const char *file, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;
  gnutls_x509_crl_t crl;

  if (!g_file_get_contents (file, &text, &length, error))
    {
      (*error)->domain = QEC_ERROR;
      (*error)->code = QEC_ERROR_CONFIG;
      return false;
    }
  gnutls_datum_t data = { (unsigned char *) text, (unsigned) length };
  gnutls_x509_crl_init (&crl);
  g_ptr_array_add (t->crls, crl);
  if (gnutls_x509_crl_import (crl, &data, GNUTLS_X509_FMT_PEM) == 0
      || gnutls_x509_crl_import (crl, &data, GNUTLS_X509_FMT_DER) == 0)
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
               "%s: this is no list of revoked certificates (CRL)", file);
  return false;
}

Trust *
trust_new (const char *const *trust, const char *const *crls, GError **error)
{
  Trust *t = g_new0 (Trust, 1);
  bool ok = true;

  t->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) gnutls_x509_crt_deinit);
  t->crls = g_ptr_array_new_with_free_func ((GDestroyNotify) gnutls_x509_crl_deinit);
  t->paths = chain_paths_new ();
  for (; ok && trust != NULL && *trust != NULL; trust++)
    ok = add_certificates (t, *trust, error);
  for (; ok && crls != NULL && *crls != NULL; crls++)
    ok = add_crl (t, *crls, error);
  if (ok)
    return t;
  trust_free (t);
  return NULL;
}

void
trust_free (Trust *t)
{
  if (t == NULL)
    return;
  g_ptr_array_unref (t->certificates);
  g_ptr_array_unref (t->crls);
  g_hash_table_unref (t->paths);
  g_free (t);
}

GPtrArray *
trust_certificates (const Trust *t)
{
  return t->certificates;
}

bool
trust_is_root (const Trust *t, gnutls_x509_crt_t certificate)
{
  return gnutls_x509_crt_check_issuer (certificate, certificate) != 0
         && g_ptr_array_find_with_equal_func (t->certificates, certificate, same_certificate, NULL);
}

/* --- who it is -------------------------------------------------------------------------------- */

static char *
name_part (gnutls_x509_crt_t certificate, const char *oid)
{
  char bytes[1024];
  gsize n = sizeof bytes;

  if (gnutls_x509_crt_get_dn_by_oid (certificate, oid, 0, 0, bytes, &n) != 0)
    return g_strdup ("");
  return signature_text (bytes, n);
}

char *
chain_common_name (gnutls_x509_crt_t certificate)
{
  return name_part (certificate, GNUTLS_OID_X520_COMMON_NAME);
}

static void
add_email (GPtrArray *to, const char *bytes, gsize n)
{
  g_autofree char *text = signature_text (bytes, n);

  if (strchr (text, '@') != NULL && !g_ptr_array_find_with_equal_func (to, text, g_str_equal, NULL))
    g_ptr_array_add (to, g_steal_pointer (&text));
}

static void
read_emails (gnutls_x509_crt_t certificate, GPtrArray *to)
{
  char bytes[1024];

  for (guint i = 0; i < 100; i++)
    {
      gsize n = sizeof bytes;
      int type = gnutls_x509_crt_get_subject_alt_name (certificate, i, bytes, &n, NULL);

      if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        break;
      if (type == GNUTLS_SAN_RFC822NAME)
        add_email (to, bytes, n);
    }
  for (guint i = 0; i < 10; i++)
    {
      gsize n = sizeof bytes;

      if (gnutls_x509_crt_get_dn_by_oid (certificate, GNUTLS_OID_PKCS9_EMAIL, i, 0, bytes, &n) != 0)
        break;
      add_email (to, bytes, n);
    }
}

static char *
hex (const guint8 *bytes, gsize n)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, "%02X", bytes[i]);
  return g_string_free (text, FALSE);
}

void
chain_describe (gnutls_x509_crt_t certificate, Signer *s)
{
  guint8 bytes[256];
  gsize n = sizeof bytes;
  gnutls_datum_t issuer = { NULL, 0 };

  g_free (s->name);
  g_free (s->organization);
  s->name = name_part (certificate, GNUTLS_OID_X520_COMMON_NAME);
  s->organization = name_part (certificate, GNUTLS_OID_X520_ORGANIZATION_NAME);
  read_emails (certificate, s->emails);
  if (gnutls_x509_crt_get_issuer_dn3 (certificate, &issuer, 0) == 0)
    {
      g_free (s->issuer);
      s->issuer = signature_text (issuer.data, issuer.size);
      gnutls_free (issuer.data);
    }
  if (gnutls_x509_crt_get_serial (certificate, bytes, &n) == 0)
    {
      g_free (s->serial);
      s->serial = hex (bytes, n);
    }
  n = sizeof bytes;
  if (gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA256, bytes, &n) == 0)
    {
      g_free (s->fingerprint);
      s->fingerprint = hex (bytes, n);
    }
}

/* --- what it is for --------------------------------------------------------------------------- */

/* Any of these lets a certificate sign documents and mail; one without such extension may sign
 * anything. */
static const char *const signing_purposes[] = {
  "1.3.6.1.5.5.7.3.4",       /* emailProtection */
  "1.3.6.1.5.5.7.3.36",      /* documentSigning, RFC 9336 */
  "1.3.6.1.4.1.311.10.3.12", /* Microsoft's document signing */
  "1.2.840.113583.1.1.5",    /* Adobe's authentic documents */
  "1.3.6.1.5.5.7.3.2",       /* clientAuth: what many cards for signing carry */
  "2.5.29.37.0",             /* any */
};

static void
judge_purpose (gnutls_x509_crt_t leaf, Purpose purpose, Signature *s)
{
  unsigned usage = 0, critical = 0, n = 0;
  bool stated = false, fits = false, stamps = false;
  char oid[128];
  gsize size = sizeof oid;

  if (gnutls_x509_crt_get_key_usage (leaf, &usage, NULL) == 0
      && (usage & (GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_NON_REPUDIATION)) == 0)
    signature_say (s, VERDICT_UNTRUSTED, "the signer's certificate is not made for signing");
  for (; n < 50 && gnutls_x509_crt_get_key_purpose_oid (leaf, n, oid, &size, &critical) == 0;
       n++, size = sizeof oid)
    {
      stated = true;
      stamps |= strcmp (oid, GNUTLS_KP_TIME_STAMPING) == 0;
      for (guint i = 0; i < G_N_ELEMENTS (signing_purposes); i++)
        fits |= strcmp (oid, signing_purposes[i]) == 0;
    }
  /* RFC 3161, 2.3: time stamping, nothing else, and critical. */
  if (purpose == PURPOSE_TIMESTAMP && (!stamps || n != 1 || critical == 0))
    signature_say (s, VERDICT_UNTRUSTED, "the certificate is not one of a time stamping authority");
  else if (purpose == PURPOSE_SIGNING && stated && !fits)
    signature_say (
      s, VERDICT_UNTRUSTED,
      "the signer's certificate is made for something else than signing documents or mail");
}

/* An authority that says what the certificates under it are for (RFC 5280, 4.2.1.12, as
 * authorities use it) vouches for nothing else. */
static void
judge_authority_purpose (gnutls_x509_crt_t authority, const char *what, Signature *s)
{
  unsigned critical = 0, n = 0;
  bool fits = false;
  char oid[128];
  gsize size = sizeof oid;

  for (; n < 50 && gnutls_x509_crt_get_key_purpose_oid (authority, n, oid, &size, &critical) == 0;
       n++, size = sizeof oid)
    {
      fits |= strcmp (oid, GNUTLS_KP_TIME_STAMPING) == 0;
      for (guint i = 0; i < G_N_ELEMENTS (signing_purposes); i++)
        fits |= strcmp (oid, signing_purposes[i]) == 0;
    }
  if (n > 0 && !fits)
    signature_say (s, VERDICT_UNTRUSTED, "%s vouches for something else than signatures", what);
}

/* --- each certificate of the path ------------------------------------------------------------- */

static const char *
algorithm_name (int algorithm)
{
  switch (algorithm)
    {
    case GNUTLS_PK_RSA:
    case GNUTLS_PK_RSA_PSS:
      return "RSA";
    case GNUTLS_PK_DSA:
      return "DSA";
    case GNUTLS_PK_ECDSA:
    case GNUTLS_PK_EDDSA_ED25519:
    case GNUTLS_PK_EDDSA_ED448:
      return "EC";
    default:
      return "unknown";
    }
}

/* The root's own signature says nothing: it is trusted because it is listed. */
static void
judge_strength (gnutls_x509_crt_t certificate, bool is_root, const char *what, gint64 at,
                Signature *s)
{
  unsigned bits = 0;
  int algorithm = gnutls_x509_crt_get_pk_algorithm (certificate, &bits);
  g_autofree char *key = strength_of_key (algorithm_name (algorithm), bits, at);
  gnutls_sign_algorithm_t sign =
    (gnutls_sign_algorithm_t) MAX (gnutls_x509_crt_get_signature_algorithm (certificate), 0);
  gnutls_digest_algorithm_t digest = gnutls_sign_get_hash_algorithm (sign);
  bool own_hash = sign == GNUTLS_SIGN_EDDSA_ED25519 || sign == GNUTLS_SIGN_EDDSA_ED448;
  const char *name = gnutls_digest_get_name (digest);
  g_autofree char *hash =
    is_root || own_hash ? NULL : strength_of_hash (name != NULL ? name : "", at);

  if (key != NULL)
    signature_say (s, VERDICT_WEAK, "%s: %s", what, key);
  if (hash != NULL)
    signature_say (s, VERDICT_WEAK, "%s: %s", what, hash);
}

static void
judge_time (gnutls_x509_crt_t certificate, const char *what, gint64 at, Signature *s)
{
  gint64 from = gnutls_x509_crt_get_activation_time (certificate),
         until = gnutls_x509_crt_get_expiration_time (certificate);
  g_autofree char *when = clock_format (at < from ? from : until);

  if (from == -1 || until == -1)
    signature_say (s, VERDICT_UNSUPPORTED, "%s: its time cannot be read", what);
  else if (at < from)
    signature_say (s, VERDICT_EXPIRED, "%s is not good before %s", what, when);
  else if (at > until)
    signature_say (s, VERDICT_EXPIRED, "%s expired on %s", what, when);
}

static bool
is_list_of (gnutls_x509_crl_t crl, gnutls_x509_crt_t issuer)
{
  const unsigned dated =
    GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED | GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE;
  unsigned status = 0;

  /* A list that is out of date is still its issuer's: whom it names is revoked. */
  return gnutls_x509_crl_check_issuer (crl, issuer)
         && gnutls_x509_crl_verify (crl, &issuer, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status)
              == 0
         && (status == 0
             || ((status & dated) != 0 && (status & ~(dated | GNUTLS_CERT_INVALID)) == 0));
}

/* When CERTIFICATE was revoked by CRL, or 0. */
static gint64
revoked_at (gnutls_x509_crl_t crl, gnutls_x509_crt_t certificate)
{
  guint8 wanted[128], serial[128];
  gsize n_wanted = sizeof wanted;
  gint64 found = 0;

  if (gnutls_x509_crt_get_serial (certificate, wanted, &n_wanted) != 0)
    return 0;
  gnutls_x509_crl_iter_t iterator = NULL;
  time_t at;
  for (gsize n = sizeof serial;
       gnutls_x509_crl_iter_crt_serial (crl, &iterator, serial, &n, &at) == 0; n = sizeof serial)
    if (n == n_wanted && memcmp (serial, wanted, n) == 0)
      found = MAX ((gint64) at, 1);
  gnutls_x509_crl_iter_deinit (iterator);
  return found;
}

static void
judge_revocation (const Trust *t, gnutls_x509_crt_t certificate, gnutls_x509_crt_t issuer,
                  const char *what, gint64 at, gint64 now, Signature *s)
{
  bool covered = false, stale = false;

  for (guint i = 0; i < t->crls->len; i++)
    {
      gnutls_x509_crl_t crl = t->crls->pdata[i];
      gint64 revoked, next;

      if (!is_list_of (crl, issuer))
        continue;
      next = gnutls_x509_crl_get_next_update (crl);
      stale |= next != -1 && next < now;
      covered |= next == -1 || next >= now;
      revoked = revoked_at (crl, certificate);
      g_autofree char *when = clock_format (revoked);
      /* Without a proof of when it was signed, AT is now. */
      if (revoked != 0 && revoked <= at)
        signature_say (s, VERDICT_REVOKED, "%s was revoked on %s", what, when);
      else if (revoked != 0)
        signature_note (s, "%s was revoked on %s, after it was signed", what, when);
    }
  if (t->crls->len > 0 && !covered)
    signature_note (s, "whether %s was revoked could not be checked: %s", what,
                    stale ? "the list of its issuer is out of date"
                          : "there is no list of its issuer");
}

void
chain_judge (const Trust *t, const Chain *chain, Purpose purpose, gint64 at, gint64 now,
             Signature *s)
{
  const gnutls_x509_crt_t *path = chain->path;

  judge_purpose (path[0], purpose, s);
  if (chain->broken != NULL)
    signature_say (s, VERDICT_UNTRUSTED, "%s", chain->broken);
  for (guint i = 0; i < chain->n; i++)
    {
      bool is_root = i + 1 == chain->n && gnutls_x509_crt_check_issuer (path[i], path[i]) != 0;
      g_autofree char *issuer_name = chain_common_name (path[i]);
      g_autofree char *what = i == 0 ? g_strdup ("the signer's certificate")
                                     : g_strdup_printf ("the certificate of \"%s\"", issuer_name);

      if (i > 0 && !is_root)
        judge_authority_purpose (path[i], what, s);
      judge_time (path[i], what, at, s);
      judge_strength (path[i], is_root, what, at, s);
      if (i + 1 < chain->n)
        judge_revocation (t, path[i], path[i + 1], what, at, now, s);
    }
  if (t->crls->len == 0)
    signature_note (s, "revocation was not checked: no list of revoked certificates was given");
}
