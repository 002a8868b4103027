/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who works here, changed by mail: people come, get other roles, and leave.
 *
 * All of a message happens or nothing.  Whoever leaves loses every right with that message; their
 * open cases are handed over (run-heir.c).
 */
#include <string.h>

#include "base/error.h"
#include "base/fold.h"
#include "base/log.h"
#include "engine/roster.h"
#include "engine/run-session.h"
#include "store/journal.h"

#define ONLY "a message that changes the roster holds nothing else"

typedef struct {
  Run *run;
  const Program *program;
  GHashTable *after;      /* address -> roles, separated by spaces, as it will be */
  GPtrArray *rows;        /* RosterRow: what is changed */
  GPtrArray *before;      /* RosterRow: all changes so far */
  GPtrArray *results;     /* CommandResult: one a command */
  GPtrArray *told;        /* the result that tells of each of ROWS; borrowed */
  RosterProposal *agreed; /* what this message, of a second person, makes happen; or NULL */
} Change;

/* --- the right to ----------------------------------------------------------------------------- */

static const ProgramRole *
right_of (const Program *program, const char *roles)
{
  g_auto (GStrv) list = g_strsplit (roles, " ", -1);

  return program_right (program, (const char *const *) list, "roster", ASSURE_SIGNED);
}

/* --- what is changed -------------------------------------------------------------------------- */

static const char *
name_of (const Change *c, const char *address)
{
  const ProgramPerson *person = program_person (c->program, address);

  for (guint i = c->rows->len; i > 0; i--)
    if (strcmp (((const RosterRow *) c->rows->pdata[i - 1])->address, address) == 0)
      return ((const RosterRow *) c->rows->pdata[i - 1])->name;
  return person != NULL ? person->name : address;
}

static bool
is_staff_role (const Program *program, const char *name, GError **error)
{
  const ProgramRole *role = program_role (program, name);

  if (role == NULL || role->kind != ROLE_STAFF)
    return error_refuse (error, "there is no role '%s' of the office", name);
  return true;
}

static void
add_row (Change *c, const char *action, const char *address, const char *name, const char *roles)
{
  RosterRow *row = g_new0 (RosterRow, 1);

  *row = (RosterRow){ .action = g_strdup (action),
                      .address = g_strdup (address),
                      .name = g_strdup (name),
                      .roles = g_strdup (roles),
                      .by = g_strdup (c->run->identity->address),
                      .message = c->run->message_id,
                      .at = c->run->at };
  g_ptr_array_add (c->rows, row);
  if (strcmp (action, "leave") == 0)
    g_hash_table_remove (c->after, address);
  else
    g_hash_table_insert (c->after, g_strdup (address), g_strdup (roles));
}

/* "Ann Author reviewer approver": the roles are the words at the end that are some. */
static bool
add_person (Change *c, const char *address, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  guint n = g_strv_length (words), first = n;

  if (g_hash_table_contains (c->after, address))
    return error_refuse (error, "%s is in the roster already: write /roster role", address);
  while (first > 0 && program_role (c->program, words[first - 1]) != NULL)
    first--;
  if (first == 0 || first == n)
    return error_refuse (error, "write the name, then one role of the office or more");
  for (guint i = first; i < n; i++)
    if (!is_staff_role (c->program, words[i], error))
      return false;
  g_autofree char *roles = g_strjoinv (" ", words + first);
  g_clear_pointer (&words[first], g_free);
  for (guint i = first + 1; i < n; i++)
    g_clear_pointer (&words[i], g_free);
  g_autofree char *name = g_strjoinv (" ", words);
  add_row (c, "add", address, name, roles);
  return true;
}

/* "+approver -reviewer" */
static bool
change_roles (Change *c, const char *address, const char *text, GError **error)
{
  g_auto (GStrv) had = g_strsplit (g_hash_table_lookup (c->after, address), " ", -1),
                 words = g_strsplit (text, " ", -1);
  g_autoptr (GPtrArray) roles = g_ptr_array_new ();

  for (char **role = had; *role != NULL; role++)
    g_ptr_array_add (roles, *role);
  for (char **word = words; *word != NULL; word++)
    {
      guint at;
      const char *role = *word + 1;
      bool has =
        (*word)[0] != '\0' && g_ptr_array_find_with_equal_func (roles, role, g_str_equal, &at);

      if ((*word)[0] == '-' && has)
        g_ptr_array_remove_index (roles, at);
      else if ((*word)[0] != '+' || has)
        return error_refuse (
          error, "'%s' cannot be done: write +ROLE for one they lack, -ROLE for one they have",
          *word);
      else if (is_staff_role (c->program, role, error))
        g_ptr_array_add (roles, (gpointer) role);
      else
        return false;
    }
  if (roles->len == 0)
    return error_refuse (error, "without a role nobody stays: write /roster leave");
  g_ptr_array_add (roles, NULL);
  g_autofree char *joined = g_strjoinv (" ", (char **) roles->pdata);
  add_row (c, "role", address, name_of (c, address), joined);
  return true;
}

