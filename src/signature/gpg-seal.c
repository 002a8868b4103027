/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signing and encrypting with GPGME.
 *
 * Nobody is asked for a passphrase: a key that is locked is one that cannot be used, and says so at
 * once.
 */
#include "config.h"

#include "signature/gpg-private.h"

#include <string.h>

#include "base/error.h"

/* --- which keys there are --------------------------------------------------------------------- */

void
seal_key_free (SealKey *key)
{
  if (key->handle != NULL)
    gpgme_key_unref (key->handle);
  g_free (key->fingerprint);
  g_free (key->name);
  g_ptr_array_unref (key->emails);
  g_free (key);
}

static gint64
until (gpgme_subkey_t sub)
{
  return sub->expires > 0 ? (gint64) sub->expires : G_MAXINT64;
}

/* A subkey is worth as much as its primary key at most. */
static void
add_uses (SealKey *k, gpgme_key_t key)
{
  gint64 whole = until (key->subkeys);

  for (gpgme_subkey_t sub = key->subkeys; sub != NULL; sub = sub->next)
    {
      gint64 end = MIN (until (sub), whole);

      if (sub->revoked || sub->disabled || sub->invalid)
        continue;
      if (sub->can_sign && (!k->secret || sub->secret))
        k->signs_until = MAX (k->signs_until, end);
      if (sub->can_encrypt)
        k->encrypts_until = MAX (k->encrypts_until, end);
    }
}

/* *FINGERPRINT, name and addresses as verification calls them. */
static bool
describe_certificate (SealKey *k, GBytes *der)
{
  gnutls_x509_crt_t certificate;
  Signer signer = { .emails = k->emails };
  gsize n;
  gnutls_datum_t datum = { (guchar *) g_bytes_get_data (der, &n), 0 };

  datum.size = (guint) n;
  if (gnutls_x509_crt_init (&certificate) != 0)
    return false;
  bool good = gnutls_x509_crt_import (certificate, &datum, GNUTLS_X509_FMT_DER) == 0;
  if (good)
    {
      chain_describe (certificate, &signer);
      g_free (k->name);
      k->name = g_steal_pointer (&signer.name);
      k->fingerprint = g_steal_pointer (&signer.fingerprint);
      g_free (signer.organization);
      g_free (signer.issuer);
      g_free (signer.serial);
    }
  gnutls_x509_crt_deinit (certificate);
  return good;
}

static GBytes *
export (gpgme_ctx_t c, gpgme_key_t key)
{
  gpgme_key_t keys[] = { key, NULL };
  gpgme_data_t out = NULL;

  if (gpgme_data_new (&out) != 0)
    return NULL;
  bool good = gpgme_op_export_keys (c, keys, 0, out) == 0;
  GBytes *bytes = gpg_take (out);
  if (good)
    return bytes;
  g_bytes_unref (bytes);
  return NULL;
}

static SealKey *
new_key (gpgme_key_t key, bool openpgp)
{
  SealKey *k = g_new0 (SealKey, 1);
  const char *name = key->uids != NULL && key->uids->name != NULL ? key->uids->name : "";

  gpgme_key_ref (key);
  k->handle = key;
  k->openpgp = openpgp;
  k->secret = key->secret;
  k->revoked = key->revoked || key->disabled;
  k->created = key->subkeys->timestamp > 0 ? key->subkeys->timestamp : 0;
  k->name = signature_text (name, strlen (name));
  k->emails = g_ptr_array_new_with_free_func (g_free);
  add_uses (k, key);
  if (!openpgp)
    return k;
  k->fingerprint = g_strdup (key->subkeys->fpr != NULL ? key->subkeys->fpr : "");
  for (gpgme_user_id_t u = key->uids; u != NULL; u = u->next)
    if (!u->revoked && !u->invalid && u->address != NULL && u->address[0] != '\0')
      g_ptr_array_add (k->emails, signature_text (u->address, strlen (u->address)));
  return k;
}

static bool
list (Gpg *gpg, bool openpgp, GPtrArray *to, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) seal_key_free);
  gpgme_protocol_t protocol = openpgp ? GPGME_PROTOCOL_OpenPGP : GPGME_PROTOCOL_CMS;
  gpgme_ctx_t c = NULL;
  gpgme_key_t key;
  gpgme_error_t e = gpgme_new (&c);

  gpg_watch (gpg, true);
  if (e == 0)
    e = gpgme_set_protocol (c, protocol);
  if (e == 0)
    e = gpgme_ctx_set_engine_info (c, protocol, NULL, gpg_home (gpg));
  if (e == 0)
    e = gpgme_set_keylist_mode (c, GPGME_KEYLIST_MODE_LOCAL | GPGME_KEYLIST_MODE_WITH_SECRET);
  if (e == 0)
    e = gpgme_op_keylist_start (c, NULL, 0);
  while (e == 0 && (e = gpgme_op_keylist_next (c, &key)) == 0)
    {
      if (key->subkeys != NULL)
        g_ptr_array_add (found, new_key (key, openpgp));
      gpgme_key_unref (key);
    }
  if (gpgme_err_code (e) == GPG_ERR_EOF)
    e = 0;
  while (e == 0 && found->len > 0)
    {
      SealKey *k = g_ptr_array_steal_index (found, 0);
      g_autoptr (GBytes) der = openpgp ? NULL : export (c, k->handle);

      if (openpgp || (der != NULL && describe_certificate (k, der)))
        g_ptr_array_add (to, k);
      else
        seal_key_free (k);
    }
  if (c != NULL)
    gpgme_release (c);
  gpg_watch (gpg, false);
  if (e == 0)
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "the keys cannot be listed: %s",
               gpgme_strerror (e));
  return false;
}

