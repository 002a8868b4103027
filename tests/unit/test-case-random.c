/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Properties of the pure step, by random but repeatable sequences of events with the program as it is delivered.
 * `-m slow` runs some millions of events.
 */
#include "lib/lab.h"

enum { STEPS = 150 };

typedef struct {
  Lab lab;
  GRand *rand;
  GHashTable *fired;   /* timer.n */
  GHashTable *numbers; /* every number given: documents, clarifications, timers */
  GChecksum *sum;      /* over everything that happened */
  guint accepted, refused;
} Walk;

/* --- what happened, as text ------------------------------------------------------ */

static void
tell_timer (GString *out, const CaseTimer *t)
{
  g_string_append_printf (out, " timer(%" G_GINT64_FORMAT " %s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                               " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %s %s)",
                          t->n, t->name, t->reminder, t->state, t->about, t->parent, t->start, t->due, t->paused,
                          t->span, t->why != NULL ? t->why : "", t->calendar);
}

static void
tell_changes (GString *out, const GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const CaseChange *c = changes->pdata[i];

      g_string_append_printf (out, "%d %s|%s|%s|%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, c->kind, c->name, c->value,
                              c->text, c->who, c->number, c->at);
      if (c->document != NULL)
        g_string_append_printf (out, " document(%" G_GINT64_FORMAT " %s %s %s %d %d)", c->document->n,
                                c->document->element, c->document->name, c->document->file, c->document->version,
                                c->document->status);
      if (c->timer != NULL)
        tell_timer (out, c->timer);
      g_string_append_c (out, '\n');
    }
}

static char *
tell_case (const Case *c)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%s %s %s %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", c->state, c->owner,
                          c->edition, c->open, c->serial, c->state_since);
  for (guint i = 0; i < c->documents->len; i++)
    {
      const CaseDocument *d = c->documents->pdata[i];
      g_string_append_printf (out, "%" G_GINT64_FORMAT " %s %s %d %d\n", d->n, d->element, d->name, d->version, d->status);
    }
  for (guint i = 0; i < c->findings->len; i++)
    {
      const CaseFinding *f = c->findings->pdata[i];
      g_string_append_printf (out, "%s %s %s\n", f->element, f->value, f->by);
    }
  for (guint i = 0; i < c->clarifications->len; i++)
    {
      const CaseClarification *k = c->clarifications->pdata[i];
      g_string_append_printf (out, "%" G_GINT64_FORMAT " %s %d %d %" G_GINT64_FORMAT "\n", k->n, k->element, k->open,
                              k->extended, k->due);
    }
  for (guint i = 0; i < c->timers->len; i++)
    tell_timer (out, c->timers->pdata[i]);
  return g_string_free (out, FALSE);
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

static void
check_changes (Walk *w)
{
  const ProgramCaseType *type = program_case_type (w->lab.program, w->lab.c->type);

  for (guint i = 0; i < w->lab.changes->len; i++)
    {
      const CaseChange *c = w->lab.changes->pdata[i];

      if (c->kind == CHANGE_STATE)
        {
          const ProgramState *from = program_state (type, c->value);

          g_assert_false (from->final);
          g_assert_true (has_way (from->transitions, c->name) || has_way (type->transitions, c->name));
        }
      else if (c->kind == CHANGE_TIMER || c->kind == CHANGE_DOCUMENT
               || (c->kind == CHANGE_CLARIFICATION && strcmp (c->name, "opened") == 0))
        take_number (w, c->number);
      else if (c->kind == CHANGE_TIMER_STATUS && strcmp (c->name, "fired") == 0)
        g_assert_true (g_hash_table_add (w->fired, g_memdup2 (&c->number, sizeof c->number)));
      else if (c->kind == CHANGE_NOTICE)
        g_assert_nonnull (program_notice (w->lab.program, c->name));
    }
}

