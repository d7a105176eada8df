//! Businesses.

use super::read::{Columns, millis, name, owner};
use super::settle::add_event;
use super::{SqlStore, is_taken};
use crate::domain::business::Business;
use crate::domain::id::BusinessId;
use crate::domain::tenant::Tenant;
use crate::store::{BusinessFilter, BusinessStore, Event, Page, Saved, StoreError, Tell};
use async_trait::async_trait;
use railhead_protocol::BusinessName;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use time::OffsetDateTime;

/// What a business is read from; a condition follows.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!(businesses),
            ", (SELECT max(expires_at) FROM connections WHERE business_id = businesses.id
             AND connections.status = 'active') AS connected_until FROM businesses WHERE ",
            $condition
        )
    };
}

#[async_trait]
impl BusinessStore for SqlStore {
    async fn add_business(&self, business: &Business, event: &Event) -> Result<Saved, StoreError> {
        let (workspace, environment) = owner(&business.tenant);
        let mut transaction = self.begin().await?;
        let added = sqlx::query(
            "INSERT INTO businesses (id, workspace_id, environment, name, status, created_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, environment, name) DO NOTHING",
        )
        .bind(business.id.as_str())
        .bind(workspace)
        .bind(environment)
        .bind(business.name.as_str())
        .bind(name(&business.status))
        .bind(millis(business.created_at))
        .execute(&mut *transaction)
        .await?;
        if added.rows_affected() == 0 {
            return Ok(Saved::Conflict);
        }
        add_event(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(Saved::Done)
    }

    async fn rename_business(
        &self,
        business: &Business,
        event: &Event,
    ) -> Result<Saved, StoreError> {
        let (workspace, environment) = owner(&business.tenant);
        let mut transaction = self.begin().await?;
        let renamed = sqlx::query(
            "UPDATE businesses SET name = $1 WHERE id = $2 AND workspace_id = $3 AND environment = $4",
        )
        .bind(business.name.as_str())
        .bind(business.id.as_str())
        .bind(workspace)
        .bind(environment)
        .execute(&mut *transaction)
        .await;
        match renamed {
            Ok(renamed) if renamed.rows_affected() == 1 => {
                add_event(&mut transaction, event).await?;
                transaction.commit().await?;
                Ok(Saved::Done)
            }
            // It was removed meanwhile; whoever reads it again finds out.
            Ok(_) => Ok(Saved::Done),
            Err(error) if is_taken(&error) => Ok(Saved::Conflict),
            Err(error) => Err(error.into()),
        }
    }

    async fn business(
        &self,
        tenant: &Tenant,
        id: &BusinessId,
    ) -> Result<Option<Business>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let row = sqlx::query(select!(
            "id = $1 AND workspace_id = $2 AND environment = $3"
        ))
        .bind(id.as_str())
        .bind(workspace)
        .bind(environment)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(business).transpose()
    }

