-- Who no longer speaks for an organization; the row stays, because the history names it.

ALTER TABLE contact ADD COLUMN ended INTEGER NOT NULL DEFAULT 0; -- since when; 0: speaks for it
