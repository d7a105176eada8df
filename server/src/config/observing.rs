//! The sections `metrics` and `telemetry` of the settings: what an operator may watch, and from where.

use secrecy::{ExposeSecret as _, SecretString};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::net::SocketAddr;
use url::Url;

/// What the address of a collector has to be.
pub(super) const COLLECTOR: &str =
    "must be the http or https address of an OTLP collector, such as http://localhost:4318";

/// What the token for the metrics has to be: an empty one would open them to everybody.
pub(super) const TOKEN: &str = "must be a text of at least 16 characters";

/// Where Prometheus finds the metrics.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    /// An address of their own, for `/metrics` only. Without TLS: keep it inside your network.
    pub listen: Option<SocketAddr>,
    /// The bearer token that opens `/metrics` at the public address too.
    pub token: Option<SecretString>,
}

/// Where traces go.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telemetry {
    /// The OTLP collector (HTTP with protobuf); `/v1/traces` is added. Without it nothing is traced.
    pub otlp_endpoint: Option<Url>,
    /// The header `Authorization` of what is sent there.
    pub authorization: Option<SecretString>,
    /// Which part of all traces is kept, from 0 to 1. Default 1.
    #[serde(deserialize_with = "part")]
    pub sample: f64,
}

impl Metrics {
    /// Is the token, if there is one, hard to guess?
    pub(super) fn is_guarded(&self) -> bool {
        let long = |token: &SecretString| token.expose_secret().chars().count() >= 16;
        self.token.as_ref().is_none_or(long)
    }
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            otlp_endpoint: None,
            authorization: None,
            sample: 1.0,
        }
    }
}

impl Telemetry {
    /// The address that takes traces.
    #[must_use]
    pub fn traces_url(&self) -> Option<Url> {
        let mut url = self.otlp_endpoint.clone()?;
        let path = format!("{}/v1/traces", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Some(url)
    }

    /// Can the address be one of a collector? A password in it would end up in messages.
    pub(super) fn is_usable(&self) -> bool {
        self.otlp_endpoint.as_ref().is_none_or(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none()
        })
    }
}

/// A number from 0 to 1; environment variables write it as text.
fn part<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(f64),
        Text(String),
    }
    let wrong = || D::Error::custom("expected a number from 0 to 1");
    let number = match Written::deserialize(deserializer).map_err(|_| wrong())? {
        Written::Number(number) => number,
        Written::Text(text) => text.trim().parse().map_err(|_| wrong())?,
    };
    if (0.0..=1.0).contains(&number) {
        Ok(number)
    } else {
        Err(wrong())
    }
}
