/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A home in memory with the office's keys and those of people, and the two things done with it.
 */
#include "signature/signature-private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

struct Sealer {
  char *source, *key;
  char **trust;
  guint seconds;
  gint64 changed;          /* of the files of SOURCE, when it was read */
  GPtrArray *people;       /* PersonKey */
  GPtrArray *roots;        /* gnutls_x509_crt_t */
  KeyHome *home;
  Gpg *gpg;
  GPtrArray *keys;         /* SealKey; NULL: not ready */
};

/* --- the folder ------------------------------------------------------------------------------- */

/* Whoever else can read a secret key can sign with it. */
static bool
is_private (const char *home, GError **error)
{
  struct stat st;

  if (stat (home, &st) != 0)
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "key-home %s: %s", home, g_strerror (errno));
  else if (!S_ISDIR (st.st_mode))
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "key-home %s is no folder", home);
  else if (st.st_uid != geteuid () || (st.st_mode & 077) != 0)
    g_set_error (
      error, QEC_ERROR, QEC_ERROR_CONFIG,
      "key-home %s must belong to whom the office runs as, and be closed to all others: chmod 700",
      home);
  else
    return true;
  return false;
}

/* Larger as soon as any of its files is another one. */
static gint64
last_change (const char *home)
{
  static const char *const names[] = { ".", "pubring.kbx", "pubring.gpg", "private-keys-v1.d",
                                       "people/index" };
  gint64 last = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (home, names[i], NULL);
      struct stat st;

      if (stat (path, &st) == 0)
        last = MAX (last, (gint64) st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000);
    }
  return last;
}

Sealer *
sealer_new (const SealerOptions *options, GError **error)
{
  g_autoptr (Sealer) s = g_new0 (Sealer, 1);

  s->source = g_strdup (options->home);
  s->key = g_strdup (options->key);
  s->trust = g_strdupv ((char **) options->trust);
  s->seconds = options->seconds;
  s->roots = g_ptr_array_new ();
  s->changed = last_change (s->source);
  if (!is_private (s->source, error))
    return NULL;
  s->people = person_keys_read (s->source, error);
  return s->people != NULL ? g_steal_pointer (&s) : NULL;
}

void
sealer_free (Sealer *s)
{
  if (s == NULL)
    return;
  g_clear_pointer (&s->keys, g_ptr_array_unref);
  gpg_free (s->gpg);
  key_home_free (s->home);
  g_clear_pointer (&s->people, g_ptr_array_unref);
  g_clear_pointer (&s->roots, g_ptr_array_unref);
  g_strfreev (s->trust);
  g_free (s->source);
  g_free (s->key);
  g_free (s);
}

bool
sealer_is_stale (const Sealer *s)
{
  return last_change (s->source) != s->changed;
}

bool
sealer_knows (const Sealer *s, const char *address)
{
  return person_key_of (s->people, address) != NULL;
}

/* --- getting ready ---------------------------------------------------------------------------- */

static GBytes *
read_file (const char *path, GError **error)
{
  g_autoptr (GError) inner = NULL;
  char *text;
  gsize n;

  if (g_file_get_contents (path, &text, &n, &inner))
    return g_bytes_new_take (text, n);
  g_set_error_literal (error, QEC_ERROR, QEC_ERROR_CONFIG, inner->message);
  return NULL;
}

static bool
import_file (Gpg *gpg, bool openpgp, const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = read_file (path, error);

  if (bytes != NULL && gpg_import (gpg, openpgp, bytes, error))
    return true;
  g_prefix_error (error, "%s: ", path);
  return false;
}

static bool
import_all (Sealer *s, GError **error)
{
  for (char **file = s->trust; file != NULL && *file != NULL; file++)
    if (!import_file (s->gpg, false, *file, error))
      return false;
  for (guint i = 0; i < s->people->len; i++)
    {
      const PersonKey *key = s->people->pdata[i];
      g_autofree char *path = person_key_file (s->source, key->fingerprint);

      if (key->state == PERSON_KEY_PINNED && !import_file (s->gpg, key->openpgp, path, error))
        return false;
    }
  return true;
}

/* Whatever root is in the home was put there by the administrator, and is asked for nothing but our
 * own certificate and pinned ones. */
