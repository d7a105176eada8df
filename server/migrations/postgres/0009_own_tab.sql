-- Where the browser comes back to, and the digest of what it has to bring: a code that came by such a browser stands in a
-- pending authorization until it is claimed.
ALTER TABLE authorizations ADD COLUMN return_url TEXT;
ALTER TABLE authorizations ADD COLUMN claim_digest BYTEA;
