/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the files that recognize documents.
 */
#pragma once

#include "triage/triage-documents.h"

typedef struct {
  const Program *program;
  const ProgramEdition *edition;
  const char *group;           /* of the case's state, or NULL */
  const Case *c;
  GPtrArray *lines;            /* Line */
  gint64 at;                   /* the time they count as */
  DocumentReading *reading;
} DocumentRecognition;

typedef struct {
  const ProgramElement *element;
  const ProgramDocument *document;
  const char *party;           /* whose, of one asked per party; "": the organization's own */
} DocumentMatch;

/* "Is this A or B?", MATCHES being DocumentMatch, at least one. */
char *document_ask_which (const GArray *matches, const char *file);
/* FILE is M, but of which of the organizations? */
char *document_ask_whose (const DocumentRecognition *r, const DocumentMatch *m, const char *file);
/* FILE is M but of another type than is taken. */
char *document_ask_type (const DocumentMatch *m, const char *file, const char *sniffed);
