//! A message on its way to an endpoint: when it is tried, and when it is given up.

use super::id::{DeliveryId, EventId, WebhookId};
use super::timestamp;
use railhead_protocol::{DeliveryAttempt, DeliveryStatus, EventType};
use time::{Duration, OffsetDateTime};

/// How long a message is tried, from the first attempt on.
pub const TRIED_FOR: Duration = Duration::hours(24);
/// How long to wait after each attempt that failed. After the last of these one more follows, at the very end.
const WAITS: [Duration; 9] = [
    Duration::seconds(5),
    Duration::seconds(30),
    Duration::minutes(2),
    Duration::minutes(10),
    Duration::minutes(30),
    Duration::hours(1),
    Duration::hours(2),
    Duration::hours(4),
    Duration::hours(8),
];
/// How many attempts are remembered: a full round, and some of those before it.
const REMEMBERED: usize = 25;

/// A delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// To which endpoint.
    pub webhook: WebhookId,
    /// Of which event.
    pub event: EventId,
    /// What happened.
    pub kind: EventType,
    /// How far it is.
    pub status: DeliveryStatus,
    /// The attempts since it was queued or replayed.
    pub round: Round,
    /// When it is tried next, while it is pending.
    pub next_attempt_at: Option<OffsetDateTime>,
    /// The latest attempts, oldest first.
    pub attempts: Vec<DeliveryAttempt>,
    /// When what it tells of happened.
    pub created_at: OffsetDateTime,
}

/// A series of attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// When the first one was made.
    pub started_at: Option<OffsetDateTime>,
    /// How many were made.
    pub attempts: u32,
}

impl Round {
    /// One more attempt was made.
    #[must_use]
    pub fn attempted(self, now: OffsetDateTime) -> Self {
        Self {
            started_at: self.started_at.or(Some(now)),
            attempts: self.attempts.saturating_add(1),
        }
    }

    /// When to try again after the attempt just counted has failed; `None` when it is time to give up.
    ///
    /// `jitter` lies between 0 and 1 and stretches the wait by up to a tenth, so that messages that failed together
    /// are not tried together. `at_least` is what the endpoint asked for, heard within the time a message is tried.
    #[must_use]
    pub fn next(
        self,
        now: OffsetDateTime,
        at_least: Option<Duration>,
        jitter: f64,
    ) -> Option<OffsetDateTime> {
        let end = self.started_at.unwrap_or(now) + TRIED_FOR;
        if now >= end {
            return None;
        }
        let index = usize::try_from(self.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        let Some(wait) = WAITS.get(index) else {
            return Some(end);
        };
        let wait = *wait + *wait * (0.1 * jitter.clamp(0.0, 1.0));
        let wait = at_least.map_or(wait, |least| wait.max(least.min(TRIED_FOR)));
        Some(end.min(now + wait))
    }
}

/// `attempts` with one more, without the oldest where there are many.
#[must_use]
pub fn remember(
    mut attempts: Vec<DeliveryAttempt>,
    attempt: DeliveryAttempt,
) -> Vec<DeliveryAttempt> {
    attempts.push(attempt);
    attempts.drain(..attempts.len().saturating_sub(REMEMBERED));
    attempts
}

impl Delivery {
    /// As it travels.
    #[must_use]
    pub fn wire(&self) -> railhead_protocol::Delivery {
        railhead_protocol::Delivery {
            delivery_id: self.id.to_string(),
            event_id: self.event.to_string(),
            kind: self.kind,
            status: self.status,
            created_at: timestamp(self.created_at),
            next_attempt_at: self.next_attempt_at.map(timestamp),
            attempts: self.attempts.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{REMEMBERED, Round, TRIED_FOR, remember};
    use railhead_protocol::DeliveryAttempt;
    use time::{Duration, OffsetDateTime};

    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    #[test]
    fn waits_longer_each_time_and_gives_up_after_a_day() {
        for jitter in [0.0, 0.5, 1.0] {
            let (mut round, mut now, mut waits) = (Round::default(), START, Vec::new());
            loop {
                round = round.attempted(now);
                let Some(next) = round.next(now, None, jitter) else {
                    break;
                };
                waits.push(next - now);
                now = next;
            }
            assert_eq!(now - START, TRIED_FOR);
            assert_eq!(round.attempts, 11);
            assert!(waits[..9].is_sorted(), "{waits:?}");
            assert_eq!(
                waits[0],
                Duration::seconds(5) + Duration::milliseconds(500) * jitter
            );
        }
    }

    #[test]
    fn waits_as_long_as_the_endpoint_asks_but_not_beyond_the_day() {
        let round = Round::default().attempted(START);
        let next = |asked| round.next(START, Some(asked), 0.0).unwrap() - START;
        assert_eq!(next(Duration::minutes(3)), Duration::minutes(3));
        assert_eq!(next(Duration::SECOND), Duration::seconds(5));
        assert_eq!(next(Duration::MAX), TRIED_FOR);
    }

    #[test]
    fn a_message_first_tried_late_has_its_day_all_the_same() {
        let late = START + Duration::days(3);
        let round = Round::default().attempted(late);
        assert_eq!(
            round.next(late, None, 0.0),
            Some(late + Duration::seconds(5))
        );
    }

    #[test]
    fn remembers_the_latest_attempts() {
        let mut attempts = Vec::new();
        for number in 0..100 {
            let attempt = DeliveryAttempt {
                at: String::new(),
                duration_ms: number,
                status_code: None,
                error: None,
            };
            attempts = remember(attempts, attempt);
        }
        let last = attempts.last().map(|attempt| attempt.duration_ms);
        assert_eq!((attempts.len(), last), (REMEMBERED, Some(99)));
    }
}
