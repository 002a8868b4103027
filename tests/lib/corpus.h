/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the files of read-corpus: each counts what agrees in one corpus and reports a figure a
 * line.
 */
#pragma once

#include "message/message-private.h"

/* TABLE: figures as a table instead of TAP.  ROWS: show what corpus_row() is told. */
void corpus_begin (bool table, bool rows);
/* One TAP line: GOOD of ALL agree, and at least FLOOR per cent must. */
void corpus_result (guint floor, const char *what, guint good, guint all);
/* The same, and how many of them are files that were not looked at while the rules were made. */
void corpus_result_held (guint floor, const char *what, guint good, guint all, guint good_held,
                         guint all_held);
/* Something that does not agree, for who wants to know: shown with --rows. */
void corpus_row (const char *format, ...) G_GNUC_PRINTF (1, 2);
void corpus_finish (void);

/* Whether a file is held back: a third of them, by the hash of its name. */
bool corpus_is_held (const char *name);
/* Paths of the files in FOLDER that end in SUFFIX, by name; the caller's. */
GPtrArray *corpus_files (const char *folder, const char *suffix);
/* NULL (and said why) when the reader has no answer. */
Message *corpus_read (Reader *reader, const char *file);
/* FILE as the only part of a mail, of TYPE. */
Message *corpus_read_attached (Reader *reader, const char *type, const char *file);

void corpus_bounces (Reader *reader, const char *corpora);
void corpus_replies (const char *corpora);
void corpus_documents (Reader *reader, const char *corpora);
void corpus_tnef (Reader *reader, const char *corpora);
