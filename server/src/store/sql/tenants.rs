//! Workspaces and their widgets.

use super::SqlStore;
use super::read::{Columns, json, millis, owner};
use crate::domain::id::{WidgetId, WorkspaceId};
use crate::domain::tenant::{Tenant, Workspace, WorkspaceName};
use crate::domain::widget::{Origin, Widget};
use crate::store::{Page, Saved, StoreError, TenantStore};
use async_trait::async_trait;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};
use time::OffsetDateTime;

/// What a widget is read from; the rest of the query follows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            columns!(widgets),
            ", workspaces.name AS workspace_name FROM widgets
             JOIN workspaces ON workspaces.id = widgets.workspace_id ",
            $rest
        )
    };
}

#[async_trait]
impl TenantStore for SqlStore {
    async fn ensure_workspace(
        &self,
        name: &WorkspaceName,
        new: &WorkspaceId,
        now: OffsetDateTime,
    ) -> Result<Workspace, StoreError> {
        sqlx::query(
            "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(new.as_str())
        .bind(name.as_str())
        .bind(millis(now))
        .execute(&self.pool)
        .await?;
        let row = sqlx::query("SELECT id FROM workspaces WHERE name = $1")
            .bind(name.as_str())
            .fetch_one(&self.pool)
            .await?;
        let columns = Columns {
            row: &row,
            table: "workspaces",
        };
        Ok(Workspace {
            id: columns.text("id")?,
            name: name.clone(),
        })
    }

    async fn workspace_name(&self, id: &WorkspaceId) -> Result<WorkspaceName, StoreError> {
        let row = sqlx::query("SELECT name FROM workspaces WHERE id = $1")
            .bind(id.as_str())
            .fetch_one(&self.pool)
            .await?;
        let table = "workspaces";
        let columns = Columns { row: &row, table };
        let name: String = columns.text("name")?;
        WorkspaceName::parse(&name).map_err(|_| columns.unreadable("name"))
    }

    async fn save_widget(&self, widget: &Widget) -> Result<Saved, StoreError> {
        let (workspace, environment) = owner(&widget.tenant);
        let mut transaction = self.begin().await?;
        let saved = sqlx::query(
            "INSERT INTO widgets (id, workspace_id, environment, company_name, settings, sealed_signing_secret,
                 signing_secret_version, revision, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8 + 1, $9)
             ON CONFLICT (id) DO UPDATE SET company_name = excluded.company_name, settings = excluded.settings,
                 sealed_signing_secret = excluded.sealed_signing_secret,
                 signing_secret_version = excluded.signing_secret_version, revision = excluded.revision
             WHERE widgets.workspace_id = excluded.workspace_id AND widgets.environment = excluded.environment
             AND widgets.revision = $8",
        )
        .bind(widget.id.as_str())
        .bind(workspace)
        .bind(environment)
        .bind(&widget.company_name)
        .bind(json(&widget.settings))
        .bind(&widget.sealed_signing_secret)
        .bind(i64::from(widget.signing_secret_version))
        .bind(i64::from(widget.revision))
        .bind(millis(widget.created_at))
        .execute(&mut *transaction)
        .await?;
        if saved.rows_affected() == 0 {
            return Ok(Saved::Conflict);
        }
        sqlx::query("DELETE FROM widget_origins WHERE widget_id = $1")
            .bind(widget.id.as_str())
            .execute(&mut *transaction)
            .await?;
        for (position, origin) in (0_i64..).zip(&widget.origins) {
            sqlx::query(
                "INSERT INTO widget_origins (widget_id, position, origin) VALUES ($1, $2, $3)",
            )
            .bind(widget.id.as_str())
            .bind(position)
            .bind(origin.as_str())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(Saved::Done)
    }

    async fn widget(&self, id: &WidgetId) -> Result<Option<Widget>, StoreError> {
        let row = sqlx::query(select!("WHERE widgets.id = $1"))
            .bind(id.as_str())
            .fetch_optional(&self.pool)
            .await?;
        match row {
            Some(row) => Ok(Some(widget(&row, &self.pool).await?)),
            None => Ok(None),
        }
    }

    async fn widgets_of(&self, tenant: &Tenant, page: &Page) -> Result<Vec<Widget>, StoreError> {
        let (workspace, environment) = owner(tenant);
        let (at, id) = page.after.clone().unzip();
        let rows = sqlx::query(select!(
            "WHERE widgets.workspace_id = $1 AND widgets.environment = $2
             AND ($3 IS NULL OR (widgets.created_at, widgets.id) < ($3, $4))
             ORDER BY widgets.created_at DESC, widgets.id DESC LIMIT $5"
        ))
        .bind(workspace)
        .bind(environment)
        .bind(at)
        .bind(id)
        .bind(i64::from(page.limit))
        .fetch_all(&self.pool)
        .await?;
        let mut widgets = Vec::with_capacity(rows.len());
        for row in &rows {
            widgets.push(widget(row, &self.pool).await?);
        }
        Ok(widgets)
    }

    async fn remove_widget(&self, tenant: &Tenant, id: &WidgetId) -> Result<bool, StoreError> {
        let (workspace, environment) = owner(tenant);
        let mut transaction = self.begin().await?;
        // What was authorized, but not chosen yet, would be left over.
        sqlx::query(
            "DELETE FROM connections WHERE status = 'pending' AND workspace_id = $2 AND environment = $3
             AND id IN (SELECT connection_id FROM authorizations WHERE widget_id = $1)",
        )
        .bind(id.as_str())
        .bind(workspace)
        .bind(environment)
        .execute(&mut *transaction)
        .await?;
        let removed = sqlx::query(
            "DELETE FROM widgets WHERE id = $1 AND workspace_id = $2 AND environment = $3",
        )
        .bind(id.as_str())
        .bind(workspace)
        .bind(environment)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(removed.rows_affected() == 1)
    }

    async fn widgets(&self) -> Result<Vec<Widget>, StoreError> {
        let rows = sqlx::query(select!("ORDER BY widgets.created_at, widgets.id"))
            .fetch_all(&self.pool)
            .await?;
        let mut widgets = Vec::with_capacity(rows.len());
        for row in &rows {
            widgets.push(widget(row, &self.pool).await?);
        }
        Ok(widgets)
    }

    async fn vault_check(&self) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT check_value FROM vault")
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get("check_value")).transpose()?)
    }

    async fn save_vault_check(&self, check: &str) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO vault (id, check_value) VALUES (1, $1) ON CONFLICT DO NOTHING")
            .bind(check)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

