//! One visit of one end user to one widget.

use super::id::{BusinessId, SessionId, WidgetId};
use super::tenant::Tenant;
use super::widget::Origin;
use railhead_protocol::Metadata;
use time::{Duration, OffsetDateTime};

/// How long a session lasts, whatever happens in it.
pub const LIFETIME: Duration = Duration::hours(24);

/// What a session's token begins with.
pub const TOKEN_PREFIX: &str = "ses_";

/// What the secret in the address of the hosted page begins with.
pub const LINK_PREFIX: &str = "lnk_";

/// The shortest life of a minted session; the longest is [`LIFETIME`].
const SHORTEST: Duration = Duration::minutes(5);
/// The life of a minted session that asks for none.
const USUAL: Duration = Duration::minutes(30);
/// The most bytes of metadata, written as JSON.
const MAX_METADATA: usize = 2048;

/// A session. Its token is known to the browser only; the store recognises it by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its record's id.
    pub id: SessionId,
    /// Whose data it works on.
    pub tenant: Tenant,
    /// The widget visited.
    pub widget: WidgetId,
    /// Whose accounts are connected.
    pub business: BusinessId,
    /// The page that embeds the widget; no other page may use the session.
    pub origin: Origin,
    /// When it began.
    pub created_at: OffsetDateTime,
    /// When it ends.
    pub expires_at: OffsetDateTime,
    /// Facts of the company's own.
    pub metadata: Metadata,
    /// The end user's language, if the company's server named it.
    pub locale: Option<String>,
    /// Did the company's server ask for it?
    pub minted: bool,
    /// The session with whose link the hosted page was opened.
    pub minted_from: Option<SessionId>,
}

/// What was asked for a session cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSession {
    /// Its life.
    #[error("A session lasts 300 to 86400 seconds.")]
    Lifetime,
    /// The facts to keep with it.
    #[error("Metadata is a JSON object of at most 2 KiB.")]
    Metadata,
    /// The language.
    #[error("A language is written like en or pt-BR.")]
    Locale,
}

/// How long a minted session lasts for which so many seconds were asked.
pub fn lifetime(asked: Option<u64>) -> Result<Duration, BadSession> {
    let Some(seconds) = asked else {
        return Ok(USUAL);
    };
    let asked = i64::try_from(seconds).map_or(Duration::MAX, Duration::seconds);
    if (SHORTEST..=LIFETIME).contains(&asked) {
        Ok(asked)
    } else {
        Err(BadSession::Lifetime)
    }
}

/// Metadata that is not too much.
pub fn checked_metadata(metadata: Metadata) -> Result<Metadata, BadSession> {
    let written = serde_json::to_string(&metadata).map_err(|_| BadSession::Metadata)?;
    if written.len() <= MAX_METADATA {
        Ok(metadata)
    } else {
        Err(BadSession::Metadata)
    }
}

/// The metadata that a page has sent as text.
pub fn read_metadata(text: Option<&str>) -> Result<Metadata, BadSession> {
    let Some(text) = text else {
        return Ok(Metadata::new());
    };
    let metadata = serde_json::from_str(text).map_err(|_| BadSession::Metadata)?;
    checked_metadata(metadata)
}

/// A language as browsers write it (BCP 47).
pub fn checked_locale(locale: Option<String>) -> Result<Option<String>, BadSession> {
    let well_formed = |text: &String| {
        (2..=35).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if locale.as_ref().is_none_or(well_formed) {
        Ok(locale)
    } else {
        Err(BadSession::Locale)
    }
}

/// The session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The session is over.")]
pub struct SessionOver;

impl Session {
    /// The session, if it still lasts at `now`.
    pub fn at(self, now: OffsetDateTime) -> Result<Self, SessionOver> {
        if now < self.expires_at {
            Ok(self)
        } else {
            Err(SessionOver)
        }
    }
}
