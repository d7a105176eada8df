//! The environment variables that override keys of the configuration file.

use super::{ConfigError, ENVIRONMENT_PREFIX, FILE_VARIABLE};
use std::ffi::OsString;
use toml::{Table, Value};

/// The keys that are lists; variables separate their parts by commas.
const LISTS: [&str; 3] = [
    "services_dirs",
    "trusted_proxies",
    "webhooks.allow_private_networks",
];

/// Which variables were read, to name them when something is wrong with a value.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// Key paths with the variables that set them.
    set: Vec<(String, String)>,
    /// The variables that are no settings, though they are named like them.
    pub(super) passed_over: Vec<String>,
}

impl Variables {
    /// Sets the keys in `table` that variables of `environment` name.
    pub(super) fn apply(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        table: &mut Table,
    ) -> Result<Self, ConfigError> {
        let mut variables = Self::default();
        for (name, value) in environment {
            let name = name.to_string_lossy().into_owned();
            let Some(rest) = name.strip_prefix(ENVIRONMENT_PREFIX) else {
                continue;
            };
            if name == FILE_VARIABLE {
                continue;
            }
            if is_of_platform(rest) {
                variables.passed_over.push(name);
                continue;
            }
            let value = value
                .into_string()
                .map_err(|_| ConfigError::Encoding(name.clone()))?;
            let path: Vec<_> = rest.to_lowercase().split("__").map(str::to_owned).collect();
            variables.set.push((path.join("."), name.clone()));
            if set(table, &path, value).is_none() {
                let message = "is below something that is not a table".to_owned();
                return Err(variables.refuse(&path.join("."), message));
            }
        }
        Ok(variables)
    }

    /// Refuses the value of `key`.
    pub(super) fn refuse(&self, key: &str, message: String) -> ConfigError {
        let below = format!("{key}.");
        // A variable sets a list as a whole: `list[0]` is set by that of `list`.
        let list = key.split('[').next();
        let sets = |path: &str| Some(path) == list || path.starts_with(&below);
        let variable = self.set.iter().find(|(path, _)| sets(path));
        let place = match variable {
            Some((_, name)) => format!("configuration key `{key}`, set by the variable {name}"),
            None => format!("configuration key `{key}`"),
        };
        ConfigError::Key { place, message }
    }
}

/// Does a platform set it for a service named `railhead`? Kubernetes and Docker links tell others that way where a
/// service is: `RAILHEAD_SERVICE_HOST`, `RAILHEAD_PORT=tcp://…`, `RAILHEAD_PORT_4400_TCP`.
fn is_of_platform(rest: &str) -> bool {
    rest == "PORT" || rest.starts_with("PORT_") || rest.starts_with("SERVICE_")
}

/// Sets the key at `path`; `None` when that leads through a value.
fn set(table: &mut Table, path: &[String], value: String) -> Option<()> {
    let value = if LISTS.contains(&path.join(".").as_str()) {
        let parts = value.split(',');
        Value::Array(
            parts
                .map(|part| Value::String(part.trim().to_owned()))
                .collect(),
        )
    } else {
        Value::String(value)
    };
    let (last, above) = path.split_last()?;
    let mut place = table;
    for part in above {
        let entry = place
            .entry(part.clone())
            .or_insert_with(|| Value::Table(Table::new()));
        place = entry.as_table_mut()?;
    }
    place.insert(last.clone(), value);
    Some(())
}
