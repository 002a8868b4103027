/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the files that read the program definition.
 */
#pragma once

#include "config/conf.h"
#include "program/program.h"

extern const ConfOption program_schema[]; /* program.conf and what it includes */
extern const ConfOption roster_schema[];  /* roster.conf */

#define EVERY_CASE "every-case" /* section: what can happen in each case, of whatever type */

typedef struct {
  Program *program;
  const ProgramVocabulary *words;
  GPtrArray *mistakes;
  const ConfNode *root, *roster; /* ROSTER may be NULL */
  /* Names of what is defined, so that a reference can be checked on the line where it stands.
   * Borrowed from the trees; each ends with NULL. */
  const char **roles, **editions, **case_types, **notices, **timers, **forms, **audiences,
    **event_words, **command_words;
  bool everywhere_is_wrong; /* there was a mistake in what is said of every case */
} ProgramReader;

/* Where NODE stands. */
ProgramPlace program_place (const ConfNode *node);

/* A mistake on the line of OPTION. */
void program_mistake (ProgramReader *r, const ConfNode *node, const char *option,
                      const char *format, ...) G_GNUC_PRINTF (4, 5);

/* Titles of the sections NAME in NODE: free the array with g_free(). */
const char **program_titles (const ConfNode *node, const char *name);

/* Say so when VALUE, the WHAT that OPTION names, is not among KNOWN.  A NULL of either is
 * nobody's mistake. */
bool program_refer (ProgramReader *r, const ConfNode *node, const char *option, const char *value,
                    const char *what, const char *const *known);
void program_refer_all (ProgramReader *r, const ConfNode *node, const char *option,
                        const char *what, const char *const *known);

/* Say so when FILE (may be NULL) does not lie below templates/. */
void program_check_template (ProgramReader *r, const ConfNode *node, const char *option,
                             const char *file);

/* What a phrase may refer to, within one case type. */
typedef struct {
  const char **states, **timers, **groups, **elements, **documents;
  const char **fields;  /* NULL: the case type declares none, so that any will do */
  const char **dates;   /* fields of kind date */
} ProgramScope;

/* Read PHRASE by TABLE ("documents complete stage1"); NULL, with the mistake said, when it cannot
 * be. */
ProgramTerm *program_read_term (ProgramReader *r, const ConfNode *node, const char *option,
                                const char *phrase, const ProgramWord *table, const char *what,
                                const ProgramScope *scope);

void program_read_calendar (ProgramReader *r, const ConfNode *program);
void program_read_people (ProgramReader *r);
Assurance program_read_assurance (const char *word);
FieldKind program_read_kind (const char *word);
void program_read_editions (ProgramReader *r);
void program_read_cases (ProgramReader *r);
/* The timers in NODE, a state or a case type. */
GPtrArray *program_read_timers (ProgramReader *r, const ConfNode *node, bool in_state,
                                const ProgramScope *scope);
/* No timer of TYPE is counted from itself, through however many others. */
void program_check_from (ProgramReader *r, const ProgramCaseType *type);
void program_read_mail (ProgramReader *r);
void program_read_knowledge (ProgramReader *r);
void program_read_sorting (ProgramReader *r);
void program_read_rounds (ProgramReader *r);
void program_read_languages (ProgramReader *r);
/* "08:30" as minutes after midnight; -1 when it is not an hour. */
int program_minutes (const char *text);
/* The option "second-within" of NODE: how long a proposal waits for a second person. */
void program_read_second (ProgramReader *r, const ConfNode *node, Span *within);
ProgramForm *program_read_form (ProgramReader *r, const ConfNode *node);
FieldKind program_read_kind (const char *word);

void program_term_free (gpointer term);
void program_role_free (gpointer role);
void program_identifier_free (gpointer identifier);
void program_person_free (gpointer person);
void program_document_free (gpointer document);
void program_element_free (gpointer element);
void program_edition_free (gpointer edition);
void program_reminder_free (gpointer reminder);
void program_timer_free (gpointer timer);
void program_transition_free (gpointer transition);
void program_state_free (gpointer state);
void program_case_field_free (gpointer field);
void program_case_type_free (gpointer type);
void program_field_free (gpointer field);
void program_form_free (gpointer form);
void program_notice_free (gpointer notice);
void program_rule_free (gpointer rule);
void program_article_free (gpointer article);
void program_category_free (gpointer category);
void program_digest_free (gpointer digest);
void program_language_free (gpointer language);

/* The row of TABLE whose words PHRASE begins with, the longest; *ARGUMENT is what follows. */
int program_word (const ProgramWord *table, const char *phrase, const char **argument);

extern const char *const program_field_kinds[]; /* by FieldKind */

/* What program_check() found so far. */
typedef struct {
  const Program *program;
  GPtrArray *findings;
} ProgramCheck;

void program_found (ProgramCheck *c, ProgramPlace place, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

typedef void (*ProgramVisit) (ProgramCheck *c, const ProgramCaseType *type,
                              const ProgramState *state, const ProgramTransition *t, gpointer data);
/* STATE is NULL for the transitions of the type itself. */
void program_each_transition (ProgramCheck *c, const ProgramCaseType *type, ProgramVisit visit,
                              gpointer data);

void program_check_states (ProgramCheck *c, const ProgramCaseType *type);
void program_check_timers (ProgramCheck *c, const ProgramCaseType *type);
void program_check_signals (ProgramCheck *c, const ProgramCaseType *type);
void program_check_edition (ProgramCheck *c, const ProgramEdition *edition);
/* Articles without their text; two that one phrase names. */
void program_check_knowledge (ProgramCheck *c,
                              bool (*has_template) (const char *name, gpointer data),
                              gpointer data);
