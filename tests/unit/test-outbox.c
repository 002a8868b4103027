/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail that is owed: who gets it, who never does, and its bytes.
 */
#include "outbox/outbox.h"

#include <string.h>

#include "base/digest.h"
#include "lib/lab.h"
#include "lib/office.h"
#include "outbox/outbox-private.h"
#include "store/journal.h"
#include "store/store-private.h"

#define KEY "0123456789abcdef0123456789abcdef"

typedef struct {
  char *dir;
  Store *store;
  Archive *archive;
  Options *options;
  OfficeKey *key;
  TemplateSet *templates;
  GHashTable *files;
  Lab lab;
  Case *other;
  Message *cause;
  OutboxNotice notice;
} Fixture;

static void
add_case (Fixture *f)
{
  CaseContact *ada = g_new0 (CaseContact, 1);

  lab_open (&f->lab, lab_program (), "application", "2026-03-02T15:00:00Z");
  f->lab.c->id = 7;
  f->lab.c->organization_name = g_strdup ("Lakeside");
  ada->email = g_strdup ("ada@lakeside.example");
  ada->name = g_strdup ("Ada");
  ada->phone = g_strdup ("");
  g_ptr_array_add (f->lab.c->contacts, ada);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *templates = lab_file ("templates");

  f->dir = g_dir_make_tmp ("test-outbox-XXXXXX", NULL);
  f->store = store_open (":memory:", &error);
  f->archive = archive_open (f->dir, &error);
  f->options = office_options ();
  f->key = office_key_new (KEY);
  f->templates = template_set_read (templates, NULL, &error);
  g_assert_no_error (error);
  f->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  add_case (f);
  f->cause = office_mail ("ada@lakeside.example", "Our documents", "Here they are.");
  f->cause->message_id = (g_free (f->cause->message_id), g_strdup ("theirs-2@lakeside.example"));
  g_ptr_array_add (f->cause->references, g_strdup ("theirs-1@lakeside.example"));
  f->notice = (OutboxNotice){ .program = f->lab.program,
                              .templates = f->templates,
                              .options = f->options,
                              .key = f->key,
                              .archive = f->archive,
                              .files = f->files,
                              .at = f->lab.now,
                              .now = f->lab.now,
                              .c = f->lab.c,
                              .cause = f->cause,
                              .sender = "ada@lakeside.example",
                              .sender_name = "Ada" };
  g_autoptr (StoreTxn) txn = store_begin (f->store, &error);
  journal_input (txn, "message", f->lab.now, 1, NULL, &f->notice.input, &error);
  store_commit (txn, &error);
  g_assert_no_error (error);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  message_free (f->cause);
  case_free (f->other);
  lab_close (&f->lab);
  g_hash_table_unref (f->files);
  template_set_free (f->templates);
  office_key_free (f->key);
  options_free (f->options);
  archive_free (f->archive);
  store_close (f->store);
  remove_tree (f->dir);
  g_free (f->dir);
}

static void
put (Fixture *f, const char *name, const char *rcpt)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreTxn) txn = store_begin (f->store, &error);

  if (rcpt != NULL)
    outbox_write (txn, &f->notice, name, rcpt, "Ada", &error);
  else
    outbox_notice (txn, &f->notice, name, &error);
  g_assert_no_error (error);
  store_commit (txn, &error);
  g_assert_no_error (error);
}

static guint
queued (Fixture *f)
{
  g_autoptr (GPtrArray) all = outbox_list (f->store, false, NULL);

  return all->len;
}

