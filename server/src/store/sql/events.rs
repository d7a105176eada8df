//! The audit trail, and the outbox that is filled with it.

use super::SqlStore;
use super::read::{Columns, millis, owner};
use crate::domain::id::{AuthorizationId, BusinessId, ConnectionId, EventId};
use crate::domain::tenant::Tenant;
use crate::store::{Event, EventFilter, EventKind, EventStore, Page, StoreError};
use async_trait::async_trait;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use std::sync::Arc;
use time::OffsetDateTime;
use tokio::sync::Notify;

/// Adds to the audit trail, and queues a delivery for each endpoint that is told of it.
pub(super) async fn add_event(
    database: &mut AnyConnection,
    event: &Event,
) -> Result<(), StoreError> {
    let (workspace, environment) = owner(&event.tenant);
    sqlx::query(
        "INSERT INTO events (id, workspace_id, environment, at, kind, business_id, connection_id, authorization_id,
             data)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(event.id.as_str())
    .bind(workspace)
    .bind(environment)
    .bind(millis(event.at))
    .bind(event.kind.as_str())
    .bind(event.business.as_ref().map(BusinessId::as_str))
    .bind(event.connection.as_ref().map(ConnectionId::as_str))
    .bind(event.authorization.as_ref().map(AuthorizationId::as_str))
    .bind(&event.data)
    .execute(&mut *database)
    .await?;
    if event.kind.is_public() {
        sqlx::query(
            "INSERT INTO webhook_deliveries (id, webhook_id, event_id, created_at, status, next_attempt_at, claim,
                 round_attempts, attempts)
             SELECT 'dlv_' || substr($1, 5) || substr(id, 5), id, $1, $2, 'pending', $2, 0, 0, '[]' FROM webhooks
             WHERE workspace_id = $3 AND environment = $4 AND disabled_reason IS NULL
                 AND (types IS NULL OR types LIKE $5)",
        )
        .bind(event.id.as_str())
        .bind(millis(event.at))
        .bind(workspace)
        .bind(environment)
        .bind(format!("%\"{}\"%", event.kind))
        .execute(database)
        .await?;
    }
    Ok(())
}

#[async_trait]
impl EventStore for SqlStore {
    async fn events(
        &self,
        tenant: &Tenant,
        filter: &EventFilter,
        page: &Page,
    ) -> Result<Vec<Event>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let (at, id) = page.after.clone().unzip();
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(events),
            " FROM events WHERE workspace_id = $1 AND environment = $2
             AND ($3 IS NULL OR kind = $3) AND ($4 IS NULL OR business_id = $4)
             AND ($5 IS NULL OR connection_id = $5)
             AND ($6 IS NULL OR at >= $6) AND ($7 IS NULL OR at < $7)
             AND ($8 IS NULL OR (at, id) < ($8, $9))
             ORDER BY at DESC, id DESC LIMIT $10"
        ))
        .bind(workspace)
        .bind(environment)
        .bind(filter.kind.map(EventKind::as_str))
        .bind(filter.business.as_ref().map(BusinessId::as_str))
        .bind(filter.connection.as_ref().map(ConnectionId::as_str))
        .bind(filter.since.map(millis))
        .bind(filter.until.map(millis))
        .bind(at)
        .bind(id)
        .bind(i64::from(page.limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| event(row, "id")).collect()
    }

    async fn event(&self, tenant: &Tenant, id: &EventId) -> Result<Option<Event>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let row = sqlx::query(concat!(
            "SELECT ",
            columns!(events),
            " FROM events WHERE id = $1 AND workspace_id = $2 AND environment = $3"
        ))
        .bind(id.as_str())
        .bind(workspace)
        .bind(environment)
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| event(&row, "id")).transpose()
    }

    async fn remove_events(&self, before: OffsetDateTime) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM webhook_deliveries WHERE created_at < $1 AND status <> 'pending'")
            .bind(millis(before))
            .execute(&mut *transaction)
            .await?;
        // What still waits to be delivered is kept until it was.
        let removed = sqlx::query(
            "DELETE FROM events WHERE at < $1 AND NOT EXISTS
                 (SELECT 1 FROM webhook_deliveries WHERE event_id = events.id AND status = 'pending')",
        )
        .bind(millis(before))
        .execute(&mut *transaction)
        .await?;
        transaction.commit_quietly().await?;
        Ok(removed.rows_affected())
    }

    fn changed(&self) -> Arc<Notify> {
        self.changed.clone()
    }
}

/// The event of a row, whose id is in `id`.
pub(super) fn event(row: &AnyRow, id: &'static str) -> Result<Event, StoreError> {
    let columns = Columns {
        row,
        table: "events",
    };
    Ok(Event {
        id: columns.text(id)?,
        tenant: columns.tenant()?,
        at: columns.time("at")?,
        kind: columns.named("kind")?,
        business: columns.optional("business_id")?,
        connection: columns.optional("connection_id")?,
        authorization: columns.optional("authorization_id")?,
        data: columns.text("data")?,
    })
}
