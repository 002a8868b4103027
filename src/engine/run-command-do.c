/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What each command of staff does to the copy of a case, and who may write it.
 */
#include <string.h>

#include "base/error.h"
#include "engine/run-session.h"

bool
session_may_command (const Program *program, const ProgramPerson *person, const char *name)
{
  for (char **role = person->roles; role != NULL && *role != NULL; role++)
    {
      const ProgramRole *def = program_role (program, *role);

      if (def != NULL && def->commands != NULL
          && g_strv_contains ((const char *const *) def->commands, name))
        return true;
    }
  return false;
}

/* What the state allows instead, when the word does not exist there. */
static char *
with_choices (const Session *s, const Command *command, const char *message)
{
  bool is_there = case_transition (s->program, s->c, command->event, s->run->at) != NULL;
  g_autofree char *choices = is_there ? NULL : case_choices (s->program, s->c, command->name);

  return choices != NULL ? g_strdup_printf ("%s; here there is: %s", message, choices)
                         : g_strdup (message);
}

static bool
has_right (Session *s, const char *name, GError **error)
{
  if (session_may_command (s->program, s->person, name))
    return true;
  s->no_right = true;
  return error_refuse (error, "none of your roles may use '%s'", name);
}

/* Of a command that is no event of the case nobody else asks how surely we know who speaks. */
bool
session_is_sure (const Program *program, const ProgramPerson *person, const char *name,
                 Assurance have, GError **error)
{
  Assurance least = ASSURE_SIGNED;

  if (!session_may_command (program, person, name))
    return error_refuse (error, "none of your roles may use '%s'", name);
  for (char **role = person->roles; *role != NULL; role++)
    {
      const ProgramRole *def = program_role (program, *role);

      if (def != NULL && def->commands != NULL
          && g_strv_contains ((const char *const *) def->commands, name))
        least = MIN (least, def->assurance);
    }
  return case_is_sure (name, have, least, error);
}

bool
session_has_sure_right (Session *s, const char *name, GError **error)
{
  bool sure = session_is_sure (s->program, s->person, name, s->actor.assurance, error);

  s->no_right |= !sure;
  return sure;
}

bool
session_is_alone (const CommandReading *reading, const Command *command)
{
  bool alone = reading->words[0] == '\0';

  for (guint i = 0; i < reading->commands->len; i++)
    {
      const Command *other = reading->commands->pdata[i];

      alone = alone
              && (other == command || strcmp (other->name, "case") == 0
                  || strcmp (other->name, "office") == 0);
    }
  return alone;
}

bool
session_step (Session *s, const CaseEvent *event, const char *name, GError **error)
{
  if (!has_right (s, name, error))
    return false;
  if (case_step (s->program, s->c, event, s->run->at, s->changes, error))
    return true;
  s->no_right |= !case_may (s->program, s->c, event, s->run->at);
  return false;
}

const ProgramPerson *
session_person (const Program *program, const char *value)
{
  const ProgramPerson *found = NULL;
  guint n = 0;

  for (guint i = 0; value != NULL && i < program->people->len; i++)
    {
      const ProgramPerson *person = program->people->pdata[i];

      if (strcmp (person->address, value) == 0)
        return person;
      if (!g_str_has_prefix (person->address, value)
          || strchr ("@._-", person->address[strlen (value)]) == NULL)
        continue;
      found = person;
      n++;
    }
  return n == 1 ? found : NULL;
}

static const char *
person_address (const Session *s, const char *value)
{
  const ProgramPerson *person = session_person (s->program, value);

  return person != NULL ? person->address : value;
}

static char *
case_type_names (const Program *program)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < program->case_types->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            ((const ProgramCaseType *) program->case_types->pdata[i])->name);
  return g_string_free (names, FALSE);
}

bool
session_no_such_type (const char *name, const Program *today, GError **error)
{
  g_autofree char *known = case_type_names (today);

  return error_refuse (error, "there is no case type '%s'; there are: %s", name, known);
}

