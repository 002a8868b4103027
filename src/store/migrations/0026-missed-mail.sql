-- What was not written because mail to its reader had failed for good: it is, when mail reaches them again and it still stands.

CREATE TABLE missed (
  id      INTEGER PRIMARY KEY,
  rcpt    TEXT NOT NULL,      -- lower case
  case_id INTEGER NOT NULL REFERENCES cases (id),
  input   INTEGER NOT NULL,   -- what led to it
  notice  TEXT NOT NULL,
  at      INTEGER NOT NULL,   -- the time its cause counts as
  about   INTEGER NOT NULL,   -- clarification.n it is about, or 0
  element TEXT NOT NULL,      -- the element it is about, or ''
  words   TEXT NOT NULL,      -- a person's words in it; never of a confidential case
  state   TEXT NOT NULL       -- of the case then
) STRICT;
CREATE INDEX missed_by_rcpt ON missed (rcpt, id);

-- Of what was written: a decision stands while its case is where it was decided.  '': written before this was kept.
ALTER TABLE outbox_again ADD COLUMN state TEXT NOT NULL DEFAULT '';
