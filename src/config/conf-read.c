/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From files to a tree: follows includes, gives every value its kind, and says
 * what is missing, written twice or not allowed.
 */
#include "config/conf-private.h"

#include "base/error.h"

#include <string.h>
#include <sys/stat.h>

typedef struct {
  Conf *conf;
  GPtrArray *mistakes;
  const char *const *names; /* texts in memory; NULL: the file system */
  GBytes *const *texts;
  bool includes;   /* may be followed */
  bool broken;     /* some file could not be understood: what is missing cannot be said */
  GPtrArray *open; /* char *: the files we are in, outermost first */
} Reader;

/* --- values ---------------------------------------------------------------- */

static bool
parse_bool (const char *text, gint64 *number)
{
  static const char *const yes[] = { "true", "yes", "on", NULL };
  static const char *const no[] = { "false", "no", "off", NULL };

  *number = g_strv_contains (yes, text);
  return *number || g_strv_contains (no, text);
}

static bool
check_number (GPtrArray *mistakes, const char *file, int line, const ConfOption *o,
              const char *text, gint64 *number)
{
  bool bounded = o->max > o->min;
  gint64 min = bounded ? o->min : G_MININT64, max = bounded ? o->max : G_MAXINT64;

  if (g_ascii_string_to_signed (text, 10, min, max, number, NULL))
    return true;
  if (bounded)
    conf_mistake (mistakes, file, line,
                  "%s = \"%s\" is not a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                  "; write such as %s = %" G_GINT64_FORMAT,
                  o->name, text, o->min, o->max, o->name,
                  CLAMP (G_GINT64_CONSTANT (0), o->min, o->max));
  else
    conf_mistake (mistakes, file, line, "%s = \"%s\" is not a whole number; write digits only",
                  o->name, text);
  return false;
}

static void
check_word (GPtrArray *mistakes, const char *file, int line, const ConfOption *o, const char *text)
{
  g_auto (GStrv) words = g_strsplit (o->words, "|", -1);

  if (g_strv_contains ((const char *const *) words, text))
    return;

  g_autofree char *suggestion = conf_suggest (text, (const char *const *) words);

  conf_mistake (mistakes, file, line, "%s cannot be \"%s\"%s", o->name, text, suggestion);
}

static bool
is_path (const char *text)
{
  return g_str_has_prefix (text, "/") || g_str_has_prefix (text, "./")
         || g_str_has_prefix (text, "../");
}

/* Take over TEXTS as what was written for ROW of NODE. */
static void
set_value (GPtrArray *mistakes, ConfNode *node, guint row, const char *file, int line, char **texts)
{
  const ConfOption *o = &node->schema[row];
  ConfValue *value = &node->values[row];

  value->texts = texts;
  value->line = line;
  if (o->kind == CONF_INT)
    check_number (mistakes, file, line, o, texts[0], &value->number);
  else if (o->kind == CONF_BOOL && !parse_bool (texts[0], &value->number))
    conf_mistake (mistakes, file, line, "%s = \"%s\" is neither yes nor no; write true or false",
                  o->name, texts[0]);
  else if (o->secret && !is_path (texts[0]))
    conf_mistake (mistakes, file, line,
                  "%s must not hold the secret itself; write it into a file and give its path, "
                  "such as %s = \"/etc/qecp/%s\"",
                  o->name, o->name, o->name);
  for (guint i = 0; o->words != NULL && texts[i] != NULL; i++)
    check_word (mistakes, file, line, o, texts[i]);
}

static void
add_value (Reader *r, ConfNode *node, const char *file, Statement *s)
{
  guint row = s->option - node->schema;
  ConfValue *value = &node->values[row];

  if (value->texts != NULL)
    {
      conf_mistake (r->mistakes, file, s->line,
                    "'%s' is written a second time (first on line %d); keep one of them",
                    s->option->name, value->line);
      return;
    }
  if (s->option->kind != CONF_LIST && (s->braced || s->n_values != 1))
    {
      conf_mistake (r->mistakes, file, s->line,
                    "'%s' takes one value; write %s = \"...\" without braces", s->option->name,
                    s->option->name);
      s->n_values = 0;
    }
  if (s->n_values == 0 && s->option->kind != CONF_LIST)
    {
      value->line = s->line;
      value->texts = g_new0 (char *, 2); /* not said to be missing as well */
      value->texts[0] = g_strdup ("");
      return;
    }
  char **texts = s->values != NULL ? g_steal_pointer (&s->values) : g_new0 (char *, 1);
  set_value (r->mistakes, node, row, file, s->line, texts);
}

