/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads when the office is open and who works in it: calendar, roles, roster.
 */
#include "program/program-private.h"

#include <string.h>

/* --- calendar -------------------------------------------------------------- */

int
program_minutes (const char *text)
{
  if (strlen (text) != 5 || text[2] != ':' || !g_ascii_isdigit (text[0])
      || !g_ascii_isdigit (text[1]) || !g_ascii_isdigit (text[3]) || !g_ascii_isdigit (text[4]))
    return -1;

  int h = (text[0] - '0') * 10 + text[1] - '0', m = (text[3] - '0') * 10 + text[4] - '0';

  return h < 24 && m < 60 ? h * 60 + m : -1;
}

/* Say ERROR, which came from the value of OPTION. */
static void
pass_on (ProgramReader *r, const ConfNode *node, const char *option, GError *error)
{
  if (error == NULL)
    return;
  program_mistake (r, node, option, "%s", error->message);
  g_error_free (error);
}

static void
read_hours (ProgramReader *r, const ConfNode *program, int *opens, int *closes)
{
  g_auto (GStrv) hours = g_strsplit (conf_string (program, "business-hours"), "-", -1);

  if (g_strv_length (hours) == 2)
    {
      *opens = program_minutes (g_strstrip (hours[0]));
      *closes = program_minutes (g_strstrip (hours[1]));
      if (*opens >= 0 && *closes > *opens)
        return;
    }
  *opens = 9 * 60;
  *closes = 17 * 60;
  program_mistake (r, program, "business-hours",
                   "\"%s\" are no business hours; write such as \"08:30-17:00\"",
                   conf_string (program, "business-hours"));
}

static void
read_holidays (ProgramReader *r, const ConfNode *node)
{
  const ConfNode *day;

  for (guint i = 0; (day = conf_section (node, "holiday", i)) != NULL; i++)
    {
      GError *error = NULL;

      calendar_add_holiday (r->program->calendar, conf_title (day), conf_string (day, "rule"),
                            conf_int (day, "since"), conf_int (day, "until"), &error);
      pass_on (r, day, "rule", error);
    }
  for (guint i = 0; (day = conf_section (node, "closure", i)) != NULL; i++)
    {
      GError *error = NULL;
      const char *until = conf_string (day, "until");
      int closes_at = until != NULL ? program_minutes (until) : 0;

      if (closes_at < 0 || (until != NULL && closes_at == 0))
        program_mistake (r, day, "until", "\"%s\" is no hour; write such as \"12:00\"", until);
      else
        calendar_add_closure (r->program->calendar, conf_title (day), conf_string (day, "name"),
                              closes_at, &error);
      pass_on (r, day, NULL, error);
    }
}

void
program_read_calendar (ProgramReader *r, const ConfNode *program)
{
  const ConfNode *node = conf_section (r->root, "calendar", 0);
  GError *error = NULL;
  int opens, closes;

  read_hours (r, program, &opens, &closes);
  r->program->calendar = calendar_new (conf_string (program, "time-zone"), opens, closes, &error);
  pass_on (r, program, "time-zone", error);
  if (r->program->calendar != NULL)
    calendar_set_language (r->program->calendar, conf_string (program, "language"));
  if (r->program->calendar == NULL || node == NULL)
    return;
  error = NULL;
  calendar_set_shift (r->program->calendar, conf_string (node, "weekend-shift"), &error);
  pass_on (r, node, "weekend-shift", error);
  read_holidays (r, node);
}

/* --- roles and people ------------------------------------------------------ */

Assurance
program_read_assurance (const char *word)
{
  for (Assurance a = ASSURE_NONE; a <= ASSURE_SIGNED; a++)
    if (g_strcmp0 (program_assurance_name (a), word) == 0)
      return a;
  return ASSURE_NONE;
}

void
program_read_second (ProgramReader *r, const ConfNode *node, Span *within)
{
  g_autoptr (GError) error = NULL;

  if (!span_parse (conf_string (node, "second-within"), within, &error))
    program_mistake (r, node, "second-within", "%s", error->message);
  else if (within->n <= 0)
    program_mistake (r, node, "second-within",
                     "\"%s\" is no time ahead; write such as \"5 business days\"",
                     conf_string (node, "second-within"));
}

