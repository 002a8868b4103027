/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Changes laid over the roster that was read.
 */
#include "program/program-private.h"

#include <string.h>

static gpointer
copy_person (gconstpointer data, gpointer unused)
{
  const ProgramPerson *from = data;
  ProgramPerson *to = g_new0 (ProgramPerson, 1);

  *to = *from;
  to->address = g_strdup (from->address);
  to->name = g_strdup (from->name);
  to->roles = g_strdupv (from->roles);
  to->certificates = g_strdupv (from->certificates);
  to->deputy = g_strdup (from->deputy);
  return to;
}

static gint
index_of (const GPtrArray *people, const char *address)
{
  for (guint i = 0; i < people->len; i++)
    if (strcmp (((const ProgramPerson *) people->pdata[i])->address, address) == 0)
      return (gint) i;
  return -1;
}

static void
change (GPtrArray *people, const ProgramRosterChange *c)
{
  gint at = index_of (people, c->address);
  ProgramPerson *person = at >= 0 ? people->pdata[at] : NULL;

  if (c->leaves)
    {
      if (at >= 0)
        g_ptr_array_remove_index (people, (guint) at);
      return;
    }
  if (c->away)
    {
      if (person == NULL)
        return;
      person->away = true;
      person->away_until = c->away_until;
      g_free (person->deputy);
      person->deputy = g_strdup (c->deputy != NULL && c->deputy[0] != '\0' ? c->deputy : NULL);
      return;
    }
  if (person == NULL)
    {
      person = g_new0 (ProgramPerson, 1);
      person->address = g_strdup (c->address);
      person->certificates = g_new0 (char *, 1);
      person->digest = true;
      g_ptr_array_add (people, person);
    }
  g_free (person->name);
  person->name = g_strdup (c->name);
  g_strfreev (person->roles);
  person->roles = g_strsplit (c->roles, " ", -1);
}

void
program_change_roster (Program *program, const ProgramRosterChange *changes, guint n)
{
  if (program->roster == NULL)
    program->roster = program->people;
  else
    g_ptr_array_unref (program->people);
  program->people = g_ptr_array_new_with_free_func (program_person_free);
  for (guint i = 0; i < program->roster->len; i++)
    g_ptr_array_add (program->people, copy_person (program->roster->pdata[i], NULL));
  for (guint i = 0; i < n; i++)
    change (program->people, &changes[i]);
}

/* Deputies that go round in a circle end after as many steps as there are people. */
const ProgramPerson *
program_stand_in (const Program *program, const ProgramPerson *person)
{
  for (guint i = 0; i < program->people->len; i++)
    {
      person = person->deputy != NULL ? program_person (program, person->deputy) : NULL;
      if (person == NULL || !person->away)
        return person;
    }
  return NULL;
}
