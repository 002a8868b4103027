/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the files that read commands.
 */
#pragma once

#include "triage/triage-command.h"

/* False, with MESSAGE as ERROR (QEC_ERROR_INVALID). */
bool command_invalid (GError **error, const char *message);
/* The words from FROM on, before TO.  Free with g_free(). */
char *command_join (char **arguments, guint from, guint to);

/* Whether WORD can be the address of somebody. */
bool command_is_address (const char *word);

/* Rows of the table that stand in files of their own: the N words of a line into COMMAND. */
bool command_read_away (Command *command, char **arguments, guint n, const Calendar *calendar,
                        GError **error);
bool command_read_remind (Command *command, char **arguments, guint n, const Calendar *calendar,
                          GError **error);
bool command_read_link (Command *command, char **arguments, guint n, const Calendar *calendar,
                        GError **error);
bool command_read_contact (Command *command, char **arguments, guint n, const Calendar *calendar,
                           GError **error);
bool command_read_ask_contact (Command *command, char **arguments, guint n,
                               const Calendar *calendar, GError **error);
bool command_read_language (Command *command, char **arguments, guint n, const Calendar *calendar,
                            GError **error);
bool command_read_roster (Command *command, char **arguments, guint n, const Calendar *calendar,
                          GError **error);
bool command_read_search (Command *command, char **arguments, guint n, const Calendar *calendar,
                          GError **error);
bool command_read_behalf (Command *command, char **arguments, guint n, const Calendar *calendar,
                          GError **error);
bool command_read_split (Command *command, char **arguments, guint n, const Calendar *calendar,
                         GError **error);
bool command_read_merge (Command *command, char **arguments, guint n, const Calendar *calendar,
                         GError **error);
bool command_read_party (Command *command, char **arguments, guint n, const Calendar *calendar,
                         GError **error);
