/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Other people's keys as the administrator keeps them: a file each, and one that says what became
 * of each.
 *
 * They are a part of the configuration and no state of any case: what was sent with which key is in
 * the journal.
 */
#include "signature/sealer.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"

#define FOLDER "people"
#define INDEX  "index"

static const char *const states[] = { "introduced", "pinned", "retired" };

void
person_key_free (PersonKey *key)
{
  if (key == NULL)
    return;
  g_free (key->fingerprint);
  g_free (key->address);
  g_free (key->name);
  g_free (key->by);
  g_free (key);
}

const char *
person_key_state_name (PersonKeyState state)
{
  return states[state];
}

char *
person_key_file (const char *home, const char *fingerprint)
{
  g_autofree char *name = g_strconcat (fingerprint, ".key", NULL);

  return g_build_filename (home, FOLDER, name, NULL);
}

static bool
pass_on (GError **error, const char *file, GError *inner)
{
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s: %s", file, inner->message);
  return false;
}

static PersonKey *
read_key (GKeyFile *file, const char *group)
{
  PersonKey *key = g_new0 (PersonKey, 1);
  g_autofree char *state = g_key_file_get_string (file, group, "state", NULL),
                  *kind = g_key_file_get_string (file, group, "kind", NULL);

  key->fingerprint = g_strdup (group);
  key->openpgp = g_strcmp0 (kind, "openpgp") == 0;
  key->address = g_key_file_get_string (file, group, "address", NULL);
  key->name = g_key_file_get_string (file, group, "name", NULL);
  key->by = g_key_file_get_string (file, group, "by", NULL);
  key->introduced_at = g_key_file_get_int64 (file, group, "introduced", NULL);
  key->since = g_key_file_get_int64 (file, group, "since", NULL);
  /* What cannot be read is not pinned. */
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (state, states[i]) == 0)
      key->state = i;
  return key;
}

GPtrArray *
person_keys_read (const char *home, GError **error)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func ((GDestroyNotify) person_key_free);
  g_autofree char *path = g_build_filename (home, FOLDER, INDEX, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) inner = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &inner))
    {
      if (g_error_matches (inner, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return keys;
      pass_on (error, path, inner);
      g_ptr_array_unref (keys);
      return NULL;
    }
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL; group++)
    {
      PersonKey *key = read_key (file, *group);

      if (key->address != NULL)
        g_ptr_array_add (keys, key);
      else
        person_key_free (key);
    }
  return keys;
}

bool
person_keys_write (const char *home, const GPtrArray *keys, GError **error)
{
  g_autofree char *folder = g_build_filename (home, FOLDER, NULL),
                  *path = g_build_filename (folder, INDEX, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) inner = NULL;

  for (guint i = 0; i < keys->len; i++)
    {
      const PersonKey *key = keys->pdata[i];

      g_key_file_set_string (file, key->fingerprint, "kind", key->openpgp ? "openpgp" : "smime");
      g_key_file_set_string (file, key->fingerprint, "address", key->address);
      g_key_file_set_string (file, key->fingerprint, "name", key->name);
      g_key_file_set_string (file, key->fingerprint, "state", states[key->state]);
      g_key_file_set_int64 (file, key->fingerprint, "introduced", key->introduced_at);
      g_key_file_set_int64 (file, key->fingerprint, "since", key->since);
      g_key_file_set_string (file, key->fingerprint, "by", key->by);
    }
  g_autofree char *text = g_key_file_to_data (file, NULL, NULL);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s: %s", folder, g_strerror (errno));
      return false;
    }
  return g_file_set_contents_full (path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, &inner)
         || pass_on (error, path, inner);
}

const PersonKey *
person_key_of (const GPtrArray *keys, const char *address)
{
  const PersonKey *found = NULL;

  /* The one that was pinned last. */
  for (guint i = 0; i < keys->len; i++)
    {
      const PersonKey *key = keys->pdata[i];

      if (key->state == PERSON_KEY_PINNED && g_ascii_strcasecmp (key->address, address) == 0
          && (found == NULL || key->since >= found->since))
        found = key;
    }
  return found;
}
