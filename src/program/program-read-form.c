/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads forms: their fields, what may stand in them, and where they are found in files.
 */
#include "program/program-private.h"

#include <string.h>

#include "base/fold.h"

FieldKind
program_read_kind (const char *word)
{
  FieldKind kind = FIELD_TEXT;

  while (kind < FIELD_PARTIES && strcmp (program_field_kinds[kind], word) != 0)
    kind++;
  return kind;
}

static ProgramField *
read_field (const ConfNode *node)
{
  ProgramField *field = g_new0 (ProgramField, 1);

  field->place = program_place (node);
  field->name = g_strdup (conf_title (node));
  field->label = g_strdup (conf_string (node, "label"));
  field->hint = g_strdup (conf_string (node, "hint"));
  field->aliases = g_strdupv ((char **) conf_list (node, "aliases"));
  field->kind = program_read_kind (conf_string (node, "kind"));
  field->required = conf_bool (node, "required");
  field->maps = g_strdup (conf_string (node, "maps"));
  field->tab = g_strdup (conf_string (node, "tab"));
  field->choices = g_strdupv ((char **) conf_list (node, "choices"));
  field->equals = g_strdup (conf_string (node, "equals"));
  field->not_before = g_strdup (conf_string (node, "not-before"));
  field->not_after = g_strdup (conf_string (node, "not-after"));
  return field;
}

/* --- what may stand in a field ------------------------------------------------------ */

static void
read_limit (ProgramReader *r, const ConfNode *node, const ProgramField *field, const char *option,
            bool *has, double *limit)
{
  const char *text = conf_string (node, option);
  char *end;

  if (text == NULL)
    return;
  *has = true;
  *limit = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0')
    program_mistake (r, node, option, "\"%s\" is not a number; write %s = 0", text, option);
  else if (field->kind != FIELD_NUMBER)
    program_mistake (r, node, option, "only a number has a limit; write kind = number");
}

static bool
names_field (const ProgramForm *form, const char *name, FieldKind kind)
{
  const ProgramField *field = program_form_field (form, name);

  return field != NULL && field->kind == kind;
}

static bool
is_iso_date (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *whole = g_strconcat (text, "T00:00:00", NULL);
  g_autoptr (GDateTime) date =
    strlen (text) == 10 ? g_date_time_new_from_iso8601 (whole, utc) : NULL;

  return date != NULL;
}

/* FORM holds the fields above this one. */
static void
check_day (ProgramReader *r, const ConfNode *node, const ProgramForm *form,
           const ProgramField *field, const char *option, const char *day)
{
  if (day == NULL)
    return;
  if (field->kind != FIELD_DATE)
    program_mistake (r, node, option, "only a date is early or late; write kind = date");
  else if (g_str_has_prefix (day, "field ")
             ? !names_field (form, day + strlen ("field "), FIELD_DATE)
             : strcmp (day, "today") != 0 && !is_iso_date (day))
    program_mistake (
      r, node, option,
      "\"%s\" is no day; write \"today\", \"2027-03-01\" or \"field NAME\" of a date above", day);
}

static void
check_equals (ProgramReader *r, const ConfNode *node, const char *equals)
{
  if (equals != NULL && strcmp (equals, "organization") != 0
      && (!g_str_has_prefix (equals, "case ") || equals[strlen ("case ")] == '\0'))
    program_mistake (r, node, "equals",
                     "\"%s\" is nothing a case says; write \"case FIELD\" or \"organization\"",
                     equals);
}

/* What a spreadsheet takes as a name. */
static void
check_tab (ProgramReader *r, const ConfNode *node, const char *tab)
{
  if (tab != NULL
      && (*tab == '\0' || g_utf8_strlen (tab, -1) > 31 || strpbrk (tab, "[]:*?/\\'") != NULL))
    program_mistake (r, node, "tab",
                     "\"%s\" cannot be a tab; write at most 31 characters, and none of []:*?/\\'",
                     tab);
}

