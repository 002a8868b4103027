/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Notices: one Markdown template gives the subject, the text part and the HTML part.
 *
 * A template is a file NAME.md: a header line ("Subject: ..."; nothing else is known), an empty
 * line, then Markdown with template-glib expressions: {{field}}, {{if field}} {{else if field}}
 * {{else}} {{end}}, {{for row in list}}{{row.field}}{{end}}, and {{include "parts/NAME.md"}}.  An
 * expression is made of names, "texts", ! && || == != and parentheses.  A tag alone on its line
 * leaves no line behind; a value cannot stand between backquotes.  The subject is the one heading
 * of level 1 in HTML; the body has its headings from "##".  LANG/NAME.md is the same notice in
 * another language (a folder with the BCP 47 primary tag as its name, "es/receipt.md"); without it
 * NAME.md serves.  Files in parts/ are pieces to include, not notices; a notice in LANG includes
 * from LANG/parts/ only, so that no mail mixes languages.
 *
 * LANG/words.po (words.po for the set's own language) says in that language what the program and
 * its definition say in theirs: titles, labels, sentences.
 *
 * Values are text from outside: they are escaped for Markdown when they go in, so that nobody's
 * organization name becomes a heading, a link or HTML, and they hold no line break unless set
 * with template_fields_set_block().  Control characters become spaces, and characters that turn
 * the direction of writing are taken away.
 *
 * In {{if}} the empty text and the empty list are false.  What {{if field == "x"}} compares is the
 * escaped value: compare words ("law", "program target"), not punctuation.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "base/words.h"

/* What a template may name: text values, and lists of rows with fields of their own.  In rows a
 * name is a text everywhere or a list everywhere. */
typedef struct TemplateFields TemplateFields;

typedef struct TemplateSet TemplateSet;

TemplateFields *template_fields_new (void);
/* Fields that keep only what the notice NAME in LANG (NULL: the default) can ask for: what it does
 * not name costs next to nothing.  They keep all when there is no such notice. */
TemplateFields *template_fields_new_for (const TemplateSet *set, const char *name,
                                         const char *lang);
void template_fields_free (TemplateFields *fields);
/* NULL is stored as "" (which is false in {{if}}).  Names are letters, digits and '_'. */
void template_fields_set (TemplateFields *fields, const char *name, const char *value);
/* Text of several lines: kept as separate lines (a hard break each; empty lines part paragraphs).
 * To be alone on its line in the template, where it may be quoted or in a list. */
void template_fields_set_block (TemplateFields *fields, const char *name, const char *value);
/* Several lines to be shown exactly: fixed-width in HTML, unwrapped in text (forms to fill in). */
void template_fields_set_literal (TemplateFields *fields, const char *name, const char *value);
/* A new row at the end of list NAME, which is made when it is not there; borrowed. */
TemplateFields *template_fields_add_row (TemplateFields *fields, const char *name);
/* An empty list, so that {{for}} over it is no error.  False: nobody can ask for its rows. */
bool template_fields_set_list (TemplateFields *fields, const char *name);

typedef struct {
  char *subject; /* one line */
  char *text;    /* plain text, at most 72 columns except literals and long words; LF line ends */
  char *html;    /* a whole accessible HTML document (WCAG 2.2 AA; light and dark) */
} TemplateMail;

void template_mail_clear (TemplateMail *mail);

/* Every *.md and words.po below DIR; a notice's name is its path without the ending
 * ("registration-form").  LANG is the language of a template that names none (NULL: English).  A
 * template that cannot be understood is refused with file and line (QEC_ERROR_CONFIG). */
TemplateSet *template_set_read (const char *dir, const char *lang, GError **error);
/* The same from memory: a NULL-terminated array of names ("x.md", "es/x.md") and one of texts. */
TemplateSet *template_set_new (const char *const *names, const char *const *texts, const char *lang,
                               GError **error);
/* Compile all of them now, which otherwise happens to each at its first use. */
bool template_set_prove (const TemplateSet *set, GError **error);
void template_set_free (TemplateSet *set);
/* NAME is a notice, without language or ending. */
bool template_set_has (const TemplateSet *set, const char *name);
/* The text of NAME as it was written, without language; NULL when there is none.  Borrowed. */
const char *template_set_source (const TemplateSet *set, const char *name);
/* Borrowed, sorted, without languages, NULL at the end. */
const char *const *template_set_names (const TemplateSet *set);

/* The languages besides its own that the set has a notice in, sorted; g_strfreev(). */
char **template_set_languages (const TemplateSet *set);
/* The language NAME is rendered in for somebody who reads LANG (NULL: the default).  Borrowed. */
const char *template_set_language (const TemplateSet *set, const char *name, const char *lang);

/* What is said in LANG (NULL: the default); NULL: the set has no catalogue for it.  Borrowed. */
const Words *template_set_words (const TemplateSet *set, const char *lang);

/* A word a template may use: NAME is "organization", or "elements.title" for a field of a list's
 * rows. */
typedef struct {
  const char *name;
  bool list;
  const char *help;
} TemplateWord;

/* Where the set names something that is not among KNOWN (ends with { NULL }). */
typedef struct {
  char *file;           /* "receipt.md", below the folder of the templates */
  int line;
  char *name;           /* as it should stand in KNOWN */
  bool list;            /* it does, but as a list (or as none), so that it cannot be used there */
} TemplateUnknown;

GPtrArray *template_unknown_words (const TemplateSet *set,
                                   const TemplateWord *known); /* TemplateUnknown */
/* All names in FIELDS and the first rows of its lists, "elements.title", sorted; NULL at the end,
 * g_strfreev(). */
char **template_fields_names (const TemplateFields *fields);

/* Render NAME in LANG (NULL: the default).  A name the fields do not hold is an error that names
 * it and the template (QEC_ERROR_CONFIG).  *MAIL is to be cleared by the caller; untouched on
 * failure. */
bool template_render (const TemplateSet *set, const char *name, const char *lang,
                      const TemplateFields *fields, TemplateMail *mail, GError **error);

/* A calendar entry (RFC 5545) for a date that matters: METHOD:PUBLISH, a VEVENT that ends at DUE
 * with reminders (VALARM) ALARMS_DAYS before (0-terminated; NULL: none).  UID is stable, so that a
 * new SEQUENCE moves the entry in people's calendars.  CANCELLED takes it away (METHOD:CANCEL).
 * CRLF line ends, folded at 75 octets.  Free with g_free(). */
char *template_ics (const char *uid, int sequence, gint64 now, gint64 due, const char *summary,
                    const char *description, const int *alarms_days, bool cancelled);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TemplateFields, template_fields_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TemplateSet, template_set_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TemplateMail, template_mail_clear)
