/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which people of the office get a notice: who is here, who stands in for who is away, and somebody else when nobody would see it.
 */
#include "outbox/outbox-private.h"

/* The mail of one notice to people of the office, on its way. */
typedef struct {
  StoreTxn *txn;
  const OutboxNotice *n;
  const ProgramNotice *def;
  const char *name;
  GHashTable *done;  /* addresses */
  const ProgramPerson *instead_of; /* whom people see it for who would not get it; NULL */
  guint here;        /* how many who are here got it by the last role */
} Round;

static bool
write_person (Round *r, const ProgramPerson *person, const ProgramPerson *instead_of, GError **error)
{
  OutboxNotice notice = *r->n;

  notice.instead_of = instead_of;
  r->here += person->away ? 0 : 1;
  return !g_hash_table_add (r->done, g_strdup (person->address))
         || outbox_write_as (r->txn, &notice, r->def, r->name, person->address, person->name, error);
}

/* Who is here and has ROLE (NULL: any), then who stands in for somebody who has it. */
static bool
write_here (Round *r, const char *role, GError **error)
{
  const Program *program = r->n->program;

  r->here = 0;
  for (int away = 0; away < 2; away++)
    for (guint i = 0; i < program->people->len; i++)
      {
        const ProgramPerson *person = program->people->pdata[i], *to = person->away ? program_stand_in (program, person) : person;

        if (person->away == (away == 1) && to != NULL && (role == NULL || program_person_has_role (person, role))
            && !write_person (r, to, person->away ? person : r->instead_of, error))
          return false;
      }
  return true;
}

/* AWAY got it, and nobody is here for it: somebody else is to see it. */
static bool
write_somebody (Round *r, const ProgramPerson *away, GError **error)
{
  const char *role = r->n->program->escalate;

  r->instead_of = away;
  return (role == NULL || write_here (r, role, error)) && (r->here > 0 || write_here (r, NULL, error));
}

bool
outbox_write_to_role (StoreTxn *txn, const OutboxNotice *n, const ProgramNotice *def, const char *name, const char *role,
               GHashTable *done, GError **error)
{
  Round r = { txn, n, def, name, done, NULL, 0 };
  const ProgramPerson *away = NULL;

  if (!write_here (&r, role, error))
    return false;
  if (r.here > 0)
    return true;
  for (guint i = 0; i < n->program->people->len; i++)
    {
      const ProgramPerson *person = n->program->people->pdata[i];

      if (!program_person_has_role (person, role))
        continue;
      away = away == NULL ? person : away;
      if (!write_person (&r, person, NULL, error))
        return false;
    }
  return away == NULL || write_somebody (&r, away, error);
}

bool
outbox_write_person (StoreTxn *txn, const OutboxNotice *n, const ProgramNotice *def, const char *name, const char *address, GHashTable *done,
                     GError **error)
{
  const ProgramPerson *person = program_person (n->program, address);
  const ProgramPerson *deputy = person != NULL && person->away ? program_stand_in (n->program, person) : NULL;
  Round r = { txn, n, def, name, done, NULL, 0 };

  if (person == NULL)
    return !g_hash_table_add (done, g_strdup (address)) || outbox_write_as (txn, n, def, name, address, NULL, error);
  return write_person (&r, person, NULL, error)
         && (!person->away || (deputy != NULL ? write_person (&r, deputy, person, error) : write_somebody (&r, person, error)));
}
