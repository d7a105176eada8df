//! The settings of widgets.

use crate::{Environment, Links, ServiceKind, Timestamp};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::marker::PhantomData;

/// The design tokens that themes are made of.
pub const DESIGN_TOKENS: [&str; 17] = [
    "primary",
    "onPrimary",
    "accent",
    "background",
    "surface",
    "text",
    "mutedText",
    "border",
    "success",
    "warning",
    "danger",
    "radius",
    "fontFamily",
    "fontSize",
    "spacing",
    "density",
    "shadow",
];

/// Who may begin a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ServiceChoice {
    /// Only these, by `serviceName`; empty means all.
    #[cfg_attr(feature = "openapi", schema(max_items = 500, example = json!(["xero", "quickbooks_online"])))]
    pub include: Vec<String>,
    /// Not these.
    #[cfg_attr(feature = "openapi", schema(max_items = 500, example = json!([])))]
    pub exclude: Vec<String>,
}

/// The company's pages that the widget is to link to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LinkChoice {
    /// Terms of use.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://northwind.example/terms", max_length = 2000)
    )]
    pub terms: Option<String>,
    /// Privacy notice.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://northwind.example/privacy", max_length = 2000)
    )]
    pub privacy: Option<String>,
    /// Help.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://northwind.example/help", max_length = 2000)
    )]
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

/// A JSON object as `T`. For a struct alone serde would take an array as well, field by field.
struct InObject<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for InObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = InObject<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<InObject<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(InObject)
    }
}

/// A change to an object.
fn object<'de, D, T>(deserializer: D) -> Result<Change<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let change = Change::deserialize(deserializer)?;
    Ok(match change {
        Change::Keep => Change::Keep,
        Change::Reset => Change::Reset,
        Change::Set(InObject(value)) => Change::Set(value),
    })
}

/// `POST /v1/widgets` and `PATCH /v1/widgets/{widgetId}`: what is absent gets its default, or stays; `null` is the
/// default again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct WidgetRequest {
    /// The company's name, as its customers know it; has to be given for a new widget. 1 to 80 characters.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "Northwind Lending", min_length = 1, max_length = 80, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$"))]
    pub company_name: Change<String>,
    /// What the workspace calls the widget. Up to 80 characters.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "Loan application", max_length = 80, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$"))]
    pub name: Change<String>,
    /// The pages that may embed it, such as `https://app.example.com`. At most 50.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<String>>, max_items = 50, example = json!(["https://northwind.example"])))]
    pub origins: Change<Vec<String>>,
    /// Where the end user goes when done.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "https://northwind.example/done", max_length = 2000))]
    pub success_url: Change<String>,
    /// Where the end user goes when leaving before.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "https://northwind.example/", max_length = 2000))]
    pub close_url: Change<String>,
    /// Which services are offered.
    #[serde(deserialize_with = "object", skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ServiceChoice>))]
    pub services: Change<ServiceChoice>,
    /// Which kinds of service are offered, in the order of the steps; when empty, all of them in one list.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<ServiceKind>>, max_items = 5))]
    pub kinds: Change<Vec<ServiceKind>>,
    /// The kinds that the end user cannot pass over.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<ServiceKind>>, max_items = 5))]
    pub required_kinds: Change<Vec<ServiceKind>>,
    /// May the end user pass over the kinds that are not required? `true` by default.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<bool>, example = true))]
    pub skippable: Change<bool>,
    /// Does the widget begin with an overview of who asks for what? By default it does where there is more than one
    /// kind to go through.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<bool>, example = true))]
    pub overview: Change<bool>,
    /// Design tokens, as in the option `theme` of `init`.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::openapi::Theme>))]
    pub theme: Change<BTreeMap<String, String>>,
    /// The company's own words for sentences of the widget, by key.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::openapi::Messages>))]
    pub messages: Change<BTreeMap<String, String>>,
    /// Links of the footer.
    #[serde(deserialize_with = "object", skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<LinkChoice>))]
    pub links: Change<LinkChoice>,
    /// The company's logo.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "https://northwind.example/logo.svg", max_length = 2000))]
    pub logo: Change<String>,
    /// Who may begin a session.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<SessionPolicy>))]
    pub session_policy: Change<SessionPolicy>,
    /// May the end user disconnect?
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<bool>, example = true))]
    pub may_disconnect: Change<bool>,
    /// For how many months an authorization is good: 1 to 60; 12 by default.
    #[serde(skip_serializing_if = "Change::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u8>, example = 12, minimum = 1, maximum = 60))]
    pub validity_months: Change<u8>,
}

