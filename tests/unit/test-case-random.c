/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Properties of the pure step, by random but repeatable sequences of events: with the program as it
 * is delivered, and with one that has other words.  People, events and values are drawn from the
 * definition.
 *
 *     test-case-random --events 5000000 --seed 77      by hand, as long as one likes
 *
 * A failure names the seed of the walk that found it.
 */
#include "lib/lab.h"
#include "lib/same-case.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "case/case-store.h"
#include "store/journal.h"

enum { STEPS = 150, WALKS = 40, STORED = 6 };

static gint64 wanted_events; /* 0: WALKS of each case type */
static guint32 first_seed = 1;

typedef struct {
  Lab lab;
  const ProgramCaseType *type;
  GRand *rand;
  GHashTable *fired;   /* timer.n */
  GHashTable *numbers; /* every number given: documents, clarifications, timers */
  GHashTable *law;     /* timer.n -> its due time */
  GChecksum *sum;      /* over everything that happened */
  Store *store;        /* where the changes are written, or NULL */
  const char *const *outside;
  gint64 message;
  guint accepted, refused;
} Walk;

/* --- what happened, as text ------------------------------------------------------ */

static void
tell_timer (GString *out, const CaseTimer *t)
{
  g_string_append_printf (out,
                          " timer(%" G_GINT64_FORMAT " %s %s %s %" G_GINT64_FORMAT
                          " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                          " %" G_GINT64_FORMAT " %s %s %s)",
                          t->n, t->name, t->reminder, t->state, t->about, t->parent, t->start,
                          t->due, t->paused, t->span, t->why != NULL ? t->why : "", t->calendar);
}

static void
tell_changes (GString *out, const GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const CaseChange *c = changes->pdata[i];

      g_string_append_printf (out, "%d %s|%s|%s|%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, c->kind,
                              c->name, c->value, c->text, c->who, c->number, c->at);
      if (c->document != NULL)
        g_string_append_printf (out, " document(%" G_GINT64_FORMAT " %s %s %s %d %d)",
                                c->document->n, c->document->element, c->document->name,
                                c->document->file, c->document->version, c->document->status);
      if (c->timer != NULL)
        tell_timer (out, c->timer);
      g_string_append_c (out, '\n');
    }
}

/* --- properties -------------------------------------------------------------------- */

static bool
has_way (const GPtrArray *transitions, const char *to)
{
  for (guint i = 0; i < transitions->len; i++)
    if (g_strcmp0 (((const ProgramTransition *) transitions->pdata[i])->to, to) == 0)
      return true;
  return false;
}

static void
take_number (Walk *w, gint64 n)
{
  g_assert_cmpint (n, >, 0);
  g_assert_cmpint (n, <=, w->lab.c->serial);
  g_assert_true (g_hash_table_add (w->numbers, g_memdup2 (&n, sizeof n)));
}

static bool
is_law (const Walk *w, const CaseTimer *timer)
{
  const ProgramState *state =
    program_state (w->type, timer->state[0] != '\0' ? timer->state : w->lab.c->state);
  const ProgramTimer *def = timer->parent == 0 ? program_timer (w->type, state, timer->name) : NULL;

  return def != NULL && def->basis == BASIS_LAW;
}

/* A clock that is law never stands still, and ends only with a word: fired at its time, or stopped
 * by the rules. */
static void
check_law (Walk *w, const CaseChange *c)
{
  const gint64 *due = g_hash_table_lookup (w->law, &c->number);

  if (c->kind == CHANGE_TIMER && is_law (w, c->timer))
    g_hash_table_insert (w->law, g_memdup2 (&c->number, sizeof c->number),
                         g_memdup2 (&c->timer->due, sizeof (gint64)));
  if (c->kind != CHANGE_TIMER_STATUS || due == NULL)
    return;
  g_assert_cmpstr (c->name, !=, "paused");
  if (strcmp (c->name, "fired") == 0)
    g_assert_cmpint (w->lab.now, ==, *due);
  if (strcmp (c->name, "fired") == 0 || strcmp (c->name, "stopped") == 0)
    g_hash_table_remove (w->law, &c->number);
  else
    g_hash_table_insert (w->law, g_memdup2 (&c->number, sizeof c->number),
                         g_memdup2 (&c->at, sizeof c->at));
}

