/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Guards: what must hold before a transition, each a row of one table.
 */
#include <string.h>

#include "case/case-private.h"

bool
case_is_asked (const Case *c, const ProgramElement *element)
{
  const char *space = element->unless != NULL ? strchr (element->unless, ' ') : NULL;

  if (space == NULL)
    return true;
  g_autofree char *field = g_strndup (element->unless, space - element->unless);
  return g_strcmp0 (g_hash_table_lookup (c->fields, field), space + 1) != 0;
}

static void
missing_clear (gpointer data)
{
  g_free (((CaseMissing *) data)->why);
}

/* Of several files of one document every one has to count. */
static void
add_unsigned (const Program *program, const Case *c, const ProgramElement *element,
              const ProgramDocument *document, GArray *missing)
{
  for (guint i = 0; i < c->documents->len; i++)
    {
      const CaseDocument *file = c->documents->pdata[i];

      if (file->status != DOCUMENT_CURRENT || strcmp (file->element, element->name) != 0
          || strcmp (file->name, document->name) != 0)
        continue;
      CaseMissing gap = { element, document, case_signature_gap (program, c, document, file),
                          document->per_party ? file->party : NULL };
      if (gap.why != NULL)
        g_array_append_val (missing, gap);
    }
}

GArray *
case_missing (const Program *program, const Case *c, const char *group, gint64 now)
{
  GArray *missing = g_array_new (FALSE, FALSE, sizeof (CaseMissing));

  g_array_set_clear_func (missing, missing_clear);
  const ProgramEdition *edition = program_edition (program, c->edition);

  for (guint i = 0; edition != NULL && group != NULL && i < edition->elements->len; i++)
    {
      const ProgramElement *element = edition->elements->pdata[i];

      if (g_strcmp0 (element->group, group) != 0 || !case_is_asked (c, element))
        continue;
      for (guint j = 0; j < element->documents->len; j++)
        {
          const ProgramDocument *document = element->documents->pdata[j];

          if (document->required)
            case_add_missing (program, c, element, document, now, missing);
          if (document->signed_by != NULL)
            add_unsigned (program, c, element, document, missing);
        }
    }
  return missing;
}

static bool
documents_complete (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  g_autoptr (GArray) missing =
    case_missing (step->program, step->c, case_group (step, case_value (term, 0)), step->now);

  for (guint i = 0; i < missing->len; i++)
    {
      const CaseMissing *m = &g_array_index (missing, CaseMissing, i);
      g_autofree char *title = words_term (m->element->title),
                      *document = words_term (m->document->title);

      if (m->why != NULL)
        g_ptr_array_add (obstacles, words_say ("%s %s: %s", m->element->name, title, m->why));
      else if (m->party != NULL && step->c->parties->len > 0)
        g_ptr_array_add (obstacles,
                         words_say ("%s %s: %s of %s is missing", m->element->name, title, document,
                                    case_party_title (step->c, m->party)));
      else
        g_ptr_array_add (obstacles,
                         words_say ("%s %s: %s is missing", m->element->name, title, document));
    }
  return missing->len == 0;
}

static bool
no_unclear_document (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  bool good = true;

  for (guint i = 0; i < step->c->documents->len; i++)
    {
      const CaseDocument *document = step->c->documents->pdata[i];

      if (document->status != DOCUMENT_UNCLEAR)
        continue;
      g_ptr_array_add (obstacles, words_say ("it is not clear what %s is", document->file));
      good = false;
    }
  return good;
}

typedef bool (*FindingTest) (const CaseStep *step, const CaseFinding *finding);

