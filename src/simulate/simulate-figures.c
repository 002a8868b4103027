/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is counted while a simulation runs, and the report made of it.
 */
#include "simulate/simulate-private.h"

#include <string.h>

enum { MAX_DEFECTS = 100 }; /* one mistake of the rules may show in every case */

typedef struct {
  const ProgramCaseType *type;
  const ProgramState *state;
  guint entered;
  GArray *stays;             /* gint64 */
} StateFigures;

/* All keys are pointers into the program. */
struct SimFigures {
  const Program *program;
  guint events, refused;
  GHashTable *opened;        /* ProgramCaseType -> number */
  GHashTable *states;        /* ProgramState -> StateFigures */
  GHashTable *timers;        /* ProgramTimer -> SimulateTimer */
  GHashTable *notices;       /* name -> number */
  GHashTable *taken;         /* ProgramTransition */
  GPtrArray *defects;
};

static void
state_figures_free (gpointer data)
{
  StateFigures *figures = data;

  g_array_unref (figures->stays);
  g_free (figures);
}

static void
add_timers (SimFigures *f, const ProgramCaseType *type, const ProgramState *state,
            const GPtrArray *timers)
{
  for (guint i = 0; i < timers->len; i++)
    {
      SimulateTimer *figures = g_new0 (SimulateTimer, 1);

      figures->type = type;
      figures->state = state;
      figures->timer = timers->pdata[i];
      g_hash_table_insert (f->timers, timers->pdata[i], figures);
    }
}

static void
add_type (SimFigures *f, const ProgramCaseType *type)
{
  for (guint i = 0; i < type->states->len; i++)
    {
      StateFigures *figures = g_new0 (StateFigures, 1);
      const ProgramState *state = type->states->pdata[i];

      figures->type = type;
      figures->state = state;
      figures->stays = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_hash_table_insert (f->states, (gpointer) state, figures);
      add_timers (f, type, state, state->timers);
    }
  add_timers (f, type, NULL, type->timers);
}

SimFigures *
sim_figures_new (const Program *program)
{
  SimFigures *f = g_new0 (SimFigures, 1);

  f->program = program;
  f->opened = g_hash_table_new (NULL, NULL);
  f->states = g_hash_table_new_full (NULL, NULL, NULL, state_figures_free);
  f->timers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  f->notices = g_hash_table_new (g_str_hash, g_str_equal);
  f->taken = g_hash_table_new (NULL, NULL);
  f->defects = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < program->case_types->len; i++)
    add_type (f, program->case_types->pdata[i]);
  return f;
}

void
sim_figures_free (SimFigures *f)
{
  g_hash_table_unref (f->opened);
  g_hash_table_unref (f->states);
  g_hash_table_unref (f->timers);
  g_hash_table_unref (f->notices);
  g_hash_table_unref (f->taken);
  g_ptr_array_unref (f->defects);
  g_free (f);
}

/* --- counting ------------------------------------------------------------------------ */

static guint
number_of (GHashTable *table, gconstpointer key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, key));
}

static void
one_more (GHashTable *table, gconstpointer key)
{
  g_hash_table_insert (table, (gpointer) key, GUINT_TO_POINTER (number_of (table, key) + 1));
}

void
sim_count_opened (SimFigures *f, const SimCase *s)
{
  one_more (f->opened, s->type);
}

void
sim_count_event (SimFigures *f)
{
  f->events++;
}

void
sim_count_refused (SimFigures *f)
{
  f->refused++;
}

void
sim_count_taken (SimFigures *f, const ProgramTransition *transition)
{
  g_hash_table_add (f->taken, (gpointer) transition);
}

void
sim_count_stay (SimFigures *f, const ProgramState *state, gint64 length)
{
  g_array_append_val (((StateFigures *) g_hash_table_lookup (f->states, state))->stays, length);
}

void
sim_count_entered (SimFigures *f, const ProgramState *state)
{
  ((StateFigures *) g_hash_table_lookup (f->states, state))->entered++;
}

