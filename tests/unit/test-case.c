/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pure step: who may, what must hold, what is done, what the clock does; with the program as it
 * is delivered.
 */
#include "base/words.h"
#include "lib/lab.h"

#include "case/case-private.h"

#define DAY (24 * 3600)

/* --- opening ----------------------------------------------------------------- */

static void
opening_gives_the_case_to_the_least_loaded_person (void)
{
  g_auto (Lab) lab = { 0 };
  lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  g_assert_cmpstr (lab.c->owner, ==, "pat.manager@office.example");
  g_assert_true (lab.c->open);
  g_assert_cmpint (lab.c->state_since, ==, lab.now);
  g_assert_cmpuint (lab_count (&lab, CHANGE_NOTICE, "guidance-phase1"), ==, 1);
  g_assert_cmpuint (lab_count (&lab, CHANGE_OWNER, NULL), ==, 1);
}

static void
load_then_the_order_of_the_roster_decides_who_gets_a_case (void)
{
  static const struct { int s, b; const char *want; } rows[] = {
    { 0, 0, "s@office.example" }, { 2, 1, "b@office.example" }, { 1, 1, "s@office.example" },
  };
  g_auto (Lab) lab = { 0 };

  lab_open (&lab, lab_small_program ("state \"one\" { title = \"1\" waiting-on = staff"
                                     " on \"note\" { by = { staff } do = { \"assign staff\" } } }"),
            "t", "2026-03-02T15:00:00Z");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GHashTable) load = g_hash_table_new (g_str_hash, g_str_equal);
      static const char *const roles[] = { "staff", NULL };
      CaseActor actor = { "s@office.example", "S", true, roles, ASSURE_TOKEN };

      g_hash_table_insert (load, (gpointer) "s@office.example", GINT_TO_POINTER (rows[i].s));
      g_hash_table_insert (load, (gpointer) "b@office.example", GINT_TO_POINTER (rows[i].b));
      lab_do (&lab, &(CaseEvent){ .name = "note", .actor = &actor, .load = load });
      g_assert_cmpstr (lab.c->owner, ==, rows[i].want);
    }
}

static void
nobody_of_the_role_leaves_the_case_without_an_owner (void)
{
  g_auto (Lab) lab = { 0 };
  lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  for (guint i = 0; i < lab.program->people->len; i++)
    ((ProgramPerson *) lab.program->people->pdata[i])->away = true;
  g_autoptr (Case) c = case_copy (lab.c);
  g_autoptr (GPtrArray) changes = lab_changes ();

  g_assert_true (
    case_begin (lab.program, c, &(CaseEvent){ .name = "opened" }, lab.now, changes, NULL));
  g_assert_cmpstr (c->owner, ==, "");
}

/* --- rights ------------------------------------------------------------------ */

static void
an_event_belongs_to_its_roles (void)
{
  static const struct {
    const char *event;
    const CaseActor *actor;
    const char *why; /* NULL: may */
  } rows[] = {
    { "note", &lab_manager, NULL },
    { "note", &lab_reviewer, NULL },
    { "note", &lab_applicant, "belongs to" },
    { "finding", &lab_approver, "belongs to: reviewer, program-manager" },
    { "finding", &lab_lead, "belongs to" },
    { "documents", &lab_manager, "belongs to: applicant" },
    { "timer answer", &lab_manager, "nobody, it comes by itself" },
    { "decide approve", &lab_approver, "cannot happen to it" },
    { "no such event", &lab_manager, "cannot happen to it" },
    { "", &lab_manager, "cannot happen to it" },
  };
  g_auto (Lab) lab = { 0 };

  lab_review (&lab);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      CaseEvent event = {
        .name = rows[i].event, .actor = rows[i].actor, .element = "1.1", .value = "met", .text = "x"
      };

      g_test_message ("%s by %s", rows[i].event, rows[i].actor->address);
      if (rows[i].why == NULL)
        lab_do (&lab, &event);
      else
        lab_refused (&lab, &event, rows[i].why);
    }
}

static void
a_right_needs_the_assurance_of_role_and_transition (void)
{
  static const struct { const char *event; const CaseActor *who; Assurance have; bool may; } rows[] = {
    { "note", &lab_manager, ASSURE_NONE, false },     { "note", &lab_manager, ASSURE_TOKEN, true },
    { "note", &lab_manager, ASSURE_SIGNED, true },    { "message", &lab_applicant, ASSURE_NONE, true },
    { "withdraw", &lab_applicant, ASSURE_NONE, false }, { "withdraw", &lab_applicant, ASSURE_TOKEN, true },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Lab) lab = { 0 };
      CaseActor actor = *rows[i].who;
      CaseEvent event = { .name = rows[i].event, .actor = &actor };

      lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
      actor.assurance = rows[i].have;
      if (rows[i].may)
        lab_do (&lab, &event);
      else
        lab_refused (&lab, &event, "needs to be sure who asks");
    }
}

