/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The set of templates: read and parsed once, so that a mistake in one stops the program at its
 * start and names file and line, and rendering only fills in.
 *
 * template-glib says no line when it refuses something, drops an unfinished "{{", and eats the
 * line end after any {{end}}; so the text goes through two steps of our own before it: check()
 * looks at each expression, and tidy() leaves it only those line ends to eat that follow a tag
 * alone on its line, and no name that is a word of its own.  Including is done here too, as text,
 * in the language of the notice.
 */
#include "template/template-internal.h"

#include "base/error.h"

#include <string.h>

#define INCLUDE_DEPTH_MAX 4
#define FILE_SIZE_MAX     (256 * 1024)
#define FOLDER_DEPTH_MAX  4
#define DEFAULT_LANG      "en"

typedef struct {
  char *lang;
  TmplTemplate *subject;
  TmplTemplate *body;
} Notice;

struct TemplateSet {
  GHashTable *sources; /* "receipt.es.md" -> text */
  GHashTable *notices; /* "receipt.es" -> Notice */
  GPtrArray *names;    /* "receipt", sorted, NULL at the end */
};

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  g_free (notice->lang);
  g_clear_object (&notice->subject);
  g_clear_object (&notice->body);
  g_free (notice);
}

void
template_set_free (TemplateSet *set)
{
  if (set == NULL)
    return;
  g_hash_table_unref (set->sources);
  g_hash_table_unref (set->notices);
  g_ptr_array_unref (set->names);
  g_free (set);
}

void
template_mail_clear (TemplateMail *mail)
{
  g_clear_pointer (&mail->subject, g_free);
  g_clear_pointer (&mail->text, g_free);
  g_clear_pointer (&mail->html, g_free);
}

/* --- tags --------------------------------------------------------------------------- */

typedef enum { TAG_IF, TAG_ELSE_IF, TAG_ELSE, TAG_FOR, TAG_END, TAG_INCLUDE, TAG_VALUE } TagKind;

typedef struct {
  TagKind kind;
  const char *start, *end; /* "{{" and behind "}}" */
  char *expr;              /* what it evaluates: of {{if x}} it is "x" */
} Tag;

static void
tag_clear (Tag *tag)
{
  g_clear_pointer (&tag->expr, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tag, tag_clear)

static const struct {
  const char *word;
  TagKind kind;
} tag_words[] = {
  { "if ", TAG_IF },     { "else if ", TAG_ELSE_IF }, { "else", TAG_ELSE },
  { "for ", TAG_FOR },   { "end", TAG_END },          { "include ", TAG_INCLUDE },
};

static void
read_tag (const char *start, const char *end, Tag *tag)
{
  g_autofree char *inside = g_strstrip (g_strndup (start + 2, end - start - 4));

  tag->start = start;
  tag->end = end;
  tag->kind = TAG_VALUE;
  for (guint i = 0; i < G_N_ELEMENTS (tag_words); i++)
    {
      const char *word = tag_words[i].word;
      bool whole = word[strlen (word) - 1] != ' ';

      if (whole ? strcmp (inside, word) == 0 : g_str_has_prefix (inside, word))
        {
          tag->kind = tag_words[i].kind;
          tag->expr = g_strstrip (g_strdup (inside + strlen (word)));
          return;
        }
    }
  tag->expr = g_steal_pointer (&inside);
}

/* The next tag at or behind P; false when there is none.  *OPEN is a "{{" without "}}". */
static bool
next_tag (const char *p, Tag *tag, const char **open)
{
  const char *start, *end;

  *open = NULL;
  for (start = strstr (p, "{{"); start != NULL && start > p && start[-1] == '\\';)
    start = strstr (start + 2, "{{");
  if (start == NULL)
    return false;
  end = strstr (start + 2, "}}");
  if (end == NULL)
    {
      *open = start;
      return false;
    }
  tag_clear (tag);
  read_tag (start, end + 2, tag);
  return true;
}

/* --- checking ------------------------------------------------------------------------- */

static int
line_of (const char *text, const char *at)
{
  int line = 1;

  for (const char *p = text; p < at; p++)
    line += *p == '\n';
  return line;
}

static bool G_GNUC_PRINTF (5, 6)
refuse (GError **error, const char *file, const char *text, const char *at, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "template %s:%d: %s", file,
               line_of (text, at), why);
  return false;
}

