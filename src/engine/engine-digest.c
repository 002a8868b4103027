/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Digests: at its hour each person of the office gets one mail about all that waits for them.
 *
 * What it says is read from the database at that moment, so replay says the same.  After a time in
 * which the office did not run, only the latest of each digest is written: what the others would
 * have said is in it.
 */
#include <string.h>

#include "base/fault.h"
#include "base/log.h"
#include "engine/roster.h"
#include "engine/run.h"
#include "store/journal.h"

#define SOON_S (7 * 24 * 3600)

typedef struct {
  Office *office;
  gint64 at;
  GPtrArray *cases;       /* Case, open ones */
  GPtrArray *fired;       /* of each: GPtrArray of CaseTimer that came due in the state it is in */
  GPtrArray *held;        /* HeldRow, waiting */
  GPtrArray *at_limit;    /* OutboxAtLimit, since the digest before */
} Survey;

static void
survey_clear (Survey *survey)
{
  g_clear_pointer (&survey->cases, g_ptr_array_unref);
  g_clear_pointer (&survey->fired, g_ptr_array_unref);
  g_clear_pointer (&survey->held, g_ptr_array_unref);
  g_clear_pointer (&survey->at_limit, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Survey, survey_clear)

/* Dates that came and went while the case stayed where it is. */
static GPtrArray *
fired_timers (Store *store, const Case *c, GError **error)
{
  GPtrArray *timers = case_all_timers (store, c->id, error);

  for (guint i = timers != NULL ? timers->len : 0; i > 0; i--)
    {
      const CaseTimer *timer = timers->pdata[i - 1];

      if (timer->status != TIMER_FIRED || timer->parent != 0 || case_timer_is_own (timer)
          || timer->start < c->state_since)
        g_ptr_array_remove_index (timers, i - 1);
    }
  return timers;
}

static bool
look_at_case (Store *store, gint64 id, gpointer data, GError **error)
{
  Survey *survey = data;
  g_autoptr (Case) c = case_load (store, id, error);
  GPtrArray *fired = c != NULL && c->open ? fired_timers (store, c, error) : NULL;

  if (c == NULL || (c->open && fired == NULL))
    return false;
  if (!c->open)
    return true;
  g_ptr_array_add (survey->cases, g_steal_pointer (&c));
  g_ptr_array_add (survey->fired, fired);
  return true;
}

/* The whole days since SINCE: today is not over. */
static GPtrArray *
at_limit_since (const Survey *survey, gint64 since, GError **error)
{
  const Program *program = survey->office->definition->program;

  return outbox_at_limit (survey->office->store, program,
                          calendar_day_number (program->calendar, since),
                          calendar_day_number (program->calendar, survey->at), error);
}

static bool
look_around (Survey *survey, gint64 since, GError **error)
{
  survey->cases = g_ptr_array_new_with_free_func ((GDestroyNotify) case_free);
  survey->fired = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  survey->held = held_waiting (survey->office->store, error);
  survey->at_limit = survey->held != NULL ? at_limit_since (survey, since, error) : NULL;
  return survey->at_limit != NULL && case_each (survey->office->store, look_at_case, survey, error);
}

static int
by_date (gconstpointer a, gconstpointer b)
{
  const OutboxEntry *x = a, *y = b;

  return x->at != y->at ? (x->at > y->at) - (x->at < y->at)
                        : (x->c->id > y->c->id) - (x->c->id < y->c->id);
}

/* A reminder is for whoever wanted it, in whose case it may be; a date of the case for whoever
 * reads of that. */
static bool
is_for (const CaseTimer *timer, const char *person, bool reads)
{
  return case_timer_is_own (timer) ? strcmp (timer->who, person) == 0 : reads;
}

/* PERSON READS of the case itself. */
static void
add_dates (const Survey *survey, const Program *program, const Case *c, const GPtrArray *timers,
           const char *person, bool reads, GArray *to)
{
  for (guint i = 0; i < timers->len; i++)
    {
      const CaseTimer *timer = timers->pdata[i];
      const ProgramTimer *rule = case_timer_rule (program, c, timer);
      const ProgramCaseType *type = program_case_type (program, c->type);
      const char *note = type != NULL && type->confidential ? NULL : timer->text;
      OutboxEntry entry = { c, program, rule != NULL ? rule->title : timer->name, timer->due,
                            note };

      if (is_for (timer, person, reads) && timer->parent == 0 && timer->paused == 0
          && timer->due <= survey->at + SOON_S)
        g_array_append_val (to, entry);
    }
}

enum { MESSAGES_COUNTED = 500 };

/* Messages of case ID since the day SINCE, newest first: from outside, and of our own people. */
static bool
count_messages (Run *run, gint64 id, gint64 since, OutboxMeanwhile *one, GError **error)
{
  const Program *program = run->office->definition->program;
  g_autoptr (GPtrArray) rows = message_rows (run->office->store, id, MESSAGES_COUNTED, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const MessageRow *row = rows->pdata[i];

      if (calendar_day_number (program->calendar, row->received_at) < since)
        break;
      if (program_person (program, row->author) != NULL)
        one->written++;
      else
        one->received++;
    }
  return rows != NULL;
}

/* What happened in the cases of PERSON, who is back, since they went; NULL without error: they were
 * not away.  Said once. */
static bool
look_back (Run *run, const Survey *survey, const ProgramPerson *person, OutboxDigest *digest,
           GError **error)
{
  const Program *program = run->office->definition->program;
  g_autoptr (RosterRow) was = NULL;

  if (!roster_is_back (run->txn, program, person->address, run->at, &was, error))
    return false;
  if (was == NULL)
    return true;
  const ProgramPerson *deputy =
    was->deputy[0] != '\0' ? program_person (program, was->deputy) : NULL;
  digest->stood_in = deputy != NULL ? deputy->name : NULL;
  digest->meanwhile = g_array_new (FALSE, FALSE, sizeof (OutboxMeanwhile));
  for (guint i = 0; i < survey->cases->len; i++)
    {
      const Case *c = survey->cases->pdata[i];
      OutboxMeanwhile one = { .c = c,
                              .program = office_program (run->office, c->definition, error),
                              .moved = calendar_day_number (program->calendar, c->state_since)
                                       >= was->since };

      if (one.program == NULL)
        return false;
      if (g_strcmp0 (c->owner, person->address) != 0)
        continue;
      if (!count_messages (run, c->id, was->since, &one, error))
        return false;
      if (one.received > 0 || one.written > 0 || one.moved)
        g_array_append_val (digest->meanwhile, one);
    }
  return true;
}

/* What waits for PERSON; WHOLE: for anybody. */
static bool
collect (const Survey *survey, const char *person, bool whole, OutboxDigest *digest, GError **error)
{
  for (guint i = 0; i < survey->cases->len; i++)
    {
      const Case *c = survey->cases->pdata[i];
      const Program *program = office_program (survey->office, c->definition, error);

      if (program == NULL)
        return false;
      bool reads = whole || g_strcmp0 (c->owner, person) == 0;
      OutboxEntry entry = { c, program, NULL, c->state_since, NULL };

      if (reads)
        g_array_append_val (digest->cases, entry);
      add_dates (survey, program, c, c->timers, person, reads, digest->soon);
      add_dates (survey, program, c, survey->fired->pdata[i], person, reads, digest->over);
    }
  g_array_sort (digest->cases, by_date);
  g_array_sort (digest->soon, by_date);
  g_array_sort (digest->over, by_date);
  return true;
}

GArray *
run_waiting (const GPtrArray *held)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GArray *waiting = g_array_new (FALSE, FALSE, sizeof (OutboxWaiting));

  for (guint i = 0; i < held->len; i++)
    {
      const HeldRow *row = held->pdata[i];
      OutboxWaiting one = { row->author, row->subject, row->reason, row->at, row->due };

      if (row->author[0] == '\0' || g_hash_table_add (seen, row->author))
        g_array_append_val (waiting, one);
    }
  return waiting;
}

