/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing and reading a MANIFEST.
 */
#include "admin/admin-manifest.h"

#include <string.h>

#include "admin/admin-files.h"
#include "base/digest.h"
#include "base/error.h"

#define END "# manifest: "

static void
file_free (gpointer data)
{
  ManifestFile *file = data;

  g_free (file->name);
  g_free (file);
}

Manifest *
manifest_new (void)
{
  Manifest *m = g_new0 (Manifest, 1);

  m->files = g_ptr_array_new_with_free_func (file_free);
  m->facts = g_ptr_array_new_with_free_func (g_free);
  m->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  return m;
}

void
manifest_free (Manifest *m)
{
  if (m == NULL)
    return;
  g_hash_table_unref (m->by_name);
  g_ptr_array_unref (m->files);
  g_ptr_array_unref (m->facts);
  g_free (m);
}

/* A name below the folder, and nowhere else. */
static bool
is_name (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);

  if (!g_utf8_validate (name, -1, NULL) || name[0] == '\0')
    return false;
  for (const char *p = name; *p != '\0'; p++)
    if ((guchar) *p < ' ' || *p == '\\' || *p == 127)
      return false;
  for (char **part = parts; *part != NULL; part++)
    if (**part == '\0' || strcmp (*part, ".") == 0 || strcmp (*part, "..") == 0)
      return false;
  return true;
}

bool
manifest_add (Manifest *m, const char *name, const char *sha256, GError **error)
{
  if (!is_name (name) || g_hash_table_contains (m->by_name, name))
    {
      g_autofree char *shown = g_strescape (name, NULL);

      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "\"%s\" is no name for a file of a backup",
                   shown);
      return false;
    }
  ManifestFile *file = g_new0 (ManifestFile, 1);
  file->name = g_strdup (name);
  g_strlcpy (file->sha256, sha256, sizeof file->sha256);
  g_ptr_array_add (m->files, file);
  g_hash_table_insert (m->by_name, file->name, file);
  return true;
}

void
manifest_say (Manifest *m, const char *fact, const char *value)
{
  char *line = g_strconcat (fact, ": ", value, NULL);

  for (char *p = line; *p != '\0'; p++)
    if ((guchar) *p < ' ')
      *p = ' ';
  g_ptr_array_add (m->facts, line);
}

const char *
manifest_fact (const Manifest *m, const char *fact)
{
  gsize n = strlen (fact);

  for (guint i = 0; i < m->facts->len; i++)
    {
      const char *line = m->facts->pdata[i];

      if (strncmp (line, fact, n) == 0 && strncmp (line + n, ": ", 2) == 0)
        return line + n + 2;
    }
  return NULL;
}

const ManifestFile *
manifest_file (const Manifest *m, const char *name)
{
  return g_hash_table_lookup (m->by_name, name);
}

bool
manifest_write (const Manifest *m, const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename (dir, MANIFEST, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  char sum[65];

  for (guint i = 0; i < m->facts->len; i++)
    g_string_append_printf (text, "# %s\n", (const char *) m->facts->pdata[i]);
  for (guint i = 0; i < m->files->len; i++)
    {
      const ManifestFile *file = m->files->pdata[i];

      g_string_append_printf (text, "%s  %s\n", file->sha256, file->name);
    }
  digest_of (text->str, (gssize) text->len, sum);
  g_string_append_printf (text, END "%s\n", sum);
  return files_write (path, text->str, text->len, error);
}

static bool
damaged (const char *path, guint line, const char *why, GError **error)
{
  g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "%s:%u: %s", path, line, why);
  return false;
}

/* The last line is the hash of those before it; *TEXT ends there. */
static bool
is_whole (char *text, gsize n)
{
  char sum[65];
  gsize end = strlen (END) + 64 + 1;
  char *last = n >= end ? text + n - end : NULL;

  if (last == NULL || strlen (text) != n || text[n - 1] != '\n'
      || strncmp (last, END, strlen (END)) != 0)
    return false;
  digest_of (text, last - text, sum);
  if (strncmp (last + strlen (END), sum, 64) != 0)
    return false;
  *last = '\0';
  return true;
}

static bool
take_line (Manifest *m, const char *path, guint number, char *line, GError **error)
{
  if (strncmp (line, "# ", 2) == 0)
    {
      g_ptr_array_add (m->facts, g_strdup (line + 2));
      return true;
    }
  if (strlen (line) < 67 || strspn (line, "0123456789abcdef") != 64
      || strncmp (line + 64, "  ", 2) != 0)
    return damaged (path, number, "it is no line of a manifest", error);
  line[64] = '\0';
  if (manifest_add (m, line + 66, line, error))
    return true;
  g_prefix_error (error, "%s:%u: ", path, number);
  return false;
}

Manifest *
manifest_read (const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename (dir, MANIFEST, NULL), *text = NULL;
  g_autoptr (Manifest) m = manifest_new ();
  g_autoptr (GError) inner = NULL;
  gsize n;

  if (!g_file_get_contents (path, &text, &n, &inner))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "%s: this is no finished backup: %s", dir,
                   inner->message);
      return NULL;
    }
  if (!is_whole (text, n))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "%s: it is damaged or cut off", path);
      return NULL;
    }
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    if (!take_line (m, path, i + 1, lines[i], error))
      return NULL;
  return g_steal_pointer (&m);
}
