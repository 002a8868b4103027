/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The set of templates: read and parsed once, so that a mistake in one stops the program at its
 * start and names file and line, and rendering only fills in.
 *
 * template-glib alone would not name them, so each text goes through two steps of our own before it:
 * template-check.c looks at each expression, and template-compile.c includes and tidies.
 */
#include "template/template-internal.h"

#include <string.h>

#define FILE_SIZE_MAX     (256 * 1024)
#define FOLDER_DEPTH_MAX  4
#define DEFAULT_LANG      "en"

struct TemplateSet {
  char *lang;          /* of what names none */
  GHashTable *sources; /* "receipt.es.md" -> text */
  GHashTable *notices; /* "receipt.es" -> TemplateNotice */
  GPtrArray *names;    /* "receipt", sorted, NULL at the end */
};

static void
notice_free (gpointer data)
{
  TemplateNotice *notice = data;

  g_free (notice->lang);
  g_clear_object (&notice->subject);
  g_clear_object (&notice->body);
  g_free (notice);
}

void
template_set_free (TemplateSet *set)
{
  if (set == NULL)
    return;
  g_free (set->lang);
  g_hash_table_unref (set->sources);
  g_hash_table_unref (set->notices);
  g_ptr_array_unref (set->names);
  g_free (set);
}

/* --- notices ------------------------------------------------------------------------------ */

const char *
template_source_in (const TemplateSet *set, const char *file, const char *lang)
{
  g_autofree char *stem = g_strndup (file, strlen (file) - strlen (".md"));
  g_autofree char *own = g_strdup_printf ("%s.%s.md", stem, lang);
  const char *text = g_hash_table_lookup (set->sources, own);

  return text != NULL ? text : g_hash_table_lookup (set->sources, file);
}

static bool
is_part (const char *file)
{
  return g_str_has_prefix (file, "parts/");
}

/* "receipt.es.md" -> "receipt" and "es"; LANG is "" without one. */
static void
split_file_name (const char *file, char **name, char **lang)
{
  g_autofree char *stem = g_strndup (file, strlen (file) - strlen (".md"));
  char *dot = strrchr (stem, '.');
  gsize length = dot != NULL ? strlen (dot + 1) : 0;

  if (length >= 2 && length <= 3 && strspn (dot + 1, "abcdefghijklmnopqrstuvwxyz") == length)
    {
      *lang = g_strdup (dot + 1);
      *dot = '\0';
    }
  else
    *lang = g_strdup ("");
  *name = g_steal_pointer (&stem);
}

/* "Subject: ..." and an empty line; *BODY is what follows. */
static char *
read_header (const char *file, const char *text, const char **body, GError **error)
{
  const char *end = strstr (text, "\n\n");
  const char *line_end = strchr (text, '\n');

  if (!g_str_has_prefix (text, "Subject: ") || end == NULL || end != line_end)
    {
      template_refuse (error, file, text, text, "must begin with a line 'Subject: ...' and an empty line");
      return NULL;
    }
  *body = end + 2;
  return g_strstrip (g_strndup (text + strlen ("Subject: "), end - text - strlen ("Subject: ")));
}

static bool
add_notice (TemplateSet *set, const char *file, const char *text, GError **error)
{
  g_autofree char *name = NULL, *lang = NULL;
  const char *body;

  split_file_name (file, &name, &lang);
  g_autofree char *subject = read_header (file, text, &body, error);

  if (subject == NULL)
    return false;
  TemplateNotice *notice = g_new0 (TemplateNotice, 1);

  notice->lang = g_strdup (*lang != '\0' ? lang : set->lang);
  g_hash_table_replace (set->notices, *lang != '\0' ? g_strdup_printf ("%s.%s", name, lang)
                                                    : g_strdup (name), notice);
  if (*lang == '\0')
    g_ptr_array_add (set->names, g_steal_pointer (&name));
  notice->subject = template_compile (set, file, subject, notice->lang, error);
  if (notice->subject == NULL)
    return false;
  notice->body = template_compile (set, file, body, notice->lang, error);
  return notice->body != NULL;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static TemplateSet *
set_empty (const char *lang)
{
  TemplateSet *set = g_new0 (TemplateSet, 1);

  set->lang = g_strdup (lang != NULL ? lang : DEFAULT_LANG);
  set->sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  set->notices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, notice_free);
  set->names = g_ptr_array_new_with_free_func (g_free);
  return set;
}

