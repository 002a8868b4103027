/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program definition: everything a program officer may change, read from rules/ and the
 * office's roster.
 *
 * It is plain data after reading.  A Program is immutable; a case is pinned to the version it was
 * opened under. Words for guards, actions, events and audiences are checked at reading against the
 * closed vocabularies of case/ (handed in as ProgramVocabulary, because case/ leans on program/ and
 * not the other way round).
 */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>

#include "calendar/calendar.h"
#include "program/program-mail.h"

typedef enum { ROLE_OUTSIDE, ROLE_STAFF } RoleKind;
/* How sure we must be who speaks, rising: the From header alone; an answer to a mail that only that
 * address got; our own mail server's Authentication-Results; a signature. */
typedef enum { ASSURE_NONE, ASSURE_TOKEN, ASSURE_AUTHENTICATED, ASSURE_SIGNED } Assurance;

/* Whether a notice is encrypted: not; when we have a key of its recipient; always, or it does not
 * leave. */
typedef enum { CONFIDENCE_NO, CONFIDENCE_WANTED, CONFIDENCE_REQUIRED } Confidence;

typedef struct {
  char *name, *title;
  RoleKind kind;
  char **commands;      /* what its people may command, in any state */
  Assurance assurance;  /* at least this for a command of this role */
  guint people;         /* how many of the office must say the same before it counts: 1, or 2 */
  Span second_within;   /* the second of them */
  ProgramPlace place;
} ProgramRole;

typedef struct {
  char *address;        /* canonical: lower case */
  char *name;
  char **roles;
  char **certificates;  /* fingerprints of what this person signs with; empty: whatever is valid
                         * for the address */
  bool away;
  gint64 away_until;    /* close of the last day away; 0: nobody said */
  char *deputy;         /* address of who stands in while they are away; NULL: nobody */
  bool digest;          /* gets the digests of their roles */
  ProgramPlace place;
} ProgramPerson;

/* One change of the roster: somebody comes, has other roles, leaves, or (then NAME and ROLES do not
 * matter) is away today. */
typedef struct {
  const char *address, *name, *roles; /* all roles, separated by spaces */
  bool leaves, away;
  gint64 away_until;
  const char *deputy;                 /* "" or NULL: nobody */
} ProgramRosterChange;

typedef struct {
  char *name, *title;
  bool required;
  char **types;         /* media types it may have, by content; empty: any document */
  char **names;         /* file-name globs, matched without regard to case, '_' and '-' as space */
  char **words;         /* words that name it in a line such as "A1 letter: file.pdf" */
  char *form;           /* blank form below templates/, or NULL */
  char *hint;           /* one sentence: what a good one holds */
  bool per_party;       /* asked of the organization, and of each party with access */
  char *signed_by;      /* role outside whose signature it must carry, or NULL */
  char *signature;      /* the verdict it must have: "valid" or "untrusted" */
  ProgramPlace place;
} ProgramDocument;

typedef struct {
  char *name, *title;   /* "A1" "Who you are" */
  char *group;          /* elements asked for together: "stage1" */
  char *help;
  char *unless;         /* "small yes": not asked of a case whose field has the value; NULL:
                         * asked of all */
  GPtrArray *documents; /* ProgramDocument */
  ProgramPlace place;
} ProgramElement;

typedef struct {
  char *name, *title;
  char **findings;      /* words for /finding, e.g. met, not-met, not-applicable */
  char **passing;       /* those that let an element pass */
  GPtrArray *elements;  /* ProgramElement, in order */
  ProgramPlace place;
} ProgramEdition;

typedef struct {
  char *word;           /* the whole phrase, as written: "documents complete stage1" */
  int index;            /* row in the vocabulary's table */
  char *argument;       /* what follows the vocabulary's word, or "" */
  char **values;        /* the same, a text for each kind that the row's argument names; fewer
                         * when left out */
  Span span;            /* the one among them that is a span, or zero */
  bool related;         /* it names another case type */
} ProgramTerm;

