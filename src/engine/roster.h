/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The roster in force: the file, and over it what administrators changed by mail.
 */
#pragma once

#include "engine/office.h"

typedef struct {
  gint64 n;
  char *action, *address, *name, *roles, *by;
  gint64 message, at;
} RosterRow;

void roster_row_free (gpointer row);
/* All changes, in their order. */
GPtrArray *roster_rows (Store *store, GError **error);
bool roster_add (StoreTxn *txn, const RosterRow *row, GError **error);

/* PROGRAM has the people in force now. */
bool roster_apply (Office *office, Program *program, GError **error);
/* The same for all that OFFICE has in use, when there are changes that they lack: at the beginning of each transaction. */
bool roster_refresh (Office *office, GError **error);

extern const char *const roster_sql[];
