-- What came in, what it did, and what it left behind.
--
-- message, placement, definition and input are the record; event is the journal over it; every other table is a
-- projection that replay can compute again.  Times are unix seconds, UTC.

PRAGMA application_id = 0x71656370; -- "qecp"

CREATE TABLE message (
  id          INTEGER PRIMARY KEY,
  sha256      TEXT NOT NULL UNIQUE,    -- of the raw bytes; their name in the archive
  size        INTEGER NOT NULL,        -- octets
  received_at INTEGER NOT NULL,        -- when our mail server accepted it
  message_id  TEXT NOT NULL,           -- the Message-ID it claims, or ''
  likeness    TEXT NOT NULL,           -- SHA-256 over what a person sees: finds copies of one mail
  author      TEXT NOT NULL,           -- From address, or ''
  subject     TEXT NOT NULL,
  outcome     TEXT NOT NULL,           -- filed, answered, held, duplicate
  reason      TEXT NOT NULL,           -- why, for a person
  rule        TEXT NOT NULL,           -- the triage rule that decided
  case_id     INTEGER                  -- the case it belongs to
) STRICT;
CREATE INDEX message_by_message_id ON message (message_id);
CREATE INDEX message_by_author ON message (author, id);
CREATE INDEX message_by_likeness ON message (likeness);
CREATE INDEX message_by_case ON message (case_id, id);

CREATE TABLE placement (                -- where in a mailbox a message was seen
  mailbox     TEXT NOT NULL,
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  message     INTEGER NOT NULL REFERENCES message (id),
  target      TEXT NOT NULL,           -- filed, held
  moved       INTEGER NOT NULL,        -- 0: the server has not been told yet
  PRIMARY KEY (mailbox, uidvalidity, uid)
) STRICT, WITHOUT ROWID;
CREATE INDEX placement_to_move ON placement (mailbox) WHERE moved = 0;

