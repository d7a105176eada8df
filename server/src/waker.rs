//! Wakes long-polls and waiting callbacks when an authorization changes, here or on another server. A wake-up is only a hint to read the
//! database again, which alone knows the truth; a lost one costs time, nothing else.

use crate::domain::id::AuthorizationId;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// How often to read again what another server may change, while its changes are heard of.
const HEARING: Duration = Duration::from_secs(15);
/// And while they are not.
const DEAF: Duration = Duration::from_secs(2);

/// Who waits for what.
#[derive(Clone, Debug)]
pub struct Waker<K: Eq + Hash + Clone = AuthorizationId>(Arc<Waiting<K>>);

#[derive(Debug)]
struct Waiting<K> {
    places: Mutex<HashMap<K, (usize, Arc<Notify>)>>,
    /// May others change what is waited for, without waking anybody here?
    is_shared: bool,
    hears: AtomicBool,
}

impl<K> Waiting<K> {
    fn places(&self) -> MutexGuard<'_, HashMap<K, (usize, Arc<Notify>)>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among those who wait. Register before reading the state that is waited upon.
#[derive(Debug)]
pub struct Subscription<K: Eq + Hash + Clone> {
    waker: Waker<K>,
    id: K,
    notify: Arc<Notify>,
}

impl<K: Eq + Hash + Clone> Waker<K> {
    /// Nobody waits yet. Of what is shared, others may change something without waking anybody here.
    #[must_use]
    pub fn new(is_shared: bool) -> Self {
        Self(Arc::new(Waiting {
            places: Mutex::default(),
            is_shared,
            hears: AtomicBool::new(false),
        }))
    }

    /// From now on this waker is told what others change, or not. Wakes everybody: something may have been missed.
    pub fn hears(&self, hears: bool) {
        self.0.hears.store(hears, Ordering::SeqCst);
        for (_, notify) in self.0.places().values() {
            notify.notify_waiters();
        }
    }

    /// Is this waker told what others change?
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.0.hears.load(Ordering::SeqCst)
    }

    /// How long to rely on being woken, before reading again.
    #[must_use]
    pub fn patience(&self) -> Duration {
        match (self.0.is_shared, self.is_told()) {
            (false, _) => Duration::MAX,
            (true, true) => HEARING,
            (true, false) => DEAF,
        }
    }

    /// Waits for changes of `id` from now on.
    #[must_use]
    pub fn subscribe(&self, id: &K) -> Subscription<K> {
        let mut waiting = self.0.places();
        let (count, notify) = waiting.entry(id.clone()).or_default();
        *count += 1;
        Subscription {
            waker: self.clone(),
            id: id.clone(),
            notify: notify.clone(),
        }
    }

    /// Wakes everybody who waits for `id`.
    pub fn wake(&self, id: &K) {
        let waiting = self.0.places();
        if let Some((_, notify)) = waiting.get(id) {
            notify.notify_waiters();
        }
    }

    /// How many wait, for anything.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let waiting = self.0.places();
        waiting.values().map(|(count, _)| count).sum()
    }
}

impl<K: Eq + Hash + Clone> Subscription<K> {
    /// The next wake-up. Counts from the moment its future is made and enabled, see [`tokio::sync::futures::Notified`].
    pub fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.notify.notified()
    }
}

impl<K: Eq + Hash + Clone> Drop for Subscription<K> {
    fn drop(&mut self) {
        let mut waiting = self.waker.0.places();
        if let Some((count, _)) = waiting.get_mut(&self.id) {
            *count -= 1;
            if *count == 0 {
                waiting.remove(&self.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Waker;

    #[tokio::test]
    async fn wakes_all_who_wait_and_forgets_them() {
        let waker: Waker = Waker::new(false);
        let (one, two) = (
            waker.subscribe(&"ath_1".into()),
            waker.subscribe(&"ath_1".into()),
        );
        let other = waker.subscribe(&"ath_2".into());
        let (first, second) = (one.changed(), two.changed());
        waker.wake(&"ath_1".into());
        first.await;
        second.await;
        assert_eq!(waker.waiting(), 3);
        drop((one, two, other));
        assert_eq!(waker.waiting(), 0);
    }

    #[tokio::test]
    async fn wakes_everybody_when_it_begins_or_ceases_to_hear() {
        let waker: Waker = Waker::new(true);
        let waiting = waker.subscribe(&"ath_1".into());
        let deaf = waker.patience();
        let woken = waiting.changed();
        waker.hears(true);
        woken.await;
        assert!(waker.patience() > deaf);
        let woken = waiting.changed();
        waker.hears(false);
        woken.await;
        assert_eq!(waker.patience(), deaf);
    }
}