/* The section is read: fill in defaults, say what it lacks. */
static void
finish (Reader *r, ConfNode *node, const char *name)
{
  for (guint row = 0; node->schema[row].name != NULL; row++)
    {
      const ConfOption *o = &node->schema[row];
      bool there =
          o->kind == CONF_SECTION ? node->sections[row] != NULL : node->values[row].texts != NULL;

      if (there)
        continue;
      if (o->required && !(r->broken && node == r->conf->root))
        {
          const char *shape = o->kind != CONF_SECTION ? " = \"...\""
                              : o->titled             ? " \"NAME\" { ... }"
                                                      : " { ... }";
          g_autofree char *where = node->title != NULL
                                       ? g_strdup_printf ("%s \"%s\"", name, node->title)
                                       : g_strdup (name);

          conf_mistake (r->mistakes, node->file, node->line, "%s lacks '%s'; write %s%s", where,
                        o->name, o->name, shape);
        }
      if (o->fallback != NULL && o->kind != CONF_SECTION)
        {
          char **texts =
              o->kind == CONF_LIST ? g_strsplit (o->fallback, "|", -1) : g_new0 (char *, 2);

          if (o->kind != CONF_LIST)
            texts[0] = g_strdup (o->fallback);
          guint before = r->mistakes->len;
          set_value (r->mistakes, node, row, node->file, 0, texts);
          g_assert (r->mistakes->len == before); /* a default must pass its own check */
        }
    }
}

/* --- sections -------------------------------------------------------------- */

/* False when NODE may not stand in PARENT; it is freed then. */
static bool
add_section (Reader *r, ConfNode *parent, const ConfOption *o, ConfNode *node)
{
  guint row = o - parent->schema;
  GPtrArray *there = parent->sections[row];
  const ConfNode *twin = NULL;

  for (guint i = 0; there != NULL && twin == NULL && !o->repeats && i < there->len; i++)
    {
      const ConfNode *other = there->pdata[i];

      if (!o->titled || strcmp (other->title, node->title) == 0)
        twin = other;
    }
  if (twin != NULL)
    {
      conf_mistake (
          r->mistakes, node->file, node->line, "%s%s%s%s is here a second time (first %s:%d); %s",
          o->name, o->titled ? " \"" : "", o->titled ? node->title : "", o->titled ? "\"" : "",
          twin->file, twin->line, o->titled ? "give it another name" : "put both into one");
      conf_node_free (node);
      return false;
    }
  if (there == NULL)
    there = parent->sections[row] =
        g_ptr_array_new_with_free_func ((GDestroyNotify) conf_node_free);
  g_ptr_array_add (there, node);
  return true;
}

static void read_file (Reader *r, const char *name, const char *from, int line);

static void
follow (Reader *r, const char *file, const Statement *s)
{
  g_autofree char *folder = g_path_get_dirname (file);
  g_autofree char *name =
      strcmp (folder, ".") == 0 ? g_strdup (s->title) : g_build_filename (folder, s->title, NULL);
  g_auto (GStrv) parts = g_strsplit (s->title, "/", -1);

  if (!r->includes)
    conf_mistake (r->mistakes, file, s->line,
                  "a file cannot be included here; write its text instead");
  else if (s->title[0] == '\0' || s->title[0] == '/' || strchr (s->title, '\\') != NULL
           || g_strv_contains ((const char *const *) parts, "..")
           || g_strv_contains ((const char *const *) parts, ".")
           || g_strv_contains ((const char *const *) parts, ""))
    conf_mistake (r->mistakes, file, s->line,
                  "\"%s\" cannot be included; write the name of a file in this folder or below it",
                  s->title);
  else
    read_file (r, name, file, s->line);
}

static void
build (Reader *r, const char *file, ConfScan *scan)
{
  ConfNode *stack[CONF_MAX_DEPTH + 1] = { r->conf->root };
  int depth = 0;

  for (guint i = 0; i < scan->statements->len; i++)
    {
      Statement *s = scan->statements->pdata[i];

      switch (s->kind)
        {
        case STATEMENT_INCLUDE: follow (r, file, s); break;
        case STATEMENT_OPTION: add_value (r, stack[depth], file, s); break;
        case STATEMENT_BEGIN:
          stack[++depth] = conf_node_new (s->option->section, s->title, file, s->line);
          break;
        case STATEMENT_END:
          finish (r, stack[depth], s->option->name);
          add_section (r, stack[depth - 1], s->option, stack[depth]);
          depth--;
          break;
        }
    }
}

/* --- files ----------------------------------------------------------------- */

