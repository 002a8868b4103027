-- What waits of one person is one item, dealt with at once; but what others are told of as well is one of its own, for each category of that.

ALTER TABLE held ADD COLUMN item TEXT NOT NULL DEFAULT ''; -- name of such a category, or ''
