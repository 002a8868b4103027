/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Catalogues as translators' tools write them: comments, msgid "...", msgstr "...", each over
 * several lines if need be.
 */
#include "base/words.h"

#include <string.h>

#include "base/error.h"

struct Words {
  GHashTable *translations; /* English -> the other language */
};

typedef struct {
  Words *words;
  const char *file;
  int line;
  GString *id, *text;       /* of the entry that is being read */
  GString *open;            /* the one of them that a line in quotes goes on with, or NULL */
  bool has_id, fuzzy;
} PoReader;

void
words_free (Words *words)
{
  if (words == NULL)
    return;
  g_hash_table_unref (words->translations);
  g_free (words);
}

const char *
words_find (const Words *words, const char *english)
{
  return words != NULL && english != NULL ? g_hash_table_lookup (words->translations, english)
                                          : NULL;
}

GList *
words_list (const Words *words)
{
  return g_list_sort (g_hash_table_get_keys (words->translations), (GCompareFunc) strcmp);
}

static bool
refuse (const PoReader *r, GError **error, const char *why)
{
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "words %s:%d: %s", r->file, r->line, why);
  return false;
}

/* The arguments TEXT takes, a bit each; the same argument may stand twice. */
static guint
arguments_of (const char *text)
{
  guint set = 0, next = 0;

  for (const char *p = strchr (text, '%'); p != NULL; p = strchr (p + 1, '%'))
    {
      gsize digits = strspn (p + 1, "0123456789");
      bool numbered = digits > 0 && p[1 + digits] == '$';
      char kind = p[1 + (numbered ? digits + 1 : 0)];
      gulong place = numbered ? strtoul (p + 1, NULL, 10) : next + 1;

      if (kind == '%')
        p++;
      if ((kind != 's' && kind != 'd') || place < 1 || place > 31)
        continue;
      set |= 1U << place;
      next += !numbered;
    }
  return set;
}

static bool
end_entry (PoReader *r, GError **error)
{
  bool counts = r->has_id && r->id->len > 0 && r->text->len > 0 && !r->fuzzy;

  if (counts && g_hash_table_contains (r->words->translations, r->id->str))
    return refuse (r, error, "the entry above stands twice; keep one");
  if (counts && arguments_of (r->id->str) != arguments_of (r->text->str))
    return refuse (r, error,
                   "the entry above has other arguments than its translation; write each %s and %d "
                   "of it once, or %1$s");
  if (counts)
    g_hash_table_insert (r->words->translations, g_strdup (r->id->str), g_strdup (r->text->str));
  g_string_truncate (r->id, 0);
  g_string_truncate (r->text, 0);
  r->has_id = r->fuzzy = false;
  r->open = NULL;
  return true;
}

/* "..." with its escapes, to the end of the line. */
static bool
take_quoted (PoReader *r, const char *line, GError **error)
{
  gsize n = strlen (line);

  if (r->open == NULL || n < 2 || line[0] != '"' || line[n - 1] != '"')
    return refuse (r, error, "write msgid \"...\" and msgstr \"...\"");
  g_autofree char *inside = g_strndup (line + 1, n - 2), *plain = g_strcompress (inside);
  if (!g_utf8_validate (plain, -1, NULL) || strpbrk (plain, "\x1d\x1e\x1f") != NULL)
    return refuse (r, error, "this is not UTF-8 text");
  g_string_append (r->open, plain);
  return true;
}

static bool
take_line (PoReader *r, char *line, GError **error)
{
  g_strstrip (line);
  if (line[0] == '#')
    {
      if (r->text->len > 0 && !end_entry (r, error))
        return false;
      r->fuzzy |= g_str_has_prefix (line, "#,") && strstr (line, "fuzzy") != NULL;
      return true;
    }
  if (g_str_has_prefix (line, "msgid "))
    {
      bool fuzzy = r->fuzzy && !r->has_id;

      if (r->has_id && !end_entry (r, error))
        return false;
      r->fuzzy = fuzzy;
      r->has_id = true;
      r->open = r->id;
      line += strlen ("msgid ");
    }
  else if (g_str_has_prefix (line, "msgstr "))
    {
      if (r->open != r->id)
        return refuse (r, error, "there is no msgid for this");
      r->open = r->text;
      line += strlen ("msgstr ");
    }
  return line[0] == '\0' || take_quoted (r, line, error);
}

Words *
words_read (const char *file, const char *text, GError **error)
{
  g_autoptr (Words) words = g_new0 (Words, 1);
  g_autoptr (GString) id = g_string_new (NULL), other = g_string_new (NULL);
  PoReader r = { .words = words, .file = file, .id = id, .text = other };
  g_auto (GStrv) lines =
    g_strsplit_set (text, "\n", -1); /* unlike g_strsplit in one go, under ASan too */

  words->translations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (char **line = lines; *line != NULL; line++)
    {
      r.line++;
      if (!take_line (&r, *line, error))
        return NULL;
    }
  return end_entry (&r, error) ? g_steal_pointer (&words) : NULL;
}
