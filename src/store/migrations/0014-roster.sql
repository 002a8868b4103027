-- Changes of the roster that came by mail; the file is the base, and these lie over it in their order.

CREATE TABLE roster_change (
  n       INTEGER PRIMARY KEY,
  action  TEXT NOT NULL,      -- add, role, leave
  address TEXT NOT NULL,
  name    TEXT NOT NULL,
  roles   TEXT NOT NULL,      -- all that the person has afterwards, separated by spaces
  by      TEXT NOT NULL,      -- who changed it
  message INTEGER NOT NULL,   -- and by which message
  at      INTEGER NOT NULL
) STRICT;
