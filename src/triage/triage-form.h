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
  bool there;           /* one of the sources is this form */
} FormReading;

/* From the lines of TEXT; from MESSAGE with its files. */
FormReading *form_read (const ProgramForm *form, const char *text, const FormContext *context);
FormReading *form_read_message (const ProgramForm *form, const Message *message,
                                const FormContext *context);
void form_reading_free (FormReading *reading);
/* Whether it is this form, blank or not, rather than words that happen to look like a line of
 * it. */
bool form_is_there (const ProgramForm *form, const FormReading *reading);
/* Forms share labels ("Your email"): whether READING has more of its form than BEST (NULL: there is
 * none yet) of another; of two alike, the shorter form is meant. */
bool form_fits_better (const FormReading *reading, const FormReading *best);

/* A glance before form_read(): the word each line of TEXT begins with (char *), and whether FORM
 * can be there in lines that begin so.  form_is_there() is never true of lines of which this is
 * false. */
GPtrArray *form_line_words (const char *text);
bool form_may_be_there (const ProgramForm *form, const GPtrArray *line_words);

/* Whether VALUE is a yes or a no in a language people answer in; *CANONICAL gets "yes" or "no"
 * (g_free()). */
bool form_is_yes_no (const char *value, char **canonical);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FormReading, form_reading_free)
