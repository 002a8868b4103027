-- Signed commands count once, however often and in whatever wrapping they come again.

CREATE TABLE used_signature (
  digest  TEXT PRIMARY KEY,   -- of what was signed, by whom and when
  message INTEGER NOT NULL,   -- message.id in which it came first
  at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
