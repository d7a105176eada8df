//! Connections and businesses that end, and the grants that are to be given back for them.

use super::SqlStore;
use super::read::{Columns, json, millis, name, owner};
use super::settle::add_event;
use crate::domain::business::Business;
use crate::domain::id::ConnectionId;
use crate::domain::tenant::Tenant;
use crate::store::{
    BusinessRemoval, Disconnection, Event, RevocationJob, RevocationStore, Saved,
    SealedCredentials, StoreError,
};
use async_trait::async_trait;
use railhead_protocol::Revocation;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use time::OffsetDateTime;

#[async_trait]
impl RevocationStore for SqlStore {
    async fn disconnect(
        &self,
        ending: &Disconnection,
        deactivated: &Business,
        business_event: &Event,
        claimed_until: OffsetDateTime,
    ) -> Result<Saved, StoreError> {
        let mut transaction = self.begin().await?;
        self.lock_business(&mut transaction, &deactivated.id)
            .await?;
        if end(&mut transaction, ending, claimed_until).await? == Saved::Conflict {
            return Ok(Saved::Conflict);
        }
        let changed = sqlx::query(
            "UPDATE businesses SET status = $2 WHERE id = $1 AND status <> $2 AND NOT EXISTS
                 (SELECT 1 FROM connections WHERE business_id = $1 AND status = 'active')",
        )
        .bind(deactivated.id.as_str())
        .bind(name(&deactivated.status))
        .execute(&mut *transaction)
        .await?;
        if changed.rows_affected() == 1 {
            add_event(&mut transaction, business_event).await?;
        }
        transaction.commit().await?;
        Ok(Saved::Done)
    }

    async fn remove_connection(
        &self,
        tenant: &Tenant,
        id: &ConnectionId,
    ) -> Result<Saved, StoreError> {
        let (workspace, environment) = owner(tenant);
        let mut transaction = self.begin().await?;
        // First the authorizations: one that succeeded names the connection it led to.
        sqlx::query(
            "DELETE FROM authorizations WHERE connection_id = $1 AND workspace_id = $2 AND environment = $3",
        )
        .bind(id.as_str())
        .bind(workspace)
        .bind(environment)
        .execute(&mut *transaction)
        .await?;
        let removed = sqlx::query(
            "DELETE FROM connections WHERE id = $1 AND workspace_id = $2 AND environment = $3
             AND status IN ('disconnected', 'superseded')",
        )
        .bind(id.as_str())
        .bind(workspace)
        .bind(environment)
        .execute(&mut *transaction)
        .await?;
        if removed.rows_affected() == 0 {
            return Ok(Saved::Conflict);
        }
        transaction.commit().await?;
        Ok(Saved::Done)
    }