static void
of_several_roles_the_one_that_asks_least_counts (void)
{
  static const char *const both[] = { "staff", "boss", NULL };
  g_auto (Lab) lab = { 0 };
  CaseActor actor = { "s@office.example", "S", true, both, ASSURE_TOKEN };

  lab_open (
    &lab,
    lab_small_program (
      "state \"one\" { title = \"1\" waiting-on = staff"
      " on \"note\" { by = { boss, staff } do = { \"record note\" } }"
      " on \"clarify\" { by = { boss } do = { \"record note\" } } }\n}\n"
      "role \"boss\" { title = \"Boss\" kind = staff assurance = signed commands = { \"note\" }"),
    "t", "2026-03-02T15:00:00Z");
  lab_do (&lab, &(CaseEvent){ .name = "note", .actor = &actor });
  lab_refused (&lab, &(CaseEvent){ .name = "clarify", .actor = &actor },
               "sure who asks: sign the message");
}

/* --- a refused event --------------------------------------------------------- */

static void
a_refused_event_changes_nothing (void)
{
  g_auto (Lab) lab = { 0 };

  lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  g_autoptr (Case) before = case_copy (lab.c);
  lab.now += DAY;
  lab_refused (&lab, &(CaseEvent){ .name = "submit", .actor = &lab_applicant }, "is missing");
  g_assert_cmpstr (lab.c->state, ==, before->state);
  g_assert_cmpint (lab.c->serial, ==, before->serial);
  g_assert_cmpint (lab_timer (lab.c, "inactive")->due, ==, lab_timer (before, "inactive")->due);
}

static void
an_unknown_state_type_or_edition_is_the_definitions_fault (void)
{
  for (int i = 0; i < 3; i++)
    {
      g_auto (Lab) lab = { 0 };
      g_autoptr (GError) error = NULL;

      lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
      char **which = i == 0 ? &lab.c->state : i == 1 ? &lab.c->type : &lab.c->edition;
      g_free (*which);
      *which = g_strdup ("gone");
      g_assert_false (
        lab_try (&lab, &(CaseEvent){ .name = "note", .actor = &lab_manager }, &error));
      g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
      g_assert_null (case_transition (lab.program, lab.c, "note", lab.now));
      g_assert_null (case_choices (lab.program, lab.c, "decide"));
      g_autoptr (GPtrArray) obstacles = case_obstacles (lab.program, lab.c, "submit", lab.now);
      g_assert_cmpuint (obstacles->len, ==, 0);
    }
}

/* --- guards ------------------------------------------------------------------ */

static void
submit_names_each_missing_document (void)
{
  g_auto (Lab) lab = { 0 };

  lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  for (guint i = 0; i < G_N_ELEMENTS (lab_phase1); i++)
    {
      g_autoptr (GPtrArray) obstacles = case_obstacles (lab.program, lab.c, "submit", lab.now);
      g_autoptr (GArray) missing = case_missing (lab.program, lab.c, "phase1", lab.now);

      g_assert_cmpuint (obstacles->len, ==, G_N_ELEMENTS (lab_phase1) - i);
      g_assert_cmpuint (missing->len, ==, obstacles->len);
      g_autofree char *english = words_english (obstacles->pdata[0]);
      g_assert_true (g_str_has_prefix (english, lab_phase1[i][0]));
      lab_refused (&lab, &(CaseEvent){ .name = "submit", .actor = &lab_applicant },
                   lab_phase1[i][0]);
      lab_file_in (&lab, lab_phase1[i][0], lab_phase1[i][1], "x.pdf");
    }
  lab_say (&lab, &lab_applicant, "submit");
  g_assert_cmpstr (lab.c->state, ==, "phase1-review");
}

static void
recommending_needs_findings_that_pass (void)
{
  static const char *const elements[] = { "1.1", "1.2", "1.3", "1.4" };
  g_auto (Lab) lab = { 0 };
  CaseEvent approve = { .name = "recommend approve", .actor = &lab_manager };
  CaseEvent deny = { .name = "recommend deny", .actor = &lab_manager };

  lab_review (&lab);
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      lab_refused (&lab, &deny, "has no finding yet");
      lab_find (&lab, elements[i], i == 0 ? "not-met" : "met");
    }
  lab_refused (&lab, &approve, "1.1 Entity has no passing finding");
  g_autoptr (Case) denied = case_copy (lab.c);
  lab_find (&lab, "1.1", "not-applicable");
  lab_do (&lab, &approve);
  g_assert_cmpstr (lab.c->state, ==, "phase1-decision");
  g_assert_cmpstr (g_hash_table_lookup (lab.c->fields, "recommendation"), ==, "approve");
  g_assert_null (lab_timer (lab.c, "phase1-review"));
  case_free (lab.c);
  lab.c = g_steal_pointer (&denied);
  lab_do (&lab, &deny);
  g_assert_cmpstr (g_hash_table_lookup (lab.c->fields, "recommendation"), ==, "deny");
}

