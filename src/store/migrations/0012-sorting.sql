-- What people of the office said that a message is: what comes later is compared with it.

CREATE TABLE sorted (
  input    INTEGER PRIMARY KEY REFERENCES input (id), -- with which they said it
  message  INTEGER NOT NULL REFERENCES message (id),  -- the last word about it counts
  category TEXT NOT NULL,
  by       TEXT NOT NULL,                             -- address of who said so
  at       INTEGER NOT NULL
) STRICT;
CREATE INDEX sorted_by_message ON sorted (message, input);

CREATE VIRTUAL TABLE sorted_text USING fts5 (         -- rowid is message.id
  subject, body, tokenize = 'porter unicode61 remove_diacritics 2');
