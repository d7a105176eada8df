//! Sessions.

use super::SqlStore;
use super::read::{Columns, json, millis, owner};
use crate::domain::id::SessionId;
use crate::domain::session::Session;
use crate::domain::widget::Origin;
use crate::secret::Digest;
use crate::store::{Saved, SessionStore, StoreError};
use async_trait::async_trait;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use time::OffsetDateTime;

#[async_trait]
impl SessionStore for SqlStore {
    async fn add_session(&self, session: &Session, digest: Digest) -> Result<Saved, StoreError> {
        self.beginnings.add(session, digest).await
    }

    async fn session(&self, digest: Digest) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            columns!(sessions),
            " FROM sessions WHERE digest = $1"
        ))
        .bind(digest.as_bytes())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let found = Columns {
            row: &row,
            table: "sessions",
        }
        .digest("digest")?;
        // The index compared the digests byte by byte; this comparison is the one that counts.
        if found == digest {
            session(&row).map(Some)
        } else {
            Ok(None)
        }
    }

    async fn session_by_id(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            columns!(sessions),
            " FROM sessions WHERE id = $1"
        ))
        .bind(id.as_str())
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(session).transpose()
    }

    async fn set_session_locale(&self, id: &SessionId, locale: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE sessions SET locale = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(locale)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn remove_sessions(&self, before: OffsetDateTime) -> Result<u64, StoreError> {
        let removed = sqlx::query(
            "DELETE FROM sessions WHERE expires_at < $1
             AND NOT EXISTS (SELECT 1 FROM authorizations WHERE session_id = sessions.id
                 AND phase IN ('pending', 'accepted', 'authorized', 'choosing'))",
        )
        .bind(millis(before))
        .execute(&self.pool)
        .await?;
        Ok(removed.rows_affected())
    }
}

/// Writes a session.
pub(super) async fn insert(
    database: &mut AnyConnection,
    session: &Session,
    digest: Digest,
) -> Result<(), sqlx::Error> {
    let (workspace, environment) = owner(&session.tenant);
    sqlx::query(
        "INSERT INTO sessions (id, digest, workspace_id, environment, widget_id, business_id, origin, created_at,
             expires_at, metadata, locale, minted, minted_from)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(session.id.as_str())
    .bind(digest.as_bytes())
    .bind(workspace)
    .bind(environment)
    .bind(session.widget.as_str())
    .bind(session.business.as_str())
    .bind(session.origin.as_str())
    .bind(millis(session.created_at))
    .bind(millis(session.expires_at))
    .bind(json(&session.metadata))
    .bind(session.locale.as_deref())
    .bind(i64::from(session.minted))
    .bind(session.minted_from.as_ref().map(SessionId::as_str))
    .execute(database)
    .await?;
    Ok(())
}

fn session(row: &AnyRow) -> Result<Session, StoreError> {
    let columns = Columns {
        row,
        table: "sessions",
    };
    let origin: String = columns.text("origin")?;
    Ok(Session {
        id: columns.text("id")?,
        tenant: columns.tenant()?,
        widget: columns.text("widget_id")?,
        business: columns.text("business_id")?,
        origin: Origin::parse(&origin).ok_or_else(|| columns.unreadable("origin"))?,
        created_at: columns.time("created_at")?,
        expires_at: columns.time("expires_at")?,
        metadata: columns.json("metadata")?,
        locale: columns.optional("locale")?,
        minted: columns.flag("minted")?,
        minted_from: columns.optional("minted_from")?,
    })
}