static void
check_changes (Walk *w)
{
  for (guint i = 0; i < w->lab.changes->len; i++)
    {
      const CaseChange *c = w->lab.changes->pdata[i];

      if (c->kind == CHANGE_STATE)
        {
          const ProgramState *from = program_state (w->type, c->value);

          g_assert_false (from->final);
          g_assert_true (has_way (from->transitions, c->name)
                         || has_way (w->type->transitions, c->name));
        }
      else if (c->kind == CHANGE_TIMER || c->kind == CHANGE_DOCUMENT
               || (c->kind == CHANGE_CLARIFICATION && strcmp (c->name, "opened") == 0))
        take_number (w, c->number);
      else if (c->kind == CHANGE_TIMER_STATUS && strcmp (c->name, "fired") == 0)
        g_assert_true (g_hash_table_add (w->fired, g_memdup2 (&c->number, sizeof c->number)));
      else if (c->kind == CHANGE_NOTICE)
        g_assert_nonnull (program_notice (w->lab.program, c->name));
      check_law (w, c);
    }
}

static void
check_timers (const Walk *w, const ProgramState *state)
{
  const Case *c = w->lab.c;
  guint law = 0;

  for (guint i = 0; i < c->timers->len; i++)
    {
      const CaseTimer *t = c->timers->pdata[i];

      g_assert_cmpint (t->status, ==, TIMER_RUNNING);
      g_assert_false (g_hash_table_contains (w->fired, &t->n));
      g_assert_true (t->state[0] == '\0' || strcmp (t->state, c->state) == 0);
      g_assert_cmpint (t->start, !=, 0);
      g_assert_true (t->why != NULL && t->why[0] != '\0');
      if (t->parent != 0)
        g_assert_nonnull (case_timer (c, t->parent));
      if (t->about != 0)
        g_assert_true (case_clarification ((Case *) c, t->about)->open);
      if (i > 0)
        g_assert_cmpint (((const CaseTimer *) c->timers->pdata[i - 1])->n, <, t->n);
      if (!is_law (w, t))
        continue;
      law++;
      g_assert_cmpint (t->paused, ==, 0);
      g_assert_cmpint (t->due, ==, *(const gint64 *) g_hash_table_lookup (w->law, &t->n));
    }
  g_assert_cmpuint (law, ==, g_hash_table_size (w->law));
}

static void
check_documents (const Walk *w)
{
  /* Several pieces of one document are current at once only when one mail brought them. */
  g_autoptr (GHashTable) current = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < w->lab.c->documents->len; i++)
    {
      const CaseDocument *d = w->lab.c->documents->pdata[i];

      if (d->status == DOCUMENT_CURRENT)
        {
          g_autofree char *key = g_strconcat (d->element, "/", d->name, NULL);
          gpointer message = GSIZE_TO_POINTER ((gsize) d->message), before;

          if (g_hash_table_lookup_extended (current, key, NULL, &before))
            g_assert_true (before == message);
          g_hash_table_replace (current, g_steal_pointer (&key), message);
        }
      g_assert_true ((d->version == 0) == (d->element[0] == '\0'));
    }
}

static bool
somebody_may (const ProgramCaseType *type, const ProgramState *state, const char *role)
{
  const GPtrArray *both[] = { state->transitions, type->transitions };

  for (guint k = 0; k < G_N_ELEMENTS (both); k++)
    for (guint i = 0; i < both[k]->len; i++)
      if (g_strv_contains (
            (const char *const *) ((const ProgramTransition *) both[k]->pdata[i])->by, role))
        return true;
  return false;
}

/* A case that is not at its end waits for somebody who can do something there, or for a clock. */
static void
check_waiting (const Walk *w, const ProgramState *state)
{
  const Case *c = w->lab.c;

  if (state->final)
    {
      g_assert_cmpuint (c->timers->len, ==, 0);
      return;
    }
  g_assert_nonnull (program_role (w->lab.program, state->waiting_on));
  g_assert_true (c->timers->len > 0 || somebody_may (w->type, state, state->waiting_on));
}

