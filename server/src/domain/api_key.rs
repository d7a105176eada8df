//! API keys: whose data they open, what they may do there, and until when.

use super::id::ApiKeyId;
use super::tenant::Tenant;
use super::timestamp;
use crate::entropy::{self, Entropy};
use crate::secret::Digest;
use railhead_protocol::{Environment, Scope};
use std::collections::BTreeSet;
use time::{Duration, OffsetDateTime};

/// The longest name, in characters.
pub const MAX_NAME: usize = 80;
/// How exactly it is known when a key was last used.
pub const USE_GRAIN: Duration = Duration::MINUTE;
/// The shortest and the longest life that can be asked for.
const LIFETIMES: (Duration, Duration) = (Duration::MINUTE, Duration::days(3660));

/// What the server keeps of an API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its record's id.
    pub id: ApiKeyId,
    /// What it opens.
    pub tenant: Tenant,
    /// By which it is recognised.
    pub digest: Digest,
    /// What it is for, in its owner's words.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Until when it is good.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was revoked.
    pub revoked_at: Option<OffsetDateTime>,
    /// When it was last used, to [`USE_GRAIN`].
    pub last_used_at: Option<OffsetDateTime>,
}

/// What a key may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scopes {
    /// Everything, also what later versions bring.
    All,
    /// This.
    Only(BTreeSet<Scope>),
}

/// Why a key cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Its name.
    #[error("A key's name has at most 80 characters, none of them a control character.")]
    Name,
    /// It could do nothing.
    #[error("A key needs at least one scope.")]
    NoScope,
    /// It could do more than the key that asks for it.
    #[error("A key cannot make one that may do more: it lacks the scope {0} itself.")]
    MoreScopes(Scope),
    /// Its life.
    #[error("A key is good for at least a minute and at most ten years.")]
    Lifetime,
    /// It would be good for longer than the key that asks for it.
    #[error("A key cannot make one that outlives it.")]
    OutlivesMaker,
}

impl Scopes {
    /// Do they hold `scope`?
    #[must_use]
    pub fn allow(&self, scope: Scope) -> bool {
        match self {
            Self::All => true,
            Self::Only(scopes) => scopes.contains(&scope),
        }
    }

    /// Each of them.
    #[must_use]
    pub fn list(&self) -> Vec<Scope> {
        match self {
            Self::All => Scope::ALL.to_vec(),
            Self::Only(scopes) => scopes.iter().copied().collect(),
        }
    }

    /// The scopes for a key that one with these makes: those `asked` for, or the same.
    pub fn grant(&self, asked: Option<Vec<Scope>>) -> Result<Self, BadKey> {
        let Some(asked) = asked else {
            return Ok(self.clone());
        };
        if let Some(more) = asked.iter().find(|scope| !self.allow(**scope)) {
            return Err(BadKey::MoreScopes(*more));
        }
        if asked.is_empty() {
            return Err(BadKey::NoScope);
        }
        Ok(Self::Only(asked.into_iter().collect()))
    }
}

