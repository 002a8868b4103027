/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks over configuration text before libconfuse gets it.  libconfuse stops at
 * the first mistake, puts environment variables into strings, and forgets where
 * a section began.  So this pass finds every statement with its line, says every
 * mistake of form at once, and blanks out what has been refused: what is left is
 * plain enough that libconfuse and we read it alike.
 */
#include "config/conf-private.h"

#include <string.h>

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
} Token;

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
} Scanner;

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

/* A mistake after which the rest of the file cannot be understood. */
static bool G_GNUC_PRINTF (3, 4) stop (Scanner *s, int line, const char *format, ...)
{
  va_list args;

  if (!s->scan->broken)
    {
      va_start (args, format);
      g_autofree char *text = g_strdup_vprintf (format, args);
      va_end (args);
      conf_mistake (s->mistakes, s->file, line, "%s", text);
    }
  s->scan->broken = true;
  return false;
}

/* --- bytes ----------------------------------------------------------------- */

/* Spaces for what is neither text nor layout, saying each line once. */
static void
make_text (const char *file, GString *text, GPtrArray *mistakes)
{
  int line = 1, said = 0;

  for (gsize i = 0; i < text->len;)
    {
      unsigned char c = text->str[i];
      gunichar u = g_utf8_get_char_validated (text->str + i, text->len - i);
      bool bad_utf8 = c == 0 || (gint32) u < 0;
      bool return_ = c == '\r' && text->str[i + 1] == '\n';
      bool control = !bad_utf8 && !return_ && g_unichar_iscntrl (u) && c != '\n' && c != '\t';

      if ((bad_utf8 || control) && said != line)
        conf_mistake (mistakes, file, said = line,
                      bad_utf8 ? "this line is not UTF-8 text; save the file as UTF-8"
                               : "a control character (0x%02x); remove it",
                      c);
      gsize width = bad_utf8 ? 1 : g_utf8_skip[c];
      if (bad_utf8 || control || return_)
        memset (text->str + i, ' ', width);
      line += c == '\n';
      i += width;
    }
}

static void
blank (Scanner *s, gsize from, gsize to)
{
  for (gsize i = from; i < to; i++)
    if (s->text[i] != '\n')
      s->text[i] = ' ';
}

/* --- tokens ---------------------------------------------------------------- */

static bool
starts (const Scanner *s, const char *what)
{
  return s->at + strlen (what) <= s->size && strncmp (s->text + s->at, what, strlen (what)) == 0;
}

static bool
skip_comment (Scanner *s)
{
  gsize from = s->at;

  if (starts (s, "/*"))
    {
      int line = s->line;

      for (s->at += 2; s->at < s->size && !starts (s, "*/"); s->at++)
        s->line += s->text[s->at] == '\n';
      if (s->at >= s->size)
        return stop (s, line, "this comment does not end; write */ after it");
      s->at += 2;
    }
  else
    while (s->at < s->size && s->text[s->at] != '\n')
      s->at++;
  blank (s, from, s->at);
  return true;
}

static bool
skip_space (Scanner *s)
{
  while (s->at < s->size)
    {
      char c = s->text[s->at];

      if (c == '#' || starts (s, "//") || starts (s, "/*"))
        {
          if (!skip_comment (s))
            return false;
          continue;
        }
      if (c != ' ' && c != '\t' && c != '\n')
        break;
      s->line += c == '\n';
      s->at++;
    }
  return true;
}

/* After a backslash: what may follow it. */
static void
check_escape (Scanner *s, char quote)
{
  char c = s->at + 1 < s->size ? s->text[s->at + 1] : '\0';

  if (quote == '\'' || c == '\0' || strchr ("\"\\nt$\n", c) != NULL)
    return;
  conf_mistake (s->mistakes, s->file, s->line,
                "a backslash before '%c' means nothing here; write \\\\ for a backslash",
                g_ascii_isprint (c) ? c : '?');
  s->text[s->at] = ' ';
}

static void
check_dollar (Scanner *s)
{
  if (!starts (s, "${"))
    return;
  conf_mistake (s->mistakes, s->file, s->line,
                "'${' would be replaced from the environment; write \\${ for the characters");
  s->text[s->at] = ' ';
}

