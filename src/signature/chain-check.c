/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a path of certificates holds, apart from time (RFC 5280, 6.1).
 *
 * OpenSSL decides: its path validation knows what GnuTLS and gpgsm refuse or pass over, such as
 * policies that an authority requires and names that it may not vouch for, and authorities of
 * governments say such things.
 */
#include "signature/signature-private.h"

#include <openssl/crypto.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

/* No configuration of the machine has a say in what holds. */
static X509 *
as_openssl (gnutls_x509_crt_t certificate)
{
  gnutls_datum_t der = { NULL, 0 };
  const unsigned char *at;
  X509 *same;

  OPENSSL_init_crypto (OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL);
  if (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_DER, &der) != 0)
    return NULL;
  at = der.data;
  same = d2i_X509 (NULL, &at, (long) der.size);
  gnutls_free (der.data);
  return same;
}

bool
chain_has_signed (gnutls_x509_crt_t issuer, gnutls_x509_crt_t certificate)
{
  X509 *above = as_openssl (issuer), *below = as_openssl (certificate);
  bool has = above != NULL && below != NULL && X509_verify (below, X509_get0_pubkey (above)) == 1;

  X509_free (above);
  X509_free (below);
  return has;
}

/* The same as OpenSSL has it. */
typedef struct {
  STACK_OF (X509) *path, *roots;
} Stacks;

static bool
add (STACK_OF (X509) *to, gnutls_x509_crt_t certificate)
{
  X509 *same = as_openssl (certificate);

  if (same != NULL && sk_X509_push (to, same) > 0)
    return true;
  X509_free (same);
  return false;
}

/* A root that is the signer, too, stands in both. */
static bool
stacks_fill (Stacks *s, const gnutls_x509_crt_t *path, guint n)
{
  bool ok;

  s->path = sk_X509_new_null ();
  s->roots = sk_X509_new_null ();
  ok = s->path != NULL && s->roots != NULL && add (s->roots, path[n - 1]);
  for (guint i = 0; ok && (i == 0 || i + 1 < n); i++)
    ok = add (s->path, path[i]);
  return ok;
}

static void
stacks_clear (Stacks *s)
{
  sk_X509_pop_free (s->path, X509_free);
  sk_X509_pop_free (s->roots, X509_free);
}

/* Who is no authority by its own words vouches for nobody; OpenSSL lets some pass for the sake of
 * old ones. */
static char *
check_authorities (const gnutls_x509_crt_t *path, guint n)
{
  for (guint i = 1; i + 1 < n; i++)
    {
      unsigned ca = 0;

      if (gnutls_x509_crt_get_basic_constraints (path[i], NULL, &ca, NULL) < 0 || ca == 0)
        {
          g_autofree char *name = chain_common_name (path[i]);

          return g_strdup_printf ("\"%s\" is no authority that may vouch for others", name);
        }
    }
  return NULL;
}

static char *
say_why (X509_STORE_CTX *context)
{
  X509 *at = X509_STORE_CTX_get_current_cert (context);
  const char *why = X509_verify_cert_error_string (X509_STORE_CTX_get_error (context));
  char name[256] = "";

  if (at != NULL)
    X509_NAME_get_text_by_NID (X509_get_subject_name (at), NID_commonName, name, sizeof name);
  if (*name == '\0')
    return g_strdup_printf ("the chain of certificates does not hold: %s", why);
  g_autofree char *safe = signature_text (name, strlen (name));
  return g_strdup_printf ("the chain of certificates does not hold: %s, at that of \"%s\"", why,
                          safe);
}

/* Any policy of the program's people is welcome; what their authorities require must hold. */
static bool
set_rules (X509_STORE_CTX *context)
{
  X509_VERIFY_PARAM *rules = X509_STORE_CTX_get0_param (context);

  return X509_VERIFY_PARAM_set_flags (rules, X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_POLICY_CHECK)
           == 1
         && X509_VERIFY_PARAM_add0_policy (rules, OBJ_nid2obj (NID_any_policy)) == 1;
}

static char *
check (const Stacks *s)
{
  X509_STORE_CTX *context = X509_STORE_CTX_new ();
  char *why = NULL;

  if (context == NULL
      || X509_STORE_CTX_init (context, NULL, sk_X509_value (s->path, 0), s->path) != 1
      || !set_rules (context))
    why = g_strdup ("the chain of certificates cannot be checked");
  else
    {
      X509_STORE_CTX_set0_trusted_stack (context, s->roots);
      if (X509_verify_cert (context) != 1)
        why = say_why (context);
    }
  X509_STORE_CTX_free (context);
  return why;
}

char *
chain_check (const gnutls_x509_crt_t *path, guint n)
{
  Stacks stacks;
  char *why = check_authorities (path, n);

  if (!stacks_fill (&stacks, path, n))
    why = why != NULL ? why : g_strdup ("a certificate of the chain cannot be read");
  else if (why == NULL)
    why = check (&stacks);
  stacks_clear (&stacks);
  return why;
}
