/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files about timers share.
 */
#pragma once

#include "case/case-private.h"

/* --- case-timers-due.c ------------------------------------------------------- */

/* The running timer NAME itself, not a reminder of it nor one that watches a clarification; NULL:
 * it does not run. */
CaseTimer *case_timer_running (const CaseStep *step, const char *name);
/* What DEF is counted from; 0: not known yet. */
gint64 case_timer_start_of (const CaseStep *step, const ProgramTimer *def);
/* The due time and, in words, how it comes about: START and the spans, one after the other ("30
 * days + 30 days": an extension is a span of its own).  That day may be over before it is known, or
 * once the rule is another: then it is due now, and *COUNTED is that day.  0: there is no span. */
gint64 case_timer_count (const CaseStep *step, const ProgramTimer *def, gint64 start,
                         const char *spans, gint64 *counted, char **why);

/* --- case-timers.c ------------------------------------------------------------- */

/* The reminders of PARENT, which DEF rules; DUE: its due time, as counted. */
void case_timer_remind (CaseStep *step, const ProgramTimer *def, const CaseTimer *parent,
                        gint64 due);
/* TIMER runs no more; case_timers_drop_ended() takes such out of the Case, the database keeps
 * them. */
void case_timer_end (CaseStep *step, CaseTimer *timer, TimerStatus status);
void case_timers_drop_ended (Case *c);

/* --- case-timers-move.c ---------------------------------------------------------- */

/* A timer that pauses stands still while the case waits OUTSIDE, and goes on after that. */
void case_timer_pause_or_resume (CaseStep *step, CaseTimer *timer, bool outside);
/* Count TIMER by DEF again, from its own start, with SPANS; WHAT makes it another date.  False: it
 * is due when it was. */
bool case_timer_recount (CaseStep *step, const ProgramTimer *def, CaseTimer *timer,
                         const char *spans, const char *what);
/* The reminders of TIMER are those of DEF now. */
void case_timer_remind_anew (CaseStep *step, const ProgramTimer *def, CaseTimer *timer);
bool case_waits_outside (const CaseStep *step, const ProgramState *state);
