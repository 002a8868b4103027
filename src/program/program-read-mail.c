/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads what goes out and comes in by mail: forms, notices, triage rules.
 */
#include "program/program-private.h"

#include <string.h>

/* --- forms ----------------------------------------------------------------- */

static FieldKind
read_kind (const char *word)
{
  FieldKind kind = FIELD_TEXT;

  while (kind < FIELD_BLOCK && strcmp (program_field_kinds[kind], word) != 0)
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
  field->kind = read_kind (conf_string (node, "kind"));
  field->required = conf_bool (node, "required");
  field->maps = g_strdup (conf_string (node, "maps"));
  return field;
}

/* The field of FORM that LABEL already names, or NULL. */
static const ProgramField *
field_called (const ProgramForm *form, const char *label)
{
  g_autofree char *folded = g_utf8_casefold (label, -1);

  for (guint i = 0; i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];
      g_autofree char *own = g_utf8_casefold (field->label, -1);

      if (strcmp (own, folded) == 0)
        return field;
      for (char **alias = field->aliases; *alias != NULL; alias++)
        {
          g_autofree char *other = g_utf8_casefold (*alias, -1);

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

static ProgramForm *
read_form (ProgramReader *r, const ConfNode *node)
{
  ProgramForm *form = g_new0 (ProgramForm, 1);
  const ConfNode *field;

  form->place = program_place (node);
  form->name = g_strdup (conf_title (node));
  form->title = g_strdup (conf_string (node, "title"));
  form->opens = g_strdup (conf_string (node, "opens"));
  form->event = g_strdup (conf_string (node, "event"));
  form->authority = g_strdupv ((char **) conf_list (node, "authority"));
  form->fields = g_ptr_array_new_with_free_func (program_field_free);
  program_refer (r, node, "opens", form->opens, "case type", r->case_types);
  program_refer (r, node, "event", form->event, "event", r->event_words);
  for (guint i = 0; (field = conf_section (node, "field", i)) != NULL; i++)
    {
      check_label (r, field, form, "label", conf_string (field, "label"));
      for (const char *const *alias = conf_list (field, "aliases"); *alias != NULL; alias++)
        check_label (r, field, form, "aliases", *alias);
      g_ptr_array_add (form->fields, read_field (field));
    }
  return form;
}

/* --- notices and rules ----------------------------------------------------- */

static void
read_promise (ProgramReader *r, const ConfNode *node, ProgramNotice *notice)
{
  const char *text = conf_string (node, "promise");
  g_autoptr (GError) error = NULL;

  notice->promises = text != NULL && span_parse (text, &notice->promise, &error);
  if (error != NULL)
    program_mistake (r, node, "promise", "%s", error->message);
}

static ProgramNotice *
read_notice (ProgramReader *r, const ConfNode *node)
{
  ProgramNotice *notice = g_new0 (ProgramNotice, 1);

  notice->place = program_place (node);
  notice->name = g_strdup (conf_title (node));
  notice->to = g_strdupv ((char **) conf_list (node, "to"));
  notice->attach = g_strdup (conf_string (node, "attach"));
  notice->calendar = g_strdup (conf_string (node, "calendar"));
  program_refer_all (r, node, "to", "audience", r->audiences);
  read_promise (r, node, notice);
  program_refer (r, node, "calendar", notice->calendar, "timer", r->timers);
  if (notice->to[0] == NULL)
    program_mistake (r, node, "to", "notice \"%s\" goes to nobody; write to = { applicant }",
                     notice->name);
  return notice;
}

static ProgramTriageRule *
read_rule (ProgramReader *r, const ConfNode *node)
{
  ProgramTriageRule *rule = g_new0 (ProgramTriageRule, 1);

  rule->place = program_place (node);
  rule->name = g_strdup (conf_title (node));
  rule->mailbox = g_strdup (conf_string (node, "mailbox"));
  rule->from = g_strdup (conf_string (node, "from"));
  rule->subject = g_strdupv ((char **) conf_list (node, "subject"));
  rule->words = g_strdupv ((char **) conf_list (node, "words"));
  rule->answer = g_strdup (conf_string (node, "answer"));
  rule->hold = conf_bool (node, "hold");
  rule->reason = g_strdup (conf_string (node, "reason"));
  program_refer (r, node, "answer", rule->answer, "notice", r->notices);
  if (rule->answer == NULL && !rule->hold)
    program_mistake (r, node, NULL,
                     "rule \"%s\" does nothing; write answer = \"NOTICE\" or hold = true",
                     rule->name);
  if (rule->hold && rule->reason == NULL)
    program_mistake (r, node, "hold",
                     "rule \"%s\" holds mail without saying why; write reason = \"...\"",
                     rule->name);
  return rule;
}

void
program_read_mail (ProgramReader *r)
{
  const ConfNode *node;

  r->program->forms = g_ptr_array_new_with_free_func (program_form_free);
  for (guint i = 0; (node = conf_section (r->root, "form", i)) != NULL; i++)
    g_ptr_array_add (r->program->forms, read_form (r, node));
  r->program->notices = g_ptr_array_new_with_free_func (program_notice_free);
  for (guint i = 0; (node = conf_section (r->root, "notice", i)) != NULL; i++)
    g_ptr_array_add (r->program->notices, read_notice (r, node));
  r->program->triage = g_ptr_array_new_with_free_func (program_rule_free);
  for (guint i = 0; (node = conf_section (r->root, "rule", i)) != NULL; i++)
    g_ptr_array_add (r->program->triage, read_rule (r, node));
}
