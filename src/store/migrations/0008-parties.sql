-- Organizations that work with the one whose case it is; a document may be one of theirs.

CREATE TABLE party (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  name    TEXT NOT NULL,
  role    TEXT NOT NULL,      -- for people: "contractor"
  access  INTEGER NOT NULL,   -- 1: it has access, so what is asked per party is asked of it
  PRIMARY KEY (case_id, name)
) STRICT, WITHOUT ROWID;

ALTER TABLE document ADD COLUMN party TEXT NOT NULL DEFAULT ''; -- party.name; '': of the organization itself
