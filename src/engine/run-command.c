/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail from staff in a case: words for the applicant, commands; all of it happens or nothing, and the answer says which.
 */
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "engine/run.h"
#include "triage/triage-command.h"

/* Attachments of one relayed mail. */
enum { MAX_RELAYED = 20 };

typedef struct {
  Run *run;
  const Program *program;  /* the case goes by */
  const ProgramPerson *person;
  Case *c;                 /* the copy that changes */
  CommandReading *reading;
  GPtrArray *changes;
  GPtrArray *results;      /* char *: one a command */
  GPtrArray *refused;      /* char *: who was to get a mail because of it, and did not */
  CaseActor actor;
  bool help, status;
  bool proposed;           /* something waits for a second person now */
  bool no_right;           /* somebody asked for what is not theirs */
  char *not_signed;        /* why the signature of the message does not count; NULL */
} Session;

static bool
may_command (const Program *program, const ProgramPerson *person, const char *name)
{
  for (char **role = person->roles; role != NULL && *role != NULL; role++)
    {
      const ProgramRole *def = program_role (program, *role);

      if (def != NULL && def->commands != NULL && g_strv_contains ((const char *const *) def->commands, name))
        return true;
    }
  return false;
}

static bool
is_for_everybody (const char *command)
{
  return strcmp (command, "withdraw-proposal") == 0 || strcmp (command, "help") == 0 || strcmp (command, "status") == 0 || strcmp (command, "case") == 0;
}

/* What the state allows instead, when the word does not exist there. */
static char *
with_choices (const Session *s, const Command *command, const char *message)
{
  bool is_there = case_transition (s->program, s->c, command->event, s->run->at) != NULL;
  g_autofree char *choices = is_there ? NULL : case_choices (s->program, s->c, command->name);

  return choices != NULL ? g_strdup_printf ("%s; here there is: %s", message, choices) : g_strdup (message);
}

static bool
has_right (Session *s, const char *name, GError **error)
{
  if (may_command (s->program, s->person, name))
    return true;
  s->no_right = true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT, "none of your roles may use '%s'", name);
  return false;
}

/* Of a command that is no event of the case nobody else asks how surely we know who speaks. */
static bool
has_sure_right (Session *s, const char *name, GError **error)
{
  Assurance least = ASSURE_SIGNED;

  if (!has_right (s, name, error))
    return false;
  for (char **role = s->person->roles; *role != NULL; role++)
    {
      const ProgramRole *def = program_role (s->program, *role);

      if (def != NULL && g_strv_contains ((const char *const *) def->commands, name))
        least = MIN (least, def->assurance);
    }
  bool sure = case_is_sure (name, s->actor.assurance, least, error);
  s->no_right |= !sure;
  return sure;
}

static bool
try_step (Session *s, const CaseEvent *event, const char *name, GError **error)
{
  if (!has_right (s, name, error))
    return false;
  if (case_step (s->program, s->c, event, s->run->at, s->changes, error))
    return true;
  s->no_right |= !case_may (s->program, s->c, event, s->run->at);
  return false;
}

static char *
person_address (const Session *s, const char *value)
{
  /* "/assign anna" is enough when one person of the roster begins so. */
  const ProgramPerson *found = NULL;

  for (guint i = 0; value != NULL && i < s->program->people->len; i++)
    {
      const ProgramPerson *person = s->program->people->pdata[i];
      gsize n = strlen (value);

      if (strcmp (person->address, value) == 0)
        return g_strdup (value);
      if (g_str_has_prefix (person->address, value) && person->address[n] == '@')
        found = found == NULL ? person : s->person;
    }
  return g_strdup (found != NULL && found != s->person ? found->address : value);
}

static char *
case_type_names (const Program *program)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < program->case_types->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", ((const ProgramCaseType *) program->case_types->pdata[i])->name);
  return g_string_free (names, FALSE);
}

