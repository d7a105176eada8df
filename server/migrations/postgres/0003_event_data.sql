-- What the event is about, as it travels: JSON without secrets.
ALTER TABLE events ADD COLUMN data TEXT NOT NULL DEFAULT '{}';
