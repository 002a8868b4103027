/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a member of staff wrote: words for the applicant, commands, or both.
 *
 * Lines that begin with '/' are commands; lines below a command that takes words belong to it; what
 * stands before the first command is for the applicant.  A message in which any command does not
 * parse, or whose first line only looks like a command, has no words for anybody: nothing of it may
 * be passed on.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "calendar/calendar.h"
#include "message/message.h"

#define COMMAND_OFF "off" /* the value of a command that takes back */

typedef struct {
  char *line;          /* as written, for the transcript */
  char *name;          /* "decide" */
  char *event;         /* "decide approve", "finding" */
  char *element, *value, *text; /* or NULL */
  bool has_span;
  Span span;
  gint64 due;          /* 0: none */
  gint64 date;         /* when something happened; 0: not said */
  char *party;         /* to which organization; NULL: not said */
  char *other;         /* number of another case; NULL: none is named */
  char *files;         /* names of files, with commas; NULL: none is named */
  char *since, *until; /* days, "2027-03-01"; NULL: not said */
  char *error;         /* why it does not parse, with the right form; or NULL */
} Command;

typedef struct {
  char *words;         /* for the applicant, or "" */
  GPtrArray *commands; /* Command */
  bool refused;        /* something looks like a command and is none: nothing may be relayed or
                        * done */
} CommandReading;

CommandReading *commands_read (const char *new_text, const Calendar *calendar);
/* Of what its sender wrote: nothing, where that is another's. */
CommandReading *commands_of (const Message *message, const Calendar *calendar);
void command_reading_free (CommandReading *reading);

typedef struct {
  const char *name, *syntax, *help;
} CommandHelp;

/* All commands, ends with { NULL }. */
const CommandHelp *command_help (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CommandReading, command_reading_free)