/* Of a type with one-open the organization has none that is open; else refused with its number. */
static bool
is_none_open (Session *s, const ProgramCaseType *type, GError **error)
{
  g_autoptr (Case) c = type->one_open ? case_copy (s->c) : NULL;

  if (c != NULL && !case_load_related (s->run->office->store, c, error))
    return false;
  if (c != NULL && strcmp (c->type, type->name) == 0)
    g_ptr_array_add (c->related, case_relative_new (c->id, c->parent, c->ref, c->type, c->state, c->open));
  for (guint i = 0; c != NULL && i < c->related->len; i++)
    {
      const CaseRelative *other = c->related->pdata[i];

      if (!other->open || strcmp (other->type, type->name) != 0)
        continue;
      g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT, "the organization has an open case of that kind: %s", other->ref);
      return false;
    }
  return true;
}

/* A further case of the organization: it is made once everything else of the message could be done. */
static bool
open_other (Session *s, const Command *command, GError **error)
{
  const Program *today = s->run->office->definition->program;

  if (!has_sure_right (s, command->name, error))
    return false;
  if (program_case_type (today, command->value) == NULL
      || (command->element != NULL && program_edition (today, command->element) == NULL))
    {
      g_autofree char *known = case_type_names (today);

      g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT, "there is no case type '%s'%s%s; there are: %s", command->value,
                   command->element != NULL ? " or no edition " : "", command->element != NULL ? command->element : "", known);
      return false;
    }
  if (!is_none_open (s, program_case_type (today, command->value), error))
    return false;
  CaseChange *change = g_new0 (CaseChange, 1);
  change->kind = CHANGE_OPEN;
  change->name = g_strdup (command->value);
  change->value = g_strdup (command->element);
  g_ptr_array_add (s->changes, change);
  return true;
}

/* From here on the case goes by today's definition, also for what stands below in the same message. */
static bool
migrate (Session *s, const CaseEvent *event, GError **error)
{
  const Definition *today = s->run->office->definition;

  if (!has_sure_right (s, event->name, error)
      || !case_migrate (today->program, today->version, s->c, event, s->run->at, s->changes, error))
    return false;
  s->program = today->program;
  return true;
}

/* What a command does that is no event of the case's own; else that event. */
static bool
happen (Session *s, const Command *command, const CaseEvent *event, GError **error)
{
  if (strcmp (command->name, "open") == 0)
    return open_other (s, command, error);
  if (strcmp (command->name, "migrate") == 0)
    return migrate (s, event, error);
  if (strcmp (command->name, "roster") == 0)
    {
      g_set_error_literal (error, QEC_ERROR, QEC_ERROR_PERMANENT, "the roster is changed in a message of its own, that belongs to no case");
      return false;
    }
  if (strcmp (command->name, "withdraw-proposal") == 0)
    return case_withdraw_proposals (s->program, s->c, event, s->run->at, s->changes, error);
  return try_step (s, event, command->name, error);
}

/* "done", unless two people are asked for: then how many of them have spoken. */
static char *
result_of (Session *s, guint from)
{
  char *result = NULL;

  for (guint i = from; result == NULL && i < s->changes->len; i++)
    {
      const CaseChange *change = s->changes->pdata[i];
      g_autofree char *until = change->kind == CHANGE_PROPOSAL ? calendar_short (s->program->calendar, change->at) : NULL;

      if (change->kind == CHANGE_PROPOSAL && strcmp (change->value, "open") == 0)
        {
          s->proposed = true;
          result = g_strdup_printf ("1 of 2: proposed; nothing happens before another person who may do this writes the same, by %s", until);
        }
      else if (change->kind == CHANGE_PROPOSAL && strcmp (change->value, "seconded") == 0)
        result = g_strdup_printf ("done, 2 of 2: proposed by %s", change->who);
    }
  return result != NULL ? result : g_strdup ("done");
}

static bool
is_done (const char *result)
{
  return strcmp (result, "done") == 0 || g_str_has_prefix (result, "done, 2 of 2") || g_str_has_prefix (result, "1 of 2");
}

