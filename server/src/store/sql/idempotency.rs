//! Answers to requests that may be sent twice.

use super::SqlStore;
use super::read::{Columns, millis, owner};
use crate::domain::id::IdempotencyId;
use crate::store::{Claimed, IdempotencyClaim, IdempotencyStore, StoreError};
use async_trait::async_trait;
use time::OffsetDateTime;

#[async_trait]
impl IdempotencyStore for SqlStore {
    async fn claim_request(
        &self,
        claim: &IdempotencyClaim,
        now: OffsetDateTime,
    ) -> Result<Claimed, StoreError> {
        let (workspace, environment) = owner(&claim.tenant);
        loop {
            let claimed = sqlx::query(
                "INSERT INTO idempotency_keys (id, workspace_id, environment, key, request_digest, claimed_until,
                     expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (workspace_id, environment, key) DO UPDATE SET id = excluded.id,
                     request_digest = excluded.request_digest, claimed_until = excluded.claimed_until,
                     sealed_answer = NULL, expires_at = excluded.expires_at
                 WHERE idempotency_keys.expires_at <= $8
                 OR (idempotency_keys.sealed_answer IS NULL AND idempotency_keys.claimed_until <= $8)",
            )
            .bind(claim.id.as_str())
            .bind(workspace)
            .bind(environment)
            .bind(&claim.key)
            .bind(claim.request.as_bytes())
            .bind(millis(claim.claimed_until))
            .bind(millis(claim.expires_at))
            .bind(millis(now))
            .execute(&self.pool)
            .await?;
            if claimed.rows_affected() == 1 {
                return Ok(Claimed::Mine);
            }
            let row = sqlx::query(concat!(
                "SELECT ",
                columns!(idempotency_keys),
                " FROM idempotency_keys WHERE workspace_id = $1 AND environment = $2 AND key = $3"
            ))
            .bind(workspace)
            .bind(environment)
            .bind(&claim.key)
            .fetch_optional(&self.pool)
            .await?;
            // Given up in between: then it can be had.
            let Some(row) = row else { continue };
            let columns = Columns {
                row: &row,
                table: "idempotency_keys",
            };
            if columns.digest("request_digest")? != claim.request {
                return Ok(Claimed::OtherRequest);
            }
            return Ok(match columns.optional("sealed_answer")? {
                Some(sealed) => Claimed::Answered(columns.text("id")?, sealed),
                None => Claimed::UnderWay(columns.time("claimed_until")?),
            });
        }
    }

    async fn keep_answer(&self, id: &IdempotencyId, sealed: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE idempotency_keys SET sealed_answer = $1 WHERE id = $2")
            .bind(sealed)
            .bind(id.as_str())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn release_request(&self, id: &IdempotencyId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM idempotency_keys WHERE id = $1 AND sealed_answer IS NULL")
            .bind(id.as_str())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn remove_answers(&self, now: OffsetDateTime) -> Result<u64, StoreError> {
        let removed = sqlx::query("DELETE FROM idempotency_keys WHERE expires_at <= $1")
            .bind(millis(now))
            .execute(&self.pool)
            .await?;
        Ok(removed.rows_affected())
    }
}
