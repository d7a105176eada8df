//! Claims, leases and counts. Each is one statement, so that of several servers one comes first.

use super::{SqlStore, listener};
use crate::domain::id::{AuthorizationId, ServerId};
use crate::secret::Digest;
use crate::store::{Claim, Listener, ReplicaStore, StoreError};
use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Row as _};
use std::time::Duration;
use time::OffsetDateTime;

/// The span that counts are over, in milliseconds.
const SPAN: i64 = 60_000;

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[async_trait]
impl ReplicaStore for SqlStore {
    fn is_shared(&self) -> bool {
        self.shared.is_some()
    }

    async fn now(&self) -> Result<OffsetDateTime, StoreError> {
        let clock = self.dialect.clock();
        let row = sqlx::query(AssertSqlSafe(format!("SELECT {clock} AS now")))
            .fetch_one(&self.pool)
            .await?;
        let nanos = i128::from(row.try_get::<i64, _>("now")?) * 1_000_000;
        OffsetDateTime::from_unix_timestamp_nanos(nanos)
            .map_err(|error| StoreError::Database(Box::new(error)))
    }

    async fn listen(&self) -> Result<Option<Box<dyn Listener>>, StoreError> {
        match &self.shared {
            Some(address) => Ok(Some(Box::new(listener::listen(address).await?))),
            None => Ok(None),
        }
    }

    async fn claim_exchanges(
        &self,
        claim: Claim<'_>,
        limit: u32,
    ) -> Result<Vec<AuthorizationId>, StoreError> {
        let (clock, skip_locked) = (self.dialect.clock(), self.dialect.skip_locked());
        let rows = sqlx::query(AssertSqlSafe(format!(
            "UPDATE authorizations SET claimed_by = $1, claimed_until = {clock} + $2 WHERE id IN
                 (SELECT id FROM authorizations WHERE phase IN ('accepted', 'authorized')
                  AND (claimed_until IS NULL OR claimed_until <= {clock}) LIMIT $3{skip_locked})
             RETURNING id"
        )))
        .bind(claim.server.as_str())
        .bind(millis(claim.lasting))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| Ok(row.try_get::<String, _>("id")?.into()))
            .collect()
    }

    async fn renew_claim(
        &self,
        id: &AuthorizationId,
        claim: Claim<'_>,
    ) -> Result<bool, StoreError> {
        let clock = self.dialect.clock();
        let renewed = sqlx::query(AssertSqlSafe(format!(
            "UPDATE authorizations SET claimed_until = {clock} + $1 WHERE id = $2 AND claimed_by = $3"
        )))
        .bind(millis(claim.lasting))
        .bind(id.as_str())
        .bind(claim.server.as_str())
        .execute(&self.pool)
        .await?;
        Ok(renewed.rows_affected() == 1)
    }

    async fn release_claim(
        &self,
        id: &AuthorizationId,
        server: &ServerId,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE authorizations SET claimed_by = NULL, claimed_until = NULL
             WHERE id = $1 AND claimed_by = $2 AND phase IN ('accepted', 'authorized')",
        )
        .bind(id.as_str())
        .bind(server.as_str())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn forget_server(&self, server: Option<&ServerId>) -> Result<(), StoreError> {
        let server = server.map(ServerId::as_str);
        let mut transaction = self.begin().await?;
        sqlx::query(
            "UPDATE authorizations SET claimed_by = NULL, claimed_until = NULL
             WHERE phase IN ('accepted', 'authorized') AND claimed_by IS NOT NULL
             AND ($1 IS NULL OR claimed_by = $1)",
        )
        .bind(server)
        .execute(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM leases WHERE $1 IS NULL OR holder = $1")
            .bind(server)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn take_lease(&self, name: &str, claim: Claim<'_>) -> Result<bool, StoreError> {
        let clock = self.dialect.clock();
        let taken = sqlx::query(AssertSqlSafe(format!(
            "INSERT INTO leases (name, holder, until) VALUES ($1, $2, {clock} + $3)
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
             WHERE leases.until <= {clock} OR leases.holder = excluded.holder"
        )))
        .bind(name)
        .bind(claim.server.as_str())
        .bind(millis(claim.lasting))
        .execute(&self.pool)
        .await?;
        Ok(taken.rows_affected() == 1)
    }

    async fn release_lease(&self, name: &str, server: &ServerId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM leases WHERE name = $1 AND holder = $2")
            .bind(name)
            .bind(server.as_str())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn count(&self, what: Digest, limit: u32) -> Result<Result<(), u64>, StoreError> {
        let clock = self.dialect.clock();
        let step = SPAN / i64::from(limit.max(1));
        // A database whose clock was set back must not keep anybody out for longer than the span.
        let start = format!(
            "CASE WHEN rates.even < {clock} THEN {clock} WHEN rates.even > {clock} + {SPAN} THEN {clock} + {SPAN}
             ELSE rates.even END"
        );
        let counted = sqlx::query(AssertSqlSafe(format!(
            "INSERT INTO rates (digest, even) VALUES ($1, {clock} + $2)
             ON CONFLICT (digest) DO UPDATE SET even = {start} + $2 WHERE {start} + $2 <= {clock} + {SPAN}"
        )))
        .bind(what.as_bytes())
        .bind(step)
        .execute(&self.pool)
        .await?;
        if counted.rows_affected() == 1 {
            return Ok(Ok(()));
        }
        let wait = sqlx::query(AssertSqlSafe(format!(
            "SELECT {start} + $2 - ({clock} + {SPAN}) AS wait FROM rates WHERE digest = $1"
        )))
        .bind(what.as_bytes())
        .bind(step)
        .fetch_optional(&self.pool)
        .await?;
        let wait = wait.map_or(Ok(step), |row| row.try_get::<i64, _>("wait"))?;
        Ok(Err(u64::try_from(wait).unwrap_or_default()))
    }

    async fn forget_the_past(&self) -> Result<(), StoreError> {
        let clock = self.dialect.clock();
        for (table, end) in [("rates", "even"), ("leases", "until")] {
            sqlx::query(AssertSqlSafe(format!(
                "DELETE FROM {table} WHERE {end} <= {clock}"
            )))
            .execute(&self.pool)
            .await?;
        }
        Ok(())
    }
}
