/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * winmail.dat files: the attachments in them, by the names in a list beside each and the sizes of
 * the files unpacked beside it.
 */
#include "config.h"

#include <string.h>

#include "lib/corpus.h"

typedef struct {
  guint names, names_all, sizes, sizes_all;
} Unpacked;

/* Whether FILE has SIZE, or has it with the CR that some who unpacked it took out of line ends. */
static bool
has_size (const char *file, guint64 size)
{
  g_autofree char *bytes = NULL;
  gsize n, lines = 0;

  if (!g_file_get_contents (file, &bytes, &n, NULL))
    return false;
  for (gsize i = 0; i < n; i++)
    lines += bytes[i] == '\n';
  return n == size || n + lines == size;
}

/* What PART of the file STEM was unpacked to: alone, or beside others of its name. */
static bool
is_unpacked (const char *stem, const MessagePart *part, bool *known)
{
  const char *dot = g_str_has_prefix (part->name, "body.") ? strchr (part->name, '.') : NULL;
  g_autofree char *folder = g_path_get_dirname (stem);
  g_autofree char *name = dot != NULL ? g_strconcat ("message", dot, NULL) : g_strdup (part->name);
  bool same = false;

  *known = false;
  for (guint nth = 0; nth < 10 && !same; nth++)
    {
      g_autofree char *numbered = nth == 0 ? g_strdup (name) : g_strdup_printf ("%s.%u", name, nth);
      g_autofree char *own = g_strconcat (stem, "__", numbered, NULL);
      g_autofree char *shared = g_build_filename (folder, numbered, NULL);
      bool is_own = g_file_test (own, G_FILE_TEST_EXISTS);

      *known = *known || is_own || g_file_test (shared, G_FILE_TEST_EXISTS);
      same = has_size (is_own ? own : shared, part->size);
    }
  return same;
}

static const MessagePart *
part_named (const Message *m, const char *name)
{
  for (guint i = 0; i < m->parts->len; i++)
    {
      const MessagePart *p = m->parts->pdata[i];

      if (p->from_tnef && g_str_equal (p->name, name))
        return p;
    }
  return NULL;
}

static void
compare (const Message *m, const char *stem, char **names, Unpacked *u)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      const MessagePart *p = part_named (m, names[i]);
      bool known, same;

      if (*names[i] == '\0')
        continue;
      u->names_all++;
      u->names += p != NULL;
      if (p == NULL)
        {
          corpus_row ("%s: no %s", stem, names[i]);
          continue;
        }
      same = is_unpacked (stem, p, &known);
      u->sizes_all += known;
      u->sizes += known && same;
      if (known && !same)
        corpus_row ("%s: %s has %" G_GUINT64_FORMAT, stem, names[i], p->size);
    }
}

void
corpus_tnef (Reader *reader, const char *corpora)
{
  g_autofree char *folder = g_build_filename (corpora, "tnef", NULL);
  g_autoptr (GPtrArray) files = corpus_files (folder, ".tnef");
  Unpacked u = { 0 };
  guint opened = 0;

  for (guint i = 0; i < files->len; i++)
    {
      const char *file = files->pdata[i];
      g_autofree char *stem = g_strndup (file, strlen (file) - strlen (".tnef"));
      g_autofree char *list = g_strconcat (stem, ".list", NULL);
      g_autofree char *text = NULL;
      g_autoptr (Message) m = corpus_read_attached (reader, "application/ms-tnef", file);

      if (m == NULL || !g_file_get_contents (list, &text, NULL, NULL))
        continue;
      g_auto (GStrv) names = g_strsplit (text, "\n", -1);
      opened += m->parts->len > 1 || *text == '\0';
      for (guint k = 0; k < m->parts->len; k++)
        {
          const MessagePart *p = m->parts->pdata[k];

          corpus_row ("%s: %s %s <%s> %" G_GUINT64_FORMAT, stem, p->path, p->type, p->name,
                      p->size);
        }
      compare (m, stem, names, &u);
    }
  corpus_result (100, "winmail.dat files open", opened, files->len);
  corpus_result (100, "names in winmail.dat", u.names, u.names_all);
  corpus_result (97, "sizes in winmail.dat", u.sizes, u.sizes_all);
}