static void
check_case (const Walk *w)
{
  const Case *c = w->lab.c;
  const ProgramState *state = program_state (w->type, c->state);

  g_assert_nonnull (state);
  g_assert_true (c->open == !state->final);
  g_assert_cmpint (c->state_since, <=, w->lab.now);
  check_waiting (w, state);
  check_timers (w, state);
  check_documents (w);
}

/* --- in the database ------------------------------------------------------------------ */

static void
commit (Walk *w, StoreTxn *txn)
{
  g_autoptr (GError) error = NULL;

  store_commit (txn, &error);
  g_assert_no_error (error);
}

/* A case as a filled form makes it; the changes written from now on must make the same of it. */
static void
store_case (Walk *w)
{
  g_autoptr (GError) error = NULL;
  Case *c = w->lab.c;

  w->store = store_open (":memory:", &error);
  g_assert_no_error (error);
  g_autoptr (StoreTxn) txn = store_begin (w->store, &error);
  g_assert_true (
    case_add_organization (txn, "Lakeside", "1 Main St", "555", &c->organization, &error));
  g_assert_true (
    case_add_contact (txn, c->organization, "ada@lakeside.example", "Ada", "556", "", &error));
  g_assert_true (case_insert (txn, c, w->type->prefix, 2026, &error));
  commit (w, txn);
  Case *loaded = case_load (w->store, c->id, &error);
  g_assert_no_error (error);
  case_free (c);
  w->lab.c = loaded;
}

static void
write_and_compare (Walk *w)
{
  g_autoptr (GError) error = NULL;
  gint64 input = 0;

  if (w->store == NULL)
    return;
  {
    g_autoptr (StoreTxn) txn = store_begin (w->store, &error);

    g_assert_true (journal_input (txn, "message", w->lab.now, w->message, NULL, &input, &error));
    g_assert_true (case_save (txn, w->lab.c, w->lab.changes, input, w->lab.now, &error));
    commit (w, txn);
  }
  g_autoptr (Case) loaded = case_load (w->store, w->lab.c->id, &error);
  g_assert_no_error (error);
  same_case (w->lab.c, loaded);
}

/* --- one random event ---------------------------------------------------------------- */

static guint
pick (Walk *w, guint n)
{
  return (guint) g_rand_int_range (w->rand, 0, (gint32) n);
}

static const char *
pick_text (Walk *w, const char *const *texts, guint n)
{
  return texts[pick (w, n)];
}

/* NULL: the case's type has no elements. */
static const ProgramElement *
any_element (Walk *w)
{
  const ProgramEdition *edition =
    w->lab.c->edition != NULL ? program_edition (w->lab.program, w->lab.c->edition) : NULL;

  return edition == NULL ? NULL : edition->elements->pdata[pick (w, edition->elements->len)];
}

static GPtrArray *
pick_files (Walk *w)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) case_document_free);

  for (guint n = pick (w, 12); n > 0; n--)
    {
      const ProgramElement *element = any_element (w);
      bool unclear = pick (w, 6) == 0 || element == NULL || element->documents->len == 0;
      const ProgramDocument *document =
        unclear ? NULL : element->documents->pdata[pick (w, element->documents->len)];
      g_autoptr (GPtrArray) one =
        lab_file_of (unclear ? "" : element->name, unclear ? "" : document->name, "f.pdf",
                     unclear ? DOCUMENT_UNCLEAR : DOCUMENT_CURRENT);
      CaseDocument *file = g_ptr_array_steal_index (one, 0);

      file->message = w->message; /* each event is a message of its own, each file a part of it */
      g_free (file->part);
      file->part = g_strdup_printf ("1.%u", n);
      if (!unclear && w->lab.c->documents->len > 0 && pick (w, 3) == 0)
        file->n =
          ((const CaseDocument *) w->lab.c->documents->pdata[pick (w, w->lab.c->documents->len)])
            ->n;
      g_ptr_array_add (files, file);
    }
  return files;
}

