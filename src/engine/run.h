/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One input on its way: what the files of engine/ share while its transaction is open.
 */
#pragma once

#include "case/case-store.h"
#include "engine/engine.h"
#include "identity/identity.h"
#include "outbox/outbox.h"
#include "sorting/sorting.h"
#include "triage/triage-command.h"
#include "triage/triage-documents.h"
#include "triage/triage.h"

typedef enum { OUTCOME_FILED, OUTCOME_ANSWERED, OUTCOME_HELD } Outcome;

/* The notice to who of the office answered at the same time as somebody else. */
#define CROSSED_NOTICE "answers-crossed"
/* Where the texts of knowledge articles lie below the templates. */
#define KNOWLEDGE_FOLDER "knowledge/"

typedef struct {
  Office *office;
  StoreTxn *txn;
  gint64 input;              /* journal row */
  gint64 at;                 /* the time it counts as */
  gint64 now;                /* the real time */
  const EngineArrival *arrival; /* a message, or NULL */
  MailAuth auth;             /* what our mail servers said of its author */
  const GPtrArray *evidence; /* Evidence about its signatures, or NULL */
  const char *language;      /* the message is surely written in, or NULL */
  const Message *message;    /* its facts, or NULL when it could not be read */
  gint64 message_id;         /* its row */
  Identity *identity;
  Outcome outcome;
  bool quarantine;           /* nothing of the message may be quoted or passed on */
  bool answered;             /* what its sender is told does not come from the case: no receipt
                              * is needed for words */
  char *reason;              /* why, for a person */
  char *keeper;              /* who of the office looks after all cases of the sender, when the
                              * message may be about any; or NULL */
  gint64 case_id;
  gint64 since;              /* what is opened counts from then: when what it is about came; 0: from
                              * this message */
  int depth;                 /* cases that set each other off, within this input */
  SortingResult *sorting;    /* what it probably is, once that was asked; or NULL */
} Run;

/* A notice about C (may be NULL) with what the run knows. */
OutboxNotice run_notice (Run *run, const Program *program, const Case *c);

/* What waits for a person, oldest first and one of each sender (OutboxWaiting); borrowed from HELD
 * (HeldRow). */
GArray *run_waiting (const GPtrArray *held);
/* The message waits for a person as part of ITEM (see HeldRow), and its clock runs when it is the
 * FIRST of it that its sender sent. */
bool run_held_add (Run *run, gint64 case_id, const char *reason, const char *item, bool first,
                   GError **error);
/* Mark the message as held and tell staff, once a sender and item. */
bool run_hold (Run *run, gint64 case_id, const char *reason, GError **error);
void run_outcome (Run *run, Outcome outcome, const char *reason);

/* The address people know the office by; borrowed. */
const char *run_office_address (const Run *run);

/* How sure we are of who speaks in C (NULL: of the office itself), by its rules PROGRAM: what the
 * mail itself is worth, or SIGNED.  *WHY: why a signature there is does not count, for its sender;
 * NULL.  A signature that counts is used up. */
bool run_assurance (Run *run, const Program *program, const Case *c, Assurance *assurance,
                    char **why, GError **error);

/* The cases that the message refers to, into FACTS (run-refs.c). */
bool run_refs (Run *run, TriageFacts *facts, GError **error);

/* The intents. */
bool run_submission (Run *run, gint64 case_id, GError **error);
/* The same, and what RULE (may be NULL) says of such words is done as well. */
bool run_submission_beside (Run *run, gint64 case_id, const ProgramTriageRule *rule,
                            GError **error);
/* What EVIDENCE (or NULL) of MESSAGE says of those of DOCUMENTS that came with it. */
void run_take_signatures (const GPtrArray *evidence, gint64 message, GPtrArray *documents);
/* Whether C has a document of MESSAGE whose signer nobody has introduced. */
bool run_has_unknown_signer (const Program *program, const Case *c, gint64 message);
/* The questions about DOCUMENTS as a notice asks them (OutboxQuestion); borrowed from it. */
GArray *run_questions (const DocumentReading *documents);
bool run_command (Run *run, gint64 case_id, GError **error);
/* WORDS and the files of the message to the applicant of C; REFUSED (char *) gets who did not get
 * them. */
