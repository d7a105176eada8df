//! Connections and their sealed credentials.

use super::SqlStore;
use super::read::{Columns, json, millis, name, owner};
use super::settle::add_event;
use crate::domain::business::Business;
use crate::domain::connection::{Connection, Standing};
use crate::domain::id::{BusinessId, ConnectionId};
use crate::domain::tenant::Tenant;
use crate::store::{
    ConnectionFilter, ConnectionStore, Event, Hold, NewConnection, Page, Saved, SealedCredentials,
    StoreError, StoredCredentials,
};
use async_trait::async_trait;
use railhead_protocol::{Account, BusinessName, ConnectionStatus, DisconnectReason};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use time::OffsetDateTime;

/// What a connection is read from; a condition follows.
macro_rules! select {
    ($condition:literal) => {
        select!(
            concat!(columns!(connections), ", businesses.name AS business_name"),
            $condition
        )
    };
    ($columns:expr, $condition:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM connections
             JOIN businesses ON businesses.id = connections.business_id
             WHERE connections.workspace_id = $1 AND connections.environment = $2 AND ",
            $condition
        )
    };
}

#[async_trait]
impl ConnectionStore for SqlStore {
    async fn connection(
        &self,
        tenant: &Tenant,
        id: &ConnectionId,
    ) -> Result<Option<Connection>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let row = sqlx::query(select!("connections.id = $3"))
            .bind(workspace)
            .bind(environment)
            .bind(id.as_str())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(connection).transpose()
    }

    async fn connections_of(
        &self,
        tenant: &Tenant,
        business: &BusinessId,
    ) -> Result<Vec<Connection>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let rows = sqlx::query(select!(
            "connections.business_id = $3 ORDER BY connections.created_at DESC, connections.id DESC"
        ))
        .bind(workspace)
        .bind(environment)
        .bind(business.as_str())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(connection).collect()
    }

    async fn connections(
        &self,
        tenant: &Tenant,
        filter: &ConnectionFilter,
        page: &Page,
    ) -> Result<Vec<Connection>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let (at, id) = page.after.clone().unzip();
        let (status, now) = filter
            .status
            .map(|(status, now)| (name(&status), millis(now)))
            .unzip();
        // An active connection whose authorization ran out has expired, whether or not that is written down yet.
        let rows = sqlx::query(select!(
            "($3 IS NULL OR connections.business_id = $3) AND ($4 IS NULL OR businesses.name = $4)
             AND ($5 IS NULL OR connections.service_name = $5)
             AND ($6 IS NULL OR $6 = CASE WHEN connections.status = 'active' AND connections.expires_at <= $7
                 THEN 'expired' ELSE connections.status END)
             AND ($8 IS NULL OR (connections.created_at, connections.id) < ($8, $9))
             ORDER BY connections.created_at DESC, connections.id DESC LIMIT $10"
        ))
        .bind(workspace)
        .bind(environment)
        .bind(filter.business.as_ref().map(BusinessId::as_str))
        .bind(filter.business_name.as_ref().map(BusinessName::as_str))
        .bind(filter.service_name.as_deref())
        .bind(status)
        .bind(now)
        .bind(at)
        .bind(id)
        .bind(i64::from(page.limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(connection).collect()
    }

    async fn credentials(
        &self,
        tenant: &Tenant,
        id: &ConnectionId,
    ) -> Result<Option<StoredCredentials>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let row = sqlx::query(select!(
            "sealed_credentials, credentials_version, fields, refresh_failures, refresh_held_until, refresh_failure_code",
            "connections.id = $3 AND sealed_credentials IS NOT NULL"
        ))
        .bind(workspace)
        .bind(environment)
        .bind(id.as_str())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            let columns = Columns {
                row: &row,
                table: "connections",
            };
            let sealed = columns.text("sealed_credentials")?;
            let version = columns.number("credentials_version")?;
            let credentials = SealedCredentials { sealed, version };
            Ok(StoredCredentials {
                credentials,
                fields: columns.json("fields")?,
                failures: columns.number("refresh_failures")?,
                hold: hold(&columns)?,
            })
        })
        .transpose()
    }

    async fn credentials_version(
        &self,
        tenant: &Tenant,
        id: &ConnectionId,
    ) -> Result<u32, StoreError> {
        let (workspace, environment) = owner(tenant);
        let row = sqlx::query(select!("credentials_version", "connections.id = $3"))
            .bind(workspace)
            .bind(environment)
            .bind(id.as_str())
            .fetch_optional(&self.pool)
            .await?;
        let table = "connections";
        row.map_or(Ok(0), |row| {
            Columns { row: &row, table }.number("credentials_version")
        })
    }

    async fn replace_credentials(
        &self,
        id: &ConnectionId,
        sealed: &SealedCredentials,
        renew_at: Option<OffsetDateTime>,
        event: &Event,
    ) -> Result<Saved, StoreError> {
        let mut transaction = self.begin().await?;
        let replaced = sqlx::query(
            "UPDATE connections SET sealed_credentials = $1, credentials_version = $2, next_refresh_at = $5,
                 refresh_claimed_until = NULL, refresh_failures = 0, refresh_held_until = NULL,
                 refresh_failure_code = NULL
             WHERE id = $3 AND credentials_version = $4 AND status = 'active'",
        )
        .bind(&sealed.sealed)
        .bind(i64::from(sealed.version))
        .bind(id.as_str())
        .bind(i64::from(sealed.version.saturating_sub(1)))
        .bind(renew_at.map(millis))
        .execute(&mut *transaction)
        .await?;
        if replaced.rows_affected() == 0 {
            return Ok(Saved::Conflict);
        }
        add_event(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(Saved::Done)
    }

    async fn save_invalid(
        &self,
        connection: &Connection,
        version: u32,
        event: &Event,
        deactivated: &Business,
        business_event: &Event,
    ) -> Result<Saved, StoreError> {
        let mut transaction = self.begin().await?;
        self.lock_business(&mut transaction, &deactivated.id)
            .await?;
        let saved = sqlx::query(
            "UPDATE connections SET status = $1, disconnect_reason = $2, ended_at = $5
             WHERE id = $3 AND credentials_version = $4 AND status = 'active'",
        )
        .bind(name(&connection.standing.status()))
        .bind(connection.standing.reason().as_ref().map(name))
        .bind(connection.id.as_str())
        .bind(i64::from(version))
        .bind(millis(event.at))
        .execute(&mut *transaction)
        .await?;
        if saved.rows_affected() == 0 {
            return Ok(Saved::Conflict);
        }
        add_event(&mut transaction, event).await?;
        let ended = sqlx::query(
            "UPDATE businesses SET status = $2 WHERE id = $1 AND status <> $2 AND NOT EXISTS
                 (SELECT 1 FROM connections WHERE business_id = $1 AND status = 'active')",
        )
        .bind(deactivated.id.as_str())
        .bind(name(&deactivated.status))
        .execute(&mut *transaction)
        .await?;
        if ended.rows_affected() == 1 {
            add_event(&mut transaction, business_event).await?;
        }
        transaction.commit().await?;
        Ok(Saved::Done)
    }
}

