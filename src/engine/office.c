/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opening and closing an office, and changing its definition while it runs.
 */
#include "engine/office.h"

#include <string.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "engine/engine-evidence.h"
#include "engine/engine-seal.h"
#include "engine/roster.h"
#include "store/journal.h"

/* The name of a database in the making. */
#define DRAFT ".rebuild"

enum { GET, SET };

const char *const office_sql[] = {
  [GET] = "SELECT value FROM office WHERE name = :name",
  [SET] =
    "INSERT INTO office (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  NULL
};

char *
office_fact (Store *store, const char *name, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store, office_sql[GET], error);
  bool row;

  if (q == NULL)
    return NULL;
  store_bind_text (q, ":name", name);
  return store_step (q, &row, error) && row ? g_strdup (store_column_text (q, 0)) : NULL;
}

bool
office_set_fact (StoreTxn *txn, const char *name, const char *value, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), office_sql[SET], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":name", name);
  store_bind_text (q, ":value", value);
  return store_run (q, error);
}

static bool
open_reader (Office *office, GError **error)
{
  ReaderLimits limits = { .sandbox = strcmp (office->options->sandbox, "required") == 0
                                       ? SANDBOX_REQUIRED
                                       : SANDBOX_BEST_EFFORT };

  office->reader = reader_new (&limits, error);
  if (office->reader == NULL)
    return false;
  log_event (LOG_INFO, "reader.ready", LOG_STR ("sandbox", reader_sandbox (office->reader)));
  return true;
}

typedef enum { TO_LOOK, TO_RUN, TO_REMAKE } Use;

/* What a rebuild that died left is not worth keeping: the mail store still has all. */
static const char *
database_of (Office *office, Use use)
{
  if (use != TO_REMAKE)
    return office->options->database;
  office->draft = g_strconcat (office->options->database, DRAFT, NULL);
  store_remove (office->draft);
  return office->draft;
}

/* An office that lost its database must not seem, to itself or to who looks, to have none of its
 * cases and be in good order. */
static bool
may_make_database (const Office *office, Use use, GError **error)
{
  const char *path = office->options->database;

  if (use == TO_REMAKE || g_file_test (path, G_FILE_TEST_EXISTS)
      || (use == TO_RUN && archive_is_empty (office->archive)))
    return true;
  g_set_error (
    error, QEC_ERROR, QEC_ERROR_CONFIG,
    "%s: there is no database%s.  qecp restore puts a backup back, qecp rebuild makes it again "
    "from "
    "the mail; that of a new office is made by qecp init",
    path,
    archive_is_empty (office->archive) ? "" : ", and the archive is not empty, so there was one");
  return false;
}

static Office *
open_as (const char *config, bool with_reader, Use use, GError **error)
{
  g_autoptr (Office) office = g_new0 (Office, 1);

  office->options = options_read (config, error);
  if (office->options == NULL)
    return NULL;
  office->lock =
    use != TO_LOOK ? store_lock (office->options->database, use == TO_REMAKE, error) : NULL;
  if ((use != TO_LOOK && office->lock == NULL)
      || (use == TO_REMAKE && !store_is_free (office->options->database, error)))
    return NULL;
  /* The reader first: what it never had, no hostile message can take. */
  if (with_reader && !open_reader (office, error))
    return NULL;
  office->key = office_key_read (office->options->key_file, error);
  if (office->key == NULL)
    return NULL;
  log_set_personal (office_key_text (office->key), office->options->clear_log);
  office->archive = archive_open (office->options->archive, error);
  if (office->archive == NULL || !may_make_database (office, use, error))
    return NULL;
  office->store = store_open (database_of (office, use), error);
  if (office->store == NULL)
    return NULL;
  office->pinned =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) program_free);
  return g_steal_pointer (&office);
}

Office *
office_open (const char *config, bool with_reader, GError **error)
{
  return open_as (config, with_reader, TO_LOOK, error);
}

Office *
office_run (const char *config, bool with_reader, GError **error)
{
  return open_as (config, with_reader, TO_RUN, error);
}

Office *
office_remake (const char *config, GError **error)
{
  return open_as (config, true, TO_REMAKE, error);
}

bool
office_remade (Office *office, GError **error)
{
  g_clear_pointer (&office->store, store_close);
  if (!store_place (office->options->database, office->draft, error))
    return false;
  g_clear_pointer (&office->draft, g_free);
  return true;
}

void
office_free (Office *office)
{
  if (office == NULL)
    return;
  engine_evidence_forget (office);
  engine_seal_forget (office);
  g_clear_pointer (&office->pinned, g_hash_table_unref);
  definition_free (office->definition);
  store_close (office->store);
  if (office->draft != NULL)
    store_remove (office->draft);
  g_free (office->draft);
  store_lock_free (office->lock);
  archive_free (office->archive);
  reader_free (office->reader);
  office_key_free (office->key);
  options_free (office->options);
  g_free (office);
}

static JsonObject *
version_of (const Office *office)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "version", office->definition->version);
  return object;
}

bool
office_affirm (Office *office, StoreTxn *txn, gint64 now, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autofree char *last = office_fact (office->store, "definition", &inner);
  gint64 input;

  if (!roster_refresh (office, now, error))
    return false;
  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  if (g_strcmp0 (last, office->definition->version) == 0)
    return true;
  return journal_input (txn, "definition", now, 0, version_of (office), &input, error)
         && journal_event (txn, input, 0, now, "definition.adopted", version_of (office), error)
         && definition_store (txn, office->archive, office->definition, error)
         && office_set_fact (txn, "definition", office->definition->version, error);
}

/* A version that is not the last one journaled is an input like any other. */
static bool
journal_definition (Office *office, gint64 now, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autofree char *last = office_fact (office->store, "definition", &inner);

  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  if (g_strcmp0 (last, office->definition->version) == 0)
    return true;
  if (!office->replaying && !definition_archive (office->archive, office->definition, error))
    return false;
  fault_point ("definition.archived");

  g_autoptr (StoreTxn) txn = store_begin (office->store, error);
  return txn != NULL && office_affirm (office, txn, now, error) && store_commit (txn, error);
}

bool
office_adopt (Office *office, Definition *definition, gint64 now, GError **error)
{
  Definition *before = office->definition;

  office->roster_n = 0;
  office->definition = definition;
  if (!journal_definition (office, now, error))
    {
      office->definition = before;
      office->roster_n = 0;
      definition_free (definition);
      return false;
    }
  definition_free (before);
  g_hash_table_remove_all (office->pinned);
  return true;
}

bool
office_reload (Office *office, gint64 now, GError **error)
{
  const Options *o = office->options;

  engine_evidence_forget (office);
  Definition *fresh = definition_read (o->rules, o->roster, o->templates, error);

  return fresh != NULL && office_adopt (office, fresh, now, error);
}

const Program *
office_program (Office *office, const char *version, GError **error)
{
  if (strcmp (version, office->definition->version) == 0)
    return office->definition->program;
  Program *program = g_hash_table_lookup (office->pinned, version);
  if (program != NULL)
    return program;
  g_autoptr (Definition) old =
    definition_load_rules (office->store, office->archive, version, error);
  program = old != NULL ? definition_combine (old, office->definition, error) : NULL;
  if (program != NULL && !roster_apply (office, program, error))
    g_clear_pointer (&program, program_free);
  if (program != NULL)
    g_hash_table_insert (office->pinned, g_strdup (version), program);
  return program;
}
