/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The set of templates: read and looked at whole, so that a mistake in one stops the program at its
 * start and names file and line.
 *
 * template-glib alone would not name them, so each text goes through two steps of our own before
 * it: template-check.c looks at each expression, and template-compile.c includes and tidies.  What
 * these let pass it can parse, and is given to it when a notice is first used; template_set_prove
 * is for whoever wants to know.
 */
#include "template/template-internal.h"

#include <string.h>

#define FILE_SIZE_MAX     (256 * 1024)
#define FOLDER_DEPTH_MAX  4
#define DEFAULT_LANG      "en"

struct TemplateSet {
  char *lang;          /* of what lies in no folder of a language */
  GHashTable *sources; /* "es/receipt.md" -> text */
  GHashTable *notices; /* "es/receipt" -> TemplateNotice */
  GPtrArray *names;    /* "receipt", sorted, NULL at the end */
  GHashTable *words;   /* "es" -> Words */
  GHashTable *languages; /* set of "es": those with a notice, besides LANG */
};

static void
notice_free (gpointer data)
{
  TemplateNotice *notice = data;

  g_free (notice->lang);
  g_free (notice->file);
  g_free (notice->subject_source);
  g_clear_object (&notice->subject);
  g_clear_object (&notice->body);
  g_clear_pointer (&notice->names, g_hash_table_unref);
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
  g_hash_table_unref (set->languages);
  g_hash_table_unref (set->words);
  g_free (set);
}

/* --- notices ------------------------------------------------------------------------------ */

/* The folders of languages have names of two or three letters. */
gsize
template_language_folder (const char *file)
{
  gsize n = strspn (file, "abcdefghijklmnopqrstuvwxyz");

  return (n == 2 || n == 3) && file[n] == '/' ? n + 1 : 0;
}

/* The primary tag of LANG: "es-US" -> "es". */
static char *
primary_tag (const char *lang)
{
  return g_ascii_strdown (lang, (gssize) strcspn (lang, "-_"));
}

char *
template_file_in (const TemplateSet *set, const char *file, const char *lang)
{
  return strcmp (lang, set->lang) == 0 ? g_strdup (file) : g_strconcat (lang, "/", file, NULL);
}

static bool
is_part (const char *file)
{
  return g_str_has_prefix (file + template_language_folder (file), "parts/");
}

/* "Subject: ..." and an empty line; *BODY is what follows. */
static char *
read_header (const char *file, const char *text, const char **body, GError **error)
{
  const char *end = strstr (text, "\n\n");
  const char *line_end = strchr (text, '\n');

  if (!g_str_has_prefix (text, "Subject: ") || end == NULL || end != line_end)
    {
      template_refuse (error, file, text, text,
                       "must begin with a line 'Subject: ...' and an empty line");
      return NULL;
    }
  *body = end + 2;
  return g_strstrip (g_strndup (text + strlen ("Subject: "), end - text - strlen ("Subject: ")));
}

static bool
add_notice (TemplateSet *set, const char *file, const char *text, GHashTable *looked,
            GError **error)
{
  gsize folder = template_language_folder (file);
  const char *body;
  char *subject = read_header (file, text, &body, error);

  if (subject == NULL)
    return false;
  TemplateNotice *notice = g_new0 (TemplateNotice, 1);
  char *name = g_strndup (file, strlen (file) - strlen (".md"));

  notice->lang = folder != 0 ? g_strndup (file, folder - 1) : g_strdup (set->lang);
  notice->file = g_strdup (file);
  notice->subject_source = subject;
  notice->source = body;
  g_hash_table_replace (set->notices, name, notice);
  if (folder == 0)
    g_ptr_array_add (set->names, g_strdup (name));
  else
    g_hash_table_add (set->languages, g_strdup (notice->lang));
  /* Alone: what is opened in it ends in it. */
  return template_check (file, subject, error)
         && template_includes (set, file, subject, notice->lang, looked, error)
         && template_includes (set, file, body, notice->lang, looked, error);
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

  set->lang = primary_tag (lang != NULL ? lang : DEFAULT_LANG);
  set->sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  set->notices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, notice_free);
  set->names = g_ptr_array_new_with_free_func (g_free);
  set->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) words_free);
  set->languages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return set;
}

static bool
is_catalogue (const char *file)
{
  return strcmp (file + template_language_folder (file), "words.po") == 0;
}