static void
the_other_guards_hold_or_say_why (void)
{
  static const char states[] =
    "state \"one\" { title = \"1\" waiting-on = client group = \"g\"\n"
    " on \"documents\" { by = { client } do = { \"record documents\" } }\n"
    " on \"note\" { by = { staff } do = { \"set colour red\" } }\n"
    " on \"relay\" { by = { staff } needs = { \"field colour\" } do = { \"record note\" } }\n"
    " on \"finding\" { by = { staff } needs = { \"field is colour blue\" } do = { \"record note\" "
    "} }\n"
    " on \"clarify\" { by = { staff } needs = { \"no unclear document\" } do = { \"record note\" } "
    "}\n"
    " on \"submit\" { by = { client } needs = { \"documents complete\" } do = { \"record note\" } "
    "}\n"
    " on \"assign\" { by = { staff } do = { \"set colour blue\" } } }";
  static const char *const roles[] = { "client", "staff", NULL };
  static const CaseActor all = { "s@office.example", "S", true, roles, ASSURE_TOKEN };
  g_auto (Lab) lab = { 0 };
  g_autoptr (GPtrArray) file = lab_file_of ("", "", "scan.pdf", DOCUMENT_UNCLEAR);

  lab_open (&lab, lab_small_program (states), "t", "2026-03-02T15:00:00Z");
  lab_refused (&lab, &(CaseEvent){ .name = "relay", .actor = &all }, "'colour' is not known yet");
  lab_refused (&lab, &(CaseEvent){ .name = "finding", .actor = &all }, "'colour' is not 'blue'");
  lab_say (&lab, &all, "note");
  lab_say (&lab, &all, "relay");
  lab_refused (&lab, &(CaseEvent){ .name = "finding", .actor = &all }, "'colour' is not 'blue'");
  lab_say (&lab, &all, "assign");
  lab_say (&lab, &all, "finding");
  /* A guard without its argument is about the state's own group. */
  lab_refused (&lab, &(CaseEvent){ .name = "submit", .actor = &all }, "A Aa: Aaa is missing");
  lab_say (&lab, &all, "clarify");
  lab_do (&lab, &(CaseEvent){ .name = "documents", .actor = &all, .documents = file });
  lab_refused (&lab, &(CaseEvent){ .name = "clarify", .actor = &all },
               "it is not clear what scan.pdf is");
}

/* --- findings, documents, notes ------------------------------------------------ */

static void
a_finding_is_about_an_element_under_review_with_a_known_word (void)
{
  g_auto (Lab) lab = { 0 };
  static const struct { const char *element, *value, *why; } rows[] = {
    { NULL, "met", "'' is not an element" },    { "9.9", "met", "there are: 1.1, 1.2, 1.3, 1.4" },
    { "2.1", "met", "is not an element" },      { "1.1", "splendid", "met, not-met, not-applicable" },
    { "1.1", NULL, "is not a finding" },
  };

  lab_review (&lab);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    lab_refused (&lab,
                 &(CaseEvent){ .name = "finding",
                               .actor = &lab_reviewer,
                               .element = rows[i].element,
                               .value = rows[i].value },
                 rows[i].why);
  lab_find (&lab, "1.1", "not-met");
  lab_find (&lab, "1.2", "met");
  lab.now += 60;
  lab_find (&lab, "1.1", "met");
  g_assert_cmpuint (lab.c->findings->len, ==, 2);
  g_assert_cmpstr (case_finding (lab.c, "1.1")->value, ==, "met");
  g_assert_cmpstr (case_finding (lab.c, "1.1")->by, ==, lab_reviewer.address);
  g_assert_cmpint (case_finding (lab.c, "1.1")->at, ==, lab.now);
  g_assert_null (case_finding (lab.c, "1.3"));
}

static void
a_newer_document_supersedes_and_both_stay (void)
{
  g_auto (Lab) lab = { 0 };

  lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  for (int version = 1; version <= 3; version++)
    {
      lab_file_in (&lab, "1.1", "incorporation", "articles.pdf");
      g_assert_cmpuint (lab.c->documents->len, ==, version);
      g_assert_cmpint (case_current_document (lab.c, "1.1", "incorporation", NULL)->version, ==,
                       version);
      g_assert_cmpuint (lab_count (&lab, CHANGE_DOCUMENT_STATUS, "1.1"), ==, version > 1);
    }
  guint current = 0;
  for (guint i = 0; i < lab.c->documents->len; i++)
    current += ((const CaseDocument *) lab.c->documents->pdata[i])->status == DOCUMENT_CURRENT;
  g_assert_cmpuint (current, ==, 1);
  lab_file_in (&lab, "1.1", "letter-of-commitment", "letter.pdf");
  g_assert_cmpint (case_current_document (lab.c, "1.1", "incorporation", NULL)->version, ==, 3);
}

