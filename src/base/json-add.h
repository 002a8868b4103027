/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A member and its value in one call, for everybody who writes a JSON document.
 */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>

/* NULL is "". */
void json_add_string (JsonBuilder *b, const char *name, const char *value);
void json_add_int (JsonBuilder *b, const char *name, gint64 value);
void json_add_bool (JsonBuilder *b, const char *name, bool value);
/* Of char *. */
void json_add_array (JsonBuilder *b, const char *name, const GPtrArray *values);
/* NULL-terminated; NULL is an empty list. */
void json_add_strv (JsonBuilder *b, const char *name, char *const *values);
