/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way from a certificate to a trusted root (RFC 5280, 6).
 *
 * GnuTLS checks the signatures, the constraints and the extensions of the path, and no time.  So
 * what was found for the same certificates among the same trusted ones holds for ever, and is
 * remembered: people sign again and again.
 */
#include "signature/signature-private.h"

#include "base/digest.h"

/* More than these are forgotten. */
#define MAX_REMEMBERED 256

/* The path in terms that outlive the certificates which came along. */
typedef struct {
  guint n;
  struct {
    gnutls_x509_crt_t trusted; /* or NULL: */
    guint in_pool;
  } after[CHAIN_MAX - 1]; /* the leaf */
  char *broken;
} Path;

static void
path_free (gpointer data)
{
  Path *path = data;

  g_free (path->broken);
  g_free (path);
}

GHashTable *
chain_paths_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, path_free);
}

/* --- looking for it --------------------------------------------------------------------------- */

static gnutls_x509_crt_t
issuer_among (gnutls_x509_crt_t certificate, const GPtrArray *among)
{
  for (guint i = 0; among != NULL && i < among->len; i++)
    {
      unsigned output = 0;
      gnutls_x509_crt_t one = among->pdata[i];

      if (one != certificate && gnutls_x509_crt_check_issuer (certificate, one)
          && gnutls_x509_crt_verify (certificate, &one, 1,
                                     GNUTLS_VERIFY_ALLOW_BROKEN | GNUTLS_VERIFY_DISABLE_TIME_CHECKS
                                       | GNUTLS_VERIFY_DO_NOT_ALLOW_SAME,
                                     &output)
               == 0
          && (output & GNUTLS_CERT_INVALID) == 0)
        return one;
    }
  return NULL;
}

/* What came along in any order is put in order; certificates that lead nowhere are left out. */
static void
build_path (const Trust *t, gnutls_x509_crt_t leaf, const GPtrArray *pool, Chain *chain)
{
  gnutls_x509_crt_t *path = chain->path;
  guint n = 0;

  path[n++] = leaf;
  while (n < CHAIN_MAX && !gnutls_x509_crt_check_issuer (path[n - 1], path[n - 1]))
    {
      gnutls_x509_crt_t next = issuer_among (path[n - 1], t->certificates);

      next = next != NULL ? next : issuer_among (path[n - 1], pool);
      if (next == NULL)
        break;
      path[n++] = next;
    }
  chain->n = n;
}

static char *
why_broken (const Trust *t, Chain *chain)
{
  unsigned status = 0;
  int e = gnutls_x509_trust_list_verify_crt (t->list, chain->path, chain->n,
                                             GNUTLS_VERIFY_ALLOW_BROKEN
                                               | GNUTLS_VERIFY_DISABLE_TIME_CHECKS
                                               | GNUTLS_VERIFY_DISABLE_CRL_CHECKS,
                                             &status, NULL);
  gnutls_datum_t words = { NULL, 0 };
  char *why;

  if (e == 0 && status == 0)
    return NULL;
  if (t->certificates->len == 0)
    return g_strdup ("no root certificate is trusted here, so nobody vouches for the signer");
  if (e != 0)
    return g_strdup_printf ("the chain of certificates cannot be checked: %s", gnutls_strerror (e));
  if (gnutls_certificate_verification_status_print (status, GNUTLS_CRT_X509, &words, 0) != 0)
    return g_strdup ("no chain leads to a trusted root");
  why = g_strdup_printf ("no chain leads to a trusted root: %s", g_strstrip ((char *) words.data));
  gnutls_free (words.data);
  return why;
}

/* --- remembering it --------------------------------------------------------------------------- */

static bool
add_to_sum (Digest *sum, gnutls_x509_crt_t certificate)
{
  gnutls_datum_t der = { NULL, 0 };

  if (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_DER, &der) != 0)
    return false;
  digest_add (sum, &der.size, sizeof der.size);
  digest_add (sum, der.data, der.size);
  gnutls_free (der.data);
  return true;
}

/* All that the path depends on, but for who is trusted. */
static bool
sum_up (gnutls_x509_crt_t leaf, const GPtrArray *pool, char sha256[65])
{
  Digest sum;
  bool ok;

  digest_begin (&sum);
  ok = add_to_sum (&sum, leaf);
  for (guint i = 0; i < pool->len; i++)
    ok = add_to_sum (&sum, pool->pdata[i]) && ok;
  digest_end (&sum, sha256);
  return ok;
}

static void
remember (const Trust *t, const char *sha256, const GPtrArray *pool, const Chain *chain)
{
  Path *path = g_new0 (Path, 1);

  path->n = chain->n;
  path->broken = g_strdup (chain->broken);
  for (guint i = 1; i < chain->n; i++)
    if (!g_ptr_array_find ((GPtrArray *) pool, chain->path[i], &path->after[i - 1].in_pool))
      path->after[i - 1].trusted = chain->path[i];
  if (g_hash_table_size (t->paths) >= MAX_REMEMBERED)
    g_hash_table_remove_all (t->paths);
  g_hash_table_replace (t->paths, g_strdup (sha256), path);
}

static bool
recall (const Trust *t, const char *sha256, gnutls_x509_crt_t leaf, const GPtrArray *pool,
        Chain *chain)
{
  const Path *path = g_hash_table_lookup (t->paths, sha256);

  if (path == NULL)
    return false;
  chain->n = path->n;
  chain->path[0] = leaf;
  for (guint i = 1; i < path->n; i++)
    chain->path[i] = path->after[i - 1].trusted != NULL ? path->after[i - 1].trusted
                                                        : pool->pdata[path->after[i - 1].in_pool];
  chain->broken = g_strdup (path->broken);
  return true;
}

void
chain_build (const Trust *t, gnutls_x509_crt_t leaf, const GPtrArray *pool, Chain *chain)
{
  char sha256[65];
  bool known = sum_up (leaf, pool, sha256);

  if (known && recall (t, sha256, leaf, pool, chain))
    return;
  build_path (t, leaf, pool, chain);
  chain->broken = why_broken (t, chain);
  if (known)
    remember (t, sha256, pool, chain);
}

void
chain_clear (Chain *chain)
{
  g_clear_pointer (&chain->broken, g_free);
}
