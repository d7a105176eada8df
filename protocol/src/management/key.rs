//! API keys: what they may do, and for how long.

use crate::{Environment, Timestamp};
use serde::{Deserialize, Serialize};

macro_rules! scopes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// What an API key may do. Writing does not include reading.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Scope {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl Scope {
            /// Every scope, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The scope as it travels.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

scopes! {
    /// Lists and reads businesses.
    BusinessesRead = "businesses:read",
    /// Makes, renames and removes businesses.
    BusinessesWrite = "businesses:write",
    /// Lists and reads connections, without their credentials.
    ConnectionsRead = "connections:read",
    /// Disconnects and removes connections.
    ConnectionsWrite = "connections:write",
    /// Reads access tokens.
    CredentialsRead = "credentials:read",
    /// Mints and ends sessions.
    SessionsWrite = "sessions:write",
    /// Lists and reads widgets.
    WidgetsRead = "widgets:read",
    /// Makes, changes and removes widgets.
    WidgetsWrite = "widgets:write",
    /// Reads the catalogue and the ids of clients.
    ServicesRead = "services:read",
    /// Sets and removes clients of services.
    ServicesWrite = "services:write",
    /// Lists and reads webhook endpoints and their deliveries.
    WebhooksRead = "webhooks:read",
    /// Makes, changes and removes webhook endpoints.
    WebhooksWrite = "webhooks:write",
    /// Reads what happened.
    EventsRead = "events:read",
    /// Lists API keys.
    KeysRead = "keys:read",
    /// Makes and revokes API keys.
    KeysWrite = "keys:write",
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No scope has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownScope;

impl std::fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no scope has this name; there are ")?;
        for (place, scope) in Scope::ALL.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{scope}")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownScope {}

impl std::str::FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(name: &str) -> Result<Self, UnknownScope> {
        let mut all = Self::ALL.iter();
        all.find(|scope| scope.as_str() == name)
            .copied()
            .ok_or(UnknownScope)
    }
}

/// `POST /v1/keys`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKeyRequest {
    /// What it is for, in your own words; up to 80 characters.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        schema(
            example = "reports",
            max_length = 80,
            pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$"
        )
    )]
    pub name: Option<String>,
    /// What it may do: at most what the key that asks may. When absent, the same.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, example = json!(["connections:read", "credentials:read"])))]
    pub scopes: Option<Vec<Scope>>,
    /// For how many seconds it is good: at least a minute, at most ten years. When absent, as long as the key that asks.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        schema(example = 7_776_000, minimum = 60, maximum = 316_224_000)
    )]
    pub expires_in: Option<u64>,
}

/// What is known of an API key. The key itself is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// `key_…`
    #[cfg_attr(feature = "openapi", schema(example = "key_7bQ1sN5xHc"))]
    pub key_id: String,
    /// What it is for.
    #[cfg_attr(feature = "openapi", schema(example = "reports"))]
    pub name: String,
    /// Which environment it opens.
    pub environment: Environment,
    /// What it may do.
    #[cfg_attr(feature = "openapi", schema(example = json!(["connections:read", "credentials:read"])))]
    pub scopes: Vec<Scope>,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub created_at: Timestamp,
    /// Until when it is good; absent when that has no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::openapi::Time>))]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::openapi::Time>))]
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::openapi::Time>))]
    pub last_used_at: Option<Timestamp>,
}

/// A new API key, which is shown this once. Does not implement `Debug`, so that it cannot be logged by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedApiKey {
    /// Send as `Authorization: Bearer`.
    #[cfg_attr(feature = "openapi", schema(example = "rk_test_V2h5Tm90"))]
    pub api_key: String,
    /// What is known of it from now on.
    pub key: ApiKey,
}

/// One page of API keys, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyPage {
    /// The keys, also those that were revoked or have expired.
    pub data: Vec<ApiKey>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "MTc5NTUwNDEyMzQ1NiBrZXlfN2JR"))]
    pub next_cursor: Option<String>,
}
