/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the files of signature/ only.
 */
#pragma once

#include <gnutls/pkcs7.h>
#include <gnutls/x509.h>

#include "base/ber.h"
#include "signature/sealer.h"
#include "signature/signature.h"

/* --- signature.c ------------------------------------------------------------------------------ */

Signature *signature_new (void);
void signature_free (Signature *signature);
/* Lower VERDICT where it is worse, and remember why. */
void signature_say (Signature *s, Verdict verdict, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* A reason that changes nothing. */
void signature_note (Signature *s, const char *format, ...) G_GNUC_PRINTF (2, 3);
void verification_say (Verification *v, Verdict verdict, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
/* The verdict of the whole is the worst of its own and its signatures'. */
void verification_sum_up (Verification *v);
/* Clean one-line text out of bytes from outside. */
char *signature_text (const void *bytes, gsize n);

/* --- key-home.c: a private GNUPGHOME in memory ------------------------------------------------ */

typedef struct KeyHome KeyHome;

/* With TRUST's certificates (gnutls_x509_crt_t) to be trusted.  Nothing is written yet. */
KeyHome *key_home_new (GPtrArray *trust);
/* Ends the agents of the home and removes it. */
void key_home_free (KeyHome *home);
/* Remove the folder DIR with all that is in it. */
void key_home_erase (const char *dir);
/* Make it, with its configuration, unless it is there.  TRANSIENT, CONFIG. */
bool key_home_make (KeyHome *home, GError **error);
const char *key_home_path (const KeyHome *home);
/* OpenPGP keys of these FINGERPRINTS (ends with NULL) speak for who they say they are. */
bool key_home_trust_keys (KeyHome *home, const char *const *fingerprints, GError **error);
/* The certificates in it are the template; later calls of key_home_restore() put them back. */
bool key_home_take_template (KeyHome *home, GError **error);
/* Whatever gpgsm learnt from signatures is forgotten.  False: the home vanished. */
bool key_home_restore (KeyHome *home);
/* The public keys of the GnuPG home FROM are copied into this one, and its secret keys can be used
 * from here; FROM itself is only read. */
bool key_home_seed (KeyHome *home, const char *from, GError **error);
/* Write down anew whom the home trusts. */
bool key_home_trust (KeyHome *home, GError **error);

/* --- watch.c: a process that ends engines of HOME which do not answer ------------------------- */

typedef struct Watch Watch;

/* Where it cannot be made, nobody watches. */
Watch *watch_new (const char *home);
void watch_free (Watch *watch);
/* From now on they have SECONDS (at most 255), then they are killed; 0: they are done. */
void watch_over (Watch *watch, guint seconds);

/* --- covered.c: what a signature is over ------------------------------------------------------ */

/* Nothing in it is owned. */
typedef struct {
  GBytes *bytes;           /* the document where it is in memory, or NULL: */
  int fd;                  /* it is in this file */
  gint64 range[4];         /* two pieces of it: where each begins, and its octets */
} Covered;

Covered covered_all (GBytes *bytes);
gint64 covered_size (const Covered *c);
/* Pour into PIPE, which does not block, what it takes of the octets from *DONE on; all of them
 * where nobody reads there any more.  False: they cannot be read. */
bool covered_pour (const Covered *c, gint64 *done, int pipe);
/* Both pieces, where they are.  False: they cannot be read. */
bool covered_pieces (const Covered *c, GBytes *pieces[2]);
/* All in one piece, or NULL: it cannot be read. */
GBytes *covered_join (const Covered *c);

/* --- gpg.c: GPGME ------------------------------------------------------------------ */

typedef enum {
  GPG_INTACT,        /* the cryptography holds; see ACCEPTED for the rest */
  GPG_BAD,           /* it does not */
  GPG_NO_KEY,
  GPG_CANNOT,        /* an algorithm or structure it does not know */
} GpgState;

typedef struct {
  GpgState state;
  bool accepted;     /* VALID and nothing else, or nothing but past its time */
  bool past_time;    /* key or signature has expired, as gpg sees it today */
  bool revoked;
  char *why;         /* in its words */
  char *fingerprint; /* upper case; "" */
  char *hash;        /* "SHA256" */
  gint64 signed_at;  /* 0 */
} GpgSignature;

typedef struct {
  char *fingerprint; /* of the (sub)key */
  char *primary;     /* of its primary key */
  char *name;        /* of the first identity */
  GPtrArray *emails; /* char * */
  char *algorithm;   /* "RSA" */
  guint bits;
  gint64 expires;    /* 0: never */
  bool revoked;
} GpgKey;

typedef struct Gpg Gpg;

Gpg *gpg_new (KeyHome *home, guint seconds);
void gpg_free (Gpg *gpg);
/* Put what is in BYTES into the home: certificates, or OpenPGP keys.  CONFIG: nothing in it. */
bool gpg_import (Gpg *gpg, bool openpgp, GBytes *bytes, GError **error);
/* GpgKey of every key and subkey in the home that can sign. */
GPtrArray *gpg_keys (Gpg *gpg, GError **error);
void gpg_key_free (GpgKey *key);

/* --- gpg-verify.c ----------------------------------------------------------------------------- */

typedef struct GpgVerifying GpgVerifying;

/* Ask what is to be said of SIGNATURE over DATA (NULL: SIGNATURE holds it), and do not wait for the
 * answer: until it is taken nothing else can be asked of GPG, and DATA stays as it is.  NULL: the
 * engine cannot be run (TRANSIENT). */
GpgVerifying *gpg_verify_begin (Gpg *gpg, bool openpgp, GBytes *signature, const Covered *data,
                                GError **error);
/* The answer, which ends VERIFYING in any case: a GpgSignature for each one found.  An empty list
 * is possible and no success.  *PLAIN, unless NULL, is what SIGNATURE holds.  TRANSIENT: it took
 * too long or the engine failed. */
GPtrArray *gpg_verify_end (GpgVerifying *verifying, GBytes **plain, GError **error);
/* Both at once. */
GPtrArray *gpg_verify (Gpg *gpg, bool openpgp, GBytes *signature, const Covered *data,
                       GBytes **plain, GError **error);
void gpg_signature_free (GpgSignature *signature);

/* --- gpg-seal.c: what needs secret keys, and other people's ----------------------------------- */

void seal_key_free (SealKey *key);
/* All of them.  TRANSIENT. */
GPtrArray *gpg_seal_keys (Gpg *gpg, GError **error);
/* A detached signature by KEY over BYTES; *HASH: "SHA256".  PERMANENT: the key cannot be used (it
 * is locked, say); TRANSIENT. */
GBytes *gpg_sign (Gpg *gpg, const SealKey *key, GBytes *bytes, char **hash, GError **error);
GBytes *gpg_encrypt (Gpg *gpg, const SealKey *key, GBytes *bytes, GError **error);
/* The certificates in the home (gnutls_x509_crt_t). */
GPtrArray *gpg_certificates (Gpg *gpg, GError **error);

/* --- cms.c: what a CMS signed-data structure says (RFC 5652), by GnuTLS ----------------------- */

typedef struct {
  gnutls_pkcs7_t pkcs7;
  guint n_signers;
  bool has_content;        /* it holds what it signs */
  GPtrArray *certificates; /* gnutls_x509_crt_t */
} Cms;

typedef struct {
  gnutls_pkcs7_signature_info_st info;
  gnutls_x509_crt_t certificate;  /* of CMS or of the trusted ones; NULL: not known.  Borrowed */
  bool ambiguous;                 /* two different certificates fit */
  bool has_digest;                /* messageDigest is among the signed attributes */
  gint64 signed_at;               /* 0 */
  GBytes *timestamp;              /* RFC 3161 token over this signature, or NULL */
  bool many_timestamps;
} CmsSigner;

/* NULL: not understood. */
Cms *cms_new (GBytes *bytes);
void cms_free (Cms *cms);
/* OTHERS: more certificates to look among. */
bool cms_signer (const Cms *cms, guint i, const GPtrArray *others, CmsSigner *signer);
void cms_signer_clear (CmsSigner *signer);
/* GnuTLS's own opinion of signer I over DATA (NULL: what it holds): 0,
 * GNUTLS_E_PK_SIG_VERIFY_FAILED or another error. */
int cms_check (const Cms *cms, guint i, const CmsSigner *signer, GBytes *data);
/* The content it holds, or NULL. */
GBytes *cms_content (const Cms *cms, char **type);

/* --- cms-attributes.c ------------------------------------------------------------------------- */

/* Judge the signed attributes of signer WHICH of CMS, whose certificate is LEAF, into S.  Where
 * there are none nothing is said. */
void cms_attributes_judge (GBytes *cms, guint which, gnutls_x509_crt_t leaf, Signature *s);
/* The type of content of the CMS in BYTES, and its signer WHICH. */
bool cms_find_signer (const guint8 *bytes, gsize n, guint which, Ber *type, Ber *signer);
/* The messageDigest among signed ATTRIBUTES. */
bool cms_attributes_digest (const Ber *attributes, Ber *digest);
/* The hash of the content that signer WHICH signed; UNKNOWN: it is not MD5, SHA-1 or SHA-2. */
gnutls_digest_algorithm_t cms_content_digest (GBytes *cms, guint which);
/* The hash that an AlgorithmIdentifier names. */
gnutls_digest_algorithm_t cms_digest_of (const Ber *algorithm);

/* --- cms-pss.c -------------------------------------------------------------------------------- */

/* How a signature by RSASSA-PSS was made.  Borrows the bytes of the CMS. */
typedef struct {
  bool read;                                /* its parameters can be read */
  gnutls_digest_algorithm_t hash, mask, content_hash;
  guint salt;
  Ber attributes, signature;                /* attributes.whole 0: none are signed */
} CmsPss;

/* Whether signer WHICH of CMS signed by RSASSA-PSS. */
bool cms_pss_read (GBytes *cms, guint which, CmsPss *pss);
/* In words.  g_free(). */
char *cms_pss_name (const CmsPss *pss);
/* 0: LEAF signed CONTENT; GNUTLS_E_PK_SIG_VERIFY_FAILED: it did not; or another error: that cannot
 * be told. */
int cms_pss_check (const CmsPss *pss, gnutls_x509_crt_t leaf, GBytes *content);

/* --- strength.c ------------------------------------------------------------------------------- */

/* NULL: hash, algorithm and key were strong enough at time AT.  Otherwise which was not. */
char *strength_of_hash (const char *hash, gint64 at);
char *strength_of_key (const char *algorithm, guint bits, gint64 at);

/* --- chain.c, chain-path.c, chain-check.c: from a certificate to a root, at a time ----------- */

typedef struct {
  GPtrArray *certificates; /* gnutls_x509_crt_t; those that vouch for themselves are roots */
  GPtrArray *crls;         /* gnutls_x509_crl_t */
  GHashTable *paths;       /* what chain_build() found before */
} Trust;

/* CONFIG: a file cannot be read. */
Trust *trust_new (const char *const *trust, const char *const *crls, GError **error);
void trust_free (Trust *trust);
GPtrArray *trust_certificates (const Trust *trust);
bool trust_is_root (const Trust *trust, gnutls_x509_crt_t certificate);

typedef enum { PURPOSE_SIGNING, PURPOSE_TIMESTAMP } Purpose;

enum { CHAIN_MAX = 10 };

/* The way from a certificate up, and what does not hold at any time. */
typedef struct {
  gnutls_x509_crt_t path[CHAIN_MAX];      /* borrowed; the signer's first */
  guint n;
  char *broken;                           /* why no chain leads to a trusted root, or NULL */
} Chain;

GHashTable *chain_paths_new (void);
/* POOL: certificates that came with LEAF. */
void chain_build (const Trust *trust, gnutls_x509_crt_t leaf, const GPtrArray *pool, Chain *chain);
void chain_clear (Chain *chain);
/* Whether ISSUER's key fits the signature of CERTIFICATE; nothing else is looked at. */
bool chain_has_signed (gnutls_x509_crt_t issuer, gnutls_x509_crt_t certificate);
/* Why the N certificates of PATH, from a signer's to a root, do not hold (RFC 5280, 6.1), or NULL;
 * time is not looked at. */
char *chain_check (const gnutls_x509_crt_t *path, guint n);
/* Judge CHAIN: where it leads, usage, strength, time AT, revocation, into S.  AT is when the
 * signature certainly existed; NOW is today. */
void chain_judge (const Trust *trust, const Chain *chain, Purpose purpose, gint64 at, gint64 now,
                  Signature *s);
void chain_describe (gnutls_x509_crt_t certificate, Signer *signer);
char *chain_common_name (gnutls_x509_crt_t certificate);

/* --- the verifier's parts --------------------------------------------------------------------- */

struct Verifier {
  char **keys;             /* files of OpenPGP keys */
  guint seconds;
  Trust *trust;
  KeyHome *home;
  Gpg *gpg;
  GPtrArray *key_list;     /* GpgKey, or NULL */
};

/* verifier.c: home and engine are there and hold what they should. */
bool verifier_ready (Verifier *v, GError **error);

/* What kind of CMS is looked at. */
typedef struct {
  GBytes *cms;
  const Covered *data;     /* what was signed, or NULL: it is inside */
  guint max_signers;
  bool same_signer;        /* several are allowed only by one certificate */
  gint64 proved;           /* when it existed for sure, or 0 */
  gint64 now;
  Purpose purpose;
  bool own_time;           /* when it was signed is what its signer says, though it is stamped:
                            * anybody can have a signature of others stamped */
} CmsCase;

/* verify-cms.c: one Signature for each signer into TO, at least one.
 * *PLAIN (or NULL): the content, when it was inside. */
void verify_cms (Verifier *v, const CmsCase *c, GPtrArray *to, GBytes **plain);

/* verify-openpgp.c: one Signature for each one found, at least one, into TO.  DATA as of CmsCase;
 * *PLAIN (or NULL) as of verify_cms(). */
void verify_openpgp (Verifier *v, GBytes *signature, const Covered *data, gint64 now,
                     GPtrArray *to, GBytes **plain);

/* verify-timestamp.c: TOKEN (RFC 3161) says that something with this IMPRINT existed.  The time
 * goes into s->signed_at when S ends as valid. */
typedef struct {
  guint8 sha256[32], sha384[48], sha512[64];
} Imprints;
/* False: it cannot be read. */
bool imprints_of_covered (const Covered *c, Imprints *imprints);
void imprints_of_bytes (const void *bytes, gsize n, Imprints *imprints);
void verify_timestamp (Verifier *v, GBytes *token, const Imprints *imprints, gint64 proved,
                       gint64 now, Signature *s);
