/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verdict on one CMS signed-data: for each signer integrity, time, strength and chain.
 *
 * GPGME says whether the cryptography holds.  Where it has no opinion (algorithms and encodings
 * gpgsm does not know) GnuTLS is asked; where both have one they must agree.
 */
#include "signature/signature-private.h"

#include <string.h>

enum { BITS_OF_P521 = 521 /* or as octets */ };

/* What the CMS says about a signer, and who vouches for it: all that needs no engine. */
typedef struct {
  bool read;
  CmsSigner signer;
  Chain chain; /* where there is a certificate */
} Known;

typedef struct {
  Verifier *v;
  const CmsCase *c;
  const Cms *cms;
  const GPtrArray *opinions; /* GpgSignature */
} Pass;

/* What gpgsm said about CERTIFICATE's signatures, the worst of several, or NULL. */
static const GpgSignature *
opinion_on (const Pass *p, gnutls_x509_crt_t certificate)
{
  guint8 sha1[20];
  gsize n = sizeof sha1;
  char text[41];
  const GpgSignature *worst = NULL;

  if (gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA1, sha1, &n) != 0
      || n != sizeof sha1)
    return NULL;
  for (guint i = 0; i < n; i++)
    g_snprintf (text + 2 * i, 3, "%02X", sha1[i]);
  for (guint i = 0; i < p->opinions->len; i++)
    {
      const GpgSignature *g = p->opinions->pdata[i];

      if (g_str_equal (g->fingerprint, text)
          && (worst == NULL || g->state == GPG_BAD
              || (worst->state == GPG_INTACT && g->state != GPG_INTACT)))
        worst = g;
    }
  return worst;
}

/* --- integrity -------------------------------------------------------------------------------- */

static bool
is_eddsa (const CmsSigner *signer)
{
  gnutls_pk_algorithm_t algorithm = gnutls_sign_get_pk_algorithm (signer->info.algo);

  return algorithm == GNUTLS_PK_EDDSA_ED25519 || algorithm == GNUTLS_PK_EDDSA_ED448;
}

/* gpgsm 2.2.40 hashes for EdDSA what is not to be hashed, does not know where the digest of SHA-3
 * goes, and trips over the length of a number of P-521; and then calls good signatures bad. RSA-PSS
 * it knows with the usual salt only (cms-pss.c). */
static bool
is_beyond_gpgsm (const CmsSigner *signer)
{
  unsigned bits = 0;
  int key = gnutls_x509_crt_get_pk_algorithm (signer->certificate, &bits);
  const char *hash = gnutls_digest_get_name (gnutls_sign_get_hash_algorithm (signer->info.algo));

  return is_eddsa (signer) || (key == GNUTLS_PK_ECDSA && bits >= BITS_OF_P521)
         || (hash != NULL && g_str_has_prefix (hash, "SHA3-"));
}

/* The algorithm in words, where nobody can check it. */
static char *
algorithm_name (const CmsSigner *signer)
{
  const char *name = gnutls_sign_get_name (signer->info.algo);

  return g_strdup (name != NULL ? name : "an algorithm that is not known here");
}

/* GnuTLS hashes for EdDSA what it should not, either, so it is not believed when it calls one
 * bad. */
static void
ask_gnutls (const Pass *p, guint i, const CmsSigner *signer, const char *why, Signature *s)
{
  g_autoptr (GBytes) data = p->c->data != NULL ? covered_join (p->c->data) : NULL;
  g_autofree char *name = algorithm_name (signer);
  int e =
    p->c->data != NULL && data == NULL ? GNUTLS_E_FILE_ERROR : cms_check (p->cms, i, signer, data);

  if (e == GNUTLS_E_PK_SIG_VERIFY_FAILED && !is_eddsa (signer))
    signature_say (s, VERDICT_INVALID, "the signature does not fit what it is over");
  else if (e != 0)
    signature_say (s, VERDICT_UNSUPPORTED,
                   "the signature cannot be checked: it is made by %s; %s; %s", name, why,
                   gnutls_strerror (e));
}

static void
judge_pss (const Pass *p, const CmsPss *pss, const CmsSigner *signer, Signature *s)
{
  g_autofree char *type = NULL, *name = cms_pss_name (pss);
  g_autoptr (GBytes) data =
    p->c->data != NULL ? covered_join (p->c->data) : cms_content (p->cms, &type);
  int e = data == NULL ? GNUTLS_E_FILE_ERROR : cms_pss_check (pss, signer->certificate, data);

  if (e == GNUTLS_E_PK_SIG_VERIFY_FAILED)
    signature_say (s, VERDICT_INVALID, "the signature does not fit what it is over");
  else if (e != 0)
    signature_say (s, VERDICT_UNSUPPORTED, "the signature cannot be checked: it is made by %s; %s",
                   name, gnutls_strerror (e));
}

