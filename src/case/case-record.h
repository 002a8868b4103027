/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A change of a case as rows: what case_step() listed becomes the projection's rows and a line of
 * the journal.
 */
#pragma once

#include "case/case.h"
#include "store/store.h"

bool case_record (StoreTxn *txn, const Case *c, const CaseChange *change, gint64 input, gint64 now,
                  GError **error);
/* The case's own row: state, owner, whether it is open, its serial. */
bool case_record_row (StoreTxn *txn, const Case *c, GError **error);

extern const char *const case_record_sql[], *const case_record_timer_sql[],
                                              *const case_record_link_sql[];
