//! The server's settings: a TOML file, each key of which an environment variable can override. Without either the
//! server starts with defaults fit for development.

use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use toml::{Table, Value};
use url::Url;

/// What the environment variables that override a key begin with. The rest is the key's path in upper case, parts
/// joined by two underscores: `RAILHEAD_LISTEN`, `RAILHEAD_SANDBOX__PROVIDER_URL`.
pub const ENVIRONMENT_PREFIX: &str = "RAILHEAD_";

/// Names the configuration file; every command takes it as `--config` too.
pub const FILE_VARIABLE: &str = "RAILHEAD_CONFIG";

/// The settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen. Default `127.0.0.1:4400`; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address that browsers and services see, without a path. Default: `http://localhost` and the port.
    pub public_url: Option<Url>,
    /// Holds the database `railhead.sqlite` and the key file `vault.key`; created when missing. Default `.railhead`.
    pub data_dir: PathBuf,
    /// The built widget. Default `dist`.
    pub assets_dir: PathBuf,
    /// Directories of service files; later ones add to and override earlier ones. Default `["services"]`; as an
    /// environment variable, separated by commas.
    pub services_dirs: Vec<PathBuf>,
    /// What is logged, as a `tracing` filter. Default `info`.
    pub log: String,
    /// How it is logged: `text` or `json`. Default `text`.
    pub log_format: LogFormat,
    /// The sandbox environment.
    pub sandbox: Sandbox,
    /// The clients registered at services, by service name. In the production environment a service without one
    /// is not offered.
    pub clients: BTreeMap<String, Client>,
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
    /// The file is not TOML. The parser's own message would quote the file, secrets included.
    #[error("the configuration file {} is not TOML: {message}", .path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// A key is unknown, or its value cannot be used.
    #[error("configuration key `{key}`: {message}")]
    Key {
        /// The key's path.
        key: String,
        /// What is wrong with it.
        message: String,
    },
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 4400)),
            public_url: None,
            data_dir: ".railhead".into(),
            assets_dir: "dist".into(),
            services_dirs: vec!["services".into()],
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            sandbox: Sandbox::default(),
            clients: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Reads `file`, if one is given, and then the variables of `environment` that override it.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut table = file.map_or_else(|| Ok(Table::new()), read)?;
        for (name, value) in environment {
            let Some(path) = name.strip_prefix(ENVIRONMENT_PREFIX) else {
                continue;
            };
            if name != FILE_VARIABLE {
                set(&mut table, &path.to_lowercase(), value)?;
            }
        }
        let config: Self =
            serde_path_to_error::deserialize(Value::Table(table)).map_err(|error| {
                let key = error.path().to_string();
                ConfigError::Key {
                    key,
                    message: first_line(error.inner()),
                }
            })?;
        config.check()
    }

    fn check(self) -> Result<Self, ConfigError> {
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
                && url.username().is_empty();
            if !plain {
                let message = "must be an http or https address without a path".to_owned();
                return Err(ConfigError::Key {
                    key: key.to_owned(),
                    message,
                });
            }
        }
        Ok(self)
    }

    /// The database file.
    #[must_use]
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join("railhead.sqlite")
    }

    /// The file of the vault's keys.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.data_dir.join("vault.key")
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
            message: error.message().to_owned(),
        })
}

/// Sets the key at `path`, whose parts are joined by two underscores.
fn set(table: &mut Table, path: &str, value: String) -> Result<(), ConfigError> {
    let value = if path == "services_dirs" {
        Value::Array(
            value
                .split(',')
                .map(|part| Value::String(part.trim().to_owned()))
                .collect(),
        )
    } else {
        Value::String(value)
    };
    let mut parts: Vec<_> = path.split("__").collect();
    let last = parts.pop().unwrap_or_default();
    let mut place = table;
    for part in parts {
        let entry = place
            .entry(part.to_owned())
            .or_insert_with(|| Value::Table(Table::new()));
        let Value::Table(inner) = entry else {
            let message = "is not a table, but a variable sets a key below it".to_owned();
            return Err(ConfigError::Key {
                key: part.to_owned(),
                message,
            });
        };
        place = inner;
    }
    place.insert(last.to_owned(), value);
    Ok(())
}