bool
session_none_open (Session *s, const ProgramCaseType *type, GError **error)
{
  g_autoptr (Case) c = type->one_open ? case_copy (s->c) : NULL;

  if (c != NULL && !case_load_related (s->run->office->store, c, error))
    return false;
  if (c != NULL && strcmp (c->type, type->name) == 0)
    g_ptr_array_add (c->related,
                     case_relative_new (c->id, c->parent, c->ref, c->type, c->state, c->open));
  for (guint i = 0; c != NULL && i < c->related->len; i++)
    {
      const CaseRelative *other = c->related->pdata[i];

      if (other->open && strcmp (other->type, type->name) == 0)
        return error_refuse (error, "the organization has an open case of that kind: %s",
                             other->ref);
    }
  return true;
}

/* A further case of the organization: it is made once everything else of the message could be
 * done. */
static bool
open_other (Session *s, const Command *command, const CaseEvent *event, GError **error)
{
  g_autofree char *what = command->element != NULL
                            ? g_strdup_printf ("%s edition %s", command->value, command->element)
                            : g_strdup (command->value);
  CaseEvent proposed = {
    .name = command->name, .actor = event->actor, .value = what, .message = event->message
  };
  bool waits;
  const Program *today = s->run->office->definition->program;

  if (!session_has_sure_right (s, command->name, error))
    return false;
  if (program_case_type (today, command->value) == NULL
      || (command->element != NULL && program_edition (today, command->element) == NULL))
    {
      g_autofree char *known = case_type_names (today);

      return error_refuse (error, "there is no case type '%s'%s%s; there are: %s", command->value,
                           command->element != NULL ? " or no edition " : "",
                           command->element != NULL ? command->element : "", known);
    }
  if (!session_none_open (s, program_case_type (today, command->value), error)
      || !case_agree_to_command (s->program, s->c, &proposed, s->run->at, s->changes, &waits,
                                 error))
    return false;
  if (waits)
    return true;
  CaseChange *change = g_new0 (CaseChange, 1);
  change->kind = CHANGE_OPEN;
  change->name = g_strdup (command->value);
  change->value = g_strdup (command->element);
  g_ptr_array_add (s->changes, change);
  return true;
}

/* From here on the case goes by today's definition, also for what stands below in the same
 * message. */
static bool
migrate (Session *s, const CaseEvent *event, GError **error)
{
  const Definition *today = s->run->office->definition;
  g_autofree char *rules = g_strdup_printf ("Today's rules are version %s.", today->version);
  CaseEvent proposed = {
    .name = event->name, .actor = event->actor, .text = rules, .message = event->message
  };
  bool waits;

  /* Two people who say so on different days agree only while the rules are the same. */
  if (!session_has_sure_right (s, event->name, error)
      || !case_agree_to_command (s->program, s->c, &proposed, s->run->at, s->changes, &waits,
                                 error))
    return false;
  g_autoptr (Case) trial = waits ? case_copy (s->c) : NULL;
  g_autoptr (GPtrArray) none = g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  if (waits)
    return case_migrate (today->program, today->version, trial, event, s->run->at, none, error);
  if (!case_migrate (today->program, today->version, s->c, event, s->run->at, s->changes, error))
    return false;
  s->program = today->program;
  return true;
}

static bool
search (Session *s, const Command *command, GError **error)
{
  if (!session_is_alone (s->reading, command))
    return error_refuse (error, SEARCH_ONLY);
  s->search = command->value;
  return session_has_sure_right (s, command->name, error);
}

/* What a command does that is no event of the case's own; else that event. */
static bool
happen (Session *s, const Command *command, const CaseEvent *event, GError **error)
{
  if (strcmp (command->name, "open") == 0)
    return open_other (s, command, event, error);
  if (strcmp (command->name, "split") == 0)
    return session_split (s, command, error);
  if (strcmp (command->name, "on-behalf-of") == 0)
    return session_enter (s, command, error);
  if (strcmp (command->name, "search") == 0)
    return search (s, command, error);
  if (strcmp (command->name, "migrate") == 0)
    return migrate (s, event, error);
  if (strcmp (command->name, "roster") == 0)
    return error_refuse (error,
                         "the roster is changed in a message of its own, that belongs to no case");
  if (strcmp (command->name, "away") == 0 || strcmp (command->name, "back") == 0)
    return error_refuse (
      error, "say that you are away, or back, in a message of its own, that belongs to no case");
  if (strcmp (command->name, "withdraw-proposal") == 0)
    return case_withdraw_proposals (s->program, s->c, event, s->run->at, s->changes, error);
  return session_step (s, event, command->name, error);
}

