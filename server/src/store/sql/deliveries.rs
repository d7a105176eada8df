//! Deliveries: queued, claimed by one of several servers, attempted, replayed.

use super::SqlStore;
use super::events::{add_event, event};
use super::read::{Columns, json, millis, name, owner};
use super::webhooks::{give_up, webhook};
use crate::domain::delivery::{Delivery, Round};
use crate::domain::id::{DeliveryId, WebhookId};
use crate::domain::webhook::Webhook;
use crate::store::{
    Attempted, ClaimedDelivery, DeliveryStore, Disabling, Event, EventKind, Outcome, Page, Saved,
    StoreError,
};
use async_trait::async_trait;
use railhead_protocol::{DeliveryStatus, ReplayScope};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use time::OffsetDateTime;

/// What a delivery is read from; a condition follows.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!(webhook_deliveries),
            ", ",
            columns!(events),
            " FROM webhook_deliveries JOIN events ON events.id = webhook_deliveries.event_id WHERE ",
            $condition
        )
    };
}

#[async_trait]
impl DeliveryStore for SqlStore {
    async fn deliveries(
        &self,
        webhook: &WebhookId,
        status: Option<DeliveryStatus>,
        page: &Page,
    ) -> Result<Vec<Delivery>, StoreError> {
        let (at, id) = page.after.clone().unzip();
        let rows = sqlx::query(select!(
            "webhook_id = $1 AND ($2 IS NULL OR status = $2)
             AND ($3 IS NULL OR (created_at, webhook_deliveries.id) < ($3, $4))
             ORDER BY created_at DESC, webhook_deliveries.id DESC LIMIT $5"
        ))
        .bind(webhook.as_str())
        .bind(status.as_ref().map(name))
        .bind(at)
        .bind(id)
        .bind(i64::from(page.limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(delivery).collect()
    }

    async fn queue_test(
        &self,
        webhook: &WebhookId,
        event: &Event,
    ) -> Result<DeliveryId, StoreError> {
        let id = format!(
            "dlv_{}{}",
            &tail(event.id.as_str()),
            &tail(webhook.as_str())
        );
        let mut transaction = self.begin().await?;
        add_event(&mut transaction, event).await?;
        sqlx::query(
            "INSERT INTO webhook_deliveries (id, webhook_id, event_id, created_at, status, next_attempt_at, claim,
                 round_attempts, attempts)
             VALUES ($1, $2, $3, $4, 'pending', $4, 0, 0, '[]')",
        )
        .bind(&id)
        .bind(webhook.as_str())
        .bind(event.id.as_str())
        .bind(millis(event.at))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(id.into())
    }

    async fn replay(
        &self,
        webhook: &WebhookId,
        id: &DeliveryId,
        now: OffsetDateTime,
    ) -> Result<Option<Delivery>, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "UPDATE webhook_deliveries SET status = 'pending', next_attempt_at = $1, round_started_at = NULL,
                 round_attempts = 0, ended_at = NULL, claim = claim + 1
             WHERE id = $2 AND webhook_id = $3",
        )
        .bind(millis(now))
        .bind(id.as_str())
        .bind(webhook.as_str())
        .execute(&mut *transaction)
        .await?;
        let row = sqlx::query(select!("webhook_deliveries.id = $1 AND webhook_id = $2"))
            .bind(id.as_str())
            .bind(webhook.as_str())
            .fetch_optional(&mut *transaction)
            .await?;
        transaction.commit().await?;
        row.as_ref().map(delivery).transpose()
    }

    async fn replay_since(
        &self,
        webhook: &Webhook,
        since: OffsetDateTime,
        scope: ReplayScope,
        now: OffsetDateTime,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        // The endpoint before its deliveries, as whoever disables it does.
        let enabled = sqlx::query(
            "UPDATE webhooks SET revision = revision WHERE id = $1 AND disabled_reason IS NULL",
        )
        .bind(webhook.id.as_str())
        .execute(&mut *transaction)
        .await?;
        if enabled.rows_affected() == 0 {
            return Ok(0);
        }
        let again = match scope {
            ReplayScope::Undelivered => "failed",
            ReplayScope::All => "%",
        };
        let replayed = sqlx::query(
            "UPDATE webhook_deliveries SET status = 'pending', next_attempt_at = $1, round_started_at = NULL,
                 round_attempts = 0, ended_at = NULL
             WHERE webhook_id = $2 AND created_at >= $3 AND status <> 'pending' AND status LIKE $4",
        )
        .bind(millis(now))
        .bind(webhook.id.as_str())
        .bind(millis(since))
        .bind(again)
        .execute(&mut *transaction)
        .await?;
        let missed = queue_missed(&mut transaction, webhook, since, now).await?;
        transaction.commit().await?;
        Ok(replayed.rows_affected() + missed)
    }

    async fn due_webhooks(&self, now: OffsetDateTime) -> Result<Vec<Webhook>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(webhooks),
            " FROM webhooks WHERE disabled_reason IS NULL AND EXISTS
                 (SELECT 1 FROM webhook_deliveries WHERE webhook_id = webhooks.id AND status = 'pending'
                  AND next_attempt_at <= $1)"
        ))
        .bind(millis(now))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(webhook).collect()
    }

    async fn claim_deliveries(
        &self,
        webhook: &WebhookId,
        now: OffsetDateTime,
        until: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<ClaimedDelivery>, StoreError> {
        let mut transaction = self.begin().await?;
        let due = sqlx::query(AssertSqlSafe(format!(
            "SELECT id FROM webhook_deliveries
             WHERE webhook_id = $1 AND status = 'pending' AND next_attempt_at <= $2
             ORDER BY next_attempt_at LIMIT $3{}",
            self.dialect.skip_locked()
        )))
        .bind(webhook.as_str())
        .bind(millis(now))
        .bind(i64::from(limit))
        .fetch_all(&mut *transaction)
        .await?;
        let mut claimed = Vec::with_capacity(due.len());
        for row in &due {
            let id: String = row.try_get("id")?;
            sqlx::query("UPDATE webhook_deliveries SET next_attempt_at = $1, claim = claim + 1 WHERE id = $2")
                .bind(millis(until))
                .bind(&id)
                .execute(&mut *transaction)
                .await?;
            let row = sqlx::query(select!("webhook_deliveries.id = $1"))
                .bind(&id)
                .fetch_optional(&mut *transaction)
                .await?;
            // An event may have been removed for its age at the moment of a replay.
            let Some(row) = row else { continue };
            let columns = Columns {
                row: &row,
                table: "webhook_deliveries",
            };
            claimed.push(ClaimedDelivery {
                delivery: delivery(&row)?,
                event: event(&row, "event_id")?,
                claim: columns.number("claim")?,
            });
        }
        transaction.commit_quietly().await?;
        Ok(claimed)
    }

    async fn save_attempt(&self, attempted: &Attempted) -> Result<Saved, StoreError> {
        let mut transaction = self.begin().await?;
        // The endpoint before its deliveries, as whoever disables it does.
        let disabled = mark(&mut transaction, attempted).await?;
        let (status, next, ended) = match attempted.outcome {
            Outcome::Delivered => ("delivered", None, Some(attempted.at)),
            Outcome::Again(at) => ("pending", Some(at), None),
            Outcome::Failed(_) => ("failed", None, Some(attempted.at)),
        };
        let saved = sqlx::query(
            "UPDATE webhook_deliveries SET status = $1, next_attempt_at = $2, ended_at = $3, round_started_at = $4,
                 round_attempts = $5, attempts = $6
             WHERE id = $7 AND claim = $8 AND status = 'pending'",
        )
        .bind(status)
        .bind(next.map(millis))
        .bind(ended.map(millis))
        .bind(attempted.round.started_at.map(millis))
        .bind(i64::from(attempted.round.attempts))
        .bind(json(&attempted.attempts))
        .bind(attempted.delivery.as_str())
        .bind(i64::from(attempted.claim))
        .execute(&mut *transaction)
        .await?;
        if saved.rows_affected() == 0 {
            return Ok(Saved::Conflict);
        }
        if let Some(disabling) = disabled {
            give_up(&mut transaction, &attempted.webhook, attempted.at).await?;
            add_event(&mut transaction, &disabling.event).await?;
        }
        transaction.commit_quietly().await?;
        Ok(Saved::Done)
    }

    async fn remove_deliveries(&self, before: OffsetDateTime) -> Result<u64, StoreError> {
        // What was queued at the moment that its endpoint was removed waits for nobody.
        let removed = sqlx::query(
            "DELETE FROM webhook_deliveries WHERE ended_at < $1
             OR NOT EXISTS (SELECT 1 FROM webhooks WHERE id = webhook_id)",
        )
        .bind(millis(before))
        .execute(&self.pool)
        .await?;
        Ok(removed.rows_affected())
    }
}

