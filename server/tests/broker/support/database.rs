//! The server's database as a test reaches into it, for what no request can bring about.

use super::World;
use super::process;
use sqlx::any::install_default_drivers;
use sqlx::{AnyPool, AssertSqlSafe};
use std::path::Path;

/// A second way into the database of a server that runs.
pub(crate) struct Database(AnyPool);

impl Database {
    pub(crate) async fn open(world: &World) -> Self {
        Self::of(world.folder.path()).await
    }

    /// The database that commands use which work on `folder`.
    pub(crate) async fn of(folder: &Path) -> Self {
        let file = folder.join("data/railhead.sqlite");
        let url = process::database(folder).unwrap_or_else(|| format!("sqlite:{}", file.display()));
        Self::at(&url).await
    }

    /// The database at `url`.
    pub(crate) async fn at(url: &str) -> Self {
        install_default_drivers();
        Self(AnyPool::connect(url).await.unwrap())
    }

    /// Runs a statement; it has to change something.
    pub(crate) async fn run(&self, statement: &str) {
        let query = sqlx::query(AssertSqlSafe(statement.to_owned()));
        let done = query.execute(&self.0).await.unwrap();
        assert_ne!(done.rows_affected(), 0, "{statement}");
    }

    /// Runs a statement that changes no row.
    pub(crate) async fn arrange(&self, statement: &str) {
        let query = sqlx::query(AssertSqlSafe(statement.to_owned()));
        query.execute(&self.0).await.unwrap();
    }

    /// Lets time pass for what goes by the database's own clock: claims, leases and counts.
    pub(crate) async fn later(&self, time: time::Duration) {
        let millis = time.whole_milliseconds();
        for (table, column) in [
            ("authorizations", "claimed_until"),
            ("leases", "until"),
            ("rates", "even"),
        ] {
            let statement = format!("UPDATE {table} SET {column} = {column} - {millis}");
            let query = sqlx::query(AssertSqlSafe(statement));
            query.execute(&self.0).await.unwrap();
        }
    }

    /// How many rows a query finds.
    pub(crate) async fn count(&self, query: &str) -> usize {
        let query = sqlx::query(AssertSqlSafe(query.to_owned()));
        query.fetch_all(&self.0).await.unwrap().len()
    }

    /// What a query for one column of texts finds.
    pub(crate) async fn texts(&self, query: &str) -> Vec<String> {
        let query = sqlx::query_scalar(AssertSqlSafe(query.to_owned()));
        query.fetch_all(&self.0).await.unwrap()
    }

    /// The kinds of all events, oldest first.
    pub(crate) async fn events(&self) -> Vec<String> {
        self.texts("SELECT kind FROM events ORDER BY at, kind")
            .await
    }

    /// Adds a column to each table, as a newer server does; says how many there are. PostgreSQL only.
    pub(crate) async fn add_columns(&self) -> usize {
        let tables = "SELECT CAST(table_name AS TEXT) FROM information_schema.tables
                      WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";
        let tables = self.texts(tables).await;
        for table in &tables {
            let statement =
                format!("ALTER TABLE {table} ADD COLUMN added_later TEXT NOT NULL DEFAULT ''");
            let query = sqlx::query(AssertSqlSafe(statement));
            query.execute(&self.0).await.unwrap();
        }
        tables.len()
    }

    /// Takes a table away, so that whatever asks for it fails.
    pub(crate) async fn lose(&self, table: &str) {
        let statement = format!("ALTER TABLE {table} RENAME TO lost_{table}");
        let query = sqlx::query(AssertSqlSafe(statement));
        query.execute(&self.0).await.unwrap();
    }

    /// Gives it back.
    pub(crate) async fn give_back(&self, table: &str) {
        let statement = format!("ALTER TABLE lost_{table} RENAME TO {table}");
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
