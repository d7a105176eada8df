//! Writes that touch an authorization, its connection, its business and the audit trail together.

use super::authorizations::update;
use super::connections::upsert;
use super::read::{millis, name, owner};
use super::{SqlStore, is_orphaned, is_taken};
use crate::domain::authorization::Authorization;
use crate::domain::id::{AuthorizationId, ConnectionId};
use crate::store::{Event, NewConnection, Saved, StoreError, Success};
use sqlx::AnyConnection;

impl SqlStore {
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
        sqlx::query("UPDATE businesses SET status = $1 WHERE id = $2")
            .bind(name(&success.business.status))
            .bind(success.business.id.as_str())
            .execute(&mut *transaction)
            .await?;
        add_event(&mut transaction, &success.event).await?;
        transaction.commit().await?;
        Ok(Saved::Done)
    }
}

/// Adds to the audit trail.
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
    .bind(event.business.as_str())
    .bind(event.connection.as_ref().map(ConnectionId::as_str))
    .bind(event.authorization.as_ref().map(AuthorizationId::as_str))
    .bind(&event.data)
    .execute(database)
    .await?;
    Ok(())
}
