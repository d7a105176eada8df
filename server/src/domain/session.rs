//! One visit of one end user to one widget.

use super::id::{BusinessId, SessionId, WidgetId};
use super::tenant::Tenant;
use super::widget::Origin;
use time::{Duration, OffsetDateTime};

/// How long a session lasts, whatever happens in it.
pub const LIFETIME: Duration = Duration::hours(24);

/// What a session's token begins with.
pub const TOKEN_PREFIX: &str = "ses_";

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
