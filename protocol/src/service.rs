//! What there is to connect to, as the widget sees it.

use serde::{Deserialize, Serialize};

/// What a service is for. The order of declaration is the default order of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// Books and ledgers.
    Accounting,
    /// Bank accounts.
    Banking,
    /// Shops and marketplaces.
    Commerce,
    /// Card and online payments.
    Payments,
    /// Wages.
    Payroll,
}

impl ServiceKind {
    /// All kinds, in the default order of steps.
    pub const ALL: [Self; 5] = [
        Self::Accounting,
        Self::Banking,
        Self::Commerce,
        Self::Payments,
        Self::Payroll,
    ];
}

/// The public card of a service: all that the widget ever learns about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServiceCard {
    /// The service's key, for example `quickbooks_online`.
    #[cfg_attr(feature = "openapi", schema(example = "xero"))]
    pub service_name: String,
    /// Its name for people, for example "QuickBooks Online".
    #[cfg_attr(feature = "openapi", schema(example = "Xero"))]
    pub display_name: String,
    /// What it is for.
    pub kind: ServiceKind,
    /// Other names people search for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(example = json!([])))]
    pub aliases: Vec<String>,
    /// Address of its mark (SVG), relative to the API's address; absent when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "/services/xero.svg"))]
    pub icon: Option<String>,
    /// Its brand colour as `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = "#13b5ea", pattern = "^#[0-9a-fA-F]{6}$")
    )]
    pub color: Option<String>,
    /// How it is authorized.
    pub authorization: crate::AuthorizationKind,
    /// What to ask before authorizing (a shop's domain, a data centre …).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

/// How a field is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// One line of text that is not shown.
    Password,
    /// One of [`Field::options`].
    Select,
}

/// One thing asked of the end user before authorizing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Its key in the request, for example `shop`.
    #[cfg_attr(feature = "openapi", schema(example = "shop"))]
    pub name: String,
    /// Its label.
    #[cfg_attr(feature = "openapi", schema(example = "Shop"))]
    pub label: String,
    /// How it is asked for.
    pub kind: FieldKind,
    /// Must it be given?
    pub required: bool,
    /// A regular expression the whole value must match (the subset that JavaScript and Rust share).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "[a-z0-9-]+"))]
    pub pattern: Option<String>,
    /// Shown after the value and not part of it, for example `.myshopify.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = ".myshopify.com"))]
    pub suffix: Option<String>,
    /// A valid example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "harbor-coffee"))]
    pub example: Option<String>,
    /// What is filled in at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = ""))]
    pub default: Option<String>,
    /// The choices of a [`FieldKind::Select`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FieldOption>,
}

/// One choice of a select field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FieldOption {
    /// What is sent.
    #[cfg_attr(feature = "openapi", schema(example = "eu"))]
    pub value: String,
    /// What is shown.
    #[cfg_attr(feature = "openapi", schema(example = "Europe"))]
    pub label: String,
}