static bool
do_command (Session *s, const Command *command, char **result, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autofree char *person = strcmp (command->name, "assign") == 0 ? person_address (s, command->value) : NULL;
  CaseEvent event = { .name = command->event, .actor = &s->actor, .element = command->element,
                      .value = person != NULL ? person : command->value, .text = command->text,
                      .span = command->has_span ? &command->span : NULL, .due = command->due, .date = command->date,
                      .party = command->party, .since = command->since, .until = command->until,
                      .message = s->run->message_id };

  if (strcmp (command->name, "case") == 0 && g_ascii_strcasecmp (command->value, s->c->ref) != 0)
    {
      *result = g_strdup_printf ("this message came in for case %s", s->c->ref);
      return true;
    }
  if (is_for_everybody (command->name) && strcmp (command->name, "withdraw-proposal") != 0)
    {
      s->help |= strcmp (command->name, "help") == 0;
      s->status |= strcmp (command->name, "status") == 0;
      *result = g_strdup ("done");
      return true;
    }
  guint before = s->changes->len;
  if (happen (s, command, &event, &inner))
    {
      *result = result_of (s, before);
      return true;
    }
  if (!g_error_matches (inner, QEC_ERROR, QEC_ERROR_PERMANENT))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  g_autofree char *message = with_choices (s, command, inner->message);
  *result = s->no_right && s->not_signed != NULL ? g_strdup_printf ("%s; %s", message, s->not_signed) : g_steal_pointer (&message);
  return true;
}

/* Every command on the copy; *ALL tells whether each could happen. */
static bool
do_all (Session *s, bool *all, GError **error)
{
  *all = !s->reading->refused;
  for (guint i = 0; i < s->reading->commands->len; i++)
    {
      const Command *command = s->reading->commands->pdata[i];
      char *result = NULL;

      if (command->error != NULL)
        result = g_strdup_printf ("not understood: %s", command->error);
      else if (s->reading->refused)
        result = g_strdup ("not done: another line was not understood");
      else if (!do_command (s, command, &result, error))
        return false;
      else
        *all &= is_done (result);
      g_ptr_array_add (s->results, result);
    }
  return true;
}

static void
free_attachment (gpointer data)
{
  ComposeAttachment *attachment = data;

  g_bytes_unref (attachment->bytes);
}

/* The files a member of staff attached: they go to the applicant with the words. */
static GArray *
attachments_of (Run *run, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (ComposeAttachment));
  int fd = archive_fd (run->office->archive, run->arrival->sha256, error);

  if (fd < 0)
    return NULL;
  g_array_set_clear_func (list, free_attachment);
  for (guint i = 0; i < run->message->parts->len && list->len < MAX_RELAYED; i++)
    {
      const MessagePart *part = run->message->parts->pdata[i];
      g_autoptr (GError) inner = NULL;

      if (part->name[0] == '\0' || strcmp (part->disposition, "attachment") != 0 || message_part_is_envelope (part)
          || run->office->reader == NULL)
        continue;
      GBytes *bytes = reader_extract (run->office->reader, fd, part->path, (guint64) run->office->options->max_attach,
                                      &inner);
      ComposeAttachment attachment = { part->name, part->sniffed, bytes };
      if (bytes != NULL)
        g_array_append_val (list, attachment);
      else
        log_event (LOG_WARNING, "relay.attachment-left-out", LOG_INT ("message", run->message_id));
    }
  close (fd);
  return g_steal_pointer (&list);
}

static bool
relay (Session *s, GError **error)
{
  OutboxNotice notice = run_notice (s->run, s->program, s->c);
  g_autoptr (GArray) attachments = attachments_of (s->run, error);

  if (attachments == NULL)
    return false;
  notice.cause = NULL; /* the staff member's own mail is not the applicant's thread */
  notice.sender = NULL;
  notice.words = s->reading->words;
  notice.person = true;
  notice.refused = s->refused;
  notice.attachments = (const ComposeAttachment *) (gpointer) attachments->data;
  notice.n_attachments = attachments->len;
  return outbox_notice (s->run->txn, &notice, "relay", error);
}

