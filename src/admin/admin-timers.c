/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp timers`: what waits for a date, and why that date: the rule, what it rests on, where it
 * stands, the start, the calculation and the calendar.
 */
#include <stdio.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "base/words.h"
#include "case/case-store.h"

/* A timer with what is known of its rule. */
typedef struct {
  const Case *c;
  const CaseTimer *timer;
  const Program *program;  /* NULL: the case's definition cannot be read any more */
  const ProgramTimer *def; /* NULL: it has no such timer */
} Row;

typedef struct {
  Office *office;
  const char *only; /* case, or NULL: all */
  GPtrArray *cells; /* of the table */
  JsonArray *array;
  bool json;
  guint n;
} List;

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static void
set (JsonObject *object, const char *name, const char *value)
{
  json_object_set_string_member (object, name, or_empty (value));
}

static void
add_json (const List *list, const Row *row)
{
  g_autofree char *due = clock_format (row->timer->due), *start = clock_format (row->timer->start);
  JsonObject *object = json_object_new ();

  json_array_add_object_element (list->array, object);
  set (object, "case", row->c->ref);
  set (object, "timer", row->timer->name);
  set (object, "title", row->def != NULL ? row->def->title : NULL);
  set (object, "reminder", row->timer->reminder);
  set (object, "for", row->timer->who);
  set (object, "text", row->timer->text);
  set (object, "due", due);
  set (object, "start", start);
  set (object, "rule", row->timer->span);
  set (object, "id", row->def != NULL ? row->def->id : NULL);
  g_autofree char *why = words_english (row->timer->why);
  set (object, "why", why);
  set (object, "basis", program_timer_basis (row->def));
  set (object, "rule_basis", row->def != NULL ? program_basis_name (row->def->basis) : NULL);
  json_object_set_boolean_member (object, "verified", row->def != NULL && row->def->verified);
  set (object, "source", row->def != NULL ? row->def->source : NULL);
  set (object, "calendar", row->timer->calendar);
  json_object_set_boolean_member (object, "paused", row->timer->paused != 0);
}

/* "program default (target), rule T14": what people go by. */
static char *
basis_text (const CaseTimer *timer, const ProgramTimer *def)
{
  g_autoptr (GString) text =
    g_string_new (case_timer_is_own (timer) ? "set by a person" : program_timer_basis (def));

  if (def != NULL && !def->verified && !case_timer_is_own (timer))
    g_string_append_printf (text, " (%s)", program_basis_name (def->basis));
  if (def != NULL && def->id != NULL)
    g_string_append_printf (text, ", rule %s", def->id);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
local_time (const Row *row, gint64 at)
{
  return row->program != NULL ? calendar_long (row->program->calendar, at) : clock_format (at);
}

/* What its owner wants to be reminded of, on one line; "" with nothing. */
static char *
own_text (const CaseTimer *timer)
{
  return g_strdelimit (g_strdup (or_empty (timer->text)), "\n", ' ');
}

static void
add_cells (const List *list, const Row *row)
{
  const CaseTimer *timer = row->timer;

  g_ptr_array_add (list->cells, g_strdup (row->c->ref));
  g_ptr_array_add (list->cells,
                   timer->paused != 0 ? g_strdup ("(paused)") : local_time (row, timer->due));
  g_ptr_array_add (list->cells, timer->reminder[0] != '\0'
                                  ? g_strdup_printf ("%s: %s", timer->name, timer->reminder)
                                : case_timer_is_own (timer)
                                  ? g_strdup_printf ("%s: %s", timer->name, timer->who)
                                  : g_strdup (timer->name));
  g_ptr_array_add (list->cells, basis_text (row->timer, row->def));
  g_autofree char *why = words_english (timer->why);
  g_autofree char *text = own_text (timer);
  g_ptr_array_add (list->cells, text[0] != '\0' ? g_strdup_printf ("%s; %s", text, or_empty (why))
                                                : g_strdup (or_empty (why)));
}

/* A case alone has room for everything about each date. */
static void
print_whole (const Row *row)
{
  const CaseTimer *timer = row->timer;
  g_autofree char *due = local_time (row, timer->due), *start = local_time (row, timer->start);
  g_autofree char *basis = basis_text (row->timer, row->def);

  if (timer->reminder[0] != '\0')
    printf ("%s (%s: sends %s)\n", row->def != NULL ? row->def->title : timer->name, timer->name,
            timer->reminder);
  else
    printf ("%s (%s)\n", row->def != NULL ? row->def->title : timer->name, timer->name);
  g_autofree char *text = own_text (timer);
  if (case_timer_is_own (timer))
    printf ("  For        %s%s%s\n", timer->who, text[0] != '\0' ? ": " : "", text);
  printf ("  Due        %s%s\n", due, timer->paused != 0 ? ", stands still" : "");
  printf ("  Basis      %s\n", basis);
  printf ("  Source     %s\n",
          row->def != NULL && row->def->source != NULL ? row->def->source : "not known");
  printf ("  Start      %s\n", start);
  g_autofree char *why = words_english (timer->why);
  printf ("  Counted    %s\n", or_empty (why));
  printf ("  Calendar   %s\n\n", timer->calendar);
}

static void
list_dates (List *list, const Case *c)
{
  for (guint i = 0; i < c->timers->len; i++, list->n++)
    {
      Row row = { c, c->timers->pdata[i], office_program (list->office, c->definition, NULL),
                  NULL };

      row.def = row.program != NULL ? case_timer_rule (row.program, c, row.timer) : NULL;
      if (list->json)
        add_json (list, &row);
      else if (list->only != NULL)
        print_whole (&row);
      else
        add_cells (list, &row);
    }
}

static bool
list_case (Store *store, gint64 id, gpointer data, GError **error)
{
  g_autoptr (Case) c = case_load (store, id, error);

  if (c != NULL)
    list_dates (data, c);
  return c != NULL;
}

/* The dates of the case that was named, or of all; else what to end with. */
static int
collect (List *list)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) c =
    list->only != NULL ? case_find (list->office->store, list->only, &error) : NULL;

  if (c != NULL)
    list_dates (list, c);
  else if (list->only != NULL && error == NULL)
    {
      fprintf (stderr, "qecp: there is no case %s\n", list->only);
      return ADMIN_CALL;
    }
  else if (list->only == NULL)
    case_each (list->office->store, list_case, list, &error);
  return error != NULL ? admin_error (error) : ADMIN_YES;
}

int
admin_timers (int argc, char **argv, const char *config)
{
  static const char *const head[] = { "CASE", "DUE", "TIMER", "BASIS", "WHY THIS DATE" };
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!admin_options (&argc, &argv, entries,
                      "[REF] - what waits for a date, and why that date; with REF all about each",
                      NULL, &status))
    return status;
  g_autoptr (Office) office = admin_office (config, false, &error);
  if (office == NULL)
    return admin_error (error);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonArray) array = json_array_new ();
  List list = { office, argc > 1 ? argv[1] : NULL, cells, array, json, 0 };
  if ((status = collect (&list)) != ADMIN_YES)
    return status;
  admin_print_list (array, json, head, G_N_ELEMENTS (head), cells,
                    list.n == 0 ? "No date is being watched." : NULL);
  return ADMIN_YES;
}
