//! The server's settings: a TOML file, each key of which an environment variable can override. Without either the
//! server starts with defaults fit for development.

mod database;
pub mod observing;
pub mod proxies;
mod retention;
pub mod tls;
mod variables;
mod vault;
mod webhooks;

pub use database::{DatabaseUrl, NotDatabaseUrl};
pub use retention::Retention;
pub use vault::VaultSettings;
pub use webhooks::Webhooks;

use crate::limits::Limits;
use crate::outgoing::NotNetwork;
use observing::{COLLECTOR, Metrics, TOKEN, Telemetry};
use proxies::{ProxyHeader, TrustedProxies};
use secrecy::SecretString;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tls::Tls;
use toml::{Table, Value};
use url::{Host, Url};
use variables::Variables;

/// What the environment variables that override a key begin with. The rest is the key's path in upper case, parts
/// joined by two underscores: `RAILHEAD_LISTEN`, `RAILHEAD_SANDBOX__PROVIDER_URL`.
pub const ENVIRONMENT_PREFIX: &str = "RAILHEAD_";

/// Names the configuration file; every command takes it as `--config` too.
pub const FILE_VARIABLE: &str = "RAILHEAD_CONFIG";

/// What an address has to be.
const ADDRESS: &str =
    "must be an http or https address without a path, such as https://connect.example.com";

/// The settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen. Default `127.0.0.1:4400`; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address that browsers and services see, without a path. Default: `http://localhost` and the port,
    /// `https` where the server has its own certificate.
    pub public_url: Option<Url>,
    /// A PostgreSQL database, which several servers can share. Default: none, the file `railhead.sqlite` in `data_dir`.
    pub database: Option<DatabaseUrl>,
    /// Holds the database `railhead.sqlite` and the key file `vault.key`; created when missing. Default `.railhead`.
    pub data_dir: PathBuf,
    /// Where the vault's keys come from.
    pub vault: VaultSettings,
    /// The built widget. Default `dist`.
    pub assets_dir: PathBuf,
    /// Directories of service files; later ones add to and override earlier ones. Default `["services"]`; as an
    /// environment variable, separated by commas.
    pub services_dirs: Vec<PathBuf>,
    /// What is logged, as a `tracing` filter. Default `info`.
    pub log: String,
    /// How it is logged: `text` or `json`. Default `text`.
    pub log_format: LogFormat,
    /// The reverse proxies whose word on the client's address counts. Default none; as an environment variable,
    /// separated by commas.
    pub trusted_proxies: TrustedProxies,
    /// The header they say it in: `x-forwarded-for` or `forwarded`. Default `x-forwarded-for`.
    pub proxy_header: ProxyHeader,
    /// How many seconds the server goes on answering after it was asked to end, while `/readyz` says 503. Default 0.
    #[serde(deserialize_with = "seconds")]
    pub drain_seconds: u16,
    /// The server's own certificate.
    pub tls: Tls,
    /// Where Prometheus finds the metrics.
    pub metrics: Metrics,
    /// Where traces go.
    pub telemetry: Telemetry,
    /// The sandbox environment.
    pub sandbox: Sandbox,
    /// How much one visitor may ask for.
    pub limits: Limits,
    /// Messages to the workspace's servers.
    pub webhooks: Webhooks,
    /// How long things are kept.
    pub retention: Retention,
    /// The clients registered at services, by service name. In the production environment a service without one
    /// is not offered.
    pub clients: BTreeMap<String, Client>,
    /// The variables that look like settings, but are those container platforms set for a service named `railhead`.
    #[serde(skip)]
    pub passed_over: Vec<String>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// Settings of the sandbox environment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sandbox {
    /// The demo provider at which OAuth services authorize; without it only the built-in service is offered.
    pub provider_url: Option<Url>,
}

/// What the workspace registered at a service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// The client's id.
    pub client_id: String,
    /// The client's secret; may be left out for clients that have none.
    #[serde(default)]
    pub client_secret: SecretString,
    /// What the service calls the callback's address, for services that take a name for it.
    pub redirect_name: Option<String>,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {} cannot be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A variable is not text.
    #[error("the variable {0} is not UTF-8")]
    Encoding(String),
    /// The file is not TOML. The parser's own message would quote the file, secrets included.
    #[error("the configuration file {}, line {line}, is not TOML: {message}", .path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// Why.
        message: String,
    },
    /// A key is unknown, or its value cannot be used.
    #[error("{place}: {message}")]
    Key {
        /// The key's path, and the variable that sets it.
        place: String,
        /// What is wrong with it.
        message: String,
    },
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 4400)),
            public_url: None,
            database: None,
            data_dir: ".railhead".into(),
            vault: VaultSettings::default(),
            assets_dir: "dist".into(),
            services_dirs: vec!["services".into()],
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            trusted_proxies: TrustedProxies::default(),
            proxy_header: ProxyHeader::default(),
            drain_seconds: 0,
            tls: Tls::default(),
            metrics: Metrics::default(),
            telemetry: Telemetry::default(),
            sandbox: Sandbox::default(),
            limits: Limits::default(),
            webhooks: Webhooks::default(),
            retention: Retention::default(),
            clients: BTreeMap::new(),
            passed_over: Vec::new(),
        }
    }
}

