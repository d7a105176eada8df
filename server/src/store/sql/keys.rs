//! API keys.

use super::SqlStore;
use super::read::{Columns, json, millis, owner};
use crate::domain::api_key::{ApiKey, Scopes};
use crate::domain::id::ApiKeyId;
use crate::domain::tenant::Tenant;
use crate::secret::Digest;
use crate::store::{KeyStore, Page, StoreError};
use async_trait::async_trait;
use sqlx::any::AnyRow;
use time::OffsetDateTime;

#[async_trait]
impl KeyStore for SqlStore {
    async fn add_api_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let (workspace, environment) = owner(&key.tenant);
        let scopes = match &key.scopes {
            Scopes::All => None,
            Scopes::Only(scopes) => Some(json(scopes)),
        };
        sqlx::query(
            "INSERT INTO api_keys (id, workspace_id, environment, digest, name, scopes, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(key.id.as_str())
        .bind(workspace)
        .bind(environment)
        .bind(key.digest.as_bytes())
        .bind(&key.name)
        .bind(scopes)
        .bind(millis(key.created_at))
        .bind(key.expires_at.map(millis))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn api_key(&self, digest: Digest) -> Result<Option<ApiKey>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            columns!(api_keys),
            " FROM api_keys WHERE digest = $1"
        ))
        .bind(digest.as_bytes())
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(api_key).transpose()
    }

    async fn api_keys(&self, tenant: &Tenant, page: &Page) -> Result<Vec<ApiKey>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let (at, id) = page.after.clone().unzip();
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(api_keys),
            " FROM api_keys WHERE workspace_id = $1 AND environment = $2
             AND ($3 IS NULL OR (created_at, id) < ($3, $4))
             ORDER BY created_at DESC, id DESC LIMIT $5"
        ))
        .bind(workspace)
        .bind(environment)
        .bind(at)
        .bind(id)
        .bind(i64::from(page.limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(api_key).collect()
    }

    async fn all_api_keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(api_keys),
            " FROM api_keys ORDER BY created_at, id"
        ))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(api_key).collect()
    }

    async fn save_use(&self, id: &ApiKeyId, now: OffsetDateTime) -> Result<(), StoreError> {
        sqlx::query("UPDATE api_keys SET last_used_at = $1 WHERE id = $2")
            .bind(millis(now))
            .bind(id.as_str())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn revoke_api_key(
        &self,
        tenant: Option<&Tenant>,
        id: &ApiKeyId,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let (workspace, environment) = tenant.map(owner).unzip();
        let revoked = sqlx::query(
            "UPDATE api_keys SET revoked_at = coalesce(revoked_at, $1) WHERE id = $2
             AND ($3 IS NULL OR (workspace_id = $3 AND environment = $4))",
        )
        .bind(millis(now))
        .bind(id.as_str())
        .bind(workspace)
        .bind(environment)
        .execute(&self.pool)
        .await?;
        Ok(revoked.rows_affected() == 1)
    }
}

fn api_key(row: &AnyRow) -> Result<ApiKey, StoreError> {
    let columns = Columns {
        row,
        table: "api_keys",
    };
    let scopes = match columns.optional::<String>("scopes")? {
        None => Scopes::All,
        Some(_) => Scopes::Only(columns.json("scopes")?),
    };
    Ok(ApiKey {
        id: columns.text("id")?,
        tenant: columns.tenant()?,
        digest: columns.digest("digest")?,
        name: columns.text("name")?,
        scopes,
        created_at: columns.time("created_at")?,
        expires_at: columns.optional_time("expires_at")?,
        revoked_at: columns.optional_time("revoked_at")?,
        last_used_at: columns.optional_time("last_used_at")?,
    })
}
