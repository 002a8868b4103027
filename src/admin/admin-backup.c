/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp backup DIR`: the whole office as of one moment, while qecpd runs.
 *
 * The database first: what it speaks of lay in the archive before it did, and nothing in the
 * archive ever changes.  So the copies fit, whatever comes in meanwhile.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "admin/admin-files.h"
#include "admin/admin-manifest.h"
#include "admin/admin-places.h"
#include "admin/admin.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "store/journal.h"

typedef struct {
  Office *office;
  const char *dir;         /* being made */
  Manifest *manifest;
  const char *previous;    /* an earlier backup, or NULL */
  Manifest *previously;    /* its files */
  gint64 events;
  guint64 bytes;
  guint linked;
} Backup;

static void
show_pages (gint64 done, gint64 of, gpointer data)
{
  admin_progress ("database", done, of);
}

/* The chain is whole and SQLite content: a backup of what is broken would take a good one's
 * place. */
static bool
check_database (Backup *b, Store *copy, GError **error)
{
  g_autofree char *head = NULL, *value = NULL;
  gint64 broken, id;

  if (!store_is_sound (copy, error) || !journal_verify (copy, &b->events, &broken, error)
      || !journal_head (copy, &id, &head, error))
    return false;
  if (broken != 0)
    {
      g_set_error (
        error, QEC_ERROR, QEC_ERROR_STORE,
        "the journal's chain breaks at event %" G_GINT64_FORMAT "; nothing was backed up", broken);
      return false;
    }
  value = g_strdup_printf ("%" G_GINT64_FORMAT " %s", id, head);
  manifest_say (b->manifest, "journal", value);
  return true;
}

/* The files of the archive that the copied database speaks of, or NULL. */
static GPtrArray *
copy_database (Backup *b, GError **error)
{
  g_autofree char *path = g_build_filename (b->dir, PLACE_DATABASE, NULL);
  char sha256[65];
  guint64 size;

  if (!store_backup (b->office->store, path, show_pages, NULL, error))
    return NULL;
  fault_point ("backup.database");
  g_autoptr (Store) copy = store_open_copy (path, error);
  if (copy == NULL || !check_database (b, copy, error))
    return NULL;
  g_autoptr (GPtrArray) names = archived_names (copy, error);
  if (names == NULL || !files_hash (path, sha256, &size, error)
      || !manifest_add (b->manifest, PLACE_DATABASE, sha256, error))
    return NULL;
  b->bytes += size;
  return g_steal_pointer (&names);
}

static bool
copy_one (Backup *b, const char *name, const char *from, GError **error)
{
  g_autofree char *to = g_build_filename (b->dir, name, NULL);
  char sha256[65];
  guint64 size;

  if (!files_copy (from, to, sha256, &size, error)
      || !manifest_add (b->manifest, name, sha256, error))
    return false;
  b->bytes += size;
  return true;
}

/* The earlier backup has NAME, and its copy is good: it becomes ours, too. */
static bool
link_one (Backup *b, const char *name, const char *sha256)
{
  g_autofree char *to = g_build_filename (b->dir, name, NULL);
  char found[65];

  if (b->previously == NULL || manifest_file (b->previously, name) == NULL)
    return false;
  g_autofree char *from = g_build_filename (b->previous, name, NULL);
  if (!files_hash (from, found, NULL, NULL) || strcmp (found, sha256) != 0
      || !files_make_folder_of (to, NULL) || link (from, to) != 0)
    return false;
  b->linked++;
  return true;
}

static bool
copy_archived (Backup *b, const char *sha256, GError **error)
{
  g_autofree char *name = places_archived (sha256),
                  *from = archive_path (b->office->archive, sha256);

  if (link_one (b, name, sha256))
    return manifest_add (b->manifest, name, sha256, error);
  if (!copy_one (b, name, from, error))
    return false;
  const ManifestFile *file = manifest_file (b->manifest, name);
  if (strcmp (file->sha256, sha256) == 0)
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_STORE,
               "%s is damaged: its content has the hash %s; nothing was backed up (qecp fsck names "
               "all such files)",
               from, file->sha256);
  return false;
}

static bool
copy_all (Backup *b, GPtrArray *left_out, GError **error)
{
  g_autoptr (GPtrArray) names = copy_database (b, error);
  g_autoptr (GPtrArray) places =
    names != NULL ? places_of_office (b->office->options, left_out, error) : NULL;

  if (places == NULL)
    return false;
  for (guint i = 0; i < places->len; i++)
    {
      const Place *place = places->pdata[i];

      if (!copy_one (b, place->name, place->path, error))
        return false;
      fault_point ("backup.file");
    }
  for (guint i = 0; i < names->len; i++)
    {
      admin_progress ("archive", i, names->len);
      if (!copy_archived (b, names->pdata[i], error))
        return false;
      fault_point ("backup.archived");
    }
  for (guint i = 0; i < left_out->len; i++)
    manifest_say (b->manifest, "left out", left_out->pdata[i]);
  return true;
}

static bool
back_up (Backup *b, const char *dir, GPtrArray *left_out, GError **error)
{
  g_auto (FilesDraft) draft = { NULL, NULL, -1 };
  g_autofree char *taken = clock_format (clock_now ());

  if (!files_draft_begin (&draft, dir, error))
    return false;
  b->dir = draft.incomplete;
  manifest_say (b->manifest, "backup", "1");
  manifest_say (b->manifest, "office", b->office->options->name);
  manifest_say (b->manifest, "taken", taken);
  if (!copy_all (b, left_out, error))
    return false;
  admin_progress ("writing to disk", 1, 1);
  /* The list last, when what it lists is durable. */
  if (!files_sync (b->dir, error))
    return false;
  fault_point ("backup.synced");
  if (!manifest_write (b->manifest, b->dir, error))
    return false;
  fault_point ("backup.listed");
  return files_draft_finish (&draft, error);
}

static void
print_json (const Backup *b, const char *dir, const GPtrArray *left_out)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < left_out->len; i++)
    json_array_add_string_element (array, left_out->pdata[i]);
  json_object_set_string_member (object, "backup", dir);
  json_object_set_string_member (object, "taken", manifest_fact (b->manifest, "taken"));
  json_object_set_int_member (object, "events", b->events);
  json_object_set_int_member (object, "files", b->manifest->files->len);
  json_object_set_int_member (object, "linked", b->linked);
  json_object_set_int_member (object, "bytes", (gint64) b->bytes);
  json_object_set_array_member (object, "left_out", array);
  json_node_take_object (node, object);
  admin_print_json (node);
}

static void
print_text (const Backup *b, const char *dir, const GPtrArray *left_out)
{
  g_autofree char *size = g_format_size (b->bytes);

  printf ("The office, up to event %" G_GINT64_FORMAT ", is in %s: %u files, %s", b->events, dir,
          b->manifest->files->len, size);
  if (b->linked > 0)
    printf (" and %u shared with %s", b->linked, b->previous);
  puts (".");
  for (guint i = 0; i < left_out->len; i++)
    printf ("%s%s\n", i == 0 ? "Not in it:\n  " : "  ", (const char *) left_out->pdata[i]);
}

int
admin_backup (int argc, char **argv, const char *config)
{
  gboolean json = FALSE;
  g_autofree char *previous = NULL;
  const GOptionEntry entries[] = {
    { "previous", 0, 0, G_OPTION_ARG_FILENAME, &previous, "An earlier backup: originals that it has are shared with it, not copied", "DIR" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!admin_options (&argc, &argv, entries, "DIR - copy the whole office, while it runs",
                      "DIR must not exist; it is there when it is complete.\nIt holds database, "
                      "archive, rules, templates, roster, configuration, "
                      "the keys of other people\nand the office's key file (office.key), without "
                      "which nobody's case address would be known again:\n"
                      "keep it as you keep the mail.  Passwords and the office's secret signing "
                      "keys are never in it.\n"
                      "sha256sum -c MANIFEST checks it; qecp restore puts it back.",
                      &status))
    return status;
  if (argc != 2)
    {
      fprintf (stderr, "qecp: backup needs one folder, such as: qecp backup /backups/monday\n");
      return ADMIN_CALL;
    }
  g_autoptr (Manifest) manifest = manifest_new (),
                       previously = previous != NULL ? manifest_read (previous, &error) : NULL;
  g_autoptr (GPtrArray) left_out = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (Office) office = error == NULL ? admin_office (config, false, &error) : NULL;
  Backup b = {
    .office = office, .manifest = manifest, .previous = previous, .previously = previously
  };
  bool good = office != NULL && back_up (&b, argv[1], left_out, &error);
  admin_progress_end ();
  if (!good)
    return admin_error (error);
  if (json)
    print_json (&b, argv[1], left_out);
  else
    print_text (&b, argv[1], left_out);
  return ADMIN_YES;
}
