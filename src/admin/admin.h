/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verbs of qecp, each a row of one table.
 *
 * Exit status: 0 done, or the answer is yes; 1 done, and the answer is no; 2 the call, the
 * configuration or the input is wrong; 3 the store or a server failed.  A verb prints nothing on
 * stdout before it is true.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include <json-glib/json-glib.h>

#include "case/case.h"
#include "engine/office.h"

enum { ADMIN_YES = 0, ADMIN_NO = 1, ADMIN_CALL = 2, ADMIN_STORE = 3 };

/* ARGV[0] is the verb; CONFIG the office's configuration file. */
typedef struct {
  const char *name, *arguments, *help;
  int (*run) (int argc, char **argv, const char *config);
} AdminVerb;

/* Ends with { NULL }. */
extern const AdminVerb admin_verbs[];

/* "qecp: MESSAGE" on stderr; the exit status its code stands for. */
int admin_error (const GError *error);
/* Parse the options of a verb; *STATUS is what to exit with when it answers false (help was shown:
 * 0). */
bool admin_options (int *argc, char ***argv, const GOptionEntry *entries, const char *arguments,
                    const char *summary, int *status);
/* The office with the definition that is in force in its database; without a reader unless
 * asked. */
Office *admin_office (const char *config, bool with_reader, GError **error);
/* A table whose columns fit: cells by rows, columns of N; the last one may be as long as it is. */
void admin_table (const char *const *head, guint n, const GPtrArray *cells);
char *admin_table_text (const char *const *head, guint n,
                        const GPtrArray *cells); /* the same, to be freed */
/* A list: ARRAY as JSON, or CELLS as a table, or NOTHING (may be NULL) when there are none. */
void admin_print_list (JsonArray *array, bool json, const char *const *head, guint n,
                       const GPtrArray *cells, const char *nothing);
/* JSON on stdout. */
void admin_print_json (JsonNode *node);
/* How far a long verb has come, on stderr, when that is a terminal; and nothing of it any more. */
void admin_progress (const char *what, gint64 done, gint64 of);
void admin_progress_end (void);
/* Whether journal and archive of OFFICE are whole; *EVENTS that fit, *FILES looked at.  FINDINGS
 * (char *) gets what is not. */
bool admin_check_office (Office *office, gint64 *events, gint64 *files, GPtrArray *findings,
                         GError **error);
/* What happened in C, in words; ALL: every event, as the journal has it.  The exit status. */
int admin_timeline (Office *office, const Case *c, const Program *program, bool all, bool json);
/* The same of EVENTS (JournalEvent), into a file or as JSON. */
void admin_timeline_text (FILE *out, const GPtrArray *events, const Program *program, bool all);
JsonNode *admin_timeline_json (const GPtrArray *events);
/* Everything about C into a folder or zip TO (NULL: a folder of the case's number); EVERYTHING:
 * also what is kept from mail. */
int admin_export (Office *office, const Case *c, const Program *program, const char *to,
                  bool everything, bool json);

/* Days until the office's key can sign no more; -1: it has none.  *WARNING: what to do something
 * about, or untouched. */
gint64 admin_key_days (const Options *options, gint64 now, char **warning);

int admin_init (int argc, char **argv, const char *config);
int admin_status (int argc, char **argv, const char *config);
int admin_fsck (int argc, char **argv, const char *config);
int admin_case (int argc, char **argv, const char *config);
int admin_explain (int argc, char **argv, const char *config);
int admin_held (int argc, char **argv, const char *config);
int admin_outbox (int argc, char **argv, const char *config);
int admin_timers (int argc, char **argv, const char *config);
int admin_knowledge (int argc, char **argv, const char *config);
int admin_roster (int argc, char **argv, const char *config);
int admin_keys (int argc, char **argv, const char *config);
int admin_backup (int argc, char **argv, const char *config);
int admin_restore (int argc, char **argv, const char *config);
int admin_rebuild (int argc, char **argv, const char *config);
int admin_replay (int argc, char **argv, const char *config);
