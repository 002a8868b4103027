/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pure step under test: the definitions in rules/ and tests/programs, people to act, and one
 * call an event.
 */
#pragma once

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "case/case.h"

static inline char *
lab_file (const char *name)
{
  const char *top = g_getenv ("top_srcdir");

  return g_build_filename (top != NULL ? top : ".", name, NULL);
}

static inline gint64
lab_time (const char *text)
{
  g_autoptr (GError) error = NULL;
  gint64 at = 0;

  clock_parse (text, &at, &error);
  g_assert_no_error (error);
  return at;
}

/* The program as it is delivered, with the people of the example roster. */
static inline Program *
lab_program (void)
{
  g_autofree char *rules = lab_file ("rules"), *roster = lab_file ("rules/roster.conf.example");
  g_autoptr (GError) error = NULL;
  Program *program = program_read (rules, roster, &case_vocabulary, &error);

  g_assert_no_error (error);
  return program;
}

/* A program with other words and its people. */
static inline Program *
lab_grants (void)
{
  g_autofree char *rules = lab_file ("tests/programs/grants/rules");
  g_autofree char *roster = lab_file ("tests/programs/grants/rules/roster.conf.example");
  g_autoptr (GError) error = NULL;
  Program *program = program_read (rules, roster, &case_vocabulary, &error);

  g_assert_no_error (error);
  return program;
}

/* A definition of one's own: EDITION and CASE are the inside of these sections. */
static inline Program *
lab_small_program (const char *case_type)
{
  static const char head[] =
    "program \"T\" { title = \"T\" language = \"en\" time-zone = \"America/New_York\" "
    "business-hours = \"09:00-17:00\""
    " owner = \"staff\" escalate = \"staff\" quota-per-address-and-day = 5 quota-per-case-and-day "
    "= 5 }\n"
    "role \"client\" { title = \"Client\" kind = outside commands = { \"message\", \"documents\", "
    "\"submit\" } }\n"
    "role \"staff\" { title = \"Staff\" kind = staff commands = { \"note\", \"clarify\" } }\n"
    "edition \"e\" { title = \"E\" findings = { yes, no } passing = { yes }\n"
    " element \"A\" { title = \"Aa\" group = \"g\" document \"a\" { title = \"Aaa\" required = "
    "true names = { \"*a*\" } } } }\n"
    "notice \"n\" { to = { applicant } }\n";
  g_autofree char *text = g_strdup_printf (
    "%scase-type \"t\" { title = \"T\" prefix = \"TT\" initial = \"one\" edition = \"e\"\n"
    "%s\n}\n",
    head, case_type);
  static const char roster[] =
    "person \"s@office.example\" { name = \"S\" roles = { \"staff\" } }\n"
    "person \"b@office.example\" { name = \"B\" roles = { \"staff\" } }\n";
  const char *const names[] = { "program.conf", "roster.conf", NULL };
  GBytes *bytes[] = { g_bytes_new (text, strlen (text)),
                      g_bytes_new_static (roster, sizeof roster - 1) };
  g_autoptr (GError) error = NULL;
  Program *program = program_read_files (names, bytes, &case_vocabulary, &error);

  g_bytes_unref (bytes[0]);
  g_bytes_unref (bytes[1]);
  g_assert_no_error (error);
  return program;
}

/* --- people ------------------------------------------------------------------ */

static const char *const lab_applicant_roles[] = { "applicant", NULL };
static const CaseActor lab_applicant = { "ada@lakeside.example", "Ada", false, lab_applicant_roles,
                                         ASSURE_TOKEN };
static const char *const lab_manager_roles[] = { "program-manager", NULL };
static const CaseActor lab_manager = { "pat.manager@office.example", "Pat Manager", true,
                                       lab_manager_roles, ASSURE_TOKEN };
static const char *const lab_reviewer_roles[] = { "reviewer", NULL };
static const CaseActor lab_reviewer = { "robin.reviewer@office.example", "Robin", true,
                                        lab_reviewer_roles, ASSURE_TOKEN };
static const char *const lab_lead_roles[] = { "team-lead", NULL };
static const CaseActor lab_lead = { "lee.lead@office.example", "Lee Lead", true, lab_lead_roles,
                                    ASSURE_TOKEN };
static const char *const lab_approver_roles[] = { "approver", NULL };
static const CaseActor lab_approver = { "alex.approver@office.example", "Alex", true,
                                        lab_approver_roles, ASSURE_TOKEN };

/* --- a case that lives ------------------------------------------------------- */

typedef struct {
  Program *program;
  Case *c;
  GPtrArray *changes; /* of the last event */
  gint64 now;
} Lab;

static inline GPtrArray *
lab_changes (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
}

static inline void
lab_open (Lab *lab, Program *program, const char *type, const char *now)
{
  const ProgramCaseType *def = program_case_type (program, type);
  CaseEvent event = { .name = "opened" };
  g_autoptr (GError) error = NULL;

  lab->program = program;
  lab->now = lab_time (now);
  lab->changes = lab_changes ();
  lab->c = case_new ();
  lab->c->id = 1;
  lab->c->ref = g_strdup ("APP-2026-0001");
  lab->c->type = g_strdup (type);
  lab->c->definition = g_strdup (program->version);
  lab->c->edition = g_strdup (def->edition);
  lab->c->state = g_strdup (def->initial);
  lab->c->owner = g_strdup ("");
  lab->c->opened_at = lab->now;
  case_begin (program, lab->c, &event, lab->now, lab->changes, &error);
  g_assert_no_error (error);
}

