//! The section `tls` of the settings: the server's own certificate, where no reverse proxy has one.

use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The certificate and its key, as PEM files. Without them the server speaks plain HTTP.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// The certificate, followed by those between it and a root.
    pub certificate: Option<PathBuf>,
    /// Its private key.
    pub key: Option<PathBuf>,
}

impl Tls {
    /// The certificate's and the key's file, where TLS is configured.
    #[must_use]
    pub fn files(&self) -> Option<(&Path, &Path)> {
        Some((self.certificate.as_deref()?, self.key.as_deref()?))
    }

    /// The key that is missing, with what to say of it, when one of the two files is given alone.
    pub(super) fn missing(&self) -> Option<(&'static str, &'static str)> {
        match (&self.certificate, &self.key) {
            (Some(_), None) => Some(("tls.key", "is missing: `tls.certificate` needs it")),
            (None, Some(_)) => Some(("tls.certificate", "is missing: `tls.key` needs it")),
            _ => None,
        }
    }
}
