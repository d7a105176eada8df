-- A key without a list of scopes may do everything, also what later versions bring.
ALTER TABLE api_keys ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN scopes TEXT;
ALTER TABLE api_keys ADD COLUMN expires_at BIGINT;
ALTER TABLE api_keys ADD COLUMN revoked_at BIGINT;
ALTER TABLE api_keys ADD COLUMN last_used_at BIGINT;
CREATE INDEX api_keys_page ON api_keys (workspace_id, environment, created_at DESC, id DESC);

-- The version of the sealed signing secret, and the revision that a change of the settings is made from.
ALTER TABLE widgets ADD COLUMN signing_secret_version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE widgets ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
CREATE INDEX widgets_page ON widgets (workspace_id, environment, created_at DESC, id DESC);

-- Facts of the company's own; whether its server asked for the session; and whose link this one was opened with.
ALTER TABLE sessions ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
ALTER TABLE sessions ADD COLUMN locale TEXT;
ALTER TABLE sessions ADD COLUMN minted BIGINT NOT NULL DEFAULT 0 CHECK (minted IN (0, 1));
ALTER TABLE sessions ADD COLUMN minted_from TEXT REFERENCES sessions (id) ON DELETE CASCADE;
CREATE INDEX sessions_minted_from ON sessions (minted_from) WHERE minted_from IS NOT NULL;

-- A link to the hosted page. The first browser that opens it keeps it.
CREATE TABLE session_links (
    digest BYTEA PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    cookie_digest BYTEA
);
CREATE INDEX session_links_session ON session_links (session_id);

-- What became of a disconnected connection's grant at the service.
ALTER TABLE connections ADD COLUMN revocation TEXT
    CHECK (revocation IN ('done', 'pending', 'unsupported', 'skipped_shared', 'failed'));
CREATE INDEX connections_same_account ON connections (workspace_id, environment, service_name, account_id)
    WHERE status = 'active';

-- Grants that are to be given back to their service. Sealed as the connection's credentials of that version were.
CREATE TABLE revocations (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
    connection_id TEXT NOT NULL,
    service_name TEXT NOT NULL,
    account_id TEXT NOT NULL,
    fields TEXT NOT NULL,
    sealed_credentials TEXT NOT NULL,
    credentials_version BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL
);
CREATE INDEX revocations_due ON revocations (due_at);

-- The clients that a workspace registered at services.
CREATE TABLE service_clients (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
    service_name TEXT NOT NULL,
    client_id TEXT NOT NULL,
    sealed_secret TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (workspace_id, environment, service_name)
);

-- Answers to requests that may be sent twice. The answer is absent while the request is worked on.
CREATE TABLE idempotency_keys (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
    key TEXT NOT NULL,
    request_digest BYTEA NOT NULL,
    claimed_until BIGINT NOT NULL,
    sealed_answer TEXT,
    expires_at BIGINT NOT NULL,
    UNIQUE (workspace_id, environment, key)
);
CREATE INDEX idempotency_keys_end ON idempotency_keys (expires_at);