/* "row in list": only a name and a path, which is all a template needs. */
static bool
check_for (const char *expr)
{
  return g_regex_match_simple ("^[A-Za-z_][A-Za-z0-9_]* in [A-Za-z_][A-Za-z0-9_.]*$", expr,
                               G_REGEX_DOLLAR_ENDONLY, 0);
}

static bool
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* "a && r.b == \"x\"" with NAME_PREFIX before each name. */
static char *
with_prefix (const char *expr)
{
  GString *out = g_string_new (NULL);
  bool quoted = false;

  for (const char *p = expr; *p != '\0'; p++)
    {
      if (*p == '"')
        quoted = !quoted;
      if (!quoted && is_name_char (*p) && (p == expr || !is_name_char (p[-1])))
        g_string_append (out, NAME_PREFIX);
      g_string_append_c (out, *p);
    }
  return g_string_free (out, FALSE);
}

/* An expression of a template names, compares and joins; template-glib could also call and load
 * libraries.  (It loses memory on what it refuses, one more reason to look first.) */
static bool
check_expr (const char *expr)
{
  static const char allowed[] =
    "^(?<any>(?<one> *!* *(?:[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*|\"[^\"\\\\]*\"|\\((?&any)\\)) *)"
    "(?:(?:&&|\\|\\||==|!=)(?&one))*)$";

  if (!g_regex_match_simple (allowed, expr, G_REGEX_DOLLAR_ENDONLY, 0))
    return false;
  g_autofree char *prefixed = with_prefix (expr);
  g_autofree char *line = g_strconcat (prefixed, "\n", NULL);
  g_autoptr (TmplExpr) parsed = tmpl_expr_from_string (line, NULL);

  return parsed != NULL;
}