/// Writes down of the endpoint whether it works; answers what follows when it was disabled just now.
async fn mark<'a>(
    database: &mut AnyConnection,
    attempted: &'a Attempted,
) -> Result<Option<&'a Disabling>, StoreError> {
    let (id, at) = (attempted.webhook.as_str(), millis(attempted.at));
    let Outcome::Delivered = attempted.outcome else {
        sqlx::query(
            "UPDATE webhooks SET failing_since = $1 WHERE id = $2 AND failing_since IS NULL",
        )
        .bind(at)
        .bind(id)
        .execute(&mut *database)
        .await?;
        let Outcome::Failed(Some(disabling)) = &attempted.outcome else {
            return Ok(None);
        };
        let disabled = sqlx::query(
            "UPDATE webhooks SET disabled_reason = $1, revision = revision + 1
             WHERE id = $2 AND disabled_reason IS NULL AND ($3 IS NULL OR failing_since <= $3)",
        )
        .bind(name(&disabling.reason))
        .bind(id)
        .bind(disabling.failing_since.map(millis))
        .execute(database)
        .await?;
        return Ok((disabled.rows_affected() == 1).then_some(disabling));
    };
    sqlx::query(
        "UPDATE webhooks SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL",
    )
    .bind(id)
    .execute(database)
    .await?;
    Ok(None)
}

