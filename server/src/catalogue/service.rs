//! A service as the rest of the server sees it: a checked service file.

use super::fields::{CheckedFields, FieldError, FieldRule, check_fields};
use super::refresh::RefreshRule;
use super::template::{TextTemplate, UrlTemplate};
use railhead_protocol::{AuthorizationKind, ServiceCard, ServiceKind};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Something to connect to. Made by the catalogue only, so what it says has been checked.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its key, for example `quickbooks_online`; also the stem of its file's name.
    pub service_name: String,
    /// Its name for people.
    pub display_name: String,
    /// What it is for.
    pub kind: ServiceKind,
    /// Other names people search for.
    pub aliases: Vec<String>,
    /// Its place in lists, smaller is earlier; without one it comes after all ranked services.
    pub rank: Option<u32>,
    /// The file name of its mark, a plain name without a path.
    pub icon: Option<String>,
    /// Its brand colour as `#rrggbb`.
    pub color: Option<String>,
    /// How it is authorized.
    pub method: Method,
    /// What is asked of the end user before authorizing.
    pub fields: Vec<FieldRule>,
    /// Where the file's facts come from and how sure they are.
    pub facts: Facts,
}

/// How a service is authorized.
#[derive(Clone, Debug)]
pub enum Method {
    /// By the authorization code flow of OAuth 2.0 (RFC 6749, section 4.1).
    OAuth2Code(Box<OAuth>),
    /// At once, with demo data: the built-in service of the sandbox environment.
    Sandbox,
    /// In a way this version cannot do yet; such a service is not offered.
    Later(LaterMethod),
}

/// The ways of authorizing that service files may name although this version cannot do them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaterMethod {
    /// OAuth 2.0 started from the service's own app store.
    OAuth2CodeProviderInitiated,
    /// OAuth 1.0 tokens made by the customer.
    OAuth1Tba,
    /// A widget of the service itself, started with a one-time token.
    LinkToken,
    /// The service posts keys to us after consent.
    KeyHandoff,
    /// User name and password, or an API key.
    Credentials,
    /// A program on the customer's computer.
    DesktopAgent,
}

/// The OAuth 2.0 facts of a service.
#[derive(Clone, Debug)]
pub struct OAuth {
    /// Where the end user consents.
    pub authorize_url: UrlTemplate,
    /// Where a code or a refresh token is exchanged for tokens.
    pub token_url: UrlTemplate,
    /// Where tokens are revoked (RFC 7009).
    pub revoke_url: Option<UrlTemplate>,
    /// What the callback's `iss` must say where the service sends it (RFC 9207).
    pub issuer: Option<TextTemplate>,
    /// Is PKCE used?
    pub pkce: PkceMode,
    /// How the client proves itself at the token endpoint.
    pub client_auth: ClientAuth,
    /// How token requests are written.
    pub token_body: TokenBody,
    /// The scopes asked for.
    pub scopes: Vec<String>,
    /// What stands between two scopes.
    pub scope_separator: String,
    /// Further parameters of the authorization request.
    pub authorize_params: BTreeMap<String, TextTemplate>,
    /// Further parameters of the code exchange.
    pub token_params: BTreeMap<String, TextTemplate>,
    /// What `redirect_uri` says.
    pub redirect: RedirectForm,
    /// The callback parameter that carries the code.
    pub code_param: String,
    /// How the service signs the callback.
    pub callback_proof: CallbackProof,
    /// Callback parameters kept with the connection.
    pub callback_store: Vec<String>,
    /// Members of the token answer kept with the connection.
    pub token_store: Vec<String>,
    /// How access tokens are renewed.
    pub refresh: RefreshRule,
    /// How the account is found after consent; `None` when the service knows no choice of accounts.
    pub account: Option<AccountSource<UrlTemplate>>,
}

/// Is PKCE (RFC 7636) used?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PkceMode {
    /// Yes, with SHA-256.
    #[default]
    S256,
    /// No: the service refuses it.
    Omit,
}

/// What the parameter `redirect_uri` says (RFC 6749, section 3.1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectForm {
    /// The callback's address.
    #[default]
    Address,
    /// A name that the service gave the address when it was registered there, and that belongs to the client.
    RegisteredName,
}

/// How a service signs the callback's parameters, so that nobody else can have written them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackProof {
    /// Not at all, as RFC 6749 has it.
    #[default]
    None,
    /// The parameter `hmac` is the HMAC-SHA256, in hexadecimal, of all others, sorted by name and form-encoded, under
    /// the client secret.
    HmacSha256,
}

