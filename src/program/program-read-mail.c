/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads what goes out and comes in by mail: notices, triage rules; forms are in
 * program-read-form.c.
 */
#include "program/program-private.h"

#include <string.h>

#include "base/fold.h"

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

static Confidence
read_confidence (const char *word)
{
  Confidence c = CONFIDENCE_REQUIRED;

  while (c > CONFIDENCE_NO && strcmp (program_confidence_name (c), word) != 0)
    c--;
  return c;
}

static ProgramNotice *
read_notice (ProgramReader *r, const ConfNode *node)
{
  ProgramNotice *notice = g_new0 (ProgramNotice, 1);

  notice->place = program_place (node);
  notice->name = g_strdup (conf_title (node));
  notice->to = g_strdupv ((char **) conf_list (node, "to"));
  notice->form = g_strdup (conf_string (node, "form"));
  notice->attach = g_strdup (conf_string (node, "attach"));
  notice->confidential = read_confidence (conf_string (node, "confidential"));
  notice->calendar = g_strdup (conf_string (node, "calendar"));
  notice->next_contact = strcmp (conf_string (node, "if-it-fails"), "next-contact") == 0;
  notice->fields = g_strdupv ((char **) conf_list (node, "fields"));
  program_refer_all (r, node, "to", "audience", r->audiences);
  read_promise (r, node, notice);
  program_refer (r, node, "calendar", notice->calendar, "timer", r->timers);
  program_refer (r, node, "form", notice->form, "form", r->forms);
  if (notice->to[0] == NULL)
    program_mistake (r, node, "to", "notice \"%s\" goes to nobody; write to = { applicant }",
                     notice->name);
  if (notice->next_contact && !g_strv_contains ((const char *const *) notice->to, "applicant")
      && !g_strv_contains ((const char *const *) notice->to, "sender"))
    program_mistake (r, node, "if-it-fails",
                     "notice \"%s\" goes to no contact; leave if-it-fails away", notice->name);
  return notice;
}

/* Phrases as they are looked for: without case. */
static char **
read_phrases (const ConfNode *node, const char *option)
{
  char **phrases = g_strdupv ((char **) conf_list (node, option));

  for (char **phrase = phrases; *phrase != NULL; phrase++)
    {
      char *folded = fold_case (*phrase);

      g_free (*phrase);
      *phrase = folded;
    }
  return phrases;
}

static ProgramIdentifier *
read_identifier (ProgramReader *r, const ConfNode *node)
{
  ProgramIdentifier *identifier = g_new0 (ProgramIdentifier, 1);
  gsize n;

  identifier->place = program_place (node);
  identifier->name = g_strdup (conf_title (node));
  identifier->title = g_strdup (conf_string (node, "title"));
  identifier->pattern = g_strdup (conf_string (node, "pattern"));
  identifier->letters = g_ascii_strup (conf_string (node, "letters"), -1);
  identifier->near = g_strdupv ((char **) conf_list (node, "near"));
  identifier->names = g_strdupv ((char **) conf_list (node, "names"));
  identifier->digests = g_strdupv ((char **) conf_list (node, "digests"));
  identifier->impossible = g_strdupv ((char **) conf_list (node, "impossible"));
  identifier->samples = g_strdupv ((char **) conf_list (node, "samples"));
  n = strlen (identifier->pattern);
  n -= n > 0 && identifier->pattern[n - 1] == '?';
  if (n < 6 || n > 40 || strspn (identifier->pattern, "91AX-") != n || identifier->pattern[0] == '-'
      || identifier->pattern[n - 1] == '-')
    program_mistake (
      r, node, "pattern",
      "\"%s\" is no pattern of 6 to 40 places; write such as \"999-99-9999\" (places: 9 1 A X -)",
      identifier->pattern);
  return identifier;
}

static ProgramTriageRule *
read_rule (ProgramReader *r, const ConfNode *node)
{
  ProgramTriageRule *rule = g_new0 (ProgramTriageRule, 1);

  rule->place = program_place (node);
  rule->name = g_strdup (conf_title (node));
  rule->mailbox = g_strdup (conf_string (node, "mailbox"));
  rule->from = g_strdup (conf_string (node, "from"));
  rule->identifiers = g_strdupv ((char **) conf_list (node, "identifiers"));
  rule->subject = read_phrases (node, "subject");
  rule->words = read_phrases (node, "words");
  rule->alone = read_phrases (node, "alone");
  rule->own_data = conf_bool (node, "own-data");
  rule->answer = g_strdup (conf_string (node, "answer"));
  rule->category = g_strdup (conf_string (node, "category"));
  rule->hold = conf_bool (node, "hold");
  rule->beside_case = conf_bool (node, "beside-case");
  rule->open = g_strdup (conf_string (node, "open"));
  rule->open_stranger = g_strdup (conf_string (node, "open-stranger"));
  program_refer (r, node, "open", rule->open, "case type", r->case_types);
  program_refer (r, node, "open-stranger", rule->open_stranger, "case type", r->case_types);
  rule->reason = g_strdup (conf_string (node, "reason"));
  program_refer (r, node, "answer", rule->answer, "notice", r->notices);
  if (rule->answer == NULL && !rule->hold && rule->open == NULL && rule->open_stranger == NULL)
    program_mistake (
      r, node, NULL,
      "rule \"%s\" does nothing; write answer = \"NOTICE\", open = \"CASE-TYPE\" or hold = true",
      rule->name);
  if (rule->hold && rule->reason == NULL)
    program_mistake (r, node, "hold",
                     "rule \"%s\" holds mail without saying why; write reason = \"...\"",
                     rule->name);
  if (rule->beside_case
      && (!rule->hold || rule->words == NULL || rule->words[0] == NULL || rule->from != NULL))
    program_mistake (r, node, "beside-case",
                     "rule \"%s\" needs hold = true and words = {\"...\"}, and no from",
                     rule->name);
  return rule;
}

void
program_read_mail (ProgramReader *r)
{
  const ConfNode *node;

  r->program->forms = g_ptr_array_new_with_free_func (program_form_free);
  for (guint i = 0; (node = conf_section (r->root, "form", i)) != NULL; i++)
    g_ptr_array_add (r->program->forms, program_read_form (r, node));
  r->program->notices = g_ptr_array_new_with_free_func (program_notice_free);
  for (guint i = 0; (node = conf_section (r->root, "notice", i)) != NULL; i++)
    g_ptr_array_add (r->program->notices, read_notice (r, node));
  r->program->identifiers = g_ptr_array_new_with_free_func (program_identifier_free);
  for (guint i = 0; (node = conf_section (r->root, "identifier", i)) != NULL; i++)
    g_ptr_array_add (r->program->identifiers, read_identifier (r, node));
  g_autofree const char **identifiers = program_titles (r->root, "identifier");
  for (guint i = 0; (node = conf_section (r->root, "rule", i)) != NULL; i++)
    program_refer_all (r, node, "identifiers", "identifier", identifiers);
  r->program->triage = g_ptr_array_new_with_free_func (program_rule_free);
  for (guint i = 0; (node = conf_section (r->root, "rule", i)) != NULL; i++)
    g_ptr_array_add (r->program->triage, read_rule (r, node));
}