static char *
bytes_of (Fixture *f, gint64 id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OutboxItem) item = outbox_load (f->store, id, &error);
  g_autoptr (GBytes) bytes = outbox_bytes (f->store, f->archive, item, &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* The last journal line, which must be "outbox.refused", says why. */
static void
assert_refused (Fixture *f, const char *why)
{
  g_autoptr (GPtrArray) events = journal_of_input (f->store, f->notice.input, NULL);
  const JournalEvent *last = events->pdata[events->len - 1];
  g_autofree char *said = journal_member (last->detail, "why");

  g_assert_cmpstr (last->kind, ==, "outbox.refused");
  g_assert_cmpstr (said, ==, why);
}

static void
has (const char *mail, const char *text)
{
  if (strstr (mail, text) == NULL)
    g_error ("no '%s' in:\n%s", text, mail);
}

static void
the_gate_stops_what_must_never_be_sent (Fixture *f, gconstpointer data)
{
  static const struct { const char *rcpt, *why; } stopped[] = {
    { "qecp@office.example", "one of our own addresses" },
    { "QECP+app-2026-0001.x@OFFICE.example", "one of our own addresses" },
    { "support@office.example", "one of our own addresses" },
    { "nobody", "not an address" },
    { "Gone@lakeside.example", "mail to this address failed for good" },
  };
  g_autoptr (GError) error = NULL;
  {
    g_autoptr (StoreTxn) txn = store_begin (f->store, &error);
    g_assert_true (outbox_suppress (txn, "gone@Lakeside.example", 1, "x", &error));
    g_assert_true (outbox_suppress (txn, "gone@lakeside.example", 2, "y", &error));
    g_assert_true (store_commit (txn, &error));
  }
  for (guint i = 0; i < G_N_ELEMENTS (stopped); i++)
    {
      put (f, "receipt", stopped[i].rcpt);
      assert_refused (f, stopped[i].why);
    }
  g_assert_cmpuint (queued (f), ==, 0);
}

static void
quotas_hold_by_address_and_day (Fixture *f, gconstpointer data)
{
  f->notice.c = NULL;
  for (int i = 0; i < f->lab.program->quota_address_day; i++)
    put (f, "acknowledgement", "x@example.org");
  guint before = queued (f);
  put (f, "acknowledgement", "X@example.org");
  assert_refused (f, "the address has had its mails for today");
  put (f, "acknowledgement", "y@example.org");
  f->notice.now += 24 * 3600;
  put (f, "acknowledgement", "x@example.org");
  g_assert_cmpuint (queued (f), ==, before + 2);
}

static void
quotas_hold_by_case_and_day (Fixture *f, gconstpointer data)
{
  for (int i = 0; i < f->lab.program->quota_case_day; i++)
    {
      g_autofree char *rcpt = g_strdup_printf ("x%d@example.org", i);

      put (f, "receipt", rcpt);
    }
  put (f, "receipt", "y@example.org");
  assert_refused (f, "the case has had its mails for today");
}

static void
staff_get_mail_from_many_cases (Fixture *f, gconstpointer data)
{
  for (int i = 0; i < f->lab.program->quota_address_day + 1; i++)
    put (f, "receipt", "pat.manager@office.example");
  g_assert_cmpuint (queued (f), ==, f->lab.program->quota_address_day + 1);
}

static void
an_answer_is_in_the_thread_of_what_it_answers (Fixture *f, gconstpointer data)
{
  put (f, "receipt", "ada@lakeside.example");
  g_autofree char *mail = bytes_of (f, 1);
  g_autoptr (OutboxItem) item = outbox_load (f->store, 1, NULL);
  g_autofree char *extension = token_extension (f->key, "APP-2026-0001", "ada@lakeside.example");
  const char *id = item->message_id;
  gint64 case_id = 0;

  g_assert_true (
    token_check_message_id (f->key, id, "ada@lakeside.example", "office.example", &case_id));
  g_assert_cmpint (case_id, ==, 7);
  g_assert_cmpstr (item->status, ==, "queued");
  g_assert_true (g_str_has_prefix (item->subject, "[APP-2026-0001] "));
  has (mail, id);
  has (mail, "In-Reply-To: <theirs-2@lakeside.example>");
  has (mail, "<theirs-1@lakeside.example>");
  has (mail, "Auto-Submitted: auto-replied");
  has (mail, "X-Auto-Response-Suppress: All");
  has (mail, extension);
  has (mail, "From: The Office <qecp@office.example>");
}

static void
anything_else_follows_the_last_mail_about_the_case (Fixture *f, gconstpointer data)
{
  put (f, "receipt", "ada@lakeside.example");
  f->notice.cause = NULL;
  put (f, "receipt", "Ada@lakeside.example");
  put (f, "receipt", "bob@lakeside.example");
  g_autoptr (OutboxItem) first = outbox_load (f->store, 1, NULL);
  g_autofree char *second = bytes_of (f, 2), *third = bytes_of (f, 3);
  g_autofree char *reply = g_strdup_printf ("In-Reply-To: <%s>", first->message_id);

  has (second, reply);
  has (second, "Auto-Submitted: auto-generated");
  g_assert_null (strstr (third, "In-Reply-To"));
}

static void
the_same_cause_gives_the_same_bytes (Fixture *f, gconstpointer data)
{
  Fixture other = { 0 };

  put (f, "receipt", "ada@lakeside.example");
  set_up (&other, NULL);
  put (&other, "receipt", "ada@lakeside.example");
  g_autofree char *a = bytes_of (f, 1), *b = bytes_of (&other, 1);
  g_assert_cmpstr (a, ==, b);
  tear_down (&other, NULL);
}

static char *
message_id_of (Fixture *f, gint64 id)
{
  g_autoptr (OutboxItem) item = outbox_load (f->store, id, NULL);

  return g_strdup (item->message_id);
}

/* A database that is made again from the mail store has other mails between them, or less. */
static void
a_message_id_follows_from_what_led_to_it (Fixture *f, gconstpointer data)
{
  Fixture again = { 0 };

  set_up (&again, NULL);
  f->notice.origin = again.notice.origin = "0011";
  put (f, "receipt", "ada@lakeside.example");
  put (&again, "receipt", "grace@lakeside.example");
  put (&again, "receipt", "ada@lakeside.example");
  put (&again, "receipt", "ada@lakeside.example");
  again.notice.origin = "0022";
  put (&again, "receipt", "ada@lakeside.example");
  g_autofree char *id = message_id_of (f, 1), *same = message_id_of (&again, 2),
                  *twice = message_id_of (&again, 3);
  g_autofree char *other = message_id_of (&again, 4);
  g_assert_cmpstr (id, ==, same);
  g_assert_cmpstr (id, !=, twice);
  g_assert_cmpstr (id, !=, other);
  tear_down (&again, NULL);
}

static void
a_persons_words_are_no_automatons (Fixture *f, gconstpointer data)
{
  f->notice.person = true;
  f->notice.words = "Dear Ada";
  put (f, "relay", "ada@lakeside.example");
  g_autofree char *mail = bytes_of (f, 1);

  g_assert_null (strstr (mail, "Auto-Submitted"));
}

static void
an_audience_gets_one_mail_each (Fixture *f, gconstpointer data)
{
  /* The sender is a contact too. */
  put (f, "receipt", NULL);
  put (f, "manager-new-case", NULL);
  g_autoptr (GPtrArray) all = outbox_of_case (f->store, 7, NULL);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (((const OutboxItem *) all->pdata[0])->rcpt, ==, "ada@lakeside.example");
  g_assert_cmpstr (((const OutboxItem *) all->pdata[1])->rcpt, ==, "pat.manager@office.example");
}

static void
a_form_that_is_not_there_is_the_definitions_fault (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreTxn) txn = store_begin (f->store, &error);

  g_assert_false (outbox_notice (txn, &f->notice, "guidance-phase1", &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  g_clear_error (&error);
  g_assert_false (outbox_notice (txn, &f->notice, "no-such-notice", &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
}

static void
attachments_go_along (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);
  const ComposeAttachment attachment = { "plan.pdf", "application/pdf", bytes };

  f->notice.attachments = &attachment;
  f->notice.n_attachments = 1;
  put (f, "receipt", "ada@lakeside.example");
  g_autofree char *mail = bytes_of (f, 1);
  has (mail, "plan.pdf");
  has (mail, "aGVsbG8=");
  has (mail, "multipart/mixed");
}

/* Where they lie is decided by their size, and nobody who asks for them sees it. */
static void
large_mail_is_a_file (Fixture *f, gconstpointer data)
{
  g_autofree char *much = g_malloc (100 * 1024);
  g_autoptr (GError) error = NULL;
  char sha256[65];

  memset (much, 'x', 100 * 1024);
  g_autoptr (GBytes) file = g_bytes_new_static (much, 100 * 1024);
  const ComposeAttachment attachment = { "much.txt", "text/plain; charset=utf-8", file };
  put (f, "receipt", "ada@lakeside.example");
  f->notice.attachments = &attachment;
  f->notice.n_attachments = 1;
  put (f, "receipt", "ada@lakeside.example");
  for (gint64 id = 1; id <= 2; id++)
    {
      g_autoptr (OutboxItem) item = outbox_load (f->store, id, &error);
      g_autofree char *path = archive_path (f->archive, item->sha256);
      g_autoptr (GBytes) bytes = outbox_bytes (f->store, f->archive, item, &error);
      g_autoptr (GBytes) row = NULL;

      g_assert_no_error (error);
      g_assert_true (outbox_row_bytes (f->store, id, &row, &error));
      g_assert_true ((row != NULL) == (id == 1));
      g_assert_cmpint (g_file_test (path, G_FILE_TEST_EXISTS), ==, id == 2);
      digest_of (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), sha256);
      g_assert_cmpstr (sha256, ==, item->sha256);
    }
}

static void
damaged_bytes_are_found (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  put (f, "receipt", "ada@lakeside.example");
  g_assert_true (outbox_bytes_verify (f->store, findings, &error));
  g_assert_cmpuint (findings->len, ==, 0);
  store_execute (
    f->store,
    "UPDATE mail_bytes SET bytes = CAST (replace (CAST (bytes AS TEXT), 'Ada', 'Eve') AS BLOB)",
    &error);
  g_assert_no_error (error);
  g_assert_true (outbox_bytes_verify (f->store, findings, &error));
  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_true (
    g_str_has_prefix (findings->pdata[0], "outbox: the bytes of mail 1 have the hash "));
}

static void
rows_come_due_oldest_first_until_they_are_done (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 at = 0, n = 0, oldest = 0;

  for (int i = 0; i < 3; i++)
    put (f, "receipt", "ada@lakeside.example");
  {
    g_autoptr (StoreTxn) txn = store_begin (f->store, &error);
    g_assert_true (outbox_set_status (txn, 1, "accepted", 0, "250 ok", &error));
    g_assert_true (outbox_set_status (txn, 2, "deferred", f->lab.now + 60, "421 later", &error));
    g_assert_true (store_commit (txn, &error));
  }
  g_autoptr (GPtrArray) now = outbox_due (f->store, f->lab.now, 10, &error);
  g_autoptr (GPtrArray) later = outbox_due (f->store, f->lab.now + 60, 10, &error);
  g_autoptr (GPtrArray) one = outbox_due (f->store, f->lab.now + 60, 1, &error);
  g_assert_cmpuint (now->len, ==, 1);
  g_assert_cmpuint (later->len, ==, 2);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpint (((const OutboxItem *) later->pdata[1])->id, ==, 2);
  g_assert_cmpint (((const OutboxItem *) later->pdata[1])->attempts, ==, 1);
  g_assert_true (outbox_next_due (f->store, &at, &error));
  g_assert_cmpint (at, ==, f->lab.now);
  g_assert_true (outbox_count_waiting (f->store, &n, &oldest, &error));
  g_assert_cmpint (n, ==, 2);
}

static void
back_off_grows_and_stays (void)
{
  gint64 before = 0;

  for (int i = 0; i < 20; i++)
    {
      gint64 wait = outbox_back_off (i);

      g_assert_cmpint (wait, >=, MAX (before, 60));
      before = wait;
    }
  g_assert_cmpint (before, ==, 8 * 3600);
}

/* Two cases, one with each side to move; a date; mail that waits. */
static void
add_digest (Fixture *f, OutboxDigest *digest, GArray *waiting)
{
  static const OutboxWaiting held = { "a@b.example", "A question", "nobody knows", 1, 2 };
  Case *other = case_copy (f->lab.c);
  OutboxEntry ours = { other, f->lab.program, "First report", 1, NULL },
              theirs = { f->lab.c, f->lab.program, NULL, 1, NULL };

  g_free (other->state);
  other->state = g_strdup ("phase1-review");
  f->other = other;
  digest->cases = g_array_new (FALSE, FALSE, sizeof ours);
  g_array_append_val (digest->cases, ours);
  g_array_append_val (digest->cases, theirs);
  digest->soon = digest->over = digest->cases;
  OutboxMeanwhile meanwhile = { other, f->lab.program, 1, 1, true };
  digest->meanwhile = g_array_new (FALSE, FALSE, sizeof meanwhile);
  g_array_append_val (digest->meanwhile, meanwhile);
  digest->stood_in = "Robin";
  g_array_append_val (waiting, held);
  f->notice.digest = digest;
  f->notice.waiting = waiting;
}

/* A case with one of everything. */
static TemplateFields *
rich_fields (Fixture *f, GPtrArray *received)
{
  static OutboxLine line = { "/x", "done" };
  static OutboxQuestion question = { "scan.pdf", "What is it?" };
  static OutboxArticle article = { "a", "A" };
  g_autoptr (GArray) articles = g_array_new (FALSE, FALSE, sizeof article);
  OutboxGuess guess = { "exit", "a wish to leave", "\"withdraw\"" };
  g_autoptr (GArray) guesses = g_array_new (FALSE, FALSE, sizeof guess);
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof line);
  g_autoptr (GArray) questions = g_array_new (FALSE, FALSE, sizeof question);
  g_autoptr (GPtrArray) problems = g_ptr_array_new ();
  g_autoptr (GArray) waiting = g_array_new (FALSE, FALSE, sizeof (OutboxWaiting));
  OutboxDigest digest;
  CaseFinding *finding = g_new0 (CaseFinding, 1);

  lab_file_in (&f->lab, "1.1", "incorporation", "file.pdf");
  *finding = (CaseFinding){ g_strdup ("1.2"), g_strdup ("met"), g_strdup (""), 0 };
  g_ptr_array_add (f->lab.c->findings, finding);
  g_hash_table_insert (f->lab.c->fields, g_strdup ("a"), g_strdup ("b"));
  g_ptr_array_add (f->lab.c->parties, case_party_new ("Bolt", "analytics", true));
  g_ptr_array_add (f->lab.c->links, case_relative_new (7, 0, "QEC-2026-0007", f->lab.c->type,
                                                       f->lab.c->state, true));
  f->notice.staff = true;
  g_array_append_val (lines, line);
  g_array_append_val (questions, question);
  g_array_append_val (articles, article);
  f->notice.articles = articles;
  g_array_append_val (guesses, guess);
  f->notice.guesses = guesses;
  static const OutboxFound hit = { .at = 1 };
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof hit);
  g_array_append_val (found, hit);
  f->notice.found = found;
  static OutboxOutsider bob;
  g_autoptr (GArray) outsiders = g_array_new (FALSE, FALSE, sizeof bob);
  g_array_append_val (outsiders, bob);
  f->notice.outsiders = outsiders;
  static const OutboxCrossed missed = { .at = 1 };
  g_autoptr (GArray) crossed = g_array_new (FALSE, FALSE, sizeof missed);
  g_array_append_val (crossed, missed);
  f->notice.crossed = crossed;
  g_ptr_array_add (problems, (gpointer) "wrong");
  f->notice.went = problems;
  static const OutboxDifference difference = { "Why", "this", NULL };
  g_autoptr (GArray) differences = g_array_new (FALSE, FALSE, sizeof difference);
  g_array_append_val (differences, difference);
  f->notice.differences = differences;
  f->notice.c = f->lab.c;
  f->notice.received = received;
  f->notice.lines = f->notice.commands = lines;
  f->notice.questions = questions;
  f->notice.problems = problems;
  add_digest (f, &digest, waiting);
  char name[] = "inactivity", none[] = "";
  CaseTimer timer = {
    .name = name, .reminder = none, .state = none, .span = none, .why = none, .calendar = none
  };
  CaseChange change = { .kind = CHANGE_TIMER_MOVED, .timer = &timer };
  g_autoptr (GPtrArray) moved = g_ptr_array_new ();
  g_ptr_array_add (moved, &change);
  f->notice.moved = moved;
  OutboxAtLimit robot = { .rcpt = none, .n = 20, .at = 1 };
  g_autoptr (GPtrArray) at_limit = g_ptr_array_new ();
  g_ptr_array_add (at_limit, &robot);
  f->notice.at_limit = at_limit;
  f->notice.unreachable = f->lab.c->contacts;
  static OutboxOwn own = {
    (char *) "A", (char *) "B", (char *) "C", (char *) "D", (char *) "E", (char *) "F", 1
  };
  g_autoptr (GArray) owned = g_array_new (FALSE, FALSE, sizeof own);
  g_array_append_val (owned, own);
  f->notice.own = owned;
  static MessageAddress copied = { (char *) "Kim", (char *) "kim@else.example" };
  g_autoptr (Message) message = message_new ();
  g_ptr_array_add (message->cc, &copied);
  static MessagePart scan = { .path = (char *) "2", .name = (char *) "scan.pdf" };
  scan.document = document_new (DOCUMENT_PDF);
  document_add_unread (scan.document, 1, 1);
  g_ptr_array_add (message->parts, &scan);
  const Message *cause = f->notice.cause;
  f->notice.cause = message;
  f->notice.staff = true;
  TemplateFields *fields =
    outbox_fields (&f->notice, program_notice (f->lab.program, "receipt"), NULL, "Ada",
                   NULL);
  g_ptr_array_steal_index (message->cc, 0);
  g_ptr_array_steal_index (message->parts, 0);
  document_free (scan.document);
  f->notice.cause = cause;
  f->notice.staff = false;
  f->notice.own = NULL;
  f->notice.went = NULL;
  f->notice.at_limit = NULL;
  g_array_unref (digest.cases);
  g_array_unref (digest.meanwhile);
  f->notice.differences = NULL;
  return fields;
}

