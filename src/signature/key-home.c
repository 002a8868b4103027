/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A private key home, in memory where there is a file system in memory, that nothing survives in.
 *
 * gpgsm stores every certificate it meets and looks signers up by issuer and serial number there,
 * so a hostile signature could make a genuine one fail later.  The store is therefore put back to
 * its template before every verification.
 */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/error.h"
#include "signature/signature-private.h"

/* A socket's path has 108 octets; gpg-agent's are below the home. */
#define MAX_PATH 70

#define GPG_CONF                                                                                   \
  "no-auto-key-retrieve\nno-auto-key-locate\ndisable-dirmngr\nno-secmem-warning\nno-greeting\n"

/* Nobody sits here who could be asked for a passphrase. */
#define AGENT_CONF "no-allow-mark-trusted\ndisable-scdaemon\npinentry-program /bin/false\n"

struct KeyHome {
  char *path;              /* NULL: not made yet */
  GPtrArray *trust;        /* borrowed */
  char *template;
  gsize n_template;
};

KeyHome *
key_home_new (GPtrArray *trust)
{
  KeyHome *home = g_new0 (KeyHome, 1);

  home->trust = trust;
  return home;
}

const char *
key_home_path (const KeyHome *home)
{
  return home->path;
}

/* --- where it is ------------------------------------------------------------------------------ */

static bool
is_memory (const char *dir)
{
  struct statfs s;

  return statfs (dir, &s) == 0 && (s.f_type == TMPFS_MAGIC || s.f_type == RAMFS_MAGIC)
         && access (dir, W_OK | X_OK) == 0;
}

static const char *
base_folder (void)
{
  const char *candidates[] = { g_getenv ("RUNTIME_DIRECTORY"), g_getenv ("XDG_RUNTIME_DIR"), "/run",
                               "/dev/shm" };

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    if (candidates[i] != NULL && candidates[i][0] == '/' && strlen (candidates[i]) < MAX_PATH - 24
        && is_memory (candidates[i]))
      return candidates[i];
  return strlen (g_get_tmp_dir ()) < MAX_PATH - 24 ? g_get_tmp_dir () : "/tmp";
}

/* --- what is in it ---------------------------------------------------------------------------- */

/* The roots: who signed himself.  "relax": old roots lack what newer rules ask of an authority. */
static char *
trust_list (const GPtrArray *trust)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < trust->len; i++)
    {
      guint8 sha1[20];
      gsize n = sizeof sha1;

      if (!gnutls_x509_crt_check_issuer (trust->pdata[i], trust->pdata[i])
          || gnutls_x509_crt_get_fingerprint (trust->pdata[i], GNUTLS_DIG_SHA1, sha1, &n) != 0)
        continue;
      for (guint k = 0; k < n; k++)
        g_string_append_printf (list, "%s%02X", k > 0 ? ":" : "", sha1[k]);
      g_string_append (list, " S relax\n");
    }
  return g_string_free (list, FALSE);
}

static bool
put (const KeyHome *home, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (home->path, name, NULL);
  g_autoptr (GError) inner = NULL;

  if (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &inner))
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "the key home cannot be made: %s",
               inner->message);
  return false;
}

/* No network because of a document: certificates name where their lists are, and nobody goes
 * there. */
static bool
configure (const KeyHome *home, GError **error)
{
  g_autofree char *trusted = trust_list (home->trust);

  return put (home, "trustlist.txt", trusted, error)
         && put (home, "gpgsm.conf", "disable-crl-checks\ndisable-dirmngr\nno-secmem-warning\n",
                 error)
         && put (home, "gpg.conf", GPG_CONF, error)
         && put (home, "gpg-agent.conf", AGENT_CONF, error);
}

bool
key_home_trust_keys (KeyHome *home, const char *const *fingerprints, GError **error)
{
  g_autoptr (GString) conf = g_string_new (GPG_CONF);

  for (; *fingerprints != NULL; fingerprints++)
    g_string_append_printf (conf, "trusted-key %s\n", *fingerprints);
  return put (home, "gpg.conf", conf->str, error);
}

