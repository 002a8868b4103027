/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of a message are: documents of elements, by a line that says so ("A1 letter:
 * file.pdf"), by file-name patterns, and by what they really contain.
 */
#pragma once

#include <glib.h>

#include "case/case.h"
#include "message/message.h"

typedef struct {
  char *file, *question;   /* the one line that settles it */
} DocumentQuestion;

typedef struct {
  GPtrArray *documents;    /* CaseDocument for the event "documents": n != 0 settles that unclear
                            * row */
  GPtrArray *questions;    /* DocumentQuestion, one an unclear file */
} DocumentReading;

/* The files of MESSAGE (row MESSAGE_ID), also the empty ones, as CaseDocument: what they are is not
 * said yet. */
GPtrArray *documents_of (const Message *message, gint64 message_id);
/* What FILES (CaseDocument, whose n is 0) are for case C in its state's group, by their names and
 * lines in TEXT. */
DocumentReading *documents_recognize (const Program *program, const Case *c, const char *text,
                                      const GPtrArray *files, gint64 at);
/* Files of MESSAGE (row MESSAGE_ID, which counts as AT) and lines in its new text, for case C in
 * its state's group. */
DocumentReading *documents_read (const Program *program, const Case *c, const Message *message,
                                 gint64 message_id, gint64 at);
void document_reading_free (DocumentReading *reading);
/* Add the questions about files that came earlier and are still unclear. */
void documents_ask_again (const Program *program, const Case *c, gint64 at,
                          DocumentReading *reading);
/* The question for a file that is unclear already. */
char *document_question (const Program *program, const Case *c, const char *file, gint64 at);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocumentReading, document_reading_free)
