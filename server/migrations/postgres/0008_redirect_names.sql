-- What a service calls our callback's address, where it takes a name for it.
ALTER TABLE service_clients ADD COLUMN redirect_name TEXT;