static void
check_answers (ProgramReader *r, const ConfNode *node, const ProgramForm *form, ProgramField *field)
{
  read_limit (r, node, field, "min", &field->has_min, &field->min);
  read_limit (r, node, field, "max", &field->has_max, &field->max);
  if (field->has_min && field->has_max && field->min > field->max)
    program_mistake (r, node, "max",
                     "it is less than min, so that no number fits; write a larger one");
  check_day (r, node, form, field, "not-before", field->not_before);
  check_day (r, node, form, field, "not-after", field->not_after);
  check_equals (r, node, field->equals);
  check_tab (r, node, field->tab);
  if (field->choices[0] != NULL && field->kind != FIELD_TEXT)
    program_mistake (r, node, "choices", "choices are texts; leave kind or choices out");
}

/* --- labels -------------------------------------------------------------------------- */

/* The field of FORM that LABEL already names, or NULL. */
static const ProgramField *
field_called (const ProgramForm *form, const char *label)
{
  g_autofree char *folded = fold_case (label);

  for (guint i = 0; i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];
      g_autofree char *own = fold_case (field->label);

      if (strcmp (own, folded) == 0)
        return field;
      for (char **alias = field->aliases; *alias != NULL; alias++)
        {
          g_autofree char *other = fold_case (*alias);

          if (strcmp (other, folded) == 0)
            return field;
        }
    }
  return NULL;
}

static void
check_label (ProgramReader *r, const ConfNode *node, const ProgramForm *form, const char *option,
             const char *label)
{
  const ProgramField *other = field_called (form, label);

  if (*label == '\0' || strpbrk (label, ":\n") != NULL)
    program_mistake (r, node, option, "\"%s\" cannot be a label; write words without a colon",
                     label);
  else if (other != NULL)
    program_mistake (r, node, option, "\"%s\" already names the field '%s'; write another label",
                     label, other->name);
}

static void
note_label (ProgramForm *form, const char *label)
{
  g_hash_table_add (form->label_words, fold_first_word (label, strlen (label)));
}

static void
note_labels (ProgramForm *form)
{
  form->label_words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];

      note_label (form, field->label);
      for (char **alias = field->aliases; *alias != NULL; alias++)
        note_label (form, *alias);
    }
}

ProgramForm *
program_read_form (ProgramReader *r, const ConfNode *node)
{
  ProgramForm *form = g_new0 (ProgramForm, 1);
  const ConfNode *field;

  form->place = program_place (node);
  form->name = g_strdup (conf_title (node));
  form->title = g_strdup (conf_string (node, "title"));
  form->opens = g_strdup (conf_string (node, "opens"));
  form->stranger = strcmp (conf_string (node, "from"), "member") != 0;
  form->one_line = conf_bool (node, "one-line");
  form->member = strcmp (conf_string (node, "from"), "stranger") != 0;
  form->event = g_strdup (conf_string (node, "event"));
  form->edition = g_strdup (conf_string (node, "edition"));
  form->blanks = g_strdupv ((char **) conf_list (node, "blanks"));
  for (char **blank = form->blanks; *blank != NULL; blank++)
    program_check_template (r, node, "blanks", *blank);
  form->authority = g_strdupv ((char **) conf_list (node, "authority"));
  form->fields = g_ptr_array_new_with_free_func (program_field_free);
  program_refer (r, node, "opens", form->opens, "case type", r->case_types);
  program_refer (r, node, "event", form->event, "event", r->event_words);
  for (guint i = 0; (field = conf_section (node, "field", i)) != NULL; i++)
    {
      check_label (r, field, form, "label", conf_string (field, "label"));
      for (const char *const *alias = conf_list (field, "aliases"); *alias != NULL; alias++)
        check_label (r, field, form, "aliases", *alias);
      ProgramField *read = read_field (field);
      check_answers (r, field, form, read);
      g_ptr_array_add (form->fields, read);
    }
  note_labels (form);
  return form;
}
