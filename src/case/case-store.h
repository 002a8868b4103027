/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases in the database: read whole, written change by change, each change with its line in the
 * journal.
 *
 * A function that looks for one row answers NULL without error when there is none.
 */
#pragma once

#include "case/case.h"
#include "store/store.h"

Case *case_load (Store *store, gint64 id, GError **error);
Case *case_find (Store *store, const char *ref, GError **error); /* "APP-2026-0001", without case */
/* *ID: 0 when there is none. */
bool case_id_of (Store *store, const char *ref, gint64 *id, GError **error);

/* *ID, when that case was joined with another one, becomes the case that goes on in its place,
 * however often that happened. */
bool case_goes_on_in (Store *store, gint64 *id, GError **error);

/* What the other cases of C's organization are, into C->related. */
bool case_load_related (Store *store, Case *c, GError **error);

/* Open cases of the organizations in which EMAIL is a contact: GArray of gint64, oldest first. */
GArray *case_of_contact (Store *store, const char *email, bool open_only, GError **error);
bool case_is_contact (Store *store, const char *email, bool *is, GError **error);

/* A new organization and its first contact. */
bool case_add_organization (StoreTxn *txn, const char *name, const char *address, const char *phone,
                            gint64 *id, GError **error);
bool case_add_contact (StoreTxn *txn, gint64 organization, const char *email, const char *name,
                       const char *phone, const char *language, GError **error);
/* The language EMAIL gets mail in wherever it is a contact, the newest first; "": nobody said. Free
 * with g_free(). */
bool case_language_of (Store *store, const char *email, char **language, GError **error);

/* Insert C (type, definition, edition, state, organization are set), number it within PREFIX and
 * YEAR, set its id and ref. */
bool case_insert (StoreTxn *txn, Case *c, const char *prefix, int year, GError **error);

/* Write CHANGES (CaseChange) of C, and C's own row, caused by INPUT at NOW. */
bool case_save (StoreTxn *txn, const Case *c, const GPtrArray *changes, gint64 input, gint64 now,
                GError **error);

/* How many open cases each person holds: address -> GINT_TO_POINTER (n). */
/* Its open cases, by id (gint64). */
GArray *case_of_owner (Store *store, const char *owner, GError **error);
GHashTable *case_loads (Store *store, GError **error);

/* The next timer due at or before NOW; false without error when none is. */
bool case_next_timer (Store *store, gint64 now, gint64 *case_id, gint64 *n, gint64 *due,
                      GError **error);
/* When the next timer of all is due, 0 when none runs. */
bool case_next_due (Store *store, gint64 *due, GError **error);

/* Every case / every timer, for lists: one call of ROW each. */
typedef bool (*CaseRow) (Store *store, gint64 id, gpointer data, GError **error);
bool case_each_open (Store *store, CaseRow each, gpointer data,
                     GError **error); /* of open cases only */
bool case_each (Store *store, CaseRow row, gpointer data, GError **error);

/* All timers of a case, ended ones too: GPtrArray of CaseTimer. */
GPtrArray *case_all_timers (Store *store, gint64 case_id, GError **error);

extern const char *const case_sql[], *const case_load_sql[];
