//! Service files as they are written: the TOML structure, nothing judged but names and types.

use super::refresh::RefreshSemantics;
use super::service::{CallbackProof, ClientAuth, Facts, PkceMode, RedirectForm, TokenBody};
use railhead_protocol::{FieldKind, ServiceKind};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceFile {
    pub(super) service_name: String,
    pub(super) display_name: String,
    pub(super) kind: ServiceKind,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    pub(super) rank: Option<u32>,
    pub(super) icon: Option<String>,
    pub(super) color: Option<String>,
    pub(super) authorization: AuthorizationName,
    pub(super) oauth: Option<OAuthTable>,
    pub(super) account: Option<AccountTable>,
    #[serde(default)]
    pub(super) fields: Vec<FieldTable>,
    #[serde(default)]
    pub(super) facts: Facts,
}

/// The key `authorization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AuthorizationName {
    #[serde(rename = "oauth2_code")]
    OAuth2Code,
    Sandbox,
    #[serde(rename = "oauth2_code_provider_initiated")]
    OAuth2CodeProviderInitiated,
    #[serde(rename = "oauth1_tba")]
    OAuth1Tba,
    LinkToken,
    KeyHandoff,
    Credentials,
    DesktopAgent,
}

/// The table `[oauth]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OAuthTable {
    pub(super) authorize_url: String,
    pub(super) token_url: String,
    pub(super) revoke_url: Option<String>,
    pub(super) issuer: Option<String>,
    #[serde(default)]
    pub(super) allowed_hosts: Vec<String>,
    #[serde(default)]
    pub(super) pkce: PkceMode,
    #[serde(default)]
    pub(super) client_auth: ClientAuth,
    #[serde(default)]
    pub(super) token_body: TokenBody,
    #[serde(default)]
    pub(super) scopes: Vec<String>,
    #[serde(default = "space")]
    pub(super) scope_separator: String,
    #[serde(default)]
    pub(super) authorize_params: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) token_params: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) redirect: RedirectForm,
    #[serde(default = "code")]
    pub(super) code_param: String,
    #[serde(default)]
    pub(super) callback_proof: CallbackProof,
    #[serde(default)]
    pub(super) callback_store: Vec<String>,
    #[serde(default)]
    pub(super) token_store: Vec<String>,
    #[serde(default)]
    pub(super) refresh: RefreshTable,
}

/// The table `oauth.refresh`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefreshTable {
    #[serde(default)]
    pub(super) semantics: RefreshSemantics,
    pub(super) access_seconds: Option<u64>,
    pub(super) idle_seconds: Option<u64>,
    pub(super) absolute_seconds: Option<u64>,
    pub(super) every_seconds: Option<u64>,
    pub(super) grace_seconds: Option<u64>,
    pub(super) only_in_last_seconds: Option<u64>,
}

/// The table `[account]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountTable {
    pub(super) from: AccountOrigin,
    pub(super) url: Option<String>,
    pub(super) list: Option<String>,
    pub(super) id: String,
    pub(super) name: Option<String>,
}

/// The key `account.from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AccountOrigin {
    Request,
    Callback,
    Token,
}

/// One table `[[fields]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldTable {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) kind: FieldKind,
    #[serde(default)]
    pub(super) required: bool,
    pub(super) pattern: Option<String>,
    pub(super) suffix: Option<String>,
    pub(super) example: Option<String>,
    pub(super) default: Option<String>,
    #[serde(default)]
    pub(super) options: Vec<OptionTable>,
}

/// One of `options` of a field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OptionTable {
    pub(super) value: String,
    pub(super) label: String,
}

fn space() -> String {
    " ".to_owned()
}

fn code() -> String {
    "code".to_owned()
}