bool
key_home_make (KeyHome *home, GError **error)
{
  if (home->path != NULL && g_file_test (home->path, G_FILE_TEST_IS_DIR))
    return true;
  g_free (home->path);
  home->path = g_build_filename (base_folder (), "qecp-keys.XXXXXX", NULL);
  if (g_mkdtemp_full (home->path, 0700) == NULL)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "%s: no key home can be made there: %s",
                   home->path, g_strerror (errno));
      g_clear_pointer (&home->path, g_free);
      return false;
    }
  return configure (home, error);
}

/* --- somebody else's keys --------------------------------------------------------------------- */

bool
key_home_seed (KeyHome *home, const char *from, GError **error)
{
  static const char *const rings[] = { "pubring.kbx", "pubring.gpg" };
  g_autofree char *secrets = g_build_filename (from, "private-keys-v1.d", NULL);
  g_autofree char *here = g_build_filename (home->path, "private-keys-v1.d", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rings); i++)
    {
      g_autofree char *source = g_build_filename (from, rings[i], NULL),
                      *target = g_build_filename (home->path, rings[i], NULL);
      g_autofree char *ring = NULL;
      g_autoptr (GError) inner = NULL;
      gsize n;

      if (!g_file_test (source, G_FILE_TEST_EXISTS))
        continue;
      if (g_file_get_contents (source, &ring, &n, &inner)
          && g_file_set_contents_full (target, ring, (gssize) n, G_FILE_SET_CONTENTS_NONE, 0600,
                                       &inner))
        continue;
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "the office's keys cannot be read: %s",
                   inner->message);
      return false;
    }
  if (!g_file_test (secrets, G_FILE_TEST_IS_DIR) || symlink (secrets, here) == 0 || errno == EEXIST)
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "%s: %s", here, g_strerror (errno));
  return false;
}

bool
key_home_trust (KeyHome *home, GError **error)
{
  const char *argv[] = { "gpgconf", "--homedir", home->path, "--kill", "gpg-agent", NULL };
  g_autofree char *list = trust_list (home->trust);

  if (!put (home, "trustlist.txt", list, error))
    return false;
  /* An agent that runs already has read the list. */
  g_spawn_sync (NULL, (char **) argv, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, NULL, NULL);
  return true;
}

/* --- its template ----------------------------------------------------------------------------- */

bool
key_home_take_template (KeyHome *home, GError **error)
{
  g_autofree char *box = g_build_filename (home->path, "pubring.kbx", NULL);

  g_clear_pointer (&home->template, g_free);
  home->n_template = 0;
  /* Without a trusted certificate gpgsm has not made one yet. */
  if (!g_file_test (box, G_FILE_TEST_EXISTS))
    return true;
  return g_file_get_contents (box, &home->template, &home->n_template, error);
}

bool
key_home_restore (KeyHome *home)
{
  g_autofree char *box =
    home->path != NULL ? g_build_filename (home->path, "pubring.kbx", NULL) : NULL;
  struct stat st;

  if (box == NULL || !g_file_test (home->path, G_FILE_TEST_IS_DIR))
    return false;
  if (home->template == NULL)
    return g_unlink (box) == 0 || errno == ENOENT;
  /* What was only read is as it was. */
  if (stat (box, &st) == 0 && (gsize) st.st_size == home->n_template)
    {
      g_autofree char *now = NULL;
      gsize n;

      if (g_file_get_contents (box, &now, &n, NULL) && n == home->n_template
          && memcmp (now, home->template, n) == 0)
        return true;
    }
  /* Nobody has it open, and it is not for keeping. */
  return g_file_set_contents_full (box, home->template, (gssize) home->n_template,
                                   G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

/* --- its end ---------------------------------------------------------------------------------- */

void
key_home_erase (const char *dir)
{
  g_autoptr (GDir) entries = g_dir_open (dir, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && g_file_test (path, G_FILE_TEST_IS_DIR))
        key_home_erase (path);
      else
        g_unlink (path);
    }
  g_rmdir (dir);
}

void
key_home_free (KeyHome *home)
{
  if (home == NULL)
    return;
  if (home->path != NULL)
    {
      const char *argv[] = { "gpgconf", "--homedir", home->path, "--kill", "all", NULL };

      g_spawn_sync (NULL, (char **) argv, NULL,
                    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                    NULL, NULL, NULL, NULL, NULL, NULL);
      key_home_erase (home->path);
    }
  g_free (home->path);
  g_free (home->template);
  g_free (home);
}
