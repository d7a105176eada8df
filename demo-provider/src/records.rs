//! What tests may count: requests per service and per grant. Holds no code, token, state or password.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything counted since the provider started; `GET /-/records` answers it as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Records {
    /// Requests to any token endpoint, whatever came of them.
    pub token_requests: u64,
    /// The same and more by service name.
    pub services: BTreeMap<String, ServiceRecord>,
    /// One for each time somebody pressed Allow, oldest first.
    pub grants: Vec<GrantRecord>,
}

/// Requests about one service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRecord {
    /// Authorization requests that were shown to a person.
    pub authorization_requests: u64,
    /// Token requests, refused ones included.
    pub token_requests: u64,
    /// Revocation requests, refused ones included.
    pub revocation_requests: u64,
}

/// One grant: one code and the tokens that came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantRecord {
    /// `grant_1`, `grant_2` … in the order of consent.
    pub grant: String,
    /// The service it is for.
    pub service: String,
    /// Who gave it.
    pub user: String,
    /// Whether it still stands.
    pub status: GrantStatus,
    /// Token requests with its code.
    pub code_requests: u64,
    /// Token requests with one of its refresh tokens.
    pub refresh_requests: u64,
    /// Both together.
    pub token_requests: u64,
}

/// Whether a grant's tokens are of any use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantStatus {
    /// Yes.
    Active,
    /// No: revoked by the client, or because its code or a refresh token was used twice.
    Revoked,
}

impl Records {
    /// Token requests for one service.
    #[must_use]
    pub fn token_requests_for(&self, service: &str) -> u64 {
        self.services
            .get(service)
            .map_or(0, |record| record.token_requests)
    }
}
