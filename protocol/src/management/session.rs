//! Sessions that the company's server asks for.

use crate::{Business, Timestamp};
use serde::{Deserialize, Serialize};

/// Facts of the company's own: a JSON object of at most 2 KiB.
pub type Metadata = serde_json::Map<String, serde_json::Value>;

/// `POST /v1/sessions`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionMintRequest {
    /// The widget, `wid_…`
    #[cfg_attr(feature = "openapi", schema(example = "wid_sandbox"))]
    pub widget_id: String,
    /// The business by its name; created when there is none, named when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::BusinessName>))]
    pub business_name: Option<String>,
    /// The business by its id, `biz_…`. A name sent beside it has to be the business's own.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(example = "biz_3nJ7yP1wL9"))]
    pub business_uuid: Option<String>,
    /// The page that may use the session's token: an origin registered for the widget. When absent, the hosted page only.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(example = "https://northwind.example"))]
    pub origin: Option<String>,
    /// For how many seconds the session lasts: 300 to 86400; 1800 when absent.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        schema(example = 1800, minimum = 300, maximum = 86_400)
    )]
    pub expires_in: Option<u64>,
    /// Kept with the session.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>, example = json!({ "loan": "NW-1042" })))]
    pub metadata: Option<Metadata>,
    /// The end user's language, BCP 47.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        schema(
            example = "en",
            min_length = 2,
            max_length = 35,
            pattern = "^[A-Za-z0-9-]*$"
        )
    )]
    pub locale: Option<String>,
}

/// A session that was minted. Does not implement `Debug`, so that it cannot be logged by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MintedSession {
    /// For the option `sessionToken` of the widget, `ses_…`
    #[cfg_attr(feature = "openapi", schema(example = "ses_Q2xhaXJl"))]
    pub session_token: String,
    /// To end it, `vis_…`
    #[cfg_attr(feature = "openapi", schema(example = "vis_6tK9wZ3rLm"))]
    pub session_id: String,
    /// When it ends.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub expires_at: Timestamp,
    /// The hosted page with the same widget, for the first browser that opens it.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://connect.example.com/connect/lnk_Rm9yIHlvdQ")
    )]
    pub url: String,
    /// Whose accounts are connected.
    pub business: Business,
}
