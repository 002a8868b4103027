/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One function a kind of change: its SQL and its line in the journal.
 */
#include "case/case-record.h"

#include <string.h>

#include "base/words.h"
#include "store/journal.h"

enum {
  ROW, FIELD, DOCUMENT, DOCUMENT_STATUS, DOCUMENT_ACCEPTED, PARTY, LANGUAGE, PROPOSAL, SIGNER, FINDING, CLARIFICATION, TIMER, TIMER_STATUS, TIMER_PAUSE, TIMER_RESUME, TIMER_MOVE,
};

const char *const case_record_sql[] = {
  [ROW] =
    "UPDATE cases SET definition = :definition, state = :state, previous = :previous, state_since = :since, owner = :owner, open = :open, serial = :serial"
    " WHERE id = :id",
  [FIELD] =
    "INSERT INTO case_field (case_id, name, value) VALUES (:id, :name, :value)"
    " ON CONFLICT (case_id, name) DO UPDATE SET value = excluded.value",
  [DOCUMENT] =
    "INSERT INTO document (case_id, n, element, name, file, type, size, sha256, message, part, at, version, status,"
    " verdict, signer, fingerprints, why, accepted, party)"
    " VALUES (:id, :n, :element, :name, :file, :type, :size, :sha256, :message, :part, :at, :version, :status,"
    " :verdict, :signer, :fingerprints, :why, :accepted, :party)",
  [DOCUMENT_STATUS] =
    "UPDATE document SET status = :status WHERE case_id = :id AND n = :n",
  [DOCUMENT_ACCEPTED] =
    "UPDATE document SET accepted = :by WHERE case_id = :id AND n = :n",
  [PARTY] =
    "INSERT INTO party (organization, name, role, access, since, until)"
    " VALUES ((SELECT organization FROM cases WHERE id = :id), :name, :role, :access, :since, :until)"
    " ON CONFLICT (organization, name) DO UPDATE SET role = excluded.role, access = excluded.access, since = excluded.since,"
    " until = excluded.until",
  [LANGUAGE] =
    "UPDATE contact SET language = :language WHERE organization = (SELECT organization FROM cases WHERE id = :id)"
    " AND email = :email",
  [PROPOSAL] =
    "INSERT INTO proposal (case_id, n, what, text, by, at, due, status) VALUES (:id, :n, :what, :text, :by, :at, :due, :status)"
    " ON CONFLICT (case_id, n) DO UPDATE SET status = excluded.status",
  [SIGNER] =
    "INSERT INTO signer (organization, role, fingerprint, name, by, at)"
    " VALUES ((SELECT organization FROM cases WHERE id = :id), :role, :fingerprint, :name, :by, :at)"
    " ON CONFLICT (organization, role, fingerprint) DO NOTHING",
  [FINDING] =
    "INSERT INTO finding (case_id, element, value, by, at) VALUES (:id, :element, :value, :by, :at)"
    " ON CONFLICT (case_id, element) DO UPDATE SET value = excluded.value, by = excluded.by, at = excluded.at",
  [CLARIFICATION] =
    "INSERT INTO clarification (case_id, n, element, text, by, at, due, extended, status)"
    " VALUES (:id, :n, :element, :text, :by, :at, :due, :extended, :status)"
    " ON CONFLICT (case_id, n) DO UPDATE SET due = excluded.due, extended = excluded.extended,"
    " status = excluded.status",
  [TIMER] =
    "INSERT INTO timer (case_id, n, name, about, reminder, parent, state, start, span, due, why, calendar, paused,"
    " status) VALUES (:id, :n, :name, :about, :reminder, :parent, :state, :start, :span, :due, :why, :calendar, 0,"
    " 'running')",
  [TIMER_STATUS] =
    "UPDATE timer SET status = :status WHERE case_id = :id AND n = :n",
  [TIMER_PAUSE] =
    "UPDATE timer SET paused = :at WHERE case_id = :id AND n = :n",
  [TIMER_RESUME] =
    "UPDATE timer SET paused = 0, start = :start, due = :due, why = :why WHERE case_id = :id AND n = :n",
  [TIMER_MOVE] =
    "UPDATE timer SET start = :start, span = :span, due = :due, why = :why, calendar = :calendar WHERE case_id = :id AND n = :n",
  NULL
};

typedef struct {
  StoreTxn *txn;
  const Case *c;
  const CaseChange *change;
  gint64 now;
  JsonObject *detail; /* of the journal line, filled by the function */
} Record;

static StoreStmt *
query (const Record *r, int sql, GError **error)
{
  StoreStmt *q = store_query (store_of (r->txn), case_record_sql[sql], error);

  if (q != NULL)
    store_bind_int (q, ":id", r->c->id);
  return q;
}