CREATE VIRTUAL TABLE message_text USING fts5 (  -- rowid is message.id; the words alone, for search
  subject, author, body, content = '', tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE definition_file (          -- every version of rules, roster and templates ever used
  version TEXT NOT NULL,               -- SHA-256 over all its files
  name    TEXT NOT NULL,               -- "rules/program.conf", "roster.conf", "templates/receipt.md"
  sha256  TEXT NOT NULL,               -- its bytes in the archive
  PRIMARY KEY (version, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE input (                    -- everything that happened to us, in order
  id      INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL,               -- message, timer, delivery, definition
  at      INTEGER NOT NULL,            -- the time it counts as
  subject INTEGER NOT NULL,            -- message.id, outbox.id, cases.id or 0
  detail  TEXT NOT NULL                -- JSON: what cannot be observed again
) STRICT;
CREATE INDEX input_by_subject ON input (kind, subject);

CREATE TABLE event (                    -- the journal: append-only, each row chained to the one before
  id      INTEGER PRIMARY KEY,
  input   INTEGER NOT NULL REFERENCES input (id),
  case_id INTEGER,
  at      INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  detail  TEXT NOT NULL,               -- JSON
  hash    TEXT NOT NULL                -- SHA-256 (hash before, id, input, case_id, at, kind, detail)
) STRICT;
CREATE INDEX event_by_case ON event (case_id, id);
CREATE INDEX event_by_input ON event (input);
CREATE TRIGGER event_is_append_only BEFORE UPDATE ON event
  BEGIN SELECT raise (ABORT, 'the journal is append-only'); END;
CREATE TRIGGER event_is_kept BEFORE DELETE ON event
  BEGIN SELECT raise (ABORT, 'the journal is append-only'); END;

CREATE TABLE organization (
  id      INTEGER PRIMARY KEY,
  name    TEXT NOT NULL,
  address TEXT NOT NULL,
  phone   TEXT NOT NULL
) STRICT;

CREATE TABLE contact (
  id           INTEGER PRIMARY KEY,
  organization INTEGER NOT NULL REFERENCES organization (id),
  email        TEXT NOT NULL,          -- canonical: lower case
  name         TEXT NOT NULL,
  phone        TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX contact_once ON contact (organization, email);
CREATE INDEX contact_by_email ON contact (email);

CREATE TABLE cases (
  id           INTEGER PRIMARY KEY,
  ref          TEXT NOT NULL UNIQUE,   -- "APP-2026-0001"
  type         TEXT NOT NULL,          -- case type of the definition
  year         INTEGER NOT NULL,
  number       INTEGER NOT NULL,       -- counts within prefix and year
  prefix       TEXT NOT NULL,
  organization INTEGER NOT NULL REFERENCES organization (id),
  definition   TEXT NOT NULL,          -- version it was opened under
  edition      TEXT NOT NULL,
  state        TEXT NOT NULL,
  state_since  INTEGER NOT NULL,
  opened_at    INTEGER NOT NULL,
  owner        TEXT NOT NULL,          -- address of the person who holds it, or ''
  open         INTEGER NOT NULL,       -- 0: in a final state
  serial       INTEGER NOT NULL        -- numbers documents, clarifications and timers of the case
) STRICT;
CREATE UNIQUE INDEX case_number ON cases (prefix, year, number);
CREATE INDEX case_by_organization ON cases (organization, open);
CREATE INDEX case_by_owner ON cases (owner) WHERE open = 1;

CREATE TABLE case_field (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  name    TEXT NOT NULL,
  value   TEXT NOT NULL,
  PRIMARY KEY (case_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
  case_id  INTEGER NOT NULL REFERENCES cases (id),
  n        INTEGER NOT NULL,
  element  TEXT NOT NULL,              -- '' while unclear
  name     TEXT NOT NULL,              -- document of the element, '' while unclear
  file     TEXT NOT NULL,              -- file name as sent
  type     TEXT NOT NULL,              -- by content
  size     INTEGER NOT NULL,
  sha256   TEXT NOT NULL,
  message  INTEGER NOT NULL,           -- message.id that brought it
  part     TEXT NOT NULL,              -- path of the part in that message
  at       INTEGER NOT NULL,
  version  INTEGER NOT NULL,           -- 1, 2, ... of the same document
  status   TEXT NOT NULL,              -- current, superseded, unclear, settled
  PRIMARY KEY (case_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  element TEXT NOT NULL,
  value   TEXT NOT NULL,
  by      TEXT NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (case_id, element)
) STRICT, WITHOUT ROWID;

CREATE TABLE clarification (
  case_id  INTEGER NOT NULL REFERENCES cases (id),
  n        INTEGER NOT NULL,
  element  TEXT NOT NULL,
  text     TEXT NOT NULL,
  by       TEXT NOT NULL,
  at       INTEGER NOT NULL,
  due      INTEGER NOT NULL,
  extended INTEGER NOT NULL,           -- how often
  status   TEXT NOT NULL,              -- open, answered
  PRIMARY KEY (case_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE timer (
  case_id  INTEGER NOT NULL REFERENCES cases (id),
  n        INTEGER NOT NULL,
  name     TEXT NOT NULL,              -- timer of the definition
  about    INTEGER NOT NULL,           -- clarification.n it watches, or 0
  reminder TEXT NOT NULL,              -- notice of a reminder; '' for the due time itself
  parent   INTEGER NOT NULL,           -- timer.n a reminder belongs to, or 0
  state    TEXT NOT NULL,              -- case state it ends with, or ''
  start    INTEGER NOT NULL,
  span     TEXT NOT NULL,              -- "10 business days"
  due      INTEGER NOT NULL,
  why      TEXT NOT NULL,              -- the calculation, in words
  calendar TEXT NOT NULL,              -- version of the calendar used
  paused   INTEGER NOT NULL,           -- since when, or 0
  status   TEXT NOT NULL,              -- running, fired, stopped
  PRIMARY KEY (case_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX timer_due ON timer (due, case_id, n) WHERE status = 'running' AND paused = 0;

CREATE TABLE outbox (                   -- one row a recipient
  id          INTEGER PRIMARY KEY,
  case_id     INTEGER,
  input       INTEGER NOT NULL,        -- what caused it
  notice      TEXT NOT NULL,           -- template
  rcpt        TEXT NOT NULL,
  message_id  TEXT NOT NULL UNIQUE,    -- without angle brackets
  subject     TEXT NOT NULL,
  sha256      TEXT NOT NULL,           -- its bytes in the archive
  size        INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  day         INTEGER NOT NULL,        -- local date YYYYMMDD, for quotas
  status      TEXT NOT NULL,           -- queued, deferred, accepted, failed
  attempts    INTEGER NOT NULL,
  next_at     INTEGER NOT NULL,
  reply       TEXT NOT NULL            -- the server's last words
) STRICT;
CREATE INDEX outbox_next ON outbox (next_at, id) WHERE status IN ('queued', 'deferred');
CREATE INDEX outbox_by_day ON outbox (rcpt, day);
CREATE INDEX outbox_by_case_day ON outbox (case_id, day);
CREATE INDEX outbox_by_case_rcpt ON outbox (case_id, rcpt, id);
CREATE INDEX outbox_by_input ON outbox (input);

CREATE TABLE suppressed (               -- addresses we no longer write to
  rcpt   TEXT PRIMARY KEY,
  at     INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE held (                     -- what waits for a person
  id      INTEGER PRIMARY KEY,
  message INTEGER NOT NULL REFERENCES message (id),
  case_id INTEGER,
  at      INTEGER NOT NULL,
  reason  TEXT NOT NULL,
  status  TEXT NOT NULL                -- waiting, settled
) STRICT;
CREATE INDEX held_waiting ON held (status, id);
CREATE INDEX held_by_message ON held (message);

CREATE TABLE office (                   -- one row each: small facts about this office
  name  TEXT PRIMARY KEY,              -- last-pass:program, definition
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
