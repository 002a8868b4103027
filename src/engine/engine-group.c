/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages that wait together, taken in with one commit.
 */
#include "engine/engine-group.h"

#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "engine/run.h"

/* While a group is acted on nobody else can write to the database: MAX_MESSAGES keeps that well
 * below what the delivery worker notices.  MAX_TEXT is for memory, MAX_WAIT_MS for the answer to
 * the first message. */
enum { MAX_MESSAGES = 32, MAX_TEXT = 4 * 1024 * 1024, MAX_WAIT_MS = 500 };

typedef struct {
  EngineArrival arrival;
  char sha256[65];
  EngineFacts facts;
  EngineTaken taken;
} Member;

struct Group {
  Office *office;
  gint64 now;
  GArray *members; /* Member */
  guint indexed;   /* of its members, so far */
  gsize text;      /* bytes of it in memory */
  gint64 since;    /* monotonic milliseconds: the first message was added */
};

static void
member_clear (gpointer data)
{
  Member *m = data;

  engine_facts_clear (&m->facts);
  engine_taken_clear (&m->taken);
}

Group *
group_new (Office *office, gint64 now)
{
  Group *group = g_new0 (Group, 1);

  group->office = office;
  group->now = now;
  group->members = g_array_new (FALSE, TRUE, sizeof (Member));
  g_array_set_clear_func (group->members, member_clear);
  return group;
}

void
group_free (Group *group)
{
  if (group == NULL)
    return;
  g_array_unref (group->members);
  g_free (group);
}

bool
group_add (Group *group, const EngineArrival *arrival, GError **error)
{
  Member m = { .arrival = *arrival };

  if (!engine_read (group->office, arrival, &m.facts, group->now, error))
    return false;
  fault_point ("message.read");
  if (group->members->len == 0)
    group->since = clock_monotonic_ms ();
  group->text += m.facts.message != NULL ? strlen (m.facts.message->text) : 0;
  memcpy (m.sha256, arrival->sha256, sizeof m.sha256);
  g_array_append_val (group->members, m);
  return true;
}

bool
group_is_full (const Group *group)
{
  /* Should one message kill us each time, those before it get through: one at each start. */
  guint most = group->office->has_committed ? MAX_MESSAGES : 1;

  return group->members->len >= most || group->text >= MAX_TEXT
         || (group->members->len > 0 && clock_monotonic_ms () - group->since >= MAX_WAIT_MS);
}

/* All at the end, because a savepoint makes FTS5 write out what it has gathered; sooner when
 * somebody looks for words. */
static bool
index_text (Group *group, StoreTxn *txn, guint n, GError **error)
{
  for (; group->indexed < n; group->indexed++)
    {
      const Member *m = &g_array_index (group->members, Member, group->indexed);

      if (m->taken.message != 0 && m->facts.message != NULL && !m->taken.quarantine
          && !message_row_index (txn, m->taken.message, m->facts.message, error))
        return false;
    }
  return true;
}

static bool
take_in (Group *group, StoreTxn *txn, guint n, GError **error)
{
  Member *m = &g_array_index (group->members, Member, n);
  gint64 now = group->now, received_at = m->arrival.received_at;
  guint fired = 0;

  m->arrival.sha256 = m->sha256;
  /* What was due before this message arrived happened before it. */
  return (m->facts.message == NULL || !run_asks_search (m->facts.message)
          || index_text (group, txn, n, error))
         && engine_clock (group->office, MIN (received_at > 0 ? received_at : now, now), now,
                          &fired, error)
         && engine_message (group->office, &m->arrival, &m->facts, now, &m->taken, error);
}

static void
begin_anew (Group *group)
{
  g_array_set_size (group->members, 0);
  group->text = 0;
  group->indexed = 0;
}

static bool
commit (Group *group, guint *n, GError **trouble, GError **error)
{
  g_autoptr (StoreTxn) txn = store_begin (group->office->store, error);

  if (txn == NULL)
    return false;
  for (*n = 0; *n < group->members->len && *trouble == NULL; *n += *trouble == NULL)
    take_in (group, txn, *n, trouble);
  fault_point ("group.before-commit");
  return index_text (group, txn, *n, error) && archive_sync (group->office->archive, error)
         && store_commit (txn, error);
}

bool
group_commit (Group *group, GroupTaken done, gpointer data, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  guint n;

  if (group->members->len == 0)
    return true;
  if (!commit (group, &n, &trouble, error))
    {
      begin_anew (group);
      return false;
    }
  group->office->has_committed = true;
  fault_point ("group.committed");
  for (guint i = 0; i < n; i++)
    {
      const Member *m = &g_array_index (group->members, Member, i);

      engine_log_taken (&m->taken);
      done (data, &m->arrival, &m->taken);
    }
  begin_anew (group);
  if (trouble == NULL)
    return true;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return false;
}