bool run_relay (Run *run, const Program *program, const Case *c, const char *words,
                GPtrArray *refused, GError **error);
bool run_staff (Run *run, GError **error);
/* Staff change the roster. */
bool run_roster (Run *run, const CommandReading *reading, GError **error);
/* A certificate, which COMMAND names, is retired for every organization it signs for. */
bool run_retire_signer (Run *run, const CommandReading *reading, const Command *command,
                        GError **error);
/* Somebody of the office is away, or back. */
bool run_away (Run *run, const CommandReading *reading, GError **error);
/* An answer to a notice about a held message; *WAS tells whether it was one. */
bool run_held (Run *run, bool *was, GError **error);
/* PARENT: the case in whose thread a form for a further case came, or 0. */
bool run_form (Run *run, const ProgramForm *form, const FormReading *reading, gint64 parent,
               GError **error);
/* Whether the complete FORM, which would open a case beside BESIDE, belongs to an open one of the
 * organization: then it went there, or was answered.  BESIDE gets its relatives. */
bool run_again (Run *run, const ProgramForm *form, GHashTable *values, Case *beside, bool *was,
                GError **error);
/* The open case of TYPE of the organization whose case HOME is, where there is one at a time; *ID
 * 0: there is none. */
bool run_open_one (Run *run, const char *type, gint64 home, gint64 *id, GError **error);
/* The open case that the sender's organization is known by; *ID 0: there is none, *WHY says so. */
bool run_home (Run *run, gint64 *id, const char **why, GError **error);
bool run_rule (Run *run, const ProgramTriageRule *rule, GError **error);
/* What the message probably is, or what RULE (or NULL) says it is: once, into run->sorting. */
bool run_sort (Run *run, const ProgramTriageRule *rule, GError **error);
/* What its writer says in the message's subject, folded: nothing, when that is the subject of a
 * mail of ours that they answer. */
const char *run_own_subject (const Run *run);
/* Its category, when that is sure; or NULL. */
const ProgramCategory *run_sorted (const Run *run);
/* The role that is told of mail of CATEGORY (may be NULL): its owner, when somebody is that, else
 * whoever is told of what nobody owns. */
const char *run_sorted_role (const Run *run, const ProgramCategory *category);
/* Send notice NAME to whoever looks after CATEGORY (may be NULL), and to the role that gets a copy;
 * not where somebody KNOWS (may be NULL) who has that role. */
bool run_tell_role (Run *run, OutboxNotice *notice, const char *name,
                    const ProgramCategory *category, const ProgramPerson *knows, GError **error);
/* The guesses as a notice tells of them (OutboxGuess); borrowed from RUN. */
GArray *run_guesses (const Run *run);
/* Somebody asks for a knowledge article; somebody says whether ARTICLE helped. */
bool run_topic (Run *run, const char *topic, GError **error);
bool run_article (Run *run, const ProgramArticle *article, bool helped, GError **error);
/* The article the message answers; *ARTICLE NULL: it answers none. */
bool run_article_of (Run *run, const ProgramArticle **article, GError **error);
/* Articles that fit the message, as a notice tells of them (OutboxArticle). */
GArray *run_articles (Run *run, GError **error);
/* The messages with WORDS go to the sender, a person of the office with roles of PROGRAM. */
bool run_search (Run *run, const Program *program, const char *words, GError **error);
/* The same without a case, when the sender may: the search among the commands of READING. */
bool run_search_alone (Run *run, const CommandReading *reading, GError **error);
/* Whether M may be such a request: then all that came before it has to be in the index. */
bool run_asks_search (const Message *m);
/* What came into C shortly before the message, which its author, one of the STAFF, had not seen; or
 * what the office's people had written to its author.  GArray of OutboxCrossed. */
