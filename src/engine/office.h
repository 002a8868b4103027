/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An office: everything one instance works with, opened once.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "base/token.h"
#include "config/options.h"
#include "engine/definition.h"
#include "message/reader.h"
#include "signature/sealer.h"
#include "signature/signature.h"
#include "store/archive.h"
#include "store/store.h"

typedef struct {
  Options *options;
  StoreLock *lock;           /* who runs an office has it; NULL */
  char *draft;               /* the new database, until it is in its place; or NULL */
  OfficeKey *key;
  Store *store;
  Archive *archive;
  Reader *reader;            /* NULL where no mail is read */
  Definition *definition;    /* in force */
  GHashTable *pinned;        /* version -> Program: its rules with today's roster and calendar */
  Verifier *verifier;        /* NULL until something signed arrives (engine-evidence.c) */
  GHashTable *verdicts;      /* of documents seen lately; NULL */
  Sealer *sealer;            /* NULL until something is to be signed or encrypted (engine-seal.c) */
  gint64 key_looked;         /* when its own key was last looked at (engine-key.c) */
  gint64 roster_n, roster_day; /* the last change of the roster that they have, and the day they
                                * are of (roster.c) */
  bool replaying;
  bool has_committed;        /* messages since it was opened */
  bool (*go_on) (gpointer data); /* asked between two messages: false when we are to stop; NULL:
                                  * always on */
  gpointer go_on_data;
} Office;

/* Open the office of CONFIG, to look at it.  The reader is forked before the database is opened.
 * CONFIG: there is no database. */
Office *office_open (const char *config, bool with_reader, GError **error);
/* The same, to run it: nobody can make its database again meanwhile (TRANSIENT: somebody does), and
 * a new office's is made. */
Office *office_run (const char *config, bool with_reader, GError **error);
/* An office with a new database, a file beside the place of the configured one, where nothing may
 * be (CONFIG), to be put there by office_remade().  TRANSIENT: somebody runs the office. */
Office *office_remake (const char *config, GError **error);
/* The new database is whole; it is closed, and nothing can be done with OFFICE any more. */
bool office_remade (Office *office, GError **error);
void office_free (Office *office);

/* Put DEFINITION in force (takes it); journals a new version as an input at NOW. */
bool office_adopt (Office *office, Definition *definition, gint64 now, GError **error);
/* The journal's last definition is the one in force here, whatever the other worker has read
 * meanwhile: to be called at the beginning of each transaction that decides by it. */
bool office_affirm (Office *office, StoreTxn *txn, gint64 now, GError **error);
/* Read rules, roster and templates anew; on error the old ones stay in force. */
bool office_reload (Office *office, gint64 now, GError **error);
/* The program a case opened under VERSION runs by; borrowed. */
const Program *office_program (Office *office, const char *version, GError **error);

/* Small facts (table office); NULL without error when unset. */
char *office_fact (Store *store, const char *name, GError **error);
bool office_set_fact (StoreTxn *txn, const char *name, const char *value, GError **error);

/* The SHA-256 of every file of the archive that the database speaks of: messages, mails, every
 * version of the definition; char *, in order, each once. */
GPtrArray *archived_names (Store *store, GError **error);

extern const char *const office_sql[];
extern const char *const archived_sql[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Office, office_free)