static void
an_unclear_file_is_settled_by_naming_it (void)
{
  g_auto (Lab) lab = { 0 };
  g_autoptr (GPtrArray) unclear = lab_file_of ("", "", "scan.pdf", DOCUMENT_UNCLEAR);
  g_autoptr (GPtrArray) answer = lab_file_of ("1.1", "incorporation", "scan.pdf", DOCUMENT_CURRENT);

  lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  lab_do (&lab, &(CaseEvent){ .name = "documents", .actor = &lab_applicant, .documents = unclear });
  const CaseDocument *was = lab.c->documents->pdata[0];
  g_assert_cmpint (was->version, ==, 0);
  ((CaseDocument *) answer->pdata[0])->n = was->n;
  lab_do (&lab, &(CaseEvent){ .name = "documents", .actor = &lab_applicant, .documents = answer });
  g_assert_cmpint (((const CaseDocument *) lab.c->documents->pdata[0])->status, ==,
                   DOCUMENT_SETTLED);
  g_assert_cmpint (case_current_document (lab.c, "1.1", "incorporation", NULL)->version, ==, 1);
  /* The same answer again: there is nothing left to settle, the document is only filed anew. */
  lab_do (&lab, &(CaseEvent){ .name = "documents", .actor = &lab_applicant, .documents = answer });
  g_assert_cmpint (case_current_document (lab.c, "1.1", "incorporation", NULL)->version, ==, 2);
  g_assert_cmpint (((const CaseDocument *) lab.c->documents->pdata[0])->status, ==,
                   DOCUMENT_SETTLED);
}

static void
naming_a_settled_row_again_never_unfiles_a_document (void)
{
  g_auto (Lab) lab = { 0 };
  g_autoptr (GPtrArray) answer =
    lab_file_of ("1.2", "business-model-budget", "x.pdf", DOCUMENT_CURRENT);

  lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  lab_file_in (&lab, "1.1", "incorporation", "articles.pdf");
  ((CaseDocument *) answer->pdata[0])->n =
    case_current_document (lab.c, "1.1", "incorporation", NULL)->n;
  lab_do (&lab, &(CaseEvent){ .name = "documents", .actor = &lab_applicant, .documents = answer });
  g_assert_nonnull (case_current_document (lab.c, "1.1", "incorporation", NULL));
}

static void
a_note_keeps_who_said_what (void)
{
  g_auto (Lab) lab = { 0 };

  lab_review (&lab);
  lab_do (&lab, &(CaseEvent){ .name = "note", .actor = &lab_lead, .text = "called Ada" });
  const CaseChange *change = lab.changes->pdata[0];
  g_assert_cmpuint (lab.changes->len, ==, 1);
  g_assert_cmpint (change->kind, ==, CHANGE_NOTE);
  g_assert_cmpstr (change->text, ==, "called Ada");
  g_assert_cmpstr (change->who, ==, lab_lead.address);
}

static void
a_case_is_given_only_to_people_who_may_hold_it (void)
{
  g_auto (Lab) lab = { 0 };
  CaseEvent event = { .name = "assign", .actor = &lab_lead };

  lab_review (&lab);
  lab_refused (&lab, &event, "nobody is not in the roster");
  event.value = "x@example.org";
  lab_refused (&lab, &event, "is not in the roster");
  event.value = "robin.reviewer@office.example";
  lab_refused (&lab, &event, "does not have the role program-manager");
  event.value = "PAT.manager@office.example";
  lab_do (&lab, &event);
  g_assert_cmpstr (lab.c->owner, ==, "pat.manager@office.example");
}

/* --- timers ------------------------------------------------------------------- */

static void
a_timer_starts_with_its_state_and_ends_with_it (void)
{
  g_auto (Lab) lab = { 0 };

  lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  const CaseTimer *timer = lab_timer (lab.c, "inactive");
  g_assert_cmpstr (timer->state, ==, "phase1-preparation");
  g_assert_cmpint (timer->start, ==, lab.now);
  g_assert_cmpstr (timer->span, ==, "180 days");
  g_assert_cmpstr (timer->calendar, ==, calendar_version (lab.program->calendar));
  g_assert_cmpuint (lab.c->timers->len, ==, 2); /* and one reminder */
  lab_file_phase1 (&lab);
  lab_say (&lab, &lab_applicant, "submit");
  g_assert_null (lab_timer (lab.c, "inactive"));
  g_assert_nonnull (lab_timer (lab.c, "phase1-review"));
  g_assert_cmpstr (lab_timer (lab.c, "phase1-review")->state, ==, "");
  g_assert_nonnull (lab_timer (lab.c, "completeness"));
  g_assert_cmpuint (lab.c->timers->len, ==, 2);
}

static void
words_from_outside_start_it_anew_and_words_of_staff_do_not (void)
{
  g_auto (Lab) lab = { 0 };

  lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  gint64 due = lab_timer (lab.c, "inactive")->due;
  lab.now += 10 * DAY;
  lab_say (&lab, &lab_manager, "note");
  g_assert_cmpint (lab_timer (lab.c, "inactive")->due, ==, due);
  lab_say (&lab, &lab_applicant, "message");
  g_assert_cmpint (lab_timer (lab.c, "inactive")->due, ==, due + 10 * DAY);
  g_assert_cmpint (lab_timer (lab.c, "inactive")->start, ==, lab.now);
  g_assert_cmpstr (lab_timer (lab.c, "inactive")->state, ==, "phase1-preparation");
  g_assert_cmpuint (lab.c->timers->len, ==, 2);
  g_assert_cmpuint (lab_count (&lab, CHANGE_TIMER_STATUS, "stopped"), ==, 2);
}

