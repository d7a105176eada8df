//! Which database: a file of the data directory, or PostgreSQL.

use secrecy::{ExposeSecret as _, SecretString};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use url::Url;

/// The address of a PostgreSQL database. May hold a password, so it shows only where the database is.
#[derive(Clone, Debug)]
pub struct DatabaseUrl {
    address: SecretString,
    shown: String,
}

/// It is not such an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an address such as postgres://railhead@db.example.com/railhead")]
pub struct NotDatabaseUrl;

impl std::str::FromStr for DatabaseUrl {
    type Err = NotDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, NotDatabaseUrl> {
        let url = Url::parse(text).map_err(|_| NotDatabaseUrl)?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(NotDatabaseUrl);
        }
        let host = url.host_str().unwrap_or("local socket");
        let port = url
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        Ok(Self {
            shown: format!("postgres://{host}{port}{}", url.path()),
            address: String::from(url).into(),
        })
    }
}

impl DatabaseUrl {
    /// The whole address, with what it may hold of a password.
    #[must_use]
    pub fn address(&self) -> &str {
        self.address.expose_secret()
    }
}

/// Where the database is, without user and password.
impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl<'de> Deserialize<'de> for DatabaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = SecretString::deserialize(deserializer)?;
        text.expose_secret().parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{DatabaseUrl, NotDatabaseUrl};

    #[test]
    fn never_shows_its_password() {
        let url: DatabaseUrl =
            "postgres://railhead:s3cret@db.example.com:5433/connect?password=other"
                .parse()
                .unwrap();
        assert_eq!(url.to_string(), "postgres://db.example.com:5433/connect");
        let debug = format!("{url:?}");
        assert!(
            !debug.contains("s3cret") && !debug.contains("other"),
            "{debug}"
        );
        let refused = "mysql://railhead:s3cret@db".parse::<DatabaseUrl>();
        assert_eq!(refused.unwrap_err(), NotDatabaseUrl);
    }
}