static GBytes *
file_bytes (const char *name, GError **error)
{
  struct stat st;
  char *bytes;
  gsize size;

  if (stat (name, &st) == 0 && !S_ISREG (st.st_mode))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s is not a file", name);
      return NULL;
    }
  if (stat (name, &st) == 0 && st.st_size > CONF_MAX_BYTES)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s is longer than %d bytes", name,
                   CONF_MAX_BYTES);
      return NULL;
    }
  if (!g_file_get_contents (name, &bytes, &size, error))
    return NULL;
  return g_bytes_new_take (bytes, size);
}

static GBytes *
text_of (Reader *r, const char *name, GError **error)
{
  if (r->names == NULL)
    return file_bytes (name, error);
  for (guint i = 0; r->names[i] != NULL; i++)
    if (strcmp (r->names[i], name) == 0)
      return g_bytes_ref (r->texts[i]);
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "there is no %s", name);
  return NULL;
}

static bool
contains (const GPtrArray *names, const char *name)
{
  for (guint i = 0; i < names->len; i++)
    if (strcmp (names->pdata[i], name) == 0)
      return true;
  return false;
}

/* Read NAME, which FROM includes on LINE; FROM is NULL for the first. */
static void
read_file (Reader *r, const char *name, const char *from, int line)
{
  g_autoptr (GError) error = NULL;
  const char *refusal = NULL;

  if (contains (r->open, name))
    refusal = "includes itself; remove this include";
  else if (contains (r->conf->files, name))
    refusal = "is included a second time; remove one of the includes";
  else if (r->open->len >= CONF_MAX_DEPTH || r->conf->files->len >= CONF_MAX_FILES)
    refusal = "is one file too many; put several into one";
  if (refusal != NULL)
    {
      conf_mistake (r->mistakes, from, line, "%s %s", name, refusal);
      return;
    }

  g_autoptr (GBytes) bytes = text_of (r, name, &error);

  if (bytes == NULL)
    {
      conf_mistake (r->mistakes, from != NULL ? from : name, line,
                    "cannot read: %s; check the name and who may read it", error->message);
      r->broken = true;
      return;
    }
  char *file = g_strdup (name);
  g_ptr_array_add (r->conf->files, file);
  g_ptr_array_add (r->conf->bytes, g_bytes_ref (bytes));
  g_ptr_array_add (r->open, file);

  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  const ConfOption *schema = r->conf->root->schema;
  g_autoptr (ConfScan) scan = conf_scan (file, text != NULL ? text : "", size, schema, r->mistakes);

  if (!scan->broken && !conf_parse_values (file, scan, schema, r->mistakes))
    scan->broken = true;
  if (!scan->broken)
    build (r, file, scan);
  else
    {
      r->broken = true;
      for (guint i = 0; i < scan->statements->len; i++)
        if (((Statement *) scan->statements->pdata[i])->kind == STATEMENT_INCLUDE)
          follow (r, file, scan->statements->pdata[i]);
    }
  g_ptr_array_set_size (r->open, r->open->len - 1);
}

static Conf *
read_all (Reader *r, const char *name, const ConfOption *schema, GError **error)
{
  g_autoptr (Conf) conf = g_new0 (Conf, 1);
  g_autoptr (GPtrArray) mistakes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) open = g_ptr_array_new ();

  conf->files = g_ptr_array_new_with_free_func (g_free);
  conf->bytes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  conf->root = conf_node_new (schema, NULL, NULL, 1);
  r->conf = conf;
  r->mistakes = mistakes;
  r->open = open;
  read_file (r, name, NULL, 0);
  conf->root->file = conf->files->len > 0 ? conf->files->pdata[0] : "";
  finish (r, conf->root, "the file");
  g_ptr_array_add (conf->files, NULL);
  return conf_no_mistakes (mistakes, error) ? g_steal_pointer (&conf) : NULL;
}

Conf *
conf_read (const char *file, const ConfOption *schema, GError **error)
{
  Reader r = { .includes = true };

  return read_all (&r, file, schema, error);
}

Conf *
conf_parse (const char *name, const char *text, const ConfOption *schema, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  Reader r = { .names = (const char *const[]){ name, NULL }, .texts = (GBytes *const[]){ bytes } };

  return read_all (&r, name, schema, error);
}

Conf *
conf_read_files (const char *const *names, GBytes *const *texts, const ConfOption *schema,
                 GError **error)
{
  Reader r = { .names = names, .texts = texts, .includes = true };

  g_assert (names[0] != NULL);
  return read_all (&r, names[0], schema, error);
}