#define PROGRAM_PREVIOUS "previous" /* no state is called so */

typedef struct {
  char *event;          /* "submit", "decide approve", "timer clarification", "signal x" */
  char **by;            /* roles; empty only for timers and signals */
  Assurance assurance;  /* 0: the role's */
  bool closed;          /* of a type: in states that are final, too */
  guint people;         /* how many of the office must say the same, when the role does not ask
                         * for more: 1, or 2 */
  Span second_within;   /* the second of them */
  GPtrArray *when;      /* ProgramTerm: guards that tell whether this is the one, of several for
                         * the event */
  GPtrArray *needs;     /* ProgramTerm: guards, all must hold */
  GPtrArray *actions;   /* ProgramTerm: in order */
  char *to;             /* state; PROGRAM_PREVIOUS: the one the case was in before its present
                         * one; NULL: stay */
  char **notices;
  ProgramPlace place;
} ProgramTransition;

typedef enum { BASIS_TARGET, BASIS_COMMITMENT, BASIS_FORM, BASIS_LAW } TimerBasis;

typedef enum { REMIND_BEFORE, REMIND_AFTER, REMIND_FROM_START } ReminderAnchor;

typedef struct {
  char *notice;
  ReminderAnchor anchor; /* counted from the due time, either way, or from the timer's start */
  Span span;            /* from there: negative when it comes before */
} ProgramReminder;

typedef enum { FROM_START, FROM_FIELD, FROM_TIMER } TimerFrom;

typedef struct {
  char *name, *title;
  char *id;             /* the rule's number in the program's own list, or NULL */
  TimerFrom from;       /* what it is counted from: entering the state or an action; the date in
                         * a field of the case; the due time of another timer of the case */
  char *from_name;      /* that field or timer, or NULL */
  Span after;           /* from there; negative: before it */
  bool on_entry;        /* begins by itself: with the state, or once what it is counted from is
                         * known */
  TimerBasis basis;
  char *source;         /* where the rule stands, or NULL */
  bool verified;        /* false: said to be a program default, never law */
  bool pauses;          /* while the state waits on an outside role (targets only) */
  bool restarts;        /* anew with each message from outside */
  GPtrArray *reminders; /* ProgramReminder */
  ProgramPlace place;
} ProgramTimer;         /* what happens when it is due: transition "timer NAME" */

typedef struct {
  char *name, *title, *help; /* title for people: "Preparing documents" */
  char *waiting_on;     /* role, or NULL when final */
  char *group;          /* elements that may be submitted and found on here; NULL: none */
  bool final;
  char *next_step;      /* one sentence for status and receipts */
  GPtrArray *transitions; /* ProgramTransition */
  GPtrArray *timers;    /* ProgramTimer */
  ProgramPlace place;
} ProgramState;

typedef enum {
  FIELD_TEXT,
  FIELD_EMAIL,
  FIELD_PHONE,
  FIELD_YES_NO,
  FIELD_DATE,
  FIELD_NUMBER,
  FIELD_LANGUAGE,
  FIELD_BLOCK,
  FIELD_PARTIES /* organizations that work with the sender's, one a line */
} FieldKind;

/* A field of a case, declared so that staff may set it and people read its label. */
typedef struct {
  char *name, *label;
  FieldKind kind;
  bool carry;           /* a case that another one opens takes the value over from it */
  bool per_party;       /* kept of the organization, and of each of its parties */
  ProgramPlace place;
} ProgramCaseField;

typedef struct {
  char *name, *title, *prefix, *initial;
  char *edition;        /* of new cases, or NULL: such a case shows nothing */
  bool one_open;        /* a form that would open a second one for the organization goes into the
                         * open one, as event "again" */
  bool confidential;    /* words and files of its mail are passed on to nobody by mail */
  bool related;         /* its guards ask about other cases of the organization */
  GPtrArray *fields;    /* ProgramCaseField */
  GPtrArray *states;    /* ProgramState */
  GPtrArray *transitions; /* in every state that is not final */
  GPtrArray *timers;    /* may run in any state; started by actions */
  ProgramPlace place;
} ProgramCaseType;

