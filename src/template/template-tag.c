/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tags: "{{...}}" in the text of a template, found, told apart, and written again for
 * template-glib.
 */
#include "template/template-internal.h"

#include <string.h>

void
template_tag_clear (TemplateTag *tag)
{
  g_clear_pointer (&tag->expr, g_free);
}

static const struct {
  const char *word;
  TemplateTagKind kind;
} tag_words[] = {
  { "if ", TAG_IF },     { "else if ", TAG_ELSE_IF }, { "else", TAG_ELSE },
  { "for ", TAG_FOR },   { "end", TAG_END },          { "include ", TAG_INCLUDE },
};

static void
read_tag (const char *start, const char *end, TemplateTag *tag)
{
  g_autofree char *inside = g_strstrip (g_strndup (start + 2, end - start - 4));

  tag->start = start;
  tag->end = end;
  tag->kind = TAG_VALUE;
  for (guint i = 0; i < G_N_ELEMENTS (tag_words); i++)
    {
      const char *word = tag_words[i].word;
      bool whole = word[strlen (word) - 1] != ' ';

      if (whole ? strcmp (inside, word) == 0 : g_str_has_prefix (inside, word))
        {
          tag->kind = tag_words[i].kind;
          tag->expr = g_strstrip (g_strdup (inside + strlen (word)));
          return;
        }
    }
  tag->expr = g_steal_pointer (&inside);
}

/* The first CC in TEXT.  Not strstr: under ASan that first measures the whole text, and would at
 * each of its tags. */
static const char *
find_twice (const char *text, char c)
{
  const char *at = strchr (text, c);

  while (at != NULL && at[1] != c)
    at = strchr (at + 1, c);
  return at;
}

bool
template_tag_next (const char *p, TemplateTag *tag, const char **open)
{
  const char *start, *end;

  *open = NULL;
  for (start = find_twice (p, '{'); start != NULL && start > p && start[-1] == '\\';)
    start = find_twice (start + 2, '{');
  if (start == NULL)
    return false;
  end = find_twice (start + 2, '}');
  if (end == NULL)
    {
      *open = start;
      return false;
    }
  template_tag_clear (tag);
  read_tag (start, end + 2, tag);
  return true;
}

static bool
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

char *
template_prefixed (const char *expr)
{
  GString *out = g_string_new (NULL);
  bool quoted = false;

  for (const char *p = expr; *p != '\0'; p++)
    {
      if (*p == '"')
        quoted = !quoted;
      if (!quoted && is_name_char (*p) && (p == expr || !is_name_char (p[-1])))
        g_string_append (out, NAME_PREFIX);
      g_string_append_c (out, *p);
    }
  return g_string_free (out, FALSE);
}

void
template_tag_names (const TemplateTag *tag, GHashTable *names)
{
  bool quoted = false;

  for (const char *p = tag->expr; *p != '\0'; p++)
    {
      const char *start = p;

      if (*p == '"')
        quoted = !quoted;
      while (is_name_char (*p) && is_name_char (p[1]))
        p++;
      if (!quoted && is_name_char (*p))
        g_hash_table_add (names, g_strndup (start, (gsize) (p + 1 - start)));
    }
}

void
template_tag_append (GString *out, const TemplateTag *tag)
{
  const char *words = "";

  for (guint i = 0; i < G_N_ELEMENTS (tag_words); i++)
    if (tag->kind == tag_words[i].kind)
      words = tag_words[i].word;
  if (tag->kind == TAG_FOR)
    {
      g_auto (GStrv) ends = g_strsplit (tag->expr, " in ", 2);
      g_autofree char *row = template_prefixed (ends[0]), *list = template_prefixed (ends[1]);

      g_string_append_printf (out, "{{for %s in %s}}", row, list);
      return;
    }
  g_autofree char *expr = template_prefixed (tag->expr);

  g_string_append_printf (out, "{{%s%s}}", words, expr);
}