static bool
check_tag (const Tag *tag, int *open, bool *else_seen)
{
  switch (tag->kind)
    {
    case TAG_FOR:
    case TAG_IF:
      else_seen[++*open] = tag->kind == TAG_FOR; /* no {{else}} in {{for}} */
      return tag->kind == TAG_FOR ? check_for (tag->expr) : check_expr (tag->expr);
    case TAG_ELSE_IF:
      return *open > 0 && !else_seen[*open] && check_expr (tag->expr);
    case TAG_ELSE:
      if (*open == 0 || else_seen[*open])
        return false;
      return else_seen[*open] = true;
    case TAG_END:
      return (*open)-- > 0;
    case TAG_INCLUDE:
      return g_regex_match_simple ("^\"parts/[A-Za-z0-9_/-]+\\.md\"$", tag->expr,
                                   G_REGEX_DOLLAR_ENDONLY, 0);
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

static bool
check (const char *file, const char *text, GError **error)
{
  g_auto (Tag) tag = { 0 };
  const char *p = text, *unclosed, *opened[32];
  bool else_seen[32] = { false };
  int open = 0;

  while (next_tag (p, &tag, &unclosed))
    {
      int before = open;

      if (open + 2 == (int) G_N_ELEMENTS (else_seen))
        return refuse (error, file, text, tag.start, "too many {{if}} inside each other");
      if (!check_tag (&tag, &open, else_seen))
        return refuse (error, file, text, tag.start, "'%.*s' is not understood here",
                       (int) MIN (tag.end - tag.start, 80), tag.start);
      if (tag.kind == TAG_VALUE && is_in_code (text, tag.start))
        return refuse (error, file, text, tag.start, "a value cannot stand between backquotes");
      if (open > before)
        opened[open] = tag.start;
      p = tag.end;
    }
  if (unclosed != NULL)
    return refuse (error, file, text, unclosed, "'{{' without '}}'");
  if (open > 0)
    return refuse (error, file, text, opened[open], "no {{end}} for this");
  return true;
}

/* --- from source to template ------------------------------------------------------------- */

/* FILE "parts/x.md" in LANG, or as it is: the text, borrowed. */
static const char *
source_in (const TemplateSet *set, const char *file, const char *lang)
{
  g_autofree char *stem = g_strndup (file, strlen (file) - strlen (".md"));
  g_autofree char *own = g_strdup_printf ("%s.%s.md", stem, lang);
  const char *text = g_hash_table_lookup (set->sources, own);

  return text != NULL ? text : g_hash_table_lookup (set->sources, file);
}

static bool
append_included (const TemplateSet *set, GString *out, const char *file, const char *text,
                 const char *lang, int depth, GError **error)
{
  g_auto (Tag) tag = { 0 };
  const char *p = text, *open;

  while (next_tag (p, &tag, &open))
    {
      if (tag.kind != TAG_INCLUDE)
        {
          g_string_append_len (out, p, tag.end - p);
          p = tag.end;
          continue;
        }
      g_autofree char *part = g_strndup (tag.expr + 1, strlen (tag.expr) - 2);
      const char *inside = source_in (set, part, lang);
      g_autofree char *trimmed = g_strchomp (g_strdup (inside != NULL ? inside : ""));

      if (inside == NULL || depth == INCLUDE_DEPTH_MAX)
        return refuse (error, file, text, tag.start, "cannot include '%s'", part);
      g_string_append_len (out, p, tag.start - p);
      if (!append_included (set, out, part, trimmed, lang, depth + 1, error))
        return false;
      p = tag.end;
    }
  g_string_append (out, p);
  return true;
}

static bool
stands_alone (const char *text, const Tag *tag, const char **line_start)
{
  const char *p = tag->start;

  while (p > text && (p[-1] == ' ' || p[-1] == '\t'))
    p--;
  *line_start = p;
  return (p == text || p[-1] == '\n') && (*tag->end == '\n' || *tag->end == '\0');
}

static void
append_tag (GString *out, const Tag *tag)
{
  const char *words = "";

  for (guint i = 0; i < G_N_ELEMENTS (tag_words); i++)
    if (tag->kind == tag_words[i].kind)
      words = tag_words[i].word;
  if (tag->kind == TAG_FOR)
    {
      g_auto (GStrv) ends = g_strsplit (tag->expr, " in ", 2);
      g_autofree char *row = with_prefix (ends[0]), *list = with_prefix (ends[1]);

      g_string_append_printf (out, "{{for %s in %s}}", row, list);
      return;
    }
  g_autofree char *expr = with_prefix (tag->expr);

  g_string_append_printf (out, "{{%s%s}}", words, expr);
}

static char *
tidy (const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 64);
  g_auto (Tag) tag = { 0 };
  const char *p = text, *open, *line_start;

  while (next_tag (p, &tag, &open))
    {
      bool value = tag.kind == TAG_VALUE;
      bool alone = !value && stands_alone (text, &tag, &line_start);

      g_string_append_len (out, p, (alone ? MAX (line_start, p) : tag.start) - p);
      append_tag (out, &tag);
      if (!value && !alone && *tag.end == '\n')
        g_string_append (out, "{{\"\"}}"); /* keeps the line end from being eaten */
      p = tag.end;
    }
  g_string_append (out, p);
  return g_string_free (out, FALSE);
}

static TmplTemplate *
compile (const TemplateSet *set, const char *file, const char *text, const char *lang,
         GError **error)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GError) why = NULL;

  if (!append_included (set, whole, file, text, lang, 0, error))
    return NULL;
  g_autofree char *source = tidy (whole->str);
  g_autoptr (TmplTemplate) template = tmpl_template_new (NULL);

  if (tmpl_template_parse_string (template, source, &why))
    return g_steal_pointer (&template);
  refuse (error, file, text, text, "%s", why->message);
  return NULL;
}

/* --- notices ------------------------------------------------------------------------------ */

static bool
is_part (const char *file)
{
  return g_str_has_prefix (file, "parts/");
}

/* "receipt.es.md" -> "receipt" and "es"; LANG is "" without one. */
static void
split_file_name (const char *file, char **name, char **lang)
{
  g_autofree char *stem = g_strndup (file, strlen (file) - strlen (".md"));
  char *dot = strrchr (stem, '.');
  gsize length = dot != NULL ? strlen (dot + 1) : 0;

  if (length >= 2 && length <= 3 && strspn (dot + 1, "abcdefghijklmnopqrstuvwxyz") == length)
    {
      *lang = g_strdup (dot + 1);
      *dot = '\0';
    }
  else
    *lang = g_strdup ("");
  *name = g_steal_pointer (&stem);
}

