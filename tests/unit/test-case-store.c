/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A case in the database is the case in memory: saved change by change and loaded again, every
 * field is equal.
 */
#include "lib/lab.h"
#include "lib/same-case.h"

#include "case/case-store.h"
#include "store/journal.h"

typedef struct {
  Store *store;
  Lab lab;
} Fixture;

/* --- a case that lives in both ------------------------------------------------- */

static gint64
add_input (StoreTxn *txn, gint64 at)
{
  g_autoptr (GError) error = NULL;
  gint64 id = 0;

  journal_input (txn, "message", at, 7, NULL, &id, &error);
  g_assert_no_error (error);
  return id;
}

static void
commit (StoreTxn *txn)
{
  g_autoptr (GError) error = NULL;

  store_commit (txn, &error);
  g_assert_no_error (error);
}

static void
save_and_compare (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  {
    g_autoptr (StoreTxn) txn = store_begin (f->store, &error);

    case_save (txn, f->lab.c, f->lab.changes, add_input (txn, f->lab.now), f->lab.now, &error);
    g_assert_no_error (error);
    commit (txn);
  }
  g_autoptr (Case) loaded = case_load (f->store, f->lab.c->id, &error);
  g_assert_no_error (error);
  same_case (f->lab.c, loaded);
}

static gint64
add_organization (Fixture *f, StoreTxn *txn, const char *email)
{
  g_autoptr (GError) error = NULL;
  gint64 id = 0;

  case_add_organization (txn, "Lakeside", "1 Main St", "555", &id, &error);
  case_add_contact (txn, id, email, "Ada", "556", "", &error);
  g_assert_no_error (error);
  return id;
}

/* As a filled form opens it. */
static Case *
insert (Fixture *f, const char *email, gint64 now)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreTxn) txn = store_begin (f->store, &error);
  g_autoptr (Case) c = case_new ();

  c->type = g_strdup ("application");
  c->definition = g_strdup (f->lab.program->version);
  c->edition = g_strdup ("2020");
  c->state = g_strdup ("phase1-preparation");
  c->opened_at = now;
  c->organization = add_organization (f, txn, email);
  case_insert (txn, c, "APP", calendar_year (f->lab.program->calendar, now), &error);
  g_assert_no_error (error);
  commit (txn);
  Case *loaded = case_load (f->store, c->id, &error);
  g_assert_no_error (error);
  return loaded;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->store = store_open (":memory:", &error);
  g_assert_no_error (error);
  f->lab.program = lab_program ();
  f->lab.now = lab_time ("2026-03-02T15:00:00Z");
  f->lab.changes = lab_changes ();
  f->lab.c = insert (f, "Ada@Lakeside.example", f->lab.now);
  case_begin (f->lab.program, f->lab.c, &(CaseEvent){ .name = "opened" }, f->lab.now,
              f->lab.changes, &error);
  g_assert_no_error (error);
  save_and_compare (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  lab_close (&f->lab);
  store_close (f->store);
}

static void
happens (Fixture *f, const CaseEvent *event)
{
  f->lab.now += 3600;
  lab_do (&f->lab, event);
  save_and_compare (f);
}

static void
fires (Fixture *f)
{
  lab_fire_next (&f->lab);
  save_and_compare (f);
}

