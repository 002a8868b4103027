-- People who got copies of mail in a case and are nobody's contacts there: each is proposed to the office once.

CREATE TABLE outsider (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  email   TEXT NOT NULL,      -- canonical: lower case
  message INTEGER NOT NULL,   -- message.id that went to them, too
  PRIMARY KEY (case_id, email)
) STRICT, WITHOUT ROWID;
