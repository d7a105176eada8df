//! The store in SQL: the statements are the same for an embedded SQLite file and for PostgreSQL, which several servers
//! share. What differs stands in `dialect` and in the two sets of migrations.

mod authorizations;
mod businesses;
mod connections;
mod dialect;
mod ends;
mod migrations;
mod read;
mod renewals;
mod sessions;
mod settle;
mod tenants;

use super::{Store, StoreError};
use crate::domain::id::BusinessId;
use dialect::Dialect;
use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::{Any, AnyConnection, AnyPool, Executor as _, Transaction};
use std::path::Path;

/// Connections that one server keeps to its database.
const CONNECTIONS: u32 = 8;

/// A store in a SQL database.
#[derive(Clone, Debug)]
pub struct SqlStore {
    pool: AnyPool,
    dialect: Dialect,
}

impl Store for SqlStore {}

impl SqlStore {
    /// Opens a SQLite file, creating it when missing, and brings its tables up to date.
    pub async fn open_file(file: &Path) -> Result<Self, StoreError> {
        let store = Self::connect(Dialect::Sqlite, &dialect::file_url(file, "mode=rwc")).await?;
        store.migrate().await?;
        Ok(store)
    }

    /// Opens a SQLite file to read it only: changes nothing in it and makes nothing beside it. `None` when the file
    /// holds no tables yet.
    pub async fn open_file_to_read(file: &Path) -> Result<Option<Self>, StoreError> {
        install_default_drivers();
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        // Nobody has it open: then reading needs no files beside it, and must not make them.
        let immutable = !Path::new(&log).exists();
        let url = dialect::file_url(file, &format!("mode=ro&immutable={immutable}"));
        let pool = AnyPoolOptions::new()
            .max_connections(1)
            .connect(&url)
            .await?;
        let tables = sqlx::query("SELECT 1 FROM sqlite_schema WHERE name = 'vault'")
            .fetch_optional(&pool)
            .await?;
        let dialect = Dialect::Sqlite;
        Ok(tables.map(|_| Self { pool, dialect }))
    }

    /// Opens a PostgreSQL database and brings its tables up to date; servers that start at the same time wait for each
    /// other.
    pub async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let store = Self::connect(Dialect::Postgres, url).await?;
        store.migrate().await?;
        Ok(store)
    }

    async fn connect(dialect: Dialect, url: &str) -> Result<Self, StoreError> {
        install_default_drivers();
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .after_connect(move |connection, _| {
                Box::pin(async move { connection.execute(dialect.settings()).await.map(drop) })
            })
            .connect(url)
            .await?;
        Ok(Self { pool, dialect })
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        migrations::migrator(self.dialect)
            .run(&self.pool)
            .await
            .map_err(|error| StoreError::Database(Box::new(error)))
    }

    /// Waits for what is under way and closes the database.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Opens a PostgreSQL database as it is, to look at it.
    pub async fn open_postgres_to_read(url: &str) -> Result<Option<Self>, StoreError> {
        let store = Self::connect(Dialect::Postgres, url).await?;
        let tables =
            sqlx::query("SELECT 1 FROM information_schema.tables WHERE table_name = 'vault'")
                .fetch_optional(&store.pool)
                .await?;
        Ok(tables.map(|_| store))
    }

    async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(self.pool.begin_with(self.dialect.begin()).await?)
    }

    /// Nothing else changes the business, or what hangs on it, before `transaction` ends.
    async fn lock_business(
        &self,
        transaction: &mut AnyConnection,
        id: &BusinessId,
    ) -> Result<(), StoreError> {
        if let Some(lock) = self.dialect.lock_business() {
            sqlx::query(lock)
                .bind(id.as_str())
                .execute(transaction)
                .await?;
        }
        Ok(())
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
