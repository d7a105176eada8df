//! Notices and ends of connections: each a change that only one of several servers can make.

use super::SqlStore;
use super::connections::connection;
use super::read::{millis, name};
use super::settle::add_event;
use crate::domain::business::Business;
use crate::domain::connection::Connection;
use crate::store::{EndStore, Event, Saved, StoreError};
use async_trait::async_trait;
use time::OffsetDateTime;

/// What a connection of any tenant is read from; a condition follows.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!(connections),
            ", businesses.name AS business_name FROM connections
             JOIN businesses ON businesses.id = connections.business_id
             WHERE connections.status = 'active' AND ",
            $condition
        )
    };
}

#[async_trait]
impl EndStore for SqlStore {
    async fn due_notices(
        &self,
        now: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Connection>, StoreError> {
        let rows = sqlx::query(select!(
            "connections.next_notice_at <= $1 AND connections.expires_at > $1
             ORDER BY connections.next_notice_at LIMIT $2"
        ))
        .bind(millis(now))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(connection).collect()
    }

    async fn save_notice(
        &self,
        connection: &Connection,
        now: OffsetDateTime,
        event: &Event,
    ) -> Result<Saved, StoreError> {
        let mut transaction = self.begin().await?;
        let given = sqlx::query(
            "UPDATE connections SET next_notice_at = $1
             WHERE id = $2 AND status = 'active' AND expires_at = $3 AND next_notice_at <= $4",
        )
        .bind(connection.notice_after(now).map(millis))
        .bind(connection.id.as_str())
        .bind(millis(connection.expires_at))
        .bind(millis(now))
        .execute(&mut *transaction)
        .await?;
        if given.rows_affected() == 0 {
            return Ok(Saved::Conflict);
        }
        add_event(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(Saved::Done)
    }

    async fn due_ends(
        &self,
        now: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Connection>, StoreError> {
        let rows = sqlx::query(select!(
            "connections.expires_at <= $1 ORDER BY connections.expires_at LIMIT $2"
        ))
        .bind(millis(now))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(connection).collect()
    }

    async fn save_expired(
        &self,
        connection: &Connection,
        event: &Event,
        deactivated: &Business,
        business_event: &Event,
    ) -> Result<Saved, StoreError> {
        let mut transaction = self.begin().await?;
        self.lock_business(&mut transaction, &deactivated.id)
            .await?;
        let expired = sqlx::query(
            "UPDATE connections SET status = $1, ended_at = expires_at, refresh_claimed_until = NULL
             WHERE id = $2 AND status = 'active' AND expires_at = $3",
        )
        .bind(name(&connection.standing.status()))
        .bind(connection.id.as_str())
        .bind(millis(connection.expires_at))
        .execute(&mut *transaction)
        .await?;
        if expired.rows_affected() == 0 {
            return Ok(Saved::Conflict);
        }
        add_event(&mut transaction, event).await?;
        // Another one that has run out, but is not written down yet, does not keep the business active.
        let ended = sqlx::query(
            "UPDATE businesses SET status = $2 WHERE id = $1 AND status <> $2 AND NOT EXISTS
                 (SELECT 1 FROM connections WHERE business_id = $1 AND status = 'active' AND expires_at > $3)",
        )
        .bind(deactivated.id.as_str())
        .bind(name(&deactivated.status))
        .bind(millis(event.at))
        .execute(&mut *transaction)
        .await?;
        if ended.rows_affected() == 1 {
            add_event(&mut transaction, business_event).await?;
        }
        transaction.commit().await?;
        Ok(Saved::Done)
    }

    async fn wipe_credentials(&self, before: OffsetDateTime) -> Result<u64, StoreError> {
        let wiped = sqlx::query(
            "UPDATE connections SET sealed_credentials = NULL
             WHERE status IN ('disconnected', 'expired', 'invalid', 'superseded') AND sealed_credentials IS NOT NULL
                 AND coalesce(ended_at, expires_at) <= $1",
        )
        .bind(millis(before))
        .execute(&self.pool)
        .await?;
        Ok(wiped.rows_affected())
    }
}
