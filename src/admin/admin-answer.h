/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases change by mail only: a verb that changes one writes the answer of somebody of the office to
 * a mail that only they got, and hands it to the office's own mailbox.  What the office makes of it
 * is told to that person by mail, so nobody is spoken for unseen.
 */
#pragma once

#include "engine/office.h"

typedef struct {
  const char *as;          /* whose answer it is, somebody of the roster */
  const char *asked;       /* Message-ID of the mail that is answered */
  const char *subject;     /* what the mail is about */
  const char *line;        /* the command */
} AdminAnswer;

/* *ID: the Message-ID of the answer; g_free(). */
bool admin_answer (Office *office, const AdminAnswer *answer, char **id, GError **error);