/* What waits for PERSON, to them, or to TO, who stands in for them. */
static bool
write_to (Run *run, const Survey *survey, const ProgramDigest *def, const ProgramPerson *person,
          const ProgramPerson *to, GError **error)
{
  const Program *program = run->office->definition->program;
  OutboxNotice notice = run_notice (run, program, NULL);
  g_autoptr (GArray) cases = g_array_new (FALSE, FALSE, sizeof (OutboxEntry));
  g_autoptr (GArray) soon = g_array_new (FALSE, FALSE, sizeof (OutboxEntry));
  g_autoptr (GArray) over = g_array_new (FALSE, FALSE, sizeof (OutboxEntry));
  g_autoptr (GArray) waiting = NULL;
  g_autoptr (GArray) meanwhile = NULL;
  OutboxDigest digest = { .cases = cases, .soon = soon, .over = over };

  if (!collect (survey, person->address, def->whole, &digest, error))
    return false;
  /* Held mail is for those who are told of it when it comes; so is who got too much of ours. */
  if (def->whole
      || (program->escalate != NULL && program_person_has_role (person, program->escalate)))
    {
      waiting = run_waiting (survey->held);
      notice.at_limit = survey->at_limit;
    }
  if (to == person && !def->whole && !look_back (run, survey, person, &digest, error))
    return false;
  meanwhile = digest.meanwhile;
  if (!def->whole && cases->len == 0 && soon->len == 0
      && (waiting == NULL || waiting->len + survey->at_limit->len == 0))
    return true;
  notice.digest = &digest;
  notice.waiting = waiting;
  notice.instead_of = to != person ? person : NULL;
  return outbox_write (run->txn, &notice, def->notice, to->address, to->name, error);
}

