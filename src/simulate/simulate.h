/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Years of a program in seconds: organizations and staff who act by chance, on the pure step and a
 * clock of its own.
 *
 * Nothing here knows what a program is about.  What somebody may do comes from the transitions of
 * the state and their roles, what is missing from the guards, whose turn it is from the state.  No
 * mail, no database; the same seed, rules and start give the same figures.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "case/case.h"

typedef struct {
  guint32 seed;
  int years, entities;       /* organizations; they arrive over the first four fifths of the time */
  gint64 start;
  void (*progress) (gint64 now, gint64 end, gpointer data); /* once a simulated week; may be NULL */
  gpointer data;
} SimulateOptions;

/* Texts are borrowed from the program unless they say otherwise. */
typedef struct {
  const ProgramCaseType *type;
  guint opened, open;        /* in all; not at an end when time was up */
} SimulateType;

typedef struct {
  const ProgramCaseType *type;
  const ProgramState *state;
  guint entered, now;        /* stays begun; cases that are in it when time is up */
  guint unwatched;           /* of those, with no clock running */
  gint64 median, p90;        /* length of a stay that ended, seconds */
} SimulateState;

typedef struct {
  const ProgramCaseType *type;
  const ProgramState *state; /* whose it is; NULL: the type's */
  const ProgramTimer *timer;
  guint started, in_time;    /* in time: what it waits for happened first */
  guint acted;               /* came due, and the rules moved the case or did something */
  guint missed;              /* came due, and all that followed was a notice, or nothing */
  guint reminders;
} SimulateTimer;

typedef struct {
  const char *name;
  guint sent;
} SimulateNotice;

typedef struct {
  char *ref, *why;           /* owned */
  const ProgramState *state;
  gint64 since;
} SimulateStuck;

typedef struct {
  gint64 start, end;
  guint events, refused;     /* that happened; that somebody tried and the rules forbade */
  GArray *types, *states, *timers, *notices; /* in the program's order */
  GPtrArray *stuck;          /* SimulateStuck: cases that wait for nobody */
  GPtrArray *defects;        /* char *: what must never be, such as a law clock lost or paused */
  GPtrArray *unused;         /* char *: "FILE:LINE: warning: ..." about transitions nothing ever
                              * took */
} SimulateReport;

/* QEC_ERROR_INVALID when the program has no case type that anything opens. */
SimulateReport *simulate_run (const Program *program, const SimulateOptions *options,
                              GError **error);
void simulate_report_free (SimulateReport *report);

/* Law clocks that came due before what they wait for had happened, and all that followed was a
 * notice. */
guint simulate_law_missed (const SimulateReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimulateReport, simulate_report_free)
