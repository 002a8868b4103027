/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers that must not come by mail: identifiers of people, by patterns of the definition.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "message/message.h"
#include "program/program.h"

/* The first identifier of NAMES (ends with NULL) that stands in the message: its subject, all its
 * text, its file names, the fields and cells of its documents; NULL: none.  What was found is not
 * given back, so that nobody can repeat it. */
const ProgramIdentifier *triage_identifier (const Program *program, char *const *names,
                                            const Message *message);
/* Whether one stands in TEXT. */
bool triage_identifier_in (const ProgramIdentifier *identifier, const char *text);
