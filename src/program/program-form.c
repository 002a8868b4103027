/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A form as lines to fill in by reply.
 */
#include "program/program.h"

char *
program_form_lines (const ProgramForm *form, GHashTable *values)
{
  GString *text = g_string_new (NULL);

  for (char **line = form->authority; line != NULL && *line != NULL; line++)
    g_string_append_printf (text, "%s\n", *line);
  if (text->len > 0)
    g_string_append_c (text, '\n');
  for (guint i = 0; i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];
      const char *value = values != NULL ? g_hash_table_lookup (values, field->name) : NULL;

      g_string_append (text, field->label);
      if (field->hint != NULL && field->hint[0] != '\0')
        g_string_append_printf (text, " (%s)", field->hint);
      g_string_append_printf (text, ": %s\n", value != NULL ? value : "");
    }
  return g_string_free (text, FALSE);
}
