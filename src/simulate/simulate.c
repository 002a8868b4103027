/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The clock of a simulation: what is due next happens next, until time is up.
 */
#include "simulate/simulate-private.h"

#include <string.h>

#include "base/error.h"

#define WEEK (7 * DAY)

double
sim_chance (SimWorld *w)
{
  return g_rand_double (w->rand);
}

bool
sim_happens (SimWorld *w, double probability)
{
  return sim_chance (w) < probability;
}

guint
sim_pick (SimWorld *w, guint n)
{
  return (guint) g_rand_int_range (w->rand, 0, (gint32) n);
}

/* Forms with which somebody unknown opens a case, or (FURTHER) an organization another one. */
static GPtrArray *
find_openers (const Program *program, bool further)
{
  GPtrArray *openers = g_ptr_array_new ();

  for (guint i = 0; i < program->forms->len; i++)
    {
      const ProgramForm *form = program->forms->pdata[i];

      if (form->opens != NULL && (further ? form->member : form->stranger))
        g_ptr_array_add (openers, program->forms->pdata[i]);
    }
  return openers;
}

static const char *const *
outside_roles (const Program *program)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < program->roles->len; i++)
    {
      const ProgramRole *role = program->roles->pdata[i];

      if (role->kind == ROLE_OUTSIDE)
        g_ptr_array_add (names, role->name);
    }
  g_ptr_array_add (names, NULL);
  return (const char *const *) g_ptr_array_steal (names, NULL);
}

static SimEntity *
make_entity (SimWorld *w, gint64 id)
{
  SimEntity *entity = g_new0 (SimEntity, 1);

  entity->id = id;
  entity->name = g_strdup_printf ("Organization %" G_GINT64_FORMAT, id);
  entity->email = g_strdup_printf ("contact@o%" G_GINT64_FORMAT ".example", id);
  entity->diligence = 0.5 + 0.5 * sim_chance (w);
  entity->pace = 2 + 28 * sim_chance (w) * sim_chance (w);
  entity->cases = g_ptr_array_new ();
  return entity;
}

static void
populate (SimWorld *w)
{
  double span = 0.8 * (double) (w->end - w->now);

  for (int i = 1; i <= w->options->entities; i++)
    {
      SimEntity *entity = make_entity (w, i);

      g_ptr_array_add (w->entities, entity);
      sim_plan_arrival (w, entity, w->now + (gint64) (span * sim_chance (w)));
    }
}

static void
come_due (SimWorld *w, const SimDue *due)
{
  switch (due->kind)
    {
    case DUE_ARRIVAL:
      sim_open (w, due->entity, w->openers->pdata[sim_pick (w, w->openers->len)], NULL);
      break;
    case DUE_TIMER:
      due->s->timer = NULL;
      sim_fire (w, due->s, due->n);
      break;
    case DUE_TURN:
      due->s->turn[due->n] = NULL;
      sim_act (w, due->s, (SimSide) due->n);
      break;
    }
}

static void
live (SimWorld *w)
{
  gint64 told = 0;

  for (GSequenceIter *first; !g_sequence_iter_is_end (first = g_sequence_get_begin_iter (w->due));)
    {
      SimDue due = *(const SimDue *) g_sequence_get (first);

      if (due.at > w->end)
        break;
      g_sequence_remove (first);
      w->now = MAX (w->now, due.at);
      if (w->options->progress != NULL && w->now - told >= WEEK)
        {
          told = w->now;
          w->options->progress (w->now, w->end, w->options->data);
        }
      come_due (w, &due);
    }
  w->now = w->end;
}

SimulateReport *
simulate_run (const Program *program, const SimulateOptions *options, GError **error)
{
  g_autoptr (GPtrArray) openers = find_openers (program, false),
                        further = find_openers (program, true);

  if (openers->len == 0)
    {
      g_set_error (
        error, QEC_ERROR, QEC_ERROR_INVALID,
        "no form opens a case, so nothing would ever happen; write opens = CASE-TYPE in a form");
      return NULL;
    }
  g_autofree const char *const *outside = outside_roles (program);
  SimWorld w = { .program = program,
                 .options = options,
                 .rand = g_rand_new_with_seed (options->seed),
                 .now = options->start,
                 .end = calendar_add (program->calendar, options->start,
                                      (Span){ options->years, SPAN_YEARS }, NULL),
                 .entities = g_ptr_array_new_with_free_func (sim_entity_free),
                 .cases = g_ptr_array_new_with_free_func (sim_case_free),
                 .due = g_sequence_new (g_free),
                 .numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                 .openers = openers,
                 .further = further,
                 .outside = outside,
                 .figures = sim_figures_new (program) };

  populate (&w);
  live (&w);
  SimulateReport *report = sim_report (&w);
  sim_figures_free (w.figures);
  g_hash_table_unref (w.numbers);
  g_sequence_free (w.due);
  g_ptr_array_unref (w.cases);
  g_ptr_array_unref (w.entities);
  g_rand_free (w.rand);
  return report;
}