/* Words before the first command: allowed by the definition's event "relay". */
static bool
step_relay (Session *s, bool *all, GError **error)
{
  CaseEvent event = { .name = "relay", .actor = &s->actor, .text = s->reading->words, .message = s->run->message_id };
  g_autoptr (GError) inner = NULL;

  const ProgramCaseType *type = program_case_type (s->program, s->c->type);

  if (!*all || s->reading->words[0] == '\0')
    return true;
  if (s->proposed)
    g_set_error_literal (&inner, QEC_ERROR, QEC_ERROR_PERMANENT,
                         "a command beside them waits for a second person: send them when it has happened");
  else if (type != NULL && type->confidential)
    g_set_error_literal (&inner, QEC_ERROR, QEC_ERROR_PERMANENT,
                         "the case is confidential: speak to the people, and write /note for its history");
  else if (try_step (s, &event, "relay", &inner))
    return true;
  if (!g_error_matches (inner, QEC_ERROR, QEC_ERROR_PERMANENT))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  *all = false;
  g_ptr_array_add (s->results, g_strdup_printf ("your words were not passed on: %s", inner->message));
  return true;
}

static GArray *
transcript_lines (const Session *s, bool all)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (OutboxLine));

  for (guint i = 0; i < s->results->len; i++)
    {
      const Command *command = i < s->reading->commands->len ? s->reading->commands->pdata[i] : NULL;
      const char *result = s->results->pdata[i];
      OutboxLine line = { command != NULL ? command->line : "",
                          !all && is_done (result) ? "not done: another line could not be" : result };

      g_array_append_val (lines, line);
    }
  if (s->reading->words[0] != '\0')
    {
      OutboxLine line = { "(your words)", all ? "passed on to the applicant" : "not passed on" };

      g_array_append_val (lines, line);
    }
  for (guint i = 0; i < s->refused->len; i++)
    {
      OutboxLine line = { "(but)", s->refused->pdata[i] };

      g_array_append_val (lines, line);
    }
  return lines;
}

static bool
send_help (Run *run, const Program *program, const Case *c, GError **error)
{
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (OutboxLine));
  OutboxNotice notice = run_notice (run, program, c);

  for (const CommandHelp *help = command_help (); help->name != NULL; help++)
    {
      OutboxLine line = { help->syntax, help->help };

      if (is_for_everybody (help->name) || may_command (program, run->identity->person, help->name))
        g_array_append_val (lines, line);
    }
  notice.commands = lines;
  return outbox_write (run->txn, &notice, "command-help", run->identity->address, run->identity->name, error);
}

static bool
send_transcript (Session *s, bool all, GError **error)
{
  Run *run = s->run;
  OutboxNotice notice = run_notice (run, s->program, s->c);
  g_autoptr (GArray) lines = transcript_lines (s, all);

  notice.lines = lines;
  notice.outcome = !all ? "nothing was done" : s->proposed ? "1 of 2, a second person is needed" : "done";
  if (s->help && lines->len == 1)
    return send_help (run, s->program, s->c, error);
  if (s->status && lines->len == 1)
    return outbox_write (run->txn, &notice, "status", run->identity->address, run->identity->name, error);
  return outbox_write (run->txn, &notice, "transcript", run->identity->address, run->identity->name, error);
}

/* Somebody asked for what is not theirs: it is refused, logged, and the lead is told. */
static bool
alert (Session *s, GError **error)
{
  Run *run = s->run;
  OutboxNotice notice = run_notice (run, s->program, s->c);
  g_autoptr (GArray) lines = transcript_lines (s, false);

  log_event (LOG_WARNING, "command.refused", LOG_INT ("message", run->message_id), LOG_INT ("case", s->c->id),
             LOG_PERSON ("by", run->identity->address));
  notice.lines = lines;
  notice.reason = run->identity->why;
  notice.words = run->message->new_text;
  return outbox_write_role (run->txn, &notice, "command-refused-alert", s->program->escalate, error);
}

