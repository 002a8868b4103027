/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What waits: for a person (held), for the network (outbox), for a date (timers).
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "case/case-store.h"
#include "engine/run.h"

static void
add (GPtrArray *cells, char *text)
{
  g_ptr_array_add (cells, text);
}

static JsonObject *
add_object (JsonArray *array)
{
  JsonObject *object = json_object_new ();

  json_array_add_object_element (array, object);
  return object;
}

static void
print_array (JsonArray *array)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  admin_print_json (node);
}

static bool
begin (int *argc, char ***argv, const char *arguments, const char *summary, const char *config, gboolean *json,
       Office **office, int *status)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, json, "One JSON document", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;

  if (!admin_options (argc, argv, entries, arguments, summary, status))
    return false;
  *office = admin_office (config, false, &error);
  if (*office == NULL)
    *status = admin_error (error);
  return *office != NULL;
}

int
admin_held (int argc, char **argv, const char *config)
{
  static const char *const head[] = { "SINCE", "MESSAGE", "FROM", "WHY" };
  g_autoptr (Office) office = NULL;
  g_autoptr (GError) error = NULL;
  gboolean json = FALSE;
  int status;

  if (!begin (&argc, &argv, "- what waits for a person", "Exit status 1: something is held.", config, &json, &office,
              &status))
    return status;
  g_autoptr (GPtrArray) rows = held_waiting (office->store, &error);
  if (rows == NULL)
    return admin_error (error);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  JsonArray *array = json_array_new ();
  for (guint i = 0; i < rows->len; i++)
    {
      const HeldRow *row = rows->pdata[i];
      g_autofree char *since = clock_format (row->at);
      JsonObject *object = add_object (array);

      json_object_set_int_member (object, "message", row->message);
      json_object_set_string_member (object, "since", since);
      json_object_set_string_member (object, "from", row->author);
      json_object_set_string_member (object, "subject", row->subject);
      json_object_set_string_member (object, "reason", row->reason);
      add (cells, g_strdup (since));
      add (cells, g_strdup_printf ("%" G_GINT64_FORMAT, row->message));
      add (cells, g_strdup (row->author));
      add (cells, g_strdup (row->reason));
    }
  if (json)
    print_array (array);
  else
    {
      json_array_unref (array);
      if (rows->len > 0)
        admin_table (head, G_N_ELEMENTS (head), cells);
      else
        puts ("Nothing is held.");
    }
  return rows->len > 0 ? ADMIN_NO : ADMIN_YES;
}

int
admin_outbox (int argc, char **argv, const char *config)
{
  static const char *const head[] = { "ID", "STATUS", "TRIES", "NEXT", "TO", "NOTICE", "LAST REPLY" };
  g_autoptr (Office) office = NULL;
  g_autoptr (GError) error = NULL;
  gboolean json = FALSE;
  int status;

  if (!begin (&argc, &argv, "- what waits for the network", NULL, config, &json, &office, &status))
    return status;
  g_autoptr (GPtrArray) rows = outbox_list (office->store, true, &error);
  if (rows == NULL)
    return admin_error (error);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  JsonArray *array = json_array_new ();
  for (guint i = 0; i < rows->len; i++)
    {
      const OutboxItem *row = rows->pdata[i];
      g_autofree char *next = clock_format (row->next_at);
      JsonObject *object = add_object (array);

      json_object_set_int_member (object, "id", row->id);
      json_object_set_string_member (object, "status", row->status);
      json_object_set_int_member (object, "attempts", row->attempts);
      json_object_set_string_member (object, "next", next);
      json_object_set_string_member (object, "rcpt", row->rcpt);
      json_object_set_string_member (object, "notice", row->notice);
      json_object_set_string_member (object, "reply", row->reply);
      add (cells, g_strdup_printf ("%" G_GINT64_FORMAT, row->id));
      add (cells, g_strdup (row->status));
      add (cells, g_strdup_printf ("%d", row->attempts));
      add (cells, g_strdup (next));
      add (cells, g_strdup (row->rcpt));
      add (cells, g_strdup (row->notice));
      add (cells, g_strdup (row->reply));
    }
  if (json)
    print_array (array);
  else
    {
      json_array_unref (array);
      if (rows->len > 0)
        admin_table (head, G_N_ELEMENTS (head), cells);
      else
        puts ("Nothing waits in the outbox.");
    }
  return ADMIN_YES;
}

