/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Changes of the roster that wait for a second person, and what of all that waits for one is over
 * next.
 */
#pragma once

#include "engine/office.h"

typedef struct {
  gint64 n;
  char *what, *by;           /* the commands, a line each; address */
  gint64 message, at, due;
} RosterProposal;

void roster_proposal_free (gpointer proposal);
/* Those that are open, in their order. */
GPtrArray *roster_proposals (Store *store, GError **error);
/* P is open; it gets its number. */
bool roster_proposal_add (StoreTxn *txn, RosterProposal *p, GError **error);
bool roster_proposal_end (StoreTxn *txn, gint64 n, const char *status, GError **error);

/* The next proposal that is over, of a case or (*CASE_ID 0) of the roster; *AT G_MAXINT64: there is
 * none. */
bool proposal_next (Store *store, gint64 *case_id, gint64 *n, gint64 *at, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RosterProposal, roster_proposal_free)

extern const char *const roster_proposal_sql[];
