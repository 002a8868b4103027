/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One change while it is recorded: what the files case-record*.c share.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "case/case-record.h"

typedef struct {
  StoreTxn *txn;
  const Case *c;
  const CaseChange *change;
  gint64 now;
  JsonObject *detail; /* of the journal line, filled by the function */
} CaseRecord;

/* The statement SQL, for the case. */
StoreStmt *case_record_query (const CaseRecord *r, const char *sql, GError **error);
/* A member of the journal line; nothing for NULL, "" and 0. */
void case_record_say (CaseRecord *r, const char *name, const char *value);
void case_record_say_int (CaseRecord *r, const char *name, gint64 value);

/* case-record-link.c */
bool case_record_link (CaseRecord *r, GError **error);
/* case-record-timer.c */
bool case_record_timer (CaseRecord *r, GError **error);
bool case_record_timer_status (CaseRecord *r, GError **error);
bool case_record_timer_moved (CaseRecord *r, GError **error);
