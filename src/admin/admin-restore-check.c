/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Is this backup whole?  `qecp restore --check DIR` asks only that.
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin-files.h"
#include "admin/admin-places.h"
#include "admin/admin-restore.h"
#include "admin/admin.h"
#include "base/error.h"
#include "store/journal.h"

enum { SHOWN = 20 }; /* bad files that are named */

/* What no backup is without. */
static const char *const needed[] = { PLACE_CONFIG, PLACE_KEY, PLACE_ROSTER, PLACE_DATABASE };

static bool
damaged (GError **error, const char *dir, const char *text)
{
  g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "%s: %s", dir, text);
  return false;
}

static void
check_file (const char *dir, const ManifestFile *file, GPtrArray *bad)
{
  g_autofree char *path = g_build_filename (dir, file->name, NULL);
  g_autoptr (GError) error = NULL;
  char sha256[65];

  if (!files_hash (path, sha256, NULL, &error))
    g_ptr_array_add (bad, g_strdup (error->message));
  else if (strcmp (sha256, file->sha256) != 0)
    g_ptr_array_add (bad, g_strdup_printf ("%s is damaged", path));
}

static bool
check_files (const char *dir, const Manifest *m, GError **error)
{
  g_autoptr (GPtrArray) bad = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (manifest_file (m, needed[i]) == NULL)
      g_ptr_array_add (bad, g_strdup_printf ("%s is not in the list", needed[i]));
  for (guint i = 0; i < m->files->len; i++)
    {
      admin_progress ("checking", i, m->files->len);
      check_file (dir, m->files->pdata[i], bad);
    }
  if (bad->len == 0)
    return true;
  for (guint i = 0; i < MIN (bad->len, SHOWN); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", (const char *) bad->pdata[i]);
  if (bad->len > SHOWN)
    g_string_append_printf (text, "; and %u more", bad->len - SHOWN);
  return damaged (error, dir, text->str);
}

/* Every original that the database speaks of is in the list, and its journal ends as the list
 * says. */
static bool
check_database (const char *dir, const Manifest *m, GError **error)
{
  g_autofree char *path = g_build_filename (dir, PLACE_DATABASE, NULL), *head = NULL;
  g_autoptr (Store) store = store_open_copy (path, error);
  const char *said = manifest_fact (m, "journal");
  g_autoptr (GPtrArray) names = NULL;
  gint64 id;

  if (store == NULL || !store_is_sound (store, error) || !journal_head (store, &id, &head, error))
    return false;
  g_autofree char *found = g_strdup_printf ("%" G_GINT64_FORMAT " %s", id, head);
  if (g_strcmp0 (said, found) != 0)
    return damaged (error, dir, "the journal does not end where the list says");
  names = archived_names (store, error);
  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      g_autofree char *name = places_archived (names->pdata[i]),
                      *why = g_strdup_printf ("%s is not in the list", name);

      if (manifest_file (m, name) == NULL)
        return damaged (error, dir, why);
    }
  return names != NULL;
}

bool
restore_check_backup (const char *dir, const Manifest *m, GError **error)
{
  if (g_strcmp0 (manifest_fact (m, "backup"), "1") != 0)
    return damaged (error, dir, "it is no backup that this program knows");
  return check_files (dir, m, error) && check_database (dir, m, error);
}

int
restore_print_checked (const char *dir, const Manifest *m, bool json)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "backup", dir);
  json_object_set_string_member (object, "office", manifest_fact (m, "office"));
  json_object_set_string_member (object, "taken", manifest_fact (m, "taken"));
  json_object_set_int_member (object, "files", m->files->len);
  json_object_set_boolean_member (object, "whole", true);
  json_node_take_object (node, object);
  if (json)
    admin_print_json (node);
  else
    printf ("%s is whole: %s, as of %s, %u files.\n", dir, manifest_fact (m, "office"),
            manifest_fact (m, "taken"), m->files->len);
  return ADMIN_YES;
}