GArray *run_crossed (Run *run, const Program *program, const Case *c, bool staff, GError **error);
/* The message of that name in the archive, read once more; *MESSAGE NULL: it cannot be read, or not
 * in a moment. */
bool run_read_again (const Office *office, const char *sha256, gint64 size, Message **message,
                     GError **error);
/* The first LIMIT characters that were new in a stored message, into *WORDS (g_free()), which stays
 * when nothing of it may be shown, or it cannot be read in a moment. */
bool run_words_of (Run *run, gint64 message, const char *sha256, gint64 size, int limit,
                   char **words, GError **error);
/* Who of the office is among CROSSED, and wrote to the applicant of C, is told that the sender did,
 * too, with WORDS. */
bool run_tell_crossed (Run *run, const Program *program, const Case *c, const GArray *crossed,
                       const char *words, GError **error);
/* Whoever holds the message's case is told to whom else a contact of it sent the message, if nobody
 * knows them there. */
bool run_outsiders (Run *run, GError **error);
/* Files of the message that could not be read, or not all their pages, are recorded; whoever holds
 * the case is told, if no notice says so anyway. */
bool run_unread (Run *run, GError **error);
/* *TOLD: a mail about this message went to somebody of the office, and its template includes PART
 * ("copied"). */
bool run_tells (Run *run, const Program *program, const char *part, bool *told, GError **error);
bool run_report (Run *run, GError **error);
/* Mail of a calendar is told to whoever holds the case it is about (run-invitation.c). */
bool run_invitation (Run *run, const Decision *decision, const TriageFacts *facts, GError **error);
/* ITEM did not arrive (run-undeliverable.c): go on with the next contact, tell whoever must know,
 * and where the address fails FOR_GOOD, stop writing there. */
bool run_undeliverable (Run *run, const OutboxItem *item, const char *reason, bool for_good,
                        GError **error);
/* The message is surely from its sender, a contact in CASES (gint64), so mail reaches them: if it
 * had failed for good, they are written to again, they get what still stands, and staff are
 * told. */
bool run_sender_works (Run *run, const GArray *cases, GError **error);
/* Whom CHANGES of C, which are saved, made a contact gets what reached nobody and still stands. */
bool run_contacts (Run *run, const Case *c, const GPtrArray *changes, GError **error);

/* From when on a case that is opened now counts. */
gint64 run_begins (const Run *run);
/* Open a case of TYPE with the message, beside case HOME of the sender's organization (0: the
 * sender is the organization); where there is one at a time and it is open, the message goes
 * there. */
bool run_open (Run *run, const char *type, gint64 home, gint64 *id, GError **error);
/* Case ID with the rules it runs by, which are borrowed, and what those ask about its
 * organization. */
Case *run_load (Run *run, gint64 id, const Program **program, GError **error);
/* Number FRESH (organization, definition and edition are set), give it those of its FIELDS (names,
 * ending with NULL) and let it begin, with its notices and all that this sets off; WORDS, what
 * somebody wrote about it, may be NULL.  The case as it then is. */
Case *run_begin (Run *run, const Program *program, Case *fresh, const char *const *fields,
                 const char *words, GError **error);
/* The case that CHANGE, an "open" of C (by the rules PROGRAM), asks for, as it is once it has
 * begun. */
Case *run_open_child (Run *run, const Program *program, const Case *c, const CaseChange *change,
                      GError **error);
/* What CHANGES of C, which are saved, set off in other cases: new ones, signals. */
bool run_spread (Run *run, const Program *program, const Case *c, const GPtrArray *changes,
                 GError **error);

/* Save CHANGES of C and send the notices among them, with NOTICE as what they may say. */
bool run_save (Run *run, const Case *c, const GPtrArray *changes, GError **error);
bool run_notices (Run *run, const Program *program, const Case *c, const GPtrArray *changes,
                  OutboxNotice *notice, GError **error);