static void
a_case_saved_change_by_change_is_the_case_in_memory (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) unclear = lab_file_of ("", "", "scan.pdf", DOCUMENT_UNCLEAR);
  Span span = { 5, SPAN_BUSINESS_DAYS };

  happens (f, &(CaseEvent){
                .name = "documents", .actor = &lab_applicant, .documents = unclear, .message = 7 });
  g_autoptr (GPtrArray) answer = lab_file_of ("1.1", "incorporation", "scan.pdf", DOCUMENT_CURRENT);
  ((CaseDocument *) answer->pdata[0])->n =
    ((const CaseDocument *) f->lab.c->documents->pdata[0])->n;
  happens (f, &(CaseEvent){
                .name = "documents", .actor = &lab_applicant, .documents = answer, .message = 7 });
  for (guint i = 0; i < G_N_ELEMENTS (lab_phase1); i++)
    {
      g_autoptr (GPtrArray) file =
        lab_file_of (lab_phase1[i][0], lab_phase1[i][1], "ü.pdf", DOCUMENT_CURRENT);

      happens (f,
               &(CaseEvent){
                 .name = "documents", .actor = &lab_applicant, .documents = file, .message = 7 });
    }
  happens (f, &(CaseEvent){ .name = "submit", .actor = &lab_applicant });
  happens (
    f, &(CaseEvent){ .name = "finding", .actor = &lab_reviewer, .element = "1.2", .value = "met" });
  happens (f, &(CaseEvent){
                .name = "finding", .actor = &lab_reviewer, .element = "1.1", .value = "not-met" });
  happens (f, &(CaseEvent){
                .name = "finding", .actor = &lab_manager, .element = "1.2", .value = "not-met" });
  happens (f, &(CaseEvent){ .name = "note", .actor = &lab_lead, .text = "called" });
  happens (f,
           &(CaseEvent){
             .name = "clarify", .actor = &lab_manager, .element = "1.3", .text = "Since\nwhen?" });
  happens (
    f, &(CaseEvent){
         .name = "clarify", .actor = &lab_manager, .element = "1.4", .text = "?", .span = &span });
  happens (f,
           &(CaseEvent){ .name = "extend", .actor = &lab_lead, .element = "1.3", .span = &span });
  fires (f);
  happens (f, &(CaseEvent){ .name = "message", .actor = &lab_applicant, .text = "1.4: yes" });
  fires (f);
  fires (f);
  happens (f, &(CaseEvent){ .name = "message", .actor = &lab_applicant, .text = "since 2019" });
  g_assert_cmpstr (f->lab.c->state, ==, "phase1-review");
  happens (
    f, &(CaseEvent){ .name = "assign", .actor = &lab_lead, .value = "pat.manager@office.example" });
  for (guint i = 0; i < 4; i++)
    {
      static const char *const elements[] = { "1.1", "1.2", "1.3", "1.4" };

      happens (
        f, &(CaseEvent){
             .name = "finding", .actor = &lab_reviewer, .element = elements[i], .value = "met" });
    }
  happens (f, &(CaseEvent){ .name = "recommend approve", .actor = &lab_manager });
  fires (f);
  fires (f);
  happens (f, &(CaseEvent){ .name = "decide approve", .actor = &lab_approver });
  happens (f, &(CaseEvent){ .name = "withdraw", .actor = &lab_applicant });
  g_assert_false (f->lab.c->open);
}

/* An event "party", and the organization's other case sees what came of it. */
static void
parties_belong_to_the_organization (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) file = lab_file_of ("1.1", "incorporation", "bolt.pdf", DOCUMENT_CURRENT);

  happens (f, &(CaseEvent){ .name = "party",
                            .actor = &lab_manager,
                            .value = "Copper Print",
                            .element = "no-access",
                            .text = "printing" });
  happens (f, &(CaseEvent){ .name = "party",
                            .actor = &lab_manager,
                            .value = "Bolt",
                            .element = "access",
                            .since = "2026-01-01" });
  happens (
    f, &(CaseEvent){
         .name = "party", .actor = &lab_manager, .value = "copper print", .element = "access" });
  happens (f, &(CaseEvent){ .name = "party",
                            .actor = &lab_manager,
                            .value = "Bolt",
                            .element = "end",
                            .until = "2026-03-01" });
  ((CaseDocument *) file->pdata[0])->party = g_strdup ("Bolt");
  happens (f, &(CaseEvent){
                .name = "documents", .actor = &lab_applicant, .documents = file, .message = 7 });
  g_assert_cmpuint (f->lab.c->parties->len, ==, 2);

  g_autoptr (StoreTxn) txn = store_begin (f->store, &error);
  g_autoptr (Case) other = case_new ();
  other->type = g_strdup ("entity");
  other->definition = g_strdup (f->lab.program->version);
  other->edition = g_strdup ("");
  other->state = g_strdup ("active");
  other->organization = f->lab.c->organization;
  case_insert (txn, other, "QE", 2026, &error);
  g_assert_no_error (error);
  commit (txn);
  g_autoptr (Case) loaded = case_load (f->store, other->id, &error);
  g_assert_no_error (error);
  same_rows (f->lab.c->parties, loaded->parties, same_party);
  const CaseParty *bolt = case_party (loaded, "Bolt");
  g_assert_cmpstr (bolt->since, ==, "2026-01-01");
  g_assert_cmpstr (bolt->until, ==, "2026-03-01");
  g_assert_true (case_party (loaded, "Copper Print")->access);
}