static inline void
lab_close (Lab *lab)
{
  case_free (lab->c);
  g_ptr_array_unref (lab->changes);
  program_free (lab->program);
}

/* Let EVENT happen on a copy, as the engine does; the copy becomes the case when it could. */
static inline bool
lab_try (Lab *lab, const CaseEvent *event, GError **error)
{
  g_autoptr (Case) copy = case_copy (lab->c);
  g_autoptr (GPtrArray) changes = lab_changes ();

  if (!case_step (lab->program, copy, event, lab->now, changes, error))
    return false;
  case_free (lab->c);
  lab->c = g_steal_pointer (&copy);
  g_ptr_array_unref (lab->changes);
  lab->changes = g_steal_pointer (&changes);
  return true;
}

static inline void
lab_do (Lab *lab, const CaseEvent *event)
{
  g_autoptr (GError) error = NULL;

  lab_try (lab, event, &error);
  g_assert_no_error (error);
}

/* It must be refused, as one the case cannot have, with WHY in the message. */
static inline void
lab_refused (Lab *lab, const CaseEvent *event, const char *why)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lab_try (lab, event, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_PERMANENT);
  if (strstr (error->message, why) == NULL)
    g_error ("refused with '%s', not with '%s'", error->message, why);
}

/* The running timer NAME, not a reminder. */
static inline const CaseTimer *
lab_timer (const Case *c, const char *name)
{
  for (guint i = 0; i < c->timers->len; i++)
    {
      const CaseTimer *timer = c->timers->pdata[i];

      if (strcmp (timer->name, name) == 0 && timer->parent == 0)
        return timer;
    }
  return NULL;
}

/* The timer that comes due next, or NULL. */
static inline const CaseTimer *
lab_next (const Case *c)
{
  const CaseTimer *next = NULL;

  for (guint i = 0; i < c->timers->len; i++)
    {
      const CaseTimer *timer = c->timers->pdata[i];

      if (timer->paused == 0 && (next == NULL || timer->due < next->due))
        next = timer;
    }
  return next;
}

/* The clock goes on to the next timer and lets it fire. */
static inline void
lab_fire_next (Lab *lab)
{
  g_autoptr (Case) before = case_copy (lab->c);
  const CaseTimer *timer = lab_next (before);

  g_assert_nonnull (timer);
  g_autofree char *name = g_strdup_printf ("timer %s", timer->name);
  lab->now = timer->due;
  lab_do (lab, &(CaseEvent){ .name = name, .timer = timer });
}

/* How many changes of KIND the last event made (NAME: with that name, or NULL). */
static inline guint
lab_count (const Lab *lab, CaseChangeKind kind, const char *name)
{
  guint n = 0;

  for (guint i = 0; i < lab->changes->len; i++)
    {
      const CaseChange *change = lab->changes->pdata[i];

      n += change->kind == kind && (name == NULL || g_strcmp0 (change->name, name) == 0);
    }
  return n;
}

/* One file as triage would hand it on; borrowed texts. */
static inline GPtrArray *
lab_file_of (const char *element, const char *name, const char *file, DocumentStatus status)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) case_document_free);
  CaseDocument document = { .element = (char *) element,
                            .name = (char *) name,
                            .file = (char *) file,
                            .type = (char *) "application/pdf",
                            .sha256 = (char *) "00",
                            .part = (char *) "1.2",
                            .size = 10,
                            .message = 7,
                            .status = status };

  g_ptr_array_add (list, case_document_copy (&document));
  return list;
}

static inline void
lab_file_in (Lab *lab, const char *element, const char *name, const char *file)
{
  g_autoptr (GPtrArray) list = lab_file_of (element, name, file, DOCUMENT_CURRENT);

  /* Each file comes in a message of its own. */
  ((CaseDocument *) list->pdata[0])->message = 1 + lab->c->serial;
  lab_do (lab, &(CaseEvent){
                 .name = "documents", .actor = &lab_applicant, .documents = list, .message = 7 });
}

static const char *const lab_phase1[][2] = {
  { "1.1", "letter-of-commitment" }, { "1.1", "incorporation" }, { "1.2", "business-model-budget" },
  { "1.3", "experience-evidence" }, { "1.4", "data-source-attestation" },
};

static inline void
lab_file_phase1 (Lab *lab)
{
  for (guint i = 0; i < G_N_ELEMENTS (lab_phase1); i++)
    lab_file_in (lab, lab_phase1[i][0], lab_phase1[i][1], "file.pdf");
}

static inline void
lab_say (Lab *lab, const CaseActor *actor, const char *event)
{
  lab_do (lab, &(CaseEvent){ .name = event, .actor = actor, .text = "" });
}

static inline void
lab_find (Lab *lab, const char *element, const char *finding)
{
  lab_do (lab, &(CaseEvent){
                 .name = "finding", .actor = &lab_reviewer, .element = element, .value = finding });
}

static inline void
lab_clarify (Lab *lab, const char *element)
{
  lab_do (lab,
          &(CaseEvent){
            .name = "clarify", .actor = &lab_manager, .element = element, .text = "Which year?" });
}

/* An application in its first review, everything on file. */
static inline void
lab_review (Lab *lab)
{
  lab_open (lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  lab_file_phase1 (lab);
  lab_say (lab, &lab_applicant, "submit");
  g_assert_cmpstr (lab->c->state, ==, "phase1-review");
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lab, lab_close)
