//! The catalogue as companies' servers see it, and the clients they registered at services.

use crate::{Environment, ServiceCard, Timestamp};
use serde::{Deserialize, Serialize};

/// `GET /v1/services`: the whole catalogue, most used first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceList {
    /// The services.
    pub data: Vec<ServiceEntry>,
}

/// A service and what keeps it from being offered, if anything does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    pub not_offered_because: Option<String>,
    /// Does this server know a client for it, the workspace's own or one of its configuration?
    pub client_configured: bool,
}

/// `PUT /v1/services/{serviceName}/client`. Does not implement `Debug`, so that it cannot be logged by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceClientRequest {
    /// The client's id, as the service gave it.
    pub client_id: String,
    /// The client's secret; may be left out for services that know none. Never answered again.
    #[serde(default)]
    pub client_secret: Option<String>,
}

/// The workspace's client at a service, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceClient {
    /// The service.
    pub service_name: String,
    /// The client's id.
    pub client_id: String,
    /// When it was last set.
    pub updated_at: Timestamp,
}
