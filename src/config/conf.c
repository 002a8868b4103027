/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tree that reading made: its nodes and what they answer.
 */
#include "config/conf-private.h"

#include <string.h>

guint
conf_n_rows (const ConfOption *schema)
{
  guint n = 0;

  while (schema[n].name != NULL)
    n++;
  return n;
}

const ConfOption *
conf_find (const ConfOption *schema, const char *name)
{
  for (const ConfOption *o = schema; o->name != NULL; o++)
    if (strcmp (o->name, name) == 0)
      return o;
  return NULL;
}

const char **
conf_names (const ConfOption *schema)
{
  guint n = conf_n_rows (schema);
  const char **names = g_new0 (const char *, n + 1);

  for (guint i = 0; i < n; i++)
    names[i] = schema[i].name;
  return names;
}

ConfNode *
conf_node_new (const ConfOption *schema, const char *title, const char *file, int line)
{
  ConfNode *node = g_new0 (ConfNode, 1);
  guint n = conf_n_rows (schema);

  node->schema = schema;
  node->title = g_strdup (title);
  node->file = file;
  node->line = line;
  node->values = g_new0 (ConfValue, n + 1);
  node->sections = g_new0 (GPtrArray *, n + 1);
  return node;
}

void
conf_node_free (ConfNode *node)
{
  for (guint i = 0; node->schema[i].name != NULL; i++)
    {
      g_strfreev (node->values[i].texts);
      if (node->sections[i] != NULL)
        g_ptr_array_unref (node->sections[i]);
    }
  g_free (node->values);
  g_free (node->sections);
  g_free (node->title);
  g_free (node);
}

void
conf_free (Conf *conf)
{
  if (conf == NULL)
    return;
  conf_node_free (conf->root);
  g_ptr_array_unref (conf->files);
  g_ptr_array_unref (conf->bytes);
  g_free (conf);
}

const ConfNode *
conf_root (const Conf *conf)
{
  return conf->root;
}

const char *
conf_title (const ConfNode *node)
{
  return node->title;
}

const char *
conf_file (const ConfNode *node)
{
  return node->file;
}

int
conf_line (const ConfNode *node)
{
  return node->line;
}

static guint
row_of (const ConfNode *node, const char *name)
{
  const ConfOption *o = conf_find (node->schema, name);

  if (o == NULL)
    g_error ("the schema has no '%s'", name);
  return o - node->schema;
}

static const ConfValue *
value_of (const ConfNode *node, const char *name, ConfKind kind)
{
  guint row = row_of (node, name);

  g_assert (node->schema[row].kind == kind);
  return &node->values[row];
}

int
conf_option_line (const ConfNode *node, const char *option)
{
  int line = node->values[row_of (node, option)].line;

  return line > 0 ? line : node->line;
}

bool
conf_is_set (const ConfNode *node, const char *option)
{
  return node->values[row_of (node, option)].line > 0;
}

const char *
conf_string (const ConfNode *node, const char *option)
{
  const ConfValue *value = value_of (node, option, CONF_STRING);

  return value->texts != NULL ? value->texts[0] : NULL;
}

gint64
conf_int (const ConfNode *node, const char *option)
{
  return value_of (node, option, CONF_INT)->number;
}

bool
conf_bool (const ConfNode *node, const char *option)
{
  return value_of (node, option, CONF_BOOL)->number != 0;
}

const char *const *
conf_list (const ConfNode *node, const char *option)
{
  static const char *const none[] = { NULL };
  const ConfValue *value = value_of (node, option, CONF_LIST);

  return value->texts != NULL ? (const char *const *) value->texts : none;
}

guint
conf_n_sections (const ConfNode *node, const char *name)
{
  const GPtrArray *sections = node->sections[row_of (node, name)];

  return sections != NULL ? sections->len : 0;
}

const ConfNode *
conf_section (const ConfNode *node, const char *name, guint index)
{
  return index < conf_n_sections (node, name) ? node->sections[row_of (node, name)]->pdata[index]
                                              : NULL;
}

const char *const *
conf_files (const Conf *conf)
{
  return (const char *const *) conf->files->pdata;
}

GBytes *
conf_file_bytes (const Conf *conf, guint index)
{
  return conf->bytes->pdata[index];
}

/* --- help ------------------------------------------------------------------ */

static void
describe_value (GString *out, const ConfOption *o)
{
  static const char *const kinds[] = { "text", "number", "true|false", "{ text, ... }" };

  g_string_append_printf (out, "%s = ", o->name);
  if (o->words != NULL)
    g_string_append_printf (out, o->kind == CONF_LIST ? "{ %s, ... }" : "%s", o->words);
  else
    g_string_append (out, o->secret ? "path of a file" : kinds[o->kind]);
  if (o->kind == CONF_INT && o->max > o->min)
    g_string_append_printf (out, " from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, o->min, o->max);
  if (o->fallback != NULL)
    g_string_append_printf (out, " (default: %s)", *o->fallback != '\0' ? o->fallback : "empty");
}

/* ABOVE ends a schema that contains itself. */
static void
describe (GString *out, const ConfOption *schema, int indent, const GSList *above)
{
  const GSList here = { (gpointer) schema, (GSList *) above };

  for (const ConfOption *o = schema; o->name != NULL; o++)
    {
      g_string_append_printf (out, "%*s", indent, "");
      if (o->kind == CONF_SECTION)
        g_string_append_printf (out, "%s%s { }", o->name, o->titled ? " \"NAME\"" : "");
      else
        describe_value (out, o);
      g_string_append_printf (out, "%s\n", o->required ? " (required)" : "");
      if (o->help != NULL)
        g_string_append_printf (out, "%*s%s\n", indent + 6, "", o->help);
      if (o->kind == CONF_SECTION && g_slist_find ((GSList *) &here, o->section) == NULL)
        describe (out, o->section, indent + 4, &here);
    }
}

char *
conf_describe (const ConfOption *schema)
{
  GString *out = g_string_new (NULL);

  describe (out, schema, 0, NULL);
  return g_string_free (out, FALSE);
}
