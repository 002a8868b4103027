/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which words the templates use that nobody knows, wherever they stand: rendering finds only those
 * of the branch it takes.
 */
#include "template/template-internal.h"

#include <string.h>

#define DEPTH_MAX 8 /* parts in parts */

/* A {{for VARIABLE in LIST}} or an {{if}} around the present place; of an {{if}} both are NULL. */
typedef struct {
  char *variable, *path;
} Scope;

typedef struct {
  const TemplateSet *set;
  const TemplateWord *known;
  GPtrArray *found;          /* TemplateUnknown */
  GHashTable *seen;          /* "file line name": a part is included by many */
  GPtrArray *scopes;         /* Scope, the innermost last */
} Walk;

static void
unknown_free (gpointer data)
{
  TemplateUnknown *unknown = data;

  g_free (unknown->file);
  g_free (unknown->name);
  g_free (unknown);
}

static void
scope_free (gpointer data)
{
  Scope *scope = data;

  g_free (scope->variable);
  g_free (scope->path);
  g_free (scope);
}

static void
push (Walk *w, char *variable, char *path)
{
  Scope *scope = g_new0 (Scope, 1);

  *scope = (Scope){ variable, path };
  g_ptr_array_add (w->scopes, scope);
}

static const TemplateWord *
find (const Walk *w, const char *path)
{
  const TemplateWord *word = w->known;

  while (word->name != NULL && strcmp (word->name, path) != 0)
    word++;
  return word->name != NULL ? word : NULL;
}

/* NAME ("e.title") as it stands in the table ("elements.title"). */
static char *
resolve (const Walk *w, const char *name)
{
  gsize n = strcspn (name, ".");

  for (guint i = w->scopes->len; i > 0; i--)
    {
      const Scope *scope = w->scopes->pdata[i - 1];

      if (scope->variable != NULL && strlen (scope->variable) == n
          && strncmp (scope->variable, name, n) == 0)
        return g_strconcat (scope->path, name + n, NULL);
    }
  return g_strdup (name);
}

static void
note (Walk *w, const char *file, const char *text, const char *at, const char *path, bool list)
{
  int line = template_line_of (text, at);
  g_autofree char *key = g_strdup_printf ("%s %d %s", file, line, path);

  if (!g_hash_table_add (w->seen, g_steal_pointer (&key)))
    return;
  TemplateUnknown *unknown = g_new0 (TemplateUnknown, 1);
  *unknown = (TemplateUnknown){ g_strdup (file), line, g_strdup (path), list };
  g_ptr_array_add (w->found, unknown);
}

/* Each name in the expression of TAG; a list may be asked for in {{if}}, and is no value. */
static void
check_names (Walk *w, const char *file, const char *text, const TemplateTag *tag)
{
  static const char names[] = "\"[^\"]*\"|([A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*)";
  g_autoptr (GRegex) regex = g_regex_new (names, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  for (g_regex_match (regex, tag->expr, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *name = g_match_info_fetch (match, 1);

      if (name == NULL || *name == '\0')
        continue;
      g_autofree char *path = resolve (w, name);
      const TemplateWord *word = find (w, path);
      if (word == NULL || (tag->kind == TAG_VALUE && word->list))
        note (w, file, text, tag->start, path, word != NULL);
    }
}

static void
enter_for (Walk *w, const char *file, const char *text, const TemplateTag *tag)
{
  g_auto (GStrv) ends = g_strsplit (tag->expr, " in ", 2);
  g_autofree char *path = resolve (w, ends[1]);
  const TemplateWord *word = find (w, path);

  if (word == NULL || !word->list)
    note (w, file, text, tag->start, path, word != NULL);
  push (w, g_strdup (ends[0]), g_steal_pointer (&path));
}

static void
walk (Walk *w, const char *file, const char *lang, int depth)
{
  const char *text = g_hash_table_lookup (template_set_sources (w->set), file), *p = text, *open;
  g_auto (TemplateTag) tag = { 0 };

  while (text != NULL && depth < DEPTH_MAX && template_tag_next (p, &tag, &open))
    {
      p = tag.end;
      if (tag.kind == TAG_INCLUDE)
        {
          g_autofree char *part = g_strndup (tag.expr + 1, strlen (tag.expr) - 2);
          g_autofree char *own =
            lang != NULL ? g_strconcat (lang, "/", part, NULL) : g_strdup (part);

          walk (w, own, lang, depth + 1);
        }
      else if (tag.kind == TAG_FOR)
        enter_for (w, file, text, &tag);
      else if (tag.kind == TAG_END)
        g_ptr_array_set_size (w->scopes, (int) w->scopes->len - 1);
      else if (tag.kind != TAG_ELSE)
        check_names (w, file, text, &tag);
      if (tag.kind == TAG_IF)
        push (w, NULL, NULL);
    }
}

GPtrArray *
template_unknown_words (const TemplateSet *set, const TemplateWord *known)
{
  Walk w = { .set = set, .known = known, .found = g_ptr_array_new_with_free_func (unknown_free),
             .seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
             .scopes = g_ptr_array_new_with_free_func (scope_free) };
  g_autoptr (GList) files =
    g_list_sort (g_hash_table_get_keys (template_set_sources (set)), (GCompareFunc) strcmp);

  for (const GList *file = files; file != NULL; file = file->next)
    {
      gsize folder = template_language_folder (file->data);
      g_autofree char *lang = folder != 0 ? g_strndup (file->data, folder - 1) : NULL;

      if (!g_str_has_prefix ((const char *) file->data + folder, "parts/"))
        walk (&w, file->data, lang, 0);
    }
  g_hash_table_unref (w.seen);
  g_ptr_array_unref (w.scopes);
  return w.found;
}
