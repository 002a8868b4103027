/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the pure step share.
 */
#pragma once

#include "base/words.h"
#include "case/case.h"

/* Everything a guard or an action may look at. */
typedef struct {
  const Program *program;
  const ProgramCaseType *type;
  const ProgramEdition *edition;
  const ProgramState *state;   /* the present one */
  Case *c;
  const CaseEvent *event;      /* NULL when somebody only asks */
  gint64 now;
  GPtrArray *changes;
  bool answered;               /* the last open clarification was answered in this step */
} CaseStep;

/* Fill in what follows from PROGRAM and C.  QEC_ERROR_CONFIG: the case does not fit the
 * definition. */
bool case_step_begin (CaseStep *step, const Program *program, const Case *c, GError **error);

/* Adds a change to the list; fill in what its kind names. */
CaseChange *case_change (CaseStep *step, CaseChangeKind kind);

/* Guards and actions are rows of tables, by the index program_read() found (ProgramTerm.index). */
typedef bool (*CaseGuardTest) (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles);
typedef bool (*CaseActionRun) (CaseStep *step, const ProgramTerm *term, GError **error);

/* Appends a sentence to OBSTACLES when TERM does not hold. */
bool case_guard_holds (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles);
bool case_action_run (CaseStep *step, const ProgramTerm *term, GError **error);

/* False, with "A FORMAT B" as ERROR. */
bool case_refuse (GError **error, const char *format, const char *a, const char *b);
/* The address of whoever caused the step, or "". */
const char *case_who (const CaseStep *step);
/* The element the event names, when it is under review in this state. */
const ProgramElement *case_element_here (const CaseStep *step, GError **error);

/* The rows of the table of actions that stand in files of their own. */
bool case_open_clarification (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_answer_clarification (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_extend_clarification (CaseStep *step, const ProgramTerm *term, GError **error);
/* WHAT became of it: "opened", "answered", "extended", "moved". */
void case_clarification_changed (CaseStep *step, const CaseClarification *clarification,
                                 const char *what);
/* Parties that a form names, as its value keeps them: those that are not known yet. */
void case_take_parties (CaseStep *step, const char *value);
/* The same of all fields that a case just made has. */
void case_take_all_parties (CaseStep *step);
/* The event's party, when TERM sets a field that is kept per party; refused when it is none of the
 * case. */
bool case_party_named (const CaseStep *step, const ProgramTerm *term, const char **party,
                       GError **error);
/* Of a field kept per party: an obstacle for each party that is asked and has none. */
bool case_parties_have (const CaseStep *step, const char *field, GPtrArray *obstacles);
/* T may be taken: *SECONDED, to be freed, is what its actor agreed to, or NULL where one is enough;
 * *WAITS: it was proposed instead. */
bool case_agree (CaseStep *step, const ProgramTransition *t, CaseProposal **seconded, bool *waits,
                 GError **error);
/* No proposal outlives the state it was made in. */
void case_lapse_all (CaseStep *step);
bool case_remind (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_link (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_join (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_record_party (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_record_language (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_propose_contact (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_confirm_contact (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_record_contact (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_correct_contact (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_record_documents (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_introduce_signer (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_retire_signer (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_accept_signature (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_set_field_action (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_clear_field (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_date_named (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_date_plus (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_date_minus (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_date_next (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_year_of (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_start_timer (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_stop_timer (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_open (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_signal (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_signal_parent (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_signal_children (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_signal_others (CaseStep *step, const ProgramTerm *term, GError **error);
bool case_extend_timer (CaseStep *step, const ProgramTerm *term, GError **error);

/* And of the guards. */
bool case_date_reached (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles);
bool case_date_after (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles);
bool case_date_before (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles);
bool case_parties_complete (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles);
bool case_is_there (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles);
bool case_is_not_there (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles);

/* What a term says at place N of its row's kinds, or NULL. */
const char *case_value (const ProgramTerm *term, guint n);

/* Give the field its value; timers that are counted from it begin anew. */
void case_set_field (CaseStep *step, const char *name, const char *value);
/* What the event itself brings into the case: a field set by staff, the values of a form. */
bool case_take_values (CaseStep *step, GError **error);
/* The label of a field, for people. */
const char *case_label (const CaseStep *step, const char *name);

extern const ProgramWord case_guard_words[];
extern const ProgramWord case_action_words[];

/* Start the timer DEF about clarification ABOUT (0: none).  DUE 0: what the rule gives; else the
 * date a person set, WHY being their words. STATE: ends with it.  False: what it is counted from is
 * not known yet. */
bool case_timer_start (CaseStep *step, const ProgramTimer *def, gint64 about, gint64 due,
                       const char *why, const char *state);
/* The date in FIELD is known, or another one, or no longer: the timers counted from it follow. */
void case_timers_follow (CaseStep *step, TimerFrom from, const char *name);
void case_timer_stop (CaseStep *step, const char *name, gint64 about);
/* Timer N came due; refused when it does not run (any more). */
bool case_timer_fire (CaseStep *step, gint64 n, GError **error);
/* The case goes from one state to another: end, pause, resume and begin what belongs to them. */
void case_timers_leave (CaseStep *step, const ProgramState *from, const ProgramState *to);
void case_timers_enter (CaseStep *step, const ProgramState *to);
/* A case has just been made: what its fields tell already. */
void case_timers_begin (CaseStep *step);
/* Timers that run anew with each word from outside. */
void case_timers_touch (CaseStep *step);

/* The required DOCUMENT of ELEMENT that is not on file, once for each of whom it is asked, as
 * CaseMissing. */
void case_add_missing (const Program *program, const Case *c, const ProgramElement *element,
                       const ProgramDocument *document, gint64 now, GArray *missing);
/* The group a guard's argument or the state names. */
const char *case_group (const CaseStep *step, const char *argument);
