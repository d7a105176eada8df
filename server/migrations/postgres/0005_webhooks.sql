-- Endpoints of workspaces that are told what happens, and what was delivered to them.

-- An event may concern no business.
ALTER TABLE events ALTER COLUMN business_id DROP NOT NULL;
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
    failing_since BIGINT,
    sealed_secret TEXT NOT NULL,
    secret_version BIGINT NOT NULL,
    sealed_previous_secret TEXT,
    previous_secret_version BIGINT,
    previous_secret_until BIGINT,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX webhooks_page ON webhooks (workspace_id, environment, created_at DESC, id DESC);

-- The outbox: written together with what happened. No foreign keys: an endpoint that is removed at the same moment must
-- not undo the change that it would have been told of.
CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY,
    webhook_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    next_attempt_at BIGINT,
    claim BIGINT NOT NULL,
    round_started_at BIGINT,
    round_attempts BIGINT NOT NULL,
    attempts TEXT NOT NULL,
    ended_at BIGINT,
    UNIQUE (webhook_id, event_id),
    CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_page ON webhook_deliveries (webhook_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at);
CREATE INDEX webhook_deliveries_end ON webhook_deliveries (ended_at);
CREATE INDEX webhook_deliveries_event ON webhook_deliveries (event_id);