static void
the_table_of_words_is_what_templates_find (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) received =
    lab_file_of ("1.1", "incorporation", "file.pdf", DOCUMENT_CURRENT);
  g_autoptr (TemplateFields) fields = rich_fields (f, received);
  g_auto (GStrv) names = template_fields_names (fields);
  guint n = 0;

  for (const TemplateWord *word = outbox_words; word->name != NULL; word++, n++)
    if (!g_strv_contains ((const char *const *) names, word->name))
      g_error ("outbox_words has '%s', which no template finds", word->name);
  for (char **name = names; *name != NULL; name++)
    {
      const TemplateWord *word = outbox_words;

      while (word->name != NULL && strcmp (word->name, *name) != 0)
        word++;
      if (word->name == NULL)
        g_error ("templates find '%s': write a row of outbox_words for it", *name);
      g_assert_cmpstr (word->help, !=, "");
    }
  g_assert_cmpuint (n, ==, g_strv_length (names));
}

/* Names of notices in calls of FILE: outbox_write (..., "NAME", ...). */
static void
collect_own (const char *path, GHashTable *names)
{
  static const char call[] = "outbox_(?:notice|write|write_role) \\([^;\"]*\"([a-z0-9-]+)\"";
  g_autoptr (GRegex) regex = g_regex_new (call, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    g_hash_table_add (names, g_match_info_fetch (match, 1));
}

static void
the_notices_of_the_office_itself_are_listed (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *folder = lab_file ("src/engine");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".c"))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);

        collect_own (path, names);
      }
  g_assert_cmpuint (g_hash_table_size (names), >, 8);
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const OutboxOwnNotice *own = outbox_own_notices;

      while (own->name != NULL && strcmp (own->name, key) != 0)
        own++;
      if (own->name == NULL)
        g_error ("the engine sends '%s': write it into outbox_own_notices", (char *) key);
    }
}

