//! The ids of things: prefixed, unguessable, never mixed up with one another.

use crate::entropy::{self, Entropy};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// A new one.
            #[must_use]
            pub fn generate(entropy: &dyn Entropy) -> Self {
                Self(entropy::id(entropy, $prefix))
            }

            /// As text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// A workspace, `wsp_…`
    WorkspaceId = "wsp_",
    /// A widget, `wid_…`
    WidgetId = "wid_",
    /// An API key's record, `key_…`; not the key.
    ApiKeyId = "key_",
    /// A business, `biz_…`
    BusinessId = "biz_",
    /// A session's record, `vis_…`; not its token.
    SessionId = "vis_",
    /// An authorization, `ath_…`
    AuthorizationId = "ath_",
    /// A connection, `con_…`
    ConnectionId = "con_",
    /// A grant to be given back to its service, `rev_…`
    RevocationId = "rev_",
    /// A client registered at a service, `cli_…`; the record's id, not the service's.
    ServiceClientId = "cli_",
    /// A request that may be sent twice, `idm_…`
    IdempotencyId = "idm_",
    /// An audit event, `evt_…`
    EventId = "evt_",
    /// A server, `srv_…`; another one after each start.
    ServerId = "srv_",
    /// A webhook endpoint, `whk_…`
    WebhookId = "whk_",
    /// The delivery of one event to one endpoint, `dlv_…`
    DeliveryId = "dlv_",
}