static bool
each_finding (const CaseStep *step, const ProgramTerm *term, FindingTest test, const char *what,
              GPtrArray *obstacles)
{
  const char *group = case_group (step, case_value (term, 0));
  bool good = true;

  for (guint i = 0; group != NULL && step->edition != NULL && i < step->edition->elements->len; i++)
    {
      const ProgramElement *element = step->edition->elements->pdata[i];
      const CaseFinding *finding = case_finding (step->c, element->name);

      if (g_strcmp0 (element->group, group) != 0 || !case_is_asked (step->c, element)
          || test (step, finding))
        continue;
      g_autofree char *title = words_term (element->title);
      g_ptr_array_add (obstacles,
                       words_say_list (what, (const char *const[]){ element->name, title, NULL }));
      good = false;
    }
  return good;
}

static bool
is_made (const CaseStep *step, const CaseFinding *finding)
{
  return finding != NULL;
}

static bool
is_passing (const CaseStep *step, const CaseFinding *finding)
{
  return finding != NULL
         && g_strv_contains ((const char *const *) step->edition->passing, finding->value);
}

static bool
findings_complete (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  return each_finding (step, term, is_made, "%s %s has no finding yet", obstacles);
}

static bool
findings_passing (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  return each_finding (step, term, is_passing, "%s %s has no passing finding", obstacles);
}

static bool
no_open_clarification (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  bool good = true;

  for (guint i = 0; i < step->c->clarifications->len; i++)
    {
      const CaseClarification *clarification = step->c->clarifications->pdata[i];

      if (!clarification->open)
        continue;
      g_ptr_array_add (obstacles, words_say ("the clarification about %s is still open",
                                                   clarification->element));
      good = false;
    }
  return good;
}

static bool
extensions_below (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  int limit = atoi (case_value (term, 0));

  for (guint i = 0; step->event != NULL && i < step->c->clarifications->len; i++)
    {
      const CaseClarification *clarification = step->c->clarifications->pdata[i];

      if (clarification->open && g_strcmp0 (clarification->element, step->event->element) == 0
          && clarification->extended >= limit)
        {
          g_ptr_array_add (obstacles,
                           words_say ("the clarification about %s was extended %d times; "
                                      "%d is the limit",
                                      clarification->element, clarification->extended, limit));
          return false;
        }
    }
  return true;
}

static const char *
field (const CaseStep *step, const ProgramTerm *term)
{
  const char *value = g_hash_table_lookup (step->c->fields, case_value (term, 0));

  return value != NULL ? value : "";
}

static bool
field_is (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  g_autofree char *label = words_term (case_label (step, case_value (term, 0)));
  const char *want = case_value (term, 1), *have = field (step, term);
  bool good = have[0] != '\0' && (want == NULL || strcmp (have, want) == 0);

  if (!good)
    g_ptr_array_add (obstacles, want == NULL ? words_say ("'%s' is not known yet", label)
                                             : words_say ("'%s' is not '%s'", label, want));
  return (want != NULL || case_parties_have (step, case_value (term, 0), obstacles)) && good;
}

static bool
field_is_not (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  g_autofree char *label = words_term (case_label (step, case_value (term, 0)));
  const char *want = case_value (term, 1), *have = field (step, term);
  bool good = want == NULL ? have[0] == '\0' : strcmp (have, want) != 0;

  if (!good)
    g_ptr_array_add (obstacles, want == NULL ? words_say ("'%s' is known already: %s", label, have)
                                             : words_say ("'%s' is '%s'", label, want));
  return good;
}

static bool
runs (const CaseStep *step, const char *name)
{
  for (guint i = 0; i < step->c->timers->len; i++)
    {
      const CaseTimer *timer = step->c->timers->pdata[i];

      if (timer->parent == 0 && strcmp (timer->name, name) == 0)
        return true;
    }
  return false;
}

/* What the timer is about, for people. */
static char *
timer_title (const CaseStep *step, const char *name)
{
  const ProgramTimer *def = program_timer (step->type, step->state, name);

  return words_term (def != NULL && def->title != NULL ? def->title : name);
}

static bool
timer_runs (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  const char *name = case_value (term, 0);

  if (runs (step, name))
    return true;
  g_autofree char *title = timer_title (step, name);
  g_ptr_array_add (obstacles, words_say ("no date is set for: %s", title));
  return false;
}

