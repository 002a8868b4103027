/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading a form out of the lines of a mail, whatever a mail program made of them.
 */
#include "triage/triage-form-private.h"

#include <string.h>

#include "base/fold.h"

typedef struct {
  const ProgramForm *form;
  FormSlot *slots;      /* one a field */
  FormSlot *open;       /* label whose value may go on in the next line */
  bool open_quoted;     /* that label stood in quoted text */
  bool below;           /* and its value stands below it, not quoted */
  bool gap;             /* an empty line came after it */
  bool under, apart;    /* its value began below it, quoted or not as it is; below that empty
                         * line */
  GString *text;        /* the value so far */
} Scan;

/* Quote marks, list marks and emphasis in front of a line. */
static const char *
skip_marks (const char *line, bool *quoted)
{
  *quoted = false;
  for (; *line != '\0'; line++)
    {
      if (*line == '>' || *line == '|')
        *quoted = *quoted || *line == '>';
      else if (strchr (" \t*-#", *line) == NULL)
        break;
    }
  return line;
}

/* Where the value begins when LINE starts with LABEL, else NULL: white space in labels is free, a
 * hint in parentheses and emphasis may follow, and then a separator or the end of the line. */
static const char *
after_label (const char *line, const char *label)
{
  const char *p = line;

  /* Most lines are no field at all: ASCII letters differ from themselves in case by one bit. */
  if (label[0] > 0 && p[0] > 0 && ((label[0] ^ p[0]) & ~0x20) != 0)
    return NULL;
  for (const char *l = label; *l != '\0';)
    {
      if (g_ascii_isspace (*l) || *l == '-')
        {
          while (g_ascii_isspace (*l) || *l == '-')
            l++;
          if (!g_ascii_isspace (*p) && *p != '-')
            return NULL;
          while (g_ascii_isspace (*p) || *p == '-')
            p++;
          continue;
        }
      if (g_unichar_tolower (g_utf8_get_char (p)) != g_unichar_tolower (g_utf8_get_char (l)))
        return NULL;
      p = g_utf8_next_char (p);
      l = g_utf8_next_char (l);
    }
  while (*p == ' ' || *p == '*' || *p == '_')
    p++;
  if (*p == '(')
    {
      p = strchr (p, ')');
      if (p == NULL)
        return NULL;
      p++;
    }
  bool gap = p[0] == '\t' || (p[0] == ' ' && p[1] == ' ');
  while (*p == ' ' || *p == '*' || *p == '_')
    p++;
  if (*p == ':' || *p == '=' || *p == '|' || *p == '\t')
    return p + 1;
  if (g_str_has_prefix (p, "\357\274\232")) /* full-width colon */
    return p + 3;
  return *p == '\0' || gap ? p : NULL;
}

static const char *
match_field (const ProgramField *field, const char *line, gsize *length)
{
  const char *best = after_label (line, field->label);
  gsize n = best != NULL ? strlen (field->label) : 0;

  for (char **alias = field->aliases; alias != NULL && *alias != NULL; alias++)
    {
      const char *value = after_label (line, *alias);

      if (value != NULL && strlen (*alias) > n)
        {
          best = value;
          n = strlen (*alias);
        }
    }
  *length = n;
  return best;
}

/* The field whose label fits longest, so that "Contact phone" is not "Contact". */
static FormSlot *
match_line (Scan *scan, const char *line, const char **value)
{
  FormSlot *best = NULL;
  gsize longest = 0;

  for (guint i = 0; i < scan->form->fields->len; i++)
    {
      gsize length;
      const char *v = match_field (scan->form->fields->pdata[i], line, &length);

      if (v == NULL || length <= longest)
        continue;
      best = &scan->slots[i];
      longest = length;
      *value = v;
    }
  return best;
}

bool
form_is_label (const ProgramField *field, const char *text)
{
  gsize length;
  const char *rest = match_field (field, text, &length);

  return rest != NULL && rest[strspn (rest, " *:")] == '\0';
}

char *
form_clean (const char *value)
{
  g_autofree char *copy = g_strdup (value);
  char *p = copy;

  while (*p != '\0' && strchr (" \t_*|:.", *p) != NULL)
    p++;
  for (gsize n = strlen (p); n > 0 && strchr (" \t_*|", p[n - 1]) != NULL; n--)
    p[n - 1] = '\0';
  return g_strdup (p);
}