/* An event the state knows most of the time, else one of another state, or none at all. */
static const char *
pick_event (Walk *w)
{
  const ProgramState *state = program_state (w->type, w->lab.c->state);
  guint own = state->transitions->len, all = own + w->type->transitions->len;
  guint n = pick (w, all + 2);

  if (n < own)
    return ((const ProgramTransition *) state->transitions->pdata[n])->event;
  if (n < all)
    {
      const ProgramTransition *t = w->type->transitions->pdata[n - own];

      /* What ends the case ends the walk: seldom. */
      if (t->to == NULL || !program_state (w->type, t->to)->final || pick (w, 20) == 0)
        return t->event;
    }
  const ProgramState *other = w->type->states->pdata[pick (w, w->type->states->len)];
  if (other->transitions->len > 0 && pick (w, 4) != 0)
    return ((const ProgramTransition *)
              other->transitions->pdata[pick (w, other->transitions->len)])
      ->event;
  static const char *const nonsense[] = { "nonsense", "opened", "answered", "" };
  return pick_text (w, nonsense, G_N_ELEMENTS (nonsense));
}

static void
remember (Walk *w, const char *name, bool good, const GError *error)
{
  g_autoptr (GString) out = g_string_new (name);

  g_string_append_printf (out, " %" G_GINT64_FORMAT " %s\n", w->lab.now,
                          good ? "yes" : error->message);
  if (good)
    tell_changes (out, w->lab.changes);
  g_checksum_update (w->sum, (const guchar *) out->str, (gssize) out->len);
}

static void
let_happen (Walk *w, const CaseEvent *event)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) before = case_copy (w->lab.c);
  g_autoptr (GPtrArray) obstacles =
    case_obstacles (w->lab.program, before, event->name, w->lab.now);
  bool may = event->actor == NULL || case_may (w->lab.program, before, event, w->lab.now);
  bool good = lab_try (&w->lab, event, &error);

  remember (w, event->name, good, error);
  if (good)
    {
      w->accepted++;
      /* Nothing happened that somebody had no right to, or that a guard forbids. */
      g_assert_true (may);
      if (event->timer == NULL)
        g_assert_cmpuint (obstacles->len, ==, 0);
      check_changes (w);
      write_and_compare (w);
    }
  else
    {
      w->refused++;
      g_assert_error (error, QEC_ERROR, QEC_ERROR_PERMANENT);
      g_assert_cmpstr (error->message, !=, "");
      same_case (before, w->lab.c);
    }
  check_case (w);
}

/* Somebody who may, most of the time. */
static void
pick_actor (Walk *w, const char *event, CaseActor *actor)
{
  const ProgramTransition *t = case_transition (w->lab.program, w->lab.c, event, w->lab.now);
  const Program *p = w->lab.program;
  guint n = p->people->len, first = pick (w, n + 1);
  bool right = t != NULL && t->by[0] != NULL && pick (w, 5) != 0;

  for (guint i = 0; i <= n; i++)
    {
      guint k = (first + i) % (n + 1);
      const ProgramPerson *person = k < n ? p->people->pdata[k] : NULL;
      const char *const *roles = person != NULL ? (const char *const *) person->roles : w->outside;

      *actor = (CaseActor){ .address = person != NULL ? person->address : "ada@lakeside.example",
                            .name = person != NULL ? person->name : "Ada",
                            .staff = person != NULL,
                            .roles = roles,
                            .assurance = pick (w, 10) == 0 ? (Assurance) pick (w, ASSURE_SIGNED + 1)
                                                           : ASSURE_SIGNED };
      for (char **by = right ? t->by : NULL; by != NULL && *by != NULL; by++)
        if (g_strv_contains (roles, *by))
          return;
      if (!right)
        return;
    }
}

/* An element of the state's group, most of the time. */
static const char *
pick_element (Walk *w)
{
  const ProgramState *state = program_state (w->type, w->lab.c->state);

  if (pick (w, 8) == 0)
    return pick (w, 2) == 0 ? NULL : "9.9";
  for (;;)
    {
      const ProgramElement *element = any_element (w);

      if (element == NULL)
        return "9.9";
      if (g_strcmp0 (element->group, state->group) == 0 || pick (w, 10) == 0)
        return element->name;
    }
}

