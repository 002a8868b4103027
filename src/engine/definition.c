/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files of the definition: from the folders, into the archive, and back out of it.
 */
#include "engine/definition.h"

#include <string.h>

#include "base/digest.h"
#include "base/error.h"
#include "case/case.h"

enum { ADD_FILE, FILES };

const char *const definition_sql[] = {
  [ADD_FILE] =
    "INSERT INTO definition_file (version, name, sha256) VALUES (:version, :name, :sha256) ON CONFLICT DO NOTHING",
  [FILES] =
    "SELECT name, sha256 FROM definition_file WHERE version = :version ORDER BY name",
  NULL
};

static Definition *
definition_new (void)
{
  Definition *d = g_new0 (Definition, 1);

  d->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  d->bytes =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  return d;
}

void
definition_free (Definition *d)
{
  if (d == NULL)
    return;
  g_hash_table_unref (d->files);
  g_hash_table_unref (d->bytes);
  knowledge_free (d->knowledge);
  sorting_free (d->sorting);
  program_free (d->program);
  template_set_free (d->templates);
  g_free (d);
}

static void
add_bytes (Definition *d, const char *name, GBytes *bytes)
{
  gsize n;
  const void *data = g_bytes_get_data (bytes, &n);
  char sha256[65];

  digest_of (data, (gssize) n, sha256);
  g_hash_table_insert (d->files, g_strdup (name), g_strdup (sha256));
  g_hash_table_insert (d->bytes, g_strdup (name), bytes);
}

static bool
add_file (Definition *d, const char *path, const char *name, GError **error)
{
  g_autoptr (GError) inner = NULL;
  char *data;
  gsize n;

  if (!g_file_get_contents (path, &data, &n, &inner))
    {
      g_set_error_literal (error, QEC_ERROR, QEC_ERROR_CONFIG, inner->message);
      return false;
    }
  add_bytes (d, name, g_bytes_new_take (data, n));
  return true;
}

/* Everything below DIR; hidden files and editors' copies are nobody's definition. */
static bool
add_tree (Definition *d, const char *dir, const char *prefix, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (GDir) list = g_dir_open (dir, 0, &inner);
  const char *name;

  if (list == NULL)
    {
      g_set_error_literal (error, QEC_ERROR, QEC_ERROR_CONFIG, inner->message);
      return false;
    }
  while ((name = g_dir_read_name (list)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_autofree char *full = g_strconcat (prefix, "/", name, NULL);

      if (name[0] == '.' || g_str_has_suffix (name, "~"))
        continue;
      if (g_file_test (path, G_FILE_TEST_IS_DIR) ? !add_tree (d, path, full, error)
                                                 : !add_file (d, path, full, error))
        return false;
    }
  return true;
}

static void
set_version (Definition *d)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (d->files), (GCompareFunc) strcmp);
  Digest sum;

  digest_begin (&sum);
  for (const GList *l = names; l != NULL; l = l->next)
    {
      const char *sha256 = g_hash_table_lookup (d->files, l->data);

      digest_add (&sum, l->data, strlen (l->data) + 1);
      digest_add (&sum, sha256, 64);
    }
  digest_end (&sum, d->version);
}

/* Names below PREFIX without it, and their contents, in the order of the names; FIRST comes
 * first. */
static void
collect (const Definition *d, const char *prefix, const char *const *suffixes, const char *first,
         GPtrArray *names, GPtrArray *texts)
{
  g_autoptr (GList) sorted = g_list_sort (g_hash_table_get_keys (d->bytes), (GCompareFunc) strcmp);

  for (int pass = 0; pass < 2; pass++)
    for (const GList *l = sorted; l != NULL; l = l->next)
      {
        const char *name = l->data;
        bool of_kind = g_str_has_suffix (name, suffixes[0])
                       || (suffixes[1] != NULL && g_str_has_suffix (name, suffixes[1]));
        bool is_first =
          g_str_has_prefix (name, prefix) && strcmp (name + strlen (prefix), first) == 0;

        if (!g_str_has_prefix (name, prefix) || !of_kind || is_first != (pass == 0))
          continue;
        g_ptr_array_add (names, (gpointer) (name + strlen (prefix)));
        g_ptr_array_add (texts, g_hash_table_lookup (d->bytes, name));
      }
}

static Program *
make_program (const Definition *rules, const Definition *roster, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new (), texts = g_ptr_array_new ();
  GBytes *people = g_hash_table_lookup (roster->bytes, "roster.conf");

  collect (rules, "rules/", (const char *const[]){ ".conf", NULL }, "program.conf", names, texts);
  if (people != NULL)
    {
      g_ptr_array_add (names, (gpointer) "roster.conf");
      g_ptr_array_add (texts, people);
    }
  g_ptr_array_add (names, NULL);
  g_ptr_array_add (texts, NULL);
  return program_read_files ((const char *const *) names->pdata, (GBytes *const *) texts->pdata,
                             &case_vocabulary, error);
}

