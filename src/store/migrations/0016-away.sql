-- Somebody is away for a time ("away"), or back before it is over ("back"): changes of the roster like the others, that lie over it for
-- days.  Their days are written as numbers, 20261201, in the zone of the program.

ALTER TABLE roster_change ADD COLUMN since INTEGER NOT NULL DEFAULT 0;   -- the first day away; of "back", the day it was said
ALTER TABLE roster_change ADD COLUMN until INTEGER NOT NULL DEFAULT 0;   -- the last day away
ALTER TABLE roster_change ADD COLUMN deputy TEXT NOT NULL DEFAULT '';    -- address of who stands in
ALTER TABLE roster_change ADD COLUMN told INTEGER NOT NULL DEFAULT 0;    -- 1: a digest has said what happened meanwhile
