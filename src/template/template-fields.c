/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fields: what a template may name, made safe when it goes in.
 *
 * This is the program's one GObject type: template-glib iterates over a GListModel of objects and
 * reads their properties, so rows are objects and each name a row ever had is a property of the
 * class.  Names are the program's own, so their number is bounded.
 */
#include "template/template-internal.h"

#include <string.h>

/* Of a notice's fields most are empty: an empty text or list needs neither. */
typedef struct {
  bool list;
  char *text;       /* escaped for Markdown */
  GListStore *rows; /* of a list */
} Field;

struct TemplateFields {
  GObject parent;
  GHashTable *values;   /* name -> Field */
  TemplateFields *root; /* borrowed; itself when it is no row */
  GHashTable *wanted;   /* of the root: set of the only names that are kept; NULL: all are */
  const char *missing;  /* of the root: see template_fields_take_missing() */
};

typedef struct {
  GObjectClass parent;
} TemplateFieldsClass;

static GType template_fields_get_type (void);
G_DEFINE_TYPE (TemplateFields, template_fields, G_TYPE_OBJECT)

/* Property number - 1 -> name as the program spells it (GObject turns '_' into '-'). */
static GPtrArray *property_names;
G_LOCK_DEFINE_STATIC (property_names);

static void
field_free (gpointer data)
{
  Field *field = data;

  g_free (field->text);
  g_clear_object (&field->rows);
  g_free (field);
}

static const char *
property_name (guint id)
{
  G_LOCK (property_names);
  const char *name = g_ptr_array_index (property_names, id - 1);
  G_UNLOCK (property_names);
  return name;
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  TemplateFields *row = (TemplateFields *) object;
  const char *name = property_name (id);
  const Field *field = g_hash_table_lookup (row->values, name);

  if (field == NULL)
    row->root->missing = name;
  else if (G_VALUE_HOLDS_STRING (value))
    g_value_set_string (value, field->text != NULL ? field->text : "");
  else if (field->rows != NULL)
    g_value_set_object (value, field->rows);
}

static void
finalize (GObject *object)
{
  TemplateFields *fields = (TemplateFields *) object;

  g_hash_table_unref (fields->values);
  g_clear_pointer (&fields->wanted, g_hash_table_unref);
  G_OBJECT_CLASS (template_fields_parent_class)->finalize (object);
}

static void
template_fields_class_init (TemplateFieldsClass *class)
{
  G_OBJECT_CLASS (class)->get_property = get_property;
  G_OBJECT_CLASS (class)->finalize = finalize;
  property_names = g_ptr_array_new ();
}

static void
template_fields_init (TemplateFields *fields)
{
  fields->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, field_free);
  fields->root = fields;
}

/* A name of a row is a text or a list everywhere in the program, because it is one property. */
static void
install (GObjectClass *class, const char *name, bool list)
{
  g_autofree char *property = g_strconcat (NAME_PREFIX, name, NULL);

  G_LOCK (property_names);
  GParamSpec *spec = g_object_class_find_property (class, property);

  if (spec == NULL)
    {
      g_ptr_array_add (property_names, (gpointer) g_intern_string (name));
      spec = list ? g_param_spec_object (property, NULL, NULL, G_TYPE_LIST_STORE, G_PARAM_READABLE)
                  : g_param_spec_string (property, NULL, NULL, NULL, G_PARAM_READABLE);
      g_object_class_install_property (class, property_names->len, spec);
    }
  g_assert (list == (spec->value_type == G_TYPE_LIST_STORE));
  G_UNLOCK (property_names);
}

static bool
name_is_valid (const char *name)
{
  if (!g_ascii_isalpha (*name))
    return false;
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '_')
      return false;
  return true;
}

static Field *
put (TemplateFields *fields, const char *name, bool list)
{
  Field *field = g_new0 (Field, 1);

  g_assert (name_is_valid (name));
  field->list = list;
  if (fields->root != fields)
    install (G_OBJECT_GET_CLASS (fields), name, list);
  g_hash_table_replace (fields->values, g_strdup (name), field);
  return field;
}

TemplateFields *
template_fields_new (void)
{
  return g_object_new (template_fields_get_type (), NULL);
}

TemplateFields *
template_fields_new_for (const TemplateSet *set, const char *name, const char *lang)
{
  TemplateFields *fields = template_fields_new ();
  TemplateNotice *notice = template_set_find (set, name, lang);

  if (notice != NULL && template_notice_compile (set, notice, NULL))
    fields->wanted = g_hash_table_ref (notice->names);
  return fields;
}

static bool
is_wanted (const TemplateFields *fields, const char *name)
{
  GHashTable *wanted = fields->root->wanted;

  return wanted == NULL || g_hash_table_contains (wanted, name);
}

void
template_fields_free (TemplateFields *fields)
{
  if (fields != NULL)
    g_object_unref (fields);
}

/* --- making a value safe ---------------------------------------------------- */