impl Config {
    /// Reads `file`, if one is given, and then the variables of `environment` that override it.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let mut table = file.map_or_else(|| Ok(Table::new()), read)?;
        let variables = Variables::apply(environment, &mut table)?;
        let read = serde_path_to_error::deserialize(Value::Table(table));
        let mut config: Self = read.map_err(|error| {
            let key = error.path().to_string();
            let message = expectation(&key, error.inner());
            variables.refuse(&key, message)
        })?;
        config.check(&variables)?;
        config.passed_over = variables.passed_over;
        Ok(config)
    }

    fn check(&self, variables: &Variables) -> Result<(), ConfigError> {
        if self.vault.is_ambiguous() {
            let message = "name one of key_file, key_env and key_command";
            return Err(variables.refuse("vault", message.to_owned()));
        }
        let urls = [
            ("public_url", self.public_url.as_ref()),
            ("sandbox.provider_url", self.sandbox.provider_url.as_ref()),
        ];
        for (key, url) in urls {
            let Some(url) = url else { continue };
            let plain = matches!(url.scheme(), "http" | "https")
                && url.path() == "/"
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none();
            if !plain {
                return Err(variables.refuse(key, ADDRESS.to_owned()));
            }
        }
        if let Some((key, message)) = self.tls.missing() {
            return Err(variables.refuse(key, message.to_owned()));
        }
        if !self.metrics.is_guarded() {
            return Err(variables.refuse("metrics.token", TOKEN.to_owned()));
        }
        if !self.telemetry.is_usable() {
            return Err(variables.refuse("telemetry.otlp_endpoint", COLLECTOR.to_owned()));
        }
        Ok(())
    }

    /// Where the database is, for people.
    #[must_use]
    pub fn database_name(&self) -> String {
        match &self.database {
            Some(url) => url.to_string(),
            None => self.database_file().display().to_string(),
        }
    }

    /// How long the server goes on answering after it was asked to end.
    #[must_use]
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds.into())
    }

    /// The address that browsers and services see, when the server listens on `port`.
    #[must_use]
    pub fn public_url_at(&self, port: u16) -> Option<Url> {
        let scheme = if self.tls.files().is_some() {
            "https"
        } else {
            "http"
        };
        let local = || Url::parse(&format!("{scheme}://localhost:{port}")).ok();
        self.public_url.clone().or_else(local)
    }

    /// The database file, where the database is one.
    #[must_use]
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join("railhead.sqlite")
    }

    /// The file of the vault's keys, where they are in one.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        let named = self.vault.key_file.clone();
        named.unwrap_or_else(|| self.data_dir.join("vault.key"))
    }
}

fn read(path: &Path) -> Result<Table, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    text.parse()
        .map_err(|error: toml::de::Error| ConfigError::Syntax {
            path: path.to_owned(),
            line: line_of(&text, error.span()),
            message: error.message().to_owned(),
        })
}

fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let start = span.map_or(0, |span| span.start);
    let before = text.as_bytes().iter().take(start);
    1 + before.filter(|byte| **byte == b'\n').count()
}

/// What is wrong with the value of `key`. Of what stands below `clients` nothing is repeated: it may be a secret.
fn expectation(key: &str, error: &toml::de::Error) -> String {
    let message = error.message().lines().next().unwrap_or_default();
    let names_a_key = ["missing field", "unknown field"]
        .iter()
        .any(|begin| message.starts_with(begin));
    let parts: Vec<_> = key.split('.').collect();
    match parts.as_slice() {
        _ if names_a_key => message.to_owned(),
        ["listen"] => "must be an IP address and a port, such as 127.0.0.1:4400".to_owned(),
        ["public_url"] | ["sandbox", "provider_url"] => ADDRESS.to_owned(),
        ["database"] => NotDatabaseUrl.to_string(),
        ["telemetry", "otlp_endpoint"] => COLLECTOR.to_owned(),
        ["metrics", "listen"] => {
            "must be an IP address and a port, such as 127.0.0.1:9464".to_owned()
        }
        ["metrics", "token"] => TOKEN.to_owned(),
        ["webhooks", "allow_private_networks", ..] => NotNetwork.to_string(),
        ["clients"] => "must be a table with a table for each service".to_owned(),
        ["clients", _] => "must be a table with `client_id` and `client_secret`".to_owned(),
        ["clients", ..] | ["telemetry", "authorization"] => "must be a text".to_owned(),
        _ => message.to_owned(),
    }
}

/// A number of seconds; environment variables write it as text.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(u16),
        Text(String),
    }
    let wrong = || D::Error::custom("expected a whole number of seconds, at most 3600");
    let number = match Written::deserialize(deserializer).map_err(|_| wrong())? {
        Written::Number(number) => number,
        Written::Text(text) => text.trim().parse().map_err(|_| wrong())?,
    };
    if number <= 3600 {
        Ok(number)
    } else {
        Err(wrong())
    }
}

/// Is `url` that of a developer's machine? Then services may be there too, without TLS.
#[must_use]
pub fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests;
