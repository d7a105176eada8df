-- Endpoints of workspaces that are told what happens, and what was delivered to them.

-- An event may concern no business. SQLite changes that by copying.
CREATE TABLE events_copy (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    business_id TEXT,
    connection_id TEXT,
    authorization_id TEXT,
    data TEXT NOT NULL
) STRICT;
INSERT INTO events_copy (id, workspace_id, environment, at, kind, business_id, connection_id, authorization_id, data)
    SELECT id, workspace_id, environment, at, kind, business_id, connection_id, authorization_id, data FROM events;
DROP TABLE events;
ALTER TABLE events_copy RENAME TO events;
CREATE INDEX events_page ON events (workspace_id, environment, at DESC, id DESC);
CREATE INDEX events_business ON events (business_id, at DESC, id DESC);
CREATE INDEX events_connection ON events (connection_id, at DESC, id DESC);
CREATE INDEX events_age ON events (at);

CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
    url TEXT NOT NULL,
    types TEXT,
    description TEXT,
    disabled_reason TEXT,
    failing_since INTEGER,
    sealed_secret TEXT NOT NULL,
    secret_version INTEGER NOT NULL,
    sealed_previous_secret TEXT,
    previous_secret_version INTEGER,
    previous_secret_until INTEGER,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX webhooks_page ON webhooks (workspace_id, environment, created_at DESC, id DESC);

-- The outbox: written together with what happened. No foreign keys: an endpoint that is removed at the same moment must
-- not undo the change that it would have been told of.
CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY,
    webhook_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    next_attempt_at INTEGER,
    claim INTEGER NOT NULL,
    round_started_at INTEGER,
    round_attempts INTEGER NOT NULL,
    attempts TEXT NOT NULL,
    ended_at INTEGER,
    UNIQUE (webhook_id, event_id),
    CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
) STRICT;

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_page ON webhook_deliveries (webhook_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at);
CREATE INDEX webhook_deliveries_end ON webhook_deliveries (ended_at);
CREATE INDEX webhook_deliveries_event ON webhook_deliveries (event_id);