static void
judge_integrity (const Pass *p, guint i, const CmsSigner *signer, const GpgSignature *opinion,
                 Signature *s)
{
  CmsPss pss;

  if (cms_pss_read (p->c->cms, i, &pss))
    judge_pss (p, &pss, signer, s);
  else if (opinion == NULL)
    ask_gnutls (p, i, signer, "gpgsm says nothing about it", s);
  else if (is_beyond_gpgsm (signer))
    ask_gnutls (p, i, signer, opinion->why, s);
  else if (opinion->state == GPG_BAD)
    signature_say (s, VERDICT_INVALID, "the signature does not fit what it is over");
  else if (opinion->state != GPG_INTACT)
    ask_gnutls (p, i, signer, opinion->why, s);
}

/* --- when ------------------------------------------------------------------------------------- */

/* A timestamp over the signature itself (RFC 3161, appendix A).  When it existed for sure, or
 * AT. */
static gint64
judge_timestamp (const Pass *p, const CmsSigner *signer, gint64 at, Signature *s)
{
  Signature *t;
  Imprints imprints;

  if (signer->timestamp == NULL || p->c->purpose == PURPOSE_TIMESTAMP)
    return at;
  if (signer->many_timestamps)
    {
      signature_note (s, "it has several timestamps; they are not looked at");
      return at;
    }
  t = signature_new ();
  imprints_of_bytes (signer->info.sig.data, signer->info.sig.size, &imprints);
  verify_timestamp (p->v, signer->timestamp, &imprints, p->c->proved, p->c->now, t);
  for (guint i = 0; i < t->reasons->len; i++)
    signature_note (s, "%s", (char *) t->reasons->pdata[i]);
  if (t->verdict == VERDICT_VALID)
    {
      at = MIN (at, t->signed_at);
      if (!p->c->own_time)
        {
          s->signed_at = t->signed_at;
          s->signed_at_source = TIME_STAMPED;
        }
    }
  else if (t->verdict == VERDICT_INVALID)
    signature_say (s, VERDICT_INVALID, "its timestamp does not hold");
  else
    signature_note (s, "its timestamp proves nothing here: %s", verdict_name (t->verdict));
  signature_free (t);
  return at;
}

/* --- one signer ------------------------------------------------------------------------------- */

/* What is signed may be a strong hash of a weak one. */
static void
judge_content_digest (const Pass *p, guint i, gint64 at, Signature *s)
{
  const char *name = gnutls_digest_get_name (cms_content_digest (p->c->cms, i));
  g_autofree char *weak = name != NULL ? strength_of_hash (name, at) : NULL;

  if (weak != NULL && s->verdict > VERDICT_WEAK)
    signature_say (s, VERDICT_WEAK, "of the content: %s", weak);
}

static void
judge_algorithm (const Pass *p, guint i, const CmsSigner *signer, gint64 at, Signature *s)
{
  CmsPss pss;
  gnutls_digest_algorithm_t digest = cms_pss_read (p->c->cms, i, &pss)
                                       ? pss.hash
                                       : gnutls_sign_get_hash_algorithm (signer->info.algo);
  const char *name = gnutls_digest_get_name (digest);

  if (digest == GNUTLS_DIG_UNKNOWN || name == NULL)
    {
      signature_say (s, VERDICT_UNSUPPORTED, "it uses an algorithm that is not known here");
      return;
    }
  g_free (s->digest);
  s->digest =
    g_str_has_prefix (name, "SHA") && name[3] >= '1' && name[3] <= '9' && strchr (name, '-') == NULL
      ? g_strdup_printf ("SHA-%s", name + 3)
      : g_strdup (name);
  g_autofree char *weak = strength_of_hash (s->digest, at);
  if (weak != NULL)
    signature_say (s, VERDICT_WEAK, "%s", weak);
  judge_content_digest (p, i, at, s);
}

static void
judge_certified (const Pass *p, guint i, const Known *known, Signature *s)
{
  const CmsSigner *signer = &known->signer;
  const GpgSignature *opinion = opinion_on (p, signer->certificate);
  gint64 at = p->c->proved > 0 ? p->c->proved : p->c->now;

  chain_describe (signer->certificate, &s->signer);
  judge_integrity (p, i, signer, opinion, s);
  cms_attributes_judge (p->c->cms, i, signer->certificate, s);
  at = judge_timestamp (p, signer, at, s);
  judge_algorithm (p, i, signer, at, s);
  chain_judge (p->v->trust, &known->chain, p->c->purpose, at, p->c->now, s);
}