static bool
add_source (TemplateSet *set, const char *file, const char *text, GError **error)
{
  if (!g_utf8_validate (text, -1, NULL) || strchr (text, MARK_LINE) != NULL ||
      strchr (text, MARK_LITERAL) != NULL)
    return template_refuse (error, file, text, text, "is not UTF-8 text");
  if (!template_check (file, text, error))
    return false;
  g_autoptr (GString) lines = g_string_new (text);

  g_string_replace (lines, "\r\n", "\n", 0);
  g_hash_table_replace (set->sources, g_strdup (file),
                        g_string_free (g_steal_pointer (&lines), FALSE));
  return true;
}

static bool
finish (TemplateSet *set, GError **error)
{
  g_autoptr (GList) files = g_hash_table_get_keys (set->sources);

  files = g_list_sort (files, (GCompareFunc) strcmp);

  for (GList *file = files; file != NULL; file = file->next)
    if (!is_part (file->data) &&
        !add_notice (set, file->data, g_hash_table_lookup (set->sources, file->data), error))
      return false;
  g_ptr_array_sort (set->names, by_name);
  g_ptr_array_add (set->names, NULL);
  return true;
}

TemplateSet *
template_set_new (const char *const *names, const char *const *texts, const char *lang, GError **error)
{
  g_autoptr (TemplateSet) set = set_empty (lang);

  for (guint i = 0; names[i] != NULL; i++)
    if (!g_str_has_suffix (names[i], ".md") || strlen (names[i]) == strlen (".md"))
      {
        template_refuse (error, names[i], "", "", "a template's name ends in .md");
        return NULL;
      }
    else if (!add_source (set, names[i], texts[i], error))
      return NULL;
  return finish (set, error) ? g_steal_pointer (&set) : NULL;
}

/* --- reading a folder ---------------------------------------------------------------------- */

static bool
read_file (TemplateSet *set, const char *path, const char *file, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *text = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, &why))
    return template_refuse (error, file, "", "", "%s", why->message);
  if (size > FILE_SIZE_MAX || strlen (text) != size)
    return template_refuse (error, file, "", "", "is too large or not text");
  return add_source (set, file, text, error);
}

static bool
read_folder (TemplateSet *set, const char *dir, const char *below, int depth, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (GDir) folder = g_dir_open (dir, 0, &why);
  const char *entry;

  if (folder == NULL)
    return template_refuse (error, dir, "", "", "%s", why->message);
  while ((entry = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, entry, NULL);
      g_autofree char *file = g_strconcat (below, entry, NULL);
      g_autofree char *inside = g_strconcat (file, "/", NULL);
      bool is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);

      if (*entry == '.')
        continue;
      if (is_folder && depth < FOLDER_DEPTH_MAX &&
          !read_folder (set, path, inside, depth + 1, error))
        return false;
      if (!is_folder && g_str_has_suffix (entry, ".md") && !read_file (set, path, file, error))
        return false;
    }
  return true;
}

TemplateSet *
template_set_read (const char *dir, const char *lang, GError **error)
{
  g_autoptr (TemplateSet) set = set_empty (lang);

  if (!read_folder (set, dir, "", 0, error) || !finish (set, error))
    return NULL;
  return g_steal_pointer (&set);
}

const char *
template_set_source (const TemplateSet *set, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".md", NULL);

  return g_hash_table_lookup (set->sources, file);
}

GHashTable *
template_set_sources (const TemplateSet *set)
{
  return set->sources;
}

bool
template_set_has (const TemplateSet *set, const char *name)
{
  return g_hash_table_contains (set->notices, name) && strchr (name, '.') == NULL;
}

const char *const *
template_set_names (const TemplateSet *set)
{
  return (const char *const *) set->names->pdata;
}

const TemplateNotice *
template_set_find (const TemplateSet *set, const char *name, const char *lang)
{
  if (lang != NULL)
    {
      g_autofree char *primary = g_ascii_strdown (lang, strcspn (lang, "-_"));
      g_autofree char *key = g_strdup_printf ("%s.%s", name, primary);
      const TemplateNotice *notice = g_hash_table_lookup (set->notices, key);

      if (notice != NULL)
        return notice;
    }
  return g_hash_table_lookup (set->notices, name);
}