static void
say (Record *r, const char *name, const char *value)
{
  g_autofree char *english = words_english (value); /* records are in one language */

  if (english != NULL && english[0] != '\0')
    json_object_set_string_member (r->detail, name, english);
}

static void
say_int (Record *r, const char *name, gint64 value)
{
  if (value != 0)
    json_object_set_int_member (r->detail, name, value);
}

static bool
record_state (Record *r, GError **error)
{
  say (r, "from", r->change->value);
  say (r, "to", r->change->name);
  return true; /* the case's own row is written once, at the end */
}

static bool
record_owner (Record *r, GError **error)
{
  say (r, "owner", r->change->value);
  return true;
}

static bool
record_field (Record *r, GError **error)
{
  g_autoptr (StoreStmt) q = query (r, FIELD, error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":name", r->change->name);
  store_bind_text (q, ":value", r->change->value);
  say (r, "name", r->change->name);
  say (r, "value", r->change->value);
  return store_run (q, error);
}

static void
bind_signature (StoreStmt *q, const CaseSignature *s)
{
  store_bind_text (q, ":verdict", s->verdict != NULL ? s->verdict : "");
  store_bind_text (q, ":signer", s->signer != NULL ? s->signer : "");
  store_bind_text (q, ":fingerprints", s->fingerprints != NULL ? s->fingerprints : "");
  store_bind_text (q, ":why", s->why != NULL ? s->why : "");
  store_bind_text (q, ":accepted", s->accepted != NULL ? s->accepted : "");
}

