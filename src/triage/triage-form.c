/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading a form out of whatever a mail program made of it.
 */
#include "triage/triage-form.h"

#include <string.h>

typedef struct {
  const ProgramField *field;
  char *value;     /* first that was not empty */
  bool quoted;     /* it stood in quoted text */
  char *other;     /* a second, different one at the same level */
  bool seen;
} Slot;

typedef struct {
  const ProgramForm *form;
  Slot *slots;      /* one a field */
  Slot *open;       /* label whose value may go on in the next line */
  bool open_quoted; /* that label stood in quoted text */
  bool below;       /* and its value stands below it, not quoted */
  GString *text;    /* the value so far */
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

/* Where the value begins when LINE starts with LABEL, else NULL: white space in labels is free, a hint in parentheses and
 * emphasis may follow, and then a separator or the end of the line. */
static const char *
after_label (const char *line, const char *label)
{
  const char *p = line;

  /* Most lines are no field at all. */
  if (label[0] > 0 && p[0] > 0 && g_ascii_tolower (label[0]) != g_ascii_tolower (p[0]))
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
static Slot *
match_line (Scan *scan, const char *line, const char **value)
{
  Slot *best = NULL;
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

/* Fillers and emphasis around a value are not part of it. */
static char *
clean (const char *value)
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
set_value (Slot *slot, const char *text, bool quoted)
{
  g_autofree char *value = clean (text);

  if (value[0] == '\0')
    return;
  if (slot->value == NULL || (slot->quoted && !quoted))
    {
      g_free (slot->value);
      slot->value = g_steal_pointer (&value);
      slot->quoted = quoted;
    }
  else if (slot->quoted == quoted && g_utf8_collate (slot->value, value) != 0 && slot->other == NULL)
    slot->other = g_steal_pointer (&value);
}

/* The open label has its whole value. */
static void
close_slot (Scan *scan)
{
  /* What stands below a quoted label counts as quoted: an answer with its own label is more certain. */
  if (scan->open != NULL)
    set_value (scan->open, scan->text->str, scan->open_quoted);
  scan->open = NULL;
  g_string_truncate (scan->text, 0);
}

static void
take_line (Scan *scan, const char *value)
{
  if (scan->text->len > 0 && scan->text->str[scan->text->len - 1] == ',')
    g_string_truncate (scan->text, scan->text->len - 1);
  g_string_append_printf (scan->text, "%s%s", scan->text->len > 0 ? ", " : "", value);
}

/* Whether a line without a label can belong to the open one. */
static bool
goes_on (const Scan *scan, bool quoted)
{
  const Slot *slot = scan->open;
  bool below = scan->open_quoted && !quoted;

  if (quoted && !scan->open_quoted)
    return false;
  if (scan->text->len > 0)
    return slot->field->kind == FIELD_BLOCK && below == scan->below;
  /* A blank form below the filled one: its last label is followed by anything. */
  return slot->value == NULL || (slot->quoted && !scan->open_quoted);
}

static void
scan_line (Scan *scan, const char *raw)
{
  bool quoted;
  const char *line = skip_marks (raw, &quoted), *value = line;
  Slot *slot = match_line (scan, line, &value);
  g_autofree char *rest = clean (value);

  if (slot != NULL)
    {
      close_slot (scan);
      slot->seen = true;
      scan->open = slot;
      scan->open_quoted = quoted;
      scan->below = false;
      take_line (scan, rest);
    }
  else if (scan->open == NULL || (rest[0] == '\0' && scan->text->len == 0))
    return; /* an empty line ends a value, not the gap before it */
  else if (rest[0] == '\0' || !goes_on (scan, quoted))
    close_slot (scan);
  else
    {
      scan->below = scan->open_quoted && !quoted;
      take_line (scan, rest);
      if (scan->open->field->kind != FIELD_BLOCK)
        close_slot (scan);
    }
}

/* --- checking ---------------------------------------------------------------- */

static bool
is_email (const char *value, char **canonical)
{
  static const char pattern[] = "^(?:mailto:)?<?([^@\\s<>\"(),;:]+@[A-Za-z0-9](?:[A-Za-z0-9-]*\\.)+[A-Za-z]{2,})>?";
  static GRegex *regex;
  g_autoptr (GMatchInfo) match = NULL;

  if (regex == NULL)
    regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, NULL);
  if (!g_regex_match (regex, value, 0, &match))
    return false;
  g_autofree char *found = g_match_info_fetch (match, 1);
  *canonical = g_ascii_strdown (found, -1);
  return true;
}

static bool
is_phone (const char *value, char **canonical)
{
  int digits = 0;

  for (const char *p = value; *p != '\0'; p++)
    digits += g_ascii_isdigit (*p);
  *canonical = g_strdup (value);
  return digits >= 7 && digits <= 20;
}

bool
form_is_yes_no (const char *value, char **canonical)
{
  static const struct { const char *word, *means; } words[] = {
    { "yes", "yes" }, { "y", "yes" }, { "true", "yes" }, { "x", "yes" }, { "ja", "yes" }, { "s\303\255", "yes" },
    { "oui", "yes" }, { "no", "no" }, { "n", "no" }, { "false", "no" }, { "nein", "no" }, { "non", "no" },
  };
  g_autofree char *lower = g_utf8_strdown (value, -1);
  gsize n = strcspn (lower, " ,.;!/");

  if (g_str_has_prefix (lower + n, " or ")) /* the hint left standing */
    return false;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i].word) == n && strncmp (lower, words[i].word, n) == 0 && lower[n] != '/')
      {
        *canonical = g_strdup (words[i].means);
        return true;
      }
  return false;
}