    async fn business_by_name(
        &self,
        tenant: &Tenant,
        name: &BusinessName,
    ) -> Result<Option<Business>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let row = sqlx::query(select!(
            "name = $1 AND workspace_id = $2 AND environment = $3"
        ))
        .bind(name.as_str())
        .bind(workspace)
        .bind(environment)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(business).transpose()
    }

    async fn businesses(
        &self,
        tenant: &Tenant,
        filter: &BusinessFilter,
        page: &Page,
    ) -> Result<Vec<Business>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let (at, id) = page.after.clone().unzip();
        let (status, now) = filter
            .status
            .map(|(status, now)| (name(&status), millis(now)))
            .unzip();
        // One whose last active connection has run out is inactive, whether or not that is written down yet.
        let rows = sqlx::query(select!(
            "workspace_id = $1 AND environment = $2
             AND ($3 IS NULL OR $3 = CASE WHEN status = 'active' AND NOT EXISTS
                 (SELECT 1 FROM connections WHERE business_id = businesses.id AND connections.status = 'active'
                  AND connections.expires_at > $4) THEN 'inactive' ELSE status END)
             AND ($5 IS NULL OR substr(name, 1, length($5)) = $5)
             AND ($6 IS NULL OR (created_at, id) < ($6, $7))
             ORDER BY created_at DESC, id DESC LIMIT $8"
        ))
        .bind(workspace)
        .bind(environment)
        .bind(status)
        .bind(now)
        .bind(filter.name_prefix.as_deref())
        .bind(at)
        .bind(id)
        .bind(i64::from(page.limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(business).collect()
    }

    async fn remove_orphans(
        &self,
        before: OffsetDateTime,
        now: OffsetDateTime,
        event: Tell<'_>,
    ) -> Result<Vec<BusinessId>, StoreError> {
        let mut transaction = self.begin().await?;
        let candidates = sqlx::query(AssertSqlSafe(format!(
            "SELECT id FROM businesses WHERE status = 'new' AND created_at < $1{}",
            self.dialect.skip_locked()
        )))
        .bind(millis(before))
        .fetch_all(&mut *transaction)
        .await?;
        let mut removed = Vec::new();
        for candidate in &candidates {
            let id: String = candidate.try_get("id")?;
            let row = sqlx::query(select!("id = $1"))
                .bind(&id)
                .fetch_one(&mut *transaction)
                .await?;
            let orphan = business(&row)?;
            // Locked by now: nobody begins an authorization for it any more.
            let deleted = sqlx::query(
                "DELETE FROM businesses WHERE id = $1
                 AND NOT EXISTS (SELECT 1 FROM connections WHERE business_id = $1)
                 AND NOT EXISTS (SELECT 1 FROM authorizations WHERE business_id = $1
                     AND (phase IN ('accepted', 'authorized', 'choosing') OR (phase = 'pending' AND expires_at > $2)))",
            )
            .bind(&id)
            .bind(millis(now))
            .execute(&mut *transaction)
            .await?;
            if deleted.rows_affected() == 1 {
                add_event(&mut transaction, &event(&orphan)).await?;
                removed.push(orphan.id);
            }
        }
        transaction.commit().await?;
        Ok(removed)
    }

    async fn deactivate_expired(
        &self,
        now: OffsetDateTime,
        event: Tell<'_>,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        let candidates = sqlx::query(AssertSqlSafe(format!(
            "SELECT id FROM businesses WHERE status = 'active' AND NOT EXISTS
                 (SELECT 1 FROM connections WHERE business_id = businesses.id AND status = 'active'
                  AND expires_at > $1){}",
            self.dialect.skip_locked()
        )))
        .bind(millis(now))
        .fetch_all(&mut *transaction)
        .await?;
        let mut count = 0;
        for candidate in &candidates {
            let id: String = candidate.try_get("id")?;
            // Asked again, now that nobody else changes it.
            let deactivated = sqlx::query(
                "UPDATE businesses SET status = 'inactive' WHERE id = $1 AND NOT EXISTS
                     (SELECT 1 FROM connections WHERE business_id = $1 AND status = 'active' AND expires_at > $2)",
            )
            .bind(&id)
            .bind(millis(now))
            .execute(&mut *transaction)
            .await?;
            if deactivated.rows_affected() == 1 {
                let row = sqlx::query(select!("id = $1"))
                    .bind(&id)
                    .fetch_one(&mut *transaction)
                    .await?;
                add_event(&mut transaction, &event(&business(&row)?)).await?;
                count += 1;
            }
        }
        transaction.commit().await?;
        Ok(count)
    }
}

fn business(row: &AnyRow) -> Result<Business, StoreError> {
    let columns = Columns {
        row,
        table: "businesses",
    };
    let name: String = columns.text("name")?;
    Ok(Business {
        id: columns.text("id")?,
        tenant: columns.tenant()?,
        name: BusinessName::parse(&name).map_err(|_| columns.unreadable("name"))?,
        status: columns.named("status")?,
        connected_until: columns.optional_time("connected_until")?,
        created_at: columns.time("created_at")?,
    })
}
