-- A case may be joined with another one of the same organization: what still comes for it goes there.

ALTER TABLE cases ADD COLUMN joined INTEGER NOT NULL DEFAULT 0; -- cases.id, or 0
