/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks at each expression of a template before template-glib does, which says no line when it
 * refuses something and drops an unfinished "{{".
 */
#include "template/template-internal.h"

#include "base/error.h"

#include <string.h>

int
template_line_of (const char *text, const char *at)
{
  int line = 1;

  for (const char *p = text; p < at; p++)
    line += *p == '\n';
  return line;
}

bool
template_refuse (GError **error, const char *file, const char *text, const char *at,
                 const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "template %s:%d: %s", file,
               template_line_of (text, at), why);
  return false;
}

typedef enum { FOR, EXPRESSION, PART, N_SHAPES } Shape;

/* Compiled once: there are thousands of expressions. */
static bool
has_shape (Shape shape, const char *expr)
{
  static const char *const patterns[N_SHAPES] = {
    /* "row in list": only a name and a path, which is all a template needs. */
    [FOR] = "^[A-Za-z_][A-Za-z0-9_]* in [A-Za-z_][A-Za-z0-9_.]*$",
    [EXPRESSION] = ("^(?<any>(?<one> *!* *(?:[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*|\"[^\"\\\\]*\"|\\((?&any)\\)) *)"
                    "(?:(?:&&|\\|\\||==|!=)(?&one))*)$"),
    [PART] = "^\"parts/[A-Za-z0-9_/-]+\\.md\"$",
  };
  static GRegex *compiled[N_SHAPES];

  if (compiled[shape] == NULL)
    compiled[shape] =
      g_regex_new (patterns[shape], G_REGEX_DOLLAR_ENDONLY | G_REGEX_OPTIMIZE, 0, NULL);
  return g_regex_match (compiled[shape], expr, 0, NULL);
}

/* An expression of a template names, compares and joins; template-glib could also call and load
 * libraries.  (It loses memory on what it refuses, one more reason to look first.) */
static bool
check_expr (const char *expr)
{
  if (!has_shape (EXPRESSION, expr))
    return false;
  g_autofree char *prefixed = template_prefixed (expr);
  g_autofree char *line = g_strconcat (prefixed, "\n", NULL);
  g_autoptr (TmplExpr) parsed = tmpl_expr_from_string (line, NULL);

  return parsed != NULL;
}

static bool
check_tag (const TemplateTag *tag, int *open, bool *else_seen)
{
  switch (tag->kind)
    {
    case TAG_FOR:
    case TAG_IF:
      else_seen[++*open] = tag->kind == TAG_FOR; /* no {{else}} in {{for}} */
      return tag->kind == TAG_FOR ? has_shape (FOR, tag->expr) : check_expr (tag->expr);
    case TAG_ELSE_IF:
      return *open > 0 && !else_seen[*open] && check_expr (tag->expr);
    case TAG_ELSE:
      if (*open == 0 || else_seen[*open])
        return false;
      return else_seen[*open] = true;
    case TAG_END:
      return (*open)-- > 0;
    case TAG_INCLUDE:
      return has_shape (PART, tag->expr);
    case TAG_VALUE:
      return check_expr (tag->expr);
    }
  return false;
}

/* In `code` a backslash is a backslash, so that an escaped value would show its escapes. */
static bool
is_in_code (const char *text, const char *at)
{
  int ticks = 0;

  for (const char *p = at; p > text && p[-1] != '\n'; p--)
    ticks += p[-1] == '`';
  return ticks % 2 == 1;
}

bool
template_check (const char *file, const char *text, GError **error)
{
  g_auto (TemplateTag) tag = { 0 };
  const char *p = text, *unclosed, *opened[32];
  bool else_seen[32] = { false };
  int open = 0;

  while (template_tag_next (p, &tag, &unclosed))
    {
      int before = open;

      if (open + 2 == (int) G_N_ELEMENTS (else_seen))
        return template_refuse (error, file, text, tag.start, "too many {{if}} inside each other");
      if (!check_tag (&tag, &open, else_seen))
        return template_refuse (error, file, text, tag.start, "'%.*s' is not understood here",
                                (int) MIN (tag.end - tag.start, 80), tag.start);
      if (tag.kind == TAG_VALUE && is_in_code (text, tag.start))
        return template_refuse (error, file, text, tag.start,
                                "a value cannot stand between backquotes");
      if (open > before)
        opened[open] = tag.start;
      p = tag.end;
    }
  if (unclosed != NULL)
    return template_refuse (error, file, text, unclosed, "'{{' without '}}'");
  if (open > 0)
    return template_refuse (error, file, text, opened[open], "no {{end}} for this");
  return true;
}