typedef struct {
  char *name, *label, *hint;
  char **aliases;       /* other labels people use */
  FieldKind kind;
  bool required;
  char *maps;           /* "organization.name", "contact.email", ... or NULL: a field of the case */
  char *tab;            /* where it stands in a workbook, or NULL */
  char **choices;       /* one of these; empty: anything */
  bool has_min, has_max;
  double min, max;      /* of a number */
  char *equals;         /* "case FIELD" or "organization": what the case says; or NULL */
  char *not_before, *not_after; /* of a date: "today", "2027-03-01" or "field NAME"; or NULL */
  ProgramPlace place;
} ProgramField;

typedef struct {
  char *name, *title;
  char *opens;          /* case type a complete form opens, or NULL */
  bool stranger;        /* it does so for whoever has no case yet */
  bool member;          /* it opens a further case for an organization that has one, from one of
                         * its people */
  char *event;          /* event it raises in an open case, or NULL */
  char *edition;        /* of the form itself, or NULL: a blank of another one is not taken */
  char **blanks;        /* the form as files below templates/: "forms/registration.pdf" */
  char **authority;     /* e.g. its number and expiry: lines for the form's head */
  GPtrArray *fields;    /* ProgramField */
  GHashTable *label_words; /* set of fold_first_word() of all labels and aliases: whether a line
                            * is one, at a glance */
  ProgramPlace place;
  bool one_line;        /* one of its lines is enough to know it by */
} ProgramForm;

typedef struct {
  char *name;           /* template */
  char **to;            /* audiences: applicant, sender, manager, ROLE names */
  char *form;           /* the form it asks for, as lines and (attach = form) as files; NULL: the
                         * one it is about */
  char *attach;         /* "forms", "form", "original", "documents", or NULL */
  char **fields;        /* the fields of the case it shows, in this order; empty: all */
  char *calendar;       /* timer whose due date goes along as a calendar entry, or NULL */
  Confidence confidential; /* whether it is encrypted */
  bool next_contact;    /* the next contact of the organization gets it when it does not arrive */
  bool promises;        /* it promises an answer within PROMISE of the message's arrival */
  Span promise;
  ProgramPlace place;
} ProgramNotice;

/* One file of the definition, as it was read: kept so that an old version can be read again. */
typedef struct {
  char *name;           /* relative: "program.conf", "cases/application.conf", "roster.conf" */
  GBytes *bytes;
} ProgramFile;

/* A mail that tells people of the office what waits for them. */
typedef struct {
  char *name;
  char *notice;         /* whose audience are roles */
  guint weekdays;       /* bit 0: Monday */
  int minutes;          /* after midnight */
  bool whole;           /* tells of everybody's cases, not the reader's own */
  ProgramPlace place;
} ProgramDigest;

/* How soon a person deals with what is held, and who is told at half of that time, and when it is
 * over; NULL: nobody. */
typedef struct {
  Span within;          /* n 0: nothing was promised */
  char *half, *over;    /* notices */
} ProgramHeld;

typedef struct {
  char version[65];     /* SHA-256 over all files of the definition: for each, its name, size and
                         * bytes */
  GPtrArray *files;     /* ProgramFile, in the order of reading, the roster last */
  bool has_roster;
  ProgramPlace place;
  char *name, *title;   /* short and long */
  char *language;
  Calendar *calendar;
  GPtrArray *identifiers; /* ProgramIdentifier */
  GPtrArray *languages;   /* ProgramLanguage */
  GPtrArray *roles, *people, *editions, *case_types, *forms, *notices, *triage, *articles, *digests,
    *categories;
  ProgramSorting sorting;
  GPtrArray *roster;     /* people as they were read, once changes lie over them; NULL: none do */
  ProgramHeld held;
  int quota_address_day, quota_case_day;
  Span crossing;         /* a message and what came so shortly before that it does not refer to
                          * it crossed; n 0: never said */
  char *split_opens;     /* case type that /split opens when it names none, or NULL */
  char *owner;          /* role that holds a case: assigned when it opens */
  char *escalate;       /* role told about what nobody owns */
} Program;

