/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whose work goes to whom: the open cases of somebody who leaves go to whoever of the others has
 * the fewest.
 */
#include <string.h>

#include "base/error.h"
#include "engine/run-session.h"

static bool
has_role (const char *roles, const char *role)
{
  g_auto (GStrv) list = g_strsplit (roles != NULL ? roles : "", " ", -1);

  return g_strv_contains ((const char *const *) list, role);
}

/* Of those who may hold cases, who has the fewest; the first in the roster of several. */
static const ProgramPerson *
heir (const Program *program, GHashTable *roles, GHashTable *loads)
{
  const ProgramPerson *found = NULL;
  int least = G_MAXINT;

  for (guint i = 0; program->owner != NULL && i < program->people->len; i++)
    {
      const ProgramPerson *person = program->people->pdata[i];
      int load = GPOINTER_TO_INT (g_hash_table_lookup (loads, person->address));

      if (person->away || load >= least
          || !has_role (g_hash_table_lookup (roles, person->address), program->owner))
        continue;
      found = person;
      least = load;
    }
  return found;
}

static bool
give (Run *run, gint64 id, const char *to, GError **error)
{
  const Program *program;
  g_autoptr (Case) c = run_load (run, id, &program, error);
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  CaseEvent event = { .name = "assign", .value = to, .message = run->message_id };

  if (c == NULL || !case_step (program, c, &event, run->at, changes, error)
      || !run_save (run, c, changes, error))
    return false;
  OutboxNotice notice = run_notice (run, program, c);
  notice.cause = NULL;
  notice.cause_sha256 = NULL;
  return run_notices (run, program, c, changes, &notice, error);
}

bool
run_can_hand_over (const Run *run, GHashTable *roles, const char *address, GError **error)
{
  const Program *program = run->office->definition->program;
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) cases = case_of_owner (run->office->store, address, error);

  if (cases == NULL)
    return false;
  return cases->len == 0 || heir (program, roles, none) != NULL
         || error_refuse (
           error, "%s holds open cases, and nobody else may: give somebody the role '%s' first",
           address, program->owner);
}

bool
run_hand_over (Run *run, GHashTable *roles, const char *address, guint *n, const char **to,
               GError **error)
{
  g_autoptr (GArray) cases = case_of_owner (run->office->store, address, error);
  g_autoptr (GHashTable) loads = cases != NULL ? case_loads (run->office->store, error) : NULL;

  if (loads == NULL)
    return false;
  for (guint i = 0; i < cases->len; i++)
    {
      const ProgramPerson *person = heir (run->office->definition->program, roles, loads);

      g_assert (person != NULL); /* run_can_hand_over() has looked */
      if (!give (run, g_array_index (cases, gint64, i), person->address, error))
        return false;
      g_hash_table_insert (
        loads, g_strdup (person->address),
        GINT_TO_POINTER (GPOINTER_TO_INT (g_hash_table_lookup (loads, person->address)) + 1));
      *to = person->name;
      (*n)++;
    }
  return true;
}