async fn widget(row: &AnyRow, pool: &AnyPool) -> Result<Widget, StoreError> {
    let columns = Columns {
        row,
        table: "widgets",
    };
    let id: WidgetId = columns.text("id")?;
    let origins =
        sqlx::query("SELECT origin FROM widget_origins WHERE widget_id = $1 ORDER BY position")
            .bind(id.as_str())
            .fetch_all(pool)
            .await?;
    let origin = |row: &AnyRow| {
        let unreadable = StoreError::Unreadable {
            table: "widget_origins",
            column: "origin",
        };
        Origin::parse(row.try_get("origin")?).ok_or(unreadable)
    };
    let workspace_name: String = columns.text("workspace_name")?;
    Ok(Widget {
        id,
        tenant: columns.tenant()?,
        workspace_name: WorkspaceName::parse(&workspace_name)
            .map_err(|_| columns.unreadable("workspace_name"))?,
        company_name: columns.text("company_name")?,
        origins: origins
            .iter()
            .map(origin)
            .collect::<Result<_, StoreError>>()?,
        settings: columns.json("settings")?,
        sealed_signing_secret: columns.text("sealed_signing_secret")?,
        signing_secret_version: columns.number("signing_secret_version")?,
        revision: columns.number("revision")?,
        created_at: columns.time("created_at")?,
    })
}
