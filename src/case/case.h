/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases: what an organization asked for, how far it has got, and what is due.
 *
 * A case moves only by case_step(), which is a pure function of the program definition, the case,
 * what happened and the time: no I/O, no clock, no chance.  It changes the Case in memory and lists
 * every change it made; case/case-store.h writes that list, and nothing else, to the database and
 * the journal.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "program/program.h"

typedef struct {
  char *email, *name, *phone;
  char *language;           /* tag of a language of the program; "": nobody said */
} CaseContact;

CaseContact *case_contact_new (const char *email, const char *name, const char *phone,
                               const char *language);
CaseContact *case_contact_copy (const CaseContact *contact);
void case_contact_free (gpointer contact);

typedef enum {
  DOCUMENT_CURRENT,
  DOCUMENT_SUPERSEDED,      /* a newer version came */
  DOCUMENT_UNCLEAR,
  DOCUMENT_SETTLED,         /* it was unclear, and is another row now */
  DOCUMENT_MOVED,           /* it counts in another case */
  DOCUMENT_ENCLOSED,        /* of a case that asks for no documents: nobody is asked what it is */
} DocumentStatus;

/* What the signature on a document was found to be when it came.  NULL is "". */
typedef struct {
  char *verdict;            /* "valid", "changed", ...; "": it is not signed */
  char *signer;             /* who, for people */
  char *fingerprints;       /* of the certificates, separated by spaces */
  char *why;                /* the verdict's reason */
  char *accepted;           /* who of the office accepted it as it is; "" */
} CaseSignature;

void case_signature_clear (CaseSignature *signature);
CaseSignature case_signature_copy (const CaseSignature *signature);

/* Somebody of the organization who was introduced in a role, by the certificate. */
typedef struct {
  char *role, *fingerprint, *name, *by;
  gint64 at;
  gint64 retired;           /* what came from then on does not count; 0: all does */
  char *retired_by;         /* NULL: nobody */
} CaseSigner;

CaseSigner *case_signer_new (const char *role, const char *fingerprint, const char *name,
                             const char *by, gint64 at);
CaseSigner *case_signer_copy (const CaseSigner *signer);
void case_signer_free (gpointer signer);

typedef struct {
  gint64 n;
  char *element, *name;     /* "" while unclear */
  char *file, *type;
  char *sha256, *part;
  gint64 size, message, at;
  int version;
  DocumentStatus status;
  CaseSignature signature;
  char *party;              /* CaseParty.name; NULL or "": of the organization itself */
} CaseDocument;

/* An organization that works with the one whose case it is. */
typedef struct {
  char *name, *role;
  char *since, *until;      /* first and last day, "2027-03-01"; "": not said */
  bool access;              /* what is asked per party is asked of it */
} CaseParty;

CaseParty *case_party_new (const char *name, const char *role, bool access);
CaseParty *case_party_copy (const CaseParty *party);
void case_party_free (gpointer party);

typedef struct {
  char *element, *value, *by;
  gint64 at;
} CaseFinding;

typedef struct {
  gint64 n;
  char *element, *text, *by;
  gint64 at, due;
  int extended;
  bool open;
} CaseClarification;

typedef enum { TIMER_RUNNING, TIMER_FIRED, TIMER_STOPPED } TimerStatus;

typedef struct {
  gint64 n;
  char *name;               /* timer of the definition */
  gint64 about;             /* CaseClarification.n, or 0 */
  char *reminder;           /* "" or the notice a reminder sends */
  gint64 parent;            /* CaseTimer.n a reminder belongs to, or 0 */
  char *state;              /* ends when the case leaves this state, or "" */
  gint64 start, due, paused;
  char *span, *why, *calendar;
  char *who, *text;         /* somebody's own reminder: whose (address), and of what; NULL or "":
                             * a date of the case */
  TimerStatus status;
} CaseTimer;

/* What one person proposed, and waits for a second one to say the same. */
typedef struct {
  gint64 n;
  char *what, *text, *by;   /* event and arguments; words below; address */
  gint64 at, due;
} CaseProposal;

