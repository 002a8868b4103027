/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The journal: what happened to the office (inputs) and what it did because of it (events).
 *
 * An input is a message, a timer that came due, the outcome of a delivery, or a new version of the
 * definition; replay feeds the inputs to the same code again and must get the same events.  Each
 * event is chained to the one before: its hash covers that one's hash and its own row, so that
 * nothing can be changed or left out unseen.
 */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>

#include "store/store.h"

typedef struct {
  gint64 id;
  char *kind;
  gint64 at;
  gint64 subject;
  char *detail;
} JournalInput;

typedef struct {
  gint64 id, input, case_id, at;
  char *kind, *detail, *hash;
} JournalEvent;

void journal_input_free (JournalInput *input);
void journal_event_free (JournalEvent *event);

/* DETAIL is taken (may be NULL: {}).  *ID gets the new row's. */
bool journal_input (StoreTxn *txn, const char *kind, gint64 at, gint64 subject, JsonObject *detail,
                    gint64 *id, GError **error);
bool journal_event (StoreTxn *txn, gint64 input, gint64 case_id, gint64 at, const char *kind,
                    JsonObject *detail, GError **error);

/* The row after ID, or NULL without error at the end. */
JournalInput *journal_next_input (Store *store, gint64 id, GError **error);
JournalEvent *journal_next_event (Store *store, gint64 id, GError **error);
/* Events of one case, or of one input: GPtrArray of JournalEvent. */
GPtrArray *journal_of_case (Store *store, gint64 case_id, GError **error);
GPtrArray *journal_of_input (Store *store, gint64 input, GError **error);
JournalInput *journal_input_of (Store *store, const char *kind, gint64 subject, GError **error);

/* The last event; *ID 0 and *HASH "" where there is none yet. */
bool journal_head (Store *store, gint64 *id, char **hash, GError **error);
/* Walk the chain.  *BROKEN gets the first event whose hash does not fit, or 0. */
bool journal_verify (Store *store, gint64 *n, gint64 *broken, GError **error);

/* Compact JSON text of OBJECT, keys in the order they were set.  OBJECT is taken. */
char *journal_text (JsonObject *object);
/* A member of a detail text, or NULL; free with g_free(). */
char *journal_member (const char *detail, const char *name);

extern const char *const journal_sql[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JournalInput, journal_input_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JournalEvent, journal_event_free)
