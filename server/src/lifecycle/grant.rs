//! What a service granted, as the vault keeps it.

use crate::catalogue::TokenTimes;
use crate::domain::connection::Connection;
use crate::domain::id::ConnectionId;
use crate::domain::tenant::Tenant;
use crate::oauth::Tokens;
use crate::store::SealedCredentials;
use crate::vault::{Place, Vault};
use railhead_vault::{OpenError, SealError};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// Tokens, when they run out, and what came with them.
#[derive(Clone)]
pub struct Grant {
    /// For the service's API.
    pub access_token: SecretString,
    /// For the next access token.
    pub refresh_token: Option<SecretString>,
    /// Nearly always `Bearer`.
    pub token_type: String,
    /// The scopes granted.
    pub scopes: Vec<String>,
    /// When the access token came, by our clock.
    pub received_at: OffsetDateTime,
    /// When the access token runs out, by our clock; `None` if the service doesn't say.
    pub expires_at: Option<OffsetDateTime>,
    /// When the refresh token runs out, by our clock, if the service said so.
    pub refresh_expires_at: Option<OffsetDateTime>,
    /// Callback parameters kept.
    pub callback: BTreeMap<String, String>,
    /// Members of the token answer kept.
    pub extra: BTreeMap<String, String>,
}

/// Why credentials could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// Sealing failed.
    #[error("the credentials could not be sealed")]
    Seal(#[from] SealError),
    /// Opening failed.
    #[error("the credentials of {connection} do not open")]
    Open {
        /// The connection.
        connection: ConnectionId,
        /// Why.
        source: OpenError,
    },
    /// They opened, but do not say what they have to.
    #[error("the credentials of a connection are not of a form this version knows")]
    Form(#[from] serde_json::Error),
}

impl Grant {
    /// A grant from what the token endpoint answered at `now`.
    #[must_use]
    pub fn first(tokens: Tokens, callback: BTreeMap<String, String>, now: OffsetDateTime) -> Self {
        let end = |lasts: Duration| now.checked_add(lasts.try_into().ok()?);
        Self {
            received_at: now,
            expires_at: tokens.expires_in.and_then(end),
            refresh_expires_at: tokens.refresh_expires_in.and_then(end),
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            token_type: tokens.token_type,
            scopes: tokens.scopes,
            callback,
            extra: tokens.extra,
        }
    }

    /// The grant after a refresh at `now`: what the answer leaves out stays as it was.
    #[must_use]
    pub fn renewed(self, tokens: Tokens, now: OffsetDateTime) -> Self {
        let scopes = if tokens.scopes.is_empty() {
            self.scopes
        } else {
            tokens.scopes.clone()
        };
        let mut extra = self.extra;
        extra.extend(tokens.extra.clone());
        // A service that says once how long its access tokens last means all of them.
        let lasted = self.expires_at.map(|end| end - self.received_at);
        let known = lasted.filter(|_| self.received_at > OffsetDateTime::UNIX_EPOCH);
        let expires_in = tokens
            .expires_in
            .or(known.and_then(|lasts| lasts.try_into().ok()));
        let tokens = Tokens {
            expires_in,
            ..tokens
        };
        let renewed = Self::first(tokens, self.callback, now);
        // One that stays the same also ends when it was to end before, unless the service says otherwise.
        let old = |token: &SecretString| renewed.is_refreshed_by(token);
        let stays = renewed.refresh_token.is_none() || self.refresh_token.as_ref().is_some_and(old);
        let known_end = self.refresh_expires_at.filter(|_| stays);
        Self {
            refresh_token: renewed.refresh_token.or(self.refresh_token),
            refresh_expires_at: renewed.refresh_expires_at.or(known_end),
            scopes,
            extra,
            ..renewed
        }
    }

    fn is_refreshed_by(&self, token: &SecretString) -> bool {
        let own = self.refresh_token.as_ref().map(SecretString::expose_secret);
        own == Some(token.expose_secret())
    }

    /// When the tokens came and end; without an end where there is nothing to renew them with.
    #[must_use]
    pub fn times(&self) -> TokenTimes {
        TokenTimes {
            received_at: self.received_at,
            expires_at: self.expires_at.filter(|_| self.refresh_token.is_some()),
            refresh_expires_at: self.refresh_expires_at,
        }
    }

    /// The grant as the token endpoint gave it.
    #[must_use]
    pub fn tokens(&self, now: OffsetDateTime) -> Tokens {
        let left = self
            .expires_at
            .map(|at| Duration::try_from(at - now).unwrap_or_default());
        Tokens {
            access_token: self.access_token.clone(),
            refresh_token: self.refresh_token.clone(),
            token_type: self.token_type.clone(),
            expires_in: left,
            refresh_expires_in: None,
            scopes: self.scopes.clone(),
            extra: self.extra.clone(),
        }
    }

    /// Seals the grant as the next version of the credentials of `connection`.
    pub fn seal(
        &self,
        vault: &Vault,
        connection: &Connection,
        version: u32,
    ) -> Result<SealedCredentials, GrantError> {
        let secret = SecretString::from(serde_json::to_string(&AtRest::from(self))?);
        let sealed = vault.seal(&place(&connection.tenant, &connection.id, version), &secret)?;
        Ok(SealedCredentials { sealed, version })
    }

    /// Opens the credentials of the connection `id`.
    pub fn open(
        vault: &Vault,
        tenant: &Tenant,
        id: &ConnectionId,
        credentials: &SealedCredentials,
    ) -> Result<Self, GrantError> {
        let opened = vault.unseal(&place(tenant, id, credentials.version), &credentials.sealed);
        let secret = opened.map_err(|source| GrantError::Open {
            connection: id.clone(),
            source,
        })?;
        let at_rest: AtRest = serde_json::from_str(secret.expose_secret())?;
        Ok(at_rest.into())
    }
}

fn place<'a>(tenant: &'a Tenant, id: &'a ConnectionId, version: u32) -> Place<'a> {
    Place {
        tenant,
        record: id.as_str(),
        field: "credentials",
        version,
    }
}

/// The form under the seal.
#[derive(Serialize, Deserialize)]
struct AtRest {
    access_token: Zeroizing<String>,
    refresh_token: Option<Zeroizing<String>>,
    token_type: String,
    scopes: Vec<String>,
    /// Unix seconds; the epoch in what the first version sealed.
    #[serde(default)]
    received_at: i64,
    /// Unix seconds.
    expires_at: Option<i64>,
    /// Unix seconds.
    #[serde(default)]
    refresh_expires_at: Option<i64>,
    callback: BTreeMap<String, String>,
    extra: BTreeMap<String, String>,
}

impl From<&Grant> for AtRest {
    fn from(grant: &Grant) -> Self {
        let text = |secret: &SecretString| Zeroizing::new(secret.expose_secret().to_owned());
        Self {
            access_token: text(&grant.access_token),
            refresh_token: grant.refresh_token.as_ref().map(text),
            token_type: grant.token_type.clone(),
            scopes: grant.scopes.clone(),
            received_at: grant.received_at.unix_timestamp(),
            expires_at: grant.expires_at.map(OffsetDateTime::unix_timestamp),
            refresh_expires_at: grant.refresh_expires_at.map(OffsetDateTime::unix_timestamp),
            callback: grant.callback.clone(),
            extra: grant.extra.clone(),
        }
    }
}

impl From<AtRest> for Grant {
    fn from(at_rest: AtRest) -> Self {
        let secret = |text: Zeroizing<String>| SecretString::from(text.as_str());
        let time = |at| OffsetDateTime::from_unix_timestamp(at).ok();
        Self {
            access_token: secret(at_rest.access_token),
            refresh_token: at_rest.refresh_token.map(secret),
            token_type: at_rest.token_type,
            scopes: at_rest.scopes,
            received_at: time(at_rest.received_at).unwrap_or(OffsetDateTime::UNIX_EPOCH),
            expires_at: at_rest.expires_at.and_then(time),
            refresh_expires_at: at_rest.refresh_expires_at.and_then(time),
            callback: at_rest.callback,
            extra: at_rest.extra,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Grant;
    use crate::oauth::Tokens;
    use secrecy::ExposeSecret as _;
    use std::time::Duration;
    use time::OffsetDateTime;

    fn tokens(access: &str, refresh: Option<&str>) -> Tokens {
        Tokens {
            access_token: access.into(),
            refresh_token: refresh.map(Into::into),
            token_type: "Bearer".to_owned(),
            expires_in: Some(Duration::from_mins(30)),
            refresh_expires_in: None,
            scopes: Vec::new(),
            extra: [("realm".to_owned(), access.to_owned())].into(),
        }
    }

    #[test]
    fn keeps_the_refresh_token_that_an_answer_leaves_out() {
        let start = OffsetDateTime::UNIX_EPOCH;
        let scopes = vec!["read".to_owned()];
        let first = Grant {
            scopes,
            ..Grant::first(tokens("a1", Some("r1")), [].into(), start)
        };
        let later = start + Duration::from_secs(1700);
        let renewed = first.renewed(tokens("a2", None), later);
        assert_eq!(renewed.access_token.expose_secret(), "a2");
        assert_eq!(renewed.refresh_token.unwrap().expose_secret(), "r1");
        assert_eq!(renewed.scopes, ["read"]);
        assert_eq!(renewed.expires_at, Some(later + Duration::from_mins(30)));
        assert_eq!(renewed.extra["realm"], "a2");
        assert_eq!(renewed.received_at, later);
    }

    #[test]
    fn a_refresh_token_that_stays_keeps_its_end() {
        let start = OffsetDateTime::UNIX_EPOCH;
        let said = Tokens {
            refresh_expires_in: Some(Duration::from_hours(24)),
            ..tokens("a1", Some("r1"))
        };
        let first = Grant::first(said, [].into(), start);
        let end = Some(start + Duration::from_hours(24));
        for (answered, kept) in [(None, end), (Some("r1"), end), (Some("r2"), None)] {
            let renewed = first.clone().renewed(tokens("a2", answered), start);
            assert_eq!(renewed.refresh_expires_at, kept, "{answered:?}");
        }
    }
}
