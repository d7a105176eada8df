//! Limits and locks by key, for as long as somebody holds them.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// Counts holders by key.
#[derive(Debug)]
pub struct Counters<K: Eq + Hash + Clone>(Arc<Mutex<HashMap<K, usize>>>);

/// One holder. Counted until it is dropped.
#[derive(Debug)]
pub struct Held<K: Eq + Hash + Clone> {
    counters: Arc<Mutex<HashMap<K, usize>>>,
    key: K,
}

impl<K: Eq + Hash + Clone> Default for Counters<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Eq + Hash + Clone> Counters<K> {
    /// One more holder of `key`, unless there are `limit` already.
    #[must_use]
    pub fn hold(&self, key: &K, limit: usize) -> Option<Held<K>> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(key.clone()).or_default();
        if *count >= limit {
            return None;
        }
        *count += 1;
        Some(Held {
            counters: self.0.clone(),
            key: key.clone(),
        })
    }
}

impl<K: Eq + Hash + Clone> Drop for Held<K> {
    fn drop(&mut self) {
        let mut counts = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.key);
            }
        }
    }
}

/// Locks by key.
#[derive(Debug)]
pub struct Locks<K: Eq + Hash + Clone>(Mutex<HashMap<K, Arc<tokio::sync::Mutex<()>>>>);

impl<K: Eq + Hash + Clone> Default for Locks<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash + Clone> Locks<K> {
    /// Waits until nobody else holds `key`.
    pub async fn lock(&self, key: &K) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // A lock that only the map knows is held by nobody.
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            locks.entry(key.clone()).or_default().clone()
        };
        lock.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::{Counters, Locks};

    #[test]
    fn counts_holders_by_key_until_they_let_go() {
        let counters = Counters::default();
        let (one, two) = (counters.hold(&"a", 2), counters.hold(&"a", 2));
        assert!(one.is_some() && two.is_some());
        assert!(counters.hold(&"a", 2).is_none());
        assert!(counters.hold(&"b", 2).is_some());
        drop(one);
        assert!(counters.hold(&"a", 2).is_some());
    }

    #[tokio::test]
    async fn locks_one_key_and_not_the_others() {
        let locks = Locks::default();
        let held = locks.lock(&"a").await;
        drop(locks.lock(&"b").await);
        let mut waiting = Box::pin(locks.lock(&"a"));
        assert!(futures_util::poll!(&mut waiting).is_pending());
        drop(held);
        drop(waiting.await);
    }
}