/* Also by an administrator: who fell ill cannot say so. */
static bool
change_days (Change *c, const Command *command, char **result, GError **error)
{
  const ProgramPerson *person = program_person (c->program, command->element);

  if (person == NULL)
    return error_refuse (error, "%s is not in the roster yet", command->element);
  RosterRow *row = run_away_row (c->run, c->before, person, command->value, command, result, error);
  if (row != NULL)
    g_ptr_array_add (c->rows, row);
  return row != NULL;
}

/* *RESULT: what to tell of it; NULL: that it is done. */
static bool
change (Change *c, const Command *command, char **result, GError **error)
{
  const char *address = command->element;

  if (strcmp (command->value, "add") == 0)
    return add_person (c, address, command->text, error);
  if (!g_hash_table_contains (c->after, address))
    return error_refuse (error, "%s is not in the roster", address);
  if (strcmp (command->value, "role") == 0)
    return change_roles (c, address, command->text, error);
  if (strcmp (command->value, "leave") != 0)
    return change_days (c, command, result, error);
  add_row (c, "leave", address, name_of (c, address), "");
  return true;
}

/* Whoever could put it right again must be left: two, where that takes two. */
static bool
somebody_is_left (const Change *c, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer address, roles;

  g_hash_table_iter_init (&iter, c->after);
  while (g_hash_table_iter_next (&iter, &address, &roles))
    {
      const ProgramRole *right = right_of (c->program, roles);

      if (right == NULL)
        continue;
      g_hash_table_add (names, fold_case (name_of (c, address)));
      if (g_hash_table_size (names) >= right->people)
        return true;
    }
  return error_refuse (
    error, g_hash_table_size (names) > 0
             ? "then nobody could agree to a change of the roster any more: that takes two people"
             : "then nobody could change the roster any more");
}

/* --- it happens ------------------------------------------------------------------------------- */

bool
run_roster_keep (Run *run, const RosterRow *row, GError **error)
{
  JsonObject *detail = json_object_new ();

  json_object_set_string_member (detail, "action", row->action);
  json_object_set_string_member (detail, "address", row->address);
  json_object_set_string_member (detail, "name", row->name);
  json_object_set_string_member (detail, "roles", row->roles);
  json_object_set_string_member (detail, "by", row->by);
  if (row->since != 0)
    {
      json_object_set_int_member (detail, "since", row->since);
      json_object_set_int_member (detail, "until", row->until);
      json_object_set_string_member (detail, "deputy", row->deputy);
    }
  return journal_event (run->txn, run->input, 0, run->at, "roster", detail, error)
         && roster_add (run->txn, row, error);
}

static bool
happen (Change *c, GError **error)
{
  for (guint i = 0; i < c->rows->len; i++)
    {
      const RosterRow *row = c->rows->pdata[i];
      CommandResult *result = c->told->pdata[i];
      const char *to = NULL;
      guint n = 0;

      if (!run_roster_keep (c->run, row, error) || !run_away_tell (c->run, row, error)
          || (strcmp (row->action, "leave") == 0
              && !run_hand_over (c->run, c->after, row->address, &n, &to, error)))
        return false;
      if (n == 0)
        continue;
      g_free (result->text);
      result->text = n == 1 ? g_strdup_printf ("done; one open case goes to %s", to)
                            : g_strdup_printf ("done; %u open cases go to the others", n);
    }
  return true;
}

/* Why COMMAND cannot be, as far as one sees before the others; NULL: it can.  Free with
 * g_free(). */
static char *
plan_one (Change *c, const Command *command, const GError *right, const char *not_signed,
          char **result)
{
  g_autoptr (GError) error = NULL;

  if (command->error != NULL)
    return g_strdup_printf ("not understood: %s", command->error);
  if (strcmp (command->name, "office") == 0)
    return options_is_own (c->run->office->options, command->value)
             ? NULL
             : g_strdup_printf ("this message came in for %s", run_office_address (c->run));
  if (strcmp (command->name, "roster") != 0)
    return g_strdup (ONLY);
  if (right != NULL)
    return not_signed != NULL ? g_strdup_printf ("%s; %s", right->message, not_signed)
                              : g_strdup (right->message);
  return change (c, command, result, &error) && somebody_is_left (c, &error)
           ? NULL
           : g_strdup (error->message);
}

