/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The report of a simulation, as tables and as JSON; progress for whoever watches.
 */
#include "admin/admin-simulate.h"

#include <stdio.h>
#include <unistd.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json-add.h"
#include "simulate/simulate.h"

#define DAY 86400.0
#define MAX_YEARS    100
#define MAX_ENTITIES 100000

/* --- tables ------------------------------------------------------------------------ */

static void G_GNUC_NULL_TERMINATED
add_cells (GPtrArray *cells, char *first, ...)
{
  va_list args;

  va_start (args, first);
  for (char *cell = first; cell != NULL; cell = va_arg (args, char *))
    g_ptr_array_add (cells, cell);
  va_end (args);
}

static char *
number (guint n)
{
  return g_strdup_printf ("%u", n);
}

static char *
days (gint64 seconds)
{
  return g_strdup_printf ("%.1f", (double) seconds / DAY);
}

static void
print_table (const char *title, const char *const *head, guint n, const GPtrArray *cells)
{
  g_autofree char *text = cells->len > 0 ? admin_table_text (head, n, cells) : NULL;

  if (text != NULL)
    g_print ("\n%s\n\n%s", title, text);
}

static void
print_types (const SimulateReport *r)
{
  static const char *const head[] = { "CASE TYPE", "OPENED", "STILL OPEN", "ENDED IN" };
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < r->types->len; i++)
    {
      const SimulateType *type = &g_array_index (r->types, SimulateType, i);
      g_autoptr (GString) ends = g_string_new (NULL);

      for (guint k = 0; k < r->states->len; k++)
        {
          const SimulateState *state = &g_array_index (r->states, SimulateState, k);

          if (state->type == type->type && state->state->final && state->now > 0)
            g_string_append_printf (ends, "%s%s %u", ends->len > 0 ? ", " : "", state->state->name,
                                    state->now);
        }
      add_cells (cells, g_strdup (type->type->name), number (type->opened), number (type->open),
                 g_strdup (ends->str), NULL);
    }
  print_table ("Cases", head, G_N_ELEMENTS (head), cells);
}

static void
print_states (const SimulateReport *r)
{
  static const char *const head[] = { "CASE TYPE", "STATE",     "ENTERED",      "MEDIAN DAYS",
                                      "90 % DAYS", "NOW IN IT", "NO CLOCK RUNS" };
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < r->states->len; i++)
    {
      const SimulateState *row = &g_array_index (r->states, SimulateState, i);

      if (!row->state->final && row->entered > 0)
        add_cells (cells, g_strdup (row->type->name), g_strdup (row->state->name),
                   number (row->entered), days (row->median), days (row->p90), number (row->now),
                   number (row->unwatched), NULL);
    }
  print_table ("Time in each state", head, G_N_ELEMENTS (head), cells);
}

static void
print_timers (const SimulateReport *r)
{
  static const char *const head[] = { "BASIS",   "CASE TYPE", "STATE",  "CLOCK",    "STARTED",
                                      "IN TIME", "ACTED",     "MISSED", "REMINDERS" };
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

  for (int basis = BASIS_LAW; basis >= BASIS_TARGET; basis--)
    for (guint i = 0; i < r->timers->len; i++)
      {
        const SimulateTimer *row = &g_array_index (r->timers, SimulateTimer, i);

        if ((int) row->timer->basis == basis && row->started > 0)
          add_cells (cells, g_strdup (program_basis_name (row->timer->basis)),
                     g_strdup (row->type->name),
                     g_strdup (row->state != NULL ? row->state->name : "any"),
                     g_strdup (row->timer->name), number (row->started), number (row->in_time),
                     number (row->acted), number (row->missed), number (row->reminders), NULL);
      }
  print_table (
    "Clocks: ended in time; came due and acted; came due and nothing but a notice followed", head,
    G_N_ELEMENTS (head), cells);
}

static void
print_notices (const SimulateReport *r)
{
  static const char *const head[] = { "NOTICE", "SENT" };
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < r->notices->len; i++)
    {
      const SimulateNotice *row = &g_array_index (r->notices, SimulateNotice, i);

      if (row->sent > 0)
        add_cells (cells, g_strdup (row->name), number (row->sent), NULL);
    }
  print_table ("Notices", head, G_N_ELEMENTS (head), cells);
}