static bool
record_document (Record *r, GError **error)
{
  const CaseDocument *d = r->change->document;
  g_autoptr (StoreStmt) q = query (r, DOCUMENT, error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", d->n);
  store_bind_text (q, ":element", d->element);
  store_bind_text (q, ":name", d->name);
  store_bind_text (q, ":file", d->file);
  store_bind_text (q, ":type", d->type);
  store_bind_int (q, ":size", d->size);
  store_bind_text (q, ":sha256", d->sha256);
  store_bind_int (q, ":message", d->message);
  store_bind_text (q, ":part", d->part);
  store_bind_int (q, ":at", d->at);
  store_bind_int (q, ":version", d->version);
  store_bind_text (q, ":status", case_document_status_name (d->status));
  say_int (r, "n", d->n);
  say (r, "element", d->element);
  say (r, "document", d->name);
  say (r, "file", d->file);
  say (r, "type", d->type);
  say_int (r, "size", d->size);
  say (r, "sha256", d->sha256);
  say_int (r, "message", d->message);
  say (r, "part", d->part);
  say_int (r, "version", d->version);
  say (r, "status", case_document_status_name (d->status));
  bind_signature (q, &d->signature);
  store_bind_text (q, ":party", d->party != NULL ? d->party : "");
  say (r, "party", d->party);
  say (r, "signature", d->signature.verdict);
  say (r, "signer", d->signature.signer);
  say (r, "fingerprints", d->signature.fingerprints);
  say (r, "signature-why", d->signature.why);
  return store_run (q, error);
}

static bool
record_party (Record *r, GError **error)
{
  g_autoptr (StoreStmt) q = query (r, PARTY, error);
  const CaseParty *party = r->change->party;

  if (q == NULL)
    return false;
  store_bind_text (q, ":name", party->name);
  store_bind_text (q, ":role", party->role);
  store_bind_int (q, ":access", party->access);
  store_bind_text (q, ":since", party->since);
  store_bind_text (q, ":until", party->until);
  say (r, "party", party->name);
  say (r, "access", r->change->value);
  say (r, "role", party->role);
  say (r, "since", party->since);
  say (r, "until", party->until);
  say (r, "by", r->change->who);
  return store_run (q, error);
}

static bool
record_language (Record *r, GError **error)
{
  g_autoptr (StoreStmt) q = query (r, LANGUAGE, error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":email", r->change->name);
  store_bind_text (q, ":language", r->change->value);
  say (r, "contact", r->change->name);
  say (r, "language", r->change->value);
  say (r, "by", r->change->who);
  return store_run (q, error);
}

static bool
record_proposal (Record *r, GError **error)
{
  g_autoptr (StoreStmt) q = query (r, PROPOSAL, error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", r->change->number);
  store_bind_text (q, ":what", r->change->name);
  store_bind_text (q, ":text", r->change->text);
  store_bind_text (q, ":by", r->change->who);
  store_bind_int (q, ":at", r->now);
  store_bind_int (q, ":due", r->change->at);
  store_bind_text (q, ":status", r->change->value);
  say_int (r, "n", r->change->number);
  say (r, "what", r->change->name);
  say (r, "status", r->change->value);
  say (r, "by", r->change->who);
  say (r, "text", r->change->text);
  say_int (r, "due", r->change->at);
  return store_run (q, error);
}

static bool
record_document_status (Record *r, GError **error)
{
  g_autoptr (StoreStmt) q = query (r, DOCUMENT_STATUS, error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", r->change->number);
  store_bind_text (q, ":status", r->change->text);
  say_int (r, "n", r->change->number);
  say (r, "element", r->change->name);
  say (r, "document", r->change->value);
  say (r, "status", r->change->text);
  return store_run (q, error);
}

static bool
record_accepted (Record *r, GError **error)
{
  g_autoptr (StoreStmt) q = query (r, DOCUMENT_ACCEPTED, error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", r->change->number);
  store_bind_text (q, ":by", r->change->who);
  say_int (r, "n", r->change->number);
  say (r, "element", r->change->name);
  say (r, "document", r->change->value);
  say (r, "by", r->change->who);
  say (r, "text", r->change->text);
  return store_run (q, error);
}

static bool
record_signer (Record *r, GError **error)
{
  g_autoptr (StoreStmt) q = query (r, SIGNER, error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":role", r->change->name);
  store_bind_text (q, ":fingerprint", r->change->value);
  store_bind_text (q, ":name", r->change->text);
  store_bind_text (q, ":by", r->change->who);
  store_bind_int (q, ":at", r->now);
  say (r, "role", r->change->name);
  say (r, "fingerprint", r->change->value);
  say (r, "name", r->change->text);
  say (r, "by", r->change->who);
  return store_run (q, error);
}

static bool
record_finding (Record *r, GError **error)
{
  g_autoptr (StoreStmt) q = query (r, FINDING, error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":element", r->change->name);
  store_bind_text (q, ":value", r->change->value);
  store_bind_text (q, ":by", r->change->who);
  store_bind_int (q, ":at", r->now);
  say (r, "element", r->change->name);
  say (r, "finding", r->change->value);
  say (r, "by", r->change->who);
  say (r, "text", r->change->text);
  return store_run (q, error);
}

static bool
record_clarification (Record *r, GError **error)
{
  const CaseClarification *k = case_clarification (r->c, r->change->number);
  g_autoptr (StoreStmt) q = query (r, CLARIFICATION, error);

  g_assert (k != NULL);
  if (q == NULL)
    return false;
  store_bind_int (q, ":n", k->n);
  store_bind_text (q, ":element", k->element);
  store_bind_text (q, ":text", k->text);
  store_bind_text (q, ":by", k->by);
  store_bind_int (q, ":at", k->at);
  store_bind_int (q, ":due", r->change->at);
  store_bind_int (q, ":extended", k->extended);
  store_bind_text (q, ":status", strcmp (r->change->name, "answered") == 0 ? "answered" : "open");
  say_int (r, "n", k->n);
  say (r, "what", r->change->name);
  say (r, "element", k->element);
  say (r, "by", r->change->who);
  say_int (r, "due", r->change->at);
  if (strcmp (r->change->name, "opened") == 0)
    say (r, "text", k->text);
  return store_run (q, error);
}

static bool
record_timer (Record *r, GError **error)
{
  const CaseTimer *t = r->change->timer;
  g_autoptr (StoreStmt) q = query (r, TIMER, error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", t->n);
  store_bind_text (q, ":name", t->name);
  store_bind_int (q, ":about", t->about);
  store_bind_text (q, ":reminder", t->reminder);
  store_bind_int (q, ":parent", t->parent);
  store_bind_text (q, ":state", t->state);
  store_bind_int (q, ":start", t->start);
  store_bind_text (q, ":span", t->span);
  store_bind_int (q, ":due", t->due);
  store_bind_text (q, ":why", t->why);
  store_bind_text (q, ":calendar", t->calendar);
  say_int (r, "n", t->n);
  say (r, "timer", t->name);
  say (r, "reminder", t->reminder);
  say_int (r, "about", t->about);
  say_int (r, "start", t->start);
  say_int (r, "due", t->due);
  say (r, "why", t->why);
  say (r, "calendar", t->calendar);
  say (r, "rule", r->change->name);
  say (r, "basis", r->change->value);
  say (r, "source", r->change->text);
  return store_run (q, error);
}

static bool
record_timer_status (Record *r, GError **error)
{
  bool pause = strcmp (r->change->name, "paused") == 0, resume = strcmp (r->change->name, "resumed") == 0;
  g_autoptr (StoreStmt) q = query (r, pause ? TIMER_PAUSE : resume ? TIMER_RESUME : TIMER_STATUS, error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", r->change->number);
  if (pause)
    store_bind_int (q, ":at", r->now);
  else if (resume)
    {
      const CaseTimer *t = case_timer (r->c, r->change->number);

      store_bind_int (q, ":start", t != NULL ? t->start : r->now);
      store_bind_int (q, ":due", r->change->at);
      store_bind_text (q, ":why", r->change->text);
    }
  else
    store_bind_text (q, ":status", r->change->name);
  say_int (r, "n", r->change->number);
  say (r, "timer", r->change->value);
  say (r, "what", r->change->name);
  if (resume)
    {
      say_int (r, "due", r->change->at);
      say (r, "why", r->change->text);
    }
  return store_run (q, error);
}

static bool
record_timer_moved (Record *r, GError **error)
{
  const CaseTimer *t = r->change->timer;
  g_autoptr (StoreStmt) q = query (r, TIMER_MOVE, error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", t->n);
  store_bind_int (q, ":start", t->start);
  store_bind_text (q, ":span", t->span);
  store_bind_int (q, ":due", t->due);
  store_bind_text (q, ":why", t->why);
  store_bind_text (q, ":calendar", t->calendar);
  say_int (r, "n", t->n);
  say (r, "timer", t->name);
  say (r, "reminder", t->reminder);
  say (r, "what", r->change->name);
  say_int (r, "was", r->change->at);
  say_int (r, "due", t->due);
  say (r, "why", t->why);
  say (r, "calendar", t->calendar);
  say (r, "by", r->change->who);
  say (r, "text", r->change->text);
  return store_run (q, error);
}

static bool
record_signal (Record *r, GError **error)
{
  say (r, "signal", r->change->name);
  say (r, "to", r->change->value);
  return true;
}

static bool
record_definition (Record *r, GError **error)
{
  say (r, "from", r->change->value);
  say (r, "to", r->change->name);
  say (r, "by", r->change->who);
  return true; /* in the case's own row */
}

static bool
record_note (Record *r, GError **error)
{
  say (r, "what", r->change->name);
  say (r, "by", r->change->who);
  say (r, "text", r->change->text);
  return true;
}

/* In the order of CaseChangeKind; a notice is recorded by the outbox, with what became of it. */
static const struct {
  const char *event;
  bool (*record) (Record *r, GError **error);
} kinds[] = {
  [CHANGE_STATE] = { "case.state", record_state },
  [CHANGE_OWNER] = { "case.owner", record_owner },
  [CHANGE_FIELD] = { "case.field", record_field },
  [CHANGE_DOCUMENT] = { "case.document", record_document },
  [CHANGE_DOCUMENT_STATUS] = { "case.document-status", record_document_status },
  [CHANGE_FINDING] = { "case.finding", record_finding },
  [CHANGE_CLARIFICATION] = { "case.clarification", record_clarification },
  [CHANGE_TIMER] = { "case.timer", record_timer },
  [CHANGE_TIMER_STATUS] = { "case.timer-status", record_timer_status },
  [CHANGE_TIMER_MOVED] = { "case.timer-moved", record_timer_moved },
  [CHANGE_SIGNER] = { "case.signer", record_signer },
  [CHANGE_ACCEPTED] = { "case.signature-accepted", record_accepted },
  [CHANGE_DEFINITION] = { "case.definition", record_definition },
  [CHANGE_PARTY] = { "case.party", record_party },
  [CHANGE_LANGUAGE] = { "case.language", record_language },
  [CHANGE_PROPOSAL] = { "case.proposal", record_proposal },
  [CHANGE_NOTE] = { "case.note", record_note },
  [CHANGE_OPEN] = { NULL, NULL }, /* the new case's own "case.opened" tells */
  [CHANGE_SIGNAL] = { "case.signal", record_signal },
  [CHANGE_NOTICE] = { NULL, NULL },
};

bool
case_record (StoreTxn *txn, const Case *c, const CaseChange *change, gint64 input, gint64 now, GError **error)
{
  if (kinds[change->kind].record == NULL)
    return true;
  g_autoptr (JsonObject) detail = json_object_new ();
  Record r = { txn, c, change, now, detail };

  return kinds[change->kind].record (&r, error)
         && journal_event (txn, input, c->id, now, kinds[change->kind].event, g_steal_pointer (&detail), error);
}

bool
case_record_row (StoreTxn *txn, const Case *c, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (store_of (txn), case_record_sql[ROW], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":id", c->id);
  store_bind_text (q, ":definition", c->definition);
  store_bind_text (q, ":state", c->state);
  store_bind_text (q, ":previous", c->previous != NULL ? c->previous : "");
  store_bind_int (q, ":since", c->state_since);
  store_bind_text (q, ":owner", c->owner);
  store_bind_int (q, ":open", c->open);
  store_bind_int (q, ":serial", c->serial);
  return store_run (q, error);
}
