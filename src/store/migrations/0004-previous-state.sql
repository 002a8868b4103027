-- A transition may lead back to the state before the present one.

ALTER TABLE cases ADD COLUMN previous TEXT NOT NULL DEFAULT ''; -- that state; '': the present one is the first