typedef struct {
  Office *office;
  const char *only;
  GPtrArray *cells;
  JsonArray *array;
} TimerList;

static void
add_timer (TimerList *list, const Case *c, const CaseTimer *timer)
{
  const Program *program = office_program (list->office, c->definition, NULL);
  const ProgramCaseType *type = program != NULL ? program_case_type (program, c->type) : NULL;
  const ProgramState *state = type != NULL ? program_state (type, c->state) : NULL;
  const ProgramTimer *def = state != NULL ? program_timer (type, state, timer->name) : NULL;
  g_autofree char *due = clock_format (timer->due), *start = clock_format (timer->start);
  g_autofree char *local = program != NULL ? calendar_long (program->calendar, timer->due) : g_strdup (due);
  JsonObject *object = add_object (list->array);
  const char *basis = def == NULL ? "" : def->verified ? program_basis_name (def->basis) : "program default";

  json_object_set_string_member (object, "case", c->ref);
  json_object_set_string_member (object, "timer", timer->name);
  json_object_set_string_member (object, "reminder", timer->reminder);
  json_object_set_string_member (object, "due", due);
  json_object_set_string_member (object, "start", start);
  json_object_set_string_member (object, "rule", timer->span);
  json_object_set_string_member (object, "why", timer->why != NULL ? timer->why : "");
  json_object_set_string_member (object, "basis", basis);
  json_object_set_string_member (object, "source", def != NULL ? def->source : "");
  json_object_set_string_member (object, "calendar", timer->calendar);
  json_object_set_boolean_member (object, "paused", timer->paused != 0);
  add (list->cells, g_strdup (c->ref));
  add (list->cells, g_strdup (timer->paused != 0 ? "(paused)" : local));
  add (list->cells, timer->reminder[0] != '\0' ? g_strdup_printf ("%s: %s", timer->name, timer->reminder)
                                               : g_strdup (timer->name));
  add (list->cells, g_strdup (basis));
  add (list->cells, g_strdup (timer->why));
}

static bool
list_case (Store *store, gint64 id, gpointer data, GError **error)
{
  TimerList *list = data;
  g_autoptr (Case) c = case_load (store, id, error);

  if (c == NULL)
    return false;
  for (guint i = 0; i < c->timers->len; i++)
    if (list->only == NULL || g_ascii_strcasecmp (list->only, c->ref) == 0)
      add_timer (list, c, c->timers->pdata[i]);
  return true;
}

int
admin_timers (int argc, char **argv, const char *config)
{
  static const char *const head[] = { "CASE", "DUE", "TIMER", "BASIS", "WHY THIS DATE" };
  g_autoptr (Office) office = NULL;
  g_autoptr (GError) error = NULL;
  gboolean json = FALSE;
  int status;

  if (!begin (&argc, &argv, "[REF] - what waits for a date, and why that date", NULL, config, &json, &office, &status))
    return status;
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  TimerList list = { office, argc > 1 ? argv[1] : NULL, cells, json_array_new () };
  bool good = case_each (office->store, list_case, &list, &error);
  if (good && json)
    print_array (list.array);
  else
    json_array_unref (list.array);
  if (!good)
    return admin_error (error);
  if (!json && cells->len > 0)
    admin_table (head, G_N_ELEMENTS (head), cells);
  else if (!json)
    puts ("No date is being watched.");
  return ADMIN_YES;
}