static const char *
pick_value (Walk *w)
{
  const ProgramEdition *edition =
    w->lab.c->edition != NULL ? program_edition (w->lab.program, w->lab.c->edition) : NULL;
  const GPtrArray *people = w->lab.program->people;
  static char *none[] = { (char *) "met", NULL };
  char **words = edition == NULL ? none : pick (w, 2) == 0 ? edition->passing : edition->findings;

  switch (pick (w, 8))
    {
    case 0:
      return NULL;
    case 1:
      return "x";
    case 2:
      return ((const ProgramPerson *) people->pdata[pick (w, people->len)])->address;
    default:
      return words[pick (w, g_strv_length (words))];
    }
}

static void
random_event (Walk *w)
{
  const char *about = pick_element (w);
  g_autofree char *named = g_strdup_printf ("About %s: yes", about);
  const char *const texts[] = { "", "Since 2019.", named, "ü\n/x", NULL };
  g_autoptr (GPtrArray) files = (w->message++, pick_files (w));
  const char *name = pick_event (w);
  CaseActor actor;
  Span span = { g_rand_int_range (w->rand, -2, 20), (SpanUnit) pick (w, SPAN_YEARS + 1) };

  pick_actor (w, name, &actor);
  let_happen (w, &(CaseEvent){
    .name = name, .actor = &actor, .element = about, .value = pick_value (w),
    .text = pick_text (w, texts, G_N_ELEMENTS (texts)), .span = pick (w, 4) == 0 ? &span : NULL,
    .due = pick (w, 6) == 0 ? w->lab.now + g_rand_int_range (w->rand, -86400, 40 * 86400) : 0,
    .documents = files, .message = w->message });
}

/* A timer whose transition a guard forbids has fired all the same. */
static void
fire (Walk *w, const CaseTimer *timer)
{
  g_autofree char *name = g_strdup_printf ("timer %s", timer->name);

  let_happen (w, &(CaseEvent){ .name = name, .timer = timer });
  if (g_hash_table_contains (w->fired, &timer->n))
    return;
  g_ptr_array_set_size (w->lab.changes, 0);
  case_fire_in_vain (w->lab.c, timer, "a guard", w->lab.changes);
  check_changes (w);
  write_and_compare (w);
  check_case (w);
}

/* Time goes on; what comes due on the way fires first, in order. */
static void
time_passes (Walk *w, gint64 seconds)
{
  gint64 then = w->lab.now + seconds;

  for (;;)
    {
      g_autoptr (Case) before = case_copy (w->lab.c);
      const CaseTimer *timer = lab_next (before);

      if (timer == NULL || timer->due > then)
        break;
      w->lab.now = MAX (w->lab.now, timer->due);
      fire (w, timer);
      g_assert_true (g_hash_table_contains (w->fired, &timer->n));
    }
  w->lab.now = then;
}

/* --- walks ------------------------------------------------------------------------------ */

static char where[256]; /* for whoever reads of a failure */

static void
say_where (int signal_number)
{
  if (write (STDERR_FILENO, where, strlen (where)) < 0)
    _exit (1);
  signal (signal_number, SIG_DFL);
  raise (signal_number);
}

static Case *
fresh_case (const Walk *w)
{
  Case *c = case_new ();

  c->type = g_strdup (w->type->name);
  c->definition = g_strdup (w->lab.program->version);
  c->edition = g_strdup (w->type->edition);
  c->state = g_strdup (w->type->initial);
  c->owner = g_strdup ("");
  c->opened_at = w->lab.now;
  return c;
}

static void
start (Walk *w, bool stored)
{
  g_autoptr (GError) error = NULL;

  w->lab.now = lab_time ("2026-03-02T15:00:00Z");
  w->lab.changes = lab_changes ();
  w->lab.c = fresh_case (w);
  if (stored)
    store_case (w);
  else
    w->lab.c->ref = g_strdup ("X-2026-0001");
  case_begin (w->lab.program, w->lab.c, &(CaseEvent){ .name = "opened" }, w->lab.now,
              w->lab.changes, &error);
  g_assert_no_error (error);
  check_changes (w);
  write_and_compare (w);
  check_case (w);
}

