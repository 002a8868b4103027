/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The definition in force: rules, roster and templates as files, remembered in every version ever
 * used.
 *
 * A case keeps the rules it was opened under; roster, calendar and templates are always today's. So
 * that replay can go back, every file of every version lies in the archive and the table
 * definition_file says which version had which.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "knowledge/knowledge.h"
#include "sorting/sorting.h"
#include "program/program.h"
#include "store/archive.h"
#include "store/store.h"
#include "template/template.h"

typedef struct {
  char version[65];      /* SHA-256 over names and contents */
  GHashTable *files;     /* name -> SHA-256: "rules/program.conf", "roster.conf",
                          * "templates/receipt.md" */
  GHashTable *bytes;     /* name -> GBytes */
  Program *program;
  TemplateSet *templates;
  Knowledge *knowledge;  /* made when first asked; NULL until then */
  Sorting *sorting;      /* likewise */
} Definition;

/* Read what lies in the folders now; nothing is stored yet.  QEC_ERROR_CONFIG with every
 * mistake. */
Definition *definition_read (const char *rules, const char *roster, const char *templates,
                             GError **error);
void definition_free (Definition *definition);

/* Keep it in the archive and the table. */
bool definition_store (StoreTxn *txn, Archive *archive, const Definition *definition,
                       GError **error);
/* Put its files into the archive only (before the transaction that names them). */
bool definition_archive (Archive *archive, Definition *definition, GError **error);
/* A version from the archive, roster and templates included. */
Definition *definition_load (Store *store, const Archive *archive, const char *version,
                             GError **error);
/* Its rules and roster only, for whoever writes no mail: files and templates lack the rest. */
Definition *definition_load_rules (Store *store, const Archive *archive, const char *version,
                                   GError **error);
/* The rules of RULES with the roster and the calendar of TODAY: what a case pinned to RULES runs
 * under. */
Program *definition_combine (const Definition *rules, const Definition *today, GError **error);

extern const char *const definition_sql[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Definition, definition_free)
