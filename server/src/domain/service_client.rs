//! What a workspace registered at a service: the id and secret of its OAuth client.

use super::id::ServiceClientId;
use super::tenant::Tenant;
use super::timestamp;
use crate::vault::Place;
use time::OffsetDateTime;

/// The longest id and secret, in bytes.
pub const MAX_LENGTH: usize = 1024;

/// A client. Its secret is sealed by the vault; that of a public client is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceClient {
    /// Its record's id.
    pub id: ServiceClientId,
    /// Whose.
    pub tenant: Tenant,
    /// The service.
    pub service_name: String,
    /// The client's id at the service.
    pub client_id: String,
    /// The client's secret.
    pub sealed_secret: String,
    /// What the service calls our callback's address, where it takes a name for it.
    pub redirect_name: Option<String>,
    /// One more each time it is set.
    pub version: u32,
    /// When it was last set.
    pub updated_at: OffsetDateTime,
}

impl ServiceClient {
    /// Where its secret is sealed.
    #[must_use]
    pub fn secret_place(&self) -> Place<'_> {
        Place {
            tenant: &self.tenant,
            record: self.id.as_str(),
            field: "client_secret",
            version: self.version,
        }
    }

    /// As it travels.
    #[must_use]
    pub fn wire(&self) -> railhead_protocol::ServiceClient {
        railhead_protocol::ServiceClient {
            service_name: self.service_name.clone(),
            client_id: self.client_id.clone(),
            redirect_name: self.redirect_name.clone(),
            updated_at: timestamp(self.updated_at),
        }
    }
}

/// Can `text` be an id or secret? Visible ASCII, which every service's are.
#[must_use]
pub fn is_plausible(text: &str) -> bool {
    (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
