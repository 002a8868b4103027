/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the text of a template to what template-glib reads.
 *
 * template-glib eats the line end after any {{end}}; tidy() leaves it only those line ends to eat
 * that follow a tag alone on its line, and no name that is a word of its own.  Including is done
 * here too, as text, in the language of the notice: a mail never speaks two.
 */
#include "template/template-internal.h"

#include <string.h>

#define INCLUDE_DEPTH_MAX 4

/* The text of the part that TAG includes, whose name becomes *OWN; NULL: there is none. */
static const char *
part_of (const TemplateSet *set, const TemplateTag *tag, const char *lang, char **own)
{
  g_autofree char *part = g_strndup (tag->expr + 1, strlen (tag->expr) - 2);

  *own = template_file_in (set, part, lang);
  return g_hash_table_lookup (template_set_sources (set), *own);
}

static bool
append_included (const TemplateSet *set, GString *out, const char *file, const char *text,
                 const char *lang, int depth, GError **error)
{
  g_auto (TemplateTag) tag = { 0 };
  const char *p = text, *open;

  while (template_tag_next (p, &tag, &open))
    {
      if (tag.kind != TAG_INCLUDE)
        {
          g_string_append_len (out, p, tag.end - p);
          p = tag.end;
          continue;
        }
      g_autofree char *own = NULL;
      const char *inside = part_of (set, &tag, lang, &own);
      g_autofree char *trimmed = g_strchomp (g_strdup (inside != NULL ? inside : ""));

      if (inside == NULL || depth == INCLUDE_DEPTH_MAX)
        return template_refuse (error, file, text, tag.start, "cannot include '%s'", own);
      g_string_append_len (out, p, tag.start - p);
      if (!append_included (set, out, own, trimmed, lang, depth + 1, error))
        return false;
      p = tag.end;
    }
  g_string_append (out, p);
  return true;
}

static bool
stands_alone (const char *text, const TemplateTag *tag, const char **line_start)
{
  const char *p = tag->start;

  while (p > text && (p[-1] == ' ' || p[-1] == '\t'))
    p--;
  *line_start = p;
  return (p == text || p[-1] == '\n') && (*tag->end == '\n' || *tag->end == '\0');
}

static char *
tidy (const char *text, GHashTable *names)
{
  GString *out = g_string_sized_new (strlen (text) + 64);
  g_auto (TemplateTag) tag = { 0 };
  const char *p = text, *open, *line_start;

  while (template_tag_next (p, &tag, &open))
    {
      bool value = tag.kind == TAG_VALUE;
      bool alone = !value && stands_alone (text, &tag, &line_start);

      g_string_append_len (out, p, (alone ? MAX (line_start, p) : tag.start) - p);
      template_tag_append (out, &tag);
      template_tag_names (&tag, names);
      if (!value && !alone && *tag.end == '\n')
        g_string_append (out, "{{\"\"}}"); /* keeps the line end from being eaten */
      p = tag.end;
    }
  g_string_append (out, p);
  return g_string_free (out, FALSE);
}

/* LOOKED: "es/parts/signature.md" -> how deep that part may stand: most notices include the
 * same. */
static bool
look_into (const TemplateSet *set, const char *file, const char *text, const char *lang, int depth,
           GHashTable *looked, GError **error)
{
  g_auto (TemplateTag) tag = { 0 };
  const char *open;

  for (const char *p = text; template_tag_next (p, &tag, &open); p = tag.end)
    {
      g_autofree char *own = NULL;
      const char *inside = tag.kind == TAG_INCLUDE ? part_of (set, &tag, lang, &own) : NULL;

      if (tag.kind != TAG_INCLUDE)
        continue;
      if (inside == NULL || depth == INCLUDE_DEPTH_MAX)
        return template_refuse (error, file, text, tag.start, "cannot include '%s'", own);
      if (GPOINTER_TO_INT (g_hash_table_lookup (looked, own)) > depth)
        continue;
      if (!look_into (set, own, inside, lang, depth + 1, looked, error))
        return false;
      g_hash_table_replace (looked, g_steal_pointer (&own), GINT_TO_POINTER (depth + 1));
    }
  return true;
}

bool
template_includes (const TemplateSet *set, const char *file, const char *text, const char *lang,
                   GHashTable *looked, GError **error)
{
  return look_into (set, file, text, lang, 0, looked, error);
}

TmplTemplate *
template_compile (const TemplateSet *set, const char *file, const char *text, const char *lang,
                  GHashTable *names, GError **error)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GError) why = NULL;

  if (!append_included (set, whole, file, text, lang, 0, error))
    return NULL;
  g_autofree char *source = tidy (whole->str, names);
  g_autoptr (TmplTemplate) template = tmpl_template_new (NULL);

  if (tmpl_template_parse_string (template, source, &why))
    return g_steal_pointer (&template);
  template_refuse (error, file, text, text, "%s", why->message);
  return NULL;
}

bool
template_notice_compile (const TemplateSet *set, TemplateNotice *notice, GError **error)
{
  if (notice->names == NULL)
    notice->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (notice->subject == NULL)
    notice->subject = template_compile (set, notice->file, notice->subject_source, notice->lang,
                                        notice->names, error);
  if (notice->subject != NULL && notice->body == NULL)
    notice->body = template_compile (set, notice->file, notice->source, notice->lang,
                                     notice->names, error);
  return notice->body != NULL;
}
