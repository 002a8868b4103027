-- Mail that leaves signed or encrypted: the bytes that leave are not those that were rendered.

ALTER TABLE outbox ADD COLUMN confidential TEXT NOT NULL DEFAULT 'no'; -- no, wanted, required: to be encrypted, as the notice says
ALTER TABLE outbox ADD COLUMN sealed TEXT NOT NULL DEFAULT '';         -- in the archive: what leaves; '': what was rendered
ALTER TABLE outbox ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;     -- since when it is kept back for want of a key; 0: it is not

CREATE INDEX outbox_withheld ON outbox (withheld) WHERE withheld > 0;
