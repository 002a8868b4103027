-- Reminders of people of the office, and cases that belong together.

ALTER TABLE timer ADD COLUMN who TEXT NOT NULL DEFAULT '';  -- whose reminder it is: address; '': a date of the case
ALTER TABLE timer ADD COLUMN text TEXT NOT NULL DEFAULT ''; -- of what it reminds

CREATE TABLE case_link (                -- both ways: a row for each of the two
  case_id INTEGER NOT NULL REFERENCES cases (id),
  other   INTEGER NOT NULL REFERENCES cases (id),
  PRIMARY KEY (case_id, other)
) STRICT, WITHOUT ROWID;
