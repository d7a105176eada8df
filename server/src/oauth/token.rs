//! The token endpoint: a code or a refresh token for tokens.

use super::answer::Members;
use super::client;
use super::http::{Answer, Http, HttpError};
use super::provider::Provider;
use crate::measure::{self, names};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// What the token endpoint gave. `Debug` shows no token, and of the extras the names only.
#[derive(Clone)]
pub struct Tokens {
    /// For the service's API.
    pub access_token: SecretString,
    /// For the next access token. On a refresh, `None` means: keep the one in hand.
    pub refresh_token: Option<SecretString>,
    /// Nearly always `Bearer`.
    pub token_type: String,
    /// How long the access token lasts from now on: as the answer says, else as the service's file says.
    pub expires_in: Option<Duration>,
    /// How long the refresh token lasts from now on, if the answer says so.
    pub refresh_expires_in: Option<Duration>,
    /// The scopes granted; those asked for when the answer doesn't say. On a refresh, empty means: unchanged.
    pub scopes: Vec<String>,
    /// The members that [`Provider::token_store`] names, as far as they came.
    pub extra: BTreeMap<String, String>,
}

/// Why there are no tokens. Holds neither a secret nor anything of the answer but its status and, where it is a known
/// one, its error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The code or refresh token is refused (`invalid_grant` and its like): ask the end user again.
    #[error("the service refuses the grant ({code})")]
    Denied {
        /// The service's error code.
        code: &'static str,
        /// What it says about the reason.
        denial: Denial,
    },
    /// The client id or secret is refused: the operator has to act.
    #[error("the service refuses the client ({code})")]
    InvalidClient {
        /// The service's error code.
        code: &'static str,
    },
    /// Not now: 5xx, 429, time-out, network. What is in hand stays good.
    #[error("the service is not available ({reason})")]
    Unavailable {
        /// What happened.
        reason: Unavailable,
        /// How long the service asks to wait.
        retry_after: Option<Duration>,
    },
    /// The request is refused for another reason, such as a scope.
    #[error("the service refuses the request (HTTP {status}, {code})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The service's error code.
        code: &'static str,
    },
    /// The answer is not one of a token endpoint.
    #[error("the service's answer cannot be understood: {0}")]
    Malformed(&'static str),
    /// The token endpoint is not an address to talk to.
    #[error("the token endpoint's address is refused: {0}")]
    Blocked(&'static str),
}

/// Why a service refuses a grant, as far as it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// It doesn't say, or it could be anything.
    Unsaid,
    /// It ran out.
    Expired,
    /// It was taken back.
    Revoked,
}

/// Where answers say how long the refresh token lasts.
const REFRESH_LIFETIME: [&str; 3] = [
    "refresh_token_expires_in",
    "x_refresh_token_expires_in",
    "refresh_expires_in",
];

/// What kept a service from answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// No connection.
    #[error("network")]
    Network,
    /// No answer in time.
    #[error("time-out")]
    TimedOut,
    /// It says so itself, by this HTTP status.
    #[error("HTTP {0}")]
    Status(u16),
    /// It says so itself, by an OAuth error code.
    #[error("said by the service")]
    Said,
}

/// Exchanges `code` (RFC 6749, section 4.1.3). `redirect_uri` is the one of the authorization request, `verifier`
/// the one whose challenge it carried.
pub async fn exchange(
    http: &Http,
    provider: &Provider,
    code: &SecretString,
    redirect_uri: &Url,
    verifier: Option<&SecretString>,
) -> Result<Tokens, TokenError> {
    let mut params = vec![
        ("grant_type", "authorization_code"),
        ("code", code.expose_secret()),
        ("redirect_uri", provider.redirect_uri(redirect_uri)),
    ];
    if let Some(verifier) = verifier {
        params.push(("code_verifier", verifier.expose_secret()));
    }
    params.extend(
        provider
            .token_params
            .iter()
            .map(|(name, value)| (&**name, &**value)),
    );
    let tokens = request(http, provider, params).await;
    measure::tokens(
        names::TOKEN_EXCHANGES,
        &provider.service_name,
        outcome(&tokens),
    );
    let mut tokens = tokens?;
    if tokens.scopes.is_empty() {
        tokens.scopes.clone_from(&provider.scopes);
    }
    Ok(tokens)
}

/// Gets a new access token (RFC 6749, section 6).
pub async fn refresh(
    http: &Http,
    provider: &Provider,
    refresh_token: &SecretString,
) -> Result<Tokens, TokenError> {
    let params = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose_secret()),
    ];
    let tokens = request(http, provider, params).await;
    measure::tokens(
        names::TOKEN_REFRESHES,
        &provider.service_name,
        outcome(&tokens),
    );
    tokens
}

