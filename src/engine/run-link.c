/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The case that a command names beside its own, and what that one's history says of it.
 */
#include <string.h>

#include "base/error.h"
#include "engine/run-session.h"

bool
session_other (Session *s, const Command *command, CaseRelative **other, bool *kin, GError **error)
{
  g_autoptr (GError) inner = NULL;

  *other = NULL;
  *kin = false;
  if (command->other == NULL)
    return true;
  g_autoptr (Case) c = case_find (s->run->office->store, command->other, &inner);
  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  if (c == NULL)
    return error_refuse (error, "there is no case %s", command->other);
  *kin = c->organization == s->c->organization;
  *other = case_relative_new (c->id, c->parent, c->ref, c->type, c->state, c->open);
  return true;
}

static bool
tell_other (Run *run, const Case *c, const CaseChange *change, GError **error)
{
  g_autoptr (Case) other = case_load (run->office->store, change->number, error);
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  CaseChange *there = g_new0 (CaseChange, 1);

  there->kind = change->kind;
  there->number = c->id;
  there->name = g_strdup (c->ref);
  there->value = g_strdup (strcmp (change->value, "joined") == 0 ? "took-in" : change->value);
  there->who = g_strdup (change->who);
  g_ptr_array_add (changes, there);
  return other != NULL && run_save (run, other, changes, error);
}

bool
run_links (Run *run, const Case *c, const GPtrArray *changes, GError **error)
{
  for (guint i = 0; i < changes->len; i++)
    if (((const CaseChange *) changes->pdata[i])->kind == CHANGE_LINK
        && !tell_other (run, c, changes->pdata[i], error))
      return false;
  return true;
}
