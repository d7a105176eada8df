//! The settings of widgets.

use crate::{Environment, Links, ServiceKind, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// Who may begin a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionPolicy {
    /// Anybody on a page of a registered origin.
    #[default]
    Open,
    /// Only who has a session token that the company's server asked for.
    Signed,
}

/// Which of the services that could be offered are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ServiceChoice {
    /// Only these, by `serviceName`; empty means all.
    pub include: Vec<String>,
    /// Not these.
    pub exclude: Vec<String>,
}

/// The company's pages that the widget is to link to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LinkChoice {
    /// Terms of use.
    pub terms: Option<String>,
    /// Privacy notice.
    pub privacy: Option<String>,
    /// Help.
    pub help: Option<String>,
}

/// What a request says about a setting: nothing, `null`, or a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// Absent: it stays.
    #[default]
    Keep,
    /// `null`: back to the default.
    Reset,
    /// This.
    Set(T),
}

impl<T> Change<T> {
    /// The setting after the change.
    pub fn apply(self, kept: T) -> T
    where
        T: Default,
    {
        match self {
            Self::Keep => kept,
            Self::Reset => T::default(),
            Self::Set(value) => value,
        }
    }

    /// The setting that may be absent, after the change.
    pub fn apply_optional(self, kept: Option<T>) -> Option<T> {
        match self {
            Self::Keep => kept,
            Self::Reset => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Does the request say nothing?
    #[must_use]
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Reset, Self::Set))
    }
}

impl<T: Serialize> Serialize for Change<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Reset => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

/// `POST /v1/widgets` and `PATCH /v1/widgets/{widgetId}`: what is absent gets its default, or stays; `null` is the
/// default again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct WidgetRequest {
    /// The company's name, as its customers know it; has to be given for a new widget. 1 to 80 characters.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub company_name: Change<String>,
    /// What the workspace calls the widget. Up to 80 characters.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub name: Change<String>,
    /// The pages that may embed it, such as `https://app.example.com`. At most 50.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub origins: Change<Vec<String>>,
    /// Where the end user goes when done.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub success_url: Change<String>,
    /// Where the end user goes when leaving before.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub close_url: Change<String>,
    /// Which services are offered.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub services: Change<ServiceChoice>,
    /// Which kinds of service are offered, in the order of the steps; all when empty.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub kinds: Change<Vec<ServiceKind>>,
    /// The kinds that the end user cannot pass over.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub required_kinds: Change<Vec<ServiceKind>>,
    /// Design tokens, as in the option `theme` of `init`.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub theme: Change<BTreeMap<String, String>>,
    /// The company's own words for sentences of the widget, by key.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub messages: Change<BTreeMap<String, String>>,
    /// Links of the footer.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub links: Change<LinkChoice>,
    /// The company's logo.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub logo: Change<String>,
    /// Who may begin a session.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub session_policy: Change<SessionPolicy>,
    /// May the end user disconnect?
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub may_disconnect: Change<bool>,
    /// For how many months an authorization is good: 1 to 60; 12 by default.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub validity_months: Change<u8>,
}

/// A widget as its workspace sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Widget {
    /// `wid_…`
    pub widget_id: String,
    /// Which world it lives in: that of the API key it was made with.
    pub environment: Environment,
    /// The company's name.
    pub company_name: String,
    /// What the workspace calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The pages that may embed it.
    pub origins: Vec<String>,
    /// Where the end user goes when done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success_url: Option<String>,
    /// Where the end user goes when leaving before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close_url: Option<String>,
    /// Which services are offered.
    pub services: ServiceChoice,
    /// Which kinds are offered, in their order.
    pub kinds: Vec<ServiceKind>,
    /// The kinds that cannot be passed over.
    pub required_kinds: Vec<ServiceKind>,
    /// Design tokens.
    pub theme: BTreeMap<String, String>,
    /// The company's own words.
    pub messages: BTreeMap<String, String>,
    /// Links of the footer.
    pub links: Links,
    /// The company's logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// Who may begin a session.
    pub session_policy: SessionPolicy,
    /// May the end user disconnect?
    pub may_disconnect: bool,
    /// For how many months an authorization is good.
    pub validity_months: u8,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A new widget. Does not implement `Debug`, so that its secret cannot be logged by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatedWidget {
    /// The widget.
    pub widget: Widget,
    /// Signs the results that success pages check; shown this once.
    pub signing_secret: String,
}

/// `POST /v1/widgets/{widgetId}/rotate-signing-secret`. Does not implement `Debug`, so that it cannot be logged by
/// accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SigningSecret {
    /// The new secret, shown this once. Results signed with the one before are not good any more.
    pub signing_secret: String,
}

/// One page of widgets, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WidgetPage {
    /// The widgets.
    pub data: Vec<Widget>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