/* "Subject: ..." and an empty line; *BODY is what follows. */
static char *
read_header (const char *file, const char *text, const char **body, GError **error)
{
  const char *end = strstr (text, "\n\n");
  const char *line_end = strchr (text, '\n');

  if (!g_str_has_prefix (text, "Subject: ") || end == NULL || end != line_end)
    {
      refuse (error, file, text, text, "must begin with a line 'Subject: ...' and an empty line");
      return NULL;
    }
  *body = end + 2;
  return g_strstrip (g_strndup (text + strlen ("Subject: "), end - text - strlen ("Subject: ")));
}

static bool
add_notice (TemplateSet *set, const char *file, const char *text, GError **error)
{
  g_autofree char *name = NULL, *lang = NULL;
  const char *body;

  split_file_name (file, &name, &lang);
  g_autofree char *subject = read_header (file, text, &body, error);

  if (subject == NULL)
    return false;
  Notice *notice = g_new0 (Notice, 1);

  notice->lang = g_strdup (*lang != '\0' ? lang : DEFAULT_LANG);
  g_hash_table_replace (set->notices, *lang != '\0' ? g_strdup_printf ("%s.%s", name, lang)
                                                    : g_strdup (name), notice);
  if (*lang == '\0')
    g_ptr_array_add (set->names, g_steal_pointer (&name));
  notice->subject = compile (set, file, subject, notice->lang, error);
  if (notice->subject == NULL)
    return false;
  notice->body = compile (set, file, body, notice->lang, error);
  return notice->body != NULL;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static TemplateSet *
set_empty (void)
{
  TemplateSet *set = g_new0 (TemplateSet, 1);

  set->sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  set->notices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, notice_free);
  set->names = g_ptr_array_new_with_free_func (g_free);
  return set;
}

static bool
add_source (TemplateSet *set, const char *file, const char *text, GError **error)
{
  if (!g_utf8_validate (text, -1, NULL) || strchr (text, MARK_LINE) != NULL ||
      strchr (text, MARK_LITERAL) != NULL)
    return refuse (error, file, text, text, "is not UTF-8 text");
  if (!check (file, text, error))
    return false;
  g_autoptr (GString) lines = g_string_new (text);

  g_string_replace (lines, "\r\n", "\n", 0);
  g_hash_table_replace (set->sources, g_strdup (file),
                        g_string_free (g_steal_pointer (&lines), FALSE));
  return true;
}

static bool
finish (TemplateSet *set, GError **error)
{
  g_autoptr (GList) files = g_hash_table_get_keys (set->sources);

  files = g_list_sort (files, (GCompareFunc) strcmp);

  for (GList *file = files; file != NULL; file = file->next)
    if (!is_part (file->data) &&
        !add_notice (set, file->data, g_hash_table_lookup (set->sources, file->data), error))
      return false;
  g_ptr_array_sort (set->names, by_name);
  g_ptr_array_add (set->names, NULL);
  return true;
}

TemplateSet *
template_set_new (const char *const *names, const char *const *texts, GError **error)
{
  g_autoptr (TemplateSet) set = set_empty ();

  for (guint i = 0; names[i] != NULL; i++)
    if (!g_str_has_suffix (names[i], ".md") || strlen (names[i]) == strlen (".md"))
      {
        refuse (error, names[i], "", "", "a template's name ends in .md");
        return NULL;
      }
    else if (!add_source (set, names[i], texts[i], error))
      return NULL;
  return finish (set, error) ? g_steal_pointer (&set) : NULL;
}

/* --- reading a folder ---------------------------------------------------------------------- */

static bool
read_file (TemplateSet *set, const char *path, const char *file, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *text = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, &why))
    return refuse (error, file, "", "", "%s", why->message);
  if (size > FILE_SIZE_MAX || strlen (text) != size)
    return refuse (error, file, "", "", "is too large or not text");
  return add_source (set, file, text, error);
}