/* What a second person could not say by the same words, or what only reads. */
static void
check_people (ProgramReader *r, const ConfNode *node, const ProgramRole *role)
{
  static const char *const alone[] = { "relay", "on-behalf-of", "search", NULL };

  for (char **command = role->commands; role->people > 1 && *command != NULL; command++)
    if (g_strv_contains (alone, *command))
      program_mistake (
        r, node, "people",
        "\"%s\" cannot be proposed to a second person; put it into a role of its own", *command);
  if (role->people > 1 && role->kind != ROLE_STAFF)
    program_mistake (r, node, "people",
                     "two people are asked for in the office only; '%s' is an outside role",
                     role->name);
}

static ProgramRole *
read_role (ProgramReader *r, const ConfNode *node)
{
  ProgramRole *role = g_new0 (ProgramRole, 1);

  role->place = program_place (node);
  role->name = g_strdup (conf_title (node));
  role->title = g_strdup (conf_string (node, "title"));
  role->kind = strcmp (conf_string (node, "kind"), "staff") == 0 ? ROLE_STAFF : ROLE_OUTSIDE;
  role->commands = g_strdupv ((char **) conf_list (node, "commands"));
  role->assurance = program_read_assurance (conf_string (node, "assurance"));
  role->people = (guint) conf_int (node, "people");
  program_read_second (r, node, &role->second_within);
  program_refer_all (r, node, "commands", "command", r->command_words);
  check_people (r, node, role);
  for (const ProgramWord *w = r->words->audiences; w->name != NULL; w++)
    if (strcmp (w->name, role->name) == 0 && role->kind == ROLE_STAFF)
      program_mistake (r, node, NULL, "'%s' already means an audience; give the role another name",
                       role->name);
  return role;
}

static bool
is_address (const char *text)
{
  const char *at = strchr (text, '@');

  if (at == NULL || at == text || at[1] == '\0' || strchr (at + 1, '@') != NULL)
    return false;
  for (; *text != '\0'; text++)
    if (!g_ascii_isgraph (*text) || strchr ("<>()[],;:\"\\", *text) != NULL)
      return false;
  return true;
}

static ProgramPerson *
read_person (ProgramReader *r, const ConfNode *node)
{
  ProgramPerson *person = g_new0 (ProgramPerson, 1);

  person->place = program_place (node);
  person->address = g_ascii_strdown (conf_title (node), -1);
  person->name = g_strdup (conf_string (node, "name"));
  person->roles = g_strdupv ((char **) conf_list (node, "roles"));
  person->certificates = g_strdupv ((char **) conf_list (node, "certificates"));
  person->away = conf_bool (node, "away");
  person->digest = conf_bool (node, "digest");
  if (!is_address (person->address))
    program_mistake (r, node, NULL, "\"%s\" is no address; write person \"name@office.example\"",
                     person->address);
  else if (program_person (r->program, person->address) != NULL)
    program_mistake (r, node, NULL, "person \"%s\" is here a second time; put both into one",
                     person->address);
  program_refer_all (r, node, "roles", "role", r->roles);
  for (char **role = person->roles; *role != NULL; role++)
    {
      const ProgramRole *known = program_role (r->program, *role);

      if (known != NULL && known->kind != ROLE_STAFF)
        program_mistake (r, node, "roles",
                         "'%s' is an outside role; people of the office have staff roles", *role);
    }
  return person;
}

void
program_read_people (ProgramReader *r)
{
  const ConfNode *node;

  r->program->roles = g_ptr_array_new_with_free_func (program_role_free);
  for (guint i = 0; (node = conf_section (r->root, "role", i)) != NULL; i++)
    g_ptr_array_add (r->program->roles, read_role (r, node));
  r->program->people = g_ptr_array_new_with_free_func (program_person_free);
  for (guint i = 0; r->roster != NULL && (node = conf_section (r->roster, "person", i)) != NULL;
       i++)
    g_ptr_array_add (r->program->people, read_person (r, node));
}
