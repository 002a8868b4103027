/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the files that read forms: what each source says, before they are put together.
 */
#pragma once

#include "triage/triage-form.h"

/* Fewer labels than this are words that happen to begin a line. */
#define FORM_LEAST_LABELS 3

/* What a source says about one field. */
typedef struct {
  const ProgramField *field;
  char *value;     /* first that was not empty */
  bool quoted;     /* it stood in quoted text */
  char *other;     /* a second, different one at the same level */
  bool under, apart; /* it begins in the line below its label, in the same quotation; below an
                      * empty line */
  bool stray;      /* it may be what follows the form: see form_source_lines() */
  bool seen;       /* the label, or a field of that name, is there */
  const DocumentSheet *tab; /* in a workbook: the tab it belongs on, or NULL when there is none
                             * of that name */
  char *place;     /* in a workbook: "Claims!B4"; else NULL */
  char *wrong;     /* why what stands there is no answer, for the sender; else NULL */
} FormSlot;

/* The lines of a mail, or one file. */
typedef struct {
  const ProgramForm *form;
  char *file;           /* its name; NULL: the mail itself */
  FormSlot *slots;      /* one a field of FORM */
  guint n_labels, n_values;
  bool named;           /* it says itself which form it is */
  GPtrArray *problems;  /* char *: about the file as a whole */
} FormSource;

FormSource *form_source_new (const ProgramForm *form, const char *file);
void form_source_free (FormSource *source);
/* Its answers, not its problems, are of no use. */
void form_source_forget (FormSource *source);
/* Count labels and values. */
void form_source_count (FormSource *source);
/* Whether it is this form rather than something that happens to look like a line of it. */
bool form_source_is_there (const FormSource *source);

/* triage-form-lines.c.  A form is filled in one way: where answers stand in their lines, a single
 * one that stands apart, below its label, is rather what the mail goes on with. */
FormSource *form_source_lines (const ProgramForm *form, const char *text);
/* Add a line to the answer TEXT of FIELD: to one line, with commas; where each line is an answer,
 * lines stay lines. */
void form_join (GString *text, const ProgramField *field, const char *line);
/* Fillers and emphasis around a value are not part of it. */
char *form_clean (const char *value);
/* Whether TEXT is a label of FIELD and nothing more. */
bool form_is_label (const ProgramField *field, const char *text);

/* From the lines of TEXT, whether or not it is there. */
FormReading *form_read (const ProgramForm *form, const char *text, const FormContext *context);
/* A glance before that: the word each line of TEXT begins with (char *), and whether FORM can be
 * there in lines that begin so.  It is never in lines of which this is false. */
GPtrArray *form_line_words (const char *text);
bool form_may_be_there (const ProgramForm *form, const GPtrArray *line_words);

/* FORM in the lines of MESSAGE, which begin with LINE_WORDS, and in the files with it; NULL: it is
 * in none of them. */
FormReading *form_read_message (const ProgramForm *form, const Message *message,
                                const GPtrArray *line_words, const FormContext *context);

/* triage-form-file.c: NULL when PART is not this form. */
FormSource *form_source_file (const ProgramForm *form, const MessagePart *part);

/* triage-form-check.c: the answer in one way of writing, or NULL with what is wrong about it, for
 * the sender. */
char *form_check (const FormSource *source, const FormSlot *slot, const FormContext *context,
                  char **problem);
/* An answer as it is shown in a sentence: its beginning, when it is long. */
#define FORM_SHOWN 200
char *form_shown (const char *value);
/* Whether anything is an answer. */
bool form_is_free_text (const ProgramField *field);
/* Whether an answer goes on over lines. */
bool form_has_lines (const ProgramField *field);
/* What needs the other answers too: a day that must not come before another. */
void form_check_days (const ProgramForm *form, const FormContext *context, FormReading *reading);
/* Whether two answers to FIELD are the same to a person. */
bool form_same (const ProgramField *field, const char *a, const char *b);
/* "Contact phone", or "Number of claims, report.xlsx Claims!B4", as it stands in sentences. */
char *form_where (const FormSource *source, const FormSlot *slot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FormSource, form_source_free)
