//! How long a service that gave no tokens is left alone: longer each time, and never the same for all.

use crate::catalogue::RefreshRule;
use crate::entropy::{Entropy, fraction};
use std::time::Duration;

/// After the first failure.
const SHORTEST: Duration = Duration::from_secs(30);
/// After many.
const LONGEST: Duration = Duration::from_hours(1);
/// The most a service may ask for.
const LONGEST_ASKED: Duration = Duration::from_hours(24);

/// The wait after a failure that `failures` others came before, where the service asked for `asked`.
#[must_use]
pub(super) fn wait(
    rule: &RefreshRule,
    failures: u32,
    asked: Option<Duration>,
    entropy: &dyn Entropy,
) -> Duration {
    let doubled = SHORTEST.saturating_mul(1 << failures.min(16));
    let usual = doubled.min(rule.longest_wait(LONGEST));
    let spread = fraction(entropy);
    // Between half of it and all of it.
    let own = usual.mul_f64(0.5 + spread / 2.0);
    let asked = asked.unwrap_or_default().min(LONGEST_ASKED);
    // Never earlier than asked, and not all at the moment that was named to all.
    own.max(asked.mul_f64(1.0 + spread / 10.0))
}

#[cfg(test)]
mod tests {
    use super::wait;
    use crate::catalogue::RefreshRule;
    use crate::entropy::Entropy;
    use std::time::Duration;

    struct Always(u8);

    impl Entropy for Always {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    #[test]
    fn grows_to_an_hour_with_jitter_and_heeds_what_the_service_asks() {
        let (usual, grace) = (
            RefreshRule::default(),
            RefreshRule {
                grace: Some(Duration::from_mins(30)),
                ..RefreshRule::default()
            },
        );
        // rule, failures before, asked for, least and most seconds
        let table = [
            (usual, 0, None, 15, 30),
            (usual, 1, None, 30, 60),
            (usual, 6, None, 960, 1920),
            (usual, 7, None, 1800, 3600),
            (usual, u32::MAX, None, 1800, 3600),
            (grace, 9, None, 225, 450),
            (usual, 0, Some(120), 120, 132),
            (usual, 9, Some(120), 1800, 3600),
            (usual, 0, Some(u64::MAX), 86_400, 95_040),
        ];
        for (rule, failures, asked, least, most) in table {
            let asked = asked.map(Duration::from_secs);
            let seconds = |byte| wait(&rule, failures, asked, &Always(byte)).as_secs_f64();
            assert!(
                (seconds(0) - f64::from(least)).abs() < 0.1,
                "{failures} {asked:?}"
            );
            assert!(
                (seconds(255) - f64::from(most)).abs() < 0.1,
                "{failures} {asked:?}"
            );
        }
    }
}