void case_proposal_free (gpointer proposal);
CaseProposal *case_proposal_copy (const CaseProposal *proposal);

/* Another case of the same organization, as far as the rules may know it. */
typedef struct {
  gint64 id, parent;
  char *ref, *type, *state;
  bool open;
} CaseRelative;

typedef struct {
  gint64 id;
  gint64 parent;             /* the case that opened it, or 0 */
  gint64 joined;             /* the case it was joined with, which goes on in its place, or 0 */
  char *joined_ref;          /* number of that; NULL: none */
  char *ref, *type, *definition, *edition, *state, *owner;
  char *previous;            /* the state before the present one; NULL: this is the first */
  gint64 state_since, opened_at;
  gint64 organization;
  char *organization_name, *organization_phone; /* the number it registered with; NULL or "":
                                                 * none */
  bool open;
  gint64 serial;
  GHashTable *fields;        /* name -> value */
  GPtrArray *contacts;       /* CaseContact */
  GPtrArray *documents;      /* CaseDocument, by n */
  GPtrArray *findings;       /* CaseFinding, by element */
  GPtrArray *clarifications; /* CaseClarification, by n */
  GPtrArray *parties;        /* CaseParty of the organization, by name */
  GPtrArray *proposals;      /* CaseProposal that are open, by n */
  GPtrArray *timers;         /* CaseTimer that run, by n */
  GPtrArray *signers;        /* CaseSigner of the organization */
  GPtrArray *related;        /* CaseRelative, by id: where the rules ask about them
                              * (ProgramCaseType.related) */
  GPtrArray *links;          /* CaseRelative, by id: cases that people said it has to do with, of
                              * whatever organization */
} Case;

Case *case_new (void);
Case *case_copy (const Case *c);
void case_free (Case *c);

/* PARTY NULL: whosever. */
const CaseDocument *case_current_document (const Case *c, const char *element, const char *name,
                                           const char *party);
const CaseFinding *case_finding (const Case *c, const char *element);
const CaseTimer *case_timer (const Case *c, gint64 n);
CaseClarification *case_clarification (const Case *c, gint64 n);
guint case_open_clarifications (const Case *c);
const CaseContact *case_contact (const Case *c, const char *email);
const char *case_document_status_name (DocumentStatus status);
DocumentStatus case_document_status (const char *name);
const char *case_timer_status_name (TimerStatus status);
/* Whether TIMER is somebody's own reminder. */
bool case_timer_is_own (const CaseTimer *timer);

const CaseParty *case_party (const Case *c, const char *name); /* without case */
/* Whether PARTY works with the organization still at NOW; whether what is asked per party is asked
 * of it then. */
bool case_party_is_current (const Program *program, const CaseParty *party, gint64 now);
bool case_party_is_asked (const Program *program, const CaseParty *party, gint64 now);
/* The name of the field that keeps what FIELD says of PARTY.  Free with g_free(). */
char *case_party_field (const char *field, const char *party);

/* What people write of parties, a line each: "Name; role; access yes or no".  Each line that is
 * none gets a sentence in PROBLEMS (char *).  GPtrArray of CaseParty; empty when TEXT says that
 * there are none. */
GPtrArray *case_parties_read (const char *text, GPtrArray *problems);
/* The same lines, all alike; "none".  Free with g_free(). */
char *case_parties_text (const GPtrArray *parties);

/* The copies of a row type, for whoever builds one by hand. */
void case_document_free (CaseDocument *document);
CaseDocument *case_document_copy (const CaseDocument *document);
void case_timer_free (CaseTimer *timer);
CaseTimer *case_timer_copy (const CaseTimer *timer);

/* --- what can happen ------------------------------------------------------- */

typedef struct {
  const char *address, *name;
  bool staff;               /* else somebody outside */
  const char *const *roles; /* NULL-terminated */
  Assurance assurance;
} CaseActor;

