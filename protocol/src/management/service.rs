//! The catalogue as companies' servers see it, and the clients they registered at services.

use crate::{Environment, ServiceCard, Timestamp};
use serde::{Deserialize, Serialize};

/// `GET /v1/services`: the whole catalogue, most used first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServiceList {
    /// The services.
    pub data: Vec<ServiceEntry>,
}

/// A service and what keeps it from being offered, if anything does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServiceEntry {
    /// What the widget learns of it.
    #[serde(flatten)]
    pub card: ServiceCard,
    /// The environments it exists in.
    pub environments: Vec<Environment>,
    /// Is it offered in this environment?
    pub offered: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "it exists in the sandbox environment only")
    )]
    pub not_offered_because: Option<String>,
    /// Does this server know a client for it, the workspace's own or one of its configuration?
    pub client_configured: bool,
}

/// `PUT /v1/services/{serviceName}/client`. Does not implement `Debug`, so that it cannot be logged by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceClientRequest {
    /// The client's id, as the service gave it.
    #[cfg_attr(
        feature = "openapi",
        schema(
            example = "3MVG9lKcPoNINVBI",
            min_length = 1,
            max_length = 1024,
            pattern = "^[!-~]*$"
        )
    )]
    pub client_id: String,
    /// The client's secret; may be left out for services that know none. Never answered again.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "0f3c9a71d2", max_length = 1024, pattern = "^[!-~]*$")
    )]
    pub client_secret: Option<String>,
    /// What the service calls the callback's address, for services that take a name for it: eBay's RuName.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(
            example = "Northwind-Northwind-Conn-abcde",
            min_length = 1,
            max_length = 1024,
            pattern = "^[!-~]*$"
        )
    )]
    pub redirect_name: Option<String>,
}

/// The workspace's client at a service, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServiceClient {
    /// The service.
    #[cfg_attr(feature = "openapi", schema(example = "xero"))]
    pub service_name: String,
    /// The client's id.
    #[cfg_attr(feature = "openapi", schema(example = "3MVG9lKcPoNINVBI"))]
    pub client_id: String,
    /// What the service calls the callback's address, where it takes a name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "Northwind-Northwind-Conn-abcde")
    )]
    pub redirect_name: Option<String>,
    /// When it was last set.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub updated_at: Timestamp,
}