/* The words case/ understands. */
typedef struct {
  const char *name;     /* "documents complete" */
  const char *argument; /* NULL: none; else what it is, a word each: "group", "element",
                         * "document", "timer", "state", "field", "date" (a field of that kind),
                         * "day" (such a field, or today), "month-day" ("03-31"), "role",
                         * "notice", "form", "case-type", "states" (of that type), "number",
                         * "word" (any one), "span" ("10 business days"), "text" (all the rest),
                         * and 'words' that stand there as they are: "date 'at' 'least' span
                         * 'after' day".  Rows beside each other may have one name and differ in
                         * this. */
  bool optional;        /* the argument may be left out */
  const char *help;
  bool unattended;      /* an event that no person causes: a transition has no `by` (so is one
                         * with a "timer") */
  bool does;            /* an event that itself changes the case: its transition need not */
} ProgramWord;

typedef struct {
  const ProgramWord *guards, *actions, *events, *audiences; /* each ends with { NULL } */
  const ProgramWord *commands; /* of staff, beside those that are events */
} ProgramVocabulary;

/* WORD with its argument as people write it: "date DATE at least SPAN after DAY".  Free with
 * g_free(). */
char *program_word_shape (const ProgramWord *word);

/* Read RULES_DIR/program.conf with what it includes, and ROSTER (may be NULL).  All mistakes at
 * once in the error (QEC_ERROR_CONFIG), a line each: "FILE:LINE: what; what to write instead". */
Program *program_read (const char *rules_dir, const char *roster, const ProgramVocabulary *words,
                       GError **error);
/* The same from memory: NAMES[0] is "program.conf", one may be "roster.conf"; NAMES ends with NULL
 * and TEXTS has as many.  With the names and bytes of Program.files it gives the same Program and
 * version. */
Program *program_read_files (const char *const *names, GBytes *const *texts,
                             const ProgramVocabulary *words, GError **error);
void program_free (Program *program);

/* The language of the definition as help for people.  Free with g_free(). */
char *program_describe (void);

/* Look-ups; NULL when there is none. */
const ProgramRole *program_role (const Program *program, const char *name);
/* The N CHANGES, in their order, lie over the roster that was read.  Borrowed people are others
 * from then on. */
void program_change_roster (Program *program, const ProgramRosterChange *changes, guint n);
const ProgramPerson *program_person (const Program *program,
                                     const char *address); /* without case */
/* Who stands in for PERSON, who is away: their deputy, or that one's; NULL: nobody who is here. */
const ProgramPerson *program_stand_in (const Program *program, const ProgramPerson *person);
bool program_person_has_role (const ProgramPerson *person, const char *role);
/* The names of all roles that may use COMMAND; to be freed, the strings are PROGRAM's. */
const char **program_roles_with (const Program *program, const char *command);
/* Of ROLES that may command COMMAND, and for which HAVE is sure enough, the one that asks for the
 * fewest people; NULL: there is none. */
const ProgramRole *program_right (const Program *program, const char *const *roles,
                                  const char *command, Assurance have);
/* Somebody of the roster has it. */
bool program_has_people (const Program *program, const char *role);
/* All roles outside: a contact of an organization speaks in every one.  Free with g_strfreev(). */
char **program_outside_roles (const Program *program);
const ProgramEdition *program_edition (const Program *program, const char *name);
const ProgramElement *program_element (const ProgramEdition *edition, const char *name);
const ProgramDocument *program_document (const ProgramEdition *edition, const char *element,
                                         const char *name);