fn first_line(error: &toml::de::Error) -> String {
    error
        .message()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Config, LogFormat};
    use secrecy::ExposeSecret as _;

    fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("railhead.toml");
        std::fs::write(&file, text).unwrap();
        let variables = variables
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::load(Some(&file), variables).map_err(|error| error.to_string())
    }

    #[test]
    fn starts_with_nothing_given() {
        let config = Config::load(None, []).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:4400");
        assert_eq!(
            config.services_dirs,
            ["services"].map(std::path::PathBuf::from)
        );
    }

    #[test]
    fn the_example_file_says_the_defaults_and_every_key() {
        let example = include_str!("../railhead.example.toml");
        let defaults = format!("{:?}", Config::default());
        assert_eq!(format!("{:?}", load(example, &[]).unwrap()), defaults);
        let commented = example.lines().filter_map(|line| line.strip_prefix("# "));
        let settings = commented.filter(|line| line.starts_with('[') || line.contains(" = \""));
        let everything: Vec<_> = settings.collect();
        assert_eq!(everything.len(), 5);
        // Those of a table belong to it; `public_url` stands at the top.
        let filled = format!(
            "{}\n[sandbox]\n{}\n{}",
            everything[0],
            everything[1],
            everything[2..].join("\n")
        );
        let config = load(&filled, &[]).unwrap();
        assert!(config.public_url.is_some() && config.sandbox.provider_url.is_some());
        assert!(config.clients.contains_key("xero"));
    }

    #[test]
    fn variables_stand_above_the_file() {
        let file =
            "listen = \"127.0.0.1:1\"\nlog_format = \"text\"\n[clients.xero]\nclient_id = \"a\"\n";
        let variables = [
            ("RAILHEAD_LISTEN", "0.0.0.0:2"),
            ("RAILHEAD_LOG_FORMAT", "json"),
            ("RAILHEAD_SERVICES_DIRS", "services, more"),
            ("RAILHEAD_CLIENTS__XERO__CLIENT_SECRET", "s3cret"),
            ("RAILHEAD_SANDBOX__PROVIDER_URL", "http://localhost:4401"),
            ("RAILHEAD_CONFIG", "ignored.toml"),
            ("PATH", "/bin"),
        ];
        let config = load(file, &variables).unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.log_format, LogFormat::Json);
        assert_eq!(config.services_dirs.len(), 2);
        assert_eq!(config.clients["xero"].client_id, "a");
        assert_eq!(
            config.clients["xero"].client_secret.expose_secret(),
            "s3cret"
        );
        assert!(!format!("{config:?}").contains("s3cret"));
        assert_eq!(config.sandbox.provider_url.unwrap().port(), Some(4401));
    }

    #[test]
    fn names_the_key_that_cannot_be_used() {
        let message = |text, variables: &[_]| load(text, variables).unwrap_err();
        let unknown = message("lissten = 1", &[]);
        assert!(
            unknown.contains("lissten") && unknown.contains("expected one of"),
            "{unknown}"
        );
        let nested = message("[sandbox]\nprovider = \"x\"", &[]);
        assert!(
            nested.contains("sandbox") && nested.contains("provider"),
            "{nested}"
        );
        let variable = message("", &[("RAILHEAD_LOGG", "x")]);
        assert!(variable.contains("logg"), "{variable}");
        let path = message("public_url = \"https://a.example/path\"", &[]);
        assert!(path.contains("public_url"), "{path}");
        let format = message("log_format = \"xml\"", &[]);
        assert!(format.contains("log_format"), "{format}");
    }
}
