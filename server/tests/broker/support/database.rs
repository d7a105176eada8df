//! The server's database as a test reaches into it, for what no request can bring about.

use super::World;
use super::process;
use sqlx::any::install_default_drivers;
use sqlx::{AnyPool, AssertSqlSafe};

/// A second way into the database of a server that runs.
pub(crate) struct Database(AnyPool);

impl Database {
    pub(crate) async fn open(world: &World) -> Self {
        let folder = world.folder.path();
        let file = folder.join("data/railhead.sqlite");
        let url = process::database(folder).unwrap_or_else(|| format!("sqlite:{}", file.display()));
        install_default_drivers();
        Self(AnyPool::connect(&url).await.unwrap())
    }

    /// Runs a statement; it has to change something.
    pub(crate) async fn run(&self, statement: &str) {
        let query = sqlx::query(AssertSqlSafe(statement.to_owned()));
        let done = query.execute(&self.0).await.unwrap();
        assert_ne!(done.rows_affected(), 0, "{statement}");
    }

    /// The texts that a query of one column finds.
    pub(crate) async fn texts(&self, query: &str) -> Vec<String> {
        let query = sqlx::query_scalar(AssertSqlSafe(query.to_owned()));
        query.fetch_all(&self.0).await.unwrap()
    }

    /// Takes a table away, so that whatever asks for it fails.
    pub(crate) async fn lose(&self, table: &str) {
        let statement = format!("ALTER TABLE {table} RENAME TO lost_{table}");
        let query = sqlx::query(AssertSqlSafe(statement));
        query.execute(&self.0).await.unwrap();
    }

    /// Copies an authorization that was just started, so often.
    pub(crate) async fn copy_authorization(&self, id: &str, times: u32) {
        self.run(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times})
             INSERT INTO authorizations (id, workspace_id, environment, session_id, widget_id, business_id,
                 service_name, fields, nonce_digest, nonce_used, phase, version, revision, created_at, expires_at)
             SELECT id || '_' || i, workspace_id, environment, session_id, widget_id, business_id, service_name, fields,
                 nonce_digest, nonce_used, phase, version, revision, created_at, expires_at
             FROM authorizations, n WHERE id = '{id}'"
        ))
        .await;
    }
}