    async fn remove_business(
        &self,
        removal: &BusinessRemoval,
        claimed_until: OffsetDateTime,
    ) -> Result<Saved, StoreError> {
        let mut transaction = self.begin().await?;
        let business = &removal.business;
        self.lock_business(&mut transaction, &business.id).await?;
        for ending in &removal.disconnections {
            if end(&mut transaction, ending, claimed_until).await? == Saved::Conflict {
                return Ok(Saved::Conflict);
            }
        }
        let removed = sqlx::query(
            "DELETE FROM businesses WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM connections
                 WHERE business_id = $1 AND status IN ('active', 'expired', 'invalid'))",
        )
        .bind(business.id.as_str())
        .execute(&mut *transaction)
        .await?;
        if removed.rows_affected() == 0 {
            return Ok(Saved::Conflict);
        }
        add_event(&mut transaction, &removal.event).await?;
        transaction.commit().await?;
        Ok(Saved::Done)
    }

    async fn revocation(
        &self,
        tenant: &Tenant,
        id: &ConnectionId,
    ) -> Result<Option<Revocation>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let row = sqlx::query(
            "SELECT revocation FROM connections WHERE id = $1 AND workspace_id = $2 AND environment = $3",
        )
        .bind(id.as_str())
        .bind(workspace)
        .bind(environment)
        .fetch_optional(&self.pool)
        .await?;
        let table = "connections";
        row.map_or(Ok(None), |row| {
            Columns { row: &row, table }.optional_named("revocation")
        })
    }

    async fn is_account_in_use(
        &self,
        tenant: &Tenant,
        service_name: &str,
        account_id: &str,
        but: Option<&ConnectionId>,
    ) -> Result<bool, StoreError> {
        let (workspace, environment) = owner(tenant);
        let found = sqlx::query(
            "SELECT 1 FROM connections WHERE workspace_id = $1 AND environment = $2 AND service_name = $3
             AND account_id = $4 AND status = 'active' AND ($5 IS NULL OR id <> $5) LIMIT 1",
        )
        .bind(workspace)
        .bind(environment)
        .bind(service_name)
        .bind(account_id)
        .bind(but.map(ConnectionId::as_str))
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.is_some())
    }

    async fn claim_revocations(
        &self,
        now: OffsetDateTime,
        claimed_until: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<RevocationJob>, StoreError> {
        let mut transaction = self.begin().await?;
        let rows = sqlx::query(AssertSqlSafe(format!(
            concat!(
                "SELECT ",
                columns!(revocations),
                " FROM revocations WHERE due_at <= $1 AND claimed_until <= $1 ORDER BY due_at LIMIT $2{}"
            ),
            self.dialect.skip_locked()
        )))
        .bind(millis(now))
        .bind(i64::from(limit))
        .fetch_all(&mut *transaction)
        .await?;
        for row in &rows {
            sqlx::query("UPDATE revocations SET claimed_until = $1 WHERE id = $2")
                .bind(millis(claimed_until))
                .bind(row.try_get::<String, _>("id")?)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        rows.iter().map(job).collect()
    }

    async fn end_revocation(
        &self,
        job: &RevocationJob,
        outcome: Revocation,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM revocations WHERE id = $1")
            .bind(job.id.as_str())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "UPDATE connections SET revocation = $1 WHERE id = $2 AND revocation = 'pending'",
        )
        .bind(name(&outcome))
        .bind(job.connection.as_str())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn delay_revocation(
        &self,
        job: &RevocationJob,
        due_at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE revocations SET attempts = attempts + 1, due_at = $1, claimed_until = 0 WHERE id = $2",
        )
        .bind(millis(due_at))
        .bind(job.id.as_str())
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

/// Ends one connection in a transaction that holds its business.
async fn end(
    database: &mut AnyConnection,
    ending: &Disconnection,
    claimed_until: OffsetDateTime,
) -> Result<Saved, StoreError> {
    let connection = &ending.connection;
    // The version counts on, so that tokens which are renewed just now find their place taken.
    let ended = sqlx::query(
        "UPDATE connections SET status = $1, disconnect_reason = $2, revocation = $3, sealed_credentials = NULL,
             credentials_version = credentials_version + 1, ended_at = $6, refresh_claimed_until = NULL
         WHERE id = $4 AND status IN ('active', 'expired', 'invalid')
         AND ((sealed_credentials IS NULL AND $5 IS NULL) OR (sealed_credentials IS NOT NULL AND credentials_version = $5))",
    )
    .bind(name(&connection.standing.status()))
    .bind(connection.standing.reason().as_ref().map(name))
    .bind(name(&ending.revocation))
    .bind(connection.id.as_str())
    .bind(ending.version.map(i64::from))
    .bind(millis(ending.event.at))
    .execute(&mut *database)
    .await?;
    if ended.rows_affected() == 0 {
        return Ok(Saved::Conflict);
    }
    if let Some(job) = &ending.job {
        add_job(database, job, claimed_until).await?;
    }
    add_event(database, &ending.event).await?;
    Ok(Saved::Done)
}

async fn add_job(
    database: &mut AnyConnection,
    job: &RevocationJob,
    claimed_until: OffsetDateTime,
) -> Result<(), StoreError> {
    let (workspace, environment) = owner(&job.tenant);
    sqlx::query(
        "INSERT INTO revocations (id, workspace_id, environment, connection_id, service_name, account_id, fields,
             sealed_credentials, credentials_version, attempts, created_at, due_at, claimed_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $10, $11)",
    )
    .bind(job.id.as_str())
    .bind(workspace)
    .bind(environment)
    .bind(job.connection.as_str())
    .bind(&job.service_name)
    .bind(&job.account_id)
    .bind(json(&job.fields))
    .bind(&job.credentials.sealed)
    .bind(i64::from(job.credentials.version))
    .bind(millis(job.created_at))
    .bind(millis(claimed_until))
    .execute(database)
    .await?;
    Ok(())
}

fn job(row: &AnyRow) -> Result<RevocationJob, StoreError> {
    let columns = Columns {
        row,
        table: "revocations",
    };
    Ok(RevocationJob {
        id: columns.text("id")?,
        tenant: columns.tenant()?,
        connection: columns.text("connection_id")?,
        service_name: columns.text("service_name")?,
        account_id: columns.text("account_id")?,
        fields: columns.json("fields")?,
        credentials: SealedCredentials {
            sealed: columns.text("sealed_credentials")?,
            version: columns.number("credentials_version")?,
        },
        attempts: columns.number("attempts")?,
        created_at: columns.time("created_at")?,
    })
}
