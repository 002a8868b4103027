/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp restore DIR`: a backup back in its place.
 *
 * Nothing is written before every file of the backup has been read and found good, and nothing of
 * the office that is there is overwritten but what the backup has as well: the same files, a
 * damaged original, and a database whose whole journal is the beginning of the backup's.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "admin/admin-files.h"
#include "admin/admin-manifest.h"
#include "admin/admin-places.h"
#include "admin/admin-restore.h"
#include "admin/admin.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "outbox/outbox.h"
#include "store/journal.h"

/* While it is going on: the configuration of an office that has none yet. */
#define DRAFT ".restoring"

typedef struct {
  const char *dir;         /* the backup */
  Manifest *manifest;
  Options *options;        /* of the office as it will be */
  char *config, *draft;    /* its file; under which name until then, or NULL: it is there already */
  GPtrArray *todo;         /* ManifestFile that are to be written */
  bool other_config;       /* that is there is not the one in the backup */
} Restore;

static void
restore_clear (Restore *r)
{
  if (r->draft != NULL)
    g_unlink (r->draft);
  g_clear_pointer (&r->manifest, manifest_free);
  g_clear_pointer (&r->options, options_free);
  g_clear_pointer (&r->todo, g_ptr_array_unref);
  g_free (r->config);
  g_free (r->draft);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Restore, restore_clear)

static char *
in_backup (const Restore *r, const ManifestFile *file)
{
  return g_build_filename (r->dir, file->name, NULL);
}

/* The configuration that is there counts, because another machine has other servers and places; or
 * else the backup's. */
static bool
find_config (Restore *r, const char *config, GError **error)
{
  const ManifestFile *file = manifest_file (r->manifest, PLACE_CONFIG);
  char sha256[65];

  r->config = g_canonicalize_filename (config, NULL);
  if (g_file_test (r->config, G_FILE_TEST_EXISTS))
    {
      if (!files_hash (r->config, sha256, NULL, error))
        return false;
      r->other_config = strcmp (sha256, file->sha256) != 0;
      r->options = options_read (r->config, error);
      return r->options != NULL;
    }
  g_autofree char *dir = g_path_get_dirname (r->config), *from = in_backup (r, file);
  if (g_mkdir_with_parents (dir, 0750) != 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "cannot make %s: %s", dir,
                   g_strerror (errno));
      return false;
    }
  r->draft = g_strconcat (r->config, DRAFT, NULL);
  if (!files_copy (from, r->draft, sha256, NULL, error))
    return false;
  r->options = options_read (r->draft, error);
  return r->options != NULL;
}

static bool
refuse (GError **error, const char *path, const char *why)
{
  g_set_error (
    error, QEC_ERROR, QEC_ERROR_CONFIG,
    "%s: %s; nothing was written.  Restore into an empty folder, or move away what is there", path,
    why);
  return false;
}

/* The journal that is there is the beginning of the backup's, so that nothing is lost with it. */
static bool
may_replace (const Restore *r, const char *path, const ManifestFile *file, GError **error)
{
  g_autofree char *from = in_backup (r, file), *head = NULL;
  g_autoptr (GError) inner = NULL;
  g_autoptr (Store) there = store_open_copy (path, &inner);
  g_autoptr (Store) backup = store_open_copy (from, error);
  gint64 id;

  if (backup == NULL)
    return false;
  if (there == NULL || !journal_head (there, &id, &head, &inner))
    return refuse (error, path, inner->message);
  g_autoptr (JournalEvent) same = id > 0 ? journal_next_event (backup, id - 1, &inner) : NULL;
  if (inner != NULL
      || (id > 0 && (same == NULL || same->id != id || strcmp (same->hash, head) != 0)))
    return refuse (error, path, "the office there is another one, or goes on after this backup");
  return true;
}

/* PATH is there: is it what the backup has, or may it go? */
static bool
may_stand (Restore *r, const char *path, const ManifestFile *file, GError **error)
{
  char sha256[65];

  if (strcmp (file->name, PLACE_DATABASE) == 0)
    {
      g_ptr_array_add (r->todo, (gpointer) file);
      return may_replace (r, path, file, error);
    }
  if (!files_hash (path, sha256, NULL, error))
    return false;
  if (strcmp (sha256, file->sha256) == 0 || strcmp (file->name, PLACE_CONFIG) == 0)
    return true;
  if (!g_str_has_prefix (file->name, "archive/"))
    return refuse (error, path, "it is another one than in the backup");
  g_ptr_array_add (r->todo, (gpointer) file); /* an original is damaged */
  return true;
}

/* A file of rules that the backup has not would be part of the program. */
static bool
has_no_more (const Restore *r, const char *dir, const char *prefix, GError **error)
{
  g_autoptr (GPtrArray) below = files_below (dir, error);

  for (guint i = 0; below != NULL && i < below->len; i++)
    {
      g_autofree char *name = g_strconcat (prefix, below->pdata[i], NULL),
                      *path = g_build_filename (dir, below->pdata[i], NULL);

      if (manifest_file (r->manifest, name) == NULL)
        return refuse (error, path, "the backup has no such file");
    }
  return below != NULL;
}

static bool
look_at_office (Restore *r, GError **error)
{
  r->todo = g_ptr_array_new ();
  for (guint i = 0; i < r->manifest->files->len; i++)
    {
      ManifestFile *file = r->manifest->files->pdata[i];
      g_autofree char *path = places_path (r->options, file->name);

      admin_progress ("looking", i, r->manifest->files->len);
      if (path == NULL)
        return error_refuse (error, "%s/%s: the configuration %s has no place for it", r->dir,
                             file->name, r->options->file);
      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        g_ptr_array_add (r->todo, file);
      else if (!may_stand (r, path, file, error))
        return false;
    }
  return has_no_more (r, r->options->rules, "rules/", error)
         && has_no_more (r, r->options->templates, "templates/", error);
}

static bool
copy_back (const Restore *r, const ManifestFile *file, const char *to, GError **error)
{
  g_autofree char *from = in_backup (r, file);
  char sha256[65];

  if (!files_copy (from, to, sha256, NULL, error))
    return false;
  if (strcmp (sha256, file->sha256) == 0)
    return true;
  g_unlink (to);
  g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "%s: it changed while it was read", from);
  return false;
}

static bool
put_database (const Restore *r, GError **error)
{
  g_autofree char *path = places_path (r->options, PLACE_DATABASE),
                  *draft = g_strconcat (path, DRAFT, NULL);
  const ManifestFile *file = manifest_file (r->manifest, PLACE_DATABASE);

  if (!g_ptr_array_find (r->todo, file, NULL))
    return true;
  if (copy_back (r, file, draft, error) && files_sync (draft, error)
      && store_replace (path, draft, error))
    return true;
  g_unlink (draft);
  return false;
}

/* The database comes when all that it speaks of is there, and the configuration, without which
 * there is no office, last. */
static bool
write_all (Restore *r, GError **error)
{
  for (guint i = 0; i < r->todo->len; i++)
    {
      const ManifestFile *file = r->todo->pdata[i];
      g_autofree char *path = places_path (r->options, file->name);

      admin_progress ("restoring", i, r->todo->len);
      if (strcmp (file->name, PLACE_DATABASE) != 0 && strcmp (file->name, PLACE_CONFIG) != 0
          && !copy_back (r, file, path, error))
        return false;
      fault_point ("restore.file");
    }
  if (!files_sync (r->options->dir, error) || !put_database (r, error))
    return false;
  if (r->draft == NULL)
    return true;
  if (g_rename (r->draft, r->config) != 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_STORE, "cannot name %s: %s", r->config,
                   g_strerror (errno));
      return false;
    }
  g_clear_pointer (&r->draft, g_free);
  fault_point ("restore.named");
  return files_sync (r->options->dir, error);
}

static void
print_json (const Restore *r, gint64 events, gint64 files, gint64 waiting,
            const GPtrArray *findings)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < findings->len; i++)
    json_array_add_string_element (array, findings->pdata[i]);
  json_object_set_string_member (object, "backup", r->dir);
  json_object_set_string_member (object, "office", r->config);
  json_object_set_int_member (object, "written", r->todo->len);
  json_object_set_int_member (object, "events", events);
  json_object_set_int_member (object, "archived", files);
  json_object_set_int_member (object, "waiting", waiting);
  json_object_set_boolean_member (object, "configuration_kept", r->other_config);
  json_object_set_array_member (object, "findings", array);
  json_node_take_object (node, object);
  admin_print_json (node);
}

static void
print_text (const Restore *r, gint64 events, gint64 files, const GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++)
    puts (findings->pdata[i]);
  printf ("The office of %s is in %s, up to event %" G_GINT64_FORMAT "; %" G_GINT64_FORMAT
          " originals, %s.\n",
          manifest_fact (r->manifest, "taken"), r->options->dir, events, files,
          findings->len == 0 ? "all whole" : "not all whole");
  if (r->other_config)
    printf ("%s is not the one in the backup, and was kept.\n", r->config);
  for (guint i = 0, n = 0; i < r->manifest->facts->len; i++)
    if (g_str_has_prefix (r->manifest->facts->pdata[i], "left out: "))
      printf ("%s%s\n", n++ == 0 ? "These were not in it; put them back by hand:\n  " : "  ",
              (const char *) r->manifest->facts->pdata[i] + strlen ("left out: "));
  puts ("Mail that came in after the backup lies in the mailbox's folders for mail that was dealt "
        "with or held: move it back\n"
        "to where mail arrives, and qecpd takes it in again.");
}

/* Nobody knows which of them went out after the backup was taken. */
static void
print_waiting (gint64 waiting)
{
  if (waiting == 1)
    puts ("One mail waited to be sent when the backup was taken, and goes out when qecpd starts, "
          "maybe once more (with the same\n"
          "Message-ID): qecp outbox shows it.");
  else if (waiting > 1)
    printf ("%" G_GINT64_FORMAT " mails waited to be sent when the backup was taken, and go out "
                                "when qecpd starts, maybe once more (with the same\n"
            "Message-IDs): qecp outbox lists them.\n",
            waiting);
}

/* As qecp fsck does. */
static int
check_result (Restore *r, bool json)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  gint64 events, files, waiting, oldest;
  g_autoptr (Office) office = admin_office (r->config, false, &error);
  bool good = office != NULL && admin_check_office (office, &events, &files, findings, &error)
              && outbox_count_waiting (office->store, &waiting, &oldest, &error);

  admin_progress_end ();
  if (!good)
    return admin_error (error);
  if (json)
    print_json (r, events, files, waiting, findings);
  else
    {
      print_text (r, events, files, findings);
      print_waiting (waiting);
    }
  return findings->len > 0 ? ADMIN_NO : ADMIN_YES;
}

int
admin_restore (int argc, char **argv, const char *config)
{
  gboolean json = FALSE, only_check = FALSE;
  const GOptionEntry entries[] = {
    { "check", 0, 0, G_OPTION_ARG_NONE, &only_check, "Check the backup, and write nothing", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  g_auto (Restore) r = { 0 };
  int status;

  if (!admin_options (
        &argc, &argv, entries, "DIR - put a backup back in place, and check it",
        "DIR is what qecp backup made.  The office goes where --config says: into an empty folder, "
        "with the backup's\n"
        "configuration unless there is one already; or over the very same office, when nothing "
        "happened there after the\n"
        "backup, which also mends damaged originals.  Stop qecpd before.  Passwords and the "
        "office's secret signing keys\n"
        "are not in a backup.\nExit status 1: the office that was restored is not whole.",
        &status))
    return status;
  if (argc != 2)
    {
      fprintf (stderr, "qecp: restore needs one backup, such as: qecp --config office/qecp.conf "
                       "restore /backups/monday\n");
      return ADMIN_CALL;
    }
  log_set_least (LOG_ERR);
  r.dir = argv[1];
  r.manifest = manifest_read (r.dir, &error);
  bool good = r.manifest != NULL && restore_check_backup (r.dir, r.manifest, &error)
              && (only_check
                  || (find_config (&r, config, &error) && look_at_office (&r, &error)
                      && write_all (&r, &error)));
  admin_progress_end ();
  if (!good)
    return admin_error (error);
  if (!only_check)
    return check_result (&r, json);
  return restore_print_checked (r.dir, r.manifest, json);
}