static void
end (Walk *w)
{
  case_free (w->lab.c);
  g_ptr_array_unref (w->lab.changes);
  store_close (w->store);
  g_rand_free (w->rand);
  g_checksum_free (w->sum);
  g_hash_table_unref (w->fired);
  g_hash_table_unref (w->numbers);
  g_hash_table_unref (w->law);
}

static const char *const *
outside_roles (const Program *program)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < program->roles->len; i++)
    if (((const ProgramRole *) program->roles->pdata[i])->kind == ROLE_OUTSIDE)
      g_ptr_array_add (names, ((const ProgramRole *) program->roles->pdata[i])->name);
  g_ptr_array_add (names, NULL);
  return (const char *const *) g_ptr_array_steal (names, NULL);
}

static char *
walk (Program *program, const ProgramCaseType *type, guint32 seed, bool stored, guint *accepted,
      guint *refused)
{
  g_autofree const char *const *outside = outside_roles (program);
  Walk w = { .lab = { .program = program },
             .type = type,
             .rand = g_rand_new_with_seed (seed),
             .outside = outside,
             .sum = g_checksum_new (G_CHECKSUM_SHA256),
             .message = 1,
             .fired = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
             .numbers = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
             .law = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free) };

  g_snprintf (where, sizeof where, "# in the walk with --seed %u, program %s, case type %s\n", seed,
              program->name, type->name);
  start (&w, stored);
  for (guint i = 0; i < STEPS && w.lab.c->open; i++)
    {
      static const gint64 spans[] = { 0, 60, 3600, 86400, 5 * 86400, 30 * 86400, 100 * 86400 };

      random_event (&w);
      time_passes (&w, spans[pick (&w, pick (&w, 5) == 0 ? G_N_ELEMENTS (spans) : 4)]);
    }
  *accepted += w.accepted;
  *refused += w.refused;
  char *sum = g_strdup (g_checksum_get_string (w.sum));
  end (&w);
  return sum;
}

/* Every walk twice: it repeats.  Now and then with a database beside it. */
static void
walk_type (Program *program, const ProgramCaseType *type)
{
  guint accepted = 0, refused = 0;
  guint32 seed = first_seed;

  for (guint i = 0; wanted_events > 0 ? accepted + refused < wanted_events : i < WALKS; i++, seed++)
    {
      g_autofree char *first = walk (program, type, seed, i < STORED, &accepted, &refused);
      g_autofree char *again = walk (program, type, seed, false, &accepted, &refused);

      if (i >= STORED && strcmp (first, again) != 0)
        g_error ("seed %u does not repeat", seed);
    }
  g_test_message ("%s, %s, seeds %u to %u: %u events happened, %u were refused", program->name,
                  type->name, first_seed, seed - 1, accepted, refused);
  g_assert_cmpuint (accepted, >, seed - first_seed);
}

static void
walk_program (Program *program)
{
  for (guint i = 0; i < program->case_types->len; i++)
    walk_type (program, program->case_types->pdata[i]);
  program_free (program);
}

static void
whatever_happens_in_our_program_the_properties_hold (void)
{
  walk_program (lab_program ());
}

static void
whatever_happens_in_another_program_the_properties_hold (void)
{
  walk_program (lab_grants ());
}

/* Options of our own, before GTest sees them. */
static void
take_options (int *argc, char **argv)
{
  int kept = 1;

  for (int i = 1; i < *argc; i++)
    {
      if (i + 1 < *argc && strcmp (argv[i], "--events") == 0)
        wanted_events = g_ascii_strtoll (argv[++i], NULL, 10);
      else if (i + 1 < *argc && strcmp (argv[i], "--seed") == 0)
        first_seed = (guint32) g_ascii_strtoull (argv[++i], NULL, 10);
      else
        argv[kept++] = argv[i];
    }
  *argc = kept;
}

int
main (int argc, char **argv)
{
  take_options (&argc, argv);
  g_test_init (&argc, &argv, NULL);
  signal (SIGABRT, say_where);
  g_test_add_func ("/case-random/our-program", whatever_happens_in_our_program_the_properties_hold);
  g_test_add_func ("/case-random/another-program",
                   whatever_happens_in_another_program_the_properties_hold);
  return g_test_run ();
}
