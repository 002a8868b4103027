/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One function a kind of change: its SQL and its line in the journal.
 */
#include "case/case-record-private.h"

#include <string.h>

#include "base/words.h"
#include "store/journal.h"

enum {
  ROW,
  FIELD,
  DOCUMENT,
  DOCUMENT_STATUS,
  DOCUMENT_ACCEPTED,
  PARTY,
  LANGUAGE,
  CONTACT,
  CONTACT_ENDED,
  CONTACT_DATA,
  PROPOSAL,
  SIGNER,
  SIGNER_RETIRED,
  FINDING,
  CLARIFICATION,
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
  [CONTACT] =
    "INSERT INTO contact (organization, email, name, phone, language)"
    " VALUES ((SELECT organization FROM cases WHERE id = :id), :email, :name, '', '')",
  [CONTACT_ENDED] =
    "DELETE FROM contact WHERE organization = (SELECT organization FROM cases WHERE id = :id) AND email = :email",
  [CONTACT_DATA] =
    "UPDATE contact SET name = :name, phone = :phone"
    " WHERE organization = (SELECT organization FROM cases WHERE id = :id) AND email = :email",
  [PROPOSAL] =
    "INSERT INTO proposal (case_id, n, what, text, by, at, due, status) VALUES (:id, :n, :what, :text, :by, :at, :due, :status)"
    " ON CONFLICT (case_id, n) DO UPDATE SET status = excluded.status",
  [SIGNER] =
    "INSERT INTO signer (organization, role, fingerprint, name, by, at)"
    " VALUES ((SELECT organization FROM cases WHERE id = :id), :role, :fingerprint, :name, :by, :at)"
    " ON CONFLICT (organization, role, fingerprint) DO UPDATE SET by = excluded.by, at = excluded.at, retired = 0, retired_by = ''"
    " WHERE retired > 0",
  [SIGNER_RETIRED] =
    "UPDATE signer SET retired = :at, retired_by = :by WHERE organization = (SELECT organization FROM cases WHERE id = :id)"
    " AND role = :role AND fingerprint = :fingerprint",
  [FINDING] =
    "INSERT INTO finding (case_id, element, value, by, at) VALUES (:id, :element, :value, :by, :at)"
    " ON CONFLICT (case_id, element) DO UPDATE SET value = excluded.value, by = excluded.by, at = excluded.at",
  [CLARIFICATION] =
    "INSERT INTO clarification (case_id, n, element, text, by, at, due, extended, status)"
    " VALUES (:id, :n, :element, :text, :by, :at, :due, :extended, :status)"
    " ON CONFLICT (case_id, n) DO UPDATE SET due = excluded.due, extended = excluded.extended,"
    " status = excluded.status",
  NULL
};

StoreStmt *
case_record_query (const CaseRecord *r, const char *sql, GError **error)
{
  StoreStmt *q = store_query (store_of (r->txn), sql, error);

  if (q != NULL)
    store_bind_int (q, ":id", r->c->id);
  return q;
}

void
case_record_say (CaseRecord *r, const char *name, const char *value)
{
  g_autofree char *english = words_english (value); /* records are in one language */

  if (english != NULL && english[0] != '\0')
    json_object_set_string_member (r->detail, name, english);
}

void
case_record_say_int (CaseRecord *r, const char *name, gint64 value)
{
  if (value != 0)
    json_object_set_int_member (r->detail, name, value);
}

static bool
record_state (CaseRecord *r, GError **error)
{
  case_record_say (r, "from", r->change->value);
  case_record_say (r, "to", r->change->name);
  return true; /* the case's own row is written once, at the end */
}

static bool
record_owner (CaseRecord *r, GError **error)
{
  case_record_say (r, "owner", r->change->value);
  return true;
}

static bool
record_field (CaseRecord *r, GError **error)
{
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_sql[FIELD], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":name", r->change->name);
  store_bind_text (q, ":value", r->change->value);
  case_record_say (r, "name", r->change->name);
  case_record_say (r, "value", r->change->value);
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
record_document (CaseRecord *r, GError **error)
{
  const CaseDocument *d = r->change->document;
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_sql[DOCUMENT], error);

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
  case_record_say_int (r, "n", d->n);
  case_record_say (r, "element", d->element);
  case_record_say (r, "document", d->name);
  case_record_say (r, "file", d->file);
  case_record_say (r, "type", d->type);
  case_record_say_int (r, "size", d->size);
  case_record_say (r, "sha256", d->sha256);
  case_record_say_int (r, "message", d->message);
  case_record_say (r, "part", d->part);
  case_record_say_int (r, "version", d->version);
  case_record_say (r, "status", case_document_status_name (d->status));
  bind_signature (q, &d->signature);
  store_bind_text (q, ":party", d->party != NULL ? d->party : "");
  case_record_say (r, "party", d->party);
  case_record_say (r, "signature", d->signature.verdict);
  case_record_say (r, "signer", d->signature.signer);
  case_record_say (r, "fingerprints", d->signature.fingerprints);
  case_record_say (r, "signature-why", d->signature.why);
  return store_run (q, error);
}

