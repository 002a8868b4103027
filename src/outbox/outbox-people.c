/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which people of the office get a notice: who is here, who stands in for who is away, and somebody
 * else when nobody would see it.
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
  const char *but;   /* address of who does not get it, under no address they have; NULL */
  guint here;        /* how many who are here got it by the last role */
} Round;

static bool
write_person (Round *r, const ProgramPerson *person, const ProgramPerson *instead_of,
              GError **error)
{
  OutboxNotice notice = *r->n;

  notice.instead_of = instead_of;
  r->here += person->away ? 0 : 1;
  return !g_hash_table_add (r->done, g_strdup (person->address))
         || outbox_write_as (r->txn, &notice, r->def, r->name, person->address, person->name,
                             error);
}

static bool
is_left_out (const Round *r, const ProgramPerson *person)
{
  return r->but != NULL && case_same_person (r->n->program, person->address, r->but);
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
        const ProgramPerson *person = program->people->pdata[i],
                            *to = person->away ? program_stand_in (program, person) : person;

        if (person->away == (away == 1) && to != NULL && !is_left_out (r, person)
            && !is_left_out (r, to) && (role == NULL || program_person_has_role (person, role))
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
  return (role == NULL || write_here (r, role, error))
         && (r->here > 0 || write_here (r, NULL, error));
}

static bool
write_role (Round *r, const char *role, GError **error)
{
  const Program *program = r->n->program;
  const ProgramPerson *away = NULL;

  if (!write_here (r, role, error))
    return false;
  if (r->here > 0)
    return true;
  for (guint i = 0; i < program->people->len; i++)
    {
      const ProgramPerson *person = program->people->pdata[i];

      if (!program_person_has_role (person, role) || is_left_out (r, person))
        continue;
      away = away == NULL ? person : away;
      if (!write_person (r, person, NULL, error))
        return false;
    }
  return away == NULL || write_somebody (r, away, error);
}

bool
outbox_write_to_role (StoreTxn *txn, const OutboxNotice *n, const ProgramNotice *def,
                      const char *name, const char *role, GHashTable *done, GError **error)
{
  return write_role (&(Round){ txn, n, def, name, done, NULL, NULL, 0 }, role, error);
}

bool
outbox_write_others (StoreTxn *txn, const OutboxNotice *n, const char *name,
                     const char *const *roles, const char *but, GError **error)
{
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Round r = { txn, n, program_notice (n->program, name), name, done, NULL, but, 0 };

  for (const char *const *role = roles; *role != NULL; role++)
    if (!write_here (&r, *role, error))
      return false;
  for (bool nobody = g_hash_table_size (done) == 0; nobody && *roles != NULL; roles++)
    if (!write_role (&r, *roles, error))
      return false;
  return true;
}

bool
outbox_write_member (StoreTxn *txn, const OutboxNotice *n, const char *name, const char *address,
                     GError **error)
{
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return outbox_write_person (txn, n, program_notice (n->program, name), name, address, done,
                              error);
}

bool
outbox_write_person (StoreTxn *txn, const OutboxNotice *n, const ProgramNotice *def,
                     const char *name, const char *address, GHashTable *done, GError **error)
{
  const ProgramPerson *person = program_person (n->program, address);
  const ProgramPerson *deputy =
    person != NULL && person->away ? program_stand_in (n->program, person) : NULL;
  Round r = { txn, n, def, name, done, NULL, NULL, 0 };

  if (person == NULL)
    return !g_hash_table_add (done, g_strdup (address))
           || outbox_write_as (txn, n, def, name, address, NULL, error);
  return write_person (&r, person, NULL, error)
         && (!person->away
             || (deputy != NULL ? write_person (&r, deputy, person, error)
                                : write_somebody (&r, person, error)));
}
