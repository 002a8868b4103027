/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What verification needs and keeps: the trusted certificates, the key home, the engines.
 */
#include "signature/signature-private.h"

#include <errno.h>
#include <unistd.h>

#include "base/error.h"

#define SECONDS 20

/* Keys are read when they are needed; a name that is wrong is better told now. */
static bool
can_read_all (const char *const *files, GError **error)
{
  for (; files != NULL && *files != NULL; files++)
    if (access (*files, R_OK) != 0)
      {
        g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s: %s", *files, g_strerror (errno));
        return false;
      }
  return true;
}

Verifier *
verifier_new (const VerifierOptions *options, GError **error)
{
  Verifier *v = g_new0 (Verifier, 1);

  v->seconds = options->seconds != 0 ? options->seconds : SECONDS;
  v->keys = g_strdupv ((char **) options->keys);
  v->trust =
    can_read_all (options->keys, error) ? trust_new (options->trust, options->crls, error) : NULL;
  if (v->trust != NULL)
    {
      v->home = key_home_new (trust_certificates (v->trust));
      v->gpg = gpg_new (v->home, v->seconds);
      return v;
    }
  verifier_free (v);
  return NULL;
}

void
verifier_free (Verifier *v)
{
  if (v == NULL)
    return;
  gpg_free (v->gpg);
  key_home_free (v->home);
  trust_free (v->trust);
  g_strfreev (v->keys);
  if (v->key_list != NULL)
    g_ptr_array_unref (v->key_list);
  g_free (v);
}

static bool
import_trusted (Verifier *v, GError **error)
{
  const GPtrArray *certificates = trust_certificates (v->trust);

  for (guint i = 0; i < certificates->len; i++)
    {
      gnutls_datum_t der = { NULL, 0 };

      if (gnutls_x509_crt_export2 (certificates->pdata[i], GNUTLS_X509_FMT_DER, &der) != 0)
        continue;
      g_autoptr (GBytes) bytes = g_bytes_new (der.data, der.size);
      gnutls_free (der.data);
      if (!gpg_import (v->gpg, false, bytes, error))
        return false;
    }
  if (certificates->len == 0)
    {
      /* gpgsm makes its store when it is started, and does not miss one that was never there. */
      g_autoptr (GBytes) nothing = g_bytes_new_static ("0", 1);
      GPtrArray *none = gpg_verify (v->gpg, false, nothing, NULL, NULL, NULL);

      g_clear_pointer (&none, g_ptr_array_unref);
    }
  return key_home_take_template (v->home, error);
}

/* Somebody named the files, so what is in them is what it says. */
static bool
trust_keys (Verifier *v, GError **error)
{
  g_autoptr (GPtrArray) fingerprints = g_ptr_array_new ();

  for (guint i = 0; i < v->key_list->len; i++)
    g_ptr_array_add (fingerprints, ((GpgKey *) v->key_list->pdata[i])->primary);
  g_ptr_array_add (fingerprints, NULL);
  return key_home_trust_keys (v->home, (const char *const *) fingerprints->pdata, error);
}

static bool
import_keys (Verifier *v, GError **error)
{
  for (char **file = v->keys; file != NULL && *file != NULL; file++)
    {
      g_autofree char *text = NULL;
      gsize n;

      if (!g_file_get_contents (*file, &text, &n, error))
        {
          (*error)->domain = QEC_ERROR;
          (*error)->code = QEC_ERROR_CONFIG;
          return false;
        }
      g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&text), n);
      if (!gpg_import (v->gpg, true, bytes, error))
        {
          g_prefix_error (error, "%s: ", *file);
          return false;
        }
    }
  v->key_list = gpg_keys (v->gpg, error);
  return v->key_list != NULL && trust_keys (v, error);
}

/* A home that vanished (somebody cleans up) is made again, with engines that know it. */
bool
verifier_ready (Verifier *v, GError **error)
{
  const char *path = key_home_path (v->home);

  if (path != NULL && g_file_test (path, G_FILE_TEST_IS_DIR))
    return true;
  gpg_free (v->gpg);
  v->gpg = gpg_new (v->home, v->seconds);
  g_clear_pointer (&v->key_list, g_ptr_array_unref);
  return key_home_make (v->home, error) && import_trusted (v, error) && import_keys (v, error);
}