static void
set_value (FormSlot *slot, const Scan *scan)
{
  g_autofree char *value = form_clean (scan->text->str);
  bool quoted = scan->open_quoted;

  if (value[0] == '\0')
    return;
  if (slot->value == NULL || (slot->quoted && !quoted))
    {
      g_free (slot->value);
      slot->value = g_steal_pointer (&value);
      slot->quoted = quoted;
      slot->under = scan->under;
      slot->apart = scan->apart;
    }
  else if (slot->quoted == quoted && g_utf8_collate (slot->value, value) != 0
           && slot->other == NULL)
    slot->other = g_steal_pointer (&value);
}

/* The open label has its whole value. */
static void
close_slot (Scan *scan)
{
  /* What stands below a quoted label counts as quoted: an answer with its own label is more
   * certain. */
  if (scan->open != NULL)
    set_value (scan->open, scan);
  scan->open = NULL;
  g_string_truncate (scan->text, 0);
}

void
form_join (GString *text, const ProgramField *field, const char *line)
{
  bool each = field->kind == FIELD_PARTIES;

  if (!each && text->len > 0 && text->str[text->len - 1] == ',')
    g_string_truncate (text, text->len - 1);
  g_string_append_printf (text, "%s%s", text->len == 0 ? "" : each ? "\n" : ", ", line);
}

static void
take_line (Scan *scan, const char *value)
{
  form_join (scan->text, scan->open->field, value);
}

/* Whether a line without a label can belong to the open one. */
static bool
goes_on (const Scan *scan, bool quoted)
{
  const FormSlot *slot = scan->open;
  bool below = scan->open_quoted && !quoted;

  if (quoted && !scan->open_quoted)
    return false;
  if (scan->text->len > 0)
    return form_has_lines (slot->field) && below == scan->below;
  /* A blank form below the filled one: its last label is followed by anything. */
  return slot->value == NULL || (slot->quoted && !scan->open_quoted);
}

static void
scan_line (Scan *scan, const char *raw)
{
  bool quoted;
  const char *line = skip_marks (raw, &quoted), *value = line;
  FormSlot *slot = match_line (scan, line, &value);

  if (slot == NULL && scan->open == NULL)
    return;
  g_autofree char *rest = form_clean (value);
  if (slot != NULL)
    {
      close_slot (scan);
      slot->seen = true;
      scan->open = slot;
      scan->open_quoted = quoted;
      scan->below = scan->gap = scan->under = scan->apart = false;
      take_line (scan, rest);
    }
  else if (rest[0] == '\0' && scan->text->len == 0)
    scan->gap = true; /* an empty line ends a value, not the gap before it */
  else if (rest[0] == '\0' || !goes_on (scan, quoted))
    close_slot (scan);
  else
    {
      scan->below = scan->open_quoted && !quoted;
      scan->under |= !scan->below && scan->text->len == 0;
      scan->apart |= scan->under && scan->gap;
      take_line (scan, rest);
      if (!form_has_lines (scan->open->field))
        close_slot (scan);
    }
}

/* See form_source_lines().  Of our own mail, quoted, nothing but labels may be left. */
static void
find_stray (FormSource *source)
{
  FormSlot *under = NULL;
  guint n_under = 0, n_beside = 0;

  for (guint i = 0; i < source->form->fields->len; i++)
    {
      FormSlot *slot = &source->slots[i];

      n_under += slot->under;
      n_beside += slot->value != NULL && !slot->under;
      under = slot->under ? slot : under;
    }
  if (n_under == 1)
    under->stray = under->apart && (n_beside > 0 || under->quoted);
}

FormSource *
form_source_lines (const ProgramForm *form, const char *text)
{
  FormSource *source = form_source_new (form, NULL);
  g_autoptr (GString) value = g_string_new (NULL);
  Scan scan = { .form = form, .slots = source->slots, .text = value };
  g_autofree char *lines = g_strdup (text);

  for (char *line = lines, *end; line != NULL; line = end)
    {
      end = strchr (line, '\n');
      if (end != NULL)
        *end++ = '\0';
      scan_line (&scan, line);
    }
  close_slot (&scan);
  find_stray (source);
  form_source_count (source);
  return source;
}

GPtrArray *
form_line_words (const char *text)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);

  for (const char *line = text, *end; line != NULL; line = end != NULL ? end + 1 : NULL)
    {
      bool quoted;
      const char *inner = skip_marks (line, &quoted);

      end = strchr (line, '\n');
      g_ptr_array_add (words, fold_first_word (inner, strcspn (inner, "\n")));
    }
  return words;
}

bool
form_may_be_there (const ProgramForm *form, const GPtrArray *line_words)
{
  guint n = 0;

  for (guint i = 0; i < line_words->len; i++)
    n += g_hash_table_contains (form->label_words, line_words->pdata[i]);
  return n >= (form->one_line ? 1 : MIN (FORM_LEAST_LABELS, form->fields->len));
}