static bool
read_folder (TemplateSet *set, const char *dir, const char *below, int depth, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (GDir) folder = g_dir_open (dir, 0, &why);
  const char *entry;

  if (folder == NULL)
    return refuse (error, dir, "", "", "%s", why->message);
  while ((entry = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, entry, NULL);
      g_autofree char *file = g_strconcat (below, entry, NULL);
      g_autofree char *inside = g_strconcat (file, "/", NULL);
      bool is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);

      if (*entry == '.')
        continue;
      if (is_folder && depth < FOLDER_DEPTH_MAX &&
          !read_folder (set, path, inside, depth + 1, error))
        return false;
      if (!is_folder && g_str_has_suffix (entry, ".md") && !read_file (set, path, file, error))
        return false;
    }
  return true;
}

TemplateSet *
template_set_read (const char *dir, GError **error)
{
  g_autoptr (TemplateSet) set = set_empty ();

  if (!read_folder (set, dir, "", 0, error) || !finish (set, error))
    return NULL;
  return g_steal_pointer (&set);
}

bool
template_set_has (const TemplateSet *set, const char *name)
{
  return g_hash_table_contains (set->notices, name) && strchr (name, '.') == NULL;
}

const char *const *
template_set_names (const TemplateSet *set)
{
  return (const char *const *) set->names->pdata;
}

/* --- rendering -------------------------------------------------------------------------------- */

static const Notice *
find (const TemplateSet *set, const char *name, const char *lang)
{
  if (lang != NULL)
    {
      g_autofree char *primary = g_ascii_strdown (lang, strcspn (lang, "-_"));
      g_autofree char *key = g_strdup_printf ("%s.%s", name, primary);
      const Notice *notice = g_hash_table_lookup (set->notices, key);

      if (notice != NULL)
        return notice;
    }
  return g_hash_table_lookup (set->notices, name);
}

static void
set_missing (GError **error, const char *name, const char *field, const GError *why)
{
  if (field != NULL)
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "template %s: there is no field '%s'", name,
                 field);
  else
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "template %s: %s", name, why->message);
}

/* template-glib names what it misses only in its message: No such symbol "x" in scope. */
static char *
missing_in (const GError *why)
{
  bool symbol = g_error_matches (why, TMPL_ERROR, TMPL_ERROR_MISSING_SYMBOL) ||
                g_error_matches (why, TMPL_ERROR, TMPL_ERROR_NO_SUCH_PROPERTY);
  g_auto (GStrv) pieces = g_strsplit (why->message, "\"", 3);

  if (!symbol || g_strv_length (pieces) != 3 || !g_str_has_prefix (pieces[1], NAME_PREFIX))
    return NULL;
  return g_strdup (pieces[1] + strlen (NAME_PREFIX));
}

static char *
expand (TmplTemplate *template, const char *name, const TemplateFields *fields, GError **error)
{
  g_autoptr (TmplScope) scope = template_fields_scope (fields);
  g_autoptr (GError) why = NULL;
  g_autofree char *text = tmpl_template_expand_string (template, scope, &why);
  const char *missing = template_fields_take_missing (fields);

  if (text != NULL && missing == NULL)
    return g_steal_pointer (&text);
  g_autofree char *symbol = why != NULL ? missing_in (why) : NULL;

  set_missing (error, name, missing != NULL ? missing : symbol, why);
  return NULL;
}

bool
template_render (const TemplateSet *set, const char *name, const char *lang,
                 const TemplateFields *fields, TemplateMail *mail, GError **error)
{
  const Notice *notice = find (set, name, lang);

  if (notice == NULL)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "there is no template '%s'", name);
      return false;
    }
  g_autofree char *subject = expand (notice->subject, name, fields, error);

  if (subject == NULL)
    return false;
  g_autofree char *body = expand (notice->body, name, fields, error);

  if (body == NULL)
    return false;
  g_autofree char *markdown = template_lines (body);
  g_autoptr (cmark_node) document = template_parse (markdown);

  mail->subject = template_unescape (subject);
  mail->text = template_text (document);
  mail->html = template_html (document, notice->lang, mail->subject);
  return true;
}