static bool
proceed (Session *s, const Case *before, GError **error)
{
  const Program *program = s->program;
  bool all;

  if (!do_all (s, &all, error) || !step_relay (s, &all, error))
    return false;
  if (all)
    {
      OutboxNotice notice = run_notice (s->run, s->program, s->c);

      notice.refused = s->refused;
      if (!run_save (s->run, s->c, s->changes, error)
          || !run_notices (s->run, s->program, s->c, s->changes, &notice, error)
          || !run_proposals (s->run, s->program, s->c, s->changes, error)
          || !run_tell_moved (s->run, s->program, s->c, s->changes, "definition", error)
          || (s->reading->words[0] != '\0' && !relay (s, error))
          || !run_spread (s->run, s->program, s->c, s->changes, error))
        return false;
    }
  else
    {
      case_free (s->c);
      s->c = case_copy (before);
      s->program = program;
    }
  run_outcome (s->run, OUTCOME_ANSWERED, all ? "done" : "refused: nothing of it was done");
  return send_transcript (s, all, error) && (!s->no_right || alert (s, error));
}

bool
run_command (Run *run, gint64 case_id, GError **error)
{
  const Program *program;
  g_autoptr (Case) before = run_load (run, case_id, &program, error);

  if (before == NULL)
    return false;
  g_autoptr (CommandReading) reading = commands_read (run->message->new_text, program->calendar);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) refused = g_ptr_array_new_with_free_func (g_free);
  Session s = { .run = run, .program = program, .person = run->identity->person, .c = case_copy (before),
                .reading = reading, .changes = changes, .results = results, .refused = refused,
                .actor = { run->identity->address, run->identity->person->name, true,
                           (const char *const *) run->identity->person->roles, run->identity->assurance } };

  run->case_id = case_id;
  if (!run_assurance (run, program, before, &s.actor.assurance, &s.not_signed, error))
    {
      case_free (s.c);
      return false;
    }
  if (reading->commands->len == 0 && reading->words[0] == '\0')
    {
      g_ptr_array_add (results, g_strdup ("there were neither words nor commands in your message"));
      reading->refused = true;
    }
  bool good = proceed (&s, before, error);
  case_free (s.c);
  g_free (s.not_signed);
  return good;
}

bool
run_staff (Run *run, GError **error)
{
  const Program *program = run->office->definition->program;
  g_autoptr (CommandReading) reading = commands_read (run->message->new_text, program->calendar);
  const Command *first = reading->commands->len > 0 ? reading->commands->pdata[0] : NULL;
  OutboxNotice notice = run_notice (run, program, NULL);
  const ProgramCaseType *type = program->case_types->len > 0 ? program->case_types->pdata[0] : NULL;
  g_autofree char *result = g_strdup_printf ("nothing was done: answer in a case's thread, or put its number into the "
                                             "subject, such as [%s-%d-0001]", type != NULL ? type->prefix : "CASE",
                                             calendar_year (program->calendar, run->at));
  OutboxLine line = { first != NULL ? first->line : "(your words)", result };
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (OutboxLine));

  for (guint i = 0; i < reading->commands->len; i++)
    if (strcmp (((const Command *) reading->commands->pdata[i])->name, "roster") == 0)
      return run_roster (run, reading, error);
  run_outcome (run, OUTCOME_ANSWERED, "staff mail that names no case");
  if (first != NULL && strcmp (first->name, "help") == 0)
    return send_help (run, program, NULL, error);
  g_array_append_val (lines, line);
  notice.lines = lines;
  notice.outcome = "nothing was done";
  return outbox_write (run->txn, &notice, "transcript", run->identity->address, run->identity->name, error);
}
