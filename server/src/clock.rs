//! Where the time comes from: handed to everything that needs it, so that tests can walk a year in a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use time::{Duration, OffsetDateTime};

/// A clock that differs less than this from the one it follows is left alone: it takes time to ask.
const TOLERANCE: Duration = Duration::seconds(5);

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// The present moment, UTC.
    fn now(&self) -> OffsetDateTime;

    /// Is it a machine's, which may be wrong?
    fn may_be_wrong(&self) -> bool {
        false
    }
}

/// A clock shared by the parts of one server.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine"
    )]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    fn may_be_wrong(&self) -> bool {
        true
    }
}

/// A clock that follows another one, which several servers share. Else what one of them begins would be over at once
/// for another one whose clock is ahead.
pub struct FollowingClock {
    own: SharedClock,
    /// Milliseconds to add to the own one.
    correction: AtomicI64,
}

impl FollowingClock {
    /// A clock that shows what `own` shows until it learns better.
    #[must_use]
    pub fn new(own: SharedClock) -> Self {
        let correction = AtomicI64::new(0);
        Self { own, correction }
    }

    /// It is `shared` now. Answers by how much the own clock is ahead, where that is too much and has changed.
    pub fn learn(&self, shared: OffsetDateTime) -> Option<Duration> {
        if !self.own.may_be_wrong() {
            return None;
        }
        let ahead = self.own.now() - shared;
        let corrected = self.now() - shared;
        if corrected.abs() < TOLERANCE {
            return None;
        }
        let millis = if ahead.abs() < TOLERANCE {
            0
        } else {
            -ahead.whole_milliseconds()
        };
        let millis = i64::try_from(millis).unwrap_or_default();
        self.correction.store(millis, Ordering::SeqCst);
        Some(ahead)
    }
}

impl Clock for FollowingClock {
    fn now(&self) -> OffsetDateTime {
        self.own.now() + Duration::milliseconds(self.correction.load(Ordering::SeqCst))
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock showing `start`, to the second.
    #[must_use]
    pub fn new(start: OffsetDateTime) -> Self {
        Self(AtomicI64::new(start.unix_timestamp()))
    }

    /// Moves the clock by `step`, to the second.
    pub fn advance(&self, step: time::Duration) {
        self.0.fetch_add(step.whole_seconds(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0.load(Ordering::SeqCst))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, FollowingClock};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};
    use time::{Duration, OffsetDateTime};

    struct Machine(Arc<AtomicI64>);

    impl Clock for Machine {
        fn now(&self) -> OffsetDateTime {
            OffsetDateTime::UNIX_EPOCH + Duration::seconds(self.0.load(Ordering::SeqCst))
        }

        fn may_be_wrong(&self) -> bool {
            true
        }
    }

    #[test]
    fn follows_where_its_own_clock_goes_wrong_and_back() {
        let seconds = Arc::new(AtomicI64::new(0));
        let clock = FollowingClock::new(Arc::new(Machine(seconds.clone())));
        let truth = OffsetDateTime::UNIX_EPOCH;
        assert_eq!(clock.learn(truth + Duration::seconds(4)), None);
        assert_eq!(clock.now(), truth);
        seconds.store(600, Ordering::SeqCst);
        assert_eq!(clock.learn(truth), Some(Duration::minutes(10)));
        assert_eq!(clock.now(), truth);
        assert_eq!(clock.learn(truth), None, "it is known");
        seconds.store(0, Ordering::SeqCst);
        assert_eq!(clock.learn(truth), Some(Duration::ZERO));
        assert_eq!(clock.now(), truth);
    }
}