static void
judge_signer (const Pass *p, guint i, const Known *known, Signature *s)
{
  const CmsSigner *signer = &known->signer;

  if (!known->read)
    {
      signature_say (s, VERDICT_UNSUPPORTED, "what it says about its signer cannot be read");
      return;
    }
  s->signed_at = signer->signed_at;
  s->signed_at_source = signer->signed_at != 0 ? TIME_CMS : TIME_NONE;
  if (signer->ambiguous)
    signature_say (s, VERDICT_INVALID,
                   "two certificates with the same issuer and serial number are in it");
  if (!signer->has_digest)
    signature_say (s, VERDICT_UNSUPPORTED, "it has no signed attributes");
  if (signer->certificate == NULL)
    signature_say (s, VERDICT_UNSUPPORTED,
                   "the signer's certificate is not in it and not known here");
  else
    judge_certified (p, i, known, s);
}

static void
get_to_know (const Verifier *v, const Cms *cms, guint i, Known *known)
{
  known->read = cms_signer (cms, i, trust_certificates (v->trust), &known->signer);
  if (known->read && known->signer.certificate != NULL)
    chain_build (v->trust, known->signer.certificate, cms->certificates, &known->chain);
}

static void
forget (Known *known)
{
  cms_signer_clear (&known->signer);
  chain_clear (&known->chain);
}

/* --- all of them ------------------------------------------------------------------------------ */

static Signature *
add (GPtrArray *to)
{
  Signature *s = signature_new ();

  g_ptr_array_add (to, s);
  return s;
}

/* Several signatures by one certificate say what one says; by several, that they do not belong
 * here. */
static void
judge_count (const CmsCase *c, GPtrArray *to, guint first)
{
  for (guint i = first; i < to->len; i++)
    {
      Signature *s = to->pdata[i];

      if (to->len - first > c->max_signers)
        signature_say (s, VERDICT_INVALID, "it has %u signers, which is more than there can be",
                       to->len - first);
      else if (c->same_signer
               && !g_str_equal (s->signer.fingerprint,
                                ((Signature *) to->pdata[first])->signer.fingerprint))
        signature_say (s, VERDICT_INVALID, "it has several signers where there can be one");
    }
}

/* The engine hashes what is signed, meanwhile the certificates are looked through. */
static GPtrArray *
ask_and_look (Verifier *v, const CmsCase *c, const Cms *cms, Known *known, GBytes **plain,
              GError **error)
{
  GpgVerifying *asked = gpg_verify_begin (v->gpg, false, c->cms, c->data, error);

  if (asked == NULL)
    return NULL;
  for (guint i = 0; i < cms->n_signers; i++)
    get_to_know (v, cms, i, &known[i]);
  return gpg_verify_end (asked, plain, error);
}

static void
judge_all (Verifier *v, const CmsCase *c, const Cms *cms, GPtrArray *to, GBytes **plain)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) opinions = NULL;
  g_autofree Known *known = g_new0 (Known, cms->n_signers);
  guint first = to->len;

  if (!key_home_restore (v->home))
    signature_say (add (to), VERDICT_ERROR, "the key home vanished");
  else if ((opinions = ask_and_look (v, c, cms, known, plain, &error)) == NULL)
    signature_say (add (to), VERDICT_ERROR, "%s", error->message);
  else if (opinions->len > cms->n_signers)
    signature_say (add (to), VERDICT_INVALID, "gpgsm finds more signers in it than there are");
  else
    {
      const Pass p = { v, c, cms, opinions };

      for (guint i = 0; i < cms->n_signers; i++)
        judge_signer (&p, i, &known[i], add (to));
      judge_count (c, to, first);
    }
  for (guint i = 0; i < cms->n_signers; i++)
    forget (&known[i]);
}

void
verify_cms (Verifier *v, const CmsCase *c, GPtrArray *to, GBytes **plain)
{
  g_autoptr (GError) error = NULL;
  Cms *cms = cms_new (c->cms);

  if (cms == NULL)
    signature_say (add (to), VERDICT_UNSUPPORTED, "it is no signed data that is understood");
  else if (cms->n_signers == 0)
    signature_say (add (to), VERDICT_INVALID, "nobody signed it: it has no signer");
  else if (c->data != NULL && cms->has_content)
    signature_say (add (to), VERDICT_INVALID,
                   "it brings its own content instead of the one it lies over");
  else if (c->data == NULL && !cms->has_content)
    signature_say (add (to), VERDICT_INVALID, "it has no content");
  else if (!verifier_ready (v, &error))
    signature_say (add (to), VERDICT_ERROR, "%s", error->message);
  else
    judge_all (v, c, cms, to, plain);
  cms_free (cms);
}