static void
each_reminder_comes_once_then_the_time_is_up (void)
{
  g_auto (Lab) lab = { 0 };

  lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  lab_fire_next (&lab);
  g_assert_cmpuint (lab_count (&lab, CHANGE_NOTICE, "inactivity-warning"), ==, 1);
  g_assert_cmpuint (lab_count (&lab, CHANGE_TIMER_STATUS, "fired"), ==, 1);
  g_assert_cmpuint (lab.c->timers->len, ==, 1);
  g_assert_cmpstr (lab.c->state, ==, "phase1-preparation");
  lab_fire_next (&lab);
  g_assert_cmpstr (lab.c->state, ==, "closed-inactive");
  g_assert_false (lab.c->open);
  g_assert_cmpuint (lab_count (&lab, CHANGE_NOTICE, "closed-inactive"), ==, 1);
  g_assert_cmpuint (lab.c->timers->len, ==, 0);
}

static void
a_timer_that_no_longer_runs_cannot_fire (void)
{
  g_auto (Lab) lab = { 0 };

  lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  g_autoptr (Case) before = case_copy (lab.c);
  const CaseTimer *reminder = lab_next (before), *main_timer = lab_timer (before, "inactive");
  lab_fire_next (&lab);
  lab_refused (&lab, &(CaseEvent){ .name = "timer inactive", .timer = reminder }, "no longer runs");
  lab_say (&lab, &lab_applicant, "message");
  lab_refused (&lab, &(CaseEvent){ .name = "timer inactive", .timer = main_timer },
               "no longer runs");
}

/* The engine hands in a copy; a caller that hands in the case's own row must not be punished for
 * it. */