static void
check_timers (const Walk *w, const ProgramCaseType *type, const ProgramState *state)
{
  const Case *c = w->lab.c;

  for (guint i = 0; i < c->timers->len; i++)
    {
      const CaseTimer *t = c->timers->pdata[i];

      g_assert_cmpint (t->status, ==, TIMER_RUNNING);
      g_assert_false (g_hash_table_contains (w->fired, &t->n));
      g_assert_nonnull (program_timer (type, state, t->name));
      g_assert_true (t->state[0] == '\0' || strcmp (t->state, c->state) == 0);
      g_assert_cmpint (t->start, !=, 0);
      g_assert_true (t->why != NULL && t->why[0] != '\0');
      if (t->parent != 0)
        g_assert_nonnull (case_timer (c, t->parent));
      if (t->about != 0)
        g_assert_true (case_clarification ((Case *) c, t->about)->open);
      if (i > 0)
        g_assert_cmpint (((const CaseTimer *) c->timers->pdata[i - 1])->n, <, t->n);
    }
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

static void
check_case (const Walk *w)
{
  const Case *c = w->lab.c;
  const ProgramCaseType *type = program_case_type (w->lab.program, c->type);
  const ProgramState *state = program_state (type, c->state);

  g_assert_nonnull (state);
  g_assert_true (c->open == !state->final);
  /* A case that is not at its end waits for somebody with a name, and says what comes next. */
  g_assert_true (state->final || program_role (w->lab.program, state->waiting_on) != NULL);
  g_assert_true (state->final || state->next_step[0] != '\0');
  g_assert_true (!state->final || c->timers->len == 0);
  g_assert_cmpint (c->state_since, <=, w->lab.now);
  check_timers (w, type, state);
  check_documents (w);
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

static GPtrArray *
pick_files (Walk *w)
{
  const ProgramEdition *edition = program_edition (w->lab.program, w->lab.c->edition);
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) case_document_free);

  for (guint n = pick (w, 12); n > 0; n--)
    {
      const ProgramElement *element = edition->elements->pdata[pick (w, edition->elements->len)];
      const ProgramDocument *document = element->documents->pdata[pick (w, element->documents->len)];
      bool unclear = pick (w, 6) == 0;
      g_autoptr (GPtrArray) one = lab_file_of (unclear ? "" : element->name, unclear ? "" : document->name, "f.pdf",
                                               unclear ? DOCUMENT_UNCLEAR : DOCUMENT_CURRENT);
      CaseDocument *file = g_ptr_array_steal_index (one, 0);

      file->message = 1 + w->accepted + w->refused; /* each event is a message of its own */

      if (!unclear && w->lab.c->documents->len > 0 && pick (w, 3) == 0)
        file->n = ((const CaseDocument *) w->lab.c->documents->pdata[pick (w, w->lab.c->documents->len)])->n;
      g_ptr_array_add (files, file);
    }
  return files;
}

/* An event the state knows most of the time, else any word of the vocabulary or none. */
static const char *
pick_event (Walk *w)
{
  const ProgramCaseType *type = program_case_type (w->lab.program, w->lab.c->type);
  const ProgramState *state = program_state (type, w->lab.c->state);
  static const char *const words[] = { "submit", "decide approve", "recommend deny", "extend", "nonsense", "timer answer",
                                       "opened", "answered", "" };
  guint own = state->transitions->len, all = own + type->transitions->len;
  guint n = pick (w, all + 2);

  if (n < own)
    return ((const ProgramTransition *) state->transitions->pdata[n])->event;
  /* Withdrawing ends the walk: seldom. */
  if (n < all && (strcmp (((const ProgramTransition *) type->transitions->pdata[n - own])->event, "withdraw") != 0
                  || pick (w, 20) == 0))
    return ((const ProgramTransition *) type->transitions->pdata[n - own])->event;
  return pick_text (w, words, G_N_ELEMENTS (words));
}

static void
remember (Walk *w, const char *name, bool good, const GError *error)
{
  g_autoptr (GString) out = g_string_new (name);

  g_string_append_printf (out, " %" G_GINT64_FORMAT " %s\n", w->lab.now, good ? "yes" : error->message);
  if (good)
    tell_changes (out, w->lab.changes);
  g_checksum_update (w->sum, (const guchar *) out->str, (gssize) out->len);
}

static void
let_happen (Walk *w, const CaseEvent *event)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = tell_case (w->lab.c);
  bool good = lab_try (&w->lab, event, &error);

  remember (w, event->name, good, error);
  if (good)
    {
      w->accepted++;
      check_changes (w);
    }
  else
    {
      g_autofree char *after = tell_case (w->lab.c);

      w->refused++;
      g_assert_error (error, QEC_ERROR, QEC_ERROR_PERMANENT);
      g_assert_cmpstr (error->message, !=, "");
      g_assert_cmpstr (before, ==, after);
    }
  check_case (w);
}

/* Somebody who may, most of the time. */
static const CaseActor *
pick_actor (Walk *w, const char *event)
{
  static const CaseActor *const actors[] = { &lab_applicant, &lab_manager, &lab_reviewer, &lab_lead, &lab_approver };
  const ProgramTransition *transition = case_transition (w->lab.program, w->lab.c, event);
  guint first = pick (w, G_N_ELEMENTS (actors));

  if (transition == NULL || transition->by == NULL || transition->by[0] == NULL || pick (w, 5) == 0)
    return actors[first];
  while (!g_strv_contains ((const char *const *) transition->by, actors[first]->roles[0]))
    first = (first + 1) % G_N_ELEMENTS (actors);
  return actors[first];
}

