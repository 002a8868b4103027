/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The roster in force: the file, over it what administrators changed by mail, and who is away
 * today.
 */
#pragma once

#include "engine/office.h"

typedef struct {
  gint64 n;
  char *action, *address, *name, *roles, *by;
  gint64 message, at;
  gint64 since, until;       /* days away, 20261201; of "back" SINCE is the day it was said */
  char *deputy;              /* who stands in, or "" */
  bool told;                 /* a digest has said what happened meanwhile */
} RosterRow;

void roster_row_free (gpointer row);
/* All changes, in their order. */
GPtrArray *roster_rows (Store *store, GError **error);
bool roster_add (StoreTxn *txn, const RosterRow *row, GError **error);
bool roster_told (StoreTxn *txn, gint64 n, GError **error);
/* The absence that ADDRESS came back from before the day of AT, when no digest has told of it; none
 * has to after this.  *WAS NULL: there is none; else to be freed with roster_row_free(). */
bool roster_is_back (StoreTxn *txn, const Program *program, const char *address, gint64 at,
                     RosterRow **was, GError **error);
/* The absence of ADDRESS that is in force on DAY, the latest said of several; NULL: they are here.
 * "back" ends those of its day, or, when there are none, whatever was to come. */
const RosterRow *roster_absence (const GPtrArray *rows, const char *address, gint64 day);

/* PROGRAM has the people in force now. */
bool roster_apply (Office *office, Program *program, GError **error);
/* The same for all that OFFICE has in use, when there are changes that they lack or the day is
 * another: at the beginning of each transaction. */
bool roster_refresh (Office *office, gint64 now, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RosterRow, roster_row_free)

extern const char *const roster_sql[];