static void
ended_timers_stay_in_the_database (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fires (f);
  happens (f, &(CaseEvent){ .name = "message", .actor = &lab_applicant, .text = "x" });
  g_autoptr (GPtrArray) all = case_all_timers (f->store, f->lab.c->id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 4);
  static const TimerStatus want[] = { TIMER_STOPPED, TIMER_FIRED, TIMER_RUNNING, TIMER_RUNNING };
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpint (((const CaseTimer *) all->pdata[i])->status, ==, want[i]);
}

static void
the_next_timer_is_the_one_due_first (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const CaseTimer *want = lab_next (f->lab.c);
  gint64 case_id = 0, n = 0, due = 0;

  g_assert_false (case_next_timer (f->store, want->due - 1, &case_id, &n, &due, &error));
  g_assert_no_error (error);
  g_assert_true (case_next_timer (f->store, want->due, &case_id, &n, &due, &error));
  g_assert_cmpint (case_id, ==, f->lab.c->id);
  g_assert_cmpint (n, ==, want->n);
  g_assert_cmpint (due, ==, want->due);
  due = 0;
  g_assert_true (case_next_due (f->store, &due, &error));
  g_assert_cmpint (due, ==, want->due);
  happens (f, &(CaseEvent){ .name = "withdraw", .actor = &lab_applicant });
  g_assert_true (case_next_due (f->store, &due, &error));
  g_assert_cmpint (due, ==, 0);
}

static void
a_paused_timer_is_not_due (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 case_id, n, due;

  for (guint i = 0; i < G_N_ELEMENTS (lab_phase1); i++)
    {
      g_autoptr (GPtrArray) file =
        lab_file_of (lab_phase1[i][0], lab_phase1[i][1], "x.pdf", DOCUMENT_CURRENT);

      happens (f, &(CaseEvent){ .name = "documents", .actor = &lab_applicant, .documents = file });
    }
  happens (f, &(CaseEvent){ .name = "submit", .actor = &lab_applicant });
  g_assert_true (case_next_timer (f->store, G_MAXINT64, &case_id, &n, &due, &error));
  const gint64 target = n;
  happens (f,
           &(CaseEvent){ .name = "clarify", .actor = &lab_manager, .element = "1.3", .text = "?" });
  while (case_next_timer (f->store, G_MAXINT64, &case_id, &n, &due, &error))
    {
      g_assert_cmpint (n, !=, target);
      fires (f);
      if (!f->lab.c->open)
        break;
    }
  g_assert_no_error (error);
}

static void
numbers_count_within_prefix_and_year (Fixture *f, gconstpointer data)
{
  g_autoptr (Case) second = insert (f, "bob@x.example", f->lab.now);
  g_autoptr (Case) next_year = insert (f, "eve@x.example", lab_time ("2027-01-01T12:00:00Z"));

  g_assert_cmpstr (f->lab.c->ref, ==, "APP-2026-0001");
  g_assert_cmpstr (second->ref, ==, "APP-2026-0002");
  g_assert_cmpstr (next_year->ref, ==, "APP-2027-0001");
}

