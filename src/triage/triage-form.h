/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forms filled in by reply: "Label: value" lines, in any order, quoted, out of HTML tables, with labels as people
 * write them.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "program/program.h"

typedef struct {
  GHashTable *values;   /* field name -> value, trimmed, checked; absent when empty or wrong */
  GPtrArray *problems;  /* char *: one sentence a problem, naming the field by its label */
  guint n_labels;       /* labels of the form that were seen */
  guint n_values;       /* of them with something behind */
} FormReading;

FormReading *form_read (const ProgramForm *form, const char *text);
void form_reading_free (FormReading *reading);
/* Whether TEXT holds this form rather than words that happen to look like a line of it. */
bool form_is_there (const ProgramForm *form, const FormReading *reading);
/* The form to fill in, with what is known already; lines "Label (hint): value". */
char *form_blank (const ProgramForm *form, GHashTable *values);

/* Whether VALUE is a yes or a no in a language people answer in; *CANONICAL gets "yes" or "no" (g_free()). */
bool form_is_yes_no (const char *value, char **canonical);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FormReading, form_reading_free)
