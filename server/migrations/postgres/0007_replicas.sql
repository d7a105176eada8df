-- Which server works on an accepted callback, and until when; by the database's clock, as all times here.
ALTER TABLE authorizations ADD COLUMN claimed_by TEXT;
ALTER TABLE authorizations ADD COLUMN claimed_until BIGINT;
CREATE INDEX authorizations_unfinished ON authorizations (claimed_until) WHERE phase IN ('accepted', 'authorized');

-- What one server at a time may do.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL
);

-- What was asked for lately, by the digest of who asked for what: the moment at which its account is even again. Written
-- often and worth nothing after a minute, so a crash may empty it.
CREATE UNLOGGED TABLE rates (
    digest BYTEA PRIMARY KEY,
    even BIGINT NOT NULL
);

-- Every server hears of what its long-polls wait for, once the change is committed: an authorization that looks
-- different to the widget, or is gone.
CREATE FUNCTION railhead_authorization_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('railhead_authorizations', OLD.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER authorizations_changed AFTER UPDATE ON authorizations FOR EACH ROW
    WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION railhead_authorization_changed();
CREATE TRIGGER authorizations_removed AFTER DELETE ON authorizations FOR EACH ROW
    WHEN (OLD.phase IN ('pending', 'accepted', 'authorized', 'choosing'))
    EXECUTE FUNCTION railhead_authorization_changed();

-- And that a lease was let go of.
CREATE FUNCTION railhead_lease_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('railhead_leases', OLD.name);
    RETURN NULL;
END
$$;
CREATE TRIGGER leases_released AFTER DELETE ON leases FOR EACH ROW EXECUTE FUNCTION railhead_lease_released();
