//! What is read of each table, column by column: PostgreSQL refuses a prepared `SELECT *` of a server that runs as soon
//! as a newer server has added a column.

/// The columns of a table that its records are read from.
macro_rules! columns {
    (api_keys) => {
        "id, workspace_id, environment, digest, name, scopes, created_at, expires_at, revoked_at, last_used_at"
    };
    (authorizations) => {
        "authorizations.id, workspace_id, environment, session_id, widget_id, business_id, service_name, fields,
         reauthorizes, nonce_digest, nonce_used, cookie_digest, state_digest, sealed_verifier, phase, sealed_code,
         accounts, connection_id, failure_code, version, revision, authorizations.created_at, expires_at, return_url,
         claim_digest"
    };
    (businesses) => {
        "id, workspace_id, environment, name, status, created_at"
    };
    (connections) => {
        "connections.id, connections.workspace_id, connections.environment, business_id, service_name,
         connections.status, account_id, account_name, disconnect_reason, connections.created_at, authorized_at,
         expires_at"
    };
    (events) => {
        "events.id, workspace_id, environment, at, kind, business_id, connection_id, authorization_id, data"
    };
    (idempotency_keys) => {
        "id, request_digest, claimed_until, sealed_answer"
    };
    (revocations) => {
        "id, workspace_id, environment, connection_id, service_name, account_id, fields, sealed_credentials,
         credentials_version, attempts, created_at"
    };
    (service_clients) => {
        "id, workspace_id, environment, service_name, client_id, sealed_secret, redirect_name, version,
         updated_at"
    };
    (session_links) => {
        "digest, session_id, cookie_digest"
    };
    (sessions) => {
        "id, digest, workspace_id, environment, widget_id, business_id, origin, created_at, expires_at, metadata,
         locale, minted, minted_from"
    };
    (webhook_deliveries) => {
        "webhook_deliveries.id AS delivery_id, webhook_id, event_id, webhook_deliveries.created_at, status,
         next_attempt_at, claim, round_started_at, round_attempts, attempts"
    };
    (webhooks) => {
        "id, workspace_id, environment, url, types, description, disabled_reason, failing_since, sealed_secret,
         secret_version, sealed_previous_secret, previous_secret_version, previous_secret_until, revision, created_at"
    };
    (widgets) => {
        "widgets.id, workspace_id, environment, company_name, settings, sealed_signing_secret,
         signing_secret_version, revision, widgets.created_at"
    };
}
