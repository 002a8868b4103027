/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of store/ share: the connection itself.
 */
#pragma once

#include <sqlite3.h>

#include "store/store.h"

struct Store {
  sqlite3 *db;
  guint depth;       /* of transactions that are open */
  GHashTable *stmts; /* SQL text, by address -> StoreStmt */
};

/* A connection as SQLite gives it, with the FLAGS of sqlite3_open_v2(). */
Store *store_open_raw (const char *path, int flags, GError **error);
/* Whether it is a database of this program, with a schema this one knows: CONFIG where it is
 * not. */
bool store_is_ours (Store *store, GError **error);
bool store_execute (Store *store, const char *sql, GError **error);
/* What RC means while DOING; always false, for "return". */
bool store_set_error (Store *store, int rc, const char *doing, GError **error);
