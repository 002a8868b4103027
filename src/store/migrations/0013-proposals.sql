-- What one person proposed where the definition asks for two.

CREATE TABLE proposal (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  n       INTEGER NOT NULL,
  what    TEXT NOT NULL,      -- the event and all that was said with it but the words below
  text    TEXT NOT NULL,      -- those
  by      TEXT NOT NULL,      -- address
  at      INTEGER NOT NULL,
  due     INTEGER NOT NULL,   -- after that it counts no more
  status  TEXT NOT NULL,      -- open, seconded, withdrawn, replaced, lapsed
  PRIMARY KEY (case_id, n)
) STRICT, WITHOUT ROWID;
