/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What waits for a second person is told to those who may be that person.
 */
#include <string.h>

#include "engine/run.h"

#define NOTICE "proposal"

/* To everybody of ROLE but whoever proposed it; AWAY: also those who are. */
static bool
write_role (Run *run, const OutboxNotice *notice, const char *role, const char *by, bool away, GHashTable *told, GError **error)
{
  const GPtrArray *people = notice->program->people;

  for (guint i = 0; i < people->len; i++)
    {
      const ProgramPerson *person = people->pdata[i];

      if ((person->away && !away) || !program_person_has_role (person, role) || case_same_person (notice->program, person->address, by)
          || !g_hash_table_add (told, g_strdup (person->address)))
        continue;
      if (!outbox_write (run->txn, notice, NOTICE, person->address, person->name, error))
        return false;
    }
  return true;
}

static bool
tell (Run *run, const Program *program, const Case *c, const CaseChange *change, GError **error)
{
  g_autofree char *event = g_strndup (change->name, strcspn (change->name, ";"));
  g_autofree char *until = calendar_short (program->calendar, change->at);
  const ProgramTransition *t = case_transition (program, c, event, run->at);
  const ProgramPerson *by = program_person (program, change->who);
  g_autofree char *result = g_strdup_printf ("1 of 2, by %s", until);
  g_auto (GStrv) words = g_strsplit (change->name, "; ", -1);
  g_autofree char *joined = g_strjoinv (" ", words);
  g_autofree char *command = g_strconcat ("/", joined, NULL);
  const OutboxLine line = { command, result };
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (OutboxLine));
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  OutboxNotice notice = run_notice (run, program, c);

  if (t == NULL || program_notice (program, NOTICE) == NULL)
    return true;
  g_array_append_val (lines, line);
  notice.lines = lines;
  notice.words = change->text;
  notice.reason = by != NULL ? by->name : change->who;
  for (int away = 0; away < 2 && g_hash_table_size (told) == 0; away++)
    for (char **role = t->by; *role != NULL; role++)
      if (!write_role (run, &notice, *role, change->who, away, told, error))
        return false;
  return true;
}

bool
run_proposals (Run *run, const Program *program, const Case *c, const GPtrArray *changes, GError **error)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const CaseChange *change = changes->pdata[i];

      if (change->kind == CHANGE_PROPOSAL && strcmp (change->value, "open") == 0 && !tell (run, program, c, change, error))
        return false;
    }
  return true;
}
