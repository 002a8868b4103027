-- Who works with an organization is the same in all its cases, and comes and goes.

CREATE TABLE organization_party (
  organization INTEGER NOT NULL REFERENCES organization (id),
  name         TEXT NOT NULL,
  role         TEXT NOT NULL,      -- for people: "contractor"
  access       INTEGER NOT NULL,   -- 1: it has access, so what is asked per party is asked of it
  since        TEXT NOT NULL,      -- its first day, '2027-03-01'; '': not said
  until        TEXT NOT NULL,      -- its last day; '': it goes on
  PRIMARY KEY (organization, name)
) STRICT, WITHOUT ROWID;

INSERT OR REPLACE INTO organization_party (organization, name, role, access, since, until)
  SELECT c.organization, p.name, p.role, p.access, '', '' FROM party p JOIN cases c ON c.id = p.case_id ORDER BY p.case_id;

DROP TABLE party;
ALTER TABLE organization_party RENAME TO party;
