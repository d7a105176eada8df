//! Sessions that the company's server asks for.

use crate::{Business, Timestamp};
use serde::{Deserialize, Serialize};

/// Facts of the company's own: a JSON object of at most 2 KiB.
pub type Metadata = serde_json::Map<String, serde_json::Value>;

/// `POST /v1/sessions`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionMintRequest {
    /// The widget, `wid_…`
    pub widget_id: String,
    /// The business by its name; created when there is none, named when absent.
    #[serde(default)]
    pub business_name: Option<String>,
    /// The business by its id, `biz_…`. A name sent beside it has to be the business's own.
    #[serde(default)]
    pub business_uuid: Option<String>,
    /// The page that may use the session's token: an origin registered for the widget. When absent, the hosted page only.
    #[serde(default)]
    pub origin: Option<String>,
    /// For how many seconds the session lasts: 300 to 86400; 1800 when absent.
    #[serde(default)]
    pub expires_in: Option<u64>,
    /// Kept with the session.
    #[serde(default)]
    pub metadata: Option<Metadata>,
    /// The end user's language, BCP 47.
    #[serde(default)]
    pub locale: Option<String>,
}

/// A session that was minted. Does not implement `Debug`, so that it cannot be logged by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MintedSession {
    /// For the option `sessionToken` of the widget, `ses_…`
    pub session_token: String,
    /// To end it, `vis_…`
    pub session_id: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The hosted page with the same widget, for the first browser that opens it.
    pub url: String,
    /// Whose accounts are connected.
    pub business: Business,
}
