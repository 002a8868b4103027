/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How configuration text becomes a tree, in three steps a file:
 *
 *   conf-scan.c   bytes           -> statements with their lines, text made safe to parse,
 *                                    from the tokens of conf-scan-token.c
 *   conf-parse.c  that text       -> the statements' values, by libconfuse
 *   conf-read.c   statements      -> nodes; follows includes, checks values
 */
#pragma once

#include "config/conf.h"

/* Limits on what is read; each is said in the message that refuses. */
#define CONF_MAX_BYTES      (1024 * 1024) /* one file */
#define CONF_MAX_FILES      64
#define CONF_MAX_DEPTH      8             /* of sections, and of includes */
#define CONF_MAX_STATEMENTS 20000         /* one file */
#define CONF_MAX_STRING     16384

typedef enum { STATEMENT_OPTION, STATEMENT_BEGIN, STATEMENT_END, STATEMENT_INCLUDE } StatementKind;

typedef struct {
  StatementKind kind;
  const ConfOption *option; /* its row; NULL for an include */
  int line;
  char *title;              /* of a section; the path of an include */
  guint n_values;           /* as written, for an option */
  bool braced;
  char **values;            /* filled in by conf_parse_values() */
} Statement;

typedef struct {
  GString *text;          /* what libconfuse gets: as many lines, nothing in it that it would
                           * refuse */
  GPtrArray *statements;  /* Statement, in order; BEGIN and END pair up unless BROKEN */
  int depth;              /* deepest section */
  bool broken;            /* a mistake after which nothing more can be known */
} ConfScan;

ConfScan *conf_scan (const char *file, const char *bytes, gsize size, const ConfOption *schema,
                     GPtrArray *mistakes);
void conf_scan_free (ConfScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConfScan, conf_scan_free)

typedef enum {
  TOKEN_END,
  TOKEN_WORD,
  TOKEN_STRING,
  TOKEN_OPEN = '{',
  TOKEN_CLOSE = '}',
  TOKEN_PAREN = '(',
  TOKEN_THESIS = ')',
  TOKEN_EQUALS = '=',
  TOKEN_COMMA = ',',
  TOKEN_PLUS = '+',
  TOKEN_BAD = 256,
} ConfToken;

typedef struct {
  const char *file;
  char *text; /* of scan->text, changed in place */
  gsize size, at;
  int line;
  gsize start;    /* of the last token, */
  int start_line; /* its line, */
  char *word;     /* and its text, when a word or string: owned */
  ConfScan *scan;
  GPtrArray *mistakes;
} ConfScanner;

/* A mistake after which the rest of the file cannot be understood.  False, always. */
bool conf_scan_stop (ConfScanner *s, int line, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* Spaces for what is neither text nor layout, saying each line once. */
void conf_scan_make_text (const char *file, GString *text, GPtrArray *mistakes);
/* Spaces from FROM to TO, so that libconfuse does not see what was there. */
void conf_scan_blank (ConfScanner *s, gsize from, gsize to);
ConfToken conf_scan_next (ConfScanner *s);
/* The last TOKEN as a person would write it; BUFFER may hold it. */
const char *conf_token_name (const ConfScanner *s, ConfToken token, char buffer[4]);

/* Fill in the values of SCAN's statements.  False, with a mistake said, when libconfuse does
 * not agree with the scan. */
bool conf_parse_values (const char *file, ConfScan *scan, const ConfOption *schema,
                        GPtrArray *mistakes);

typedef struct {
  int line;       /* 0: not written, the default */
  char **texts;   /* NULL: neither written nor defaulted */
  gint64 number;  /* of an integer or a boolean */
} ConfValue;

struct ConfNode {
  const ConfOption *schema;
  char *title;          /* or NULL */
  const char *file;     /* owned by the Conf */
  int line;
  ConfValue *values;    /* one a row of the schema */
  GPtrArray **sections; /* one a row: ConfNode, or NULL */
};

struct Conf {
  ConfNode *root;
  GPtrArray *files;     /* char *, ends with NULL once read */
  GPtrArray *bytes;     /* GBytes */
};

ConfNode *conf_node_new (const ConfOption *schema, const char *title, const char *file, int line);
void conf_node_free (ConfNode *node);

const ConfOption *conf_find (const ConfOption *schema, const char *name);
guint conf_n_rows (const ConfOption *schema);
/* Borrowed names in a NULL-terminated array of our own: free with g_free(). */
const char **conf_names (const ConfOption *schema);
