-- Which server works on an accepted callback, and until when; by the database's clock, as all times here.
ALTER TABLE authorizations ADD COLUMN claimed_by TEXT;
ALTER TABLE authorizations ADD COLUMN claimed_until INTEGER;
CREATE INDEX authorizations_unfinished ON authorizations (claimed_until) WHERE phase IN ('accepted', 'authorized');

-- What one server at a time may do.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT;

-- What was asked for lately, by the digest of who asked for what: the moment at which its account is even again.
CREATE TABLE rates (
    digest BLOB PRIMARY KEY,
    even INTEGER NOT NULL
) STRICT;
