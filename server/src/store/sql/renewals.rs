//! Renewals: claimed by one server, held back after a failure.

use super::SqlStore;
use super::read::{Columns, millis, name};
use crate::domain::id::ConnectionId;
use crate::domain::tenant::Tenant;
use crate::store::{Hold, RenewalStore, Saved, StoreError};
use async_trait::async_trait;
use sqlx::AssertSqlSafe;
use time::OffsetDateTime;

#[async_trait]
impl RenewalStore for SqlStore {
    async fn claim_renewals(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<(Tenant, ConnectionId)>, StoreError> {
        let mut transaction = self.begin().await?;
        let due = sqlx::query(AssertSqlSafe(format!(
            "SELECT id, workspace_id, environment FROM connections
             WHERE status = 'active' AND next_refresh_at <= $1 AND expires_at > $1
                 AND (refresh_claimed_until IS NULL OR refresh_claimed_until <= $1)
             ORDER BY next_refresh_at LIMIT $2{}",
            self.dialect.skip_locked()
        )))
        .bind(millis(now))
        .bind(i64::from(limit))
        .fetch_all(&mut *transaction)
        .await?;
        let mut claimed = Vec::with_capacity(due.len());
        for row in &due {
            let table = "connections";
            let columns = Columns { row, table };
            let id: ConnectionId = columns.text("id")?;
            sqlx::query("UPDATE connections SET refresh_claimed_until = $1 WHERE id = $2")
                .bind(millis(until))
                .bind(id.as_str())
                .execute(&mut *transaction)
                .await?;
            claimed.push((columns.tenant()?, id));
        }
        transaction.commit().await?;
        Ok(claimed)
    }

    async fn plan_renewal(
        &self,
        id: &ConnectionId,
        version: u32,
        at: Option<OffsetDateTime>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE connections SET next_refresh_at = $1, refresh_claimed_until = NULL
             WHERE id = $2 AND credentials_version = $3 AND status = 'active'",
        )
        .bind(at.map(millis))
        .bind(id.as_str())
        .bind(i64::from(version))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn hold_renewal(
        &self,
        id: &ConnectionId,
        version: u32,
        hold: &Hold,
    ) -> Result<Saved, StoreError> {
        let saved = sqlx::query(
            "UPDATE connections SET refresh_failures = refresh_failures + 1, refresh_held_until = $1,
                 refresh_failure_code = $2, next_refresh_at = $1, refresh_claimed_until = NULL
             WHERE id = $3 AND credentials_version = $4 AND status = 'active'",
        )
        .bind(millis(hold.until))
        .bind(name(&hold.code))
        .bind(id.as_str())
        .bind(i64::from(version))
        .execute(&self.pool)
        .await?;
        Ok(if saved.rows_affected() == 1 {
            Saved::Done
        } else {
            Saved::Conflict
        })
    }
}