/* Characters that turn the direction of writing can make a text read as another one. */
static bool
turns_direction (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool
ends_line (gunichar c)
{
  return c == '\n' || c == '\v' || c == '\f' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* A blank of any kind at the edge of a line would keep "**" around it from being emphasis, so that
 * a line has only ordinary ones, and those are stripped. */
char *
template_clean (const char *text, bool lines)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) out = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      const char *run = p;

      /* Most of most texts. */
      while (*p >= 0x20 && *p < 0x7f)
        p++;
      g_string_append_len (out, run, p - run);
      if (*p == '\0')
        break;
      gunichar c = g_utf8_get_char (p);

      if (c == '\r')
        c = p[1] == '\n' ? 0 : '\n';
      if (c == 0 || turns_direction (c))
        continue;
      if (ends_line (c))
        g_string_append_c (out, lines ? '\n' : ' ');
      else if (c == '\t' && lines)
        g_string_append_c (out, '\t');
      else if (g_unichar_iscntrl (c) || (!lines && g_unichar_isspace (c)))
        g_string_append_c (out, ' ');
      else
        g_string_append_unichar (out, c);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Escape what CommonMark or a GFM table could read as markup.  A backslash before any ASCII
 * punctuation is that character; only what can mean something is escaped, so that a template can
 * still compare ordinary values. */
static void
append_escaped (GString *out, const char *line)
{
  static const char always[] = "\\`*_{}[]()<>#!|~&$^";
  gsize digits = strspn (line, "0123456789");
  const char *list =
    digits > 0 && (line[digits] == '.' || line[digits] == ')') ? line + digits : NULL;

  if (strchr ("-+=:", *line) != NULL && *line != '\0')
    g_string_append_c (out, '\\');
  while (*line != '\0')
    {
      gsize plain = strcspn (line, always);

      if (list != NULL && list >= line && list < line + plain)
        plain = (gsize) (list - line);
      g_string_append_len (out, line, (gssize) plain);
      line += plain;
      if (*line == '\0')
        break;
      g_string_append_c (out, '\\');
      g_string_append_c (out, *line++);
      list = NULL;
    }
}

void
template_fields_set (TemplateFields *fields, const char *name, const char *value)
{
  Field *field = is_wanted (fields, name) ? put (fields, name, false) : NULL;

  if (field == NULL || value == NULL || *value == '\0')
    return;
  g_autofree char *clean = template_clean (value, false);
  g_autoptr (GString) text = g_string_new (NULL);

  append_escaped (text, g_strstrip (clean));
  field->text = g_string_free (g_steal_pointer (&text), FALSE);
}

void
template_fields_set_block (TemplateFields *fields, const char *name, const char *value)
{
  if (!is_wanted (fields, name))
    return;
  g_autofree char *clean = template_clean (value != NULL ? value : "", true);
  g_auto (GStrv) lines = g_strsplit (g_strstrip (clean), "\n", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  for (char **line = lines; *line != NULL; line++)
    {
      if (line != lines)
        g_string_append_c (text, MARK_LINE);
      append_escaped (text, g_strstrip (*line));
    }
  put (fields, name, false)->text = g_string_free (g_steal_pointer (&text), FALSE);
}

void
template_fields_set_literal (TemplateFields *fields, const char *name, const char *value)
{
  if (!is_wanted (fields, name))
    return;
  g_autofree char *clean = template_clean (value != NULL ? value : "", true);
  const char *start = clean + strspn (clean, "\n");

  g_strchomp (clean);
  if (*start != '\0')
    start = g_strdelimit (clean, "\n", MARK_LINE) + (start - clean);
  put (fields, name, false)->text =
    *start != '\0' ? g_strdup_printf ("%c%s%c", MARK_LITERAL, start, MARK_LITERAL) : g_strdup ("");
}

static Field *
list_of (TemplateFields *fields, const char *name)
{
  Field *field = g_hash_table_lookup (fields->values, name);

  return field != NULL && field->list ? field : put (fields, name, true);
}

TemplateFields *
template_fields_add_row (TemplateFields *fields, const char *name)
{
  g_autoptr (TemplateFields) row = template_fields_new ();
  Field *list = list_of (fields, name);

  row->root = fields->root;
  if (list->rows == NULL)
    list->rows = g_list_store_new (template_fields_get_type ());
  g_list_store_append (list->rows, row);
  return row; /* the list holds it */
}

bool
template_fields_set_list (TemplateFields *fields, const char *name)
{
  if (!is_wanted (fields, name))
    return false;
  list_of (fields, name);
  return true;
}

static void
collect_names (const TemplateFields *fields, const char *prefix, GPtrArray *names)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, fields->values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const Field *field = value;
      g_autofree char *path = g_strconcat (prefix, name, NULL),
                      *below = g_strconcat (path, ".", NULL);
      g_autoptr (TemplateFields) row =
        field->rows != NULL ? g_list_model_get_item (G_LIST_MODEL (field->rows), 0) : NULL;

      if (row != NULL)
        collect_names (row, below, names);
      g_ptr_array_add (names, g_steal_pointer (&path));
    }
}

static int
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
template_fields_names (const TemplateFields *fields)
{
  GPtrArray *names = g_ptr_array_new ();

  collect_names (fields, "", names);
  g_ptr_array_sort (names, by_text);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

/* --- for template-glib -------------------------------------------------------- */

/* An empty list is the empty text: false in {{if}}, nothing in {{for}}. */
static gboolean
resolve (TmplScope *scope, const gchar *name, TmplSymbol **symbol, gpointer data)
{
  const TemplateFields *fields = data;
  bool ours = g_str_has_prefix (name, NAME_PREFIX);
  const Field *field =
    ours ? g_hash_table_lookup (fields->values, name + strlen (NAME_PREFIX)) : NULL;

  if (field == NULL)
    return FALSE;
  *symbol = tmpl_symbol_new ();
  if (field->rows != NULL)
    tmpl_symbol_assign_object (*symbol, field->rows);
  else
    tmpl_symbol_assign_string (*symbol, field->text != NULL ? field->text : "");
  return TRUE;
}

TmplScope *
template_fields_scope (const TemplateFields *fields)
{
  TmplScope *scope = tmpl_scope_new ();

  tmpl_scope_set_resolver (scope, resolve, (gpointer) fields, NULL);
  return scope;
}

const char *
template_fields_take_missing (const TemplateFields *fields)
{
  TemplateFields *own = (TemplateFields *) fields; /* a note, not a value */

  return g_steal_pointer (&own->missing);
}
