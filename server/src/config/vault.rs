//! Where the vault's keys come from.

use serde::{Deserialize, Deserializer};
use std::path::PathBuf;

/// The section `vault` of the settings. At most one of its keys is set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VaultSettings {
    /// A file, made at the first start. Default: `vault.key` in `data_dir`.
    pub key_file: Option<PathBuf>,
    /// The name of an environment variable that holds the keys.
    pub key_env: Option<String>,
    /// A command that prints the keys: program and arguments, run without a shell. As an environment variable:
    /// separated by spaces.
    #[serde(deserialize_with = "words")]
    pub key_command: Option<Vec<String>>,
}

impl VaultSettings {
    /// Is more than one source named?
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        let named = [
            self.key_file.is_some(),
            self.key_env.is_some(),
            self.key_command.is_some(),
        ];
        named.into_iter().filter(|named| *named).count() > 1
    }
}

fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<String>),
        Text(String),
    }
    let words = match Written::deserialize(deserializer)? {
        Written::List(words) => words,
        Written::Text(text) => text.split_whitespace().map(str::to_owned).collect(),
    };
    if words.is_empty() {
        return Err(serde::de::Error::custom(
            "expected a program and its arguments",
        ));
    }
    Ok(Some(words))
}
