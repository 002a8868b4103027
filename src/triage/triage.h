/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a message is and which case it belongs to.
 *
 * The tests stand in one table, in order; each answers yes, no or does not apply, and the first yes
 * decides.  Every test and its verdict is kept in the trail, so that "why was this held?" has an
 * answer.  Triage reads no database: what it may need to know is handed in.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "case/case.h"
#include "identity/identity.h"
#include "message/message.h"
#include "triage/triage-form.h"

typedef enum {
  INTENT_IGNORE,      /* our own mail, or a machine's: recorded, never answered */
  INTENT_REPORT,      /* a delivery report about a mail of ours */
  INTENT_COMMAND,     /* staff in a case: words to relay, commands */
  INTENT_STAFF,       /* staff without a case */
  INTENT_SUBMISSION,  /* a contact in a case */
  INTENT_FORM,        /* a form that opens a case */
  INTENT_TOPIC,       /* somebody asks for a knowledge article */
  INTENT_ARTICLE,     /* somebody says whether an article answered the question */
  INTENT_RULE,        /* a rule of the definition says what to answer, whether to hold */
  INTENT_HOLD,        /* a person must look */
} TriageIntent;

/* What is known before the tests run. */
typedef struct {
  const Program *program;
  const Options *options;
  const Message *message;
  const Identity *identity;
  const char *mailbox;          /* name of the mailbox it came to */
  gint64 token_case;            /* case a token proves the sender was written to about; 0 */
  gint64 thread_case;           /* case of a message this one refers to; 0 */
  gint64 tag_case;              /* case whose number stands in the subject and exists; 0 */
  gint64 conversation_case;     /* case of the same conversation, as Exchange counts: no more
                                 * proof than a number; 0 */
  bool tag;                     /* some case number stands in the subject, whether it exists or
                                 * not */
  const GArray *member_cases;   /* gint64: open cases of the sender's organizations */
  const GArray *member_all;     /* gint64: all of them */
  gint64 at;                    /* the time the message counts as */
  const ProgramArticle *article; /* the message answers a mail with this one; or NULL */
  bool support;                 /* the mailbox is not the program's own */
} TriageFacts;

typedef struct {
  TriageIntent intent;
  const char *rule;             /* name of the test or rule that decided; lives as long as the
                                 * Program */
  gint64 case_id;               /* or 0 */
  const ProgramForm *form;      /* INTENT_FORM */
  FormReading *reading;         /* of it; owned */
  const ProgramTriageRule *data; /* INTENT_RULE */
  char *topic;                  /* INTENT_TOPIC: what is asked for, or ""; owned */
  bool helped;                  /* INTENT_ARTICLE: it did */
  bool several;                 /* INTENT_HOLD: its sender, whom we know, takes part in several
                                 * cases, and it may be about any */
  const ProgramTriageRule *beside; /* INTENT_SUBMISSION: what this rule says is done as well; or
                                    * NULL */
  bool quarantine;              /* nothing of the message may be quoted or passed on */
  const char *reason;           /* why a person must look; for staff */
  GPtrArray *trail;             /* char * */
} Decision;

Decision *triage_decide (const TriageFacts *facts);
void decision_free (Decision *decision);

/* "APP-2026-0001" out of a subject's [tag], for the program's prefixes; NULL when there is none. */
char *triage_subject_tag (const Program *program, const char *subject);

/* SUBJECT behind its "Re:" and "Fwd:"; borrowed from it. */
const char *triage_bare_subject (const char *subject);
/* What "help fees" in SUBJECT or alone in TEXT asks for: "fees"; "" for "help" alone; NULL when it
 * is no such request. */
char *triage_topic (const char *subject, const char *text);
/* The sender's own words: M's new text; where there is none, its subject, unless it is that of a
 * mail it answers or passes on.  g_free(). */
char *triage_words (const Message *m);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Decision, decision_free)
