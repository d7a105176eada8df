//! An endpoint of the workspace that is told what happens.

use super::id::WebhookId;
use super::tenant::Tenant;
use super::timestamp;
use crate::vault::Place;
use railhead_protocol::{DisabledReason, EventType};
use time::{Duration, OffsetDateTime};

/// How long the secret before goes on signing after a new one was made.
pub const SECRET_OVERLAP: Duration = Duration::hours(24);
/// An endpoint that nothing could be delivered to for this long is disabled.
pub const DISABLED_AFTER: Duration = Duration::days(5);

/// An endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose it is.
    pub tenant: Tenant,
    /// Where messages are posted.
    pub url: String,
    /// What it is told of; `None` means everything.
    pub types: Option<Vec<EventType>>,
    /// The workspace's own words.
    pub description: Option<String>,
    /// Why it is told nothing, if so.
    pub disabled: Option<DisabledReason>,
    /// Since when nothing could be delivered to it.
    pub failing_since: Option<OffsetDateTime>,
    /// Signs its messages.
    pub secret: SigningSecret,
    /// The one before, and until when it signs too.
    pub previous: Option<(SigningSecret, OffsetDateTime)>,
    /// Counts changes.
    pub revision: u32,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// A secret that signs, sealed by the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningSecret {
    /// What the vault made of it.
    pub sealed: String,
    /// Which one of its endpoint's it is, from 1.
    pub version: u32,
}

impl Webhook {
    /// Where its secret of `version` is sealed.
    #[must_use]
    pub fn secret_place(&self, version: u32) -> Place<'_> {
        Place {
            tenant: &self.tenant,
            record: self.id.as_str(),
            field: "signing_secret",
            version,
        }
    }

    /// The secrets that sign at `now`, the newest first.
    pub fn secrets_at(&self, now: OffsetDateTime) -> impl Iterator<Item = &SigningSecret> {
        let previous = self.previous.iter().filter(move |(_, until)| now < *until);
        std::iter::once(&self.secret).chain(previous.map(|(secret, _)| secret))
    }

    /// It signs with `sealed` from now on; the secret before goes on for a day.
    #[must_use]
    pub fn rotate(self, sealed: String, now: OffsetDateTime) -> Self {
        let version = self.secret.version + 1;
        Self {
            secret: SigningSecret { sealed, version },
            previous: Some((self.secret, now + SECRET_OVERLAP)),
            ..self
        }
    }

    /// As it travels.
    #[must_use]
    pub fn wire(&self, now: OffsetDateTime) -> railhead_protocol::Webhook {
        let overlap = self.previous.as_ref().map(|(_, until)| *until);
        railhead_protocol::Webhook {
            webhook_id: self.id.to_string(),
            url: self.url.clone(),
            types: self.types.clone(),
            description: self.description.clone(),
            enabled: self.disabled.is_none(),
            disabled_reason: self.disabled,
            failing_since: self.failing_since.map(timestamp),
            previous_secret_until: overlap.filter(|until| now < *until).map(timestamp),
            created_at: timestamp(self.created_at),
        }
    }
}
