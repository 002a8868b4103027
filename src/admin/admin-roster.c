/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp roster`: who works here now, and who changed that.
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "engine/roster-proposal.h"
#include "engine/roster.h"

/* The last change of ADDRESS for good, or NULL: they are as the file has them. */
static const RosterRow *
last_of (const GPtrArray *rows, const char *address)
{
  for (guint i = rows->len; i > 0; i--)
    if (strcmp (((const RosterRow *) rows->pdata[i - 1])->address, address) == 0
        && ((const RosterRow *) rows->pdata[i - 1])->since == 0)
      return rows->pdata[i - 1];
  return NULL;
}

/* Until when PERSON (may be NULL) is away, and who stands in. */
static char *
add_away (JsonObject *object, const Program *program, const ProgramPerson *person)
{
  bool away = person != NULL && person->away;
  g_autofree char *until = away && person->away_until != 0
                             ? calendar_short (program->calendar, person->away_until)
                             : g_strdup ("");
  const char *deputy = away && person->deputy != NULL ? person->deputy : "";

  json_object_set_boolean_member (object, "away", away);
  json_object_set_string_member (object, "away_until", until);
  json_object_set_string_member (object, "deputy", deputy);
  return g_strdup_printf ("%s%s%s%s%s",
                          !away              ? ""
                          : until[0] != '\0' ? "until "
                                             : "yes",
                          until, deputy[0] != '\0' ? ", " : "", deputy,
                          deputy[0] != '\0' ? " stands in" : "");
}

static void
add (GPtrArray *cells, JsonArray *array, const char *address, const char *name, const char *roles,
     const RosterRow *row, const Program *program)
{
  JsonObject *object = json_object_new ();
  g_autofree char *at = row != NULL ? clock_format (row->at) : g_strdup ("");

  json_object_set_string_member (object, "address", address);
  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "roles", roles);
  json_object_set_string_member (object, "change", row != NULL ? row->action : "");
  json_object_set_string_member (object, "by", row != NULL ? row->by : "");
  json_object_set_string_member (object, "at", at);
  json_object_set_int_member (object, "message", row != NULL ? row->message : 0);
  char *away = add_away (object, program, program_person (program, address));
  json_array_add_object_element (array, object);
  g_ptr_array_add (cells, g_strdup (address));
  g_ptr_array_add (cells, g_strdup (name));
  g_ptr_array_add (cells, g_strdup (roles));
  g_ptr_array_add (cells, away);
  g_ptr_array_add (cells, row != NULL
                            ? g_strdup_printf ("%s, %.10s, by %s, message %" G_GINT64_FORMAT,
                                               row->action, at, row->by, row->message)
                            : g_strdup ("roster file"));
}

/* What is only proposed is about nobody yet: an element with "proposal" is no person. */
static void
add_proposal (JsonArray *array, const RosterProposal *p)
{
  JsonObject *object = json_object_new ();
  g_autofree char *at = clock_format (p->at), *due = clock_format (p->due);
  const struct {
    const char *name, *value;
  } texts[] = {
    { "address", "" }, { "name", "" }, { "roles", "" }, { "change", "proposed" }, { "by", p->by }, { "at", at }, { "what", p->what },
    { "until", due },
  };

  json_object_set_int_member (object, "proposal", p->n);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    json_object_set_string_member (object, texts[i].name, texts[i].value);
  json_object_set_int_member (object, "message", p->message);
  json_array_add_object_element (array, object);
}

static void
print_proposal (const Program *program, const RosterProposal *p)
{
  g_autofree char *until = calendar_short (program->calendar, p->due);
  g_auto (GStrv) lines = g_strsplit (p->what, "\n", -1);

  printf ("Waits for a second person until %s, proposed by %s:\n", until, p->by);
  for (char **line = lines; *line != NULL; line++)
    printf ("  %s\n", *line);
}

int
admin_roster (int argc, char **argv, const char *config)
{
  static const char *const head[] = { "ADDRESS", "NAME", "ROLES", "AWAY", "BY" };
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!admin_options (&argc, &argv, entries, "- who works here, and who changed that", NULL,
                      &status))
    return status;
  g_autoptr (Office) office = admin_office (config, false, &error);
  g_autoptr (GPtrArray) rows = office != NULL ? roster_rows (office->store, &error) : NULL;
  g_autoptr (GPtrArray) proposals = rows != NULL ? roster_proposals (office->store, &error) : NULL;
  if (proposals == NULL)
    return admin_error (error);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonArray) array = json_array_new ();
  const Program *program = office->definition->program;
  for (guint i = 0; i < program->people->len; i++)
    {
      const ProgramPerson *person = program->people->pdata[i];
      g_autofree char *roles = g_strjoinv (" ", person->roles);

      add (cells, array, person->address, person->name, roles, last_of (rows, person->address),
           program);
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const RosterRow *row = rows->pdata[i];

      if (strcmp (row->action, "leave") == 0 && last_of (rows, row->address) == row)
        add (cells, array, row->address, row->name, "", row, program);
    }
  for (guint i = 0; json && i < proposals->len; i++)
    add_proposal (array, proposals->pdata[i]);
  admin_print_list (array, json, head, G_N_ELEMENTS (head), cells, "Nobody is in the roster.");
  for (guint i = 0; !json && i < proposals->len; i++)
    print_proposal (program, proposals->pdata[i]);
  return ADMIN_YES;
}
