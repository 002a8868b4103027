-- A case may be opened by another one of the same organization.

ALTER TABLE cases ADD COLUMN parent INTEGER NOT NULL DEFAULT 0; -- cases.id, or 0
