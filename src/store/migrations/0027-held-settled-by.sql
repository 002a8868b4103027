-- Who dealt with what waited: whoever answers after them reads it.

ALTER TABLE held ADD COLUMN settled_by TEXT NOT NULL DEFAULT ''; -- address, or '': it waits, or nobody knows
