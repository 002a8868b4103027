/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks over configuration text before libconfuse gets it.  libconfuse stops at
 * the first mistake, puts environment variables into strings, and forgets where
 * a section began.  So this pass finds every statement with its line, says every
 * mistake of form at once, and blanks out what has been refused: what is left is
 * plain enough that libconfuse and we read it alike.  The tokens it reads are from
 * conf-scan-token.c.
 */
#include "config/conf-private.h"

#include <string.h>

static void
statement_free (gpointer data)
{
  Statement *statement = data;

  g_free (statement->title);
  g_strfreev (statement->values);
  g_free (statement);
}

void
conf_scan_free (ConfScan *scan)
{
  g_string_free (scan->text, TRUE);
  g_ptr_array_unref (scan->statements);
  g_free (scan);
}

#define NAME(s, token) conf_token_name ((s), (token), (char[4]){ 0 })

static Statement *
add_statement (ConfScanner *s, StatementKind kind, const ConfOption *option, int line)
{
  Statement *statement = g_new0 (Statement, 1);

  statement->kind = kind;
  statement->option = option;
  statement->line = line;
  g_ptr_array_add (s->scan->statements, statement);
  if (s->scan->statements->len > CONF_MAX_STATEMENTS)
    conf_scan_stop (s, line,
                    "more than %d statements; put some into a file of their own and include it",
                    CONF_MAX_STATEMENTS);
  return statement;
}

/* The values of a list, after its opening brace. */
static bool
scan_list (ConfScanner *s, const char *name, guint *n)
{
  int line = s->start_line;
  ConfToken token = conf_scan_next (s);

  if (token == TOKEN_CLOSE)
    return true;
  for (;; token = conf_scan_next (s))
    {
      if (token != TOKEN_WORD && token != TOKEN_STRING)
        return conf_scan_stop (s, s->start_line,
                               "'%s' cannot stand in the list of '%s'; write { \"a\", \"b\" }",
                               NAME (s, token), name);
      (*n)++;
      token = conf_scan_next (s);
      if (token == TOKEN_CLOSE)
        return true;
      if (token == TOKEN_END)
        return conf_scan_stop (s, line, "the list of '%s' is not closed; write } after it", name);
      if (token != TOKEN_COMMA)
        return conf_scan_stop (
          s, s->start_line,
          "a comma is missing before '%s' in the list of '%s'; write { \"a\", \"b\" }",
          NAME (s, token), name);
    }
}

/* After `name =`. */
static bool
scan_value (ConfScanner *s, const char *name, guint *n, bool *braced)
{
  ConfToken token = conf_scan_next (s);

  *braced = token == TOKEN_OPEN;
  if (*braced)
    return scan_list (s, name, n);
  *n = 1;
  if (token == TOKEN_WORD || token == TOKEN_STRING)
    return true;
  return conf_scan_stop (s, s->start_line, "'%s' is no value for '%s'; write %s = \"...\"",
                         NAME (s, token), name, name);
}

static bool scan_block (ConfScanner *s, const ConfOption *schema, const char *name, int opened,
                        int depth, bool emit);

/* One statement as it is being read. */
typedef struct {
  const ConfOption *schema, *option; /* its row, or NULL */
  const char *name;
  gsize from;
  int line, depth;
  bool emit;
} Reading;

/* Say what is wrong with a statement of this shape; true when nothing is. */
static bool
fits (ConfScanner *s, const Reading *r, bool section, const char *title)
{
  const ConfOption *o = r->option;
  const char *instead = NULL;

  if (o == NULL)
    {
      g_autofree const char **names = conf_names (r->schema);
      g_autofree char *suggestion = conf_suggest (r->name, names);

      conf_mistake (s->mistakes, s->file, r->line, "unknown %s '%s'%s",
                    section ? "section" : "option", r->name, suggestion);
      return false;
    }
  if (!section && o->kind == CONF_SECTION)
    instead =
        o->titled ? "is a section; write %s \"NAME\" { ... }" : "is a section; write %s { ... }";
  else if (section && o->kind == CONF_LIST)
    instead = "is a list; write %s = { \"...\" }";
  else if (section && o->kind != CONF_SECTION)
    instead = "is an option; write %s = \"...\"";
  else if (section && o->titled && title == NULL)
    instead = "needs a name; write %s \"NAME\" { ... }";
  else if (section && o->titled && (*title == '\0' || strpbrk (title, "\\\n") != NULL))
    instead = "needs a name of one line without backslashes; write %s \"NAME\" { ... }";
  else if (section && !o->titled && title != NULL)
    instead = "has no name; write %s { ... }";
  if (instead == NULL)
    return true;

  g_auto (GStrv) parts = g_strsplit (instead, "%s", 2);

  conf_mistake (s->mistakes, s->file, r->line, "'%s' %s%s%s", r->name, parts[0], r->name, parts[1]);
  return false;
}

static bool
read_option (ConfScanner *s, const Reading *r)
{
  bool good = fits (s, r, false, NULL), braced = false;
  guint n = 0;

  if (!scan_value (s, r->name, &n, &braced))
    return false;
  if (!good || !r->emit)
    {
      conf_scan_blank (s, r->from, s->at);
      return true;
    }
  Statement *statement = add_statement (s, STATEMENT_OPTION, r->option, r->line);
  statement->n_values = n;
  statement->braced = braced;
  return !s->scan->broken;
}

