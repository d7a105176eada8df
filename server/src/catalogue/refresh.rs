//! How a service wants its tokens renewed, and when: the part of a service file that the refresh engine goes by.

use serde::Deserialize;
use std::time::Duration;
use time::{Duration as Span, OffsetDateTime};

/// An access token is renewed for a reader when it has less than this left.
const MARGIN: Span = Span::seconds(60);
/// Tokens younger than this are never renewed only because a reader wants them to last longer.
const YOUNG: Span = Span::seconds(60);
/// After how long without use a refresh token may end when neither the file nor the service says.
const ASSUMED_IDLE: Span = Span::days(14);
/// No refresh token stays unused for longer, so that a grant that was taken back is found out.
const LONGEST_UNUSED: Span = Span::days(30);

/// What happens to the refresh token when it is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshSemantics {
    /// There is no refresh token.
    None,
    /// It stays; the one in hand is kept when the answer has none.
    Reuse,
    /// Each use gives a new one and kills the old one. Whoever dies between the answer and its commit has lost it.
    RotateStrict,
    /// Each use gives a new one; the old one stays usable for a while.
    RotateGrace,
    /// The old one dies when the new access token is first used.
    RotateOnUse,
    /// It may change at any use: always keep the one returned.
    #[default]
    RotatePeriodic,
}

/// How access tokens are renewed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RefreshRule {
    /// What happens to the refresh token.
    pub semantics: RefreshSemantics,
    /// How long an access token lasts when the answer doesn't say.
    pub access: Option<Duration>,
    /// After how long without use the refresh token dies.
    pub idle: Option<Duration>,
    /// How long after consent the grant ends, however it is used.
    pub absolute: Option<Duration>,
    /// How often the service recommends to refresh, whatever is left of the access token.
    pub every: Option<Duration>,
    /// How long an old refresh token stays usable after it was replaced.
    pub grace: Option<Duration>,
    /// Refreshing is possible only in this last part of the access token's life, and after it.
    pub only_in_last: Option<Duration>,
}

/// When tokens came, by our clock, and when they end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenTimes {
    /// When the access token came.
    pub received_at: OffsetDateTime,
    /// When it ends; `None` when it doesn't, or there is nothing to renew it with.
    pub expires_at: Option<OffsetDateTime>,
    /// When the refresh token ends, if the service said so.
    pub refresh_expires_at: Option<OffsetDateTime>,
}

/// From when to when a refresh token is to be used, so that it doesn't end unused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Not before.
    pub from: OffsetDateTime,
    /// Not after, if the service lets us.
    pub to: OffsetDateTime,
}

impl Window {
    /// The moment at `fraction` of it, from 0 to 1.
    #[must_use]
    pub fn at(self, fraction: f64) -> OffsetDateTime {
        self.from + (self.to - self.from) * fraction
    }
}

impl RefreshRule {
    /// May tokens be renewed at `now`, as far as the service's rule goes?
    #[must_use]
    pub fn allows(&self, tokens: &TokenTimes, now: OffsetDateTime) -> bool {
        match tokens.expires_at {
            Some(expires_at) if self.semantics != RefreshSemantics::None => {
                now >= self.opens_at(expires_at).unwrap_or(now)
            }
            _ => false,
        }
    }

    /// Is the access token to be renewed for a reader who wants it to last for `at_least` from `now` on?
    #[must_use]
    pub fn is_due(&self, tokens: &TokenTimes, now: OffsetDateTime, at_least: Span) -> bool {
        let Some(expires_at) = tokens.expires_at else {
            return false;
        };
        let margin = MARGIN.min((expires_at - tokens.received_at) / 2);
        let left = expires_at - now;
        let asked_for = left < at_least && now >= tokens.received_at + YOUNG;
        self.allows(tokens, now) && (left <= margin || asked_for)
    }

    /// When to use the refresh token next though nobody asks for an access token. `None` when that keeps nothing alive.
    #[must_use]
    pub fn keep_alive(&self, tokens: &TokenTimes) -> Option<Window> {
        let expires_at = tokens.expires_at?;
        if self.semantics == RefreshSemantics::None {
            return None;
        }
        let said = tokens.refresh_expires_at.map(|at| at - tokens.received_at);
        let idle = said
            .filter(|_| self.semantics != RefreshSemantics::Reuse)
            .or_else(|| span(self.idle))
            .unwrap_or(ASSUMED_IDLE);
        let within = [Some(idle / 2), span(self.every), Some(LONGEST_UNUSED)];
        let within: Span = within.into_iter().flatten().min()?;
        let opens_at = self.opens_at(expires_at).unwrap_or(tokens.received_at);
        // A quarter of it to spread over: connections made at once are not renewed at once.
        Some(Window {
            from: (tokens.received_at + within * 0.75_f64).max(opens_at),
            to: (tokens.received_at + within).max(opens_at),
        })
    }

    /// When a grant ends that came with `tokens`, whatever is done to keep it alive.
    #[must_use]
    pub fn ends_at(&self, tokens: &TokenTimes) -> Option<OffsetDateTime> {
        let absolute = span(self.absolute).and_then(|lasts| tokens.received_at.checked_add(lasts));
        // A refresh token that stays the same is not prolonged by using it.
        let said = tokens
            .refresh_expires_at
            .filter(|_| self.semantics == RefreshSemantics::Reuse);
        absolute.into_iter().chain(said).min()
    }

