-- What waits for a person has a clock.

ALTER TABLE held ADD COLUMN due INTEGER NOT NULL DEFAULT 0;  -- by when it is dealt with; 0: nobody promised that
ALTER TABLE held ADD COLUMN next INTEGER NOT NULL DEFAULT 0; -- when the office is told of it again; 0: never

ALTER TABLE held ADD COLUMN quarantine INTEGER NOT NULL DEFAULT 0; -- nothing of the message may be shown

CREATE INDEX held_next ON held (next, id) WHERE status = 'waiting' AND next > 0;