/* To the brace that closes what was opened on LINE, whatever is between. */
static bool
skip_braces (ConfScanner *s, const char *name, int line)
{
  for (int open = 1; open > 0;)
    {
      ConfToken token = conf_scan_next (s);

      if (token == TOKEN_END)
        return conf_scan_stop (s, line, "section '%s' is not closed; write } at its end", name);
      if (token == TOKEN_BAD)
        return false;
      open += (token == TOKEN_OPEN) - (token == TOKEN_CLOSE);
    }
  return true;
}

static bool
read_section (ConfScanner *s, const Reading *r, char *title)
{
  g_autofree char *owned = title;
  bool good = fits (s, r, true, title);
  bool emit = good && r->emit;
  bool known = r->option != NULL && r->option->kind == CONF_SECTION;

  if (r->depth + 1 > CONF_MAX_DEPTH)
    return conf_scan_stop (s, r->line, "sections are nested more than %d deep; write fewer braces",
                           CONF_MAX_DEPTH);
  if (emit)
    add_statement (s, STATEMENT_BEGIN, r->option, r->line)->title = g_steal_pointer (&owned);
  if (s->scan->broken)
    return false;
  if (known ? !scan_block (s, r->option->section, r->name, r->line, r->depth + 1, emit)
            : !skip_braces (s, r->name, r->line))
    return false;
  if (emit)
    add_statement (s, STATEMENT_END, r->option, r->line);
  else
    conf_scan_blank (s, r->from, s->at);
  return !s->scan->broken;
}

static bool
read_include (ConfScanner *s, const Reading *r)
{
  g_autofree char *path = NULL;

  if (strcmp (r->name, "include") != 0)
    return conf_scan_stop (s, r->line, "'%s (' is nothing known; write %s = \"...\"", r->name,
                           r->name);
  if (conf_scan_next (s) == TOKEN_STRING)
    path = g_steal_pointer (&s->word);
  if (path == NULL || conf_scan_next (s) != TOKEN_THESIS)
    return conf_scan_stop (s, r->line, "an include names one file; write include(\"name.conf\")");
  conf_scan_blank (s, r->from, s->at);
  if (r->depth > 0)
    conf_mistake (s->mistakes, s->file, r->line,
                  "an include cannot stand inside a section; write it outside of all braces");
  else
    add_statement (s, STATEMENT_INCLUDE, NULL, r->line)->title = g_steal_pointer (&path);
  return !s->scan->broken;
}

static bool
is_name (const char *word)
{
  if (!g_ascii_isalpha (word[0]))
    return false;
  for (; *word != '\0'; word++)
    if (!g_ascii_isalnum (*word) && *word != '-' && *word != '_')
      return false;
  return true;
}

/* The rest of a statement whose first word was read. */
static bool
read_statement (ConfScanner *s, const Reading *r)
{
  ConfToken token = conf_scan_next (s);

  if (token == TOKEN_EQUALS)
    return read_option (s, r);
  if (token == TOKEN_PLUS)
    {
      conf_mistake (s->mistakes, s->file, r->line,
                    "'+=' adds to nothing; write %s = { ... } with all values", r->name);
      Reading refused = *r;
      refused.emit = false;
      return read_option (s, &refused);
    }
  if (token == TOKEN_PAREN)
    return read_include (s, r);
  if (token == TOKEN_OPEN)
    return read_section (s, r, NULL);
  if (token == TOKEN_WORD || token == TOKEN_STRING)
    {
      char *title = g_steal_pointer (&s->word);

      if (conf_scan_next (s) == TOKEN_OPEN)
        return read_section (s, r, title);
      g_free (title);
    }
  return conf_scan_stop (
    s, r->line, "'%s' is followed by neither '=' nor '{'; write %s = \"...\" or %s { ... }",
    r->name, r->name, r->name);
}

static bool
scan_block (ConfScanner *s, const ConfOption *schema, const char *name, int opened, int depth,
            bool emit)
{
  s->scan->depth = MAX (s->scan->depth, depth);
  for (;;)
    {
      ConfToken token = conf_scan_next (s);

      if (token == TOKEN_END)
        return depth == 0
               || conf_scan_stop (s, opened, "section '%s' is not closed; write } at its end",
                                  name);
      if (token == TOKEN_CLOSE)
        return depth > 0
               || conf_scan_stop (s, s->start_line, "there is nothing to close here; remove the }");
      if (token != TOKEN_WORD || !is_name (s->word))
        return conf_scan_stop (
          s, s->start_line, "'%s' cannot begin a statement; write name = \"...\" or name { ... }",
          NAME (s, token));

      g_autofree char *word = g_steal_pointer (&s->word);
      Reading r = { schema, conf_find (schema, word), word, s->start, s->start_line, depth, emit };

      if (!read_statement (s, &r))
        return false;
    }
}

ConfScan *
conf_scan (const char *file, const char *bytes, gsize size, const ConfOption *schema,
           GPtrArray *mistakes)
{
  ConfScan *scan = g_new0 (ConfScan, 1);

  scan->text = g_string_new_len (bytes, MIN (size, CONF_MAX_BYTES));
  scan->statements = g_ptr_array_new_with_free_func (statement_free);
  if (g_str_has_prefix (scan->text->str, "\xef\xbb\xbf"))
    memset (scan->text->str, ' ', 3); /* a byte order mark */

  ConfScanner s = { .file = file, .line = 1, .scan = scan, .mistakes = mistakes };

  if (size > CONF_MAX_BYTES)
    conf_scan_stop (&s, 0, "the file is too long; write at most %d bytes", CONF_MAX_BYTES);
  else
    {
      conf_scan_make_text (file, scan->text, mistakes);
      g_string_append_c (scan->text, '\n');
      s.text = scan->text->str;
      s.size = scan->text->len;
      scan_block (&s, schema, "", 0, 0, true);
    }
  g_free (s.word);
  return scan;
}
