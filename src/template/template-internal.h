/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to template/: the steps from fields to Markdown to text and HTML.
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
