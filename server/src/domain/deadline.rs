//! How long an authorization stays open: a while, longer while the end user is seen to be busy, and not for ever.

use super::authorization::{Authorization, NotOpen, Phase};
use time::{Duration, OffsetDateTime};

/// How long the end user may take, unless they are seen to be busy with it.
pub const LIFETIME: Duration = Duration::minutes(10);

/// How long in a tab that the widget has left, where nobody can ask for more time.
pub const LIFETIME_AWAY: Duration = Duration::minutes(30);

/// How long at the very most, however often it is extended.
pub const MAX_LIFETIME: Duration = Duration::minutes(60);

impl Authorization {
    /// The end user is still busy with it.
    pub fn extend(self, now: OffsetDateTime) -> Result<Self, NotOpen> {
        if self.waits_for_the_user() && !self.is_due(now) {
            Ok(self.until(now + LIFETIME))
        } else {
            Err(NotOpen)
        }
    }

    /// Open until `end`, but not for ever, and not shorter than before.
    pub(super) fn until(self, end: OffsetDateTime) -> Self {
        let longest = self.created_at + MAX_LIFETIME;
        Self {
            expires_at: end.min(longest).max(self.expires_at),
            ..self
        }
    }

    fn waits_for_the_user(&self) -> bool {
        matches!(self.phase, Phase::Pending | Phase::Choosing { .. })
    }

    /// Is it too late at `now`? An accepted callback is finished even if that takes a little longer.
    #[must_use]
    pub fn is_due(&self, now: OffsetDateTime) -> bool {
        let waits = self.waits_for_the_user() || matches!(self.phase, Phase::Landed { .. });
        waits && now >= self.expires_at
    }

    /// Nobody finished in time.
    pub fn expire(self, now: OffsetDateTime) -> Result<Self, NotOpen> {
        if self.is_due(now) {
            Ok(self.moved(Phase::Expired))
        } else {
            Err(NotOpen)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Authorization, LIFETIME, MAX_LIFETIME, NotOpen, Phase};
    use crate::domain::authorization::tests::pending;
    use time::OffsetDateTime;

    #[test]
    fn is_extended_while_the_end_user_is_busy_but_not_for_ever() {
        let start = OffsetDateTime::UNIX_EPOCH;
        let minutes = time::Duration::minutes;
        let early = pending().extend(start).unwrap();
        assert_eq!(early.expires_at, start + LIFETIME);
        let mut busy = pending();
        for minute in (0..60).step_by(9) {
            busy = busy.extend(start + minutes(minute)).unwrap();
        }
        assert_eq!(busy.expires_at, start + MAX_LIFETIME);
        assert_eq!(busy.version, 1, "no poll has to answer for it");
        assert_eq!(busy.extend(start + MAX_LIFETIME), Err(NotOpen));
        assert_eq!(pending().extend(start + LIFETIME), Err(NotOpen));
        assert_eq!(pending().cancel().unwrap().extend(start), Err(NotOpen));
    }

    #[test]
    fn an_accepted_callback_does_not_expire() {
        let late = OffsetDateTime::UNIX_EPOCH + LIFETIME;
        let accepted = Phase::Accepted {
            sealed_code: "sealed".to_owned(),
        };
        assert!(
            Authorization {
                phase: accepted,
                ..pending()
            }
            .expire(late)
            .is_err()
        );
        assert_eq!(pending().expire(late).unwrap().phase, Phase::Expired);
        assert!(pending().expire(late - time::Duration::SECOND).is_err());
    }
}