/* An element of the state's group, most of the time. */
static const char *
pick_element (Walk *w)
{
  const ProgramState *state = program_state (program_case_type (w->lab.program, w->lab.c->type), w->lab.c->state);
  const ProgramEdition *edition = program_edition (w->lab.program, w->lab.c->edition);

  if (pick (w, 8) == 0)
    return pick (w, 2) == 0 ? NULL : "9.9";
  for (;;)
    {
      const ProgramElement *element = edition->elements->pdata[pick (w, edition->elements->len)];

      if (g_strcmp0 (element->group, state->group) == 0 || pick (w, 10) == 0)
        return element->name;
    }
}

static void
random_event (Walk *w)
{
  static const char *const values[] = { "met", "met", "met", "not-applicable", "not-met", "x",
                                        "pat.manager@office.example", "lee.lead@office.example", NULL };
  static const char *const texts[] = { "", "Since 2019.", "About 1.3 and 2.1: yes", "ü\n/x", NULL };
  g_autoptr (GPtrArray) files = pick_files (w);
  const char *name = pick_event (w);
  CaseActor actor = *pick_actor (w, name);
  Span span = { g_rand_int_range (w->rand, -2, 20), (SpanUnit) pick (w, SPAN_YEARS + 1) };

  if (pick (w, 10) == 0)
    actor.assurance = (Assurance) pick (w, ASSURE_SIGNED + 1);
  let_happen (w, &(CaseEvent){
    .name = name, .actor = &actor, .element = pick_element (w),
    .value = pick_text (w, values, G_N_ELEMENTS (values)), .text = pick_text (w, texts, G_N_ELEMENTS (texts)),
    .span = pick (w, 4) == 0 ? &span : NULL,
    .due = pick (w, 6) == 0 ? w->lab.now + g_rand_int_range (w->rand, -86400, 40 * 86400) : 0,
    .documents = files, .message = 7 });
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
      g_autofree char *name = g_strdup_printf ("timer %s", timer->name);
      w->lab.now = MAX (w->lab.now, timer->due);
      let_happen (w, &(CaseEvent){ .name = name, .timer = timer });
      g_assert_true (g_hash_table_contains (w->fired, &timer->n));
    }
  w->lab.now = then;
}

static char *
walk (Program *program, guint32 seed, guint *accepted, guint *refused)
{
  Walk w = { .rand = g_rand_new_with_seed (seed), .sum = g_checksum_new (G_CHECKSUM_SHA256),
             .fired = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
             .numbers = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL) };

  lab_open (&w.lab, program, "application", "2026-03-02T15:00:00Z");
  check_changes (&w);
  check_case (&w);
  for (guint i = 0; i < STEPS && w.lab.c->open; i++)
    {
      static const gint64 spans[] = { 0, 60, 3600, 86400, 5 * 86400, 30 * 86400, 100 * 86400 };

      random_event (&w);
      time_passes (&w, spans[pick (&w, pick (&w, 5) == 0 ? G_N_ELEMENTS (spans) : 4)]);
    }
  *accepted += w.accepted;
  *refused += w.refused;
  char *sum = g_strdup (g_checksum_get_string (w.sum));
  w.lab.program = NULL;
  lab_close (&w.lab);
  g_rand_free (w.rand);
  g_checksum_free (w.sum);
  g_hash_table_unref (w.fired);
  g_hash_table_unref (w.numbers);
  return sum;
}

static void
whatever_happens_the_properties_hold_and_repeat (void)
{
  Program *program = lab_program ();
  guint walks = g_test_slow () ? 25000 : 60, accepted = 0, refused = 0;

  for (guint32 seed = 1; seed <= walks; seed++)
    {
      g_autofree char *first = walk (program, seed, &accepted, &refused);
      g_autofree char *again = walk (program, seed, &accepted, &refused);

      if (strcmp (first, again) != 0)
        g_error ("seed %u does not repeat", seed);
    }
  program_free (program);
  g_test_message ("%u events happened, %u were refused", accepted, refused);
  g_assert_cmpuint (accepted, >, 40 * walks);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/case-random/properties-hold-and-repeat", whatever_happens_the_properties_hold_and_repeat);
  return g_test_run ();
}
