/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The part of the program definition by which mail is told apart: numbers that must not come,
 * rules, topics, languages and kinds.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "program/program-place.h"

/* A number that must not come by mail. */
typedef struct {
  char *name, *title;
  char *pattern;        /* places: 9 1 A X - ? (triage/triage-identifier.c) */
  char *letters;        /* that 'A' and 'X' may be, capitals */
  char **near;          /* words, one of which must stand beside it; empty: none needs to */
  char **names;         /* that may stand right before it */
  char **digests;       /* words right before a digest that looks like one */
  char **impossible;    /* what nobody has: X any character, others themselves */
  char **samples;       /* published examples, in capitals, without separators: they mean nobody */
  ProgramPlace place;
} ProgramIdentifier;

typedef struct {
  char *name;
  char *mailbox;        /* only mail that came to this mailbox, or NULL */
  char *from;           /* "stranger", "member", "staff" or NULL */
  char **identifiers;   /* only mail in which one of these stands; nothing of it is passed on */
  char **subject, **words; /* phrases, casefolded; any of them, in the subject / in subject or
                            * new text */
  char **alone;         /* phrases, casefolded: one of them is all that the message says,
                         * wherever it was sent */
  char *answer;         /* notice to the sender, or NULL */
  bool own_data;        /* which tells what is recorded about the sender */
  char *category;       /* what a message that it fits is, or NULL */
  char *open;           /* case type that is opened when a contact of an organization writes, or
                         * NULL */
  char *open_stranger;  /* the same for anybody else: the person is the organization */
  bool hold;            /* and leave it for a person */
  bool beside_case;     /* all this also for what a contact writes in a case, which takes it none
                         * the less */
  char *reason;         /* why it is held */
  ProgramPlace place;
} ProgramTriageRule;    /* in order; the first that matches decides */

typedef struct {
  char *name;           /* its text is the template "knowledge/NAME" */
  char *title;
  char **words;         /* phrases by which people name the topic */
  char *owner;          /* role that keeps it up to date */
  char *review_by;      /* date "YYYY-MM-DD" by which the owner looks at it again */
  char **sources;       /* where its facts stand */
  ProgramPlace place;
} ProgramArticle;

/* A language that people may write in. */
typedef struct {
  char *tag;            /* "es" */
  char *title;          /* what the office calls it */
  char **names;         /* what else people call it: "Español" */
  char **words;         /* everyday words by which it is told from the others, each as of
                         * fold_words() */
  ProgramPlace place;
} ProgramLanguage;

/* A kind of mail, as people of the office sort it. */
typedef struct {
  char *name;
  char *title;          /* for people: "a change notice" */
  char *owner;          /* role that gets what is sorted so, or NULL */
  char *copy;           /* role that gets it, too, or NULL */
  char **words;         /* phrases that speak for it */
  bool ends;            /* nobody needs to answer it */
  bool rights;          /* what a person answers says where else one can complain */
  ProgramPlace place;
} ProgramCategory;

/* How sure the office is of what a message is: a phrase of one word that stands in it counts PHRASE
 * points, likeness to mail that people sorted its own; the best counts when it has LEAST points and
 * MARGIN times as many as the next. */
typedef struct {
  guint phrase, least, margin;
} ProgramSorting;
