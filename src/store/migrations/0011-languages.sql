-- The language a person gets mail in.

ALTER TABLE contact ADD COLUMN language TEXT NOT NULL DEFAULT ''; -- tag of a language of the program; '': nobody said
