/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A message of staff in a case, while it is dealt with: what run-command.c and run-command-do.c
 * share; and what run-roster.c tells of its own in the same way.
 */
#pragma once

#include "engine/roster-proposal.h"
#include "engine/roster.h"
#include "engine/run.h"

typedef struct {
  char *text; /* for whoever wrote */
  bool done;  /* so far: when another line cannot be, none is */
} CommandResult;

/* RESULTS gets one; TEXT is taken. */
void command_result_add (GPtrArray *results, bool done, char *text);
void command_result_free (gpointer result);
/* Of a transcript: each command of READING with what became of it, then what RESULTS has beyond
 * these; ALL: it all happened.  OutboxLine, borrowed from both. */
GArray *command_result_lines (const CommandReading *reading, const GPtrArray *results, bool all);
/* The outcome of a message of commands that belongs to no case, and the answer to it: what became
 * of each, DONE when they all happened, and NO_WORDS when words stood beside them.  NO_RIGHT:
 * whoever nobody's work is for is told as well. */
bool run_transcript (Run *run, const CommandReading *reading, const GPtrArray *results, bool all,
                     const char *done, const char *no_words, bool no_right, GError **error);

/* Proposal P of the roster counts no more; TELL: whoever made it. */
bool run_roster_lapse (Run *run, const RosterProposal *p, bool tell, GError **error);
/* The commands of READING could happen, for whoever has RIGHT (borrowed): whether they do.  *WAITS:
 * they are proposed, and *RESULT (g_free()) says so; *AGREED: a proposal of somebody else that they
 * make happen, or NULL.  Refused (QEC_ERROR_PERMANENT) when the same person repeats what waits. */
bool run_roster_agree (Run *run, const CommandReading *reading, const ProgramRole *right,
                       RosterProposal **agreed, bool *waits, char **result, GError **error);
/* What P proposed has happened: who did is told. */
bool run_roster_agreed (Run *run, const RosterProposal *p, GError **error);
/* Somebody takes back what of the roster they proposed. */
bool run_roster_withdraw (Run *run, const CommandReading *reading, GError **error);

/* WHO is ACTION ("away", "back"), with the days and the deputy of COMMAND: the change of the
 * roster, which is yet to be kept, and into *RESULT (g_free()) what to tell of it.  ROWS: all
 * changes so far.  NULL: it cannot be (QEC_ERROR_PERMANENT). */
RosterRow *run_away_row (Run *run, const GPtrArray *rows, const ProgramPerson *who,
                         const char *action, const Command *command, char **result, GError **error);
/* Journal and keep ROW. */
bool run_roster_keep (Run *run, const RosterRow *row, GError **error);
/* Who stands in by ROW is told. */
bool run_away_tell (Run *run, const RosterRow *row, GError **error);

/* Files of a message that becomes a case, all or in part (run-split-files.c). */
typedef struct {
  GPtrArray *files;        /* CaseDocument: those that it may take along */
  bool chosen;             /* all of them go; else those that the new case asks for, and nobody
                            * else has */
  DocumentReading *taken;  /* what they are there; of a case that asks for no documents */
  GPtrArray *enclosed;     /* CaseDocument, or NULL */
  Case *from;              /* the case that had them, or NULL */
  gint64 message;
} SplitFiles;

/* The files of message ID as FROM (NULL: no case) has them; those that NAMES (NULL: nobody chose)
 * names.  M: the message, for files that no case has, or NULL.  Refused when it has no such
 * file. */
SplitFiles *split_files_find (const Case *from, gint64 id, const Message *m, const char *names,
                              GError **error);
/* What of them goes along to C, in which TEXT is written. */
void split_files_choose (SplitFiles *split, const Program *program, const Case *c, const char *text,
                         gint64 at);
/* They count in C, where they are saved, and no longer where they were. */
bool split_files_move (Run *run, const SplitFiles *split, const Case *c, const char *who,
                       GError **error);