/* How many are stuck in the same way as number I, from there on; 0: one before it was. */
static guint
stuck_alike (const SimulateReport *r, guint i)
{
  const SimulateStuck *this = r->stuck->pdata[i];
  guint n = 0;

  for (guint k = 0; k < r->stuck->len; k++)
    {
      const SimulateStuck *other = r->stuck->pdata[k];

      if (other->state != this->state || strcmp (other->why, this->why) != 0)
        continue;
      if (k < i)
        return 0;
      n++;
    }
  return n;
}

static void
print_stuck (const Program *program, const SimulateReport *r)
{
  for (guint i = 0; i < r->stuck->len; i++)
    {
      const SimulateStuck *stuck = r->stuck->pdata[i];
      guint n = stuck_alike (r, i);
      g_autofree char *since = calendar_short (program->calendar, stuck->since);
      g_autofree char *more = n > 1 ? g_strdup_printf (" and %u more", n - 1) : g_strdup ("");

      if (n > 0)
        g_print ("stuck: %s%s in \"%s\", the first since %s: %s\n", stuck->ref, more,
                 stuck->state->name, since, stuck->why);
    }
}

static void
print_verdict (const Program *program, const SimulateReport *r)
{
  g_print ("\n");
  for (guint i = 0; i < r->unused->len; i++)
    g_print ("%s\n", (char *) r->unused->pdata[i]);
  print_stuck (program, r);
  for (guint i = 0; i < r->defects->len; i++)
    g_print ("defect: %s\n", (char *) r->defects->pdata[i]);
  g_print ("Law clocks missed: %u.  Cases stuck: %u.  Defects: %u.\n", simulate_law_missed (r),
           r->stuck->len, r->defects->len);
}

static void
print_report (const Program *program, const AdminSimulate *options, const SimulateReport *r)
{
  g_autofree char *from = calendar_short (program->calendar, r->start),
                  *to = calendar_short (program->calendar, r->end);

  g_print ("%s, version %.12s: %d organizations from %s to %s, seed %d: %u events, %u refused\n",
           program->name, program->version, options->entities, from, to, options->seed, r->events,
           r->refused);
  print_types (r);
  print_states (r);
  print_timers (r);
  print_notices (r);
  print_verdict (program, r);
}

/* --- JSON ---------------------------------------------------------------------------- */

static void
set_days (JsonBuilder *b, const char *name, gint64 seconds)
{
  json_builder_set_member_name (b, name);
  json_builder_add_double_value (b, (double) seconds / DAY);
}

static void
begin_rows (JsonBuilder *b, const char *name)
{
  json_builder_set_member_name (b, name);
  json_builder_begin_array (b);
}

