-- placeholder, replaced before the first release
CREATE TABLE message (id INTEGER PRIMARY KEY) STRICT;