    /// The longest to wait after a failure: where the old refresh token works a while longer, several tries fit in.
    #[must_use]
    pub fn longest_wait(&self, usual: Duration) -> Duration {
        self.grace.map_or(usual, |grace| usual.min(grace / 4))
    }

    fn opens_at(&self, expires_at: OffsetDateTime) -> Option<OffsetDateTime> {
        expires_at.checked_sub(span(self.only_in_last)?)
    }
}

fn span(duration: Option<Duration>) -> Option<Span> {
    duration.and_then(|duration| duration.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use RefreshSemantics::{None as Never, Reuse, RotateGrace, RotatePeriodic, RotateStrict};

    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
    const DAY: u64 = 24 * 60 * 60;

    fn rule(semantics: RefreshSemantics) -> RefreshRule {
        RefreshRule {
            semantics,
            ..RefreshRule::default()
        }
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn tokens(lasts: i64) -> TokenTimes {
        TokenTimes {
            received_at: START,
            expires_at: Some(START + Span::seconds(lasts)),
            refresh_expires_at: None,
        }
    }

    #[test]
    fn renews_for_a_reader_when_little_is_left_or_more_is_wanted() {
        let exact = RefreshRule {
            only_in_last: Some(seconds(30)),
            ..rule(RotateStrict)
        };
        // rule, life of the access token, its age, wanted, due?
        let table = [
            (rule(RotateGrace), 1800, 1739, 0, false),
            (rule(RotateGrace), 1800, 1740, 0, true),
            (rule(RotateGrace), 1800, 9999, 0, true),
            (rule(Reuse), 3600, 600, 3600, true),
            (rule(Reuse), 3600, 600, 3000, false),
            (rule(Reuse), 3600, 59, 3600, false),
            (rule(RotatePeriodic), 20, 9, 0, false),
            (rule(RotatePeriodic), 20, 10, 0, true),
            (exact, 600, 569, 600, false),
            (exact, 600, 570, 0, true),
            (exact, 600, 700, 0, true),
            (rule(Never), 3600, 9999, 3600, false),
        ];
        for (rule, lasts, age, wanted, due) in table {
            let now = START + Span::seconds(age);
            let said = rule.is_due(&tokens(lasts), now, Span::seconds(wanted));
            assert_eq!(said, due, "{rule:?} after {age} of {lasts} s for {wanted}");
        }
        let endless = TokenTimes {
            expires_at: None,
            ..tokens(0)
        };
        let later = START + Span::days(4000);
        assert!(!rule(Reuse).is_due(&endless, later, Span::days(1)));
        assert_eq!(rule(Reuse).keep_alive(&endless), None);
    }

    #[test]
    fn uses_each_refresh_token_long_before_it_ends() {
        let idle = |semantics, days| RefreshRule {
            idle: Some(seconds(days * DAY)),
            ..rule(semantics)
        };
        let square = RefreshRule {
            every: Some(seconds(7 * DAY)),
            ..rule(Reuse)
        };
        // rule, refresh token said to last (days), used from, used until (days)
        let table = [
            (idle(RotateGrace, 60), None, 22.5, 30.0),
            (idle(RotatePeriodic, 100), None, 22.5, 30.0),
            (idle(RotateStrict, 30), None, 11.25, 15.0),
            (idle(RotatePeriodic, 7), None, 2.625, 3.5),
            (idle(RotateStrict, 31), Some(8), 3.0, 4.0),
            (rule(RotatePeriodic), None, 5.25, 7.0),
            (idle(Reuse, 20), Some(2), 7.5, 10.0),
            (square, None, 5.25, 7.0),
        ];
        for (rule, said, from, to) in table {
            let tokens = TokenTimes {
                refresh_expires_at: said.map(|days| START + Span::days(days)),
                ..tokens(3600)
            };
            let days = |days: f64| START + Span::DAY * days;
            let window = rule.keep_alive(&tokens).unwrap();
            assert_eq!((window.from, window.to), (days(from), days(to)), "{rule:?}");
            assert_eq!(window.at(0.0), window.from);
            assert!(window.at(0.5) > window.from && window.at(0.5) < window.to);
        }
        assert_eq!(rule(Never).keep_alive(&tokens(3600)), None);
        // Where refreshing early is refused, the access token has to be nearly over first.
        let late = RefreshRule {
            idle: Some(seconds(DAY)),
            only_in_last: Some(seconds(30)),
            ..rule(RotateStrict)
        };
        let window = late.keep_alive(&tokens(80_000)).unwrap();
        assert_eq!(window.from, START + Span::seconds(79_970));
    }

    #[test]
    fn knows_when_a_grant_ends_however_it_is_used() {
        let weekly = RefreshRule {
            absolute: Some(seconds(7 * DAY)),
            ..rule(Reuse)
        };
        assert_eq!(weekly.ends_at(&tokens(60)), Some(START + Span::WEEK));
        let said = TokenTimes {
            refresh_expires_at: Some(START + Span::DAY),
            ..tokens(60)
        };
        assert_eq!(weekly.ends_at(&said), Some(START + Span::DAY));
        assert_eq!(rule(RotateStrict).ends_at(&said), None);
        assert_eq!(rule(Reuse).ends_at(&tokens(60)), None);
    }
}