static bool
is_number (const char *value, char **canonical)
{
  GString *digits = g_string_new (NULL);
  bool good = strpbrk (value, "0123456789") != NULL;

  for (const char *p = value; *p != '\0'; p++)
    {
      if (g_ascii_isdigit (*p) || *p == '.')
        g_string_append_c (digits, *p);
      else if (*p != ',' && *p != ' ' && *p != '\'')
        good = false;
    }
  *canonical = g_string_free (digits, FALSE);
  return good;
}

static bool
is_text (const char *value, char **canonical)
{
  *canonical = g_strdup (value);
  return true;
}

static const struct {
  bool (*check) (const char *value, char **canonical);
  const char *wanted;
} kinds[] = {
  [FIELD_TEXT] = { is_text, "" },
  [FIELD_EMAIL] = { is_email, "an email address such as name@example.org" },
  [FIELD_PHONE] = { is_phone, "a phone number with area code" },
  [FIELD_YES_NO] = { form_is_yes_no, "yes or no" },
  [FIELD_DATE] = { is_text, "" },
  [FIELD_NUMBER] = { is_number, "a number" },
  [FIELD_BLOCK] = { is_text, "" },
};

static void
judge (FormReading *reading, const Slot *slot)
{
  const ProgramField *field = slot->field;
  g_autofree char *canonical = NULL;

  if (slot->value == NULL)
    {
      if (field->required)
        g_ptr_array_add (reading->problems, g_strdup_printf ("%s is missing.", field->label));
      return;
    }
  if (slot->other != NULL)
    {
      g_ptr_array_add (reading->problems, g_strdup_printf ("%s was given twice: \"%s\" and \"%s\". Which one is right?",
                                                           field->label, slot->value, slot->other));
      return;
    }
  if (!kinds[field->kind].check (slot->value, &canonical))
    {
      /* People quote this sentence when they reply: it must not look like a filled line of the form. */
      g_ptr_array_add (reading->problems, g_strdup_printf ("\"%s\" is not %s (%s).", slot->value,
                                                           kinds[field->kind].wanted, field->label));
      return;
    }
  g_hash_table_insert (reading->values, g_strdup (field->name), g_steal_pointer (&canonical));
}

FormReading *
form_read (const ProgramForm *form, const char *text)
{
  FormReading *reading = g_new0 (FormReading, 1);
  g_autofree Slot *slots = g_new0 (Slot, form->fields->len);
  g_autoptr (GString) value = g_string_new (NULL);
  Scan scan = { .form = form, .slots = slots, .text = value };
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  reading->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  reading->problems = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < form->fields->len; i++)
    slots[i].field = form->fields->pdata[i];
  for (char **line = lines; *line != NULL; line++)
    scan_line (&scan, *line);
  close_slot (&scan);
  for (guint i = 0; i < form->fields->len; i++)
    {
      reading->n_labels += slots[i].seen;
      reading->n_values += slots[i].value != NULL;
      judge (reading, &slots[i]);
      g_free (slots[i].value);
      g_free (slots[i].other);
    }
  return reading;
}

void
form_reading_free (FormReading *reading)
{
  if (reading == NULL)
    return;
  g_hash_table_unref (reading->values);
  g_ptr_array_unref (reading->problems);
  g_free (reading);
}

bool
form_is_there (const ProgramForm *form, const FormReading *reading)
{
  return reading->n_labels >= MIN (3, form->fields->len) && reading->n_labels * 3 >= form->fields->len;
}

char *
form_blank (const ProgramForm *form, GHashTable *values)
{
  GString *text = g_string_new (NULL);

  for (char **line = form->authority; line != NULL && *line != NULL; line++)
    g_string_append_printf (text, "%s\n", *line);
  if (text->len > 0)
    g_string_append_c (text, '\n');
  for (guint i = 0; i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];
      const char *value = values != NULL ? g_hash_table_lookup (values, field->name) : NULL;

      g_string_append (text, field->label);
      if (field->hint != NULL && field->hint[0] != '\0')
        g_string_append_printf (text, " (%s)", field->hint);
      g_string_append_printf (text, ": %s\n", value != NULL ? value : "");
    }
  return g_string_free (text, FALSE);
}