GPtrArray *
gpg_seal_keys (Gpg *gpg, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) seal_key_free);

  return list (gpg, true, keys, error) && list (gpg, false, keys, error) ? g_steal_pointer (&keys)
                                                                         : NULL;
}

/* --- using them ------------------------------------------------------------------------------- */

/* What did not work will not work a moment later, as far as the key is concerned. */
static void
say (GError **error, const char *what, const SealKey *key, gpgme_error_t e)
{
  bool locked = gpgme_err_code (e) == GPG_ERR_NO_PIN_ENTRY || gpgme_err_code (e) == GPG_ERR_CANCELED
                || gpgme_err_code (e) == GPG_ERR_BAD_PASSPHRASE;

  g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT, "%s with the key %s did not work: %s", what,
               key->fingerprint, locked ? "it is locked with a passphrase" : gpgme_strerror (e));
}

static gpgme_ctx_t
begin (Gpg *gpg, const SealKey *key, GError **error)
{
  gpgme_ctx_t c = gpg_context (gpg, key->openpgp, error);

  if (c == NULL)
    return NULL;
  gpgme_set_armor (c, key->openpgp);
  if (key->openpgp)
    gpgme_set_pinentry_mode (c, GPGME_PINENTRY_MODE_ERROR);
  return c;
}

GBytes *
gpg_sign (Gpg *gpg, const SealKey *key, GBytes *bytes, char **hash, GError **error)
{
  gpgme_ctx_t c = begin (gpg, key, error);
  gpgme_data_t in, out = NULL;
  gpgme_error_t e;

  if (c == NULL)
    return NULL;
  in = gpg_data (bytes);
  gpgme_signers_clear (c);
  e = gpgme_signers_add (c, key->handle);
  if (e == 0)
    e = gpgme_data_new (&out);
  bool ended =
    gpg_finish (gpg, key->openpgp,
                e != 0 ? e : gpgme_op_sign_start (c, in, out, GPGME_SIG_MODE_DETACH), &e, error);
  gpgme_sign_result_t r = ended ? gpgme_op_sign_result (c) : NULL;
  gpgme_new_signature_t made = r != NULL ? r->signatures : NULL;
  const char *name = made != NULL ? gpgme_hash_algo_name (made->hash_algo) : NULL;
  gpgme_data_release (in);
  g_autoptr (GBytes) signature = out != NULL ? gpg_take (out) : NULL;
  if (!ended)
    return NULL;
  /* A success without exactly one signature is none. */
  if (e == 0 && made != NULL && made->next == NULL && name != NULL && signature != NULL
      && g_bytes_get_size (signature) > 0)
    {
      *hash = g_strdup (name);
      return g_steal_pointer (&signature);
    }
  gpg_drop_context (gpg, key->openpgp);
  say (error, "signing", key, e != 0 ? e : gpgme_error (GPG_ERR_GENERAL));
  return NULL;
}

GBytes *
gpg_encrypt (Gpg *gpg, const SealKey *key, GBytes *bytes, GError **error)
{
  gpgme_ctx_t c = begin (gpg, key, error);
  gpgme_key_t to[] = { key->handle, NULL };
  gpgme_data_t in, out = NULL;
  gpgme_error_t e;

  if (c == NULL)
    return NULL;
  in = gpg_data (bytes);
  e = gpgme_data_new (&out);
  bool ended = gpg_finish (
    gpg, key->openpgp,
    e != 0 ? e : gpgme_op_encrypt_start (c, to, GPGME_ENCRYPT_ALWAYS_TRUST, in, out), &e, error);
  gpgme_encrypt_result_t r = ended ? gpgme_op_encrypt_result (c) : NULL;
  bool good = e == 0 && r != NULL && r->invalid_recipients == NULL;
  gpgme_data_release (in);
  g_autoptr (GBytes) cipher = out != NULL ? gpg_take (out) : NULL;
  if (!ended)
    return NULL;
  if (good && cipher != NULL && g_bytes_get_size (cipher) > 0)
    return g_steal_pointer (&cipher);
  gpg_drop_context (gpg, key->openpgp);
  say (error, "encrypting", key, e != 0 ? e : gpgme_error (GPG_ERR_UNUSABLE_PUBKEY));
  return NULL;
}

/* --- whom they trust -------------------------------------------------------------------------- */

static void
free_certificate (gpointer certificate)
{
  gnutls_x509_crt_deinit (certificate);
}

GPtrArray *
gpg_certificates (Gpg *gpg, GError **error)
{
  GPtrArray *certificates = g_ptr_array_new_with_free_func (free_certificate);
  gpgme_ctx_t c = gpg_context (gpg, false, error);
  gpgme_data_t out = NULL;
  gpgme_error_t e;

  if (c == NULL)
    {
      g_ptr_array_unref (certificates);
      return NULL;
    }
  gpgme_set_armor (c, 1);
  e = gpgme_data_new (&out);
  bool ended =
    gpg_finish (gpg, false, e != 0 ? e : gpgme_op_export_start (c, NULL, 0, out), &e, error);
  g_autoptr (GBytes) pem = out != NULL ? gpg_take (out) : NULL;
  gsize n = 0;
  gnutls_datum_t datum = { pem != NULL ? (guchar *) g_bytes_get_data (pem, &n) : NULL, 0 };
  gnutls_x509_crt_t *list = NULL;
  guint k = 0;

  datum.size = (guint) n;
  if (ended && n > 0
      && gnutls_x509_crt_list_import2 (&list, &k, &datum, GNUTLS_X509_FMT_PEM, 0) == 0)
    for (guint i = 0; i < k; i++)
      g_ptr_array_add (certificates, list[i]);
  gnutls_free (list);
  if (ended)
    return certificates;
  g_ptr_array_unref (certificates);
  return NULL;
}
