//! The first part of every path: the service this provider plays.

use crate::pages::{self, Notice};
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use std::fmt;

/// Name of a service, checked: lower-case letters, digits and `_`, at most 64.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Service(String);

impl Service {
    /// Checks a name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(allowed);
        fits.then(|| Self(text.to_owned()))
    }

    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Service {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let named = params
            .iter()
            .find(|(key, _)| *key == "service")
            .and_then(|(_, name)| Self::parse(name));
        named.ok_or_else(|| pages::notice(StatusCode::NOT_FOUND, None, Notice::NoSuchPage))
    }
}

#[cfg(test)]
mod tests {
    use super::Service;

    #[test]
    fn refuses_names_that_could_leave_the_folder_or_the_path() {
        assert!(Service::parse("quickbooks_online").is_some());
        for name in ["", "..", "a/b", "Xero", "-", "a.toml", &"a".repeat(65)] {
            assert!(Service::parse(name).is_none(), "{name}");
        }
    }
}