static bool
record_party (CaseRecord *r, GError **error)
{
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_sql[PARTY], error);
  const CaseParty *party = r->change->party;

  if (q == NULL)
    return false;
  store_bind_text (q, ":name", party->name);
  store_bind_text (q, ":role", party->role);
  store_bind_int (q, ":access", party->access);
  store_bind_text (q, ":since", party->since);
  store_bind_text (q, ":until", party->until);
  case_record_say (r, "party", party->name);
  case_record_say (r, "access", r->change->value);
  case_record_say (r, "role", party->role);
  case_record_say (r, "since", party->since);
  case_record_say (r, "until", party->until);
  case_record_say (r, "by", r->change->who);
  return store_run (q, error);
}

static bool
record_language (CaseRecord *r, GError **error)
{
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_sql[LANGUAGE], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":email", r->change->name);
  store_bind_text (q, ":language", r->change->value);
  case_record_say (r, "contact", r->change->name);
  case_record_say (r, "language", r->change->value);
  case_record_say (r, "by", r->change->who);
  return store_run (q, error);
}

static bool
record_contact (CaseRecord *r, GError **error)
{
  bool ended = r->change->value == NULL;
  g_autoptr (StoreStmt) q =
    case_record_query (r, case_record_sql[ended ? CONTACT_ENDED : CONTACT], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":email", r->change->name);
  if (!ended)
    store_bind_text (q, ":name", r->change->value);
  case_record_say (r, "contact", r->change->name);
  case_record_say (r, ended ? "ended" : "name", ended ? "yes" : r->change->value);
  case_record_say (r, "by", r->change->who);
  return store_run (q, error);
}

static bool
record_contact_data (CaseRecord *r, GError **error)
{
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_sql[CONTACT_DATA], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":email", r->change->name);
  store_bind_text (q, ":name", r->change->value);
  store_bind_text (q, ":phone", r->change->text);
  case_record_say (r, "contact", r->change->name);
  case_record_say (r, "name", r->change->value);
  case_record_say (r, "phone", r->change->text);
  case_record_say (r, "by", r->change->who);
  return store_run (q, error);
}

static bool
record_proposal (CaseRecord *r, GError **error)
{
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_sql[PROPOSAL], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", r->change->number);
  store_bind_text (q, ":what", r->change->name);
  store_bind_text (q, ":text", r->change->text);
  store_bind_text (q, ":by", r->change->who);
  store_bind_int (q, ":at", r->now);
  store_bind_int (q, ":due", r->change->at);
  store_bind_text (q, ":status", r->change->value);
  case_record_say_int (r, "n", r->change->number);
  case_record_say (r, "what", r->change->name);
  case_record_say (r, "status", r->change->value);
  case_record_say (r, "by", r->change->who);
  case_record_say (r, "text", r->change->text);
  case_record_say_int (r, "due", r->change->at);
  return store_run (q, error);
}

static bool
record_document_status (CaseRecord *r, GError **error)
{
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_sql[DOCUMENT_STATUS], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", r->change->number);
  store_bind_text (q, ":status", r->change->text);
  case_record_say_int (r, "n", r->change->number);
  case_record_say (r, "element", r->change->name);
  case_record_say (r, "document", r->change->value);
  case_record_say (r, "status", r->change->text);
  return store_run (q, error);
}

static bool
record_document_moved (CaseRecord *r, GError **error)
{
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_sql[DOCUMENT_STATUS], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", r->change->number);
  store_bind_text (q, ":status", case_document_status_name (DOCUMENT_MOVED));
  case_record_say_int (r, "n", r->change->number);
  case_record_say (r, "file", r->change->name);
  case_record_say (r, "case", r->change->value);
  case_record_say (r, "by", r->change->who);
  return store_run (q, error);
}

static bool
record_accepted (CaseRecord *r, GError **error)
{
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_sql[DOCUMENT_ACCEPTED], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", r->change->number);
  store_bind_text (q, ":by", r->change->who);
  case_record_say_int (r, "n", r->change->number);
  case_record_say (r, "element", r->change->name);
  case_record_say (r, "document", r->change->value);
  case_record_say (r, "by", r->change->who);
  case_record_say (r, "text", r->change->text);
  return store_run (q, error);
}