static void
a_case_is_found_by_number_without_regard_to_case (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) found = case_find (f->store, "app-2026-0001", &error);
  g_autoptr (Case) none = case_find (f->store, "APP-2026-0009", &error);
  g_autoptr (Case) no_id = case_load (f->store, 99, &error);

  g_assert_no_error (error);
  same_case (f->lab.c, found);
  g_assert_null (none);
  g_assert_null (no_id);
}

static void
cases_of_a_contact_are_found_whatever_the_case_of_the_address (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) open = case_of_contact (f->store, "ADA@lakeside.EXAMPLE", true, &error);
  bool is = false;

  g_assert_cmpuint (open->len, ==, 1);
  g_assert_true (case_is_contact (f->store, "ada@LAKESIDE.example", &is, &error));
  g_assert_true (is);
  g_assert_true (case_is_contact (f->store, "bob@lakeside.example", &is, &error));
  g_assert_false (is);
  happens (f, &(CaseEvent){ .name = "withdraw", .actor = &lab_applicant });
  g_autoptr (GArray) still_open = case_of_contact (f->store, "ada@lakeside.example", true, &error);
  g_autoptr (GArray) all = case_of_contact (f->store, "ada@lakeside.example", false, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (still_open->len, ==, 0);
  g_assert_cmpuint (all->len, ==, 1);
}

static void
loads_count_open_cases_only (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) loads = case_loads (f->store, &error);

  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (loads, "pat.manager@office.example")), ==,
                   1);
  happens (f, &(CaseEvent){ .name = "withdraw", .actor = &lab_applicant });
  g_autoptr (GHashTable) after = case_loads (f->store, &error);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (after, "pat.manager@office.example")), ==,
                   0);
}

static bool
count_row (Store *store, gint64 id, gpointer data, GError **error)
{
  (*(guint *) data)++;
  return true;
}

static void
each_case_is_visited_once (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) second = insert (f, "bob@x.example", f->lab.now);
  guint n = 0;

  g_assert_nonnull (second);
  g_assert_true (case_each (f->store, count_row, &n, &error));
  g_assert_cmpuint (n, ==, 2);
}

static void
every_change_but_a_notice_has_its_line_in_the_journal (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 n = 0, broken = 0;
  g_autoptr (GPtrArray) before = journal_of_case (f->store, f->lab.c->id, &error);

  happens (f, &(CaseEvent){ .name = "message", .actor = &lab_applicant, .text = "x" });
  g_autoptr (GPtrArray) after = journal_of_case (f->store, f->lab.c->id, &error);
  g_assert_cmpuint (after->len - before->len, ==,
                    f->lab.changes->len - lab_count (&f->lab, CHANGE_NOTICE, NULL));
  g_assert_true (journal_verify (f->store, &n, &broken, &error));
  g_assert_cmpint (broken, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define STORE_TEST(function)                                                                       \
  g_test_add ("/case-store/" #function, Fixture, NULL, set_up, function, tear_down)
  STORE_TEST (a_case_saved_change_by_change_is_the_case_in_memory);
  STORE_TEST (parties_belong_to_the_organization);
  STORE_TEST (ended_timers_stay_in_the_database);
  STORE_TEST (the_next_timer_is_the_one_due_first);
  STORE_TEST (a_paused_timer_is_not_due);
  STORE_TEST (numbers_count_within_prefix_and_year);
  STORE_TEST (a_case_is_found_by_number_without_regard_to_case);
  STORE_TEST (cases_of_a_contact_are_found_whatever_the_case_of_the_address);
  STORE_TEST (loads_count_open_cases_only);
  STORE_TEST (each_case_is_visited_once);
  STORE_TEST (every_change_but_a_notice_has_its_line_in_the_journal);
  return g_test_run ();
}
