//! Webhook endpoints.

use super::SqlStore;
use super::read::{Columns, json, millis, name, owner};
use crate::domain::id::WebhookId;
use crate::domain::tenant::Tenant;
use crate::domain::webhook::{SigningSecret, Webhook};
use crate::store::{Page, Saved, StoreError, WebhookStore};
use async_trait::async_trait;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use time::OffsetDateTime;

#[async_trait]
impl WebhookStore for SqlStore {
    async fn add_webhook(&self, webhook: &Webhook, most: u32) -> Result<Saved, StoreError> {
        let (workspace, environment) = owner(&webhook.tenant);
        let mut transaction = self.begin().await?;
        if let Some(lock) = self.dialect.lock_workspace() {
            // Else two that are added at the same time would not see each other.
            let locked = sqlx::query(lock).bind(workspace);
            locked.execute(&mut *transaction).await?;
        }
        let added = sqlx::query(
            "INSERT INTO webhooks (id, workspace_id, environment, url, types, description, sealed_secret,
                 secret_version, revision, created_at)
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
             WHERE (SELECT count(*) FROM webhooks WHERE workspace_id = $2 AND environment = $3) < $11",
        )
        .bind(webhook.id.as_str())
        .bind(workspace)
        .bind(environment)
        .bind(&webhook.url)
        .bind(webhook.types.as_ref().map(json))
        .bind(webhook.description.as_deref())
        .bind(&webhook.secret.sealed)
        .bind(i64::from(webhook.secret.version))
        .bind(i64::from(webhook.revision))
        .bind(millis(webhook.created_at))
        .bind(i64::from(most))
        .execute(&mut *transaction)
        .await?;
        transaction.commit_quietly().await?;
        Ok(match added.rows_affected() {
            0 => Saved::Conflict,
            _ => Saved::Done,
        })
    }

    async fn webhook(
        &self,
        tenant: &Tenant,
        id: &WebhookId,
    ) -> Result<Option<Webhook>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let row = sqlx::query(concat!(
            "SELECT ",
            columns!(webhooks),
            " FROM webhooks WHERE id = $1 AND workspace_id = $2 AND environment = $3"
        ))
        .bind(id.as_str())
        .bind(workspace)
        .bind(environment)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(webhook).transpose()
    }

    async fn webhooks(&self, tenant: &Tenant, page: &Page) -> Result<Vec<Webhook>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let (at, id) = page.after.clone().unzip();
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(webhooks),
            " FROM webhooks WHERE workspace_id = $1 AND environment = $2
             AND ($3 IS NULL OR (created_at, id) < ($3, $4))
             ORDER BY created_at DESC, id DESC LIMIT $5"
        ))
        .bind(workspace)
        .bind(environment)
        .bind(at)
        .bind(id)
        .bind(i64::from(page.limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(webhook).collect()
    }

    async fn save_webhook(
        &self,
        webhook: &Webhook,
        now: OffsetDateTime,
    ) -> Result<Saved, StoreError> {
        let (previous, until) = webhook.previous.as_ref().map(|(s, u)| (s, *u)).unzip();
        let mut transaction = self.begin().await?;
        let saved = sqlx::query(
            "UPDATE webhooks SET url = $1, types = $2, description = $3, disabled_reason = $4,
                 failing_since = CASE WHEN disabled_reason IS NOT NULL AND $4 IS NULL THEN NULL
                     ELSE failing_since END,
                 sealed_secret = $5, secret_version = $6, sealed_previous_secret = $7, previous_secret_version = $8,
                 previous_secret_until = $9, revision = revision + 1
             WHERE id = $10 AND revision = $11",
        )
        .bind(&webhook.url)
        .bind(webhook.types.as_ref().map(json))
        .bind(webhook.description.as_deref())
        .bind(webhook.disabled.as_ref().map(name))
        .bind(&webhook.secret.sealed)
        .bind(i64::from(webhook.secret.version))
        .bind(previous.map(|secret| secret.sealed.as_str()))
        .bind(previous.map(|secret| i64::from(secret.version)))
        .bind(until.map(millis))
        .bind(webhook.id.as_str())
        .bind(i64::from(webhook.revision))
        .execute(&mut *transaction)
        .await?;
        if saved.rows_affected() == 0 {
            return Ok(Saved::Conflict);
        }
        if webhook.disabled.is_some() {
            give_up(&mut transaction, &webhook.id, now).await?;
        }
        transaction.commit().await?;
        Ok(Saved::Done)
    }

    async fn remove_webhook(&self, tenant: &Tenant, id: &WebhookId) -> Result<Saved, StoreError> {
        let (workspace, environment) = owner(tenant);
        let mut transaction = self.begin().await?;
        let removed = sqlx::query(
            "DELETE FROM webhooks WHERE id = $1 AND workspace_id = $2 AND environment = $3",
        )
        .bind(id.as_str())
        .bind(workspace)
        .bind(environment)
        .execute(&mut *transaction)
        .await?;
        if removed.rows_affected() == 0 {
            return Ok(Saved::Conflict);
        }
        sqlx::query("DELETE FROM webhook_deliveries WHERE webhook_id = $1")
            .bind(id.as_str())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Saved::Done)
    }
}

/// Gives up what waits for an endpoint that was disabled.
pub(super) async fn give_up(
    database: &mut AnyConnection,
    id: &WebhookId,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE webhook_deliveries SET status = 'failed', next_attempt_at = NULL, ended_at = $1, claim = claim + 1
         WHERE webhook_id = $2 AND status = 'pending'",
    )
    .bind(millis(now))
    .bind(id.as_str())
    .execute(database)
    .await?;
    Ok(())
}

pub(super) fn webhook(row: &AnyRow) -> Result<Webhook, StoreError> {
    let columns = Columns {
        row,
        table: "webhooks",
    };
    let previous = match columns.optional("sealed_previous_secret")? {
        Some(sealed) => {
            let version = columns.number("previous_secret_version")?;
            let until = columns.time("previous_secret_until")?;
            Some((SigningSecret { sealed, version }, until))
        }
        None => None,
    };
    let types = columns.optional::<String>("types")?;
    Ok(Webhook {
        id: columns.text("id")?,
        tenant: columns.tenant()?,
        url: columns.text("url")?,
        types: types.map(|_| columns.json("types")).transpose()?,
        description: columns.optional("description")?,
        disabled: columns.optional_named("disabled_reason")?,
        failing_since: columns.optional_time("failing_since")?,
        secret: SigningSecret {
            sealed: columns.text("sealed_secret")?,
            version: columns.number("secret_version")?,
        },
        previous,
        revision: columns.number("revision")?,
        created_at: columns.time("created_at")?,
    })
}
