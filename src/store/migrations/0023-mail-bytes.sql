-- A mail of ours is small, and it is written in the transaction that needs it: a row is cheaper than a file of its own.  What
-- was written before, and what is large, lies in the archive.

CREATE TABLE mail_bytes (
  id     INTEGER PRIMARY KEY REFERENCES outbox (id),
  bytes  BLOB NOT NULL               -- as rendered: outbox.sha256 is of these
) STRICT;