/// Queues what happened while the endpoint was not told.
async fn queue_missed(
    database: &mut AnyConnection,
    webhook: &Webhook,
    since: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<u64, StoreError> {
    let (workspace, environment) = owner(&webhook.tenant);
    let mut missed = 0;
    for kind in EventKind::ALL.iter().filter(|kind| kind.is_public()) {
        if webhook
            .types
            .as_ref()
            .is_some_and(|types| !types.contains(kind))
        {
            continue;
        }
        let queued = sqlx::query(
            "INSERT INTO webhook_deliveries (id, webhook_id, event_id, created_at, status, next_attempt_at, claim,
                 round_attempts, attempts)
             SELECT 'dlv_' || substr(id, 5) || $1, $2, id, at, 'pending', $3, 0, 0, '[]' FROM events
             WHERE workspace_id = $4 AND environment = $5 AND at >= $6 AND kind = $7
             ON CONFLICT (webhook_id, event_id) DO NOTHING",
        )
        .bind(tail(webhook.id.as_str()))
        .bind(webhook.id.as_str())
        .bind(millis(now))
        .bind(workspace)
        .bind(environment)
        .bind(millis(since))
        .bind(kind.as_str())
        .execute(&mut *database)
        .await?;
        missed += queued.rows_affected();
    }
    Ok(missed)
}

/// An id without its prefix of four characters.
fn tail(id: &str) -> &str {
    id.get(4..).unwrap_or_default()
}

fn delivery(row: &AnyRow) -> Result<Delivery, StoreError> {
    let columns = Columns {
        row,
        table: "webhook_deliveries",
    };
    Ok(Delivery {
        id: columns.text("delivery_id")?,
        webhook: columns.text("webhook_id")?,
        event: columns.text("event_id")?,
        kind: columns.named("kind")?,
        status: columns.named("status")?,
        round: Round {
            started_at: columns.optional_time("round_started_at")?,
            attempts: columns.number("round_attempts")?,
        },
        next_attempt_at: columns.optional_time("next_attempt_at")?,
        attempts: columns.json("attempts")?,
        created_at: columns.time("created_at")?,
    })
}
