//! When to ask the server again: at once after an answer, later and later while it does not answer, and never in step
//! with other widgets.

/// How the last poll went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server answered.
    Answered,
    /// It could not be reached, or failed.
    Failed,
}

/// The pauses between polls. Exponential back-off with equal jitter: half of each pause is fixed, half is random.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    failures: u32,
}

impl Schedule {
    /// The pause after an answer, in milliseconds: a long-poll waits at the server, so this only keeps a server that
    /// answers at once from being asked in a tight loop.
    pub const BREATH: u32 = 250;
    /// The first pause after a failure, in milliseconds.
    pub const FIRST: u32 = 600;
    /// The longest pause, in milliseconds.
    pub const LONGEST: u32 = 8_000;

    /// The pause before the next poll, in milliseconds. `random` is in `0.0..1.0`.
    #[must_use]
    pub fn pause(&mut self, outcome: Outcome, random: f64) -> u32 {
        match outcome {
            Outcome::Answered => {
                self.failures = 0;
                Self::BREATH
            }
            Outcome::Failed => {
                let longest = Self::FIRST.saturating_mul(1 << self.failures.min(10));
                self.failures += 1;
                let half = longest.min(Self::LONGEST) / 2;
                half + scale(half, random)
            }
        }
    }

    /// How many polls in a row have failed.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a fraction of a u32, clamped to be one"
)]
fn scale(whole: u32, fraction: f64) -> u32 {
    (f64::from(whole) * fraction.clamp(0.0, 1.0)) as u32
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Schedule};

    #[test]
    fn pauses_grow_to_a_limit_while_the_server_is_away() {
        let mut schedule = Schedule::default();
        let pauses: Vec<u32> = (0..6)
            .map(|_| schedule.pause(Outcome::Failed, 1.0))
            .collect();
        assert_eq!(pauses, [600, 1_200, 2_400, 4_800, 8_000, 8_000]);
        assert_eq!(schedule.failures(), 6);
    }

    #[test]
    fn jitter_never_goes_below_half_the_pause() {
        for random in [0.0, 0.5, 0.999] {
            let pause = Schedule::default().pause(Outcome::Failed, random);
            assert!((300..=600).contains(&pause), "{pause}");
        }
    }

    #[test]
    fn an_answer_starts_over() {
        let mut schedule = Schedule::default();
        let _ = schedule.pause(Outcome::Failed, 0.0);
        let _ = schedule.pause(Outcome::Failed, 0.0);
        assert_eq!(schedule.pause(Outcome::Answered, 0.0), Schedule::BREATH);
        assert_eq!(schedule.pause(Outcome::Failed, 0.0), 300);
    }

    #[test]
    fn survives_very_long_outages() {
        let mut schedule = Schedule::default();
        for _ in 0..100 {
            assert!(schedule.pause(Outcome::Failed, 1.0) <= Schedule::LONGEST);
        }
    }
}