void
sim_count_notice (SimFigures *f, const char *name)
{
  const ProgramNotice *notice = program_notice (f->program, name);

  if (notice != NULL)
    one_more (f->notices, notice->name);
}

void
sim_count_timer (SimFigures *f, const ProgramTimer *timer, SimTimerCount what)
{
  SimulateTimer *figures = g_hash_table_lookup (f->timers, timer);
  guint *const counts[] = { &figures->started, &figures->in_time, &figures->acted, &figures->missed,
                            &figures->reminders };

  (*counts[what])++;
}

void
sim_defect (SimFigures *f, const char *format, ...)
{
  va_list args;

  if (f->defects->len >= MAX_DEFECTS)
    return;
  va_start (args, format);
  g_ptr_array_add (f->defects, g_strdup_vprintf (format, args));
  va_end (args);
}

/* --- the report ------------------------------------------------------------------------ */

static gint
by_length (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/* The stay that FRACTION of all are not longer than. */
static gint64
quantile (const GArray *sorted, double fraction)
{
  return sorted->len == 0
           ? 0
           : g_array_index (sorted, gint64, (guint) (fraction * (sorted->len - 1) + 0.5));
}

static void
report_state (const SimFigures *f, SimulateReport *r, const ProgramState *state)
{
  const StateFigures *figures = g_hash_table_lookup (f->states, state);
  SimulateState row = { .type = figures->type, .state = state, .entered = figures->entered };

  g_array_sort (figures->stays, by_length);
  row.median = quantile (figures->stays, 0.5);
  row.p90 = quantile (figures->stays, 0.9);
  g_array_append_val (r->states, row);
}

static void
report_timers (const SimFigures *f, SimulateReport *r, const GPtrArray *timers)
{
  for (guint i = 0; i < timers->len; i++)
    g_array_append_vals (r->timers, g_hash_table_lookup (f->timers, timers->pdata[i]), 1);
}

static void
report_unused (const SimFigures *f, SimulateReport *r, const char *where,
               const GPtrArray *transitions)
{
  for (guint i = 0; i < transitions->len; i++)
    {
      const ProgramTransition *t = transitions->pdata[i];

      if (!g_hash_table_contains (f->taken, t))
        g_ptr_array_add (r->unused,
                         g_strdup_printf ("%s:%d: warning: nothing ever took \"%s\" in %s",
                                          t->place.file, t->place.line, t->event, where));
    }
}

static void
report_type (const SimFigures *f, SimulateReport *r, const ProgramCaseType *type)
{
  SimulateType row = { type, number_of (f->opened, type), 0 };

  g_array_append_val (r->types, row);
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];
      g_autofree char *where = g_strdup_printf ("state \"%s\"", state->name);

      report_state (f, r, state);
      report_timers (f, r, state->timers);
      report_unused (f, r, where, state->transitions);
    }
  report_timers (f, r, type->timers);
  g_autofree char *where = g_strdup_printf ("any state of \"%s\"", type->name);
  report_unused (f, r, where, type->transitions);
}

/* People outside are there by themselves. */
static bool
is_filled (const Program *program, const char *role)
{
  const ProgramRole *def = program_role (program, role);

  return def != NULL && (def->kind == ROLE_OUTSIDE || program_has_people (program, role));
}

static bool
may_do_something (const ProgramCaseType *type, const ProgramState *state)
{
  const GPtrArray *both[] = { state->transitions, type->transitions };

  for (guint k = 0; k < G_N_ELEMENTS (both); k++)
    for (guint i = 0; i < both[k]->len; i++)
      if (g_strv_contains (
            (const char *const *) ((const ProgramTransition *) both[k]->pdata[i])->by,
            state->waiting_on))
        return true;
  return false;
}