/* What CHANGES of C, which are saved, say of other cases stands in the history of those, too. */
bool run_links (Run *run, const Case *c, const GPtrArray *changes, GError **error);

/* CHANGE of C, a CHANGE_PROPOSAL: what is proposed is told to whoever may make it happen, and who
 * proposed what lapses learns that (run-proposal.c). */
bool run_proposal (Run *run, const Program *program, const Case *c, const CaseChange *change,
                   GError **error);
/* What became of a proposal: "not done", "it counts no more", and a sentence why. */
typedef struct {
  const char *result, *outcome, *why;
} ProposalEnd;
/* BY, who proposed COMMANDS, of C or (NULL) of the roster, learns of END. */
bool run_proposal_ended (Run *run, const Program *program, const Case *c, const char *by,
                         char **commands, const ProposalEnd *end, GError **error);
/* COMMANDS, each with RESULT, as a notice shows them (OutboxLine); both must outlive it. */
GArray *run_proposal_lines (char **commands, const char *result);

/* CHANGES moved due dates of C because of WHAT ("calendar", "definition"): tell its people, if any
 * did. */
bool run_tell_moved (Run *run, const Program *program, const Case *c, const GPtrArray *changes,
                     const char *what, GError **error);

/* Rows of messages (message-store.c). */
typedef struct {
  gint64 id, received_at, size, case_id;
  char *sha256, *message_id, *author, *subject, *outcome, *reason, *rule;
} MessageRow;

void message_row_free (MessageRow *row);
MessageRow *message_row_by_sha256 (Store *store, const char *sha256, GError **error);
MessageRow *message_row_by_id (Store *store, gint64 id, GError **error);
/* The newest message with that Message-ID. */
MessageRow *message_row_by_message_id (Store *store, const char *message_id, GError **error);
/* A message a person would call the same; *ID 0 when there is none. */
bool message_row_like (Store *store, const char *likeness, gint64 *id, GError **error);
bool message_row_add (StoreTxn *txn, const EngineArrival *arrival, const Message *m,
                      const char *likeness, gint64 at, gint64 *id, GError **error);
bool message_row_set (StoreTxn *txn, gint64 id, const char *outcome, const char *reason,
                      const char *rule, gint64 case_id, GError **error);
/* What can be looked for in M: its own words and the names of its files.  g_free(). */
char *message_row_text (const Message *m);
bool message_row_index (StoreTxn *txn, gint64 id, const Message *m, GError **error);
/* Newest first, at most LIMIT, of a case or (0) of all. */
GPtrArray *message_rows (Store *store, gint64 case_id, int limit, GError **error);

bool placement_add (StoreTxn *txn, const EngineArrival *arrival, gint64 message,
                    MailboxTarget target, GError **error);
/* Whether the place is known; *TARGET as noted. */
bool placement_find (Store *store, const char *mailbox, guint32 uidvalidity, guint32 uid,
                     bool *known, MailboxTarget *target, GError **error);
bool placement_moved (StoreTxn *txn, const char *mailbox, guint32 uidvalidity, guint32 uid,
                      GError **error);
/* Whether a message of MAILBOX has not been noted as moved; all of them are. */
bool placement_any_to_move (Store *store, const char *mailbox, bool *any, GError **error);
bool placement_all_moved (StoreTxn *txn, const char *mailbox, GError **error);

typedef struct {
  gint64 id, message, case_id, at;
  char *reason, *author, *subject;
  char *category; /* what it surely is, or "" */
  char *item;     /* what one person sent that waits is dealt with at once: the category it came
                   * as, where others are told of that as well, or "" */
  char *settled_by; /* address of who dealt with it, or "" */
  gint64 due;   /* by when a person deals with it; 0: nobody promised */
  gint64 next;  /* when the office is told of it again; 0: never */
  bool quarantine; /* nothing of the message may be shown: SUBJECT reads empty */
} HeldRow;

