/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A form for people and their tools: as lines to fill in by reply, and as what its blank files are
 * made from.
 */
#include "base/json-add.h"
#include "base/words.h"
#include "program/program-private.h"

char *
program_form_lines (const ProgramForm *form, GHashTable *values)
{
  GString *text = g_string_new (NULL);

  for (char **line = form->authority; line != NULL && *line != NULL; line++)
    {
      g_autofree char *said = words_term (*line);

      g_string_append_printf (text, "%s\n", said);
    }
  if (text->len > 0)
    g_string_append_c (text, '\n');
  for (guint i = 0; i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];
      const char *value = values != NULL ? g_hash_table_lookup (values, field->name) : NULL;

      g_autofree char *label = words_term (field->label), *hint = words_term (field->hint);
      g_string_append (text, label);
      if (field->hint != NULL && field->hint[0] != '\0')
        g_string_append_printf (text, " (%s)", hint);
      g_string_append_printf (text, ": %s\n", value != NULL ? value : "");
    }
  return g_string_free (text, FALSE);
}

/* --- for contrib/make-forms ------------------------------------------------------- */

static void
add_limit (JsonBuilder *b, const char *name, bool has, double limit)
{
  json_builder_set_member_name (b, name);
  if (has)
    json_builder_add_double_value (b, limit);
  else
    json_builder_add_null_value (b);
}

static void
add_field (JsonBuilder *b, const ProgramField *field)
{
  json_builder_begin_object (b);
  json_add_string (b, "name", field->name);
  json_add_string (b, "label", field->label);
  json_add_string (b, "hint", field->hint);
  json_add_string (b, "kind", program_field_kinds[field->kind]);
  json_add_string (b, "tab", field->tab);
  json_builder_set_member_name (b, "required");
  json_builder_add_boolean_value (b, field->required);
  json_add_strv (b, "choices", field->choices);
  add_limit (b, "min", field->has_min, field->min);
  add_limit (b, "max", field->has_max, field->max);
  json_builder_end_object (b);
}

JsonNode *
program_forms_to_json (const Program *program)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();

  json_builder_begin_object (b);
  json_add_string (b, "program", program->title);
  json_add_string (b, "language", program->language);
  json_builder_set_member_name (b, "forms");
  json_builder_begin_array (b);
  for (guint i = 0; i < program->forms->len; i++)
    {
      const ProgramForm *form = program->forms->pdata[i];

      json_builder_begin_object (b);
      json_add_string (b, "name", form->name);
      json_add_string (b, "title", form->title);
      json_add_string (b, "edition", form->edition);
      json_add_strv (b, "authority", form->authority);
      json_add_strv (b, "blanks", form->blanks);
      json_builder_set_member_name (b, "fields");
      json_builder_begin_array (b);
      for (guint k = 0; k < form->fields->len; k++)
        add_field (b, form->fields->pdata[k]);
      json_builder_end_array (b);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  json_builder_end_object (b);
  return json_builder_get_root (b);
}
