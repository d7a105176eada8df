//! The tables, version by version, for both databases. Forward only: a migration that was released is never changed.

use super::dialect::Dialect;
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

struct Version {
    description: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! versions {
    ($($file:literal: $description:literal),+ $(,)?) => {
        &[$(Version {
            description: $description,
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../../../migrations/postgres/", $file)),
        }),+]
    };
}

/// In the order of their numbers, from 1 without gaps.
const VERSIONS: &[Version] = versions![
    "0001_first_light.sql": "first light",
    "0002_connections_by_business.sql": "connections by business",
    "0003_event_data.sql": "data of events",
    "0004_management.sql": "management",
    "0005_webhooks.sql": "webhooks",
    "0006_lives.sql": "keep-alive, back-off, notices and ends of connections",
    "0007_replicas.sql": "replicas",
    "0008_redirect_names.sql": "redirect names of clients",
    "0009_own_tab.sql": "authorizations in the widget's own tab",
];

/// Brings a database up to date; in PostgreSQL under a lock, so that one of several servers does.
pub(super) fn migrator(dialect: Dialect) -> Migrator {
    let migrations = (1_i64..).zip(VERSIONS).map(|(number, version)| {
        let sql = match dialect {
            Dialect::Sqlite => version.sqlite,
            Dialect::Postgres => version.postgres,
        };
        let kind = MigrationType::Simple;
        Migration::new(
            number,
            version.description.into(),
            kind,
            sql.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

/// All statements that make the tables of SQLite.
#[cfg(test)]
pub(super) fn sqlite_text() -> String {
    VERSIONS.iter().map(|version| version.sqlite).collect()
}
