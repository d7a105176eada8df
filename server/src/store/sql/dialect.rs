//! What differs between the two databases.

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use std::path::Path;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// One file, one server. A write-ahead log, so that readers never wait for the writer.
    Sqlite,
    /// Several servers.
    Postgres,
}

impl Dialect {
    /// What each new connection is told first.
    pub(super) const fn settings(self) -> &'static str {
        match self {
            // `FULL`: a refresh token that was rotated must outlive a power cut.
            Self::Sqlite => {
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 PRAGMA foreign_keys = ON"
            }
            Self::Postgres => "SET synchronous_commit = on",
        }
    }

    /// The same for connections that need not wait until what they write has reached the disk.
    pub(super) const fn hasty_settings(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
                 PRAGMA foreign_keys = ON"
            }
            Self::Postgres => "SET synchronous_commit = off",
        }
    }

    /// Begins a transaction. In SQLite one that is the writer from its first statement on, so that it cannot fail
    /// halfway for having read before another one wrote.
    pub(super) const fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// Keeps other transactions from changing the business `$1`, or what hangs on it, until this one ends. SQLite has
    /// one writer at a time anyway.
    pub(super) const fn lock_business(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT 1 FROM businesses WHERE id = $1 FOR UPDATE"),
        }
    }

    /// Keeps other transactions from the same lock on the workspace `$1` until this one ends, and from nothing else.
    pub(super) const fn lock_workspace(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT 1 FROM workspaces WHERE id = $1 FOR NO KEY UPDATE"),
        }
    }

    /// The database's time as an expression: milliseconds since 1970.
    pub(super) const fn clock(self) -> &'static str {
        match self {
            Self::Sqlite => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
            Self::Postgres => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
        }
    }

    /// Ends a `SELECT` of what this transaction is about to change, passing over what another one is changing.
    pub(super) const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }
}

/// The address of a SQLite file.
pub(super) fn file_url(file: &Path, parameters: &str) -> String {
    let path = percent_encode(file.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC);
    format!("sqlite:{path}?{parameters}")
}
