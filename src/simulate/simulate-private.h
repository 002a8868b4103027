/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of simulate/ share.
 */
#pragma once

#include "simulate/simulate.h"

#define DAY 86400

/* An organization, with its habits. */
typedef struct {
  gint64 id;
  char *name, *email;
  double diligence;          /* chance that it does a thing as asked */
  double pace;               /* days it takes, on average */
  GPtrArray *cases;          /* SimCase, borrowed */
} SimEntity;

typedef enum { OUTSIDE, STAFF, SIDES } SimSide;

typedef struct {
  Case *c;
  const ProgramCaseType *type;
  SimEntity *entity;
  GSequenceIter *timer, *turn[SIDES]; /* what is planned for it, or NULL */
  GHashTable *done;          /* event -> how often, in the whole case */
  GHashTable *done_here;     /* the same since the state was entered */
  GHashTable *clocks;        /* CaseTimer.n (gint64) -> ProgramTimer of what runs, reminders left
                              * out */
  gint64 entered;            /* the state */
  bool silent;               /* nobody outside says anything any more */
  bool broken;               /* the definition refused to go on */
} SimCase;

typedef enum { DUE_TIMER, DUE_ARRIVAL, DUE_TURN } SimDueKind; /* in this order at one moment */

/* What the clock will bring. */
typedef struct {
  gint64 at;
  SimDueKind kind;
  gint64 id;                 /* of the case or the entity: the order at one moment */
  gint64 n;                  /* CaseTimer.n, or the side */
  SimCase *s;
  SimEntity *entity;
} SimDue;

typedef struct SimFigures SimFigures;

typedef struct {
  const Program *program;
  const SimulateOptions *options;
  GRand *rand;
  gint64 now, end;
  GPtrArray *entities;       /* SimEntity */
  GPtrArray *cases;          /* SimCase, by id */
  GSequence *due;            /* SimDue */
  GHashTable *numbers;       /* "APP-2027" -> the last number */
  GPtrArray *openers;        /* ProgramForm a stranger may send */
  GPtrArray *further;        /* ProgramForm that opens a further case of an organization */
  int depth;                 /* of cases that set off others */
  const char *const *outside; /* roles of whoever is outside, NULL-terminated */
  SimFigures *figures;
} SimWorld;

/* --- chance (simulate.c) --- */
double sim_chance (SimWorld *w);
bool sim_happens (SimWorld *w, double probability);
guint sim_pick (SimWorld *w, guint n);

/* --- people (simulate-actor.c): SIDE does something in S, or lets it be --- */
void sim_act (SimWorld *w, SimCase *s, SimSide side);
/* What somebody would write into FIELD of a form, or into one of KIND; free with g_free(). */
char *sim_answer (SimWorld *w, const ProgramField *field);
char *sim_value (SimWorld *w, FieldKind kind);
SimSide sim_waits_for (const SimWorld *w, const ProgramState *state);

/* --- the world (simulate-world.c) --- */
/* FORM comes in and opens a case, beside PARENT of the organization; NULL: its first. */
void sim_open (SimWorld *w, SimEntity *entity, const ProgramForm *form, const SimCase *parent);
/* C, made and not begun, is taken over as a case of ENTITY and begins. */
void sim_begin (SimWorld *w, SimEntity *entity, Case *c);
/* Let EVENT happen; false when it was refused. */
bool sim_step (SimWorld *w, SimCase *s, const CaseEvent *event);
void sim_fire (SimWorld *w, SimCase *s, gint64 n);
const ProgramState *sim_state (const SimCase *s);
void sim_case_free (gpointer s);
void sim_entity_free (gpointer entity);

/* --- cases of one organization (simulate-related.c) --- */
/* What guards of S ask about the others is brought up to date. */
void sim_relate (SimCase *s);
/* What CHANGES of S set off in other cases. */
void sim_spread (SimWorld *w, const SimCase *s, const GPtrArray *changes);

/* --- what comes when (simulate-plan.c) --- */
gint sim_due_compare (gconstpointer a, gconstpointer b, gpointer unused);
void sim_plan_arrival (SimWorld *w, SimEntity *entity, gint64 at);
/* The next timer of S, after it changed. */
void sim_plan_timer (SimWorld *w, SimCase *s);
/* S is in a new state: who acts next, and when. */
void sim_plan_state (SimWorld *w, SimCase *s);
/* SIDE has acted (or let it be): when it does so again.  SOON: it is in the middle of something. */
void sim_plan_turn (SimWorld *w, SimCase *s, SimSide side, bool soon);
/* Somebody outside was written to. */
void sim_plan_reminded (SimWorld *w, SimCase *s);
void sim_plan_nothing (SimWorld *w, SimCase *s);

/* --- figures (simulate-figures.c) --- */
SimFigures *sim_figures_new (const Program *program);
void sim_figures_free (SimFigures *figures);
void sim_count_opened (SimFigures *f, const SimCase *s);
void sim_count_event (SimFigures *f);
void sim_count_refused (SimFigures *f);
void sim_count_taken (SimFigures *f, const ProgramTransition *transition);
void sim_count_stay (SimFigures *f, const ProgramState *state, gint64 length);
void sim_count_entered (SimFigures *f, const ProgramState *state);
void sim_count_notice (SimFigures *f, const char *name);
typedef enum {
  TIMER_COUNT_STARTED,
  TIMER_COUNT_IN_TIME,
  TIMER_COUNT_ACTED,
  TIMER_COUNT_MISSED,
  TIMER_COUNT_REMINDERS
} SimTimerCount;
void sim_count_timer (SimFigures *f, const ProgramTimer *timer, SimTimerCount what);
void sim_defect (SimFigures *f, const char *format, ...) G_GNUC_PRINTF (2, 3);
SimulateReport *sim_report (SimWorld *w);