static bool
record_signer (CaseRecord *r, GError **error)
{
  bool retired = r->change->number != 0;
  g_autoptr (StoreStmt) q =
    case_record_query (r, case_record_sql[retired ? SIGNER_RETIRED : SIGNER], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":role", r->change->name);
  store_bind_text (q, ":fingerprint", r->change->value);
  if (!retired)
    store_bind_text (q, ":name", r->change->text);
  else
    case_record_say (r, "what", "retired");
  store_bind_text (q, ":by", r->change->who);
  store_bind_int (q, ":at", r->now);
  case_record_say (r, "role", r->change->name);
  case_record_say (r, "fingerprint", r->change->value);
  case_record_say (r, "name", r->change->text);
  case_record_say (r, "by", r->change->who);
  return store_run (q, error);
}

static bool
record_finding (CaseRecord *r, GError **error)
{
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_sql[FINDING], error);

  if (q == NULL)
    return false;
  store_bind_text (q, ":element", r->change->name);
  store_bind_text (q, ":value", r->change->value);
  store_bind_text (q, ":by", r->change->who);
  store_bind_int (q, ":at", r->now);
  case_record_say (r, "element", r->change->name);
  case_record_say (r, "finding", r->change->value);
  case_record_say (r, "by", r->change->who);
  case_record_say (r, "text", r->change->text);
  return store_run (q, error);
}

static bool
record_clarification (CaseRecord *r, GError **error)
{
  const CaseClarification *k = case_clarification (r->c, r->change->number);
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_sql[CLARIFICATION], error);

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
  case_record_say_int (r, "n", k->n);
  case_record_say (r, "what", r->change->name);
  case_record_say (r, "element", k->element);
  case_record_say (r, "by", r->change->who);
  case_record_say_int (r, "due", r->change->at);
  if (strcmp (r->change->name, "opened") == 0)
    case_record_say (r, "text", k->text);
  return store_run (q, error);
}

static bool
record_signal (CaseRecord *r, GError **error)
{
  case_record_say (r, "signal", r->change->name);
  case_record_say (r, "to", r->change->value);
  return true;
}

static bool
record_definition (CaseRecord *r, GError **error)
{
  case_record_say (r, "from", r->change->value);
  case_record_say (r, "to", r->change->name);
  case_record_say (r, "by", r->change->who);
  return true; /* in the case's own row */
}

static bool
record_note (CaseRecord *r, GError **error)
{
  case_record_say (r, "what", r->change->name);
  case_record_say (r, "by", r->change->who);
  case_record_say (r, "text", r->change->text);
  return true;
}

/* In the order of CaseChangeKind; a notice is recorded by the outbox, with what became of it. */
static const struct {
  const char *event;
  bool (*record) (CaseRecord *r, GError **error);
} kinds[] = {
  [CHANGE_STATE] = { "case.state", record_state },
  [CHANGE_OWNER] = { "case.owner", record_owner },
  [CHANGE_FIELD] = { "case.field", record_field },
  [CHANGE_DOCUMENT] = { "case.document", record_document },
  [CHANGE_DOCUMENT_STATUS] = { "case.document-status", record_document_status },
  [CHANGE_DOCUMENT_MOVED] = { "case.document-moved", record_document_moved },
  [CHANGE_FINDING] = { "case.finding", record_finding },
  [CHANGE_CLARIFICATION] = { "case.clarification", record_clarification },
  [CHANGE_TIMER] = { "case.timer", case_record_timer },
  [CHANGE_TIMER_STATUS] = { "case.timer-status", case_record_timer_status },
  [CHANGE_TIMER_MOVED] = { "case.timer-moved", case_record_timer_moved },
  [CHANGE_SIGNER] = { "case.signer", record_signer },
  [CHANGE_ACCEPTED] = { "case.signature-accepted", record_accepted },
  [CHANGE_DEFINITION] = { "case.definition", record_definition },
  [CHANGE_PARTY] = { "case.party", record_party },
  [CHANGE_LANGUAGE] = { "case.language", record_language },
  [CHANGE_CONTACT] = { "case.contact", record_contact },
  [CHANGE_CONTACT_DATA] = { "case.contact-data", record_contact_data },
  [CHANGE_PROPOSAL] = { "case.proposal", record_proposal },
  [CHANGE_LINK] = { "case.link", case_record_link },
  [CHANGE_NOTE] = { "case.note", record_note },
  [CHANGE_OPEN] = { NULL, NULL }, /* the new case's own "case.opened" tells */
  [CHANGE_SIGNAL] = { "case.signal", record_signal },
  [CHANGE_NOTICE] = { NULL, NULL },
};

bool
case_record (StoreTxn *txn, const Case *c, const CaseChange *change, gint64 input, gint64 now,
             GError **error)
{
  if (kinds[change->kind].record == NULL)
    return true;
  g_autoptr (JsonObject) detail = json_object_new ();
  CaseRecord r = { txn, c, change, now, detail };

  return kinds[change->kind].record (&r, error)
         && journal_event (txn, input, c->id, now, kinds[change->kind].event,
                           g_steal_pointer (&detail), error);
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
