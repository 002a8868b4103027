/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Configuration text: sections and options read with libconfuse against a
 * schema table, as a tree that knows file and line of everything in it.
 *
 *   section "title" { option = value  list = {a, b}  sub "t" { ... } }
 *   include("other.conf")                     -- relative to the including file
 *
 * Both the administrator's qecp.conf and the program definition in rules/ are
 * read this way.  Every mistake is reported at once, one line each, as
 * "FILE:LINE: what is wrong; what to write instead".
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum { CONF_STRING, CONF_INT, CONF_BOOL, CONF_LIST, CONF_SECTION } ConfKind;

/* One row an option or a section; a table ends with { NULL }. */
typedef struct ConfOption ConfOption;
struct ConfOption {
  const char *name;
  ConfKind kind;
  const char *fallback;       /* text of the default, "a|b" for a list; NULL: none */
  gint64 min, max;            /* for CONF_INT, when max > min */
  bool required;
  bool secret;                /* never printed; the value is a path to a file, not the secret */
  const ConfOption *section;  /* for CONF_SECTION: its own table (may be itself, for nesting) */
  bool titled;                /* for CONF_SECTION: `name "title" { ... }`, any number, titles
                               * unique */
  bool repeats;               /* titles may repeat, in an order that counts */
  const char *help;           /* one sentence, shown by `show options` and the manual page */
  const char *words;          /* for CONF_STRING / CONF_LIST: "a|b|c", the only values allowed */
};

typedef struct Conf Conf;          /* the whole tree; owns everything below */
typedef struct ConfNode ConfNode;  /* a section; borrowed from its Conf */

/* Read FILE (or TEXT under the name NAME, without includes) against SCHEMA.
 * Every mistake is in the error's message, a line each (QEC_ERROR_CONFIG); a file
 * that cannot be read is too.  An included file lies in the folder of the file that
 * names it, or below.  SCHEMA must outlive the tree. */
Conf *conf_read (const char *file, const ConfOption *schema, GError **error);
Conf *conf_parse (const char *name, const char *text, const ConfOption *schema, GError **error);
/* The same from memory: NAMES[0] is read, and may include the others by name.  NAMES ends
 * with NULL; TEXTS has as many. */
Conf *conf_read_files (const char *const *names, GBytes *const *texts, const ConfOption *schema,
                       GError **error);
void conf_free (Conf *conf);
const ConfNode *conf_root (const Conf *conf);

const char *conf_title (const ConfNode *node);
const char *conf_file (const ConfNode *node);
int conf_line (const ConfNode *node);                            /* of the section's opening */
int conf_option_line (const ConfNode *node,
                      const char *option); /* of the option, or of the section */
bool conf_is_set (const ConfNode *node,
                  const char *option); /* written in the file, not a default */

/* Values; the names must be in the schema with that kind (else a programming error).
 * Text is valid UTF-8 (checked at reading); NULL when neither set nor defaulted. */
const char *conf_string (const ConfNode *node, const char *option);
gint64 conf_int (const ConfNode *node, const char *option);
bool conf_bool (const ConfNode *node, const char *option);
const char *const *conf_list (const ConfNode *node,
                              const char *option); /* NULL-terminated, never NULL */

/* The sections called NAME in file order; index past the end gives NULL. */
const ConfNode *conf_section (const ConfNode *node, const char *name, guint index);
guint conf_n_sections (const ConfNode *node, const char *name);

/* Files that were read, in order (for hashing a definition).  Borrowed, NULL-terminated. */
const char *const *conf_files (const Conf *conf);
/* What was in the INDEX-th of them when it was read.  Borrowed. */
GBytes *conf_file_bytes (const Conf *conf, guint index);

/* The schema as help for people: a line or two per option, nested.  Free with g_free(). */
char *conf_describe (const ConfOption *schema);

/* What differs between two trees of one schema, in the order of the later one; sections are matched
 * by name and title. */
typedef enum { CONF_NEW, CONF_GONE, CONF_CHANGED, CONF_ORDER } ConfChange;
typedef struct {
  ConfChange change;
  char *where;          /* the section, from outside to inside: "case-type \"a\", state \"b\"" */
  const char *option;   /* changed: its name; order: the sections that are in another one;
                         * borrowed from the schema */
  ConfKind kind;        /* of the option */
  char **before, **after; /* its values, defaults included; empty when it has none */
  char *file;           /* where it stands: in the earlier tree when it is gone */
  int line;
} ConfDifference;

void conf_difference_free (gpointer difference);
GPtrArray *conf_diff (const ConfNode *before, const ConfNode *after); /* ConfDifference */
/* For people: "state \"b\", timer \"t\": after is now \"90 days\", was \"180 days\"".  Free with
 * g_free(). */
char *conf_difference_text (const ConfDifference *difference);

/* For those who read the values on: mistakes are collected and shown at once.  MISTAKES holds
 * char *, "FILE:LINE: ..."; LINE 0 leaves the line out. */
void conf_mistake (GPtrArray *mistakes, const char *file, int line, const char *format, ...)
  G_GNUC_PRINTF (4, 5);
/* True when there are none; else ERROR (QEC_ERROR_CONFIG) holds them all, up to a limit. */
bool conf_no_mistakes (const GPtrArray *mistakes, GError **error);

/* "; did you mean 'title'?" or "; write one of a, b, c" for an unknown WORD.  Free with
 * g_free(). */
char *conf_suggest (const char *word, const char *const *known);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Conf, conf_free)
