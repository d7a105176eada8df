//! The store in SQL: the statements are the same for an embedded SQLite file and for PostgreSQL, which several servers
//! share. What differs stands in `dialect` and in the two sets of migrations.

#[macro_use]
mod columns;

mod authorizations;
mod begin;
mod begun;
mod businesses;
mod clients;
mod connections;
mod deliveries;
mod dialect;
mod ends;
mod events;
mod idempotency;
mod keys;
mod links;
mod listener;
mod migrations;
mod read;
mod renewals;
mod replicas;
mod revocations;
mod sealed;
mod sessions;
mod settle;
mod tenants;
mod transaction;
mod webhooks;

use super::{Store, StoreError};
use crate::domain::id::BusinessId;
use async_trait::async_trait;
use backon::{ExponentialBuilder, Retryable as _};
use begun::Beginnings;
use dialect::Dialect;
use secrecy::SecretString;
use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::{AnyConnection, AnyPool, Executor as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use transaction::Together;

/// Connections that one server keeps to its database.
const CONNECTIONS: u32 = 8;
/// How often a transaction is begun again that the database broke off for the sake of others.
const ATTEMPTS: usize = 5;

/// A store in a SQL database.
#[derive(Clone, Debug)]
pub struct SqlStore {
    pool: AnyPool,
    dialect: Dialect,
    beginnings: Beginnings,
    /// The address of a database that other servers may use at the same time.
    shared: Option<SecretString>,
    changed: Arc<Notify>,
}

#[async_trait]
impl Store for SqlStore {
    async fn ping(&self) -> Result<(), StoreError> {
        // Of a table: without one SQLite would answer from memory.
        sqlx::query("SELECT 1 FROM vault LIMIT 1")
            .fetch_optional(&self.pool)
            .await?;
        Ok(())
    }
}

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
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        // Nobody has it open: then reading needs no files beside it, and must not make them.
        let immutable = !Path::new(&log).exists();
        Self::open_file_as(file, &format!("mode=ro&immutable={immutable}")).await
    }

    /// Opens a SQLite file to copy it, whoever else opens it meanwhile. `None` when the file holds no tables yet.
    pub async fn open_file_to_copy(file: &Path) -> Result<Option<Self>, StoreError> {
        Self::open_file_as(file, "mode=rw").await
    }

    /// Opens a SQLite file as it is.
    async fn open_file_as(file: &Path, parameters: &str) -> Result<Option<Self>, StoreError> {
        install_default_drivers();
        let pool = AnyPoolOptions::new()
            .max_connections(1)
            .connect(&dialect::file_url(file, parameters))
            .await?;
        let tables = sqlx::query("SELECT 1 FROM sqlite_schema WHERE name = 'vault'")
            .fetch_optional(&pool)
            .await?;
        Ok(tables.map(|_| Self::of(Dialect::Sqlite, pool.clone(), pool)))
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
        let pool = pool_for(CONNECTIONS, dialect.settings(), url).await?;
        let hasty = pool_for(1, dialect.hasty_settings(), url).await?;
        let shared = match dialect {
            Dialect::Sqlite => None,
            Dialect::Postgres => Some(url.into()),
        };
        Ok(Self {
            shared,
            ..Self::of(dialect, pool, hasty)
        })
    }

    fn of(dialect: Dialect, pool: AnyPool, hasty: AnyPool) -> Self {
        let beginnings = Beginnings::start(hasty, dialect);
        Self {
            pool,
            dialect,
            beginnings,
            shared: None,
            changed: Arc::default(),
        }
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        migrations::migrator(self.dialect)
            .run(&self.pool)
            .await
            .map_err(|error| StoreError::Database(Box::new(error)))
    }

    /// Copies the SQLite database, as it is at one moment, into `file`, which has to be empty.
    pub async fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        let path = file
            .to_str()
            .ok_or(sqlx::Error::Configuration("the path is not UTF-8".into()))?;
        sqlx::query("VACUUM INTO $1")
            .bind(path)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Waits for what is under way and closes the database.
    pub async fn close(&self) {
        self.beginnings.close().await;
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

    async fn begin(&self) -> Result<Together, StoreError> {
        let transaction = self.pool.begin_with(self.dialect.begin()).await?;
        Ok(Together::new(transaction, self.changed.clone()))
    }

    /// Does what `transaction` does, and again when the database broke it off for the sake of others: a deadlock, or an
    /// order that cannot be.
    async fn retried<T, F>(&self, transaction: impl FnMut() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let attempts = ExponentialBuilder::new()
            .with_min_delay(Duration::from_millis(10))
            .with_max_times(ATTEMPTS)
            .with_jitter();
        transaction.retry(attempts).when(is_broken_off).await
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

/// At most `size` connections to the database at `url`, each told `settings` first.
async fn pool_for(size: u32, settings: &'static str, url: &str) -> Result<AnyPool, sqlx::Error> {
    AnyPoolOptions::new()
        .max_connections(size)
        .after_connect(move |connection, _| {
            Box::pin(async move { connection.execute(settings).await.map(drop) })
        })
        .connect(url)
        .await
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Box::new(error))
    }
}

/// Did the database break a transaction off for the sake of others?
fn is_broken_off(error: &StoreError) -> bool {
    let StoreError::Database(error) = error else {
        return false;
    };
    let code = error
        .downcast_ref::<sqlx::Error>()
        .and_then(sqlx::Error::as_database_error)
        .and_then(sqlx::error::DatabaseError::code);
    // PostgreSQL: serialization_failure, deadlock_detected.
    code.is_some_and(|code| matches!(code.as_ref(), "40001" | "40P01"))
}

/// Does `error` say that a record is gone that a row would have belonged to?
fn is_orphaned(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation)
}

/// Does `error` say that a unique index refused a row?
fn is_taken(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