static bool
reads (const Program *program, const ProgramDigest *def, const ProgramPerson *person)
{
  const ProgramNotice *notice = program_notice (program, def->notice);
  bool has = false;

  for (char **role = notice != NULL ? notice->to : NULL; role != NULL && *role != NULL; role++)
    has = has || program_person_has_role (person, *role);
  return has && person->digest;
}

static bool
write_all (Run *run, const ProgramDigest *def, gint64 since, GError **error)
{
  const Program *program = run->office->definition->program;
  g_auto (Survey) survey = { .office = run->office, .at = run->at };

  if (!look_around (&survey, since, error))
    return false;
  for (guint i = 0; i < program->people->len; i++)
    {
      const ProgramPerson *person = program->people->pdata[i],
                          *to = person->away ? program_stand_in (program, person) : person;

      if (to == NULL || !reads (program, def, person)
          || (to != person && def->whole && reads (program, def, to)))
        continue;
      if (!write_to (run, &survey, def, person, to, error))
        return false;
    }
  return true;
}

static const ProgramDigest *
digest_called (const Program *program, const char *name)
{
  for (guint i = 0; i < program->digests->len; i++)
    if (strcmp (((const ProgramDigest *) program->digests->pdata[i])->name, name) == 0)
      return program->digests->pdata[i];
  return NULL;
}

static bool
note (StoreTxn *txn, const char *name, gint64 at, GError **error)
{
  g_autofree char *fact = g_strconcat ("digest:", name, NULL);
  g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, at);

  return office_set_fact (txn, fact, value, error);
}

static bool
tell_journal (Run *run, const char *name, GError **error)
{
  JsonObject *detail = json_object_new ();

  json_object_set_string_member (detail, "digest", name);
  return journal_event (run->txn, run->input, 0, run->at, "office.digest", detail, error);
}

static bool
tell_digest (Run *run, const char *trouble, gpointer data, GError **error)
{
  const EngineDigest *digest = data;

  if (!office_affirm (run->office, run->txn, run->now, error))
    return false;
  const ProgramDigest *def = digest_called (run->office->definition->program, digest->name);
  JsonObject *said = json_object_new ();
  json_object_set_string_member (said, "digest", digest->name);
  json_object_set_int_member (said, "now", run->now);
  json_object_set_int_member (said, "since", digest->since);
  return journal_input (run->txn, "digest", run->at, 0, said, &run->input, error)
         && tell_journal (run, digest->name, error) && note (run->txn, digest->name, run->at, error)
         && (def == NULL || trouble != NULL || write_all (run, def, digest->since, error));
}

bool
engine_digest (Office *office, const EngineDigest *digest, gint64 now, GError **error)
{
  Run run = { .office = office, .at = digest->at, .now = now };

  return run_attempt (&run, "digest", tell_digest, (gpointer) digest, error);
}

/* The last one that was written; the first look of an office counts as one, so that none is written
 * for the time before. */
static bool
last_of (Office *office, const ProgramDigest *def, gint64 now, gint64 *last, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autofree char *fact = g_strconcat ("digest:", def->name, NULL);
  g_autofree char *value = office_fact (office->store, fact, &inner);

  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  *last = value != NULL ? g_ascii_strtoll (value, NULL, 10) : now;
  if (value != NULL)
    return true;
  g_autoptr (StoreTxn) txn = store_begin (office->store, error);
  return txn != NULL && note (txn, def->name, now, error) && store_commit (txn, error);
}

bool
engine_next_digest (Office *office, gint64 before, gint64 now, EngineDigest *digest, GError **error)
{
  const Program *program = office->definition->program;

  *digest = (EngineDigest){ .at = G_MAXINT64 };
  for (guint i = 0; i < program->digests->len; i++)
    {
      const ProgramDigest *def = program->digests->pdata[i];
      gint64 last, next, later;

      if (!last_of (office, def, now, &last, error))
        return false;
      next = calendar_next_round (program->calendar, last, def->weekdays, def->minutes);
      while (next < before
             && (later = calendar_next_round (program->calendar, next, def->weekdays, def->minutes))
                  < before)
        next = later;
      if (next < digest->at)
        *digest = (EngineDigest){ def->name, next, last };
    }
  return true;
}