static TemplateSet *
make_templates (const Definition *d, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new (), texts = g_ptr_array_new (),
                        owned = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) bytes = g_ptr_array_new ();

  collect (d, "templates/", (const char *const[]){ ".md", "words.po" }, "", names, bytes);
  for (guint i = 0; i < bytes->len; i++)
    {
      gsize n;
      const char *data = g_bytes_get_data (bytes->pdata[i], &n);

      g_ptr_array_add (owned, g_strndup (data, n));
      g_ptr_array_add (texts, owned->pdata[i]);
    }
  g_ptr_array_add (names, NULL);
  g_ptr_array_add (texts, NULL);
  return template_set_new ((const char *const *) names->pdata, (const char *const *) texts->pdata,
                           d->program->language, error);
}

static bool
has_template (const Definition *d, const char *what, const char *name, const char *template,
              GError **error)
{
  if (template_set_has (d->templates, template))
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s '%s' has no template templates/%s.md", what,
               name, template);
  return false;
}

/* A notice or an article nobody can write would stop every message that needs it. */
static bool
has_templates (const Definition *d, GError **error)
{
  const GPtrArray *notices = d->program->notices, *articles = d->program->articles;

  for (guint i = 0; i < notices->len; i++)
    {
      const char *name = ((const ProgramNotice *) notices->pdata[i])->name;

      if (!has_template (d, "notice", name, name, error))
        return false;
    }
  for (guint i = 0; i < articles->len; i++)
    {
      const char *name = ((const ProgramArticle *) articles->pdata[i])->name;
      g_autofree char *template = g_strconcat ("knowledge/", name, NULL);

      if (!has_template (d, "article", name, template, error))
        return false;
    }
  return articles->len == 0 || has_template (d, "list of articles", "help", "help-topics", error);
}

static Definition *
finish (Definition *d, GError **error)
{
  g_autoptr (Definition) mine = d;

  set_version (d);
  d->program = make_program (d, d, error);
  if (d->program == NULL)
    return NULL;
  d->templates = make_templates (d, error);
  return d->templates != NULL && has_templates (d, error) ? g_steal_pointer (&mine) : NULL;
}

Definition *
definition_read (const char *rules, const char *roster, const char *templates, GError **error)
{
  g_autoptr (Definition) d = definition_new ();

  if (!add_tree (d, rules, "rules", error) || !add_tree (d, templates, "templates", error)
      || (roster != NULL && !add_file (d, roster, "roster.conf", error)))
    return NULL;
  return finish (g_steal_pointer (&d), error);
}

bool
definition_archive (Archive *archive, Definition *d, GError **error)
{
  GHashTableIter iter;
  gpointer bytes;

  g_hash_table_iter_init (&iter, d->bytes);
  while (g_hash_table_iter_next (&iter, NULL, &bytes))
    {
      char sha256[65];

      if (!archive_put (archive, bytes, sha256, error))
        return false;
    }
  return true;
}

bool
definition_store (StoreTxn *txn, Archive *archive, const Definition *d, GError **error)
{
  GHashTableIter iter;
  gpointer name, sha256;

  g_hash_table_iter_init (&iter, d->files);
  while (g_hash_table_iter_next (&iter, &name, &sha256))
    {
      g_autoptr (StoreStmt) q = store_query (store_of (txn), definition_sql[ADD_FILE], error);

      if (q == NULL)
        return false;
      store_bind_text (q, ":version", d->version);
      store_bind_text (q, ":name", name);
      store_bind_text (q, ":sha256", sha256);
      if (!store_run (q, error))
        return false;
    }
  return true;
}

/* The files of VERSION; TEMPLATES: those of templates/, too. */
static Definition *
load_files (Store *store, const Archive *archive, const char *version, bool templates,
            GError **error)
{
  g_autoptr (Definition) d = definition_new ();
  g_autoptr (StoreStmt) q = store_query (store, definition_sql[FILES], error);
  bool row = true;

  if (q == NULL)
    return NULL;
  store_bind_text (q, ":version", version);
  while (row)
    {
      if (!store_step (q, &row, error))
        return NULL;
      if (!row || (!templates && g_str_has_prefix (store_column_text (q, 0), "templates/")))
        continue;
      GBytes *bytes = archive_get (archive, store_column_text (q, 1), error);
      if (bytes == NULL)
        return NULL;
      add_bytes (d, store_column_text (q, 0), bytes);
    }
  if (g_hash_table_size (d->files) == 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_STORE, "the definition %s is not in the database",
                   version);
      return NULL;
    }
  return g_steal_pointer (&d);
}

Definition *
definition_load (Store *store, const Archive *archive, const char *version, GError **error)
{
  Definition *d = load_files (store, archive, version, true, error);

  return d != NULL ? finish (d, error) : NULL;
}

Definition *
definition_load_rules (Store *store, const Archive *archive, const char *version, GError **error)
{
  g_autoptr (Definition) d = load_files (store, archive, version, false, error);

  if (d == NULL)
    return NULL;
  g_strlcpy (d->version, version, sizeof d->version);
  d->program = make_program (d, d, error);
  return d->program != NULL ? g_steal_pointer (&d) : NULL;
}

Program *
definition_combine (const Definition *rules, const Definition *today, GError **error)
{
  Program *program = make_program (rules, today, error);

  if (program == NULL)
    return NULL;
  calendar_free (program->calendar);
  program->calendar = calendar_copy (today->program->calendar);
  return program;
}
