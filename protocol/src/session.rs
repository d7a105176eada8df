//! One visit of one end user to one widget.

use crate::{Business, Connection, FirstPaint, ServiceCard, ServiceKind, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which world a widget lives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// For trying out: a built-in service, and services that authorize at a demo provider.
    Sandbox,
    /// The real services.
    Production,
}

/// `POST /v1/connect/sessions`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionRequest {
    /// The widget, `wid_…`
    #[cfg_attr(feature = "openapi", schema(example = "wid_sandbox"))]
    pub widget_id: String,
    /// The business by its name; created when there is none, named when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::BusinessName>))]
    pub business_name: Option<String>,
    /// The business by its id, `biz_…`. A name sent beside it has to be the business's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "biz_3nJ7yP1wL9"))]
    pub business_uuid: Option<String>,
    /// A session token minted by the company's server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "ses_Q2xhaXJl"))]
    pub session_token: Option<String>,
    /// The end user's language, BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
    /// Facts of the host page's own, a JSON object of at most 2 KiB as text: they come back in the webhooks of what is connected in
    /// the session. A session that the company's server minted has that server's, and these are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "{\"application\":\"NW-48213\"}")
    )]
    pub metadata: Option<String>,
    /// Asks for the first step rendered, `firstPaint`: the options of `init` that change it, as JSON text. Written by the
    /// loader; what the server can't read or reproduce, it answers without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "{\"modal\":true,\"base\":\"https://connect.example.com\"}")
    )]
    pub paint: Option<String>,
}

/// Everything the widget needs to paint its first step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SessionState {
    /// Bearer token of the Connect API, `ses_…`; absent when the state is read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "ses_Q2xhaXJl"))]
    pub session_token: Option<String>,
    /// When the session ends.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub expires_at: Timestamp,
    /// The widget's configuration.
    pub widget: WidgetCard,
    /// Whose accounts are connected.
    pub business: Business,
    /// What may be connected: most used first, then by name.
    pub services: Vec<ServiceCard>,
    /// What the business has connected; superseded connections are left out.
    pub connections: Vec<Connection>,
    /// The first step, rendered, where the request asked for it. Read by the loader alone.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "passed_over"
    )]
    pub first_paint: Option<FirstPaint>,
}

/// What the widget has no use for: no code to read it comes into its WebAssembly.
fn passed_over<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<FirstPaint>, D::Error> {
    serde::de::IgnoredAny::deserialize(deserializer).map(|_| None)
}

/// The public configuration of a widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct WidgetCard {
    /// `wid_…`
    #[cfg_attr(feature = "openapi", schema(example = "wid_sandbox"))]
    pub widget_id: String,
    /// Which world it lives in.
    pub environment: Environment,
    /// The company's name for people, for example "Northwind Lending".
    #[cfg_attr(feature = "openapi", schema(example = "Northwind Lending"))]
    pub company_name: String,
    /// The company's logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://northwind.example/logo.svg")
    )]
    pub logo: Option<String>,
    /// Where the end user goes when done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://northwind.example/done")
    )]
    pub success_url: Option<String>,
    /// Where the end user goes when leaving before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "https://northwind.example/"))]
    pub close_url: Option<String>,
    /// The kinds of service offered, in the order of the steps; when empty, all of them in one list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<ServiceKind>,
    /// The kinds that the end user cannot pass over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_kinds: Vec<ServiceKind>,
    /// May the end user pass over the kinds that are not required?
    #[serde(default = "yes")]
    #[cfg_attr(feature = "openapi", schema(example = true))]
    pub skippable: bool,
    /// Does the widget begin with an overview of who asks for what? When absent, it does where there is more than one
    /// kind to go through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = true))]
    pub overview: Option<bool>,
    /// For how many months an authorization is good.
    #[serde(default = "a_year")]
    #[cfg_attr(feature = "openapi", schema(example = 12, minimum = 1, maximum = 60))]
    pub validity_months: u16,
    /// Design tokens, as in the `theme` option of `init`, which stands above them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(example = json!({"primary": "#2f5bea"})))]
    pub theme: BTreeMap<String, String>,
    /// The company's own words for sentences, by key; the `messages` option of `init` stands above them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub messages: BTreeMap<String, String>,
    /// Links of the footer.
    #[serde(default)]
    pub links: Links,
    /// May the end user disconnect?
    #[serde(default)]
    pub may_disconnect: bool,
}

fn yes() -> bool {
    true
}

fn a_year() -> u16 {
    12
}

/// The company's pages that the widget links to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Links {
    /// Terms of use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://northwind.example/terms")
    )]
    pub terms: Option<String>,
    /// Privacy notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://northwind.example/privacy")
    )]
    pub privacy: Option<String>,
    /// Help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://northwind.example/help")
    )]
    pub help: Option<String>,
}

/// `POST /v1/connect/finish`: asks where to send the end user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FinishRequest {
    /// The success URL the host page asked for; refused unless it is on a registered origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://northwind.example/done")
    )]
    pub success_url: Option<String>,
    /// The connections made in this visit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 50, example = json!(["con_8mR2kT0vQ4sXa6"])))]
    pub connection_ids: Vec<String>,
}

/// Where to send the end user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Finished {
    /// The success URL with the query parameters `connectionId` (one for each connection), `businessName`,
    /// `businessUuid` and `result` (a JWT, HS256, with the same facts, signed with the widget's signing secret;
    /// RFC 7519); absent when neither the widget nor the host page has a success URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(
            example = "https://northwind.example/done?connectionId=con_8mR2kT0vQ4sXa6&result=eyJhbGci"
        )
    )]
    pub redirect_url: Option<String>,
}
