/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way from a certificate to a trusted root (RFC 5280, 6).
 *
 * It is looked for by names and signatures, and then checked (chain-check.c), and no time counts.
 * So what was found for the same certificates among the same trusted ones holds for ever, and is
 * remembered: people sign again and again.
 */
#include "signature/signature-private.h"

#include <string.h>

#include "base/digest.h"

/* More than these are forgotten. */
#define MAX_REMEMBERED 256

/* Enough for honest ways; a hundred authorities of one name are none. */
#define MAX_LOOKS 100

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

/* An authority may have several certificates, of several authorities above it, and what came along
 * is in no order: so ways up are tried until one holds. */
typedef struct {
  const Trust *trust;
  const GPtrArray *pool;
  gnutls_x509_crt_t path[CHAIN_MAX]; /* the way that is tried */
  Chain *chain;                      /* the best so far */
  guint looks;                       /* at signatures, that are left */
} Search;

static bool go_up (Search *s, guint n);

static bool
is_on_path (const Search *s, guint n, gnutls_x509_crt_t certificate)
{
  for (guint i = 0; i < n; i++)
    if (gnutls_x509_crt_equals (s->path[i], certificate) != 0)
      return true;
  return false;
}

static bool
has_signed (Search *s, gnutls_x509_crt_t issuer, gnutls_x509_crt_t certificate)
{
  if (s->looks == 0 || gnutls_x509_crt_check_issuer (certificate, issuer) == 0)
    return false;
  s->looks--;
  return chain_has_signed (issuer, certificate);
}

static bool
go_up_among (Search *s, guint n, const GPtrArray *among)
{
  for (guint i = 0; i < among->len; i++)
    {
      gnutls_x509_crt_t issuer = among->pdata[i];

      if (is_on_path (s, n, issuer) || !has_signed (s, issuer, s->path[n - 1]))
        continue;
      s->path[n] = issuer;
      if (go_up (s, n + 1))
        return true;
    }
  return false;
}

/* The first N lead to BROKEN: why it does not hold, or NULL. */
static void
keep (Search *s, guint n, char *broken)
{
  memcpy (s->chain->path, s->path, n * sizeof *s->path);
  s->chain->n = n;
  g_free (s->chain->broken);
  s->chain->broken = broken;
}

/* Whether a way that holds begins with the first N.  Of those that do not, one to a root tells
 * most, then the longest. */
static bool
go_up (Search *s, guint n)
{
  if (trust_is_root (s->trust, s->path[n - 1]))
    {
      char *broken = chain_check (s->path, n);
      bool holds = broken == NULL;

      if (holds || s->chain->broken == NULL)
        keep (s, n, g_steal_pointer (&broken));
      g_free (broken);
      if (holds)
        return true;
    }
  else if (s->chain->broken == NULL && n > s->chain->n)
    keep (s, n, NULL);
  return n < CHAIN_MAX
         && (go_up_among (s, n, s->trust->certificates) || go_up_among (s, n, s->pool));
}

static char *
where_it_ends (const Trust *t, const Chain *chain)
{
  gnutls_x509_crt_t last = chain->path[chain->n - 1];
  g_autofree char *name = chain_common_name (last);

  if (t->certificates->len == 0)
    return g_strdup ("no root certificate is trusted here, so nobody vouches for the signer");
  return g_strdup_printf (gnutls_x509_crt_check_issuer (last, last) != 0
                            ? "no chain leads to a trusted root: \"%s\" vouches for itself, and is "
                              "not trusted here"
                            : "no chain leads to a trusted root: who vouches for \"%s\" is not "
                              "known here",
                          name);
}

static void
build_path (const Trust *t, gnutls_x509_crt_t leaf, const GPtrArray *pool, Chain *chain)
{
  Search s = { .trust = t, .pool = pool, .path = { leaf }, .chain = chain, .looks = MAX_LOOKS };

  chain->n = 0;
  chain->broken = NULL;
  if (!go_up (&s, 1) && chain->broken == NULL)
    chain->broken = where_it_ends (t, chain);
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
  if (known)
    remember (t, sha256, pool, chain);
}

void
chain_clear (Chain *chain)
{
  g_clear_pointer (&chain->broken, g_free);
}
