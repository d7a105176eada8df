//! The clients that tenants registered at services.

use super::SqlStore;
use super::read::{Columns, millis, owner};
use crate::domain::service_client::ServiceClient;
use crate::domain::tenant::Tenant;
use crate::store::{ClientStore, Saved, StoreError};
use async_trait::async_trait;
use sqlx::any::AnyRow;

/// What a client is read from; a condition follows.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!(service_clients),
            " FROM service_clients WHERE ",
            $condition
        )
    };
}

#[async_trait]
impl ClientStore for SqlStore {
    async fn service_clients(&self, tenant: &Tenant) -> Result<Vec<ServiceClient>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let rows = sqlx::query(select!("workspace_id = $1 AND environment = $2"))
            .bind(workspace)
            .bind(environment)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(client).collect()
    }

    async fn service_client(
        &self,
        tenant: &Tenant,
        service_name: &str,
    ) -> Result<Option<ServiceClient>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let row = sqlx::query(select!(
            "workspace_id = $1 AND environment = $2 AND service_name = $3"
        ))
        .bind(workspace)
        .bind(environment)
        .bind(service_name)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(client).transpose()
    }

    async fn save_service_client(&self, client: &ServiceClient) -> Result<Saved, StoreError> {
        let (workspace, environment) = owner(&client.tenant);
        let saved = sqlx::query(
            "INSERT INTO service_clients (id, workspace_id, environment, service_name, client_id, sealed_secret,
                 redirect_name, version, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (workspace_id, environment, service_name) DO UPDATE SET client_id = excluded.client_id,
                 sealed_secret = excluded.sealed_secret, redirect_name = excluded.redirect_name,
                 version = excluded.version, updated_at = excluded.updated_at
             WHERE service_clients.id = excluded.id AND service_clients.version = excluded.version - 1",
        )
        .bind(client.id.as_str())
        .bind(workspace)
        .bind(environment)
        .bind(&client.service_name)
        .bind(&client.client_id)
        .bind(&client.sealed_secret)
        .bind(&client.redirect_name)
        .bind(i64::from(client.version))
        .bind(millis(client.updated_at))
        .execute(&self.pool)
        .await?;
        Ok(if saved.rows_affected() == 1 {
            Saved::Done
        } else {
            Saved::Conflict
        })
    }

    async fn remove_service_client(
        &self,
        tenant: &Tenant,
        service_name: &str,
    ) -> Result<bool, StoreError> {
        let (workspace, environment) = owner(tenant);
        let removed = sqlx::query(
            "DELETE FROM service_clients WHERE workspace_id = $1 AND environment = $2 AND service_name = $3",
        )
        .bind(workspace)
        .bind(environment)
        .bind(service_name)
        .execute(&self.pool)
        .await?;
        Ok(removed.rows_affected() == 1)
    }
}

fn client(row: &AnyRow) -> Result<ServiceClient, StoreError> {
    let columns = Columns {
        row,
        table: "service_clients",
    };
    Ok(ServiceClient {
        id: columns.text("id")?,
        tenant: columns.tenant()?,
        service_name: columns.text("service_name")?,
        client_id: columns.text("client_id")?,
        sealed_secret: columns.text("sealed_secret")?,
        redirect_name: columns.optional("redirect_name")?,
        version: columns.number("version")?,
        updated_at: columns.time("updated_at")?,
    })
}
