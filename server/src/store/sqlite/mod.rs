//! The store in one SQLite file: the embedded default. WAL, so that readers never wait for the writer.

mod authorizations;
mod businesses;
mod connections;
mod read;
mod sessions;
mod settle;
mod tenants;

use super::{Store, StoreError};
use async_trait::async_trait;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{SqlSafeStr as _, Sqlite, SqlitePool, Transaction};
use std::path::Path;
use std::time::Duration;

/// Forward only: a migration that was released is never changed.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (
        1,
        "first light",
        include_str!("../../../migrations/sqlite/0001_first_light.sql"),
    ),
    (
        2,
        "connections by business",
        include_str!("../../../migrations/sqlite/0002_connections_by_business.sql"),
    ),
];

/// A store in one SQLite file.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    pool: SqlitePool,
}

#[async_trait]
impl Store for SqliteStore {
    async fn ping(&self) -> Result<(), StoreError> {
        // Of a table: without one SQLite would answer from memory.
        sqlx::query("SELECT 1 FROM vault LIMIT 1")
            .fetch_optional(&self.pool)
            .await?;
        Ok(())
    }
}

impl SqliteStore {
    /// Opens the file, creating it when missing, and brings its tables up to date.
    pub async fn open(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A refresh token that was rotated must outlive a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        let pool = SqlitePoolOptions::new()
            .max_connections(8)
            .connect_with(options)
            .await?;
        let migrations = MIGRATIONS
            .iter()
            .map(|&(version, description, sql)| {
                let sql = sql.into_sql_str();
                Migration::new(
                    version,
                    description.into(),
                    MigrationType::Simple,
                    sql,
                    false,
                )
            })
            .collect();
        let migrator = Migrator::with_migrations(migrations);
        migrator
            .run(&pool)
            .await
            .map_err(|error| StoreError::Database(Box::new(error)))?;
        Ok(Self { pool })
    }

    /// Opens the file to read it only: changes nothing in it and makes nothing beside it. `None` when the file holds
    /// no tables yet.
    pub async fn open_to_read(file: &Path) -> Result<Option<Self>, StoreError> {
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        let options = SqliteConnectOptions::new()
            .filename(file)
            .read_only(true)
            // Nobody has it open: then reading needs no files beside it, and must not make them.
            .immutable(!Path::new(&log).exists());
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await?;
        let tables = sqlx::query("SELECT 1 FROM sqlite_schema WHERE name = 'vault'")
            .fetch_optional(&pool)
            .await?;
        Ok(tables.map(|_| Self { pool }))
    }

    /// Waits for what is under way and closes the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// A transaction that is the writer from its first statement on, so that it cannot fail halfway for having read
    /// before another one wrote.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Box::new(error))
    }
}

/// Does `error` say that a unique index refused a row?
fn is_taken(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