/* What is known of a contact; else what the answered message is in; else, and for staff always, the
 * program's own. */
static void
a_mail_is_in_its_readers_language (Fixture *f, gconstpointer data)
{
  static const struct { const char *rcpt, *known, *written, *notice, *want; } rows[] = {
    { "ada@lakeside.example", "es", "en", "receipt", "es" },
    { "ada@lakeside.example", "en", "es", "receipt", "en" },
    { "ada@lakeside.example", "", "es", "receipt", "es" },
    { "ada@lakeside.example", "", NULL, "receipt", "en" },
    { "ada@lakeside.example", "es", "es", "cap-request", "en" }, /* nobody translated it: all of it */
    { "stranger@else.example", "es", "es", "receipt", "en" },
    { "pat.manager@office.example", "es", "es", "receipt", "en" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      CaseContact *ada = (CaseContact *) case_contact (f->lab.c, "ada@lakeside.example");
      g_autofree char *want = g_strdup_printf ("Content-Language: %s", rows[i].want);
      g_autofree char *page = g_strdup_printf ("<html lang=3D\"%s\"", rows[i].want);

      if (ada == NULL)
        g_ptr_array_add (f->lab.c->contacts,
                         ada = case_contact_new ("ada@lakeside.example", "Ada", "", ""));
      g_free (ada->language);
      ada->language = g_strdup (rows[i].known);
      f->notice.language = rows[i].written;
      put (f, rows[i].notice, rows[i].rcpt);
      g_autofree char *mail = bytes_of (f, i + 1);
      g_test_message ("row %u", i);
      has (mail, want);
      has (mail, page);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define OUTBOX_TEST(function)                                                                      \
  g_test_add ("/outbox/" #function, Fixture, NULL, set_up, function, tear_down)
  OUTBOX_TEST (the_gate_stops_what_must_never_be_sent);
  OUTBOX_TEST (quotas_hold_by_address_and_day);
  OUTBOX_TEST (quotas_hold_by_case_and_day);
  OUTBOX_TEST (staff_get_mail_from_many_cases);
  OUTBOX_TEST (an_answer_is_in_the_thread_of_what_it_answers);
  OUTBOX_TEST (anything_else_follows_the_last_mail_about_the_case);
  OUTBOX_TEST (the_same_cause_gives_the_same_bytes);
  OUTBOX_TEST (a_message_id_follows_from_what_led_to_it);
  OUTBOX_TEST (a_persons_words_are_no_automatons);
  OUTBOX_TEST (an_audience_gets_one_mail_each);
  OUTBOX_TEST (a_form_that_is_not_there_is_the_definitions_fault);
  OUTBOX_TEST (attachments_go_along);
  OUTBOX_TEST (large_mail_is_a_file);
  OUTBOX_TEST (damaged_bytes_are_found);
  OUTBOX_TEST (a_mail_is_in_its_readers_language);
  OUTBOX_TEST (rows_come_due_oldest_first_until_they_are_done);
  OUTBOX_TEST (the_table_of_words_is_what_templates_find);
  g_test_add_func ("/outbox/own-notices-are-listed", the_notices_of_the_office_itself_are_listed);
  g_test_add_func ("/outbox/back_off_grows_and_stays", back_off_grows_and_stays);
  return g_test_run ();
}
