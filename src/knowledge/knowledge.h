/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Knowledge: which articles of the definition fit what somebody wrote.
 *
 * Two questions.  Somebody asks for a topic ("help fees"): the article of that name, else the one
 * that a phrase of its own names, else, when there is neither, the best by full text (BM25 over
 * title, phrases and text).  Somebody writes in any words: only articles one of whose phrases
 * stands in the text, so that nobody is sent what merely shares common words.
 *
 * The answers depend on the definition alone, never on what was asked before.
 */
#pragma once

#include <glib.h>

#include "program/program.h"
#include "template/template.h"

typedef struct Knowledge Knowledge;

typedef struct {
  const ProgramArticle *article;
  const char *why;   /* the phrase that was found, "its name", or "full text"; lives as long as
                      * the Program */
} KnowledgeFit;

/* An index over PROGRAM's articles and their texts in TEMPLATES; both must outlive it. */
Knowledge *knowledge_new (const Program *program, const TemplateSet *templates, GError **error);
void knowledge_free (Knowledge *knowledge);

/* The articles for a topic somebody asked for, best first, at most LIMIT; none when no word of it
 * is known.  A GArray of KnowledgeFit; free with g_array_unref(). */
GArray *knowledge_about (Knowledge *knowledge, const char *topic, guint limit, GError **error);
/* The articles that fit a message, its SUBJECT and TEXT as words (fold_words()), best first, at
 * most LIMIT; often none. */
GArray *knowledge_fitting (Knowledge *knowledge, const char *subject, const char *text,
                           guint limit);

extern const char *const knowledge_sql[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Knowledge, knowledge_free)
