//! Sessions that companies' servers ask for, and the links to the hosted page that come with them.

use super::SqlStore;
use super::read::{Columns, millis, owner};
use super::sessions::insert;
use crate::domain::id::SessionId;
use crate::domain::session::Session;
use crate::domain::tenant::Tenant;
use crate::secret::Digest;
use crate::store::{LinkStore, Saved, SessionLink, StoreError};
use async_trait::async_trait;
use time::OffsetDateTime;

#[async_trait]
impl LinkStore for SqlStore {
    async fn add_minted_session(
        &self,
        session: &Session,
        digest: Digest,
        link: Digest,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        insert(&mut transaction, session, digest).await?;
        sqlx::query("INSERT INTO session_links (digest, session_id) VALUES ($1, $2)")
            .bind(link.as_bytes())
            .bind(session.id.as_str())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn session_link(&self, link: Digest) -> Result<Option<SessionLink>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            columns!(session_links),
            " FROM session_links WHERE digest = $1"
        ))
        .bind(link.as_bytes())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let columns = Columns {
            row: &row,
            table: "session_links",
        };
        // The index compared the digests byte by byte; this comparison is the one that counts.
        if columns.digest("digest")? != link {
            return Ok(None);
        }
        Ok(Some(SessionLink {
            session: columns.text("session_id")?,
            cookie: columns.optional_digest("cookie_digest")?,
        }))
    }

    async fn open_link(
        &self,
        link: Digest,
        cookie: Digest,
        opened: &Session,
        digest: Digest,
    ) -> Result<Saved, StoreError> {
        let mut transaction = self.begin().await?;
        let kept = sqlx::query(
            "UPDATE session_links SET cookie_digest = $1 WHERE digest = $2 AND cookie_digest IS NULL",
        )
        .bind(cookie.as_bytes())
        .bind(link.as_bytes())
        .execute(&mut *transaction)
        .await?;
        if kept.rows_affected() == 0 {
            return Ok(Saved::Conflict);
        }
        insert(&mut transaction, opened, digest).await?;
        let minted_from = opened.minted_from.as_ref().map(SessionId::as_str);
        // Changes nothing, but has whoever ends that session wait, and then find this one.
        sqlx::query("UPDATE sessions SET expires_at = expires_at WHERE id = $1")
            .bind(minted_from)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "UPDATE sessions SET expires_at = (SELECT expires_at FROM sessions WHERE id = $2) WHERE id = $1",
        )
        .bind(opened.id.as_str())
        .bind(minted_from)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Saved::Done)
    }

    async fn end_session(
        &self,
        tenant: &Tenant,
        id: &SessionId,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let (workspace, environment) = owner(tenant);
        let mut transaction = self.begin().await?;
        // One after the other: what was opened with the link before this one is seen by the second.
        let mut found = false;
        for statement in [
            "UPDATE sessions SET expires_at = CASE WHEN expires_at > $1 THEN $1 ELSE expires_at END
             WHERE id = $2 AND workspace_id = $3 AND environment = $4",
            "UPDATE sessions SET expires_at = CASE WHEN expires_at > $1 THEN $1 ELSE expires_at END
             WHERE minted_from = $2 AND workspace_id = $3 AND environment = $4",
        ] {
            let ended = sqlx::query(statement)
                .bind(millis(now))
                .bind(id.as_str())
                .bind(workspace)
                .bind(environment)
                .execute(&mut *transaction)
                .await?;
            found |= ended.rows_affected() > 0;
        }
        transaction.commit().await?;
        Ok(found)
    }
}