/* Why nobody and nothing will ever go on with S, or NULL. */
static char *
stuck_why (const SimWorld *w, const SimCase *s)
{
  const ProgramState *state = sim_state (s);

  if (s->broken)
    return g_strdup ("the rules refuse to go on");
  if (s->c->timers->len > 0)
    return NULL;
  if (!is_filled (w->program, state->waiting_on))
    return g_strdup_printf ("nobody has the role '%s', and no clock runs", state->waiting_on);
  if (!may_do_something (s->type, state))
    return g_strdup_printf ("'%s' can do nothing there, and no clock runs", state->waiting_on);
  return NULL;
}

static void
report_case (const SimWorld *w, SimulateReport *r, const SimCase *s)
{
  g_autofree char *why = s->c->open ? stuck_why (w, s) : NULL;

  for (guint i = 0; i < r->types->len; i++)
    g_array_index (r->types, SimulateType, i).open
      += g_array_index (r->types, SimulateType, i).type == s->type && s->c->open;
  for (guint i = 0; i < r->states->len; i++)
    {
      SimulateState *row = &g_array_index (r->states, SimulateState, i);

      row->now += row->state == sim_state (s);
      row->unwatched += row->state == sim_state (s) && s->c->open && s->c->timers->len == 0;
    }
  if (why == NULL)
    return;
  SimulateStuck *stuck = g_new0 (SimulateStuck, 1);
  *stuck = (SimulateStuck){ g_strdup (s->c->ref), g_steal_pointer (&why), sim_state (s),
                            s->c->state_since };
  g_ptr_array_add (r->stuck, stuck);
}

static void
stuck_free (gpointer data)
{
  SimulateStuck *stuck = data;

  g_free (stuck->ref);
  g_free (stuck->why);
  g_free (stuck);
}

static void
report_clocks (SimWorld *w, const SimCase *s)
{
  for (guint i = 0; i < s->c->timers->len && !s->broken; i++)
    {
      const CaseTimer *timer = s->c->timers->pdata[i];

      if (timer->paused == 0 && timer->due <= w->end)
        sim_defect (w->figures, "%s: timer \"%s\" was due and did not come", s->c->ref,
                    timer->name);
    }
}

SimulateReport *
sim_report (SimWorld *w)
{
  SimulateReport *r = g_new0 (SimulateReport, 1);
  SimFigures *f = w->figures;

  r->start = w->options->start;
  r->end = w->end;
  r->events = f->events;
  r->refused = f->refused;
  r->types = g_array_new (FALSE, FALSE, sizeof (SimulateType));
  r->states = g_array_new (FALSE, FALSE, sizeof (SimulateState));
  r->timers = g_array_new (FALSE, FALSE, sizeof (SimulateTimer));
  r->notices = g_array_new (FALSE, FALSE, sizeof (SimulateNotice));
  r->stuck = g_ptr_array_new_with_free_func (stuck_free);
  r->unused = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < w->program->case_types->len; i++)
    report_type (f, r, w->program->case_types->pdata[i]);
  for (guint i = 0; i < w->program->notices->len; i++)
    {
      const char *name = ((const ProgramNotice *) w->program->notices->pdata[i])->name;
      SimulateNotice row = { name, number_of (f->notices, name) };

      g_array_append_val (r->notices, row);
    }
  for (guint i = 0; i < w->cases->len; i++)
    {
      report_case (w, r, w->cases->pdata[i]);
      report_clocks (w, w->cases->pdata[i]);
    }
  r->defects = g_ptr_array_ref (f->defects);
  return r;
}

void
simulate_report_free (SimulateReport *r)
{
  if (r == NULL)
    return;
  g_array_unref (r->types);
  g_array_unref (r->states);
  g_array_unref (r->timers);
  g_array_unref (r->notices);
  g_ptr_array_unref (r->stuck);
  g_ptr_array_unref (r->defects);
  g_ptr_array_unref (r->unused);
  g_free (r);
}

guint
simulate_law_missed (const SimulateReport *r)
{
  guint missed = 0;

  for (guint i = 0; i < r->timers->len; i++)
    {
      const SimulateTimer *row = &g_array_index (r->timers, SimulateTimer, i);

      missed += row->timer->basis == BASIS_LAW ? row->missed : 0;
    }
  return missed;
}
