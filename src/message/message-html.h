/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the files that turn HTML into text: where the text stands while events come.
 */
#pragma once

#include <libxml/xmlstring.h>

#include "message/message-private.h"

typedef struct {
  GString *out;
  gsize max;
  guint breaks;        /* line ends owed before the next text */
  bool space;          /* a space owed before the next text */
  bool line_empty;     /* nothing on the line but its prefix */
  guint quote;         /* depth of blockquotes */
  guint hidden;        /* depth inside of what is not shown */
  guint pre;
  guint cells;         /* cells since the row began */
  GArray *lists;       /* guint: next number, 0 for a bullet */
  GPtrArray *hrefs;    /* of open links; NULL entries for anchors */
  GArray *link_starts; /* gsize: where the link's text began */
  GQueue hidden_tags;  /* char *: elements that opened a hidden part */
  GQueue margins;      /* block kinds of open <p>: 1 or 2 line ends */
} Html;

/* message-html-lines.c: N line ends before the next text, at least. */
void html_ask_breaks (Html *h, guint n);
/* <br>: one line end that counts, even after another. */
void html_line_break (Html *h);
void html_put (Html *h, const char *text, gsize n);
void html_put_string (Html *h, const char *text);
void html_put_collapsed (Html *h, const char *s, const char *end);
void html_put_preformatted (Html *h, const char *s, const char *end);
void html_trim_line_end (GString *out);

/* message-html-elements.c */
void html_open_element (Html *h, const char *name, const xmlChar **attributes);
void html_close_element (Html *h, const char *name);
/* WHAT is in lower case and without blanks. */
bool html_style_has (const xmlChar **attributes, const char *what);
