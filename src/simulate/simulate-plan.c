/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes when: people take their time, each side in its own way; timers are exact.
 */
#include "simulate/simulate-private.h"

/* Somebody who is not asked for anything looks in this much more seldom. */
#define IDLE_FACTOR      8
#define STAFF_DAYS       3    /* business days, on average */
#define ABSENCE 0.03 /* chance that somebody of the office is away, and then this much longer: */
#define ABSENCE_FACTOR   8
#define GIVES_UP         0.04 /* chance that nobody outside reacts any more, at each request */
#define MINDS_THE_LAW    0.98 /* chance that staff look at the dates that are law */

gint
sim_due_compare (gconstpointer pa, gconstpointer pb, gpointer unused)
{
  const SimDue *a = pa, *b = pb;

  if (a->at != b->at)
    return a->at < b->at ? -1 : 1;
  if (a->kind != b->kind)
    return (int) a->kind - (int) b->kind;
  if (a->id != b->id)
    return a->id < b->id ? -1 : 1;
  return a->n < b->n ? -1 : a->n > b->n;
}

static GSequenceIter *
plan (SimWorld *w, SimDue due)
{
  return g_sequence_insert_sorted (w->due, g_memdup2 (&due, sizeof due), sim_due_compare, NULL);
}

static void
forget (GSequenceIter **planned)
{
  if (*planned != NULL)
    g_sequence_remove (*planned);
  *planned = NULL;
}

void
sim_plan_arrival (SimWorld *w, SimEntity *entity, gint64 at)
{
  plan (w, (SimDue){ .at = at, .kind = DUE_ARRIVAL, .id = entity->id, .entity = entity });
}

void
sim_plan_timer (SimWorld *w, SimCase *s)
{
  const CaseTimer *next = NULL;

  forget (&s->timer);
  for (guint i = 0; i < s->c->timers->len; i++)
    {
      const CaseTimer *timer = s->c->timers->pdata[i];

      if (timer->paused == 0 && (next == NULL || timer->due < next->due))
        next = timer;
    }
  if (next != NULL && !s->broken)
    s->timer = plan (
      w, (SimDue){ .at = next->due, .kind = DUE_TIMER, .id = s->c->id, .n = next->n, .s = s });
}

/* Most are quick, a few take many times as long: MEAN on average, about half of it in the middle,
 * six times at most. (No logarithm: its last digit differs between machines, and figures are to
 * repeat.) */
static double
some_days (SimWorld *w, double mean)
{
  double u = sim_chance (w);

  return mean / 1.73 * u / (1 - 0.9 * u);
}

static gint64
outside_time (SimWorld *w, const SimCase *s, double factor)
{
  return w->now + 60 + (gint64) (some_days (w, s->entity->pace * factor) * DAY);
}

/* In business hours, some days from now. */
static gint64
staff_time (SimWorld *w, double mean)
{
  double days = some_days (w, mean * (sim_happens (w, ABSENCE) ? ABSENCE_FACTOR : 1));
  gint64 close =
    calendar_add (w->program->calendar, w->now, (Span){ (int) days, SPAN_BUSINESS_DAYS }, NULL);

  return MAX (w->now + 60, close - (gint64) sim_pick (w, 7 * 3600));
}

/* The first law clock that runs in S, or G_MAXINT64. */
static gint64
law_due (const SimCase *s)
{
  gint64 due = G_MAXINT64;

  for (guint i = 0; i < s->c->timers->len; i++)
    {
      const CaseTimer *timer = s->c->timers->pdata[i];

      const ProgramTimer *def = g_hash_table_lookup (s->clocks, &timer->n);

      if (def != NULL && def->basis == BASIS_LAW)
        due = MIN (due, timer->due);
    }
  return due;
}

/* Whoever knows a date that is law acts before it, most of the time. */
static gint64
before_the_law (SimWorld *w, const SimCase *s, gint64 at)
{
  gint64 due = law_due (s);

  if (at < due || due <= w->now + 120 || !sim_happens (w, MINDS_THE_LAW))
    return at;
  return w->now + 60 + (gint64) (sim_chance (w) * (double) (due - w->now - 120));
}

static bool
is_asked (const SimWorld *w, const SimCase *s, SimSide side)
{
  return sim_waits_for (w, sim_state (s)) == side;
}

void
sim_plan_turn (SimWorld *w, SimCase *s, SimSide side, bool soon)
{
  double factor = soon ? 0.2 : is_asked (w, s, side) ? 1 : IDLE_FACTOR;
  gint64 at;

  forget (&s->turn[side]);
  if (!s->c->open || s->broken || (side == OUTSIDE && s->silent))
    return;
  at = side == OUTSIDE ? outside_time (w, s, factor) : staff_time (w, STAFF_DAYS * factor);
  if (side == STAFF && is_asked (w, s, STAFF))
    at = before_the_law (w, s, at);
  s->turn[side] =
    plan (w, (SimDue){ .at = at, .kind = DUE_TURN, .id = s->c->id, .n = side, .s = s });
}

void
sim_plan_state (SimWorld *w, SimCase *s)
{
  if (s->c->open && is_asked (w, s, OUTSIDE))
    s->silent = sim_happens (w, GIVES_UP * (1.5 - s->entity->diligence));
  sim_plan_turn (w, s, OUTSIDE, false);
  sim_plan_turn (w, s, STAFF, false);
}

void
sim_plan_reminded (SimWorld *w, SimCase *s)
{
  gint64 at = outside_time (w, s, 0.3);
  const SimDue *planned = s->turn[OUTSIDE] != NULL ? g_sequence_get (s->turn[OUTSIDE]) : NULL;

  if (planned == NULL || planned->at <= at || !sim_happens (w, s->entity->diligence))
    return;
  forget (&s->turn[OUTSIDE]);
  s->turn[OUTSIDE] =
    plan (w, (SimDue){ .at = at, .kind = DUE_TURN, .id = s->c->id, .n = OUTSIDE, .s = s });
}

void
sim_plan_nothing (SimWorld *w, SimCase *s)
{
  forget (&s->timer);
  forget (&s->turn[OUTSIDE]);
  forget (&s->turn[STAFF]);
}