static Token
scan_string (Scanner *s)
{
  char quote = s->text[s->at++];
  gsize from = s->at;

  for (; s->at < s->size && s->text[s->at] != quote; s->at++)
    {
      if (s->text[s->at] == '\\')
        {
          check_escape (s, quote);
          if (s->text[s->at] == '\\' && s->at + 1 < s->size)
            s->at++;
        }
      else if (quote == '"')
        check_dollar (s);
      s->line += s->text[s->at] == '\n';
    }
  if (s->at >= s->size)
    return stop (s, s->start_line, "this text does not end; write %c after it", quote), TOKEN_BAD;
  if (s->at - from > CONF_MAX_STRING)
    return stop (s, s->start_line, "this text is too long; write at most %d bytes",
                 CONF_MAX_STRING),
           TOKEN_BAD;
  s->word = g_strndup (s->text + from, s->at - from);
  s->at++;
  return TOKEN_STRING;
}

static bool
is_bare (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("_.:@%-", c) != NULL);
}

static Token
scan_bare (Scanner *s)
{
  while (s->at < s->size && is_bare (s->text[s->at]))
    s->at++;
  if (s->at == s->start)
    {
      int width = g_utf8_skip[(unsigned char) s->text[s->at]];

      return stop (s, s->line, "'%.*s' cannot stand here; put text in double quotes", width,
                   s->text + s->at),
             TOKEN_BAD;
    }
  if (s->at - s->start > CONF_MAX_STRING)
    return stop (s, s->line, "this word is too long; write at most %d bytes", CONF_MAX_STRING),
           TOKEN_BAD;
  s->word = g_strndup (s->text + s->start, s->at - s->start);
  return TOKEN_WORD;
}

static Token
next (Scanner *s)
{
  g_clear_pointer (&s->word, g_free);
  if (!skip_space (s))
    return TOKEN_BAD;
  s->start = s->at;
  s->start_line = s->line;
  if (s->at >= s->size)
    return TOKEN_END;

  char c = s->text[s->at];

  if (c == '"' || c == '\'')
    return scan_string (s);
  if (starts (s, "+="))
    {
      s->at += 2;
      return TOKEN_PLUS;
    }
  if (strchr ("{}()=,", c) != NULL)
    {
      s->at++;
      return c;
    }
  return scan_bare (s);
}

static const char *
token_name (const Scanner *s, Token token, char buffer[4])
{
  switch (token)
    {
    case TOKEN_END: return "the end of the file";
    case TOKEN_WORD:
    case TOKEN_STRING: return s->word;
    case TOKEN_PLUS: return "+=";
    default:
      buffer[0] = token;
      buffer[1] = '\0';
      return buffer;
    }
}

#define NAME(s, token) token_name ((s), (token), (char[4]){ 0 })

/* --- statements ------------------------------------------------------------ */

static Statement *
add_statement (Scanner *s, StatementKind kind, const ConfOption *option, int line)
{
  Statement *statement = g_new0 (Statement, 1);

  statement->kind = kind;
  statement->option = option;
  statement->line = line;
  g_ptr_array_add (s->scan->statements, statement);
  if (s->scan->statements->len > CONF_MAX_STATEMENTS)
    stop (s, line, "more than %d statements; put some into a file of their own and include it",
          CONF_MAX_STATEMENTS);
  return statement;
}

/* The values of a list, after its opening brace. */
static bool
scan_list (Scanner *s, const char *name, guint *n)
{
  int line = s->start_line;
  Token token = next (s);

  if (token == TOKEN_CLOSE)
    return true;
  for (;; token = next (s))
    {
      if (token != TOKEN_WORD && token != TOKEN_STRING)
        return stop (s, s->start_line,
                     "'%s' cannot stand in the list of '%s'; write { \"a\", \"b\" }",
                     NAME (s, token), name);
      (*n)++;
      token = next (s);
      if (token == TOKEN_CLOSE)
        return true;
      if (token == TOKEN_END)
        return stop (s, line, "the list of '%s' is not closed; write } after it", name);
      if (token != TOKEN_COMMA)
        return stop (s, s->start_line,
                     "a comma is missing before '%s' in the list of '%s'; write { \"a\", \"b\" }",
                     NAME (s, token), name);
    }
}