const ProgramCaseType *program_case_type (const Program *program, const char *name);
const ProgramCaseType *program_case_type_by_prefix (const Program *program, const char *prefix);
const ProgramState *program_state (const ProgramCaseType *type, const char *name);
/* The first transition for EVENT in STATE: the state's own, else (unless STATE is final) the case
 * type's. */
const ProgramTransition *program_transition (const ProgramCaseType *type, const ProgramState *state,
                                             const char *event);
/* The one after PREVIOUS, in that order; NULL: there are no more. */
const ProgramTransition *program_next_transition (const ProgramCaseType *type,
                                                  const ProgramState *state,
                                                  const ProgramTransition *previous);
/* Whether something that can happen in FROM leads to TO by its name. */
bool program_leads (const ProgramCaseType *type, const ProgramState *from, const ProgramState *to);
const ProgramTimer *program_timer (const ProgramCaseType *type, const ProgramState *state,
                                   const char *name);
const ProgramCaseField *program_case_field (const ProgramCaseType *type, const char *name);
/* What people call the field of a case: as declared, else as a form prints it, else NAME itself. */
/* The language that TEXT names, by tag ("es", "es-US") or by name in whatever case; NULL: none of
 * the program. */
const ProgramLanguage *program_language (const Program *program, const char *text);
const char *program_field_label (const Program *program, const ProgramCaseType *type,
                                 const char *name);
/* What such a field holds; FIELD_TEXT when nobody says. */
FieldKind program_field_kind (const Program *program, const ProgramCaseType *type,
                              const char *name);
const ProgramForm *program_form (const Program *program, const char *name);
const ProgramField *program_form_field (const ProgramForm *form, const char *name);
const ProgramNotice *program_notice (const Program *program, const char *name);
const ProgramArticle *program_article (const Program *program, const char *name);
const ProgramCategory *program_category (const Program *program, const char *name);
/* "inquiry, incident": all of them.  The caller's. */
char *program_category_names (const Program *program);
const char *program_basis_name (TimerBasis basis);       /* "law", ... */
/* What makes a date of the rule binding, honestly: its basis; "program default" when nobody has
 * verified the source; "" for no rule (TIMER may be NULL). */
const char *program_timer_basis (const ProgramTimer *timer);
const char *program_assurance_name (Assurance assurance);
const char *program_confidence_name (Confidence confidence);

/* The form to fill in by reply, with the VALUES (by field; may be NULL) that are known already:
 * lines "Label (hint): value". */
char *program_form_lines (const ProgramForm *form, GHashTable *values);
/* All forms, for the script that makes their blank files.  Owned by the caller
 * (json_node_unref). */
JsonNode *program_forms_to_json (const Program *program);

/* What program_read() cannot see line by line: unreachable state, dead end, states that change by
 * themselves for ever, missing template, right nobody has, timer without outcome, element nobody
 * asks for, document that cannot be recognised, two documents that claim one file name, field
 * nobody fills in. HAS_TEMPLATE may be NULL.  A GPtrArray of char *: "FILE:LINE: ..."; empty when
 * all is well.  A finding that does not keep the program from being used is a warning: "FILE:LINE:
 * warning: ...". */
GPtrArray *program_check (const Program *program,
                          bool (*has_template) (const char *name, gpointer data), gpointer data);
bool program_finding_is_warning (const char *finding);

/* What changes from one definition to another, in the order of the later one: ConfDifference of
 * config/conf.h.  The rosters are compared when both have one. */
GPtrArray *program_diff (const Program *before, const Program *after, GError **error);

/* Graphviz source of one case type's states. */
char *program_graph (const Program *program, const ProgramCaseType *type);

/* "states", "roles", "people", "editions", "forms", "notices", "timers", "triage", "holidays YEAR":
 * a table for people. An unknown TOPIC is an error that lists the topics (QEC_ERROR_INVALID).  Free
 * with g_free(). */
char *program_show (const Program *program, const char *topic, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Program, program_free)
