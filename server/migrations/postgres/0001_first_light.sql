-- Times are integer milliseconds since 1970-01-01 UTC. Digests are SHA-256. "sealed" columns hold what the vault sealed.

CREATE TABLE workspaces (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE widgets (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
    company_name TEXT NOT NULL,
    settings TEXT NOT NULL,
    sealed_signing_secret TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE widget_origins (
    widget_id TEXT NOT NULL REFERENCES widgets (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (widget_id, origin)
);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
    digest BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE businesses (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('new', 'active', 'inactive')),
    created_at BIGINT NOT NULL,
    UNIQUE (workspace_id, environment, name)
);

CREATE INDEX businesses_new ON businesses (created_at) WHERE status = 'new';

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    digest BYTEA NOT NULL UNIQUE,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
    widget_id TEXT NOT NULL REFERENCES widgets (id) ON DELETE CASCADE,
    business_id TEXT NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sessions_business ON sessions (business_id);
CREATE INDEX sessions_end ON sessions (expires_at);

CREATE TABLE connections (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
    business_id TEXT NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    service_name TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('pending', 'active', 'disconnected', 'expired', 'invalid', 'superseded')),
    account_id TEXT,
    account_name TEXT,
    disconnect_reason TEXT,
    fields TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    authorized_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    sealed_credentials TEXT,
    credentials_version BIGINT NOT NULL DEFAULT 0,
    CHECK ((status = 'pending') = (account_id IS NULL))
);

-- One account of one service is connected to a business once.
CREATE UNIQUE INDEX connections_account ON connections (business_id, service_name, account_id)
    WHERE status IN ('active', 'disconnected', 'expired', 'invalid');
CREATE INDEX connections_page ON connections (workspace_id, environment, created_at DESC, id DESC);

CREATE TABLE authorizations (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    widget_id TEXT NOT NULL REFERENCES widgets (id) ON DELETE CASCADE,
    business_id TEXT NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    service_name TEXT NOT NULL,
    fields TEXT NOT NULL,
    reauthorizes TEXT REFERENCES connections (id) ON DELETE CASCADE,
    nonce_digest BYTEA NOT NULL,
    nonce_used BIGINT NOT NULL CHECK (nonce_used IN (0, 1)),
    cookie_digest BYTEA,
    state_digest BYTEA UNIQUE,
    sealed_verifier TEXT,
    consumed_at BIGINT,
    phase TEXT NOT NULL CHECK (phase IN
        ('pending', 'accepted', 'authorized', 'choosing', 'succeeded', 'failed', 'cancelled', 'expired')),
    sealed_code TEXT,
    accounts TEXT,
    connection_id TEXT REFERENCES connections (id) ON DELETE SET NULL,
    failure_code TEXT,
    version BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX authorizations_open ON authorizations (expires_at)
    WHERE phase IN ('pending', 'accepted', 'authorized', 'choosing');
CREATE INDEX authorizations_business ON authorizations (business_id);
CREATE INDEX authorizations_session ON authorizations (session_id);

CREATE TABLE events (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    business_id TEXT NOT NULL,
    connection_id TEXT,
    authorization_id TEXT
);

CREATE INDEX events_page ON events (workspace_id, environment, at DESC, id DESC);

-- What the vault recognises its keys by.
CREATE TABLE vault (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    check_value TEXT NOT NULL
);
