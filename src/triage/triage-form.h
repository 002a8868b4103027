/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forms filled in by reply: "Label: value" lines, in any order, quoted, out of HTML tables, with
 * labels as people write them; or as a PDF form or workbook attached.  All ways give the same
 * reading, and where they contradict each other, the sender is asked.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "case/case.h"
#include "identity/identity.h"
#include "message/message.h"
#include "program/program.h"

/* What an answer may have to agree with. */
typedef struct {
  gint64 at;                /* the time the message counts as */
  const Program *program;
  const Case *c;            /* the case it came in; NULL: none yet */
  const Options *options;   /* whose own addresses are nobody else's; NULL: not asked */
} FormContext;

typedef struct {
  const ProgramForm *form;
  GHashTable *values;   /* field name -> value, trimmed, checked; absent when empty or wrong */
  GPtrArray *problems;  /* char *: one sentence a problem, naming the field by its label */
  guint n_labels;       /* labels of the form that were seen, in the source that has most */
  guint n_values;       /* answers in all sources, right or wrong */
  guint n_files;        /* files that are this form and not blank: filled in, or of no use */
  bool there;           /* one of the sources is this form, blank or not */
} FormReading;

/* Whether a form is looked for. */
typedef bool (*FormAsked) (const ProgramForm *form, gconstpointer data);

/* The form of the program that MESSAGE brings, filled in, in its lines or its files, of those that
 * ASKED says yes to: of several the one that fits best.  NULL: none. */
FormReading *form_find (const Message *message, const FormContext *context, FormAsked asked,
                        gconstpointer data);
void form_reading_free (FormReading *reading);
/* Whether VALUE is a yes or a no in a language people answer in; *CANONICAL gets "yes" or "no"
 * (g_free()). */
bool form_is_yes_no (const char *value, char **canonical);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FormReading, form_reading_free)
