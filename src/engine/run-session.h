/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A message of staff in a case, while it is dealt with: what run-command.c and run-command-do.c share.
 */
#pragma once

#include "engine/run.h"

typedef struct {
  char *text; /* for whoever wrote */
  bool done;  /* so far: when another line cannot be, none is */
} CommandResult;

void command_result_free (gpointer result);

typedef struct {
  Run *run;
  const Program *program;  /* the case goes by */
  const ProgramPerson *person;
  Case *c;                 /* the copy that changes */
  CommandReading *reading;
  GPtrArray *changes;
  GPtrArray *results;      /* CommandResult: one a command */
  GPtrArray *refused;      /* char *: who was to get a mail because of it, and did not */
  CaseActor actor;
  bool help, status;
  bool proposed;           /* something waits for a second person now */
  bool no_right;           /* somebody asked for what is not theirs */
  char *not_signed;        /* why the signature of the message does not count; NULL */
} Session;

/* TEXT is taken. */
void session_result (Session *s, bool done, char *text);
/* EVENT as the case's own, for whoever may command NAME. */
bool session_step (Session *s, const CaseEvent *event, const char *name, GError **error);
/* Every command on the copy; *ALL tells whether each could happen. */
bool session_do_all (Session *s, bool *all, GError **error);
/* PERSON may write the command NAME, by the definition PROGRAM. */
bool session_may_command (const Program *program, const ProgramPerson *person, const char *name);