void held_row_free (HeldRow *row);
/* What is recorded about the sender (OutboxOwn), and how many messages of theirs are KEPT. */
GArray *run_own_data (Run *run, guint *kept, GError **error);
/* COMMAND, "/split", of the sender opens a case with HELD: *OPENED, or not; *RESULT (g_free()) says
 * which, or why not (run-split.c). */
bool run_split_held (Run *run, const HeldRow *held, const Command *command, bool *opened,
                     char **result, GError **error);
/* The sender says that HELD is of CATEGORY; *WORDS becomes what it says, the caller's. */
bool run_sorted_by_hand (Run *run, const HeldRow *held, const ProgramCategory *category,
                         char **words, GError **error);
bool held_add (StoreTxn *txn, const HeldRow *held, GError **error);
HeldRow *held_by_id (Store *store, gint64 id, GError **error);
/* The next one the office is told of again, and when; G_MAXINT64: none. */
bool held_next (Store *store, gint64 *id, gint64 *at, GError **error);
bool held_told (StoreTxn *txn, gint64 id, gint64 next, GError **error);
/* What waits of MESSAGE is surely of CATEGORY. */
bool held_sorted (StoreTxn *txn, gint64 message, const char *category, GError **error);
/* It is due, and told again, at other times. */
bool held_moved (StoreTxn *txn, gint64 id, gint64 due, gint64 next, GError **error);
/* The held message that the notice with this Message-ID told about: NOTICE when it came, any other
 * later; or NULL. */
HeldRow *held_of_notice (Store *store, const char *message_id, const char *notice, GError **error);
/* What of AUTHOR waits as part of ITEM is dealt with by BY. */
bool held_settle (StoreTxn *txn, const char *author, const char *item, const char *by,
                  GError **error);
GPtrArray *held_waiting (Store *store, GError **error);
/* Whether MESSAGE was held, once, with the word that nothing of it may be shown. */
bool held_is_quarantined (Store *store, gint64 message, bool *is, GError **error);
/* Whether another message of AUTHOR than BUT waits as part of ITEM. */
bool held_has_author (Store *store, const char *author, gint64 but, const char *item, bool *has,
                      GError **error);

/* How often an article was sent, and what people said of it (run-knowledge.c). */
typedef struct {
  char *name;
  gint64 sent, yes, no;
} ArticleCount;

void article_count_free (gpointer count);
GPtrArray *article_counts (Store *store, GError **error);

/* Whom staff introduced as signing for an organization (signer-store.c). */
typedef struct {
  char *organization, *role, *fingerprint, *name, *by;
  gint64 at, message;        /* message: the one that introduced or retired them, or 0 */
  gint64 retired;            /* since when it does not count; 0: it does */
  gint64 organization_id;
  char *retired_by;
} SignerRow;

void signer_row_free (gpointer row);
GPtrArray *signer_rows (Store *store, GError **error);
/* The cases (gint64) of the organization that ROW signs for: where they were introduced first, then
 * open ones, the newest first. */
GArray *signer_cases (Store *store, const SignerRow *row, GError **error);

extern const char *const signer_sql[];
extern const char *const article_sql[];
extern const char *const message_sql[];
extern const char *const signed_sql[];
extern const char *const held_sql[];
extern const char *const own_data_sql[];
extern const char *const search_sql[];
extern const char *const crossing_sql[];
extern const char *const outsider_sql[];
/* What an input of our own does, in run->txn.  TROUBLE NULL: all of it; else without what failed
 * for that reason. */
typedef bool (*RunAttempt) (Run *run, const char *trouble, gpointer data, GError **error);
/* ATTEMPT in a transaction of its own, committed; where our own definition cannot deal with it
 * (QEC_ERROR_CONFIG, QEC_ERROR_INVALID) again without, so that nothing behind it waits.  KIND names
 * it in the log. */
bool run_attempt (Run *run, const char *kind, RunAttempt attempt, gpointer data, GError **error);

extern const char *const split_sql[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MessageRow, message_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeldRow, held_row_free)
