/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of what a backup calls what.
 */
#include "admin/admin-places.h"

#include <string.h>

#include "admin/admin-files.h"

#define FILES "files/"
#define KEYS  "keys/"

static void
place_free (gpointer data)
{
  Place *place = data;

  g_free (place->name);
  g_free (place->path);
  g_free (place);
}

static void
add (GPtrArray *places, const char *name, const char *path)
{
  Place *place = g_new0 (Place, 1);

  place->name = g_strdup (name);
  place->path = g_strdup (path);
  g_ptr_array_add (places, place);
}

static bool
add_tree (GPtrArray *places, const char *prefix, const char *dir, GError **error)
{
  g_autoptr (GPtrArray) below = files_below (dir, error);

  for (guint i = 0; below != NULL && i < below->len; i++)
    {
      g_autofree char *name = g_strconcat (prefix, below->pdata[i], NULL),
                      *path = g_build_filename (dir, below->pdata[i], NULL);

      add (places, name, path);
    }
  return below != NULL;
}

/* What lies in the office's folder goes along; the rest of the machine is somebody else's. */
static void
add_trusted (const Options *o, GPtrArray *places, GPtrArray *left_out, const char *path)
{
  g_autofree char *full = path != NULL ? g_canonicalize_filename (path, NULL) : NULL,
                  *dir = g_strconcat (o->dir, "/", NULL);

  if (full == NULL)
    return;
  for (guint i = 0; i < places->len; i++)
    if (strcmp (((const Place *) places->pdata[i])->path, full) == 0)
      return;
  if (g_str_has_prefix (full, dir) && g_file_test (full, G_FILE_TEST_IS_REGULAR))
    {
      g_autofree char *name = g_strconcat (FILES, full + strlen (dir), NULL);

      add (places, name, full);
    }
  else
    g_ptr_array_add (left_out, g_steal_pointer (&full));
}

static void
add_all_trusted (const Options *o, GPtrArray *places, GPtrArray *left_out)
{
  char **const lists[] = { o->signatures.trust, o->signatures.crls, o->signatures.keys };

  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (char **path = lists[l]; path != NULL && *path != NULL; path++)
      add_trusted (o, places, left_out, *path);
  for (guint i = 0; i < o->mailboxes->len; i++)
    add_trusted (o, places, left_out, ((const OptionsMailbox *) o->mailboxes->pdata[i])->ca_file);
  add_trusted (o, places, left_out, o->delivery.ca_file);
}

static bool
add_keys (const Options *o, GPtrArray *places, GPtrArray *left_out, GError **error)
{
  static const char *const public[] = { "pubring.kbx", "pubring.gpg", "trustlist.txt" };
  const char *home = o->delivery.key_home;

  if (home == NULL)
    return true;
  for (guint i = 0; i < G_N_ELEMENTS (public); i++)
    {
      g_autofree char *name = g_strconcat (KEYS, public[i], NULL),
                      *path = g_build_filename (home, public[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        add (places, name, path);
    }
  g_autofree char *people = g_build_filename (home, "people", NULL);
  g_ptr_array_add (left_out, g_build_filename (home, "private-keys-v1.d", NULL));
  return add_tree (places, KEYS "people/", people, error);
}

static void
leave_out_passwords (const Options *o, GPtrArray *left_out)
{
  for (guint i = 0; i < o->mailboxes->len; i++)
    {
      const char *file = ((const OptionsMailbox *) o->mailboxes->pdata[i])->secret_file;

      if (file != NULL)
        g_ptr_array_add (left_out, g_strdup (file));
    }
  if (o->delivery.secret_file != NULL)
    g_ptr_array_add (left_out, g_strdup (o->delivery.secret_file));
}

GPtrArray *
places_of_office (const Options *o, GPtrArray *left_out, GError **error)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (place_free);

  add (places, PLACE_CONFIG, o->file);
  add (places, PLACE_KEY, o->key_file);
  add (places, PLACE_ROSTER, o->roster);
  if (!add_tree (places, "rules/", o->rules, error)
      || !add_tree (places, "templates/", o->templates, error)
      || !add_keys (o, places, left_out, error))
    return NULL;
  add_all_trusted (o, places, left_out);
  leave_out_passwords (o, left_out);
  return g_steal_pointer (&places);
}

char *
places_path (const Options *o, const char *name)
{
  const struct {
    const char *name, *path;
  } rows[] = {
    { PLACE_CONFIG, o->file }, { PLACE_KEY, o->key_file }, { PLACE_ROSTER, o->roster }, { PLACE_DATABASE, o->database },
    { "rules/", o->rules },   { "templates/", o->templates }, { "archive/", o->archive },
    { FILES, o->dir },        { KEYS, o->delivery.key_home },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].path != NULL && g_str_has_suffix (rows[i].name, "/")
        && g_str_has_prefix (name, rows[i].name))
      return g_build_filename (rows[i].path, name + strlen (rows[i].name), NULL);
    else if (rows[i].path != NULL && strcmp (name, rows[i].name) == 0)
      return g_strdup (rows[i].path);
  return NULL;
}

char *
places_archived (const char *sha256)
{
  return g_strdup_printf ("archive/%.2s/%s", sha256, sha256);
}
