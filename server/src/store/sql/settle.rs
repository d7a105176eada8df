//! Writes that touch an authorization, its connection, its business and the audit trail together.

use super::authorizations::update;
use super::connections::upsert;
pub(super) use super::events::add_event;
use super::read::{millis, name};
use super::{SqlStore, is_orphaned, is_taken};
use crate::domain::authorization::Authorization;
use crate::domain::id::AuthorizationId;
use crate::secret::Digest;
use crate::store::{AuthorizationStore as _, Claim, NewConnection, Saved, StoreError, Success};
use sqlx::AssertSqlSafe;
use time::OffsetDateTime;

impl SqlStore {
    /// See [`crate::store::AuthorizationStore::claim_code`].
    pub(super) async fn accept_claimed(
        &self,
        id: &AuthorizationId,
        value: Digest,
        claim: Claim<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Authorization>, StoreError> {
        let accepted = sqlx::query(AssertSqlSafe(format!(
            "UPDATE authorizations SET phase = 'accepted', revision = revision + 1, claimed_by = $1,
                 claimed_until = {} + $2
             WHERE id = $3 AND claim_digest = $4 AND phase = 'pending' AND sealed_code IS NOT NULL AND expires_at > $5",
            self.dialect.clock()
        )))
        .bind(claim.server.as_str())
        .bind(i64::try_from(claim.lasting.as_millis()).unwrap_or(i64::MAX))
        .bind(id.as_str())
        .bind(value.as_bytes())
        .bind(millis(now))
        .execute(&self.pool)
        .await?;
        if accepted.rows_affected() == 1 {
            self.authorization(id).await
        } else {
            Ok(None)
        }
    }

    pub(super) async fn write_authorized(
        &self,
        authorization: &Authorization,
        pending: &NewConnection,
    ) -> Result<Saved, StoreError> {
        let mut transaction = self.begin().await?;
        match upsert(&mut transaction, pending).await {
            Ok(saved) => debug_assert_eq!(saved, Saved::Done, "its id is new"),
            Err(error) if is_orphaned(&error) => return Ok(Saved::Conflict),
            Err(error) => return Err(error.into()),
        }
        let saved = update(&mut transaction, authorization).await?;
        if saved == Saved::Done {
            transaction.commit().await?;
        }
        Ok(saved)
    }

    pub(super) async fn write_success(&self, success: &Success) -> Result<Saved, StoreError> {
        let mut transaction = self.begin().await?;
        self.lock_business(&mut transaction, &success.business.id)
            .await?;
        match upsert(&mut transaction, &success.connection).await {
            Ok(Saved::Done) => {}
            Ok(Saved::Conflict) => return Ok(Saved::Conflict),
            Err(error) if is_taken(&error) || is_orphaned(&error) => return Ok(Saved::Conflict),
            Err(error) => return Err(error.into()),
        }
        // Before the authorization: whoever ends one otherwise removes its pending connection first as well.
        if let Some(discard) = &success.discard {
            sqlx::query("DELETE FROM connections WHERE id = $1 AND status = 'pending'")
                .bind(discard.as_str())
                .execute(&mut *transaction)
                .await?;
        }
        if update(&mut transaction, &success.authorization).await? == Saved::Conflict {
            return Ok(Saved::Conflict);
        }
        add_event(&mut transaction, &success.event).await?;
        let activated =
            sqlx::query("UPDATE businesses SET status = $1 WHERE id = $2 AND status <> $1")
                .bind(name(&success.business.status))
                .bind(success.business.id.as_str())
                .execute(&mut *transaction)
                .await?;
        if activated.rows_affected() == 1 {
            add_event(&mut transaction, &success.activated).await?;
        }
        transaction.commit().await?;
        Ok(Saved::Done)
    }
}