/* What goes along, with commas, or ""; and what a transcript says of all of them.  g_free(). */
char *split_files_names (const SplitFiles *split);
char *split_files_said (const SplitFiles *split);
void split_files_free (SplitFiles *split);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SplitFiles, split_files_free)

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
  const char *search;      /* words to look for, or NULL */
  CaseContact *entered;    /* for whom the message was entered, or NULL; then */
  char *entered_text;      /* what they said, and */
  DocumentReading *documents; /* the files that came with it (run-entered.c) */
  GArray *crossed;         /* OutboxCrossed: what its author had not seen */
  const ProgramCaseType *split_type; /* a case of it is split off, or NULL; from */
  MessageRow *split_message; /* that message, with */
  char *split_text;        /* these words (run-split.c), and */
  SplitFiles *split_files; /* its files */
  bool proposed;           /* something waits for a second person now */
  bool no_right;           /* somebody asked for what is not theirs */
  char *not_signed;        /* why the signature of the message does not count; NULL */
} Session;

#define SEARCH_ONLY "what is found comes in a mail of its own: write /search, and nothing else"

/* Whom VALUE names: by address, or "anna" when one person of the roster begins so (anna@,
 * anna.meyer@); NULL: nobody, or several. */
const ProgramPerson *session_person (const Program *program, const char *value);
/* EVENT as the case's own, for whoever may command NAME. */
bool session_step (Session *s, const CaseEvent *event, const char *name, GError **error);
/* The case that COMMAND names beside its own, into *OTHER (case_relative_free()); NULL: it names
 * none.  *KIN: it is of the same organization. */
bool session_other (Session *s, const Command *command, CaseRelative **other, bool *kin,
                    GError **error);
/* COMMAND enters what a contact of the case said; and what the mails about that say, which borrow
 * QUESTIONS (OutboxQuestion). */
bool session_enter (Session *s, const Command *command, GError **error);
void session_entered_notice (Session *s, OutboxNotice *notice, GArray *questions);
void session_entered_clear (Session *s);
/* COMMAND splits off a case; once everything else of the message could be done, it is made. */
bool session_split (Session *s, const Command *command, GError **error);
bool session_split_do (Session *s, GError **error);
void session_split_clear (Session *s);
/* The command NAME, which is no event of the case, is theirs, and we are sure enough who they
 * are. */
bool session_has_sure_right (Session *s, const char *name, GError **error);
/* Refused with the types that TODAY has. */
bool session_no_such_type (const char *name, const Program *today, GError **error);
/* Of a TYPE with one-open the organization has none that is open; else refused with its number. */
bool session_none_open (Session *s, const ProgramCaseType *type, GError **error);
/* Every command on the copy; *ALL tells whether each could happen. */
bool session_do_all (Session *s, bool *all, GError **error);
/* PERSON, known as surely as HAVE, may write the command NAME, which is no event of a case, by the
 * definition PROGRAM; refused with what is missing. */
bool session_is_sure (const Program *program, const ProgramPerson *person, const char *name,
                      Assurance have, GError **error);
/* Beside COMMAND there is nothing in READING but which case or office it is for. */
bool session_is_alone (const CommandReading *reading, const Command *command);
/* PERSON may write the command NAME, by the definition PROGRAM. */
bool session_may_command (const Program *program, const ProgramPerson *person, const char *name);

/* run-heir.c.  ROLES: address -> the roles that people will have, separated by spaces.  Refused:
 * nobody can take over the open cases of ADDRESS. */
bool run_can_hand_over (const Run *run, GHashTable *roles, const char *address, GError **error);
/* All of them go to others, who are told; *N of them, *TO the name (borrowed) of who got the last.
 * After run_can_hand_over(). */
bool run_hand_over (Run *run, GHashTable *roles, const char *address, guint *n, const char **to,
                    GError **error);