static bool
trust_roots (Gpg *gpg, KeyHome *home, GPtrArray *roots, GError **error)
{
  GPtrArray *found = gpg_certificates (gpg, error);

  if (found == NULL)
    return false;
  g_ptr_array_set_free_func (roots, (GDestroyNotify) gnutls_x509_crt_deinit);
  g_ptr_array_extend_and_steal (roots, found);
  return key_home_trust (home, error);
}

static bool
ready (Sealer *s, GError **error)
{
  const char *path = s->home != NULL ? key_home_path (s->home) : NULL;

  if (s->keys != NULL && path != NULL && g_file_test (path, G_FILE_TEST_IS_DIR))
    return true;
  g_clear_pointer (&s->keys, g_ptr_array_unref);
  g_clear_pointer (&s->gpg, gpg_free);
  g_clear_pointer (&s->home, key_home_free);
  s->home = key_home_new (s->roots);
  s->gpg = gpg_new (s->home, s->seconds);
  if (key_home_make (s->home, error) && key_home_seed (s->home, s->source, error)
      && import_all (s, error) && trust_roots (s->gpg, s->home, s->roots, error))
    s->keys = gpg_seal_keys (s->gpg, error);
  return s->keys != NULL;
}

const GPtrArray *
sealer_keys (Sealer *s, GError **error)
{
  return ready (s, error) ? s->keys : NULL;
}

/* --- keys ------------------------------------------------------------------------------------- */

static const SealKey *
key_of (const GPtrArray *keys, bool openpgp, const char *fingerprint)
{
  for (guint i = 0; i < keys->len; i++)
    {
      const SealKey *key = keys->pdata[i];

      if (key->openpgp == openpgp && g_ascii_strcasecmp (key->fingerprint, fingerprint) == 0)
        return key;
    }
  return NULL;
}

const SealKey *
sealer_own_key (Sealer *s, GError **error)
{
  const char *colon = s->key != NULL ? strchr (s->key, ':') : NULL;

  if (!ready (s, error))
    return NULL;
  const SealKey *key =
    colon != NULL ? key_of (s->keys, g_str_has_prefix (s->key, "openpgp:"), colon + 1) : NULL;
  if (key != NULL && key->secret)
    return key;
  error_refuse (error,
                key != NULL ? "of the office's key %s the secret half is not in the key home"
                            : "the office's key %s is not in the key home",
                colon != NULL ? colon + 1 : "");
  return NULL;
}

static bool
is_good (const SealKey *key, const char *whose, gint64 until, const char *what, gint64 now,
         GError **error)
{
  if (key->revoked)
    return error_refuse (error, "%s %s was revoked", whose, key->fingerprint);
  if (until == 0)
    return error_refuse (error, "%s %s cannot %s", whose, key->fingerprint, what);
  if (until > now)
    return true;
  g_autofree char *when = clock_format (until);
  return error_refuse (error, "%s %s expired on %s", whose, key->fingerprint, when);
}

/* --- what is done with them ------------------------------------------------------------------- */

/* "SHA256" as RFC 3156 (pgp-sha256) and RFC 8551 (sha-256) write it. */
static char *
micalg_of (bool openpgp, const char *hash)
{
  g_autofree char *lower = g_ascii_strdown (hash, -1);

  if (openpgp)
    return g_strconcat ("pgp-", lower, NULL);
  return g_str_has_prefix (lower, "sha") && strlen (lower) == 6
           ? g_strconcat ("sha-", lower + 3, NULL)
           : g_steal_pointer (&lower);
}

GBytes *
sealer_sign (Sealer *s, GBytes *bytes, gint64 now, bool *openpgp, char **micalg, GError **error)
{
  g_autofree char *hash = NULL;
  const SealKey *key = sealer_own_key (s, error);

  if (key == NULL || !is_good (key, "the office's key", key->signs_until, "sign", now, error))
    return NULL;
  GBytes *signature = gpg_sign (s->gpg, key, bytes, &hash, error);
  if (signature == NULL)
    {
      g_prefix_error (error, "the office's key: ");
      return NULL;
    }
  *openpgp = key->openpgp;
  *micalg = micalg_of (key->openpgp, hash);
  return signature;
}

