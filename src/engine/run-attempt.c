/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An input of our own (a date that has come, what became of a mail) in a transaction of its own,
 * done whatever our definition says.
 */
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "engine/run.h"

/* Errors that would come again each time, and only for this input: a template that does not fit, an
 * address that is none. */
static bool
is_of_the_input (const GError *error)
{
  return g_error_matches (error, QEC_ERROR, QEC_ERROR_CONFIG)
         || g_error_matches (error, QEC_ERROR, QEC_ERROR_INVALID);
}

static bool
attempt_twice (Run *run, const char *kind, RunAttempt attempt, gpointer data, GError **error)
{
  g_autoptr (GError) inner = NULL;

  run->txn = store_begin (run->office->store, error);
  if (run->txn == NULL)
    return false;
  if (attempt (run, NULL, data, &inner))
    return true;
  if (!is_of_the_input (inner))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  log_event (LOG_ERR, "input.trouble", LOG_STR ("kind", kind), LOG_STR ("why", inner->message));
  g_clear_pointer (&run->txn, store_txn_free);
  run->txn = store_begin (run->office->store, error);
  return run->txn != NULL && attempt (run, inner->message, data, error);
}

bool
run_attempt (Run *run, const char *kind, RunAttempt attempt, gpointer data, GError **error)
{
  bool good = attempt_twice (run, kind, attempt, data, error);
#ifdef ENABLE_FAULT_POINTS
  g_autofree char *before = g_strconcat (kind, ".before-commit", NULL),
                  *after = g_strconcat (kind, ".committed", NULL);
#endif

  fault_point (before);
  good = good && store_commit (run->txn, error);
  g_clear_pointer (&run->txn, store_txn_free);
  if (good)
    fault_point (after);
  return good;
}
