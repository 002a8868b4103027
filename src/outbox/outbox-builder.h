/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fields of one mail while they are filled: what the files outbox-fields*.c share.
 */
#pragma once

#include "outbox/outbox-private.h"

typedef struct {
  const OutboxNotice *n;
  const ProgramNotice *def;
  OutboxVoice voice;
  const Case *c;
  const ProgramCaseType *type;
  const ProgramState *state;
  const ProgramEdition *edition;
  TemplateFields *f;
} OutboxBuilder;

/* A plain value; one of the definition's own words, which is said in the language of the mail. */
void outbox_set (OutboxBuilder *b, const char *name, const char *value);
void outbox_set_term (OutboxBuilder *b, const char *name, const char *text);
/* A row of LIST; a SENTENCE (base/words.h) into ROW. */
TemplateFields *outbox_add_row (OutboxBuilder *b, const char *list);
void outbox_row_said (const OutboxBuilder *b, TemplateFields *row, const char *name,
                      const char *sentence);

/* outbox-fields-documents.c: documents that came, are unclear or missing; elements and findings;
 * what came when. */
void outbox_document_fields (OutboxBuilder *b);
/* outbox-fields-message.c: what came of a message: lines and results, commands, problems,
 * differences, articles, guesses. */
void outbox_message_fields (OutboxBuilder *b);
