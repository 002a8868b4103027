/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What waits for a second person is told to those who may be that person, and its end, without one,
 * to who proposed it.
 */
#include <string.h>

#include "engine/run.h"

#define OPEN "proposal"
#define ENDED "proposal-ended"

/* "finding; 1.1; met" as "/finding 1.1 met". */
static char *
as_command (const char *what)
{
  g_auto (GStrv) words = g_strsplit (what, "; ", -1);
  g_autofree char *joined = g_strjoinv (" ", words);

  return g_strconcat ("/", joined, NULL);
}

/* The roles that may agree to CHANGE: those of the event of the case, else of the command of that
 * name; none may what cannot happen any more. */
static const char **
who_may (Run *run, const Program *program, const Case *c, const CaseChange *change)
{
  g_autofree char *event = g_strndup (change->name, strcspn (change->name, ";"));
  const ProgramTransition *t = case_transition (program, c, event, run->at);

  return t != NULL ? g_memdup2 (t->by, (g_strv_length (t->by) + 1) * sizeof *t->by)
                   : program_roles_with (program, event);
}

static bool
tell (Run *run, const Program *program, const Case *c, const CaseChange *change,
      const char *const *roles, GError **error)
{
  g_autofree char *until = calendar_short (program->calendar, change->at);
  const ProgramPerson *by = program_person (program, change->who);
  g_autofree char *result = g_strdup_printf ("1 of 2, by %s", until);
  g_autofree char *command = as_command (change->name);
  g_autoptr (GArray) lines = run_proposal_lines ((char *[]){ command, NULL }, result);
  OutboxNotice notice = run_notice (run, program, c);

  notice.lines = lines;
  notice.words = change->text;
  notice.reason = by != NULL ? by->name : change->who;
  return outbox_write_others (run->txn, &notice, OPEN, roles, change->who, error);
}

/* Why it counts no more. */
static char *
why_lapsed (Run *run, const Program *program, const Case *c, const CaseChange *change,
            const char *const *roles)
{
  const ProgramPerson *person = program_person (program, change->who);
  bool may = false;

  if (run->at >= change->at)
    {
      g_autofree char *due = calendar_short (program->calendar, change->at);

      return g_strdup_printf ("nobody else agreed by %s", due);
    }
  for (; person != NULL && *roles != NULL; roles++)
    may |= program_person_has_role (person, *roles);
  return may ? g_strdup_printf (
           "the case moved on before a second person agreed: %s is where it is now", c->state)
             : g_strdup ("you do not have the right to propose it any more");
}

GArray *
run_proposal_lines (char **commands, const char *result)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (OutboxLine));

  for (; *commands != NULL; commands++)
    {
      OutboxLine line = { *commands, result };

      g_array_append_val (lines, line);
    }
  return lines;
}

bool
run_proposal_ended (Run *run, const Program *program, const Case *c, const char *by,
                    char **commands, const ProposalEnd *end, GError **error)
{
  g_autoptr (GArray) lines = run_proposal_lines (commands, end->result);
  OutboxNotice notice = run_notice (run, program, c);

  /* Who left need not know. */
  if (program_person (program, by) == NULL || program_notice (program, ENDED) == NULL)
    return true;
  notice.lines = lines;
  notice.outcome = end->outcome;
  notice.reason = end->why;
  return outbox_write_member (run->txn, &notice, ENDED, by, error);
}

static bool
tell_lapsed (Run *run, const Program *program, const Case *c, const CaseChange *change,
             const char *const *roles, GError **error)
{
  g_autofree char *why = why_lapsed (run, program, c, change, roles),
                  *command = as_command (change->name);
  const ProposalEnd end = { "not done", "it counts no more", why };

  return run_proposal_ended (run, program, c, change->who, (char *[]){ command, NULL }, &end,
                             error);
}

bool
run_proposal (Run *run, const Program *program, const Case *c, const CaseChange *change,
              GError **error)
{
  g_autofree const char **roles = who_may (run, program, c, change);

  if (strcmp (change->value, "open") == 0 && program_notice (program, OPEN) != NULL)
    return tell (run, program, c, change, roles, error);
  return strcmp (change->value, "lapsed") != 0
         || tell_lapsed (run, program, c, change, roles, error);
}