/* "done", unless two people are asked for: then how many of them have spoken. */
static char *
what_happened (Session *s, guint from)
{
  char *text = NULL;

  for (guint i = from; text == NULL && i < s->changes->len; i++)
    {
      const CaseChange *change = s->changes->pdata[i];
      g_autofree char *until =
        change->kind == CHANGE_PROPOSAL ? calendar_short (s->program->calendar, change->at) : NULL;

      if (change->kind == CHANGE_PROPOSAL && strcmp (change->value, "open") == 0)
        {
          s->proposed = true;
          text = g_strdup_printf ("1 of 2: proposed; nothing happens before another person who may "
                                  "do this writes the same, by %s",
                                  until);
        }
      else if (change->kind == CHANGE_PROPOSAL && strcmp (change->value, "seconded") == 0)
        text = g_strdup_printf ("done, 2 of 2: proposed by %s", change->who);
      else if (change->kind == CHANGE_TIMER && case_timer_is_own (change->timer))
        {
          g_autofree char *day = calendar_short (s->program->calendar, change->timer->due);

          text = g_strdup_printf ("done: we write to you on %s", day);
        }
    }
  return text != NULL ? text : g_strdup ("done");
}

/* A command that asks, or says what the message is for; it changes nothing. */
static bool
asks_only (Session *s, const Command *command)
{
  bool help = strcmp (command->name, "help") == 0, status = strcmp (command->name, "status") == 0;

  s->help |= help;
  s->status |= status;
  return help || status || strcmp (command->name, "case") == 0
         || strcmp (command->name, "office") == 0;
}

/* What COMMAND does, with the case that it names. */
static bool
happen_with (Session *s, const Command *command, CaseEvent *event, GError **error)
{
  CaseRelative *other = NULL;

  if (!session_other (s, command, &other, &event->kin, error))
    return false;
  event->other = other;
  bool good = happen (s, command, event, error);
  g_clear_pointer (&other, case_relative_free);
  return good;
}

static bool
do_command (Session *s, const Command *command, GError **error)
{
  g_autoptr (GError) inner = NULL;
  const char *person =
    strcmp (command->name, "assign") == 0 ? person_address (s, command->value) : NULL;
  CaseEvent event = { .name = command->event,
                      .actor = &s->actor,
                      .element = command->element,
                      .value = person != NULL ? person : command->value,
                      .text = command->text,
                      .span = command->has_span ? &command->span : NULL,
                      .due = command->due,
                      .date = command->date,
                      .party = command->party,
                      .since = command->since,
                      .until = command->until,
                      .message = s->run->message_id };
  guint before = s->changes->len;

  if (strcmp (command->name, "case") == 0 && g_ascii_strcasecmp (command->value, s->c->ref) != 0)
    command_result_add (s->results, false,
                        g_strdup_printf ("this message came in for case %s", s->c->ref));
  else if (strcmp (command->name, "office") == 0
           && !options_is_own (s->run->office->options, command->value))
    command_result_add (
      s->results, false,
      g_strdup_printf ("this message came in for %s", run_office_address (s->run)));
  else if (asks_only (s, command))
    command_result_add (s->results, true, g_strdup ("done"));
  else if (happen_with (s, command, &event, &inner))
    command_result_add (s->results, true, what_happened (s, before));
  else if (g_error_matches (inner, QEC_ERROR, QEC_ERROR_PERMANENT))
    {
      g_autofree char *why = with_choices (s, command, inner->message);

      command_result_add (s->results, false,
                          s->no_right && s->not_signed != NULL
                            ? g_strdup_printf ("%s; %s", why, s->not_signed)
                            : g_steal_pointer (&why));
    }
  else
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  return true;
}

bool
session_do_all (Session *s, bool *all, GError **error)
{
  for (guint i = 0; i < s->reading->commands->len; i++)
    {
      const Command *command = s->reading->commands->pdata[i];

      if (command->error != NULL)
        command_result_add (s->results, false,
                            g_strdup_printf ("not understood: %s", command->error));
      else if (s->reading->refused)
        command_result_add (s->results, false,
                            g_strdup ("not done: another line was not understood"));
      else if (!do_command (s, command, error))
        return false;
    }
  *all = !s->reading->refused;
  for (guint i = 0; i < s->results->len; i++)
    *all &= ((const CommandResult *) s->results->pdata[i])->done;
  return true;
}
