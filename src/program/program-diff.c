/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What changes from one definition to another, rules and people.
 */
#include "program/program-private.h"

#include <string.h>

#define ROSTER "roster.conf"

/* The definition's files as a tree: the roster's, or all others. */
static Conf *
tree_of (const Program *program, bool roster, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new (), texts = g_ptr_array_new ();

  for (guint i = 0; i < program->files->len; i++)
    {
      const ProgramFile *file = program->files->pdata[i];

      if ((strcmp (file->name, ROSTER) == 0) != roster)
        continue;
      g_ptr_array_add (names, file->name);
      g_ptr_array_add (texts, file->bytes);
    }
  g_ptr_array_add (names, NULL);
  g_ptr_array_add (texts, NULL);
  return conf_read_files ((const char *const *) names->pdata, (GBytes *const *) texts->pdata,
                          roster ? roster_schema : program_schema, error);
}

static bool
compare (const Program *before, const Program *after, bool roster, GPtrArray *all, GError **error)
{
  g_autoptr (Conf) a = tree_of (before, roster, error),
                   b = a != NULL ? tree_of (after, roster, error) : NULL;

  if (b == NULL)
    return false;
  g_autoptr (GPtrArray) found = conf_diff (conf_root (a), conf_root (b));
  g_ptr_array_extend_and_steal (all, g_steal_pointer (&found));
  return true;
}

GPtrArray *
program_diff (const Program *before, const Program *after, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (conf_difference_free);
  bool people = before->has_roster && after->has_roster;

  if (!compare (before, after, false, all, error)
      || (people && !compare (before, after, true, all, error)))
    return NULL;
  return g_steal_pointer (&all);
}