GBytes *
sealer_encrypt (Sealer *s, const char *address, GBytes *bytes, gint64 now, bool *openpgp,
                char **fingerprint, GError **error)
{
  const PersonKey *person = person_key_of (s->people, address);

  if (person == NULL)
    {
      error_refuse (error, "no key of %s is pinned", address);
      return NULL;
    }
  if (!ready (s, error))
    return NULL;
  g_autofree char *whose = g_strconcat ("the key of ", address, NULL);
  const SealKey *key = key_of (s->keys, person->openpgp, person->fingerprint);
  if (key == NULL)
    error_refuse (error, "%s %s is not in the key home", whose, person->fingerprint);
  if (key == NULL || !is_good (key, whose, key->encrypts_until, "be encrypted for", now, error))
    return NULL;
  GBytes *cipher = gpg_encrypt (s->gpg, key, bytes, error);
  if (cipher == NULL)
    {
      g_prefix_error (error, "%s: ", whose);
      return NULL;
    }
  *openpgp = key->openpgp;
  *fingerprint = g_strdup (key->fingerprint);
  return cipher;
}

/* --- somebody's key, before it is believed ---------------------------------------------------- */

static bool
is_openpgp (GBytes *bytes)
{
  gsize n;
  const char *text = g_bytes_get_data (bytes, &n);

  /* Binary: a public key packet, in the old or the new format; DER begins with 0x30. */
  return n > 0
         && (g_strstr_len (text, (gssize) n, "-----BEGIN PGP ") != NULL
             || (guchar) text[0] >= 0x80);
}

static bool
has_address (const SealKey *key, const char *address)
{
  for (guint i = 0; i < key->emails->len; i++)
    if (g_ascii_strcasecmp (key->emails->pdata[i], address) == 0)
      return true;
  return false;
}

static const SealKey *
only_key (const GPtrArray *keys, const char *address, gint64 now, GError **error)
{
  const SealKey *found = NULL;

  for (guint i = 0; i < keys->len; i++)
    {
      const SealKey *key = keys->pdata[i];

      if (key->secret
          && !error_refuse (error, "there is a secret key in it: only its owner may have that"))
        return NULL;
      if (!has_address (key, address))
        continue;
      if (found != NULL && !error_refuse (error, "there are several keys of %s in it", address))
        return NULL;
      found = key;
    }
  if (found == NULL)
    error_refuse (error, "there is no key of %s in it", address);
  return found != NULL
             && is_good (found, "the key", found->encrypts_until, "be encrypted for", now, error)
           ? found
           : NULL;
}

static PersonKey *
try_key (Sealer *s, GBytes *bytes, const char *address, gint64 now, GError **error)
{
  g_autoptr (GBytes) sample = g_bytes_new_static ("sample", 6);
  bool openpgp = is_openpgp (bytes);

  if (!key_home_make (s->home, error) || !import_all (s, error)
      || !gpg_import (s->gpg, openpgp, bytes, error)
      || !trust_roots (s->gpg, s->home, s->roots, error))
    return NULL;
  s->keys = gpg_seal_keys (s->gpg, error);
  const SealKey *found = s->keys != NULL ? only_key (s->keys, address, now, error) : NULL;
  g_autoptr (GBytes) cipher = found != NULL ? gpg_encrypt (s->gpg, found, sample, error) : NULL;
  if (cipher == NULL)
    return NULL;
  PersonKey *key = g_new0 (PersonKey, 1);
  *key = (PersonKey){ g_strdup (found->fingerprint),
                      found->openpgp,
                      g_ascii_strdown (address, -1),
                      g_strdup (found->name),
                      PERSON_KEY_INTRODUCED,
                      now,
                      now,
                      g_strdup ("") };
  return key;
}

PersonKey *
person_key_new (GBytes *bytes, const char *address, const char *const *trust, gint64 now,
                GError **error)
{
  g_autoptr (Sealer) s = g_new0 (Sealer, 1);
  g_autoptr (GError) inner = NULL;

  s->seconds = 20;
  s->trust = g_strdupv ((char **) trust);
  s->roots = g_ptr_array_new ();
  s->people = g_ptr_array_new ();
  s->home = key_home_new (s->roots);
  s->gpg = gpg_new (s->home, s->seconds);
  PersonKey *key = try_key (s, bytes, address, now, &inner);
  if (key == NULL)
    g_set_error (error, QEC_ERROR,
                 g_error_matches (inner, QEC_ERROR, QEC_ERROR_TRANSIENT) ? QEC_ERROR_TRANSIENT
                                                                         : QEC_ERROR_INVALID,
                 "%s", inner->message);
  return key;
}