static void
build_types (JsonBuilder *b, const SimulateReport *r)
{
  begin_rows (b, "cases");
  for (guint i = 0; i < r->types->len; i++)
    {
      const SimulateType *type = &g_array_index (r->types, SimulateType, i);

      json_builder_begin_object (b);
      json_add_string (b, "type", type->type->name);
      json_add_int (b, "opened", type->opened);
      json_add_int (b, "open", type->open);
      json_builder_set_member_name (b, "ended");
      json_builder_begin_object (b);
      for (guint k = 0; k < r->states->len; k++)
        {
          const SimulateState *state = &g_array_index (r->states, SimulateState, k);

          if (state->type == type->type && state->state->final)
            json_add_int (b, state->state->name, state->now);
        }
      json_builder_end_object (b);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
build_states (JsonBuilder *b, const SimulateReport *r)
{
  begin_rows (b, "states");
  for (guint i = 0; i < r->states->len; i++)
    {
      const SimulateState *row = &g_array_index (r->states, SimulateState, i);

      json_builder_begin_object (b);
      json_add_string (b, "type", row->type->name);
      json_add_string (b, "state", row->state->name);
      json_add_int (b, "entered", row->entered);
      json_add_int (b, "now", row->now);
      json_add_int (b, "unwatched", row->unwatched);
      set_days (b, "median_days", row->median);
      set_days (b, "p90_days", row->p90);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
build_timers (JsonBuilder *b, const SimulateReport *r)
{
  begin_rows (b, "timers");
  for (guint i = 0; i < r->timers->len; i++)
    {
      const SimulateTimer *row = &g_array_index (r->timers, SimulateTimer, i);

      json_builder_begin_object (b);
      json_add_string (b, "type", row->type->name);
      json_add_string (b, "state", row->state != NULL ? row->state->name : "");
      json_add_string (b, "timer", row->timer->name);
      json_add_string (b, "basis", program_basis_name (row->timer->basis));
      json_add_int (b, "started", row->started);
      json_add_int (b, "in_time", row->in_time);
      json_add_int (b, "acted", row->acted);
      json_add_int (b, "missed", row->missed);
      json_add_int (b, "reminders", row->reminders);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
build_notices (JsonBuilder *b, const SimulateReport *r)
{
  begin_rows (b, "notices");
  for (guint i = 0; i < r->notices->len; i++)
    {
      json_builder_begin_object (b);
      json_add_string (b, "notice", g_array_index (r->notices, SimulateNotice, i).name);
      json_add_int (b, "sent", g_array_index (r->notices, SimulateNotice, i).sent);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
build_stuck (JsonBuilder *b, const SimulateReport *r)
{
  begin_rows (b, "stuck");
  for (guint i = 0; i < r->stuck->len; i++)
    {
      const SimulateStuck *stuck = r->stuck->pdata[i];
      g_autofree char *since = clock_format (stuck->since);

      json_builder_begin_object (b);
      json_add_string (b, "case", stuck->ref);
      json_add_string (b, "state", stuck->state->name);
      json_add_string (b, "since", since);
      json_add_string (b, "why", stuck->why);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
build_texts (JsonBuilder *b, const char *name, const GPtrArray *texts)
{
  begin_rows (b, name);
  for (guint i = 0; i < texts->len; i++)
    json_builder_add_string_value (b, texts->pdata[i]);
  json_builder_end_array (b);
}

static void
print_json (const Program *program, const AdminSimulate *options, const SimulateReport *r)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();
  g_autofree char *start = clock_format (r->start), *end = clock_format (r->end);

  json_builder_begin_object (b);
  json_add_string (b, "program", program->name);
  json_add_string (b, "version", program->version);
  json_add_int (b, "seed", options->seed);
  json_add_int (b, "entities", options->entities);
  json_add_string (b, "start", start);
  json_add_string (b, "end", end);
  json_add_int (b, "events", r->events);
  json_add_int (b, "refused", r->refused);
  json_add_int (b, "law_missed", simulate_law_missed (r));
  build_types (b, r);
  build_states (b, r);
  build_timers (b, r);
  build_notices (b, r);
  build_stuck (b, r);
  build_texts (b, "defects", r->defects);
  build_texts (b, "unused", r->unused);
  json_builder_end_object (b);
  g_autoptr (JsonNode) root = json_builder_get_root (b);
  g_autofree char *text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

/* --- the run --------------------------------------------------------------------------- */

static void
show_progress (gint64 now, gint64 end, gpointer data)
{
  const SimulateOptions *options = data;
  int percent = (int) (100 * (now - options->start) / MAX (1, end - options->start));

  fprintf (stderr, "\r%3d %%", percent);
}

/* The first of January that comes: the same all year, so that a run can be repeated. */
static gint64
first_day (const Calendar *calendar)
{
  return calendar_close_of (calendar, calendar_year (calendar, clock_now ()) + 1, 1, 1);
}

static bool
check_options (const AdminSimulate *options, GError **error)
{
  if (options->years >= 1 && options->years <= MAX_YEARS && options->entities >= 1
      && options->entities <= MAX_ENTITIES)
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
               "write --years from 1 to %d and --entities from 1 to %d", MAX_YEARS, MAX_ENTITIES);
  return false;
}

int
admin_simulate (const Program *program, const AdminSimulate *options, bool json, GError **error)
{
  SimulateOptions o = { .seed = (guint32) options->seed,
                        .years = options->years,
                        .entities = options->entities,
                        .start = first_day (program->calendar) };

  if (!check_options (options, error))
    return ADMIN_CALL;
  if (isatty (STDERR_FILENO))
    o.progress = show_progress;
  o.data = &o;
  g_autoptr (SimulateReport) report = simulate_run (program, &o, error);
  if (o.progress != NULL)
    fputs ("\r     \r", stderr);
  if (report == NULL)
    return ADMIN_CALL;
  if (json)
    print_json (program, options, report);
  else
    print_report (program, options, report);
  return simulate_law_missed (report) == 0 && report->stuck->len == 0 && report->defects->len == 0
           ? ADMIN_YES
           : ADMIN_NO;
}