/* One event.  Borrowed pointers; NULL and 0 where it does not apply. */
typedef struct {
  const char *name;         /* "submit", "decide approve", "timer clarification" */
  const CaseActor *actor;   /* NULL: the clock */
  const char *element;
  const char *value;        /* finding, field value, address */
  const char *text;         /* a person's words */
  const Span *span;         /* a due date as a span, or */
  gint64 due;               /* as a time */
  gint64 date;              /* "mark": when it happened; 0: today */
  GHashTable *values;       /* "form": field -> value, as the form reader left them */
  const GPtrArray *documents; /* CaseDocument: files that came with a message; n, version unset */
  const CaseTimer *timer;   /* the timer that came due */
  gint64 message;           /* message.id behind it, or 0 */
  bool agreed;              /* two people did, should the transition ask for that */
  GHashTable *load;         /* address -> GINT_TO_POINTER (open cases it holds): for assigning,
                             * else NULL */
  const char *party;        /* "mark": which party it happened to; NULL: the organization itself */
  const char *since, *until; /* "party": its days; NULL: not said */
  const char *holder;       /* "opened": who holds the case that opened this one */
  const CaseRelative *other; /* the case that a command names beside its own, or NULL */
  bool kin;                 /* OTHER is of the same organization */
} CaseEvent;

typedef enum {
  CHANGE_STATE,              /* name: to, value: from */
  CHANGE_OWNER,              /* value: address */
  CHANGE_FIELD,              /* name, value */
  CHANGE_DOCUMENT,           /* document: a new row */
  CHANGE_DOCUMENT_STATUS,    /* number: n, name: element, value: document, status */
  CHANGE_DOCUMENT_MOVED,     /* number: n, name: file, value: number of the case it goes on in,
                              * who */
  CHANGE_FINDING,            /* name: element, value, text, who */
  CHANGE_CLARIFICATION,      /* number: n; the row as it is now; name: opened, answered,
                              * extended, moved */
  CHANGE_TIMER,              /* timer: a new row, started; of its rule, name: number, value:
                              * basis, text: source */
  CHANGE_TIMER_STATUS,       /* number: n, name: fired, stopped, paused, resumed; at: new due */
  CHANGE_SIGNER,             /* name: role, value: fingerprint, text: whose it is, who; number 1:
                              * retired */
  CHANGE_ACCEPTED,           /* number: n of a document, name: element, value: document, text:
                              * why, who */
  CHANGE_TIMER_MOVED,        /* timer: the row as it is now; name: why it moved (extended,
                              * calendar, definition), text: words; at: due before */
  CHANGE_DEFINITION,         /* name: version it goes by now, value: version before, who */
  CHANGE_PARTY,              /* party: the row as it is now; name: whose, value: access,
                              * no-access or ended, who */
  CHANGE_LANGUAGE,           /* name: address of a contact, value: language, who */
  CHANGE_CONTACT,            /* name: address, value: name of one who speaks for the organization
                              * now; NULL: no longer does; who */
  CHANGE_CONTACT_DATA,       /* name: address of a contact, value: name, text: phone, as they are
                              * now; who */
  CHANGE_PROPOSAL,           /* number: n, name: what, value: open, seconded, withdrawn, replaced
                              * or lapsed, text, who; at: until when */
  CHANGE_LINK,               /* number: id of another case, name: its number, value: linked,
                              * unlinked, joined, or of the other one: took-in; who; the same is
                              * to be saved of that case */
  CHANGE_NOTE,               /* text, who */
  CHANGE_OPEN,               /* name: type of a case to open for the same organization; value:
                              * its edition, NULL: its type's; text: what somebody wrote about it */
  CHANGE_SIGNAL,             /* name: signal to raise; value: whom it reaches, a case type,
                              * "parent", "children" or "others" */
  CHANGE_NOTICE,             /* name: notice to send; number: clarification it is about */
} CaseChangeKind;

typedef struct {
  CaseChangeKind kind;
  char *name, *value, *text, *who;
  gint64 number, at;
  CaseDocument *document;    /* owned */
  CaseTimer *timer;          /* owned */
  CaseParty *party;          /* owned */
} CaseChange;

void case_change_free (CaseChange *change);

