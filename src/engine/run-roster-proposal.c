/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two people for the roster: where a role that may change it asks for that, a message of changes is
 * proposed as a whole, and happens when another person of the right says the same.
 */
#include <string.h>

#include "base/error.h"
#include "base/fold.h"
#include "engine/run-session.h"
#include "store/journal.h"

#define OPEN "roster-proposal"
#define COMMAND "roster"

/* The changes of READING, a line each, as somebody else could write them. */
static char *
what_of (const CommandReading *reading)
{
  GString *what = g_string_new (NULL);

  for (guint i = 0; i < reading->commands->len; i++)
    {
      const Command *command = reading->commands->pdata[i];
      g_auto (GStrv) words = g_strsplit_set (command->line, " \t", -1);

      if (strcmp (command->name, COMMAND) != 0)
        continue;
      if (what->len > 0)
        g_string_append_c (what, '\n');
      gsize start = what->len;
      for (char **word = words; *word != NULL; word++)
        if ((*word)[0] != '\0')
          g_string_append_printf (what, "%s%s", what->len > start ? " " : "", *word);
    }
  return g_string_free (what, FALSE);
}

static bool
says_the_same (const char *a, const char *b)
{
  g_autofree char *one = fold_case (a), *other = fold_case (b);

  return strcmp (one, other) == 0;
}

static bool
still_may (const Program *program, const char *address)
{
  const ProgramPerson *person = program_person (program, address);

  return person != NULL
         && program_right (program, (const char *const *) person->roles, COMMAND, ASSURE_SIGNED)
              != NULL;
}

/* --- what is recorded ------------------------------------------------------------------------- */

static bool
record (Run *run, const RosterProposal *p, const char *status, GError **error)
{
  JsonObject *detail = json_object_new ();

  json_object_set_int_member (detail, "n", p->n);
  json_object_set_string_member (detail, "what", p->what);
  json_object_set_string_member (detail, "by", p->by);
  json_object_set_string_member (detail, "status", status);
  json_object_set_int_member (detail, "due", p->due);
  return journal_event (run->txn, run->input, 0, run->at, "roster.proposal", detail, error);
}

static bool
end (Run *run, const RosterProposal *p, const char *status, GError **error)
{
  return roster_proposal_end (run->txn, p->n, status, error) && record (run, p, status, error);
}

/* --- who is told ------------------------------------------------------------------------------ */

/* All who have the right, but not who proposed it. */
static bool
tell_others (Run *run, const RosterProposal *p, GError **error)
{
  const Program *program = run->office->definition->program;
  g_autoptr (GPtrArray) roles = g_ptr_array_new ();
  g_auto (GStrv) commands = g_strsplit (p->what, "\n", -1);
  g_autofree char *until = calendar_short (program->calendar, p->due),
                  *result = g_strdup_printf ("1 of 2, by %s", until);
  g_autofree char *form = g_strdup_printf ("/office %s\n%s\n", run_office_address (run), p->what);
  g_autoptr (GArray) lines = run_proposal_lines (commands, result);
  OutboxNotice notice = run_notice (run, program, NULL);

  if (program_notice (program, OPEN) == NULL)
    return true;
  for (guint i = 0; i < program->roles->len; i++)
    {
      const ProgramRole *role = program->roles->pdata[i];

      if (role->commands != NULL && g_strv_contains ((const char *const *) role->commands, COMMAND))
        g_ptr_array_add (roles, role->name);
    }
  g_ptr_array_add (roles, NULL);
  notice.lines = lines;
  notice.form = form;
  notice.reason = run->identity->person->name;
  return outbox_write_others (run->txn, &notice, OPEN, (const char *const *) roles->pdata, p->by,
                              error);
}

static bool
tell_ended (Run *run, const RosterProposal *p, const ProposalEnd *end, GError **error)
{
  g_auto (GStrv) commands = g_strsplit (p->what, "\n", -1);

  return run_proposal_ended (run, run->office->definition->program, NULL, p->by, commands, end,
                             error);
}

bool
run_roster_agreed (Run *run, const RosterProposal *p, GError **error)
{
  g_autofree char *why = g_strdup_printf ("%s agreed", run->identity->person->name);

  return tell_ended (run, p, &(ProposalEnd){ "done", "it has happened", why }, error);
}

bool
run_roster_lapse (Run *run, const RosterProposal *p, bool tell, GError **error)
{
  const Calendar *calendar = run->office->definition->program->calendar;
  g_autofree char *due = calendar_short (calendar, p->due);
  g_autofree char *why = run->at >= p->due
                           ? g_strdup_printf ("nobody else agreed by %s", due)
                           : g_strdup ("you do not have the right to propose it any more");

  return end (run, p, "lapsed", error)
         && (!tell
             || tell_ended (run, p, &(ProposalEnd){ "not done", "it counts no more", why }, error));
}