static bool
no_timer (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  const char *name = case_value (term, 0);

  if (!runs (step, name))
    return true;
  g_autofree char *title = timer_title (step, name);
  g_ptr_array_add (obstacles, words_say ("this date has not come yet: %s", title));
  return false;
}

static bool
form_complete (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  const ProgramForm *form = program_form (step->program, case_value (term, 0));
  g_autofree char *field = g_strconcat ("form ", case_value (term, 0), NULL);

  if (g_hash_table_contains (step->c->fields, field))
    return true;
  g_autofree char *title = words_term (form->title);
  g_ptr_array_add (obstacles, words_say ("the form \"%s\" has not come in complete", title));
  return false;
}

/* Whoever only asks what stands in the way is not told of it: it is for the command to bring. */
static bool
reason_given (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  bool given = step->event == NULL || (step->event->text != NULL && step->event->text[0] != '\0');

  if (!given)
    g_ptr_array_add (obstacles, g_strdup ("it needs a reason, behind the command or below it"));
  return given;
}

typedef struct {
  CaseGuardTest test;
} Guard;

/* The two tables below go together, row by row. */
const ProgramWord case_guard_words[] = {
  { "documents complete",    "group",  true,  "every required document of the group (or the state's) is on file" },
  { "no unclear document",   NULL,     false, "for every file received it is clear which document it is" },
  { "findings complete",     "group",  true,  "every element of the group has a finding" },
  { "findings passing",      "group",  true,  "every element of the group has a finding that lets it pass" },
  { "no open clarification", NULL,     false, "no question to the applicant is open" },
  { "extensions below",      "number", false, "the element's open clarification was extended fewer times than this" },
  { "field is",              "field text", false, "the field has the value named after it" },
  { "field",                 "field",  false, "the field is known; one kept per party, of each party with access, too" },
  { "field",                 "field text", false, "the field has the value named after it" },
  { "no field",              "field",  false, "the field is not known" },
  { "no field",              "field text", false, "the field does not have the value named after it" },
  { "date",                  "date 'reached'", false, "the date in the field is today or has passed" },
  { "date",                  "date 'at' 'least' span 'after' day", false,
    "the date is that much later than another (a field or today), or more" },
  { "date",                  "date 'at' 'least' span 'before' day", false,
    "the date is that much earlier than another (a field or today), or more" },
  { "timer",                 "timer 'runs'", false, "the timer has started, and neither came due nor was stopped" },
  { "no timer",              "timer",  false, "the timer does not run" },
  { "case",                  "case-type", false, "an open case of that type runs for the organization" },
  { "case",                  "case-type 'in' states", false, "a case of that type is in one of these states" },
  { "no case",               "case-type", false, "no open case of that type runs for the organization" },
  { "no case",               "case-type 'in' states", false, "no case of that type is in any of these states" },
  { "parties complete", "group", false, "each party with access, and the organization itself, has on file what is asked per party" },
  { "form complete",         "form",   false, "the form has come in, complete, at some time" },
  { "reason given",          NULL,     false, "whoever writes the command says why" },
  { NULL },
};

static const Guard guards[] = {
  { documents_complete }, { no_unclear_document }, { findings_complete }, { findings_passing },
  { no_open_clarification }, { extensions_below }, { field_is }, { field_is }, { field_is }, { field_is_not },
  { field_is_not }, { case_date_reached }, { case_date_after }, { case_date_before }, { timer_runs }, { no_timer },
  { case_is_there }, { case_is_there }, { case_is_not_there }, { case_is_not_there },
  { case_parties_complete }, { form_complete }, { reason_given },
};

G_STATIC_ASSERT (G_N_ELEMENTS (guards) == G_N_ELEMENTS (case_guard_words) - 1);

bool
case_guard_holds (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  return guards[term->index].test (step, term, obstacles);
}