/* A result a command; false: some of it cannot be, and nothing happens. */
static bool
plan (Change *c, const CommandReading *reading, Assurance assurance, const char *not_signed,
      bool *no_right)
{
  g_autoptr (GError) right = NULL;
  bool all = !reading->refused && reading->words[0] == '\0';

  *no_right = !session_is_sure (c->program, c->run->identity->person, "roster", assurance, &right);
  for (guint i = 0; i < reading->commands->len; i++)
    {
      char *result = NULL,
           *why = plan_one (c, reading->commands->pdata[i], right, not_signed, &result);

      all &= why == NULL;
      command_result_add (c->results, why == NULL,
                          why != NULL      ? why
                          : result != NULL ? g_steal_pointer (&result)
                                           : g_strdup ("done"));
      g_free (result);
      while (c->told->len < c->rows->len)
        g_ptr_array_add (c->told, c->results->pdata[i]);
    }
  return all;
}

/* What only the others make impossible; *ALL becomes false. */
static bool
look_ahead (Change *c, bool *all, GError **error)
{
  for (guint i = 0; *all && i < c->rows->len; i++)
    {
      const RosterRow *row = c->rows->pdata[i];
      CommandResult *result = c->told->pdata[i];
      g_autoptr (GError) inner = NULL;

      if (strcmp (row->action, "leave") != 0
          || run_can_hand_over (c->run, c->after, row->address, &inner))
        continue;
      if (!g_error_matches (inner, QEC_ERROR, QEC_ERROR_PERMANENT))
        {
          g_propagate_error (error, g_steal_pointer (&inner));
          return false;
        }
      *all = result->done = false;
      g_free (result->text);
      result->text = g_strdup (inner->message);
    }
  return true;
}

/* What each command did, and with whom. */
static void
say_agreed (Change *c)
{
  for (guint i = 0; i < c->told->len; i++)
    {
      CommandResult *result = c->told->pdata[i];
      char *text = g_strdup_printf ("%s, 2 of 2: proposed by %s", result->text, c->agreed->by);

      g_free (result->text);
      result->text = text;
    }
}

static void
say_of_all (Change *c, bool done, const char *text)
{
  for (guint i = 0; i < c->told->len; i++)
    {
      CommandResult *result = c->told->pdata[i];

      if (i > 0 && c->told->pdata[i - 1] == result)
        continue;
      g_free (result->text);
      result->text = g_strdup (text);
      result->done = done;
    }
}

/* Where it takes two people: *WAITS, this was the first of them; *ALL becomes false when it was the
 * same one again. */
static bool
agree (Change *c, const CommandReading *reading, Assurance assurance, bool *all, bool *waits,
       GError **error)
{
  const ProgramPerson *person = c->run->identity->person;
  const ProgramRole *right =
    *all ? program_right (c->program, (const char *const *) person->roles, "roster", assurance)
         : NULL;
  g_autoptr (GError) inner = NULL;
  g_autofree char *result = NULL;

  /* "/office" alone changes nothing. */
  if (right == NULL || c->rows->len == 0)
    return true;
  if (run_roster_agree (c->run, reading, right, &c->agreed, waits, &result, &inner))
    {
      if (*waits)
        say_of_all (c, true, result);
      return true;
    }
  if (!g_error_matches (inner, QEC_ERROR, QEC_ERROR_PERMANENT))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  *all = false;
  say_of_all (c, false, inner->message);
  return true;
}

static void
change_clear (Change *c)
{
  g_clear_pointer (&c->after, g_hash_table_unref);
  g_clear_pointer (&c->rows, g_ptr_array_unref);
  g_clear_pointer (&c->before, g_ptr_array_unref);
  g_clear_pointer (&c->told, g_ptr_array_unref);
  g_clear_pointer (&c->results, g_ptr_array_unref);
  g_clear_pointer (&c->agreed, roster_proposal_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Change, change_clear)

bool
run_roster (Run *run, const CommandReading *reading, GError **error)
{
  const Program *program = run->office->definition->program;
  g_auto (Change) c = { run,
                        program,
                        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
                        g_ptr_array_new_with_free_func (roster_row_free),
                        roster_rows (run->office->store, error),
                        g_ptr_array_new_with_free_func (command_result_free),
                        g_ptr_array_new () };
  g_autofree char *not_signed = NULL;
  Assurance assurance;
  bool no_right;

  for (guint i = 0; i < program->people->len; i++)
    {
      const ProgramPerson *person = program->people->pdata[i];

      g_hash_table_insert (c.after, g_strdup (person->address), g_strjoinv (" ", person->roles));
    }
  if (c.before == NULL || !run_assurance (run, program, NULL, &assurance, &not_signed, error))
    return false;
  bool all = plan (&c, reading, assurance, not_signed, &no_right), waits = false;
  if (!look_ahead (&c, &all, error) || !agree (&c, reading, assurance, &all, &waits, error)
      || (all && !waits && !happen (&c, error)))
    return false;
  if (c.agreed != NULL)
    say_agreed (&c);
  return run_transcript (run, reading, c.results, all,
                         waits ? "1 of 2, a second person is needed" : "done", ONLY, no_right,
                         error)
         && (c.agreed == NULL || run_roster_agreed (run, c.agreed, error));
}
