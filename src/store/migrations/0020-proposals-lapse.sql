-- Changes of the roster may need two people as well; and whoever proposed something is told when nobody agreed in time.

CREATE TABLE roster_proposal (
  n       INTEGER PRIMARY KEY,
  what    TEXT NOT NULL,      -- the commands of the message, a line each
  by      TEXT NOT NULL,      -- address
  message INTEGER NOT NULL,   -- and in which message
  at      INTEGER NOT NULL,
  due     INTEGER NOT NULL,   -- after that it counts no more
  status  TEXT NOT NULL       -- open, seconded, withdrawn, lapsed
) STRICT;

CREATE INDEX roster_proposal_open ON roster_proposal (due, n) WHERE status = 'open';
CREATE INDEX proposal_open ON proposal (due, case_id, n) WHERE status = 'open';