/// Writes a connection and its credentials: a new one, or over the one with the same id, unless the credentials of that
/// one have changed since they were read.
pub(super) async fn upsert(
    database: &mut AnyConnection,
    new: &NewConnection,
) -> Result<Saved, sqlx::Error> {
    let NewConnection {
        connection,
        credentials,
        fields,
        renew_at,
    } = new;
    let (workspace, environment) = owner(&connection.tenant);
    let account = connection.standing.account();
    let written = sqlx::query(
        "INSERT INTO connections (id, workspace_id, environment, business_id, service_name, status, account_id,
             account_name, disconnect_reason, fields, created_at, authorized_at, expires_at, sealed_credentials,
             credentials_version, next_refresh_at, next_notice_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, account_id = excluded.account_id,
             account_name = excluded.account_name, disconnect_reason = excluded.disconnect_reason,
             revocation = NULL, fields = excluded.fields, authorized_at = excluded.authorized_at, expires_at = excluded.expires_at,
             sealed_credentials = excluded.sealed_credentials, credentials_version = excluded.credentials_version,
             next_refresh_at = excluded.next_refresh_at, refresh_claimed_until = NULL, refresh_failures = 0,
             refresh_held_until = NULL, refresh_failure_code = NULL, next_notice_at = excluded.next_notice_at,
             ended_at = NULL
         WHERE connections.credentials_version = excluded.credentials_version - 1",
    )
    .bind(connection.id.as_str())
    .bind(workspace)
    .bind(environment)
    .bind(connection.business.as_str())
    .bind(&connection.service_name)
    .bind(name(&connection.standing.status()))
    .bind(account.map(|account| account.account_id.as_str()))
    .bind(account.map(|account| account.name.as_str()))
    .bind(connection.standing.reason().as_ref().map(name))
    .bind(json(fields))
    .bind(millis(connection.created_at))
    .bind(millis(connection.authorized_at))
    .bind(millis(connection.expires_at))
    .bind(&credentials.sealed)
    .bind(i64::from(credentials.version))
    .bind(renew_at.map(millis))
    .bind(connection.notice_after(connection.authorized_at).map(millis))
    .execute(database)
    .await?;
    Ok(if written.rows_affected() == 1 {
        Saved::Done
    } else {
        Saved::Conflict
    })
}

fn hold(columns: &Columns<'_>) -> Result<Option<Hold>, StoreError> {
    let until = columns.optional_time("refresh_held_until")?;
    let code = columns.optional_named("refresh_failure_code")?;
    Ok(until.zip(code).map(|(until, code)| Hold { until, code }))
}

pub(super) fn connection(row: &AnyRow) -> Result<Connection, StoreError> {
    let columns = Columns {
        row,
        table: "connections",
    };
    Ok(Connection {
        id: columns.text("id")?,
        tenant: columns.tenant()?,
        business: columns.text("business_id")?,
        business_name: columns.text("business_name")?,
        service_name: columns.text("service_name")?,
        standing: standing(&columns)?,
        created_at: columns.time("created_at")?,
        authorized_at: columns.time("authorized_at")?,
        expires_at: columns.time("expires_at")?,
    })
}

fn standing(columns: &Columns<'_>) -> Result<Standing, StoreError> {
    let account = || {
        let account_id = columns.optional("account_id")?;
        let account_id = account_id.ok_or_else(|| columns.unreadable("account_id"))?;
        Ok::<_, StoreError>(Account {
            account_id,
            name: columns.text("account_name")?,
        })
    };
    let reason = || columns.named::<DisconnectReason>("disconnect_reason");
    Ok(match columns.named("status")? {
        ConnectionStatus::Pending => Standing::Pending,
        ConnectionStatus::Active => Standing::Active(account()?),
        ConnectionStatus::Disconnected => Standing::Disconnected(account()?, reason()?),
        ConnectionStatus::Expired => Standing::Expired(account()?),
        ConnectionStatus::Invalid => Standing::Invalid(account()?, reason()?),
        ConnectionStatus::Superseded => Standing::Superseded(account()?),
    })
}
