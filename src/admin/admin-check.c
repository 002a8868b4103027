/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Definition and templates: does each know what the other names?
 */
#include "admin/admin-check.h"

#include <string.h>

#include "config/conf.h"
#include "outbox/outbox.h"

static const char **
known_names (const TemplateWord *words)
{
  GPtrArray *names = g_ptr_array_new ();

  for (; words->name != NULL; words++)
    g_ptr_array_add (names, (gpointer) words->name);
  g_ptr_array_add (names, NULL);
  return (const char **) g_ptr_array_free (names, FALSE);
}

static void
check_words (const TemplateSet *templates, const char *dir, GPtrArray *findings)
{
  g_autoptr (GPtrArray) unknown = template_unknown_words (templates, outbox_words);
  g_autofree const char **known = known_names (outbox_words);

  for (guint i = 0; i < unknown->len; i++)
    {
      const TemplateUnknown *u = unknown->pdata[i];
      g_autofree char *file = g_build_filename (dir, u->file, NULL),
                      *hint = conf_suggest (u->name, known);

      if (u->list)
        conf_mistake (findings, file, u->line, "'%s' is not used as what it is: a list is written "
                      "{{for row in %s}} ... {{end}}, anything else {{NAME}}", u->name, u->name);
      else
        conf_mistake (findings, file, u->line, "there is no field '%s'%s", u->name,
                      strlen (hint) < 200 ? hint : "; qecp program show fields lists them");
    }
}

static void
add_all (GHashTable *names, char **notices)
{
  for (; notices != NULL && *notices != NULL; notices++)
    g_hash_table_add (names, g_strdup (*notices));
}

static void
add_sent_by (GHashTable *names, const GPtrArray *transitions, const GPtrArray *timers)
{
  for (guint i = 0; i < transitions->len; i++)
    {
      const ProgramTransition *t = transitions->pdata[i];

      add_all (names, t->notices);
      /* What is said when the word could not happen. */
      g_hash_table_add (names, g_strconcat (t->event, "-refused", NULL));
    }
  for (guint i = 0; i < timers->len; i++)
    {
      const GPtrArray *reminders = ((const ProgramTimer *) timers->pdata[i])->reminders;

      for (guint k = 0; k < reminders->len; k++)
        g_hash_table_add (names,
                          g_strdup (((const ProgramReminder *) reminders->pdata[k])->notice));
    }
}

static bool
wants_signatures (const Program *program)
{
  for (guint i = 0; i < program->editions->len; i++)
    {
      const ProgramEdition *edition = program->editions->pdata[i];

      for (guint k = 0; k < edition->elements->len; k++)
        {
          const GPtrArray *documents =
            ((const ProgramElement *) edition->elements->pdata[k])->documents;

          for (guint d = 0; d < documents->len; d++)
            if (((const ProgramDocument *) documents->pdata[d])->signed_by != NULL)
              return true;
        }
    }
  return false;
}

static bool
opens_further_cases (const Program *program)
{
  for (guint i = 0; i < program->forms->len; i++)
    {
      const ProgramForm *form = program->forms->pdata[i];

      if (form->opens != NULL && form->member)
        return true;
    }
  return false;
}

static bool
somebody_may_search (const Program *program)
{
  for (guint i = 0; i < program->roles->len; i++)
    {
      const ProgramRole *role = program->roles->pdata[i];

      if (role->commands != NULL
          && g_strv_contains ((const char *const *) role->commands, "search"))
        return true;
    }
  return false;
}

static bool
is_needed (const Program *program, const OutboxOwnNotice *own)
{
  return own->when == OWN_ALWAYS || (own->when == OWN_WITH_ARTICLES && program->articles->len > 0)
         || (own->when == OWN_WITH_CATEGORIES && program->categories->len > 0)
         || (own->when == OWN_WITH_SEARCH && somebody_may_search (program))
         || (own->when == OWN_WITH_SIGNATURES && wants_signatures (program))
         || (own->when == OWN_WITH_FURTHER_CASES && opens_further_cases (program));
}