/// A widget as its workspace sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Widget {
    /// `wid_…`
    #[cfg_attr(feature = "openapi", schema(example = "wid_sandbox"))]
    pub widget_id: String,
    /// Which world it lives in: that of the API key it was made with.
    pub environment: Environment,
    /// The company's name.
    #[cfg_attr(feature = "openapi", schema(example = "Northwind Lending"))]
    pub company_name: String,
    /// What the workspace calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "Loan application"))]
    pub name: Option<String>,
    /// The pages that may embed it.
    #[cfg_attr(feature = "openapi", schema(example = json!(["https://northwind.example"])))]
    pub origins: Vec<String>,
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
    /// Which services are offered.
    pub services: ServiceChoice,
    /// Which kinds are offered, in their order.
    #[cfg_attr(feature = "openapi", schema(example = json!(["accounting", "banking"])))]
    pub kinds: Vec<ServiceKind>,
    /// The kinds that cannot be passed over.
    #[cfg_attr(feature = "openapi", schema(example = json!([])))]
    pub required_kinds: Vec<ServiceKind>,
    /// May the others be passed over?
    #[cfg_attr(feature = "openapi", schema(example = true))]
    pub skippable: bool,
    /// Does it begin with an overview? Absent where that follows from the kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = true))]
    pub overview: Option<bool>,
    /// Design tokens.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Theme))]
    pub theme: BTreeMap<String, String>,
    /// The company's own words.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Messages))]
    pub messages: BTreeMap<String, String>,
    /// Links of the footer.
    pub links: Links,
    /// The company's logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://northwind.example/logo.svg")
    )]
    pub logo: Option<String>,
    /// Who may begin a session.
    pub session_policy: SessionPolicy,
    /// May the end user disconnect?
    #[cfg_attr(feature = "openapi", schema(example = true))]
    pub may_disconnect: bool,
    /// For how many months an authorization is good.
    #[cfg_attr(feature = "openapi", schema(example = 12))]
    pub validity_months: u8,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub created_at: Timestamp,
}

/// A new widget. Does not implement `Debug`, so that its secret cannot be logged by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedWidget {
    /// The widget.
    pub widget: Widget,
    /// Signs the results that success pages check; shown this once.
    #[cfg_attr(feature = "openapi", schema(example = "sig_TmV2ZXIgc2hvdw"))]
    pub signing_secret: String,
}

/// `POST /v1/widgets/{widgetId}/rotate-signing-secret`. Does not implement `Debug`, so that it cannot be logged by
/// accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SigningSecret {
    /// The new secret, shown this once. Results signed with the one before are not good any more.
    #[cfg_attr(feature = "openapi", schema(example = "sig_TmV2ZXIgc2hvdw"))]
    pub signing_secret: String,
}

/// One page of widgets, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct WidgetPage {
    /// The widgets.
    pub data: Vec<Widget>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "MTc5NTUwNDEyMzQ1NiB3aWRfc2Fu"))]
    pub next_cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{Change, WidgetRequest};

    #[test]
    fn takes_objects_for_objects_and_nothing_else() {
        let read = |json| serde_json::from_str::<WidgetRequest>(json);
        let set = read(r#"{"links":{"help":"https://a.example"},"services":null}"#).unwrap();
        assert!(matches!(set.links, Change::Set(links) if links.help.is_some()));
        assert_eq!(set.services, Change::Reset);
        for wrong in [
            r#"{"links":[null,null,null]}"#,
            r#"{"services":[["xero"]]}"#,
        ] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains("expected an object"), "{error}");
        }
        let unknown = read(r#"{"links":{"colour":"red"}}"#).unwrap_err();
        assert!(unknown.to_string().contains("colour"), "{unknown}");
    }
}
