-- Mail that goes to the next contact should it not arrive: what it takes to write it once more.

CREATE TABLE outbox_again (
  outbox   INTEGER PRIMARY KEY REFERENCES outbox (id),
  first    INTEGER NOT NULL,  -- outbox.id: the first mail that tells the same, to other contacts or in place of one that failed
  at       INTEGER NOT NULL,  -- the time its cause counts as
  about    INTEGER NOT NULL,  -- clarification.n it is about, or 0
  element  TEXT NOT NULL,     -- the element it is about, or ''
  words    TEXT NOT NULL,     -- a person's words in it; never of a confidential case
  first_to TEXT NOT NULL,     -- address that it stands in for; '': none
  first_at INTEGER NOT NULL   -- when that one was written to, or 0
) STRICT;
CREATE INDEX outbox_again_by_first ON outbox_again (first);