/* --- it is proposed, or agreed to ------------------------------------------------------------- */

/* Of OPEN those that say WHAT: *AGREED, the first that somebody else proposed; *AGAIN, the same
 * person did.  What somebody proposed who has no right to any more ends. */
static bool
settle (Run *run, GPtrArray *open, const char *what, RosterProposal **agreed, bool *again,
        GError **error)
{
  const Program *program = run->office->definition->program;

  for (guint i = 0; i < open->len;)
    {
      RosterProposal *p = open->pdata[i];
      bool same = says_the_same (p->what, what);

      if (same && (run->at > p->due || !still_may (program, p->by)))
        {
          if (!run_roster_lapse (run, p, true, error))
            return false;
        }
      else if (same && case_same_person (program, p->by, run->identity->address))
        *again = true;
      else if (same && *agreed == NULL)
        {
          *agreed = g_ptr_array_steal_index (open, i);
          continue;
        }
      i++;
    }
  return true;
}

static bool
propose (Run *run, const ProgramRole *right, const char *what, char **result, GError **error)
{
  const Calendar *calendar = run->office->definition->program->calendar;
  RosterProposal p = { .what = (char *) what,
                       .by = run->identity->address,
                       .message = run->message_id,
                       .at = run->at,
                       .due = calendar_add (calendar, run->at, right->second_within, NULL) };
  g_autofree char *until = calendar_short (calendar, p.due);

  *result = g_strdup_printf ("1 of 2: proposed; nothing happens before another person who may do "
                             "this writes the same, by %s",
                             until);
  return roster_proposal_add (run->txn, &p, error) && record (run, &p, "open", error)
         && tell_others (run, &p, error);
}

bool
run_roster_agree (Run *run, const CommandReading *reading, const ProgramRole *right,
                  RosterProposal **agreed, bool *waits, char **result, GError **error)
{
  g_autoptr (GPtrArray) open = roster_proposals (run->office->store, error);
  g_autofree char *what = what_of (reading);
  bool again = false;

  if (open == NULL || !settle (run, open, what, agreed, &again, error))
    return false;
  if (*agreed != NULL)
    return end (run, *agreed, "seconded", error);
  if (right->people < 2)
    return true;
  if (again)
    return error_refuse (
      error,
      "this is proposed already, 1 of 2, and needs a second person: the same one does not count");
  *waits = true;
  return propose (run, right, what, result, error);
}

/* --- it is taken back ------------------------------------------------------------------------- */

#define ONLY "what you proposed of the roster is taken back in a message that holds nothing else"
#define NONE                                                                                       \
  "no proposal of yours about the roster waits for a second person; one in a case is taken back "  \
  "in that case"

static bool
withdraw (Run *run, guint *n, GError **error)
{
  g_autoptr (GPtrArray) open = roster_proposals (run->office->store, error);

  for (guint i = 0; open != NULL && i < open->len; i++)
    {
      const RosterProposal *p = open->pdata[i];

      if (!case_same_person (run->office->definition->program, p->by, run->identity->address))
        continue;
      if (!end (run, p, "withdrawn", error))
        return false;
      (*n)++;
    }
  return open != NULL;
}

bool
run_roster_withdraw (Run *run, const CommandReading *reading, GError **error)
{
  const Program *program = run->office->definition->program;
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (command_result_free);
  g_autoptr (GError) inner = NULL;
  g_autofree char *not_signed = NULL;
  Assurance have;
  guint n = 0;
  bool alone = !reading->refused && reading->words[0] == '\0';

  if (!run_assurance (run, program, NULL, &have, &not_signed, error))
    return false;
  for (guint i = 0; i < reading->commands->len; i++)
    {
      const Command *command = reading->commands->pdata[i];

      alone &= strcmp (command->name, "withdraw-proposal") == 0
               || (strcmp (command->name, "office") == 0
                   && options_is_own (run->office->options, command->value));
    }
  /* As surely as it was proposed. */
  bool sure = alone && session_is_sure (program, run->identity->person, COMMAND, have, &inner);
  if (sure && !withdraw (run, &n, error))
    return false;
  g_autofree char *unsure =
    !sure && inner != NULL
      ? g_strdup_printf ("%s%s%s", inner->message, not_signed != NULL ? "; " : "",
                         not_signed != NULL ? not_signed : "")
      : NULL;
  for (guint i = 0; i < reading->commands->len; i++)
    command_result_add (results, n > 0,
                        g_strdup (!alone   ? ONLY
                                  : !sure  ? unsure
                                  : n == 0 ? NONE
                                           : "done"));
  return run_transcript (run, reading, results, n > 0, "done", ONLY, false, error);
}