/* Names of all notices that something sends. */
static GHashTable *
sent_notices (const Program *program)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < program->case_types->len; i++)
    {
      const ProgramCaseType *type = program->case_types->pdata[i];

      add_sent_by (names, type->transitions, type->timers);
      for (guint k = 0; k < type->states->len; k++)
        add_sent_by (names, ((const ProgramState *) type->states->pdata[k])->transitions,
                     ((const ProgramState *) type->states->pdata[k])->timers);
    }
  for (guint i = 0; i < program->triage->len; i++)
    {
      const char *answer = ((const ProgramTriageRule *) program->triage->pdata[i])->answer;

      if (answer != NULL)
        g_hash_table_add (names, g_strdup (answer));
    }
  for (guint i = 0; i < program->digests->len; i++)
    g_hash_table_add (names,
                      g_strdup (((const ProgramDigest *) program->digests->pdata[i])->notice));
  if (program->held.half != NULL)
    g_hash_table_add (names, g_strdup (program->held.half));
  if (program->held.over != NULL)
    g_hash_table_add (names, g_strdup (program->held.over));
  /* One that is not needed yet, such as for the day a document is to be signed, is no mistake. */
  for (const OutboxOwnNotice *own = outbox_own_notices; own->name != NULL; own++)
    g_hash_table_add (names, g_strdup (own->name));
  return names;
}

static void
check_notices (const Program *program, GPtrArray *findings)
{
  g_autoptr (GHashTable) sent = sent_notices (program);

  for (guint i = 0; i < program->notices->len; i++)
    {
      const ProgramNotice *notice = program->notices->pdata[i];

      if (!g_hash_table_contains (sent, notice->name))
        conf_mistake (
          findings, notice->place.file, notice->place.line,
          "warning: nothing ever sends notice \"%s\"; name it where it belongs, or remove it",
          notice->name);
    }
  for (const OutboxOwnNotice *own = outbox_own_notices; own->name != NULL; own++)
    if (is_needed (program, own) && program_notice (program, own->name) == NULL)
      conf_mistake (findings, program->place.file, program->place.line,
                    "the office sends notice \"%s\" by itself, and there is none; write notice "
                    "\"%s\" { to = { ... } }",
                    own->name, own->name);
}

static void
check_unused (const Program *program, const TemplateSet *templates, const char *dir,
              GPtrArray *findings)
{
  for (const char *const *name = template_set_names (templates); *name != NULL; name++)
    {
      g_autofree char *base = g_strconcat (*name, ".md", NULL),
                      *file = g_build_filename (dir, base, NULL);

      /* Below a folder are the texts of articles. */
      if (strchr (*name, '/') == NULL && program_notice (program, *name) == NULL)
        conf_mistake (findings, file, 1,
                      "warning: no notice \"%s\" uses this template; write one, or remove it",
                      *name);
    }
}

static void
check_file (const char *dir, const char *form, const ProgramPlace *place, const char *remedy,
            GPtrArray *findings)
{
  g_autofree char *path = g_build_filename (dir, form, NULL);

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    conf_mistake (findings, place->file, place->line, "there is no file %s to attach; %s", path,
                  remedy);
}

/* A blank form that is not there would keep the notice that attaches it from going out. */
static void
check_forms (const Program *program, const char *dir, GPtrArray *findings)
{
  for (guint i = 0; i < program->forms->len; i++)
    {
      const ProgramForm *form = program->forms->pdata[i];

      for (char **blank = form->blanks; *blank != NULL; blank++)
        check_file (dir, *blank, &form->place, "contrib/make-forms makes it", findings);
    }
  for (guint e = 0; e < program->editions->len; e++)
    {
      const ProgramEdition *edition = program->editions->pdata[e];

      for (guint i = 0; i < edition->elements->len; i++)
        {
          const GPtrArray *documents =
            ((const ProgramElement *) edition->elements->pdata[i])->documents;

          for (guint k = 0; k < documents->len; k++)
            {
              const ProgramDocument *document = documents->pdata[k];

              if (document->form != NULL)
                check_file (dir, document->form, &document->place,
                            "put it there, or leave form out", findings);
            }
        }
    }
}

void
admin_check_mail (const Program *program, const TemplateSet *templates, const char *dir,
                  GPtrArray *findings)
{
  check_words (templates, dir, findings);
  check_notices (program, findings);
  check_unused (program, templates, dir, findings);
  check_forms (program, dir, findings);
  admin_check_languages (program, templates, dir, findings);
}