/* After `name =`. */
static bool
scan_value (Scanner *s, const char *name, guint *n, bool *braced)
{
  Token token = next (s);

  *braced = token == TOKEN_OPEN;
  if (*braced)
    return scan_list (s, name, n);
  *n = 1;
  if (token == TOKEN_WORD || token == TOKEN_STRING)
    return true;
  return stop (s, s->start_line, "'%s' is no value for '%s'; write %s = \"...\"", NAME (s, token),
               name, name);
}

static bool scan_block (Scanner *s, const ConfOption *schema, const char *name, int opened,
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
fits (Scanner *s, const Reading *r, bool section, const char *title)
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
read_option (Scanner *s, const Reading *r)
{
  bool good = fits (s, r, false, NULL), braced = false;
  guint n = 0;

  if (!scan_value (s, r->name, &n, &braced))
    return false;
  if (!good || !r->emit)
    {
      blank (s, r->from, s->at);
      return true;
    }
  Statement *statement = add_statement (s, STATEMENT_OPTION, r->option, r->line);
  statement->n_values = n;
  statement->braced = braced;
  return !s->scan->broken;
}

/* To the brace that closes what was opened on LINE, whatever is between. */
static bool
skip_braces (Scanner *s, const char *name, int line)
{
  for (int open = 1; open > 0;)
    {
      Token token = next (s);

      if (token == TOKEN_END)
        return stop (s, line, "section '%s' is not closed; write } at its end", name);
      if (token == TOKEN_BAD)
        return false;
      open += (token == TOKEN_OPEN) - (token == TOKEN_CLOSE);
    }
  return true;
}

static bool
read_section (Scanner *s, const Reading *r, char *title)
{
  g_autofree char *owned = title;
  bool good = fits (s, r, true, title);
  bool emit = good && r->emit;
  bool known = r->option != NULL && r->option->kind == CONF_SECTION;

  if (r->depth + 1 > CONF_MAX_DEPTH)
    return stop (s, r->line, "sections are nested more than %d deep; write fewer braces",
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
    blank (s, r->from, s->at);
  return !s->scan->broken;
}

static bool
read_include (Scanner *s, const Reading *r)
{
  g_autofree char *path = NULL;

  if (strcmp (r->name, "include") != 0)
    return stop (s, r->line, "'%s (' is nothing known; write %s = \"...\"", r->name, r->name);
  if (next (s) == TOKEN_STRING)
    path = g_steal_pointer (&s->word);
  if (path == NULL || next (s) != TOKEN_THESIS)
    return stop (s, r->line, "an include names one file; write include(\"name.conf\")");
  blank (s, r->from, s->at);
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
read_statement (Scanner *s, const Reading *r)
{
  Token token = next (s);

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

      if (next (s) == TOKEN_OPEN)
        return read_section (s, r, title);
      g_free (title);
    }
  return stop (s, r->line,
               "'%s' is followed by neither '=' nor '{'; write %s = \"...\" or %s { ... }", r->name,
               r->name, r->name);
}

static bool
scan_block (Scanner *s, const ConfOption *schema, const char *name, int opened, int depth,
            bool emit)
{
  s->scan->depth = MAX (s->scan->depth, depth);
  for (;;)
    {
      Token token = next (s);

      if (token == TOKEN_END)
        return depth == 0
               || stop (s, opened, "section '%s' is not closed; write } at its end", name);
      if (token == TOKEN_CLOSE)
        return depth > 0 || stop (s, s->start_line, "there is nothing to close here; remove the }");
      if (token != TOKEN_WORD || !is_name (s->word))
        return stop (s, s->start_line,
                     "'%s' cannot begin a statement; write name = \"...\" or name { ... }",
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

  Scanner s = { .file = file, .line = 1, .scan = scan, .mistakes = mistakes };

  if (size > CONF_MAX_BYTES)
    stop (&s, 0, "the file is too long; write at most %d bytes", CONF_MAX_BYTES);
  else
    {
      make_text (file, scan->text, mistakes);
      g_string_append_c (scan->text, '\n');
      s.text = scan->text->str;
      s.size = scan->text->len;
      scan_block (&s, schema, "", 0, 0, true);
    }
  g_free (s.word);
  return scan;
}