/// How the client proves itself at the token endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    /// HTTP Basic with form-encoded id and secret (RFC 6749, section 2.3.1).
    #[default]
    Basic,
    /// `client_id` and `client_secret` in the body.
    Post,
    /// `client_id` in the body, no secret.
    None,
}

/// How token requests are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenBody {
    /// `application/x-www-form-urlencoded`, as RFC 6749 says.
    #[default]
    Form,
    /// A JSON object of strings.
    Json,
}

/// How the account (an organisation, a company) is found after consent. `U` is how the address is known: as
/// a [`UrlTemplate`] in the catalogue, as a URL once it is resolved for one authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountSource<U> {
    /// The callback names it.
    Callback {
        /// The parameter with its id.
        id: String,
        /// The parameter with its name.
        name: Option<String>,
    },
    /// The token answer names it.
    Token {
        /// The member with its id.
        id: String,
        /// The member with its name.
        name: Option<String>,
    },
    /// The service's API lists them.
    Request {
        /// What to GET with the access token.
        url: U,
        /// JSON pointer to the list; empty for the answer itself.
        list: String,
        /// JSON pointer to the id inside an item.
        id: String,
        /// JSON pointer to the name inside an item.
        name: Option<String>,
    },
}

/// How sure the facts of a service file are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// Were the core facts seen on the service's own pages?
    pub verified: bool,
    /// Keys of the file that were not, as dotted paths.
    pub unverified: Vec<String>,
    /// The pages read.
    pub sources: Vec<String>,
    /// What else is good to know.
    pub notes: Option<String>,
}

impl Service {
    /// The public card: all that the widget learns.
    #[must_use]
    pub fn card(&self) -> ServiceCard {
        ServiceCard {
            service_name: self.service_name.clone(),
            display_name: self.display_name.clone(),
            kind: self.kind,
            aliases: self.aliases.clone(),
            icon: self.icon.as_ref().map(|icon| format!("/services/{icon}")),
            color: self.color.clone(),
            authorization: self.kind_of_authorization(),
            fields: self
                .fields
                .iter()
                .map(|rule| rule.field().clone())
                .collect(),
        }
    }

    /// How its authorization looks to the end user.
    #[must_use]
    pub fn kind_of_authorization(&self) -> AuthorizationKind {
        match &self.method {
            Method::OAuth2Code(_) => AuthorizationKind::Popup,
            Method::Sandbox => AuthorizationKind::Instant,
            Method::Later(later) => later.kind_of_authorization(),
        }
    }

    /// Can this version authorize it? Services that it cannot are not offered.
    #[must_use]
    pub fn is_supported(&self) -> bool {
        !matches!(self.method, Method::Later(_))
    }

    /// Its OAuth facts, if it is authorized that way.
    #[must_use]
    pub fn oauth(&self) -> Option<&OAuth> {
        match &self.method {
            Method::OAuth2Code(oauth) => Some(oauth),
            Method::Sandbox | Method::Later(_) => None,
        }
    }

    /// Checks what the end user entered: nothing unknown, nothing missing, everything as its pattern asks;
    /// fills in defaults.
    pub fn check_fields(
        &self,
        values: &BTreeMap<String, String>,
    ) -> Result<CheckedFields, FieldError> {
        check_fields(&self.fields, values)
    }
}

impl LaterMethod {
    fn kind_of_authorization(self) -> AuthorizationKind {
        match self {
            Self::OAuth2CodeProviderInitiated | Self::LinkToken | Self::KeyHandoff => {
                AuthorizationKind::Popup
            }
            Self::OAuth1Tba | Self::Credentials => AuthorizationKind::Form,
            Self::DesktopAgent => AuthorizationKind::Steps,
        }
    }
}

impl<U> AccountSource<U> {
    /// The same source with its address turned into another form of address.
    pub fn try_map<V, E>(
        &self,
        resolve: impl FnOnce(&U) -> Result<V, E>,
    ) -> Result<AccountSource<V>, E> {
        Ok(match self {
            Self::Callback { id, name } => AccountSource::Callback {
                id: id.clone(),
                name: name.clone(),
            },
            Self::Token { id, name } => AccountSource::Token {
                id: id.clone(),
                name: name.clone(),
            },
            Self::Request {
                url,
                list,
                id,
                name,
            } => AccountSource::Request {
                url: resolve(url)?,
                list: list.clone(),
                id: id.clone(),
                name: name.clone(),
            },
        })
    }
}
