/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to template/: the steps from sources to templates, and from fields to Markdown to text
 * and HTML.
 */
#pragma once

#include "template/template.h"

#include <cmark-gfm.h>
#include <gio/gio.h>
#include <tmpl-glib.h>

#define TEMPLATE_COLUMNS 72

/* Goes before every name given to template-glib, for which "version", "log" and others are words
 * of its own. */
#define NAME_PREFIX "f_"

/* Marks inside a value; cannot come from outside, where control characters are taken away. */
#define MARK_LINE    '\x1e' /* a line ends here */
#define MARK_LITERAL '\x1d' /* what follows, up to the next of these, is to be shown exactly */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cmark_node, cmark_node_free)

typedef enum {
  TAG_IF,
  TAG_ELSE_IF,
  TAG_ELSE,
  TAG_FOR,
  TAG_END,
  TAG_INCLUDE,
  TAG_VALUE
} TemplateTagKind;

typedef struct {
  TemplateTagKind kind;
  const char *start, *end; /* "{{" and behind "}}" */
  char *expr;              /* what it evaluates: of {{if x}} it is "x" */
} TemplateTag;

void template_tag_clear (TemplateTag *tag);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TemplateTag, template_tag_clear)

/* The next tag at or behind P; false when there is none.  *OPEN is a "{{" without "}}". */
bool template_tag_next (const char *p, TemplateTag *tag, const char **open);
/* TAG as template-glib is to read it. */
void template_tag_append (GString *out, const TemplateTag *tag);
/* Into NAMES what the expression of TAG names, each part of "r.b" alone; and words that are no
 * names. */
void template_tag_names (const TemplateTag *tag, GHashTable *names);
/* "a && r.b == \"x\"" with NAME_PREFIX before each name. */
char *template_prefixed (const char *expr);

/* False, with the place AT in TEXT of FILE and what is wrong there as ERROR. */
bool template_refuse (GError **error, const char *file, const char *text, const char *at,
                      const char *format, ...) G_GNUC_PRINTF (5, 6);
/* Whether each tag of TEXT can be understood. */
bool template_check (const char *file, const char *text, GError **error);

typedef struct {
  char *lang;
  char *file;            /* "es/receipt.md" */
  char *subject_source;
  const char *source;    /* of the body; the set's */
  TmplTemplate *subject; /* NULL, as the next two, until template_notice_compile */
  TmplTemplate *body;
  GHashTable *names;     /* set of all that it and what it includes name, in any branch */
} TemplateNotice;

/* "es/receipt.md" -> text, parts too. */
GHashTable *template_set_sources (const TemplateSet *set);
/* The line of TEXT that AT is in. */
int template_line_of (const char *text, const char *at);

/* How long the name of the language's folder is in front of FILE ("es/receipt.md": 3), or 0. */
gsize template_language_folder (const char *file);
/* Where FILE "parts/x.md" lies in LANG: "es/parts/x.md". */
char *template_file_in (const TemplateSet *set, const char *file, const char *lang);
/* Whether all that TEXT of FILE includes is there in LANG.  LOOKED: what was looked into for other
 * texts, empty at first. */
bool template_includes (const TemplateSet *set, const char *file, const char *text,
                        const char *lang, GHashTable *looked, GError **error);
/* TEXT of FILE with what it includes, ready to be filled in; what it names is added to NAMES. */
TmplTemplate *template_compile (const TemplateSet *set, const char *file, const char *text,
                                const char *lang, GHashTable *names, GError **error);
/* Both templates of NOTICE, when it is used for the first time: a program needs few of them in its
 * life. */
bool template_notice_compile (const TemplateSet *set, TemplateNotice *notice, GError **error);
/* The notice NAME in LANG, or in the language it is always there in; NULL when there is none. */
TemplateNotice *template_set_find (const TemplateSet *set, const char *name, const char *lang);

/* A scope in which a template finds FIELDS, which it borrows. */
TmplScope *template_fields_scope (const TemplateFields *fields);
/* A name that a row was asked for since the last call and that it does not hold, or NULL. */
const char *template_fields_take_missing (const TemplateFields *fields);

/* Valid UTF-8 without controls that could move the cursor or turn the direction of writing; LINES
 * keeps line ends (as LF), tabs and all kinds of blanks. */
char *template_clean (const char *text, bool lines);

/* Markdown as template-glib left it, with the marks above -> Markdown. */
char *template_lines (const char *expanded);
/* Markdown -> a document without HTML and images. */
cmark_node *template_parse (const char *markdown);
/* The value escaped for Markdown, back as it was and on one line, for a subject. */
char *template_unescape (const char *expanded);

char *template_text (cmark_node *document);
char *template_html (cmark_node *document, const char *lang, const char *title);