/* Let EVENT happen to C at NOW.  Appends to CHANGES (CaseChange).  An event that the state does not
 * know, the actor has no right to, a guard forbids, or whose timer no longer runs is refused
 * (QEC_ERROR_PERMANENT, the message says to a person what is missing); C and CHANGES may then be
 * half changed: work on a case_copy(). */
bool case_step (const Program *program, Case *c, const CaseEvent *event, gint64 now,
                GPtrArray *changes, GError **error);

/* The document with number N of C counts in the case REF from now on, because WHO says so; what it
 * had superseded counts again. */
void case_move_document (Case *c, gint64 n, const char *ref, const char *who, GPtrArray *changes);
/* C, which asks for no documents, has FILES (CaseDocument) all the same. */
void case_enclose_documents (Case *c, const GPtrArray *files, gint64 now, GPtrArray *changes);

/* What is left when case_step() refused TIMER's event for a reason WHY that concerns the case: it
 * has fired all the same, and why nothing came of it stands in the case's history. */
void case_fire_in_vain (Case *c, const CaseTimer *timer, const char *why, GPtrArray *changes);

/* Whether EVENT's actor has the right to let it happen to C, and is known surely enough; true for
 * an event the state does not know.  Tells a refusal that concerns the person from one that
 * concerns the case. */
bool case_may (const Program *program, const Case *c, const CaseEvent *event, gint64 now);

/* EVENT is a command that is no event of C's rules.  *WAITS: it is only proposed, because the roles
 * of its actor that may use it ask for two people.  Refused when the same person said so before. */
bool case_agree_to_command (const Program *program, Case *c, const CaseEvent *event, gint64 now,
                            GPtrArray *changes, bool *waits, GError **error);
/* The proposals of EVENT's actor are taken back; refused when there are none. */
bool case_withdraw_proposals (const Program *program, Case *c, const CaseEvent *event, gint64 now,
                              GPtrArray *changes, GError **error);
/* The time of proposal N is over, without a second person. */
void case_lapse_proposal (Case *c, gint64 n, GPtrArray *changes);
/* Whether A and B, addresses of the roster, are one human being. */
bool case_same_person (const Program *program, const char *a, const char *b);

/* Whether somebody known as surely as HAVE may let EVENT happen, which asks for LEAST; refused with
 * what to do about it. */
bool case_is_sure (const char *event, Assurance have, Assurance least, GError **error);

/* A case just made (type, edition, contacts and fields are set): enters the initial state and lets
 * EVENT, whose name is "opened", happen. */
bool case_begin (const Program *program, Case *c, const CaseEvent *event, gint64 now,
                 GPtrArray *changes, GError **error);

/* A case of TYPE out of nothing, neither numbered nor begun.  EDITION NULL: the type's own.
 * QEC_ERROR_CONFIG when PROGRAM has no such type or edition. */
Case *case_fresh (const Program *program, const char *type, const char *edition, gint64 now,
                  GError **error);
/* The case that CHANGE, an "open" of PARENT, asks for: of the same organization, with its contacts
 * and the fields that the new type carries over. */
Case *case_child (const Program *program, const Case *parent, const CaseChange *change, gint64 now,
                  GError **error);
/* FRESH, not begun yet, is given first to whoever holds PARENT: see CaseEvent.holder. */
void case_hold_like (Case *fresh, const Case *parent);
/* Whether CHANGE, a signal of C, reaches OTHER, another case of the organization. */
bool case_signal_reaches (const Case *c, const CaseChange *change, const CaseRelative *other);
CaseRelative *case_relative_new (gint64 id, gint64 parent, const char *ref, const char *type,
                                 const char *state, bool open);
void case_relative_free (CaseRelative *relative);

/* What stands between the case and EVENT at NOW: one sentence each (char *), empty when the guards
 * hold. */
GPtrArray *case_obstacles (const Program *program, const Case *c, const char *event, gint64 now);

/* Documents of the state's group that are required and not on file, or on file with a signature
 * that does not count. */