static bool
add_words (TemplateSet *set, const char *file, const char *text, GError **error)
{
  gsize folder = template_language_folder (file);
  Words *words = words_read (file, text, error);

  if (words == NULL)
    return false;
  g_hash_table_replace (set->words,
                        folder != 0 ? g_strndup (file, folder - 1) : g_strdup (set->lang), words);
  return true;
}

static bool
add_source (TemplateSet *set, const char *file, const char *text, GError **error)
{
  if (!g_utf8_validate (text, -1, NULL) || strchr (text, MARK_LINE) != NULL ||
      strchr (text, MARK_LITERAL) != NULL)
    return template_refuse (error, file, text, text, "is not UTF-8 text");
  if (is_catalogue (file))
    return add_words (set, file, text, error);
  if (!template_check (file, text, error))
    return false;
  g_autoptr (GString) lines = g_string_new (text);

  g_string_replace (lines, "\r\n", "\n", 0);
  g_hash_table_replace (set->sources, g_strdup (file),
                        g_string_free (g_steal_pointer (&lines), FALSE));
  return true;
}

/* Of what lies in the folder of a language there is one that everybody else gets. */
static bool
is_a_translation (const TemplateSet *set, const char *file, GError **error)
{
  const char *of = file + template_language_folder (file);

  if (g_hash_table_contains (set->sources, of))
    return true;
  return template_refuse (error, file, "", "", "there is no %s that it could be a translation of",
                          of);
}

static bool
finish (TemplateSet *set, GError **error)
{
  g_autoptr (GList) files = g_hash_table_get_keys (set->sources);
  g_autoptr (GHashTable) looked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  files = g_list_sort (files, (GCompareFunc) strcmp);

  for (GList *file = files; file != NULL; file = file->next)
    if (!is_a_translation (set, file->data, error)
        || (!is_part (file->data)
            && !add_notice (set, file->data, g_hash_table_lookup (set->sources, file->data), looked,
                            error)))
      return false;
  g_ptr_array_sort (set->names, by_name);
  g_ptr_array_add (set->names, NULL);
  return true;
}

TemplateSet *
template_set_new (const char *const *names, const char *const *texts, const char *lang,
                  GError **error)
{
  g_autoptr (TemplateSet) set = set_empty (lang);

  for (guint i = 0; names[i] != NULL; i++)
    if (!is_catalogue (names[i])
        && (!g_str_has_suffix (names[i], ".md") || strlen (names[i]) == strlen (".md")))
      {
        template_refuse (error, names[i], "", "", "a template's name ends in .md");
        return NULL;
      }
    else if (!add_source (set, names[i], texts[i], error))
      return NULL;
  return finish (set, error) ? g_steal_pointer (&set) : NULL;
}

bool
template_set_prove (const TemplateSet *set, GError **error)
{
  GHashTableIter iter;
  gpointer notice;

  g_hash_table_iter_init (&iter, set->notices);
  while (g_hash_table_iter_next (&iter, NULL, &notice))
    if (!template_notice_compile (set, notice, error))
      return false;
  return true;
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
      if (!is_folder && (g_str_has_suffix (entry, ".md") || is_catalogue (file))
          && !read_file (set, path, file, error))
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
  return g_hash_table_contains (set->notices, name) && template_language_folder (name) == 0;
}

const char *const *
template_set_names (const TemplateSet *set)
{
  return (const char *const *) set->names->pdata;
}

char **
template_set_languages (const TemplateSet *set)
{
  g_autoptr (GList) all =
    g_list_sort (g_hash_table_get_keys (set->languages), (GCompareFunc) strcmp);
  GStrvBuilder *tags = g_strv_builder_new ();

  for (const GList *tag = all; tag != NULL; tag = tag->next)
    g_strv_builder_add (tags, tag->data);
  char **list = g_strv_builder_end (tags);
  g_strv_builder_unref (tags);
  return list;
}

TemplateNotice *
template_set_find (const TemplateSet *set, const char *name, const char *lang)
{
  g_autofree char *primary = primary_tag (lang != NULL ? lang : set->lang);
  g_autofree char *own = template_file_in (set, name, primary);
  TemplateNotice *notice = g_hash_table_lookup (set->notices, own);

  return notice != NULL ? notice : g_hash_table_lookup (set->notices, name);
}

const Words *
template_set_words (const TemplateSet *set, const char *lang)
{
  g_autofree char *primary = primary_tag (lang != NULL ? lang : set->lang);

  return g_hash_table_lookup (set->words, primary);
}

const char *
template_set_language (const TemplateSet *set, const char *name, const char *lang)
{
  const TemplateNotice *notice = template_set_find (set, name, lang);

  return notice != NULL ? notice->lang : set->lang;
}