impl ApiKey {
    /// What the keys of an environment begin with, so that people see which they hold.
    #[must_use]
    pub const fn prefix(environment: Environment) -> &'static str {
        match environment {
            Environment::Sandbox => "rk_test_",
            Environment::Production => "rk_live_",
        }
    }

    /// A new key and its record.
    #[must_use]
    pub fn make(
        entropy: &dyn Entropy,
        tenant: Tenant,
        name: String,
        scopes: Scopes,
        life: (OffsetDateTime, Option<OffsetDateTime>),
    ) -> (String, Self) {
        let (created_at, expires_at) = life;
        let prefix = Self::prefix(tenant.environment);
        let key = format!("{prefix}{}", entropy::token(entropy));
        let record = Self {
            id: ApiKeyId::generate(entropy),
            tenant,
            digest: Digest::of(&key),
            name,
            scopes,
            created_at,
            expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        (key, record)
    }

    /// Is it good at `now`?
    #[must_use]
    pub fn is_good(&self, now: OffsetDateTime) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Is it worth writing down that it is used at `now`?
    #[must_use]
    pub fn is_use_news(&self, now: OffsetDateTime) -> bool {
        self.last_used_at
            .is_none_or(|last| now - last >= USE_GRAIN || last - now >= USE_GRAIN)
    }

    /// Until when a key is good that this one makes at `now`, for `lifetime` or for as long as this one.
    pub fn end_of_next(
        &self,
        lifetime: Option<Duration>,
        now: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, BadKey> {
        let end = lifetime.map(|lifetime| end(lifetime, now)).transpose()?;
        match (end, self.expires_at) {
            (Some(end), Some(own)) if own < end => Err(BadKey::OutlivesMaker),
            (end, own) => Ok(end.or(own)),
        }
    }

    /// As it travels.
    #[must_use]
    pub fn wire(&self) -> railhead_protocol::ApiKey {
        railhead_protocol::ApiKey {
            key_id: self.id.to_string(),
            name: self.name.clone(),
            environment: self.tenant.environment,
            scopes: self.scopes.list(),
            created_at: timestamp(self.created_at),
            expires_at: self.expires_at.map(timestamp),
            revoked_at: self.revoked_at.map(timestamp),
            last_used_at: self.last_used_at.map(timestamp),
        }
    }
}

/// When a key ends that is good for `lifetime` from `now` on.
pub fn end(lifetime: Duration, now: OffsetDateTime) -> Result<OffsetDateTime, BadKey> {
    let (shortest, longest) = LIFETIMES;
    if (shortest..=longest).contains(&lifetime) {
        Ok(now + lifetime)
    } else {
        Err(BadKey::Lifetime)
    }
}

/// A key's name, checked.
pub fn name(text: &str) -> Result<String, BadKey> {
    let name = text.trim();
    if name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control) {
        Ok(name.to_owned())
    } else {
        Err(BadKey::Name)
    }
}

#[cfg(test)]
mod tests {
    use super::{ApiKey, BadKey, Scopes};
    use crate::domain::tenant::Tenant;
    use crate::entropy::SystemEntropy;
    use railhead_protocol::{Environment, Scope};
    use time::{Duration, OffsetDateTime};

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn key(scopes: Scopes, expires_at: Option<OffsetDateTime>) -> ApiKey {
        let tenant = Tenant {
            workspace: "wsp_1".into(),
            environment: Environment::Sandbox,
        };
        ApiKey::make(
            &SystemEntropy,
            tenant,
            String::new(),
            scopes,
            (NOW, expires_at),
        )
        .1
    }

    #[test]
    fn grants_no_more_than_it_has() {
        let reader = Scopes::Only([Scope::BusinessesRead, Scope::KeysWrite].into());
        assert_eq!(reader.grant(None), Ok(reader.clone()));
        let less = Scopes::Only([Scope::BusinessesRead].into());
        assert_eq!(reader.grant(Some(vec![Scope::BusinessesRead])), Ok(less));
        let more = Some(vec![Scope::BusinessesRead, Scope::CredentialsRead]);
        let refused = Err(BadKey::MoreScopes(Scope::CredentialsRead));
        assert_eq!(reader.grant(more), refused);
        assert_eq!(reader.grant(Some(Vec::new())), Err(BadKey::NoScope));
        assert_eq!(Scopes::All.grant(None), Ok(Scopes::All));
    }

    #[test]
    fn makes_none_that_outlives_it() {
        let day = Duration::DAY;
        let mortal = key(Scopes::All, Some(NOW + day));
        assert_eq!(mortal.end_of_next(None, NOW), Ok(Some(NOW + day)));
        assert_eq!(
            mortal.end_of_next(Some(day * 2), NOW),
            Err(BadKey::OutlivesMaker)
        );
        let endless = key(Scopes::All, None);
        assert_eq!(endless.end_of_next(None, NOW), Ok(None));
        assert_eq!(
            endless.end_of_next(Some(day * 2), NOW),
            Ok(Some(NOW + day * 2))
        );
        for wrong in [Duration::ZERO, Duration::seconds(59), day * 4000] {
            assert_eq!(endless.end_of_next(Some(wrong), NOW), Err(BadKey::Lifetime));
        }
    }

    #[test]
    fn is_good_until_it_ends_or_is_revoked() {
        let mut key = key(Scopes::All, Some(NOW + Duration::MINUTE));
        assert!(key.is_good(NOW));
        assert!(!key.is_good(NOW + Duration::MINUTE));
        key.revoked_at = Some(NOW);
        assert!(!key.is_good(NOW));
    }
}
