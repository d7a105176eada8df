//! How much one visitor may ask for: settings, and the count of what was asked for lately.
//!
//! Each server counts by itself here, in memory; `lifecycle::rates` has several replicas count together.

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use time::{Duration, OffsetDateTime};

/// The span that a rate is counted over.
const SPAN: Duration = Duration::MINUTE;
/// The most keys that are remembered at a time. Beyond it the one that may ask again soonest is forgotten.
const MAX_KEYS: usize = 10_000;

/// The section `limits` of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Connections (TCP) that are open at a time; more wait to be accepted. Default 800; keep it below the limit of
    /// open files.
    #[serde(deserialize_with = "count")]
    pub connections: usize,
    /// New sessions a minute for each widget and client address. Default 300.
    #[serde(deserialize_with = "count")]
    pub sessions_per_minute: usize,
    /// Requests of the Management API with a wrong key, a minute for each client address. Default 30.
    #[serde(deserialize_with = "count")]
    pub wrong_keys_per_minute: usize,
    /// Credentials read a minute with one API key. Default 1200.
    #[serde(deserialize_with = "count")]
    pub credentials_per_minute: usize,
    /// Authorizations of one session that are open at a time. Default 20.
    #[serde(deserialize_with = "count")]
    pub open_authorizations: usize,
    /// Requests of the Management API a minute for each API key. Default 600.
    #[serde(deserialize_with = "count")]
    pub requests_per_minute: usize,
    /// Webhook endpoints of a workspace in each environment. Default 20.
    #[serde(deserialize_with = "count")]
    pub webhooks: usize,
    /// Test messages a minute to each webhook endpoint. Default 10.
    #[serde(deserialize_with = "count")]
    pub webhook_tests_per_minute: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 800,
            sessions_per_minute: 300,
            wrong_keys_per_minute: 30,
            credentials_per_minute: 1200,
            open_authorizations: 20,
            requests_per_minute: 600,
            webhooks: 20,
            webhook_tests_per_minute: 10,
        }
    }
}

/// A number above 0; environment variables write it as text.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(i64),
        Text(String),
    }
    let expected = &"a whole number above 0";
    let number = match Written::deserialize(deserializer)
        .map_err(|_| D::Error::custom("expected a whole number above 0"))?
    {
        Written::Number(number) => usize::try_from(number)
            .map_err(|_| D::Error::invalid_value(Unexpected::Signed(number), expected))?,
        Written::Text(text) => text
            .trim()
            .parse()
            .map_err(|_| D::Error::invalid_value(Unexpected::Str(&text), expected))?,
    };
    // More than a semaphore counts is no limit at all.
    if (1..=1_000_000_000).contains(&number) {
        Ok(number)
    } else {
        Err(D::Error::custom(
            "expected a whole number from 1 to a billion",
        ))
    }
}

/// Where a request comes from, as far as limits go. A customer's IPv6 network is one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// The address behind a connection.
    #[must_use]
    pub fn of(peer: IpAddr) -> Self {
        Self(match peer.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
            address @ IpAddr::V4(_) => address,
        })
    }
}

impl std::fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Counts what each key asked for in the last minute. Remembers, for each, when its account is even again.
#[derive(Debug)]
pub struct Rates<K: Eq + Hash + Clone>(Mutex<HashMap<K, OffsetDateTime>>);

impl<K: Eq + Hash + Clone> Default for Rates<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash + Clone> Rates<K> {
    /// Counts one more of `key`, at most `limit` a minute.
    ///
    /// # Errors
    ///
    /// How many seconds to wait, when there were too many; then it is not counted.
    pub fn count(&self, key: K, limit: usize, now: OffsetDateTime) -> Result<(), u64> {
        let step = SPAN / f64::from(u32::try_from(limit.max(1)).unwrap_or(u32::MAX));
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back must not keep anybody out for longer than the span.
        let even = accounts.get(&key).copied().unwrap_or(now);
        let even = even.clamp(now, now + SPAN);
        let wait = even + step - (now + SPAN);
        if wait.is_positive() {
            return Err(u64::try_from(wait.whole_seconds()).unwrap_or_default() + 1);
        }
        if accounts.len() >= MAX_KEYS && !accounts.contains_key(&key) {
            make_room(&mut accounts, now);
        }
        accounts.insert(key, even + step);
        Ok(())
    }
}

fn make_room<K: Eq + Hash + Clone>(accounts: &mut HashMap<K, OffsetDateTime>, now: OffsetDateTime) {
    accounts.retain(|_, even| *even > now);
    if accounts.len() >= MAX_KEYS {
        let soonest = accounts.iter().min_by_key(|(_, even)| **even);
        if let Some(key) = soonest.map(|(key, _)| key.clone()) {
            accounts.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientAddress, Limits, MAX_KEYS, Rates};
    use time::{Duration, OffsetDateTime};

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    #[test]
    fn counts_each_key_by_itself_and_says_when_to_come_back() {
        let rates = Rates::default();
        for _ in 0..6 {
            assert_eq!(rates.count("a", 6, NOW), Ok(()));
        }
        assert_eq!(rates.count("a", 6, NOW), Err(11));
        assert_eq!(rates.count("b", 6, NOW), Ok(()));
        let later = NOW + Duration::seconds(11);
        assert_eq!(rates.count("a", 6, later), Ok(()));
        assert!(rates.count("a", 6, later).is_err());
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_nobody_out() {
        let rates = Rates::default();
        assert_eq!(rates.count("a", 1, NOW + Duration::days(1)), Ok(()));
        let wait = rates.count("a", 1, NOW).unwrap_err();
        assert!(wait <= 61, "{wait}");
    }

    #[test]
    fn remembers_a_bounded_number_of_keys() {
        let rates = Rates::default();
        for key in 0..MAX_KEYS + 10 {
            assert_eq!(rates.count(key, 1, NOW), Ok(()));
        }
        assert_eq!(rates.0.lock().unwrap().len(), MAX_KEYS);
        assert_eq!(
            rates.count(MAX_KEYS + 10, 1, NOW + Duration::minutes(2)),
            Ok(())
        );
        assert_eq!(rates.0.lock().unwrap().len(), 1);
    }

    #[test]
    fn takes_an_ipv6_network_for_one_address() {
        let of = |text: &str| ClientAddress::of(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.2"), of("192.0.2.1"));
    }

    #[test]
    fn reads_numbers_of_files_and_of_variables() {
        let read = |text: &str| toml::from_str::<Limits>(text);
        assert_eq!(read("connections = 5").unwrap().connections, 5);
        assert_eq!(read("connections = \"7\"").unwrap().connections, 7);
        for wrong in ["0", "-1", "\"many\"", "1.5"] {
            let error = read(&format!("connections = {wrong}")).unwrap_err();
            assert!(error.to_string().contains("whole number"), "{error}");
        }
    }
}
