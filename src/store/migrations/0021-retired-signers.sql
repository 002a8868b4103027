-- A certificate that somebody was introduced with may be retired: what comes signed with it from then on does not count.

ALTER TABLE signer ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;     -- since when; 0: it counts
ALTER TABLE signer ADD COLUMN retired_by TEXT NOT NULL DEFAULT '';
