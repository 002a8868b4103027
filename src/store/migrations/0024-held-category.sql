-- What a message that waits for a person is, where that is sure: how it is answered hangs on it.

ALTER TABLE held ADD COLUMN category TEXT NOT NULL DEFAULT ''; -- name of a category of the definition, or ''
