/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-add.h"

void
json_add_string (JsonBuilder *b, const char *name, const char *value)
{
  json_builder_set_member_name (b, name);
  json_builder_add_string_value (b, value != NULL ? value : "");
}

void
json_add_int (JsonBuilder *b, const char *name, gint64 value)
{
  json_builder_set_member_name (b, name);
  json_builder_add_int_value (b, value);
}

void
json_add_bool (JsonBuilder *b, const char *name, bool value)
{
  json_builder_set_member_name (b, name);
  json_builder_add_boolean_value (b, value);
}

void
json_add_array (JsonBuilder *b, const char *name, const GPtrArray *values)
{
  json_builder_set_member_name (b, name);
  json_builder_begin_array (b);
  for (guint i = 0; i < values->len; i++)
    json_builder_add_string_value (b, values->pdata[i]);
  json_builder_end_array (b);
}

void
json_add_strv (JsonBuilder *b, const char *name, char *const *values)
{
  json_builder_set_member_name (b, name);
  json_builder_begin_array (b);
  for (char *const *value = values; value != NULL && *value != NULL; value++)
    json_builder_add_string_value (b, *value);
  json_builder_end_array (b);
}
