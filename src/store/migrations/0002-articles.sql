-- How knowledge articles fare: a projection of the journal's article events.

CREATE TABLE article (
  name TEXT PRIMARY KEY,               -- of the definition
  sent INTEGER NOT NULL,               -- how often somebody was sent it
  yes  INTEGER NOT NULL,               -- said that it answered the question
  no   INTEGER NOT NULL                -- said that it did not
) STRICT, WITHOUT ROWID;