/// How a token request ended, for the metrics.
fn outcome(tokens: &Result<Tokens, TokenError>) -> &'static str {
    match tokens {
        Ok(_) => "granted",
        Err(TokenError::Denied { .. }) => "denied",
        Err(TokenError::InvalidClient { .. }) => "client_refused",
        Err(TokenError::Unavailable { .. }) => "unavailable",
        Err(TokenError::Refused { .. }) => "refused",
        Err(TokenError::Malformed(_)) => "malformed",
        Err(TokenError::Blocked(_)) => "blocked",
    }
}

async fn request(
    http: &Http,
    provider: &Provider,
    params: Vec<(&str, &str)>,
) -> Result<Tokens, TokenError> {
    let answer = client::post(http, provider, &provider.token_url, params).await?;
    let members = judge(&answer)?.map_err(TokenError::Malformed)?;
    tokens(&members, provider).map_err(TokenError::Malformed)
}

/// Finds out whether `answer` says yes. The inner result tells whether what it says can be read: revocation, whose
/// answer says nothing else, doesn't care.
pub(super) fn judge(answer: &Answer) -> Result<Result<Members, &'static str>, TokenError> {
    let status = answer.status;
    if status.is_server_error() || matches!(status.as_u16(), 408 | 429) {
        let reason = Unavailable::Status(status.as_u16());
        return Err(TokenError::Unavailable {
            reason,
            retry_after: answer.retry_after,
        });
    }
    if status.is_redirection() {
        return Err(TokenError::Malformed("it is a redirect"));
    }
    let members = Members::parse(answer);
    let code = members.as_ref().ok().and_then(Members::error);
    if status.is_success() && code.is_none() {
        return Ok(members);
    }
    Err(match code {
        Some(
            code @ ("access_denied" | "expired_token" | "invalid_code" | "invalid_grant"
            | "invalid_token"),
        ) => TokenError::Denied {
            code,
            denial: members.map_or(Denial::Unsaid, |members| denial(code, &members)),
        },
        Some(code @ ("invalid_client" | "invalid_client_secret" | "unauthorized_client")) => {
            TokenError::InvalidClient { code }
        }
        Some("server_error" | "slow_down" | "temporarily_unavailable") => TokenError::Unavailable {
            reason: Unavailable::Said,
            retry_after: answer.retry_after,
        },
        None if status.as_u16() == 401 => TokenError::InvalidClient { code: "HTTP 401" },
        code => TokenError::Refused {
            status: status.as_u16(),
            code: code.unwrap_or("no error code"),
        },
    })
}

/// Many services answer `invalid_grant` whatever happened, and explain it for people: one word of that is enough, unless
/// the explanation lists everything that could be.
fn denial(code: &str, members: &Members) -> Denial {
    let said = members.text("error_description").unwrap_or_default();
    let says = |word| said.to_ascii_lowercase().contains(word);
    // A token that was used twice is not what somebody took back.
    let unclear = says("invalid") || says("used");
    match (code, says("revoked"), says("expired"), unclear) {
        ("access_denied", ..) | (_, true, false, false) => Denial::Revoked,
        ("expired_token", ..) | (_, false, true, false) => Denial::Expired,
        _ => Denial::Unsaid,
    }
}

pub(super) fn tokens(members: &Members, provider: &Provider) -> Result<Tokens, &'static str> {
    let access_token = members
        .secret("access_token")?
        .ok_or("it has no access token")?;
    let extra = provider.token_store.iter();
    Ok(Tokens {
        access_token,
        refresh_token: members.secret("refresh_token")?,
        token_type: members
            .text("token_type")
            .unwrap_or_else(|| "Bearer".to_owned()),
        expires_in: members.seconds("expires_in").or(provider.refresh.access),
        refresh_expires_in: REFRESH_LIFETIME
            .iter()
            .find_map(|name| members.seconds(name)),
        scopes: members
            .list("scope", &provider.scope_separator)
            .unwrap_or_default(),
        extra: extra
            .filter_map(|name| Some((name.clone(), members.text(name)?)))
            .collect(),
    })
}

impl TokenError {
    /// Is it worth trying again later with the same tokens?
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }
}

impl From<HttpError> for TokenError {
    fn from(error: HttpError) -> Self {
        let unavailable = |reason| Self::Unavailable {
            reason,
            retry_after: None,
        };
        match error {
            HttpError::Refused(why) => Self::Blocked(why),
            HttpError::Unreachable => unavailable(Unavailable::Network),
            HttpError::TimedOut => unavailable(Unavailable::TimedOut),
            HttpError::TooLarge => Self::Malformed("it is too large"),
        }
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens")
            .field("access_token", &self.access_token)
            .field("refresh_token", &self.refresh_token)
            .field("token_type", &self.token_type)
            .field("expires_in", &self.expires_in)
            .field("refresh_expires_in", &self.refresh_expires_in)
            .field("scopes", &self.scopes)
            .field("extra", &self.extra.keys())
            .finish()
    }
}
