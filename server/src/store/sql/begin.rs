//! An authorization begins, where its session has room for another one.

use super::authorizations::{Handover, PhaseColumns};
use super::read::{Columns, json, millis, owner};
use super::{SqlStore, is_orphaned};
use crate::domain::authorization::Authorization;
use crate::domain::id::ConnectionId;
use crate::store::{Added, StoreError};

impl SqlStore {
    /// Counts and adds while nobody else does for this session: it belongs to one business.
    pub(super) async fn add_where_there_is_room(
        &self,
        authorization: &Authorization,
        most: usize,
    ) -> Result<Added, StoreError> {
        let mut transaction = self.begin().await?;
        self.lock_business(&mut transaction, &authorization.business)
            .await?;
        let open = sqlx::query(
            "SELECT expires_at FROM authorizations WHERE session_id = $1 AND expires_at > $2
             AND phase IN ('pending', 'accepted', 'authorized', 'choosing') ORDER BY expires_at",
        )
        .bind(authorization.session.as_str())
        .bind(millis(authorization.created_at))
        .fetch_all(&mut *transaction)
        .await?;
        if let Some(row) = open.first()
            && open.len() >= most
        {
            let table = "authorizations";
            return Ok(Added::Full(Columns { row, table }.time("expires_at")?));
        }
        let (workspace, environment) = owner(&authorization.tenant);
        let handoff = Handover::of(&authorization.handoff);
        let phase = PhaseColumns::of(&authorization.phase);
        let added = sqlx::query(
            "INSERT INTO authorizations (id, workspace_id, environment, session_id, widget_id, business_id,
                 service_name, fields, reauthorizes, nonce_digest, nonce_used, phase, failure_code, version, revision,
                 created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        )
        .bind(authorization.id.as_str())
        .bind(workspace)
        .bind(environment)
        .bind(authorization.session.as_str())
        .bind(authorization.widget.as_str())
        .bind(authorization.business.as_str())
        .bind(&authorization.service_name)
        .bind(json(&authorization.fields))
        .bind(authorization.reauthorizes.as_ref().map(ConnectionId::as_str))
        .bind(handoff.nonce.as_bytes())
        .bind(i64::from(handoff.used))
        .bind(phase.name)
        .bind(phase.failure_code)
        .bind(i64::from(authorization.version))
        .bind(i64::from(authorization.revision))
        .bind(millis(authorization.created_at))
        .bind(millis(authorization.expires_at))
        .execute(&mut *transaction)
        .await;
        match added {
            Ok(_) => {}
            Err(error) if is_orphaned(&error) => return Ok(Added::Gone),
            Err(error) => return Err(error.into()),
        }
        transaction.commit().await?;
        Ok(Added::Done)
    }
}