typedef struct {
  const ProgramElement *element;
  const ProgramDocument *document;
  char *why;                 /* NULL: it is not on file; else why its signature does not count,
                              * one sentence without its end */
  const char *party;         /* whose it would be, of what is asked per party ("": the
                              * organization's own); NULL: of other documents */
} CaseMissing;
/* What people call PARTY (NULL and "": the organization itself). */
const char *case_party_title (const Case *c, const char *party);
/* Why the signature on FILE does not count as DOCUMENT wants it; NULL: it does, or none is wanted.
 * Free with g_free(). */
char *case_signature_gap (const Program *program, const Case *c, const ProgramDocument *document,
                          const CaseDocument *file);
/* Whether a signer, whose certificate has that NAME and FINGERPRINT, is WHO: the fingerprint, or so
 * much of its beginning that nobody takes it for another, or the address in the name. */
bool case_signer_is (const char *name, const char *fingerprint, const char *who);
/* Whether all it lacks is that its signer be introduced. */
bool case_signature_waits (const Case *c, const ProgramDocument *document,
                           const CaseDocument *file);
/* Whether the case must show ELEMENT at all (its "unless"). */
bool case_is_asked (const Case *c, const ProgramElement *element);
GArray *case_missing (const Program *program, const Case *c, const char *group, gint64 now);

/* The transition that EVENT would make at NOW in the case's present state: the first whose "when"
 * holds; NULL: none. */
const ProgramTransition *case_transition (const Program *program, const Case *c, const char *event,
                                          gint64 now);
/* The state that TRANSITION leads C to; NULL: it stays where it is, or goes back where there is no
 * state before. */
const ProgramState *case_target (const Program *program, const Case *c,
                                 const ProgramTransition *transition);
/* Events of the present state whose first word is COMMAND ("decide" -> "decide approve", ...),
 * comma-separated, or NULL. */
char *case_choices (const Program *program, const Case *c, const char *command);
/* The event of a word that a person outside wrote alone on a line ("submit" -> "submit", "accept"
 * -> "say accept"), known anywhere in the case's type; NULL: it is none.  Free with g_free(). */
char *case_word_event (const Program *program, const Case *c, const char *word);
/* Whether any state of the case's type has a transition for EVENT. */
bool case_knows (const Program *program, const Case *c, const char *event);
/* The rule behind a timer of the case, wherever the definition has it; NULL when it has none of the
 * name. */
const ProgramTimer *case_timer_rule (const Program *program, const Case *c, const CaseTimer *timer);
/* The date in field NAME as its close of business; 0 when there is none. */
gint64 case_date (const Program *program, const Case *c, const char *name);

/* --- another calendar -------------------------------------------------------- */

/* PROGRAM's calendar is another than C's dates were counted with: count those again that are still
 * to come, and whose date no person set, from the same start.  CHANGES gets each that is another
 * one now, with the reminders and dates that follow it. True: a due date moved, not only a
 * reminder. */
bool case_recount (const Program *program, Case *c, gint64 now, GPtrArray *changes);

/* --- another definition ------------------------------------------------------ */

/* What keeps C from going on by PROGRAM: its type, edition, state or a running timer is not there.
 * A sentence each (char *); empty when it could. */
GPtrArray *case_misfits (const Program *program, const Case *c);
/* C goes on by PROGRAM, which is VERSION of the definition, because of EVENT's actor: where it
 * stands, with what is on file; running dates are counted by their rule there, from the same start
 * ("definition" in what moved).  Refused (QEC_ERROR_PERMANENT) with all its misfits; C is as it was
 * then.  A timer that is only there begins when what starts it happens. */
bool case_migrate (const Program *program, const char *version, Case *c, const CaseEvent *event,
                   gint64 now, GPtrArray *changes, GError **error);
/* When TIMER of C would be due by PROGRAM, from the same start; *WHY (may be NULL) is the
 * calculation, to be freed.  0 when the rules do not say: a person set the date, or PROGRAM has no
 * such timer. */
gint64 case_timer_due (const Program *program, const Case *c, const CaseTimer *timer, char **why);

/* The closed vocabulary: guards, actions, events, audiences, each with its help. */
extern const ProgramVocabulary case_vocabulary;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Case, case_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CaseTimer, case_timer_free)