static void
the_cases_own_timer_may_be_handed_in (void)
{
  g_auto (Lab) lab = { 0 };
  g_autoptr (GError) error = NULL;

  lab_open (&lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  for (int i = 0; i < 2; i++)
    {
      const CaseTimer *timer = lab_next (lab.c);

      lab.now = timer->due;
      g_assert_true (case_step (lab.program, lab.c,
                                &(CaseEvent){ .name = "timer inactive", .timer = timer }, lab.now,
                                lab.changes, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (lab.c->timers->len, ==, 1 - i);
    }
}

static void
a_window_shorter_than_the_reminder_gets_none (void)
{
  g_auto (Lab) lab = { 0 };
  Span short_span = { 3, SPAN_BUSINESS_DAYS };

  lab_review (&lab);
  lab_do (&lab, &(CaseEvent){ .name = "clarify",
                              .actor = &lab_manager,
                              .element = "1.3",
                              .text = "Since when?",
                              .span = &short_span });
  guint reminders = 0;
  for (guint i = 0; i < lab.c->timers->len; i++)
    {
      const CaseTimer *timer = lab.c->timers->pdata[i];
      reminders += timer->parent != 0 && strcmp (timer->name, "answer") == 0;
    }
  g_assert_cmpuint (reminders, ==, 1); /* one business day before, not five */
}

static void
a_target_stands_still_while_the_applicant_is_asked (void)
{
  g_auto (Lab) lab = { 0 };

  lab_review (&lab);
  gint64 due = lab_timer (lab.c, "phase1-review")->due;
  lab.now += 5 * DAY;
  lab_clarify (&lab, "1.3");
  g_assert_cmpint (lab_timer (lab.c, "phase1-review")->paused, ==, lab.now);
  g_assert_cmpuint (lab_count (&lab, CHANGE_TIMER_STATUS, "paused"), ==, 1);
  lab.now += DAY;
  lab_clarify (&lab, "1.4"); /* another question: it stands already */
  g_assert_cmpuint (lab_count (&lab, CHANGE_TIMER_STATUS, "paused"), ==, 0);
  lab.now += 2 * DAY;
  lab_do (&lab, &(CaseEvent){ .name = "message",
                              .actor = &lab_applicant,
                              .text = "1.3: since 2019. 1.4: yes." });
  g_assert_cmpstr (lab.c->state, ==, "phase1-review");
  const CaseTimer *timer = lab_timer (lab.c, "phase1-review");
  g_assert_cmpint (timer->paused, ==, 0);
  g_assert_cmpint (timer->due, ==, due + 3 * DAY);
  g_assert_cmpuint (lab_count (&lab, CHANGE_TIMER_STATUS, "resumed"), ==, 1);
}

/* --- clarifications -------------------------------------------------------------- */

static void
a_question_needs_element_words_and_a_date_ahead (void)
{
  g_auto (Lab) lab = { 0 };
  CaseEvent event = { .name = "clarify", .actor = &lab_manager, .element = "1.3" };

  lab_review (&lab);
  lab_refused (&lab, &event, "needs the question below it");
  event.text = "";
  lab_refused (&lab, &event, "needs the question below it");
  event.text = "Since when?";
  event.element = "2.1";
  lab_refused (&lab, &event, "is not an element");
  event.element = "1.3";
  event.due = lab.now - 1;
  lab_refused (&lab, &event, "lies in the past");
  event.due = lab.now + 4 * DAY;
  lab_do (&lab, &event);
  const CaseClarification *k = lab.c->clarifications->pdata[0];
  g_assert_cmpint (k->due, ==, event.due);
  g_autofree char *why = words_english (lab_timer (lab.c, "answer")->why);
  g_assert_cmpstr (why, ==, "set by Pat Manager");
  g_assert_cmpstr (lab_timer (lab.c, "answer")->span, ==, "");
  g_assert_cmpint (lab_timer (lab.c, "answer")->about, ==, k->n);
  g_assert_true (k->open);
}

static void
what_answers_a_question (void)
{
  static const struct {
    const char *name, *text, *file_element;
    guint asked, open; /* questions about 1.1, 1.3, ... and how many stay open */
  } rows[] = {
    { "any words answer the only question", "Since 2019.", NULL, 1, 0 },
    { "an empty mail answers nothing", " \n ", NULL, 1, 1 },
    { "a file answers the only question", "", "1.2", 1, 0 },
    { "words that name no element answer none of two", "Since 2019.", NULL, 2, 2 },
    { "words that name one answer that one", "About 1.3: since 2019.", NULL, 2, 1 },
    { "an element at the end of a sentence is named", "We have answered 1.3.", NULL, 2, 1 },
    { "a number that only contains it does not", "It costs 11.3 million, see 1.31 and 2.1.3 or 1.3.5.", NULL, 2, 2 },
    { "words may name both", "1.1: yes\n1.3: no", NULL, 2, 0 },
    { "a file answers the question about its element", "here it is", "1.3", 2, 1 },
    { "a file of another element answers none", "here it is", "1.2", 2, 2 },
  };
  static const char *const elements[] = { "1.1", "1.3" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Lab) lab = { 0 };
      g_autoptr (GPtrArray) files =
        rows[i].file_element != NULL
          ? lab_file_of (rows[i].file_element, "x", "x.pdf", DOCUMENT_CURRENT)
          : NULL;

      g_test_message ("%s", rows[i].name);
      lab_review (&lab);
      for (guint e = 0; e < rows[i].asked; e++)
        lab_clarify (&lab, elements[e]);
      lab_do (&lab, &(CaseEvent){ .name = "documents",
                                  .actor = &lab_applicant,
                                  .text = rows[i].text,
                                  .documents = files });
      g_assert_cmpuint (case_open_clarifications (lab.c), ==, rows[i].open);
      g_assert_cmpstr (lab.c->state, ==,
                       rows[i].open == 0 ? "phase1-review" : "phase1-clarification");
      for (guint t = 0; t < lab.c->timers->len; t++)
        {
          const CaseTimer *timer = lab.c->timers->pdata[t];

          if (timer->about != 0)
            g_assert_true (case_clarification (lab.c, timer->about)->open);
        }
    }
}

static void
the_last_answer_raises_answered_and_tells_the_manager (void)
{
  g_auto (Lab) lab = { 0 };

  lab_review (&lab);
  lab_clarify (&lab, "1.3");
  lab_do (&lab, &(CaseEvent){ .name = "message", .actor = &lab_applicant, .text = "Since 2019." });
  g_assert_cmpuint (lab_count (&lab, CHANGE_CLARIFICATION, "answered"), ==, 1);
  g_assert_cmpuint (lab_count (&lab, CHANGE_STATE, "phase1-review"), ==, 1);
  g_assert_cmpuint (lab_count (&lab, CHANGE_NOTICE, "receipt"), ==, 1);
  g_assert_cmpuint (lab_count (&lab, CHANGE_NOTICE, "clarification-answered-manager"), ==, 1);
}

static void
a_question_is_reminded_of_overdue_and_can_be_answered_late (void)
{
  g_auto (Lab) lab = { 0 };

  lab_review (&lab);
  lab_clarify (&lab, "1.3");
  lab_fire_next (&lab);
  g_assert_cmpuint (lab_count (&lab, CHANGE_NOTICE, "clarification-reminder"), ==, 1);
  lab_fire_next (&lab);
  g_assert_cmpuint (lab_count (&lab, CHANGE_NOTICE, "clarification-reminder"), ==, 1);
  lab_fire_next (&lab);
  g_assert_cmpuint (lab_count (&lab, CHANGE_NOTICE, "clarification-overdue"), ==, 1);
  g_assert_cmpuint (lab_count (&lab, CHANGE_NOTICE, "clarification-overdue-manager"), ==, 1);
  const CaseChange *last = lab.changes->pdata[lab.changes->len - 1];
  g_assert_cmpint (last->number, ==,
                   ((const CaseClarification *) lab.c->clarifications->pdata[0])->n);
  g_assert_cmpuint (case_open_clarifications (lab.c), ==, 1);
  lab_do (&lab,
          &(CaseEvent){ .name = "message", .actor = &lab_applicant, .text = "Sorry: since 2019." });
  g_assert_cmpstr (lab.c->state, ==, "phase1-review");
}

static void
an_extension_counts_from_the_old_due_date_once (void)
{
  g_auto (Lab) lab = { 0 };
  Span span = { 5, SPAN_DAYS };
  CaseEvent event = { .name = "extend", .actor = &lab_lead, .element = "1.3", .span = &span };

  lab_review (&lab);
  lab_clarify (&lab, "1.3");
  const CaseClarification *k = lab.c->clarifications->pdata[0];
  gint64 due = k->due;
  event.element = "1.4";
  lab_refused (&lab, &event, "has no open clarification");
  event.element = NULL;
  lab_refused (&lab, &event, "has no open clarification");
  event.element = "1.3";
  event.span = NULL;
  lab_refused (&lab, &event, "must be later");
  event.due = due;
  lab_refused (&lab, &event, "must be later");
  event.due = 0;
  event.span = &span;
  lab_do (&lab, &event);
  k = lab.c->clarifications->pdata[0];
  g_assert_cmpint (k->due, ==, due + 5 * DAY);
  g_assert_cmpint (k->extended, ==, 1);
  g_assert_cmpint (lab_timer (lab.c, "answer")->due, ==, k->due);
  lab_refused (&lab, &event, "1 is the limit");
}

static void
an_overdue_question_can_still_be_extended (void)
{
  g_auto (Lab) lab = { 0 };
  Span span = { 5, SPAN_BUSINESS_DAYS };

  lab_review (&lab);
  lab_clarify (&lab, "1.3");
  for (int i = 0; i < 3; i++)
    lab_fire_next (&lab);
  g_assert_null (lab_timer (lab.c, "answer"));
  lab.now += DAY;
  lab_do (&lab,
          &(CaseEvent){ .name = "extend", .actor = &lab_lead, .element = "1.3", .span = &span });
  g_assert_cmpint (lab_timer (lab.c, "answer")->due, >, lab.now);
}

/* --- the whole way ------------------------------------------------------------ */

static void
a_final_state_takes_nothing_any_more (void)
{
  static const char *const events[] = { "note",   "message", "documents", "withdraw",
                                        "assign", "relay",   "submit" };
  g_auto (Lab) lab = { 0 };

  lab_review (&lab);
  lab_clarify (&lab, "1.3");
  lab_say (&lab, &lab_applicant, "withdraw");
  g_assert_cmpstr (lab.c->state, ==, "withdrawn");
  g_assert_false (lab.c->open);
  g_assert_cmpuint (lab.c->timers->len, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    lab_refused (&lab,
                 &(CaseEvent){ .name = events[i], .actor = i == 0 ? &lab_manager : &lab_applicant },
                 "cannot happen to it");
  g_assert_null (case_choices (lab.program, lab.c, "decide"));
}

static void
the_approver_decides_and_phase_two_opens (void)
{
  static const char *const elements[] = { "1.1", "1.2", "1.3", "1.4" };
  g_auto (Lab) lab = { 0 };

  lab_review (&lab);
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    lab_find (&lab, elements[i], "met");
  lab_say (&lab, &lab_manager, "recommend approve");
  g_autofree char *choices = case_choices (lab.program, lab.c, "decide");
  g_assert_cmpstr (choices, ==,
                   "decide approve, decide approve-conditional, decide deny, decide return");
  lab_refused (&lab, &(CaseEvent){ .name = "decide approve", .actor = &lab_manager },
               "belongs to: approver");
  g_autoptr (Case) returned = case_copy (lab.c);
  lab_say (&lab, &lab_approver, "decide approve");
  g_assert_cmpstr (lab.c->state, ==, "phase2-preparation");
  g_assert_cmpuint (lab_count (&lab, CHANGE_NOTICE, "decision-approved"), ==, 1);
  g_assert_cmpuint (lab_count (&lab, CHANGE_NOTICE, "guidance-phase2"), ==, 1);
  g_assert_null (lab_timer (lab.c, "decision"));
  case_free (lab.c);
  lab.c = g_steal_pointer (&returned);
  lab_say (&lab, &lab_approver, "decide return");
  g_assert_nonnull (lab_timer (lab.c, "phase1-review"));
  g_assert_cmpint (lab_timer (lab.c, "phase1-review")->paused, ==, 0);
}

static void
words_that_people_outside_may_write_alone (void)
{
  static const struct { const char *word; bool is; } rows[] = {
    { "submit", true },  { "SUBMIT", true },   { "withdraw", true }, { "documents", false }, { "message", false },
    { "note", false },   { "decide", false },  { "", false },        { "thanks", false },
  };
  g_auto (Lab) lab = { 0 };

  lab_review (&lab);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *event = case_word_event (lab.program, lab.c, rows[i].word);

      g_assert_true ((event != NULL) == rows[i].is);
    }
}

static void
the_answer_raises_answered_in_any_definition (void)
{
  static const char loop[] =
    "state \"one\" { title = \"1\" waiting-on = client group = \"g\"\n"
    " on \"clarify\" { by = { staff } do = { \"open clarification w\" } }\n"
    " on \"message\" { by = { client } do = { \"answer clarification\" } }\n"
    " on \"answered\" { do = { \"start timer w\" } to = \"two\" } }\n"
    "state \"two\" { title = \"2\" waiting-on = staff on \"note\" { by = { staff } do = { \"record "
    "note\" } } }\n"
    "timer \"w\" { title = \"W\" after = \"2 days\" on-entry = false source = \"s\" }";
  static const char *const roles[] = { "client", "staff", NULL };
  static const CaseActor all = { "s@office.example", "S", true, roles, ASSURE_TOKEN };
  g_auto (Lab) lab = { 0 };

  lab_open (&lab, lab_small_program (loop), "t", "2026-03-02T15:00:00Z");
  lab_do (&lab, &(CaseEvent){ .name = "clarify", .actor = &all, .element = "A", .text = "?" });
  lab_do (&lab, &(CaseEvent){ .name = "message", .actor = &all, .text = "!" });
  g_assert_cmpstr (lab.c->state, ==, "two");
  g_assert_nonnull (lab_timer (lab.c, "w"));
  g_assert_cmpint (lab_timer (lab.c, "w")->about, ==, 0);
}

static void
a_copy_is_equal_and_apart (void)
{
  g_auto (Lab) lab = { 0 };

  lab_review (&lab);
  g_autoptr (Case) copy = case_copy (lab.c);
  lab_clarify (&lab, "1.1");
  g_assert_cmpstr (copy->state, ==, "phase1-review");
  g_assert_cmpuint (copy->clarifications->len, ==, 0);
  g_assert_cmpuint (copy->documents->len, ==, lab.c->documents->len);
}

static void
the_vocabulary_names_nothing_twice (void)
{
  const ProgramWord *tables[] = { case_vocabulary.guards, case_vocabulary.actions,
                                  case_vocabulary.events, case_vocabulary.audiences };

  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const ProgramWord *a = tables[t]; a->name != NULL; a++)
      {
        g_assert_true (a->help != NULL && a->help[0] != '\0');
        for (const ProgramWord *b = a + 1; b->name != NULL; b++)
          g_assert_false (g_str_equal (a->name, b->name)
                          && g_strcmp0 (a->argument, b->argument) == 0);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE_TEST(function) g_test_add_func ("/case/" #function, function)
  CASE_TEST (opening_gives_the_case_to_the_least_loaded_person);
  CASE_TEST (load_then_the_order_of_the_roster_decides_who_gets_a_case);
  CASE_TEST (nobody_of_the_role_leaves_the_case_without_an_owner);
  CASE_TEST (an_event_belongs_to_its_roles);
  CASE_TEST (a_right_needs_the_assurance_of_role_and_transition);
  CASE_TEST (of_several_roles_the_one_that_asks_least_counts);
  CASE_TEST (a_refused_event_changes_nothing);
  CASE_TEST (an_unknown_state_type_or_edition_is_the_definitions_fault);
  CASE_TEST (submit_names_each_missing_document);
  CASE_TEST (recommending_needs_findings_that_pass);
  CASE_TEST (the_other_guards_hold_or_say_why);
  CASE_TEST (a_finding_is_about_an_element_under_review_with_a_known_word);
  CASE_TEST (a_newer_document_supersedes_and_both_stay);
  CASE_TEST (an_unclear_file_is_settled_by_naming_it);
  CASE_TEST (naming_a_settled_row_again_never_unfiles_a_document);
  CASE_TEST (a_note_keeps_who_said_what);
  CASE_TEST (a_case_is_given_only_to_people_who_may_hold_it);
  CASE_TEST (a_timer_starts_with_its_state_and_ends_with_it);
  CASE_TEST (words_from_outside_start_it_anew_and_words_of_staff_do_not);
  CASE_TEST (each_reminder_comes_once_then_the_time_is_up);
  CASE_TEST (a_timer_that_no_longer_runs_cannot_fire);
  CASE_TEST (the_cases_own_timer_may_be_handed_in);
  CASE_TEST (a_window_shorter_than_the_reminder_gets_none);
  CASE_TEST (a_target_stands_still_while_the_applicant_is_asked);
  CASE_TEST (a_question_needs_element_words_and_a_date_ahead);
  CASE_TEST (what_answers_a_question);
  CASE_TEST (the_last_answer_raises_answered_and_tells_the_manager);
  CASE_TEST (a_question_is_reminded_of_overdue_and_can_be_answered_late);
  CASE_TEST (an_extension_counts_from_the_old_due_date_once);
  CASE_TEST (an_overdue_question_can_still_be_extended);
  CASE_TEST (a_final_state_takes_nothing_any_more);
  CASE_TEST (the_approver_decides_and_phase_two_opens);
  CASE_TEST (words_that_people_outside_may_write_alone);
  CASE_TEST (the_answer_raises_answered_in_any_definition);
  CASE_TEST (a_copy_is_equal_and_apart);
  CASE_TEST (the_vocabulary_names_nothing_twice);
  return g_test_run ();
}
